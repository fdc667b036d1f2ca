//! The corpora: sound, faulty, and the formulas of the metric catalogue.

use super::{read, told, tree};

const SOUND: &str = include_str!("corpus/sound.expr");
const CATALOGUE: &str = include_str!("corpus/catalogue.expr");
const CARDS: &str = include_str!("corpus/cards.expr");
const FAULTY: &str = include_str!("corpus/faulty.expr");

/// The lines of a corpus; `\n` and `\t` in a line stand for the character.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.replace("\\n", "\n").replace("\\t", "\t"))
}

#[test]
fn every_sound_line_reads_without_a_complaint() {
    for line in lines(SOUND).chain(lines(CATALOGUE)).chain(lines(CARDS)) {
        let outcome = read(&line);
        let said = told(&line, &outcome.diagnostics);
        assert!(outcome.diagnostics.is_empty(), "{line}\n{said}");
        let printed = crate::print::expression(&outcome.value);
        assert_eq!(tree(&printed), super::erase::places(outcome.value), "{printed}");
    }
}

/// Lines of the faulty corpus that are odd but sound: only names and kinds are wrong.
const ODD: &[&str] = &["a ()", "opened_at.hour", "abandon-rate", "a # comment", "ä = 1"];

#[test]
fn the_faulty_lines_are_told_as_they_were() {
    let mut out = String::new();
    for line in lines(FAULTY) {
        let outcome = read(&line);
        let odd = ODD.contains(&line.as_str());
        assert_eq!(outcome.diagnostics.is_empty(), odd, "{line}");
        for diagnostic in &outcome.diagnostics {
            let end = diagnostic.span().end as usize;
            assert!(end <= line.len(), "{line}: {diagnostic:?}");
        }
        let said = told(&line, &outcome.diagnostics);
        out.push_str(&line.replace('\n', "\\n"));
        out.push('\n');
        out.push_str(&said);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn every_offered_line_is_sound() {
    for line in lines(FAULTY) {
        for help in read(&line).diagnostics.iter().flat_map(|said| &said.help) {
            let offered =
                help.strip_prefix("write `").and_then(|rest| rest.strip_suffix('`'));
            if let Some(offered) = offered {
                let again = read(offered);
                assert!(again.diagnostics.is_empty(), "{line}: {offered}");
            }
        }
    }
}
