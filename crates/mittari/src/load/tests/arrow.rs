//! Rows the caller has in memory are cast from any sensible type.

use std::sync::Arc;

use arrow_array::types::{Int8Type, UInt64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray,
    DurationSecondArray, Float32Array, Float64Array, Int16Array, Int64Array,
    LargeStringArray, ListArray, PrimitiveArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampNanosecondArray,
    TimestampSecondArray,
};

use super::desk::Desk;
use crate::dataset::TableInput;
use crate::fault::ScanError;

fn batch(array: ArrayRef) -> TableInput {
    let batch = RecordBatch::try_from_iter([("x", array)]).unwrap();
    TableInput::Batches(vec![batch.clone(), batch])
}

/// What a column of a kind makes of an array.
fn read(kind: &str, array: ArrayRef) -> Vec<String> {
    let desk = Desk::new(&[("x", kind)]);
    let n_rows = array.len();
    let (rows, report) = desk.scan_input(&batch(array)).unwrap();
    assert_eq!(report.rows_kept, 2 * n_rows as u64);
    rows.into_iter().take(n_rows).map(|(_, values)| values[0].clone()).collect()
}

#[test]
fn texts_of_every_arrow_type() {
    let texts = [Some("red"), None, Some("blue")];
    let arrays: [ArrayRef; 4] = [
        Arc::new(StringArray::from_iter(texts)),
        Arc::new(LargeStringArray::from_iter(texts)),
        Arc::new(StringViewArray::from_iter(texts)),
        Arc::new(DictionaryArray::<Int8Type>::from_iter(texts)),
    ];
    for array in arrays {
        assert_eq!(read("text", Arc::clone(&array)), ["red", "-", "blue"]);
        assert_eq!(read("category", array), ["0", "-", "2"]);
    }
}

#[test]
fn instants_and_days() {
    let seconds = TimestampSecondArray::from(vec![Some(1), None]);
    assert_eq!(read("instant", Arc::new(seconds)), ["1000000", "-"]);
    let nanos = TimestampNanosecondArray::from(vec![-1]).with_timezone("Europe/Helsinki");
    assert_eq!(read("instant", Arc::new(nanos)), ["-1"]);
    assert_eq!(read("instant", Arc::new(Date32Array::from(vec![1]))), ["86400000000"]);
    assert_eq!(read("day", Arc::new(Date32Array::from(vec![1]))), ["1"]);
    assert_eq!(read("day", Arc::new(Date64Array::from(vec![-1]))), ["-1"]);
    assert_eq!(read("day", Arc::new(TimestampMicrosecondArray::from(vec![-1]))), ["-1"]);
    assert_eq!(
        read("instant", Arc::new(StringArray::from(vec!["1970-01-01T00:00:00"]))),
        ["0"]
    );
}

#[test]
fn numbers_durations_and_money() {
    assert_eq!(
        read("number", Arc::new(Int16Array::from(vec![Some(-3), None]))),
        ["-3", "-"]
    );
    assert_eq!(read("number", Arc::new(Float32Array::from(vec![0.5]))), ["0.5"]);
    assert_eq!(read("number", Arc::new(StringArray::from(vec!["7"]))), ["7"]);
    assert_eq!(
        read("truth", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ["true", "-"]
    );
    let seconds = DurationSecondArray::from(vec![90]);
    assert_eq!(read("duration", Arc::new(seconds)), ["90000000"]);
    // The vocabulary of the test says that numbers are seconds.
    assert_eq!(read("duration", Arc::new(Int64Array::from(vec![90]))), ["90000000"]);
    assert_eq!(read("duration", Arc::new(Float64Array::from(vec![0.1]))), ["100000"]);
    let cents =
        Decimal128Array::from(vec![1_234]).with_precision_and_scale(10, 2).unwrap();
    assert_eq!(read("money", Arc::new(cents.clone())), ["12340000"]);
    assert_eq!(read("number", Arc::new(cents)), ["12.34"]);
    assert_eq!(read("money", Arc::new(Float64Array::from(vec![0.29]))), ["290000"]);
}

#[test]
fn what_does_not_fit_is_a_fault_of_its_row() {
    let faults = |kind: &str, array: ArrayRef| {
        let desk = Desk::new(&[("x", kind)]);
        match desk.scan_input(&batch(array)) {
            Err(ScanError::BadRows(report)) => desk.told(&report),
            other => panic!("{other:?}"),
        }
    };
    let arrays: [(&str, ArrayRef); 6] = [
        ("number", Arc::new(Float64Array::from(vec![1.0, f64::NAN]))),
        ("instant", Arc::new(TimestampSecondArray::from(vec![0, i64::MAX]))),
        ("duration", Arc::new(Int64Array::from(vec![0, i64::MAX]))),
        ("duration", Arc::new(PrimitiveArray::<UInt64Type>::from(vec![0, u64::MAX]))),
        ("category", Arc::new(DictionaryArray::<Int8Type>::from_iter(["red", "pink"]))),
        ("money", Arc::new(Float64Array::from(vec![0.0, 1e300]))),
    ];
    let told: Vec<String> =
        arrays.into_iter().flat_map(|(kind, array)| faults(kind, array)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
batches, row 2, `x`: expected a number, found `NaN`
batches, row 4, `x`: expected a number, found `NaN`
batches, row 2, `x`: expected a time as `2026-01-31T08:00:00`, found ``
batches, row 4, `x`: expected a time as `2026-01-31T08:00:00`, found ``
batches, row 2, `x`: expected a length of time in s, found `9223372036854775807`
batches, row 4, `x`: expected a length of time in s, found `9223372036854775807`
batches, row 2, `x`: expected a length of time in s, found `18446744073709551615`
batches, row 4, `x`: expected a length of time in s, found `18446744073709551615`
batches, row 2, `x`: expected one of `red`, `green`, `blue`, found `pink`
batches, row 4, `x`: expected one of `red`, `green`, `blue`, found `pink`
batches, row 2, `x`: expected an amount of EUR with at most six decimals, found `1e300`
batches, row 4, `x`: expected an amount of EUR with at most six decimals, found `1e300`
");
}

#[test]
fn a_column_is_missed_only_where_it_is_needed() {
    let mut desk = Desk::new(&[("x", "text"), ("y", "text")]);
    let input = batch(Arc::new(StringArray::from(vec!["a"])));
    let error = desk.scan_input(&input).unwrap_err().to_string();
    assert_eq!(error, "the source of `things` does not give `y`");
    desk.needed = vec![true, false];
    assert_eq!(desk.scan_input(&input).unwrap().0.len(), 2);
    assert!(desk.scan_input(&TableInput::Batches(Vec::new())).unwrap().0.is_empty());
}

#[test]
fn a_list_is_no_value() {
    let list = ListArray::from_iter_primitive::<UInt64Type, _, _>([Some(vec![Some(1)])]);
    let desk = Desk::new(&[("x", "number")]);
    let error = desk.scan_input(&batch(Arc::new(list))).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "`batches`, `x`: expected a number, found a column of type `List"
        )
    );
}
