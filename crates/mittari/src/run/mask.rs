//! Which members of a batch a condition holds for, one bit each.
//!
//! Where members go is decided by a few operations on words of 64 bits, whatever the
//! number of rules; what holds for all or for nobody costs nothing at all.

use arrow_array::{Array, BooleanArray};
use arrow_buffer::NullBuffer;
use mittari_lang::value::Value;

use crate::error::RunError;
use crate::vector::{Vector, downcast};

/// Bits of a word.
const BITS: usize = 64;

/// Which members of a batch a condition holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mask {
    /// For none of them.
    Nobody,
    /// For all of them.
    Everybody,
    /// For those whose bit is set, the first being the lowest of the first word; bits
    /// behind the last member are not set. At least one is, and at least one is not.
    Some(Vec<u64>),
}

/// For whom a condition is true, and for whom it is unknown.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// Members for which it is true.
    pub(super) yes: Mask,
    /// Members for which it is unknown.
    pub(super) unknown: Mask,
}

impl Mask {
    /// The mask of some words over so many members.
    fn of_words(mut words: Vec<u64>, n: usize) -> Self {
        words.truncate(n.div_ceil(BITS));
        if words.iter().all(|word| *word == 0) {
            return Self::Nobody;
        }
        let whole = n / BITS;
        let rest = words.get(whole).copied().unwrap_or_default();
        let full = words.iter().take(whole).all(|word| *word == u64::MAX);
        if full && rest == last_word(n) { Self::Everybody } else { Self::Some(words) }
    }

    /// The mask of a test of something each member has.
    pub(super) fn of_test<T>(list: &[T], test: impl Fn(&T) -> bool) -> Self {
        let all = |chunk: &[T]| chunk.iter().fold(true, |all, one| all & test(one));
        if list.chunks(BITS).all(all) {
            return if list.is_empty() { Self::Nobody } else { Self::Everybody };
        }
        let words = list.chunks(BITS).map(|chunk| {
            let bits = chunk.iter().enumerate();
            bits.fold(0, |word, (bit, one)| word | (u64::from(test(one)) << bit))
        });
        Self::of_words(words.collect(), list.len())
    }

    /// The mask of some members by their places.
    pub(super) fn of_places(n: usize, places: &[u32]) -> Self {
        let mut words = vec![0; n.div_ceil(BITS)];
        for place in places {
            let place = *place as usize;
            if let Some(word) = words.get_mut(place / BITS) {
                *word |= 1 << (place % BITS);
            }
        }
        Self::of_words(words, n)
    }

    /// Members whose value is there.
    pub(super) fn present(array: &dyn Array) -> Self {
        match array.logical_nulls() {
            None => Self::Everybody,
            Some(nulls) => Self::of_words(words_of(&nulls), array.len()),
        }
    }

    /// Whether it holds for no member.
    pub(super) fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }

    /// Whether it holds for the member at a place.
    pub(super) fn holds(&self, place: usize) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Some(words) => words
                .get(place / BITS)
                .is_some_and(|word| (word >> (place % BITS)) & 1 == 1),
        }
    }

    /// For how many of so many members it holds.
    pub(super) fn count(&self, n: usize) -> usize {
        match self {
            Self::Nobody => 0,
            Self::Everybody => n,
            Self::Some(words) => {
                words.iter().map(|word| word.count_ones() as usize).sum()
            }
        }
    }

    /// Members for which both hold.
    pub(super) fn and(&self, other: &Self, n: usize) -> Self {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => Self::Nobody,
            (Self::Everybody, one) | (one, Self::Everybody) => one.clone(),
            (Self::Some(a), Self::Some(b)) => {
                Self::of_words(a.iter().zip(b).map(|(a, b)| a & b).collect(), n)
            }
        }
    }

    /// Members for which this holds and the other does not.
    pub(super) fn without(&self, other: &Self, n: usize) -> Self {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Everybody) => Self::Nobody,
            (one, Self::Nobody) => one.clone(),
            (Self::Everybody, Self::Some(b)) => {
                let mut words: Vec<u64> = b.iter().map(|b| !b).collect();
                if !n.is_multiple_of(BITS)
                    && let Some(word) = words.last_mut()
                {
                    *word &= last_word(n);
                }
                Self::of_words(words, n)
            }
            (Self::Some(a), Self::Some(b)) => {
                Self::of_words(a.iter().zip(b).map(|(a, b)| a & !b).collect(), n)
            }
        }
    }

    /// The words, of so many members.
    pub(super) fn words(&self, n: usize) -> impl Iterator<Item = u64> {
        let same = match self {
            Self::Everybody => u64::MAX,
            _ => 0,
        };
        let list = if let Self::Some(words) = self { words.as_slice() } else { &[] };
        (0..n.div_ceil(BITS)).map(move |place| {
            let word = list.get(place).copied().unwrap_or(same);
            if (place + 1) * BITS > n { word & last_word(n) } else { word }
        })
    }

    /// The words, `ones` being those of everybody; behind the last there are none.
    pub(super) fn bits<'a>(&'a self, ones: &'a [u64]) -> &'a [u64] {
        match self {
            Self::Nobody => &[],
            Self::Everybody => ones,
            Self::Some(words) => words,
        }
    }

    /// The places of the members it holds for, of so many.
    pub(super) fn places(&self, n: usize) -> Vec<u32> {
        if let Self::Everybody = self {
            return (0_u32..).take(n).collect();
        }
        let mut places = Vec::with_capacity(self.count(n));
        for (word, start) in self.words(n).zip((0_u32..).step_by(BITS)) {
            let mut left = word;
            while left != 0 {
                places.push(start + left.trailing_zeros());
                left &= left - 1;
            }
        }
        places
    }
}

