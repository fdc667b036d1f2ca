//! A value of a group: exact as long as it can be, and honest about having none.
//!
//! Counts, durations, money and their quotients are fractions of whole numbers, so that
//! a share of exactly four fifths keeps a target of `80 %`. What was measured in binary
//! numbers, or grows beyond 128 bits, is a binary number. Durations and instants are in
//! microseconds, days in days, money in its currency.

use std::cmp::Ordering;

use mittari_lang::builtin::Builtin;
use mittari_lang::value::{Decimal, Value};
use num_rational::Ratio;
use num_traits::{
    CheckedAdd as _, CheckedMul as _, CheckedSub as _, ToPrimitive as _, Zero as _,
};

use crate::error::RunError;

/// An exact value.
pub(crate) type Fraction = Ratio<i128>;

/// A value of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    /// Nothing to make a value of.
    NoData,
    /// True or false.
    Truth(bool),
    /// An exact number.
    Exact(Fraction),
    /// A finite binary number.
    Real(f64),
    /// A text.
    Text(String),
}

impl Scalar {
    /// A whole number.
    pub(crate) fn whole(value: impl Into<i128>) -> Self {
        Self::Exact(Fraction::from_integer(value.into()))
    }

    /// A whole number over another; of nothing there is no data.
    pub(crate) fn quotient(above: impl Into<i128>, below: impl Into<i128>) -> Self {
        let (above, below) = (above.into(), below.into());
        if below == 0 { Self::NoData } else { Self::Exact(ratio(above, below)) }
    }

    /// A binary number that has to be finite.
    pub(crate) fn real(value: f64) -> Result<Self, RunError> {
        if value.is_finite() { Ok(Self::Real(value)) } else { Err(RunError::Overflow) }
    }

    /// A written value; calendars and zones are no values of a group.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Missing | Value::Calendar(_) | Value::Zone(_) => Self::NoData,
            Value::Truth(truth) => Self::Truth(*truth),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Category(number) => Self::whole(*number),
            Value::Number(decimal) | Value::Money(decimal) => {
                Self::Exact(fraction(*decimal))
            }
            Value::Duration(micros) | Value::Instant(micros) => Self::whole(*micros),
            Value::Day(day) => Self::whole(*day),
        }
    }

    /// The nearest binary number; of no data, truths and texts none.
    pub(crate) fn to_f64(&self) -> Option<f64> {
        match self {
            Self::Exact(exact) => Some(nearest(exact)),
            Self::Real(real) => Some(*real),
            Self::NoData | Self::Truth(_) | Self::Text(_) => None,
        }
    }

    /// The whole number it is.
    pub(crate) fn as_whole(&self) -> Option<i128> {
        match self {
            Self::Exact(exact) if exact.is_integer() => Some(exact.to_integer()),
            _ => None,
        }
    }

    /// The microseconds of an instant or a duration, fractions cut off downward.
    pub(crate) fn as_micros(&self) -> Option<i64> {
        match self {
            Self::Exact(exact) => exact.floor().to_integer().to_i64(),
            Self::Real(real) => real.floor().to_i64(),
            Self::NoData | Self::Truth(_) | Self::Text(_) => None,
        }
    }

    /// How it stands to another of its kind; none where one has no data.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Exact(own), Self::Exact(other)) => Some(own.cmp(other)),
            (Self::Truth(own), Self::Truth(other)) => Some(own.cmp(other)),
            (Self::Text(own), Self::Text(other)) => Some(own.cmp(other)),
            _ => self.to_f64()?.partial_cmp(&other.to_f64()?),
        }
    }

    /// The sum.
    pub(crate) fn add(&self, other: &Self) -> Result<Self, RunError> {
        self.combine(other, plus, |own, other| own + other)
    }

    /// The difference.
    pub(crate) fn subtract(&self, other: &Self) -> Result<Self, RunError> {
        let less = |own: &Fraction, other: &Fraction| match opposite(other) {
            Some(other) => plus(own, &other),
            None => own.checked_sub(other),
        };
        self.combine(other, less, |own, other| own - other)
    }

    /// The product.
    pub(crate) fn multiply(&self, other: &Self) -> Result<Self, RunError> {
        self.combine(other, times, |own, other| own * other)
    }

    /// The quotient; by zero there is no data, however much stands above.
    pub(crate) fn divide(&self, other: &Self) -> Result<Self, RunError> {
        if other.is_zero() {
            return Ok(Self::NoData);
        }
        let over = |own: &Fraction, other: &Fraction| times(own, &turned(other)?);
        self.combine(other, over, |own, other| own / other)
    }

    fn is_zero(&self) -> bool {
        match self {
            Self::Exact(exact) => exact.is_zero(),
            Self::Real(real) => *real == 0.0,
            Self::NoData | Self::Truth(_) | Self::Text(_) => false,
        }
    }

    /// The largest multiple of a step that is not above it.
    fn floored(&self, step: &Self) -> Result<Self, RunError> {
        match self.divide(step)? {
            Self::Exact(steps) => Self::Exact(steps.floor()).multiply(step),
            Self::Real(steps) => Self::Real(steps.floor()).multiply(step),
            _ => Ok(Self::NoData),
        }
    }

    /// 0 at the worst, 1 at the best, linear between and clamped; either end may be the
    /// larger one.
    fn score(&self, worst: &Self, best: &Self) -> Result<Self, RunError> {
        let score = self.subtract(worst)?.divide(&best.subtract(worst)?)?;
        let (zero, one) = (Self::whole(0), Self::whole(1));
        Ok(match (score.compare(&zero), score.compare(&one)) {
            (Some(Ordering::Less), _) => zero,
            (_, Some(Ordering::Greater)) => one,
            _ => score,
        })
    }

    fn combine(
        &self,
        other: &Self,
        exact: impl Fn(&Fraction, &Fraction) -> Option<Fraction>,
        real: impl Fn(f64, f64) -> f64,
    ) -> Result<Self, RunError> {
        if let (Self::Exact(own), Self::Exact(other)) = (self, other)
            && let Some(value) = exact(own, other)
        {
            return Ok(Self::Exact(value));
        }
        match (self.to_f64(), other.to_f64()) {
            (Some(own), Some(other)) => Self::real(real(own, other)),
            _ => Ok(Self::NoData),
        }
    }
}

