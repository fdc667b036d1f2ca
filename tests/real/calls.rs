//! Calls of a bank's call centre: two months, one of them with broken lines.

use std::fs;
use std::path::PathBuf;

use mittari::fault::{FaultKind, Place};
use mittari::{Dataset, Error, OnBadRows, Results, RunOptions, Selection, Workspace};

use crate::ask::{self, Found};

const SOURCE: &str = "bank-call-log";
/// The centre's own clocks.
const ZONE: &str = "Asia/Jerusalem";
const JANUARY: &str = "bank_calls_january_1999.tsv.gz";
const OCTOBER: &str = "bank_calls_october_1999.tsv.gz";

fn of(workspace: &Workspace, files: &[PathBuf]) -> Dataset {
    Dataset::of_folder(&workspace.catalog, Some(SOURCE), files).unwrap()
}

fn run(
    workspace: &Workspace,
    dataset: &Dataset,
    on_bad_rows: OnBadRows,
    threads: usize,
) -> Result<Results, Error> {
    let options = RunOptions { threads, on_bad_rows, ..RunOptions::default() };
    workspace.run(dataset, &Selection::default(), &options)
}

/// The figures of one month: rows, HANG and the others by the columns of the table.
struct Month {
    label: &'static str,
    rows: f64,
    answered: f64,
    hung_up: f64,
    phantom: f64,
    within_20: f64,
    within_60: f64,
    waited: (f64, f64),
    served: (f64, f64),
}

const MONTHS: [Month; 2] = [
    Month {
        label: "1999-01",
        rows: 31_599.0,
        answered: 27_060.0,
        hung_up: 4_299.0,
        phantom: 240.0,
        within_20: 16_402.0,
        within_60: 21_442.0,
        waited: (947_857.0, 35.027_975),
        served: (4_964_204.0, 183.451_737),
    },
    // As it stands, without the two broken lines; both are HANG.
    Month {
        label: "1999-10",
        rows: 34_623.0,
        answered: 30_861.0,
        hung_up: 3_615.0,
        phantom: 147.0,
        within_20: 23_546.0,
        within_60: 27_017.0,
        waited: (715_766.0, 23.193_221),
        served: (5_558_279.0, 180.106_899),
    },
];

fn has(found: &Found<'_>, month: &Month) {
    let label = month.label;
    let is = |metric: &str, value: f64| found.is(&format!("{metric} {label}"), value);
    is("contact-outcomes.contacts", month.rows);
    is("contact-outcomes.answered", month.answered);
    is("contact-outcomes.hung_up", month.hung_up);
    is("contact-outcomes.virtual", month.phantom);
    is("answered-in-target.answered", month.answered);
    is("answered-in-target.in_target", month.within_20);
    is("answered-in-target.in_second_time", month.within_60);
    is("average-speed-of-answer.total", month.waited.0);
    is("average-speed-of-answer.answered", month.answered);
    is("handling-time.total", month.served.0);
    let about = |metric: &str, value: f64| {
        found.is_about(&format!("{metric} {label}"), value, 6);
    };
    about("average-speed-of-answer.mean", month.waited.1);
    about("handling-time.mean", month.served.1);

    let rate = found.row(&format!("answered-in-target.rate {label}"));
    let phantom = rate.accounts[0].excluded.iter().find(|rule| rule.name == "virtual");
    assert_eq!(phantom.map(|rule| rule.rows as f64), Some(month.phantom));
}

#[test]
fn the_published_figures_of_calls_come_out() {
    let (Some(january), Some(october)) = (crate::data(JANUARY), crate::data(OCTOBER))
    else {
        return;
    };
    let workspace = crate::workspace(ZONE);
    let dataset = of(&workspace, &[january.clone(), october.clone()]);
    let report = |threads| run(&workspace, &dataset, OnBadRows::Report, threads).unwrap();
    let results = report(2);
    let found = Found::of(&results);
    for month in &MONTHS {
        has(&found, month);
    }
    assert_eq!(results.tables[0].bad_rows, 2);
    // What reads no rows, as the length of service hours, lacks none.
    for row in &results.rows {
        let lacking = if row.accounts.is_empty() { 0 } else { 2 };
        assert_eq!(row.bad_rows, lacking, "{}", ask::title(row));
    }
    let (accounts, populations) = ask::accounts_add_up(&results);
    assert!(accounts > 1_000 && populations > 20, "{accounts}, {populations}");
    for threads in [1, 4] {
        ask::same(&results, &report(threads));
    }

    // The files are read in the order of their names.
    let folder = tempfile::tempdir().unwrap();
    let moved = |file: &PathBuf, name: &str| {
        let path = folder.path().join(name);
        fs::copy(file, &path).unwrap();
        path
    };
    let files =
        [moved(&october, "bank_calls_1.tsv.gz"), moved(&january, "bank_calls_2.tsv.gz")];
    let turned = of(&workspace, &files);
    let turned = run(&workspace, &turned, OnBadRows::Report, 2).unwrap();
    ask::same(&results, &turned);
}

#[test]
fn january_is_read_without_a_fault() {
    let Some(january) = crate::data(JANUARY) else { return };
    let workspace = crate::workspace(ZONE);
    let results =
        run(&workspace, &of(&workspace, &[january]), OnBadRows::Stop, 2).unwrap();
    has(&Found::of(&results), &MONTHS[0]);
    assert!(results.rows.iter().all(|row| row.bad_rows == 0));
}

#[test]
fn the_broken_lines_of_october_stop_the_run_and_are_shown() {
    let Some(october) = crate::data(OCTOBER) else { return };
    let workspace = crate::workspace(ZONE);
    let dataset = of(&workspace, std::slice::from_ref(&october));
    let Err(Error::BadRows(report)) = run(&workspace, &dataset, OnBadRows::Stop, 2)
    else {
        panic!("two lines are broken");
    };
    let faults = &report.faults;
    assert_eq!((faults.rows, faults.total), (2, 2));
    assert_eq!(faults.by_kind, [(FaultKind::Fields, 2)]);
    let places: Vec<Place> = faults.listed.iter().map(|fault| fault.place).collect();
    assert_eq!(places, [Place::Line(7_315), Place::Line(14_247)]);
    for (fault, text) in faults.listed.iter().zip(BROKEN) {
        assert!(fault.file.ends_with(OCTOBER), "{}", fault.file);
        assert_eq!(fault.expected, "17 fields and not 16");
        assert!(fault.text.contains(text), "{}", fault.text);
    }
}

/// What stands in the two lines.
const BROKEN: [&str; 2] = [
    "AA0108\t3892\t0\t0       NW\t991026\t14:07:50",
    "AA0116\t10486\t0\t0       IN\t991026\t16:00:06",
];
