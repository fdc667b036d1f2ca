//! The workspace to start from: it is whole, sound, tested and runs at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::bench::{Bench, Done, mittari};
use super::root;

fn started(bench: &Bench) -> String {
    let folder = bench.path("desk").display().to_string();
    let done = mittari(&["init", &folder]);
    assert_eq!(done.code, 0, "{}", done.err);
    folder
}

#[test]
fn what_init_writes_is_checked_tested_and_run_at_once() {
    let bench = Bench::new();
    let folder = started(&bench);
    let run = |args: &[&str]| -> Done {
        let [command, more @ ..] = args else { panic!("a command") };
        let done = mittari(&[&[*command, folder.as_str()], more].concat());
        assert_eq!(done.code, 0, "{command}: {}{}", done.out, done.err);
        done
    };
    assert_eq!(run(&["check"]).out, "5 cards, 7 formulas: no problems\n");
    let tested = run(&["test", "--min-coverage", "100"]);
    assert!(tested.out.ends_with(" of 5 cards: all passed\n"), "{}", tested.out);
    let results = run(&["run", "--format", "json"]);
    assert_eq!(results.err, "");
    let json: serde_json::Value = serde_json::from_str(&results.out).expect("json");
    let rows = json.pointer("/results").and_then(|rows| rows.as_array()).expect("rows");
    let totals = rows.iter().filter(|row| {
        row.pointer("/segment")
            .and_then(|it| it.as_object())
            .is_some_and(serde_json::Map::is_empty)
    });
    let (mut n_totals, mut metrics) = (0, BTreeSet::new());
    for row in totals {
        n_totals += 1;
        metrics.insert(row.get("metric").cloned().unwrap_or_default().to_string());
        assert!(row.get("value").is_some_and(serde_json::Value::is_number), "{row}");
    }
    assert_eq!((n_totals, metrics.len()), (21, 5));
}

#[test]
fn what_lies_in_the_repository_is_what_is_written() {
    let bench = Bench::new();
    let folder = started(&bench);
    let kept = root().join("crates/mittari-cli/starter");
    let (kept, written) = (listed(&kept), listed(Path::new(&folder)));
    assert_eq!(kept, written);
    assert!(kept.len() > 15);
}

/// Every file below a folder with its text.
fn listed(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below").display().to_string();
            found.push((name, fs::read_to_string(&path).expect("text")));
        }
    }
    found.sort();
    found
}

#[test]
fn a_folder_with_files_is_left_alone() {
    let bench = Bench::new();
    let folder = bench.path("metrics").display().to_string();
    let done = mittari(&["init", &folder]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("is not empty"), "{}", done.err);
    assert!(!bench.path("metrics/README.md").exists());
    let hidden = bench.path("hidden");
    fs::create_dir_all(hidden.join(".git")).expect("a folder");
    assert_eq!(mittari(&["init", &hidden.display().to_string()]).code, 0);
    let file = bench.path("data/calls.csv").display().to_string();
    assert_eq!(mittari(&["init", &file]).code, 3);
}

/// Easter Sunday by the Gregorian calendar, in days since 1970-01-01 (Meeus, 1991).
fn easter(year: i64) -> i64 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let moon = (8 * b + 13) / 25;
    let epact = (19 * a + b - b / 4 - moon + 15) % 30;
    let weekday = (32 + 2 * (b % 4) + 2 * (c / 4) - epact - c % 4) % 7;
    let late = (a + 11 * epact + 19 * weekday) / 433;
    let month = (epact + weekday - 7 * late + 90) / 25;
    let day = (epact + weekday - 7 * late + 33 * month + 19) % 32;
    days(year, month, day)
}

/// Days since 1970-01-01 of a date after February 1900.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 12) } else { (year, month) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5 + day
        - 719_469
}

#[test]
fn the_movable_holidays_lie_where_they_must() {
    assert_eq!((easter(2026), easter(2027)), (days(2026, 4, 5), days(2027, 3, 28)));
    for (name, conventional) in [("finland", 2), ("sweden", 3)] {
        let path = format!("crates/mittari-cli/starter/calendars/{name}.yaml");
        let text = fs::read_to_string(root().join(path)).expect("a calendar");
        let mut eves = 0;
        let mut seen = 0;
        for line in text.lines().filter(|line| line.starts_with("  20")) {
            let (date, holiday) = line.trim().split_once(": ").expect("a day and a name");
            let mut parts =
                date.split('-').map(|part| part.parse::<i64>().expect("digits"));
            let mut part = || parts.next().expect("a part");
            let (year, month, day) = (part(), part(), part());
            let at = days(year, month, day);
            // 1970-01-01 was a Thursday.
            let weekday = (at + 3) % 7;
            let after_easter = at - easter(year);
            match holiday {
                "Good Friday" => assert_eq!(after_easter, -2, "{line}"),
                "Easter Sunday" => assert_eq!(after_easter, 0, "{line}"),
                "Easter Monday" => assert_eq!(after_easter, 1, "{line}"),
                "Ascension Day" => assert_eq!(after_easter, 39, "{line}"),
                "Whit Sunday" => assert_eq!(after_easter, 49, "{line}"),
                "Midsummer Eve" => {
                    assert_eq!((month, weekday), (6, 4), "{line}");
                    assert!((19..=25).contains(&day), "{line}");
                }
                "Midsummer Day" => {
                    assert_eq!((month, weekday), (6, 5), "{line}");
                    assert!((20..=26).contains(&day), "{line}");
                }
                "All Saints' Day" => {
                    assert_eq!(weekday, 5, "{line}");
                    let first = days(year, 10, 31);
                    assert!((first..first + 7).contains(&at), "{line}");
                }
                _ => {}
            }
            eves += usize::from(holiday.ends_with("Eve"));
            seen += 1;
        }
        assert_eq!(
            (eves, seen),
            (3 * conventional, if name == "finland" { 45 } else { 48 })
        );
    }
}
