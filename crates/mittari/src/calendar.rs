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

mod build;
mod pauses;
mod rules;
mod years;

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use thiserror::Error;

pub use self::rules::{CalendarRules, Hours};
use self::years::Years;
use crate::zone::{FIRST_YEAR, LAST_YEAR, ZoneTable};

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

/// The first year of the table that is made first, in which most data lie.
const NEAR_FIRST_YEAR: i32 = 2000;
/// The last year of that table.
const NEAR_LAST_YEAR: i32 = 2049;

/// A service calendar made ready for measuring.
///
/// The years in which most data lie have a table of their own, since one of three
/// hundred years takes longer to be made than a small file to be read.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Arc<ZoneTable>,
    near: Years,
    /// Where the near years are not all: the rules, and the table of all years, made
    /// when it is first needed.
    far: Option<Box<(CalendarRules, OnceLock<Option<Years>>)>>,
    known_until: Option<i64>,
}

impl Calendar {
    /// The calendar of the years 1900 to 2200.
    pub fn new(rules: &CalendarRules) -> Result<Self, CalendarError> {
        if !build::is_modest(rules) {
            return Self::covering(rules, FIRST_YEAR, LAST_YEAR);
        }
        let near = Self::covering(rules, NEAR_FIRST_YEAR, NEAR_LAST_YEAR)?;
        let far = Some(Box::new((rules.clone(), OnceLock::new())));
        Ok(Self { near: near.near.without_end(), far, ..near })
    }

    /// The calendar of some years, both included; no other instants can be measured.
    pub fn covering(
        rules: &CalendarRules,
        first_year: i32,
        last_year: i32,
    ) -> Result<Self, CalendarError> {
        let zone = ZoneTable::shared(rules.zone);
        let near = Years::new(rules, &zone, (first_year, last_year))?;
        let known = rules.known_until.and_then(|day| day.checked_add(1));
        let known_until = known.map(|day| zone.day_start(day));
        Ok(Self { zone, near, far: None, known_until })
    }

    /// What the table of the near years says, else that of all years.
    fn asked<T>(
        &self,
        ask: impl Fn(&Years) -> Result<T, CalendarError>,
    ) -> Result<T, CalendarError> {
        let found = ask(&self.near);
        match (&found, &self.far) {
            (Err(CalendarError::OutOfRange | CalendarError::NeverOpens), Some(far)) => {
                self.far(far).map_or(found, ask)
            }
            _ => found,
        }
    }

    #[cold]
    fn far<'a>(
        &self,
        (rules, years): &'a (CalendarRules, OnceLock<Option<Years>>),
    ) -> Option<&'a Years> {
        let all = (FIRST_YEAR, LAST_YEAR);
        years.get_or_init(|| Years::new(rules, &self.zone, all).ok()).as_ref()
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

    /// The open microseconds from one instant until another.
    pub fn working_time(&self, start: i64, end: i64) -> Result<i64, CalendarError> {
        if Self::is_reversed(start, end) {
            return Err(CalendarError::Reversed);
        }
        self.asked(|years| years.between(start, end).ok_or(CalendarError::OutOfRange))
    }

    /// Whether the calendar is open at an instant; the closing instant is not.
    pub fn inside(&self, instant: i64) -> Result<bool, CalendarError> {
        self.asked(|years| years.inside(instant))
    }

    /// The instant itself if the calendar is open then, else the next opening.
    pub fn next_open(&self, instant: i64) -> Result<i64, CalendarError> {
        self.asked(|years| years.next_open(instant))
    }

    /// The first instant at which an amount of open time has passed since another.
    ///
    /// An amount that ends with an opening is due at its closing instant. Nothing is due
    /// at once, or with the next opening.
    pub fn due(&self, start: i64, amount: i64) -> Result<i64, CalendarError> {
        match amount.cmp(&0) {
            Ordering::Less => Err(CalendarError::NegativeBudget),
            Ordering::Equal => self.next_open(start),
            Ordering::Greater => self.asked(|years| years.spent_at(start, amount)),
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
        self.asked(|years| years.before(end, amount))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
