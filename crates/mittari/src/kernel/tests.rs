//! Kernels against a plain reading of what they mean, value by value.

use std::sync::atomic::AtomicU64;

use arrow_array::{Array as _, BooleanArray, Float64Array, Int32Array, Int64Array};
use mittari_lang::builtin::Builtin;
use mittari_lang::typed::Edition;
use mittari_lang::types::{Kind, SetId};
use mittari_lang::value::{Currency, Decimal, Value};
use proptest::prelude::*;

use super::number::Operand;
use super::{choose, compare, logic, number, text, time};
use crate::calendar::{Calendar, CalendarRules};
use crate::error::RunError;
use crate::vector::{TextArray, Vector, downcast};
use crate::zone::ZoneTable;

fn truths(list: Vec<Option<bool>>) -> Vector {
    Vector::array(BooleanArray::from(list))
}

fn wholes(list: Vec<Option<i64>>) -> Vector {
    Vector::array(Int64Array::from(list))
}

fn numbers(list: Vec<Option<f64>>) -> Vector {
    Vector::array(Float64Array::from(list))
}

fn as_truths(vector: Vector, n: usize) -> Vec<Option<bool>> {
    let rows = vector.into_rows(Kind::Truth, n).unwrap();
    downcast::<BooleanArray>(&rows).unwrap().iter().collect()
}

fn as_wholes(vector: Vector, n: usize) -> Vec<Option<i64>> {
    let rows = vector.into_rows(Kind::Duration, n).unwrap();
    downcast::<Int64Array>(&rows).unwrap().iter().collect()
}

fn as_numbers(vector: Vector, n: usize) -> Vec<Option<f64>> {
    let rows = vector.into_rows(Kind::Number, n).unwrap();
    downcast::<Float64Array>(&rows).unwrap().iter().collect()
}

fn truth_of(vector: &Vector, row: usize) -> Option<bool> {
    match vector {
        Vector::Scalar(Value::Truth(truth)) => Some(*truth),
        Vector::Scalar(_) => None,
        Vector::Array(array) => {
            let truths = downcast::<BooleanArray>(array).unwrap();
            truths.is_valid(row).then(|| truths.value(row))
        }
    }
}

fn a_truth_vector(n: usize) -> impl Strategy<Value = Vector> {
    prop_oneof![
        proptest::collection::vec(any::<Option<bool>>(), n).prop_map(truths),
        any::<Option<bool>>()
            .prop_map(|t| Vector::Scalar(t.map_or(Value::Missing, Value::Truth))),
    ]
}

type Plain = fn(&i64, &i64) -> bool;

proptest! {
    #[test]
    fn and_and_or_follow_the_three_valued_tables(
        operands in proptest::collection::vec(a_truth_vector(5), 1..5)
    ) {
        let (and, or) = (logic::and(&operands).unwrap(), logic::or(&operands).unwrap());
        for row in 0..5 {
            let own: Vec<_> = operands.iter().map(|operand| truth_of(operand, row)).collect();
            let wanted = if own.contains(&Some(false)) { Some(false) }
                else if own.contains(&None) { None } else { Some(true) };
            prop_assert_eq!(truth_of(&and, row), wanted);
            let wanted = if own.contains(&Some(true)) { Some(true) }
                else if own.contains(&None) { None } else { Some(false) };
            prop_assert_eq!(truth_of(&or, row), wanted);
        }
    }

    #[test]
    fn comparisons_of_instants_are_those_of_their_microseconds(
        a in proptest::collection::vec(any::<Option<i64>>(), 6),
        b in proptest::collection::vec(any::<Option<i64>>(), 6),
    ) {
        let ops: [(Builtin, Plain); 6] = [
            (Builtin::Equal, |a, b| a == b), (Builtin::NotEqual, |a, b| a != b),
            (Builtin::Less, |a, b| a < b), (Builtin::LessOrEqual, |a, b| a <= b),
            (Builtin::Greater, |a, b| a > b), (Builtin::GreaterOrEqual, |a, b| a >= b),
        ];
        for (op, plain) in ops {
            let found =
                compare::compare(op, Kind::Instant, &wholes(a.clone()), &wholes(b.clone()));
            let wanted: Vec<_> =
                a.iter().zip(&b).map(|(a, b)| Some(plain(&(*a)?, &(*b)?))).collect();
            prop_assert_eq!(as_truths(found.unwrap(), 6), wanted);
        }
    }

    #[test]
    fn whole_sums_are_exact_or_refused(a in any::<i64>(), b in any::<i64>()) {
        let (left, right) = (wholes(vec![Some(a)]), wholes(vec![Some(b)]));
        let operand = |values| Operand { values, kind: Kind::Duration };
        let found = number::arithmetic(Builtin::Add, operand(&left), operand(&right), 1);
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(as_wholes(found.unwrap(), 1), vec![Some(sum)]);
        } else {
            prop_assert_eq!(found.unwrap_err(), RunError::Overflow);
        }
    }

    #[test]
    fn floor_gives_the_multiple_below(a in -1_000_000_i64..1_000_000, b in 1_i64..1_000) {
        let (left, right) = (wholes(vec![Some(a)]), wholes(vec![Some(b)]));
        let operand = |values| Operand { values, kind: Kind::Duration };
        let found = as_wholes(number::floor(operand(&left), operand(&right), 1).unwrap(), 1);
        let floor = found[0].unwrap();
        prop_assert!(floor <= a && a - floor < b && floor % b == 0);
    }
}

