//! What `gather` hands to `finish`: partial aggregates, and nothing of the rows.
//!
//! ```text
//!   rows ──gather──▶ Gathered ──finish──▶ results
//! ```
//!
//! The waist is narrow on purpose: whoever can count, sum and list values by group can
//! fill it, and everything that has to do with meaning happens behind it.

mod listed;
mod total;

use std::collections::BTreeMap;

pub use self::listed::{KeySet, Listed, Reals, nth, nth_of_listed};
pub use self::total::Total;
use indexmap::IndexSet;

use crate::error::RunError;

/// Everything that was gathered in one run: a list beside the plan's cohorts.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// One for each cohort of the plan, in its order.
    pub cohorts: Vec<CohortTotals>,
    /// The moment of evaluation, in microseconds; none if no table has an instant.
    pub as_of: Option<i64>,
    /// For each table that was read, by the order of the plan's tables.
    pub tables: Vec<TableFacts>,
}

/// What is known of a table after it was read.
#[derive(Debug, Clone, Default)]
pub struct TableFacts {
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
    /// Rows of an audit log that a later row of the same key stands for.
    pub superseded_rows: u64,
    /// Pairs of instants in the wrong order, by the expression that met them.
    pub reversed: u64,
    /// Rows that break a rule of the table, by the rule's name.
    pub violations: Vec<Violations>,
    /// The first day the data cover, if a source states it, in days since 1970-01-01.
    pub covers_from: Option<i32>,
    /// The day after the last the data cover, if a source states it.
    pub covers_to: Option<i32>,
    /// The earliest instant that dates a row, in microseconds.
    pub first: Option<i64>,
}

/// Rows that break one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// The rule.
    pub rule: String,
    /// Rows for which it is false.
    pub rows: u64,
    /// Rows for which it is unknown.
    pub unknown: u64,
    /// The keys of the first of them.
    pub keys: Vec<String>,
}

/// The groups of one cohort.
#[derive(Debug, Clone, Default)]
pub struct CohortTotals {
    /// Rows without a date: they are in no period.
    pub undated: u64,
    /// One for each grouping of the plan's cohort, in its order.
    pub groupings: Vec<Grouped>,
    /// For each fold the values its numbers of values stand for; of others than
    /// [`State::Keys`] empty.
    pub keys: Vec<IndexSet<Key>>,
}

/// The groups of one grouping, sorted by key.
pub type Grouped = BTreeMap<GroupKey, Totals>;

/// A group: a period and one value for each dimension of the grouping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// The number of the period.
    pub period: i32,
    /// The values, in the order of the grouping's dimensions.
    pub segment: Vec<Key>,
}

/// A value rows are grouped by, in an order that does not depend on the machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The number of a declared value.
    Category(u32),
    /// False or true.
    Truth(bool),
    /// Microseconds, days or millionths, by the kind of the value.
    Whole(i64),
    /// A number, as bits that sort like it; see [`Key::number`].
    Number(u64),
    /// A text.
    Text(String),
    /// No value: the last of all groups.
    Missing,
}

impl Key {
    /// The key of a number; both zeros are one.
    pub fn number(value: f64) -> Self {
        let bits = (value + 0.0).to_bits();
        Self::Number(if bits >> 63 == 1 { !bits } else { bits | (1 << 63) })
    }

    /// The value as people name it; `names` are those of its declared values.
    pub fn name(&self, names: &[String]) -> String {
        match self {
            Self::Category(code) => {
                names.get(*code as usize).cloned().unwrap_or_default()
            }
            Self::Truth(truth) => truth.to_string(),
            Self::Whole(whole) => whole.to_string(),
            Self::Number(_) => {
                self.as_number().map(|n| n.to_string()).unwrap_or_default()
            }
            Self::Text(text) => text.clone(),
            Self::Missing => "missing".to_owned(),
        }
    }

    /// The number of a number's key.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(key) if key >> 63 == 1 => Some(f64::from_bits(key & !(1 << 63))),
            Self::Number(key) => Some(f64::from_bits(!key)),
            _ => None,
        }
    }
}

/// What was gathered of one group.
///
/// Of a stock (`open a until b`) that is kept as movements, these are the rows that
/// came in during the period less those that went out: the stock at its end is the sum
/// over all periods up to it.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Where its rows went.
    pub account: Account,
    /// One for each fold of the plan's cohort, in its order.
    pub folds: Vec<Partial>,
}

/// Where the rows of a group went; the parts add up to all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Rows for which `where` is false.
    pub outside: i64,
    /// Rows for which `where` is unknown.
    pub undecided: i64,
    /// Rows each exclusion took, in the order written.
    pub excluded: Vec<i64>,
    /// Rows for which an exclusion was unknown, and which it therefore did not take.
    pub unsure: Vec<i64>,
    /// Ties that `keep` decided by line, for each exclusion.
    pub ties: Vec<i64>,
    /// Rows that count.
    pub counted: i64,
}

