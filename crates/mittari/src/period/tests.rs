//! Tests of periods: lengths, names, odd midnights, and agreement with chrono.

use chrono::{DateTime, Datelike as _, NaiveDate};
use chrono_tz::Tz;
use mittari_lang::types::Period;
use proptest::prelude::*;

use super::{FiscalStart, PeriodTable, days_of_label, fits, label, parse_day};
use crate::zone::{DAY, HOUR, SECOND, ZoneTable, date_of_day, day_of_date};

const ALL: [Period; 9] = label::LABELLED;
const JULY: Option<FiscalStart> = FiscalStart::new(7, 1);

fn table(zone: Tz, period: Period) -> PeriodTable {
    PeriodTable::new(ZoneTable::shared(zone), period, JULY.unwrap())
}

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

fn hours(table: &PeriodTable, name: &str) -> i64 {
    let number = table.parse_label(name).unwrap();
    (table.end(number).unwrap() - table.start(number).unwrap()) / HOUR
}

fn name_at(zone: Tz, period: Period, instant: &str) -> String {
    let table = table(zone, period);
    table.label(table.number_of(at(instant)).unwrap())
}

fn name_of_day(period: Period, date: &str) -> String {
    let table = table(Tz::UTC, period);
    table.label(table.number_of_day(parse_day(date).unwrap()).unwrap())
}

#[test]
fn a_helsinki_march_has_743_hours_and_october_745() {
    let months = table(Tz::Europe__Helsinki, Period::Month);
    assert_eq!(hours(&months, "2025-03"), 743);
    assert_eq!(hours(&months, "2025-10"), 745);
    let days = table(Tz::Europe__Helsinki, Period::Day);
    assert_eq!((hours(&days, "2025-03-30"), hours(&days, "2025-10-26")), (23, 25));
}

#[test]
fn periods_are_those_of_the_zone_and_half_open() {
    let last = "2025-12-31T21:59:59.999999Z";
    assert_eq!(name_at(Tz::Europe__Helsinki, Period::Month, last), "2025-12");
    let first = "2025-12-31T22:00:00Z";
    assert_eq!(name_at(Tz::Europe__Helsinki, Period::Month, first), "2026-01");
    assert_eq!(name_at(Tz::UTC, Period::Month, first), "2025-12");
}

#[test]
fn iso_weeks_belong_to_the_year_of_their_thursday() {
    assert_eq!(name_of_day(Period::Week, "2021-01-03"), "2020-W53");
    assert_eq!(name_of_day(Period::Week, "2024-12-30"), "2025-W01");
    assert_eq!(name_of_day(Period::Week, "2027-01-01"), "2026-W53");
    assert_eq!(name_of_day(Period::Week, "1970-01-01"), "1970-W01");
    let weeks = table(Tz::UTC, Period::Week);
    assert_eq!(weeks.parse_label("1970-W01"), Some(0));
    assert_eq!(weeks.parse_label("2025-W53"), None);
}

#[test]
fn fiscal_periods_are_named_by_the_year_they_start_in() {
    assert_eq!(name_of_day(Period::FiscalYear, "2026-06-30"), "FY2025");
    assert_eq!(name_of_day(Period::FiscalYear, "2026-07-01"), "FY2026");
    assert_eq!(name_of_day(Period::FiscalQuarter, "2026-06-30"), "FY2025-Q4");
    assert_eq!(name_of_day(Period::FiscalHalfYear, "2026-01-01"), "FY2025-H2");
    let day = |text| parse_day(text).unwrap();
    let april = FiscalStart::new(4, 6).unwrap();
    let year = days_of_label("FY2025", april);
    assert_eq!(year, Some((day("2025-04-06"), day("2026-04-06"))));
    let last = FiscalStart::new(11, 30).unwrap();
    let quarter = days_of_label("FY2025-Q2", last);
    assert_eq!(quarter, Some((day("2026-02-28"), day("2026-05-30"))));
    assert_eq!(FiscalStart::new(13, 1), None);
}

