//! Times of a fixed width, such as `2026-01-31 08:00:00`: read eight bytes at a time.
//!
//! Only what is written to the letter is taken; all else is left to the patterns, which
//! read the same texts to the same moments.

mod quick;

use self::quick::{Quick, place_of};
use crate::load::memo::Slice;
use crate::zone::{DAY, SECOND, ZoneTable};

/// The longest text that is read.
const LONGEST: usize = 22;
/// Each of the windows begins so many bytes behind the one before: any two neighbouring
/// bytes lie in one of them.
const STEP: usize = 7;
/// How many days are remembered.
const N_DAYS: usize = 1024;

/// The four windows of a text; the last is always empty.
type Windows = [u64; 4];

/// What stands where in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// This byte.
    Byte(u8),
    /// Four digits of a year.
    Year,
    /// Two digits.
    Month,
    /// Two digits.
    Day,
    /// Two digits.
    Hour,
    /// Two digits.
    Minute,
    /// Two digits.
    Second,
}

/// What stands at each byte of a form: the bits that are the same in all texts, what they
/// are, and the lower half of a digit.
type Bytes = [(u8, u8, u8); LONGEST];

/// A form of times of a fixed width.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    length: usize,
    bytes: Bytes,
    quick: Option<Quick>,
    /// What each window holds.
    parts: [Part; 4],
    century: Pair,
    year: Pair,
    month: Pair,
    day: Pair,
    hour: Pair,
    minute: Pair,
    second: Pair,
}

/// What one window holds.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// The bits that are the same in all texts of the form, and what they are.
    fixed: u64,
    is: u64,
    /// The lower half of each digit.
    digits: u64,
}

/// What was found in one window.
#[derive(Debug, Clone, Copy)]
struct ReadPart {
    /// Not 0 if something stands there that does not fit.
    wrong: u64,
    /// In each byte the number that two digits from there on make.
    pairs: u64,
}

/// Where two digits stand: in which window, and how many bits from its beginning.
#[derive(Debug, Clone, Copy)]
struct Pair {
    window: usize,
    shift: u32,
}

impl Pair {
    /// In the window that is always empty.
    const NONE: Self = Self { window: 3, shift: 0 };

    fn at(place: usize) -> Self {
        let window = (place / STEP).min(2);
        let shift = u32::try_from((place - window * STEP) * 8).unwrap_or_default();
        Self { window, shift }
    }

    #[inline]
    fn of(self, pairs: &Windows) -> u32 {
        let window = pairs.get(self.window & 3).copied().unwrap_or_default();
        u32::from((window >> (self.shift & 63)).to_le_bytes()[0])
    }
}

/// A date and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Read {
    year: u32,
    month: u32,
    day: u32,
    /// Microseconds since midnight.
    clock: i64,
}

impl Form {
    /// The form of some marks, if it has a whole date and is short enough.
    pub(crate) fn new(marks: &[Mark]) -> Option<Self> {
        let mut form = Self {
            length: 0,
            bytes: Bytes::default(),
            quick: None,
            parts: [Part::default(); 4],
            century: Pair::NONE,
            year: Pair::NONE,
            month: Pair::NONE,
            day: Pair::NONE,
            hour: Pair::NONE,
            minute: Pair::NONE,
            second: Pair::NONE,
        };
        let mut whole = [false; 3];
        let mut clock = [None; 3];
        for mark in marks {
            let at = form.length;
            let here = Pair::at(at);
            match mark {
                Mark::Byte(byte) => {
                    form.set((0xff, *byte, 0));
                    continue;
                }
                Mark::Year => {
                    (form.century, form.year) = (here, Pair::at(form.length + 2));
                    form.set((0xf0, b'0', 0x0f));
                    form.set((0xf0, b'0', 0x0f));
                    whole[0] = true;
                }
                Mark::Month => (form.month, whole[1]) = (here, true),
                Mark::Day => (form.day, whole[2]) = (here, true),
                Mark::Hour => (form.hour, clock[0]) = (here, Some(at)),
                Mark::Minute => (form.minute, clock[1]) = (here, Some(at)),
                Mark::Second => (form.second, clock[2]) = (here, Some(at)),
            }
            form.set((0xf0, b'0', 0x0f));
            form.set((0xf0, b'0', 0x0f));
        }
        form.quick = Quick::new(&form.bytes, form.length, clock);
        (whole == [true; 3] && form.length <= LONGEST).then_some(form)
    }

