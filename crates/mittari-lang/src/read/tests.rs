//! Whole files: what is read of sound ones, what is said about unsound ones.

mod ground;

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::card::{Card, Content, Dating, ExclusionRule, Which};
use crate::syntax::Literal;
use crate::trial::Cell;
use crate::types::Period;

const CARD: &str = "\
metric: answered
title: {en: Answered, fi: Vastatut}
class: sla
measures: outcome
views: [process, customer]
owner: Service manager
strategy: [Quality, {en: Speed, fi: Nopeus}]
period: [month, week]
unit: percent
decimals: 1
direction: up
settles_after: 7 d
parameters:
  target_time: 20 s
  channels: [phone, chat]
  budget:
    2026-07-01: {P1: 2 h, P2: 8 h}
    2025-01-01: {P1: 4 h, P2: 8 h}
define:
  spent: answered_at - arrived_at
population:
  from: contacts
  dated: arrived_at
  where: |
    channel in channels   # both
  exclude:
    - name: abandoned
      when: outcome = \"abandoned\" and waited < target_time
      reason: Not part of the total.
    - {name: again, keep: last by arrived_at per person, reason: Once.}
formulas:
  rate: count(where outcome = \"answered\") / count()
  volume: {formula: count(), unit: count, direction: none}
by: [channel, [channel, queue]]
targets:
  - {for: {channel: phone}, target: at least 80 %, since: 2026-01-01}
related:
  - metric: abandonment
    because: One can be bought with the other.
";

/// Reads files given with their names.
fn read(files: &[(&str, &str)]) -> (Sources, Outcome<Workspace>) {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(*name, *text);
    }
    let outcome = workspace(&sources);
    (sources, outcome)
}