#[test]
fn midnights_that_are_skipped_or_come_twice_begin_one_day_each() {
    // São Paulo skipped 2018-11-04T00:00, Tehran 2021-03-22T00:00.
    for (zone, name, start) in [
        (Tz::America__Sao_Paulo, "2018-11-04", "2018-11-04T01:00:00-02:00"),
        (Tz::Asia__Tehran, "2021-03-22", "2021-03-22T01:00:00+04:30"),
        (Tz::America__St_Johns, "2009-11-01", "2009-11-01T00:00:00-02:30"),
    ] {
        let days = table(zone, Period::Day);
        let number = days.parse_label(name).unwrap();
        assert_eq!(days.start(number), Some(at(start)), "{zone}");
        assert_eq!(days.number_of(at(start)), Some(number), "{zone}");
        assert_eq!(days.number_of(at(start) - 1), Some(number - 1), "{zone}");
        // Half an hour on, St. John's clocks show the old date again.
        assert_eq!(days.number_of(at(start) + HOUR / 2), Some(number), "{zone}");
    }
}

#[test]
fn labels_of_any_kind_name_their_days() {
    let day = |text| parse_day(text).unwrap();
    let days = |text| days_of_label(text, JULY.unwrap());
    assert_eq!(days("2026-01-31"), Some((day("2026-01-31"), day("2026-02-01"))));
    assert_eq!(days("2026-W53"), Some((day("2026-12-28"), day("2027-01-04"))));
    assert_eq!(days("2024-02"), Some((day("2024-02-01"), day("2024-03-01"))));
    assert_eq!(days("2026-Q4"), Some((day("2026-10-01"), day("2027-01-01"))));
    assert_eq!(days("2026-H1"), Some((day("2026-01-01"), day("2026-07-01"))));
    assert_eq!(days("2026"), Some((day("2026-01-01"), day("2027-01-01"))));
    assert_eq!(days("FY2026"), Some((day("2026-07-01"), day("2027-07-01"))));
    for wrong in [
        "",
        "26",
        "2026-13",
        "2026-1",
        "2026-Q5",
        "2026-W54",
        "2026-02-30",
        "+026",
        "2026-01-311",
        "FY26",
        "2026-q1",
        "２０２６",
        "2026-",
        "-",
    ] {
        assert_eq!(days(wrong), None, "{wrong}");
    }
}

#[test]
fn windows_fit_where_they_are_whole_periods() {
    assert_eq!(fits(12, Period::Month, Period::Month), Some(12));
    assert_eq!(fits(12, Period::Month, Period::Quarter), Some(4));
    assert_eq!(fits(1, Period::Year, Period::Month), Some(12));
    assert_eq!(fits(2, Period::FiscalYear, Period::FiscalHalfYear), Some(4));
    assert_eq!(fits(4, Period::Week, Period::Day), Some(28));
    assert_eq!(fits(28, Period::Day, Period::Week), Some(4));
    assert_eq!(fits(2, Period::Month, Period::Quarter), None);
    assert_eq!(fits(12, Period::Month, Period::Week), None);
    assert_eq!(fits(1, Period::Whole, Period::Day), None);
    assert_eq!(fits(0, Period::Month, Period::Month), None);
    assert_eq!(fits(u32::MAX, Period::Year, Period::Month), None);
}

#[test]
fn the_whole_range_is_one_period_without_ends() {
    let whole = table(Tz::UTC, Period::Whole);
    assert_eq!(whole.number_of(at("2026-01-01T00:00:00Z")), Some(0));
    assert_eq!((whole.start(0), whole.end(0)), (None, None));
    assert_eq!((whole.label(0).as_str(), whole.parse_label("whole")), ("whole", Some(0)));
}

#[test]
fn days_far_outside_the_table_have_periods_too() {
    let months = table(Tz::Europe__Helsinki, Period::Month);
    let number = months.number_of(at("9999-12-31T21:59:59Z")).unwrap();
    assert_eq!(months.label(number), "9999-12");
    assert_eq!(months.number_of(i64::MAX), None);
    assert_eq!((months.start(i32::MAX), months.end(i32::MAX)), (None, None));
    assert_eq!(months.numbers.len(), 301 * 365 + 73);
}

