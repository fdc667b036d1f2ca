//! A tree without its places, so that two trees can be compared.

use crate::span::{Span, Spanned};
use crate::syntax::{Call, Clause, ClauseKind, Expr, ExprKind, Path};

const NOWHERE: Span = Span { source: crate::span::SourceId(0), start: 0, end: 0 };

/// The same tree, every place the same.
pub(super) fn places(expr: Expr) -> Expr {
    Expr { kind: kind(expr.kind), span: NOWHERE }
}

#[expect(clippy::boxed_local, reason = "trees are boxed")]
fn boxed(expr: Box<Expr>) -> Box<Expr> {
    Box::new(places(*expr))
}

fn all(exprs: Vec<Expr>) -> Vec<Expr> {
    exprs.into_iter().map(places).collect()
}

fn word<T>(word: Spanned<T>) -> Spanned<T> {
    Spanned::new(word.value, NOWHERE)
}

fn kind(kind: ExprKind) -> ExprKind {
    use ExprKind as E;
    match kind {
        E::Literal(_) | E::Unsound => kind,
        E::Name(path) => {
            E::Name(Path { parts: path.parts.into_iter().map(word).collect() })
        }
        E::Call(call) => E::Call(Call {
            name: word(call.name),
            arguments: all(call.arguments),
            clauses: call.clauses.into_iter().map(clause).collect(),
        }),
        E::Subscript { table, keys } => {
            E::Subscript { table: word(table), keys: all(keys) }
        }
        E::At { value, instant } => {
            E::At { value: boxed(value), instant: boxed(instant) }
        }
        E::List(values) => E::List(all(values)),
        E::If { branches, otherwise } => E::If {
            branches: branches.into_iter().map(|(a, b)| (places(a), places(b))).collect(),
            otherwise: boxed(otherwise),
        },
        E::Or(parts) => E::Or(all(parts)),
        E::And(parts) => E::And(all(parts)),
        E::Not(value) => E::Not(boxed(value)),
        E::Compare { left, op, right } => {
            E::Compare { left: boxed(left), op, right: boxed(right) }
        }
        E::In { value, list, negated } => {
            E::In { value: boxed(value), list: boxed(list), negated }
        }
        E::Between { value, low, high, negated } => E::Between {
            value: boxed(value),
            low: boxed(low),
            high: boxed(high),
            negated,
        },
        E::IsMissing(value) => E::IsMissing(boxed(value)),
        E::IsKnown(value) => E::IsKnown(boxed(value)),
        E::OrElse(parts) => E::OrElse(all(parts)),
        E::Sum(terms) => {
            E::Sum(terms.into_iter().map(|(sign, term)| (sign, places(term))).collect())
        }
        E::Product(factors) => E::Product(
            factors.into_iter().map(|(factor, value)| (factor, places(value))).collect(),
        ),
        E::Negative(value) => E::Negative(boxed(value)),
    }
}

fn clause(clause: Clause) -> Clause {
    use ClauseKind as C;
    let kind = match clause.kind {
        C::Where(value) => C::Where(places(value)),
        C::Dated(value) => C::Dated(places(value)),
        C::Open { from, until } => C::Open { from: places(from), until: places(until) },
        C::Over(window) => C::Over(word(window)),
        C::From(name) => C::From(word(name)),
        C::Across(name) => C::Across(name.map(word)),
        C::Per(value) => C::Per(places(value)),
        C::Its(name) => C::Its(word(name)),
        C::By(value) => C::By(places(value)),
        C::Calendar(value) => C::Calendar(places(value)),
        C::Except(name) => C::Except(word(name)),
        C::Worst(value) => C::Worst(places(value)),
        C::Best(value) => C::Best(places(value)),
    };
    Clause { kind, span: NOWHERE }
}
