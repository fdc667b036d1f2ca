//! A metric card as written: every field with its place, expressions already read.
//!
//! A card has two halves: what people agree on ([`Agreement`]) and what the machine
//! computes (the rest). Names are text here; what they mean is found by the checker.

use crate::prose::Localised;
use crate::span::{SourceId, Span, Spanned};
use crate::syntax::{Expr, Goal, Literal, Window};
use crate::types::{Period, Unit};

/// A metric card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The file it stands in.
    pub source: SourceId,
    /// `metric`: its name, by which other cards speak of it.
    pub metric: Spanned<String>,
    /// What people agree on.
    pub agreement: Agreement,
    /// `period`: over which periods it is measured; the first is the default.
    pub period: Vec<Spanned<Period>>,
    /// How its values are shown, where a formula does not say otherwise.
    pub display: Display,
    /// `target`, `near`, `targets` of every formula that has none of its own.
    pub goals: Goals,
    /// `min_volume`: rows below which there is no verdict.
    pub min_volume: Option<Spanned<u32>>,
    /// `calendar`: the name of the service calendar that `working_time` means.
    pub calendar: Option<Spanned<String>>,
    /// `time_zone`: the zone of its periods by the IANA name, else the workspace's.
    pub time_zone: Option<Spanned<String>>,
    /// `settles_after`: how long after its end a period is still provisional, in
    /// microseconds.
    pub settles_after: Option<Spanned<i64>>,
    /// `withhold_under`: groups of fewer rows are not shown.
    pub withhold_under: Option<Spanned<u32>>,
    /// `decides`: categories of which every declared value must be named by a condition.
    pub decides: Vec<Spanned<String>>,
    /// `parameters`: named written values.
    pub parameters: Vec<Parameter>,
    /// `define`: computed fields of this card alone.
    pub define: Vec<Definition>,
    /// `population`: the rows it speaks of; a card of metrics has none.
    pub population: Option<Population>,
    /// `formula` (one without a name) or `formulas` (each with a name).
    pub formulas: Vec<Formula>,
    /// `by`: the breakdowns beside the total.
    pub by: Vec<Breakdown>,
    /// `related`: other metrics to read beside it.
    pub related: Vec<Related>,
}

/// The half of a card that people agree on.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// `title`.
    pub title: Localised,
    /// `class`: who may be held to it.
    pub class: Spanned<Class>,
    /// `measures`: what kind of thing it measures.
    pub measures: Spanned<Measures>,
    /// `estimated`: whether a value is estimated rather than counted.
    pub estimated: Option<Spanned<bool>>,
    /// `views`: the perspectives it belongs to.
    pub views: Vec<Spanned<View>>,
    /// `owner`: who answers for it.
    pub owner: Localised,
    /// `success_factor`.
    pub success_factor: Option<Localised>,
    /// `strategy`: the strategies it serves.
    pub strategy: Vec<Localised>,
    /// `goal`: what is to be reached with it.
    pub goal: Option<Localised>,
    /// `description`.
    pub description: Option<Localised>,
    /// `data_source`: where the data come from, in words.
    pub data_source: Option<Localised>,
    /// `reliability`: how far the data can be trusted.
    pub reliability: Option<Localised>,
    /// `collected_by`: who collects the data.
    pub collected_by: Option<Localised>,
    /// `baseline`: what it was before.
    pub baseline: Option<Localised>,
    /// `justification`: why this target.
    pub justification: Option<Localised>,
    /// `uses`: what its values are used for.
    pub uses: Vec<Localised>,
    /// `notes`: what to know when reading it.
    pub notes: Vec<Localised>,
    /// `sanction`: what follows from a missed target; of `sla` cards alone.
    pub sanction: Option<Localised>,
    /// `customer_visible`: whether the customer sees it.
    pub customer_visible: Option<Spanned<bool>>,
    /// `source`: where the definition comes from.
    pub origin: Vec<Localised>,
}

/// How values are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Display {
    /// `unit`.
    pub unit: Spanned<Unit>,
    /// `unit_label`: a word shown in place of the unit.
    pub unit_label: Option<Localised>,
    /// `decimals`: digits behind the point, at most 9.
    pub decimals: Option<Spanned<u8>>,
    /// `direction`: which values are better.
    pub direction: Spanned<Direction>,
}

/// What values are held against.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Goals {
    /// `target`: the short form of one that is always in force.
    pub target: Option<Goal>,
    /// `near`: the amber edge of `target`.
    pub near: Option<Goal>,
    /// `targets`: dated ones, and ones for a segment.
    pub targets: Vec<Target>,
}

/// An entry of `targets`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// `for`: the segment it holds for, field and value; empty for all.
    pub segment: Vec<(Spanned<String>, Spanned<String>)>,
    /// `target`.
    pub target: Goal,
    /// `near`: its amber edge.
    pub near: Option<Goal>,
    /// `since`: the day from which it is in force, in days since 1970-01-01.
    pub since: Option<Spanned<i32>>,
    /// `because`: why it was set.
    pub because: Option<Localised>,
    /// Where the entry stands.
    pub span: Span,
}

/// A formula of a card, with what it says differently from the card.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// Its name in `formulas`; the one of `formula` has none.
    pub name: Option<Spanned<String>>,
    /// The expression.
    pub formula: Expr,
    /// `title`.
    pub title: Option<Localised>,
    /// `unit`.
    pub unit: Option<Spanned<Unit>>,
    /// `decimals`.
    pub decimals: Option<Spanned<u8>>,
    /// `direction`.
    pub direction: Option<Spanned<Direction>>,
    /// `target`, `near`, `targets`.
    pub goals: Goals,
}

