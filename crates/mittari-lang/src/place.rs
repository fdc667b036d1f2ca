//! A text and where each of its characters stands in the file it was taken from.
//!
//! A formula is read out of a YAML value, whose quotes, escapes and indentation are gone
//! by then. The pieces kept here lead from a byte of the formula back to the file:
//!
//! ```text
//! file       "it''s a\n   b"        the value as it stands between its quotes
//! text       it's a b               what the language reads
//! pieces     it|'|s a| |b           each with its bytes in the text and in the file
//! ```

use std::ops::Range;

use crate::span::{SourceId, Span};

/// A run of bytes of the text and the bytes of the file they came from.
///
/// Runs of equal length correspond byte by byte; of others only the borders do, as of
/// an escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The first byte in the text.
    pub cooked: usize,
    /// How many bytes of the text.
    pub cooked_len: usize,
    /// The first byte in the file.
    pub raw: usize,
    /// How many bytes of the file.
    pub raw_len: usize,
}

impl Piece {
    /// Whether byte corresponds to byte.
    const fn is_even(self) -> bool {
        self.cooked_len == self.raw_len
    }

    /// Whether another piece follows without a gap, so that both can be one.
    const fn continues(self, next: Self) -> bool {
        self.is_even()
            && next.is_even()
            && self.cooked + self.cooked_len == next.cooked
            && self.raw + self.raw_len == next.raw
    }
}

/// A text and the place of each of its characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text, as the language reads it.
    pub text: String,
    /// Whether `#` begins a comment in it: only in a text block with `|`, where lines
    /// stay lines.
    pub allows_comments: bool,
    /// The whole of it in the file.
    whole: Span,
    /// In order of both texts; none means that only the whole is known.
    pieces: Vec<Piece>,
}

impl Located {
    /// A text that stands in its source byte for byte, from an offset on.
    pub fn plain(text: impl Into<String>, source: SourceId, offset: usize) -> Self {
        let text = text.into();
        let len = text.len();
        let piece = Piece { cooked: 0, cooked_len: len, raw: offset, raw_len: len };
        let whole = Span::new(source, narrow(offset), narrow(offset.saturating_add(len)));
        Self { text, allows_comments: true, whole, pieces: vec![piece] }
    }

    /// A text of which only the whole place is known.
    pub const fn blurred(text: String, whole: Span, allows_comments: bool) -> Self {
        Self { text, allows_comments, whole, pieces: Vec::new() }
    }

    /// A text with the pieces it was made of, in order; neighbours that correspond byte
    /// by byte become one.
    pub fn pieced(
        text: String,
        whole: Span,
        allows_comments: bool,
        pieces: impl IntoIterator<Item = Piece>,
    ) -> Self {
        let mut merged: Vec<Piece> = Vec::new();
        for piece in pieces {
            match merged.last_mut() {
                _ if piece.cooked_len == 0 => {}
                Some(last) if last.continues(piece) => {
                    last.cooked_len += piece.cooked_len;
                    last.raw_len += piece.raw_len;
                }
                _ => merged.push(piece),
            }
        }
        Self { text, allows_comments, whole, pieces: merged }
    }

    /// The place of a range of bytes of the text in the file.
    ///
    /// The end is mapped through the character before it, so that it never falls behind
    /// a line break and the indentation after it.
    pub fn span(&self, range: Range<usize>) -> Span {
        if self.pieces.is_empty() {
            return self.whole;
        }
        let start = range.start.min(self.text.len());
        let end = range.end.clamp(start, self.text.len());
        let (first, last) = if start < end {
            (self.start_of(start), self.end_of(end))
        } else if start < self.text.len() {
            (self.start_of(start), self.start_of(start))
        } else {
            (self.end_of(start), self.end_of(start))
        };
        Span::new(self.whole.source, narrow(first), narrow(last.max(first)))
    }

    /// The place of the whole value, with the quotes around it.
    pub const fn whole(&self) -> Span {
        self.whole
    }

