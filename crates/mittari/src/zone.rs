//! Local time of a zone: between instants and what its clocks show, in constant time.
//!
//! An instant is the number of microseconds since 1970-01-01T00:00Z. A local time is a
//! number of the same kind that reads the clock on the wall as if it were UTC.

mod years;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Datelike as _, NaiveDate, Offset as _, TimeZone as _};
use chrono_tz::Tz;

use self::years::Years;

/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds of an hour.
pub const HOUR: i64 = 3_600 * SECOND;
/// Microseconds of a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;
/// The first year the tables cover.
pub const FIRST_YEAR: i32 = 1900;
/// The last year the tables cover.
pub const LAST_YEAR: i32 = 2200;

/// 1970-01-01 in the count of chrono, which begins with the year 1.
const EPOCH_DAY: i32 = 719_163;
/// 1899-12-25 and 2201-01-08: a week more than the covered years on both sides.
const FIRST_DAY: i32 = -25_574;
const LAST_DAY: i32 = 84_377;
/// The same around the near years, 2000 to 2049, whose table is made first.
const NEAR_FIRST_DAY: i32 = 10_950;
const NEAR_LAST_DAY: i32 = 29_227;
/// More than any zone ever was away from UTC.
const WIDEST: i64 = 26 * HOUR;
/// A few weeks before the end of 64 bits.
const LAST_INSTANT: i64 = i64::MAX - 30 * DAY;

/// A time with one offset from UTC, until the next span begins.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    offset: i64,
}

impl Span {
    /// The instant at which a day begins whose midnight no clock before it has shown.
    fn starts(&self, midnight: i64) -> i64 {
        midnight.saturating_sub(self.offset).max(self.from)
    }
}

/// The offsets of a zone from 1900 to 2200 as tables; other years ask the zone itself.
///
/// The years in which most data lie have a table of their own, since one of three
/// hundred years takes longer to be made than a small file to be read.
#[derive(Debug)]
pub struct ZoneTable {
    zone: Tz,
    near: Years,
    far: OnceLock<Years>,
}

impl ZoneTable {
    /// Builds the table of a zone.
    pub fn new(zone: Tz) -> Self {
        let near = Years::new(zone, NEAR_FIRST_DAY, NEAR_LAST_DAY);
        Self { zone, near, far: OnceLock::new() }
    }

    /// The table of a zone, built once for the whole program.
    pub fn shared(zone: Tz) -> Arc<Self> {
        static TABLES: Mutex<Vec<Arc<ZoneTable>>> = Mutex::new(Vec::new());
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.iter().find(|table| table.zone == zone) {
            return Arc::clone(table);
        }
        let table = Arc::new(Self::new(zone));
        tables.push(Arc::clone(&table));
        table
    }

    /// The zone this is the table of.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// What the clocks show at an instant.
    pub fn local_micros(&self, instant: i64) -> i64 {
        let offset = self.asked(whole_days(instant), |years| years.offset(instant));
        instant.saturating_add(offset.unwrap_or_else(|| offset_at(self.zone, instant)))
    }

    /// The instant at which the clocks show a local time.
    ///
    /// A time the clocks skip moves forward by what they skip, of a time they show twice
    /// the first is taken: "compatible" in RFC 5545, `java.time` and Temporal.
    pub fn instant_of_local(&self, local: i64) -> i64 {
        let (earlier, span) = self.local_span(local);
        let instant = local.saturating_sub(span.offset);
        if instant < span.from { local.saturating_sub(earlier) } else { instant }
    }

    /// The first instant of a local day, given in days since 1970-01-01.
    ///
    /// Where midnight is skipped it is the first instant after the gap, where midnight
    /// comes twice the first one. A day that the zone skips is empty: it starts where
    /// the next one does.
    pub fn day_start(&self, day: i32) -> i64 {
        let start = self.asked(day, |years| years.day_start(day));
        start.unwrap_or_else(|| self.find_day_start(day))
    }

    /// The day whose half-open interval from its start to the next one's holds an instant.
    ///
    /// It is [`Self::local_day`] save where clocks go back over midnight: the day does not
    /// go back with them.
    pub fn day_of(&self, instant: i64) -> i32 {
        let day = whole_days(instant);
        let found = self.asked(day, |years| years.day_of(instant));
        found.unwrap_or_else(|| self.find_day(instant, day))
    }

    /// The date the calendar on the wall shows at an instant, in days since 1970-01-01.
    pub fn local_day(&self, instant: i64) -> i32 {
        whole_days(self.local_micros(instant))
    }

    /// The hour the clocks show at an instant, 0 to 23.
    pub fn hour(&self, instant: i64) -> u8 {
        let hour = self.local_micros(instant).rem_euclid(DAY) / HOUR;
        u8::try_from(hour).unwrap_or_default()
    }

    /// The weekday at an instant, 0 for Monday to 6 for Sunday.
    pub fn weekday(&self, instant: i64) -> u8 {
        weekday_of_day(self.local_day(instant))
    }