#[test]
fn a_division_by_zero_has_no_value() {
    let left = numbers(vec![Some(1.0), Some(0.0), Some(3.0), None]);
    let right = numbers(vec![Some(0.0), Some(0.0), Some(2.0), Some(1.0)]);
    let operand = |values| Operand { values, kind: Kind::Number };
    let found = number::arithmetic(Builtin::Divide, operand(&left), operand(&right), 4);
    assert_eq!(as_numbers(found.unwrap(), 4), [None, None, Some(1.5), None]);
}

#[test]
fn durations_are_scaled_by_numbers_and_compared_as_quotients() {
    let hours = wholes(vec![Some(3_600_000_000), None]);
    let half = Vector::Scalar(Value::Number(Decimal { mantissa: 5, scale: 1 }));
    let duration = |values| Operand { values, kind: Kind::Duration };
    let bare = Operand { values: &half, kind: Kind::Bare };
    let found = number::arithmetic(Builtin::Multiply, bare, duration(&hours), 2).unwrap();
    assert_eq!(as_wholes(found, 2), [Some(1_800_000_000), None]);
    let found = number::arithmetic(Builtin::Divide, duration(&hours), bare, 2).unwrap();
    assert_eq!(as_wholes(found, 2), [Some(7_200_000_000), None]);
    let whole = Vector::Scalar(Value::Duration(7_200_000_000));
    let found =
        number::arithmetic(Builtin::Divide, duration(&hours), duration(&whole), 2)
            .unwrap();
    assert_eq!(as_numbers(found, 2), [Some(0.5), None]);
}

#[test]
fn minus_nothing_is_nothing() {
    let zero = numbers(vec![Some(0.0), Some(2.0)]);
    let found = number::negate(Operand { values: &zero, kind: Kind::Number }, 2).unwrap();
    let found = as_numbers(found, 2);
    assert_eq!(found[0].unwrap().to_bits(), 0.0_f64.to_bits());
    assert_eq!(found[1], Some(-2.0));
}

#[test]
fn a_text_is_looked_at_once_for_all_rows_that_have_it() {
    let column: TextArray =
        [Some("DESK-1"), None, Some("NET"), Some("DESK-1")].into_iter().collect();
    let column = Vector::array(column);
    let asked = std::cell::Cell::new(0);
    let found = text::ask(&column, |own| {
        asked.set(asked.get() + 1);
        own.starts_with("DESK-")
    });
    assert_eq!(as_truths(found.unwrap(), 4), [Some(true), None, Some(false), Some(true)]);
    assert_eq!(asked.get(), 2);
    let list = ["NET", "x"].map(|text| Vector::Scalar(Value::Text(text.to_owned())));
    let found = compare::is_in(Kind::Text, &column, &list).unwrap();
    assert_eq!(as_truths(found, 4), [Some(false), None, Some(true), Some(false)]);
}

