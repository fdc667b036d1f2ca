//! The files of a table cut into pieces that can be decoded side by side.
//!
//! One thread at a time takes the next piece: it reads (and unpacks) some bytes and cuts
//! them where a row ends. All else happens outside the lock.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use mittari_lang::mapping::Layout;
use mittari_lang::metric::TableMapping;

use crate::dataset::TableInput;
use crate::fault::LoadError;
use crate::load::buffer::Buffer;
use crate::load::columnar::{Group, ParquetFile};
use crate::load::compress;
use crate::load::cuts::{Cut, ends_open, last_cut};
use crate::load::header::{self, Header};
use crate::load::passed::{PassedOver, Reads};
use crate::load::raw::FILE_SHIFT;
use crate::load::rows::Signs;

/// No row is longer than this.
pub(crate) const LONGEST_LINE: usize = 16 << 20;
/// How many bytes of text make a piece.
pub(crate) const BLOCK_BYTES: usize = 1 << 20;

/// The next piece of a table.
#[derive(Debug)]
pub(crate) enum Block {
    /// Whole lines, in the buffer that was handed in.
    Text {
        first: u64,
        header: Arc<Header>,
        /// Whether quotes occur in it.
        quoted: bool,
    },
    /// Rows of a Parquet file.
    Group(Group),
    /// A batch in memory, by its place.
    Batch { at: usize, first: u64 },
}

impl Block {
    /// The number of its first row.
    pub(crate) const fn first(&self) -> u64 {
        match self {
            Self::Text { first, .. } | Self::Batch { first, .. } => *first,
            Self::Group(group) => group.first,
        }
    }
}

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

/// The pieces of a table.
pub(crate) struct Blocks<'a> {
    pub(crate) input: &'a TableInput,
    names: &'a [String],
    /// Which of the names are better read as texts than as codes.
    plain: &'a [bool],
    block_bytes: usize,
    passed: Option<(&'a PassedOver, Reads)>,
    state: Mutex<State>,
    read: Arc<AtomicU64>,
}

#[derive(Default)]
struct State {
    next: usize,
    open: Option<Open>,
    /// The first row's number of each file with a header, and the header's lines.
    headers: Vec<(u64, u32)>,
}

enum Open {
    Text(Box<TextFile>),
    Parquet(Arc<ParquetFile>, usize),
}

/// A text that is being read.
struct TextFile {
    reader: Box<dyn Read + Send>,
    path: PathBuf,
    header: Arc<Header>,
    /// Read and not yet handed out.
    rest: Vec<u8>,
    /// The number of the next piece's first row.
    first: u64,
    ended: bool,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(
        input: &'a TableInput,
        names: &'a [String],
        plain: &'a [bool],
        block_bytes: usize,
    ) -> Self {
        let (state, read) = (Mutex::default(), Arc::default());
        let block_bytes = block_bytes.max(1);
        Self { input, names, plain, block_bytes, passed: None, state, read }
    }

