//! Keys by number: equal keys have one, and a text is looked at once for each distinct
//! text of a batch.

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
};
use indexmap::IndexSet;
use mittari_lang::types::Kind;

use super::NO_KEY;
use super::numbers::Numbers;
use crate::error::RunError;
use crate::kernel::text::texts;
use crate::vector::{TextArray, downcast};

/// A text that was not looked at yet.
const UNSEEN: u64 = u64::MAX;
/// A value that is missing, or that no key has.
const NONE: u64 = u64::MAX - 1;

/// The keys of a space, numbered in the order they came.
#[derive(Debug)]
pub(crate) struct Keys {
    kinds: Vec<Kind>,
    /// The texts of each part that is a text.
    texts: Vec<Numbers>,
    /// The keys, as one word for each part; of a single text its number is the key's.
    words: IndexSet<Box<[u64]>>,
}

impl Keys {
    /// No keys yet; `kinds` are those of the parts.
    pub(crate) fn new(kinds: Vec<Kind>) -> Self {
        let texts = kinds.iter().map(|_| Numbers::new()).collect();
        Self { kinds, texts, words: IndexSet::new() }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        match self.texts.first() {
            Some(texts) if self.is_text() => texts.len(),
            _ => self.words.len(),
        }
    }

    /// Whether the key is a single text.
    fn is_text(&self) -> bool {
        matches!(self.kinds.as_slice(), [Kind::Text])
    }

    /// The number of each row's key, given to those that were not seen before.
    pub(crate) fn number(&mut self, columns: &[ArrayRef]) -> Result<Vec<u32>, RunError> {
        let mut parts = Vec::with_capacity(columns.len());
        for ((column, kind), texts) in
            columns.iter().zip(&self.kinds).zip(&mut self.texts)
        {
            parts.push(words(column, *kind, |text| u64::from(texts.number(text)))?);
        }
        if self.is_text() {
            return Ok(parts.pop().map_or_else(Vec::new, |part| numbers(&part)));
        }
        let words = &mut self.words;
        Ok(joined(&parts, |key| {
            let known = words.get_index_of(key);
            number(known.unwrap_or_else(|| words.insert_full(key.into()).0))
        }))
    }

    /// The number of each row's key, [`NO_KEY`] for one that is not known.
    pub(crate) fn find(&self, columns: &[ArrayRef]) -> Result<Vec<u32>, RunError> {
        let mut parts = Vec::with_capacity(columns.len());
        for ((column, kind), texts) in columns.iter().zip(&self.kinds).zip(&self.texts) {
            parts.push(words(column, *kind, |text| {
                texts.get(text).map_or(NONE, u64::from)
            })?);
        }
        if self.is_text() {
            return Ok(parts.pop().map_or_else(Vec::new, |part| numbers(&part)));
        }
        Ok(joined(&parts, |key| self.words.get_index_of(key).map_or(NO_KEY, number)))
    }

    /// Takes in the keys of another; gives the number here of each of its numbers.
    pub(crate) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let mut texts: Vec<Vec<u64>> = Vec::with_capacity(self.texts.len());
        for (own, others) in self.texts.iter_mut().zip(&other.texts) {
            let number = |text: &str| u64::from(own.number(text));
            texts.push(others.texts().map(number).collect());
        }
        if self.is_text() {
            return texts.first().map_or_else(Vec::new, |part| numbers(part));
        }
        let mut key = Vec::with_capacity(self.kinds.len());
        let mut map = Vec::with_capacity(other.words.len());
        for words in &other.words {
            key.clear();
            for ((word, kind), texts) in words.iter().zip(&self.kinds).zip(&texts) {
                let text = usize::try_from(*word).ok().and_then(|word| texts.get(word));
                key.push(match (kind, text) {
                    (Kind::Text, Some(text)) => *text,
                    _ => *word,
                });
            }
            let known = self.words.get_index_of(key.as_slice());
            let own =
                known.unwrap_or_else(|| self.words.insert_full(key.as_slice().into()).0);
            map.push(number(own));
        }
        map
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NO_KEY)
}

fn numbers(words: &[u64]) -> Vec<u32> {
    words.iter().map(|word| u32::try_from(*word).unwrap_or(NO_KEY)).collect()
}

/// The number of each row, from the words of its parts; rows without one have none.
fn joined(parts: &[Vec<u64>], mut of: impl FnMut(&[u64]) -> u32) -> Vec<u32> {
    let n_rows = parts.first().map_or(0, Vec::len);
    let mut key = Vec::with_capacity(parts.len());
    let mut last = (Vec::new(), NO_KEY);
    let mut numbers = Vec::with_capacity(n_rows);
    for row in 0..n_rows {
        key.clear();
        key.extend(parts.iter().filter_map(|part| part.get(row).copied()));
        if key.contains(&NONE) {
            numbers.push(NO_KEY);
            continue;
        }
        // Rows of one key often stand together.
        if last.0 != key {
            last = (key.clone(), of(&key));
        }
        numbers.push(last.1);
    }
    numbers
}

/// One word for each row's value; equal values have equal words.
fn words(
    column: &ArrayRef,
    kind: Kind,
    mut text: impl FnMut(&str) -> u64,
) -> Result<Vec<u64>, RunError> {
    // With the sign turned around no instant or day has the bits of `NONE`.
    let whole =
        |value: Option<i64>| value.map_or(NONE, |v| v.cast_unsigned() ^ (1 << 63));
    Ok(match kind {
        Kind::Text => {
            let codes = downcast::<TextArray>(column)?;
            let list = texts(codes)?;
            let mut known = vec![UNSEEN; list.len()];
            let word = |row| {
                let Some(code) = codes.key(row) else { return NONE };
                let Some(slot) = known.get_mut(code) else { return NONE };
                if *slot == UNSEEN {
                    *slot = text(list.value(code));
                }
                *slot
            };
            (0..codes.len()).map(word).collect()
        }
        Kind::Category(_) | Kind::Day => {
            let codes = downcast::<Int32Array>(column)?;
            codes.iter().map(|code| whole(code.map(i64::from))).collect()
        }
        Kind::Truth => {
            let truths = downcast::<BooleanArray>(column)?;
            truths.iter().map(|truth| whole(truth.map(i64::from))).collect()
        }
        Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
            let numbers = downcast::<Float64Array>(column)?;
            // Both zeros are one; no finite number has the bits of `NONE`.
            let bits = |value: f64| (value + 0.0).to_bits();
            numbers.iter().map(|value| value.map_or(NONE, bits)).collect()
        }
        Kind::Duration | Kind::Money(_) | Kind::Instant => {
            downcast::<Int64Array>(column)?.iter().map(whole).collect()
        }
        Kind::Calendar | Kind::Missing | Kind::Unsound => {
            return Err(RunError::Broken("a key that is no value"));
        }
    })
}

#[cfg(test)]
mod tests;
