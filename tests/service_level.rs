//! The fourteen documented service levels, side by side over one set of contacts.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::fs;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, DurationSecondArray, RecordBatch, StringArray, TimestampSecondArray,
};
use mittari::{Dataset, Results, RunOptions, Selection, Workspace};
use serde_json::Value;

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;

/// 2026-01-12 12:00 in Helsinki, in seconds.
const ARRIVED: i64 = 1_768_212_000;

/// So many contacts that ended in one way after one wait.
#[derive(Clone, Copy)]
struct Event<'a> {
    outcome: &'a str,
    waited: Option<i64>,
    count: u64,
}

/// The vectors of one kind.
fn vectors(kind: &str) -> Vec<Value> {
    let path = ask::top().join("tests/vectors/service_level.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|vector| vector["kind"] == kind).collect()
}

/// The vocabulary's word for an outcome of the vectors.
fn outcome(theirs: &str) -> &str {
    match theirs {
        "ivr_abandoned" => "abandoned_ivr",
        "flowout" => "overflow",
        same => same,
    }
}

/// The card of a preset.
fn card(preset: &str) -> String {
    let preset = preset.replace("eight_by_eight", "8x8").replace('_', "-");
    format!("service-level-{preset}")
}

/// One batch with a row for each contact, one arriving every second.
fn batch(events: &[Event<'_>]) -> RecordBatch {
    let mut contacts: Vec<&Event<'_>> = Vec::new();
    for event in events {
        contacts.extend((0..event.count).map(|_| event));
    }
    let arrived: Vec<i64> = (ARRIVED..).take(contacts.len()).collect();
    let ended = arrived
        .iter()
        .zip(&contacts)
        .map(|(arrived, contact)| arrived + contact.waited.unwrap_or(30));
    let columns: [(&str, ArrayRef); 6] = [
        (
            "contact_id",
            Arc::new(StringArray::from_iter_values(
                (1..=contacts.len()).map(|n| n.to_string()),
            )),
        ),
        ("channel", Arc::new(StringArray::from(vec!["phone"; contacts.len()]))),
        ("arrived_at", Arc::new(TimestampSecondArray::from(arrived.clone()))),
        ("ended_at", Arc::new(TimestampSecondArray::from_iter_values(ended))),
        (
            "outcome",
            Arc::new(StringArray::from_iter_values(
                contacts.iter().map(|contact| outcome(contact.outcome)),
            )),
        ),
        (
            "waited",
            Arc::new(contacts.iter().map(|c| c.waited).collect::<DurationSecondArray>()),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

fn run(workspace: &Workspace, events: &[Event<'_>], cards: &[&str]) -> Results {
    let mut dataset = Dataset::new();
    let batches = vec![batch(events)];
    dataset.add_batches(&workspace.catalog, "contacts", batches).unwrap();
    let metrics = ask::metrics(workspace, cards);
    let selection = Selection { metrics, ..Selection::default() };
    workspace.run(&dataset, &selection, &RunOptions::default()).unwrap()
}

#[test]
fn the_fourteen_cards_give_the_fourteen_quotients() {
    let events = vectors("events");
    let events: Vec<Event<'_>> = events[0]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| Event {
            outcome: event["outcome"].as_str().unwrap(),
            waited: event["wait_s"].as_i64(),
            count: event["count"].as_u64().unwrap(),
        })
        .collect();
    let n_contacts: u64 = events.iter().map(|event| event.count).sum();
    // The last one is no service level that anyone states; it probes a boundary.
    let presets = vectors("dataset");
    let presets: Vec<&Value> =
        presets.iter().filter(|preset| preset["basis"] != "probe").collect();
    let cards: Vec<String> =
        presets.iter().map(|preset| card(preset["preset"].as_str().unwrap())).collect();
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    let workspace = ask::workspace("metrics");
    let shipped = workspace
        .catalog
        .metrics
        .iter()
        .filter(|metric| metric.name.starts_with("service-level-"));
    assert_eq!((cards.len(), shipped.count()), (14, 14));

    let results = run(&workspace, &events, &cards);
    let given = agree(&results, &presets, &cards, n_contacts);
    // What a reader is told to run: the same contacts as a file.
    let folder = [ask::top().join("metrics/service-levels")];
    let dataset = Dataset::of_folder(&workspace.catalog, None, &folder).unwrap();
    let metrics = ask::metrics(&workspace, &cards);
    let selection = Selection { metrics, ..Selection::default() };
    let shipped = workspace.run(&dataset, &selection, &RunOptions::default()).unwrap();
    assert_eq!(agree(&shipped, &presets, &cards, n_contacts), given);
}

/// Holds each card's result against its preset, and gives what is shown, from the lowest
/// to the highest.
fn agree(
    results: &Results,
    presets: &[&Value],
    cards: &[&str],
    n_contacts: u64,
) -> Vec<String> {
    ask::accounts_add_up(results);
    let mut percents = Vec::new();
    for (preset, card) in presets.iter().zip(cards) {
        let row = ask::Found::of(results).row(&format!("{card} 2026-01"));
        assert_eq!(row.numerator, preset["numerator"].as_f64(), "{card}");
        assert_eq!(row.denominator, preset["denominator"].as_f64(), "{card}");
        let value = 100.0 * row.value.unwrap();
        assert!((value - preset["percent"].as_f64().unwrap()).abs() <= 5e-7, "{card}");
        assert_eq!(row.accounts[0].rows.unsigned_abs(), n_contacts, "{card}");
        percents.push((value, row.display.clone()));
    }
    percents.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ends = [&percents[0].1, &percents[13].1];
    assert_eq!(ends, ["75.83 %", "84.21 %"]);
    percents.into_iter().map(|(_, shown)| shown).collect()
}

/// The presets whose formulas the published examples use, in their order.
const PUBLISHED: [&str; 6] = [
    "icmi_abandoned_in_target_is_success",
    "icmi_answered_only",
    "icmi_all_offered",
    "icmi_abandoned_in_target_excluded",
    "short_abandons_excluded",
    "icmi_abandoned_in_target_excluded",
];

#[test]
fn the_examples_that_were_published_come_out() {
    let workspace = ask::workspace("metrics");
    let published = vectors("published");
    assert_eq!(published.len(), PUBLISHED.len());
    for (example, preset) in published.iter().zip(PUBLISHED) {
        let input = |name: &str| example["inputs"][name].as_u64().unwrap_or_default();
        let (answered_in, short) = (input("answered_in"), input("short"));
        let abandoned_in = input("abandoned_in") + input("abandoned_in_range");
        let events = [
            ("answered", 20, answered_in),
            ("answered", 21, input("answered") - answered_in),
            ("abandoned", 5, short),
            ("abandoned", 20, abandoned_in),
            ("abandoned", 21, input("abandoned") - abandoned_in - short),
        ];
        let events = events.map(|(outcome, waited, count)| Event {
            outcome,
            waited: Some(waited),
            count,
        });
        let card = card(preset);
        let results = run(&workspace, &events, &[&card]);
        let row = ask::Found::of(&results).row(&format!("{card} 2026-01"));
        assert_eq!(row.numerator, example["numerator"].as_f64(), "{}", example["id"]);
        assert_eq!(row.denominator, example["denominator"].as_f64(), "{}", example["id"]);
    }
}
