//! The values: nothing and zero, exactness, merging.

use std::collections::BTreeMap;

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::Form;
use mittari_lang::typed::{Across, Function};
use mittari_lang::types::{Kind, SetId, Unit};
use mittari_lang::value::{Currency, Decimal, Value};
use proptest::prelude::*;

use super::fixture::*;
use crate::gathered::{Key, Partial, State, Total};
use crate::plan::{CohortUse, FoldKind};
use crate::table::{RowState, SegmentValue};

fn sum_of(values: &[f64]) -> State {
    let (mut sum, mut squares) = (Total::default(), Total::default());
    for value in values {
        sum.add_real(*value).unwrap();
        squares.add_real(value * value).unwrap();
    }
    State::Sum(sum, Some(Box::new(squares)))
}

fn listed(values: impl IntoIterator<Item = i64>) -> State {
    State::Whole(Box::new(values.into_iter().collect()))
}

fn one(kind: FoldKind, function: Function, of: Kind) -> Desk {
    Desk::new(fold(0, function, of), vec![planned(kind, Some(of))])
}

fn january(desk: Desk, partial: Partial) -> (Option<f64>, RowState) {
    let rows = desk.with(0, &[], totals(5, vec![partial])).rows();
    (rows[0].value, rows[0].state)
}

#[test]
fn of_nothing_counts_are_zero_and_everything_else_has_no_data() {
    let kinds = [
        (FoldKind::Count, Function::Count, Some(0.0)),
        (FoldKind::Keys, Function::Distinct, Some(0.0)),
        (FoldKind::Yes, Function::Share, None),
        (FoldKind::Sum, Function::Sum, None),
        (FoldKind::Sum, Function::Mean, None),
        (FoldKind::Values, Function::Quantile(0.5), None),
        (FoldKind::Values, Function::NearestRank(0.9), None),
        (FoldKind::Extremes, Function::Min, None),
        (FoldKind::Extremes, Function::Max, None),
        (FoldKind::SumAndSquares, Function::Stddev, None),
    ];
    for (kind, function, expected) in kinds {
        let rows = one(kind, function, Kind::Number).rows();
        assert_eq!(rows.len(), 3, "a row a month, with or without data");
        for row in rows {
            let state =
                if expected.is_some() { RowState::Final } else { RowState::NoData };
            assert_eq!((row.value, row.state), (expected, state), "{function:?}");
            assert_eq!(row.display, if expected.is_some() { "0.0" } else { "\u{2013}" });
        }
    }
}

#[test]
fn any_division_by_zero_has_no_data_and_shows_its_parts() {
    let folds = || vec![planned(FoldKind::Count, None), planned(FoldKind::Count, None)];
    for (above, below) in [(0, 0), (5, 0)] {
        let desk = Desk::new(ratio(count(0), count(1)), folds())
            .proportion(count(0), count(1))
            .with(0, &[], counts(above, below));
        let row = &desk.rows()[0];
        assert_eq!((row.value, row.state), (None, RowState::NoData));
        assert_eq!((row.numerator, row.denominator), (Some(above as f64), Some(0.0)));
        assert_eq!((row.n, row.interval), (Some(0), None));
    }
}

#[test]
fn a_sum_of_nothing_can_be_said_to_be_something_else() {
    let zero = literal(Value::Number(Decimal::whole(0)), Kind::Number);
    let sum = fold(0, Function::Sum, Kind::Number);
    let folds = vec![planned(FoldKind::Sum, Some(Kind::Number))];
    let desk = Desk::new(call(Builtin::OrElse, vec![sum, zero], Kind::Number), folds);
    assert_eq!(desk.shown(), ["0.0", "0.0", "0.0"]);
}

