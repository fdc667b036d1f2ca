//! A few rows of the small desk, with hard values.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DurationMicrosecondArray,
    Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};

const DAY: i64 = 86_400_000_000;
/// 2026-01-01T09:00Z.
const NOW: i64 = 1_767_258_000_000_000;
/// 2026-03-29T01:00Z: clocks go forward in Helsinki.
const CHANGE: i64 = 1_774_746_000_000_000;

/// A few tickets: ordinary ones, missing values, ends of ranges.
///
/// # Panics
///
/// The columns are of different lengths, which they are not.
pub fn tickets() -> RecordBatch {
    let columns = instants().into_iter().chain(words()).chain(amounts());
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

type Column = (&'static str, ArrayRef);

fn instants() -> Vec<Column> {
    let opened = [
        Some(NOW),
        Some(NOW + DAY),
        None,
        Some(NOW + 31 * DAY),
        Some(CHANGE),
        Some(CHANGE + 1),
    ];
    let resolved = [
        Some(NOW + DAY),
        Some(NOW),
        Some(NOW + 8 * DAY),
        None,
        Some(CHANGE),
        Some(CHANGE + 1),
    ];
    let column = |values: [Option<i64>; 6]| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from(values.to_vec()))
    };
    let day = Date32Array::from(vec![Some(20_454), None, Some(0), Some(-1), None, None]);
    vec![
        ("opened_at", column(opened)),
        ("resolved_at", column(resolved)),
        ("promised_at", column(resolved)),
        ("day", Arc::new(day)),
    ]
}

fn words() -> Vec<Column> {
    let column = |values: [Option<&str>; 6]| -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    };
    let key = StringArray::from_iter_values(["1", "2", "3", "4", "5", "6"]);
    let kind = [Some("incident"), None, Some("request"), Some("incident"), None, None];
    let priority = [Some("P1"), Some("P2"), None, Some("P1"), Some("P2"), Some("P2")];
    let subject = [Some("a"), Some("ab"), Some(""), None, Some("a"), Some("\u{e4}")];
    vec![
        ("ticket_id", Arc::new(key)),
        ("type", column(kind)),
        ("priority", column(priority)),
        ("subject", column(subject)),
    ]
}

fn amounts() -> Vec<Column> {
    let waited =
        [Some(0), Some(i64::MAX), Some(i64::MAX), None, Some(-1), Some(5_000_000)];
    let cost =
        Decimal128Array::from(vec![Some(1_i128), None, Some(-7), Some(0), None, None]);
    let cost = cost.with_precision_and_scale(12, 2).expect("twelve digits");
    let number = [Some(1e308), Some(-1e308), Some(0.1), None, Some(0.0), Some(-0.0)];
    let again = [Some(true), None, None, Some(false), None, None];
    vec![
        ("waited", Arc::new(DurationMicrosecondArray::from(waited.to_vec()))),
        ("cost", Arc::new(cost)),
        ("count_of", Arc::new(Float64Array::from(number.to_vec()))),
        ("reopened", Arc::new(BooleanArray::from(again.to_vec()))),
    ]
}
