//! Workload W: every number of it against what other engines compute from the same files.
//!
//! The files are generated, and lie in `workload` below the folder that cargo builds in;
//! the numbers lie beside the repository. Without either these tests say so and pass.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mittari::period::parse_day;
use mittari::table::{Row, RowState};
use mittari::{Code, Dataset, Results, RunOptions, Selection, Workspace};
use serde_json::Value;

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;

/// 2026-01-01 00:00 in Helsinki, in microseconds.
const AS_OF: i64 = 1_767_218_400_000_000;

/// What each number of W is called there, what it is called here, and how many of its
/// units one of ours is.
const NUMBERS: &[(&str, &str, f64)] = &[
    ("m01_answered_within_target", "w-m01", 1.0),
    ("m02_first_response_within_target", "w-m02", 1.0),
    ("m03_fcr_incident", "w-m03", 1.0),
    ("m04_fcr_request", "w-m04", 1.0),
    ("m05_first_level_all", "w-m05", 1.0),
    ("m06_first_level_in_scope", "w-m06", 1.0),
    ("m07_ttr_mean_h", "w-m07.mean", 1.0 / 3600.0),
    ("m07_ttr_median_h", "w-m07.median", 1.0 / 3600.0),
    ("m07_ttr_p90_h", "w-m07.p90", 1.0 / 3600.0),
    ("m08_ttr_business_mean_h", "w-m08", 1.0 / 3600.0),
    ("m09_resolved_within_target", "w-m09", 1.0),
    ("m10_backlog_incident", "w-m10.incident", 1.0),
    ("m10_backlog_request", "w-m10.request", 1.0),
    ("m11_closed", "w-m11.closed", 1.0),
    ("m11_closed_pct_opened", "w-m11.of_opened", 100.0),
    ("m12_reopened_rate", "w-m12", 1.0),
    ("m13_misclassified_rate", "w-m13", 1.0),
    ("m14_distinct_handlers", "w-m14", 1.0),
    ("m15_tickets_per_handler", "w-m15", 1.0),
    ("m16_cost_per_ticket", "w-m16", 1.0),
    ("m17_share_phone", "w-m17.by_channel.phone", 1.0),
    ("m17_share_chat", "w-m17.by_channel.chat", 1.0),
    ("m17_share_email", "w-m17.by_channel.email", 1.0),
    ("m17_share_portal", "w-m17.by_channel.portal", 1.0),
    ("m17_share_walk-in", "w-m17.by_channel.walk-in", 1.0),
    ("m17_share_event", "w-m17.by_channel.event", 1.0),
    ("m17_volume_share", "w-m17.volume_share", 1.0),
    ("m18_incident_share", "w-m18", 1.0),
    ("m19_handling_mean_s", "w-m19", 1.0),
    ("m20_asa_s", "w-m20", 1.0),
    ("m21_survey_mean", "w-m21.mean", 1.0),
    ("m21_survey_response_rate", "w-m21.response_rate", 1.0),
    ("m21_survey_share_1", "w-m21.grades.1", 1.0),
    ("m21_survey_share_2", "w-m21.grades.2", 1.0),
    ("m21_survey_share_3", "w-m21.grades.3", 1.0),
    ("m21_survey_share_4", "w-m21.grades.4", 1.0),
    ("m22_contacts_per_ticket", "w-m22", 1.0),
];

/// Numbers made of contacts, which have no priority.
const OF_CONTACTS: [&str; 4] = ["w-m01", "w-m19", "w-m20", "w-m22"];

/// The generated files of a size and the numbers computed from them, if both are there.
fn given(size: &str) -> Option<(PathBuf, Value)> {
    let data =
        Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?.join("workload").join(size);
    let numbers = ask::top().join(format!("../shared/bench/expected/W-{size}.json"));
    let (true, Ok(numbers)) = (data.is_dir(), fs::read_to_string(numbers)) else {
        eprintln!("skipped: workload/{size} is not generated, or its numbers are absent");
        return None;
    };
    Some((data, serde_json::from_str(&numbers).unwrap()))
}

