//! The map is held against the reader's own value over written and generated documents.

use proptest::prelude::*;

use super::Style;
use crate::place::Located;
use crate::read::yaml::{Node, NodeValue, tree};
use crate::span::SourceId;

/// All texts of a tree: keys and values.
fn texts(node: &Node, out: &mut Vec<(Located, Style)>) {
    match &node.value {
        NodeValue::Text(located, style) => out.push((located.clone(), *style)),
        NodeValue::List(items) => items.iter().for_each(|item| texts(item, out)),
        NodeValue::Mapping(entries) => {
            for entry in entries {
                out.push((entry.key.clone(), Style::Plain));
                texts(&entry.value, out);
            }
        }
        NodeValue::Absent | NodeValue::Unsound => {}
    }
}

fn read(file: &str) -> Vec<(Located, Style)> {
    let mut said = Vec::new();
    let tree = tree(SourceId(0), file, &mut said);
    let mut out = Vec::new();
    if let Some(root) = &tree.root {
        texts(root, &mut out);
    }
    out
}

/// Every character of an exact text stands where the map says, or is an escape or a
/// folded break there; starts never run backwards.
fn holds(file: &str, located: &Located, style: Style) {
    let mut before = 0;
    let content = located.text.trim_end_matches('\n').len();
    let leading = located.text.len() - located.text.trim_start_matches('\n').len();
    for (at, character) in located.text.char_indices() {
        if style.is_block() && (at >= content || at < leading) {
            continue;
        }
        let span = located.span(at..at + character.len_utf8());
        let raw = &file[span.start as usize..span.end as usize];
        assert!(span.start >= before, "{file:?}: {:?} runs back at {at}", located.text);
        before = span.start;
        let found = raw.chars().next();
        let escaped = raw.starts_with('\\') || raw == "''";
        let broken = matches!(character, ' ' | '\n') && raw.contains(['\n', '\r']);
        assert!(
            raw.chars().eq([character]) || escaped || broken,
            "{file:?}: {character:?} of {:?} was placed at {raw:?} ({found:?})",
            located.text
        );
    }
}

/// The one value of `key: value`, exactly mapped.
fn value(file: &str) -> Located {
    let texts = read(file);
    let (located, style) = texts.get(1).cloned().expect("a key and a value");
    assert!(located.is_exact(), "{file:?} gives {:?}, not exactly mapped", located.text);
    holds(file, &located, style);
    located
}

/// What the file holds at the place of the first `wanted` in the value.
fn place_of<'a>(file: &'a str, wanted: &str) -> (usize, &'a str) {
    let located = value(file);
    let at = located.text.find(wanted).unwrap_or_else(|| {
        panic!("{wanted:?} is not in {:?}", located.text);
    });
    let span = located.span(at..at + wanted.len());
    (span.start as usize, &file[span.start as usize..span.end as usize])
}

#[test]
fn every_style_leads_back_to_the_file() {
    let files = [
        "f: count(näme)",
        "f: 'it''s näme'",
        "f: \"tab\\t \\ud83d\\udd11 \\u00e4 näme\"",
        "f: |\n  first\n  näme\n",
        "f: |-\n\n   first\n\n     deep\n   näme",
        "f: |4\n      first\n     näme\n",
        "f: >\n  first\n  second\n\n  third\n    deep\n  näme\n",
        "f: >-\n\n\n  first\n  näme\n\n",
        "f: first\n  second\n\n  näme # behind",
        "f: 'first  \n\n\n   näme'",
        "f: \"first \\\n   joined \\t\n   \\  kept\n\n  näme\"",
        "f:\n  - - näme",
    ];
    for file in files {
        for ending in ["\n", "\r\n"] {
            for start in ["", "\u{feff}", "# é\u{1f511}\n", "\n\n"] {
                let file = format!("{start}{}", file.replace('\n', ending));
                let wanted = file.find("näme").expect("it is there");
                assert_eq!(place_of(&file, "näme"), (wanted, "näme"), "{file:?}");
            }
        }
    }
}

#[test]
fn a_key_with_escapes_is_mapped_too() {
    let texts = read("\"a\\x41b\": x");
    let (key, _) = &texts[0];
    assert_eq!(key.text, "aAb");
    let span = key.span(2..3);
    assert_eq!((span.start, span.end), (6, 7));
}

