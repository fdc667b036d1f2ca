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

use super::build::{Builder, Node, Place, deepest};
use super::complaints::{self, Edit};
use super::grammar::Rule;
use crate::syntax::{CompareOp, ExprKind, Factor, Literal, Sign};

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Infix {
    Or,
    And,
    Compare(CompareOp),
    OrElse,
    Plus,
    Minus,
    Times,
    Divide,
}

/// A sign before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Not,
    Negative,
}

/// A value of the row, with the signs before it and the tests behind it.
pub(super) struct Term<'i> {
    prefixes: Vec<(Prefix, Place)>,
    node: Option<Node>,
    tails: Vec<Pair<'i, Rule>>,
    place: Place,
}

/// A part of the row: values and the operators between them, one less.
#[derive(Default)]
pub(super) struct Row<'i> {
    terms: Vec<Term<'i>>,
    ops: Vec<(Infix, Place)>,
}

impl<'i> Row<'i> {
    /// The parts between the operators that a test picks, and these operators.
    fn split(self, pick: impl Fn(Infix) -> bool) -> (Vec<Self>, Vec<(Infix, Place)>) {
        let (mut parts, mut between) = (vec![Self::default()], Vec::new());
        let mut ops = self.ops.into_iter();
        for term in self.terms {
            if let Some(part) = parts.last_mut() {
                part.terms.push(term);
            }
            match ops.next() {
                Some(op) if pick(op.0) => {
                    between.push(op);
                    parts.push(Self::default());
                }
                Some(op) => {
                    if let Some(part) = parts.last_mut() {
                        part.ops.push(op);
                    }
                }
                None => {}
            }
        }
        (parts, between)
    }
}

