//! The tests of a card as written: given rows, expected values.
//!
//! ```yaml
//! metric: answered-in-target
//! time_zone: Europe/Helsinki
//! as_of: 2026-02-10
//! tests:
//!   - name: exactly at the target time is in time
//!     given:
//!       contacts: |
//!         contact_id, arrived_at,       outcome,   waited
//!         1,          2026-01-05 10:00, answered,  20 s
//!         2,          2026-01-05 10:01, abandoned, 21 s
//!     expect:
//!       - period: 2026-01
//!         value: 50 %
//!         account: {counted: 2}
//!         excluded: {abandoned-before-target: []}
//! ```

use crate::card::Parameter;
use crate::hours::{Hours, Moment};
use crate::prose::Localised;
use crate::span::{SourceId, Span, Spanned};
use crate::syntax::Literal;
use crate::value::Decimal;

/// The tests in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials {
    /// The file.
    pub source: SourceId,
    /// `metric`: the card they test.
    pub metric: Spanned<String>,
    /// What holds for every test that does not say otherwise.
    pub setting: Setting,
    /// `tests`.
    pub tests: Vec<Trial>,
}

/// Under what circumstances a test runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setting {
    /// `time_zone`: else the workspace's.
    pub time_zone: Option<Spanned<String>>,
    /// `as_of`: the moment of evaluation; else the end of the last period expected.
    pub as_of: Option<Spanned<Moment>>,
    /// `calendar`: the service calendar in place of the card's.
    pub calendar: Option<OwnCalendar>,
    /// `covers`: the first day the given rows cover whole, in days since 1970-01-01; else
    /// they cover everything.
    pub covers: Option<Spanned<i32>>,
    /// `period`: the period of the expectations that name none.
    pub period: Option<Spanned<String>>,
    /// `parameters`: values in place of the card's.
    pub parameters: Vec<Parameter>,
    /// `given`: the rows of each table. A test's rows come in place of the file's rows
    /// of the same table.
    pub given: Vec<Given>,
}

/// The service calendar of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnCalendar {
    /// One of the workspace, by its name.
    Named(Spanned<String>),
    /// One of the test alone, written out.
    Written(Box<Hours>),
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// `name`: what it shows.
    pub name: Spanned<String>,
    /// `because`: why it must be so.
    pub because: Option<Localised>,
    /// Its own circumstances.
    pub setting: Setting,
    /// `expect`: at least one.
    pub expect: Vec<Expectation>,
    /// Where all of it stands.
    pub span: Span,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The vocabulary's table.
    pub table: Spanned<String>,
    /// The rows.
    pub rows: Vec<GivenRow>,
}

/// A row: the fields it has, in the order written. A field that no cell names was not
/// delivered; one whose cell is missing was, without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRow {
    /// Field and value.
    pub cells: Vec<(Spanned<String>, Cell)>,
    /// Where the row stands.
    pub span: Span,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// No value: an empty cell of a small table, or the word `missing`.
    Missing(Span),
    /// A text, to be read as the field's type says.
    Text(Spanned<String>),
}

/// What is expected of one result.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// `formula`: which one, of a card with several.
    pub formula: Option<Spanned<String>>,
    /// `period`: which one: `2026-01`, `2026-W03`, `2026-Q1`, `2026`, `2026-01-05`.
    pub period: Option<Spanned<String>>,
    /// `for`: the segment, field and value; empty for the total.
    pub segment: Vec<(Spanned<String>, Spanned<String>)>,
    /// `part`: of a distribution, the value whose share is meant.
    pub part: Option<Spanned<String>>,
    /// `value`: exact unless a tolerance is given; `missing` for no value.
    pub value: Option<Spanned<Amount>>,
    /// `tolerance`: by how much the value may differ.
    pub tolerance: Option<Spanned<Literal>>,
    /// `numerator`: what stands above, of a quotient.
    pub numerator: Option<Spanned<Amount>>,
    /// `denominator`: what stands below.
    pub denominator: Option<Spanned<Amount>>,
    /// `display`: the value as it is shown.
    pub display: Option<Spanned<String>>,
    /// `state`.
    pub state: Option<Spanned<State>>,
    /// `population`: whose account is meant, by its table or its name in accounts; else
    /// the first that has all that is named.
    pub population: Option<Spanned<String>>,
    /// `account`: counts of rows by their part of the account: `dated`, `outside`,
    /// `undecided`, `counted`, `undated`, or the name of an exclusion.
    pub account: Vec<(Spanned<String>, Spanned<u32>)>,
    /// `excluded`: the keys of the rows taken out by each exclusion, in any order;
    /// `outside`, `undecided` and `counted` stand for rows no exclusion took.
    pub excluded: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// `verdict`.
    pub verdict: Option<Spanned<Verdict>>,
    /// Where all of it stands.
    pub span: Span,
}

impl Expectation {
    /// Whether it asks only where rows went, which the formulas of a card have in common.
    pub const fn is_of_rows(&self) -> bool {
        self.value.is_none()
            && self.numerator.is_none()
            && self.denominator.is_none()
            && self.display.is_none()
            && self.state.is_none()
            && self.verdict.is_none()
    }
}

/// A value that is expected: a written one, or the quotient of two, as `124 s / 3`.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The value, or what stands above.
    pub value: Literal,
    /// The number below, of a quotient; not zero.
    pub over: Option<Decimal>,
}

/// The states of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Complete.
    Final,
    /// The data do not cover the period, or it has not settled.
    Partial,
    /// Fewer rows than `min_volume`.
    Small,
    /// Fewer rows than may be shown.
    Withheld,
    /// Nothing to divide by.
    NoData,
}

impl State {
    /// Every state with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Final, "final"),
        (Self::Partial, "partial"),
        (Self::Small, "small"),
        (Self::Withheld, "withheld"),
        (Self::NoData, "no_data"),
    ];
}

/// The verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The target is met.
    Met,
    /// It is missed, but inside the amber edge.
    Near,
    /// It is missed.
    Missed,
    /// There is none.
    None,
}

impl Verdict {
    /// Every verdict with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Met, "met"),
        (Self::Near, "near"),
        (Self::Missed, "missed"),
        (Self::None, "none"),
    ];
}
