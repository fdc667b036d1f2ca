//! The bytes of a plain file by ranges, which threads read side by side.
//!
//! A row belongs to the range it begins in. Where rows begin is certain as long as no
//! quote occurs, since a quoted field may hold the end of a line: what is read of a range
//! counts only once all ranges before it are known to be without quotes. From the first
//! range with a quote on, the file is read as a stream.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use memchr::memchr;

use crate::fault::LoadError;
use crate::load::buffer::Buffer;
use crate::load::stream::LONGEST_LINE;

/// So many bytes more are read at first, since the last row mostly ends beyond its range.
const BEYOND: usize = 1 << 12;

/// The ranges of the rows of a file.
#[derive(Debug)]
pub(crate) struct Ranges {
    path: PathBuf,
    /// Where the first row begins.
    start: u64,
    /// Where the file ends.
    end: u64,
    /// How many bytes a range has.
    length: u64,
    quote: Option<u8>,
    turn: Mutex<Turn>,
    moved: Condvar,
}

/// How far the file is known.
#[derive(Debug, Default)]
struct Turn {
    /// The first range of which it is not known whether quotes occur.
    next: u64,
    /// Whether the ranges end here.
    ended: bool,
}

/// What came of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Whole rows are in the buffer; the first begins at this place.
    Rows(u64),
    /// No row begins in it.
    Nothing,
    /// From this place on, where a row begins, the file is to be read as a stream.
    Rest(u64),
    /// A range before it has said where the stream begins, or why it cannot be read.
    Left,
}

impl Ranges {
    /// The ranges of so many bytes, at least one, of what stands between two places.
    pub(crate) fn new(
        path: PathBuf,
        (start, end): (u64, u64),
        length: usize,
        quote: Option<u8>,
    ) -> Self {
        let length = length.max(1) as u64;
        let (turn, moved) = (Mutex::default(), Condvar::new());
        Self { path, start, end, length, quote, turn, moved }
    }

    /// The file.
    pub(crate) const fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Where the first row begins.
    pub(crate) const fn start(&self) -> u64 {
        self.start
    }

    /// Where a range begins and ends, if there are so many.
    pub(crate) fn bounds(&self, number: u64) -> Option<(u64, u64)> {
        let start = self.start.saturating_add(number.saturating_mul(self.length));
        (start < self.end).then(|| (start, (start + self.length).min(self.end)))
    }

