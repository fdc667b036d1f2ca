//! Periods of local time: which one an instant falls into, when each begins, what it is called.
//!
//! Every period of a kind has a number, one more than the one before it: days and ISO
//! weeks since 1970-01-01 (the week of that day is 0), the others counted from January
//! 1970, or from the fiscal year that begins in 1970. A period is the half-open interval
//! from its local midnight to the next one's.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is bounded by the table it reads"
)]

mod label;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike as _, Months, NaiveDate, Weekday};
use mittari_lang::types::Period;

pub use self::label::{days_of_label, kind_of_label, parse_day};
use crate::zone::{FIRST_YEAR, LAST_YEAR, ZoneTable, date_of_day, day_of_date};

/// The first month and day of a fiscal year.
///
/// A day that a month does not have is that month's last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalStart {
    month: u32,
    day: u32,
}

impl FiscalStart {
    /// A fiscal year that is the calendar year.
    pub const JANUARY: Self = Self { month: 1, day: 1 };

    /// A month, 1 to 12, and a day of it, 1 to 31.
    pub const fn new(month: u32, day: u32) -> Option<Self> {
        let known = 1 <= month && month <= 12 && 1 <= day && day <= 31;
        if known { Some(Self { month, day }) } else { None }
    }
}

/// Days of periods by kind and start, as every zone has them.
type Known = ((Period, FiscalStart), Arc<Vec<i32>>);

/// The number of the period of each day of the years that are looked up, made once for
/// each kind.
fn numbers(period: Period, start: FiscalStart) -> Arc<Vec<i32>> {
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    // The lists are whole at any time, even if another thread has stopped amid a call.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, numbers)) = known.iter().find(|(of, _)| *of == (period, start)) {
        return Arc::clone(numbers);
    }
    let made = Arc::new(filled(period, start));
    known.push(((period, start), Arc::clone(&made)));
    made
}

/// Walks the periods, because asking for each day would be slower.
fn filled(period: Period, start: FiscalStart) -> Vec<i32> {
    let (mut day, last_day) = (january(FIRST_YEAR), january(LAST_YEAR + 1));
    let mut numbers = Vec::with_capacity(usize::try_from(last_day - day).unwrap_or(0));
    while day < last_day {
        let number = number_of_date(period, start, day).unwrap_or_default();
        let next = first_day(period, start, number.saturating_add(1));
        let until = next.unwrap_or(last_day).clamp(day + 1, last_day);
        numbers.extend((day..until).map(|_| number));
        day = until;
    }
    numbers
}

/// The periods of one kind in one zone.
#[derive(Debug, Clone)]
pub struct PeriodTable {
    zone: Arc<ZoneTable>,
    period: Period,
    start: FiscalStart,
    first_day: i32,
    /// The number of each day's period, from `first_day` on; empty for days and weeks.
    numbers: Arc<Vec<i32>>,
}

impl PeriodTable {
    /// Builds the table; the fiscal start matters to fiscal periods alone.
    pub fn new(zone: Arc<ZoneTable>, period: Period, fiscal: FiscalStart) -> Self {
        let start = if is_fiscal(period) { fiscal } else { FiscalStart::JANUARY };
        let first_day = january(FIRST_YEAR);
        let numbers = if months_of(period).is_some() {
            numbers(period, start)
        } else {
            Arc::default()
        };
        Self { zone, period, start, first_day, numbers }
    }

    /// The kind of periods.
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The zone whose midnights begin them.
    pub fn zone(&self) -> &Arc<ZoneTable> {
        &self.zone
    }

    /// The number of the period that holds an instant.
    ///
    /// None for instants beyond the years that have dates, about 262,000 around 1970.
    pub fn number_of(&self, instant: i64) -> Option<i32> {
        self.number_of_day(self.zone.day_of(instant))
    }

    /// The number of the period that holds a local day, in days since 1970-01-01.
    pub fn number_of_day(&self, day: i32) -> Option<i32> {
        let index = i64::from(day) - i64::from(self.first_day);
        match usize::try_from(index) {
            Ok(index) if index < self.numbers.len() => Some(self.numbers[index]),
            _ => number_of_date(self.period, self.start, day),
        }
    }

    /// The first local day of a period, in days since 1970-01-01; the whole range has none.
    pub fn first_day(&self, number: i32) -> Option<i32> {
        first_day(self.period, self.start, number)
    }

    /// The first instant of a period; the whole range has none.
    pub fn start(&self, number: i32) -> Option<i64> {
        Some(self.zone.day_start(self.first_day(number)?))
    }

    /// The first instant after a period, which is the start of the next one.
    pub fn end(&self, number: i32) -> Option<i64> {
        self.start(number.checked_add(1)?)
    }

