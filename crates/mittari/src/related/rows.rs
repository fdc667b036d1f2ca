//! The row that a look-up finds: the one of a key, or the one that holds at an instant.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, Int64Array, UInt32Array};
use mittari_lang::types::Kind;

use super::NO_KEY;
use super::column::{at, at_rows, joined};
use crate::error::RunError;
use crate::vector::{Vector, downcast};
use crate::zone::ZoneTable;

/// What one worker has seen of the rows that are looked up.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    keys: Vec<u32>,
    orders: Vec<u64>,
    /// From when on and until when each row holds, where rows do not always.
    times: Vec<(Option<i64>, Option<i64>)>,
    /// For each value a column of each batch.
    values: Vec<Vec<ArrayRef>>,
}

/// Values of rows, by key or by key and instant.
#[derive(Debug)]
pub(crate) struct Held {
    /// Where rows hold for a time: when, and in which zone a day begins.
    times: Option<Times>,
    values: Vec<(ArrayRef, Kind)>,
}

/// The rows of each key, one behind the other in the order in which they begin.
#[derive(Debug)]
struct Times {
    /// The first row of each key, and one behind the last.
    starts: Vec<u32>,
    from: Vec<i64>,
    until: Vec<i64>,
    zone: Arc<ZoneTable>,
}

impl Seen {
    /// Takes in the rows of a batch.
    pub(crate) fn take(
        &mut self,
        keys: &[u32],
        orders: impl Iterator<Item = u64>,
        times: Option<(&Int64Array, &Int64Array)>,
        values: Vec<ArrayRef>,
    ) {
        self.keys.extend(keys);
        self.orders.extend(orders);
        if let Some((from, until)) = times {
            self.times.extend(from.iter().zip(until));
        }
        self.values.resize_with(values.len(), Vec::new);
        for (list, column) in self.values.iter_mut().zip(values) {
            list.push(column);
        }
    }

    /// Gives its keys the numbers they have among those of all workers.
    pub(crate) fn renumber(&mut self, map: &[u32]) {
        super::totals::renumber(&mut self.keys, map);
    }
}

/// Rows beside which an earlier row of the same key would be found, each with that row;
/// both by their number in the order of the table.
pub(crate) type Seconds = Vec<(u64, u64)>;

/// One row with what it is sorted by.
type Entry = (u32, i64, u64, u32, i64);

impl Held {
    /// What all workers have seen, of so many keys; `kinds` are those of the values. Rows
    /// that would be found beside an earlier one are left out and told.
    pub(crate) fn of(
        seen: Vec<Seen>,
        n_keys: usize,
        zone: Option<Arc<ZoneTable>>,
        kinds: &[Kind],
    ) -> Result<(Self, Seconds), RunError> {
        let mut chunks: Vec<Vec<ArrayRef>> = kinds.iter().map(|_| Vec::new()).collect();
        let mut entries: Vec<Entry> = Vec::new();
        let mut row = 0_u32;
        for part in seen {
            let times = part.times.into_iter().map(Some).chain(std::iter::repeat(None));
            for ((key, order), time) in part.keys.into_iter().zip(part.orders).zip(times)
            {
                let (from, until) = match time {
                    None => (Some(0), i64::MAX),
                    Some((from, until)) => (from, until.unwrap_or(i64::MAX)),
                };
                // What ends as it begins never holds.
                if let Some(from) = from.filter(|from| key != NO_KEY && *from < until) {
                    entries.push((key, from, order, row, until));
                }
                row = row.checked_add(1).ok_or(RunError::Overflow)?;
            }
            for (list, more) in chunks.iter_mut().zip(part.values) {
                list.extend(more);
            }
        }
        entries.sort_unstable();
        let seconds = without_seconds(&mut entries);
        let values = chunks.iter().zip(kinds).map(|(chunks, kind)| joined(chunks, *kind));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let places = match &zone {
            None => of_keys(&entries, n_keys),
            Some(_) => entries.iter().map(|entry| Some(entry.3)).collect(),
        };
        let values = values
            .iter()
            .zip(kinds)
            .map(|(column, kind)| at(column, &places).map(|column| (column, *kind)));
        let values = values.collect::<Result<_, _>>()?;
        let times = zone.map(|zone| Times {
            starts: starts(entries.iter().map(|entry| entry.0), n_keys),
            from: entries.iter().map(|entry| entry.1).collect(),
            until: entries.iter().map(|entry| entry.4).collect(),
            zone,
        });
        Ok((Self { times, values }, seconds))
    }