    /// What a table has to say of a day or an instant of it: the near one, else the one
    /// of all years, if it covers the day.
    #[inline]
    fn asked<T>(&self, day: i32, ask: impl Fn(&Years) -> Option<T>) -> Option<T> {
        ask(&self.near).or_else(|| self.far(day).and_then(&ask))
    }

    /// The table of all years, made when it is first needed.
    #[cold]
    fn far(&self, day: i32) -> Option<&Years> {
        let made = || Years::new(self.zone, FIRST_DAY, LAST_DAY);
        (FIRST_DAY..=LAST_DAY).contains(&day).then(|| self.far.get_or_init(made))
    }

    /// The first span whose clocks have not yet passed a local time, and the offset
    /// before it.
    fn local_span(&self, local: i64) -> (i64, Span) {
        let found = self.asked(whole_days(local), |years| years.local_span(local));
        found.unwrap_or_else(|| self.local_span_outside(local))
    }

    /// The same where the table does not reach.
    fn local_span_outside(&self, local: i64) -> (i64, Span) {
        let (low, high) = (local.saturating_sub(WIDEST), local.saturating_add(WIDEST));
        let (before, after) = (offset_at(self.zone, low), offset_at(self.zone, high));
        let first = Span { from: i64::MIN, offset: before };
        if before == after {
            return (before, first);
        }
        let change = change_between(self.zone, low, high);
        let second = Span { from: change, offset: after };
        (before, if local >= change.saturating_add(before) { second } else { first })
    }

    fn find_day_start(&self, day: i32) -> i64 {
        let midnight = i64::from(day).saturating_mul(DAY);
        self.local_span(midnight).1.starts(midnight)
    }

    /// The day of an instant outside the table, from a day that is near.
    fn find_day(&self, instant: i64, mut day: i32) -> i32 {
        // The last days that 64 bits can name have no next day to end at.
        let instant = instant.clamp(-LAST_INSTANT, LAST_INSTANT);
        while instant < self.find_day_start(day) {
            day -= 1;
        }
        while instant >= self.find_day_start(day + 1) {
            day += 1;
        }
        day
    }
}

/// The days since 1970-01-01 in a number of microseconds.
pub fn whole_days(micros: i64) -> i32 {
    // Every microsecond count fits: i64 holds 107 million days.
    i32::try_from(micros.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// The weekday of a day since 1970-01-01, 0 for Monday to 6 for Sunday.
pub fn weekday_of_day(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    u8::try_from((i64::from(day) + 3).rem_euclid(7)).unwrap_or_default()
}

/// The date of a number of days since 1970-01-01; none outside chrono's years.
pub fn date_of_day(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_DAY)?)
}

/// The number of days from 1970-01-01 to a date.
pub fn day_of_date(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_DAY
}

/// An instant in UTC as RFC 3339 writes it: `2026-01-31T22:00:00Z`.
pub fn utc_text(instant: i64) -> String {
    if let Some(text) = whole_second_text(instant) {
        return text;
    }
    let moment = DateTime::from_timestamp_micros(instant);
    moment.map_or_else(
        || instant.to_string(),
        |moment| moment.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string(),
    )
}

/// The same of a whole second of the years 1000 to 9999, without a format to be read.
fn whole_second_text(instant: i64) -> Option<String> {
    let date = date_of_day(whole_days(instant))?;
    let of_day = instant.rem_euclid(DAY);
    if of_day % SECOND != 0 || !(1000..=9999).contains(&date.year()) {
        return None;
    }
    let seconds = of_day / SECOND;
    let mut text = date.year().to_string();
    let parts = [
        ('-', i64::from(date.month())),
        ('-', i64::from(date.day())),
        ('T', seconds / 3600),
        (':', seconds / 60 % 60),
        (':', seconds % 60),
    ];
    for (sign, part) in parts {
        text.push(sign);
        for digit in [part / 10, part % 10] {
            text.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
        }
    }
    text.push('Z');
    Some(text)
}

/// The offset of a zone at an instant, in microseconds, from the zone's own data.
fn offset_at(zone: Tz, instant: i64) -> i64 {
    // All of i64 lies within ±292,300 years; beyond chrono's years nothing changes.
    let seconds = instant.div_euclid(SECOND).clamp(-8_000_000_000_000, 8_000_000_000_000);
    let moment = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let offset = zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
    i64::from(offset.local_minus_utc()) * SECOND
}

/// The instant after `low`, at most `high`, at which the offset of `high` begins.
fn change_between(zone: Tz, low: i64, high: i64) -> i64 {
    let after = offset_at(zone, high);
    let (mut low, mut high) = (low.div_euclid(SECOND), high.div_euclid(SECOND));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset_at(zone, middle * SECOND) == after {
            high = middle;
        } else {
            low = middle;
        }
    }
    high * SECOND
}

#[cfg(test)]
mod tests;
