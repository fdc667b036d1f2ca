//! Faults of rows while they are found: all are counted, the first are kept.

use crate::dataset::TableInput;
use crate::fault::{Fault, FaultKind, FaultReport, LISTED, cut};
use crate::load::raw::{Lines, Raw, file_of};
use crate::load::rows::Flaw;

/// The faults one thread has found.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: [u64; FaultKind::ALL.len()],
    /// Rows that were left out for them.
    pub(crate) rows: u64,
    listed: Vec<Located>,
}

/// A row whose key an earlier row has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Twin {
    /// Its number in the order of the table.
    pub(crate) order: u64,
    /// Where it stands.
    pub(crate) first: u64,
    pub(crate) ahead: u32,
    pub(crate) has_lines: bool,
    /// The key, for the reader.
    pub(crate) key: String,
    /// The earliest row with the same key.
    pub(crate) original: (u64, u32),
}

impl Twin {
    /// What would have been right.
    pub(crate) fn expected(&self, kind: FaultKind, lines: &Lines) -> String {
        let (first, ahead) = self.original;
        let place = lines.place(first, ahead, self.has_lines);
        if kind == FaultKind::SecondRow {
            return format!("one row of its key at a time, and {place} holds too");
        }
        format!("a key that no other row has, and {place} has it")
    }
}

/// A fault and where it stands; the order of the fields is the order of the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Located {
    first: u64,
    ahead: u32,
    column: Option<usize>,
    kind: FaultKind,
    name: Option<String>,
    text: String,
    expected: String,
    has_lines: bool,
}

/// A fault of a value, before it is located.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellFault {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) kind: FaultKind,
}

impl Tally {
    /// Counts a fault without a place of its own.
    fn count(&mut self, kind: FaultKind) {
        let at = FaultKind::ALL.iter().position(|other| *other == kind);
        if let Some(count) = at.and_then(|at| self.counts.get_mut(at)) {
            *count += 1;
        }
    }

    /// Whether a fault of these rows may be one of the first.
    fn has_room(&self, first: u64) -> bool {
        self.listed.len() < LISTED
            || self.listed.last().is_some_and(|last| first <= last.first)
    }

    fn list(&mut self, located: Located) {
        let at = self.listed.partition_point(|other| *other < located);
        self.listed.insert(at, located);
        self.listed.truncate(LISTED);
    }

    /// Notes the rows that could not be divided into fields.
    pub(crate) fn flaws(&mut self, raw: &Raw<'_>) {
        for flaw in raw.flaws() {
            self.rows += 1;
            self.count(flaw.kind);
            // Flaws beyond the first of a piece have no text, and never come first.
            if self.has_room(raw.first) && !flaw.expected.is_empty() {
                self.list(located_flaw(raw, flaw));
            }
        }
    }

    /// Notes a fault of a value; its text is asked for only if it is listed.
    pub(crate) fn cell(
        &mut self,
        raw: &Raw<'_>,
        fault: CellFault,
        describe: impl FnOnce() -> (String, String, String),
    ) {
        self.count(fault.kind);
        let ahead = raw.ahead(fault.row);
        let place = (raw.first, ahead, Some(fault.column));
        let full = self.listed.len() >= LISTED;
        let last = self.listed.last().map(|last| (last.first, last.ahead, last.column));
        if full && last.is_some_and(|last| place >= last) {
            return;
        }
        let (name, text, expected) = describe();
        self.list(Located {
            first: raw.first,
            ahead,
            column: Some(fault.column),
            kind: fault.kind,
            name: Some(name),
            text,
            expected,
            has_lines: raw.has_lines(),
        });
    }

    /// Notes a row whose key an earlier row has, or beside which it would be found.
    pub(crate) fn twin(
        &mut self,
        kind: FaultKind,
        twin: &Twin,
        name: &str,
        lines: &Lines,
    ) {
        self.rows += 1;
        self.count(kind);
        if !self.has_room(twin.first) {
            return;
        }
        self.list(Located {
            first: twin.first,
            ahead: twin.ahead,
            column: None,
            kind,
            name: Some(name.to_owned()),
            text: cut(&twin.key),
            expected: twin.expected(kind, lines),
            has_lines: twin.has_lines,
        });
    }

    /// Adds the faults another thread has found.
    pub(crate) fn merge(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.rows += other.rows;
        for located in other.listed {
            self.list(located);
        }
    }

    /// What is told of the faults.
    pub(crate) fn report(self, input: &TableInput, lines: &Lines) -> FaultReport {
        let by_kind: Vec<(FaultKind, u64)> = FaultKind::ALL
            .into_iter()
            .zip(self.counts)
            .filter(|(_, count)| *count > 0)
            .collect();
        let listed = self.listed.into_iter().map(|located| Fault {
            kind: located.kind,
            file: input.file(file_of(located.first)).display().to_string(),
            place: lines.place(located.first, located.ahead, located.has_lines),
            column: located.name,
            text: located.text,
            expected: located.expected,
        });
        FaultReport {
            total: by_kind.iter().map(|(_, count)| count).sum(),
            rows: self.rows,
            listed: listed.collect(),
            by_kind,
        }
    }
}

fn located_flaw(raw: &Raw<'_>, flaw: &Flaw) -> Located {
    Located {
        first: raw.first,
        ahead: flaw.line,
        column: None,
        kind: flaw.kind,
        name: None,
        text: flaw.text.clone(),
        expected: flaw.expected.clone(),
        has_lines: raw.has_lines(),
    }
}
