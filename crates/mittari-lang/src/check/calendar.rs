//! A service calendar, made ready: each day's open hours, breaks taken out.
//!
//! ```text
//! hours       08:00 ├──────────────────┤ 16:00
//! breaks              11:30 ├─┤ 12:00
//! a Monday    08:00 ├───────┤ ├────────┤ 16:00
//! ```

mod complaints;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use chrono_tz::Tz;

use super::zone;
use crate::diagnostic::{Diagnostic, Outcome};
use crate::hours::{Hours, MonthDay, TimeRange, Week};
use crate::metric::ServiceCalendar;
use crate::span::{Span, Spanned};

/// Open hours of a day: seconds of local time, sorted, apart from each other.
type Day = Vec<(u32, u32)>;

/// The years for which days of each year and dated weeks are written out; the engine
/// measures in no others.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
const NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Makes service calendars ready; those that are unsound are left out. A calendar that
/// names no zone has that of the workspace.
pub fn calendars(written: &[Hours], zone: Tz) -> Outcome<Vec<ServiceCalendar>> {
    let mut outcome = Outcome::clean(Vec::new());
    for (number, hours) in written.iter().enumerate() {
        let before = written.iter().take(number);
        let first = before.map(|one| &one.name).find(|one| one.value == hours.name.value);
        if let Some(first) = first {
            outcome.diagnostics.push(complaints::twice(&hours.name, first.span));
            continue;
        }
        let checked = calendar(hours, zone);
        outcome.diagnostics.extend(checked.diagnostics);
        outcome.value.extend(checked.value);
    }
    outcome
}

/// Makes one service calendar ready.
pub fn calendar(written: &Hours, zone: Tz) -> Outcome<Option<ServiceCalendar>> {
    let mut reader = Reader::default();
    let calendar = reader.calendar(written, zone);
    let sound = !reader.diagnostics.iter().any(Diagnostic::is_error);
    Outcome { value: sound.then_some(calendar), diagnostics: reader.diagnostics }
}

