//! A card that is sound: what to compute, with no names left to resolve.

use chrono_tz::Tz;

use crate::mapping::{Encoding, Layout};
use crate::schema::{ColumnId, Schema, TableId};
use crate::span::{Span, Spanned};
use crate::syntax::Window;
use crate::typed::Expr;
pub use crate::typed::{DimensionId, PopulationId};
use crate::types::{Kind, Period, Unit};
use crate::value::Value;

/// The number of a metric in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId(pub u32);

/// Everything that was found sound, ready to be planned.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The tables and columns.
    pub schema: Schema,
    /// The zone of the workspace.
    pub zone: Tz,
    /// The month and day the fiscal year starts on.
    pub fiscal_start: (u32, u32),
    /// The languages of titles; the first is the default.
    pub languages: Vec<String>,
    /// The service calendars; a [`Value::Calendar`] is a place in this list.
    pub calendars: Vec<ServiceCalendar>,
    /// The populations metrics use; equal ones are one.
    pub populations: Vec<Population>,
    /// What metrics may be broken down by.
    pub dimensions: Vec<Dimension>,
    /// The metrics, each behind those it uses.
    pub metrics: Vec<Metric>,
    /// What must hold of every row of a table.
    pub rules: Vec<Rule>,
    /// How exports become tables.
    pub mappings: Vec<Mapping>,
}

/// One measured thing: a card, or one of its named formulas.
#[derive(Debug, Clone)]
pub struct Metric {
    /// `first-contact-resolution`, or `first-contact-resolution.incidents`.
    pub name: String,
    /// The card's own name.
    pub card_name: String,
    /// The name of the formula within the card, if the card has several.
    pub formula_name: Option<String>,
    /// The place of its card among those of the workspace.
    pub card: usize,
    /// The formula: of grain group.
    pub formula: Expr,
    /// What kind of statistic the formula is.
    pub form: Form,
    /// The periods it is measured over; the first is the default.
    pub periods: Vec<Period>,
    /// What the value is shown in.
    pub unit: Unit,
    /// How many decimals are shown.
    pub decimals: u8,
    /// Which way is better.
    pub direction: Direction,
    /// The breakdowns beside the total, each one or more dimensions that are crossed.
    pub breakdowns: Vec<Vec<DimensionId>>,
    /// Every dimension that all its calls have, and so may be asked for.
    pub possible: Vec<DimensionId>,
    /// The targets; the one that holds is chosen by segment and the period's start.
    pub targets: Vec<Target>,
    /// Below this number of rows there is no verdict.
    pub min_volume: u64,
    /// How long after a period's end, in microseconds, it becomes final.
    pub settles_after: i64,
    /// Values of fewer rows are withheld, the total's too; 0 withholds none but those of
    /// groups of persons.
    pub withhold_under: u64,
    /// A hash of all that can move its number (SHA-256, lower-case hexadecimal).
    pub fingerprint: String,
    /// Where the formula was written.
    pub span: Span,
}

/// What kind of statistic a formula is; this decides its interval.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum Form {
    /// Rows that are part of other rows: gets a Wilson interval. Both parts are counts
    /// of grain group.
    Proportion { numerator: Expr, denominator: Expr },
    /// One call of `mean`: gets a t interval.
    Mean,
    /// One call of a percentile: gets an order-statistic interval.
    Quantile,
    /// Any other quotient: its parts are shown, it gets no interval.
    Quotient { numerator: Expr, denominator: Expr },
    /// A result for each value.
    Distribution,
    /// Anything else.
    Other,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
    /// Inside a band is better.
    Band,
    /// Neither.
    None,
}

/// A target and what it holds for.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Names of dimensions and the value each must have, as shown; empty: the total
    /// and every segment without a target of its own.
    pub segment: Vec<(String, String)>,
    /// The bound.
    pub bound: Bound,
    /// The amber edge, if there is one.
    pub near: Option<Bound>,
    /// The first day it holds, in days since 1970-01-01.
    pub since: Option<i32>,
    /// As written: `at least 80 %`.
    pub text: String,
}

