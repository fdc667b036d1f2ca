//! Values of parameters, targets, stocks and windows.

use super::{codes, located, told};
use crate::diagnostic::Code;
use crate::parse::{Written, goal, stock, value, window};
use crate::print;
use crate::syntax::Literal;

fn written(text: &str) -> String {
    let outcome = value(&located(text));
    if !outcome.diagnostics.is_empty() {
        return told(text, &outcome.diagnostics);
    }
    match outcome.value {
        Written::Literal(literal) => print::literal(&literal),
        Written::Text(text) => format!("bare {text}"),
    }
}

fn target(text: &str) -> String {
    let outcome = goal(&located(text));
    if !outcome.diagnostics.is_empty() {
        return told(text, &outcome.diagnostics);
    }
    print::goal(&outcome.value.unwrap())
}

#[test]
fn what_begins_like_a_written_value_is_one() {
    for (text, expected) in [
        ("20 s", "20 s"),
        ("-5 EUR", "-5 EUR"),
        ("- 1 h 30 min", "-1 h 30 min"),
        ("80%", "80 %"),
        ("2000", "2000"),
        ("0.50", "0.50"),
        ("2 d", "2 d"),
        ("date(2026-01-31)", "date(2026-01-31)"),
        ("true", "true"),
        ("\"1 - Critical\"", "\"1 - Critical\""),
        ("'desk'", "\"desk\""),
        ("servicedesk", "bare servicedesk"),
        ("true story", "bare true story"),
        ("desk's own # 1", "bare desk's own # 1"),
        ("dates", "bare dates"),
    ] {
        assert_eq!(written(text), expected, "{text}");
    }
}

#[test]
fn what_begins_like_a_written_value_and_is_none_is_told() {
    let texts = [
        "20 sec",
        "1 - Critical",
        "80 % of all",
        "4 * 3 h",
        "-desk",
        "-\"desk\"",
        "",
        "5,5",
        "€50",
        "10.0.0.1",
        "missing",
        "date(opened_at)",
        "date(2026-02-30)",
        "TRUE",
        "\"desk",
        "“desk”",
        "+5",
        "1st",
        "2026-01-31",
        "--5",
        "999999999 d",
        "0.0001 ms",
        "null",
    ];
    let told: Vec<_> =
        texts.iter().map(|text| format!("{text}\n{}", written(text))).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn targets_in_words_and_in_signs() {
    for (text, expected) in [
        ("at least 80 %", "at least 80 %"),
        (">= 80 %", "at least 80 %"),
        ("at most 4 h", "at most 4 h"),
        ("<= 4 h", "at most 4 h"),
        ("over 5", "over 5"),
        ("> 5", "over 5"),
        ("under -5 EUR", "under -5 EUR"),
        ("between 70 % and 90 %", "between 70 % and 90 %"),
        ("at least goal_share", "at least goal_share"),
        ("at most limit[\"P1\"]", "at most limit[\"P1\"]"),
    ] {
        assert_eq!(target(text), expected, "{text}");
    }
}

#[test]
fn other_targets_are_told() {
    let texts = [
        "80 %",
        "= 80 %",
        "no more than 4 h",
        "minimum 80 %",
        "at least 80 % or so",
        "at least",
        "between 70 %",
        "At Least 80 %",
        "≥ 80 %",
        "at least count()",
        "",
        "at least 80",
        "=> 80 %",
        "above 3",
        "80 % or more",
        "at least 80 percent",
        "at 80 %",
    ];
    let told: Vec<_> = texts
        .iter()
        .map(|text| format!("{text}\n{}\n", target(text).trim_end()))
        .collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn stocks_and_windows_stand_alone() {
    let outcome = stock(&located("opened_at until resolved_at or_else cancelled_at"));
    assert!(outcome.diagnostics.is_empty());
    let (from, until) = outcome.value.unwrap();
    assert_eq!(print::expression(&from), "opened_at");
    assert_eq!(print::expression(&until), "resolved_at or_else cancelled_at");
    let outcome = stock(&located("opened_at"));
    assert_eq!(codes(&outcome.diagnostics), [Code::ClauseForm]);
    let outcome = window(&located("3 years"));
    assert_eq!(outcome.value.unwrap().value.count, 3);
    for text in ["3", "years", "0 years", "1.5 years", "3 years 2 months", "3 h", "a + b"]
    {
        let outcome = window(&located(text));
        assert!(!outcome.diagnostics.is_empty() && outcome.value.is_none(), "{text}");
    }
}

#[test]
fn durations_are_exact_microseconds() {
    let micros = |text: &str| match value(&located(text)).value {
        Written::Literal(Literal::Duration { micros, .. }) => micros,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(micros("1.5 h"), 5_400_000_000);
    assert_eq!(micros("1 d 1 h 1 min 1 s 1 ms"), 90_061_001_000);
    assert_eq!(micros("0.001 ms"), 1);
    assert_eq!(micros("-20 s"), -20_000_000);
}
