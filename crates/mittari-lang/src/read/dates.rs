//! Days, moments and opening hours.

use chrono::{NaiveDate, NaiveTime};
use serde_json::{Value as Json, json};

use crate::hours::{Moment, MonthDay, TimeRange};
use crate::span::Spanned;

use super::complaints;
use super::cx::Cx;
use super::field::Kind;
use super::yaml::Node;

/// The day of a text `2026-01-31`, in days since 1970-01-01.
pub fn day(text: &str) -> Option<i32> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let since = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(since).ok()
}

/// The number of a text with exactly so many digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let sound = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| sound)
}

/// Whether a text looks like a day, if perhaps one that does not exist.
pub(crate) fn looks_like_day(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3
        && parts.iter().all(|part| number(part))
        && parts.first().map(|part| part.len()) == Some(4)
}

/// A day of the calendar.
pub(crate) struct Day;

impl Day {
    /// The day of a text and its place.
    pub(crate) fn of(text: Spanned<&str>, cx: &mut Cx<'_>) -> Option<Spanned<i32>> {
        let found = day(text.value.trim());
        if found.is_none() {
            cx.say(complaints::day(text.span, text.value));
        }
        Some(Spanned::new(found?, text.span))
    }
}

impl Kind for Day {
    type Out = Spanned<i32>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "a day")?;
        Self::of(Spanned::new(text.text.as_str(), text.whole()), cx)
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"})
    }

    fn words() -> String {
        "a day, as `2026-01-31`".into()
    }
}

/// A month and a day in it.
pub(crate) struct DayOfYear;

impl DayOfYear {
    /// The month and day of a text `12-24` and its place.
    pub(crate) fn of(text: Spanned<&str>, cx: &mut Cx<'_>) -> Option<Spanned<MonthDay>> {
        let found = month_day(text.value.trim());
        if found.is_none() {
            let wanted = "a month and a day as `12-24`";
            cx.say(complaints::word(text.span, wanted, text.value));
        }
        Some(Spanned::new(found?, text.span))
    }
}

fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (digits(month, 2)?, digits(day, 2)?);
    // A leap year has every day that any year has.
    NaiveDate::from_ymd_opt(2024, month, day)?;
    Some(MonthDay { month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
}

impl Kind for DayOfYear {
    type Out = Spanned<MonthDay>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "a month and a day")?;
        Self::of(Spanned::new(text.text.as_str(), text.whole()), cx)
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^\\d{2}-\\d{2}$"})
    }

    fn words() -> String {
        "a month and a day, as `12-24`".into()
    }
}

/// A day and a time of it.
pub(crate) struct MomentKind;

impl Kind for MomentKind {
    type Out = Spanned<Moment>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "a day and time")?;
        let found = moment(text.text.trim());
        if found.is_none() {
            cx.say(complaints::moment(text.whole(), &text.text));
        }
        Some(Spanned::new(found?, text.whole()))
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}"})
    }

    fn words() -> String {
        "a day, or a day and time, as `2026-01-31 08:00`".into()
    }
}

/// The moment of a text: a day, a time, an offset; the last two may be left off.
pub fn moment(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, offset) = match rest.strip_prefix(['T', ' ']) {
        None if rest.is_empty() => ("00:00", None),
        None => return None,
        Some(rest) => with_offset(rest)?,
    };
    let seconds = i64::from(day(date)?) * 86_400 + i64::from(time(clock)?);
    Some(Moment { local: seconds.checked_mul(1_000_000)?, offset })
}

/// A time and the offset behind it, in seconds east of UTC.
fn with_offset(text: &str) -> Option<(&str, Option<i32>)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock.trim_end(), Some(0)));
    }
    let Some(at) = text.find(['+', '-']) else { return Some((text, None)) };
    let (clock, offset) = (text.get(..at)?, text.get(at + 1..)?);
    let seconds = i32::try_from(time(offset)?).ok()?;
    let east = if text.get(at..)?.starts_with('-') { -seconds } else { seconds };
    Some((clock.trim_end(), Some(east)))
}

/// The seconds since midnight of `08:00` or `08:00:30`.
fn time(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = match parts.next() {
        Some(second) => digits(second, 2)?,
        None => 0,
    };
    NaiveTime::from_hms_opt(hour, minute, second)?;
    parts.next().is_none().then_some(hour * 3_600 + minute * 60 + second)
}

/// Opening hours of a day: `08:00-16:00`, or none for `closed`.
pub(crate) struct OpenTime;

impl Kind for OpenTime {
    type Out = Option<Spanned<TimeRange>>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "opening hours")?;
        if text.text.trim() == "closed" {
            return Some(None);
        }
        let range = range(&text.text);
        if range.is_none() {
            cx.say(complaints::clock(text.whole(), &text.text));
        }
        Some(Some(Spanned::new(range?, text.whole())))
    }

    fn schema() -> Json {
        let range = "(closed|\\d{2}:\\d{2}(:\\d{2})?\\s*-\\s*\\d{2}:\\d{2}(:\\d{2})?)";
        json!({"type": "string", "pattern": format!("^\\s*{range}\\s*$")})
    }

    fn words() -> String {
        "hours as `08:00-16:00`, or `closed`".into()
    }
}

/// A half-open time of a day; an end at or before the start lies on the next day.
fn range(text: &str) -> Option<TimeRange> {
    const DAY: u32 = 86_400;
    let (from, until) = text.trim().split_once('-')?;
    let from = time(from.trim_end())?;
    let until = match until.trim_start() {
        "24:00" | "24:00:00" => DAY,
        text => time(text)?,
    };
    let until = if until <= from { until + DAY } else { until };
    Some(TimeRange { from, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2026-01-31"), Some(20_484));
        for odd in
            ["2026-02-29", "2026-1-31", "31.1.2026", "20260131", "2026-01-31-1", ""]
        {
            assert_eq!(day(odd), None, "{odd}");
        }
    }

    #[test]
    fn moments_may_carry_an_offset() {
        let second = 1_000_000;
        let at = |text| moment(text).map(|moment| (moment.local / second, moment.offset));
        assert_eq!(at("1970-01-02"), Some((86_400, None)));
        assert_eq!(at("1970-01-01 00:01:05"), Some((65, None)));
        assert_eq!(at("1970-01-01T02:00+02:00"), Some((7_200, Some(7_200))));
        assert_eq!(at("1970-01-01T02:00Z"), Some((7_200, Some(0))));
        assert_eq!(at("1970-01-01T02:00-03:30"), Some((7_200, Some(-12_600))));
        for odd in
            ["1970-01-01 25:00", "1970-01-01x", "1970", "1970-01-01 08", "ä970-01-01"]
        {
            assert_eq!(at(odd), None, "{odd}");
        }
    }

    #[test]
    fn hours_may_pass_midnight() {
        let of = |text| range(text).map(|range| (range.from / 60, range.until / 60));
        assert_eq!(of("08:00-16:00"), Some((480, 960)));
        assert_eq!(of("08:00 - 24:00"), Some((480, 1_440)));
        assert_eq!(of("22:00-06:00"), Some((1_320, 1_800)));
        assert_eq!(of("00:00-24:00"), Some((0, 1_440)));
        for odd in ["8-16", "08:00", "08.00-16.00", "08:00-25:00", "8:00-16:00"] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }
}
