//! Lines of a text as rows of fields: where each field begins and ends.
//!
//! The bounds of a row are `width + 1` numbers: where the row begins, then the end of
//! each field. A field begins one byte behind the end of the one before it. Quoted
//! fields are unquoted in place (a text only shrinks), so that the same holds for them.
//!
//! Where nothing is quoted and every line is a row, the places of the signs say all: the
//! bounds are then dense, `width` numbers a row behind one that stands for the line's end
//! before the first row.
#![expect(
    clippy::indexing_slicing,
    reason = "places come from a search of the same bytes"
)]
#![expect(clippy::cast_possible_truncation, reason = "a block is far below 4 GiB")]

use memchr::{memchr, memchr2, memchr2_iter};

use crate::fault::{FaultKind, LISTED, cut};
use crate::load::signs::find;

/// How a line is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs {
    /// Between fields.
    pub(crate) delimiter: u8,
    /// Around fields, if they may be quoted.
    pub(crate) quote: Option<u8>,
}

/// A row that cannot be divided as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// The line within the block, from 0.
    pub(crate) line: u32,
    pub(crate) kind: FaultKind,
    /// What stands there; empty beyond the first ones of a block.
    pub(crate) text: String,
    pub(crate) expected: String,
}

/// The rows of a block.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    bounds: Vec<u32>,
    width: usize,
    /// Of dense bounds: how many rows there are, and how many bytes a line's end takes.
    dense: Option<(usize, u32)>,
    /// From which row on how many lines more than rows have gone before.
    skips: Vec<(u32, u32)>,
    /// How many lines the block has.
    pub(crate) n_lines: u32,
    /// The rows that are left out.
    pub(crate) flaws: Vec<Flaw>,
    /// Of JSON: which fields have no value; else empty.
    pub(crate) nulls: Vec<bool>,
}

/// Where one field of every row stands: a row's two bounds lie `stride` numbers behind
/// those of the row before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldBounds<'a> {
    bounds: &'a [u32],
    stride: usize,
    /// How far behind the first bound the field begins.
    behind: u32,
    /// How far before the second it ends.
    before: u32,
}

impl FieldBounds<'_> {
    /// Where the field of a row begins and ends.
    #[inline]
    pub(crate) fn bounds(&self, row: usize) -> (usize, usize) {
        let at = row * self.stride;
        let (start, end) = self.field(self.bounds[at], self.bounds[at + 1]);
        (start as usize, end as usize)
    }

    /// How far behind the first bound a field begins, and how far before the second it
    /// ends.
    pub(crate) const fn edges(&self) -> (u32, u32) {
        (self.behind, self.before)
    }

    #[inline]
    const fn field(&self, before: u32, end: u32) -> (u32, u32) {
        (before.wrapping_add(self.behind), end - self.before)
    }
}

impl Rows {
    /// How many fields each row has.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// Forgets the rows and expects others of this many fields; 0 stands for as many as
    /// the first row has.
    pub(crate) fn restart(&mut self, width: usize) {
        self.bounds.clear();
        self.dense = None;
        self.skips.clear();
        self.flaws.clear();
        self.nulls.clear();
        self.n_lines = 0;
        self.width = width;
    }

    /// How many rows were divided.
    pub(crate) const fn len(&self) -> usize {
        match self.dense {
            Some((n_rows, _)) => n_rows,
            None => self.bounds.len() / (self.width + 1),
        }
    }

