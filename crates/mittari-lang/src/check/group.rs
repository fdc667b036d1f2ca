//! Values of a group that are made of other metrics and formulas.

use super::complaints::{call as of_calls, names as of_names};
use super::expr::{Checker, contains, unsound};
use super::scope::Meant;
use crate::span::Span;
use crate::syntax::{Call, ExprKind as Written, Literal};
use crate::typed::{Expr, ExprKind, Function};
use crate::types::{Kind, Unit};

impl Checker<'_, '_> {
    /// Another formula of the card, by name.
    pub(super) fn formula(&mut self, name: &str, span: Span) -> Expr {
        let full = format!("{}.{name}", self.card.name);
        match self.made.formulas.get(&full).cloned() {
            Some(meant) => self.other(meant.formula, span),
            None => unsound(span),
        }
    }

    /// `metric("id")`, `metric("id.name")`: its formula is put in place.
    pub(super) fn metric(&mut self, call: &Call, span: Span) -> Expr {
        let Some([argument]) = self.arguments(call, &[], span) else {
            return unsound(span);
        };
        let Written::Literal(Literal::Text(name)) = &argument.kind else {
            return self.complain(of_calls::metric_name(argument.span));
        };
        if !self.group {
            return self.complain(of_calls::nested_aggregate(span, "metric"));
        }
        let world = self.world;
        let card = name.split_once('.').map_or(name.as_str(), |(card, _)| card);
        if world.broken.contains(card) {
            return self.complain(of_names::metric_unsound(argument.span, name));
        }
        if !world.metrics.contains(name) {
            let known = world.metrics.iter().map(String::as_str);
            return self.complain(of_names::unknown_metric(argument.span, name, known));
        }
        self.found.uses.push((name.clone(), argument.span));
        let Some(Meant { formula, unit }) = self.made.formulas.get(name).cloned() else {
            return self.complain(of_names::metric_unsound(argument.span, name));
        };
        let mut formula = self.other(formula, span);
        if formula.ty.kind == Kind::Quotient {
            formula.ty.kind = match unit {
                Unit::Percent | Unit::Points => Kind::Ratio,
                _ => Kind::Number,
            };
        }
        formula
    }

    /// A formula in place of its name.
    fn other(&mut self, formula: Expr, span: Span) -> Expr {
        if is_distribution(&formula) {
            return self.complain(of_calls::distribution_alone(span));
        }
        self.within_limits(Expr { span, ..formula }, span)
    }
}

/// Whether a formula gives a result for each value.
pub(super) fn is_distribution(formula: &Expr) -> bool {
    contains(formula, &|part| match &part.kind {
        ExprKind::Aggregate(call) => call.function == Function::Distribution,
        _ => false,
    })
}
