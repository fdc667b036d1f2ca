//! Targets: a side and a written value, in words or in signs.

use pest::iterators::Pair;

use super::build::{Builder, Node};
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use crate::syntax::{Expr, ExprKind, Goal, GoalKind};

/// Which side of the value is good.
#[derive(Clone, Copy)]
enum Side {
    AtLeast,
    AtMost,
    Over,
    Under,
}

impl Side {
    /// The target with this side.
    const fn of(self, value: Expr) -> GoalKind {
        match self {
            Self::AtLeast => GoalKind::AtLeast(value),
            Self::AtMost => GoalKind::AtMost(value),
            Self::Over => GoalKind::Over(value),
            Self::Under => GoalKind::Under(value),
        }
    }
}

/// Other words for a side, in small letters; longer ones first.
const WORDS: &[(&str, &str)] = &[
    ("not more than", "at most"),
    ("no more than", "at most"),
    ("not less than", "at least"),
    ("no less than", "at least"),
    ("greater than", "over"),
    ("more than", "over"),
    ("higher than", "over"),
    ("fewer than", "under"),
    ("less than", "under"),
    ("lower than", "under"),
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("up to", "at most"),
    ("above", "over"),
    ("below", "under"),
    ("least", "at least"),
    ("most", "at most"),
    ("max", "at most"),
    ("min", "at least"),
];

impl Builder<'_> {
    /// A target.
    pub(super) fn goal(&mut self, pair: Pair<'_, Rule>) -> Option<Goal> {
        let whole = Self::trimmed(&pair);
        if let Some((place, meant)) = self.other_words(whole) {
            let found = self.slice(place);
            self.complain(complaints::target_word(place, found, meant));
            return None;
        }
        let mut side = None;
        let mut kind = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::goal_bound => side = Some(self.side(part)?),
                Rule::goal_between => kind = Some(self.goal_between(part)?),
                Rule::expr => {
                    let node = self.expr(part);
                    let Some(side) = side else {
                        if !node.is_unsound() {
                            let found = self.quote(node.place);
                            self.complain(complaints::target_bound(node.place, &found));
                        }
                        return None;
                    };
                    kind = Some(side.of(self.bound(node)?));
                }
                Rule::rest => {
                    let place = Self::trimmed(&part);
                    if self.complaints.is_empty() {
                        self.complain(complaints::target_surplus(
                            place,
                            &self.quote(place),
                        ));
                    }
                    return None;
                }
                _ => {}
            }
        }
        Some(Goal { kind: kind?, span: self.span(whole) })
    }

    /// Words of a side that are none of the language's, if the target begins with them.
    fn other_words(&self, whole: Place) -> Option<(Place, &'static str)> {
        let text = self.slice(whole);
        WORDS.iter().find_map(|(words, meant)| {
            let head = text.get(..words.len())?;
            let next = text.get(words.len()..)?.chars().next();
            let ends = next.is_some_and(super::signs::is_blank);
            let place = Place::new(whole.start, whole.start + words.len());
            (ends && head.eq_ignore_ascii_case(words)).then_some((place, *meant))
        })
    }

    fn side(&mut self, pair: Pair<'_, Rule>) -> Option<Side> {
        let inner = pair.into_inner().next()?;
        let place = Place::of(&inner);
        if inner.as_rule() != Rule::cmp_op {
            self.keyword(&inner);
        }
        match inner.as_rule() {
            Rule::at_least => Some(Side::AtLeast),
            Rule::at_most => Some(Side::AtMost),
            Rule::over => Some(Side::Over),
            Rule::under => Some(Side::Under),
            _ => {
                let (sign, side) = match inner.as_str() {
                    ">=" | "=>" | "≥" => (">=", Side::AtLeast),
                    "<=" | "=<" | "≤" => ("<=", Side::AtMost),
                    ">" => (">", Side::Over),
                    "<" => ("<", Side::Under),
                    _ => {
                        self.complain(complaints::target_equal(
                            place,
                            &self.quote(place),
                        ));
                        return None;
                    }
                };
                self.operator(&inner, sign);
                Some(side)
            }
        }
    }

    fn goal_between(&mut self, pair: Pair<'_, Rule>) -> Option<GoalKind> {
        let whole = Self::trimmed(&pair);
        let said = self.complaints.len();
        let mut ends = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_between | Rule::kw_and => self.keyword(&part),
                _ => ends.push(self.sum(part)),
            }
        }
        let mut ends = ends.into_iter();
        let (Some(low), Some(high)) = (ends.next(), ends.next()) else {
            self.complaints.truncate(said);
            self.complain(complaints::between_and(whole));
            return None;
        };
        let (low, high) = (self.bound(low), self.bound(high));
        Some(GoalKind::Between(low?, high?))
    }

    /// A written value or a parameter.
    fn bound(&mut self, node: Node) -> Option<Expr> {
        let is_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
        let sound = match &node.expr.kind {
            ExprKind::Literal(_) | ExprKind::Subscript { .. } => true,
            ExprKind::Name(path) => path.parts.len() == 1,
            ExprKind::Negative(inner) => is_literal(inner),
            ExprKind::Unsound => return None,
            _ => false,
        };
        if sound {
            return Some(node.expr);
        }
        self.complain(complaints::target_value(node.place, &self.quote(node.place)));
        None
    }
}