/// A bound in the base of its kind: a fraction, microseconds, an amount.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// `>=`.
    AtLeast(Value),
    /// `<=`.
    AtMost(Value),
    /// `>`.
    Over(Value),
    /// `<`.
    Under(Value),
    /// Both ends included.
    Between(Value, Value),
}

/// Which rows are spoken of, and in which period each one counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// A short name for accounts: the table, and what it is dated by.
    pub label: String,
    /// The table.
    pub table: TableId,
    /// What the population is about; a row for which it is false is outside, one for
    /// which it is unknown is undecided and outside.
    pub filter: Option<Expr>,
    /// What belongs to it and is left out, in the order it is tested.
    pub exclusions: Vec<Exclusion>,
    /// What puts a row into a period.
    pub dating: Dating,
    /// How far before a period's end rows are taken; none: the period itself.
    pub over: Option<Window>,
    /// The zone of its periods.
    pub zone: Tz,
}

/// What puts a row into a period.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum Dating {
    /// The instant or day of the row.
    At(Expr),
    /// In by `from` and not yet out by `until` when the period ends.
    Open { from: Expr, until: Expr },
}

/// A rule that leaves rows out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Its name in accounts.
    pub name: String,
    /// Which rows.
    pub rule: ExclusionRule,
    /// Why, for the reader.
    pub reason: String,
}

/// Which rows an exclusion takes.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum ExclusionRule {
    /// Those for which the condition is true.
    When(Expr),
    /// All but the last (or first) by `by` of each key; rows without a key stay.
    Keep { which: Which, by: Expr, per: Vec<Expr> },
}

/// Which row of several is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// The one with the smallest value; of equals the one on the later line.
    First,
    /// The one with the largest value; of equals the one on the later line.
    Last,
}

/// Something rows can be grouped by: a name with one expression a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// The name of the field or define.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Whether it tells who a person is.
    pub personal: bool,
    /// The values that are groups in every period; empty: those that occur.
    pub declared: Vec<Value>,
    /// The expression of a row, for each table that has it.
    pub of: Vec<(TableId, Expr)>,
}

/// What must hold of every row of a table; violations are counted and listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The table.
    pub table: TableId,
    /// Its name.
    pub name: String,
    /// The condition; rows for which it is false violate it.
    pub must: Expr,
    /// Why, for the reader.
    pub reason: String,
}

/// A service calendar, checked: local times of day are seconds, an end beyond 86,400
/// runs past midnight and belongs to the day it starts on.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceCalendar {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Tz,
    /// Open hours from Monday to Sunday, breaks already taken out, sorted.
    pub weekly: [Vec<(u32, u32)>; 7],
    /// Days with hours of their own, in days since 1970-01-01; no hours: closed.
    pub dated: Vec<(i32, Vec<(u32, u32)>)>,
    /// Holidays, in days since 1970-01-01: closed unless dated hours say otherwise.
    pub holidays: Vec<i32>,
    /// Closures between two instants, in microseconds.
    pub closures: Vec<(i64, i64)>,
    /// The last day, since 1970-01-01, for which holidays are known.
    pub known_until: Option<i32>,
}

/// How the exports of one system become tables.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// The first day the data cover, since 1970-01-01, if it is stated.
    pub covers_from: Option<i32>,
    /// The day after the last the data cover, if it is stated.
    pub covers_to: Option<i32>,
    /// The moment the data were taken, in microseconds, if it is stated.
    pub as_of: Option<i64>,
    /// The tables it gives.
    pub tables: Vec<TableMapping>,
    /// Tables that the system does not give, and why.
    pub cannot: Vec<(TableId, String)>,
}