#[test]
fn the_first_true_branch_is_taken_and_an_unknown_one_is_not() {
    let when = truths(vec![Some(true), Some(false), None]);
    let then = wholes(vec![Some(1), Some(2), Some(3)]);
    let otherwise = Vector::Scalar(Value::Missing);
    let found = choose::case(&[(when, then)], &otherwise, Kind::Duration, 3).unwrap();
    assert_eq!(as_wholes(found, 3), [Some(1), None, None]);
    let operands =
        [wholes(vec![None, Some(5), None]), Vector::Scalar(Value::Duration(9))];
    let found = choose::or_else(&operands, Kind::Duration, 3).unwrap();
    assert_eq!(as_wholes(found, 3), [Some(9), Some(5), Some(9)]);
}

#[test]
fn a_dated_table_finds_the_edition_in_force() {
    let priority = Vector::array(Int32Array::from(vec![Some(0), Some(1), Some(0), None]));
    let at = wholes(vec![Some(50), Some(100), Some(100), Some(100)]);
    let edition = |since, p1, p2| Edition {
        since: Some(since),
        rows: vec![
            (vec![Value::Category(0)], Value::Duration(p1)),
            (vec![Value::Category(1)], Value::Duration(p2)),
        ],
        otherwise: Value::Missing,
    };
    let editions = [edition(10, 4, 8), edition(100, 2, 8)];
    let keys = [(priority, Kind::Category(SetId(0)))];
    let found =
        choose::look_up(&keys, Some((&at, Kind::Instant)), &editions, Kind::Duration, 4)
            .unwrap();
    assert_eq!(as_wholes(found, 4), [Some(4), Some(8), Some(2), None]);
    let early = wholes(vec![Some(9); 4]);
    let found = choose::look_up(
        &keys,
        Some((&early, Kind::Instant)),
        &editions,
        Kind::Duration,
        4,
    )
    .unwrap();
    assert_eq!(as_wholes(found, 4), [None; 4]);
}

#[test]
fn reversed_instants_have_no_working_time_and_are_counted() {
    let calendar = Calendar::new(&CalendarRules::always_open(chrono_tz::UTC)).unwrap();
    let reversed = AtomicU64::new(0);
    let from = wholes(vec![Some(0), Some(9), None]);
    let until = wholes(vec![Some(5), Some(3), Some(3)]);
    let hours = time::Hours::One(&calendar);
    let found = time::working_time(&from, &until, &hours, 3, &reversed).unwrap();
    assert_eq!(as_wholes(found, 3), [Some(5), None, None]);
    assert_eq!(reversed.into_inner(), 1);
}

#[test]
fn local_parts_of_an_instant_follow_the_zone() {
    let zone = ZoneTable::new(chrono_tz::Europe::Helsinki);
    // 2026-03-29T00:30:00Z is 02:30 on Sunday, before the clocks change.
    let at = wholes(vec![Some(1_774_744_200_000_000), None]);
    assert_eq!(as_numbers(time::hour(&at, &zone).unwrap(), 2), [Some(2.0), None]);
    let Vector::Array(days) = time::weekday(&at, &zone).unwrap() else {
        panic!("a column")
    };
    assert_eq!(downcast::<Int32Array>(&days).unwrap().value(0), 6);
}

#[test]
fn money_is_counted_in_millionths() {
    let amount = Value::Money(Decimal { mantissa: 1250, scale: 2 });
    let money = Kind::Money(Currency(*b"EUR"));
    let rows = Vector::Scalar(amount).into_rows(money, 2).unwrap();
    assert_eq!(downcast::<Int64Array>(&rows).unwrap().value(1), 12_500_000);
    let fine = Value::Money(Decimal { mantissa: 1, scale: 7 });
    assert_eq!(Vector::Scalar(fine).into_rows(money, 1).unwrap_err(), RunError::Overflow);
}
