//! Results as CSV: a line for each row.
//!
//! The account is that of the first population; its exclusions stand in one column as
//! `name=rows;...`, segments as `name=value;...`. Inside names and values the signs `;`,
//! `=` and `\` have a `\` before them; no value is `(missing)`.

use std::fmt::{Display, Write as _};
use std::io::Write;

use super::number::plain;
use super::{
    ReportError, chart_word, direction_word, signal_word, state_word, verdict_word,
};
use crate::table::{Results, Row, SegmentValue};
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
    "year_before",
    "change_year",
    "chart",
    "chart_points",
    "centre",
    "lower_limit",
    "upper_limit",
    "signal",
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
    let mut line = Line::default();
    for row in &results.rows {
        line.name(row);
        line.measured(row);
        line.judged(row);
        line.behaviour(row);
        line.account(row);
        line.shown(row.bad_rows);
        line.text(&as_of);
        line.text(&row.fingerprint);
        line.write(&mut writer).map_err(fault)?;
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

/// The fields of one line, in one text that is used again for the next.
#[derive(Debug, Default)]
struct Line {
    text: String,
    /// Where each field ends.
    ends: Vec<usize>,
    /// The instants written last; most lines share theirs with the one before.
    instants: [Option<(i64, String)>; 2],
}

impl Line {
    fn text(&mut self, field: &str) {
        self.text.push_str(field);
        self.end();
    }

    fn shown(&mut self, field: impl Display) {
        self.part(field);
        self.end();
    }

    fn part(&mut self, part: impl Display) {
        // Writing into a text cannot fail.
        let _ = write!(self.text, "{part}");
    }

    fn number(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            // Both zeros are one.
            self.part(value + 0.0);
        }
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn write(&mut self, writer: &mut csv::Writer<impl Write>) -> Result<(), csv::Error> {
        let mut start = 0;
        for end in self.ends.drain(..) {
            writer.write_field(self.text.get(start..end).unwrap_or_default())?;
            start = end;
        }
        self.text.clear();
        writer.write_record(None::<&[u8]>)
    }

    fn name(&mut self, row: &Row) {
        self.text(&row.metric);
        self.text(row.formula.as_deref().unwrap_or_default());
        if let Some(part) = &row.part {
            push_segment(&mut self.text, part);
        }
        self.end();
        self.text(row.period.period.word());
        self.text(&row.period.label);
        self.instant(0, row.period.start);
        self.instant(1, row.period.end);
        for (place, (name, value)) in row.segment.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            push_escaped(&mut self.text, name);
            self.text.push('=');
            push_segment(&mut self.text, value);
        }
        self.end();
    }

    fn instant(&mut self, place: usize, at: i64) {
        if let Some(slot) = self.instants.get_mut(place) {
            let known = slot.take().filter(|(own, _)| *own == at);
            let (_, text) = slot.insert(known.unwrap_or_else(|| (at, utc_text(at))));
            self.text.push_str(text);
        }
        self.end();
    }

    fn measured(&mut self, row: &Row) {
        let (low, high) = row.interval.unzip();
        self.text(state_word(row.state));
        self.number(row.value);
        self.text(row.unit.word());
        self.shown(row.decimals);
        self.text(direction_word(row.direction));
        self.text(&row.display);
        self.number(row.numerator);
        self.number(row.denominator);
        if let Some(n) = row.n {
            self.part(n);
        }
        self.end();
        self.shown(row.missing);
        self.shown(row.undecided);
        self.number(low);
        self.number(high);
    }

    fn judged(&mut self, row: &Row) {
        self.text(row.target.as_deref().unwrap_or_default());
        self.text(row.contractual.map(verdict_word).unwrap_or_default());
        self.text(row.analytic.map(verdict_word).unwrap_or_default());
        self.number(row.previous);
        self.number(row.change);
        self.number(row.year_before);
        self.number(row.change_year);
    }

    fn behaviour(&mut self, row: &Row) {
        let Some(behaviour) = &row.behaviour else {
            (0..6).for_each(|_| self.end());
            return;
        };
        self.text(chart_word(behaviour.chart));
        self.shown(behaviour.points);
        self.number(Some(behaviour.limits.centre));
        self.number(Some(behaviour.limits.lower));
        self.number(Some(behaviour.limits.upper));
        self.text(behaviour.signal.map(signal_word).unwrap_or_default());
    }

    fn account(&mut self, row: &Row) {
        let Some(account) = row.accounts.first() else {
            (0..8).for_each(|_| self.end());
            return;
        };
        self.text(&account.population);
        self.shown(account.rows);
        self.shown(account.outside);
        self.shown(account.undecided);
        self.shown(account.excluded.iter().map(|excluded| excluded.rows).sum::<i64>());
        self.shown(account.counted);
        self.shown(account.undated);
        for (place, excluded) in account.excluded.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            push_escaped(&mut self.text, &excluded.name);
            self.text.push('=');
            self.part(excluded.rows);
        }
        self.end();
    }
}

/// The value of a dimension in one text.
fn push_segment(text: &mut String, value: &SegmentValue) {
    match value {
        SegmentValue::Name(name) => {
            if name.starts_with('(') {
                text.push('\\');
            }
            push_escaped(text, name);
        }
        SegmentValue::Number(number) => text.push_str(&plain(*number)),
        SegmentValue::Truth(truth) => {
            text.push_str(if *truth { "true" } else { "false" });
        }
        SegmentValue::Missing => text.push_str("(missing)"),
    }
}

fn push_escaped(text: &mut String, part: &str) {
    for sign in part.chars() {
        if matches!(sign, ';' | '=' | '\\') {
            text.push('\\');
        }
        text.push(sign);
    }
}
