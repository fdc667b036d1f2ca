//! The same rows come out of every layout, packing and encoding.

use std::fs::File;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use mittari_lang::mapping::{Encoding, Layout};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::super::OnBadRows;
use super::desk::Desk;

const COLUMNS: [(&str, &str); 4] =
    [("id", "text"), ("c", "category"), ("n", "number"), ("at", "instant")];

const LINES: &str =
    "id,c,n,at\nä1,red,1.5,1970-01-01T00:00:01Z\nb2,,,\nc3,blue,3,1970-01-02\n";

fn desk() -> Desk {
    Desk::new(&COLUMNS).key(&[0])
}

fn expected() -> Vec<Vec<String>> {
    let rows = [
        ["ä1", "0", "1.5", "1000000"],
        ["b2", "-", "-", "-"],
        ["c3", "2", "3", "86400000000"],
    ];
    rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn csv_and_tsv() {
    assert_eq!(desk().file("x.csv", LINES).values(), expected());
    assert_eq!(desk().file("x.tsv", LINES.replace(',', "\t")).values(), expected());
    assert_eq!(desk().file("x.csv", LINES.replace('\n', "\r\n")).values(), expected());
    let mut semicolon = desk().file("x.txt", LINES.replace(',', ";"));
    semicolon.mapping.delimiter = Some(b';');
    assert_eq!(semicolon.values(), expected());
    let mut quoted = desk().file("x.csv", LINES.replace("ä1", "'ä1'"));
    quoted.mapping.quote = Some(b'\'');
    assert_eq!(quoted.values(), expected());
    quoted.mapping.quote = None;
    assert_eq!(quoted.values()[0][0], "'ä1'");
}

#[test]
fn a_file_without_names_counts_its_columns() {
    let (_, rows) = LINES.split_once('\n').unwrap();
    let mut desk = desk().file("x.csv", rows);
    desk.mapping.header = false;
    for (at, name) in ["1", "2", "3", "4"].into_iter().enumerate() {
        desk = desk.map(at, |mapping| {
            *mapping = super::desk::mapped(mapping.column.column, &[name]);
        });
    }
    assert_eq!(desk.values(), expected());
    let mut bad = desk.file("y.csv", "x,red,1,1970-01-01\nz\n");
    bad.files.remove(0);
    assert_eq!(bad.stopped().faults.listed[0].place.to_string(), "line 2");
}

#[test]
fn packed_and_encoded() {
    let packed = zstd::encode_all(LINES.as_bytes(), 3).unwrap();
    assert_eq!(desk().file("x.csv.zst", packed).values(), expected());
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(LINES.encode_utf16().flat_map(u16::to_le_bytes));
    let mut wide = desk().file("x.csv", utf16);
    wide.mapping.encoding = Encoding::Utf16;
    assert_eq!(wide.values(), expected());
    let latin: Vec<u8> =
        LINES.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mut narrow = desk().file("x.csv", latin);
    assert_eq!(narrow.stopped().faults.rows, 1);
    narrow.mapping.encoding = Encoding::Windows1252;
    assert_eq!(narrow.values(), expected());
}

#[test]
fn one_json_object_a_line() {
    let text = "{\"id\":\"ä1\",\"c\":\"red\",\"n\":1.5,\"at\":\"1970-01-01T00:00:01Z\",\"more\":[1]}\n\n\
                {\"id\":\"b2\",\"c\":null,\"n\":null}\r\n\
                {\"at\":\"1970-01-02\",\"n\":3,\"c\":\"blue\",\"id\":\"c3\"}";
    assert_eq!(desk().file("x.ndjson", text).values(), expected());
    let mut named = desk().file("export.dat", text);
    named.mapping.layout = Some(Layout::Ndjson);
    (named.block_bytes, named.threads) = (7, 3);
    assert_eq!(named.values(), expected());
}

#[test]
fn json_is_read_strictly() {
    let text = "{\"id\":\"a\",\"id\":\"b\"}\n[1]\n{\"id\":\"c\"\n{\"id\":\"d\"} x\n{\"id\":7,\"n\":\"1\"}\n\
                {\"id\":true,\"n\":{\"v\":1}}\n";
    let mut desk = desk().file("x.jsonl", text);
    desk.needed = vec![true, false, true, false];
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r#"
x.jsonl, line 1: expected a JSON object (`id` stands twice at line 1 column 14), found `{"id":"a","id":"b"}`
x.jsonl, line 2: expected a JSON object (invalid type: sequence, expected an object at line 1 column 0), found `[1]`
x.jsonl, line 3: expected a JSON object (EOF while parsing an object at line 1 column 9), found `{"id":"c"`
x.jsonl, line 4: expected a JSON object (trailing characters at line 1 column 12), found `{"id":"d"} x`
x.jsonl, line 6, `n`: expected a number, found `{"v":1}`
"#);
    assert_eq!((report.rows_read, report.rows_kept), (6, 1));
}

#[test]
fn values_within_values_are_named_by_their_path() {
    let text = "{\"id\":\"a\",\"fields\":{\"status\":{\"name\":\"red\"}}}\n{\"id\":\"b\",\"fields\":{}}\n";
    let desk = Desk::new(&[("id", "text"), ("c", "category")]).file("x.ndjson", text);
    let named = ["fields.status.name"];
    let desk = desk.map(1, |mapping| *mapping = super::desk::mapped(1, &named));
    assert_eq!(desk.values(), [["a", "0"], ["b", "-"]]);
}

#[test]
fn a_name_that_no_json_object_has_is_misspelt() {
    let desk = Desk::new(&[("prioritet", "text")])
        .file("x.ndjson", "{\"priority\":1}\n{\"id\":2}\n");
    insta::assert_snapshot!(desk.refused(), @r"`x.ndjson` has no column `prioritet`; there is `priority`");
}

fn parquet(desk: &Desk, name: &str, group_rows: usize) -> std::path::PathBuf {
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "at",
            Arc::new(TimestampMillisecondArray::from(vec![
                Some(1_000),
                None,
                Some(86_400_000),
            ])),
        ),
        ("id", Arc::new(StringArray::from(vec!["ä1", "b2", "c3"]))),
        ("other", Arc::new(StringArray::from(vec!["x", "y", "z"]))),
        ("c", Arc::new(StringArray::from(vec![Some("red"), None, Some("blue")]))),
        ("n", Arc::new(Float64Array::from(vec![Some(1.5), None, Some(3.0)]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(group_rows)).build();
    let path = desk.path(name);
    let file = File::create(&path).unwrap();
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

#[test]
fn parquet_by_row_groups() {
    for (threads, group_rows) in [(1, 10), (2, 1)] {
        let mut desk = desk();
        desk.threads = threads;
        desk.files = vec![parquet(&desk, "x.parquet", group_rows)];
        assert_eq!(desk.values(), expected());
        desk.needed = vec![false, true, false, false];
        let found: Vec<_> = desk.values().into_iter().map(|row| row.join(" ")).collect();
        assert_eq!(found, ["/ 0 / /", "/ - / /", "/ 2 / /"]);
    }
}

#[test]
fn faults_of_parquet_name_the_row() {
    let mut desk = Desk::new(&[("n", "number"), ("c", "instant")]);
    desk.files = vec![parquet(&desk, "x.parquet", 2)];
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"
x.parquet, row 1, `c`: expected a time as `2026-01-31T08:00:00`, found `red`
x.parquet, row 3, `c`: expected a time as `2026-01-31T08:00:00`, found `blue`
");
}

#[test]
fn a_parquet_file_that_is_cut_off() {
    let mut desk = desk();
    let path = parquet(&desk, "x.parquet", 10);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    desk.files = vec![path.clone()];
    assert_eq!(
        desk.refused(),
        "`x.parquet` is cut off: its packed content has no end; fetch it again"
    );
    // A page that is overwritten while the ends are whole.
    let mut damaged = bytes.clone();
    damaged[8..60].fill(0xff);
    std::fs::write(&path, &damaged).unwrap();
    assert!(desk.scan().is_err());
}

#[test]
fn a_parquet_file_with_any_byte_replaced() {
    let mut desk = desk();
    desk.on_bad_rows = OnBadRows::Report;
    let path = parquet(&desk, "x.parquet", 2);
    let bytes = std::fs::read(&path).unwrap();
    desk.files = vec![path.clone()];
    let mut refused = 0;
    for at in 0..bytes.len() {
        for other in [0x02, 0x80, bytes[at] ^ 0x01] {
            let mut damaged = bytes.clone();
            damaged[at] = other;
            std::fs::write(&path, &damaged).unwrap();
            match desk.scan() {
                Ok((_, report)) => assert_eq!(report.rows_read, 3, "{at} {other:#x}"),
                Err(error) => {
                    refused += 1;
                    let said = error.to_string();
                    assert!(said.contains("x.parquet`"), "{at} {other:#x}: {said}");
                }
            }
        }
    }
    assert!(refused > bytes.len(), "{refused} of {}", bytes.len());
}
