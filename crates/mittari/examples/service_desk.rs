//! A service desk measured from a program: cards from a folder, data from files and memory.
//!
//! `cargo run -p mittari --example service_desk`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, DurationSecondArray, RecordBatch, StringArray, TimestampSecondArray,
};
use mittari::report;
use mittari::run::rows::{Asked, Fate, rows};
use mittari::{Dataset, RunOptions, Selection, Workspace};

fn main() -> Result<(), Box<dyn Error>> {
    let metrics = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metrics");
    tell(&metrics, &mut io::stdout().lock())
}

/// Does it all, and says what came out.
pub(crate) fn tell(metrics: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    // Read and check. What is wrong is said all at once; what is sound can be used.
    let workspace = Workspace::of_folder(metrics)?;
    for said in &workspace.diagnostics {
        writeln!(out, "{}: {}", said.code.name(), said.message)?;
    }
    writeln!(out, "sound: {}", workspace.is_sound())?;
    from_files(&workspace, &metrics.join("sample"), out)?;
    from_memory(&workspace, out)
}

/// One card over the files of the sample desk, by month and by channel.
fn from_files(
    workspace: &Workspace,
    folder: &Path,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    // Which files of the folder become which tables, a source file says.
    let folder = [folder.to_path_buf()];
    let dataset = Dataset::of_folder(&workspace.catalog, Some("sample-desk"), &folder)?;
    let selection = Selection {
        metrics: workspace.metrics_named("answered-in-target.rate"),
        breakdowns: Some(vec![vec!["channel".to_owned()]]),
        ..Selection::default()
    };

    // Plan: each table is read once, and only the columns the metrics need.
    let possible = workspace.plan(&dataset, &selection)?;
    writeln!(out, "tables read: {}", possible.plan.tables.len())?;

    // Run. Every result carries the account of its rows.
    let options = RunOptions { threads: 2, ..RunOptions::default() };
    let results = workspace.run(&dataset, &selection, &options)?;
    for row in results.rows.iter().filter(|row| row.segment.is_empty()) {
        let [account] = row.accounts.as_slice() else { continue };
        writeln!(
            out,
            "{}  {:>7}  {} rows, {} counted",
            row.period.label, row.display, account.rows, account.counted,
        )?;
    }

    // The rows behind one of these numbers.
    let asked = Asked {
        question: 0,
        period: "2026-03".to_owned(),
        segment: vec![("channel".to_owned(), "phone".to_owned())],
    };
    let found = rows(&workspace.catalog, &possible.plan, &dataset, &options, &asked)?;
    for population in &found {
        let missed = population
            .rows
            .iter()
            .filter(|row| row.fate == Fate::Counted && row.hit == Some(false));
        let keys: Vec<&str> = missed.take(3).map(|row| row.key.as_str()).collect();
        writeln!(
            out,
            "{}, 2026-03 by phone: missed by {}, ...",
            population.population,
            keys.join(", ")
        )?;
    }

    // The same results for another program.
    let mut csv = Vec::new();
    report::csv::write(&results, &mut csv)?;
    let lines = String::from_utf8(csv)?.lines().count();
    writeln!(out, "as CSV: {lines} lines")?;
    Ok(())
}

/// The same card over three calls that the program already has.
fn from_memory(workspace: &Workspace, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let outcomes = ["answered", "abandoned", "answered"];
    // 12 January 2026, from noon on in Helsinki.
    let arrived = vec![1_768_212_000, 1_768_212_060, 1_768_212_090];
    let calls = RecordBatch::try_from_iter([
        ("contact_id", Arc::new(StringArray::from(vec!["1", "2", "3"])) as ArrayRef),
        ("channel", Arc::new(StringArray::from(vec!["phone"; 3]))),
        ("queue", Arc::new(StringArray::from(vec!["desk"; 3]))),
        ("arrived_at", Arc::new(TimestampSecondArray::from(arrived))),
        ("outcome", Arc::new(StringArray::from(outcomes.to_vec()))),
        ("waited", Arc::new(DurationSecondArray::from(vec![12, 7, 41]))),
    ])?;
    let mut dataset = Dataset::new();
    dataset.add_batches(&workspace.catalog, "contacts", vec![calls])?;
    let selection = Selection {
        metrics: workspace.metrics_named("answered-in-target.rate"),
        breakdowns: Some(Vec::new()),
        ..Selection::default()
    };
    let results = workspace.run(&dataset, &selection, &RunOptions::default())?;
    for row in &results.rows {
        let excluded: Vec<String> = row
            .accounts
            .iter()
            .flat_map(|account| &account.excluded)
            .filter(|rule| rule.rows > 0)
            .map(|rule| format!("{} by {}", rule.rows, rule.name))
            .collect();
        writeln!(
            out,
            "from memory: {} of {}; left out {}",
            row.numerator.unwrap_or_default(),
            row.denominator.unwrap_or_default(),
            excluded.join(", "),
        )?;
    }
    Ok(())
}
