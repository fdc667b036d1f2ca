//! Texts by number: each different text has one, from 0 in the order they come.

use crate::load::hash::hash;

/// How many free places there are for each text, at least.
const ROOM: usize = 2;

/// A table that remembers which texts it has seen, all of them in one text.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// The number of a text and one; 0 is a free place.
    places: Vec<u32>,
    hashes: Vec<u64>,
    /// All texts, one behind the other.
    all: String,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Numbers {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self {
            places: vec![0; 64],
            hashes: Vec::new(),
            all: String::new(),
            ends: Vec::new(),
        }
    }

    /// How many texts there are.
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number.
    fn text(&self, number: usize) -> &str {
        let before = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or(start);
        self.all.get(start..end).unwrap_or_default()
    }

    /// The texts, by number.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.text(number))
    }

    /// The number of a text, if it was seen.
    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        let hash = hash(text.as_bytes());
        let mut place = self.place_of(hash);
        loop {
            let number = self.places.get(place).copied()?.checked_sub(1)?;
            let at = number as usize;
            if self.hashes.get(at) == Some(&hash) && self.text(at) == text {
                return Some(number);
            }
            place = self.behind(place);
        }
    }

    /// The number of a text, given to it if it was not seen before.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.get(text) {
            return known;
        }
        let number = u32::try_from(self.len()).unwrap_or(u32::MAX - 1);
        self.all.push_str(text);
        self.ends.push(self.all.len());
        self.hashes.push(hash(text.as_bytes()));
        if self.len() * ROOM > self.places.len() {
            self.grow();
        } else {
            self.put(number);
        }
        number
    }

    /// Finds a place for a number whose hash is kept.
    fn put(&mut self, number: u32) {
        let hash = self.hashes.get(number as usize).copied().unwrap_or_default();
        let mut place = self.place_of(hash);
        while self.places.get(place).is_some_and(|taken| *taken != 0) {
            place = self.behind(place);
        }
        if let Some(slot) = self.places.get_mut(place) {
            *slot = number + 1;
        }
    }

    fn grow(&mut self) {
        self.places = vec![0; self.places.len() * 4];
        for number in 0..u32::try_from(self.len()).unwrap_or(u32::MAX - 1) {
            self.put(number);
        }
    }

    /// The place behind another, the first behind the last.
    const fn behind(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }

    const fn place_of(&self, hash: u64) -> usize {
        (hash >> 20) as usize & (self.places.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number_while_the_table_grows() {
        let mut numbers = Numbers::new();
        assert_eq!(numbers.get(""), None);
        for _ in 0..2 {
            for at in 0..10_000_u32 {
                let text = if at == 0 { String::new() } else { format!("text {at}") };
                assert_eq!(numbers.number(&text), at);
                assert_eq!(numbers.get(&text), Some(at));
            }
        }
        assert_eq!(numbers.len(), 10_000);
        assert_eq!(numbers.get("text 10000"), None);
        assert_eq!(numbers.texts().nth(7), Some("text 7"));
    }
}
