//! What a formula's value may be shown in.

use super::complaints::card as of_cards;
use crate::builtin::Builtin;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::typed::{Expr, ExprKind};
use crate::types::{Kind, Unit};
use crate::value::{Decimal, Value};

/// The units a kind can be shown in, as people read them.
fn shown_in(kind: Kind) -> String {
    match kind {
        Kind::Number | Kind::Bare => "`number` or `count`".into(),
        Kind::Ratio => "`percent` or `points`".into(),
        Kind::Quotient => "`percent`, `points` or `number`".into(),
        Kind::Duration => "`ms`, `s`, `min`, `h` or `d`".into(),
        Kind::Money(currency) => format!("`{}`", currency.code()),
        _ => "no unit".into(),
    }
}

/// Whether a kind can be shown in a unit.
const fn fits(kind: Kind, unit: Unit) -> bool {
    match unit {
        Unit::Percent | Unit::Points => matches!(kind, Kind::Ratio | Kind::Quotient),
        Unit::Number => matches!(kind, Kind::Number | Kind::Quotient | Kind::Bare),
        Unit::Count => matches!(kind, Kind::Number | Kind::Bare),
        Unit::Milliseconds | Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Days => {
            matches!(kind, Kind::Duration)
        }
        Unit::Money(_) => matches!(kind, Kind::Money(_)),
    }
}

/// Judges the unit of a card against its formula: once, at the top.
pub(super) fn judge(
    formula: &Expr,
    words: &str,
    unit: Unit,
    place: Span,
) -> Option<Diagnostic> {
    let kind = formula.ty.kind;
    if matches!(unit, Unit::Percent | Unit::Points) {
        let hundred = Value::Number(Decimal::whole(100));
        if let ExprKind::Call(Builtin::Multiply, factors) = &formula.kind
            && let Some(factor) = factors.iter().find(|factor| {
                matches!(&factor.kind, ExprKind::Literal(value) if *value == hundred)
            })
        {
            return Some(of_cards::times_hundred(factor.span, unit));
        }
    }
    if let (Kind::Money(found), Unit::Money(currency)) = (kind, unit)
        && found != currency
    {
        return Some(of_cards::unit_currency(formula.span, place, found, currency));
    }
    if kind == Kind::Unsound || fits(kind, unit) {
        return None;
    }
    Some(of_cards::unit_mismatch(formula.span, place, (words, &shown_in(kind)), unit))
}

/// The decimals of a unit where a card names none.
pub(super) const fn decimals(unit: Unit) -> u8 {
    match unit {
        Unit::Count | Unit::Points | Unit::Milliseconds => 0,
        Unit::Percent | Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Days => 1,
        Unit::Number | Unit::Money(_) => 2,
    }
}
