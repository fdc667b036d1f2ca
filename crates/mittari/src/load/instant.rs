//! Texts as moments: strftime patterns, with a fast path for the common ones.
//!
//! The fast path takes only what is plain (digits where digits are due); whatever it
//! leaves is judged by chrono, so that both never differ.

use chrono::format::{Fixed, Item, Numeric, Parsed, StrftimeItems, parse};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::load::stamp::{Form, Mark};
use crate::zone::{DAY, SECOND, day_of_date};

/// A moment as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// What the clocks of some zone show, in microseconds since 1970-01-01T00:00.
    Local(i64),
    /// An instant, in microseconds since 1970-01-01T00:00Z; the text named its offset.
    Exact(i64),
}

/// A pattern of times, ready to be matched.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    items: Vec<Item<'static>>,
    steps: Option<Vec<Step>>,
    /// How many of the items there are up to the last one that speaks of the date.
    n_date_items: usize,
}

/// What the fast path expects next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Byte(u8),
    Year,
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

impl Pattern {
    /// Reads a strftime pattern; none if it has a sign that is not known.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let items = StrftimeItems::new(text).parse_to_owned().ok()?;
        let steps = fast_steps(&items);
        let last = items.iter().rposition(speaks_of_date);
        let n_date_items = last.map_or(items.len(), |last| last + 1);
        Some(Self { items, steps, n_date_items })
    }

    /// The form of fixed width that texts of the pattern may have.
    pub(crate) fn form(&self) -> Option<Form> {
        let marks = self.steps.as_deref()?.iter().map(|step| match step {
            Step::Byte(byte) => Some(Mark::Byte(*byte)),
            Step::Year => Some(Mark::Year),
            Step::ShortYear => None,
            Step::Month => Some(Mark::Month),
            Step::Day => Some(Mark::Day),
            Step::Hour => Some(Mark::Hour),
            Step::Minute => Some(Mark::Minute),
            Step::Second => Some(Mark::Second),
        });
        Form::new(&marks.collect::<Option<Vec<_>>>()?)
    }

    /// The moment a text names, if it is written by this pattern.
    pub(crate) fn moment(&self, text: &str) -> Option<Moment> {
        let fast = self.steps.as_deref().and_then(|steps| fast(steps, text.as_bytes()));
        fast.map(Moment::Local).or_else(|| self.general(text))
    }

    /// The day a text names, since 1970-01-01; a time of day beside it is left away, and
    /// the text may end with the date.
    pub(crate) fn day(&self, text: &str) -> Option<i32> {
        if let Some(steps) = self.steps.as_deref()
            && let Some(local) = fast(steps, text.as_bytes())
        {
            return i32::try_from(local.div_euclid(DAY)).ok();
        }
        let date = |items: &[Item<'_>]| {
            let mut parsed = Parsed::new();
            parse(&mut parsed, text, items.iter()).ok()?;
            parsed.to_naive_date().ok().and_then(sensible).map(day_of_date)
        };
        date(&self.items).or_else(|| date(self.items.get(..self.n_date_items)?))
    }

    /// What chrono makes of a text.
    fn general(&self, text: &str) -> Option<Moment> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, self.items.iter()).ok()?;
        if let Some(offset) = parsed.offset() {
            let local = local_of(&parsed, offset)?;
            return Some(Moment::Exact(
                local.and_utc().timestamp_micros() - i64::from(offset) * SECOND,
            ));
        }
        if parsed.timestamp().is_some() {
            let utc = parsed.to_naive_datetime_with_offset(0).ok()?;
            sensible(utc.date())?;
            return Some(Moment::Exact(utc.and_utc().timestamp_micros()));
        }
        Some(Moment::Local(local_of(&parsed, 0)?.and_utc().timestamp_micros()))
    }
}

/// Whether an item of a pattern is part of a date.
const fn speaks_of_date(item: &Item<'_>) -> bool {
    use Numeric::{
        Day, IsoWeek, IsoYear, Month, Ordinal, WeekdayFromMon, Year, YearMod100,
    };
    matches!(
        item,
        Item::Numeric(
            Day | IsoWeek
                | IsoYear
                | Month
                | Ordinal
                | WeekdayFromMon
                | Year
                | YearMod100,
            _
        ) | Item::Fixed(Fixed::ShortMonthName | Fixed::LongMonthName)
    )
}

