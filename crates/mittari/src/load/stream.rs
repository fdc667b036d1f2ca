//! A text that is read from its beginning to its end, and cut where rows end.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fault::LoadError;
use crate::load::buffer::Buffer;
use crate::load::cuts::{Cut, ends_open, last_cut};
use crate::load::header::{self, Header};
use crate::load::rows::Signs;

/// No row is longer than this.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

/// How many bytes are read at a time until the header is whole.
const HEADER_BYTES: usize = 1 << 20;

/// Why there is no next piece.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The file cannot be read.
    Load(LoadError),
    /// A row is too long, or its quote is not closed; it stands so many lines behind
    /// the beginning of the piece with this first row.
    Row { first: u64, ahead: u32, open: bool },
}

impl From<LoadError> for Trouble {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

/// A text that is being read.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    path: PathBuf,
    pub(crate) header: Arc<Header>,
    /// Read and not yet handed out.
    rest: Vec<u8>,
    /// How many bytes stand before the first row.
    pub(crate) ahead: u64,
    /// The number of the next piece's first row.
    pub(crate) first: u64,
    ended: bool,
}

/// Whole rows in a buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    /// The number of the first.
    pub(crate) first: u64,
    /// Whether quotes occur in them.
    pub(crate) quoted: bool,
}

impl Stream {
    /// The lines of a text from their first on; of JSON there is no header.
    pub(crate) fn open(
        reader: Box<dyn Read + Send>,
        path: &Path,
        first: u64,
        (signs, names, has_header): (Option<Signs>, &[String], bool),
    ) -> Result<Self, Trouble> {
        let header = Arc::new(Header::of_json(names.len()));
        let mut stream = Self::go_on(reader, path, first, header);
        stream.skip_mark()?;
        if let Some(signs) = signs {
            stream.read_header(signs, names, has_header)?;
        }
        Ok(stream)
    }

    /// The lines of a text from some line on.
    pub(crate) fn go_on(
        reader: Box<dyn Read + Send>,
        path: &Path,
        first: u64,
        header: Arc<Header>,
    ) -> Self {
        let (path, rest) = (path.to_path_buf(), Vec::new());
        Self { reader, path, header, rest, ahead: 0, first, ended: false }
    }

    /// Reads some more bytes.
    fn read_more(&mut self, n_bytes: usize, into: &mut Vec<u8>) -> Result<(), LoadError> {
        into.reserve(n_bytes);
        let n_read = self
            .reader
            .by_ref()
            .take(n_bytes as u64)
            .read_to_end(into)
            .map_err(|error| LoadError::reading(&self.path, error))?;
        self.ended = n_read < n_bytes;
        Ok(())
    }

    /// Passes over the mark that some programs put before UTF-8.
    fn skip_mark(&mut self) -> Result<(), LoadError> {
        let mut rest = Vec::new();
        self.read_more(4096, &mut rest)?;
        if rest.starts_with(&[0xef, 0xbb, 0xbf]) {
            rest.drain(..3);
            self.ahead += 3;
        }
        self.rest = rest;
        if self.rest.is_empty() {
            return Err(LoadError::Empty { file: self.path.clone() });
        }
        Ok(())
    }

    /// Reads the names of the columns.
    fn read_header(
        &mut self,
        signs: Signs,
        names: &[String],
        has_header: bool,
    ) -> Result<(), Trouble> {
        let mut rest = std::mem::take(&mut self.rest);
        let end = loop {
            match header::end(&rest, signs) {
                Cut::At(end) => break end,
                Cut::Nowhere { open } if rest.len() > LONGEST_LINE => {
                    return Err(Trouble::Row { first: self.first, ahead: 0, open });
                }
                Cut::Nowhere { open: true } if self.ended => {
                    return Err(Trouble::Row { first: self.first, ahead: 0, open: true });
                }
                Cut::Nowhere { .. } if self.ended && header::is_blank(&rest) => {
                    return Err(LoadError::Empty { file: self.path.clone() }.into());
                }
                Cut::Nowhere { .. } if self.ended => rest.push(b'\n'),
                Cut::Nowhere { .. } => self.read_more(HEADER_BYTES, &mut rest)?,
            }
        };
        let line = rest.get(..end).unwrap_or_default();
        let header = Header::of_line(&self.path, line, signs, (names, has_header))?;
        self.header = Arc::new(header);
        if has_header {
            rest.drain(..end);
            self.first += end as u64;
            self.ahead += end as u64;
        }
        self.rest = rest;
        Ok(())
    }

    /// Puts the next whole lines into the buffer.
    pub(crate) fn next(
        &mut self,
        block_bytes: usize,
        buffer: &mut Buffer,
    ) -> Result<Option<Rows>, Trouble> {
        buffer.clear();
        buffer.extend(&self.rest);
        self.rest.clear();
        let signs = self.header.signs;
        let first = self.first;
        let mut quoted = is_quoted(buffer.filled(), signs);
        loop {
            let from = buffer.len();
            if !self.ended {
                let n_read = buffer
                    .read(&mut self.reader, block_bytes)
                    .map_err(|error| LoadError::reading(&self.path, error))?;
                self.ended = n_read < block_bytes;
            }
            let more = buffer.filled().get(from..).unwrap_or_default();
            quoted = quoted || is_quoted(more, signs);
            let own = Signs { quote: signs.quote.filter(|_| quoted), ..signs };
            if self.ended {
                if buffer.len() == 0 {
                    return Ok(None);
                }
                if buffer.filled().last() != Some(&b'\n') {
                    buffer.extend(b"\n");
                }
                if ends_open(buffer.filled(), own) {
                    return Err(row_trouble(first, buffer.filled(), signs, true));
                }
                break;
            }
            match last_cut(buffer.filled(), own) {
                Cut::At(end) => {
                    let rest = buffer.filled().get(end..).unwrap_or_default();
                    self.rest.extend_from_slice(rest);
                    buffer.truncate(end);
                    break;
                }
                Cut::Nowhere { open } if buffer.len() > LONGEST_LINE => {
                    return Err(Trouble::Row { first, ahead: 0, open });
                }
                Cut::Nowhere { .. } => {}
            }
        }
        self.first += buffer.len() as u64;
        Ok(Some(Rows { first, quoted }))
    }
}

/// Whether the sign that quotes occurs in some bytes.
fn is_quoted(bytes: &[u8], signs: Signs) -> bool {
    signs.quote.is_some_and(|quote| memchr::memchr(quote, bytes).is_some())
}

/// The row at the end of some bytes whose quote stays open.
fn row_trouble(first: u64, bytes: &[u8], signs: Signs, open: bool) -> Trouble {
    let start = match last_cut(bytes, signs) {
        Cut::At(start) => start,
        Cut::Nowhere { .. } => 0,
    };
    let before = bytes.get(..start).unwrap_or_default();
    let ahead = memchr::memchr_iter(b'\n', before).count();
    Trouble::Row { first, ahead: u32::try_from(ahead).unwrap_or(u32::MAX), open }
}