/// What is said while a calendar is read.
#[derive(Default)]
struct Reader {
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn complain(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn calendar(&mut self, written: &Hours, fallback: Tz) -> ServiceCalendar {
        let zone = match written.time_zone.as_ref().map(zone::zone) {
            Some(Ok(zone)) => zone,
            Some(Err(diagnostic)) => {
                self.complain(diagnostic);
                fallback
            }
            None => fallback,
        };
        let weeks = self.weeks(written);
        let holidays = self.holidays(written);
        let exceptions = self.exceptions(written);
        let dated = write_out(&weeks, &holidays, exceptions);
        let weekly = weeks.last().map(|(_, week)| week.clone()).unwrap_or_default();
        let open = weeks.iter().flat_map(|(_, week)| week).chain(dated.values());
        if open.flatten().next().is_none()
            && !self.diagnostics.iter().any(Diagnostic::is_error)
        {
            self.complain(complaints::never_open(&written.name));
        }
        let closures = self.closures(written, zone);
        self.horizon(written);
        ServiceCalendar {
            name: written.name.value.clone(),
            zone,
            weekly,
            dated: dated.into_iter().collect(),
            holidays: holidays.into_iter().collect(),
            closures,
            known_until: written.known_until.as_ref().map(|day| day.value),
        }
    }

    /// The weeks in the order they come into force, the first one from ever on; breaks
    /// are taken out by the week of breaks that is in force with each.
    fn weeks(&mut self, written: &Hours) -> Vec<(i32, [Day; 7])> {
        if written.always.as_ref().is_some_and(|always| always.value) {
            let whole = || vec![(0, 86_400)];
            return vec![(i32::MIN, std::array::from_fn(|_| whole()))];
        }
        self.distinct(&written.weeks);
        self.distinct(&written.breaks);
        let hours: Vec<_> =
            written.weeks.iter().map(|week| (since(week), self.openings(week))).collect();
        let breaks: Vec<_> =
            written.breaks.iter().map(|week| (since(week), week)).collect();
        let begins: BTreeSet<i32> = hours
            .iter()
            .map(|(day, _)| *day)
            .chain(breaks.iter().map(|(day, _)| *day))
            .collect();
        let mut weeks = Vec::new();
        for begin in begins {
            let mut week =
                in_force(&hours, begin).map(|(_, week)| week.clone()).unwrap_or_default();
            if let Some((_, breaks)) = in_force(&breaks, begin) {
                self.take_out(&mut week, breaks);
            }
            weeks.push((begin, week));
        }
        // Before the first week that is dated nothing was open.
        if weeks.first().is_some_and(|(begin, _)| *begin != i32::MIN) {
            weeks.insert(0, (i32::MIN, Default::default()));
        }
        weeks
    }

    fn distinct(&mut self, weeks: &[Week]) {
        for (number, week) in weeks.iter().enumerate() {
            let first = weeks.iter().take(number).find(|one| since(one) == since(week));
            if let (Some(first), Some(here)) = (first, week.days.first()) {
                let span = week.since.as_ref().map_or(here.days.span, |day| day.span);
                let other = first.days.first().map_or(span, |days| days.days.span);
                self.complain(complaints::week_twice(span, other));
            }
        }
    }

    /// The openings of each day of a week.
    fn openings(&mut self, week: &Week) -> [Day; 7] {
        let mut days: [Day; 7] = Default::default();
        for entry in &week.days {
            let open = self.day(&entry.open);
            for number in &entry.days.value {
                if let Some(day) = days.get_mut(usize::from(*number)) {
                    day.clone_from(&open);
                }
            }
        }
        days
    }

    /// The openings written for a day: sorted, those that touch made one. One that
    /// begins inside another is likely a slip and is refused.
    fn day(&mut self, written: &[Spanned<TimeRange>]) -> Day {
        let mut sorted: Vec<_> = written.iter().collect();
        sorted.sort_by_key(|range| (range.value, range.span.start));
        let mut day = Day::new();
        let mut last: Option<&Spanned<TimeRange>> = None;
        for range in sorted {
            let TimeRange { from, until } = range.value;
            if from > 0 && until.checked_sub(from) == Some(86_400) {
                self.complain(complaints::whole_day_from(range.span, &clock(from)));
            }
            match (last, day.last_mut()) {
                (Some(before), Some(open)) if from < open.1 => {
                    self.complain(complaints::overlap(range.span, before.span));
                    open.1 = open.1.max(until);
                }
                (_, Some(open)) if from == open.1 => open.1 = until,
                _ => day.push((from, until)),
            }
            last = Some(range);
        }
        day
    }

    /// Takes the breaks of a week out of its openings. A break that an opening reaches
    /// only past midnight belongs there; one outside all openings of a day is a slip.
    fn take_out(&mut self, week: &mut [Day; 7], breaks: &Week) {
        for entry in &breaks.days {
            for range in &entry.open {
                for number in entry.days.value.iter().map(|number| usize::from(*number)) {
                    let Some(day) = week.get_mut(number) else { continue };
                    let TimeRange { from, until } = range.value;
                    let shifts = [0, 86_400];
                    let reached = shifts.into_iter().find(|shift| {
                        day.iter()
                            .any(|open| from + shift < open.1 && open.0 < until + shift)
                    });
                    match reached {
                        Some(shift) => cut(day, (from + shift, until + shift)),
                        None if day.is_empty() => {}
                        None => {
                            let name = NAMES.get(number).copied().unwrap_or_default();
                            self.complain(complaints::idle_break(range.span, name));
                        }
                    }
                }
            }
        }
    }

    /// All days without hours: those that were written, and those of each year.
    fn holidays(&mut self, written: &Hours) -> BTreeSet<i32> {
        let mut first: BTreeMap<i32, Span> = BTreeMap::new();
        for holiday in &written.holidays {
            let Spanned { value, span } = holiday.day;
            if let Some(other) = first.insert(value, span) {
                let day = date(value);
                self.complain(complaints::day_twice(span, other, "holiday", &day));
            }
        }
        let mut days: BTreeSet<i32> = first.into_keys().collect();
        for yearly in &written.every_year {
            let MonthDay { month, day } = yearly.day.value;
            // Of the years 2000 was a leap year, so a 29 February is a day.
            if day_of(2000, month, day).is_none() {
                self.complain(complaints::no_such_day(yearly.day.span, month, day));
            }
            days.extend(YEARS.filter_map(|year| day_of(year, month, day)));
        }
        days
    }

    fn exceptions(&mut self, written: &Hours) -> BTreeMap<i32, Day> {
        let mut days = BTreeMap::new();
        let mut first: BTreeMap<i32, Span> = BTreeMap::new();
        for exception in &written.exceptions {
            let Spanned { value, span } = exception.day;
            if let Some(other) = first.insert(value, span) {
                let day = date(value);
                self.complain(complaints::day_twice(span, other, "exception", &day));
            }
            days.insert(value, self.day(&exception.open));
        }
        days
    }

    fn closures(&mut self, written: &Hours, zone: Tz) -> Vec<(i64, i64)> {
        let mut closures = Vec::new();
        for closure in &written.closures {
            let mut ends = [0_i64; 2];
            for (end, moment) in ends.iter_mut().zip([&closure.from, &closure.until]) {
                match zone::instant(moment.value, zone) {
                    Some(instant) => *end = instant,
                    None => self.complain(complaints::out_of_range(moment.span)),
                }
            }
            let [from, until] = ends;
            if until <= from {
                self.complain(complaints::reversed(
                    closure.until.span,
                    closure.from.span,
                ));
            }
            closures.push((from, until));
        }
        closures.sort_unstable();
        closures
    }

    /// What is written for days after the last known one contradicts it.
    fn horizon(&mut self, written: &Hours) {
        let Some(known) = &written.known_until else { return };
        let days = written.holidays.iter().map(|holiday| &holiday.day);
        let days = days.chain(written.exceptions.iter().map(|exception| &exception.day));
        let late = days.filter(|day| day.value > known.value).max_by_key(|day| day.value);
        if let Some(late) = late {
            let (day, until) = (date(late.value), date(known.value));
            self.complain(complaints::beyond_known(late.span, &day, known.span, &until));
        }
    }
}

/// The day a week comes into force.
fn since(week: &Week) -> i32 {
    week.since.as_ref().map_or(i32::MIN, |day| day.value)
}

/// Of versions the one in force on a day: the latest that began by then.
fn in_force<T>(versions: &[(i32, T)], day: i32) -> Option<&(i32, T)> {
    versions.iter().filter(|(since, _)| *since <= day).max_by_key(|(since, _)| *since)
}

/// Takes a time out of the openings of a day.
fn cut(day: &mut Day, (from, until): (u32, u32)) {
    let parts = |open: &(u32, u32)| {
        let before = (open.0, open.1.min(from).max(open.0));
        let after = (open.0.max(until).min(open.1), open.1);
        [before, after]
    };
    *day = day.iter().flat_map(parts).filter(|(from, until)| from < until).collect();
}

/// Days with hours of their own: the exceptions, and each day of a week that a later
/// one has replaced. The last week is left as the rule.
fn write_out(
    weeks: &[(i32, [Day; 7])],
    holidays: &BTreeSet<i32>,
    exceptions: BTreeMap<i32, Day>,
) -> BTreeMap<i32, Day> {
    let mut days = BTreeMap::new();
    let first = day_of(*YEARS.start(), 1, 1).unwrap_or(0);
    for pair in weeks.windows(2) {
        let [(begin, week), (end, _)] = pair else { continue };
        for day in (*begin).max(first)..*end {
            // Day 0 was a Thursday.
            let number = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
            let open = week.get(number).cloned().unwrap_or_default();
            let open = if holidays.contains(&day) { Day::new() } else { open };
            days.insert(day, open);
        }
    }
    days.extend(exceptions);
    days
}

/// The day of a date, counted from 1970-01-01.
fn day_of(year: i32, month: u8, day: u8) -> Option<i32> {
    let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
    date.num_days_from_ce().checked_sub(719_163)
}

/// A day as people write it.
fn date(day: i32) -> String {
    day.checked_add(719_163)
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .map_or_else(|| day.to_string(), |date| date.to_string())
}

/// A time of day as people write it.
fn clock(second: u32) -> String {
    format!("{:02}:{:02}", second / 3_600 % 24, second / 60 % 60)
}

#[cfg(test)]
mod tests;
