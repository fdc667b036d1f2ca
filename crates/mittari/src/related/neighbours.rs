//! The row before and the row behind each row, among those of its key.

use arrow_array::{ArrayRef, UInt32Array};
use mittari_lang::types::Kind;

use super::NO_KEY;
use super::column::{at, at_rows, joined};
use super::totals::{ordered, renumber};
use crate::batch::Batch;
use crate::error::RunError;

/// What one worker has seen of the rows.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    keys: Vec<u32>,
    orders: Vec<u64>,
    by: Vec<Option<i64>>,
    values: Vec<Vec<ArrayRef>>,
}

/// Values of neighbours beside the rows of a table, in their order.
#[derive(Debug)]
pub(crate) struct Neighbours {
    orders: Vec<u64>,
    values: Vec<(ArrayRef, Kind)>,
}

impl Seen {
    /// Takes in the rows of a batch; `by` orders them.
    pub(crate) fn take(
        &mut self,
        keys: &[u32],
        orders: impl Iterator<Item = u64>,
        (by, kind): (&ArrayRef, Kind),
        values: Vec<ArrayRef>,
    ) -> Result<(), RunError> {
        self.keys.extend(keys);
        self.orders.extend(orders);
        self.by.extend(ordered(by, kind)?);
        self.values.resize_with(values.len(), Vec::new);
        for (list, column) in self.values.iter_mut().zip(values) {
            list.push(column);
        }
        Ok(())
    }

    /// Gives its keys the numbers they have among those of all workers.
    pub(crate) fn renumber(&mut self, map: &[u32]) {
        renumber(&mut self.keys, map);
    }
}

impl Neighbours {
    /// What all workers have seen; `kinds` are those of the values, each with whether it
    /// is that of the row behind.
    pub(crate) fn of(seen: Vec<Seen>, kinds: &[(bool, Kind)]) -> Result<Self, RunError> {
        let mut chunks: Vec<Vec<ArrayRef>> = kinds.iter().map(|_| Vec::new()).collect();
        let mut orders = Vec::new();
        // Of rows that are equal in the order the later line is the later row.
        let mut entries: Vec<(u32, i64, u64, u32)> = Vec::new();
        let mut row = 0_u32;
        for part in seen {
            for ((key, order), by) in part.keys.iter().zip(&part.orders).zip(&part.by) {
                if let Some(by) = by.filter(|_| *key != NO_KEY) {
                    entries.push((*key, by, *order, row));
                }
                orders.push((*order, row));
                row = row.checked_add(1).ok_or(RunError::Overflow)?;
            }
            for (list, more) in chunks.iter_mut().zip(part.values) {
                list.extend(more);
            }
        }
        entries.sort_unstable();
        let mut behind = vec![None; orders.len()];
        let mut before = vec![None; orders.len()];
        for (one, next) in entries.iter().zip(entries.iter().skip(1)) {
            if one.0 == next.0 {
                put(&mut behind, one.3, next.3);
                put(&mut before, next.3, one.3);
            }
        }
        orders.sort_unstable();
        let mut values = Vec::with_capacity(kinds.len());
        for (chunks, (next, kind)) in chunks.iter().zip(kinds) {
            let neighbours = if *next { &behind } else { &before };
            let places: UInt32Array = orders
                .iter()
                .map(|(_, row)| neighbours.get(*row as usize).copied().flatten())
                .collect();
            values.push((at(&joined(chunks, *kind)?, &places)?, *kind));
        }
        Ok(Self { orders: orders.into_iter().map(|(order, _)| order).collect(), values })
    }

    /// A value of the neighbour of each row of a batch.
    pub(crate) fn value(
        &self,
        value: usize,
        batch: &Batch,
    ) -> Result<ArrayRef, RunError> {
        let (column, kind) = self
            .values
            .get(value)
            .ok_or(RunError::Broken("a neighbour's value that was not kept"))?;
        let first = batch.order_of(0);
        let mut place = self.orders.partition_point(|order| *order < first);
        // The rows of a batch come in order, and so do the places.
        let places = (0..batch.n_rows).map(|row| {
            let order = batch.order_of(row);
            while self.orders.get(place).is_some_and(|known| *known < order) {
                place += 1;
            }
            let found = self.orders.get(place) == Some(&order);
            u32::try_from(place).ok().filter(|_| found)
        });
        at_rows(column, &places.collect::<UInt32Array>(), *kind)
    }
}

fn put(list: &mut [Option<u32>], row: u32, neighbour: u32) {
    if let Some(slot) = list.get_mut(row as usize) {
        *slot = Some(neighbour);
    }
}
