//! Generated trees and generated texts: what is printed reads back, and nothing panics.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::erase::places;
use super::{located, read, told};
use crate::span::{Span, Spanned};
use crate::syntax::{
    Call, Clause, ClauseKind, CompareOp, Expr, ExprKind, Factor, Literal, Path, Sign,
    Window,
};
use crate::types::Period;
use crate::value::{Currency, Decimal};

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn word<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn names() -> impl Strategy<Value = String> {
    let known =
        ["a", "waited", "type", "count", "date", "s", "all", "käsittely", "at_time"];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        "[a-z_][a-z0-9_]{0,6}"
            .prop_filter("a name", |name| { !crate::parse::reserved(name) }),
    ]
}

fn spanned_names() -> impl Strategy<Value = Spanned<String>> {
    names().prop_map(word)
}

fn literals() -> impl Strategy<Value = Literal> {
    let decimals = (0_i64..1_000_000_000, 0_u8..4);
    prop_oneof![
        decimals.clone().prop_map(|(mantissa, scale)| {
            Literal::Number(Decimal { mantissa, scale })
        }),
        decimals.clone().prop_map(|(mantissa, scale)| {
            Literal::Ratio(Decimal { mantissa, scale: scale + 2 })
        }),
        (0_i64..1_000_000_000_000, any::<bool>())
            .prop_map(|(micros, days)| Literal::Duration { micros, days }),
        decimals.prop_map(|(mantissa, scale)| Literal::Money {
            amount: Decimal { mantissa, scale },
            currency: Currency(*b"EUR"),
        }),
        (-700_000_i32..2_900_000).prop_map(Literal::Day),
        "[a-zä\"'#,: ()%-]{0,8}".prop_map(Literal::Text),
        any::<bool>().prop_map(Literal::Truth),
        Just(Literal::Missing),
    ]
}

fn leaves() -> impl Strategy<Value = Expr> {
    prop_oneof![
        literals().prop_map(|literal| expr(ExprKind::Literal(literal))),
        vec(spanned_names(), 1..4).prop_map(|parts| expr(ExprKind::Name(Path { parts }))),
    ]
}

fn lists() -> impl Strategy<Value = Expr> {
    let written = prop_oneof![
        literals().prop_map(|literal| expr(ExprKind::Literal(literal))),
        spanned_names().prop_map(|name| expr(ExprKind::Name(Path { parts: vec![name] }))),
    ];
    vec(written, 1..4).prop_map(|values| expr(ExprKind::List(values)))
}

