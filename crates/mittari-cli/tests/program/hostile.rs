//! Input made to break programs: a clear message, the right end, and no panic.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};

use super::bench::{Bench, CALLS, Done};

/// Checks a workspace with this card.
fn checked(formula: &str) -> Done {
    let bench = Bench::new();
    bench.card("case", formula);
    bench.run(&["check", "metrics"])
}

/// Runs the sound card over this file.
fn ran(name: &str, bytes: impl AsRef<[u8]>) -> Done {
    let bench = Bench::new();
    std::fs::remove_file(bench.path("data/calls.csv")).expect("the data");
    bench.data(name, bytes);
    bench.run(&["run", "metrics", "--data", "data", "--format", "csv"])
}

#[test]
fn ten_megabytes_of_brackets_are_refused() {
    for formula in ["(".repeat(10 << 20), "[".repeat(10 << 20), "count(".repeat(1 << 20)]
    {
        let done = checked(&formula);
        assert_eq!(done.code, 1);
        assert!(done.out.contains("error[yaml-too-large]"), "{:.400}", done.out);
        assert!(done.out.len() < 4000, "{} bytes", done.out.len());
    }
}

#[test]
fn brackets_below_the_size_of_a_file_are_refused() {
    for (formula, code) in [
        ("(".repeat(5000), "formula-too-deep"),
        ("(".repeat(200_000), "formula-too-long"),
        ("not ".repeat(1000) + "true", "formula-too-deep"),
        ("1+".repeat(3000) + "1", "formula-too-many-words"),
    ] {
        let done = checked(&format!("|\n  {formula}"));
        assert_eq!(done.code, 1);
        assert!(done.out.contains(code), "{code}: {:.400}", done.out);
    }
}

#[test]
fn nested_lists_of_yaml_are_refused() {
    for text in ["[".repeat(200_000), "- ".repeat(100_000), "{a: ".repeat(50_000)] {
        let bench = Bench::new();
        bench.write("sla/other.yaml", text);
        let done = bench.run(&["check", "metrics"]);
        assert_eq!(done.code, 1);
        assert!(done.out.contains("error[yaml-"), "{:.400}", done.out);
    }
}

