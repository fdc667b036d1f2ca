//! How a file is cut, and by how many threads it is read, changes nothing.

use proptest::prelude::*;

use super::desk::Desk;

fn written(records: &[Vec<String>], crlf: bool) -> String {
    let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
    writer.write_record(["a", "b"]).unwrap();
    for record in records {
        writer.write_record(record).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Records that were written, as they are read in pieces of so many bytes.
fn read_back(
    records: &[Vec<String>],
    (crlf, mark): (bool, bool),
    (threads, block_bytes): (usize, usize),
) -> Vec<Vec<String>> {
    let text = written(records, crlf);
    let text = if mark { format!("\u{feff}{text}") } else { text };
    let mut desk = Desk::new(&[("a", "text"), ("b", "text")]).file("x.csv", text);
    desk.mapping.missing.clear();
    (desk.threads, desk.block_bytes) = (threads, block_bytes);
    desk.values()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_cut_gives_the_rows_that_were_written(
        records in proptest::collection::vec(
            proptest::collection::vec("[ab,\"\n\r ä€]{0,5}", 2), 0..20
        ),
        crlf: bool,
        mark: bool,
        block_bytes in 1..64_usize,
        threads in 1..5_usize,
    ) {
        let read = read_back(&records, (crlf, mark), (threads, block_bytes));
        prop_assert_eq!(read, records);
    }

    #[test]
    fn every_range_gives_the_rows_that_begin_in_it(
        records in proptest::collection::vec(
            proptest::collection::vec("[ab ä€;]{0,9}", 2), 0..60
        ),
        crlf: bool,
        mark: bool,
        block_bytes in 1..90_usize,
        threads in 1..5_usize,
    ) {
        let read = read_back(&records, (crlf, mark), (threads, block_bytes));
        prop_assert_eq!(read, records);
    }

    #[test]
    fn faults_are_the_same_however_the_file_is_cut(
        text in "([a\"\u{0}ä]{0,2},[1x]{1,2}(,)?\n|\n){0,20}",
        block_bytes in 1..64_usize,
        threads in 1..5_usize,
    ) {
        let columns = [("a", "text"), ("b", "number")];
        let mut desk = Desk::new(&columns).file("x.csv", format!("a,b\n{text}")).report();
        (desk.threads, desk.block_bytes) = (1, 1 << 20);
        let whole = desk.scan().map_err(|error| error.to_string());
        (desk.threads, desk.block_bytes) = (threads, block_bytes);
        let cut = desk.scan().map_err(|error| error.to_string());
        match (whole, cut) {
            (Ok((rows, report)), Ok((cut_rows, cut_report))) => {
                let values = |rows: Vec<(u64, Vec<String>)>| -> Vec<Vec<String>> {
                    rows.into_iter().map(|(_, values)| values).collect()
                };
                prop_assert_eq!(values(cut_rows), values(rows));
                prop_assert_eq!(cut_report, report);
            }
            (whole, cut) => prop_assert_eq!(whole.map(|_| ()), cut.map(|_| ())),
        }
    }
}

#[test]
fn files_follow_one_another() {
    let mut desk = Desk::new(&[("a", "text")])
        .file("1.csv", "a,b\n1,x\n2,x")
        .file("2.csv", "b,a\nx,3\n\"x\n\",4,5\n")
        .report();
    for threads in [1, 2, 4] {
        (desk.threads, desk.block_bytes) = (threads, 3);
        let (rows, report) = desk.scan().unwrap();
        let values: Vec<_> = rows.iter().map(|(_, values)| values[0].as_str()).collect();
        assert_eq!(values, ["1", "2", "3"]);
        assert_eq!(
            desk.told(&report),
            ["2.csv, line 3: expected 2 fields and not 3, found `x\n,4,5`"]
        );
    }
}

#[test]
fn progress_reaches_the_end() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let (done, total) = (AtomicU64::new(0), AtomicU64::new(0));
    let progress = |now: u64, of: u64| {
        done.fetch_max(now, Ordering::Relaxed);
        total.store(of, Ordering::Relaxed);
    };
    let desk = Desk::new(&[("a", "text")]).file("1.csv", "a\n1\n2\n3\n");
    let options = super::super::ScanOptions::new(vec![true]).progress(&progress);
    let scanned = super::super::scan(
        &desk.input(),
        (&desk.schema, super::desk::TABLE),
        &options,
        || (),
        |(), _| Ok::<(), ()>(()),
    );
    assert!(scanned.is_ok());
    assert_eq!((done.into_inner(), total.into_inner()), (8, 8));
}

#[test]
fn what_a_step_says_stops_the_scan() {
    let desk = Desk::new(&[("a", "text")]).file("1.csv", "a\n1\n2\n3\n");
    let scanned = super::super::scan(
        &desk.input(),
        (&desk.schema, super::desk::TABLE),
        &super::super::ScanOptions::new(vec![true]).threads(2),
        || (),
        |(), _| Err::<(), &str>("no more"),
    );
    assert_eq!(scanned.map(|_| ()).unwrap_err().to_string(), "no more");
}