/// The label of a local date, said with chrono alone.
fn chrono_label(period: Period, date: NaiveDate) -> String {
    let (year, month) = (date.year(), date.month0());
    // A fiscal year from July: its months are counted from July, its year half a year back.
    let (fiscal, turn) = (if month >= 6 { year } else { year - 1 }, (month + 6) % 12);
    match period {
        Period::Day => date.format("%Y-%m-%d").to_string(),
        Period::Week => date.format("%G-W%V").to_string(),
        Period::Month => date.format("%Y-%m").to_string(),
        Period::Quarter => format!("{year}-Q{}", month / 3 + 1),
        Period::HalfYear => format!("{year}-H{}", month / 6 + 1),
        Period::Year => year.to_string(),
        Period::FiscalQuarter => format!("FY{fiscal}-Q{}", turn / 3 + 1),
        Period::FiscalHalfYear => format!("FY{fiscal}-H{}", turn / 6 + 1),
        Period::FiscalYear => format!("FY{fiscal}"),
        Period::Whole => "whole".to_owned(),
    }
}

proptest! {
    #[test]
    fn periods_are_those_of_chrono(
        period in prop::sample::select(ALL.to_vec()),
        zone in prop::sample::select(vec![Tz::Europe__Helsinki, Tz::Asia__Tehran, Tz::UTC,
            Tz::America__Sao_Paulo, Tz::Pacific__Auckland]),
        seconds in -4_000_000_000_i64..20_000_000_000,
    ) {
        let table = table(zone, period);
        let instant = seconds * SECOND;
        let number = table.number_of(instant).unwrap();
        let local = DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&zone);
        let name = table.label(number);
        prop_assert_eq!(&name, &chrono_label(period, local.date_naive()));
        prop_assert_eq!(table.parse_label(&name), Some(number));
        let (start, end) = (table.start(number).unwrap(), table.end(number).unwrap());
        prop_assert!(start <= instant && instant < end);
        prop_assert_eq!(table.number_of(start), Some(number));
        prop_assert_eq!(table.number_of(end - 1), Some(number));
    }

    #[test]
    fn every_day_is_in_the_period_between_its_starts(
        period in prop::sample::select(ALL.to_vec()),
        (month, day) in (1_u32..=12, 1_u32..=31),
        date in -60_000..4_000_000_i32,
    ) {
        let start = FiscalStart::new(month, day).unwrap();
        let table = PeriodTable::new(ZoneTable::shared(Tz::UTC), period, start);
        let number = table.number_of_day(date).unwrap();
        prop_assert!(table.first_day(number).unwrap() <= date);
        prop_assert!(date < table.first_day(number + 1).unwrap());
        prop_assert_eq!(table.start(number), Some(i64::from(table.first_day(number).unwrap()) * DAY));
    }

    #[test]
    fn any_text_is_a_label_or_none(text in "\\PC{0,12}|(FY)?[0-9]{4}(-[QHW]?[0-9]{1,2})?") {
        if let Some((first, next)) = days_of_label(&text, FiscalStart::JANUARY) {
            prop_assert!(first < next && date_of_day(first).map(day_of_date) == Some(first));
        }
    }
}

#[test]
fn the_same_period_a_year_earlier_is_found_where_there_is_one() {
    let earlier = |period, label: &str| {
        let table = PeriodTable::new(
            ZoneTable::shared(chrono_tz::Europe::Helsinki),
            period,
            FiscalStart::new(4, 1).unwrap(),
        );
        let number = table.parse_label(label).unwrap();
        table.year_before(number).map(|number| table.label(number))
    };
    let expected = [
        (Period::Month, "2024-02", Some("2023-02")),
        (Period::Quarter, "2025-Q1", Some("2024-Q1")),
        (Period::HalfYear, "2025-H2", Some("2024-H2")),
        (Period::Year, "2025", Some("2024")),
        (Period::FiscalYear, "FY2026", Some("FY2025")),
        (Period::Day, "2025-02-28", Some("2024-02-28")),
        (Period::Day, "2024-02-29", None),
        (Period::Week, "2021-W01", Some("2020-W01")),
        (Period::Week, "2020-W53", None),
    ];
    for (period, label, wanted) in expected {
        assert_eq!(earlier(period, label).as_deref(), wanted, "{label}");
    }
}
