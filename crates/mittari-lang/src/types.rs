//! What kinds of values exist, and of what grain.

use crate::value::Currency;

/// The number of a list of declared values in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(pub u32);

/// The kinds of values. `Bare` and `Quotient` are names inside the checker: people
/// read "a number".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// True or false.
    Truth,
    /// Free text.
    Text,
    /// One of the declared values of a set.
    Category(SetId),
    /// Counts and numeric fields.
    Number,
    /// `80 %`, shares, scores.
    Ratio,
    /// Like divided by like: may be shown as percent or as a number.
    Quotient,
    /// A number written without a unit; takes the kind of what stands beside it.
    Bare,
    /// A length of time.
    Duration,
    /// An amount of one currency.
    Money(Currency),
    /// A point in time.
    Instant,
    /// A calendar day.
    Day,
    /// A service calendar, only as an argument.
    Calendar,
    /// The word `missing`: takes the kind of the other branch.
    Missing,
    /// Was complained about; absorbs everything and is never complained about again.
    Unsound,
}

/// How many values there are: one in all, one a row, one a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// The same everywhere.
    Constant,
    /// One a row.
    Row,
    /// One a period and segment.
    Group,
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ty {
    /// Which values.
    pub kind: Kind,
    /// How many of them.
    pub grain: Grain,
    /// Whether a value may be missing (or, of a group, without data).
    pub maybe: bool,
}

impl Ty {
    /// A type.
    pub const fn new(kind: Kind, grain: Grain, maybe: bool) -> Self {
        Self { kind, grain, maybe }
    }

    /// What was complained about.
    pub const UNSOUND: Self = Self::new(Kind::Unsound, Grain::Constant, false);
}

/// The periods a metric may be measured over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A local day.
    Day,
    /// An ISO week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// January to June, July to December.
    HalfYear,
    /// A calendar year.
    Year,
    /// A quarter of the fiscal year.
    FiscalQuarter,
    /// A half of the fiscal year.
    FiscalHalfYear,
    /// A fiscal year, named by the year it starts in.
    FiscalYear,
    /// The whole range asked for.
    Whole,
}

impl Period {
    /// Every period with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Day, "day"),
        (Self::Week, "week"),
        (Self::Month, "month"),
        (Self::Quarter, "quarter"),
        (Self::HalfYear, "half_year"),
        (Self::Year, "year"),
        (Self::FiscalQuarter, "fiscal_quarter"),
        (Self::FiscalHalfYear, "fiscal_half_year"),
        (Self::FiscalYear, "fiscal_year"),
        (Self::Whole, "whole"),
    ];

    /// The word of this period.
    pub fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(period, _)| *period == self)
            .map_or("", |(_, word)| word)
    }

    /// The period with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, text)| *text == word).map(|(period, _)| *period)
    }
}

/// What a value is shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A ratio times 100, with a percent sign.
    Percent,
    /// A ratio times 100, without a sign: scores.
    Points,
    /// A plain number.
    Number,
    /// A whole number of things.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
    /// An amount of a currency.
    Money(Currency),
}

impl Unit {
    /// The unit written with this word: a name or a currency's code.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "percent" => Self::Percent,
            "points" => Self::Points,
            "number" => Self::Number,
            "count" => Self::Count,
            "ms" => Self::Milliseconds,
            "s" => Self::Seconds,
            "min" => Self::Minutes,
            "h" => Self::Hours,
            "d" => Self::Days,
            code => Self::Money(Currency::named(code)?),
        })
    }

    /// The word of this unit.
    pub fn word(&self) -> &str {
        match self {
            Self::Percent => "percent",
            Self::Points => "points",
            Self::Number => "number",
            Self::Count => "count",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Money(currency) => currency.code(),
        }
    }

    /// Microseconds of one unit of time; of others none.
    pub const fn micros(self) -> Option<i64> {
        match self {
            Self::Milliseconds => Some(1_000),
            Self::Seconds => Some(1_000_000),
            Self::Minutes => Some(60_000_000),
            Self::Hours => Some(3_600_000_000),
            Self::Days => Some(86_400_000_000),
            Self::Percent
            | Self::Points
            | Self::Number
            | Self::Count
            | Self::Money(_) => None,
        }
    }
}
