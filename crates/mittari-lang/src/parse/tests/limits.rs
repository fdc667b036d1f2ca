//! Every limit, in a thread with one mebibyte of stack and without optimisation.

use super::{codes, read};
use crate::diagnostic::Code;

/// Runs in a small stack: reading, printing and dropping.
fn small_stack(text: String) -> Vec<Code> {
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    let handle = thread.spawn(move || {
        let outcome = read(&text);
        let _ = crate::print::expression(&outcome.value);
        codes(&outcome.diagnostics)
    });
    handle.unwrap().join().unwrap()
}

fn nested(open: &str, close: &str, count: usize) -> String {
    format!("{}a{}", open.repeat(count), close.repeat(count))
}

#[test]
fn brackets_nest_to_the_limit_and_no_further() {
    for (open, close) in
        [("(", ")"), ("f(", ")"), ("t[", "]"), ("-(", ")"), ("f(where ", ")")]
    {
        assert_eq!(small_stack(nested(open, close, 32)), [], "{open}");
        assert_eq!(
            small_stack(nested(open, close, 33)),
            [Code::FormulaTooDeep],
            "{open}"
        );
    }
    let worst = nested("not not -(a + b * (", "))", 16);
    assert_eq!(small_stack(worst), []);
    let deepest = nested("not not not not a = b + c * - - - -(", ")", 32);
    assert_eq!(small_stack(deepest), [Code::FormulaTooDeep]);
}

#[test]
fn ifs_nest_to_the_limit_even_with_brackets() {
    let ifs = |count: usize| {
        format!("{}a{}", "if a then ".repeat(count), " else b".repeat(count))
    };
    assert_eq!(small_stack(ifs(32)), []);
    assert_eq!(small_stack(ifs(33)), [Code::FormulaTooDeep]);
    let both = format!("{}a{}", "(if a then ".repeat(32), " else b)".repeat(32));
    assert_eq!(small_stack(both), []);
    let conditions = format!("{}a{}", "if ".repeat(32), " then b else c".repeat(32));
    assert_eq!(small_stack(conditions), []);
    let calls = format!(
        "{}a{}",
        "f(where if a then t[1] in [b] else ".repeat(32),
        ")".repeat(32)
    );
    small_stack(calls);
}

#[test]
fn long_texts_are_refused_at_once() {
    let started = "(".repeat(10 * 1024 * 1024);
    assert_eq!(small_stack(started), [Code::FormulaTooLong]);
    let long = format!("a{}", " ".repeat(8 * 1024));
    assert_eq!(small_stack(long), [Code::FormulaTooLong]);
}

#[test]
fn chains_are_long_and_flat() {
    for operator in ["+", "*", "and", "or", "or_else", "-", "/"] {
        let chain = format!("a{}", format!(" {operator} a").repeat(800));
        assert_eq!(small_stack(chain), [], "{operator}");
    }
    for operator in ["+", "-", "or", "and"] {
        let chain = format!("a{}", format!(" {operator} a").repeat(1_100));
        assert_eq!(small_stack(chain), [Code::FormulaTooManyWords], "{operator}");
    }
    let chain = format!("a{}", " = a".repeat(900));
    assert_eq!(small_stack(chain), [Code::ChainedComparison]);
    let chain = format!("a{}", " a".repeat(1_900));
    assert_eq!(small_stack(chain), [Code::OperatorExpected]);
    let chain = format!("a{}", " at a".repeat(900));
    assert!(!small_stack(chain).is_empty());
    let chain = format!("a{}", " is missing".repeat(600));
    assert!(!small_stack(chain).is_empty());
    let equals = "= ".repeat(1_900);
    assert_eq!(small_stack(equals).len(), 20);
}

#[test]
fn signs_of_negation_come_four_in_a_row() {
    assert_eq!(small_stack("- - - -a".into()), []);
    assert_eq!(small_stack("a - - - - -a".into()), []);
    assert_eq!(small_stack("- - - - -a".into()), [Code::FormulaTooDeep]);
    assert_eq!(small_stack("not not not not not a".into()), [Code::FormulaTooDeep]);
    assert_eq!(small_stack("not ".repeat(1_900)), [Code::FormulaTooDeep]);
    let plus = small_stack(format!("{}a", "+ ".repeat(1_900)));
    assert_eq!(plus, [Code::FormulaTooDeep]);
}

#[test]
fn values_have_their_sizes() {
    let list = |count: usize| format!("a in [{}]", vec!["1"; count].join(", "));
    assert_eq!(small_stack(list(500)), []);
    assert_eq!(small_stack(list(501)), [Code::FormulaTooManyWords]);
    assert_eq!(small_stack("x".repeat(64)), []);
    assert_eq!(small_stack("x".repeat(65)), [Code::NameTooLong]);
    assert_eq!(small_stack("ä".repeat(64)), []);
    assert_eq!(small_stack(format!("\"{}\"", "ä".repeat(1_000))), []);
    assert_eq!(small_stack(format!("\"{}\"", "a".repeat(1_001))), [Code::TextTooLong]);
    assert_eq!(small_stack("123456789012345".into()), []);
    assert_eq!(small_stack("1234567890123456".into()), [Code::NumberForm]);
    assert_eq!(small_stack("123456789012345.678 EUR".into()), []);
    assert_eq!(small_stack("1234567890123456.789 EUR".into()), [Code::NumberForm]);
    assert_eq!(small_stack("9999999999 h".into()), [Code::DurationForm]);
    assert_eq!(small_stack("0.0000001 s".into()), [Code::DurationForm]);
    assert_eq!(small_stack("a.b.c.d".into()), []);
    assert_eq!(small_stack("a.b.c.d.e".into()), [Code::DotForm]);
}

#[test]
fn twenty_messages_and_the_count_of_the_rest() {
    let text = "{ ".repeat(100);
    assert_eq!(read(&text).diagnostics.len(), 20);
    let text = format!("f({})", vec!["a == b"; 100].join(", "));
    let outcome = read(&text);
    assert_eq!(outcome.diagnostics.len(), 20);
    assert!(outcome.diagnostics[19].help[0].starts_with("80 further faults"));
}