#[test]
fn an_end_stays_before_the_line_break() {
    let file = "f: >\n  first\n      \n  second\n";
    assert_eq!(place_of(file, "first").1, "first");
    let file = "f: 'a  \n   b'";
    assert_eq!(place_of(file, "a").1, "a");
}

#[test]
fn a_block_keeps_the_place_of_its_lines_alone() {
    let file = "f: |\n  a\n  b\n\n\ng: 1\n";
    let texts = read(file);
    let whole = texts[1].0.whole();
    assert_eq!(&file[whole.start as usize..whole.end as usize], "a\n  b");
}

/// Lines of a block or a folded text, indented by `indent`.
fn block(sign: &str, indent: usize, lines: &[String], ending: &str) -> String {
    let mut file = format!("f: {sign}{ending}");
    for line in lines {
        if line.is_empty() {
            file.push_str(ending);
        } else {
            let spaces = " ".repeat(indent);
            file.extend([spaces.as_str(), line, ending]);
        }
    }
    file.extend(["g: 1", ending]);
    file
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zäé\u{1f511}(]( ?[a-z0-9<=\"'#,é\\\\]){0,9}",
        1 => Just(String::new()),
        1 => " {1,3}[a-zé]( ?[a-z]){0,3} {0,2}",
    ]
}

proptest! {
    #[test]
    fn blocks_are_mapped_exactly(
        first in "[a-zé(][a-zé, ]{0,8}",
        lines in prop::collection::vec(line(), 0..8),
        sign in prop::sample::select(vec!["|", "|-", "|+", ">", ">-", ">+"]),
        indent in 1..6usize,
        ending in prop::sample::select(vec!["\n", "\r\n"]),
        leading in 0..3usize,
    ) {
        let mut all = vec![String::new(); leading];
        all.push(first);
        all.extend(lines);
        let file = block(sign, indent, &all, ending);
        let texts = read(&file);
        let (located, style) = &texts[1];
        prop_assert!(located.is_exact(), "{file:?} gives {:?}", located.text);
        holds(&file, located, *style);
    }

    #[test]
    fn indentation_indicators_are_mapped_exactly(
        lines in prop::collection::vec("[ ]{0,4}[a-zé]{1,5}", 1..6),
        sign in prop::sample::select(vec!["|", ">"]),
        indent in 1..6usize,
    ) {
        let file = block(&format!("{sign}{indent}"), indent, &lines, "\n");
        let texts = read(&file);
        let (located, style) = &texts[1];
        prop_assert!(located.is_exact(), "{file:?} gives {:?}", located.text);
        holds(&file, located, *style);
    }

    #[test]
    fn quoted_and_plain_texts_are_mapped_exactly(
        pieces in prop::collection::vec(prop_oneof![
            4 => "[a-zäé\u{1f511} ]{1,6}",
            1 => Just("\n   ".to_owned()),
            1 => Just("  \n\n \n  ".to_owned()),
            1 => Just("\r\n  ".to_owned()),
            1 => Just("\t".to_owned()),
            2 => prop::sample::select(vec![
                "\\n", "\\t", "\\\"", "\\\\", "\\x41", "\\u00e4", "\\U0001f511",
                "\\ud83d\\udd11", "\\\n   ", "\\  ", "\\ ",
            ]).prop_map(str::to_owned),
        ], 0..8),
        quote in prop::sample::select(vec!["\"", "'", ""]),
    ) {
        let body: String = pieces.concat();
        let body = match quote {
            "'" => body.replace('\\', "''"),
            "" => format!("a{}", body.replace(['\\', '"'], "")),
            _ => body,
        };
        let file = format!("f: {quote}{body}{quote}\n");
        let texts = read(&file);
        if let Some((located, style)) = texts.get(1) {
            prop_assert!(located.is_exact(), "{file:?} gives {:?}", located.text);
            holds(&file, located, *style);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(file in "[a-z:\\-#|>'\"\\\\\\[\\]{}&*!%@`~? \t\n\r\u{feff}é0-9,]{0,60}") {
        for (located, style) in read(&file) {
            if located.is_exact() {
                holds(&file, &located, style);
            }
            for start in 0..=located.text.len() {
                for end in start..=located.text.len() {
                    let span = located.span(start..end);
                    prop_assert!(span.start <= span.end && span.end as usize <= file.len());
                }
            }
        }
    }
}