/// The date and time that was read; midnight where the pattern has no time of day.
fn local_of(parsed: &Parsed, offset: i32) -> Option<NaiveDateTime> {
    let time_named = parsed.hour_div_12().is_some() || parsed.hour_mod_12().is_some();
    let local = if time_named || parsed.timestamp().is_some() {
        parsed.to_naive_datetime_with_offset(offset).ok()?
    } else {
        parsed.to_naive_date().ok()?.and_time(NaiveTime::MIN)
    };
    sensible(local.date()).map(|_| local)
}

/// A date, if its year has four digits: `16` read by `%Y` is not the year 2016.
fn sensible(date: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    (1000..=9999).contains(&date.year()).then_some(date)
}

/// The steps of a pattern, if it has a whole date and only plain signs.
fn fast_steps(items: &[Item<'_>]) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for item in items {
        match item {
            Item::Literal(text) => steps.extend(text.bytes().map(Step::Byte)),
            Item::OwnedLiteral(text) => steps.extend(text.bytes().map(Step::Byte)),
            Item::Space(text) if *text == " " => steps.push(Step::Byte(b' ')),
            Item::OwnedSpace(text) if **text == *" " => steps.push(Step::Byte(b' ')),
            Item::Numeric(numeric, _) => steps.push(numeric_step(numeric)?),
            _ => return None,
        }
    }
    let once = |step: Step| steps.iter().filter(|other| **other == step).count();
    let years = once(Step::Year) + once(Step::ShortYear);
    let whole = years == 1 && once(Step::Month) == 1 && once(Step::Day) == 1;
    let clock = [once(Step::Hour), once(Step::Minute), once(Step::Second)];
    let clock_fits = matches!(clock, [0, 0, 0] | [1, 1, 0 | 1]);
    (whole && clock_fits).then_some(steps)
}

const fn numeric_step(numeric: &Numeric) -> Option<Step> {
    match numeric {
        Numeric::Year => Some(Step::Year),
        Numeric::YearMod100 => Some(Step::ShortYear),
        Numeric::Month => Some(Step::Month),
        Numeric::Day => Some(Step::Day),
        Numeric::Hour => Some(Step::Hour),
        Numeric::Minute => Some(Step::Minute),
        Numeric::Second => Some(Step::Second),
        _ => None,
    }
}

/// A local time that is written plainly; what is left to chrono is none.
fn fast(steps: &[Step], bytes: &[u8]) -> Option<i64> {
    let (mut year, mut month, mut day) = (0, 0, 0);
    let (mut hour, mut minute, mut second) = (0, 0, 0);
    let mut rest = bytes;
    for step in steps {
        match step {
            Step::Byte(byte) => rest = rest.strip_prefix(&[*byte])?,
            Step::Year => (year, rest) = four_digits(rest)?,
            Step::ShortYear => (year, rest) = short_year(rest)?,
            Step::Month => (month, rest) = two_digits(rest)?,
            Step::Day => (day, rest) = two_digits(rest)?,
            Step::Hour => (hour, rest) = two_digits(rest)?,
            Step::Minute => (minute, rest) = two_digits(rest)?,
            Step::Second => (second, rest) = two_digits(rest)?,
        }
    }
    if !rest.is_empty() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_of(year, month, day)?;
    Some(days * DAY + (hour * 3_600 + minute * 60 + second) * SECOND)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, after H. Hinnant's
/// `days_from_civil`; none if there is no such date.
pub(crate) fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(usize::try_from(month).ok()?)?;
    let length = length + i64::from(leap && month == 2);
    if year < 1000 || day < 1 || day > length {
        return None;
    }
    let (year, month) =
        if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    Some(
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
            - 719_469,
    )
}

/// One or two digits.
fn two_digits(bytes: &[u8]) -> Option<(i64, &[u8])> {
    match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => {
            Some((i64::from(a - b'0') * 10 + i64::from(b - b'0'), rest))
        }
        [a @ b'0'..=b'9', rest @ ..] => Some((i64::from(a - b'0'), rest)),
        _ => None,
    }
}