/// What was said, a line each.
fn said(files: &[(&str, &str)]) -> String {
    let (sources, outcome) = read(files);
    let mut out = String::new();
    for complaint in &outcome.diagnostics {
        let at = sources.position(complaint.span());
        let name = complaint.code.name();
        let text = sources.text(complaint.span()).lines().next().unwrap_or("");
        let _ = writeln!(out, "{}:{} {name} `{text}`", at.line, at.column);
        let _ = writeln!(out, "    {}", complaint.message);
        for label in complaint.labels.iter().skip(1) {
            let at = sources.position(label.span);
            let _ = writeln!(out, "    {}:{} {}", at.line, at.column, label.text);
        }
        for help in &complaint.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
    out
}

fn card(text: &str) -> Card {
    let (_, outcome) = read(&[("sla/answered.yaml", text)]);
    assert_eq!(outcome.diagnostics, [], "{}", said(&[("sla/answered.yaml", text)]));
    outcome.value.cards.into_iter().next().expect("one card")
}

#[test]
fn a_card_is_read_whole() {
    let card = card(CARD);
    assert_eq!(card.metric.value, "answered");
    assert_eq!(card.agreement.title.get("fi"), "Vastatut");
    assert_eq!(card.agreement.title.get("sv"), "Answered");
    assert_eq!(card.agreement.strategy[1].get("fi"), "Nopeus");
    let periods: Vec<_> = card.period.iter().map(|period| period.value).collect();
    assert_eq!(periods, [Period::Month, Period::Week]);
    assert_eq!(card.settles_after.map(|time| time.value), Some(7 * 86_400_000_000));
    let names: Vec<_> =
        card.formulas.iter().filter_map(|one| one.name.as_ref()).collect();
    assert_eq!(
        names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>(),
        ["rate", "volume"]
    );
    assert_eq!(card.by[1].fields.len(), 2);
    assert_eq!(card.goals.targets[0].since.map(|day| day.value), Some(20_454));
    let population = card.population.expect("a population");
    assert!(matches!(population.dating, Some(Dating::Dated(_))));
    let ExclusionRule::Keep(keep) = &population.exclude[1].rule else {
        panic!("no keep")
    };
    assert_eq!((keep.which.value, keep.by.value.as_str()), (Which::Last, "arrived_at"));
    assert_eq!(keep.per[0].value, "person");
}

#[test]
fn parameters_are_values_lists_and_dated_tables() {
    let card = card(CARD);
    let Content::One(time) = &card.parameters[0].content else { panic!("no value") };
    assert_eq!(time.value, Literal::Duration { micros: 20_000_000, days: false });
    let Content::List(list) = &card.parameters[1].content else { panic!("no list") };
    assert_eq!(list[1].value, Literal::Text("chat".into()));
    let Content::Dated(versions) = &card.parameters[2].content else {
        panic!("no dates")
    };
    assert!(versions[0].since.value < versions[1].since.value, "earliest first");
    let Content::Table(table) = &versions[1].content else { panic!("no table") };
    assert_eq!((table.depth, table.rows[0].keys[0].value.as_str()), (1, "P1"));
}

#[test]
fn a_fault_in_a_formula_is_found_in_every_style() {
    let styles = [
        "formula: count() + näme ==1",
        "formula: count() + näme ==1  # comment",
        "formula: 'count() + näme ==1'",
        "formula: \"\\u0063ount() + näme ==1\"",
        "formula:\n  count() +\n  näme ==1",
        "formula: |\n  count() +   # comment\n    näme ==1",
        "formula: |4-\n      count()\n     + näme ==1",
        "formula: >\n  count() +\n\n  näme ==1\n",
        "formula: \"count() \\\n    + näme\\\n  \\ ==1\"",
        "formula: {formula: 1}\nformulas: {a: 'count() + ''x'' + näme ==1'}",
    ];
    let rest = CARD.split_once("formulas:").expect("formulas").0;
    for style in styles {
        for ending in ["\n", "\r\n"] {
            let file =
                format!("\u{feff}# é\u{1f511}\n{rest}{style}\n").replace('\n', ending);
            let (sources, outcome) = read(&[("answered.yaml", &file)]);
            let found =
                outcome.diagnostics.iter().find(|one| sources.text(one.span()) == "==");
            let found =
                found.unwrap_or_else(|| panic!("{file}\n{:?}", outcome.diagnostics));
            assert_eq!(
                found.span().start as usize,
                file.find("==").expect("there"),
                "{style}"
            );
        }
    }
}

#[test]
fn unsound_cards_are_explained() {
    let cases: &[(&str, &str)] = &[
        ("title: {en: Answered, fi: Vastatut}", "titel: Answered"),
        ("class: sla", "class: SLA"),
        ("class: sla", "class: sla\nclass: ola"),
        ("class: sla", "class:"),
        ("owner: Service manager", "owner: See ticket #5"),
        ("owner: Service manager", "owner: ~"),
        ("period: [month, week]", "period: [month, weekly]"),
        ("period: [month, week]", "period: []"),
        ("unit: percent", "unit: sec"),
        ("unit: percent", "unit: eur"),
        ("decimals: 1", "decimals: 017"),
        ("measures: outcome", "measures: value"),
        ("settles_after: 7 d", "settles_after: 7"),
        ("  target_time: 20 s", "  target_time: 20 sec"),
        ("  channels: [phone, chat]", "  channels: []"),
        ("    2025-01-01: {P1: 4 h, P2: 8 h}", "    2025-02-30: {P1: 4 h, P2: {x: 1 h}}"),
        ("  dated: arrived_at\n", "  dated: arrived_at\n  open: a until b\n"),
        ("  dated: arrived_at\n", "  open: arrived_at\n"),
        ("  dated: arrived_at\n", "  dated: arrived_at\n  over: 12\n"),
        ("population:\n", "dated: arrived_at\npopulation:\n"),
        ("  from: contacts", "  from: contacts\n  target: at least 80 %"),
        ("      reason: Not part of the total.\n", ""),
        ("      when: outcome", "      whenn: outcome"),
        ("keep: last by arrived_at per person", "keep: latest by arrived_at per person"),
        ("keep: last by arrived_at per person", "keep: last arrived_at"),
        ("volume: {formula: count(),", "volume: {formula: count(a, b),"),
        ("target: at least 80 %", "target: 80 %"),
        ("since: 2026-01-01", "since: 1.1.2026"),
        ("by: [channel, [channel, queue]]", "by: {channel: phone}"),
        ("  rate: count(where outcome", "  rate: \"count\" (where outcome"),
        ("  rate: count(where outcome", "  rate: [count]\n  more: count(where outcome"),
        ("metric: answered", "metric: answred"),
        ("metric: answered", ""),
        ("formulas:", "formula: count()\nformulas:"),
        ("      when: outcome = \"abandoned\"", "      when: outcome = \"a #b\""),
    ];
    let mut story = String::new();
    for (from, to) in cases {
        assert!(CARD.contains(from), "{from}");
        let _ = writeln!(story, "── {} ──", to.trim().replace('\n', "⏎"));
        story.push_str(&said(&[("sla/answered.yaml", &CARD.replacen(from, to, 1))]));
    }
    insta::assert_snapshot!(story);
}

#[test]
fn an_empty_file_and_a_wrong_form_are_explained() {
    let story = [
        said(&[("a.yaml", "")]),
        said(&[("a.yaml", "# nothing\n")]),
        said(&[("a.yaml", "- a\n- b\n")]),
        said(&[("a.yaml", "just a text")]),
        said(&[("workspace.yaml", "time_zone: UTC\nlanguage: [en]\n")]),
    ];
    insta::assert_snapshot!(story.join("──\n"));
}

#[test]
fn a_broken_layout_is_the_only_thing_said_about_missing_keys() {
    let text = "metric: answered\nclass: sla\nowner: a: b\nunit: percent\n";
    let (_, outcome) = read(&[("answered.yaml", text)]);
    let codes: Vec<_> = outcome.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::YamlColon]);
    assert!(outcome.value.cards.is_empty());
    assert_eq!(outcome.value.broken[0].value, "answered");
    assert_eq!(outcome.value.counts.cards, 1);
}

