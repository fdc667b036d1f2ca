//! Working time: how much open time lies between two instants, and when a budget is spent.
//!
//! ```text
//!            before: 0        before: 8 h      before: 16 h
//!  instants ──[══════)─────────[══════)──────────[══════)──▶
//!                 ▲ open_before(t) = before + (t - start)
//! ```
//!
//! The open intervals of all covered years stand in one sorted table with the open time
//! before each; a second table gives the first interval of each day. So the open time
//! before an instant is two look-ups, and working time a difference of two of them.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is bounded by the table it reads"
)]

mod build;
mod pauses;
mod rules;

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use thiserror::Error;

pub use self::rules::{CalendarRules, Hours};
use crate::zone::{DAY, FIRST_YEAR, LAST_YEAR, ZoneTable, day_of_date};

/// Why there is no working time or due instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The second instant lies before the first: a fault in the data.
    #[error("the end is before the start")]
    Reversed,
    /// A pause ends before it starts: a fault in the data.
    #[error("a pause ends before it starts")]
    ReversedPause,
    /// A negative budget: a fault in the data.
    #[error("a negative amount of working time is never due")]
    NegativeBudget,
    /// The calendar's table does not reach an instant, or what is due at it.
    #[error(
        "the instant is outside the years the service calendar covers, {} to {}",
        FIRST_YEAR,
        LAST_YEAR
    )]
    OutOfRange,
    /// The budget cannot be spent: no opening is left.
    #[error("the service calendar has no opening left in which the time could pass")]
    NeverOpens,
    /// Hours that run on for more than a week.
    #[error("an opening lasts longer than a week")]
    HoursTooLong,
    /// More openings than the table may hold.
    #[error("the service calendar has more openings than can be kept, 4 million")]
    TooManyOpenings,
}

/// An open interval and the open microseconds before it.
#[derive(Debug, Clone, Copy)]
struct Opening {
    start: i64,
    end: i64,
    before: i64,
}

/// A service calendar made ready for measuring.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Arc<ZoneTable>,
    from: i64,
    until: i64,
    first_bucket: i64,
    /// For each UTC day the number of the first opening that ends after it begins.
    buckets: Vec<u32>,
    openings: Vec<Opening>,
    total: i64,
    never_ends: bool,
    known_until: Option<i64>,
}

impl Calendar {
    /// The calendar of the years 1900 to 2200.
    pub fn new(rules: &CalendarRules) -> Result<Self, CalendarError> {
        Self::covering(rules, FIRST_YEAR, LAST_YEAR)
    }