/// The last word of a mask that holds for all of so many members.
fn last_word(n: usize) -> u64 {
    (1 << (n % BITS)) - 1
}

fn words_of(nulls: &NullBuffer) -> Vec<u64> {
    nulls.inner().bit_chunks().iter_padded().collect()
}

impl Answer {
    /// The answer of a condition about so many members.
    pub(super) fn of(condition: &Vector, n: usize) -> Result<Self, RunError> {
        let (yes, unknown) = match condition {
            Vector::Scalar(Value::Truth(true)) => (Mask::Everybody, Mask::Nobody),
            Vector::Scalar(Value::Truth(false)) => (Mask::Nobody, Mask::Nobody),
            Vector::Scalar(_) => (Mask::Nobody, Mask::Everybody),
            Vector::Array(array) => return Self::of_truths(downcast(array)?, n),
        };
        Ok(Self { yes, unknown })
    }

    /// The answer of truth values.
    pub(super) fn of_truths(truths: &BooleanArray, n: usize) -> Result<Self, RunError> {
        if truths.len() != n {
            return Err(RunError::Broken("columns of different lengths"));
        }
        let mut words: Vec<u64> = truths.values().bit_chunks().iter_padded().collect();
        let Some(nulls) = truths.nulls() else {
            return Ok(Self { yes: Mask::of_words(words, n), unknown: Mask::Nobody });
        };
        let valid = words_of(nulls);
        for (word, valid) in words.iter_mut().zip(&valid) {
            *word &= valid;
        }
        let unknown = Mask::Everybody.without(&Mask::of_words(valid, n), n);
        Ok(Self { yes: Mask::of_words(words, n), unknown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(bits: &[bool]) -> Mask {
        Mask::of_test(bits, |bit| *bit)
    }

    #[test]
    fn masks_are_sets_of_places() {
        for n in [1, 63, 64, 65, 130] {
            let odd: Vec<bool> = (0..n).map(|place| place % 2 == 1).collect();
            let third: Vec<bool> = (0..n).map(|place| place % 3 == 0).collect();
            let both: Vec<bool> = odd.iter().zip(&third).map(|(a, b)| *a && *b).collect();
            let rest: Vec<bool> = odd.iter().zip(&third).map(|(a, b)| *a && !b).collect();
            assert_eq!(mask(&odd).and(&mask(&third), n), mask(&both));
            assert_eq!(mask(&odd).without(&mask(&third), n), mask(&rest));
            assert_eq!(mask(&odd).and(&Mask::Everybody, n), mask(&odd));
            let even: Vec<bool> = odd.iter().map(|odd| !odd).collect();
            assert_eq!(Mask::Everybody.without(&mask(&odd), n), mask(&even));
            let places: Vec<u32> = (0_u32..).take(n).filter(|n| n % 2 == 1).collect();
            assert_eq!(mask(&odd).places(n), places);
            assert_eq!(Mask::of_places(n, &places), mask(&odd));
            assert_eq!(mask(&odd).count(n), n / 2);
            assert_eq!(Mask::Everybody.places(n).len(), n);
        }
    }

    #[test]
    fn all_and_none_are_found_in_the_bits() {
        for n in [1, 64, 65] {
            assert_eq!(mask(&vec![true; n]), Mask::Everybody);
            assert_eq!(mask(&vec![false; n]), Mask::Nobody);
        }
    }

    #[test]
    fn a_missing_truth_is_unknown() {
        let truths = BooleanArray::from(vec![Some(true), None, Some(false)]);
        let answer = Answer::of_truths(&truths.slice(0, 2), 2).unwrap();
        assert_eq!(answer.yes, mask(&[true, false]));
        assert_eq!(answer.unknown, mask(&[false, true]));
        let answer = Answer::of_truths(&truths.slice(1, 2), 2).unwrap();
        assert_eq!(answer.yes, Mask::Nobody);
        assert_eq!(answer.unknown, mask(&[true, false]));
    }
}
