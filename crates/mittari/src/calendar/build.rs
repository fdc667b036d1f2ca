//! From a calendar's rules to its open intervals: sorted, merged and half-open.

use chrono::Datelike as _;

use super::{CalendarError, CalendarRules, Hours};
use crate::zone::{DAY, SECOND, ZoneTable, date_of_day, weekday_of_day};

/// A half-open interval between two instants.
pub(super) type Interval = (i64, i64);

/// More openings than any desk has; a bound for hostile rules.
const MOST_INTERVALS: usize = 4_000_000;
/// Hours may run at most this far past the midnight they are counted from.
const LONGEST_HOURS: u32 = 7 * 86_400;

/// Whether the rules have neither too long hours nor too many for any years.
pub(super) fn is_modest(rules: &CalendarRules) -> bool {
    /// More than there are from 1900 to 2200.
    const WEEKS: usize = 16_000;
    let weekly = || rules.weekly.iter().chain(&rules.weekly_breaks).flatten();
    let dated = || rules.dates.values().chain(rules.date_breaks.values()).flatten();
    let short = weekly().chain(dated()).all(|hours| hours.end <= LONGEST_HOURS);
    let count = weekly().count().saturating_mul(WEEKS);
    short && count + dated().count() + rules.closures.len() < MOST_INTERVALS
}

/// The open intervals of the days from `first` to `last`, both included.
///
/// The days before `first` whose hours reach into it are counted too.
pub(super) fn open_intervals(
    rules: &CalendarRules,
    zone: &ZoneTable,
    (first, last): (i32, i32),
) -> Result<Vec<Interval>, CalendarError> {
    let (mut openings, mut closings) = (Vec::new(), rules.closures.clone());
    for day in first.saturating_sub(7)..=last {
        let (hours, breaks) = rule_of_day(rules, day);
        convert(zone, day, hours, &mut openings)?;
        convert(zone, day, breaks, &mut closings)?;
        if let Some(breaks) = rules.date_breaks.get(&day) {
            convert(zone, day, breaks, &mut closings)?;
        }
        if openings.len().max(closings.len()) > MOST_INTERVALS {
            return Err(CalendarError::TooManyOpenings);
        }
    }
    Ok(subtract(&merge(openings), &merge(closings)))
}

/// The hours and weekly breaks of a day, by precedence.
fn rule_of_day(rules: &CalendarRules, day: i32) -> (&[Hours], &[Hours]) {
    if let Some(hours) = rules.dates.get(&day) {
        return (hours, &[]);
    }
    if rules.holidays.contains(&day) || is_annual_holiday(rules, day) {
        return (&[], &[]);
    }
    let weekday = usize::from(weekday_of_day(day));
    let hours = rules.weekly.get(weekday).map_or(&[][..], Vec::as_slice);
    (hours, rules.weekly_breaks.get(weekday).map_or(&[][..], Vec::as_slice))
}

fn is_annual_holiday(rules: &CalendarRules, day: i32) -> bool {
    let date = if rules.annual_holidays.is_empty() { None } else { date_of_day(day) };
    date.is_some_and(|date| rules.annual_holidays.contains(&(date.month(), date.day())))
}

/// Turns the hours of a day into instants, each clock time once.
fn convert(
    zone: &ZoneTable,
    day: i32,
    hours: &[Hours],
    into: &mut Vec<Interval>,
) -> Result<(), CalendarError> {
    let midnight = i64::from(day) * DAY;
    for one in hours {
        if one.end > LONGEST_HOURS {
            return Err(CalendarError::HoursTooLong);
        }
        let start = zone.instant_of_local(midnight + i64::from(one.start) * SECOND);
        let end = zone.instant_of_local(midnight + i64::from(one.end) * SECOND);
        // An opening that the clocks skip can end before it begins: it is empty.
        if start < end {
            into.push((start, end));
        }
    }
    Ok(())
}

/// Sorts intervals and joins those that overlap or touch.
pub(super) fn merge(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.retain(|(start, end)| start < end);
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for (start, end) in intervals {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What of merged openings is left beside merged closings.
fn subtract(openings: &[Interval], closings: &[Interval]) -> Vec<Interval> {
    let mut left = Vec::with_capacity(openings.len());
    let mut closings = closings.iter().copied().peekable();
    for &(mut start, end) in openings {
        while let Some(&(from, until)) = closings.peek() {
            if from >= end {
                break;
            }
            if from > start {
                left.push((start, from));
            }
            start = start.max(until);
            if until > end {
                break;
            }
            closings.next();
        }
        if start < end {
            left.push((start, end));
        }
    }
    left
}