impl Account {
    /// All rows that were put into the period (or were open at its end).
    pub fn rows(&self) -> i64 {
        self.outside + self.undecided + self.excluded.iter().sum::<i64>() + self.counted
    }

    /// Adds another account, or takes it away with `-1`.
    pub fn add(&mut self, other: &Self, sign: i64) {
        self.outside += sign * other.outside;
        self.undecided += sign * other.undecided;
        self.counted += sign * other.counted;
        add_lists(&mut self.excluded, &other.excluded, sign);
        add_lists(&mut self.unsure, &other.unsure, sign);
        add_lists(&mut self.ties, &other.ties, sign);
    }
}

fn add_lists(into: &mut Vec<i64>, from: &[i64], sign: i64) {
    if into.len() < from.len() {
        into.resize(from.len(), 0);
    }
    for (sum, value) in into.iter_mut().zip(from) {
        *sum += sign * value;
    }
}

/// What one fold made of the rows of one group.
#[derive(Debug, Clone, Default)]
pub struct Partial {
    /// Rows that passed the call's own `where` and have a value (or need none).
    pub n: i64,
    /// Rows that passed it and have no value.
    pub missing: i64,
    /// Rows for which the call's own `where` is unknown.
    pub unknown: i64,
    /// What was made of the values.
    pub state: State,
}

/// What was made of the values of a group.
#[derive(Debug, Clone, Default)]
pub enum State {
    /// Nothing but the counts.
    #[default]
    Count,
    /// Rows for which the argument is true.
    Yes(i64),
    /// The sum of the values, and of their squares where they are asked for.
    Sum(Total, Option<Box<Total>>),
    /// The values themselves.
    Whole(Box<Listed>),
    /// The values themselves; all finite.
    Real(Reals),
    /// The smallest and the largest value.
    Extremes(Option<(Key, Key)>),
    /// The different values, by numbers that are those of the fold in all groups.
    Keys(KeySet),
    /// How often each value occurs.
    Tally(BTreeMap<Key, i64>),
}

impl Partial {
    /// Adds another partial of the same fold.
    pub fn merge(&mut self, other: Self) -> Result<(), RunError> {
        self.n += other.n;
        self.missing += other.missing;
        self.unknown += other.unknown;
        self.state.merge(other.state)
    }

    /// The partial with the opposite sign; only of counts and sums, which stocks use.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self {
            n: -self.n,
            missing: -self.missing,
            unknown: -self.unknown,
            state: self.state.negated(),
        }
    }
}

impl State {
    fn merge(&mut self, other: Self) -> Result<(), RunError> {
        match (&mut *self, other) {
            (_, Self::Count) => {}
            (Self::Count, other) => *self = other,
            (Self::Yes(yes), Self::Yes(more)) => *yes += more,
            (Self::Sum(sum, squares), Self::Sum(more, more_squares)) => {
                sum.merge(&more)?;
                if let (Some(squares), Some(more)) = (squares, &more_squares) {
                    squares.merge(more)?;
                }
            }
            (Self::Whole(list), Self::Whole(mut more)) => list.merge(&mut more),
            (Self::Real(list), Self::Real(mut more)) => list.merge(&mut more),
            (Self::Extremes(ends), Self::Extremes(more)) => widen(ends, more),
            (Self::Keys(keys), Self::Keys(more)) => keys.merge(&more),
            (Self::Tally(tally), Self::Tally(more)) => {
                for (key, n) in more {
                    *tally.entry(key).or_default() += n;
                }
            }
            _ => return Err(RunError::Broken("two partials of different folds")),
        }
        Ok(())
    }

    /// Sorts listed values, so that single ones are found soon.
    pub(crate) fn sort(&mut self) {
        match self {
            Self::Whole(list) => list.sort(),
            Self::Real(list) => list.sort(),
            _ => {}
        }
    }

    fn negated(&self) -> Self {
        match self {
            Self::Yes(yes) => Self::Yes(-yes),
            Self::Sum(sum, squares) => Self::Sum(
                sum.negated(),
                squares.as_ref().map(|own| Box::new(own.negated())),
            ),
            Self::Tally(tally) => {
                Self::Tally(tally.iter().map(|(key, n)| (key.clone(), -n)).collect())
            }
            other => other.clone(),
        }
    }
}

fn widen(ends: &mut Option<(Key, Key)>, more: Option<(Key, Key)>) {
    let Some((more_low, more_high)) = more else { return };
    match ends {
        None => *ends = Some((more_low, more_high)),
        Some((low, high)) => {
            if more_low < *low {
                *low = more_low;
            }
            if more_high > *high {
                *high = more_high;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_numbers_sort_like_numbers() {
        let numbers = [-1e300, -2.5, -0.0, 1e-9, 3.0, 4e200];
        let keys: Vec<Key> = numbers.iter().map(|number| Key::number(*number)).collect();
        assert!(keys.is_sorted());
        assert_eq!(Key::number(-0.0), Key::number(0.0));
        assert_eq!(keys.get(1).and_then(Key::as_number), Some(-2.5));
    }
}
