//! The bounds of the fields of sixty-four rows, turned: one list for each bound, so that a
//! column finds its own side by side.

#![expect(clippy::indexing_slicing, reason = "pairs are of lists that are there")]

use std::ops::Range;

use crate::load::rows::Rows;

/// How many rows make a tile: as many as a number has bits.
pub(crate) const TILE: usize = 64;

/// The bounds that some fields need, of the rows of one tile after the other.
#[derive(Debug)]
pub(crate) struct Planes {
    /// The numbers of the bounds, in ascending order.
    numbers: Vec<usize>,
    /// For each of them where it lies in each row.
    lists: Vec<[u32; TILE]>,
}

/// Where the fields of a tile's rows begin and end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<'a> {
    /// The bound before each field, and that at its end.
    pub(crate) lists: [&'a [u32; TILE]; 2],
    /// How far behind the first a field begins, and how far before the second it ends.
    pub(crate) edges: (u32, u32),
}

/// The places in the lists of the two bounds of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair(usize, usize);

impl Planes {
    /// Room for the bounds of some fields, each of which has the bound with its own number
    /// before it and the next one at its end.
    pub(crate) fn of(fields: &[usize]) -> Self {
        let both = fields.iter().flat_map(|field| [*field, field + 1]);
        let mut numbers: Vec<usize> = both.collect();
        numbers.sort_unstable();
        numbers.dedup();
        let lists = vec![[0; TILE]; numbers.len()];
        Self { numbers, lists }
    }

    /// The bounds of a field, if it is one of those.
    pub(crate) fn pair(&self, field: usize) -> Option<Pair> {
        let place = |number: usize| self.numbers.binary_search(&number).ok();
        Some(Pair(place(field)?, place(field + 1)?))
    }

    /// Fills the lists with the bounds of some rows, no more than a tile has; `chosen` are
    /// the rows that are read, if not all are. What stands behind the last row means
    /// nothing.
    pub(crate) fn lay_out(
        &mut self,
        divided: &Rows,
        chosen: Option<&[usize]>,
        rows: Range<usize>,
    ) {
        for (number, list) in self.numbers.iter().zip(&mut self.lists) {
            let (bounds, stride) = divided.every(*number);
            if let Some(chosen) = chosen {
                let chosen = chosen.get(rows.clone()).unwrap_or_default();
                for (slot, row) in list.iter_mut().zip(chosen) {
                    *slot = bounds.get(row * stride).copied().unwrap_or_default();
                }
                continue;
            }
            let bounds = bounds.get(rows.start * stride..).unwrap_or_default();
            let fours = list.as_chunks_mut::<4>().0.iter_mut();
            for (four, rows) in fours.zip(bounds.chunks(4 * stride.max(1))) {
                let all = (rows.first(), rows.get(stride), rows.get(2 * stride));
                if let ((Some(a), Some(b), Some(c)), Some(d)) =
                    (all, rows.get(3 * stride))
                {
                    *four = [*a, *b, *c, *d];
                    continue;
                }
                for (slot, row) in four.iter_mut().zip(0..) {
                    *slot = rows.get(row * stride).copied().unwrap_or_default();
                }
            }
        }
    }

    /// Where a field of the rows stands that were laid out last; `edges` are those of the
    /// field.
    pub(crate) fn bounds(&self, pair: Pair, edges: (u32, u32)) -> Bounds<'_> {
        Bounds { lists: [&self.lists[pair.0], &self.lists[pair.1]], edges }
    }
}