fn clauses(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Vec<Clause>> {
    let one = prop_oneof![
        inner.clone().prop_map(ClauseKind::Where),
        inner.clone().prop_map(ClauseKind::Dated),
        (inner.clone(), inner.clone())
            .prop_map(|(from, until)| ClauseKind::Open { from, until }),
        (1_u32..40, prop::sample::select(Period::WORDS[..9].to_vec())).prop_map(
            |(count, (unit, _))| ClauseKind::Over(word(Window { count, unit }))
        ),
        spanned_names().prop_map(ClauseKind::From),
        option::of(spanned_names().prop_filter("a group", |name| name.value != "all"))
            .prop_map(ClauseKind::Across),
        inner.clone().prop_map(ClauseKind::Per),
        spanned_names().prop_map(ClauseKind::Its),
        inner.clone().prop_map(ClauseKind::By),
        inner.clone().prop_map(ClauseKind::Calendar),
        spanned_names().prop_map(ClauseKind::Except),
        inner.clone().prop_map(ClauseKind::Worst),
        inner.prop_map(ClauseKind::Best),
    ];
    vec(one, 0..4).prop_map(|kinds| {
        let mut clauses: Vec<Clause> = Vec::new();
        for kind in kinds {
            if clauses.iter().all(|clause| clause.kind.word() != kind.word()) {
                clauses.push(Clause { kind, span: Span::default() });
            }
        }
        clauses
    })
}

/// Whether a comparison of these would be taken for something else.
fn comparable(side: &Expr) -> bool {
    let missing = matches!(side.kind, ExprKind::Literal(Literal::Missing));
    let list = matches!(side.kind, ExprKind::List(_));
    !missing && !list
}

fn calls(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let function = spanned_names().prop_filter("no day", |name| name.value != "date");
    (function, vec(inner.clone(), 0..3), clauses(inner)).prop_map(
        |(name, arguments, clauses)| {
            expr(ExprKind::Call(Call { name, arguments, clauses }))
        },
    )
}

fn operators(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = ExprKind> {
    let boxed = inner.clone().prop_map(Box::new).boxed();
    let several = vec(inner.clone(), 2..4).boxed();
    let op = prop::sample::select(vec![
        CompareOp::Equal,
        CompareOp::NotEqual,
        CompareOp::Less,
        CompareOp::LessOrEqual,
        CompareOp::Greater,
        CompareOp::GreaterOrEqual,
    ]);
    let sign = prop::sample::select(vec![Sign::Plus, Sign::Minus]);
    let factor = prop::sample::select(vec![Factor::Times, Factor::Over]);
    prop_oneof![
        several.clone().prop_map(ExprKind::Or),
        several.clone().prop_map(ExprKind::And),
        several.prop_map(ExprKind::OrElse),
        boxed.clone().prop_map(ExprKind::Not),
        boxed.clone().prop_map(ExprKind::IsMissing),
        boxed.clone().prop_map(ExprKind::IsKnown),
        boxed.clone().prop_map(ExprKind::Negative),
        (boxed.clone(), op, boxed.clone())
            .prop_filter("comparable", |(left, _, right)| {
                comparable(left) && comparable(right)
            })
            .prop_map(|(left, op, right)| ExprKind::Compare { left, op, right }),
        (boxed.clone(), boxed.clone(), boxed.clone(), any::<bool>()).prop_map(
            |(value, low, high, negated)| ExprKind::Between { value, low, high, negated }
        ),
        (boxed, lists(), any::<bool>()).prop_map(|(value, list, negated)| {
            ExprKind::In { value, list: Box::new(list), negated }
        }),
        (inner.clone(), vec((sign, inner.clone()), 1..3)).prop_map(|(first, rest)| {
            let first = std::iter::once((Sign::Plus, first));
            ExprKind::Sum(first.chain(rest).collect())
        }),
        (inner.clone(), vec((factor, inner), 1..3)).prop_map(|(first, rest)| {
            let first = std::iter::once((Factor::Times, first));
            ExprKind::Product(first.chain(rest).collect())
        }),
    ]
}

fn forms(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> {
    let keys = vec(inner.clone(), 1..3);
    let subscript = (spanned_names(), keys)
        .prop_map(|(table, keys)| expr(ExprKind::Subscript { table, keys }))
        .boxed();
    let at = (subscript.clone(), inner.clone()).prop_map(|(value, instant)| {
        expr(ExprKind::At { value: Box::new(value), instant: Box::new(instant) })
    });
    let branches = vec((inner.clone(), inner.clone()), 1..3);
    let choice = (branches, inner.clone()).prop_map(|(branches, otherwise)| {
        expr(ExprKind::If { branches, otherwise: Box::new(otherwise) })
    });
    prop_oneof![
        6 => operators(inner.clone()).prop_map(expr),
        2 => calls(inner),
        1 => subscript,
        1 => at,
        1 => choice,
    ]
}

fn trees() -> impl Strategy<Value = Expr> {
    leaves().prop_recursive(4, 24, 4, |inner| forms(inner.boxed()))
}

/// Words and signs of the language, and some that are not.
const WORDS: &str = r#"
a b count ( ) [ ] , + - * / = < >= != and or not in between is if then else
or_else missing true at until open where dated over from across all per its
by calendar except worst best 1 0.5 date( 2026-01-31 "x" ' " # . : % ! ** −
“ é € { like null 5,5 AND known x.y t[ f(
"#;
/// Such with blanks in them, or that nobody sees.
const PHRASES: &[&str] = &[
    "20 s",
    "80 %",
    "50 EUR",
    "12 months",
    "\n",
    "\u{a0}",
    "\u{200b}",
    "e\u{301}",
    "# c\n",
];

/// Texts of them.
fn pieces() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> =
        WORDS.split_whitespace().chain(PHRASES.iter().copied()).collect();
    vec((prop::sample::select(pieces), any::<bool>()), 0..24).prop_map(|pieces| {
        let blank = |(piece, blank): (&str, bool)| {
            if blank { format!("{piece} ") } else { piece.to_owned() }
        };
        pieces.into_iter().map(blank).collect()
    })
}

/// Nothing panics, every place lies in the text, and an offered line is sound.
fn tried(text: &str) {
    let outcome = read(text);
    for diagnostic in &outcome.diagnostics {
        for label in &diagnostic.labels {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(start <= end && end <= text.len(), "{text:?}: {diagnostic:?}");
            assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
        }
        assert!(!diagnostic.message.contains("could not be read"), "{text:?}");
    }
    if outcome.diagnostics.is_empty() {
        let printed = crate::print::expression(&outcome.value);
        let again = read(&printed);
        let said = told(&printed, &again.diagnostics);
        assert!(again.diagnostics.is_empty(), "{text:?}\n{printed}\n{said}");
        assert_eq!(
            places(again.value),
            places(outcome.value.clone()),
            "{text:?}\n{printed}"
        );
    }
    let broken = outcome.diagnostics.iter().any(crate::diagnostic::Diagnostic::is_error);
    let unsound = format!("{:?}", outcome.value).contains("Unsound");
    assert!(broken || !unsound, "{text:?} is unsound without a word");
    super::super::value(&located(text));
    super::super::goal(&located(text));
    super::super::stock(&located(text));
    super::super::window(&located(text));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back(tree in trees()) {
        let printed = crate::print::expression(&tree);
        let outcome = read(&printed);
        prop_assert!(outcome.diagnostics.is_empty(), "{}\n{}", printed, told(&printed, &outcome.diagnostics));
        let again = crate::print::expression(&outcome.value);
        prop_assert_eq!(places(outcome.value), tree, "{}", printed);
        prop_assert_eq!(again, printed);
    }

    #[test]
    fn texts_of_the_languages_own_words_never_panic(text in pieces()) {
        tried(&text);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,40}") {
        tried(&text);
    }
}