    /// Whether the place of every character is known.
    pub const fn is_exact(&self) -> bool {
        !self.pieces.is_empty() || self.text.is_empty()
    }

    /// A range of the text as a text of its own, its places kept.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or("").to_owned();
        let whole = self.span(range.clone());
        let pieces =
            self.pieces.iter().filter_map(|piece| clipped(*piece, &range)).collect();
        Self { text, allows_comments: self.allows_comments, whole, pieces }
    }

    /// Where the character at this byte begins in the file.
    fn start_of(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.cooked <= at);
        let Some(piece) = next.checked_sub(1).and_then(|place| self.pieces.get(place))
        else {
            return self.whole.start as usize;
        };
        if piece.is_even() { piece.raw + (at - piece.cooked) } else { piece.raw }
    }

    /// Where the character before this byte ends in the file.
    fn end_of(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.cooked < at);
        let Some(piece) = next.checked_sub(1).and_then(|place| self.pieces.get(place))
        else {
            return self.whole.start as usize;
        };
        if piece.is_even() {
            piece.raw + (at - piece.cooked).min(piece.raw_len)
        } else {
            piece.raw + piece.raw_len
        }
    }
}

/// The part of a piece that lies in a range of the text, counted from the range's start.
fn clipped(piece: Piece, range: &Range<usize>) -> Option<Piece> {
    let start = piece.cooked.max(range.start);
    let end = (piece.cooked + piece.cooked_len).min(range.end);
    if start >= end {
        return None;
    }
    let (raw, raw_len) = if piece.is_even() {
        (piece.raw + (start - piece.cooked), end - start)
    } else {
        (piece.raw, piece.raw_len)
    };
    Some(Piece { cooked: start - range.start, cooked_len: end - start, raw, raw_len })
}

/// A file is far shorter than four gigabytes; a longer one is cut, never wrapped.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: SourceId = SourceId(3);

    fn bounds(span: Span) -> (u32, u32) {
        (span.start, span.end)
    }

    #[test]
    fn a_plain_text_is_shifted() {
        let located = Located::plain("count()", SOURCE, 9);
        assert_eq!(bounds(located.span(0..5)), (9, 14));
        assert_eq!(bounds(located.span(7..7)), (16, 16));
        assert_eq!(bounds(located.span(0..99)), (9, 16));
        assert_eq!(located.span(0..1).source, SOURCE);
    }

    #[test]
    fn an_escape_and_a_wrapped_line_keep_their_borders() {
        // File: `'a''b` and on the next line `   c'`, the text being `a'b c`.
        let piece =
            |cooked, cooked_len, raw, raw_len| Piece { cooked, cooked_len, raw, raw_len };
        let pieces = [
            piece(0, 1, 1, 1),
            piece(1, 1, 2, 2),
            piece(2, 1, 4, 1),
            piece(3, 1, 5, 4),
            piece(4, 1, 9, 1),
        ];
        let whole = Span::new(SOURCE, 0, 11);
        let located = Located::pieced("a'b c".into(), whole, false, pieces);
        assert_eq!(bounds(located.span(0..2)), (1, 4), "an escape is taken whole");
        assert_eq!(bounds(located.span(1..3)), (2, 5), "an end stays before the break");
        assert_eq!(
            bounds(located.span(4..5)),
            (9, 10),
            "a start is behind the indentation"
        );
        assert_eq!(bounds(located.span(5..5)), (10, 10));
        let part = located.part(1..3);
        assert_eq!(part.text, "'b");
        assert_eq!(bounds(part.span(0..1)), (2, 4));
        assert_eq!(bounds(part.span(1..2)), (4, 5));
    }

    #[test]
    fn an_unknown_map_answers_with_the_whole() {
        let whole = Span::new(SOURCE, 4, 20);
        let located = Located::blurred("x".into(), whole, false);
        assert_eq!(located.span(0..1), whole);
        assert!(!located.is_exact());
    }
}
