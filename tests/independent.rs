//! The sample desk a second time: its metrics computed by a script that knows no card.
//!
//! The script needs Python with pandas, from the folder `python` below the one that cargo
//! builds in or from the machine. Without it this test says so and passes.
#![expect(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use mittari::table::{Row, RowState};
use mittari::{Dataset, RunOptions, Selection};

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;

/// A Python that has pandas.
fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?.join("python/bin/python");
    [own, PathBuf::from("python3")].into_iter().find(|python| {
        let found = Command::new(python).args(["-c", "import pandas"]).output();
        found.is_ok_and(|output| output.status.success())
    })
}

/// The numbers of the script by their names.
fn computed() -> Option<BTreeMap<String, f64>> {
    let Some(python) = python() else {
        eprintln!("skipped: there is no Python with pandas");
        return None;
    };
    let script = ask::top().join("tests/independent/metrics.py");
    let output = Command::new(python)
        .arg(script)
        .arg(ask::top().join("metrics"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Whether a row agrees with the script. What has no rows is there no number; here it is
/// the count 0, or no value.
fn agrees(row: &Row, expected: Option<f64>) -> bool {
    match (row.value, expected) {
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
        }
        (Some(found), None) => found == 0.0,
        (None, Some(_)) => row.state == RowState::Withheld,
        (None, None) => true,
    }
}

#[test]
fn every_period_and_segment_agrees_with_a_second_computation() {
    let Some(mut expected) = computed() else { return };
    let workspace = ask::workspace("metrics");
    let names: BTreeSet<String> = expected
        .keys()
        .filter_map(|name| Some(name.split_once(' ')?.0.to_owned()))
        .collect();
    let folder = [ask::top().join("metrics/sample")];
    let dataset = Dataset::of_folder(&workspace.catalog, None, &folder).unwrap();
    let results =
        workspace.run(&dataset, &Selection::default(), &RunOptions::default()).unwrap();
    let (mut compared, mut metrics, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for row in &results.rows {
        let title = ask::title(row);
        if !title.split_once(' ').is_some_and(|(name, _)| names.contains(name)) {
            continue;
        }
        let number = expected.remove(&title);
        if !agrees(row, number) {
            wrong.push(format!("{title}: {:?}, the script {number:?}", row.value));
        }
        compared += 1;
        metrics.insert(row.metric.clone());
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(expected.is_empty(), "not among the results: {:?}", expected.keys());
    assert!(metrics.len() >= 15 && compared > 1500, "{compared} of {}", metrics.len());
    eprintln!("{compared} numbers of {} metrics agree", metrics.len());
}