/// The binary number nearest to a fraction of numbers below 2^53; of larger ones it may be
/// the one beside it.
fn nearest(fraction: &Fraction) -> f64 {
    *fraction.numer() as f64 / *fraction.denom() as f64
}

/// The binary number nearest to a fraction divided by a whole number.
pub(super) fn nearest_part(fraction: &Fraction, below: i64) -> Option<f64> {
    const EXACT: u128 = 1 << 53;
    let (above, own) = (*fraction.numer(), *fraction.denom());
    let below = own.checked_mul(i128::from(below))?;
    // Both are exact as binary numbers, so that the quotient is rounded once.
    let is_exact = above.unsigned_abs() < EXACT && below.unsigned_abs() < EXACT;
    is_exact.then(|| above as f64 / below as f64)
}

/// The sum of two fractions; none if 128 bits do not hold it.
fn plus(own: &Fraction, other: &Fraction) -> Option<Fraction> {
    let Some(((above, below), (other_above, other_below))) =
        halves(own).zip(halves(other))
    else {
        return own.checked_add(other);
    };
    if below == 1 && other_below == 1 {
        return Some(Fraction::from_integer(above + other_above));
    }
    match (above * other_below).checked_add(other_above * below) {
        Some(above) => Some(ratio(above, below * other_below)),
        None => own.checked_add(other),
    }
}

/// The product of two fractions; none if 128 bits do not hold it.
fn times(own: &Fraction, other: &Fraction) -> Option<Fraction> {
    match (halves(own), halves(other)) {
        (Some((above, below)), Some((other_above, other_below))) => {
            Some(ratio(above * other_above, below * other_below))
        }
        _ => own.checked_mul(other),
    }
}

fn opposite(fraction: &Fraction) -> Option<Fraction> {
    let above = fraction.numer().checked_neg()?;
    Some(Fraction::new_raw(above, *fraction.denom()))
}

/// What stands above and below the line, if 64 bits hold both; 128 hold their products.
fn halves(fraction: &Fraction) -> Option<(i128, i128)> {
    let (above, below) = (*fraction.numer(), *fraction.denom());
    let small = |part: i128| i64::try_from(part).is_ok();
    (small(above) && small(below)).then_some((above, below))
}

/// The fraction of two whole numbers, the lower one not zero, in its lowest terms.
pub(super) fn ratio(above: i128, below: i128) -> Fraction {
    if below == 1 {
        return Fraction::from_integer(above);
    }
    // Where 64 bits are enough, the common divisor is found much sooner.
    match (u64::try_from(above.unsigned_abs()), u64::try_from(below)) {
        (Ok(short), Ok(lower)) => {
            let divisor = i128::from(common_divisor(short, lower));
            Fraction::new_raw(above / divisor, below / divisor)
        }
        _ => Fraction::new(above, below),
    }
}

/// The greatest common divisor of a number and one above zero, by halves and
/// differences (J. Stein, 1967).
fn common_divisor(one: u64, other: u64) -> u64 {
    if one == 0 {
        return other;
    }
    let shift = (one | other).trailing_zeros();
    let mut one = one >> one.trailing_zeros();
    let mut other = other >> other.trailing_zeros();
    while one != other {
        let (low, high) = if one < other { (one, other) } else { (other, one) };
        one = low;
        other = (high - low) >> (high - low).trailing_zeros();
    }
    one << shift
}

