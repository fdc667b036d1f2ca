//! What short texts stand for, found by their bytes taken as two numbers.
#![expect(
    clippy::indexing_slicing,
    reason = "places in the table are masked by its size, lengths are tested before"
)]

use crate::load::hash::{hash, spread};

/// How long a text may be to be kept as two numbers.
const LONGEST: usize = 15;
/// No text has this number: that of the empty one is not 0.
const FREE: u128 = 0;

/// For each length the bits of a text of that length, and the mark of the length itself.
const PARTS: [(u128, u128); LONGEST + 1] = {
    let mut parts = [(0, 0); LONGEST + 1];
    let mut length = 0;
    while length <= LONGEST {
        parts[length] = ((1 << (8 * length)) - 1, (length as u128 + 1) << 120);
        length += 1;
    }
    parts
};

/// A text in some bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slice<'a> {
    /// The bytes it lies in.
    pub(crate) bytes: &'a [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl<'a> Slice<'a> {
    /// A text that lies alone.
    pub(crate) const fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), start: 0, end: text.len() }
    }

    /// The text itself.
    #[inline]
    pub(crate) fn text(self) -> &'a [u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// The first bytes of the text and of what stands behind it.
    #[inline]
    pub(crate) fn head<const N: usize>(self) -> [u8; N] {
        self.window().copied().unwrap_or_else(|| self.short_head())
    }

    /// The first bytes of the text and of what stands behind it, if there are so many.
    #[inline]
    pub(crate) fn window<const N: usize>(self) -> Option<&'a [u8; N]> {
        self.bytes.get(self.start..self.start + N)?.first_chunk()
    }

    #[cold]
    fn short_head<const N: usize>(self) -> [u8; N] {
        let mut head = [0; N];
        let rest = self.bytes.get(self.start..).unwrap_or_default();
        for (to, from) in head.iter_mut().zip(rest) {
            *to = *from;
        }
        head
    }

    /// A short text and its length as one number; equal texts have equal numbers.
    #[inline]
    fn number(self) -> Option<u128> {
        let (inside, mark) = PARTS.get(self.len())?;
        Some((u128::from_le_bytes(self.head()) & inside) | mark)
    }
}

/// A table of texts and what each stands for.
#[derive(Debug, Clone)]
pub(crate) struct Memo {
    /// Short texts as numbers, and what they stand for.
    short: Vec<(u128, u32)>,
    n_short: usize,
    /// The place of a longer text and one; 0 is free.
    places: Vec<u32>,
    long: Vec<Long>,
}

/// A text that is too long to be a number.
#[derive(Debug, Clone)]
struct Long {
    hash: u64,
    text: Box<[u8]>,
    value: u32,
}

impl Memo {
    /// A table without texts.
    pub(crate) fn new() -> Self {
        Self {
            short: vec![(FREE, 0); 64],
            n_short: 0,
            places: vec![0; 64],
            long: Vec::new(),
        }
    }

    /// How many texts it knows.
    pub(crate) const fn len(&self) -> usize {
        self.n_short + self.long.len()
    }

    /// What a short text stands for, if it is known.
    #[inline]
    pub(crate) fn known(&self, slice: Slice<'_>) -> Option<u32> {
        self.known_number(slice.number()?)
    }

    #[inline]
    fn known_number(&self, number: u128) -> Option<u32> {
        let mask = self.short.len() - 1;
        let mut place = spread(number) & mask;
        loop {
            let (known, value) = self.short[place];
            if known == number {
                return Some(value);
            }
            if known == FREE {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    /// What a text stands for; if it is not known, what `find` says it does.
    #[inline]
    pub(crate) fn get(
        &mut self,
        slice: Slice<'_>,
        find: impl FnOnce(&[u8]) -> u32,
    ) -> u32 {
        let Some(number) = slice.number() else {
            return self.get_long(slice.text(), find);
        };
        if let Some(known) = self.known_number(number) {
            return known;
        }
        let value = find(slice.text());
        self.insert(number, value);
        value
    }

    #[cold]
    fn insert(&mut self, number: u128, value: u32) {
        self.n_short += 1;
        // Much room: a text that is not found at once costs more than all else.
        if self.n_short * 4 > self.short.len() {
            let wider = vec![(FREE, 0); self.short.len() * 4];
            let known = std::mem::replace(&mut self.short, wider);
            for (number, value) in known.into_iter().filter(|(known, _)| *known != FREE) {
                self.put(number, value);
            }
        }
        self.put(number, value);
    }

    fn put(&mut self, number: u128, value: u32) {
        let mask = self.short.len() - 1;
        let mut place = spread(number) & mask;
        while self.short[place].0 != FREE {
            place = (place + 1) & mask;
        }
        self.short[place] = (number, value);
    }

    fn get_long(&mut self, text: &[u8], find: impl FnOnce(&[u8]) -> u32) -> u32 {
        let hash = hash(text);
        let mask = self.places.len() - 1;
        let mut place = (hash >> 20) as usize & mask;
        while let Some(at) = self.places[place].checked_sub(1) {
            let known = &self.long[at as usize];
            if known.hash == hash && *known.text == *text {
                return known.value;
            }
            place = (place + 1) & mask;
        }
        let value = find(text);
        self.long.push(Long { hash, text: text.into(), value });
        self.note_long();
        value
    }

    /// Makes the last of the longer texts known.
    fn note_long(&mut self) {
        let grown = self.long.len() * 2 > self.places.len();
        if grown {
            self.places = vec![0; self.places.len() * 4];
        }
        let from = if grown { 0 } else { self.long.len() - 1 };
        let mask = self.places.len() - 1;
        for (at, long) in self.long.iter().enumerate().skip(from) {
            let mut place = (long.hash >> 20) as usize & mask;
            while self.places[place] != 0 {
                place = (place + 1) & mask;
            }
            self.places[place] = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_what_it_stands_for() {
        // Texts of all lengths, at the beginning, in the middle and at the end.
        let texts: Vec<String> =
            (0..3_000).map(|at| format!("{:x<1$}", at, at % 40)).collect();
        let joined = texts.concat();
        let mut memo = Memo::new();
        for round in 0..2 {
            let mut start = 0;
            for (at, text) in (0_u32..).zip(&texts) {
                let end = start + text.len();
                let slice = Slice { bytes: joined.as_bytes(), start, end };
                let mut asked = false;
                let value = memo.get(slice, |found| {
                    asked = true;
                    assert_eq!(found, text.as_bytes());
                    at
                });
                let first = texts.iter().position(|other| other == text).unwrap();
                assert_eq!(
                    (value, asked),
                    (u32::try_from(first).unwrap(), round == 0 && first == at as usize)
                );
                start = end;
            }
        }
        assert!(memo.len() <= 3_000);
    }

    #[test]
    fn texts_that_are_alike_lie_apart() {
        let texts: Vec<String> = (0..600).map(|at| format!("agent{at:04}")).collect();
        let numbers = texts.iter().map(|text| Slice::of(text).number().unwrap());
        let places: std::collections::BTreeSet<usize> =
            numbers.map(|number| spread(number) % 4_096).collect();
        assert!(places.len() > 530, "{}", places.len());
    }

    #[test]
    fn zeros_at_the_end_are_part_of_a_text() {
        let mut memo = Memo::new();
        let bytes = b"a\0\0";
        for (end, value) in (0..=3).zip(0..) {
            let slice = Slice { bytes, start: 0, end };
            assert_eq!(memo.get(slice, |_| value), value);
        }
    }
}
