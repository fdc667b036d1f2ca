//! The closed tables of kinds: what may be added, multiplied, divided, compared, joined.
//!
//! Each pair of kinds has a result or a code. Written values have taken the kind of what
//! stands beside them before a table is asked. The laws the tables obey (commutative,
//! associative, symmetric) are tests by enumeration.

use crate::diagnostic::Code;
use crate::syntax::Sign;
use crate::types::{Grain, Kind as K};

/// The grain of two operands together; none where a row meets a group.
pub(super) const fn grain(left: Grain, right: Grain) -> Option<Grain> {
    match (left, right) {
        (Grain::Constant, other) | (other, Grain::Constant) => Some(other),
        (Grain::Row, Grain::Row) => Some(Grain::Row),
        (Grain::Group, Grain::Group) => Some(Grain::Group),
        (Grain::Row, Grain::Group) | (Grain::Group, Grain::Row) => None,
    }
}

/// Whether values of a kind can be calculated with, else the code that says why not.
pub(super) const fn arithmetic(kind: K) -> Result<(), Code> {
    match kind {
        K::Truth => Err(Code::TruthArithmetic),
        K::Text | K::Category(_) | K::Calendar => Err(Code::TextArithmetic),
        K::Missing => Err(Code::MissingOperand),
        K::Day => Err(Code::DateArithmetic),
        K::Bare
        | K::Number
        | K::Ratio
        | K::Quotient
        | K::Duration
        | K::Money(_)
        | K::Instant
        | K::Unsound => Ok(()),
    }
}

/// The code of the first operand that cannot be calculated with; `Ok(true)` if one of
/// them was complained about already.
fn operands(left: K, right: K) -> Result<bool, Code> {
    if left == K::Unsound || right == K::Unsound {
        return Ok(true);
    }
    arithmetic(left)?;
    arithmetic(right)?;
    Ok(false)
}

/// The kind of `left + right` or `left - right`.
pub(super) fn sum(left: K, right: K, sign: Sign) -> Result<K, Code> {
    if operands(left, right)? {
        return Ok(K::Unsound);
    }
    match (left, right) {
        (K::Instant, _) | (_, K::Instant) => with_instant(left, right, sign),
        (K::Bare, K::Bare) => Ok(K::Bare),
        (K::Bare | K::Number | K::Quotient, K::Number)
        | (K::Number, K::Bare | K::Quotient) => Ok(K::Number),
        (K::Bare | K::Ratio | K::Quotient, K::Ratio)
        | (K::Ratio, K::Bare | K::Quotient) => Ok(K::Ratio),
        (K::Bare | K::Quotient, K::Quotient) | (K::Quotient, K::Bare) => Ok(K::Quotient),
        (K::Duration, K::Duration) => Ok(K::Duration),
        (K::Money(one), K::Money(other)) if one == other => Ok(left),
        (K::Money(_), K::Money(_)) => Err(Code::CurrenciesDiffer),
        (K::Duration | K::Money(_), K::Bare | K::Number)
        | (K::Bare | K::Number, K::Duration | K::Money(_)) => Err(Code::UnitExpected),
        (K::Number, K::Ratio)
        | (K::Ratio, K::Number)
        | (K::Duration | K::Money(_), K::Ratio | K::Quotient)
        | (K::Ratio | K::Quotient, K::Duration | K::Money(_)) => Err(Code::PercentOfWhat),
        _ => Err(Code::UnitsDiffer),
    }
}

/// The same where one operand is an instant.
const fn with_instant(left: K, right: K, sign: Sign) -> Result<K, Code> {
    match (left, right, sign) {
        (K::Instant, K::Instant, Sign::Minus) => Ok(K::Duration),
        (K::Instant, K::Instant, Sign::Plus) | (K::Duration, K::Instant, Sign::Minus) => {
            Err(Code::InstantArithmetic)
        }
        (K::Instant, K::Duration, _) | (K::Duration, K::Instant, Sign::Plus) => {
            Ok(K::Instant)
        }
        (K::Bare | K::Number, K::Instant, _) | (K::Instant, K::Bare | K::Number, _) => {
            Err(Code::UnitExpected)
        }
        _ => Err(Code::UnitsDiffer),
    }
}

