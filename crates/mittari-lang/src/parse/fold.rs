//! Precedence: a flat row of values and operators becomes a tree, loosest operator first.
//!
//! | level | operators |
//! |---|---|
//! | 1 | `or` |
//! | 2 | `and` |
//! | 3 | `not x` |
//! | 4 | comparisons, `in`, `between`, `is`: one without parentheses |
//! | 5 | `or_else`: arithmetic beside it stands in parentheses |
//! | 6 | `+ -` |
//! | 7 | `* /` |
//! | 8 | `-x` |
//! | 9 | `x at t` |
//!
//! Each level splits the row at its operators, so that chains become lists and nothing
//! recurses along a chain.

use pest::iterators::Pair;

use super::build::{Builder, Node, around, deepest};
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use super::row::{Infix, Prefix, Row};
use crate::syntax::{ExprKind, Factor, Sign};

impl Builder<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, pair: Pair<'_, Rule>) -> Node {
        let row = self.row(pair);
        self.disjunction(row)
    }

    /// An expression of arithmetic alone: what `between` compares with.
    pub(super) fn sum(&mut self, pair: Pair<'_, Rule>) -> Node {
        let row = self.row(pair);
        self.total(row)
    }

    fn disjunction(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| op == Infix::Or);
        let mut nodes: Vec<Node> =
            parts.into_iter().map(|part| self.conjunction(part)).collect();
        if ops.is_empty() {
            return self.only(&mut nodes);
        }
        let mixed: Vec<Place> = nodes
            .iter()
            .filter(|node| !node.parens && matches!(node.expr.kind, ExprKind::And(_)))
            .map(|node| node.place)
            .collect();
        if !mixed.is_empty() && !self.is_broken(around(&nodes)) {
            self.complain(complaints::and_or_mixed(&mixed));
        }
        if let Some(node) = self.or_of_values(&nodes, &ops) {
            return node;
        }
        self.chain(nodes, ExprKind::Or)
    }

    fn conjunction(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| op == Infix::And);
        let mut nodes: Vec<Node> =
            parts.into_iter().map(|part| self.denial(part)).collect();
        if ops.is_empty() {
            self.only(&mut nodes)
        } else {
            self.chain(nodes, ExprKind::And)
        }
    }

    /// `not` before a comparison.
    fn denial(&mut self, mut row: Row<'_>) -> Node {
        let mut nots = Vec::new();
        if let Some(first) = row.terms.first_mut() {
            let count = first
                .prefixes
                .iter()
                .take_while(|(sign, _)| *sign == Prefix::Not)
                .count();
            nots.extend(first.prefixes.drain(..count).map(|(_, place)| place));
        }
        let bare_if = !nots.is_empty() && row.ops.is_empty();
        let mut node = self.comparison(row);
        if bare_if {
            self.check_bare_if(&node);
        }
        for place in nots.into_iter().rev() {
            let whole = place.to(node.place);
            let depth = node.depth();
            node = self.node(ExprKind::Not(Box::new(node.expr)), whole, depth);
        }
        node
    }

    /// `a or_else b`.
    pub(super) fn alternative(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| op == Infix::OrElse);
        let mut nodes: Vec<Node> =
            parts.into_iter().map(|part| self.total(part)).collect();
        if ops.is_empty() {
            return self.only(&mut nodes);
        }
        let bare: Vec<(Place, bool)> = nodes
            .iter()
            .filter(|node| !node.parens)
            .filter_map(|node| match node.expr.kind {
                ExprKind::Sum(_) | ExprKind::Product(_) => Some((node.place, true)),
                ExprKind::At { .. } => Some((node.place, false)),
                _ => None,
            })
            .collect();
        for (place, arithmetic) in bare {
            self.complain(complaints::beside_or_else(place, arithmetic));
        }
        self.chain(nodes, ExprKind::OrElse)
    }

    pub(super) fn total(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| matches!(op, Infix::Plus | Infix::Minus));
        let mut nodes: Vec<Node> =
            parts.into_iter().map(|part| self.product(part)).collect();
        if ops.is_empty() {
            return self.only(&mut nodes);
        }
        let signs = ops
            .iter()
            .map(|(op, _)| if *op == Infix::Minus { Sign::Minus } else { Sign::Plus });
        let signs: Vec<Sign> = std::iter::once(Sign::Plus).chain(signs).collect();
        self.chain(nodes, |parts| ExprKind::Sum(signs.into_iter().zip(parts).collect()))
    }

    fn product(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| matches!(op, Infix::Times | Infix::Divide));
        let mut nodes: Vec<Node> =
            parts.into_iter().map(|part| self.signed(part)).collect();
        if ops.is_empty() {
            return self.only(&mut nodes);
        }
        let factors = ops.iter().map(|(op, _)| {
            if *op == Infix::Divide { Factor::Over } else { Factor::Times }
        });
        let factors: Vec<Factor> =
            std::iter::once(Factor::Times).chain(factors).collect();
        self.chain(nodes, |parts| {
            ExprKind::Product(factors.into_iter().zip(parts).collect())
        })
    }

    /// One value with the signs before it.
    fn signed(&mut self, row: Row<'_>) -> Node {
        let Some(term) = row.terms.into_iter().next() else {
            return self.unsound(Place::new(0, 0));
        };
        let Some(mut node) = term.node else { return self.unsound(term.place) };
        for (prefix, place) in term.prefixes.into_iter().rev() {
            let whole = place.to(node.place);
            let depth = node.depth();
            self.check_bare_if(&node);
            let kind = match prefix {
                Prefix::Negative => ExprKind::Negative(Box::new(node.expr)),
                Prefix::Not => {
                    self.complain(complaints::bare_not(whole));
                    ExprKind::Not(Box::new(node.expr))
                }
            };
            node = self.node(kind, whole, depth);
        }
        node
    }

    /// An `if` as an operand stands in parentheses.
    pub(super) fn check_bare_if(&mut self, node: &Node) {
        if !node.parens && matches!(node.expr.kind, ExprKind::If { .. }) {
            self.complain(complaints::bare_if(node.place));
        }
    }

    /// The only node of a list.
    pub(super) fn only(&self, nodes: &mut Vec<Node>) -> Node {
        nodes.pop().unwrap_or_else(|| self.unsound(Place::new(0, 0)))
    }

    /// Several nodes as one list.
    fn chain(
        &mut self,
        nodes: Vec<Node>,
        kind: impl FnOnce(Vec<crate::syntax::Expr>) -> ExprKind,
    ) -> Node {
        for node in &nodes {
            self.check_bare_if(node);
        }
        let place = around(&nodes);
        let depth = deepest(&nodes);
        let parts = nodes.into_iter().map(|node| node.expr).collect();
        self.node(kind(parts), place, depth)
    }
}
