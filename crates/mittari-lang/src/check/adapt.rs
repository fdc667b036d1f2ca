//! Written values take the kind of what stands beside them.
//!
//! A text beside a category becomes one of its values, a `0` beside a duration or an
//! amount becomes one. "Beside" reaches through parentheses, signs, branches of `if`,
//! operands of `or_else`, parameters and tables of parameters; it never reaches a field.

use super::complaints::{kinds as of_kinds, names as of_names};
use super::expr::{Checker, is_unsound};
use super::kinds;
use crate::builtin::Builtin;
use crate::diagnostic::Code;
use crate::nearest::nearest;
use crate::span::Span;
use crate::typed::{Expr, ExprKind};
use crate::types::{Kind, SetId};
use crate::value::{Decimal, Value};

/// What to do with a text that is not among the values of a category.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unlisted {
    /// It is a mistake.
    Refuse,
    /// It is one value more, unless it looks like a misspelt one.
    Add,
}

impl Checker<'_, '_> {
    /// Lets written values on either side take the kind of the other.
    pub(super) fn adapt_both(&mut self, left: &mut Expr, right: &mut Expr) {
        let (one, other) = (left.ty.kind, right.ty.kind);
        self.adapt(left, other);
        self.adapt(right, one);
    }

    /// Lets a written value take a kind.
    pub(super) fn adapt(&mut self, expr: &mut Expr, beside: Kind) {
        match (expr.ty.kind, beside) {
            (Kind::Bare, Kind::Duration | Kind::Money(_)) if is_zero(expr) => {
                retype(expr, Kind::Bare, beside, &mut |value, _| nought(beside, value));
            }
            (Kind::Text, Kind::Category(set)) if is_written(expr) => {
                self.name_values(expr, set, Unlisted::Refuse);
            }
            _ => {}
        }
    }

    /// Turns written texts into values of a category; gives its list, which is a longer
    /// one if texts were added to it.
    fn name_values(&mut self, expr: &mut Expr, set: SetId, unlisted: Unlisted) -> SetId {
        let mut values = self.made.set(set).to_vec();
        let declared = values.len();
        let mut wrong: Vec<(Span, String)> = Vec::new();
        // The list may grow while the texts are read, so its number comes last.
        retype(expr, Kind::Text, Kind::Category(set), &mut |value, span| {
            let Value::Text(text) = value else { return };
            let place = values.iter().position(|known| known == text);
            let near = || nearest(text, values.iter().map(String::as_str)).is_some();
            let add = unlisted == Unlisted::Add && place.is_none() && !near();
            if place.is_none() && !add {
                wrong.push((span, text.clone()));
            }
            if add {
                values.push(text.clone());
            }
            let place = place.unwrap_or(if add { values.len() - 1 } else { 0 });
            *value = Value::Category(u32::try_from(place).unwrap_or(u32::MAX));
        });
        let name = self.made.set_name(set).to_owned();
        for (span, text) in &wrong {
            self.say(of_names::unknown_value(*span, &name, text, &values));
        }
        if !wrong.is_empty() {
            expr.ty.kind = Kind::Unsound;
        }
        if values.len() == declared {
            return set;
        }
        let longer = self.made.intern_set(&name, values);
        retype(expr, Kind::Category(set), Kind::Category(longer), &mut |_, _| {});
        longer
    }

    /// The kind of either of several values, each adapted to it; `None` after a
    /// complaint.
    pub(super) fn join(&mut self, values: &mut [Expr]) -> Option<Kind> {
        let mut set = values.iter().find_map(|value| match value.ty.kind {
            Kind::Category(set) => Some(set),
            _ => None,
        });
        for value in &mut *values {
            if let Some(of) = set
                && value.ty.kind == Kind::Text
                && is_written(value)
            {
                set = Some(self.name_values(value, of, Unlisted::Add));
            }
        }
        // Fields and values of the shorter list keep their numbers in the longer one.
        let lengthened = |kind| match (kind, set) {
            (Kind::Category(_), Some(set)) if self.extends(set, kind) => {
                Kind::Category(set)
            }
            _ => kind,
        };
        let unit = values
            .iter()
            .map(|value| value.ty.kind)
            .find(|kind| matches!(kind, Kind::Duration | Kind::Money(_)));
        let found: Vec<Kind> =
            values.iter().map(|value| lengthened(value.ty.kind)).collect();
        let mut joined: Option<Kind> = None;
        for (value, mut kind) in values.iter_mut().zip(found) {
            if let Some(unit) = unit {
                self.adapt(value, unit);
                kind = if kind == Kind::Bare { value.ty.kind } else { kind };
            }
            let before = joined.unwrap_or(kind);
            match kinds::join(before, kind) {
                Ok(kind) => joined = Some(kind),
                Err(code) => {
                    self.say_join(code, before, value);
                    return None;
                }
            }
        }
        let joined = joined.filter(|kind| *kind != Kind::Unsound)?;
        for value in values.iter_mut().filter(|value| value.ty.kind == Kind::Missing) {
            retype(value, Kind::Missing, joined, &mut |_, _| {});
        }
        Some(joined)
    }

