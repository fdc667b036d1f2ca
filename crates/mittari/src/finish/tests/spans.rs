//! The periods: which are listed, stocks, windows, the period before.

use mittari_lang::builtin::Builtin;
use mittari_lang::typed::{Across, Function, Moment};
use mittari_lang::types::{Kind, Period, Unit};

use super::fixture::*;
use crate::gathered::{Key, State, Total};
use crate::plan::{CohortUse, FoldKind, GroupKind, Membership};
use crate::table::RowState;

fn counting() -> Desk {
    Desk::new(count(0), vec![planned(FoldKind::Count, None)])
}

#[test]
fn every_period_of_the_range_is_listed() {
    let desk = counting().with(1, &[], counts(7, 0));
    let rows = desk.rows();
    let labels: Vec<_> = rows.iter().map(|row| row.period.label.as_str()).collect();
    assert_eq!(labels, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(desk.shown(), ["0.0", "7.0", "0.0"]);
    let changes: Vec<_> = rows.iter().map(|row| row.change).collect();
    assert_eq!(changes, [None, Some(7.0), Some(-7.0)]);
    assert!(rows.iter().all(|row| row.state == RowState::Final && row.bad_rows == 2));
    assert_eq!(rows[1].accounts[0].undated, 3);
}

#[test]
fn a_period_that_begins_at_the_moment_of_evaluation_is_listed_if_it_has_rows() {
    let desk = counting().with(3, &[], counts(1, 0));
    let rows = desk.rows();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[3].state, RowState::Partial);
}

#[test]
fn the_range_asked_for_wins_and_what_is_not_covered_is_no_zero() {
    let mut desk = counting().with(1, &[], counts(7, 0));
    desk.plan.selection.from = Some(NEW_YEAR - 40);
    desk.plan.selection.to = Some(NEW_YEAR + 59);
    let rows = desk.rows();
    let values: Vec<_> = rows.iter().map(|row| row.value).collect();
    assert_eq!(values, [None, None, Some(0.0), Some(7.0)]);
    assert_eq!(rows[1].state, RowState::NoData);
    desk.plan.selection.from = Some(NEW_YEAR + 31);
    let rows = desk.rows();
    assert_eq!((rows.len(), rows[0].previous), (1, Some(0.0)));
}

#[test]
fn a_period_is_partial_until_it_is_covered_and_settled() {
    let mut desk = counting();
    desk.metric().settles_after = 1;
    desk.gathered.tables[0].covers_from = Some(NEW_YEAR + 10);
    let states: Vec<_> = desk.rows().iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::Partial, RowState::Final, RowState::Partial]);
    desk.metric().settles_after = 0;
    desk.gathered.tables[0].covers_to = Some(NEW_YEAR + 59);
    let states: Vec<_> = desk.rows().iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::Partial, RowState::Final, RowState::NoData]);
}

#[test]
fn whole_is_the_range_asked_for() {
    let mut desk = counting();
    let key = crate::gathered::GroupKey { period: 0, segment: Vec::new() };
    desk.gathered.cohorts[0].groupings[0].insert(key, counts(9, 0));
    desk.plan.cohorts[0].period = Period::Whole;
    desk.plan.questions[0].period = Period::Whole;
    let rows = desk.rows();
    assert_eq!((rows.len(), rows[0].value, rows[0].previous), (1, Some(9.0), None));
    assert_eq!(
        (rows[0].period.start, rows[0].period.end),
        (midnight(NEW_YEAR), midnight(APRIL))
    );
    assert_eq!(rows[0].state, RowState::Final);
}

#[test]
fn an_unlikely_range_is_refused() {
    let mut desk = counting();
    desk.plan.questions[0].period = Period::Day;
    desk.plan.selection.from = Some(-2_000_000);
    assert!(crate::finish::finish(&desk.catalog, &desk.plan, &desk.gathered, 1).is_err());
}

#[test]
fn a_stock_is_everything_that_came_in_less_what_went_out() {
    let mut desk = counting()
        .by(&[PRIORITY], &[&[PRIORITY]])
        .with(-5, &[Key::Category(0)], counts(4, 0))
        .with(0, &[Key::Category(0)], counts(2, 0))
        .with(2, &[Key::Category(0)], counts(-5, 0))
        .with(1, &[Key::Category(1)], counts(1, 0));
    desk.plan.cohorts[0].membership = Membership::Movements;
    let values: Vec<_> = desk.rows().iter().map(|row| row.value.unwrap()).collect();
    assert_eq!(values, [6.0, 7.0, 2.0, 6.0, 6.0, 1.0, 0.0, 1.0, 1.0]);
    assert_eq!(desk.rows()[1].accounts[0].counted, 7);
}

#[test]
fn a_window_takes_the_periods_before_along() {
    let of = CohortUse { cohort: 0, window: 3 };
    let formula = reaching(0, Function::Sum, Kind::Number, of, Across::Own);
    let mut desk = Desk::new(formula, vec![planned(FoldKind::Sum, Some(Kind::Number))]);
    for (month, value) in [(-1, 1), (0, 10), (1, 100), (2, 1000)] {
        let mut sum = Total::default();
        sum.add_whole(value).unwrap();
        desk = desk.with(month, &[], totals(1, vec![partial(1, State::Sum(sum, None))]));
    }
    desk.plan.questions[0].accounts = vec![of];
    assert_eq!(desk.shown(), ["11.0", "111.0", "1110.0"]);
    let states: Vec<_> = desk.rows().iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::Partial, RowState::Partial, RowState::Final]);
    assert_eq!(desk.rows()[2].accounts[0].counted, 3);
}

#[test]
fn previous_is_the_same_expression_one_period_before() {
    let before = call(Builtin::Previous, vec![count(0)], Kind::Number);
    let growth = call(Builtin::Subtract, vec![count(0), before], Kind::Number);
    let desk = Desk::new(growth, vec![planned(FoldKind::Count, None)])
        .with(0, &[], counts(5, 0))
        .with(1, &[], counts(8, 0));
    assert_eq!(desk.shown(), ["\u{2013}", "3.0", "-8.0"]);
}

#[test]
fn a_period_knows_how_long_it_is() {
    let moment =
        |moment| super::fixture::group(GroupKind::Instant(moment), Kind::Instant);
    let ends = vec![moment(Moment::PeriodEnd), moment(Moment::PeriodStart)];
    let length = call(Builtin::Subtract, ends, Kind::Duration);
    let mut desk = Desk::new(length, Vec::new());
    desk.metric().unit = Unit::Hours;
    desk.metric().decimals = 0;
    assert_eq!(desk.shown(), ["744 h", "672 h", "743 h"]);
}
