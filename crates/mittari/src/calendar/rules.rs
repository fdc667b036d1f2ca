//! What a service calendar says, as plain data: hours, breaks, holidays, exceptions.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use mittari_lang::metric::ServiceCalendar;

/// An opening or a break of a day, in seconds of local time since its midnight.
///
/// An end past 86,400 runs past midnight and belongs to the day it starts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours {
    /// The first second that belongs to it.
    pub start: u32,
    /// The first second that does not.
    pub end: u32,
}

impl Hours {
    /// The whole of a local day, however long it is.
    pub const WHOLE_DAY: Self = Self { start: 0, end: 86_400 };

    /// From one second of the day until another.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

/// Everything a calendar file says, already checked; days count from 1970-01-01.
///
/// A closure between two instants goes before what is said for a date, that before a
/// holiday, and a holiday before the weekly rule. Breaks are taken from every opening
/// they touch; the weekly ones hold on dates on which the weekly rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarRules {
    /// Whose clocks the hours are read from.
    pub zone: Tz,
    /// The hours of each weekday, Monday first.
    pub weekly: [Vec<Hours>; 7],
    /// The breaks of each weekday, Monday first.
    pub weekly_breaks: [Vec<Hours>; 7],
    /// The hours of single dates in place of all other rules; empty is closed.
    pub dates: BTreeMap<i32, Vec<Hours>>,
    /// The breaks of single dates.
    pub date_breaks: BTreeMap<i32, Vec<Hours>>,
    /// Dates that are closed.
    pub holidays: BTreeSet<i32>,
    /// Month and day that are closed every year.
    pub annual_holidays: BTreeSet<(u32, u32)>,
    /// Closures from one instant until another, in microseconds.
    pub closures: Vec<(i64, i64)>,
    /// The last date the holidays are known for.
    pub known_until: Option<i32>,
}

impl CalendarRules {
    /// A calendar that never opens.
    pub fn closed(zone: Tz) -> Self {
        Self {
            zone,
            weekly: std::array::from_fn(|_| Vec::new()),
            weekly_breaks: std::array::from_fn(|_| Vec::new()),
            dates: BTreeMap::new(),
            date_breaks: BTreeMap::new(),
            holidays: BTreeSet::new(),
            annual_holidays: BTreeSet::new(),
            closures: Vec::new(),
            known_until: None,
        }
    }

    /// A calendar that is open around the clock.
    pub fn always_open(zone: Tz) -> Self {
        let weekly = std::array::from_fn(|_| vec![Hours::WHOLE_DAY]);
        Self { weekly, ..Self::closed(zone) }
    }

    /// Whether the weekly rule opens at all, so that the calendar never ends.
    pub fn opens_weekly(&self) -> bool {
        self.weekly.iter().flatten().any(|hours| hours.start < hours.end)
    }
}

/// A calendar of the catalog; breaks are already taken out of its hours.
impl From<&ServiceCalendar> for CalendarRules {
    fn from(calendar: &ServiceCalendar) -> Self {
        let hours = |spans: &[(u32, u32)]| -> Vec<Hours> {
            spans.iter().map(|(start, end)| Hours::new(*start, *end)).collect()
        };
        let dates = calendar.dated.iter().map(|(day, spans)| (*day, hours(spans)));
        Self {
            weekly: calendar.weekly.each_ref().map(|spans| hours(spans)),
            dates: dates.collect(),
            holidays: calendar.holidays.iter().copied().collect(),
            closures: calendar.closures.clone(),
            known_until: calendar.known_until,
            ..Self::closed(calendar.zone)
        }
    }
}
