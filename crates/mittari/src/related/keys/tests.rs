//! Tests of keys: equal keys have one number, whichever worker saw them.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int32Array};
use mittari_lang::types::{Kind, SetId};
use proptest::prelude::*;

use super::{Keys, NO_KEY};

/// A text, a category and a number, each of which may be missing.
type Row = (Option<u8>, Option<i32>, Option<i32>);

fn columns(rows: &[Row]) -> Vec<ArrayRef> {
    let texts: Vec<Option<String>> =
        rows.iter().map(|row| row.0.map(|text| format!("text {text}"))).collect();
    let texts: DictionaryArray<Int32Type> = texts.iter().map(Option::as_deref).collect();
    let categories: Int32Array = rows.iter().map(|row| row.1).collect();
    // A zero with a sign is zero.
    let number = |value: i32| if value == 0 { -0.0 } else { f64::from(value) / 2.0 };
    let numbers: Float64Array = rows.iter().map(|row| row.2.map(number)).collect();
    vec![Arc::new(texts), Arc::new(categories), Arc::new(numbers)]
}

fn kinds() -> Vec<Kind> {
    vec![Kind::Text, Kind::Category(SetId(0)), Kind::Number]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        prop::option::weighted(0.9, 0..4_u8),
        prop::option::weighted(0.9, -2..3_i32),
        prop::option::weighted(0.9, -1..2_i32),
    );
    prop::collection::vec(row, 0..40)
}

fn is_whole(row: &Row) -> bool {
    row.0.is_some() && row.1.is_some() && row.2.is_some()
}

proptest! {
    #[test]
    fn equal_keys_have_one_number_whoever_saw_them(rows in rows(), split in 0..40_usize) {
        let (first, second) = rows.split_at(split.min(rows.len()));
        let mut all = Keys::new(kinds());
        let mut numbers = Vec::new();
        for part in [second, first] {
            let mut own = Keys::new(kinds());
            let local = own.number(&columns(part)).unwrap();
            let map = all.absorb(&own);
            let global =
                local.iter().map(|n| map.get(*n as usize).copied().unwrap_or(NO_KEY));
            numbers.push(global.collect::<Vec<_>>());
        }
        let numbers: Vec<u32> = numbers.into_iter().rev().flatten().collect();
        prop_assert_eq!(&numbers, &all.find(&columns(&rows)).unwrap());
        for (row, number) in rows.iter().zip(&numbers) {
            prop_assert_eq!(is_whole(row), *number != NO_KEY);
            for (other, own) in rows.iter().zip(&numbers) {
                prop_assert_eq!(is_whole(row) && row == other, *number != NO_KEY && number == own);
            }
        }
        let mut different: Vec<Row> = rows.into_iter().filter(is_whole).collect();
        different.sort_unstable();
        different.dedup();
        prop_assert_eq!(all.len(), different.len());
    }

    #[test]
    fn a_single_text_is_numbered_as_it_is(rows in rows()) {
        let texts: Vec<ArrayRef> = columns(&rows).into_iter().take(1).collect();
        let mut keys = Keys::new(vec![Kind::Text]);
        let numbers = keys.number(&texts).unwrap();
        prop_assert_eq!(&numbers, &keys.find(&texts).unwrap());
        for (row, number) in rows.iter().zip(&numbers) {
            let same = rows.iter().position(|other| other.0 == row.0);
            prop_assert_eq!(row.0.is_none(), *number == NO_KEY);
            prop_assert_eq!(same.and_then(|at| numbers.get(at)), Some(number));
        }
    }
}

#[test]
fn a_key_nobody_has_is_not_found() {
    let mut keys = Keys::new(kinds());
    keys.number(&columns(&[(Some(1), Some(1), Some(1))])).unwrap();
    let others = [(Some(2), Some(1), Some(1)), (Some(1), Some(-1), Some(1))];
    assert_eq!(keys.find(&columns(&others)).unwrap(), [NO_KEY, NO_KEY]);
}
