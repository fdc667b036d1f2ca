//! Results as JSON, in the form that `grammar/results.schema.json` describes.

use std::io::Write;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

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
        writeln!(out, "{comma}")?;
        serde_json::to_writer(&mut out, &Written::of(row))
            .map_err(std::io::Error::from)?;
    }
    out.write_all(b"\n]\n}\n")?;
    Ok(())
}

fn table(table: &TableReport) -> Value {
    let violations: Vec<Value> = table.violations.iter().map(violation).collect();
    json!({
        "name": table.name,
        "rows": table.rows,
        "unread_rows": table.unread_rows,
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

/// One row, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    metric: &'a str,
    formula: Option<&'a str>,
    part: Option<Part<'a>>,
    period: Period<'a>,
    segment: Segment<'a>,
    state: &'static str,
    value: Option<f64>,
    unit: &'a str,
    decimals: u8,
    direction: &'static str,
    display: &'a str,
    numerator: Option<f64>,
    denominator: Option<f64>,
    n: Option<u64>,
    missing: u64,
    undecided: u64,
    interval: Option<Interval>,
    target: Option<&'a str>,
    contractual: Option<&'static str>,
    analytic: Option<&'static str>,
    previous: Option<f64>,
    change: Option<f64>,
    year_before: Option<f64>,
    change_year: Option<f64>,
    behaviour: Option<Limits>,
    accounts: Vec<Account<'a>>,
    bad_rows: u64,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Part<'a> {
    value: Named<'a>,
}

#[derive(Serialize)]
struct Period<'a> {
    kind: &'static str,
    label: &'a str,
    start: String,
    end: String,
}

#[derive(Serialize)]
struct Interval {
    low: f64,
    high: f64,
}

#[derive(Serialize)]
struct Limits {
    chart: &'static str,
    points: u64,
    centre: f64,
    lower: f64,
    upper: f64,
    signal: Option<&'static str>,
}

#[derive(Serialize)]
struct Account<'a> {
    population: &'a str,
    rows: i64,
    outside: i64,
    undecided: i64,
    excluded: Vec<Excluded<'a>>,
    counted: i64,
    undated: u64,
}

#[derive(Serialize)]
struct Excluded<'a> {
    name: &'a str,
    rows: i64,
    unknown: i64,
    ties: i64,
}

/// The value of a dimension: a text, a number, a truth, or null.
struct Named<'a>(&'a SegmentValue);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            SegmentValue::Name(name) => to.serialize_str(name),
            SegmentValue::Number(number) => to.serialize_f64(*number),
            SegmentValue::Truth(truth) => to.serialize_bool(*truth),
            SegmentValue::Missing => to.serialize_unit(),
        }
    }
}

/// Dimensions by name, with their values.
struct Segment<'a>(&'a [(String, SegmentValue)]);

impl Serialize for Segment<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, Named(value))))
    }
}

impl<'a> Written<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            metric: &row.metric,
            formula: row.formula.as_deref(),
            part: row.part.as_ref().map(|part| Part { value: Named(part) }),
            period: Period {
                kind: row.period.period.word(),
                label: &row.period.label,
                start: utc_text(row.period.start),
                end: utc_text(row.period.end),
            },
            segment: Segment(&row.segment),
            state: state_word(row.state),
            value: row.value,
            unit: row.unit.word(),
            decimals: row.decimals,
            direction: direction_word(row.direction),
            display: &row.display,
            numerator: row.numerator,
            denominator: row.denominator,
            n: row.n,
            missing: row.missing,
            undecided: row.undecided,
            interval: row.interval.map(|(low, high)| Interval { low, high }),
            target: row.target.as_deref(),
            contractual: row.contractual.map(verdict_word),
            analytic: row.analytic.map(verdict_word),
            previous: row.previous,
            change: row.change,
            year_before: row.year_before,
            change_year: row.change_year,
            behaviour: row.behaviour.as_ref().map(limits),
            accounts: row.accounts.iter().map(account).collect(),
            bad_rows: row.bad_rows,
            fingerprint: &row.fingerprint,
        }
    }
}

fn limits(behaviour: &Behaviour) -> Limits {
    Limits {
        chart: chart_word(behaviour.chart),
        points: behaviour.points,
        centre: behaviour.limits.centre,
        lower: behaviour.limits.lower,
        upper: behaviour.limits.upper,
        signal: behaviour.signal.map(signal_word),
    }
}

fn account(account: &AccountReport) -> Account<'_> {
    let excluded = account.excluded.iter().map(|excluded| Excluded {
        name: &excluded.name,
        rows: excluded.rows,
        unknown: excluded.unknown,
        ties: excluded.ties,
    });
    Account {
        population: &account.population,
        rows: account.rows,
        outside: account.outside,
        undecided: account.undecided,
        excluded: excluded.collect(),
        counted: account.counted,
        undated: account.undated,
    }
}
