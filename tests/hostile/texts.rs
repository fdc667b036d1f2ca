//! Texts of cards and words that nobody writes by hand.

use std::fmt::Write as _;

use mittari::Workspace;
use mittari_lang::parse;
use mittari_lang::place::Located;
use mittari_lang::span::SourceId;

use super::desk::{VOCABULARY, card, codes, soon, workspace};

/// What is said about a card of this text.
fn told(text: &str) -> Vec<&'static str> {
    let workspace = soon("a card", || workspace(&[("internal/tried.yaml", text)]));
    let errors = workspace.diagnostics.iter().filter(|one| one.is_error());
    let codes: Vec<&str> = errors.map(|one| one.code.name()).collect();
    assert!(codes.len() <= 110, "{} messages", codes.len());
    codes
}

/// What is said first about it.
fn first_code(text: &str) -> &'static str {
    told(text).first().copied().unwrap_or("nothing")
}

#[test]
fn ten_megabytes_of_brackets_are_refused_as_a_file() {
    for sign in ["(", "[", "{", "- ", "a: ", "'", "\"", "? ", "&a ", "*a ", "!a ", "%\n"]
    {
        let text = sign.repeat(10 * 1024 * 1024 / sign.len());
        assert_eq!(first_code(&text), "yaml-too-large", "{sign:?}");
    }
}

#[test]
fn ten_megabytes_of_brackets_are_refused_as_a_formula() {
    for sign in ["(", "[", "-", "not ", "if a then ", "f(", "\"", "1+", ")", "\u{e4}"] {
        let text = sign.repeat(10 * 1024 * 1024 / sign.len());
        let located = Located::plain(text, SourceId(0), 0);
        let outcome = soon(sign, || parse::formula(&located));
        let codes: Vec<_> =
            outcome.diagnostics.iter().map(|one| one.code.name()).collect();
        assert_eq!(codes, ["formula-too-long"], "{sign:?}");
        soon(sign, || {
            assert!(parse::goal(&located).diagnostics.len() < 30);
            assert!(parse::stock(&located).diagnostics.len() < 30);
            assert!(parse::window(&located).diagnostics.len() < 30);
            assert!(parse::value(&located).diagnostics.len() < 30);
        });
    }
}

#[test]
fn a_formula_at_the_limit_of_its_length_is_told_quickly() {
    for sign in
        ["(", "[", "f(", "-", "not ", "1+", "a.", "a[", "if ", "1 s ", "\"\" ", "- -"]
    {
        let text = sign.repeat(8 * 1024 / sign.len());
        let located = Located::plain(text, SourceId(0), 0);
        let outcome = soon(sign, || parse::formula(&located));
        assert!(!outcome.diagnostics.is_empty(), "{sign:?}");
        assert!(outcome.diagnostics.len() < 30, "{sign:?}");
    }
}

#[test]
fn signs_up_to_the_size_of_a_file_are_told_quickly() {
    let cases = [
        ("(", "value-shape"),
        ("[", "yaml-too-deep"),
        ("{", "yaml-too-deep"),
        ("{a: ", "yaml-too-deep"),
        ("- ", "value-shape"),
        ("- - -\n", "yaml-too-many"),
        ("'", "value-shape"),
        ("\"", "yaml-plain-start"),
        ("a: ", "unknown-key"),
        ("&a ", "yaml-anchor"),
        ("*a ", "yaml-alias"),
        ("!a ", "yaml-tag"),
        ("%a\n", "yaml-syntax"),
        ("---\n", "value-missing"),
        ("# a\n", "value-missing"),
        ("\t", "value-missing"),
        ("\r", "value-missing"),
        ("\u{feff}", "value-missing"),
        ("\0", "yaml-not-text"),
        ("a\n", "value-shape"),
        (":\n", "yaml-key"),
        ("a: |\n", "unknown-key"),
        ("<<: a\n", "missing-key"),
    ];
    let mut found = String::new();
    let mut expected = String::new();
    for (sign, code) in cases {
        let text = sign.repeat(255 * 1024 / sign.len());
        let _ = writeln!(found, "{sign:?} {}", first_code(&text));
        let _ = writeln!(expected, "{sign:?} {code}");
    }
    assert_eq!(found, expected);
}

