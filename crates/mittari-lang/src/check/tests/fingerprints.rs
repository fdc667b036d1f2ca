//! What moves a fingerprint, and what does not.

use super::{DESK, VOCABULARY, card, read};
use crate::check::Overrides;
use crate::source::Sources;

const REST: &str = "unit: percent\ndirection: up\ncalendar: desk\nparameters: {most: 4 h}\n\
    population:\n  from: tickets\n  dated: opened_at\n  where: channel in [\"phone\", \"chat\"]\n  \
    exclude:\n    - {name: test, when: subject = \"test\", reason: A test.}\n\
    formula: share(working_time(opened_at, resolved_at) <= most)";

/// The fingerprint of one card in a workspace.
fn print(settings: &str, vocabulary: &str, desk: &str, text: &str) -> String {
    let mut sources = Sources::new();
    sources.add("workspace.yaml", settings);
    sources.add("vocabulary.yaml", vocabulary);
    sources.add("calendars/desk.yaml", desk);
    sources.add("tried.yaml", text);
    let outcome = crate::check::check(&read(&sources), &Overrides::default());
    let errors: Vec<_> =
        outcome.diagnostics.iter().filter(|one| one.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    outcome.value.metrics[0].fingerprint.clone()
}

/// The fingerprint of the card above with one text in place of another.
fn changed(from: &str, to: &str) -> String {
    let text = card("tried", REST);
    assert!(text.contains(from), "{from}");
    print(super::SETTINGS, VOCABULARY, DESK, &text.replacen(from, to, 1))
}

fn plain() -> String {
    changed("unit", "unit")
}

#[test]
fn reformatting_and_prose_change_nothing() {
    let same = [
        (
            "share(working_time(opened_at, resolved_at) <= most)",
            "|\n  # said twice\n  share(\n   working_time(opened_at,resolved_at)<=most )",
        ),
        ("title: A card", "title: Another title"),
        ("reason: A test.", "reason: Tests count nowhere."),
        ("name: test,", "name: tests,"),
        ("most: 4 h", "most: 240 min"),
        ("{most: 4 h}", "{limit: 4 h}"),
        ("unit: percent", "unit: points"),
        ("direction: up", "direction: up\ntarget: at least 80 %"),
        ("owner: Nobody", "owner: Somebody\nnotes: A note."),
    ];
    for (from, to) in same {
        let mut text = card("tried", REST).replacen(from, to, 1);
        if to.contains("limit") {
            text = text.replace("<= most", "<= limit");
        }
        let print = print(super::SETTINGS, VOCABULARY, DESK, &text);
        assert_eq!(print, plain(), "{from} -> {to}");
    }
    assert_eq!(plain().len(), 64);
}

#[test]
fn whatever_can_move_the_number_changes_it() {
    let moved = [
        ("most: 4 h", "most: 5 h"),
        ("subject = \"test\"", "subject = \"trial\""),
        ("dated: opened_at", "dated: closed_at"),
        ("[\"phone\", \"chat\"]", "[\"phone\"]"),
        ("<= most", "< most"),
        ("from: tickets", "over: 2 months\n  from: tickets"),
        ("direction: up", "direction: up\ntime_zone: UTC"),
        ("direction: up", "direction: up\nmin_volume: 30"),
    ];
    for (from, to) in moved {
        assert_ne!(changed(from, to), plain(), "{from} -> {to}");
    }
}

#[test]
fn the_workspace_behind_a_card_counts_as_far_as_it_is_used() {
    let text = card("tried", REST);
    let of =
        |settings, vocabulary: &str, desk: &str| print(settings, vocabulary, desk, &text);
    let settings = super::SETTINGS;
    let holiday = format!("{DESK}holidays:\n  2026-01-01: New Year\n");
    assert_ne!(of(settings, VOCABULARY, &holiday), plain());
    assert_ne!(of("time_zone: UTC\n", VOCABULARY, DESK), plain());
    let values =
        VOCABULARY.replace("[phone, chat, email]", "[phone, chat, email, portal]");
    assert_ne!(of(settings, &values, DESK), plain());
    let elsewhere = VOCABULARY
        .replace("resolved_level: {values: [L1", "resolved_level: {values: [L0, L1");
    assert_eq!(of(settings, &elsewhere, DESK), plain());
    let first =
        VOCABULARY.replacen("tables:\n", "tables:\n  first:\n    fields: {x: text}\n", 1);
    assert_eq!(of(settings, &first, DESK), plain(), "a new table elsewhere");
    let fiscal = "time_zone: Europe/Helsinki\nfiscal_year_starts: 07-01\n";
    assert_eq!(
        of(fiscal, VOCABULARY, DESK),
        plain(),
        "months do not follow the fiscal year"
    );
}