    /// The same period a year earlier: of a day the same date, of a week the one with
    /// the same number. 29 February, week 53 and the whole range may have none.
    pub fn year_before(&self, number: i32) -> Option<i32> {
        if let Some(length) = months_of(self.period) {
            return number.checked_sub(12 / length);
        }
        let date = date_of_day(self.first_day(number)?)?;
        let earlier = match self.period {
            Period::Day => date.with_year(date.year().checked_sub(1)?),
            Period::Week => {
                let week = date.iso_week();
                let year = week.year().checked_sub(1)?;
                NaiveDate::from_isoywd_opt(year, week.week(), Weekday::Mon)
            }
            _ => None,
        };
        self.number_of_day(day_of_date(earlier?))
    }

    /// What a period is called: `2026-01`, `2026-W53`, `2026-Q1`, `FY2026-H2`, `whole`.
    pub fn label(&self, number: i32) -> String {
        label::label(self.period, number)
    }

    /// The number of the period that is called so.
    pub fn parse_label(&self, text: &str) -> Option<i32> {
        label::parse(self.period, text)
    }
}

/// How many periods of the kind `base` make a window of `count` units: 12 months are four
/// quarters or one year, 4 weeks are 28 days.
///
/// None where they are not whole periods: months are no whole weeks, 2 months no quarter.
pub fn fits(count: u32, unit: Period, base: Period) -> Option<u32> {
    let (unit, base) = match (months_of(unit), months_of(base)) {
        (Some(unit), Some(base)) => (unit, base),
        (None, None) => (days_of(unit)?, days_of(base)?),
        _ => return None,
    };
    let length = count.checked_mul(unit.unsigned_abs())?;
    let base = base.unsigned_abs();
    (length > 0 && length % base == 0).then(|| length / base)
}

/// The most periods of a kind that a year has.
pub const fn most_in_a_year(period: Period) -> i32 {
    match period {
        Period::Day => 366,
        Period::Week => 53,
        Period::Month => 12,
        Period::Quarter | Period::FiscalQuarter => 4,
        Period::HalfYear | Period::FiscalHalfYear => 2,
        Period::Year | Period::FiscalYear => 1,
        Period::Whole => 0,
    }
}

/// The months of a period that is made of months.
const fn months_of(period: Period) -> Option<i32> {
    match period {
        Period::Month => Some(1),
        Period::Quarter | Period::FiscalQuarter => Some(3),
        Period::HalfYear | Period::FiscalHalfYear => Some(6),
        Period::Year | Period::FiscalYear => Some(12),
        Period::Day | Period::Week | Period::Whole => None,
    }
}

/// The days of a period that always has as many.
const fn days_of(period: Period) -> Option<i32> {
    match period {
        Period::Day => Some(1),
        Period::Week => Some(7),
        _ => None,
    }
}

const fn is_fiscal(period: Period) -> bool {
    matches!(period, Period::FiscalQuarter | Period::FiscalHalfYear | Period::FiscalYear)
}

fn january(year: i32) -> i32 {
    NaiveDate::from_ymd_opt(year, 1, 1).map(day_of_date).unwrap_or_default()
}

/// The number of the period of a local day.
fn number_of_date(period: Period, start: FiscalStart, day: i32) -> Option<i32> {
    let Some(length) = months_of(period) else {
        return match period {
            Period::Day => Some(day),
            // 1969-12-29 was a Monday.
            Period::Week => Some(day.checked_add(3)?.div_euclid(7)),
            _ => Some(0),
        };
    };
    let date = date_of_day(day)?;
    let month = (date.year() - 1970) * 12 + date.month0().cast_signed();
    let begun = date.day() >= start.day.min(date.num_days_in_month().into());
    let month = month - (start.month - 1).cast_signed() - i32::from(!begun);
    Some(month.div_euclid(length))
}

/// The first local day of a period.
fn first_day(period: Period, start: FiscalStart, number: i32) -> Option<i32> {
    let Some(length) = months_of(period) else {
        return match period {
            Period::Day => Some(number),
            Period::Week => number.checked_mul(7)?.checked_sub(3),
            _ => None,
        };
    };
    let january = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let months =
        number.checked_mul(length)?.checked_add((start.month - 1).cast_signed())?;
    let shift = Months::new(months.unsigned_abs());
    let month = if months < 0 {
        january.checked_sub_months(shift)?
    } else {
        january.checked_add_months(shift)?
    };
    let day = start.day.min(month.num_days_in_month().into());
    month.with_day(day).map(day_of_date)
}

#[cfg(test)]
mod tests;
