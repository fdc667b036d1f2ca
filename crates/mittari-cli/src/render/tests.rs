//! How messages look: each form of text that once broke a renderer.

use insta::assert_snapshot;
use mittari_lang::diagnostic::Code;

use super::*;

const LOOK: Look<'_> = Look { colours: false, folder: "metrics" };

/// A message about the first place of `mark` in `text`.
fn about(text: &str, mark: &str) -> (Sources, Diagnostic) {
    let mut sources = Sources::new();
    let id = sources.add("sla/a.yaml", text);
    let start = u32::try_from(text.find(mark).unwrap()).unwrap();
    let end = start + u32::try_from(mark.len()).unwrap();
    let message = "a field of `tickets` was expected, `prioriti` was found";
    let diagnostic =
        Diagnostic::new(Code::UnknownField, Span::new(id, start, end), message);
    (sources, diagnostic)
}

fn drawn(text: &str, mark: &str) -> String {
    let (sources, diagnostic) = about(text, mark);
    let diagnostic = diagnostic.labelled("no such field").help("write `priority`");
    human(&[diagnostic], &sources, LOOK)
}

#[test]
fn a_message_points_at_its_place() {
    let text = "metric: a\nformula: share(prioriti = \"P1\")\n";
    assert_snapshot!(drawn(text, "prioriti"), @r#"
    error[unknown-field]: a field of `tickets` was expected, `prioriti` was found
     --> metrics/sla/a.yaml:2:16
      |
    2 | formula: share(prioriti = "P1")
      |                ^^^^^^^^ no such field
      |
      = help: write `priority`
    "#);
}

#[test]
fn tabs_line_ends_marks_and_wide_letters_do_not_move_the_place() {
    let text = "\u{feff}metric: a\r\n\tkäyttö 👍🏽 e\u{301}: prioriti\r\nb: c\r\n";
    assert_snapshot!(drawn(text, "prioriti"));
    let (sources, diagnostic) = about(text, "prioriti");
    let json = json(&[diagnostic], &sources, LOOK);
    assert_eq!(json.pointer("/0/line"), Some(&json!(2)));
    assert_eq!(json.pointer("/0/column"), Some(&json!(16)));
    assert_eq!(json.pointer("/0/endColumn"), Some(&json!(24)));
}

#[test]
fn what_runs_over_lines_is_cut_at_the_end_of_the_first() {
    assert_snapshot!(drawn("a: |\r\n  one\r\n  two\r\n", "one\r\n  two"));
}

#[test]
fn the_first_place_of_all_is_drawn_behind_a_byte_order_mark() {
    assert_snapshot!(drawn("\u{feff}prioriti", "\u{feff}prioriti"));
}

#[test]
fn places_at_the_end_and_beyond_it_are_drawn() {
    for text in ["", "\n", "a", "a\n", "é", "\u{feff}", "a\r\n\r\n", "\t", "👍"] {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text);
        for start in 0..8 {
            for end in 0..9 {
                let span = Span::new(id, start, end);
                let diagnostic = Diagnostic::new(Code::ValueMissing, span, "x")
                    .with(Span::new(id, end, start), "y")
                    .with(Span::new(SourceId(7), 1, 2), "z");
                assert!(human(&[diagnostic], &sources, LOOK).contains("error["));
            }
        }
    }
}

#[test]
fn a_long_line_is_shown_around_the_place() {
    let text = format!("formula: {}prioriti{}", "(".repeat(5000), ")".repeat(5000));
    let drawn = drawn(&text, "prioriti");
    assert!(drawn.contains("metrics/sla/a.yaml:1:5010"), "{drawn}");
    assert!(drawn.contains("^^^^^^^^"), "{drawn}");
    assert!(drawn.lines().all(|line| line.chars().count() < 300), "{drawn}");
}

#[test]
fn further_places_stand_beside_the_first() {
    let text = "a: 1\nb: 2\na: 3\n";
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let other = sources.add("vocabulary.yaml", "tables:\n  a: b\n");
    let diagnostic = Diagnostic::new(
        Code::DuplicateKey,
        Span::new(id, 10, 11),
        "the key `a` once was expected",
    )
    .labelled("again here")
    .with(Span::new(id, 0, 1), "first here")
    .with(Span::new(other, 10, 11), "declared here");
    assert_snapshot!(human(&[diagnostic], &sources, LOOK));
}

#[test]
fn the_gravest_come_first() {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", "abc");
    let at = |code, start| Diagnostic::new(code, Span::new(id, start, start + 1), "x");
    let mut list = vec![
        at(Code::ParameterUnused, 0),
        at(Code::UnknownField, 2),
        at(Code::UnknownKey, 1),
    ];
    sort(&mut list);
    let codes: Vec<_> = list.iter().map(|d| d.code.name()).collect();
    assert_eq!(codes, ["unknown-key", "unknown-field", "parameter-unused"]);
}

#[test]
fn of_very_many_the_rest_is_counted() {
    let (sources, diagnostic) = about("prioriti", "prioriti");
    let text = human(&vec![diagnostic; 73], &sources, LOOK);
    assert_eq!(text.matches("error[").count(), 50);
    assert!(text.ends_with("... and 23 more in metrics/sla/a.yaml\n\n"), "{text}");
}

#[test]
fn json_gives_lines_columns_and_bytes() {
    let (sources, diagnostic) = about("a: ä prioriti\n", "prioriti");
    let diagnostic = diagnostic.labelled("no such field").help("write `priority`");
    let list = json(&[diagnostic], &sources, LOOK);
    assert_snapshot!(serde_json::to_string_pretty(&list).unwrap());
}
