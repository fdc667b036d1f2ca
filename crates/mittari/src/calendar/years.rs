//! The openings of a service calendar over some years as a table.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is bounded by the table it reads"
)]

use chrono::NaiveDate;

use super::{CalendarError, CalendarRules, build};
use crate::zone::{ZoneTable, day_of_date};

/// A stretch of time has two to this many microseconds, a little less than five hours: so
/// that most of them have no more than one closing.
const STRETCH: u32 = 34;

/// An open interval and the open microseconds before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    start: i64,
    end: i64,
    before: i64,
}

/// The openings of some years.
#[derive(Debug, Clone)]
pub(super) struct Years {
    from: i64,
    until: i64,
    /// The last instant that may be asked for.
    last: i64,
    /// For each stretch from the first instant on, the number of the first opening that
    /// ends after the stretch begins.
    buckets: Vec<u32>,
    pub(super) openings: Vec<Opening>,
    total: i64,
    never_ends: bool,
}

impl Years {
    /// The openings from one year to another, both included.
    pub(super) fn new(
        rules: &CalendarRules,
        zone: &ZoneTable,
        (first_year, last_year): (i32, i32),
    ) -> Result<Self, CalendarError> {
        let january = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).map(day_of_date);
        let (first, last) = (january(first_year), january(last_year.saturating_add(1)));
        let (first, last) = first.zip(last).ok_or(CalendarError::OutOfRange)?;
        let (from, until) = (zone.day_start(first), zone.day_start(last));
        let mut openings = Vec::new();
        let mut total = 0_i64;
        for (start, end) in build::open_intervals(rules, zone, (first, last))? {
            let (start, end) = (start.max(from), end.min(until));
            if start < end {
                openings.push(Opening { start, end, before: total });
                total += end - start;
            }
        }
        let mut years = Self {
            from,
            until,
            last: until,
            buckets: Vec::new(),
            openings,
            total,
            never_ends: rules.opens_weekly(),
        };
        years.index();
        Ok(years)
    }

    /// The same openings, of which the end is not asked for: later years may open with it.
    pub(super) fn without_end(self) -> Self {
        Self { last: self.until - 1, ..self }
    }

    fn index(&mut self) {
        let mut opening = 0;
        // One more than the last stretch, so that each has a next one.
        for bucket in 0..=((self.until - self.from) >> STRETCH) + 1 {
            let start = self.from + (bucket << STRETCH);
            while opening < self.openings.len() && self.openings[opening].end <= start {
                opening += 1;
            }
            self.buckets.push(u32::try_from(opening).unwrap_or(u32::MAX));
        }
    }

    /// The open microseconds from the beginning of the table until an instant.
    pub(super) fn open_before(&self, instant: i64) -> Result<i64, CalendarError> {
        self.reaches(instant)?;
        Ok(self.open_until(instant))
    }

    /// The open microseconds between two instants, the first of which is the earlier one;
    /// none where the table does not reach.
    #[inline]
    pub(super) fn between(&self, start: i64, end: i64) -> Option<i64> {
        let inside = self.from <= start && end <= self.last;
        inside.then(|| self.open_until(end) - self.open_until(start))
    }

    #[inline]
    fn open_until(&self, instant: i64) -> i64 {
        match self.openings.get(self.next_of(instant)) {
            Some(opening) => opening.before + (instant - opening.start).max(0),
            None => self.total,
        }
    }

    const fn reaches(&self, instant: i64) -> Result<(), CalendarError> {
        if instant < self.from || instant > self.last {
            return Err(CalendarError::OutOfRange);
        }
        Ok(())
    }

    /// Whether the calendar is open at an instant; the closing instant is not.
    pub(super) fn inside(&self, instant: i64) -> Result<bool, CalendarError> {
        let opening = self.openings.get(self.next(instant)?);
        Ok(opening.is_some_and(|opening| opening.start <= instant))
    }

    /// The instant itself if the calendar is open then, else the next opening.
    pub(super) fn next_open(&self, instant: i64) -> Result<i64, CalendarError> {
        let opening = self.openings.get(self.next(instant)?);
        opening.map(|opening| opening.start.max(instant)).ok_or_else(|| self.ended())
    }

    /// The last instant from which an amount of open time passes until another.
    pub(super) fn before(&self, end: i64, amount: i64) -> Result<i64, CalendarError> {
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
        self.reaches(instant)?;
        Ok(self.next_of(instant))
    }

    /// The same for an instant that the table reaches.
    #[inline]
    fn next_of(&self, instant: i64) -> usize {
        let bucket = usize::try_from((instant - self.from) >> STRETCH).unwrap_or(0);
        let (low, high) =
            (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let ended = |opening: &Opening| opening.end <= instant;
        // Where one opening ends, on which side of it the instant lies is not guessed.
        low + match &self.openings[low..high] {
            [] => 0,
            [only] => usize::from(ended(only)),
            several => several.partition_point(ended),
        }
    }

    /// Where an amount above zero is spent, looked for in steps that double.
    pub(super) fn spent_at(&self, start: i64, amount: i64) -> Result<i64, CalendarError> {
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
