//! What was measured: one row for each metric, period and segment.
//!
//! Nothing here knows how a value looks on a screen or in a file, save the display text
//! that is part of a result.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use mittari_lang::metric::Direction;
use mittari_lang::types::{Period, Unit};

use crate::fault::FaultReport;
use crate::gathered::Violations;
use crate::statistics::{Limits, Signal};

/// The results of a run.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// The rows: by metric in the order of the catalog, then breakdown, then segment,
    /// then period.
    pub rows: Vec<Row>,
    /// The moment of evaluation, in microseconds since 1970-01-01T00:00Z.
    pub as_of: Option<i64>,
    /// What is known of each table that was read.
    pub tables: Vec<TableReport>,
    /// Metrics that were wanted and that the data do not allow.
    pub not_run: Vec<NotRun>,
}

/// A metric that the data do not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// The metric.
    pub metric: String,
    /// What it lacks: a table, or a column of one.
    pub lacks: String,
    /// Why the data do not give it, if their source says so.
    pub because: Option<String>,
}

/// What is known of a table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Rows that were read and kept, and those that need not be read.
    pub rows: u64,
    /// Of these, rows that were not read: the statistics of their row groups show that no
    /// result depends on them.
    pub unread_rows: u64,
    /// How many row groups these make up, and how many the files have.
    pub unread_groups: (u64, u64),
    /// Rows that were left out because they could not be read.
    pub bad_rows: u64,
    /// Rows of an audit log that another row of the same key stands for.
    pub superseded_rows: u64,
    /// Pairs of instants in the wrong order that were met; their working time is missing.
    pub reversed: u64,
    /// Rows that break a rule of the table.
    pub violations: Vec<Violations>,
    /// What is wrong with the rows that were left out; the first of them with their place.
    pub faults: FaultReport,
}

/// A text that many rows share, such as the name of their metric.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shared(Arc<str>);

impl Shared {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for Shared {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Shared {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<String> for Shared {
    fn eq(&self, other: &String) -> bool {
        *self.0 == **other
    }
}

/// One result.
#[derive(Debug, Clone)]
pub struct Row {
    /// The card.
    pub metric: Shared,
    /// The named formula, if the card has several.
    pub formula: Option<Shared>,
    /// The value's own name where a formula gives a result for each value.
    pub part: Option<SegmentValue>,
    /// The period.
    pub period: PeriodSpan,
    /// Names of dimensions with their values; empty for the total.
    pub segment: Arc<[(String, SegmentValue)]>,
    /// The value, not rounded: a ratio as 0.8, a duration in seconds, an amount in its
    /// currency; none where the state says so.
    pub value: Option<f64>,
    /// What it is shown in.
    pub unit: Unit,
    /// How many decimals are shown.
    pub decimals: u8,
    /// Which way is better.
    pub direction: Direction,
    /// The value as shown: rounded half up, with its unit; a dash for no data.
    pub display: String,
    /// Of a quotient, what stands above, in the same base as values.
    pub numerator: Option<f64>,
    /// Of a quotient, what stands below.
    pub denominator: Option<f64>,
    /// Where the rows of each population went.
    pub accounts: Vec<AccountReport>,
    /// Rows of the denominator, or of the only call.
    pub n: Option<u64>,
    /// Rows that were skipped because the call's value is missing.
    pub missing: u64,
    /// Rows for which a condition inside the formula is unknown.
    pub undecided: u64,
    /// The 95 % interval, low and high.
    pub interval: Option<(f64, f64)>,
    /// The target in force, as written.
    pub target: Option<Shared>,
    /// The unrounded value against the target.
    pub contractual: Option<Verdict>,
    /// The interval against the target.
    pub analytic: Option<Verdict>,
    /// Whether the value is to be trusted, and why not.
    pub state: RowState,
    /// The value of the period before.
    pub previous: Option<f64>,
    /// The value less the previous one; of percent a difference of fractions. Only where
    /// both periods are whole and settled and no dated parameter has changed.
    pub change: Option<f64>,
    /// The value of the same period a year earlier, if that one is whole and settled.
    pub year_before: Option<f64>,
    /// The value less that of a year earlier, under the conditions of `change`.
    pub change_year: Option<f64>,
    /// What the values of its series say of it; none where they are too few, or it is
    /// not one of them.
    pub behaviour: Option<Behaviour>,
    /// Rows that could not be read and are therefore missing from the tables it uses.
    pub bad_rows: u64,
    /// The hash of all that can move the number.
    pub fingerprint: Shared,
}

/// The limits within which the values of a series vary by routine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Behaviour {
    /// How the limits are found.
    pub chart: Chart,
    /// From how many values; below twelve they are provisional.
    pub points: u64,
    /// The line in the middle and the limits around it, in the base of values; they may
    /// lie outside what is possible.
    pub limits: Limits,
    /// Whether the value speaks of more than routine, and by which rule.
    pub signal: Option<Signal>,
}

/// The charts of process behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chart {
    /// Single values and the steps between them (an `XmR` chart).
    Individuals,
    /// Shares of few or unequally many cases (p chart): each has limits of its own.
    Proportions,
}

/// A period of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodSpan {
    /// Which kind.
    pub period: Period,
    /// Its name: `2026-01`.
    pub label: Shared,
    /// Its first instant, in microseconds.
    pub start: i64,
    /// The instant after its last.
    pub end: i64,
}

/// The value of a dimension, as people name it.
#[derive(Debug, Clone, PartialEq)]
pub enum SegmentValue {
    /// A declared value, a text, a day: its name.
    Name(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// No value.
    Missing,
}

/// Where the rows of one population went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountReport {
    /// Which population: its table and what dates it.
    pub population: Shared,
    /// All rows dated in the period, or open at its end: the sum of what follows.
    pub rows: i64,
    /// Rows the population is not about.
    pub outside: i64,
    /// Rows for which that is unknown.
    pub undecided: i64,
    /// What each exclusion took.
    pub excluded: Vec<ExcludedReport>,
    /// Rows that count.
    pub counted: i64,
    /// Rows without a date, in no period: of the whole run.
    pub undated: u64,
}

/// What one exclusion took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcludedReport {
    /// The exclusion.
    pub name: Shared,
    /// Rows it took.
    pub rows: i64,
    /// Rows for which it is unknown, and which stayed.
    pub unknown: i64,
    /// Ties that were decided by line.
    pub ties: i64,
}

/// A value against a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It keeps it.
    Met,
    /// Contractual only: missed, but inside the amber edge.
    Near,
    /// It misses it.
    Missed,
    /// Analytic only: the interval lies on both sides.
    Undecided,
}

/// Whether a value is to be trusted, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowState {
    /// Whole and settled.
    Final,
    /// The data do not cover the period whole, or it has not settled.
    Partial,
    /// Fewer rows than the card asks for; no verdict.
    Small,
    /// Fewer rows than may be shown.
    Withheld,
    /// Nothing to make a value of.
    NoData,
}
