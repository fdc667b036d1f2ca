//! The time in which rows of each key hold, as intervals that do not overlap.

use arrow_array::{Array as _, BooleanArray, Int64Array};

use super::NO_KEY;
use super::rows::starts;

/// What one worker has seen: a key, and from when until when a row of it holds.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    spells: Vec<(u32, i64, Option<i64>)>,
}

/// The intervals of each key, in order.
#[derive(Debug)]
pub(crate) struct Spells {
    starts: Vec<u32>,
    intervals: Vec<(i64, i64)>,
    /// Keys of which some row ends before it begins, sorted.
    reversed: Vec<u32>,
}

impl Seen {
    /// Takes in the rows of a batch for which the filter is true.
    pub(crate) fn take(
        &mut self,
        keys: &[u32],
        filter: Option<&BooleanArray>,
        (from, until): (&Int64Array, &Int64Array),
    ) {
        let times = from.iter().zip(until);
        for (row, (key, (from, until))) in keys.iter().zip(times).enumerate() {
            let passes = filter.is_none_or(|f| f.is_valid(row) && f.value(row));
            if let Some(from) = from.filter(|_| passes && *key != NO_KEY) {
                self.spells.push((*key, from, until));
            }
        }
    }

    /// Gives its keys the numbers they have among those of all workers.
    pub(crate) fn renumber(&mut self, map: &[u32]) {
        for (key, _, _) in &mut self.spells {
            *key = map.get(*key as usize).copied().unwrap_or(NO_KEY);
        }
    }
}

impl Spells {
    /// What all workers have seen, of so many keys. What has no end lasts until the
    /// moment of evaluation.
    pub(crate) fn of(seen: Vec<Seen>, n_keys: usize, as_of: Option<i64>) -> Self {
        let mut reversed = Vec::new();
        let mut all: Vec<(u32, i64, i64)> = Vec::new();
        for (key, from, until) in seen.into_iter().flat_map(|part| part.spells) {
            let until = until.or(as_of.filter(|as_of| *as_of > from)).unwrap_or(from);
            match from.cmp(&until) {
                std::cmp::Ordering::Less => all.push((key, from, until)),
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => reversed.push(key),
            }
        }
        all.sort_unstable();
        let mut merged: Vec<(u32, i64, i64)> = Vec::with_capacity(all.len());
        for (key, from, until) in all {
            match merged.last_mut() {
                Some((known, _, end)) if *known == key && from <= *end => {
                    *end = until.max(*end);
                }
                _ => merged.push((key, from, until)),
            }
        }
        reversed.sort_unstable();
        reversed.dedup();
        Self {
            starts: starts(merged.iter().map(|spell| spell.0), n_keys),
            intervals: merged.into_iter().map(|(_, from, until)| (from, until)).collect(),
            reversed,
        }
    }

    /// The intervals of a key; none of a key whose rows are at fault.
    pub(crate) fn of_key(&self, key: Option<i32>) -> Option<&[(i64, i64)]> {
        let Some(key) = key.and_then(|key| u32::try_from(key).ok()) else {
            return Some(&[]);
        };
        if self.reversed.binary_search(&key).is_ok() {
            return None;
        }
        let (first, end) =
            (self.starts.get(key as usize)?, self.starts.get(key as usize + 1)?);
        self.intervals.get(*first as usize..*end as usize)
    }
}

#[cfg(test)]
mod tests;
