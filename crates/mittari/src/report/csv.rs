//! Results as CSV: a line for each row.
//!
//! The account is that of the first population; its exclusions stand in one column as
//! `name=rows;...`, segments as `name=value;...`. Inside names and values the signs `;`,
//! `=` and `\` have a `\` before them; no value is `(missing)`.

use std::io::Write;

use super::number::plain;
use super::{ReportError, direction_word, state_word, verdict_word};
use crate::table::{AccountReport, Results, Row, SegmentValue};
use crate::zone::utc_text;

/// The columns, in their order.
pub const COLUMNS: &[&str] = &[
    "metric",
    "formula",
    "part",
    "period_kind",
    "period",
    "period_start",
    "period_end",
    "segment",
    "state",
    "value",
    "unit",
    "decimals",
    "direction",
    "display",
    "numerator",
    "denominator",
    "n",
    "missing",
    "unknown",
    "interval_low",
    "interval_high",
    "target",
    "contractual",
    "analytic",
    "previous",
    "change",
    "population",
    "rows",
    "outside",
    "undecided",
    "excluded",
    "counted",
    "undated",
    "exclusions",
    "bad_rows",
    "as_of",
    "fingerprint",
];

/// Writes the results, one line a row below the names of the columns.
pub fn write(results: &Results, out: impl Write) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(out);
    let as_of = results.as_of.map(utc_text).unwrap_or_default();
    writer.write_record(COLUMNS).map_err(fault)?;
    for row in &results.rows {
        let fields =
            [&name(row)[..], &measured(row), &judged(row), &account(row)].concat();
        let end = [row.bad_rows.to_string(), as_of.clone(), row.fingerprint.clone()];
        writer.write_record(fields.iter().chain(&end)).map_err(fault)?;
    }
    writer.flush()?;
    Ok(())
}

fn fault(error: csv::Error) -> ReportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => ReportError::Form(format!("{other:?}").into()),
    }
}

fn name(row: &Row) -> [String; 8] {
    let segment: Vec<String> = row
        .segment
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), segment_text(value)))
        .collect();
    [
        row.metric.clone(),
        row.formula.clone().unwrap_or_default(),
        row.part.as_ref().map(segment_text).unwrap_or_default(),
        row.period.period.word().to_owned(),
        row.period.label.clone(),
        utc_text(row.period.start),
        utc_text(row.period.end),
        segment.join(";"),
    ]
}

fn measured(row: &Row) -> [String; 13] {
    let (low, high) = row.interval.unzip();
    [
        state_word(row.state).to_owned(),
        number(row.value),
        row.unit.word().to_owned(),
        row.decimals.to_string(),
        direction_word(row.direction).to_owned(),
        row.display.clone(),
        number(row.numerator),
        number(row.denominator),
        row.n.map(|n| n.to_string()).unwrap_or_default(),
        row.missing.to_string(),
        row.undecided.to_string(),
        number(low),
        number(high),
    ]
}

fn judged(row: &Row) -> [String; 5] {
    let word =
        |verdict: Option<_>| verdict.map(verdict_word).unwrap_or_default().to_owned();
    [
        row.target.clone().unwrap_or_default(),
        word(row.contractual),
        word(row.analytic),
        number(row.previous),
        number(row.change),
    ]
}

fn account(row: &Row) -> [String; 8] {
    let Some(account) = row.accounts.first() else {
        return std::array::from_fn(|_| String::new());
    };
    let excluded: i64 = account.excluded.iter().map(|excluded| excluded.rows).sum();
    [
        account.population.clone(),
        account.rows.to_string(),
        account.outside.to_string(),
        account.undecided.to_string(),
        excluded.to_string(),
        account.counted.to_string(),
        account.undated.to_string(),
        exclusions(account),
    ]
}

fn exclusions(account: &AccountReport) -> String {
    let each = account.excluded.iter();
    let texts: Vec<String> = each
        .map(|excluded| format!("{}={}", escaped(&excluded.name), excluded.rows))
        .collect();
    texts.join(";")
}

fn number(value: Option<f64>) -> String {
    value.map(plain).unwrap_or_default()
}

/// The value of a dimension in one text.
fn segment_text(value: &SegmentValue) -> String {
    match value {
        SegmentValue::Name(name) if name.starts_with('(') => {
            format!("\\{}", escaped(name))
        }
        SegmentValue::Name(name) => escaped(name),
        SegmentValue::Number(number) => plain(*number),
        SegmentValue::Truth(truth) => truth.to_string(),
        SegmentValue::Missing => "(missing)".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        if matches!(sign, ';' | '=' | '\\') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}