    /// Without the row groups that a pass leaves out.
    pub(crate) fn passing(self, passed: Option<(&'a PassedOver, Reads)>) -> Self {
        Self { passed, ..self }
    }

    /// How many bytes were read so far, packed.
    pub(crate) fn bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// How many lines stand before the rows of each file.
    pub(crate) fn into_headers(self) -> Vec<(u64, u32)> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).headers
    }

    /// The next piece; a text is put into the buffer.
    pub(crate) fn next(&self, buffer: &mut Buffer) -> Result<Option<Block>, Trouble> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match self.input {
            TableInput::Batches(batches) => Ok(self.next_batch(&mut state, batches)),
            TableInput::Files { mapping, files } => {
                self.next_of_files(&mut state, (mapping, files), buffer)
            }
        }
    }

    fn next_batch(&self, state: &mut State, batches: &[RecordBatch]) -> Option<Block> {
        let batch = batches.get(state.next)?;
        let before =
            batches.iter().take(state.next).map(RecordBatch::num_rows).sum::<usize>();
        let at = state.next;
        state.next += 1;
        self.read.fetch_add(batch.get_array_memory_size() as u64, Ordering::Relaxed);
        Some(Block::Batch { at, first: before as u64 })
    }

    fn next_of_files(
        &self,
        state: &mut State,
        (mapping, files): (&TableMapping, &[PathBuf]),
        buffer: &mut Buffer,
    ) -> Result<Option<Block>, Trouble> {
        loop {
            let found = match &mut state.open {
                None => None,
                Some(Open::Text(file)) => file.next(self.block_bytes, buffer)?,
                Some(Open::Parquet(file, group)) => {
                    *group += 1;
                    let found = Group::of(file, *group - 1);
                    let out = self.passed.zip(found.as_ref());
                    if out.is_some_and(|((p, reads), own)| p.leaves_out(own.first, reads))
                    {
                        continue;
                    }
                    self.read.fetch_add(
                        found.as_ref().map_or(0, Group::bytes),
                        Ordering::Relaxed,
                    );
                    found.map(Block::Group)
                }
            };
            if found.is_some() {
                return Ok(found);
            }
            let Some(path) = files.get(state.next) else { return Ok(None) };
            let first = (state.next as u64) << FILE_SHIFT;
            state.next += 1;
            // Should this fail, nobody reads on in the file before.
            state.open = None;
            let opened = self.open(mapping, path, first)?;
            if let Open::Text(file) = &opened {
                state.headers.push((first, file.header.n_lines));
            }
            state.open = Some(opened);
        }
    }

    fn open(
        &self,
        mapping: &TableMapping,
        path: &Path,
        first: u64,
    ) -> Result<Open, Trouble> {
        let layout = mapping.layout.unwrap_or_else(|| layout_of(path));
        if layout == Layout::Parquet {
            let file = ParquetFile::open(path, (self.names, self.plain), first)?;
            return Ok(Open::Parquet(Arc::new(file), 0));
        }
        let reader = compress::open(path, mapping.encoding, &self.read)?;
        let mut file = TextFile {
            reader,
            path: path.to_path_buf(),
            header: Arc::new(Header::of_json(self.names.len())),
            rest: Vec::new(),
            first,
            ended: false,
        };
        file.skip_mark()?;
        if layout != Layout::Ndjson {
            let signs = Signs {
                delimiter: mapping.delimiter.unwrap_or(match layout {
                    Layout::Tsv => b'\t',
                    _ => b',',
                }),
                quote: mapping.quote,
            };
            file.read_header(signs, self.names, mapping.header)?;
        }
        Ok(Open::Text(Box::new(file)))
    }
}

/// How many bytes the files of a table have, packed, or its batches.
pub(crate) fn total_bytes(input: &TableInput) -> u64 {
    match input {
        TableInput::Files { files, .. } => {
            let sizes = files.iter().map(std::fs::metadata);
            sizes.filter_map(Result::ok).map(|facts| facts.len()).sum()
        }
        TableInput::Batches(batches) => sizes(batches).sum(),
    }
}

fn sizes(batches: &[RecordBatch]) -> impl Iterator<Item = u64> + '_ {
    batches.iter().map(|batch| batch.get_array_memory_size() as u64)
}

/// The layout a file's name speaks of; what says nothing is read as CSV.
pub(crate) fn layout_of(path: &Path) -> Layout {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let bare = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst"));
    let bare = bare.unwrap_or(&name);
    match bare.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "tsv" | "tab" => Layout::Tsv,
        "ndjson" | "jsonl" | "json" => Layout::Ndjson,
        "parquet" | "pq" => Layout::Parquet,
        _ => Layout::Csv,
    }
}

impl TextFile {
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
                Cut::Nowhere { .. } => self.read_more(BLOCK_BYTES, &mut rest)?,
            }
        };
        let line = rest.get(..end).unwrap_or_default();
        let header = Header::of_line(&self.path, line, signs, (names, has_header))?;
        self.header = Arc::new(header);
        if has_header {
            rest.drain(..end);
            self.first += end as u64;
        }
        self.rest = rest;
        Ok(())
    }

    /// Puts the next whole lines into the buffer.
    fn next(
        &mut self,
        block_bytes: usize,
        buffer: &mut Buffer,
    ) -> Result<Option<Block>, Trouble> {
        buffer.truncate(0);
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
        let header = Arc::clone(&self.header);
        Ok(Some(Block::Text { first, header, quoted }))
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