    /// The calendar of some years, both included; no other instants can be measured.
    pub fn covering(
        rules: &CalendarRules,
        first_year: i32,
        last_year: i32,
    ) -> Result<Self, CalendarError> {
        let zone = ZoneTable::shared(rules.zone);
        let january = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).map(day_of_date);
        let (first, last) = (january(first_year), january(last_year.saturating_add(1)));
        let (first, last) = first.zip(last).ok_or(CalendarError::OutOfRange)?;
        let (from, until) = (zone.day_start(first), zone.day_start(last));
        let mut openings = Vec::new();
        let mut total = 0_i64;
        for (start, end) in build::open_intervals(rules, &zone, (first, last))? {
            let (start, end) = (start.max(from), end.min(until));
            if start < end {
                openings.push(Opening { start, end, before: total });
                total += end - start;
            }
        }
        let first_bucket = from.div_euclid(DAY);
        let known = rules.known_until.and_then(|day| day.checked_add(1));
        let mut calendar = Self {
            from,
            until,
            first_bucket,
            buckets: Vec::new(),
            openings,
            total,
            never_ends: rules.opens_weekly(),
            known_until: known.map(|day| zone.day_start(day)),
            zone,
        };
        calendar.index();
        Ok(calendar)
    }

    fn index(&mut self) {
        let mut opening = 0;
        // One more than the last day, so that each day has a next one.
        for bucket in self.first_bucket..=self.until.div_euclid(DAY) + 1 {
            while opening < self.openings.len()
                && self.openings[opening].end <= bucket * DAY
            {
                opening += 1;
            }
            self.buckets.push(u32::try_from(opening).unwrap_or(u32::MAX));
        }
    }

    /// The zone whose clocks the calendar follows.
    pub fn zone(&self) -> &ZoneTable {
        &self.zone
    }

    /// The first instant for which the holidays are no longer known, if that is said.
    pub const fn known_until(&self) -> Option<i64> {
        self.known_until
    }

    /// Whether the second instant lies before the first, which is a fault in the data.
    pub const fn is_reversed(start: i64, end: i64) -> bool {
        end < start
    }

    /// The open microseconds from the beginning of the table until an instant.
    pub fn open_before(&self, instant: i64) -> Result<i64, CalendarError> {
        let opening = self.next(instant)?;
        Ok(match self.openings.get(opening) {
            Some(opening) => opening.before + (instant - opening.start).max(0),
            None => self.total,
        })
    }

    /// The open microseconds from one instant until another.
    pub fn working_time(&self, start: i64, end: i64) -> Result<i64, CalendarError> {
        if Self::is_reversed(start, end) {
            return Err(CalendarError::Reversed);
        }
        Ok(self.open_before(end)? - self.open_before(start)?)
    }

    /// Whether the calendar is open at an instant; the closing instant is not.
    pub fn inside(&self, instant: i64) -> Result<bool, CalendarError> {
        let opening = self.openings.get(self.next(instant)?);
        Ok(opening.is_some_and(|opening| opening.start <= instant))
    }

    /// The instant itself if the calendar is open then, else the next opening.
    pub fn next_open(&self, instant: i64) -> Result<i64, CalendarError> {
        let opening = self.openings.get(self.next(instant)?);
        opening.map(|opening| opening.start.max(instant)).ok_or_else(|| self.ended())
    }

    /// The first instant at which an amount of open time has passed since another.
    ///
    /// An amount that ends with an opening is due at its closing instant. Nothing is due
    /// at once, or with the next opening.
    pub fn due(&self, start: i64, amount: i64) -> Result<i64, CalendarError> {
        match amount.cmp(&0) {
            Ordering::Less => Err(CalendarError::NegativeBudget),
            Ordering::Equal => self.next_open(start),
            Ordering::Greater => self.spent_at(start, amount),
        }
    }

    /// The last instant from which an amount of open time passes until another.
    ///
    /// It mirrors [`Self::due`]: an amount that begins with an opening is counted from its
    /// opening instant, and nothing from the instant itself or the last closing before it.
    pub fn before(&self, end: i64, amount: i64) -> Result<i64, CalendarError> {
        if amount < 0 {
            return Err(CalendarError::NegativeBudget);
        }
        let open = self.open_before(end)?;
        let left = open.checked_sub(amount).filter(|left| *left >= 0);
        let left = left.ok_or_else(|| self.ended())?;
        // Nothing at an opening instant goes back to the closing before it.
        let after = |opening: &Opening| {
            if amount == 0 { opening.before < left } else { opening.before <= left }
        };
        let number = self.openings.partition_point(after);
        let opening = number.checked_sub(1).and_then(|last| self.openings.get(last));
        let opening = opening.ok_or_else(|| self.ended())?;
        Ok(opening.start + (left - opening.before))
    }

    /// The number of the first opening that ends after an instant.
    fn next(&self, instant: i64) -> Result<usize, CalendarError> {
        if instant < self.from || instant > self.until {
            return Err(CalendarError::OutOfRange);
        }
        let bucket = usize::try_from(instant.div_euclid(DAY) - self.first_bucket);
        let bucket = bucket.map_err(|_| CalendarError::OutOfRange)?;
        let (low, high) =
            (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let ended = |opening: &Opening| opening.end <= instant;
        Ok(low + self.openings[low..high].partition_point(ended))
    }

    /// Where an amount above zero is spent, looked for in steps that double.
    fn spent_at(&self, start: i64, amount: i64) -> Result<i64, CalendarError> {
        let goal = self.open_before(start)?.checked_add(amount);
        let goal = goal.filter(|goal| *goal <= self.total).ok_or_else(|| self.ended())?;
        let (mut low, mut step) = (self.next(start)?, 1);
        while low + step < self.openings.len() && self.openings[low + step].before < goal
        {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.openings.len());
        let spent = |opening: &Opening| opening.before < goal;
        let last = low + self.openings[low..high].partition_point(spent);
        let opening = last.checked_sub(1).and_then(|last| self.openings.get(last));
        let opening = opening.ok_or_else(|| self.ended())?;
        Ok(opening.start + (goal - opening.before))
    }

    /// Why a search ran off the table.
    const fn ended(&self) -> CalendarError {
        if self.never_ends {
            CalendarError::OutOfRange
        } else {
            CalendarError::NeverOpens
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
