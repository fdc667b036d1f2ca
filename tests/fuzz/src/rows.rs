//! A few rows of the small desk, with hard values.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DurationMicrosecondArray,
    Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};

/// A few tickets: ordinary ones, missing values, ends of ranges.
///
/// # Panics
///
/// The columns are of different lengths, which they are not.
pub fn tickets() -> RecordBatch {
    const DAY: i64 = 86_400_000_000;
    let opened = [
        Some(1_767_258_000_000_000),
        Some(1_767_258_000_000_000 + DAY),
        None,
        Some(1_769_936_400_000_000),
        Some(1_774_760_400_000_000),
        Some(1_774_764_000_000_001),
    ];
    let resolved = [
        Some(1_767_268_000_000_000),
        Some(1_767_258_000_000_000),
        Some(1_767_958_000_000_000),
        None,
        Some(1_774_764_000_000_000),
        Some(1_774_764_000_000_001),
    ];
    let columns: [(&str, ArrayRef); 12] = [
        (
            "ticket_id",
            Arc::new(StringArray::from_iter_values(["1", "2", "3", "4", "5", "6"])),
        ),
        (
            "type",
            texts([
                Some("incident"),
                None,
                Some("request"),
                Some("incident"),
                None,
                None,
            ]),
        ),
        (
            "priority",
            texts([Some("P1"), Some("P2"), None, Some("P1"), Some("P2"), Some("P2")]),
        ),
        ("opened_at", Arc::new(TimestampMicrosecondArray::from(opened.to_vec()))),
        ("resolved_at", Arc::new(TimestampMicrosecondArray::from(resolved.to_vec()))),
        ("promised_at", Arc::new(TimestampMicrosecondArray::from(resolved.to_vec()))),
        (
            "day",
            Arc::new(Date32Array::from(vec![
                Some(20_454),
                None,
                Some(0),
                Some(-1),
                None,
                None,
            ])),
        ),
        (
            "waited",
            Arc::new(DurationMicrosecondArray::from(vec![
                Some(0),
                Some(i64::MAX),
                Some(i64::MAX),
                None,
                Some(-1),
                Some(5_000_000),
            ])),
        ),
        (
            "cost",
            Arc::new(
                Decimal128Array::from(vec![
                    Some(1_i128),
                    None,
                    Some(-7),
                    Some(0),
                    None,
                    None,
                ])
                .with_precision_and_scale(12, 2)
                .expect("twelve digits"),
            ),
        ),
        (
            "count_of",
            Arc::new(Float64Array::from(vec![
                Some(1e308),
                Some(-1e308),
                Some(0.1),
                None,
                Some(0.0),
                Some(-0.0),
            ])),
        ),
        (
            "reopened",
            Arc::new(BooleanArray::from(vec![
                Some(true),
                None,
                None,
                Some(false),
                None,
                None,
            ])),
        ),
        ("subject", texts([Some("a"), Some("ab"), Some(""), None, Some("a"), Some("ä")])),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn texts(values: [Option<&str>; 6]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}
