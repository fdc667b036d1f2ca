//! Sixty-four rows of one column, divided and not yet read: where each field stands, and
//! which of them may stand for no value.
//!
//! Almost every field has the usual form of its column and is read by a few operations in
//! a loop that does nothing else. The others are read one by one, by all the rules.
#![expect(
    clippy::indexing_slicing,
    reason = "places are taken modulo the rows of a tile"
)]

use std::ops::Range;

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
use safe_arch::{
    add_i32_m256i, cast_to_m256_from_m256i, cmp_gt_mask_i32_m256i, m256i, move_mask_m256,
    set_splat_i32_m256i,
};

use crate::fault::FaultKind;
use crate::load::cells::{BadCells, Missing};
use crate::load::memo::Slice;
use crate::load::planes::{Bounds, TILE};
use crate::load::runs::BLOCK;

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
    bounds: Bounds<'a>,
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
    /// The fields of some rows, no more than a tile has, which stand in some bytes.
    pub(crate) fn new(
        (bytes, bounds): (&'a [u8], Bounds<'a>),
        rows: Range<usize>,
        missing: &'a Missing,
    ) -> Self {
        let n_rows = rows.len().min(TILE);
        let all = u64::MAX.checked_shr(u32::try_from(TILE - n_rows).unwrap_or(0));
        let (empty, doubtful) = (!filled(&bounds), 0);
        let rows_of = all.unwrap_or(0);
        let first = rows.start;
        let mut tile =
            Self { bytes, bounds, first, rows: rows_of, empty, doubtful, missing };
        if !missing.is_only_empty() {
            tile.look_for_missing();
        }
        tile
    }

    /// Finds the rows that may have no value and are not empty.
    fn look_for_missing(&mut self) {
        for bit in 0..TILE {
            let is_doubtful = self.missing.has_length(self.slice(bit).len());
            self.doubtful |= u64::from(is_doubtful) << bit;
        }
        let empty = self.empty;
        self.empty &= self.doubtful;
        self.doubtful &= !empty;
    }

    #[inline]
    fn slice(&self, bit: usize) -> Slice<'a> {
        let ([before, end], (behind, from)) = (self.bounds.lists, self.bounds.edges);
        let start = before[bit % TILE].wrapping_add(behind) as usize;
        let end = end[bit % TILE].wrapping_sub(from) as usize;
        Slice { bytes: self.bytes, start, end }
    }

    /// Adds the values of the rows: by `usual` where it finds one, else by `read`, each
    /// with what is remembered of the column. `usual` finds none in an empty field.
    // A function of its own for each kind of column: its few numbers stay in registers.
    #[inline(never)]
    pub(crate) fn each<T: Copy + Default, M: ?Sized>(
        &self,
        values: &mut Vec<T>,
        (told, memory): (&mut Told<'_>, &mut M),
        usual: impl Fn(&M, Slice<'a>) -> Option<T>,
        mut read: impl FnMut(&mut M, Slice<'a>) -> Cell<T>,
    ) {
        let mut own = [T::default(); TILE];
        let mut known = 0;
        let mut left = self.rows & !self.empty & !self.doubtful;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            if let Some(value) = usual(memory, self.slice(bit)) {
                own[bit % TILE] = value;
                known |= 1_u64 << bit;
            }
        }
        told.known = known;
        // An empty field that stands for a value is none that `usual` takes.
        let left = self.rows & !self.empty & !known;
        if left != 0 {
            self.each_other(&mut own, (left, told), |slice| read(memory, slice));
        }
        let n_rows = self.rows.count_ones() as usize;
        values.extend_from_slice(own.get(..n_rows).unwrap_or(&own));
    }

    /// Reads some rows by all the rules.
    #[inline(never)]
    fn each_other<T: Copy>(
        &self,
        values: &mut [T; TILE],
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
            match read(slice) {
                Cell::Value(value) => {
                    values[bit % TILE] = value;
                    told.known |= 1_u64 << bit;
                }
                Cell::Bad(kind) => self.note(bit, kind, told.bad),
                Cell::Missing => {}
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

    /// The views of all fields, if there is one in each row: its length, and behind that
    /// its first bytes, and bytes of what follows it.
    pub(crate) fn views(&self) -> Option<[u128; BLOCK]> {
        let complete = self.rows & !self.empty & !self.doubtful == u64::MAX;
        complete.then(|| {
            std::array::from_fn(|bit| {
                let slice = self.slice(bit);
                (u128::from_le_bytes(slice.head()) << 32) | (slice.len() as u128)
            })
        })
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
fn filled(bounds: &Bounds<'_>) -> u64 {
    let ([before, end], (behind, from)) = (bounds.lists, bounds.edges);
    // What is to be added to the end is taken from the start.
    let more = set_splat_i32_m256i(behind.wrapping_add(from).cast_signed());
    let (before, end) = (before.as_chunks::<8>().0, end.as_chunks::<8>().0);
    let mut bits = 0;
    for ((before, end), shift) in before.iter().zip(end).zip((0_u32..).step_by(8)) {
        // Places in a block are far below the highest number with a sign.
        let start = add_i32_m256i(signed(before), more);
        let own = cast_to_m256_from_m256i(cmp_gt_mask_i32_m256i(signed(end), start));
        bits |= u64::from(move_mask_m256(own).cast_unsigned()) << shift;
    }
    bits
}

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
#[inline]
fn signed(places: &[u32; 8]) -> m256i {
    m256i::from(places.map(u32::cast_signed))
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
fn filled(bounds: &Bounds<'_>) -> u64 {
    let ([before, end], (behind, from)) = (bounds.lists, bounds.edges);
    let fields = before.iter().zip(end).zip(0_u32..);
    fields.fold(0, |bits, ((before, end), bit)| {
        let start = before.wrapping_add(behind).wrapping_add(from);
        bits | (u64::from(*end > start) << bit)
    })
}
