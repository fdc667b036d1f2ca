//! How long it takes to evaluate rows that have been read, by what is made of them:
//! `cargo bench -p mittari --bench evaluating`.
//!
//! Each line is a card of one formula over the same rows in memory, run by one thread. It
//! gives the best and the median of nine runs, in nanoseconds a row, of what is made of the
//! values of rows: reading and finishing are left out. The first card only puts rows into
//! months and counts them, so that what a line has more is what its formula costs. Below
//! stands what listed values take when they are sorted and one of them is looked for.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measures, and stops at what it did not foresee"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};
use mittari::gathered::{Listed, nth_of_listed};
use mittari::timing::{Stage, Timings};
use mittari::{Dataset, Overrides, RunOptions, Selection, Sources, Workspace};

/// How many rows there are, and in how many batches.
const N_ROWS: u32 = 1 << 19;
const N_BATCHES: u32 = 16;
/// How often each card is run.
const N_RUNS: usize = 9;
/// The first moment of 2025, in seconds.
const START: i64 = 1_735_689_600;

const VOCABULARY: &str = "
tables:
  rows:
    meaning: Rows of every kind.
    fields:
      opened_at: {type: instant, meaning: When it came.}
      resolved_at: {type: instant, meaning: When it went.}
      priority: {values: [P1, P2, P3, P4, P5], meaning: A category.}
      agent: {type: text, meaning: One of six hundred texts.}
      waited: {type: duration, unit: s, meaning: A length of time.}
      solved: {type: boolean, meaning: Yes or no.}
";

const DESK: &str =
    "calendar: desk\ntime_zone: Europe/Helsinki\nhours:\n  mon-fri: 08:00-16:00\n";

/// What is measured: its name, what dates a row, the formula, its unit, the breakdown.
const CASES: &[[&str; 5]] = &[
    ["months and counts", DATED, "count()", "count", ""],
    ["days", DATED, "count()", "count", "day"],
    ["a condition on a truth", DATED, "count(where solved)", "count", ""],
    ["a condition on a category", DATED, "count(where priority = 'P1')", "count", ""],
    [
        "a condition on a text",
        DATED,
        "count(where starts_with(agent, 'agent01'))",
        "count",
        "",
    ],
    ["a condition on a duration", DATED, "count(where waited <= 20 s)", "count", ""],
    [
        "four conditions",
        DATED,
        "count(where solved and priority in ['P1', 'P2'] and waited > 9 s and agent is known)",
        "count",
        "",
    ],
    [
        "a difference of instants",
        DATED,
        "count(where resolved_at - opened_at <= 4 h)",
        "count",
        "",
    ],
    ["groups of a category", DATED, "count()", "count", "priority"],
    ["groups of a text", DATED, "count()", "count", "agent"],
    ["a sum", DATED, "sum(waited)", "h", ""],
    ["a mean", DATED, "mean(waited)", "h", ""],
    ["values of a percentile", DATED, "percentile(waited, 90 %)", "h", ""],
    ["different texts", DATED, "distinct(agent)", "count", ""],
    ["working time", DATED, "sum(working_time(opened_at, resolved_at))", "h", ""],
    ["a stock", "open: opened_at until resolved_at", "count()", "count", ""],
    [
        "ages of a stock",
        "open: opened_at until resolved_at",
        "median(period_end - opened_at)",
        "h",
        "",
    ],
];
const DATED: &str = "dated: opened_at";

fn main() {
    let batches = batches();
    println!("{:<28} {:>7} {:>7}  ns a row", "evaluating", "best", "median");
    for case in CASES {
        let workspace = workspace(case);
        let mut dataset = Dataset::new();
        dataset.add_batches(&workspace.catalog, "rows", batches.clone()).unwrap();
        let times = (0..N_RUNS).map(|_| evaluated(&workspace, &dataset)).collect();
        tell(case[0], times, N_ROWS);
    }
    lists();
}

fn workspace([_, dated, formula, unit, by]: &[&str; 5]) -> Workspace {
    let (period, by) = match *by {
        "" => ("month", String::new()),
        "day" => ("day", String::new()),
        field => ("month", format!("by: [{field}]\n")),
    };
    let formula = formula.replace('\'', "\\\"");
    let card = format!(
        "metric: tried\ntitle: Tried\nclass: internal\nmeasures: outcome\nowner: Nobody\n\
         period: {period}\nunit: {unit}\ndirection: none\ncalendar: desk\n\
         population: {{from: rows, {dated}}}\nformula: \"{formula}\"\n{by}"
    );
    let mut sources = Sources::default();
    let settings = "title: Evaluating\ntime_zone: Europe/Helsinki\ncalendar: desk\n";
    sources.add("workspace.yaml", settings);
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("calendars/desk.yaml", DESK);
    sources.add("internal/tried.yaml", card);
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
    workspace
}

