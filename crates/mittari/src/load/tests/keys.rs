//! Keys that stand twice, and of several rows of one key only one.

use mittari_lang::metric::Which;
use proptest::prelude::*;

use super::desk::Desk;
use crate::fault::FaultKind;

fn desk(text: &str) -> Desk {
    Desk::new(&[("id", "text"), ("n", "number")]).key(&[0]).file("x.csv", text)
}

#[test]
fn the_later_row_of_a_key_is_left_out() {
    let desk = desk("id,n\nb,1\na,2\nb,3\nc,4\nb,5\n").report();
    let (rows, report) = desk.scan().unwrap();
    let values: Vec<_> = rows.iter().map(|(_, values)| values.join(" ")).collect();
    assert_eq!(values, ["b 1", "a 2", "c 4"]);
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"
x.csv, line 4, `id`: expected a key that no other row has, and line 2 has it, found `b`
x.csv, line 6, `id`: expected a key that no other row has, and line 2 has it, found `b`
");
    assert_eq!((report.rows_read, report.rows_kept, report.faults.rows), (5, 3, 2));
}

#[test]
fn a_row_has_one_number_in_all_passes_over_json() {
    let text = "\
{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\",\"n\":2,\"n\":2}\n{\"id\":\"b\",\"n\":3}\n{\"id\":\"c\",\"n\":4}\n\
{\"id\":\"a\",\"n\":1e999}\n{\"id\":\"c\",\"n\":5}\n{\"id\":\"d\",\"n\":6}\n";
    let columns = [("id", "text"), ("n", "number")];
    let desk = Desk::new(&columns).key(&[0]).file("x.ndjson", text).report();
    let (rows, report) = desk.scan().unwrap();
    let values: Vec<_> = rows.iter().map(|(_, values)| values.join(" ")).collect();
    assert_eq!(values, ["a 1", "b 3", "c 4", "d 6"]);
    assert_eq!((report.rows_read, report.rows_kept, report.faults.rows), (7, 4, 3));
    let kept =
        Desk::new(&columns).file("x.ndjson", text).keep(Which::First, "n", &["id"]);
    let (rows, report) = kept.report().scan().unwrap();
    let values: Vec<_> = rows.iter().map(|(_, values)| values.join(" ")).collect();
    assert_eq!(values, ["a 1", "b 3", "c 4", "d 6"]);
    assert_eq!((report.rows_superseded, report.faults.rows), (1, 2));
}

#[test]
fn keys_in_order_need_no_memory_and_are_still_compared() {
    let desk = desk("id,n\na,1\nb,2\nb,3\nc,4\n");
    assert_eq!(desk.stopped().faults.by_kind, [(FaultKind::DuplicateKey, 1)]);
}

#[test]
fn a_key_needs_a_value() {
    let desk = desk("id,n\na,1\n,2\n,3\n");
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"
x.csv, line 3, `id`: expected a value, found ``
x.csv, line 4, `id`: expected a value, found ``
");
    assert_eq!(report.faults.by_kind, [(FaultKind::NoKey, 2)]);
}

#[test]
fn a_key_of_several_columns_is_one_of_values() {
    let text = "id,n\na,1\na,2\na,1.0\nb,1\n";
    let mut desk = desk(text).key(&[0, 1]);
    desk.needed = vec![false, false];
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"x.csv, line 4, `id, n`: expected a key that no other row has, and line 2 has it, found `a, 1.0`");
}

#[test]
fn the_last_row_by_number_is_kept() {
    let text = "id,n,v\na,9,x\na,10,1\nb,1,2\na,10,3\nb,,4\n,7,5\n";
    let desk = Desk::new(&[("id", "text"), ("v", "number")]).file("x.csv", text).keep(
        Which::Last,
        "n",
        &["id"],
    );
    let (rows, report) = desk.scan().unwrap();
    let values: Vec<_> = rows.iter().map(|(_, values)| values.join(" ")).collect();
    // The row with `x` is superseded, so that nobody asks what `x` is.
    assert_eq!(values, ["b 2", "a 3", "- 5"]);
    assert_eq!((report.rows_read, report.rows_kept, report.rows_superseded), (6, 3, 3));
    assert_eq!((report.keep_ties, report.faults.total), (1, 0));
}

#[test]
fn values_that_are_not_all_numbers_are_compared_as_texts() {
    let text = "id,n\na,9\na,10\nb,x\n";
    let desk =
        Desk::new(&[("n", "text")]).file("x.csv", text).keep(Which::First, "n", &["id"]);
    assert_eq!(desk.values(), [["10"], ["x"]]);
}

#[test]
fn a_broken_line_is_told_whether_or_not_it_would_be_kept() {
    let text = "id,n\na,1\na,2,3\na,3\n";
    let desk =
        Desk::new(&[("n", "number")]).file("x.csv", text).keep(Which::Last, "n", &["id"]);
    let report = desk.report().scan().unwrap().1;
    assert_eq!((report.rows_read, report.rows_kept, report.rows_superseded), (3, 1, 1));
    assert_eq!(report.faults.by_kind, [(FaultKind::Fields, 1)]);
}

#[test]
fn fractions_of_different_length_are_compared_exactly() {
    let text = "id,n\na,-1.5\na,-1.25\na,-1.250000000000000000000000001\nb,0.3\nb,0.30\n";
    let desk =
        Desk::new(&[("n", "text")]).file("x.csv", text).keep(Which::Last, "n", &["id"]);
    assert_eq!(desk.values(), [["-1.25"], ["0.30"]]);
    assert_eq!(desk.scan().unwrap().1.keep_ties, 1);
}

/// The first row of each key, and how many rows follow with a key that was seen.
fn first_of_each(keys: &[String]) -> (Vec<String>, u64) {
    let mut seen = Vec::new();
    for key in keys {
        if !seen.contains(key) {
            seen.push(key.clone());
        }
    }
    let doubled = (keys.len() - seen.len()) as u64;
    (seen, doubled)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_double_is_missed_and_none_is_made_up(
        keys in proptest::collection::vec("[a-c]{1,2}", 0..40),
        sorted: bool,
        threads in 1..4_usize,
        block_bytes in 1..40_usize,
    ) {
        let mut keys = keys;
        if sorted {
            keys.sort();
        }
        let text = keys.iter().map(|key| format!("{key},1\n")).collect::<Vec<_>>().concat();
        let mut desk = desk(&format!("id,n\n{text}")).report();
        (desk.threads, desk.block_bytes) = (threads, block_bytes);
        let (rows, report) = desk.scan().unwrap();
        let found: Vec<String> = rows.into_iter().map(|(_, values)| values[0].clone()).collect();
        let (expected, doubled) = first_of_each(&keys);
        prop_assert_eq!(found, expected);
        prop_assert_eq!(report.faults.total, doubled);
    }
}
