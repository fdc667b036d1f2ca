//! What a function makes of the values of finer groups: the second level of `per`.
//!
//! There are few of these values, and they come in the order of their keys, so that a
//! sum of binary numbers is the same in every run.

use std::cmp::Ordering;

use mittari_lang::typed::Function;

use super::fold::{Parts, Seen, Spread, share_of};
use super::scalar::{Fraction, Scalar};
use crate::error::RunError;

/// The values of finer groups.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Those that are known, in the order of the groups.
    known: Vec<Scalar>,
    /// Groups that are taken, a value or none.
    taken: i64,
    /// Groups without a value.
    missing: i64,
    /// Groups for which the call's own condition is unknown.
    unknown: i64,
    /// Values and rows that were skipped in the calls inside.
    inside: Seen,
}

/// What a call has taken: rows, or finer groups.
#[derive(Debug)]
pub(super) enum Taken<'a> {
    /// Rows, folded.
    Rows(Parts<'a>),
    /// Values of finer groups.
    Groups(Values),
}

impl Taken<'_> {
    /// How many rows or groups were seen.
    pub(super) fn seen(&self) -> Seen {
        match self {
            Self::Rows(parts) => parts.seen(),
            Self::Groups(values) => values.seen(),
        }
    }

    /// What was skipped in the calls inside.
    pub(super) fn inside(&self) -> Seen {
        match self {
            Self::Rows(_) => Seen::default(),
            Self::Groups(values) => values.inside,
        }
    }

    /// Mean and deviation; of less than two values there is none.
    pub(super) fn spread(&self) -> Result<Option<Spread>, RunError> {
        match self {
            Self::Rows(parts) => parts.spread(),
            Self::Groups(values) => Ok(values.spread()),
        }
    }

    /// The values at two places of the sorted list: the ends of an interval.
    pub(super) fn at_places(&self, low: usize, high: usize) -> Option<(f64, f64)> {
        match self {
            Self::Rows(parts) => parts.at_places(low, high),
            Self::Groups(values) => values.at_places(low, high),
        }
    }
}

impl Values {
    /// Takes in a group: whether its condition holds, and its value; a count has none.
    pub(super) fn take(&mut self, passed: &Scalar, value: Option<Scalar>) {
        match (passed, value) {
            (Scalar::Truth(true), Some(Scalar::NoData)) => {
                self.taken += 1;
                self.missing += 1;
            }
            (Scalar::Truth(true), value) => {
                self.taken += 1;
                self.known.extend(value);
            }
            (Scalar::NoData, _) => self.unknown += 1,
            _ => {}
        }
    }

    /// Adds what a call inside has skipped.
    pub(super) fn skipped(&mut self, inside: Seen) {
        self.inside.missing += inside.missing;
        self.inside.unknown += inside.unknown;
    }

    pub(super) fn seen(&self) -> Seen {
        let n = self.taken - self.missing;
        Seen { n, missing: self.missing, unknown: self.unknown }
    }

    /// The value of a function.
    pub(super) fn read(&self, function: Function) -> Result<Scalar, RunError> {
        match function {
            Function::Count => Ok(Scalar::whole(self.taken)),
            Function::Share => Ok(self.share()),
            Function::Sum => self.sum(),
            Function::Mean => self.sum()?.divide(&Scalar::whole(self.seen().n)),
            Function::Quantile(q) => self.quantile(q),
            Function::NearestRank(q) => self.nearest_rank(q),
            Function::Min => Ok(self.sorted().first().cloned().unwrap_or(Scalar::NoData)),
            Function::Max => Ok(self.sorted().pop().unwrap_or(Scalar::NoData)),
            Function::Stddev => match self.spread() {
                Some(spread) => Scalar::real(spread.deviation),
                None => Ok(Scalar::NoData),
            },
            Function::Distinct | Function::Distribution => {
                Err(RunError::Broken("a list of the values of finer groups"))
            }
        }
    }

    fn share(&self) -> Scalar {
        let yes = self.known.iter().filter(|value| **value == Scalar::Truth(true));
        Scalar::quotient(i128::try_from(yes.count()).unwrap_or_default(), self.taken)
    }

    fn sum(&self) -> Result<Scalar, RunError> {
        let mut terms = self.known.iter();
        let Some(first) = terms.next() else { return Ok(Scalar::NoData) };
        terms.try_fold(first.clone(), |sum, term| sum.add(term))
    }

    fn sorted(&self) -> Vec<Scalar> {
        let mut values = self.known.clone();
        values.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
        values
    }

    /// Linear interpolation, as of rows (Hyndman and Fan, 1996, type 7).
    fn quantile(&self, q: f64) -> Result<Scalar, RunError> {
        let values = self.sorted();
        let Some(last) = values.len().checked_sub(1) else { return Ok(Scalar::NoData) };
        let place = share_of(last, q)?;
        let low = usize::try_from(place.floor().to_integer()).unwrap_or(last).min(last);
        let (Some(below), Some(above)) =
            (values.get(low), values.get((low + 1).min(last)))
        else {
            return Ok(Scalar::NoData);
        };
        let step = above.subtract(below)?.multiply(&Scalar::Exact(place.fract()))?;
        below.add(&step)
    }

    /// The smallest value with at least the share `q` of the values at or below it.
    fn nearest_rank(&self, q: f64) -> Result<Scalar, RunError> {
        let values = self.sorted();
        let Some(last) = values.len().checked_sub(1) else { return Ok(Scalar::NoData) };
        let rank = share_of(values.len(), q)?.ceil() - Fraction::from_integer(1);
        let place = usize::try_from(rank.to_integer()).unwrap_or(0).min(last);
        Ok(values.get(place).cloned().unwrap_or(Scalar::NoData))
    }

    fn spread(&self) -> Option<Spread> {
        let values: Vec<f64> = self.known.iter().filter_map(Scalar::to_f64).collect();
        if values.len() < 2 {
            return None;
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (n - 1.0)).sqrt();
        Some(Spread { n: values.len() as u64, mean, deviation })
    }

    fn at_places(&self, low: usize, high: usize) -> Option<(f64, f64)> {
        let values = self.sorted();
        Some((values.get(low)?.to_f64()?, values.get(high)?.to_f64()?))
    }
}