    /// Whether no text can have this form and another one.
    fn excludes(&self, other: &Self) -> bool {
        let mut pairs = self.bytes.iter().zip(&other.bytes);
        self.length != other.length
            || pairs.any(|(one, other)| (one.1 ^ other.1) & one.0 & other.0 != 0)
    }

    /// Describes the next byte in each window that holds it.
    fn set(&mut self, byte: (u8, u8, u8)) {
        let place = self.length;
        self.length += 1;
        if let Some(slot) = self.bytes.get_mut(place) {
            *slot = byte;
        }
        for (window, part) in self.parts.iter_mut().take(3).enumerate() {
            if let Some(at) = place.checked_sub(window * STEP).filter(|at| *at < 8) {
                part.put(at, byte);
            }
        }
    }

    /// Reads a text; none if it does not have the form.
    #[inline]
    fn read(&self, slice: Slice<'_>) -> Option<Read> {
        if slice.len() != self.length {
            return None;
        }
        match slice.window() {
            Some(window) => self.read_window(window),
            None => self.read_window(&slice.head()),
        }
    }

    #[inline]
    fn read_window(&self, bytes: &[u8; LONGEST]) -> Option<Read> {
        let [first, second, third, _] = self.parts;
        let first = first.read(window::<0>(bytes));
        let second = second.read(window::<STEP>(bytes));
        let third = third.read(window::<{ 2 * STEP }>(bytes));
        let pairs = [first.pairs, second.pairs, third.pairs, 0];
        let (hour, minute) = (self.hour.of(&pairs), self.minute.of(&pairs));
        let second_of = self.second.of(&pairs);
        let wrong = first.wrong | second.wrong | third.wrong;
        if wrong != 0 || hour > 23 || minute > 59 || second_of > 59 {
            return None;
        }
        Some(Read {
            year: self.century.of(&pairs) * 100 + self.year.of(&pairs),
            month: self.month.of(&pairs),
            day: self.day.of(&pairs),
            clock: i64::from(hour * 3_600 + minute * 60 + second_of) * SECOND,
        })
    }
}

/// The window that begins at a place.
#[inline]
fn window<const AT: usize>(bytes: &[u8; LONGEST]) -> u64 {
    let part = bytes.get(AT..).and_then(<[u8]>::first_chunk::<8>);
    part.map_or(0, |part| u64::from_le_bytes(*part))
}

impl Part {
    /// Describes the byte at a place.
    fn put(&mut self, at: usize, (fixed, is, digit): (u8, u8, u8)) {
        let put = |word: &mut u64, byte: u8| *word |= u64::from(byte) << (at * 8);
        put(&mut self.fixed, fixed);
        put(&mut self.is, is);
        put(&mut self.digits, digit);
    }

    #[inline]
    const fn read(self, word: u64) -> ReadPart {
        let digits = word & self.digits;
        // Six more than nine do not fit into half a byte.
        let over = (digits + (self.digits & 0x0606_0606_0606_0606)) & !self.digits;
        ReadPart {
            wrong: ((word ^ self.is) & self.fixed) | (over & 0x1010_1010_1010_1010),
            pairs: digits * 10 + (digits >> 8),
        }
    }
}

/// A day whose beginning is known.
#[derive(Debug, Clone, Copy)]
struct KnownDay {
    /// Its date as one number: the bytes of the text, or year, month and day.
    key: u128,
    /// Whether its clocks do not change.
    even: bool,
    /// Microseconds of its first instant, or of its local midnight if they change.
    start: i64,
}

/// Reads the times of one form, and remembers the days it has met.
#[derive(Debug, Clone)]
struct Stamps {
    form: Form,
    /// Whether the text says that it is UTC.
    exact: bool,
    days: Vec<KnownDay>,
}

impl Stamps {
    fn new(form: Form, exact: bool) -> Self {
        // No date has this number.
        let none = KnownDay { key: u128::MAX, even: false, start: 0 };
        Self { form, exact, days: vec![none; N_DAYS] }
    }

