//! Comparisons: at most one without parentheses, and those that are tests in disguise.

use pest::iterators::Pair;

use super::build::{Builder, Node, around, deepest};
use super::complaint::Edit;
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use super::row::{Infix, Row};
use super::tail::Test;
use crate::syntax::{CompareOp, ExprKind, Literal};

/// A link of a row of comparisons.
enum Link<'i> {
    Compare(CompareOp, Place),
    Tail(Pair<'i, Rule>),
}

impl Builder<'_> {
    /// At most one comparison or test.
    pub(super) fn comparison(&mut self, row: Row<'_>) -> Node {
        let (parts, ops) = row.split(|op| matches!(op, Infix::Compare(_)));
        let mut links = Vec::new();
        let mut nodes = Vec::new();
        let mut ops = ops.into_iter();
        for part in parts {
            let (node, tails) = self.compared(part);
            nodes.push(node);
            links.extend(tails.into_iter().map(Link::Tail));
            if let Some((Infix::Compare(op), place)) = ops.next() {
                links.push(Link::Compare(op, place));
            }
        }
        let single = links.len() == 1;
        match links.pop() {
            None => self.only(&mut nodes),
            Some(Link::Tail(tail)) if single => {
                let node = self.only(&mut nodes);
                self.tail(node, tail)
            }
            Some(Link::Compare(op, place)) if single => self.compare(nodes, op, place),
            Some(last) => {
                links.push(last);
                self.chained(&nodes, &links)
            }
        }
    }

    /// One side of a comparison, and the tests behind it.
    fn compared<'i>(&mut self, mut row: Row<'i>) -> (Node, Vec<Pair<'i, Rule>>) {
        let last = row.terms.len().saturating_sub(1);
        for (number, term) in row.terms.iter_mut().enumerate() {
            if number < last && !term.tails.is_empty() {
                // `x is missing + 1`: the test is an operand without its parentheses.
                let place = term.place;
                let op = row.ops.get(number).map_or(place, |(_, place)| *place);
                let sign = self.slice(op).to_owned();
                self.complain(complaints::test_in_arithmetic(op, &sign));
                term.tails.clear();
                term.node = Some(self.unsound(place));
            }
        }
        let tails = row.terms.last_mut().map(|term| std::mem::take(&mut term.tails));
        (self.alternative(row), tails.unwrap_or_default())
    }

    /// More than one comparison in a row.
    fn chained(&mut self, nodes: &[Node], links: &[Link<'_>]) -> Node {
        let place = around(nodes);
        let tail_end = links.iter().map(|link| match link {
            Link::Compare(_, place) => place.end,
            Link::Tail(pair) => Self::trimmed(pair).end,
        });
        let place = Place::new(place.start, tail_end.fold(place.end, usize::max));
        if self.empty_tail(links) {
            return self.unsound(place);
        }
        let signs = links.iter().filter(|link| matches!(link, Link::Compare(..))).count();
        let second = match links.get(1) {
            Some(Link::Compare(_, place)) => *place,
            Some(Link::Tail(pair)) => Self::trimmed(pair),
            None => place,
        };
        let edit = match nodes {
            [_, middle, _] if signs == 2 && links.len() == 2 => {
                let words = format!(" and {}", self.slice(middle.place));
                let simple = middle.parens
                    || matches!(
                        middle.expr.kind,
                        ExprKind::Name(_) | ExprKind::Literal(_)
                    );
                simple.then(|| Edit::insert(middle.place.end, &words))
            }
            _ => None,
        };
        if !nodes.iter().any(Node::is_unsound) {
            self.complain(complaints::chained(second, edit));
        }
        self.unsound(place)
    }

    /// Whether a test of a row lacks what follows its word, which is then said.
    fn empty_tail(&mut self, links: &[Link<'_>]) -> bool {
        let empty = links.iter().find_map(|link| match link {
            Link::Tail(pair) => {
                let mut parts = pair.clone().into_inner();
                parts.find(|part| part.as_rule() == Rule::nothing)
            }
            Link::Compare(..) => None,
        });
        let Some(empty) = empty else { return false };
        self.nothing(empty.as_span().start());
        true
    }

    /// One comparison.
    fn compare(&mut self, nodes: Vec<Node>, op: CompareOp, sign: Place) -> Node {
        let place = around(&nodes);
        let depth = deepest(&nodes);
        let mut nodes = nodes.into_iter();
        let (Some(left), Some(right)) = (nodes.next(), nodes.next()) else {
            return self.unsound(place);
        };
        self.check_bare_if(&left);
        self.check_bare_if(&right);
        if let Some(node) = self.compared_with_missing(&left, op, sign, &right) {
            return node;
        }
        if matches!(right.expr.kind, ExprKind::List(_))
            && matches!(op, CompareOp::Equal | CompareOp::NotEqual)
        {
            return self.equals_list(left, op, sign, right);
        }
        let (left, right) = (Box::new(left.expr), Box::new(right.expr));
        self.node(ExprKind::Compare { left, op, right }, place, depth)
    }

    /// `x = "a" or "b"`: the commonest way to miss a list.
    pub(super) fn or_of_values(
        &mut self,
        nodes: &[Node],
        ops: &[(Infix, Place)],
    ) -> Option<Node> {
        let is_value = |node: &Node| {
            matches!(&node.expr.kind, ExprKind::Literal(literal)
                if !matches!(literal, Literal::Truth(_) | Literal::Missing))
        };
        let (first, others) = nodes.split_first()?;
        if others.is_empty() || !others.iter().all(is_value) {
            return None;
        }
        let ExprKind::Compare { left, op: CompareOp::Equal, right } = &first.expr.kind
        else {
            return None;
        };
        if first.parens || !matches!(right.kind, ExprKind::Literal(_)) {
            return None;
        }
        let name = match &left.kind {
            ExprKind::Name(path) => crate::print::path(path),
            _ => return None,
        };
        let place = around(nodes);
        let values = std::iter::once(right.as_ref())
            .chain(others.iter().map(|node| &node.expr))
            .map(crate::print::expression)
            .collect::<Vec<_>>()
            .join(", ");
        let list = format!("{name} in [{values}]");
        let first_or = ops.first().map_or(place, |(_, place)| *place);
        self.complain(complaints::or_of_values(
            Place::new(first_or.start, place.end),
            &list,
            Edit::replace(place, &list),
        ));
        Some(self.unsound(place))
    }

    /// `x = missing`, `x != null`: nothing is equal to a missing value.
    fn compared_with_missing(
        &mut self,
        left: &Node,
        op: CompareOp,
        sign: Place,
        right: &Node,
    ) -> Option<Node> {
        let absent = |node: &Node| match &node.expr.kind {
            ExprKind::Literal(Literal::Missing) => true,
            _ => node.name().is_some_and(|name| {
                ["null", "none", "nil"].contains(&name.to_lowercase().as_str())
            }),
        };
        let place = left.place.to(right.place);
        let test = match op {
            CompareOp::Equal => Some(Test::Missing),
            CompareOp::NotEqual => Some(Test::Known),
            _ => None,
        };
        if absent(right) {
            let tail = Place::new(sign.start, right.place.end);
            let edit = test.map(|test| {
                let before = self.slice(Place::new(left.place.end, sign.start));
                let blank = if before.is_empty() { " " } else { "" };
                Edit::replace(tail, &format!("{blank}{}", test.words()))
            });
            self.retract(tail);
            self.complain(complaints::compared_with_missing(tail, edit));
        } else if absent(left) {
            self.complain(complaints::compared_with_missing(place, None));
        } else {
            return None;
        }
        Some(self.unsound(place))
    }

    /// `x = ["a", "b"]`.
    fn equals_list(
        &mut self,
        left: Node,
        op: CompareOp,
        sign: Place,
        right: Node,
    ) -> Node {
        let negated = op == CompareOp::NotEqual;
        let word = if negated { "not in" } else { "in" };
        let edit = self.spaced(sign, word);
        let found = self.slice(sign).to_owned();
        self.complain(complaints::equals_list(sign, &found, word, edit));
        self.within(left, right, negated)
    }
}
