//! The names of periods, written and read.

use chrono::{Datelike as _, NaiveDate, Weekday};
use mittari_lang::types::Period;

use super::{FiscalStart, first_day};
use crate::zone::{date_of_day, day_of_date};

/// Every kind whose labels can be told apart, the whole range aside.
pub(super) const LABELLED: [Period; 9] = [
    Period::Day,
    Period::Week,
    Period::Month,
    Period::Quarter,
    Period::HalfYear,
    Period::Year,
    Period::FiscalQuarter,
    Period::FiscalHalfYear,
    Period::FiscalYear,
];

/// What a period is called.
pub(super) fn label(period: Period, number: i32) -> String {
    let parts = |length: i32| {
        let year = i64::from(number.div_euclid(length)) + 1970;
        (year, number.rem_euclid(length) + 1)
    };
    match period {
        Period::Day => date_of_day(number).map_or_else(|| number.to_string(), day_label),
        Period::Week => week_label(number),
        Period::Month => dashed(parts(12), ""),
        Period::Quarter => dashed(parts(4), "Q"),
        Period::HalfYear => dashed(parts(2), "H"),
        Period::Year => format!("{:04}", parts(1).0),
        Period::FiscalQuarter => format!("FY{}", dashed(parts(4), "Q")),
        Period::FiscalHalfYear => format!("FY{}", dashed(parts(2), "H")),
        Period::FiscalYear => format!("FY{:04}", parts(1).0),
        Period::Whole => "whole".to_owned(),
    }
}

fn dashed((year, part): (i64, i32), sign: &str) -> String {
    // A month has two digits, a quarter and a half one after their letter.
    let width = if sign.is_empty() { 2 } else { 1 };
    format!("{year:04}-{sign}{part:0width$}")
}

fn day_label(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn week_label(number: i32) -> String {
    let monday =
        first_day(Period::Week, FiscalStart::JANUARY, number).and_then(date_of_day);
    monday.map_or_else(
        || number.to_string(),
        |monday| {
            let week = monday.iso_week();
            format!("{:04}-W{:02}", week.year(), week.week())
        },
    )
}

/// The number of the period that is called so.
pub(super) fn parse(period: Period, text: &str) -> Option<i32> {
    let part = |sign: &str, length: i32| year_and_part(text, sign, length);
    match period {
        Period::Day => parse_day(text),
        Period::Week => parse_week(text),
        Period::Month => part("", 12),
        Period::Quarter => part("Q", 4),
        Period::HalfYear => part("H", 2),
        Period::Year => Some(year(text)? - 1970),
        Period::FiscalQuarter => year_and_part(text.strip_prefix("FY")?, "Q", 4),
        Period::FiscalHalfYear => year_and_part(text.strip_prefix("FY")?, "H", 2),
        Period::FiscalYear => Some(year(text.strip_prefix("FY")?)? - 1970),
        Period::Whole => (text == "whole").then_some(0),
    }
}

/// The days since 1970-01-01 of a date written as `2026-01-31`.
pub fn parse_day(text: &str) -> Option<i32> {
    let (year_text, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let date =
        NaiveDate::from_ymd_opt(year(year_text)?, digits(month, 2)?, digits(day, 2)?);
    date.map(day_of_date)
}

/// The first day of the period a label names, and the first day after it.
///
/// Any label will do: `2026-01-31`, `2026-W05`, `2026-01`, `2026-Q1`, `2026-H1`, `2026`,
/// `FY2026-Q1`, `FY2026-H1`, `FY2026`.
pub fn days_of_label(text: &str, fiscal: FiscalStart) -> Option<(i32, i32)> {
    LABELLED.iter().find_map(|&period| {
        let number = parse(period, text)?;
        let start = if super::is_fiscal(period) { fiscal } else { FiscalStart::JANUARY };
        let next = first_day(period, start, number.checked_add(1)?)?;
        Some((first_day(period, start, number)?, next))
    })
}

/// The kind of periods a label is one of; `whole` is one too.
pub fn kind_of_label(text: &str) -> Option<Period> {
    let mut kinds = LABELLED.into_iter().chain([Period::Whole]);
    kinds.find(|kind| parse(*kind, text).is_some())
}

fn parse_week(text: &str) -> Option<i32> {
    let (year_text, week) = text.split_once("-W")?;
    let monday =
        NaiveDate::from_isoywd_opt(year(year_text)?, digits(week, 2)?, Weekday::Mon)?;
    Some((day_of_date(monday) + 3).div_euclid(7))
}

fn year_and_part(text: &str, sign: &str, length: i32) -> Option<i32> {
    let (year_text, part) = text.split_once('-')?;
    let width = if sign.is_empty() { 2 } else { 1 };
    let part = digits(part.strip_prefix(sign)?, width)?.cast_signed();
    (1..=length).contains(&part).then_some(())?;
    Some((year(year_text)? - 1970) * length + part - 1)
}

fn year(text: &str) -> Option<i32> {
    digits(text, 4).map(u32::cast_signed)
}

/// Exactly so many ASCII digits as a number.
fn digits(text: &str, width: usize) -> Option<u32> {
    let all = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}
