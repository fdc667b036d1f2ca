//! Tests of the limit of memory: a run is carried out with less, refused, or stopped.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mittari::error::RunError;
use mittari::fault::LoadError;
use mittari::{
    Dataset, Error, MemoryLimit, Overrides, Results, RunOptions, Selection, Sources,
    Workspace,
};

const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      opened_at: instant
      resolved_at: instant
";

const SOURCE: &str = "\
source: data
as_of: 2026-01-01
tables:
  tickets:
    file: tickets.csv
    time_zone: UTC
    fields: {ticket_id: id, opened_at: opened_at, resolved_at: resolved_at}
";

const CARD: &str = "\
metric: tried
title: Tried
class: internal
measures: outcome
owner: Tester
period: month
unit: h
direction: none
population: {from: tickets, dated: resolved_at}
formulas:
  middle: median(resolved_at - opened_at)
  n: {formula: count(), unit: count}
";

fn workspace() -> Workspace {
    let mut sources = Sources::new();
    sources.add("internal/tried.yaml", CARD);
    sources.add("sources/data.yaml", SOURCE);
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("workspace.yaml", "time_zone: UTC\nlanguages: [en]\n");
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
}

/// Writes some tickets, whose numbers neither rise nor fall.
fn folder(n_rows: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("tickets.csv")).unwrap();
    let mut file = std::io::BufWriter::new(file);
    writeln!(file, "id,opened_at,resolved_at").unwrap();
    for row in 0..n_rows {
        let id = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (day, minute) = (row % 28 + 1, row % 59 + 1);
        writeln!(
            file,
            "T{id},2025-03-{day:02}T08:00:00,2025-03-{day:02}T08:{minute:02}:07"
        )
        .unwrap();
    }
    folder
}

fn run(folder: &Path, options: &RunOptions<'_>) -> Result<Results, Error> {
    let workspace = workspace();
    let paths: [PathBuf; 1] = [folder.to_owned()];
    let dataset = Dataset::of_folder(&workspace.catalog, None, &paths)?;
    workspace.run(&dataset, &Selection::default(), options)
}

fn limited(threads: usize, memory: MemoryLimit<'_>) -> RunOptions<'_> {
    RunOptions { threads, memory: Some(memory), ..RunOptions::default() }
}

const MIB: u64 = 1 << 20;

/// What is said where the limit is too low.
fn refused(folder: &Path, limit: u64) -> String {
    let measure = || -> Option<u64> { panic!("nothing is read") };
    let memory = MemoryLimit::new(limit).measured_by(&measure);
    match run(folder, &limited(2, memory)) {
        Err(Error::Run(error @ RunError::Memory(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_within_its_limit_has_the_same_results() {
    let folder = folder(300_000);
    let shown = |results: &Results| format!("{:?}", results.rows);
    let free = run(folder.path(), &RunOptions::default()).unwrap();
    let mut some = 0;
    // Pieces become smaller, threads fewer, and numbers of keys are held in parts.
    for limit in [29, 30, 31, 32, 35, 40, 200] {
        match run(folder.path(), &limited(4, MemoryLimit::new(limit * MIB))) {
            Ok(results) => {
                some += 1;
                assert_eq!(shown(&results), shown(&free), "{limit}");
            }
            Err(error) => assert!(matches!(error, Error::Run(RunError::Memory(_)))),
        }
    }
    assert!(some >= 4, "{some}");
}

#[test]
fn a_limit_that_is_too_low_is_refused_before_anything_is_read() {
    let text = refused(folder(1_000).path(), 10 * MIB);
    let expected = "the run needs about 27 MiB, and its limit is 10 MiB: 24 MiB the program \
                    and its cards; a later `--from`, or fewer metrics or periods, or \
                    `--memory-limit 27MiB` would do";
    assert_eq!(text, expected);
    // What grows with the rows stands first.
    let text = refused(folder(300_000).path(), 10 * MIB);
    assert!(
        text.contains(": 24 MiB the program and its cards, 1 MiB the values of"),
        "{text}"
    );
    assert!(
        text.contains("a later `--from`, or a run without `tried.middle`, or"),
        "{text}"
    );
}

#[test]
fn the_limit_that_is_named_would_do() {
    let folder = folder(300_000);
    let text = refused(folder.path(), MIB);
    let (_, rest) = text.split_once("--memory-limit ").unwrap();
    let (named, _) = rest.split_once("MiB`").unwrap();
    let named: u64 = named.parse().unwrap();
    let memory = MemoryLimit::new(named * MIB);
    assert!(run(folder.path(), &limited(8, memory)).is_ok());
    refused(folder.path(), (named - 1) * MIB);
}

#[test]
fn a_run_that_holds_more_all_the_same_is_stopped() {
    let folder = folder(10_000);
    let held = || Some(99 * MIB);
    let memory = MemoryLimit::new(100 * MIB).measured_by(&held);
    let Err(Error::Load(error @ LoadError::Memory { .. })) =
        run(folder.path(), &limited(2, memory))
    else {
        panic!("it went on");
    };
    let expected = "the run held 99 MiB while it read, and its limit is 100 MiB; a higher \
                    `--memory-limit`, fewer metrics or a later `--from` would do";
    assert_eq!(error.to_string(), expected);
    let memory = MemoryLimit::new(110 * MIB).measured_by(&held);
    assert!(run(folder.path(), &limited(2, memory)).is_ok());
}