/// A named written value.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub content: Content,
    /// Where the value stands.
    pub span: Span,
}

/// What a parameter may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// `20 s`, `servicedesk`.
    One(Spanned<Literal>),
    /// `[phone, chat]`; at least one.
    List(Vec<Spanned<Literal>>),
    /// `{P1: 4 h, P2: 8 h}`; with two keys `{incident: {P1: 4 h}, request: {P1: 8 h}}`.
    Table(Table),
    /// Versions by the day they come into force, earliest first; none is dated itself.
    Dated(Vec<Version>),
}

/// A table of written values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// How many keys lead to a value; at least 1.
    pub depth: usize,
    /// The rows, in the order written.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The keys, outermost first.
    pub keys: Vec<Spanned<String>>,
    /// The value.
    pub value: Spanned<Literal>,
}

/// A parameter from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The first day, in days since 1970-01-01.
    pub since: Spanned<i32>,
    /// What it is from then on; never [`Content::Dated`].
    pub content: Content,
}

/// A computed field of a card.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: Spanned<String>,
    /// How it is computed.
    pub expr: Expr,
}

/// The rows a card, or a named population of the vocabulary, speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Its name, of one in the vocabulary.
    pub name: Option<Spanned<String>>,
    /// `meaning`: what it is, of one in the vocabulary.
    pub meaning: Option<Localised>,
    /// `from`: a table or a named population.
    pub from: Spanned<String>,
    /// `dated` or `open`: what puts a row into a period.
    pub dating: Option<Dating>,
    /// `over`: the rows of that time up to the period's end.
    pub over: Option<Spanned<Window>>,
    /// `where`: what it is about.
    pub condition: Option<Expr>,
    /// `exclude`: what belongs to it and is left out, in this order.
    pub exclude: Vec<Exclusion>,
    /// Where all of it stands.
    pub span: Span,
}

/// What puts a row into a period.
#[derive(Debug, Clone, PartialEq)]
pub enum Dating {
    /// `dated: arrived_at`.
    Dated(Expr),
    /// `open: opened_at until resolved_at`.
    Open {
        /// When a row comes in.
        from: Expr,
        /// When it goes out.
        until: Expr,
        /// Where both stand.
        span: Span,
    },
}

/// A rule that takes rows out of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// `name`: the name under which rows are charged to it.
    pub name: Spanned<String>,
    /// `when` or `keep`.
    pub rule: ExclusionRule,
    /// `reason`: why, for the reader.
    pub reason: Localised,
    /// Where all of it stands.
    pub span: Span,
}

/// Which rows an exclusion takes out.
#[derive(Debug, Clone, PartialEq)]
pub enum ExclusionRule {
    /// `when`: those for which the condition is true.
    When(Expr),
    /// `keep`: all but one of each key.
    Keep(Keep),
}

/// `last by answered_at per respondent`: of each key only one row stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Which row stays.
    pub which: Spanned<Which>,
    /// The field or column that orders the rows.
    pub by: Spanned<String>,
    /// The fields or columns that make the key; at least one.
    pub per: Vec<Spanned<String>>,
    /// Where all of it stands.
    pub span: Span,
}

/// Which row of a key stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// The one with the least value.
    First,
    /// The one with the greatest value.
    Last,
}

/// A breakdown: one field, or several crossed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// The fields or definitions; at least one.
    pub fields: Vec<Spanned<String>>,
    /// Where it stands.
    pub span: Span,
}

/// Another metric to read beside this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// `metric`: its name.
    pub metric: Spanned<String>,
    /// `because`: how they hang together.
    pub because: Localised,
}

/// Who may be held to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Agreed with the customer.
    Sla,
    /// Agreed between those who do the work.
    Ola,
    /// For the desk's own use.
    Internal,
}

/// What kind of thing a metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measures {
    /// What came of the work.
    Outcome,
    /// How much was done.
    Activity,
    /// What it was worth.
    Value,
}

/// The perspectives of a balanced scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Money.
    Finance,
    /// The customer.
    Customer,
    /// The work.
    Process,
    /// Those who work.
    People,
}

/// Which values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// High ones.
    Up,
    /// Low ones.
    Down,
    /// Those inside a band.
    Band,
    /// None.
    None,
}

impl Class {
    /// Every class with its word.
    pub const WORDS: &[(Self, &str)] =
        &[(Self::Sla, "sla"), (Self::Ola, "ola"), (Self::Internal, "internal")];
}

impl Measures {
    /// Every kind with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Outcome, "outcome"),
        (Self::Activity, "activity"),
        (Self::Value, "value"),
    ];
}

impl View {
    /// Every perspective with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Finance, "finance"),
        (Self::Customer, "customer"),
        (Self::Process, "process"),
        (Self::People, "people"),
    ];
}

impl Direction {
    /// Every direction with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Up, "up"),
        (Self::Down, "down"),
        (Self::Band, "band"),
        (Self::None, "none"),
    ];
}

impl Which {
    /// Both with their words.
    pub const WORDS: &[(Self, &str)] = &[(Self::First, "first"), (Self::Last, "last")];
}

macro_rules! word {
    ($($kind:ty)*) => {$(
        impl $kind {
            /// The word it is written with.
            pub fn word(self) -> &'static str {
                Self::WORDS.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
            }
        }
    )*};
}

word! { Class Measures View Direction Which }