    /// The text of a field.
    pub(crate) fn field<'a>(&self, text: &'a [u8], row: usize, field: usize) -> &'a str {
        let (start, end) = self.column(field).bounds(row);
        let field = text.get(start..end).unwrap_or_default();
        std::str::from_utf8(field).unwrap_or_default()
    }

    /// Where one field of every row stands.
    pub(crate) fn column(&self, field: usize) -> FieldBounds<'_> {
        let (stride, behind, before) = match self.dense {
            Some((_, end)) if field + 1 == self.width => (self.width, 1, end - 1),
            Some(_) => (self.width, 1, 0),
            None => (self.width + 1, u32::from(field > 0), 0),
        };
        let bounds = self.bounds.get(field..).unwrap_or_default();
        FieldBounds { bounds, stride, behind, before }
    }

    /// The bound with a number of every row, the first of which is that of the row's start:
    /// each lies so many numbers behind that of the row before.
    pub(crate) fn every(&self, bound: usize) -> (&[u32], usize) {
        let stride = if self.dense.is_some() { self.width } else { self.width + 1 };
        (self.bounds.get(bound..).unwrap_or_default(), stride)
    }

    /// Divides lines of UTF-8 without quotes, each of which is a row of `width` fields; if
    /// they are not such lines it says no, and other rows must be made of them.
    pub(crate) fn divide_dense(
        &mut self,
        bytes: &[u8],
        delimiter: u8,
        width: usize,
    ) -> bool {
        // A row of one field may be blank, which is no row.
        if width < 2 {
            return false;
        }
        self.skips.clear();
        self.flaws.clear();
        self.nulls.clear();
        self.width = width;
        let count = find(bytes, (delimiter, b'\n'), &mut self.bounds, 1);
        let n_rows = count.second;
        let Some(ends) = self.bounds.get(1..=count.both) else { return false };
        if count.nul || count.both != n_rows * width {
            return false;
        }
        if count.beyond && std::str::from_utf8(bytes).is_err() {
            return false;
        }
        let mut n_carriages = 0;
        for row in ends.chunks_exact(width) {
            let end = row[width - 1] as usize;
            if bytes[end] != b'\n' {
                return false;
            }
            n_carriages += usize::from(end > 0 && bytes[end - 1] == b'\r');
        }
        if n_carriages != 0 && n_carriages != n_rows {
            return false;
        }
        self.n_lines = n_rows as u32;
        self.dense = Some((n_rows, 1 + u32::from(n_carriages > 0)));
        // One byte behind this the first row begins.
        if let Some(before) = self.bounds.first_mut() {
            *before = u32::MAX;
        }
        true
    }

    /// The text of a field, unless it is one that has no value.
    pub(crate) fn value<'a>(
        &self,
        text: &'a [u8],
        row: usize,
        field: usize,
    ) -> Option<&'a str> {
        let null = self.nulls.get(row * self.width + field).copied();
        (!null.unwrap_or_default()).then(|| self.field(text, row, field))
    }

    /// Whether some fields have no value though they have a text.
    pub(crate) const fn has_nulls(&self) -> bool {
        !self.nulls.is_empty()
    }

    /// The line of a row within the block, from 0.
    pub(crate) fn line_of(&self, row: usize) -> u32 {
        let behind = self.skips.partition_point(|(from, _)| *from as usize <= row);
        let skipped = behind.checked_sub(1).map_or(0, |at| self.skips[at].1);
        row as u32 + skipped
    }

    /// Ends the row whose bounds begin at `base`: keeps it, or leaves it out.
    fn end_row(&mut self, bytes: &[u8], base: usize, marker: Option<u8>) {
        let (start, end) =
            (self.bounds[base] as usize, self.bounds[self.bounds.len() - 1] as usize);
        let n_fields = self.bounds.len() - base - 1;
        let row = &bytes[start..end];
        if self.width == 0 && !row.is_empty() {
            self.width = n_fields;
        }
        if row.is_empty() && n_fields == 1 {
            self.leave_out(base);
        } else if let Some(marker) =
            marker.filter(|marker| memchr(*marker, row).is_some())
        {
            let shown =
                String::from_utf8_lossy(row).replace(char::from(marker), "\u{fffd}");
            self.flaw(FaultKind::Characters, shown.as_bytes(), || {
                "text in UTF-8 without NUL characters".to_owned()
            });
            self.leave_out(base);
        } else if n_fields != self.width {
            let width = self.width;
            self.flaw(FaultKind::Fields, row, || {
                format!("{width} fields and not {n_fields}")
            });
            self.leave_out(base);
        } else {
            self.n_lines += 1;
        }
    }

    fn leave_out(&mut self, base: usize) {
        self.bounds.truncate(base);
        self.n_lines += 1;
        self.skip();
    }

    /// Notes that lines and rows are no longer in step.
    fn skip(&mut self) {
        let n_rows = self.len() as u32;
        let ahead = self.n_lines.saturating_sub(n_rows);
        match self.skips.last_mut() {
            Some((row, lines)) if *row == n_rows => *lines = ahead,
            _ => self.skips.push((n_rows, ahead)),
        }
    }

    /// Notes a flaw of the line the reader is at.
    pub(crate) fn flaw(
        &mut self,
        kind: FaultKind,
        row: &[u8],
        expected: impl FnOnce() -> String,
    ) {
        let listed = self.flaws.len() < LISTED;
        let text =
            if listed { cut(&String::from_utf8_lossy(row)) } else { String::new() };
        let expected = if listed { expected() } else { String::new() };
        self.flaws.push(Flaw { line: self.n_lines, kind, text, expected });
    }

    /// Leaves out a line that a reader of another layout could not divide, or that is
    /// blank.
    pub(crate) fn pass_line(&mut self) {
        self.n_lines += 1;
        self.skip();
    }

    /// Adds a row whose fields another reader has laid out; `ends` are those of its
    /// fields, one byte apart.
    pub(crate) fn add(&mut self, start: usize, ends: &[usize]) {
        self.bounds.push(start as u32);
        self.bounds.extend(ends.iter().map(|end| *end as u32));
        self.n_lines += 1;
    }
}

