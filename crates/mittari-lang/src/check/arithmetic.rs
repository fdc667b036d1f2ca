//! Sums, products and signs.

use std::collections::VecDeque;

use super::complaints::kinds as of_kinds;
use super::expr::{Checker, is_unsound, unsound};
use super::kinds;
use crate::builtin::Builtin;
use crate::diagnostic::Code;
use crate::span::Span;
use crate::syntax::{self, ExprKind as Written, Factor, Sign};
use crate::typed::{Expr, ExprKind};
use crate::types::{Kind, Unit};
use crate::value::{Decimal, Value};

impl Checker<'_, '_> {
    /// `a + b - c`, from left to right.
    pub(super) fn sum(&mut self, terms: &[(Sign, syntax::Expr)], span: Span) -> Expr {
        if let Some(complaint) = self.joined_name(terms) {
            return self.complain(complaint);
        }
        let mut total: Option<Expr> = None;
        for (sign, written) in terms {
            let mut term = self.expr(written);
            let Some(mut before) = total.take() else {
                total = Some(if *sign == Sign::Minus {
                    self.negated(term, span)
                } else {
                    term
                });
                continue;
            };
            self.adapt_both(&mut before, &mut term);
            let here = before.span.to(term.span);
            let builtin =
                if *sign == Sign::Plus { Builtin::Add } else { Builtin::Subtract };
            let kind = kinds::sum(before.ty.kind, term.ty.kind, *sign);
            total = Some(self.computed(builtin, (before, term), kind, here));
        }
        spanned(total, span)
    }

    /// `a * b / c`, from left to right; but where a unit would be multiplied with a unit
    /// and is divided out later in the row, it is divided out first.
    pub(super) fn product(
        &mut self,
        factors: &[(Factor, syntax::Expr)],
        span: Span,
    ) -> Expr {
        let mut typed: VecDeque<(Factor, Expr)> = factors
            .iter()
            .map(|(factor, written)| (*factor, self.expr(written)))
            .collect();
        let Some((_, mut total)) = typed.pop_front() else { return unsound(span) };
        while let Some((factor, mut next)) = typed.pop_front() {
            if factor == Factor::Times
                && kinds::product(total.ty.kind, next.ty.kind) == Err(Code::UnitProduct)
            {
                if let Some(divisor) = divisor(&mut typed, next.ty.kind) {
                    next = self.divided(next, divisor);
                } else if let Some(divisor) = divisor(&mut typed, total.ty.kind) {
                    total = self.divided(total, divisor);
                }
            }
            total = match factor {
                Factor::Times => {
                    let here = total.span.to(next.span);
                    let kind = kinds::product(total.ty.kind, next.ty.kind);
                    self.computed(Builtin::Multiply, (total, next), kind, here)
                }
                Factor::Over => self.divided(total, next),
            };
        }
        spanned(Some(total), span)
    }

    /// `a / b`.
    fn divided(&mut self, left: Expr, right: Expr) -> Expr {
        let here = left.span.to(right.span);
        let kind = kinds::quotient(left.ty.kind, right.ty.kind);
        let maybe = !is_nonzero(&right);
        let mut over = self.computed(Builtin::Divide, (left, right), kind, here);
        over.ty.maybe |= maybe && !is_unsound(&over);
        over
    }

    /// Two operands and the kind the tables gave, or why they gave none.
    fn computed(
        &mut self,
        builtin: Builtin,
        (left, right): (Expr, Expr),
        kind: Result<Kind, Code>,
        span: Span,
    ) -> Expr {
        match kind {
            Ok(kind) => self.apply(builtin, vec![left, right], kind, span),
            Err(code) => self.refuse(builtin, code, (&left, &right), span),
        }
    }

