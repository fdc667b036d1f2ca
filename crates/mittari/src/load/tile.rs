//! Sixty-four rows of one column, divided and not yet read: where each field stands, and
//! which of them may stand for no value.
//!
//! Almost every field has the usual form of its column and is read by a few operations in
//! a loop that does nothing else. The others are read one by one, by all the rules.

use std::ops::Range;

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
use safe_arch::{cast_to_m256_from_m256i, cmp_gt_mask_i32_m256i, m256i, move_mask_m256};

use crate::fault::FaultKind;
use crate::load::cells::{BadCells, Cells, Missing};
use crate::load::memo::Slice;

/// How many rows make a tile: as many as a number has bits.
pub(crate) const TILE: usize = 64;

/// What a field says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<T> {
    Value(T),
    Missing,
    Bad(FaultKind),
}

impl<T> Cell<T> {
    #[inline]
    pub(crate) fn of(value: Option<T>) -> Self {
        value.map_or(Self::Bad(FaultKind::Value), Self::Value)
    }
}

/// The fields of a tile.
pub(crate) struct Tile<'a> {
    bytes: &'a [u8],
    starts: [u32; TILE],
    ends: [u32; TILE],
    /// The number of the first row.
    first: usize,
    /// One bit for each row.
    rows: u64,
    /// Rows whose field is empty, and says by that that there is no value.
    empty: u64,
    /// Rows whose field is as long as a text that stands for no value.
    doubtful: u64,
    missing: &'a Missing,
}

/// What was read of a tile.
pub(crate) struct Told<'a> {
    /// One bit for each row that has a value.
    pub(crate) known: u64,
    pub(crate) bad: &'a mut BadCells,
}

impl<'a> Tile<'a> {
    /// The fields of some rows, no more than a tile has.
    pub(crate) fn new(
        cells: &Cells<'a>,
        rows: Range<usize>,
        missing: &'a Missing,
    ) -> Self {
        let n_rows = rows.len().min(TILE);
        let (mut starts, mut ends) = ([0; TILE], [0; TILE]);
        let (own_starts, _) = starts.split_at_mut(n_rows);
        cells.lay_out(rows.clone(), (own_starts, &mut ends));
        let all = u64::MAX.checked_shr(u32::try_from(TILE - n_rows).unwrap_or(0));
        let mut tile = Self {
            bytes: cells.bytes,
            starts,
            ends,
            first: rows.start,
            rows: all.unwrap_or(0),
            empty: 0,
            doubtful: 0,
            missing,
        };
        tile.look_for_missing();
        tile
    }

    /// Finds the rows that may have no value.
    #[inline]
    fn look_for_missing(&mut self) {
        self.empty = !behind(&self.starts, &self.ends);
        if self.missing.is_only_empty() {
            return;
        }
        let empty = self.empty;
        for ((start, end), bit) in self.starts.iter().zip(&self.ends).zip(0_u32..) {
            let length = end.saturating_sub(*start) as usize;
            self.doubtful |= u64::from(self.missing.has_length(length)) << bit;
        }
        self.empty = empty & self.doubtful;
        self.doubtful &= !empty;
    }