#[test]
fn files_are_known_by_their_paths() {
    let kinds = [
        ("workspace.yaml", Some(FileKind::Workspace)),
        ("vocabulary.yaml", Some(FileKind::Vocabulary)),
        ("calendars/desk.yaml", Some(FileKind::Calendar)),
        ("sources/sn.yaml", Some(FileKind::Mapping)),
        ("sla/a.yaml", Some(FileKind::Card)),
        ("a.yml", Some(FileKind::Card)),
        ("sla/workspace.yaml", Some(FileKind::Card)),
        ("sla/a.test.yaml", Some(FileKind::Trials)),
        ("sla/.a.yaml", None),
        (".git/a.yaml", None),
        ("README.md", None),
        ("sla/a.csv", None),
    ];
    for (path, kind) in kinds {
        assert_eq!(FileKind::of(path), kind, "{path}");
    }
}

#[test]
fn hostile_files_are_refused_and_told_once() {
    let lines: Vec<_> = (0..900).map(|number| format!("key{number}: 1\n")).collect();
    let many = lines.concat();
    let (_, outcome) = read(&[("a.yaml", &many)]);
    assert_eq!(outcome.diagnostics.len(), MOST_COMPLAINTS + 1);
    assert_eq!(
        outcome.diagnostics.last().map(|one| one.code),
        Some(Code::TooManyProblems)
    );
    let brackets = format!("formula: {}", "(".repeat(200_000));
    assert!(said(&[("a.yaml", &brackets)]).contains("formula-too-long"));
    let deep =
        (0..40).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<Vec<_>>();
    assert!(said(&[("a.yaml", &deep.concat())]).contains("yaml-too-deep"));
}

proptest! {
    /// Damaged cards are read without a panic, and every place lies in the file.
    #[test]
    fn damaged_cards_are_read(
        cuts in prop::collection::vec((0..CARD.len(), 0..6usize, "[ -~\n\té“]{0,4}"), 1..5),
        name in prop::sample::select(vec![
            "sla/answered.yaml", "vocabulary.yaml", "workspace.yaml", "calendars/a.yaml",
            "sources/a.yaml", "sla/answered.test.yaml",
        ]),
    ) {
        let mut file = CARD.to_owned();
        for (at, len, put) in cuts {
            let at = at.min(file.len());
            let end = (at + len).min(file.len());
            if file.is_char_boundary(at) && file.is_char_boundary(end) {
                file.replace_range(at..end, &put);
            }
        }
        let (_, outcome) = read(&[(name, &file)]);
        for complaint in &outcome.diagnostics {
            for label in &complaint.labels {
                prop_assert!(label.span.start <= label.span.end, "{complaint:?}");
                prop_assert!(label.span.end as usize <= file.len(), "{complaint:?}");
            }
        }
    }
}

#[test]
fn tests_are_read_from_small_tables_and_lists() {
    let text = "\
metric: answered
as_of: 2026-02-10
tests:
  - name: exactly at the target time
    given:
      contacts: |
        contact_id, arrived_at,       queue,      waited
        1,          2026-01-05 10:00, \"a, \"\"b\"\"\", 20 s
        2,          2026-01-05 10:01, ,           missing
      people:
        - {person: x, left_on: missing}
    expect:
      - {period: 2026-01, value: 50 %, account: {counted: 2}, excluded: {spam: []}}
";
    let (sources, outcome) = read(&[("sla/answered.test.yaml", text)]);
    assert_eq!(outcome.diagnostics, []);
    let trial = &outcome.value.trials[0].tests[0];
    let rows = &trial.setting.given[0].rows;
    let Cell::Text(queue) = &rows[0].cells[2].1 else { panic!("no text") };
    assert_eq!(
        (queue.value.as_str(), sources.text(queue.span)),
        ("a, \"b\"", "\"a, \"\"b\"\"\"")
    );
    assert!(matches!(rows[1].cells[2].1, Cell::Missing(_)));
    assert!(matches!(rows[1].cells[3].1, Cell::Missing(_)));
    assert!(matches!(trial.setting.given[1].rows[0].cells[1].1, Cell::Missing(_)));
    assert_eq!(trial.expect[0].excluded[0].1, []);
    let short = text.replace(" 2026-01-05 10:01, ,", " 2026-01-05 10:01,");
    let found = said(&[("sla/answered.test.yaml", &short)]);
    assert!(found.contains("4 cells are expected, found 3"), "{found}");
}