/// Divides whole lines into rows. The bytes end with a line's end and are UTF-8; rows
/// with the byte `marker` were not.
pub(crate) fn divide(
    bytes: &mut [u8],
    signs: Signs,
    width: usize,
    marker: Option<u8>,
    rows: &mut Rows,
) {
    rows.restart(width);
    match signs.quote {
        Some(quote) if memchr(quote, bytes).is_some() => {
            divide_quoted(bytes, (signs.delimiter, quote), marker, rows);
        }
        _ => divide_plain(bytes, signs.delimiter, marker, rows),
    }
}

fn divide_plain(bytes: &[u8], delimiter: u8, marker: Option<u8>, rows: &mut Rows) {
    let (mut base, mut row_start) = (0, 0);
    rows.bounds.push(0);
    for at in memchr2_iter(delimiter, b'\n', bytes) {
        if bytes[at] == delimiter {
            rows.bounds.push(at as u32);
            continue;
        }
        let carriage = at > row_start && bytes[at - 1] == b'\r';
        rows.bounds.push((at - usize::from(carriage)) as u32);
        rows.end_row(bytes, base, marker);
        base = rows.bounds.len();
        row_start = at + 1;
        rows.bounds.push(row_start as u32);
    }
    rows.bounds.truncate(base);
}

fn divide_quoted(
    bytes: &mut [u8],
    (delimiter, quote): (u8, u8),
    marker: Option<u8>,
    rows: &mut Rows,
) {
    let (mut read, mut write) = (0, 0);
    while read < bytes.len() {
        let base = rows.bounds.len();
        rows.bounds.push(write as u32);
        let (mut n_breaks, mut stray) = (0, false);
        loop {
            if bytes.get(read) == Some(&quote) {
                let (from, to) = unquote(bytes, read + 1, write, (quote, &mut n_breaks));
                (read, write) = (from, to);
                stray |= !ends_field(bytes, read, delimiter);
            }
            let end = next_of(delimiter, bytes, read);
            let last = bytes.get(end) != Some(&delimiter);
            let carriage = last && end > read && bytes[end - 1] == b'\r';
            let kept = end - usize::from(carriage);
            bytes.copy_within(read..kept, write);
            write += kept - read;
            rows.bounds.push(write as u32);
            // What is left behind the copy could be half a character.
            if let Some(separator) = bytes.get_mut(write) {
                *separator = if last { b'\n' } else { delimiter };
            }
            read = end + 1;
            if last {
                break;
            }
            write += 1;
        }
        if stray {
            let row = rows.bounds[base] as usize..write;
            rows.flaw(FaultKind::Quoting, &bytes[row], || {
                "the end of the field behind its closing quote".to_owned()
            });
            rows.leave_out(base);
        } else {
            rows.end_row(bytes, base, marker);
        }
        if n_breaks > 0 {
            rows.n_lines += n_breaks;
            rows.skip();
        }
        write += 1;
    }
    if let Some(rest) = bytes.get_mut(write..) {
        rest.fill(b'\n');
    }
}

/// Copies a quoted text without its quotes, from behind the opening one; gives the
/// places behind the closing quote and behind the copy.
fn unquote(
    bytes: &mut [u8],
    mut read: usize,
    mut write: usize,
    (quote, n_breaks): (u8, &mut u32),
) -> (usize, usize) {
    loop {
        let end = memchr(quote, &bytes[read..]).map_or(bytes.len(), |at| read + at);
        *n_breaks += memchr::memchr_iter(b'\n', &bytes[read..end]).count() as u32;
        bytes.copy_within(read..end, write);
        write += end - read;
        if bytes.get(end + 1) != Some(&quote) {
            return ((end + 1).min(bytes.len()), write);
        }
        // Two quotes within a text stand for one.
        bytes[write] = quote;
        write += 1;
        read = end + 2;
    }
}

/// Whether a field ends here.
fn ends_field(bytes: &[u8], at: usize, delimiter: u8) -> bool {
    match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => matches!(bytes.get(at + 1), None | Some(b'\n')),
        Some(byte) => *byte == delimiter,
    }
}

/// The place of the next delimiter or line's end.
fn next_of(delimiter: u8, bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr2(delimiter, b'\n', rest).map_or(bytes.len(), |at| from + at)
}

/// Makes bytes UTF-8 without NUL characters: what is not is overwritten by a character
/// that occurs nowhere else in them, which is given back.
pub(crate) fn scrub(bytes: &mut [u8]) -> Option<u8> {
    let nul = memchr(0, bytes);
    if nul.is_none() && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let marker = (1..32)
        .filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r'))
        .find(|byte| memchr(*byte, bytes).is_none())
        .unwrap_or(26);
    for byte in bytes.iter_mut().filter(|byte| **byte == 0) {
        *byte = marker;
    }
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let start = from + error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        bytes[start..end].fill(marker);
        from = end;
    }
    Some(marker)
}

#[cfg(test)]
mod tests;
