//! Broken and malicious files end with a plain message, and never with a panic.

use std::io::Write as _;

use super::desk::Desk;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn desk() -> Desk {
    Desk::new(&[("a", "text"), ("at", "instant")])
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(desk().file("x.csv", "").refused(), @r"`x.csv` is empty: expected rows, or a line with the names of the columns");
    insta::assert_snapshot!(desk().file("x.csv", "\u{feff}").refused(), @r"`x.csv` is empty: expected rows, or a line with the names of the columns");
    insta::assert_snapshot!(desk().file("x.parquet", "").refused(), @r"`x.parquet` is empty: expected rows, or a line with the names of the columns");
    insta::assert_snapshot!(desk().file("x.csv", "\n\r\n\n").refused(), @r"`x.csv` is empty: expected rows, or a line with the names of the columns");
    assert!(desk().file("x.csv", "a,at").values().is_empty());
}

#[test]
fn a_file_that_is_not_there() {
    let mut desk = desk();
    desk.files = vec![desk.path("nowhere.csv")];
    insta::assert_snapshot!(desk.refused(), @r"`nowhere.csv` cannot be read: No such file or directory (os error 2)");
}

#[test]
fn a_packed_file_that_is_cut_off() {
    let text = (0..60_000)
        .map(|at| format!("{},2024-01-01\n", at * 7_919 % 60_013))
        .collect::<Vec<_>>()
        .concat();
    let packed = gzip(format!("a,at\n{text}").as_bytes());
    let cut = &packed[..packed.len() - 9];
    insta::assert_snapshot!(desk().file("x.csv.gz", cut).refused(), @r"`x.csv.gz` is cut off: its packed content has no end; fetch it again");
    insta::assert_snapshot!(desk().file("x.csv.gz", &packed[..7]).refused(), @r"`x.csv.gz` is cut off: its packed content has no end; fetch it again");
    let mut wrong = packed.clone();
    let sum = wrong.len() - 6;
    wrong[sum] ^= 1;
    insta::assert_snapshot!(desk().file("x.csv.gz", wrong).refused(), @r"`x.csv.gz` is damaged: corrupt gzip stream does not have a matching checksum");
}

#[test]
fn a_file_that_is_not_parquet() {
    insta::assert_snapshot!(desk().file("x.parquet", "a,at\n1,2024-01-01\n").refused(), @r"`x.parquet` is damaged: this is not Parquet");
    insta::assert_snapshot!(desk().file("x.parquet", "PAR1 and then no more").refused(), @r"`x.parquet` is cut off: its packed content has no end; fetch it again");
    let nonsense = [b"PAR1".as_slice(), &[0xff; 64], b"PAR1"].concat();
    assert!(
        desk()
            .file("x.parquet", nonsense)
            .refused()
            .starts_with("`x.parquet` is damaged")
    );
}

#[test]
fn a_quote_that_is_never_closed() {
    let text = "a,at\n\"1\n\",2024-01-01\n\"2,2024-01-01\n3,2024-01-01\n";
    for block_bytes in [5, 1 << 20] {
        let mut desk = desk().file("x.csv", text);
        desk.block_bytes = block_bytes;
        assert_eq!(desk.refused(), "`x.csv`, line 4: a quote is opened and never closed");
    }
    assert_eq!(
        desk().file("x.csv", "\"a,at\n1,2024-01-01\n").refused(),
        "`x.csv`, line 1: a quote is opened and never closed"
    );
}

#[test]
fn a_line_that_does_not_end() {
    // A long run of one letter packs well, so that the file itself is small.
    let mut text = b"a,at\n1,2024-01-01\n".to_vec();
    text.resize(text.len() + (40 << 20), b'x');
    let desk = desk().file("x.csv.gz", gzip(&text));
    assert!(std::fs::metadata(&desk.files[0]).unwrap().len() < 1 << 20);
    insta::assert_snapshot!(desk.refused(), @r"`x.csv.gz`, line 3: expected at most 16 MiB, found a longer line; perhaps a quote is not closed");
}

#[test]
fn bytes_that_are_no_text() {
    let bytes =
        b"a,at\n\xff\xfe,2024-01-01\nb,2024-01-01\nc\0,2024-01-01\n\"\xc3\",2024-01-01\n";
    let report = desk().file("x.csv", bytes).stopped();
    assert_eq!((report.faults.rows, report.rows_kept), (3, 1));
    assert_eq!(report.faults.listed[0].place.to_string(), "line 2");
}

#[test]
fn times_at_the_ends_of_the_calendar() {
    let text = "a,at\n1,9999-12-31T23:59:59Z\n2,99999-01-01\n3,0000-01-01\n4,-9999-01-01\n\
                5,2024-02-30\n6,2024-01-01T25:00:00\n7,2024-01-01T00:00:00+99:99\n";
    let desk = desk().file("x.csv", text).report();
    let (rows, report) = desk.scan().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1[1], "253402300799000000");
    assert_eq!(report.faults.rows, 6);
}

#[test]
fn json_that_nests_without_end() {
    let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let report =
        desk().file("x.ndjson", format!("{deep}{{\"a\":1,\"at\":null}}\n")).stopped();
    assert_eq!((report.rows_read, report.faults.rows), (2, 1));
}
