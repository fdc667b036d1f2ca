//! Expressions made of the language's own words: nothing panics, and the types obey.

use proptest::prelude::*;

use super::with_checker;
use crate::parse;
use crate::place::Located;
use crate::span::SourceId;
use crate::types::{Grain, Kind};

const LEAVES: &[&str] = &[
    "handle_time",
    "waited",
    "type",
    "priority",
    "opened_at",
    "resolved_at",
    "cost",
    "fee",
    "reopened",
    "impact",
    "subject",
    "took",
    "loop",
    "slow",
    "urgency",
    "target_time",
    "k",
    "growth",
    "desk",
    "channels",
    "target[priority]",
    "budget[priority] at opened_at",
    "0",
    "1",
    "5 %",
    "20 s",
    "2 d",
    "50 EUR",
    "\"incident\"",
    "true",
    "missing",
    "as_of",
    "period_end",
    "date(2026-01-31)",
    "nope",
    "count()",
    "[\"phone\"]",
];
const CALLS: &[&str] = &[
    "count(where X)",
    "share(X)",
    "sum(X)",
    "mean(X, where Y)",
    "median(X)",
    "min(X)",
    "distinct(X)",
    "distribution(X)",
    "percentile(X, 90 %)",
    "previous(X)",
    "due(X, Y)",
    "working_time(X, Y, calendar \"desk\")",
    "inside_hours(X)",
    "weekday(X)",
    "hour(X)",
    "date_of(X)",
    "contains(X, \"a\")",
    "floor(X, Y)",
    "score(X, worst Y, best 90 %)",
    "count(dated X)",
    "count(open X until Y)",
    "count(from contacts, dated X)",
    "sum(X, across priority)",
    "metric(\"tried\")",
];
const SHAPES: &[&str] = &[
    "(X) + (Y)",
    "(X) - (Y)",
    "(X) * (Y)",
    "(X) / (Y)",
    "-(X)",
    "(X) = (Y)",
    "(X) < (Y)",
    "(X) and (Y)",
    "(X) or (Y)",
    "not (X)",
    "(X) is missing",
    "(X) or_else (Y)",
    "(X) in [Y]",
    "(X) between (Y) and (X)",
    "if (X) then (Y) else (X)",
    "(X) at (Y)",
];

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 2, |inner| {
        let shapes: Vec<&str> = CALLS.iter().chain(SHAPES).copied().collect();
        (prop::sample::select(shapes), inner.clone(), inner).prop_map(|(shape, x, y)| {
            shape.split('X').collect::<Vec<_>>().join(&x).replace('Y', &y)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_every_fault_is_told(text in expression(), group in any::<bool>()) {
        let read = parse::formula(&Located::plain(text.clone(), SourceId(9), 0));
        with_checker("tickets", |checker| {
            checker.group = group;
            let expr = checker.expr(&read.value);
            let told = checker.found.said.iter().chain(&read.diagnostics);
            let told = told.into_iter().any(crate::diagnostic::Diagnostic::is_error);
            prop_assert!(told || expr.ty.kind != Kind::Unsound, "{text}: silent");
            if !group && expr.ty.kind != Kind::Unsound {
                prop_assert!(expr.ty.grain != Grain::Group, "{text}: a group among rows");
            }
            Ok(())
        })?;
    }
}
