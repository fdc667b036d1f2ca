//! Times on a day that came before: the day is found by the bytes of its date, so that
//! only the time of day is read.

use crate::load::hash::spread;
use crate::load::memo::Slice;
use crate::load::stamp::{Bytes, KnownDay, LONGEST, N_DAYS, Part};
use crate::zone::SECOND;

/// Bytes that are looked at as one number for the date.
const HEAD: usize = 16;
/// Bytes that are looked at as one number for the time of day.
const CLOCK: usize = 8;

/// Bytes that are looked at in all: those of a number may begin at each of the first ones.
const WINDOW: usize = HEAD + CLOCK;

/// Where one number of the time of day stands, and what it counts for.
#[derive(Debug, Clone, Copy)]
struct Count {
    shift: u32,
    /// Microseconds of one, or 0 where the form has no such number.
    worth: i64,
    below: u32,
}

/// How texts of a form are divided into a date and a time of day.
#[derive(Debug, Clone)]
pub(super) struct Quick {
    length: usize,
    /// The bits of the first bytes that belong to the date, or are the same in all texts.
    date: u128,
    /// Where the time of day begins, and what stands there.
    clock_at: usize,
    clock: Part,
    counts: [Count; 3],
    /// What is the same in the last bytes of all texts.
    end: Part,
}

impl Quick {
    /// The division of a form, given what stands at each of its bytes and where its hours,
    /// minutes and seconds are; none if the time of day does not lie in eight bytes, or a
    /// part of the date far behind.
    pub(super) fn new(
        bytes: &Bytes,
        length: usize,
        places: [Option<usize>; 3],
    ) -> Option<Self> {
        let known = || places.iter().flatten().copied();
        let clock_at = known().min().unwrap_or(0);
        let clock_end = known().max().map_or(0, |last| last + 2);
        let fits = (CLOCK..=LONGEST).contains(&length) && length - CLOCK < HEAD;
        if !fits || clock_at >= HEAD || clock_end > clock_at + CLOCK {
            return None;
        }
        let in_clock = |place: &usize| (clock_at..clock_end).contains(place);
        let mut quick = Self {
            length,
            date: 0,
            clock_at,
            clock: Part::default(),
            counts: [Count { shift: 0, worth: 0, below: u32::MAX }; 3],
            end: Part::default(),
        };
        for (place, byte) in bytes.iter().enumerate().take(length) {
            if in_clock(&place) {
                quick.clock.put(place - clock_at, *byte);
            } else if place < HEAD {
                quick.date |= 0xff << (8 * place);
            } else if byte.2 == 0 {
                quick.end.put(place - (length - CLOCK), *byte);
            } else {
                return None;
            }
        }
        let parts = [(3_600, 24), (60, 60), (1, 60)];
        for ((count, place), (seconds, below)) in
            quick.counts.iter_mut().zip(places).zip(parts)
        {
            if let Some(place) = place {
                let shift = u32::try_from(8 * (place - clock_at)).ok()?;
                *count = Count { shift, worth: seconds * SECOND, below };
            }
        }
        Some(quick)
    }

    /// The bytes of a text's date.
    #[inline]
    pub(super) fn date(&self, slice: Slice<'_>) -> u128 {
        u128::from_le_bytes(slice.head()) & self.date
    }

    /// The instant of a text, if it has the form and its day is known.
    #[inline]
    pub(super) fn instant(&self, days: &[KnownDay], slice: Slice<'_>) -> Option<i64> {
        if slice.len() != self.length {
            return None;
        }
        // All places lie in a window of fixed length, so that its end is looked at once.
        let window = slice.window::<WINDOW>()?;
        let at = |from: usize| {
            let bytes = window.get(from % HEAD..).and_then(<[u8]>::first_chunk);
            bytes.map_or(0, |bytes: &[u8; CLOCK]| u64::from_le_bytes(*bytes))
        };
        let date = window.first_chunk().map_or(0, |head| u128::from_le_bytes(*head));
        let date = date & self.date;
        let clock = self.clock.read(at(self.clock_at));
        let end = self.end.read(at(self.length - CLOCK));
        let day = days.get(place_of(date))?;
        let mut wrong = (clock.wrong | end.wrong) != 0 || day.key != date || !day.even;
        let mut micros = day.start;
        for count in &self.counts {
            let number = u32::from((clock.pairs >> count.shift).to_le_bytes()[0]);
            wrong |= number >= count.below;
            micros += i64::from(number) * count.worth;
        }
        (!wrong).then_some(micros)
    }
}

/// Where a date is remembered.
#[inline]
pub(super) const fn place_of(date: u128) -> usize {
    spread(date) % N_DAYS
}