/// The rows of a year, the same in every run.
fn batches() -> Vec<RecordBatch> {
    let size = N_ROWS / N_BATCHES;
    (0..N_BATCHES).map(|at| batch(at * size..(at + 1) * size)).collect()
}

fn batch(rows: std::ops::Range<u32>) -> RecordBatch {
    let mixed = || rows.clone().map(|row| row.wrapping_mul(2_654_435_761));
    let opened = |row: u32| START + i64::from(row) * 364 * 86_400 / i64::from(N_ROWS);
    let went = rows.clone().zip(mixed()).map(|(row, mixed)| {
        (!mixed.is_multiple_of(11)).then(|| opened(row) + i64::from(mixed % 400_000))
    });
    let waited = mixed().map(|mixed| {
        (!mixed.is_multiple_of(7)).then(|| i64::from((mixed >> 13) % 10_000))
    });
    let agents: Vec<String> =
        mixed().map(|mixed| format!("agent{:04}", (mixed >> 7) % 600)).collect();
    let agents: DictionaryArray<Int32Type> = agents.iter().map(String::as_str).collect();
    let priorities = mixed().map(|mixed| format!("P{}", 1 + (mixed >> 3) % 5));
    let columns: [(&str, ArrayRef); 6] = [
        (
            "opened_at",
            Arc::new(TimestampSecondArray::from_iter_values(rows.clone().map(opened))),
        ),
        ("resolved_at", Arc::new(went.collect::<TimestampSecondArray>())),
        ("priority", Arc::new(StringArray::from_iter_values(priorities))),
        ("agent", Arc::new(agents)),
        ("waited", Arc::new(waited.collect::<Int64Array>())),
        (
            "solved",
            Arc::new(
                mixed().map(|m| Some(m.is_multiple_of(5))).collect::<BooleanArray>(),
            ),
        ),
    ];
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// How long one thread was at the values of rows.
fn evaluated(workspace: &Workspace, dataset: &Dataset) -> Duration {
    let begun = Instant::now();
    let clock = || begun.elapsed();
    let timings = Timings::new(&clock);
    let options = RunOptions { timings: Some(&timings), ..RunOptions::default() };
    let as_of = Some((START + 365 * 86_400) * 1_000_000);
    let selection = Selection { as_of, ..Selection::default() };
    let results = workspace.run(dataset, &selection, &options).unwrap();
    assert!(!results.rows.is_empty());
    timings.spent(Stage::Rows)
}

/// The values of a percentile: listed, sorted, and one found in a hundred lists.
fn lists() {
    let listed = || -> Vec<Listed> {
        let values = |list: u32| (0..N_ROWS / 100).map(move |row| row * 100 + list);
        let mixed = |row: u32| i64::from(row.wrapping_mul(2_654_435_761) >> 8);
        let list = |list: u32| {
            let mut listed = Listed::new(1_000_000);
            values(list).for_each(|row| listed.push(mixed(row) * 1_000_000));
            listed
        };
        (0..100).map(list).collect()
    };
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..N_RUNS {
        let begun = Instant::now();
        let mut lists = listed();
        let pushed = begun.elapsed();
        lists.iter_mut().for_each(Listed::sort);
        let sorted = begun.elapsed();
        let all: Vec<&Listed> = lists.iter().collect();
        assert!(nth_of_listed(&all, N_ROWS as usize / 2).is_some());
        let found = begun.elapsed();
        let spent = [pushed, sorted.saturating_sub(pushed), found.saturating_sub(sorted)];
        times.iter_mut().zip(spent).for_each(|(times, spent)| times.push(spent));
    }
    println!();
    let names = ["listing values", "sorting them", "finding one in 100 lists"];
    names.into_iter().zip(times).for_each(|(name, times)| tell(name, times, N_ROWS));
}

fn tell(name: &str, mut times: Vec<Duration>, n_rows: u32) {
    times.sort();
    let of_row = |time: Option<&Duration>| {
        time.map_or(0.0, |time| time.as_secs_f64() * 1e9 / f64::from(n_rows))
    };
    let (best, median) = (of_row(times.first()), of_row(times.get(times.len() / 2)));
    println!("{name:<28} {best:>7.2} {median:>7.2}");
}
