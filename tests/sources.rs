//! One desk, exported by six systems: the shipped cards give the same numbers of each,
//! and where a system does not carry a fact its source says why.
//!
//! `cargo test -p mittari-tests --test sources -- --ignored` writes the exports anew.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use mittari::table::Row;
use mittari::{Dataset, Overrides, Results, RunOptions, Selection, Workspace};

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;
#[path = "sample/clock.rs"]
mod clock;
#[path = "sources/desk.rs"]
mod desk;
#[path = "sources/exports.rs"]
mod exports;
#[path = "sources/facts.rs"]
mod facts;
#[path = "sample/random.rs"]
mod random;

use desk::Ticket;
use facts::View;

const SEED: u64 = 6;

fn folder() -> PathBuf {
    ask::top().join("tests/sources")
}

/// A source, the files it reads, and what it knows otherwise.
fn systems() -> Vec<(&'static str, Vec<&'static str>, View)> {
    let plain = View::default();
    let incidents = View { incidents_only: true, ..plain };
    let states = "servicenow/incident_metric.csv";
    let zendesk = View { reply_in_minutes: true, numbers: true, ..plain };
    let zammad = View { closes_at_once: true, no_first_priority: true, ..plain };
    vec![
        ("servicenow", vec!["servicenow/incident.csv", states], incidents),
        ("servicenow", vec!["servicenow/incident-fi.csv", states], incidents),
        ("servicenow", vec!["servicenow/incident-sv.csv", states], incidents),
        ("jira-service-management", vec!["jira/jira-issues.ndjson"], plain),
        ("zendesk", vec!["zendesk/zendesk-tickets.ndjson"], zendesk),
        (
            "freshservice",
            vec!["freshservice/freshservice-tickets.ndjson"],
            View { numbers: true, no_new: true, ..plain },
        ),
        ("glpi", vec!["glpi/glpi_tickets.tsv"], plain),
        ("zammad", vec!["zammad/zammad-tickets.ndjson"], zammad),
    ]
}

fn run(workspace: &Workspace, dataset: &Dataset) -> Results {
    let selection = Selection { as_of: Some(exports::as_of()), ..Selection::default() };
    let options = RunOptions { threads: 1, ..RunOptions::default() };
    workspace.run(dataset, &selection, &options).unwrap()
}

fn exported(workspace: &Workspace, source: &str, files: &[&str]) -> Results {
    let files: Vec<PathBuf> = files.iter().map(|file| folder().join(file)).collect();
    let dataset = Dataset::of_folder(&workspace.catalog, Some(source), &files).unwrap();
    run(workspace, &dataset)
}

/// The rows by their titles.
fn rows(results: &Results) -> BTreeMap<String, &Row> {
    results.rows.iter().map(|row| (ask::title(row), row)).collect()
}

/// What a row says, to the last bit, but for the account: a system that marks no spam
/// has deleted it, and the account tells the one from the other.
fn said(row: &Row) -> String {
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    format!(
        "{:?} {:?} {:?} {:?} {:?}, shown as {}",
        bits(row.value),
        bits(row.numerator),
        bits(row.denominator),
        row.n,
        row.state,
        row.display
    )
}

#[test]
fn the_exports_are_what_the_seed_gives() {
    for (name, text) in exports::files(&desk::desk(SEED)) {
        let there = fs::read_to_string(folder().join(name)).expect("an export");
        assert!(
            there == text,
            "tests/sources/{name} is not current; see tests/sources.rs"
        );
    }
}

