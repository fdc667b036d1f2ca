//! A service calendar as written: weekly hours, breaks, holidays, dated exceptions.
//!
//! ```yaml
//! calendar: desk
//! title: The desk's agreed hours
//! time_zone: Europe/Helsinki
//! hours:
//!   mon-fri: 08:00-16:00
//!   sat: [10:00-12:00, 13:00-15:00]
//! breaks:
//!   mon-fri: 11:30-12:00
//! holidays:
//!   2026-01-01: New Year's Day
//! exceptions:
//!   2026-12-31: 08:00-12:00
//! closures:
//!   - {from: 2026-03-02 10:00, until: 2026-03-02 11:30, because: Fire drill.}
//! known_until: 2026-12-31
//! source: The contract, annex 2
//! ```

use crate::prose::Localised;
use crate::span::{SourceId, Span, Spanned};

/// A service calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// The file.
    pub source: SourceId,
    /// `calendar`: its name.
    pub name: Spanned<String>,
    /// `title`.
    pub title: Option<Localised>,
    /// `time_zone`: its zone by the IANA name; else the workspace's.
    pub time_zone: Option<Spanned<String>>,
    /// `always`: open all the time; then there are no hours.
    pub always: Option<Spanned<bool>>,
    /// `hours`: the week, in versions; the one that is not dated comes first.
    pub weeks: Vec<Week>,
    /// `breaks`: closed inside the weekly hours, in versions.
    pub breaks: Vec<Week>,
    /// `holidays`: days on which it is closed, in the order written.
    pub holidays: Vec<Holiday>,
    /// `every_year`: days of each year on which it is closed.
    pub every_year: Vec<Anniversary>,
    /// `exceptions`: days with hours of their own; they win over the week, its breaks
    /// and the holidays.
    pub exceptions: Vec<Exception>,
    /// `closures`: times between two moments in which it is closed.
    pub closures: Vec<Closure>,
    /// `known_until`: the last day for which holidays and exceptions are entered, in
    /// days since 1970-01-01.
    pub known_until: Option<Spanned<i32>>,
    /// `source`: where its facts come from.
    pub origin: Vec<Localised>,
    /// `notes`.
    pub notes: Vec<Localised>,
}

/// The hours of a week, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// The first day it is in force, in days since 1970-01-01; none for always.
    pub since: Option<Spanned<i32>>,
    /// What was written for a day or a range of days, in the order written. A day that
    /// no entry names is closed; no day is named twice.
    pub days: Vec<WeekDays>,
}

/// `mon-fri: [08:00-12:00, 13:00-16:00]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekDays {
    /// The days, 0 for Monday to 6 for Sunday.
    pub days: Spanned<Vec<u8>>,
    /// When it is open; empty for `closed`.
    pub open: Vec<Spanned<TimeRange>>,
}

/// A half-open time of a day, in seconds of local time since midnight.
///
/// An end at or before the start as written lies on the next day: `22:00-06:00` is
/// 79 200 to 108 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeRange {
    /// The first second, below 86 400.
    pub from: u32,
    /// The second after the last one, above `from`, at most 172 800.
    pub until: u32,
}

/// A day on which it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Holiday {
    /// The day, in days since 1970-01-01.
    pub day: Spanned<i32>,
    /// What people call it.
    pub name: Option<Localised>,
}

/// A day of each year on which it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Anniversary {
    /// The month and the day in it.
    pub day: Spanned<MonthDay>,
    /// What people call it.
    pub name: Option<Localised>,
}

/// A month, 1 to 12, and a day in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// The month, 1 to 12.
    pub month: u8,
    /// The day in it, from 1.
    pub day: u8,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Exception {
    /// The day, in days since 1970-01-01.
    pub day: Spanned<i32>,
    /// When it is open; empty for `closed`.
    pub open: Vec<Spanned<TimeRange>>,
    /// `because`.
    pub because: Option<Localised>,
}

/// A time between two moments in which it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure {
    /// `from`: the first moment.
    pub from: Spanned<Moment>,
    /// `until`: the moment it opens again.
    pub until: Spanned<Moment>,
    /// `because`.
    pub because: Option<Localised>,
    /// Where all of it stands.
    pub span: Span,
}

/// A date and time as written, in a zone that is said elsewhere unless it carries an
/// offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Microseconds of the wall clock since 1970-01-01 00:00.
    pub local: i64,
    /// Seconds east of UTC, if the text says so: `Z`, `+02:00`.
    pub offset: Option<i32>,
}