    /// Whether a list of values begins with all of another.
    fn extends(&self, longer: SetId, kind: Kind) -> bool {
        let Kind::Category(shorter) = kind else { return false };
        self.made.set(longer).starts_with(self.made.set(shorter))
    }

    /// Says that a value has no kind in common with those before it.
    fn say_join(&mut self, code: Code, before: Kind, value: &Expr) {
        let (expected, found) = (self.words(before), self.words(value.ty.kind));
        self.say(of_kinds::branches(code, value.span, &expected, &found));
    }

    /// Gives written texts that stand beside no category a list of their own, so that
    /// they are groups in the order written.
    pub(super) fn own_values(&mut self, expr: &mut Expr, name: &str) {
        let one_of_several =
            matches!(expr.kind, ExprKind::Case(..) | ExprKind::Call(Builtin::OrElse, _));
        if expr.ty.kind != Kind::Text || !one_of_several || !is_written(expr) {
            return;
        }
        let mut values: Vec<String> = Vec::new();
        retype(expr, Kind::Text, Kind::Text, &mut |value, _| {
            if let Value::Text(text) = value
                && !values.contains(text)
            {
                values.push(text.clone());
            }
        });
        let set = self.made.intern_set(name, values);
        self.name_values(expr, set, Unlisted::Refuse);
    }
}

/// Whether every value an expression may give was written out.
pub(super) fn is_written(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => !is_unsound(expr),
        ExprKind::Call(Builtin::Negate | Builtin::OrElse, values) => {
            values.iter().all(is_written)
        }
        ExprKind::Case(branches, otherwise) => {
            branches.iter().all(|(_, value)| is_written(value)) && is_written(otherwise)
        }
        ExprKind::Table(_) => true,
        ExprKind::Column(_)
        | ExprKind::Instant(_)
        | ExprKind::Call(..)
        | ExprKind::Related(_)
        | ExprKind::Aggregate(_) => false,
    }
}

/// Whether every value it may give is a written zero, or none.
fn is_zero(expr: &Expr) -> bool {
    let mut zero = true;
    let mut copy = expr.clone();
    retype(&mut copy, Kind::Bare, Kind::Bare, &mut |value, _| {
        zero &= match value {
            Value::Number(number) => number.mantissa == 0,
            other => *other == Value::Missing,
        };
    });
    zero && is_written(expr)
}

/// A zero of a kind in place of a written zero.
fn nought(kind: Kind, value: &mut Value) {
    match (kind, &*value) {
        (Kind::Duration, Value::Number(_)) => *value = Value::Duration(0),
        (Kind::Money(_), Value::Number(_)) => *value = Value::Money(Decimal::whole(0)),
        _ => {}
    }
}

/// Gives an expression and the written values in it another kind, and visits them.
fn retype(
    expr: &mut Expr,
    from: Kind,
    to: Kind,
    visit: &mut dyn FnMut(&mut Value, Span),
) {
    if expr.ty.kind != from && expr.ty.kind != Kind::Missing {
        return;
    }
    expr.ty.kind = to;
    let span = expr.span;
    match &mut expr.kind {
        ExprKind::Literal(value) => visit(value, span),
        ExprKind::Call(Builtin::Negate | Builtin::OrElse, values) => {
            for value in values {
                retype(value, from, to, visit);
            }
        }
        ExprKind::Case(branches, otherwise) => {
            for (_, value) in branches {
                retype(value, from, to, visit);
            }
            retype(otherwise, from, to, visit);
        }
        ExprKind::Table(table) => {
            for edition in &mut table.editions {
                for (_, value) in &mut edition.rows {
                    visit(value, span);
                }
                visit(&mut edition.otherwise, span);
            }
        }
        ExprKind::Column(_)
        | ExprKind::Instant(_)
        | ExprKind::Call(..)
        | ExprKind::Related(_)
        | ExprKind::Aggregate(_) => {}
    }
}