#[test]
#[ignore = "writes the exports anew"]
fn write_the_exports() {
    for (name, text) in exports::files(&desk::desk(SEED)) {
        let path = folder().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

#[test]
fn the_desk_has_what_makes_exports_differ() {
    let desk = desk::desk(SEED);
    let of = |test: fn(&Ticket) -> bool| desk.iter().filter(|one| test(one)).count();
    assert_eq!(desk.len(), 50);
    assert!(of(|one| one.resolved.is_none()) > 2);
    assert!(of(|one| one.resolved.is_some() && one.closed.is_none()) > 0);
    assert!(of(|one| one.reopened > 0) > 1);
    assert!(of(|one| one.kept == "spam") > 0 && of(|one| one.kept == "duplicate") > 0);
    assert!(of(|one| one.priority == 1) > 1);
    assert!(of(|one| one.states.iter().any(|at| at.status == "pending_customer")) > 5);
}

#[test]
fn each_export_gives_the_numbers_of_the_desk() {
    let workspace = ask::workspace("metrics");
    let desk = desk::desk(SEED);
    for (source, files, view) in systems() {
        let found = exported(&workspace, source, &files);
        let truth = run(&workspace, &facts::dataset(&workspace, &desk, view));
        let (found_rows, truth) = (rows(&found), rows(&truth));
        for (title, row) in &found_rows {
            let Some(expected) = truth.get(title) else {
                panic!("{source} gives {title}, and the desk does not")
            };
            assert_eq!(said(row), said(expected), "{source}: {title}");
        }
        let ran = |row: &Row| {
            found
                .rows
                .iter()
                .any(|one| one.metric == row.metric && one.formula == row.formula)
        };
        for (title, row) in truth.iter().filter(|(_, row)| ran(row)) {
            assert!(
                found_rows.contains_key(title),
                "{source} lacks {title}: {}",
                said(row)
            );
        }
        assert!(found_rows.len() > 100, "{source} gives {} numbers", found_rows.len());
        for table in &found.tables {
            assert_eq!(table.bad_rows, 0, "{source}: {:?}", table.faults);
        }
    }
}

/// What some systems carry and others do not; of each that is lacking a source says why.
const FACTS: [&str; 16] = [
    "`type` of `tickets`",
    "`channel` of `tickets`",
    "`category` of `tickets`",
    "`group` of `tickets`",
    "`first_response_at` of `tickets`",
    "`closed_at` of `tickets`",
    "`promised_at` of `tickets`",
    "`handle_time` of `tickets`",
    "`reopen_count` of `tickets`",
    "`reassignment_count` of `tickets`",
    "`first_level` of `tickets`",
    "`survey_score` of `tickets`",
    "`in_time_flag` of `tickets`",
    "the table `contacts`",
    "the table `history`",
    "the table `surveys`",
];

#[test]
fn what_a_system_does_not_carry_is_said_with_its_reason() {
    let workspace = ask::workspace("metrics");
    for (source, files, _) in systems() {
        let found = exported(&workspace, source, &files);
        let told: Vec<_> = found
            .not_run
            .iter()
            .filter(|not_run| FACTS.contains(&not_run.lacks.as_str()))
            .collect();
        assert!(told.len() > 20, "{source}: {} metrics are not run", told.len());
        for not_run in told {
            assert!(not_run.because.is_some(), "{source}: {not_run:?}");
        }
    }
    let found =
        exported(&workspace, "jira-service-management", &["jira/jira-issues.ndjson"]);
    let not_run = found.not_run.iter().find(|one| one.metric == "throughput-time.mean");
    let not_run = not_run.expect("Jira keeps no moment of closing");
    assert_eq!(not_run.lacks, "`closed_at` of `tickets`");
    let because = not_run.because.as_deref().expect("a reason");
    assert!(because.contains("only in the changelog"), "{because}");
}

/// A card of the first reply, beside the shipped ones.
const REPLY: &str = "
metric: reply
title: First reply
class: internal
measures: outcome
owner: Nobody
period: [month, whole]
unit: min
direction: down
parameters: {limit: 30 min}
define: {took: first_response_at - opened_at}
population: {from: tickets, dated: opened_at}
formulas:
  mean: mean(took)
  total: {formula: sum(took), unit: s}
  in_time: {formula: count(where took <= limit), unit: count}
  tickets: {formula: count(), unit: count}
by: [channel]
";

/// Zendesk cuts the time of the first reply off to whole minutes. So a reply seems up to
/// 59 s earlier than it was: a mean is less by no more than that, a sum by no more than
/// that for each ticket, and a ticket answered within the minute after a target counts as
/// in time. Nothing moves to another period, since periods begin at whole minutes.
#[test]
fn whole_minutes_cost_less_than_a_minute_and_move_nothing_else() {
    let read = mittari::load::workspace::read_folder(&ask::top().join("metrics"));
    let mut sources = read.unwrap().sources;
    sources.add("internal/reply.yaml", REPLY);
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
    let desk: Vec<Ticket> =
        desk::desk(SEED).into_iter().filter(|one| one.kept == "valid").collect();
    let exact = View { numbers: true, ..View::default() };
    let exact = run(&workspace, &facts::dataset(&workspace, &desk, exact));
    let cut = exported(&workspace, "zendesk", &["zendesk/zendesk-tickets.ndjson"]);
    let (exact, cut) = (rows(&exact), rows(&cut));
    let late = |seconds: i64| (1801..1860).contains(&seconds);
    let took = desk.iter().filter_map(|one| Some(one.responded? - one.opened));
    let just_late = took.filter(|seconds| late(*seconds)).count() as f64;
    assert!(just_late > 0.0, "a ticket lies in the minute after the target");
    let mut moved = 0;
    for (title, cut) in cut.iter().filter(|(title, _)| title.starts_with("reply.")) {
        let exact = exact[title];
        let tickets = exact.n.unwrap_or(0) as f64;
        let (Some(is), Some(seems)) = (exact.value, cut.value) else {
            assert_eq!(said(exact), said(cut), "{title}");
            continue;
        };
        let most = match exact.formula.as_deref() {
            Some("mean") => 59.0,
            Some("total") => 59.0 * tickets,
            Some("in_time") => just_late,
            _ => 0.0,
        };
        let less = if exact.formula.as_deref() == Some("in_time") {
            seems - is
        } else {
            is - seems
        };
        assert!((0.0..=most).contains(&less), "{title}: {is} and {seems}");
        moved += usize::from(less > 0.0);
    }
    assert!(moved > 10, "{moved} numbers differ");
}
