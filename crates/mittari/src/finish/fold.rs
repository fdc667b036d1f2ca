//! What a function makes of the partials of a group.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use mittari_lang::typed::Function;
use num_traits::ToPrimitive as _;

use super::display::decimal_digits;
use super::scalar::{Fraction, Scalar};
use super::view::Found;
use crate::error::RunError;
use crate::gathered::{
    Key, KeySet, Listed, Partial, Reals, State, Total, nth, nth_of_listed,
};

/// Millionths of a currency, in which money is gathered.
const MILLIONTHS: i128 = 1_000_000;

/// The partials of one fold that make up a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    totals: Found<'a>,
    fold: usize,
    seen: Seen,
    /// Whether whole numbers are millionths of a currency.
    money: bool,
}

/// How many rows a fold has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Rows with a value.
    pub n: i64,
    /// Rows without one.
    pub missing: i64,
    /// Rows for which the call's own condition is unknown.
    pub unknown: i64,
}

/// The values of a group, of which single ones are taken by rank.
enum Values<'a> {
    Whole(Vec<&'a Listed>),
    Real(Vec<&'a [f64]>),
}

/// How many values, and the sums they leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// How many values.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, with n - 1 below.
    pub deviation: f64,
}

impl<'a> Parts<'a> {
    /// Partials of one fold of some totals; of money they are gathered in millionths.
    pub(super) fn new(totals: Found<'a>, fold: usize, money: bool) -> Self {
        let mut seen = Seen::default();
        for part in totals.sums().filter_map(|totals| totals.folds.get(fold)) {
            seen.n += part.n;
            seen.missing += part.missing;
            seen.unknown += part.unknown;
        }
        Self { totals, fold, seen, money }
    }

    fn all(&self) -> impl Iterator<Item = &'a Partial> {
        let fold = self.fold;
        self.totals.all().filter_map(move |totals| totals.folds.get(fold))
    }

    /// The same where only truths and sums matter.
    fn sums(&self) -> impl Iterator<Item = &'a Partial> {
        let fold = self.fold;
        self.totals.sums().filter_map(move |totals| totals.folds.get(fold))
    }

    /// How many rows were seen.
    pub(super) fn seen(&self) -> Seen {
        self.seen
    }

    /// The value of a function.
    pub(super) fn read(&self, function: Function) -> Result<Scalar, RunError> {
        match function {
            Function::Count => Ok(Scalar::whole(self.seen().n)),
            Function::Share => Ok(self.share()),
            Function::Sum => self.sum(),
            Function::Mean => self.sum()?.divide(&Scalar::whole(self.seen().n)),
            Function::Quantile(q) => self.quantile(q),
            Function::NearestRank(q) => self.nearest_rank(q),
            Function::Min => self.extreme(Ordering::Less),
            Function::Max => self.extreme(Ordering::Greater),
            Function::Stddev => self.deviation(),
            Function::Distinct => Ok(Scalar::whole(self.distinct())),
            Function::Distribution => {
                Err(RunError::Broken("a distribution inside a formula"))
            }
        }
    }

    /// Rows for which the argument is true over all rows, unknown ones below the line.
    fn share(&self) -> Scalar {
        let yes: i64 = self
            .sums()
            .map(|part| if let State::Yes(yes) = part.state { yes } else { 0 })
            .sum();
        let seen = self.seen();
        Scalar::quotient(yes, seen.n + seen.missing)
    }

    fn sum(&self) -> Result<Scalar, RunError> {
        if self.seen().n == 0 {
            return Ok(Scalar::NoData);
        }
        let (sum, _) = self.totals()?;
        match sum.as_whole() {
            Some(whole) => Ok(self.in_base(Fraction::from_integer(whole))),
            None => Scalar::real(sum.to_f64()),
        }
    }

    /// The exact sums of the values and of their squares.
    fn totals(&self) -> Result<(Total, Option<Total>), RunError> {
        let (mut sum, mut squares) = (Total::default(), None);
        for part in self.sums() {
            if let State::Sum(values, of_squares) = &part.state {
                sum.merge(values)?;
                if let Some(more) = of_squares {
                    squares.get_or_insert_with(Total::default).merge(more)?;
                }
            }
        }
        Ok((sum, squares))
    }

    fn in_base(&self, value: Fraction) -> Scalar {
        if !self.money {
            return Scalar::Exact(value);
        }
        let base = Fraction::new(1, MILLIONTHS);
        // A fraction of 128 bits divided by a million may not fit; a binary number does.
        let exact = Scalar::Exact(value);
        exact.multiply(&Scalar::Exact(base)).unwrap_or(Scalar::NoData)
    }

    fn values(&self) -> Values<'a> {
        let (mut whole, mut real) = (Vec::new(), Vec::new());
        for part in self.all() {
            match &part.state {
                State::Whole(values) => whole.push(&**values),
                State::Real(values) => real.push(values),
                _ => {}
            }
        }
        if real.is_empty() {
            Values::Whole(whole)
        } else {
            Values::Real(real.into_iter().map(Reals::values).collect())
        }
    }

    /// Linear interpolation between the two values around the place `(n - 1) q`
    /// (Hyndman and Fan, 1996, type 7).
    fn quantile(&self, q: f64) -> Result<Scalar, RunError> {
        let values = self.values();
        let Some(last) = values.len().checked_sub(1) else { return Ok(Scalar::NoData) };
        let place = share_of(last, q)?;
        let (low, part) = (place.floor().to_integer(), place.fract());
        let low = low.to_usize().unwrap_or(last).min(last);
        let (below, above) = (values.at(low), values.at((low + 1).min(last)));
        let step = above.subtract(&below)?.multiply(&Scalar::Exact(part))?;
        Ok(self.scaled(&below.add(&step)?))
    }

    /// The smallest value with at least the share `q` of the values at or below it.
    fn nearest_rank(&self, q: f64) -> Result<Scalar, RunError> {
        let values = self.values();
        let Some(last) = values.len().checked_sub(1) else { return Ok(Scalar::NoData) };
        let rank = share_of(values.len(), q)?.ceil().to_integer();
        let place = (rank - 1).to_usize().unwrap_or(0).min(last);
        Ok(self.scaled(&values.at(place)))
    }

    /// The values at two places of the sorted list: the ends of an interval.
    pub(super) fn at_places(&self, low: usize, high: usize) -> Option<(f64, f64)> {
        let values = self.values();
        if high >= values.len() || low > high {
            return None;
        }
        let ends = (self.scaled(&values.at(low)), self.scaled(&values.at(high)));
        Some((ends.0.to_f64()?, ends.1.to_f64()?))
    }

    fn scaled(&self, value: &Scalar) -> Scalar {
        match value {
            Scalar::Exact(exact) => self.in_base(*exact),
            other => other.clone(),
        }
    }

    fn extreme(&self, wanted: Ordering) -> Result<Scalar, RunError> {
        let mut found: Option<&Key> = None;
        for part in self.all() {
            let State::Extremes(Some((low, high))) = &part.state else { continue };
            let end = if wanted == Ordering::Less { low } else { high };
            if found.is_none_or(|found| end.cmp(found) == wanted) {
                found = Some(end);
            }
        }
        match found {
            None => Ok(Scalar::NoData),
            Some(Key::Whole(whole)) => Ok(self.in_base(i128::from(*whole).into())),
            Some(Key::Number(_)) => {
                Scalar::real(found.and_then(Key::as_number).unwrap_or(f64::NAN))
            }
            Some(_) => Err(RunError::Broken("an extreme of values without an order")),
        }
    }

    fn distinct(&self) -> i128 {
        let mut keys = KeySet::default();
        for part in self.all() {
            if let State::Keys(more) = &part.state {
                keys.merge(more);
            }
        }
        keys.len().to_i128().unwrap_or_default()
    }

    /// How often each known value occurs.
    pub(super) fn tally(&self) -> BTreeMap<Key, i64> {
        let mut tally = BTreeMap::new();
        for part in self.all() {
            if let State::Tally(more) = &part.state {
                for (key, n) in more.iter().filter(|(key, _)| **key != Key::Missing) {
                    *tally.entry(key.clone()).or_default() += n;
                }
            }
        }
        tally
    }

    fn deviation(&self) -> Result<Scalar, RunError> {
        match self.spread()? {
            Some(spread) => Scalar::real(spread.deviation),
            None => Ok(Scalar::NoData),
        }
    }

    /// Mean and deviation; of less than two values there is none.
    pub(super) fn spread(&self) -> Result<Option<Spread>, RunError> {
        let n = self.seen().n;
        let (sum, Some(squares)) = self.totals()? else { return Ok(None) };
        if n < 2 {
            return Ok(None);
        }
        let whole = sum.as_whole().zip(squares.as_whole());
        let deviations = whole
            .and_then(|(sum, squares)| squares_around_mean(n.into(), sum, squares))
            .unwrap_or_else(|| {
                squares.to_f64() - sum.to_f64() * (sum.to_f64() / n as f64)
            });
        let scale = if self.money { 1.0 / MILLIONTHS as f64 } else { 1.0 };
        Ok(Some(Spread {
            n: n.unsigned_abs(),
            mean: sum.to_f64() / n as f64 * scale,
            deviation: (deviations.max(0.0) / (n - 1) as f64).sqrt() * scale,
        }))
    }
}

