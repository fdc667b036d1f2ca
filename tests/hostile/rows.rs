//! Rows in memory with values at the ends of their types.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DurationMicrosecondArray,
    DurationSecondArray, Float64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampSecondArray,
};
use mittari::{Dataset, Error, Results, Selection, Workspace};

use super::desk::{card, reason, reported, soon, workspace};

const DAY: i64 = 86_400_000_000;
/// 2026-01-01T09:00Z.
const NOW: i64 = 1_767_258_000_000_000;
/// 0001-01-01 and 9999-12-31 at midnight.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_214_400_000_000;

const GROUND: &str = "period: month\npopulation: {from: tickets, dated: opened_at}";

fn micros(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(values.to_vec()))
}

fn ids(n: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..n).map(|at| at.to_string())))
}

/// What a card gives over some columns beside the key.
fn measured(text: &str, columns: Vec<(&str, ArrayRef)>) -> Result<Results, Error> {
    measured_as_of(text, columns, None)
}

fn measured_as_of(
    text: &str,
    columns: Vec<(&str, ArrayRef)>,
    as_of: Option<i64>,
) -> Result<Results, Error> {
    let workspace: Workspace = workspace(&[("internal/tried.yaml", text)]);
    assert!(workspace.is_sound(), "{text}\n{:?}", workspace.diagnostics);
    let n = columns.first().map_or(0, |(_, column)| column.len());
    let columns = columns.into_iter().chain([("ticket_id", ids(n))]);
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut dataset = Dataset::new();
    dataset.add_batches(&workspace.catalog, "tickets", vec![batch]).expect("a table");
    let selection = Selection { as_of, ..Selection::default() };
    soon(text, || workspace.run(&dataset, &selection, &reported()))
}

/// The total of the only period that has one.
fn total(results: Result<Results, Error>) -> f64 {
    let results = results.unwrap_or_else(|error| panic!("{}", reason(&error)));
    let values: Vec<f64> = results.rows.iter().filter_map(|row| row.value).collect();
    match values.as_slice() {
        [value] => *value,
        other => panic!("{other:?}"),
    }
}

fn failed(results: Result<Results, Error>) -> String {
    match results {
        Ok(results) => panic!("{} rows", results.rows.len()),
        Err(error) => reason(&error),
    }
}

#[test]
fn instants_at_the_ends_of_their_type_are_sound_or_told() {
    let formulas = [
        "count()",
        "sum(resolved_at - opened_at)",
        "mean(working_time(opened_at, resolved_at))",
        "count(where due(opened_at, 4 h) < resolved_at)",
        "count(where inside_hours(opened_at))",
        "count(where weekday(opened_at) = \"mon\")",
        "sum(hour(opened_at))",
        "count(where date_of(opened_at) = date(2026-01-01))",
        "count(open opened_at until resolved_at)",
        "max(opened_at - period_start)",
    ];
    let ends = [i64::MIN, FIRST, LAST, i64::MAX];
    for period in ["day", "fiscal_year", "whole"] {
        let ground =
            format!("period: {period}\npopulation: {{from: tickets, dated: opened_at}}");
        for formula in formulas {
            let text = card(&format!("'{formula}'"), &ground);
            for opened in ends {
                let opened = micros(&[Some(opened), Some(NOW), None]);
                let resolved = micros(&[Some(i64::MAX), Some(i64::MIN), Some(NOW)]);
                let columns = vec![("opened_at", opened), ("resolved_at", resolved)];
                match measured_as_of(&text, columns, Some(NOW + DAY)) {
                    Ok(results) => {
                        let values = results.rows.iter().filter_map(|row| row.value);
                        assert!(values.into_iter().all(f64::is_finite), "{formula}");
                    }
                    Err(error) => assert!(!reason(&error).is_empty()),
                }
            }
        }
    }
}

#[test]
fn a_stock_of_days_over_nine_thousand_years_is_told() {
    let ground =
        "period: day\npopulation: {from: tickets, open: opened_at until resolved_at}";
    for formula in ["count()", "mean(period_end - opened_at)", "median(points)"] {
        let text = card(&format!("'{formula}'"), ground);
        let n = 2_000;
        let opened = micros(&vec![Some(FIRST); n]);
        let resolved = micros(&vec![Some(LAST); n]);
        let points: ArrayRef = Arc::new(Float64Array::from(vec![1.0; n]));
        let columns =
            vec![("opened_at", opened), ("resolved_at", resolved), ("points", points)];
        let said = failed(measured(&text, columns));
        assert!(said.contains("periods"), "{formula}: {said}");
    }
}

#[test]
fn a_long_window_of_days_is_kept_in_bounds() {
    let ground = "period: day\npopulation: {from: tickets, dated: opened_at}";
    let text = card("median(points, over 500 days)", ground);
    let opened: Vec<Option<i64>> = (0..800).map(|day| Some(NOW - day * DAY)).collect();
    let points: ArrayRef = Arc::new(Float64Array::from(vec![1.0; 800]));
    let results =
        measured(&text, vec![("opened_at", micros(&opened)), ("points", points)]);
    assert!(results.is_ok(), "{results:?}");
}

