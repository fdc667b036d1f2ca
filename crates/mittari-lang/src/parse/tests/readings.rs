//! How texts with several operators read, and what the clauses and `at` become.

use super::{codes, read, tree};
use crate::diagnostic::Code;
use crate::parse::{CLAUSE_WORDS, RESERVED, reserved};
use crate::span::Spanned;
use crate::syntax::{Call, ClauseKind, Expr, ExprKind, Literal, Window};
use crate::types::Period;

/// Both texts read as one tree.
fn same(text: &str, explicit: &str) {
    assert_eq!(tree(text), tree(explicit), "{text} against {explicit}");
}

fn call(text: &str) -> Call {
    match tree(text).kind {
        ExprKind::Call(call) => call,
        other => panic!("{text} is no call: {other:?}"),
    }
}

fn name(text: &str) -> Spanned<String> {
    match tree(text).kind {
        ExprKind::Name(path) => path.parts.into_iter().next().unwrap(),
        other => panic!("{text} is no name: {other:?}"),
    }
}

/// The only clause of a call.
fn clause(text: &str) -> ClauseKind {
    let mut clauses = call(text).clauses;
    assert_eq!(clauses.len(), 1, "{text}");
    clauses.remove(0).kind
}

#[test]
fn between_takes_its_own_and() {
    same("x between 1 and 5 and y", "(x between 1 and 5) and y");
    same("y and x between 1 and 5", "y and (x between 1 and 5)");
    same("x between a + 1 and b * 2", "x between (a + 1) and (b * 2)");
    same(
        "x between 1 and 5 or y between 2 and 3",
        "(x between 1 and 5) or (y between 2 and 3)",
    );
}

#[test]
fn not_binds_looser_than_comparison_and_tighter_than_and() {
    same("not a = b and c", "(not (a = b)) and c");
    same("not x in [\"a\"]", "not (x in [\"a\"])");
    same("not x is missing", "not (x is missing)");
    assert_ne!(tree("not x in [\"a\"]"), tree("x not in [\"a\"]"));
}

#[test]
fn arithmetic_binds_tighter_than_tests() {
    same("a + b is missing", "(a + b) is missing");
    same("a * b + c < d", "((a * b) + c) < d");
    same("a + b in [1]", "(a + b) in [1]");
    same("-a * b", "(-a) * b");
    same("-a is missing", "(-a) is missing");
}

#[test]
fn or_else_stands_between_arithmetic_and_comparison() {
    same("waited or_else 0 s < t", "(waited or_else 0 s) < t");
    same("a or_else b is missing", "(a or_else b) is missing");
    same("a or_else -1", "a or_else (-1)");
}

#[test]
fn chains_are_lists_and_parentheses_are_kept_apart() {
    let ExprKind::Sum(terms) = tree("a - b + c").kind else { panic!() };
    assert_eq!(terms.len(), 3);
    assert_ne!(tree("a - (b + c)"), tree("a - b + c"));
    assert_ne!(tree("(a - b) + c"), tree("a - b + c"));
    same("a or b or c", "a or b or c");
    assert_ne!(tree("a or (b or c)"), tree("a or b or c"));
}

#[test]
fn an_if_takes_what_follows_and_the_nearer_if_the_first_else() {
    same("if a then b else c + 1", "if a then b else (c + 1)");
    same("if a then if b then 1 else 2 else 3", "if a then (if b then 1 else 2) else 3");
    let ExprKind::If { branches, .. } =
        tree("if a then 1 else if b then 2 else if c then 3 else 4").kind
    else {
        panic!()
    };
    assert_eq!(branches.len(), 3);
    assert_ne!(
        tree("if a then 1 else (if b then 2 else 3)"),
        tree("if a then 1 else if b then 2 else 3")
    );
}

#[test]
fn units_days_and_functions_stand_beside_fields_of_their_name() {
    let ExprKind::Sum(terms) = tree("5 s + s").kind else { panic!() };
    assert!(matches!(
        terms[0].1.kind,
        ExprKind::Literal(Literal::Duration { micros: 5_000_000, days: false })
    ));
    assert!(matches!(terms[1].1.kind, ExprKind::Name(_)));
    same("date = date(2026-01-31)", "(date) = date( 2026-01-31 )");
    same("count(where count > 3)", "count( where (count > 3) )");
    same("min(min)", "min((min))");
}

#[test]
fn a_word_before_a_negative_value_is_no_subtraction() {
    let call = call("score(x, worst -5 EUR, best 8 EUR)");
    assert_eq!(call.arguments.len(), 1);
    assert!(matches!(
        &call.clauses[0].kind,
        ClauseKind::Worst(Expr { kind: ExprKind::Negative(_), .. })
    ));
    same("score(x, worst: 60 %, best: 95 %)", "score(x, worst 60 %, best 95 %)");
}

#[test]
fn percent_is_a_unit_and_never_an_operator() {
    same("80 % * a", "(80 %) * a");
    let ExprKind::Literal(Literal::Ratio(ratio)) = tree("80 %").kind else { panic!() };
    assert_eq!((ratio.mantissa, ratio.scale), (80, 2));
}

