//! How long it takes to read one column of each kind from CSV, and a table from Parquet:
//! `cargo bench -p mittari --bench reading`.
//!
//! A line gives the best and the median of nine runs of one thread, in nanoseconds a row.
//! The first line of a file is what a table takes of which only the key is looked at.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measures, and stops at what it did not foresee"
)]

use std::convert::Infallible;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use mittari::batch::Batch;
use mittari::load::{ScanOptions, scan};
use mittari::{Dataset, Overrides, Sources, Workspace};
use parquet::arrow::ArrowWriter;

/// How many rows the table has.
const N_ROWS: u32 = 400_000;
/// How often each column is read.
const N_RUNS: usize = 9;

const VOCABULARY: &str = "
tables:
  rows:
    meaning: Rows of every kind.
    key: row_id
    fields:
      row_id: {type: text, meaning: The key.}
      opened_at: {type: instant, meaning: A moment.}
      priority: {values: [P1, P2, P3, P4, P5], meaning: A category.}
      agent: {type: text, meaning: One of six hundred texts.}
      count: {type: number, meaning: A small number.}
      waited: {type: duration, unit: s, meaning: A length of time.}
      solved: {type: boolean, meaning: Yes or no.}
";

const SOURCE: &str = "
source: made
tables:
  rows:
    file: [rows.csv, rows.parquet]
    time_zone: Europe/Helsinki
    format: '%Y-%m-%d %H:%M:%S'
    missing: ['']
    fields:
      row_id: id
      opened_at: opened_at
      priority: priority
      agent: agent
      count: count
      waited: {from: waited, unit: s}
      solved: solved
";

fn main() {
    let mut sources = Sources::default();
    let settings = "title: Reading\ntime_zone: Europe/Helsinki\n".to_owned();
    sources.add("workspace.yaml".to_owned(), settings);
    sources.add("vocabulary.yaml".to_owned(), VOCABULARY.to_owned());
    sources.add("sources/made.yaml".to_owned(), SOURCE.to_owned());
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("rows.csv");
    fs::write(&csv, lines()).unwrap();
    measure("CSV", &workspace, &csv);
    let parquet = folder.path().join("rows.parquet");
    write_columns(&parquet);
    measure("Parquet", &workspace, &parquet);
}

/// What a row holds, as texts in the order of the fields.
fn row(number: u32) -> [String; 7] {
    // The bits of the number, mixed: the same in every run.
    let mixed = number.wrapping_mul(2_654_435_761);
    let (day, month) = (1 + mixed % 28, 1 + (mixed >> 8) % 12);
    let (hour, minute, second) =
        ((mixed >> 5) % 24, (mixed >> 11) % 60, (mixed >> 17) % 60);
    let absent = mixed.is_multiple_of(7);
    [
        format!("{}{number:07}", if mixed.is_multiple_of(3) { "INC" } else { "REQ" }),
        format!("2025-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
        format!("P{}", 1 + (mixed >> 3) % 5),
        if absent { String::new() } else { format!("agent{:04}", (mixed >> 7) % 600) },
        format!("{}", (mixed >> 9) % 12),
        if absent { String::new() } else { format!("{}", (mixed >> 13) % 10_000) },
        if mixed.is_multiple_of(5) { "true" } else { "false" }.to_owned(),
    ]
}

const NAMES: [&str; 7] =
    ["id", "opened_at", "priority", "agent", "count", "waited", "solved"];

fn lines() -> String {
    let mut text = NAMES.join(",") + "\n";
    for number in 0..N_ROWS {
        writeln!(text, "{}", row(number).join(",")).unwrap();
    }
    text
}

/// The same rows as texts, save the numbers.
fn write_columns(path: &Path) {
    let rows: Vec<[String; 7]> = (0..N_ROWS).map(row).collect();
    let column = |at: usize| -> ArrayRef {
        let texts = rows.iter().filter_map(|row| row.get(at));
        let texts = texts.map(|text| (!text.is_empty()).then_some(text.as_str()));
        if at == 4 || at == 5 {
            let numbers = texts.map(|text| text.and_then(|text| text.parse().ok()));
            return Arc::new(numbers.collect::<Int32Array>());
        }
        Arc::new(texts.collect::<StringArray>())
    };
    let columns = NAMES.iter().enumerate().map(|(at, name)| (*name, column(at)));
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn measure(what: &str, workspace: &Workspace, file: &Path) {
    let catalog = &workspace.catalog;
    let (id, table) = catalog.schema.table_named("rows").unwrap();
    let dataset = Dataset::of_folder(catalog, None, &[file.to_path_buf()]).unwrap();
    let input = dataset.input(id).unwrap();
    println!("{what:<12} {:>7} {:>7}  ns a row", "best", "median");
    for needed in 0..=table.columns.len() {
        let chosen = |at: usize| {
            if needed == table.columns.len() { at > 0 } else { at == needed && at > 0 }
        };
        let columns: Vec<bool> = (0..table.columns.len()).map(chosen).collect();
        let times = (0..N_RUNS).map(|_| {
            let start = Instant::now();
            let options = ScanOptions::new(columns.clone());
            let step = |n_rows: &mut usize, batch: Batch| {
                *n_rows += batch.n_rows;
                Ok::<(), Infallible>(())
            };
            let (states, _) =
                scan(input, (&catalog.schema, id), &options, || 0, step).unwrap();
            assert_eq!(states.into_iter().sum::<usize>(), N_ROWS as usize);
            start.elapsed()
        });
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        let name = match table.columns.get(needed) {
            Some(column) => column.name.as_str(),
            None => "all",
        };
        let each = |time: Option<&Duration>| {
            time.map_or(0.0, |time| time.as_secs_f64() * 1e9 / f64::from(N_ROWS))
        };
        let (best, median) = (each(times.first()), each(times.get(N_RUNS / 2)));
        println!("  {name:<10} {best:>7.1} {median:>7.1}");
    }
}
