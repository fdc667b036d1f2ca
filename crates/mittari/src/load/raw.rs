//! A piece of a table as it was read: rows of texts, or columns of some Arrow type.

use std::path::Path;

use arrow_array::{Array as _, ArrayRef, StringArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::DataType;

use crate::fault::{LoadError, Place};
use crate::load::rows::{Flaw, Rows};

/// Consecutive rows of a table, not yet converted.
#[derive(Debug)]
pub(crate) struct Raw<'a> {
    /// The file, for messages.
    pub(crate) file: &'a Path,
    /// The number of the first row in the order of the table.
    pub(crate) first: u64,
    pub(crate) n_rows: usize,
    pub(crate) body: Body<'a>,
}

/// The form the rows have.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    /// Lines of UTF-8; `fields` says for each used column which field it is.
    Text { text: &'a [u8], rows: &'a Rows, fields: &'a [usize] },
    /// The used columns.
    Arrow(&'a [ArrayRef]),
}

/// One used column as texts.
#[derive(Debug)]
pub(crate) enum Texts<'a> {
    /// Fields of lines.
    Fields { text: &'a [u8], rows: &'a Rows, field: usize },
    /// Texts of their own.
    Own(StringArray),
}

impl Raw<'_> {
    /// The rows that could not be divided into fields.
    pub(crate) fn flaws(&self) -> &[Flaw] {
        match &self.body {
            Body::Text { rows, .. } => &rows.flaws,
            Body::Arrow(_) => &[],
        }
    }

    /// How many lines (of columns: rows) of the piece stand before a row.
    pub(crate) fn ahead(&self, row: usize) -> u32 {
        match &self.body {
            Body::Text { rows, .. } => rows.line_of(row),
            Body::Arrow(_) => u32::try_from(row).unwrap_or(u32::MAX),
        }
    }

    /// Whether rows stand on lines.
    pub(crate) const fn has_lines(&self) -> bool {
        matches!(self.body, Body::Text { .. })
    }

    /// A used column as texts.
    pub(crate) fn texts(&self, name: usize) -> Result<Texts<'_>, LoadError> {
        match &self.body {
            Body::Text { text, rows, fields } => {
                let field = fields.get(name).copied().unwrap_or(usize::MAX);
                Ok(Texts::Fields { text, rows, field })
            }
            Body::Arrow(columns) => {
                let array = columns.get(name).map(|array| as_texts(self.file, array));
                array
                    .unwrap_or_else(|| Ok(StringArray::new_null(self.n_rows)))
                    .map(Texts::Own)
            }
        }
    }
}

impl Texts<'_> {
    /// The text of a row, if it has one.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Fields { text, rows, field } => rows.value(text, row, *field),
            Self::Own(array) => {
                (row < array.len() && array.is_valid(row)).then(|| array.value(row))
            }
        }
    }
}

/// A column of any simple type as texts.
pub(crate) fn as_texts(file: &Path, array: &ArrayRef) -> Result<StringArray, LoadError> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let cast = cast_with_options(array, &DataType::Utf8, &options).map_err(|error| {
        LoadError::Damaged { file: file.to_path_buf(), reason: error.to_string() }
    })?;
    Ok(StringArray::from(cast.to_data()))
}

/// Where the lines of each piece begin.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The first row's number, how many lines stand before it in its file, and how many
    /// lines the piece has; sorted.
    starts: Vec<(u64, u64, u32)>,
}

/// The numbers of a file's rows begin at its place in the list, shifted by this: a file
/// may have 16 tebibytes, unpacked.
pub(crate) const FILE_SHIFT: u32 = 44;

impl Lines {
    /// From the first row's number and the count of lines of every piece.
    pub(crate) fn new(mut pieces: Vec<(u64, u32)>) -> Self {
        pieces.sort_unstable();
        let (mut file, mut lines) = (u64::MAX, 0);
        let starts = pieces.into_iter().map(|(first, n_lines)| {
            if first >> FILE_SHIFT != file {
                (file, lines) = (first >> FILE_SHIFT, 0);
            }
            let before = lines;
            lines += u64::from(n_lines);
            (first, before, n_lines)
        });
        Self { starts: starts.collect() }
    }

    /// How many lines of its file stand before a piece; all pieces before it are known.
    pub(crate) fn before(&self, first: u64) -> u64 {
        let at = self.starts.partition_point(|(start, _, _)| *start < first);
        let last = at.checked_sub(1).and_then(|at| self.starts.get(at));
        match last {
            Some((start, before, n_lines)) if file_of(*start) == file_of(first) => {
                before + u64::from(*n_lines)
            }
            _ => 0,
        }
    }

    /// The place of a row of a piece.
    pub(crate) fn place(&self, first: u64, ahead: u32, has_lines: bool) -> Place {
        if has_lines {
            return Place::Line(self.before(first) + u64::from(ahead) + 1);
        }
        let row = first & ((1 << FILE_SHIFT) - 1);
        Place::Row(row + u64::from(ahead) + 1)
    }
}

/// The place of the file in the list whose row has a number.
pub(crate) fn file_of(order: u64) -> usize {
    usize::try_from(order >> FILE_SHIFT).unwrap_or(usize::MAX)
}