/// The kind of `left * right`.
pub(super) fn product(left: K, right: K) -> Result<K, Code> {
    if operands(left, right)? {
        return Ok(K::Unsound);
    }
    match (left, right) {
        (K::Instant, _) | (_, K::Instant) => Err(Code::InstantArithmetic),
        (K::Duration | K::Money(_), K::Duration | K::Money(_)) => Err(Code::UnitProduct),
        (K::Duration | K::Money(_), _) => Ok(left),
        (_, K::Duration | K::Money(_)) => Ok(right),
        (K::Number, _) | (_, K::Number) => Ok(K::Number),
        (K::Ratio, _) | (_, K::Ratio) => Ok(K::Ratio),
        (K::Quotient, _) | (_, K::Quotient) => Ok(K::Quotient),
        _ => Ok(K::Bare),
    }
}

/// The kind of `left / right`.
pub(super) fn quotient(left: K, right: K) -> Result<K, Code> {
    if operands(left, right)? {
        return Ok(K::Unsound);
    }
    match (left, right) {
        (K::Instant, _) | (_, K::Instant) => Err(Code::InstantArithmetic),
        (K::Money(one), K::Money(other)) if one == other => Ok(K::Quotient),
        (K::Money(_), K::Money(_)) => Err(Code::CurrenciesDiffer),
        (_, K::Money(_)) => Err(Code::PerMoney),
        (K::Duration, K::Duration) => Ok(K::Quotient),
        (_, K::Duration) => Err(Code::PerDuration),
        (_, K::Bare) | (K::Duration | K::Money(_), _) => Ok(left),
        (K::Number, K::Ratio | K::Quotient) => Ok(K::Number),
        _ => Ok(K::Quotient),
    }
}

/// Whether two kinds can be compared: by `=`, or with an order.
pub(super) fn compare(left: K, right: K, ordered: bool) -> Result<(), Code> {
    let number = |kind| matches!(kind, K::Bare | K::Number | K::Ratio | K::Quotient);
    let unordered = || if ordered { Err(Code::NoOrder) } else { Ok(()) };
    match (left, right) {
        (K::Unsound, _) | (_, K::Unsound) => Ok(()),
        (K::Missing, _) | (_, K::Missing) => Err(Code::ComparedWithMissing),
        (K::Number, K::Ratio) | (K::Ratio, K::Number) => Err(Code::PercentOfWhat),
        _ if number(left) && number(right) => Ok(()),
        (K::Duration, K::Duration) | (K::Instant, K::Instant) | (K::Day, K::Day) => {
            Ok(())
        }
        (K::Money(one), K::Money(other)) if one == other => Ok(()),
        (K::Money(_), K::Money(_)) => Err(Code::CurrenciesDiffer),
        (K::Instant, K::Day) | (K::Day, K::Instant) => Err(Code::DateAndInstant),
        (K::Duration | K::Money(_), K::Bare | K::Number)
        | (K::Bare | K::Number, K::Duration | K::Money(_)) => Err(Code::UnitExpected),
        (K::Truth, K::Truth) | (K::Text, K::Text) => unordered(),
        (K::Category(_), K::Category(_) | K::Text) | (K::Text, K::Category(_))
            if ordered =>
        {
            Err(Code::NoOrder)
        }
        (K::Category(one), K::Category(other)) if one == other => Ok(()),
        (K::Category(_), K::Category(_)) => Err(Code::CategoriesDiffer),
        (K::Category(_), K::Text) | (K::Text, K::Category(_)) => {
            Err(Code::TextAndCategory)
        }
        _ => Err(Code::UnitsDiffer),
    }
}

/// The kind of either of two values: branches of `if`, operands of `or_else`.
pub(super) fn join(left: K, right: K) -> Result<K, Code> {
    match (left, right) {
        (K::Unsound, _) | (_, K::Unsound) => Ok(K::Unsound),
        (one, other) if one == other => Ok(one),
        (K::Missing, other) | (other, K::Missing) => Ok(other),
        (K::Bare, K::Number | K::Ratio | K::Quotient) => Ok(right),
        (K::Number | K::Ratio | K::Quotient, K::Bare) => Ok(left),
        (K::Number, K::Quotient) | (K::Quotient, K::Number) => Ok(K::Number),
        (K::Ratio, K::Quotient) | (K::Quotient, K::Ratio) => Ok(K::Ratio),
        (K::Duration | K::Money(_), K::Bare) | (K::Bare, K::Duration | K::Money(_)) => {
            Err(Code::UnitExpected)
        }
        (K::Money(_), K::Money(_)) => Err(Code::CurrenciesDiffer),
        _ => Err(Code::BranchesDiffer),
    }
}

#[cfg(test)]
mod tests;