    /// Reads the rows that begin in a range. Each range that was asked for must be read,
    /// since others wait until it is known.
    pub(crate) fn read(
        &self,
        number: u64,
        buffer: &mut Buffer,
    ) -> Result<Piece, LoadError> {
        if self.turn().ended {
            return Ok(Piece::Left);
        }
        let found = self.rows(number, buffer);
        let turn = self.turn();
        let waits = |turn: &mut Turn| turn.next < number && !turn.ended;
        let mut turn =
            self.moved.wait_while(turn, waits).unwrap_or_else(PoisonError::into_inner);
        if turn.ended {
            return Ok(Piece::Left);
        }
        turn.next = number + 1;
        turn.ended = !matches!(found, Ok(Piece::Rows(_) | Piece::Nothing));
        drop(turn);
        self.moved.notify_all();
        found.map_err(|error| LoadError::reading(&self.path, error))
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rows(&self, number: u64, buffer: &mut Buffer) -> io::Result<Piece> {
        let Some((start, end)) = self.bounds(number) else { return Ok(Piece::Nothing) };
        // Whether a row begins with the range shows in the byte before it.
        let from = if number == 0 { start } else { start - 1 };
        let own = usize::try_from(end - from).unwrap_or(usize::MAX);
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(from))?;
        buffer.clear();
        let mut ended = buffer.read(&mut file, own + BEYOND)? < own + BEYOND;
        let begin = if number == 0 {
            Some(0)
        } else {
            memchr(b'\n', buffer.filled()).map(|at| at + 1)
        };
        let Some(begin) = begin.filter(|begin| *begin < own.min(buffer.len())) else {
            return Ok(Piece::Nothing);
        };
        let first = from + begin as u64;
        // A row that begins before the range's end is its last.
        let mut looked = own.min(buffer.len()) - 1;
        loop {
            let more = buffer.filled().get(looked..).unwrap_or_default();
            if let Some(at) = memchr(b'\n', more) {
                buffer.truncate(looked + at + 1);
                break;
            }
            looked = buffer.len();
            if ended {
                buffer.extend(b"\n");
                break;
            }
            if looked - begin > LONGEST_LINE + own {
                return Ok(Piece::Rest(first));
            }
            ended = buffer.read(&mut file, BEYOND * 16)? < BEYOND * 16;
        }
        buffer.skip(begin);
        let is_quote = |quote| memchr(quote, buffer.filled()).is_some();
        Ok(if self.quote.is_some_and(is_quote) {
            Piece::Rest(first)
        } else {
            Piece::Rows(first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(text: &str, start: u64, length: usize) -> (Ranges, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, text).unwrap();
        (Ranges::new(path, (start, text.len() as u64), length, Some(b'"')), folder)
    }

    /// The rows of all ranges, and where a stream is to begin.
    fn all(ranges: &Ranges) -> (String, Option<u64>) {
        let (mut buffer, mut text) = (Buffer::default(), String::new());
        for number in (0..).take_while(|number| ranges.bounds(*number).is_some()) {
            match ranges.read(number, &mut buffer).unwrap() {
                Piece::Rows(first) => {
                    assert_eq!(first, ranges.start() + text.len() as u64);
                    text.push_str(std::str::from_utf8(buffer.filled()).unwrap());
                }
                Piece::Rest(first) => {
                    let next = ranges.read(number + 1, &mut buffer).unwrap();
                    assert_eq!(next, Piece::Left);
                    return (text, Some(first));
                }
                Piece::Nothing | Piece::Left => {}
            }
        }
        (text, None)
    }

    #[test]
    fn the_ranges_of_a_file_are_the_file() {
        let long = "x".repeat(9_000);
        let texts =
            ["", "\n", "\n\n", "a", "a\nb", "a\r\nbb\n\nccc\n", &*long, "\n\nä\n"];
        for (text, length) in
            texts.iter().flat_map(|t| [1, 2, 3, 5, 7_000].map(|n| (t, n)))
        {
            let (ranges, _folder) = ranges(&format!("head\n{text}"), 5, length);
            let mut expected = (*text).to_owned();
            if !text.is_empty() && !text.ends_with('\n') {
                expected.push('\n');
            }
            assert_eq!(all(&ranges), (expected, None), "{text:?} by {length}");
        }
    }

    #[test]
    fn a_quote_ends_the_ranges_where_its_piece_begins() {
        for length in [1, 2, 3, 4, 100] {
            let (ranges, _folder) = ranges("a\nbb\nc,\"\nd\"\ne\n", 0, length);
            let (text, rest) = all(&ranges);
            let rest = usize::try_from(rest.unwrap()).unwrap();
            assert!(rest <= 5, "by {length}");
            assert_eq!(text, "a\nbb\n"[..rest], "by {length}");
        }
    }

    #[test]
    fn a_file_that_became_shorter_ends_where_it_ends() {
        let (ranges, folder) = ranges("a\nbb\nccc\ndddd\n", 0, 4);
        std::fs::write(folder.path().join("x.csv"), "a\nbb\nc").unwrap();
        assert_eq!(all(&ranges), ("a\nbb\nc\n".to_owned(), None));
        std::fs::remove_file(folder.path().join("x.csv")).unwrap();
        let again = Ranges::new(ranges.path().clone(), (0, 9), 4, None);
        let mut buffer = Buffer::default();
        assert!(again.read(0, &mut buffer).is_err());
        assert_eq!(again.read(1, &mut buffer).unwrap(), Piece::Left);
    }
}
