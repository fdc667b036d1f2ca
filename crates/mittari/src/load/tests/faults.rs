//! Every bad row is counted, the first are told with file, line, column and text.

use mittari_lang::types::Kind;

use super::desk::{Desk, column};
use crate::fault::{FaultKind, LISTED};

const COLUMNS: [(&str, &str); 3] = [("id", "text"), ("n", "number"), ("c", "category")];

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let text = "id,n,c\na,1,red\nb,x,green\nc,2\n\n\"d\"e,3,red\nf,4,pink\ng,y,grey\nh\0,5,red\n";
    let desk = Desk::new(&COLUMNS).key(&[0]).file("x.csv", text);
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"
x.csv, line 3, `n`: expected a number, found `x`
x.csv, line 4: expected 3 fields and not 2, found `c,2`
x.csv, line 6: expected the end of the field behind its closing quote, found `de,3,red`
x.csv, line 7, `c`: expected one of `red`, `green`, `blue`, found `pink`
x.csv, line 8, `n`: expected a number, found `y`
x.csv, line 8, `c`: expected one of `red`, `green`, `blue`, found `grey`
x.csv, line 9: expected text in UTF-8 without NUL characters, found `h�,5,red`
");
    assert_eq!((report.rows_read, report.rows_kept), (7, 1));
    assert_eq!((report.faults.total, report.faults.rows), (7, 6));
    let counts = [
        (FaultKind::Fields, 1),
        (FaultKind::Quoting, 1),
        (FaultKind::Characters, 1),
        (FaultKind::Value, 2),
        (FaultKind::Undeclared, 2),
    ];
    assert_eq!(report.faults.by_kind, counts);
}

#[test]
fn what_nobody_needs_is_not_judged() {
    let mut desk = Desk::new(&COLUMNS).file("x.csv", "id,n,c\na,x,red\nb,1,pink\n");
    desk.needed = vec![true, false, false];
    assert_eq!(desk.values(), [["a", "/", "/"], ["b", "/", "/"]]);
}

#[test]
fn a_required_value_that_is_missing_is_a_fault() {
    let mut desk = Desk::new(&COLUMNS).file("x.csv", "id,n,c\na,1,\nb,,red\nc,2,red\n");
    desk.schema.tables[0].columns[1].required = true;
    let report = desk.stopped();
    insta::assert_snapshot!(desk.told(&report).join("\n"), @r"x.csv, line 3, `n`: expected a value, found ``");
    assert_eq!(report.faults.by_kind, [(FaultKind::Missing, 1)]);
}

#[test]
fn only_the_first_are_listed_and_all_are_counted() {
    let lines =
        (0..5_000).map(|at| format!("{at},x{at},red\n")).collect::<Vec<_>>().concat();
    for (threads, block_bytes) in [(1, 1 << 20), (4, 100)] {
        let mut desk = Desk::new(&COLUMNS).file("x.csv", format!("id,n,c\n{lines}"));
        (desk.threads, desk.block_bytes) = (threads, block_bytes);
        let report = desk.stopped();
        assert_eq!((report.faults.total, report.faults.rows), (5_000, 5_000));
        assert_eq!(report.faults.listed.len(), LISTED);
        let told = desk.told(&report);
        assert_eq!(told[19], "x.csv, line 21, `n`: expected a number, found `x19`");
    }
}

#[test]
fn the_run_goes_on_without_bad_rows_if_asked() {
    let desk =
        Desk::new(&COLUMNS).file("x.csv", "id,n,c\na,1,red\nb,x,red\nc,3,red\n").report();
    let (rows, report) = desk.scan().unwrap();
    let values: Vec<_> = rows.iter().map(|(_, values)| values[0].as_str()).collect();
    assert_eq!(values, ["a", "c"]);
    // The number of a row does not depend on what is wrong with others.
    assert_eq!(rows[1].0 - rows[0].0, 2);
    assert_eq!((report.rows_read, report.rows_kept, report.faults.rows), (3, 2, 1));
}

#[test]
fn a_long_text_is_cut_where_it_is_shown() {
    let long = "ä".repeat(5_000);
    let desk = Desk::new(&COLUMNS).file("x.csv", format!("id,n,c\na,{long},red\n"));
    let text = &desk.stopped().faults.listed[0].text;
    assert!(text.ends_with("ä...") && text.chars().count() == 123, "{text}");
}

#[test]
fn a_column_of_the_file_that_is_absent_is_named_with_its_neighbours() {
    let desk = Desk::new(&COLUMNS).file("x.csv", "id,nn,colour\n");
    insta::assert_snapshot!(desk.refused(), @r"`x.csv` has no column `n`; there is `nn`");
    let desk = Desk::new(&[("priority", "text")]).file("x.csv", "prioriti,id\n");
    insta::assert_snapshot!(desk.refused(), @r"`x.csv` has no column `priority`; there is `prioriti`");
    let desk = Desk::new(&COLUMNS).file("x.csv", "id,n,c,n\n");
    insta::assert_snapshot!(desk.refused(), @r"`x.csv` has two columns `n`; rename one");
    // A name that stands twice does no harm where nobody needs it.
    let desk = Desk::new(&[("id", "text")]).file("x.csv", "id,n,n\n1,2,3\n");
    assert_eq!(desk.values(), [["1"]]);
}

#[test]
fn a_column_that_the_source_does_not_fill_is_not_made_up() {
    let mut desk = Desk::new(&COLUMNS).file("x.csv", "id,n,c\n");
    desk.schema.tables[0].columns.push(column("more", Kind::Text));
    assert!(desk.values().is_empty());
    desk.needed = vec![true; 4];
    insta::assert_snapshot!(desk.refused(), @r"the source of `things` does not give `more`");
}

#[test]
fn a_format_that_is_none_is_refused() {
    let mut desk = Desk::new(&[("at", "instant")]).file("x.csv", "at\n");
    desk.mapping.format = vec!["%Q".to_owned()];
    insta::assert_snapshot!(desk.refused(), @r"`%Q`, the format of `at`, is not a strftime pattern");
}