#[test]
fn sums_and_means_are_exact_and_say_what_is_missing() {
    let mut part = partial(4, sum_of(&[0.1, 0.2, 0.3, 0.4]));
    part.missing = 2;
    part.unknown = 1;
    let mut desk = one(FoldKind::SumAndSquares, Function::Mean, Kind::Number).with(
        0,
        &[],
        totals(7, vec![part]),
    );
    desk.metric().form = Form::Mean;
    let row = &desk.rows()[0];
    assert_eq!(row.value, Some(0.25));
    assert_eq!((row.n, row.missing, row.undecided), (Some(4), 2, 1));
    let (low, high) = row.interval.unwrap();
    assert!((low - 0.044_573_9).abs() < 1e-6 && (high - 0.455_426_1).abs() < 1e-6);
}

#[test]
fn money_is_gathered_in_millionths_and_shown_in_its_currency() {
    let euro = Currency::named("EUR").unwrap();
    let mut total = Total::default();
    total.add_whole(19_990_000).unwrap();
    let mut desk = one(FoldKind::Sum, Function::Sum, Kind::Money(euro)).with(
        0,
        &[],
        totals(1, vec![partial(1, State::Sum(total, None))]),
    );
    desk.metric().unit = Unit::Money(euro);
    desk.metric().decimals = 2;
    assert_eq!(desk.rows()[0].value, Some(19.99));
    assert_eq!(desk.rows()[0].display, "19.99 EUR");
}

#[test]
fn durations_are_given_in_seconds_and_shown_in_their_unit() {
    let hours = |hours: i64| hours * 3_600_000_000;
    let values = listed([hours(4), hours(1), hours(2), hours(9)]);
    let mut desk = one(FoldKind::Values, Function::Quantile(0.5), Kind::Duration).with(
        0,
        &[],
        totals(4, vec![partial(4, values)]),
    );
    desk.metric().unit = Unit::Hours;
    let row = &desk.rows()[0];
    assert_eq!((row.value, row.display.as_str()), (Some(10_800.0), "3.0 h"));
}

#[test]
fn percentiles_follow_the_documented_definitions() {
    let values = || listed([100, 3, 1, 4, 2]);
    for (function, expected) in [
        (Function::Quantile(0.9), 61.6),
        (Function::Quantile(0.8), 23.2),
        (Function::NearestRank(0.9), 100.0),
        (Function::NearestRank(0.8), 4.0),
        (Function::NearestRank(0.2), 1.0),
    ] {
        let desk = one(FoldKind::Values, function, Kind::Number);
        assert_eq!(january(desk, partial(5, values())).0, Some(expected), "{function:?}");
    }
    let real = State::Real([0.5, 0.25].into_iter().collect());
    let desk = one(FoldKind::Values, Function::Quantile(0.5), Kind::Number);
    assert_eq!(january(desk, partial(2, real)).0, Some(0.375));
}

#[test]
fn percentiles_have_an_interval_between_two_of_the_values() {
    let values = listed((1..=10).rev().map(|n| n * 10));
    let mut desk = one(FoldKind::Values, Function::Quantile(0.5), Kind::Number)
        .with(0, &[], totals(10, vec![partial(10, values)]))
        .with(1, &[], totals(2, vec![partial(2, listed([1, 2]))]));
    desk.metric().form = Form::Quantile;
    let rows = desk.rows();
    // Of ten values the second and the ninth hold the median with 97.9 %.
    assert_eq!((rows[0].value, rows[0].interval), (Some(55.0), Some((20.0, 90.0))));
    assert_eq!((rows[1].value, rows[1].interval), (Some(1.5), None));
}

#[test]
fn extremes_distinct_values_and_deviations() {
    let ends = State::Extremes(Some((Key::number(-1.5), Key::number(8.0))));
    let desk = one(FoldKind::Extremes, Function::Min, Kind::Number);
    assert_eq!(january(desk, partial(2, ends.clone())).0, Some(-1.5));
    let desk = one(FoldKind::Extremes, Function::Max, Kind::Number);
    assert_eq!(january(desk, partial(2, ends)).0, Some(8.0));
    let keys = State::Keys([1, 7].into_iter().collect());
    let desk = one(FoldKind::Keys, Function::Distinct, Kind::Number);
    assert_eq!(january(desk, partial(3, keys)).0, Some(2.0));
    let desk = one(FoldKind::SumAndSquares, Function::Stddev, Kind::Number);
    let spread = sum_of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
    let found = january(desk, partial(8, spread)).0.unwrap();
    assert!((found - (32.0_f64 / 7.0).sqrt()).abs() < 1e-15);
}