#[test]
fn texts_hold_every_sign() {
    for (text, inside) in [
        ("\"a # b\"", "a # b"),
        ("'a: b'", "a: b"),
        ("\"say \"\"hi\"\"\"", "say \"hi\""),
        ("'it''s'", "it's"),
        ("\"it's — “so”\"", "it's — “so”"),
    ] {
        assert_eq!(tree(text).kind, ExprKind::Literal(Literal::Text(inside.into())));
    }
}

#[test]
fn at_binds_tightest() {
    same("budget[priority] at opened_at * 2", "(budget[priority] at opened_at) * 2");
    same("a at b + c", "(a at b) + c");
    same("-a at b", "-(a at b)");
    same("duty.resolvable at opened_at and x", "(duty.resolvable at opened_at) and x");
    same(
        "state.status at period_end in [\"a\"]",
        "(state.status at period_end) in [\"a\"]",
    );
    same("price at due(x, 4 h)", "price at (due(x, 4 h))");
    let ExprKind::At { value, instant } = tree("budget[priority] at opened_at").kind
    else {
        panic!()
    };
    assert!(matches!(value.kind, ExprKind::Subscript { .. }));
    assert!(matches!(instant.kind, ExprKind::Name(_)));
}

#[test]
fn clauses_take_what_they_take() {
    assert_eq!(clause("count(from tickets)"), ClauseKind::From(name("tickets")));
    assert_eq!(clause("count(its contacts)"), ClauseKind::Its(name("contacts")));
    assert_eq!(clause("count(across all)"), ClauseKind::Across(None));
    assert_eq!(clause("count(across entry)"), ClauseKind::Across(Some(name("entry"))));
    assert_eq!(
        clause("count(per ticket.person)"),
        ClauseKind::Per(tree("ticket.person"))
    );
    assert_eq!(clause("f(x, except pauses)"), ClauseKind::Except(name("pauses")));
    assert_eq!(
        clause("count(open opened_at until gone_at)"),
        ClauseKind::Open { from: tree("opened_at"), until: tree("gone_at") }
    );
    let ClauseKind::Over(window) = clause("count(over 12 months)") else { panic!() };
    assert_eq!(window.value, Window { count: 12, unit: Period::Month });
    let ClauseKind::Over(window) = clause("count(over 1 fiscal_half_year)") else {
        panic!()
    };
    assert_eq!(window.value, Window { count: 1, unit: Period::FiscalHalfYear });
    assert_eq!(
        clause("f(x, calendar users_hours[organisation])"),
        ClauseKind::Calendar(tree("users_hours[organisation]"))
    );
    let words: Vec<_> = call("next(started_at, per ticket_id, by started_at)")
        .clauses
        .iter()
        .map(|clause| clause.kind.word())
        .collect();
    assert_eq!(words, ["per", "by"]);
    let all = call("count(where all = 1, per all)");
    assert_eq!(all.clauses.len(), 2, "`all` is a word only after `across`");
}

#[test]
fn every_reserved_word_is_refused_as_a_name() {
    for word in RESERVED {
        assert!(reserved(word) && reserved(&word.to_uppercase()));
        let outcome = read(&format!("1 + {word} = 2"));
        let value = ["true", "false", "missing"].contains(word);
        assert_eq!(outcome.diagnostics.is_empty(), value, "{word}");
        let dotted = read(&format!("a.{word}"));
        assert_eq!(codes(&dotted.diagnostics), [Code::ReservedWord], "{word}");
        let table = read(&format!("{word}[x] * 2"));
        assert!(!table.diagnostics.is_empty() || *word == "not", "{word}");
    }
    assert!(CLAUSE_WORDS.iter().all(|word| reserved(word)));
}

#[test]
fn words_that_begin_like_reserved_ones_are_names() {
    for word in RESERVED {
        for name in [format!("{word}x"), format!("{word}_at"), format!("x{word}")] {
            assert!(matches!(tree(&name).kind, ExprKind::Name(_)), "{name}");
            assert!(matches!(tree(&format!("f({name})")).kind, ExprKind::Call(_)));
        }
    }
    for free in [
        "all",
        "least",
        "most",
        "under",
        "known",
        "count",
        "min",
        "date",
        "type",
        "s",
        "h",
        "d",
        "hour",
        "period",
        "month",
        "as_of",
        "period_end",
        "last",
        "first",
    ] {
        same(&format!("{free} + 1"), &format!("({free}) + 1"));
    }
}

#[test]
fn places_hold_their_parentheses() {
    let text = "  (a + b) * -c  ";
    let ExprKind::Product(factors) = read(text).value.kind else { panic!() };
    let piece = |expr: &Expr| &text[expr.span.start as usize..expr.span.end as usize];
    assert_eq!(piece(&read(text).value), "(a + b) * -c");
    assert_eq!(piece(&factors[0].1), "(a + b)");
    assert_eq!(piece(&factors[1].1), "-c");
    let text = "count( # rows\n where a = 1 # so\n , dated b )";
    let ExprKind::Call(call) = read(text).value.kind else { panic!() };
    let span = call.clauses[0].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "where a = 1");
}