    /// A value of the row of each key; where rows hold for a time, of the one that does.
    pub(crate) fn value(
        &self,
        value: usize,
        keys: &Int32Array,
        at: Option<(&Vector, Kind)>,
    ) -> Result<ArrayRef, RunError> {
        let (column, kind) = self
            .values
            .get(value)
            .ok_or(RunError::Broken("a value that was not looked up"))?;
        let places: UInt32Array = match (&self.times, at) {
            (None, None) => keys.iter().map(|key| key?.try_into().ok()).collect(),
            (Some(times), Some((at, of))) => {
                let at = instants(at, of, keys.len(), &times.zone)?;
                keys.iter().zip(&at).map(|(key, at)| times.row(key?, at?)).collect()
            }
            _ => return Err(RunError::Broken("a look-up at no instant")),
        };
        at_rows(column, &places, *kind)
    }
}

impl Times {
    /// The row of a key that holds at an instant.
    fn row(&self, key: i32, at: i64) -> Option<u32> {
        let key = usize::try_from(key).ok()?;
        let (first, end) = (*self.starts.get(key)?, *self.starts.get(key + 1)?);
        let own = self.from.get(first as usize..end as usize)?;
        let begun = u32::try_from(own.partition_point(|from| *from <= at)).ok()?;
        let row = first + begun.checked_sub(1)?;
        (*self.until.get(row as usize)? > at).then_some(row)
    }
}

/// Leaves out the rows that hold at a time at which an earlier row of their key does; of
/// two such rows the one on the earlier line stays.
fn without_seconds(entries: &mut Vec<Entry>) -> Seconds {
    let mut seconds = Vec::new();
    for own in entries.chunk_by(|one, other| one.0 == other.0) {
        let apart = own.is_sorted_by(|one, next| one.4 <= next.1);
        if apart {
            continue;
        }
        let mut by_line: Vec<&Entry> = own.iter().collect();
        by_line.sort_unstable_by_key(|entry| entry.2);
        // From when each kept row holds, until when, and its line.
        let mut kept: Vec<(i64, i64, u64)> = Vec::new();
        for (_, from, order, _, until) in by_line {
            let place = kept.partition_point(|known| known.0 < *until);
            let before = place.checked_sub(1).and_then(|before| kept.get(before));
            match before.filter(|known| known.1 > *from) {
                Some(known) => seconds.push((*order, known.2)),
                None => kept.insert(place, (*from, *until, *order)),
            }
        }
    }
    seconds.sort_unstable();
    if !seconds.is_empty() {
        let is_second =
            |order: u64| seconds.binary_search_by_key(&order, |one| one.0).is_ok();
        entries.retain(|entry| !is_second(entry.2));
    }
    seconds
}

/// The first row of each key.
fn of_keys(entries: &[Entry], n_keys: usize) -> UInt32Array {
    let mut places = vec![None; n_keys];
    for (key, _, _, row, _) in entries {
        if let Some(slot) = places.get_mut(*key as usize)
            && slot.is_none()
        {
            *slot = Some(*row);
        }
    }
    places.into_iter().collect()
}

/// Where the entries of each key begin, and one behind the last.
pub(super) fn starts(keys: impl Iterator<Item = u32>, n_keys: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; n_keys + 1];
    for key in keys {
        if let Some(count) = starts.get_mut(key as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Values as instants; a day is its first one.
pub(crate) fn instants(
    value: &Vector,
    kind: Kind,
    n_rows: usize,
    zone: &ZoneTable,
) -> Result<Int64Array, RunError> {
    let column = value.clone().into_rows(kind, n_rows)?;
    if kind != Kind::Day {
        return Ok(downcast::<Int64Array>(&column)?.clone());
    }
    let days = downcast::<Int32Array>(&column)?;
    Ok(days.iter().map(|day| day.map(|day| zone.day_start(day))).collect())
}

#[cfg(test)]
mod tests;