    #[inline]
    fn slice(&self, bit: usize) -> Slice<'a> {
        let at = |list: &[u32; TILE]| list.get(bit).map_or(0, |at| *at as usize);
        Slice { bytes: self.bytes, start: at(&self.starts), end: at(&self.ends) }
    }

    /// Adds the values of the rows: by `usual` where it finds one, else by `read`, each
    /// with what is remembered of the column. `usual` finds none in an empty field.
    #[inline]
    pub(crate) fn each<T: Copy + Default, M: ?Sized>(
        &self,
        values: &mut Vec<T>,
        (told, memory): (&mut Told<'_>, &mut M),
        usual: impl Fn(&M, Slice<'a>) -> Option<T>,
        mut read: impl FnMut(&mut M, Slice<'a>) -> Cell<T>,
    ) {
        let from = values.len();
        let n_rows = self.rows.count_ones() as usize;
        values.resize(from + n_rows, T::default());
        let Some(values) = values.get_mut(from..) else { return };
        let mut known = 0;
        let mut left = self.rows & !self.empty & !self.doubtful;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            if let (Some(value), Some(slot)) =
                (usual(memory, self.slice(bit)), values.get_mut(bit))
            {
                *slot = value;
                known |= 1_u64 << bit;
            }
        }
        told.known = known;
        // An empty field that stands for a value is none that `usual` takes.
        let left = self.rows & !self.empty & !known;
        if left != 0 {
            self.each_other(values, (left, told), |slice| read(memory, slice));
        }
    }

    /// Reads some rows by all the rules.
    #[inline(never)]
    fn each_other<T: Copy>(
        &self,
        values: &mut [T],
        (rows, told): (u64, &mut Told<'_>),
        mut read: impl FnMut(Slice<'a>) -> Cell<T>,
    ) {
        let mut left = rows;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            let slice = self.slice(bit);
            if self.missing.has(slice) {
                continue;
            }
            match (read(slice), values.get_mut(bit)) {
                (Cell::Value(value), Some(slot)) => {
                    *slot = value;
                    told.known |= 1_u64 << bit;
                }
                (Cell::Bad(kind), _) => self.note(bit, kind, told.bad),
                _ => {}
            }
        }
    }

    fn note(&self, bit: usize, kind: FaultKind, bad: &mut BadCells) {
        bad.push((u32::try_from(self.first + bit).unwrap_or(u32::MAX), kind));
    }

    /// One bit for each row whose value is true.
    pub(crate) fn truths(
        &self,
        told: &mut Told<'_>,
        truth: impl Fn(Slice<'a>) -> Option<bool>,
    ) -> u64 {
        let (mut known, mut truths) = (0, 0);
        let mut left = self.rows & !self.empty;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            let slice = self.slice(bit);
            if (self.doubtful >> bit) & 1 == 1 && self.missing.has(slice) {
                continue;
            }
            match truth(slice) {
                Some(truth) => {
                    known |= 1_u64 << bit;
                    truths |= u64::from(truth) << bit;
                }
                None => self.note(bit, FaultKind::Value, told.bad),
            }
        }
        told.known = known;
        truths
    }

    /// Hands each key on; a row without one is told.
    pub(crate) fn keys(&self, told: &mut Told<'_>, mut each: impl FnMut(Slice<'a>)) {
        let mut left = self.rows;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            let slice = self.slice(bit);
            let none = (self.empty | self.doubtful) >> bit & 1 == 1;
            if none && self.missing.has(slice) {
                self.note(bit, FaultKind::NoKey, told.bad);
            } else {
                each(slice);
            }
        }
    }
}

/// One bit for each field that ends behind its start.
#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
#[inline]
fn behind(starts: &[u32; TILE], ends: &[u32; TILE]) -> u64 {
    let (starts, ends) = (starts.as_chunks::<8>().0, ends.as_chunks::<8>().0);
    let mut bits = 0;
    for ((starts, ends), shift) in starts.iter().zip(ends).zip((0_u32..).step_by(8)) {
        // Places in a block are far below the highest number with a sign.
        let (starts, ends) = (signed(starts), signed(ends));
        let own =
            move_mask_m256(cast_to_m256_from_m256i(cmp_gt_mask_i32_m256i(ends, starts)));
        bits |= u64::from(own.cast_unsigned()) << shift;
    }
    bits
}

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
#[inline]
fn signed([a, b, c, d, e, f, g, h]: &[u32; 8]) -> m256i {
    m256i::from([a, b, c, d, e, f, g, h].map(|place| place.cast_signed()))
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
fn behind(starts: &[u32; TILE], ends: &[u32; TILE]) -> u64 {
    let fields = starts.iter().zip(ends).zip(0_u32..);
    fields.fold(0, |bits, ((start, end), bit)| bits | (u64::from(end > start) << bit))
}
