//! Results as CSV: a line for each row.
//!
//! The account is that of the first population; its exclusions stand in one column as
//! `name=rows;...`, segments as `name=value;...`. Inside names and values the signs `;`,
//! `=` and `\` have a `\` before them; no value is `(missing)`.

use std::collections::BTreeMap;
use std::io::Write;

use super::number::push_plain;
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

/// So many rows are put together before they are handed on, by each thread.
const PORTION: usize = 4096;

/// Writes the results, one line a row below the names of the columns.
pub fn write(results: &Results, out: impl Write) -> Result<(), ReportError> {
    write_by(results, out, 1)
}

/// The same by some threads: each puts together other rows.
pub fn write_by(
    results: &Results,
    mut out: impl Write,
    threads: usize,
) -> Result<(), ReportError> {
    let threads = threads.max(1);
    let mut head = Lines::default();
    for column in COLUMNS {
        head.text(column);
    }
    head.end_line();
    out.write_all(head.text.as_bytes())?;
    let as_of = results.as_of.map(utc_text).unwrap_or_default();
    let mut lines: Vec<Lines> = Vec::new();
    lines.resize_with(threads, Lines::default);
    for round in results.rows.chunks(PORTION.saturating_mul(threads)) {
        let share = round.len().div_ceil(threads);
        let mut work: Vec<_> = lines.iter_mut().zip(round.chunks(share)).collect();
        std::thread::scope(|scope| {
            let last = work.pop();
            for (lines, rows) in work {
                scope.spawn(|| lines.all(rows, &as_of));
            }
            if let Some((lines, rows)) = last {
                lines.all(rows, &as_of);
            }
        });
        for lines in &mut lines {
            out.write_all(lines.text.as_bytes())?;
            lines.text.clear();
        }
    }
    out.flush()?;
    Ok(())
}

/// Lines as they are written: a comma between fields, and quotes around a field that
/// has a comma, a quote or an end of line in it.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    /// The instants that were written, since periods come again with every series.
    instants: BTreeMap<i64, String>,
}

impl Lines {
    /// The lines of some rows.
    fn all(&mut self, rows: &[Row], as_of: &str) {
        for row in rows {
            self.name(row);
            self.measured(row);
            self.judged(row);
            self.behaviour(row);
            self.account(row);
            self.whole(row.bad_rows);
            self.text(as_of);
            self.text(&row.fingerprint);
            self.end_line();
        }
    }

    /// A field of any text.
    fn text(&mut self, field: &str) {
        let start = self.text.len();
        self.text.push_str(field);
        self.end(start);
    }

    /// Ends a field of any text, which began at a place.
    fn end(&mut self, start: usize) {
        let field = self.text.get(start..).unwrap_or_default();
        let is_sign = |byte| matches!(byte, b',' | b'"' | b'\r' | b'\n');
        // Every byte is looked at, so that many can be at once.
        if field.bytes().fold(false, |found, byte| found | is_sign(byte)) {
            let quoted = format!("\"{}\"", field.replace('"', "\"\""));
            self.text.truncate(start);
            self.text.push_str(&quoted);
        }
        self.text.push(',');
    }

    /// A field that has no sign in it that would need quotes.
    fn word(&mut self, word: &str) {
        self.text.push_str(word);
        self.text.push(',');
    }

    fn whole(&mut self, number: impl itoa::Integer) {
        self.word(itoa::Buffer::new().format(number));
    }

    fn number(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            push_plain(&mut self.text, value);
        }
        self.text.push(',');
    }

    fn empty(&mut self, fields: usize) {
        (0..fields).for_each(|_| self.text.push(','));
    }

    /// Ends a line instead of its last field.
    fn end_line(&mut self) {
        self.text.pop();
        self.text.push('\n');
    }

    fn name(&mut self, row: &Row) {
        self.text(&row.metric);
        self.text(row.formula.as_deref().unwrap_or_default());
        let start = self.text.len();
        if let Some(part) = &row.part {
            push_segment(&mut self.text, part);
        }
        self.end(start);
        self.word(row.period.period.word());
        self.text(&row.period.label);
        self.instant(row.period.start);
        self.instant(row.period.end);
        let start = self.text.len();
        for (place, (name, value)) in row.segment.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            push_escaped(&mut self.text, name);
            self.text.push('=');
            push_segment(&mut self.text, value);
        }
        self.end(start);
    }

    fn instant(&mut self, at: i64) {
        let text = self.instants.entry(at).or_insert_with(|| utc_text(at));
        self.text.push_str(text);
        self.text.push(',');
    }

    fn measured(&mut self, row: &Row) {
        let (low, high) = row.interval.unzip();
        self.word(state_word(row.state));
        self.number(row.value);
        self.text(row.unit.word());
        self.whole(row.decimals);
        self.word(direction_word(row.direction));
        self.text(&row.display);
        self.number(row.numerator);
        self.number(row.denominator);
        match row.n {
            Some(n) => self.whole(n),
            None => self.empty(1),
        }
        self.whole(row.missing);
        self.whole(row.undecided);
        self.number(low);
        self.number(high);
    }

    fn judged(&mut self, row: &Row) {
        self.text(row.target.as_deref().unwrap_or_default());
        self.word(row.contractual.map(verdict_word).unwrap_or_default());
        self.word(row.analytic.map(verdict_word).unwrap_or_default());
        self.number(row.previous);
        self.number(row.change);
        self.number(row.year_before);
        self.number(row.change_year);
    }

    fn behaviour(&mut self, row: &Row) {
        let Some(behaviour) = &row.behaviour else {
            return self.empty(6);
        };
        self.word(chart_word(behaviour.chart));
        self.whole(behaviour.points);
        self.number(Some(behaviour.limits.centre));
        self.number(Some(behaviour.limits.lower));
        self.number(Some(behaviour.limits.upper));
        self.word(behaviour.signal.map(signal_word).unwrap_or_default());
    }

    fn account(&mut self, row: &Row) {
        let Some(account) = row.accounts.first() else {
            return self.empty(8);
        };
        self.text(&account.population);
        self.whole(account.rows);
        self.whole(account.outside);
        self.whole(account.undecided);
        self.whole(account.excluded.iter().map(|excluded| excluded.rows).sum::<i64>());
        self.whole(account.counted);
        self.whole(account.undated);
        let start = self.text.len();
        for (place, excluded) in account.excluded.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            push_escaped(&mut self.text, &excluded.name);
            self.text.push('=');
            self.text.push_str(itoa::Buffer::new().format(excluded.rows));
        }
        self.end(start);
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
        SegmentValue::Number(number) => push_plain(text, *number),
        SegmentValue::Truth(truth) => {
            text.push_str(if *truth { "true" } else { "false" });
        }
        SegmentValue::Missing => text.push_str("(missing)"),
    }
}

fn push_escaped(text: &mut String, part: &str) {
    let is_sign = |byte| matches!(byte, b';' | b'=' | b'\\');
    if !part.bytes().any(is_sign) {
        return text.push_str(part);
    }
    for sign in part.chars() {
        if matches!(sign, ';' | '=' | '\\') {
            text.push('\\');
        }
        text.push(sign);
    }
}
