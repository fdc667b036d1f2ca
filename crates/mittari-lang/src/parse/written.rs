//! The value of a parameter: when it is a written value, and what is said when it is not
//! quite one.

use pest::iterators::Pair;

use super::build::Builder;
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::{Expr, ExprKind, Literal};

/// Signs that open a written value, straight and typographic.
const OPENING: &[char] =
    &['+', '-', '−', '.', '"', '\'', '€', '$', '£', '“', '”', '„', '‘', '’', '«', '%'];

/// Words that are written values when they stand alone.
const WORDS: &[&str] = &["true", "false", "missing", "null", "~"];

/// Whether a text begins like a written value, so that it must be one.
pub(super) fn looks_written(text: &str) -> bool {
    let text = text.trim();
    let Some(first) = text.chars().next() else { return true };
    first.is_ascii_digit()
        || OPENING.contains(&first)
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        || opens_date(text)
}

/// Whether a text begins with `date(`.
fn opens_date(text: &str) -> bool {
    text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("date"))
        && text.get(4..).is_some_and(|rest| rest.trim_start().starts_with('('))
}

/// Says how such a text is written as a text, where nothing better was said.
pub(super) fn hint(text: &str, diagnostics: &mut [Diagnostic]) {
    let text = text.trim();
    let odd = |diagnostic: &Diagnostic| {
        diagnostic.help.is_empty()
            && matches!(diagnostic.code, Code::ValueForm | Code::NumberForm)
    };
    let plain = !text.contains(['"', '\'', '\n']) && !WORDS.contains(&text);
    if let [only] = diagnostics
        && odd(only)
        && plain
        && !text.is_empty()
    {
        only.help.push(format!("as a text it is written '\"{text}\"'"));
    }
}

impl Builder<'_> {
    /// The value of a parameter.
    pub(super) fn value(&mut self, pair: Pair<'_, Rule>) -> Option<Literal> {
        let whole = Self::trimmed(&pair);
        let mut negative = false;
        let mut node = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::negative => {
                    self.sign(&part);
                    negative = !negative;
                }
                Rule::plus_sign => {
                    self.complain(complaints::plus_sign(Place::of(&part)));
                }
                Rule::rest => {
                    self.complain(complaints::not_written(whole, &self.quote(whole)));
                    return None;
                }
                Rule::nothing | Rule::reference | Rule::missing => {
                    if part.as_rule() == Rule::reference && self.date_call(&part) {
                        return None;
                    }
                    self.complain(complaints::not_written(whole, &self.quote(whole)));
                    return None;
                }
                Rule::EOI => {}
                _ => node = Some(self.primary(part)),
            }
        }
        let ExprKind::Literal(literal) = node?.expr.kind else { return None };
        if !negative {
            return Some(literal);
        }
        let signed = negated(&literal);
        if signed.is_none() {
            self.complain(complaints::not_written(whole, &self.quote(whole)));
        }
        signed
    }

    /// `opened_at until resolved_at`.
    pub(super) fn stock(&mut self, pair: Pair<'_, Rule>) -> Option<(Expr, Expr)> {
        let mut nodes = Vec::new();
        let whole = Self::trimmed(&pair);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::expr => nodes.push(self.expr(part)),
                Rule::until_part => nodes.push(self.until(part)),
                Rule::rest => {
                    self.left_over(Place::of(&part));
                    return None;
                }
                _ => {}
            }
        }
        let mut nodes = nodes.into_iter().map(|node| node.expr);
        if let (Some(from), Some(until)) = (nodes.next(), nodes.next()) {
            return Some((from, until));
        }
        self.complain(complaints::until_missing(whole));
        None
    }
}

/// The value with its sign turned; only values that have one.
fn negated(literal: &Literal) -> Option<Literal> {
    let turned = |number: crate::value::Decimal| crate::value::Decimal {
        mantissa: -number.mantissa,
        scale: number.scale,
    };
    match literal {
        Literal::Number(number) => Some(Literal::Number(turned(*number))),
        Literal::Ratio(number) => Some(Literal::Ratio(turned(*number))),
        Literal::Duration { micros, days } => {
            Some(Literal::Duration { micros: -micros, days: *days })
        }
        Literal::Money { amount, currency } => {
            Some(Literal::Money { amount: turned(*amount), currency: *currency })
        }
        Literal::Day(_) | Literal::Text(_) | Literal::Truth(_) | Literal::Missing => None,
    }
}
