//! Results as CSV: a line for each row.
//!
//! The account is that of the first population; its exclusions stand in one column as
//! `name=rows;...`, segments as `name=value;...`. Inside names and values the signs `;`,
//! `=` and `\` have a `\` before them; no value is `(missing)`.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use super::number::push_plain;
use super::{
    ReportError, chart_word, direction_word, signal_word, state_word, verdict_word,
};
use crate::ordered::in_order;
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

/// So many rows are put together before they are handed on.
const PORTION: usize = 1024;

/// Bytes that a writer gathers: a line that fits into what is left of them is written
/// much faster than another.
const BUFFER: usize = 1 << 17;

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
    let mut head = Lines::default();
    for column in COLUMNS {
        head.text(column);
    }
    head.end_line();
    out.write_all(&head.taken(Vec::new())?)?;
    let as_of = results.as_of.map(utc_text).unwrap_or_default();
    let portions: Vec<&[Row]> = results.rows.chunks(PORTION).collect();
    // What was written leaves its memory to what comes.
    let spare: Mutex<Vec<Vec<u8>>> = Mutex::default();
    let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    in_order(
        (portions.len(), threads),
        Lines::default,
        |lines, place| {
            lines.all(portions.get(place).copied().unwrap_or_default(), &as_of);
            lines.taken(spare().pop().unwrap_or_default())
        },
        |written| {
            let mut written = written?;
            out.write_all(&written)?;
            written.clear();
            spare().push(written);
            Ok::<(), ReportError>(())
        },
    )?;
    out.flush()?;
    Ok(())
}

/// Lines as they are written.
#[derive(Debug)]
struct Lines {
    writer: csv::Writer<Vec<u8>>,
    /// The line that is being put together.
    line: csv::ByteRecord,
    /// What first went wrong.
    failed: Option<csv::Error>,
    /// The field that is being put together.
    field: String,
    /// The instants that were written, since periods come again with every series.
    instants: BTreeMap<i64, String>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            writer: writer(Vec::new()),
            line: csv::ByteRecord::new(),
            failed: None,
            field: String::new(),
            instants: BTreeMap::new(),
        }
    }
}

fn writer(into: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(into)
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

    /// The lines so far, handed over; the next ones are put into the memory given.
    fn taken(&mut self, next: Vec<u8>) -> Result<Vec<u8>, ReportError> {
        if let Some(error) = self.failed.take() {
            return Err(ReportError::Form(Box::new(error)));
        }
        let lines = std::mem::replace(&mut self.writer, writer(next)).into_inner();
        lines.map_err(|error| ReportError::Output(error.into_error()))
    }

    /// A field of any text.
    fn text(&mut self, field: &str) {
        self.line.push_field(field.as_bytes());
    }

    /// A field that `put` puts together.
    fn made(&mut self, put: impl FnOnce(&mut String)) {
        self.field.clear();
        put(&mut self.field);
        self.line.push_field(self.field.as_bytes());
    }

    fn whole(&mut self, number: impl itoa::Integer) {
        self.text(itoa::Buffer::new().format(number));
    }

    fn number(&mut self, value: Option<f64>) {
        match value {
            Some(value) => self.made(|field| push_plain(field, value)),
            None => self.text(""),
        }
    }

    fn empty(&mut self, fields: usize) {
        (0..fields).for_each(|_| self.text(""));
    }

    fn end_line(&mut self) {
        if let Err(error) = self.writer.write_byte_record(&self.line) {
            self.failed.get_or_insert(error);
        }
        self.line.clear();
    }

    fn name(&mut self, row: &Row) {
        self.text(&row.metric);
        self.text(row.formula.as_deref().unwrap_or_default());
        self.made(|field| {
            if let Some(part) = &row.part {
                push_segment(field, part);
            }
        });
        self.text(row.period.period.word());
        self.text(&row.period.label);
        self.instant(row.period.start);
        self.instant(row.period.end);
        self.made(|field| {
            for (place, (name, value)) in row.segment.iter().enumerate() {
                if place > 0 {
                    field.push(';');
                }
                push_escaped(field, name);
                field.push('=');
                push_segment(field, value);
            }
        });
    }

    fn instant(&mut self, at: i64) {
        let text = self.instants.entry(at).or_insert_with(|| utc_text(at));
        self.line.push_field(text.as_bytes());
    }

    fn measured(&mut self, row: &Row) {
        let (low, high) = row.interval.unzip();
        self.text(state_word(row.state));
        self.number(row.value);
        self.text(row.unit.word());
        self.whole(row.decimals);
        self.text(direction_word(row.direction));
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
        self.text(row.contractual.map(verdict_word).unwrap_or_default());
        self.text(row.analytic.map(verdict_word).unwrap_or_default());
        self.number(row.previous);
        self.number(row.change);
        self.number(row.year_before);
        self.number(row.change_year);
    }

    fn behaviour(&mut self, row: &Row) {
        let Some(behaviour) = &row.behaviour else {
            return self.empty(6);
        };
        self.text(chart_word(behaviour.chart));
        self.whole(behaviour.points);
        self.number(Some(behaviour.limits.centre));
        self.number(Some(behaviour.limits.lower));
        self.number(Some(behaviour.limits.upper));
        self.text(behaviour.signal.map(signal_word).unwrap_or_default());
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
        self.made(|field| {
            for (place, excluded) in account.excluded.iter().enumerate() {
                if place > 0 {
                    field.push(';');
                }
                push_escaped(field, &excluded.name);
                field.push('=');
                field.push_str(itoa::Buffer::new().format(excluded.rows));
            }
        });
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
