//! The suites over whole cards, stage by stage; see README.md beside this file.
#![expect(
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::fs;

use mittari::plan::Periods;
use mittari::{Code, Dataset, Overrides, RunOptions, Selection, Workspace};
use mittari_lang::print;

#[path = "suite/case.rs"]
mod case;
#[path = "suite/shown.rs"]
mod shown;

/// Said by the program, about no file; its own tests draw it.
const OF_THE_PROGRAM: &str = "nothing-to-check";
/// Said when nothing better fits. A text that draws one of them asks for a better
/// message, so no case does.
const LAST_RESORT: &[&str] = &["unexpected", "formula-form"];

/// Keeps what a case gives beside what it is.
#[track_caller]
fn keep(stage: &str, name: &str, parts: &[(&str, &str)]) {
    let story: Vec<String> =
        parts.iter().map(|(title, text)| format!("── {title} ──\n{text}")).collect();
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        omit_expression => true,
        snapshot_path => "snapshots",
    }, {
        insta::assert_snapshot!(format!("{stage}@{name}"), story.join("\n"));
    });
}

/// The workspace of a case, which must be sound.
#[track_caller]
fn sound(name: &str, text: &str) -> Workspace {
    let workspace = Workspace::of_texts(case::workspace(text), &Overrides::default());
    let told = case::told(&workspace.diagnostics, &workspace.sources);
    assert!(workspace.is_sound(), "{name}:\n{told}");
    workspace
}

/// Each case draws the message it is named after.
#[test]
fn bad_cards_draw_their_codes() {
    let mut missing = Vec::new();
    for (name, text) in case::cases("diagnostics") {
        assert!(Code::named(&name).is_some(), "there is no code `{name}`");
        let drawn = Workspace::of_texts(case::workspace(&text), &Overrides::default())
            .diagnostics;
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
        let workspace =
            Workspace::of_texts(case::workspace(&text), &Overrides::default());
        let told = case::told(&workspace.diagnostics, &workspace.sources);
        keep("diagnostics", &name, &[("case", &text), ("diagnostics", &told)]);
    }
}

/// What each expression is read as, and of what kind it is.
#[test]
fn expressions() {
    for (name, list) in case::cases("expressions") {
        let mut text = String::new();
        for line in list.lines() {
            let (unit, expression) = line.split_once(": ").expect("a unit and a formula");
            let workspace = sound(line, &case::card(unit, expression));
            let card = workspace.written.cards.first().expect("the card");
            let written = card.formulas.first().expect("its formula");
            let metric = workspace.catalog.metrics.first().expect("the metric");
            let read = print::expression(&written.formula);
            let kind = shown::kind(&metric.formula);
            text.push_str(&format!("{expression}\n  reads {read}\n  gives {kind}\n"));
        }
        keep("expressions", &name, &[("expressions", &text)]);
    }
}

/// What sound cards mean, and how they are planned.
#[test]
fn cards() {
    for (name, text) in case::cases("cards") {
        let workspace = sound(&name, &text);
        let catalog = &workspace.catalog;
        let metrics: String =
            catalog.metrics.iter().map(|metric| shown::metric(metric, catalog)).collect();
        let plan = mittari::plan::plan(catalog, &Selection::default()).expect("a plan");
        let plan = shown::plan(&plan, catalog);
        keep("cards", &name, &[("card", &text), ("metrics", &metrics), ("plan", &plan)]);
    }
}

/// What cards give over a few rows.
#[test]
fn runs() {
    for (name, text) in case::cases("runs") {
        let workspace = sound(&name, &text);
        let folder = tempfile::tempdir().expect("a folder");
        for (file, rows) in case::data(&text) {
            fs::write(folder.path().join(file), rows).expect("a file");
        }
        let paths = [folder.path().to_owned()];
        let dataset = Dataset::of_folder(&workspace.catalog, None, &paths).expect("data");
        let run = |threads| {
            let options = RunOptions { threads, ..RunOptions::default() };
            let all = text.contains("# periods: all\n");
            let periods = if all { Periods::Listed } else { Periods::First };
            let selection = Selection { periods, ..Selection::default() };
            let results = workspace.run(&dataset, &selection, &options);
            shown::results(&results.expect("results"))
        };
        let results = run(1);
        assert_eq!(results, run(2), "{name}");
        keep("runs", &name, &[("case", &text), ("results", &results)]);
    }
}