/// One over a fraction, whose sign stays above the line.
fn turned(fraction: &Fraction) -> Option<Fraction> {
    let (above, below) = (*fraction.numer(), *fraction.denom());
    match above.cmp(&0) {
        Ordering::Equal => None,
        Ordering::Greater => Some(Fraction::new_raw(below, above)),
        Ordering::Less => {
            Some(Fraction::new_raw(below.checked_neg()?, above.checked_neg()?))
        }
    }
}

/// A written decimal, exactly.
pub(crate) fn fraction(decimal: Decimal) -> Fraction {
    let below = 10_i128.pow(u32::from(decimal.scale.min(18)));
    Fraction::new(i128::from(decimal.mantissa), below)
}

/// What a builtin makes of values, where it needs nothing but the values.
pub(super) fn apply(builtin: Builtin, values: &[Scalar]) -> Result<Scalar, RunError> {
    use Ordering::{Equal, Greater, Less};
    match (builtin, values) {
        (Builtin::And, values) => Ok(every(values, true)),
        (Builtin::Or, values) => Ok(every(values, false)),
        (Builtin::Not, [value]) => Ok(not(value)),
        (Builtin::Equal, [a, b]) => Ok(test(a, b, &[Equal])),
        (Builtin::NotEqual, [a, b]) => Ok(test(a, b, &[Less, Greater])),
        (Builtin::Less, [a, b]) => Ok(test(a, b, &[Less])),
        (Builtin::LessOrEqual, [a, b]) => Ok(test(a, b, &[Less, Equal])),
        (Builtin::Greater, [a, b]) => Ok(test(a, b, &[Greater])),
        (Builtin::GreaterOrEqual, [a, b]) => Ok(test(a, b, &[Greater, Equal])),
        (Builtin::In, [value, list @ ..]) => Ok(one_of(value, list)),
        (Builtin::IsMissing, [value]) => Ok(Scalar::Truth(*value == Scalar::NoData)),
        (Builtin::IsKnown, [value]) => Ok(Scalar::Truth(*value != Scalar::NoData)),
        (Builtin::Add, [a, b]) => a.add(b),
        (Builtin::Subtract, [a, b]) => a.subtract(b),
        (Builtin::Multiply, [a, b]) => a.multiply(b),
        (Builtin::Divide, [a, b]) => a.divide(b),
        (Builtin::Negate, [value]) => Scalar::whole(0).subtract(value),
        (Builtin::Floor, [value, step]) => value.floored(step),
        (Builtin::Score, [value, worst, best]) => value.score(worst, best),
        (Builtin::StartsWith, [a, b]) => Ok(texts(a, b, |a, b| a.starts_with(b))),
        (Builtin::Contains, [a, b]) => Ok(texts(a, b, |a, b| a.contains(b))),
        (Builtin::Matches, [a, b]) => matches(a, b),
        _ => Err(RunError::Broken("a function with other operands than it takes")),
    }
}

/// Whether all are true (`goal`), or whether all are false and so none is true.
fn every(values: &[Scalar], goal: bool) -> Scalar {
    if values.contains(&Scalar::Truth(!goal)) {
        Scalar::Truth(!goal)
    } else if values.iter().all(|value| *value == Scalar::Truth(goal)) {
        Scalar::Truth(goal)
    } else {
        Scalar::NoData
    }
}

fn not(value: &Scalar) -> Scalar {
    match value {
        Scalar::Truth(truth) => Scalar::Truth(!truth),
        _ => Scalar::NoData,
    }
}

fn test(a: &Scalar, b: &Scalar, wanted: &[Ordering]) -> Scalar {
    a.compare(b).map_or(Scalar::NoData, |order| Scalar::Truth(wanted.contains(&order)))
}

fn one_of(value: &Scalar, list: &[Scalar]) -> Scalar {
    let equal: Vec<Scalar> =
        list.iter().map(|other| test(value, other, &[Ordering::Equal])).collect();
    every(&equal, false)
}

fn texts(a: &Scalar, b: &Scalar, holds: impl Fn(&str, &str) -> bool) -> Scalar {
    match (a, b) {
        (Scalar::Text(a), Scalar::Text(b)) => Scalar::Truth(holds(a, b)),
        _ => Scalar::NoData,
    }
}

fn matches(text: &Scalar, pattern: &Scalar) -> Result<Scalar, RunError> {
    let (Scalar::Text(text), Scalar::Text(pattern)) = (text, pattern) else {
        return Ok(Scalar::NoData);
    };
    let pattern = regex::Regex::new(pattern)
        .map_err(|_| RunError::Broken("a pattern that was not checked"))?;
    Ok(Scalar::Truth(pattern.is_match(text)))
}

#[cfg(test)]
mod tests;
