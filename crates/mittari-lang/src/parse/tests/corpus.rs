//! The corpora: sound, faulty, and the formulas of the metric catalogue.

use super::{read, told};

const SOUND: &str = include_str!("corpus/sound.expr");
const CATALOGUE: &str = include_str!("corpus/catalogue.expr");
const FAULTY: &str = include_str!("corpus/faulty.expr");

/// The lines of a corpus; `\n` and `\t` in a line stand for the character.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.replace("\\n", "\n").replace("\\t", "\t"))
}

#[test]
fn every_sound_line_reads_without_a_complaint() {
    for line in lines(SOUND).chain(lines(CATALOGUE)) {
        let outcome = read(&line);
        let said = told(&line, &outcome.diagnostics);
        assert!(outcome.diagnostics.is_empty(), "{line}\n{said}");
    }
}

#[test]
fn the_faulty_lines_are_told_as_they_were() {
    let mut out = String::new();
    for line in lines(FAULTY) {
        let outcome = read(&line);
        for diagnostic in &outcome.diagnostics {
            let end = diagnostic.span().end as usize;
            assert!(end <= line.len(), "{line}: {diagnostic:?}");
        }
        let said = told(&line, &outcome.diagnostics);
        out.push_str(&format!("{}\n{said}", line.escape_debug()));
    }
    insta::assert_snapshot!(out);
}
