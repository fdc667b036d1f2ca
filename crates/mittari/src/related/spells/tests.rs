//! Tests of spells: what they are put together to, and what is left of working time.

use arrow_array::{BooleanArray, Int64Array};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{Seen, Spells};
use crate::calendar::{Calendar, CalendarRules, Hours};
use crate::zone::{DAY, HOUR, SECOND};

const MINUTE: i64 = 60 * SECOND;

fn spells(rows: &[(u32, Option<i64>, Option<i64>)], as_of: i64) -> Spells {
    let mut seen = Seen::default();
    let keys: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let from: Int64Array = rows.iter().map(|row| row.1).collect();
    let until: Int64Array = rows.iter().map(|row| row.2).collect();
    seen.take(&keys, None, (&from, &until));
    Spells::of(vec![seen], 8, Some(as_of))
}

/// Helsinki, Monday to Friday 08-16.
fn desk() -> Calendar {
    let mut rules = CalendarRules::closed(Tz::Europe__Helsinki);
    for weekday in &mut rules.weekly[..5] {
        *weekday = vec![Hours::new(8 * 3_600, 16 * 3_600)];
    }
    Calendar::new(&rules).unwrap()
}

#[test]
fn spells_that_meet_are_one_and_keys_stay_apart() {
    let rows = [
        (1, Some(30), Some(40)),
        (0, Some(10), Some(20)),
        (1, Some(10), Some(30)),
        (1, Some(12), Some(15)),
        (1, Some(50), None),
        (2, None, Some(7)),
        (2, Some(8), Some(8)),
    ];
    let spells = spells(&rows, 60);
    assert_eq!(spells.of_key(Some(0)), Some(&[(10, 20)][..]));
    assert_eq!(spells.of_key(Some(1)), Some(&[(10, 40), (50, 60)][..]));
    assert_eq!(spells.of_key(Some(2)), Some(&[][..]));
    assert_eq!(spells.of_key(Some(5)), Some(&[][..]));
    assert_eq!(spells.of_key(None), Some(&[][..]));
}

#[test]
fn a_spell_that_ends_before_it_begins_is_a_fault_of_its_key_alone() {
    let spells = spells(&[(1, Some(20), Some(10)), (3, Some(1), Some(2))], 60);
    assert_eq!(spells.of_key(Some(1)), None);
    assert_eq!(spells.of_key(Some(3)), Some(&[(1, 2)][..]));
}

#[test]
fn only_rows_that_surely_pass_are_taken() {
    let mut seen = Seen::default();
    let times = Int64Array::from(vec![1, 3, 5]);
    let ends = Int64Array::from(vec![2, 4, 6]);
    let filter = BooleanArray::from(vec![Some(true), Some(false), None]);
    seen.take(&[0, 0, 0], Some(&filter), (&times, &ends));
    let spells = Spells::of(vec![seen], 1, None);
    assert_eq!(spells.of_key(Some(0)), Some(&[(1, 2)][..]));
}

proptest! {
    /// What is spent and what is paused inside the hours are together the working time,
    /// however pauses overlap, and whichever worker saw which of them.
    #[test]
    fn time_spent_and_time_paused_are_all_working_time(
        start in 0..400 * 24 * 60_i64,
        length in 0..20 * 24 * 60_i64,
        pauses in prop::collection::vec(
            (-3_000..30_000_i64, prop::option::of(0..5_000_i64)), 0..12
        ),
        split in 0..12_usize,
    ) {
        let origin = 20_454 * DAY; // 2026-01-01
        let (from, until) = (origin + start * MINUTE, origin + (start + length) * MINUTE);
        let as_of = until + 24 * HOUR;
        let rows: Vec<(u32, Option<i64>, Option<i64>)> = pauses
            .iter()
            .map(|(ahead, length)| {
                let begin = from + ahead * MINUTE;
                (0, Some(begin), length.map(|length| begin + length * MINUTE))
            })
            .collect();
        let whole = spells(&rows, as_of);
        let split = split.min(rows.len());
        let parts = [&rows[split..], &rows[..split]].map(|rows| {
            let mut seen = Seen::default();
            let keys = vec![0; rows.len()];
            let ends: (Int64Array, Int64Array) = (
                rows.iter().map(|row| row.1).collect(),
                rows.iter().map(|row| row.2).collect(),
            );
            seen.take(&keys, None, (&ends.0, &ends.1));
            seen
        });
        let divided = Spells::of(parts.into(), 1, Some(as_of));
        let own = whole.of_key(Some(0)).unwrap();
        prop_assert_eq!(own, divided.of_key(Some(0)).unwrap());
        let calendar = desk();
        let spent = calendar.working_time_less(from, until, own).unwrap();
        // Minute by minute, which pause it lies in does not matter.
        let mut paused = 0;
        let mut minute = from;
        while minute < until {
            let inside = rows.iter().any(|(_, begin, end)| {
                let end = end.unwrap_or(as_of);
                begin.is_some_and(|begin| begin <= minute && minute < end)
            });
            if inside && calendar.inside(minute).unwrap() {
                paused += MINUTE;
            }
            minute += MINUTE;
        }
        prop_assert_eq!(spent + paused, calendar.working_time(from, until).unwrap());
    }
}
