//! Tests of side tables over small files: rows beside others, threads, order of files.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::path::{Path, PathBuf};

use mittari::fault::{FaultKind, Place};
use mittari::table::Row;
use mittari::{
    Dataset, Error, OnBadRows, Overrides, Results, RunOptions, Selection, Sources,
    Workspace,
};

const WORKSPACE: &str = "time_zone: Europe/Helsinki\nlanguages: [en]\ncalendar: desk\n";

const DESK: &str =
    "calendar: desk\ntime_zone: Europe/Helsinki\nhours:\n  mon-fri: 08:00-16:00\n";

const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    lookups: {duty: responsibility by category}
    fields:
      ticket_id: text
      category: text
      opened_at: {type: instant, required: true}
      resolved_at: instant
  history:
    key: [ticket_id, started_at]
    valid: started_at until ended_at
    lookups: {ticket: tickets by ticket_id}
    fields:
      ticket_id: text
      started_at: instant
      status: {values: [open, waiting, solved]}
      ended_at: {is: \"next(started_at, per ticket_id, by started_at)\"}
  responsibility:
    key: category
    valid: valid_from until valid_until
    fields: {category: text, owner: text, valid_from: date, valid_until: date}
populations:
  waits: {from: history, where: status = \"waiting\"}
";

const SOURCE: &str = "\
source: data
as_of: 2026-03-01
tables:
  tickets:
    file: tickets.csv
    time_zone: Europe/Helsinki
    missing: [\"\"]
    fields: {ticket_id: ticket_id, category: category, opened_at: opened_at, resolved_at: resolved_at}
  history:
    file: \"history*.csv\"
    time_zone: Europe/Helsinki
    missing: [\"\"]
    fields: {ticket_id: ticket_id, started_at: started_at, status: status}
  responsibility:
    file: duty.csv
    missing: [\"\"]
    fields: {category: category, owner: owner, valid_from: valid_from, valid_until: valid_until}
";

const CARD: &str = "\
metric: tried
title: Tried
class: internal
measures: outcome
owner: Tester
period: month
unit: h
decimals: 3
direction: none
define:
  owner: duty.owner at opened_at
  spent: working_time(opened_at, resolved_at, except waits)
population: {from: tickets, dated: opened_at}
formulas:
  spent: sum(spent)
  states: {formula: sum(count(its history)), unit: number}
  owned: {formula: count(where owner is known), unit: count}
by: [owner]
";

fn workspace() -> Workspace {
    let mut sources = Sources::new();
    for (name, text) in [
        ("calendars/desk.yaml", DESK),
        ("internal/tried.yaml", CARD),
        ("sources/data.yaml", SOURCE),
        ("vocabulary.yaml", VOCABULARY),
        ("workspace.yaml", WORKSPACE),
    ] {
        sources.add(name, text);
    }
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
}

/// A folder with files of these names and texts.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, threads: usize, on_bad_rows: OnBadRows) -> Result<Results, Error> {
    let workspace = workspace();
    let paths: [PathBuf; 1] = [folder.to_owned()];
    let dataset = Dataset::of_folder(&workspace.catalog, None, &paths)?;
    let options = RunOptions { threads, on_bad_rows, ..RunOptions::default() };
    workspace.run(&dataset, &Selection::default(), &options)
}

fn shown(results: &Results) -> Vec<String> {
    let row = |row: &Row| {
        let (formula, label) = (&row.formula, &row.period.label);
        format!("{formula:?} {label} {:?} {:?}", row.segment, row.value)
    };
    results.rows.iter().map(row).collect()
}

const TICKETS: &str = "\
ticket_id,category,opened_at,resolved_at
1,mail,2026-01-12T08:00:00,2026-01-13T12:00:00
2,net,2026-02-10T08:00:00,2026-02-10T12:00:00
3,,2026-02-11T08:00:00,
";

const OVERLAPPING: &str = "\
category,owner,valid_from,valid_until
mail,Cid,2026-01-20,
mail,Ann,2026-01-01,2026-02-01
net,Bo,2026-01-01,2026-02-01
net,Dee,2026-02-01,
";

#[test]
fn a_second_row_at_one_time_is_a_fault_with_its_place() {
    let history = "ticket_id,started_at,status\n";
    let folder = folder(&[
        ("tickets.csv", TICKETS),
        ("duty.csv", OVERLAPPING),
        ("history.csv", history),
    ]);
    let Err(Error::BadRows(report)) = run(folder.path(), 2, OnBadRows::Stop) else {
        panic!("the run was to stop");
    };
    assert_eq!(report.faults.by_kind, [(FaultKind::SecondRow, 1)]);
    let fault = &report.faults.listed[0];
    assert_eq!((fault.kind, fault.place), (FaultKind::SecondRow, Place::Line(3)));
    assert_eq!(fault.text, "mail, 2026-01-01");
    assert!(fault.expected.contains("line 2 holds too"), "{}", fault.expected);

    let results = run(folder.path(), 2, OnBadRows::Report).unwrap();
    assert!(results.rows.iter().all(|row| row.bad_rows == 1));
    let owned = results
        .rows
        .iter()
        .filter(|row| row.formula.as_deref() == Some("owned") && row.segment.is_empty());
    // The ticket of January is older than the row that stays.
    let owned: Vec<_> = owned.map(|row| (row.period.label.as_str(), row.value)).collect();
    assert_eq!(owned, [("2026-01", Some(0.0)), ("2026-02", Some(1.0))]);
    let tables: Vec<_> =
        results.tables.iter().map(|one| (one.name.as_str(), one.bad_rows)).collect();
    assert_eq!(tables, [("tickets", 0), ("history", 0), ("responsibility", 1)]);
}

#[test]
fn rows_that_touch_are_apart() {
    let duty = OVERLAPPING.replace("mail,Cid,2026-01-20", "mail,Cid,2026-02-01");
    let folder = folder(&[
        ("tickets.csv", TICKETS),
        ("duty.csv", &duty),
        ("history.csv", "ticket_id,started_at,status\n"),
    ]);
    let results = run(folder.path(), 1, OnBadRows::Stop).unwrap();
    assert!(results.tables.iter().all(|table| table.bad_rows == 0));
}

/// Rows of a history, in an order that looks like none.
fn scattered(n_tickets: usize) -> (String, Vec<String>) {
    let mut tickets = "ticket_id,category,opened_at,resolved_at\n".to_owned();
    let mut lines = Vec::new();
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    for ticket in 0..n_tickets {
        let (day, hour) = (1 + next(20), 6 + next(12));
        tickets.push_str(&format!(
            "t{ticket},mail,2026-01-{day:02}T{hour:02}:00:00,2026-02-{day:02}T11:30:00\n"
        ));
        let mut minute = 0;
        for _ in 0..next(6) {
            minute += 1 + next(9);
            let status = ["open", "waiting", "solved"][next(3)];
            let at = format!("2026-01-{:02}T{hour:02}:{minute:02}:00", day + next(2));
            let line = format!("t{ticket},{at},{status}");
            if !lines.iter().any(|known: &String| {
                known.starts_with(&line[..line.len() - status.len()])
            }) {
                lines.push(line);
            }
        }
    }
    for place in (1..lines.len()).rev() {
        lines.swap(place, next(place + 1));
    }
    (tickets, lines)
}

#[test]
fn neither_threads_nor_the_order_of_files_move_a_result() {
    let (tickets, lines) = scattered(300);
    let file =
        |lines: &[String]| format!("ticket_id,started_at,status\n{}\n", lines.join("\n"));
    let duty = "category,owner,valid_from,valid_until\nmail,Ann,2026-01-05,\n";
    let (first, second) = lines.split_at(lines.len() / 3);
    let one_file = folder(&[
        ("tickets.csv", &tickets),
        ("duty.csv", duty),
        ("history.csv", &file(&lines)),
    ]);
    let expected = shown(&run(one_file.path(), 1, OnBadRows::Stop).unwrap());
    assert!(expected.len() > 4);
    for (a, b) in [(first, second), (second, first)] {
        let several = folder(&[
            ("tickets.csv", &tickets),
            ("duty.csv", duty),
            ("history-1.csv", &file(a)),
            ("history-2.csv", &file(b)),
        ]);
        for threads in [1, 2, 5] {
            let results = run(several.path(), threads, OnBadRows::Stop).unwrap();
            assert_eq!(shown(&results), expected);
        }
    }
}

#[test]
fn a_metric_whose_related_table_is_absent_says_which() {
    let folder = folder(&[("tickets.csv", TICKETS), ("duty.csv", OVERLAPPING)]);
    let results = run(folder.path(), 1, OnBadRows::Report).unwrap();
    let lacks: Vec<_> = results
        .not_run
        .iter()
        .map(|one| (one.metric.as_str(), one.lacks.as_str()))
        .collect();
    let history = "the table `history`";
    assert_eq!(lacks, [("tried.spent", history), ("tried.states", history)]);
}