/// How one kind of file becomes one table.
#[derive(Debug, Clone)]
pub struct TableMapping {
    /// The table of the schema.
    pub table: TableId,
    /// Paths or patterns, below the folder of the data; at least one.
    pub file: Vec<Spanned<String>>,
    /// The layout of the files; none: by the file's name.
    pub layout: Option<Layout>,
    /// How their bytes become text.
    pub encoding: Encoding,
    /// Whether the first line names the columns; else they are called `1`, `2`, ....
    pub header: bool,
    /// The sign between fields; none: by the file's name (tab for tsv, else comma).
    pub delimiter: Option<u8>,
    /// The quote around fields, `"` unless stated; none: fields are never quoted.
    pub quote: Option<u8>,
    /// Texts that stand for no value, in every column.
    pub missing: Vec<String>,
    /// The zone of times that name none.
    pub zone: Option<Tz>,
    /// The strftime patterns of times, tried in this order; none: ISO 8601, as
    /// `2026-01-31T08:00:00` with or without an offset and a fraction.
    pub format: Vec<String>,
    /// Which row of several is kept before anything else.
    pub keep: Option<KeepRow>,
    /// The columns it gives.
    pub columns: Vec<ColumnMapping>,
    /// Columns that the system does not give, and why.
    pub cannot: Vec<(ColumnId, String)>,
}

/// Which row of several of one key is kept, by columns of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepRow {
    /// The first or the last.
    pub which: Which,
    /// The column that orders; numbers by value, else texts by character.
    pub by: Spanned<String>,
    /// The columns that make the key.
    pub per: Vec<Spanned<String>>,
}

/// How a column of the schema is filled.
#[derive(Debug, Clone)]
pub struct ColumnMapping {
    /// The column.
    pub column: ColumnId,
    /// Where its value comes from.
    pub origin: Origin,
    /// Texts of the export and the declared value each stands for; others stand for
    /// the value of their own name.
    pub values: Vec<(String, Value)>,
    /// Texts that stand for no value, beside the table's; each part is tested.
    pub missing: Vec<String>,
    /// The zone, if it is not the table's.
    pub zone: Option<Tz>,
    /// The patterns, if they are not the table's.
    pub format: Vec<String>,
    /// The unit of a duration; none: it is written `h:mm:ss`.
    pub unit: Option<Unit>,
    /// Whether numbers are written with a decimal comma.
    pub decimal_comma: bool,
    /// The instant it never lies before: an earlier time of day is one of the next day.
    pub after: Option<ColumnId>,
    /// A value computed from the mapped columns of the row, this one included.
    pub is: Option<Expr>,
    /// Where it was written.
    pub span: Span,
}

/// Where the value of a column comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Columns of the export, joined by a space.
    Columns(Vec<Spanned<String>>),
    /// The same value in every row.
    Always(Value),
    /// Only from `is`.
    Computed,
}

impl Population {
    /// Every expression over its rows: what it is about, what is left out, what dates it.
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut exprs: Vec<&Expr> = self.filter.iter().collect();
        for exclusion in &self.exclusions {
            match &exclusion.rule {
                ExclusionRule::When(when) => exprs.push(when),
                ExclusionRule::Keep { by, per, .. } => {
                    exprs.push(by);
                    exprs.extend(per);
                }
            }
        }
        match &self.dating {
            Dating::At(at) => exprs.push(at),
            Dating::Open { from, until } => exprs.extend([from, until]),
        }
        exprs
    }
}

impl TableMapping {
    /// Whether a column of its table is filled; what a metric needs and no mapping
    /// gives cannot be measured on this source.
    pub fn gives(&self, column: ColumnId) -> bool {
        self.columns.iter().any(|mapped| mapped.column == column)
    }
}

impl Catalog {
    /// The metric of a number.
    pub fn metric(&self, id: MetricId) -> Option<&Metric> {
        self.metrics.get(id.0 as usize)
    }

    /// The metric with a name.
    pub fn metric_named(&self, name: &str) -> Option<(MetricId, &Metric)> {
        let number = self.metrics.iter().position(|metric| metric.name == name)?;
        Some((MetricId(u32::try_from(number).ok()?), self.metrics.get(number)?))
    }

    /// The population of a number.
    pub fn population(&self, id: PopulationId) -> Option<&Population> {
        self.populations.get(id.0 as usize)
    }

    /// The dimension of a number.
    pub fn dimension(&self, id: DimensionId) -> Option<&Dimension> {
        self.dimensions.get(id.0 as usize)
    }
}
