//! The flat row of an expression: values, the signs before them, the tests behind them
//! and the operators between them.

use std::iter::Peekable;

use pest::iterators::{Pair, Pairs};

use super::build::{Builder, Node};
use super::complaint::Edit;
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use crate::syntax::CompareOp;

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
pub(super) enum Prefix {
    Not,
    Negative,
}

/// What follows in an expression.
type Parts<'i> = Peekable<Pairs<'i, Rule>>;

/// A value of the row, with the signs before it and the tests behind it.
pub(super) struct Term<'i> {
    pub(super) prefixes: Vec<(Prefix, Place)>,
    pub(super) node: Option<Node>,
    pub(super) tails: Vec<Pair<'i, Rule>>,
    pub(super) place: Place,
}

/// A part of the row: values and the operators between them, one less.
#[derive(Default)]
pub(super) struct Row<'i> {
    pub(super) terms: Vec<Term<'i>>,
    pub(super) ops: Vec<(Infix, Place)>,
}

impl Row<'_> {
    /// The parts between the operators that a test picks, and these operators.
    pub(super) fn split(
        self,
        pick: impl Fn(Infix) -> bool,
    ) -> (Vec<Self>, Vec<(Infix, Place)>) {
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

impl Builder<'_> {
    /// The flat row of an expression; values without an operator between them have
    /// become one node, and each `at` has its instant.
    pub(super) fn row<'i>(&mut self, pair: Pair<'i, Rule>) -> Row<'i> {
        let start = pair.as_span().start();
        let mut row = Row::default();
        let mut prefixes = Vec::new();
        let mut parts = pair.into_inner().peekable();
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::not_op => prefixes.push(self.negation(&part)),
                Rule::negative => {
                    self.sign(&part);
                    prefixes.push((Prefix::Negative, Place::of(&part)));
                }
                Rule::plus_sign => {
                    self.complain(complaints::plus_sign(Place::of(&part)));
                }
                Rule::side_by_side => self.beside(&mut row, &mut parts),
                Rule::in_tail | Rule::between_tail | Rule::is_tail => {
                    if let Some(term) = row.terms.last_mut() {
                        term.tails.push(part);
                    }
                }
                Rule::nothing => {
                    let place = self.nothing(part.as_span().start());
                    let node = self.unsound(place);
                    row.terms.push(term(std::mem::take(&mut prefixes), node));
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
                    let place = Self::trimmed(&part);
                    let infix = self.infix(&part);
                    row.ops.push((infix, place));
                }
                _ => {
                    let node = self.operand(part, &mut parts);
                    row.terms.push(term(std::mem::take(&mut prefixes), node));
                }
            }
        }
        if row.terms.is_empty() {
            let node = self.unsound(Place::new(start, start));
            row.terms.push(term(prefixes, node));
        }
        row
    }

    /// A value and every `at` behind it.
    fn operand(&mut self, pair: Pair<'_, Rule>, parts: &mut Parts<'_>) -> Node {
        let mut node = self.primary(pair);
        while let Some(tail) = parts.next_if(|next| next.as_rule() == Rule::at_tail) {
            node = self.at(node, tail);
        }
        node
    }

    /// Values behind another one with nothing between them: all of them become one node.
    fn beside(&mut self, row: &mut Row<'_>, parts: &mut Parts<'_>) {
        let mut nodes = Vec::new();
        while let Some(part) = parts.next() {
            nodes.push(self.operand(part, parts));
            if parts.next_if(|next| next.as_rule() == Rule::side_by_side).is_none() {
                break;
            }
        }
        let Some(last) = row.terms.last_mut() else { return };
        let end = nodes.last().map_or(last.place, |node| node.place);
        let place = last.place.to(end);
        let node = if let (Some(tail), Some(stray)) = (last.tails.pop(), nodes.first()) {
            self.stray_after_tail(&tail, stray);
            self.unsound(place)
        } else {
            nodes.splice(0..0, last.node.take());
            self.side_by_side(nodes)
        };
        last.tails.clear();
        last.place = place;
        last.node = Some(node);
    }

    fn negation(&mut self, pair: &Pair<'_, Rule>) -> (Prefix, Place) {
        let place = Place::of(pair);
        if let Some(word) = pair.clone().into_inner().next() {
            self.keyword(&word);
        } else {
            let edit = Edit::replace(place, "not ");
            self.complain(complaints::foreign_operator(place, "!", "not", edit));
        }
        (Prefix::Not, place)
    }

    fn infix(&mut self, pair: &Pair<'_, Rule>) -> Infix {
        match pair.as_rule() {
            Rule::or_op => self.logic(pair, Infix::Or, "or"),
            Rule::and_op => self.logic(pair, Infix::And, "and"),
            Rule::or_else_op => self.or_else_word(pair),
            Rule::cmp_op => Infix::Compare(self.comparison_sign(pair)),
            Rule::plus => Infix::Plus,
            Rule::minus => {
                self.operator(pair, "-");
                Infix::Minus
            }
            Rule::divide => {
                self.operator(pair, "/");
                Infix::Divide
            }
            Rule::power => {
                self.complain(complaints::power(Place::of(pair)));
                Infix::Times
            }
            _ => {
                self.operator(pair, "*");
                Infix::Times
            }
        }
    }

    fn logic(&mut self, pair: &Pair<'_, Rule>, infix: Infix, word: &str) -> Infix {
        match pair.clone().into_inner().next() {
            Some(inner) => self.keyword(&inner),
            None => self.operator(pair, word),
        }
        infix
    }

    fn or_else_word(&mut self, pair: &Pair<'_, Rule>) -> Infix {
        let place = Self::trimmed(pair);
        if pair.clone().into_inner().count() > 1 {
            self.complain(complaints::or_else_word(place));
        } else if let Some(word) = pair.clone().into_inner().next() {
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
}

/// A value of the row.
const fn term<'i>(prefixes: Vec<(Prefix, Place)>, node: Node) -> Term<'i> {
    let place = node.place;
    Term { prefixes, node: Some(node), tails: Vec::new(), place }
}
