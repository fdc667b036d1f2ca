//! Tests of rows by key and time: half-open, one or none, the earlier line first.

use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, Int32Array, Int64Array};
use mittari_lang::types::Kind;
use proptest::prelude::*;

use super::{Held, Seconds, Seen};
use crate::vector::{Vector, downcast};
use crate::zone::ZoneTable;

/// A key, from when and until when the row holds; its value is its place.
type Row = (u32, Option<i64>, Option<i64>);

fn held(rows: &[Row], split: usize) -> (Held, Seconds) {
    let parts = rows.split_at(split.min(rows.len()));
    let mut order = 0_u64;
    let seen = [parts.0, parts.1].map(|part| {
        let mut seen = Seen::default();
        let keys: Vec<u32> = part.iter().map(|row| row.0).collect();
        let from: Int64Array = part.iter().map(|row| row.1).collect();
        let until: Int64Array = part.iter().map(|row| row.2).collect();
        let own: Vec<u64> = (order..order + part.len() as u64).collect();
        let values: Int32Array =
            own.iter().map(|order| i32::try_from(*order).ok()).collect();
        order += part.len() as u64;
        let values: Vec<ArrayRef> = vec![Arc::new(values)];
        seen.take(&keys, own.into_iter(), Some((&from, &until)), values);
        seen
    });
    let zone = ZoneTable::shared(chrono_tz::Tz::UTC);
    Held::of(seen.into(), 4, Some(zone), &[Kind::Day]).unwrap()
}

fn found(held: &Held, key: i32, at: i64) -> Option<usize> {
    let at = Vector::array(Int64Array::from(vec![at]));
    let keys = Int32Array::from(vec![key]);
    let value = held.value(0, &keys, Some((&at, Kind::Instant))).unwrap();
    let value = downcast::<Int32Array>(&value).unwrap();
    value.is_valid(0).then(|| usize::try_from(value.value(0)).unwrap())
}

#[test]
fn a_row_holds_from_its_first_instant_until_before_its_end() {
    let rows = [(1, Some(10), Some(20)), (1, Some(20), None), (2, Some(5), Some(5))];
    let (held, seconds) = held(&rows, 1);
    assert_eq!(seconds, []);
    let at = |at| found(&held, 1, at);
    assert_eq!(
        [at(9), at(10), at(19), at(20), at(1_000)],
        [None, Some(0), Some(0), Some(1), Some(1)]
    );
    assert_eq!((found(&held, 2, 5), found(&held, 3, 5)), (None, None));
}

#[test]
fn a_row_that_never_began_never_held() {
    let (held, seconds) = held(&[(0, None, Some(9)), (0, Some(3), Some(9))], 0);
    assert_eq!((found(&held, 0, 2), found(&held, 0, 3)), (None, Some(1)));
    assert_eq!(seconds, []);
}

proptest! {
    /// Rows are taken in line by line; one that would be found beside one taken before
    /// is left out. What is found is what a search through all rows finds.
    #[test]
    fn what_is_found_is_what_a_search_finds(
        rows in prop::collection::vec(
            (0..3_u32, prop::option::weighted(0.9, 0..30_i64), prop::option::of(0..40_i64)),
            0..25,
        ),
        split in 0..25_usize,
    ) {
        let (held, seconds) = held(&rows, split);
        let mut kept: Vec<(usize, u32, i64, i64)> = Vec::new();
        let mut told = Vec::new();
        for (place, (key, from, until)) in rows.iter().enumerate() {
            let until = until.unwrap_or(i64::MAX);
            let Some(from) = from.filter(|from| *from < until) else { continue };
            let beside = |one: &&(usize, u32, i64, i64)| {
                one.1 == *key && one.2 < until && from < one.3
            };
            match kept.iter().find(beside) {
                Some(_) => told.push(place as u64),
                None => kept.push((place, *key, from, until)),
            }
        }
        prop_assert_eq!(seconds.iter().map(|one| one.0).collect::<Vec<_>>(), told);
        for key in 0..4 {
            for at in -1..42 {
                let expected = kept
                    .iter()
                    .find(|one| one.1 == key && one.2 <= at && at < one.3)
                    .map(|one| one.0);
                prop_assert_eq!(found(&held, key.cast_signed(), at), expected);
            }
        }
    }
}
