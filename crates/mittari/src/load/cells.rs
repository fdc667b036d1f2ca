//! One field of some rows, which texts stand for no value, and which are none.

use crate::fault::FaultKind;
use crate::load::memo::Slice;
use crate::load::rows::FieldBounds;

/// Rows of a column whose text is no value, in ascending order.
pub(crate) type BadCells = Vec<(u32, FaultKind)>;

/// One field of the rows that are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) bounds: FieldBounds<'a>,
    /// Which rows are read; none: all.
    pub(crate) rows: Option<&'a [usize]>,
}

impl<'a> Cells<'a> {
    /// The field of a row.
    #[inline]
    pub(crate) fn slice(&self, row: usize) -> Slice<'a> {
        let row = match self.rows {
            None => row,
            Some(rows) => rows.get(row).copied().unwrap_or_default(),
        };
        let (start, end) = self.bounds.bounds(row);
        Slice { bytes: self.bytes, start, end }
    }
}

/// The texts that stand for no value.
#[derive(Debug, Clone)]
pub(crate) struct Missing {
    empty: bool,
    /// One bit for each length that one of the others has; the last for all longer ones.
    lengths: u64,
    others: Vec<String>,
}

impl Missing {
    /// Some texts, made ready.
    pub(crate) fn new(texts: &[String]) -> Self {
        let others: Vec<String> =
            texts.iter().filter(|text| !text.is_empty()).cloned().collect();
        Self {
            empty: others.len() < texts.len(),
            lengths: others.iter().fold(0, |bits, text| bits | bit_of(text.len())),
            others,
        }
    }

    /// Whether an empty text is the only one.
    pub(crate) const fn is_only_empty(&self) -> bool {
        self.empty && self.lengths == 0
    }

    /// Whether a text of a length can be one of them.
    #[inline]
    pub(crate) fn has_length(&self, length: usize) -> bool {
        if length == 0 { self.empty } else { self.lengths & bit_of(length) != 0 }
    }

    /// Whether a text is one of them.
    #[inline]
    pub(crate) fn has(&self, slice: Slice<'_>) -> bool {
        let length = slice.len();
        if length == 0 {
            return self.empty;
        }
        self.lengths & bit_of(length) != 0
            && self.others.iter().any(|text| text.as_bytes() == slice.text())
    }
}

#[inline]
fn bit_of(length: usize) -> u64 {
    1 << length.min(63)
}