#[test]
fn aliases_do_not_multiply() {
    let bench = Bench::new();
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (from, to) in "abcdefgh".chars().zip("bcdefghi".chars()) {
        let list = vec![format!("*{from}"); 9].join(", ");
        text.push_str(&format!("{to}: &{to} [{list}]\n"));
    }
    bench.write("sla/laughs.yaml", text);
    let done = bench.run(&["check", "metrics"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[yaml-anchor]"), "{:.400}", done.out);
    assert!(done.out.contains("error[yaml-alias]"), "{:.400}", done.out);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in
        [&b"metric: a\0b\n"[..], b"metric: \xff\xfe\n", b"\xff\xfem\0e\0", b"\x00"]
    {
        let bench = Bench::new();
        bench.write("sla/other.yaml", bytes);
        let done = bench.run(&["check", "metrics"]);
        assert_eq!(done.code, 1, "{bytes:?}");
        assert!(done.out.contains("error[yaml-not-text]"), "{bytes:?}: {}", done.out);
    }
}

#[test]
fn an_empty_card_is_refused() {
    let bench = Bench::new();
    bench.write("sla/other.yaml", "");
    let done = bench.run(&["check", "metrics"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[value-missing]"), "{}", done.out);
}

#[test]
fn durations_and_numbers_that_overflow_are_refused_or_reported() {
    for formula in [
        "count(where waited > 999999999999999 h)",
        "count(where waited > 9999999999999999999999 s)",
        "share(waited > 0 s) * 999999999999999999",
    ] {
        assert_eq!(checked(formula).code, 1, "{formula}");
    }
    let bench = Bench::new();
    let card =
        bench.card_text("case", "sum(waited * 1000000000)").replace("percent", "h");
    bench.write("sla/case.yaml", card);
    let rows = "1,phone,2026-01-05 09:00:00,9000000000\n".to_owned();
    bench.data("calls.csv", format!("id,channel,arrived,waited\n{rows}"));
    let done = bench.run(&["run", "metrics", "--data", "data"]);
    assert_ne!(done.code, 0, "{}", done.out);
    assert!(done.err.contains("case"), "{}", done.err);
}

#[test]
fn files_that_end_too_early_or_are_damaged_end_with_3() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbL\xd1I".to_vec();
    for (name, bytes) in [
        ("calls.csv.gz", gzip),
        ("calls.csv.gz", b"\x1f\x8b".to_vec()),
        ("calls.csv.zst", b"\x28\xb5\x2f\xfd\x04".to_vec()),
        ("calls.parquet", b"PAR1\x00\x00\x00\x00PAR1".to_vec()),
        ("calls.parquet", b"PAR1".to_vec()),
        ("calls.parquet", CALLS.as_bytes().to_vec()),
        ("calls.csv", Vec::new()),
        ("calls.csv", b"\n\n".to_vec()),
    ] {
        let done = ran(name, &bytes);
        assert_eq!(done.code, 3, "{name} {bytes:?}: {} {}", done.out, done.err);
        assert!(done.err.contains(name), "{name} {bytes:?}: {}", done.err);
        assert!(done.out.is_empty(), "{}", done.out);
    }
}

#[test]
fn rows_that_cannot_be_read_are_located_and_stop_the_run() {
    for (row, told) in [
        ("5,phone,2026-01-05 09:00:00", "line 6"),
        ("5,phone,2026-02-30 09:00:00,1", "2026-02-30 09:00:00"),
        ("5,fax,2026-01-05 09:00:00,1", "fax"),
        ("5,phone,2026-01-05 09:00:00,soon", "soon"),
        ("4,phone,2026-01-05 09:00:00,1", "`4`"),
        ("5,ph\0one,2026-01-05 09:00:00,1", "line 6"),
    ] {
        let done = ran("calls.csv", format!("{CALLS}{row}\n"));
        assert_eq!(done.code, 1, "{row}: {}", done.err);
        assert!(done.err.contains(told), "{told} in {}", done.err);
        assert!(done.err.contains("line 6"), "{}", done.err);
        assert!(done.err.contains("--on-bad-rows report"), "{}", done.err);
    }
}

#[test]
fn rows_that_cannot_be_read_can_be_left_out_and_are_told() {
    let bench = Bench::new();
    bench.data("calls.csv", format!("{CALLS}5,fax,2026-01-05 09:00:00,1\n"));
    let args = ["run", "metrics", "--data", "data", "--format", "json"];
    let done = bench.run(&[&args[..], &["--on-bad-rows", "report"]].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("1 row of `contacts` cannot be read"), "{}", done.err);
    let json: serde_json::Value = serde_json::from_str(&done.out).expect("json");
    assert_eq!(json.pointer("/results/0/value"), Some(&0.5.into()));
    assert_eq!(json.pointer("/results/0/bad_rows"), Some(&1.into()));
}

#[test]
fn the_last_and_the_first_years_are_measured() {
    let rows = "5,phone,9999-12-31 23:59:59,1\n6,phone,1900-01-01 00:00:00,1\n";
    let bench = Bench::new();
    bench.data("calls.csv", format!("{CALLS}{rows}"));
    let done = bench.run(&["run", "metrics", "--data", "data", "--format", "csv"]);
    // Very many empty months are not worth telling: a range is asked for instead.
    let asked = bench.run(&[
        "run",
        "metrics",
        "--data",
        "data",
        "--format",
        "csv",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-31",
    ]);
    assert!([0, 1, 2].contains(&done.code), "{}", done.err);
    assert_eq!(asked.code, 0, "{}", asked.err);
    assert!(asked.out.contains("2026-01"), "{}", asked.out);
}

#[test]
fn a_line_without_end_is_refused_in_little_memory() {
    let bench = Bench::new();
    long_line(&bench.path("data/calls.csv"), 20 << 20);
    let done = bench.run(&["run", "metrics", "--data", "data"]);
    assert_eq!(done.code, 3, "{}", done.err);
    assert!(done.err.contains("line 2"), "{}", done.err);
}

fn long_line(path: &Path, bytes: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    file.write_all(b"id,channel,arrived,waited\n").expect("a file");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..bytes >> 20 {
        file.write_all(&block).expect("a file");
    }
}

/// The calls as Parquet.
fn parquet_calls() -> Vec<u8> {
    let (names, rows) = CALLS.split_once('\n').expect("a header");
    let column = |at: usize| -> ArrayRef {
        let fields = rows.lines().filter_map(|row| row.split(',').nth(at));
        Arc::new(StringArray::from_iter_values(fields))
    };
    let columns = names.split(',').enumerate().map(|(at, name)| (name, column(at)));
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None)
        .expect("a schema that can be written");
    writer.write(&batch).expect("memory");
    writer.close().expect("memory");
    out
}

/// The library panics over some of these files; what is told is our message alone.
#[test]
fn a_damaged_parquet_file_is_told_in_words() {
    let sound = parquet_calls();
    assert_eq!(ran("calls.parquet", &sound).code, 0);
    let mut refused = 0;
    // About there stands what the file says of its columns; a bit makes lengths negative.
    for at in sound.len() * 2 / 5..sound.len() * 3 / 5 {
        let mut damaged = sound.clone();
        if let Some(byte) = damaged.get_mut(at) {
            *byte ^= 1;
        }
        let done = ran("calls.parquet", damaged);
        assert!([0, 1, 3].contains(&done.code), "{at}: {} {}", done.code, done.err);
        if done.code == 3 {
            assert!(done.err.contains("calls.parquet`"), "{at}: {}", done.err);
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}