/// Exactly four digits.
fn four_digits(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (digits, rest) = bytes.split_first_chunk::<4>()?;
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some((value, rest))
}

/// Two digits of a year: 70 to 99 in the last century, as POSIX and chrono read them.
fn short_year(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (value, rest) = two_digits(bytes)?;
    Some((if value < 70 { 2_000 + value } else { 1_900 + value }, rest))
}

/// A moment by ISO 8601: `2026-01-31T08:00:00`, with `T` or a space, seconds, a
/// fraction and an offset as they come; a date alone is its midnight.
pub(crate) fn iso(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = iso_day(date)?;
    let Some(rest) = rest.strip_prefix(['T', ' ', 't']) else {
        return rest.is_empty().then_some(Moment::Local(date * DAY));
    };
    let (clock, offset) = split_offset(rest)?;
    let local = date * DAY + iso_clock(clock)?;
    Some(offset.map_or(Moment::Local(local), |offset| Moment::Exact(local - offset)))
}

/// The forms of fixed width that ISO 8601 has, and whether they say that they are UTC.
pub(crate) fn iso_forms() -> Vec<(Form, bool)> {
    use Mark::{Byte, Day, Hour, Minute, Month, Second, Year};
    let mut forms = Vec::new();
    for between in [b'T', b' '] {
        for exact in [false, true] {
            let mut marks = vec![Year, Byte(b'-'), Month, Byte(b'-'), Day, Byte(between)];
            marks.extend([Hour, Byte(b':'), Minute, Byte(b':'), Second]);
            marks.extend(exact.then_some(Byte(b'Z')));
            forms.extend(Form::new(&marks).map(|form| (form, exact)));
        }
    }
    forms
}

/// Days since 1970-01-01 of `2026-01-31`.
pub(crate) fn iso_day(text: &str) -> Option<i64> {
    let (year, rest) = four_digits(text.as_bytes())?;
    match *rest {
        [b'-', a, b, b'-', c, d] if [a, b, c, d].iter().all(u8::is_ascii_digit) => {
            days_of(year, pair(a, b), pair(c, d))
        }
        _ => None,
    }
}

fn pair(tens: u8, ones: u8) -> i64 {
    i64::from(tens.wrapping_sub(b'0')) * 10 + i64::from(ones.wrapping_sub(b'0'))
}

/// Microseconds of `08:00`, `08:00:00` or `08:00:00.25` since midnight.
#[expect(clippy::many_single_char_names, reason = "each is one digit of the time")]
fn iso_clock(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let (hour, minute, second) = match *clock.as_bytes() {
        [a, b, b':', c, d] => (pair(a, b), pair(c, d), 0),
        [a, b, b':', c, d, b':', e, f] => (pair(a, b), pair(c, d), pair(e, f)),
        _ => return None,
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = hour < 24 && minute < 60 && second < 60;
    // A fraction needs seconds before it, and digits in it.
    let fraction_fits = fraction.is_empty() && clock.len() == text.len()
        || clock.len() == 8 && !fraction.is_empty() && fraction.len() <= 12;
    if !fits || !fraction_fits || !digits(&clock.replace(':', "")) || !digits(fraction) {
        return None;
    }
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some((hour * 3_600 + minute * 60 + second) * SECOND + micros.parse::<i64>().ok()?)
}

/// A clock time and the offset behind it, in microseconds, if there is one.
fn split_offset(text: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(0)));
    }
    let Some(at) = text.find(['+', '-']) else { return Some((text, None)) };
    let (clock, offset) = text.split_at_checked(at)?;
    let (hours, minutes) = match *offset.as_bytes().get(1..)? {
        [a, b] => ([a, b], [b'0'; 2]),
        [a, b, c, d] | [a, b, b':', c, d] => ([a, b], [c, d]),
        _ => return None,
    };
    let plain = hours.iter().chain(&minutes).all(u8::is_ascii_digit);
    let (hours, minutes) = (pair(hours[0], hours[1]), pair(minutes[0], minutes[1]));
    if !plain || hours > 23 || minutes > 59 {
        return None;
    }
    let micros = (hours * 3_600 + minutes * 60) * SECOND;
    Some((clock.trim_end(), Some(if offset.starts_with('-') { -micros } else { micros })))
}

#[cfg(test)]
mod tests;
