//! Tests that row groups which are passed over change no result: the same rows with
//! statistics of each row group and without.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, StringArray, TimestampMicrosecondArray, TimestampSecondArray,
};
use mittari::run::outline::outline;
use mittari::{
    Dataset, Error, OnBadRows, Overrides, Results, RunOptions, Selection, Sources,
    Workspace,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

#[path = "second/computed.rs"]
#[expect(dead_code, reason = "other tests compare values")]
mod second;
#[path = "second/written.rs"]
mod written;

use second::Draw;
use written::{batch_of, write_parquet};

const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      priority: {values: [P1, P2, P3]}
      opened_at: instant
      resolved_at: instant
      due_at: {type: instant, planned: true}
      noted_on: date
      called_at: instant
";

const SOURCE: &str = "\
source: data
tables:
  tickets:
    file: tickets.parquet
    time_zone: Europe/Helsinki
    fields:
      ticket_id: id
      priority: priority
      opened_at: opened_at
      resolved_at: resolved_at
      due_at: due_at
      noted_on: noted_on
      called_at: called_at
";

/// The cards; each can be tried alone.
const CARDS: [&str; 8] =
    ["came", "went", "noted", "lately", "due", "called", "stock", "age"];

/// A card over a population, with formulas and the breakdown by priority.
fn card(name: &str, population: &str, formulas: &str) -> String {
    format!(
        "metric: {name}\ntitle: Tried\nclass: internal\nmeasures: outcome\n\
         owner: Tester\nperiod: month\nunit: number\ndirection: none\n\
         population: {{from: tickets, {population}}}\nformulas:\n{formulas}by: [priority]\n"
    )
}

/// A workspace of some of the cards; its source may say from when its data reach.
fn workspace(cards: &[&str], covers: bool) -> Workspace {
    let opened = "dated: opened_at";
    let lasts =
        "  h: {formula: \"percentile(resolved_at - opened_at, 90 %)\", unit: h}\n";
    let all = [
        ("came", opened, format!("  n: {{formula: count(), unit: count}}\n{lasts}")),
        ("went", "dated: resolved_at", lasts.to_owned()),
        ("noted", "dated: noted_on", "  n: {formula: count(), unit: count}\n".to_owned()),
        (
            "lately",
            opened,
            "  n: {formula: count(over 3 months), unit: count}\n".to_owned(),
        ),
        ("due", "dated: due_at", "  n: {formula: count(), unit: count}\n".to_owned()),
        (
            "called",
            "dated: called_at",
            "  n: {formula: count(), unit: count}\n".to_owned(),
        ),
        (
            "stock",
            "open: opened_at until resolved_at",
            "  n: {formula: count(), unit: count}\n".to_owned(),
        ),
        (
            "age",
            "open: opened_at until resolved_at",
            "  h: {formula: median(period_end - opened_at), unit: h}\n".to_owned(),
        ),
    ];
    let mut sources = Sources::new();
    let covers = if covers { "covers: {from: 2024-06-01}\n" } else { "" };
    sources.add("sources/data.yaml", format!("{SOURCE}{covers}"));
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("workspace.yaml", "time_zone: Europe/Helsinki\nlanguages: [en]\n");
    for (name, population, formulas) in &all {
        if cards.is_empty() || cards.contains(name) {
            let text = card(name, population, formulas);
            sources.add(format!("internal/{name}.yaml"), text);
        }
    }
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
}

/// Seconds of a day in the middle of 2024, from which the tickets run.
const START: i64 = 1_718_000_000;
const DAY: i64 = 86_400;

/// Made-up tickets in the order of their opening; numbers are chained so that rows differ.
#[derive(Debug, Clone)]
struct Tickets {
    ids: Vec<String>,
    opened: Vec<Option<i64>>,
    resolved: Vec<Option<i64>>,
}

impl Tickets {
    fn new(seed: u64, n_rows: i64) -> Self {
        let mut draw = Draw::new(seed);
        let mut tickets = Self { ids: vec![], opened: vec![], resolved: vec![] };
        for row in 0..n_rows {
            let kind = if draw.below(2) == 0 { "INC" } else { "REQ" };
            tickets.ids.push(format!("{kind}{row:06}"));
            let opened = START + row * 500 * DAY / n_rows + draw.below(DAY);
            let lasts = if draw.below(40) == 0 {
                draw.below(300 * DAY)
            } else {
                draw.below(3 * DAY)
            };
            tickets.opened.push((draw.below(50) > 0).then_some(opened));
            tickets.resolved.push((draw.below(9) > 0).then_some(opened + lasts));
        }
        tickets
    }

    /// Writes them in row groups of twenty rows, whose statistics are kept or not.
    fn write(&self, folder: &Path, statistics: EnabledStatistics) {
        let micros = |at: &Option<i64>, more: i64| at.map(|at| (at + more) * 1_000_000);
        let opened = self.opened.iter().map(|at| micros(at, 0));
        let resolved = self.resolved.iter().map(|at| micros(at, 0));
        let due = self.opened.iter().map(|at| micros(at, 40 * DAY));
        let noted = self
            .opened
            .iter()
            .map(|at| at.map(|at| i32::try_from(at.div_euclid(DAY)).unwrap()));
        let priorities = (0..self.ids.len()).map(|row| ["P1", "P2", "P3"][row % 3]);
        let utc = |times: TimestampMicrosecondArray| -> ArrayRef {
            Arc::new(times.with_timezone("UTC"))
        };
        let columns: [(&str, ArrayRef); 7] = [
            ("id", Arc::new(StringArray::from_iter_values(&self.ids))),
            ("priority", Arc::new(StringArray::from_iter_values(priorities))),
            ("opened_at", utc(opened.collect())),
            ("resolved_at", utc(resolved.collect())),
            ("due_at", utc(due.collect())),
            ("noted_on", Arc::new(noted.collect::<Date32Array>())),
            // Local times of the zone that the source names.
            (
                "called_at",
                Arc::new(self.opened.iter().copied().collect::<TimestampSecondArray>()),
            ),
        ];
        let properties = WriterProperties::builder().set_statistics_enabled(statistics);
        let path = folder.join("tickets.parquet");
        write_parquet(&path, &batch_of(columns), (properties, 20));
    }
}

/// A range of days since 1970-01-01, and a moment of evaluation in seconds.
type Range = (Option<i32>, Option<i32>, i64);

fn selection((from, to, as_of): Range) -> Selection {
    let as_of = Some(as_of * 1_000_000);
    Selection { from, to, as_of, ..Selection::default() }
}

fn dataset(workspace: &Workspace, folder: &Path) -> Dataset {
    let paths: [PathBuf; 1] = [folder.to_owned()];
    Dataset::of_folder(&workspace.catalog, None, &paths).unwrap()
}

fn run(
    workspace: &Workspace,
    folder: &Path,
    range: Range,
    on_bad_rows: OnBadRows,
) -> Result<Results, Error> {
    let options = RunOptions { threads: 2, on_bad_rows, ..RunOptions::default() };
    workspace.run(&dataset(workspace, folder), &selection(range), &options)
}

/// All that is said of every result, its account included.
fn shown(results: &Results) -> Vec<String> {
    results.rows.iter().map(|row| format!("{row:?}")).collect()
}

/// Runs some cards over row groups with statistics and without; gives how many groups and
/// rows were not read.
fn tried(
    (cards, covers): (&[&str], bool),
    tickets: &Tickets,
    range: Range,
) -> Result<((u64, u64), u64), TestCaseError> {
    let workspace = workspace(cards, covers);
    let (some, all) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    tickets.write(some.path(), EnabledStatistics::Chunk);
    tickets.write(all.path(), EnabledStatistics::None);
    let [some, all] = [&some, &all]
        .map(|folder| run(&workspace, folder.path(), range, OnBadRows::Stop).unwrap());
    prop_assert_eq!(all.tables[0].unread_rows, 0);
    prop_assert_eq!(shown(&some), shown(&all));
    prop_assert_eq!(some.tables[0].rows, all.tables[0].rows);
    Ok((some.tables[0].unread_groups, some.tables[0].unread_rows))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_are_those_of_all_rows(
        seed in any::<u64>(),
        covers in any::<bool>(),
        cards in prop::sample::subsequence(
            CARDS.to_vec(), 1..4),
        from in prop::option::of(0_i32..480),
        length in prop::option::of(1_i32..120),
        seen in 1_i64..560,
    ) {
        let day = i32::try_from(START / DAY).unwrap();
        let to = length.map(|length| day + from.unwrap_or_default() + length);
        let range = (from.map(|from| day + from), to, START + seen * DAY);
        tried((&cards, covers), &Tickets::new(seed, 400), range)?;
    }
}

/// The last of the days on which the tickets of these tests come.
const END: i64 = START + 520 * DAY;

#[test]
fn groups_before_and_after_the_range_are_not_read() {
    let tickets = Tickets::new(7, 400);
    let day = i32::try_from(START / DAY).unwrap();
    // From the hundredth day on all matters: a result is compared with that of the year
    // before.
    let range = (Some(day + 470), Some(day + 500), END);
    let ((unread, groups), rows) = tried((&["came"], false), &tickets, range).unwrap();
    assert_eq!(groups, 20);
    assert!((2..=4).contains(&unread), "{unread}");
    assert_eq!(rows, unread * 20);
    // What was open before the range may be open in it.
    let ((unread, _), _) = tried((&["came", "stock"], false), &tickets, range).unwrap();
    assert_eq!(unread, 0);
    // What comes behind it is in no stock of it.
    let range = (Some(day), Some(day + 50), END);
    for cards in [&["came"][..], &["noted"], &["called"], &["stock", "age"]] {
        let ((unread, _), _) = tried((cards, true), &tickets, range).unwrap();
        assert!((14..=18).contains(&unread), "{cards:?}: {unread}");
    }
    // Local times are known but roughly, and so is when the first of them is.
    let ((unread, _), _) = tried((&["called"], false), &tickets, range).unwrap();
    assert_eq!(unread, 0);
    // Nor has anything happened after the moment of evaluation.
    let range = (None, None, START + 50 * DAY);
    let ((unread, _), _) = tried((&["came", "stock"], false), &tickets, range).unwrap();
    assert!((16..=18).contains(&unread), "{unread}");
}

#[test]
fn the_outline_says_what_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    Tickets::new(3, 400).write(folder.path(), EnabledStatistics::Chunk);
    let workspace = workspace(&["came"], false);
    let day = i32::try_from(START / DAY).unwrap();
    let dataset = dataset(&workspace, folder.path());
    let selection = selection((Some(day), Some(day + 50), END));
    let plan = workspace.plan(&dataset, &selection).unwrap().plan;
    let outlines = outline(&workspace.catalog, &plan, &dataset).unwrap();
    let told = &outlines[0];
    let results = workspace.run(&dataset, &selection, &RunOptions::default()).unwrap();
    assert_eq!((told.unread_groups, told.groups), results.tables[0].unread_groups);
    assert_eq!(told.unread_rows, results.tables[0].unread_rows);
    assert!(told.unread_rows >= 300);
}

