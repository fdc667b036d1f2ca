//! Files of data that are cut, damaged, empty, endless or wide.

use std::fmt::Write as _;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use mittari::{Error, Results};

use super::desk::{counted, counted_file, reason, refused};

const HEADER: &str = "id,opened,subject\n";

/// Rows as CSV.
fn rows(n: usize) -> String {
    let mut text = HEADER.to_owned();
    for at in 0..n {
        let (day, minute) = (at % 28 + 1, at % 60);
        let _ = writeln!(text, "T{at},2026-01-{day:02} 08:{minute:02},subject {at}");
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

fn parquet(n: usize) -> Vec<u8> {
    let text = |at: usize| format!("2026-01-{:02} 08:00", at % 28 + 1);
    let columns: [(&str, ArrayRef); 3] = [
        ("id", Arc::new(StringArray::from_iter_values((0..n).map(|at| at.to_string())))),
        ("opened", Arc::new(StringArray::from_iter_values((0..n).map(text)))),
        ("subject", Arc::new(StringArray::from_iter_values((0..n).map(|_| "a")))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut out = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None)
        .expect("a schema that can be written");
    writer.write(&batch).expect("memory");
    writer.close().expect("memory");
    out
}

/// How many rows were read and how many were bad.
fn read_and_bad(results: Result<Results, Error>) -> (u64, u64) {
    let results = results.unwrap_or_else(|error| panic!("{}", reason(&error)));
    let table = results.tables.first().expect("one table");
    (table.rows, table.bad_rows)
}

#[test]
fn cut_files_are_told_at_every_length() {
    let text = rows(3_000);
    let zst = zstd::encode_all(text.as_bytes(), 3).expect("memory");
    let packed = [("a.csv.gz", gzip(text.as_bytes())), ("a.csv.zst", zst)];
    for (name, whole) in &packed {
        assert_eq!(read_and_bad(counted(name, whole)), (3_000, 0));
        for share in [1, 2, 10, 50, 90, 99] {
            let cut = whole.get(..whole.len() * share / 100).unwrap_or_default();
            let said = refused(name, cut);
            assert!(said.contains("cut off"), "{name} at {share} %: {said}");
        }
    }
    let whole = parquet(3_000);
    assert_eq!(read_and_bad(counted("a.parquet", &whole)), (3_000, 0));
    for share in [1, 2, 10, 50, 90, 99] {
        let cut = whole.get(..whole.len() * share / 100).unwrap_or_default();
        let said = refused("a.parquet", cut);
        assert!(said.contains("`a.parquet`"), "{said}");
    }
}

#[test]
fn damage_inside_a_file_is_told_and_never_suffered() {
    let text = rows(2_000);
    let zst = zstd::encode_all(text.as_bytes(), 3).expect("memory");
    let files = [("a.csv.gz", gzip(text.as_bytes())), ("a.csv.zst", zst)];
    for (name, whole) in files.iter().chain(&[("a.parquet", parquet(500))]) {
        let step = (whole.len() / 60).max(1);
        for at in (0..whole.len()).step_by(step) {
            let mut damaged = whole.clone();
            for byte in damaged.iter_mut().skip(at).take(4) {
                *byte ^= 0xa5;
            }
            if let Err(error) = counted(name, &damaged) {
                assert!(!reason(&error).is_empty());
            }
        }
    }
}

#[test]
fn files_with_nothing_in_them() {
    for name in ["a.csv", "a.csv.gz", "a.csv.zst", "a.parquet", "a.ndjson"] {
        let said = refused(name, b"");
        assert!(said.starts_with(&format!("`{name}` is empty")), "{said}");
    }
    assert!(refused("a.csv", b"\n\n\n").contains("`a.csv`"));
    assert_eq!(read_and_bad(counted("a.csv", HEADER.as_bytes())), (0, 0));
    assert_eq!(read_and_bad(counted("a.csv.gz", &gzip(HEADER.as_bytes()))), (0, 0));
    assert_eq!(read_and_bad(counted("a.csv", HEADER.trim_end().as_bytes())), (0, 0));
    assert_eq!(read_and_bad(counted("a.parquet", &parquet(0))), (0, 0));
}

#[test]
fn nul_characters_and_foreign_bytes_make_bad_rows() {
    let text =
        b"id,opened,subject\n1,2026-01-01 08:00,a\0b\n2,2026-01-01 08:00,\xff\xfe\n\
                 3,2026-01-01 08:00,c\n";
    assert_eq!(read_and_bad(counted("a.csv", text)), (1, 2));
    let nothing = [0_u8; 4096];
    assert!(refused("a.csv", &nothing).contains("`a.csv`"));
    let json = b"{\"id\": \"1\", \"opened\": \"2026-01-01 08:00\", \"subject\": \"a\\u0000b\"}\n\
                 \xff\xfe\n[]\n{\"id\": \"2\", \"opened\": \"2026-01-01 08:00\", \"subject\": \"a\"}\n";
    let (read, bad) = read_and_bad(counted("a.ndjson", json));
    assert_eq!(read + bad, 4);
    assert!(bad >= 2);
}

#[test]
fn json_of_a_great_depth_is_a_bad_row() {
    for sign in ["[", "{\"a\":"] {
        let mut text = String::from("{\"id\": \"1\", \"opened\": ");
        text.push_str(&sign.repeat(2 << 20));
        text.push_str(
            "\n{\"id\": \"2\", \"opened\": \"2026-01-01 08:00\", \"subject\": \"a\"}\n",
        );
        assert_eq!(read_and_bad(counted("a.ndjson", text.as_bytes())), (1, 1));
    }
}

#[test]
fn a_line_of_a_gigabyte_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.csv", "a.ndjson"] {
        // The file has holes: it takes no room.
        let path = folder.path().join(name);
        let mut file = std::fs::File::create(&path).expect("a file");
        let start = if name == "a.csv" { HEADER } else { "" };
        file.write_all(start.as_bytes()).expect("room");
        file.seek(SeekFrom::Start(1 << 30)).expect("a place");
        file.write_all(b"x\n").expect("room");
        let error = counted_file(name, &path).expect_err("a long line");
        assert!(reason(&error).contains("found a longer line"), "{}", reason(&error));
    }
    let path = folder.path().join("b.csv");
    std::fs::File::create(&path).and_then(|file| file.set_len(1 << 30)).expect("a file");
    let error = counted_file("b.csv", &path).expect_err("a long header");
    assert!(reason(&error).contains("found a longer line"), "{}", reason(&error));
}

#[test]
fn a_gigabyte_packed_into_a_few_bytes_is_refused_before_it_is_unpacked() {
    let mut packer = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    packer.write_all(HEADER.as_bytes()).expect("memory");
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..1024 {
        packer.write_all(&zeros).expect("memory");
    }
    let bomb = packer.finish().expect("memory");
    assert!(bomb.len() < 1 << 20);
    assert!(refused("a.csv.zst", &bomb).contains("found a longer line"));
}

#[test]
fn an_open_quote_is_told_with_its_line() {
    let mut text = rows(10);
    text.push_str("X,2026-01-01 08:00,\"never closed\n");
    for at in 0..50_000 {
        let _ = writeln!(text, "Y{at},2026-01-01 08:00,a");
    }
    let said = refused("a.csv", text.as_bytes());
    assert!(said.contains("line 12") && said.contains("never closed"), "{said}");
}

#[test]
fn very_wide_files_are_read() {
    let names: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
    let cells = vec!["x"; 100_000].join(",");
    let text = format!(
        "id,opened,subject,{}\n1,2026-01-01 08:00,a,{cells}\n2,2026-01-01 08:00,a\n",
        names.join(",")
    );
    assert_eq!(read_and_bad(counted("a.csv", text.as_bytes())), (1, 1));
    let unknown = format!("{}\n{cells}\n", names.join(","));
    let said = refused("a.csv", unknown.as_bytes());
    assert!(said.contains("no column") && said.len() < 1_000, "{said}");
    let fields = format!("{HEADER}1,2026-01-01 08:00,a{}\n", ",".repeat(1 << 20));
    assert_eq!(read_and_bad(counted("a.csv", fields.as_bytes())), (0, 1));
}

#[test]
fn bad_rows_are_counted_and_only_the_first_are_kept() {
    let mut text = HEADER.to_owned();
    for at in 0..100_000 {
        let _ = writeln!(text, "T{at},yesterday,{}", "long ".repeat(4));
    }
    let results = counted("a.csv", text.as_bytes()).expect("results");
    let table = results.tables.first().expect("one table");
    assert_eq!((table.rows, table.bad_rows), (0, 100_000));
    assert_eq!(table.faults.listed.len(), 20);
}