/// The known values of a tally.
pub(super) fn keys_of(partial: &Partial) -> impl Iterator<Item = &Key> {
    let tally = if let State::Tally(tally) = &partial.state { Some(tally) } else { None };
    tally.into_iter().flat_map(BTreeMap::keys).filter(|key| **key != Key::Missing)
}

/// `q` of a number, exactly: `q` as it is written, 0.9 and not the binary number near it.
pub(super) fn share_of(count: usize, q: f64) -> Result<Fraction, RunError> {
    let q = decimal_digits(q).ok_or(RunError::Broken("a share that was not written"))?;
    let count = count.to_i128().ok_or(RunError::Overflow)?;
    Scalar::Exact(q).multiply(&Scalar::whole(count)).and_then(|place| match place {
        Scalar::Exact(place) => Ok(place),
        _ => Err(RunError::Overflow),
    })
}

/// The sum of squares around the mean, from whole sums; none if 128 bits do not hold it.
///
/// With the whole part m of the mean and the rest r, it is
/// `squares - m (sum + r) - r² / n`, in which nothing is larger than the sum of squares.
fn squares_around_mean(n: i128, sum: i128, squares: i128) -> Option<f64> {
    let (mean, rest) = (sum.div_euclid(n), sum.rem_euclid(n));
    let around = squares.checked_sub(mean.checked_mul(sum.checked_add(rest)?)?)?;
    let rest = rest as f64;
    Some(around as f64 - rest * rest / n as f64)
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Whole(lists) => lists.iter().map(|list| list.len()).sum(),
            Self::Real(lists) => lists.iter().map(|list| list.len()).sum(),
        }
    }

    /// The value at a place of the sorted list.
    fn at(&self, place: usize) -> Scalar {
        match self {
            Self::Whole(lists) => {
                nth_of_listed(lists, place).map_or(Scalar::NoData, Scalar::whole)
            }
            Self::Real(lists) => {
                nth(lists, place, f64::total_cmp).map_or(Scalar::NoData, Scalar::Real)
            }
        }
    }
}