#[test]
fn a_distribution_gives_a_row_for_each_declared_value() {
    let kind = Kind::Category(SetId(0));
    let tally = State::Tally(BTreeMap::from([(Key::Category(1), 3), (Key::Missing, 9)]));
    let mut part = partial(3, tally);
    part.missing = 9;
    let desk = one(FoldKind::Tally, Function::Distribution, kind).with(
        0,
        &[],
        totals(12, vec![part]),
    );
    let rows = desk.rows();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0].part, Some(SegmentValue::Name("P1".to_owned())));
    assert_eq!((rows[0].value, rows[0].n, rows[0].missing), (Some(0.0), Some(3), 9));
    assert_eq!((rows[3].value, rows[3].numerator), (Some(1.0), Some(3.0)));
    assert_eq!(rows[4].state, RowState::NoData);
}

#[test]
fn a_call_across_all_groups_is_the_same_in_each() {
    let own = CohortUse { cohort: 0, window: 1 };
    let all = reaching(0, Function::Count, Kind::Number, own, Across::All);
    let other =
        reaching(0, Function::Count, Kind::Number, own, Across::Dimension(PRIORITY));
    for below in [all, other] {
        let desk =
            Desk::new(ratio(count(0), below), vec![planned(FoldKind::Count, None)])
                .by(&[PRIORITY], &[&[PRIORITY]])
                .with(0, &[Key::Category(0)], counts(3, 0))
                .with(0, &[Key::Missing], counts(1, 0));
        let rows = desk.rows();
        let january: Vec<_> =
            rows.iter().step_by(3).map(|row| row.value.unwrap()).collect();
        assert_eq!(january, [1.0, 0.75, 0.0, 0.25]);
        assert_eq!(*rows[9].segment, [("priority".to_owned(), SegmentValue::Missing)]);
        assert_eq!(rows[9].accounts[0].counted, 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However rows are split into groups and periods of a window, the whole is the same.
    #[test]
    fn the_way_totals_are_split_does_not_change_the_result(
        values in prop::collection::vec((-1e6..1e6_f64, 0..4_u32, 0..2_i32), 1..60),
    ) {
        let folds = || vec![
            planned(FoldKind::SumAndSquares, Some(Kind::Number)),
            planned(FoldKind::Values, Some(Kind::Number)),
        ];
        let part = |chosen: &[f64]| {
            let n = i64::try_from(chosen.len()).unwrap();
            let values = State::Real(chosen.iter().copied().collect());
            totals(n, vec![partial(n, sum_of(chosen)), partial(n, values)])
        };
        let of = CohortUse { cohort: 0, window: 2 };
        let functions = [
            (0, Function::Sum), (0, Function::Mean), (0, Function::Stddev),
            (1, Function::Quantile(0.35)), (1, Function::NearestRank(0.9)),
        ];
        for (place, function) in functions {
            let formula = || reaching(place, function, Kind::Number, of, Across::Own);
            let mut split = Desk::new(formula(), folds()).by(&[PERSON], &[]);
            for (person, month) in (0..4_u32).flat_map(|person| [(person, 0), (person, 1)]) {
                let chosen: Vec<f64> = values.iter().rev()
                    .filter(|(_, who, when)| (*who, *when) == (person, month))
                    .map(|(value, ..)| *value).collect();
                if !chosen.is_empty() {
                    split = split.with(month, &[Key::Text(person.to_string())], part(&chosen));
                }
            }
            let all: Vec<f64> = values.iter().map(|(value, ..)| *value).collect();
            let whole = Desk::new(formula(), folds()).with(1, &[], part(&all));
            let bits = |desk: &Desk| desk.rows()[1].value.map(f64::to_bits);
            prop_assert_eq!(bits(&split), bits(&whole), "{:?}", function);
        }
    }
}
