//! Targets: judged against the unit of the formula and the direction that is better.

use super::complaints::card as of_cards;
use super::expr::{Checker, is_unsound};
use crate::card;
use crate::diagnostic::{Code, Diagnostic};
use crate::metric::{Bound, DimensionId, Direction, Target};
use crate::span::{Span, Spanned};
use crate::syntax::{self, Goal, GoalKind};
use crate::typed::{Expr, ExprKind};
use crate::types::{Kind, Unit};
use crate::value::{Decimal, Value};

/// What the targets of a formula are judged against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aim<'a> {
    /// The unit.
    pub(super) unit: Unit,
    /// Which way is better.
    pub(super) direction: Direction,
    /// Where the direction stands.
    pub(super) place: Span,
    /// What the formula may be broken down by.
    pub(super) possible: &'a [DimensionId],
}

impl Checker<'_, '_> {
    /// The targets of a formula, earliest first; those without a day before the others.
    pub(super) fn targets(&mut self, goals: &card::Goals, aim: Aim<'_>) -> Vec<Target> {
        let mut targets = Vec::new();
        if let Some(goal) = &goals.target {
            let near = goals.near.as_ref();
            targets.extend(self.target(&[], (goal, near), None, aim));
        } else if let Some(near) = &goals.near {
            self.say(of_cards::near_alone(near.span));
        }
        for target in &goals.targets {
            let since = target.since.map(|since| since.value);
            let (goal, near) = (&target.target, target.near.as_ref());
            targets.extend(self.target(&target.segment, (goal, near), since, aim));
        }
        targets.sort_by_key(|target| target.since);
        targets
    }

    /// One target.
    fn target(
        &mut self,
        segment: &[(Spanned<String>, Spanned<String>)],
        (goal, near): (&Goal, Option<&Goal>),
        since: Option<i32>,
        aim: Aim<'_>,
    ) -> Option<Target> {
        for (name, value) in segment {
            self.segment(name, value, aim.possible);
        }
        let bound = self.bound(goal, aim)?;
        let near = match near {
            Some(near) => Some(self.bound(near, aim)?),
            None => None,
        };
        let segment = segment
            .iter()
            .map(|(name, value)| (name.value.clone(), value.value.clone()))
            .collect();
        Some(Target { segment, bound, near, since, text: crate::print::goal(goal) })
    }

    /// The segment of a target: a breakdown of the formula and one of its values.
    fn segment(
        &mut self,
        name: &Spanned<String>,
        value: &Spanned<String>,
        possible: &[DimensionId],
    ) {
        let dimensions =
            possible.iter().filter_map(|id| self.made.dimensions.get(id.0 as usize));
        let found = dimensions.clone().find(|one| one.name == name.value);
        let Some(dimension) = found else {
            let names: Vec<String> = dimensions.map(|one| one.name.clone()).collect();
            let why = "not every call of the formula has it";
            let known = names.iter().map(String::as_str);
            self.say(super::complaints::names::unknown_breakdown(name, why, known));
            return;
        };
        if let Kind::Category(set) = dimension.kind {
            let values = self.made.set(set).to_vec();
            if !values.contains(&value.value) {
                let complaint = super::complaints::names::unknown_value(
                    value.span,
                    &name.value,
                    &value.value,
                    &values,
                );
                self.say(complaint);
            }
        }
    }

    /// The bound of a goal, in the base of its kind.
    fn bound(&mut self, goal: &Goal, aim: Aim<'_>) -> Option<Bound> {
        let fits = matches!(
            (&goal.kind, aim.direction),
            (GoalKind::AtLeast(_) | GoalKind::Over(_), Direction::Up)
                | (GoalKind::AtMost(_) | GoalKind::Under(_), Direction::Down)
                | (GoalKind::Between(..), Direction::Band)
        );
        if !fits {
            self.say(of_cards::target_direction(goal.span, aim.place, aim.direction));
            return None;
        }
        match &goal.kind {
            GoalKind::AtLeast(value) => Some(Bound::AtLeast(self.end(value, aim.unit)?)),
            GoalKind::AtMost(value) => Some(Bound::AtMost(self.end(value, aim.unit)?)),
            GoalKind::Over(value) => Some(Bound::Over(self.end(value, aim.unit)?)),
            GoalKind::Under(value) => Some(Bound::Under(self.end(value, aim.unit)?)),
            GoalKind::Between(low, high) => {
                let (low, high) = (self.end(low, aim.unit)?, self.end(high, aim.unit)?);
                if amount(&low) > amount(&high) {
                    self.say(of_cards::target_reversed(goal.span));
                    return None;
                }
                Some(Bound::Between(low, high))
            }
        }
    }

    /// One end of a bound: a written value or a parameter that fits the unit.
    fn end(&mut self, written: &syntax::Expr, unit: Unit) -> Option<Value> {
        let expr = self.expr(written);
        if is_unsound(&expr) {
            return None;
        }
        let value = in_unit(&expr, unit);
        if value.is_none() {
            let found = self.words(expr.ty.kind);
            self.say(mismatch(&expr, unit, &found));
        }
        value
    }
}

/// Says that a written value does not fit a unit.
fn mismatch(expr: &Expr, unit: Unit, found: &str) -> Diagnostic {
    if matches!(expr.kind, ExprKind::Literal(_)) {
        of_cards::target_unit(expr.span, unit, found)
    } else {
        let message = "a written value or a parameter is expected";
        Diagnostic::new(Code::TargetUnitMismatch, expr.span, message)
    }
}

/// A written value in the base of a unit's kind.
fn in_unit(expr: &Expr, unit: Unit) -> Option<Value> {
    let ExprKind::Literal(value) = &expr.kind else { return None };
    let zero = matches!(value, Value::Number(number) if number.mantissa == 0);
    match (unit, expr.ty.kind, value) {
        (Unit::Percent | Unit::Points, Kind::Ratio, _)
        | (Unit::Number | Unit::Count, Kind::Bare, _) => Some(value.clone()),
        (Unit::Percent, Kind::Bare, _) if zero => Some(value.clone()),
        (Unit::Points, Kind::Bare, Value::Number(number)) => {
            let scale = number.scale.checked_add(2)?;
            Some(Value::Number(Decimal { mantissa: number.mantissa, scale }))
        }
        (Unit::Money(wanted), Kind::Money(found), _) if wanted == found => {
            Some(value.clone())
        }
        (Unit::Money(_), Kind::Bare, _) if zero => Some(Value::Money(Decimal::whole(0))),
        (_, Kind::Duration, _) if unit.micros().is_some() => Some(value.clone()),
        (_, Kind::Bare, _) if zero && unit.micros().is_some() => Some(Value::Duration(0)),
        _ => None,
    }
}

/// The size of a written value, for an order among values of one kind.
fn amount(value: &Value) -> f64 {
    match value {
        Value::Number(number) | Value::Money(number) => number.to_f64(),
        Value::Duration(micros) => *micros as f64,
        _ => 0.0,
    }
}
