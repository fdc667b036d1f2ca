//! Text to expression: the only folder that knows the grammar.
//!
//! Three steps. The *scan* goes over the characters once and shows that brackets balance,
//! texts end, no foreign character is left and the limits hold. The *grammar* is wider
//! than the language, so that after a clean scan every text parses. The *builder* folds
//! what was parsed into the tree, complains about what the language does not have, and
//! goes on; what cannot be understood becomes [`ExprKind::Unsound`].

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a type with a lifetime is not general enough as a function"
)]

mod build;
mod call;
mod clause;
mod compare;
mod complaint;
mod complaints;
mod fold;
mod goal;
mod grammar;
mod left;
mod limits;
mod literal;
mod number;
mod offer;
mod place;
mod row;
mod scan;
mod signs;
mod tail;
mod words;
mod written;

use pest::Parser as _;
use pest::iterators::Pair;

use crate::diagnostic::Outcome;
use crate::place::Located;
use crate::span::Spanned;
use crate::syntax::{Expr, ExprKind, Goal, Literal, Window};
use build::Builder;
use grammar::{Grammar, Rule};

pub use words::{CLAUSE_WORDS, RESERVED, reserved};

/// The value of a parameter: a written value, else a bare text.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// `20 s`, `80 %`, `-5 EUR`, `date(2026-01-31)`, `true`, `"1 - Critical"`.
    Literal(Literal),
    /// What does not begin like a written value: `servicedesk`.
    Text(String),
}

/// Reads a formula or a condition.
pub fn formula(text: &Located) -> Outcome<Expr> {
    let outcome = read(text, Rule::whole, |builder, pair| builder.whole(pair));
    let unsound = || Expr { kind: ExprKind::Unsound, span: text.whole() };
    Outcome {
        value: outcome.value.unwrap_or_else(unsound),
        diagnostics: outcome.diagnostics,
    }
}

/// Reads a target or its amber edge: `at least 80 %`, `>= 80 %`, `between 1 h and 2 h`.
pub fn goal(text: &Located) -> Outcome<Option<Goal>> {
    read(text, Rule::goal, |builder, pair| builder.goal(pair))
}

/// Reads a stock as a key of its own: `opened_at until resolved_at`.
pub fn stock(text: &Located) -> Outcome<Option<(Expr, Expr)>> {
    read(text, Rule::stock, |builder, pair| builder.stock(pair))
}

/// Reads a length in whole periods: `12 months`.
pub fn window(text: &Located) -> Outcome<Option<Spanned<Window>>> {
    read(text, Rule::value, |builder, pair| builder.window_value(pair))
}

/// Reads the value of a parameter. What begins with a digit, a sign or a quote must be a
/// written value; anything else is a bare text, which nobody looks into.
pub fn value(text: &Located) -> Outcome<Written> {
    let bare = || Written::Text(text.text.trim().to_owned());
    if !written::looks_written(&text.text) {
        return Outcome::clean(bare());
    }
    let outcome = read(text, Rule::value, |builder, pair| builder.value(pair));
    let mut diagnostics = outcome.diagnostics;
    written::hint(&text.text, &mut diagnostics);
    let value = outcome.value.map_or_else(bare, Written::Literal);
    Outcome { value, diagnostics }
}

/// What makes a value of the one rule of an entry.
type Build<T> = fn(&mut Builder<'_>, Pair<'_, Rule>) -> Option<T>;

/// Reads a text from one entry of the grammar, and offers a corrected line if there is one.
fn read<T>(text: &Located, rule: Rule, build: Build<T>) -> Outcome<Option<T>> {
    let mut builder = Builder::new(text);
    let value = attempt(&mut builder, rule, build);
    let complaints = builder.finish();
    if complaints.is_empty() {
        return Outcome::clean(value);
    }
    let sound = |line: &str| {
        let again = Located::blurred(line.to_owned(), text.whole(), text.allows_comments);
        let mut builder = Builder::new(&again);
        attempt(&mut builder, rule, build).is_some() && builder.finish().is_empty()
    };
    let offered = offer::line(&text.text, &complaints, sound);
    let diagnostics = complaint::render(text, complaints, offered);
    Outcome { value, diagnostics }
}

/// The three steps, once.
fn attempt<T>(builder: &mut Builder<'_>, rule: Rule, build: Build<T>) -> Option<T> {
    let located = builder.located;
    let faults = scan::scan(&located.text, located.allows_comments);
    if !faults.is_empty() {
        builder.complaints.extend(faults);
        return None;
    }
    match Grammar::parse(rule, &located.text) {
        Ok(mut pairs) => pairs.next().and_then(|pair| build(builder, pair)),
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at)
                | pest::error::InputLocation::Span((at, _)) => at,
            };
            builder.complain(complaints::unread(at, located.text.len()));
            None
        }
    }
}

#[cfg(test)]
mod tests;