#[test]
fn a_key_stands_twice_be_it_in_a_group_that_is_passed_over() {
    let day = i32::try_from(START / DAY).unwrap();
    let range = (Some(day), Some(day + 50), END);
    let workspace = workspace(&["came"], false);
    // A row of the last group has the key of one of the first.
    let mut tickets = Tickets::new(5, 400);
    tickets.ids[390] = tickets.ids[3].clone();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let kept = [EnabledStatistics::Chunk, EnabledStatistics::None];
    for (folder, statistics) in folders.iter().zip(kept) {
        tickets.write(folder.path(), statistics);
        let stopped = run(&workspace, folder.path(), range, OnBadRows::Stop);
        assert!(matches!(stopped, Err(Error::BadRows(_))), "{statistics:?}");
    }
    let [some, all] = folders
        .each_ref()
        .map(|folder| run(&workspace, folder.path(), range, OnBadRows::Report).unwrap());
    assert_eq!(shown(&some), shown(&all));
    assert!(some.tables[0].unread_rows >= 300);
    assert_eq!((some.tables[0].rows, some.tables[0].bad_rows), (399, 1));
    assert_eq!(some.tables[0].faults.listed.len(), 1);
    // Where keys rise from group to group they are not read; of two rows that are both
    // passed over nothing is said.
    let mut tickets = Tickets::new(5, 400);
    tickets.ids = (0..400).map(|row| format!("T{row:06}")).collect();
    tickets.ids[390] = tickets.ids[395].clone();
    tickets.write(folders[0].path(), EnabledStatistics::Chunk);
    let results = run(&workspace, folders[0].path(), range, OnBadRows::Stop).unwrap();
    assert_eq!((results.tables[0].rows, results.tables[0].bad_rows), (400, 0));
}
