//! The tree and what is said about layouts that are broken.

use super::*;
use crate::source::Sources;

fn read(text: &str) -> (Tree, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let mut said = Vec::new();
    let tree = tree(id, text, &mut said);
    let lines = said.iter().map(|complaint| {
        let at = sources.position(complaint.span());
        let help =
            complaint.help.first().map_or(String::new(), |help| format!(" | {help}"));
        format!(
            "{}:{} {}: {}{help}",
            at.line,
            at.column,
            complaint.code.name(),
            complaint.message
        )
    });
    (tree, lines.collect())
}

fn said(text: &str) -> String {
    read(text).1.join("\n")
}

#[test]
fn layouts_are_explained_in_words() {
    let cases = [
        "target: >= 80 %",
        "where: \"a\" = b",
        "where: @x",
        "where: !a and b",
        "where: *x",
        "where: * x",
        "where: &x y",
        "where: %x",
        "where: [\"a\"] = b",
        "formula: a: b",
        "formula: f(a, b,\n  calendar: \"desk\")",
        "formula:count()\nx: 1",
        "x: 1\ncount(\ny: 2",
        "formula: a\n  # note\n  b",
        "x: {when: count(a, b}\ny: 1",
        "x: [a, b\ny: 1",
        "x: 1\nwhen: \"a\ny: 2\nz: 3",
        "x: \"a\\qb\"",
        "x: - a",
        "x:\n\t- a",
        "%YAML 1.2\n---\na: 1",
        "a: 1\n---\nb: 2",
        "a: 1\nb: 2\na: 3",
        "? [a]\n: b",
        "<<: {a: 1}",
        "a: \u{0}b",
        "a: b\u{2028}c",
        ": x",
        "a:\n    b: 1\n  c: 2",
    ];
    let story: Vec<String> =
        cases.iter().map(|case| format!("{case:?}\n{}\n", said(case))).collect();
    insta::assert_snapshot!(story.join("\n"));
}

#[test]
fn an_absent_value_is_not_a_text() {
    let (tree, said) = read("a:\nb: ~\nc: ''\n");
    assert!(said.is_empty());
    let Some(Node { value: NodeValue::Mapping(entries), .. }) = tree.root else {
        panic!()
    };
    assert!(matches!(entries[0].value.value, NodeValue::Absent));
    assert!(
        matches!(&entries[1].value.value, NodeValue::Text(text, _) if text.text == "~")
    );
    assert!(
        matches!(&entries[2].value.value, NodeValue::Text(text, _) if text.text.is_empty())
    );
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let (tree, said) = read("metric: x\nby: [a\nformula: a: b\n");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(tree.broken);
    let Some(Node { value: NodeValue::Mapping(entries), .. }) = tree.root else {
        panic!()
    };
    assert_eq!(entries[0].key.text, "metric");
}

#[test]
fn hostile_layouts_are_refused_at_once() {
    for (open, code) in
        [("[", "yaml-too-deep"), ("{", "yaml-too-deep"), ("- ", "yaml-too-deep")]
    {
        let said = said(&open.repeat(50_000));
        assert!(said.contains(code), "{open}: {said}");
    }
    assert!(said(&"a".repeat(300 * 1024)).contains("yaml-too-large"));
    let many: Vec<_> = (0..2_000).map(|number| format!("k{number}: 1\n")).collect();
    assert!(said(&many.concat()).contains("yaml-too-many"));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    assert!(said(bomb).contains("yaml-alias"));
}

#[test]
fn a_thousand_lines_of_comment_are_read() {
    let file = format!("a:\n{}  b: 1\n", "# more\n".repeat(1_000));
    let (tree, said) = read(&file);
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(tree.comments.len(), 1_000);
}

#[test]
fn what_has_too_many_parts_is_refused_and_cut() {
    let many: Vec<String> = (0..20_000).map(|key| format!("k{key}: 1\n")).collect();
    let items = "- x\n".repeat(20_000);
    for text in [many.concat(), items] {
        let (tree, lines) = read(&text);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("yaml-too-many"), "{lines:?}");
        assert!(tree.broken, "keys may be missing without fault");
        let n_kept = match &tree.root.expect("a value").value {
            NodeValue::Mapping(entries) => entries.len(),
            NodeValue::List(items) => items.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(n_kept, MOST_ENTRIES);
    }
}
