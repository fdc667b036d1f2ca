//! Values beside those of earlier periods, and the limits their series gives them.

use mittari_lang::types::Unit;

use super::fixture::*;
use crate::gathered::Key;
use crate::plan::FoldKind;
use crate::statistics::Signal;
use crate::table::{Chart, Row, RowState};

fn counting() -> Desk {
    Desk::new(count(0), vec![planned(FoldKind::Count, None)])
}

fn share() -> Desk {
    let folds = vec![planned(FoldKind::Count, None), planned(FoldKind::Count, None)];
    let mut desk =
        Desk::new(ratio(count(1), count(0)), folds).proportion(count(1), count(0));
    desk.metric().unit = Unit::Percent;
    desk
}

/// Covered from the beginning of 2025 on.
fn from_2025(mut desk: Desk) -> Desk {
    desk.gathered.tables[0].covers_from = Some(NEW_YEAR - 365);
    desk
}

#[test]
fn the_same_month_a_year_earlier_stands_beside_a_value() {
    let desk = from_2025(counting().with(-12, &[], counts(4, 0)))
        .with(-11, &[], counts(5, 0))
        .with(0, &[], counts(7, 0));
    let rows = desk.rows();
    assert_eq!(rows.len(), 15);
    assert_eq!((rows[0].year_before, rows[0].change_year), (None, None));
    assert_eq!((rows[12].year_before, rows[12].change_year), (Some(4.0), Some(3.0)));
    assert_eq!((rows[13].year_before, rows[13].change_year), (Some(5.0), Some(-5.0)));
}

#[test]
fn years_before_the_range_asked_for_are_compared_but_not_listed() {
    let mut desk =
        from_2025(counting().with(-12, &[], counts(4, 0))).with(0, &[], counts(7, 0));
    desk.plan.selection.from = Some(NEW_YEAR);
    let rows = desk.rows();
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].year_before, rows[0].change_year), (Some(4.0), Some(3.0)));
    assert_eq!((rows[0].previous, rows[0].change), (Some(0.0), Some(7.0)));
}

#[test]
fn a_period_that_is_not_whole_is_compared_with_nothing() {
    let mut desk = from_2025(counting().with(-12, &[], counts(4, 0)))
        .with(-11, &[], counts(5, 0))
        .with(1, &[], counts(7, 0));
    desk.gathered.as_of = Some(midnight(NEW_YEAR + 40));
    let rows = desk.rows();
    let last = rows.last().unwrap();
    assert_eq!((last.state, last.period.label.as_str()), (RowState::Partial, "2026-02"));
    assert_eq!((last.previous, last.change), (Some(0.0), None));
    assert_eq!((last.year_before, last.change_year), (Some(5.0), None));
    // Nor is a whole one with one that is not.
    let mut desk = counting().with(-12, &[], counts(4, 0)).with(0, &[], counts(7, 0));
    desk.gathered.tables[0].covers_from = Some(NEW_YEAR - 360);
    let rows = desk.rows();
    assert_eq!(rows[0].state, RowState::Partial);
    assert_eq!((rows[1].previous, rows[1].change), (Some(4.0), None));
    assert_eq!((rows[12].year_before, rows[12].change_year), (None, None));
}

fn chart(row: &Row) -> (Chart, u64, Option<Signal>) {
    let behaviour = row.behaviour.unwrap();
    (behaviour.chart, behaviour.points, behaviour.signal)
}

#[test]
fn six_whole_periods_make_limits_of_single_values() {
    let series = |values: &[i64], days: i32| {
        let mut desk = from_2025(counting());
        for (month, value) in (-12..).zip(values) {
            desk = desk.with(month, &[], counts(*value, 0));
        }
        desk.plan.selection.to = Some(NEW_YEAR - 365 + days);
        desk.rows()
    };
    assert!(series(&[4, 5, 6, 5, 4], 150).iter().all(|row| row.behaviour.is_none()));
    let rows = series(&[4, 5, 6, 5, 4, 6, 40], 200);
    let limits = rows[0].behaviour.unwrap().limits;
    // The mean is 10, the mean step (1 + 1 + 1 + 1 + 2 + 34) / 6.
    assert!((limits.centre - 10.0).abs() < 1e-12);
    assert!((limits.upper - (10.0 + 2.66 * 40.0 / 6.0)).abs() < 1e-12);
    assert_eq!(chart(&rows[0]), (Chart::Individuals, 7, None));
    assert_eq!(chart(&rows[6]), (Chart::Individuals, 7, Some(Signal::Beyond)));
}

#[test]
fn shares_of_few_cases_have_limits_by_their_number() {
    let mut desk = from_2025(share());
    for (month, (all, some)) in
        (-12..).zip([(40, 20), (40, 22), (10, 1), (40, 18), (40, 20), (40, 21)])
    {
        desk = desk.with(month, &[], counts(all, some));
    }
    desk.plan.selection.to = Some(NEW_YEAR - 365 + 181);
    let rows = desk.rows();
    let limits = |row: &Row| row.behaviour.unwrap().limits;
    // 102 of 210 cases.
    let centre: f64 = 102.0 / 210.0;
    assert!((limits(&rows[0]).centre - centre).abs() < 1e-12);
    let reach = 3.0 * (centre * (1.0 - centre) / 10.0).sqrt();
    assert!((limits(&rows[2]).upper - (centre + reach)).abs() < 1e-12);
    assert!(limits(&rows[0]).upper < limits(&rows[2]).upper);
    assert_eq!(chart(&rows[2]), (Chart::Proportions, 6, None));
    // Many cases, and about equally many: single values.
    let mut desk = from_2025(share());
    for (month, some) in (-12..).zip([800, 810, 790, 805, 800, 795]) {
        desk = desk.with(month, &[], counts(1000, some));
    }
    desk.plan.selection.to = Some(NEW_YEAR - 365 + 181);
    assert_eq!(chart(&desk.rows()[0]), (Chart::Individuals, 6, None));
}

#[test]
fn one_withheld_group_takes_the_smallest_other_with_it() {
    let person = |name: &str| [Key::Text(name.to_owned())];
    let mut desk = share()
        .by(&[PERSON], &[&[PERSON]])
        .with(0, &person("Aino"), counts(4, 4))
        .with(0, &person("Bo"), counts(50, 4))
        .with(0, &person("Cai"), counts(9, 4))
        .with(1, &person("Aino"), counts(6, 4))
        .with(1, &person("Bo"), counts(50, 4));
    desk.metric().withhold_under = 5;
    let rows = desk.rows();
    let state = |place: usize| rows[place].state;
    assert_eq!(
        (state(3), state(6), state(9)),
        (RowState::Withheld, RowState::Final, RowState::Withheld)
    );
    assert_eq!((state(4), state(7)), (RowState::Final, RowState::Final));
    // What was withheld is not told by the period after it either.
    assert_eq!((rows[4].previous, rows[4].change), (None, None));
    assert!(rows[9].accounts.is_empty() && rows[9].n.is_none());
}
