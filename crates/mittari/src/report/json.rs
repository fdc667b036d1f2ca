//! Results as JSON, in the form that `grammar/results.schema.json` describes.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::{
    ReportError, chart_word, direction_word, signal_word, state_word, verdict_word,
};
use crate::fault::{Fault, FaultKind, FaultReport, Place};
use crate::gathered::Violations;
use crate::table::{
    AccountReport, Behaviour, NotRun, Results, Row, SegmentValue, TableReport,
};
use crate::zone::utc_text;

/// The number of the form; it grows when a reader of the old one would fail.
pub const VERSION: u32 = 1;

/// Writes the results with one row a line, which diffs well.
pub fn write(results: &Results, mut out: impl Write) -> Result<(), ReportError> {
    let as_of = Value::from(results.as_of.map(utc_text));
    let tables: Vec<Value> = results.tables.iter().map(table).collect();
    write!(out, "{{\n\"version\": {VERSION},\n\"as_of\": {as_of},\n")?;
    let not_run: Vec<Value> = results.not_run.iter().map(not_run).collect();
    writeln!(out, "\"tables\": {},", Value::from(tables))?;
    write!(out, "\"not_run\": {},\n\"results\": [", Value::from(not_run))?;
    for (place, row) in results.rows.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        write!(out, "{comma}\n{}", one(row))?;
    }
    out.write_all(b"\n]\n}\n")?;
    Ok(())
}

fn table(table: &TableReport) -> Value {
    let violations: Vec<Value> = table.violations.iter().map(violation).collect();
    json!({
        "name": table.name,
        "rows": table.rows,
        "bad_rows": table.bad_rows,
        "superseded_rows": table.superseded_rows,
        "reversed": table.reversed,
        "violations": violations,
        "faults": faults(&table.faults),
    })
}

fn not_run(not_run: &NotRun) -> Value {
    json!({
        "metric": not_run.metric,
        "lacks": not_run.lacks,
        "because": not_run.because,
    })
}

/// What is wrong with rows: how often, and the first of them with their place.
fn faults(faults: &FaultReport) -> Value {
    let count = |(kind, count): &(FaultKind, u64)| json!({ "kind": kind.words(), "count": count });
    let counts: Vec<Value> = faults.by_kind.iter().map(count).collect();
    let listed: Vec<Value> = faults.listed.iter().map(fault).collect();
    json!({ "total": faults.total, "counts": counts, "listed": listed })
}

fn fault(fault: &Fault) -> Value {
    let (Place::Line(number) | Place::Row(number)) = fault.place;
    let counted = if matches!(fault.place, Place::Line(_)) { "line" } else { "row" };
    json!({
        "kind": fault.kind.words(),
        "file": fault.file,
        "place": { "counted": counted, "number": number },
        "column": fault.column,
        "text": fault.text,
        "expected": fault.expected,
    })
}

fn violation(violations: &Violations) -> Value {
    json!({
        "rule": violations.rule,
        "rows": violations.rows,
        "unknown": violations.unknown,
        "keys": violations.keys,
    })
}

/// One row.
fn one(row: &Row) -> Value {
    let segment: Map<String, Value> =
        row.segment.iter().map(|(name, is)| (name.clone(), value(is))).collect();
    let accounts: Vec<Value> = row.accounts.iter().map(account).collect();
    json!({
        "metric": row.metric,
        "formula": row.formula,
        "part": row.part.as_ref().map(|part| json!({ "value": value(part) })),
        "period": {
            "kind": row.period.period.word(),
            "label": row.period.label,
            "start": utc_text(row.period.start),
            "end": utc_text(row.period.end),
        },
        "segment": segment,
        "state": state_word(row.state),
        "value": row.value,
        "unit": row.unit.word(),
        "decimals": row.decimals,
        "direction": direction_word(row.direction),
        "display": row.display,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "n": row.n,
        "missing": row.missing,
        "undecided": row.undecided,
        "interval": row.interval.map(|(low, high)| json!({ "low": low, "high": high })),
        "target": row.target,
        "contractual": row.contractual.map(verdict_word),
        "analytic": row.analytic.map(verdict_word),
        "previous": row.previous,
        "change": row.change,
        "year_before": row.year_before,
        "change_year": row.change_year,
        "behaviour": row.behaviour.as_ref().map(behaviour),
        "accounts": accounts,
        "bad_rows": row.bad_rows,
        "fingerprint": row.fingerprint,
    })
}

fn behaviour(behaviour: &Behaviour) -> Value {
    json!({
        "chart": chart_word(behaviour.chart),
        "points": behaviour.points,
        "centre": behaviour.limits.centre,
        "lower": behaviour.limits.lower,
        "upper": behaviour.limits.upper,
        "signal": behaviour.signal.map(signal_word),
    })
}

fn value(value: &SegmentValue) -> Value {
    match value {
        SegmentValue::Name(name) => name.as_str().into(),
        SegmentValue::Number(number) => (*number).into(),
        SegmentValue::Truth(truth) => (*truth).into(),
        SegmentValue::Missing => Value::Null,
    }
}

fn account(account: &AccountReport) -> Value {
    let excluded: Vec<Value> = account
        .excluded
        .iter()
        .map(|excluded| {
            json!({
                "name": excluded.name,
                "rows": excluded.rows,
                "unknown": excluded.unknown,
                "ties": excluded.ties,
            })
        })
        .collect();
    json!({
        "population": account.population,
        "rows": account.rows,
        "outside": account.outside,
        "undecided": account.undecided,
        "excluded": excluded,
        "counted": account.counted,
        "undated": account.undated,
    })
}