    /// Says why two values cannot be calculated with each other.
    fn refuse(
        &mut self,
        builtin: Builtin,
        code: Code,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Expr {
        if self.grain([left, right].into_iter(), span).is_none() {
            return unsound(span);
        }
        let bare = |expr: &&&Expr| matches!(expr.ty.kind, Kind::Bare | Kind::Number);
        let refused = |expr: &&&Expr| kinds::arithmetic(expr.ty.kind) == Err(code);
        let sides = [left, right];
        let place = match code {
            Code::UnitExpected => sides.iter().rev().find(bare),
            Code::TruthArithmetic | Code::TextArithmetic | Code::MissingOperand => {
                sides.iter().find(refused)
            }
            _ => None,
        };
        let place = place.map_or(span, |side| side.span);
        let words = (self.words(left.ty.kind), self.words(right.ty.kind));
        let unit = self.offered_unit(left).or_else(|| self.offered_unit(right));
        let complaint =
            of_kinds::calculated(code, place, builtin, (&words.0, &words.1), unit);
        self.complain(complaint)
    }

    /// `-a`.
    pub(super) fn negative(&mut self, written: &syntax::Expr, span: Span) -> Expr {
        let operand = self.expr(written);
        self.negated(operand, span)
    }

    /// The opposite of a value; of a written one another written one.
    fn negated(&mut self, operand: Expr, span: Span) -> Expr {
        let kind = operand.ty.kind;
        let refused = match kind {
            Kind::Instant => Err(Code::InstantArithmetic),
            kind => kinds::arithmetic(kind),
        };
        if let Err(code) = refused {
            let word = self.words(kind);
            let complaint = of_kinds::calculated(
                code,
                operand.span,
                Builtin::Negate,
                (&word, &word),
                None,
            );
            return self.complain(complaint);
        }
        if let ExprKind::Literal(value) = &operand.kind
            && let Some(value) = opposite(value)
        {
            self.move_notes(operand.span, span);
            return Expr { kind: ExprKind::Literal(value), span, ..operand };
        }
        self.apply(Builtin::Negate, vec![operand], kind, span)
    }

    /// What was noted of a place holds for the larger place around it.
    fn move_notes(&mut self, from: Span, to: Span) {
        if self.found.in_days.contains(&from) {
            self.found.in_days.insert(to);
        }
        if let Some(origin) = self.found.origins.get(&from).cloned() {
            self.found.origins.insert(to, origin);
        }
    }

    /// The unit the vocabulary names for a field, to be offered where one is wanted.
    pub(super) fn offered_unit(&self, expr: &Expr) -> Option<Unit> {
        let ExprKind::Column(column) = expr.kind else { return None };
        self.world.schema.column(column)?.unit
    }

    /// A field whose name was written with a minus: `closed-at`.
    fn joined_name(
        &self,
        terms: &[(Sign, syntax::Expr)],
    ) -> Option<crate::diagnostic::Diagnostic> {
        let table = self.table?;
        let [(Sign::Plus, left), (Sign::Minus, right)] = terms else { return None };
        let (one, other) = (single(left)?, single(right)?);
        let fields = self.world.fields(table);
        let joined = format!("{one}_{other}");
        let meant = fields.contains(&joined.as_str()) && !fields.contains(&one);
        meant.then(|| {
            let span = left.span.to(right.span);
            super::complaints::names::minus_in_name(span, &joined)
        })
    }
}

/// The whole with its parentheses.
fn spanned(total: Option<Expr>, span: Span) -> Expr {
    total.map_or_else(|| unsound(span), |total| Expr { span, ..total })
}

/// Takes out of a row of factors the first divisor of a kind.
fn divisor(factors: &mut VecDeque<(Factor, Expr)>, kind: Kind) -> Option<Expr> {
    let place = factors
        .iter()
        .position(|(factor, expr)| *factor == Factor::Over && expr.ty.kind == kind)?;
    factors.remove(place).map(|(_, expr)| expr)
}

/// The name, if an expression is one.
pub(super) fn single(written: &syntax::Expr) -> Option<&str> {
    let Written::Name(path) = &written.kind else { return None };
    let [name] = path.parts.as_slice() else { return None };
    Some(&name.value)
}

/// Whether it is a written value other than zero.
fn is_nonzero(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Value::Number(number) | Value::Money(number)) => {
            number.mantissa != 0
        }
        ExprKind::Literal(Value::Duration(micros)) => *micros != 0,
        _ => false,
    }
}

/// The opposite of a written value.
fn opposite(value: &Value) -> Option<Value> {
    let turned = |number: &Decimal| {
        let mantissa = number.mantissa.checked_neg()?;
        Some(Decimal { mantissa, scale: number.scale })
    };
    match value {
        Value::Number(number) => Some(Value::Number(turned(number)?)),
        Value::Money(amount) => Some(Value::Money(turned(amount)?)),
        Value::Duration(micros) => Some(Value::Duration(micros.checked_neg()?)),
        _ => None,
    }
}
