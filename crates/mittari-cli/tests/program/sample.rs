//! The shipped cards over the sample desk: the two commands of the README.

use std::path::PathBuf;

use super::bench::{Bench, mittari};
use super::root;

fn metrics() -> String {
    root().join("metrics").display().to_string()
}

fn data() -> String {
    root().join("metrics/sample").display().to_string()
}

fn sample(more: &[&str]) -> super::bench::Done {
    let (metrics, data) = (metrics(), data());
    let args = ["run", &metrics, "--data", &data];
    mittari(&[&args[..], more].concat())
}

#[test]
fn the_shipped_cards_are_sound() {
    let done = mittari(&["check", &metrics()]);
    assert_eq!(done.code, 0, "{}", done.out);
}

#[test]
fn the_sample_is_measured_in_every_format() {
    let table = sample(&[]);
    assert_eq!(table.code, 0, "{}", table.err);
    assert!(table.out.contains("2026-09"), "{}", table.out);
    let csv = sample(&["--format", "csv"]);
    assert!(csv.out.lines().count() > 100, "{}", csv.out);
    let json = sample(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("json");
    let rows = json.pointer("/results").and_then(|rows| rows.as_array()).expect("rows");
    assert_eq!(rows.len() + 1, csv.out.lines().count());
    let bench = Bench::new();
    let path: PathBuf = bench.path("out.parquet");
    let path = path.display().to_string();
    let parquet = sample(&["--format", "parquet", "--output", &path]);
    assert_eq!((parquet.code, parquet.out.as_str()), (0, ""), "{}", parquet.err);
    assert!(std::fs::read(&path).expect("a file").starts_with(b"PAR1"));
}

#[test]
fn accounts_add_up_in_every_result() {
    let done = sample(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&done.out).expect("json");
    let rows = json.pointer("/results").and_then(|rows| rows.as_array()).expect("rows");
    let number = |value: &serde_json::Value, key: &str| {
        value.get(key).and_then(serde_json::Value::as_i64).expect("a number")
    };
    let mut accounts = 0;
    for row in rows {
        for account in
            row.get("accounts").and_then(|list| list.as_array()).expect("accounts")
        {
            let excluded = account.get("excluded").and_then(|list| list.as_array());
            let excluded: i64 =
                excluded.expect("a list").iter().map(|rule| number(rule, "rows")).sum();
            let parts =
                ["outside", "undecided", "counted"].map(|key| number(account, key));
            let sum: i64 = parts.iter().sum();
            assert_eq!(sum + excluded, number(account, "rows"), "{row}");
            accounts += 1;
        }
    }
    assert!(accounts > 100);
}

#[test]
fn results_depend_on_no_number_of_threads() {
    let one = sample(&["--format", "csv", "--threads", "1"]);
    let four = sample(&["--format", "csv", "--threads", "4"]);
    assert_eq!(one.out, four.out);
}

#[test]
fn a_choice_narrows_what_is_measured() {
    let args = ["--format", "csv", "--metric", "abandonment", "--from", "2026-03-01"];
    let done = sample(&[&args[..], &["--to", "2026-03-31", "--by", "channel"]].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    let lines: Vec<&str> = done.out.lines().skip(1).collect();
    assert!(lines.iter().all(|line| line.contains("abandonment")), "{}", done.out);
    assert!(lines.iter().all(|line| line.contains("2026-03")), "{}", done.out);
    assert!(lines.iter().any(|line| line.contains("phone")), "{}", done.out);
}

#[test]
fn the_sample_is_measured_in_three_languages() {
    let of = |language: &[&str]| {
        let done = sample(&[&["--metric", "answered-in-target.rate"], language].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        done.out
    };
    let english = of(&["--language", "en"]);
    assert_eq!(english, of(&[]), "the workspace's first language is the default");
    let finnish = of(&["--language", "fi"]);
    let swedish = of(&["--language", "sv"]);
    for (text, parts) in [
        (&english, ["Verdict", "few rows", "Answered within target time", "61.4 %"]),
        (&finnish, ["Muutos", "vähän rivejä", "Tavoiteajassa vastatut", "61,4\u{A0}%"]),
        (&swedish, ["Utfall", "få rader", "Besvarade inom måltiden", "61,4\u{A0}%"]),
    ] {
        for part in parts {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
    assert!(!finnish.contains("verdict") && !swedish.contains("verdict"));
    // What is for programs is the same in every language.
    let csv = |language: &str| {
        sample(&["--format", "csv", "--metric", "abandonment", "--language", language])
            .out
    };
    assert_eq!(csv("fi"), csv("en"));
    let (metrics, data) = (metrics(), data());
    let args = ["explain", "abandonment", &metrics, "--data", &data, "--language", "sv"];
    let done = mittari(&[&args[..], &["--from", "2026-09-01"]].concat());
    assert!(done.out.contains("uteslutna av"), "{}", done.out);
    assert_eq!(sample(&["--language", "de"]).code, 2);
}

#[test]
fn another_zone_moves_the_borders_of_periods() {
    let of_zone = |zone: &[&str]| {
        let args = ["--format", "json", "--metric", "contact-outcomes.contacts"];
        let done = sample(&[&args[..], &["--period", "day"], zone].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        serde_json::from_str::<serde_json::Value>(&done.out).expect("json")
    };
    let rows = |json: &serde_json::Value, key: &str| -> Vec<serde_json::Value> {
        let rows = json.pointer("/results").and_then(|rows| rows.as_array());
        let rows = rows.expect("rows").iter().filter_map(|row| row.get(key).cloned());
        rows.collect()
    };
    let (own, same) = (of_zone(&[]), of_zone(&["--time-zone", "Europe/Helsinki"]));
    assert_eq!(own, same);
    let other = of_zone(&["--time-zone", "Pacific/Auckland"]);
    for key in ["value", "fingerprint"] {
        assert_ne!(rows(&own, key), rows(&other, key), "{key}");
    }
    let wrong = sample(&["--time-zone", "Europe/Helsnki"]);
    assert_eq!(wrong.code, 2);
    let expected = "`--time-zone`: there is no time zone `Europe/Helsnki`";
    assert!(wrong.err.contains(expected), "{}", wrong.err);
}

#[test]
fn a_metric_that_is_not_there_ends_with_2_and_offers_the_near_one() {
    let done = sample(&["--metric", "abandonmnt"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("`abandonment"), "{}", done.err);
}

#[test]
fn a_metric_is_explained_with_its_account_and_rows() {
    let (metrics, data) = (metrics(), data());
    let args = ["explain", "abandonment", &metrics, "--data", &data];
    let range =
        ["--period", "month", "--from", "2026-03-01", "--to", "2026-03-31", "--rows"];
    let done = mittari(&[&args[..], &range].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    for part in [
        "what is measured",
        "Left out",
        "how it is read",
        "typed formula",
        "plan",
        "account",
        "rows",
    ] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
    assert!(done.out.contains("excluded by voice-menu-only"), "{}", done.out);
}

#[test]
fn timings_name_every_stage_and_change_no_result() {
    let plain = sample(&["--format", "csv"]);
    let timed = sample(&["--format", "csv", "--timings"]);
    assert_eq!((timed.code, &timed.out), (plain.code, &plain.out));
    for stage in [
        "wall", "scan", "decode", "rows", "  filter", "  group", "  fold", "finish",
        "threads",
    ] {
        let named = |line: &str| line.starts_with(&format!("{stage} "));
        assert!(timed.err.lines().any(named), "{stage} in {}", timed.err);
    }
}

#[test]
fn a_limit_of_memory_is_kept_or_refused() {
    let plenty = sample(&["--memory-limit", "1GiB", "--format", "csv"]);
    assert_eq!(plenty.code, 0, "{}", plenty.err);
    assert_eq!(plenty.out, sample(&["--format", "csv"]).out);
    let refused = sample(&["--memory-limit", "10MB"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("and its limit is 9 MiB: "), "{}", refused.err);
    let wrong = sample(&["--memory-limit", "some"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("as 500MB or 2GiB"), "{}", wrong.err);
}