fn run(workspace: &Workspace, source: &str, data: &Path, threads: usize) -> Results {
    let paths = [data.to_path_buf()];
    let dataset = Dataset::of_folder(&workspace.catalog, Some(source), &paths).unwrap();
    let selection = Selection {
        from: parse_day("2023-01-01"),
        to: parse_day("2026-01-01"),
        as_of: Some(AS_OF),
        ..Selection::default()
    };
    let options = RunOptions { threads, ..RunOptions::default() };
    let results = workspace.run(&dataset, &selection, &options).unwrap();
    assert_eq!(results.not_run, []);
    results
}

/// Holds results against the numbers; gives how many were compared.
fn compare(results: &Results, expected: &Value) -> usize {
    let rows: BTreeMap<String, &Row> =
        results.rows.iter().map(|row| (ask::title(row), row)).collect();
    assert_eq!(rows.len(), results.rows.len());
    let mut wrong = Vec::new();
    let mut compared = 0;
    let months = expected["months"].as_array().unwrap();
    for (cut, named) in expected["cuts"].as_object().unwrap() {
        let metrics = named["metrics"].as_object().unwrap();
        assert_eq!(metrics.len(), NUMBERS.len());
        for (theirs, ours, factor) in NUMBERS {
            let of_months = metrics[*theirs].as_array().unwrap();
            for (month, values) in months.iter().zip(of_months) {
                let groups = named["groups"].as_array().unwrap();
                for (group, value) in groups.iter().zip(values.as_array().unwrap()) {
                    compared += 1;
                    let value = value.as_f64();
                    let segment = match cut.as_str() {
                        "month" => String::new(),
                        cut => format!(" {cut}={}", group.as_str().unwrap()),
                    };
                    let title = format!("{ours} {}{segment}", month.as_str().unwrap());
                    if cut == "priority" && OF_CONTACTS.contains(ours) {
                        assert!(!rows.contains_key(&title) && value.is_none(), "{title}");
                        continue;
                    }
                    let row = rows.get(&title);
                    let row = row.unwrap_or_else(|| panic!("no result `{title}`"));
                    assert_eq!(row.value.is_none(), row.state == RowState::NoData);
                    if !agrees(row.value.map(|value| value * factor), value) {
                        wrong.push(format!("{title}: {:?}, not {value:?}", row.value));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    compared
}

/// Whether two numbers are the same to a part in a thousand million.
fn agrees(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * other.abs().max(1.0),
        _ => false,
    }
}

/// W asks about one value at a time on purpose, which the checker points out.
#[test]
fn the_cards_are_sound() {
    let workspace = ask::workspace("tests/workload");
    for said in &workspace.diagnostics {
        assert_eq!(said.code, Code::ValueNotNamed, "{}", said.message);
    }
    assert_eq!(workspace.catalog.metrics.len(), 29);
}

#[test]
fn every_number_of_ten_thousand_tickets() {
    let Some((data, expected)) = given("10k") else { return };
    let workspace = ask::workspace("tests/workload");
    let csv = run(&workspace, "workload-csv", &data, 2);
    assert_eq!(compare(&csv, &expected), 15_984);
    ask::accounts_add_up(&csv);
    ask::same(&csv, &run(&workspace, "workload-csv", &data, 1));
    ask::same(&csv, &run(&workspace, "workload-csv", &data, 4));
    ask::same(&csv, &run(&workspace, "workload-parquet", &data, 2));
}

#[test]
fn every_number_of_a_million_tickets() {
    let Some((data, expected)) = given("1M") else { return };
    let workspace = ask::workspace("tests/workload");
    for source in ["workload-csv", "workload-parquet"] {
        let results = run(&workspace, source, &data, 2);
        assert_eq!(compare(&results, &expected), 15_984);
    }
}
