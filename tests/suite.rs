//! The suites over whole cards, stage by stage; see README.md beside this file.
#![expect(
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

#[path = "suite/case.rs"]
mod case;

use mittari_lang::check;
use mittari_lang::diagnostic::{Code, Diagnostic};
use mittari_lang::read;
use mittari_lang::source::Sources;

/// Said by the program, about no file; its own tests draw it.
const OF_THE_PROGRAM: &str = "nothing-to-check";
/// Said when nothing better fits. A text that draws one of them asks for a better
/// message, so no case does.
const LAST_RESORT: &[&str] = &["unexpected", "formula-form"];

/// Everything that is said of a workspace.
fn said(sources: &Sources) -> Vec<Diagnostic> {
    let read = read::workspace(sources);
    let checked = check::check(&read.value, &[]);
    [read.diagnostics, checked.diagnostics].concat()
}

/// Each case draws the message it is named after.
#[test]
fn bad_cards_draw_their_codes() {
    let mut missing = Vec::new();
    for (name, text) in case::cases("diagnostics") {
        assert!(Code::named(&name).is_some(), "there is no code `{name}`");
        let sources = case::workspace(&text);
        let drawn = said(&sources);
        let codes: Vec<_> = drawn.iter().map(|said| said.code.name()).collect();
        assert!(
            !codes.iter().any(|code| LAST_RESORT.contains(code)),
            "{name}: {codes:?}"
        );
        if !codes.contains(&name.as_str()) && name != OF_THE_PROGRAM {
            missing.push(format!("{name} (drawn instead: {codes:?})"));
        }
    }
    assert!(missing.is_empty(), "not drawn:\n  {}", missing.join("\n  "));
}

/// What is said of each bad card, word for word.
#[test]
fn diagnostics() {
    for (name, text) in case::cases("diagnostics") {
        let sources = case::workspace(&text);
        let told = case::told(&said(&sources), &sources);
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "snapshots",
        }, {
            insta::assert_snapshot!(
                format!("diagnostics@{name}"),
                format!("── case ──\n{text}\n── diagnostics ──\n{told}")
            );
        });
    }
}
