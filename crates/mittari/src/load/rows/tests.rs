//! Rows are divided as the `csv` crate divides them, save what it lets pass.

use proptest::prelude::*;

use super::*;
use crate::load::cuts::{Cut, ends_open, first_cut, last_cut};

const COMMA: Signs = Signs { delimiter: b',', quote: Some(b'"') };

fn divided(text: &str, width: usize) -> (Vec<Vec<String>>, Rows) {
    let mut bytes = text.as_bytes().to_vec();
    let marker = scrub(&mut bytes);
    let mut rows = Rows::default();
    divide(&mut bytes, COMMA, width, marker, &mut rows);
    let text = String::from_utf8(bytes).unwrap();
    let fields = (0..rows.len())
        .map(|row| {
            (0..width).map(|at| rows.field(text.as_bytes(), row, at).to_owned()).collect()
        })
        .collect();
    (fields, rows)
}

#[test]
fn plain_lines() {
    let (fields, rows) = divided("a,b\r\n,\n\nc,\r\n", 2);
    assert_eq!(fields, [["a", "b"], ["", ""], ["c", ""]]);
    assert_eq!((0..3).map(|row| rows.line_of(row)).collect::<Vec<_>>(), [0, 1, 3]);
    assert_eq!(rows.n_lines, 4);
}

#[test]
fn quotes_hide_delimiters_and_line_ends() {
    let (fields, rows) = divided("\"a,\"\"b\"\"\n\",c\r\nd\"e,\"\"\r\nf,\"g\"\n", 2);
    assert_eq!(fields, [["a,\"b\"\n", "c"], ["d\"e", ""], ["f", "g"]]);
    assert_eq!((0..3).map(|row| rows.line_of(row)).collect::<Vec<_>>(), [0, 2, 3]);
}

#[test]
fn a_lost_delimiter_is_a_flaw_and_not_a_shift() {
    for text in ["a,b\nc d\ne,f\ng,h,i\nj,k\n", "\"a\",b\nc d\ne,f\ng,h,\"i\"\nj,k\n"] {
        let (fields, rows) = divided(text, 2);
        assert_eq!(fields, [["a", "b"], ["e", "f"], ["j", "k"]]);
        let flaws: Vec<_> = rows.flaws.iter().map(|f| (f.line, f.kind)).collect();
        assert_eq!(flaws, [(1, FaultKind::Fields), (3, FaultKind::Fields)]);
        assert_eq!(rows.flaws[0].text, "c d");
        assert_eq!(rows.line_of(2), 4);
    }
}

#[test]
fn text_behind_a_closing_quote_is_a_flaw() {
    let (fields, rows) = divided("\"a\"b,c\n\"d\",e\n", 2);
    assert_eq!(fields, [["d", "e"]]);
    assert_eq!((rows.flaws[0].kind, rows.flaws[0].line), (FaultKind::Quoting, 0));
    assert_eq!(rows.line_of(0), 1);
}

#[test]
fn bad_characters_are_flaws_of_their_rows_alone() {
    let mut bytes = b"a,b\nc,\xff\xfed\n\0,e\nf,\x1a\n".to_vec();
    let marker = scrub(&mut bytes);
    let mut rows = Rows::default();
    divide(&mut bytes, COMMA, 2, marker, &mut rows);
    assert_eq!(rows.len(), 2);
    let lines: Vec<_> = rows.flaws.iter().map(|flaw| flaw.line).collect();
    assert_eq!(lines, [1, 2]);
    assert_eq!(rows.line_of(1), 3);
}

#[test]
fn an_open_quote_is_told() {
    assert!(ends_open(b"a,\"b\n", COMMA));
    assert!(!ends_open(b"a,b\"c\n", COMMA));
    assert_eq!(last_cut(b"\"a\nb", COMMA), Cut::Nowhere { open: true });
    assert_eq!(last_cut(b"a\nb,\"c\nd", COMMA), Cut::At(2));
    assert_eq!(first_cut(b"\"a\n\"\nb\n", COMMA), Cut::At(5));
}

fn records() -> impl Strategy<Value = Vec<Vec<String>>> {
    let field = "[a-c,\"\n\r ä]{0,6}";
    proptest::collection::vec(proptest::collection::vec(field, 3), 0..12)
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_back(records in records(), crlf: bool) {
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
        for record in &records {
            writer.write_record(record).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (fields, rows) = divided(&text, 3);
        prop_assert!(rows.flaws.is_empty());
        prop_assert_eq!(fields, records);
        prop_assert_eq!(rows.n_lines as usize, text.matches('\n').count());
        let whole = last_cut(text.as_bytes(), COMMA);
        prop_assert!(text.is_empty() || whole == Cut::At(text.len()));
    }

    #[test]
    fn nothing_is_lost_or_read_out_of_bounds(text in "[a,\"\n\r\u{0}ä]{0,40}") {
        let text = format!("{text}\n");
        let (fields, rows) = divided(&text, 2);
        prop_assert_eq!(fields.len(), rows.len());
        if !ends_open(text.as_bytes(), COMMA) {
            prop_assert_eq!(rows.n_lines as usize, text.matches('\n').count());
            prop_assert_eq!(last_cut(text.as_bytes(), COMMA), Cut::At(text.len()));
        }
    }
}

proptest! {
    #[test]
    fn dense_rows_are_those_of_any_lines(
        lines in proptest::collection::vec(proptest::collection::vec("[a-zé\r]{0,9}", 3), 0..40),
        windows in proptest::bool::ANY,
        odd in "(|a\n|\n|\"x\",y,z\n|a,b,c\r\n)",
    ) {
        let end = if windows { "\r\n" } else { "\n" };
        let lines: String = lines.iter().map(|line| line.join(",") + end).collect();
        let text = lines + &odd;
        let mut dense = Rows::default();
        if !text.contains('"') && dense.divide_dense(text.as_bytes(), b',', 3) {
            let (fields, rows) = divided(&text, 3);
            let found: Vec<Vec<String>> = (0..dense.len())
                .map(|row| (0..3).map(|at| dense.field(text.as_bytes(), row, at).to_owned()).collect())
                .collect();
            prop_assert_eq!(found, fields);
            prop_assert_eq!(dense.n_lines, rows.n_lines);
        } else {
            prop_assert!(!odd.is_empty() || text.contains('\r'));
        }
    }
}
