//! The kinds of values that are written in the language: formulas, targets, durations.

use serde_json::{Value as Json, json};

use crate::card::Dating;
use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::parse::{self, Written};
use crate::place::Located;
use crate::span::Spanned;
use crate::syntax::{Expr, ExprKind, Goal, Literal, Window};

use super::complaints;
use super::cx::Cx;
use super::field::Kind;
use super::kinds::scalar_schema;
use super::yaml::Node;

/// Takes the value and says what was said.
fn taken<T>(outcome: Outcome<T>, cx: &mut Cx<'_>) -> T {
    cx.said.extend(outcome.diagnostics);
    outcome.value
}

/// The expression in a text; one that was complained about is none.
pub(crate) fn expression(text: &Located, cx: &mut Cx<'_>) -> Option<Expr> {
    let mut outcome = parse::formula(text);
    for complaint in &mut outcome.diagnostics {
        if complaint.code == Code::TextNotEnded
            && let Some(comment) = cx.comment_behind(text.whole())
        {
            let cut = complaints::formula_cut(complaint.clone(), comment, &cx.key.value);
            *complaint = cut;
        }
    }
    let sound = !outcome.diagnostics.iter().any(Diagnostic::is_error);
    let expr = taken(outcome, cx);
    (sound && expr.kind != ExprKind::Unsound).then_some(expr)
}

/// An expression.
pub(crate) struct Formula;

impl Kind for Formula {
    type Out = Expr;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Expr> {
        let text = cx.text(node, "a formula")?;
        expression(text, cx)
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a formula".into()
    }
}

/// A target or its amber edge.
pub(crate) struct GoalKind;

impl Kind for GoalKind {
    type Out = Goal;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Goal> {
        let text = cx.text(node, "a target")?;
        taken(parse::goal(text), cx)
    }

    fn schema() -> Json {
        json!({"type": "string"})
    }

    fn words() -> String {
        "a target, as `at least 80 %`".into()
    }
}

/// `opened_at until resolved_at`.
pub(crate) struct Stock;

impl Kind for Stock {
    type Out = Dating;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Dating> {
        let text = cx.text(node, &Self::words())?;
        let (from, until) = taken(parse::stock(text), cx)?;
        let span = from.span.to(until.span);
        Some(Dating::Open { from, until, span })
    }

    fn schema() -> Json {
        json!({"type": "string"})
    }

    fn words() -> String {
        "two instants, as `opened_at until resolved_at`".into()
    }
}

/// `12 months`.
pub(crate) struct WindowKind;

impl Kind for WindowKind {
    type Out = Spanned<Window>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, &Self::words())?;
        taken(parse::window(text), cx)
    }

    fn schema() -> Json {
        json!({"type": "string"})
    }

    fn words() -> String {
        "a number of periods, as `12 months`".into()
    }
}

/// A written value or a bare text.
pub(crate) struct Value;

impl Value {
    /// The value of a text.
    pub(crate) fn of(text: &Located, cx: &mut Cx<'_>) -> Option<Spanned<Literal>> {
        let outcome = parse::value(text);
        let sound = !outcome.diagnostics.iter().any(Diagnostic::is_error);
        let literal = match taken(outcome, cx) {
            Written::Literal(literal) => literal,
            Written::Text(text) => Literal::Text(text),
        };
        let len = text.text.trim_end().len();
        let start = text.text.len() - text.text.trim_start().len();
        sound.then(|| Spanned::new(literal, text.span(start..len.max(start))))
    }
}

impl Kind for Value {
    type Out = Spanned<Literal>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "a written value")?;
        Self::of(text, cx)
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a written value, as `20 s`, or a text".into()
    }
}

/// A length of time, in microseconds.
pub(crate) struct Duration;

impl Kind for Duration {
    type Out = Spanned<i64>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let value = Value::read(node, cx)?;
        match value.value {
            Literal::Duration { micros, .. } if micros >= 0 => {
                Some(Spanned::new(micros, value.span))
            }
            Literal::Number(_) => {
                let message = "a duration is expected, found a number without a unit";
                cx.say(Diagnostic::new(Code::UnitExpected, value.span, message));
                None
            }
            _ => {
                let found = cx.text(node, "a duration")?.text.clone();
                cx.say(complaints::word(value.span, &Self::words(), &found));
                None
            }
        }
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a duration, as `7 d`".into()
    }
}