/// A link of a row of comparisons.
enum Link<'i> {
    Compare(CompareOp, Place),
    Tail(Pair<'i, Rule>),
}

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

    /// The flat row of an expression; values without an operator between them have
    /// become one node, and each `at` has its instant.
    fn row<'i>(&mut self, pair: Pair<'i, Rule>) -> Row<'i> {
        let start = pair.as_span().start();
        let mut row = Row::default();
        let mut prefixes = Vec::new();
        let mut gap = Vec::new();
        let mut parts = pair.into_inner().peekable();
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::not_op => prefixes.push(self.negation(part)),
                Rule::negative => {
                    self.sign(&part);
                    prefixes.push((Prefix::Negative, Place::of(&part)));
                }
                Rule::plus_sign => {
                    self.complain(complaints::plus_sign(Place::of(&part)));
                }
                Rule::side_by_side => {}
                Rule::in_tail | Rule::between_tail | Rule::is_tail => {
                    if let Some(term) = row.terms.last_mut() {
                        term.tails.push(part);
                    }
                }
                Rule::or_else_op
                | Rule::or_op
                | Rule::and_op
                | Rule::cmp_op
                | Rule::plus
                | Rule::minus
                | Rule::times
                | Rule::divide
                | Rule::power => {
                    let place = Place::of(&part);
                    let infix = self.infix(part);
                    row.ops.push((infix, place));
                }
                Rule::nothing => {
                    let at = part.as_span().start();
                    let place = self.nothing(at, row.ops.last().map(|(_, place)| *place));
                    let node = self.unsound(place);
                    row.terms.push(term(std::mem::take(&mut prefixes), node));
                }
                _ => {
                    let mut node = self.primary(part);
                    while let Some(tail) =
                        parts.next_if(|next| next.as_rule() == Rule::at_tail)
                    {
                        node = self.at(node, tail);
                    }
                    if row.terms.len() > row.ops.len() {
                        self.beside(&mut row, node, &mut gap);
                    } else {
                        row.terms.push(term(std::mem::take(&mut prefixes), node));
                    }
                    let more = parts
                        .peek()
                        .is_some_and(|next| next.as_rule() == Rule::side_by_side);
                    if !more && !gap.is_empty() {
                        self.close_gap(&mut row, std::mem::take(&mut gap));
                    }
                }
            }
        }
        if row.terms.is_empty() {
            let node = self.unsound(Place::new(start, start));
            row.terms.push(term(prefixes, node));
        }
        row
    }

    /// A value behind another one with nothing between them.
    fn beside(&mut self, row: &mut Row<'_>, node: Node, gap: &mut Vec<Node>) {
        let Some(last) = row.terms.last_mut() else { return };
        if let Some(tail) = last.tails.pop() {
            self.stray_after_tail(&tail, &node);
            let place = last.place.to(node.place);
            last.tails.clear();
            last.node = Some(self.unsound(place));
            last.place = place;
            return;
        }
        if gap.is_empty() {
            gap.extend(last.node.take());
        }
        gap.push(node);
    }

    /// Values side by side become one node.
    fn close_gap(&mut self, row: &mut Row<'_>, gap: Vec<Node>) {
        let node = self.side_by_side(gap);
        if let Some(last) = row.terms.last_mut() {
            last.place = last.place.to(node.place);
            last.node = Some(node);
        }
    }

    fn negation(&mut self, pair: Pair<'_, Rule>) -> (Prefix, Place) {
        let place = Place::of(&pair);
        match pair.clone().into_inner().next() {
            Some(word) => self.keyword(&word),
            None => {
                let edit = Edit::replace(place, "not ");
                self.complain(complaints::foreign_operator(place, "!", "not", edit));
            }
        }
        (Prefix::Not, place)
    }

    fn infix(&mut self, pair: Pair<'_, Rule>) -> Infix {
        match pair.as_rule() {
            Rule::or_op => self.logic(pair, Infix::Or, "or"),
            Rule::and_op => self.logic(pair, Infix::And, "and"),
            Rule::or_else_op => self.or_else_word(pair),
            Rule::cmp_op => Infix::Compare(self.comparison_sign(&pair)),
            Rule::plus => Infix::Plus,
            Rule::minus => {
                self.operator(&pair, "-");
                Infix::Minus
            }
            Rule::divide => {
                self.operator(&pair, "/");
                Infix::Divide
            }
            Rule::power => {
                self.complain(complaints::power(Place::of(&pair)));
                Infix::Times
            }
            _ => {
                self.operator(&pair, "*");
                Infix::Times
            }
        }
    }

    fn logic(&mut self, pair: Pair<'_, Rule>, infix: Infix, word: &str) -> Infix {
        match pair.clone().into_inner().next() {
            Some(inner) => self.keyword(&inner),
            None => self.operator(&pair, word),
        }
        infix
    }

    fn or_else_word(&mut self, pair: Pair<'_, Rule>) -> Infix {
        let place = self.trimmed(&pair);
        if pair.clone().into_inner().count() > 1 {
            self.complain(complaints::or_else_word(place));
        } else if let Some(word) = pair.into_inner().next() {
            self.keyword(&word);
        }
        Infix::OrElse
    }

    fn comparison_sign(&mut self, pair: &Pair<'_, Rule>) -> CompareOp {
        let (op, sign) = match pair.as_str() {
            "<=" | "=<" | "≤" => (CompareOp::LessOrEqual, "<="),
            ">=" | "=>" | "≥" => (CompareOp::GreaterOrEqual, ">="),
            "<" => (CompareOp::Less, "<"),
            ">" => (CompareOp::Greater, ">"),
            "!=" | "<>" | "!==" | "≠" => (CompareOp::NotEqual, "!="),
            _ => (CompareOp::Equal, "="),
        };
        self.operator(pair, sign);
        op
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
        if !mixed.is_empty() {
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

    /// At most one comparison or test.
    fn comparison(&mut self, row: Row<'_>) -> Node {
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

    /// `a or_else b`.
    fn alternative(&mut self, row: Row<'_>) -> Node {
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

    fn total(&mut self, row: Row<'_>) -> Node {
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
    fn only(&self, nodes: &mut Vec<Node>) -> Node {
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

    /// `x = "a" or "b"`: the commonest way to miss a list.
    fn or_of_values(&mut self, nodes: &[Node], ops: &[(Infix, Place)]) -> Option<Node> {
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

    /// More than one comparison in a row.
    fn chained(&mut self, nodes: &[Node], links: &[Link<'_>]) -> Node {
        let place = around(nodes);
        let tail_end = links.iter().map(|link| match link {
            Link::Compare(_, place) => place.end,
            Link::Tail(pair) => self.trimmed(pair).end,
        });
        let place = Place::new(place.start, tail_end.fold(place.end, usize::max));
        let mut signs = Vec::new();
        for link in links {
            if let Link::Compare(op, place) = link {
                signs.push((*op, *place));
            }
        }
        let second = match links.get(1) {
            Some(Link::Compare(_, place)) => *place,
            Some(Link::Tail(pair)) => self.trimmed(pair),
            None => place,
        };
        let edit = match nodes {
            [_, middle, _] if signs.len() == 2 && links.len() == 2 => {
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
}

/// A value of the row.
const fn term<'i>(prefixes: Vec<(Prefix, Place)>, node: Node) -> Term<'i> {
    let place = node.place;
    Term { prefixes, node: Some(node), tails: Vec::new(), place }
}

/// The place from the first node to the last.
fn around(nodes: &[Node]) -> Place {
    match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.place.to(last.place),
        _ => Place::new(0, 0),
    }
}