#[test]
fn nesting_is_bounded_in_both_ways_of_writing_it() {
    let block = |n: usize| -> String {
        (0..n).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()
    };
    assert!(told(&block(40)).contains(&"yaml-too-deep"));
    assert!(told(&block(700)).contains(&"yaml-too-deep"));
    let flow = format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(told(&flow).contains(&"yaml-too-deep"));
    let mapping = format!("a: {}1{}", "{a: ".repeat(10_000), "}".repeat(10_000));
    assert!(told(&mapping).contains(&"yaml-too-deep"));
}

#[test]
fn aliases_are_refused_where_they_stand() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (before, after) in ('a'..='y').zip('b'..='z') {
        let list = vec![format!("*{before}"); 9].join(", ");
        let _ = writeln!(text, "{after}: &{after} [{list}]");
    }
    let workspace = soon("aliases", || workspace(&[("internal/tried.yaml", &text)]));
    assert!(codes(&workspace).contains(&"yaml-anchor"));
    assert!(codes(&workspace).contains(&"yaml-alias"));
}

#[test]
fn a_hundred_thousand_keys_are_too_many() {
    let keys =
        |n: usize| -> String { (0..n).map(|key| format!("k{key}: 1\n")).collect() };
    assert_eq!(first_code(&keys(100_000)), "yaml-too-large");
    assert!(told(&keys(25_000)).contains(&"yaml-too-many"));
    let flow: Vec<String> = (0..15_000).map(|key| format!("k{key}: 1")).collect();
    assert!(told(&format!("{{{}}}", flow.join(", "))).contains(&"yaml-too-many"));
}

#[test]
fn what_is_no_text_is_told_in_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    };
    write("vocabulary.yaml", VOCABULARY.as_bytes());
    write("nul.yaml", b"metric: a\0b\n");
    write("latin.yaml", b"metric: k\xe4y\n");
    write("utf16.yaml", b"\xff\xfem\0e\0t\0r\0i\0c\0");
    write("empty.yaml", b"");
    write("packed.yaml", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    write("long.yaml", &b"x".repeat(8 << 20));
    let workspace = soon("a folder", || Workspace::of_folder(folder.path()));
    let workspace = workspace.expect("the folder is there");
    let told: Vec<String> = workspace
        .diagnostics
        .iter()
        .filter_map(|one| {
            let source = workspace.sources.get(one.span().source)?;
            Some(format!("{} {}", source.name, one.code.name()))
        })
        .collect();
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    told.dedup();
    let expected = [
        "empty.yaml value-missing",
        "latin.yaml yaml-not-text",
        "long.yaml yaml-too-large",
        "nul.yaml yaml-not-text",
        "packed.yaml yaml-not-text",
        "utf16.yaml yaml-not-text",
    ];
    for one in expected {
        assert!(told.contains(&one), "{one}: {told:?}");
    }
}

#[test]
fn chains_of_names_come_to_an_end() {
    let mut lines =
        String::from("population: {from: tickets, dated: opened_at}\ndefine:\n");
    lines.push_str("  a0: points\n");
    for at in 1..400 {
        let before = at - 1;
        let _ = writeln!(lines, "  a{at}: a{before} + a{before}");
    }
    let text = card("sum(a399)", &format!("period: month\n{lines}"));
    let workspace = soon("doubling", || workspace(&[("internal/tried.yaml", &text)]));
    assert!(!workspace.is_sound());
    let circle = "period: month\npopulation: {from: tickets, dated: opened_at}\n\
                  define: {a: b, b: c, c: a}";
    assert_ne!(first_code(&card("sum(a)", circle)), "nothing");
}