#[test]
fn sums_go_beyond_sixty_four_bits() {
    let text = card("sum(waited)", GROUND);
    let opened = micros(&[Some(NOW), Some(NOW), Some(NOW)]);
    let waited: ArrayRef = Arc::new(DurationMicrosecondArray::from(vec![i64::MAX; 3]));
    let sum =
        total(measured(&text, vec![("opened_at", opened.clone()), ("waited", waited)]));
    assert!((sum - 3.0 * 9_223_372_036_854.775).abs() < 1.0, "{sum}");
    let text = card("sum(cost)", GROUND);
    let cost = Decimal128Array::from(vec![9_000_000_000_000_i128; 3])
        .with_precision_and_scale(20, 0)
        .expect("twenty digits");
    let cost: ArrayRef = Arc::new(cost);
    let sum = total(measured(&text, vec![("opened_at", opened.clone()), ("cost", cost)]));
    assert!((sum - 27_000_000_000_000.0).abs() < 0.5, "{sum}");
    for formula in ["stddev(waited)", "mean(waited)", "median(waited)", "max(waited)"] {
        let waited = DurationMicrosecondArray::from(vec![i64::MAX, i64::MIN, i64::MAX]);
        let columns =
            vec![("opened_at", opened.clone()), ("waited", Arc::new(waited) as _)];
        match measured(&card(formula, GROUND), columns) {
            Ok(results) => {
                assert!(
                    results.rows.iter().all(|row| row.value.is_none_or(f64::is_finite))
                );
            }
            Err(error) => assert!(reason(&error).contains("too large"), "{formula}"),
        }
    }
}

#[test]
fn a_value_of_a_row_that_overflows_is_told_with_its_metric() {
    let opened = micros(&[Some(NOW), Some(NOW)]);
    let waited: ArrayRef = Arc::new(DurationMicrosecondArray::from(vec![i64::MAX, 1]));
    let columns = || vec![("opened_at", opened.clone()), ("waited", waited.clone())];
    for formula in ["sum(waited + waited)", "sum(waited * 3)", "sum(0 s - 2 * waited)"] {
        let said = failed(measured(&card(formula, GROUND), columns()));
        assert!(said.starts_with("`tried`: ") && said.contains("too large"), "{said}");
    }
}

#[test]
fn numbers_that_are_none_never_reach_a_result() {
    let opened = micros(&[Some(NOW); 6]);
    let points = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, 1e308, -0.0];
    let points: ArrayRef = Arc::new(Float64Array::from(points));
    for formula in [
        "sum(points)",
        "mean(points)",
        "max(points)",
        "median(points)",
        "stddev(points)",
        "sum(points * points)",
        "sum(1 / points)",
        "distinct(points)",
        "sum(points) / sum(points - points)",
    ] {
        let columns = vec![("opened_at", opened.clone()), ("points", points.clone())];
        if let Ok(results) = measured(&card(formula, GROUND), columns) {
            for row in &results.rows {
                assert!(
                    row.value.is_none_or(f64::is_finite),
                    "{formula}: {:?}",
                    row.value
                );
                assert!(!row.display.contains("NaN"), "{formula}: {}", row.display);
            }
        }
    }
}

#[test]
fn instants_too_large_for_microseconds_are_bad_rows() {
    let opened: ArrayRef =
        Arc::new(TimestampSecondArray::from(vec![i64::MAX, i64::MIN, NOW / 1_000_000]));
    let waited: ArrayRef = Arc::new(DurationSecondArray::from(vec![0, 0, 7]));
    let columns = vec![("opened_at", opened), ("waited", waited)];
    let results = measured(&card("sum(waited)", GROUND), columns).expect("results");
    let table = results.tables.first().expect("one table");
    assert_eq!((table.rows, table.bad_rows), (1, 2));
}

#[test]
fn working_time_outside_the_years_of_a_calendar_is_told() {
    let text = card("sum(working_time(opened_at, resolved_at))", GROUND);
    let columns =
        vec![("opened_at", micros(&[Some(NOW)])), ("resolved_at", micros(&[Some(LAST)]))];
    let said = failed(measured(&text, columns));
    assert!(said.contains("outside the years the service calendar covers"), "{said}");
    let text = card("count(where due(opened_at, 100000000 h) > opened_at)", GROUND);
    let said = failed(measured(&text, vec![("opened_at", micros(&[Some(NOW)]))]));
    assert!(said.contains("working time"), "{said}");
}

#[test]
fn days_at_the_ends_of_their_type_are_sound_or_told() {
    let ground = "period: month\npopulation: {from: tickets, dated: day}";
    for end in [i32::MIN, i32::MIN + 1, i32::MAX - 1, i32::MAX, 0] {
        let day: ArrayRef = Arc::new(Date32Array::from(vec![Some(end), None]));
        let opened = micros(&[Some(NOW), Some(NOW)]);
        let columns = vec![("day", day), ("opened_at", opened)];
        match measured(&card("count()", ground), columns) {
            Ok(results) => assert!(results.rows.len() < 200_000),
            Err(error) => assert!(!reason(&error).is_empty()),
        }
    }
}

#[test]
fn tens_of_thousands_of_groups_are_kept_apart() {
    let lines =
        "period: whole\npopulation: {from: tickets, dated: opened_at}\nby: [subject]";
    let n = 30_000;
    let opened = micros(&vec![Some(NOW); n]);
    let results = measured(
        &card("count()", lines),
        vec![("opened_at", opened), ("subject", ids(n))],
    );
    let results = results.expect("results");
    assert_eq!(results.rows.len(), n + 1);
}