    /// The instant a text names, if it has the form and such a date exists; `days_of`
    /// counts the days since 1970-01-01.
    fn instant(
        &mut self,
        slice: Slice<'_>,
        zone: Option<&ZoneTable>,
        days_of: impl FnOnce(i64, i64, i64) -> Option<i64>,
    ) -> Option<i64> {
        let read = self.form.read(slice)?;
        let key = match &self.form.quick {
            Some(quick) => quick.date(slice),
            None => u128::from((read.year << 16) | (read.month << 8) | read.day),
        };
        let known = self.days.get_mut(place_of(key))?;
        if known.key != key {
            let zone = zone.filter(|_| !self.exact);
            if !self.exact && zone.is_none() {
                return None;
            }
            let (year, month, day) = (read.year, read.month, read.day);
            let days = days_of(i64::from(year), i64::from(month), i64::from(day))?;
            *known = know(key, days, zone);
        }
        if known.even {
            return Some(known.start + read.clock);
        }
        zone.map(|zone| zone.instant_of_local(known.start + read.clock))
    }

    /// The day a text names, if it has the form and such a date exists.
    #[inline]
    fn day(
        &self,
        slice: Slice<'_>,
        days_of: impl FnOnce(i64, i64, i64) -> Option<i64>,
    ) -> Option<i32> {
        let read = self.form.read(slice)?;
        let (year, month, day) = (read.year, read.month, read.day);
        let days = days_of(i64::from(year), i64::from(month), i64::from(day))?;
        i32::try_from(days).ok()
    }
}

/// Reads the times of one column, which may have one of several forms.
#[derive(Debug, Clone)]
pub(crate) struct StampList {
    list: Vec<Stamps>,
    /// Whether no text can have two of the forms, so that their order does not matter.
    apart: bool,
}

impl StampList {
    /// For texts of some forms, each of which says that it is UTC or does not; the first
    /// that a text has is the one it is read by.
    pub(crate) fn new(forms: Vec<(Form, bool)>) -> Self {
        let excludes = |(at, one): (usize, &(Form, bool))| {
            forms.iter().skip(at + 1).all(|(other, _)| one.0.excludes(other))
        };
        let apart = forms.iter().enumerate().all(excludes);
        let list = forms.into_iter().map(|(form, exact)| Stamps::new(form, exact));
        Self { list: list.collect(), apart }
    }

    /// The instant a text names, if it has the form of the last one and its day came
    /// before.
    #[inline]
    pub(crate) fn usual(&self, slice: Slice<'_>) -> Option<i64> {
        let stamps = self.list.first().filter(|_| self.apart)?;
        stamps.form.quick.as_ref()?.instant(&stamps.days, slice)
    }

    /// The instant a text names, if it has one of the forms and such a date exists;
    /// `days_of` counts the days since 1970-01-01.
    pub(crate) fn instant(
        &mut self,
        slice: Slice<'_>,
        zone: Option<&ZoneTable>,
        days_of: impl Fn(i64, i64, i64) -> Option<i64>,
    ) -> Option<i64> {
        let stamps = self.list.iter_mut().enumerate();
        let mut found =
            stamps.map(|(at, s)| Some((at, s.instant(slice, zone, &days_of)?)));
        let (at, instant) = found.find_map(|found| found)?;
        if self.apart {
            self.list.swap(0, at);
        }
        Some(instant)
    }

    /// The day a text names.
    #[inline]
    pub(crate) fn day(
        &self,
        slice: Slice<'_>,
        days_of: impl Fn(i64, i64, i64) -> Option<i64>,
    ) -> Option<i32> {
        self.list.iter().find_map(|stamps| stamps.day(slice, &days_of))
    }
}

#[cold]
fn know(key: u128, days: i64, zone: Option<&ZoneTable>) -> KnownDay {
    let midnight = days * DAY;
    let Some(zone) = zone else { return KnownDay { key, even: true, start: midnight } };
    // Clocks change at most once in two days: if both ends of a day are equally far from
    // UTC, all of it is.
    let start = zone.instant_of_local(midnight);
    let even = zone.instant_of_local(midnight + DAY - 1) - start == DAY - 1;
    KnownDay { key, even, start: if even { start } else { midnight } }
}

#[cfg(test)]
mod tests;
