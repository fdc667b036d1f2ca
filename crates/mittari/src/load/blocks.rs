//! The files of a table cut into pieces that can be decoded side by side.
//!
//! Of a plain file one thread at a time takes the next range, and reads it outside the
//! lock. Of others, and where fields are quoted, it reads (and unpacks) the next bytes and
//! cuts them where a row ends, while the others decode what they took before.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use mittari_lang::mapping::Layout;
use mittari_lang::metric::TableMapping;

use crate::dataset::TableInput;
use crate::load::buffer::Buffer;
use crate::load::columnar::{Group, ParquetFile};
use crate::load::compress;
use crate::load::header::Header;
use crate::load::passed::{PassedOver, Reads};
use crate::load::ranges::{Piece, Ranges};
use crate::load::raw::FILE_SHIFT;
use crate::load::rows::Signs;
use crate::load::stream::{Rows, Stream, Trouble};

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
    /// What is left of files whose ranges ended at a quote.
    streams: Vec<Stream>,
    /// The first row's number of each file with a header, and the header's lines.
    headers: Vec<(u64, u32)>,
}

enum Open {
    Stream(Box<Stream>),
    /// A plain file and its next range.
    Ranges(Arc<RangedFile>, u64),
    Parquet(Arc<ParquetFile>, usize),
}

/// A plain file that is read by ranges.
struct RangedFile {
    ranges: Ranges,
    header: Arc<Header>,
    /// The number of the first row.
    first: u64,
}

impl RangedFile {
    /// The number of the row that begins at a place.
    const fn number(&self, place: u64) -> u64 {
        self.first + (place - self.ranges.start())
    }
}

/// What a thread takes.
enum Taken {
    Block(Block),
    /// A range, which it has still to read.
    Range(Arc<RangedFile>, u64),
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
        loop {
            let Some(taken) = self.take(buffer)? else { return Ok(None) };
            let found = match taken {
                Taken::Block(block) => Some(block),
                Taken::Range(file, number) => self.range(&file, number, buffer)?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn take(&self, buffer: &mut Buffer) -> Result<Option<Taken>, Trouble> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match self.input {
            TableInput::Batches(batches) => {
                Ok(self.next_batch(&mut state, batches).map(Taken::Block))
            }
            TableInput::Files { mapping, files } => {
                self.next_of_files(&mut state, (mapping, files), buffer)
            }
        }
    }

    /// Reads a range; where its rows are not certain, the rest of the file becomes a
    /// stream.
    fn range(
        &self,
        file: &RangedFile,
        number: u64,
        buffer: &mut Buffer,
    ) -> Result<Option<Block>, Trouble> {
        let (ranges, header) = (&file.ranges, Arc::clone(&file.header));
        let piece = ranges.read(number, buffer)?;
        let (start, end) = ranges.bounds(number).unwrap_or_default();
        let n_read = match piece {
            Piece::Rows(_) | Piece::Nothing => end - start,
            // What stands before the stream belongs to the range before.
            Piece::Rest(place) => place - start,
            Piece::Left => 0,
        };
        self.read.fetch_add(n_read, Ordering::Relaxed);
        match piece {
            Piece::Rows(place) => {
                let first = file.number(place);
                Ok(Some(Block::Text { first, header, quoted: false }))
            }
            Piece::Nothing | Piece::Left => Ok(None),
            Piece::Rest(place) => {
                let reader = compress::plain_from(ranges.path(), place, &self.read)?;
                let first = file.number(place);
                let stream = Stream::go_on(reader, ranges.path(), first, header);
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.streams.push(stream);
                Ok(None)
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
    ) -> Result<Option<Taken>, Trouble> {
        while let Some(stream) = state.streams.last_mut() {
            if let Some(rows) = stream.next(self.block_bytes, buffer)? {
                return Ok(Some(Taken::Block(block_of(rows, stream))));
            }
            state.streams.pop();
        }
        loop {
            let found = match &mut state.open {
                None => None,
                Some(Open::Stream(stream)) => {
                    let rows = stream.next(self.block_bytes, buffer)?;
                    rows.map(|rows| Taken::Block(block_of(rows, stream)))
                }
                Some(Open::Ranges(file, number)) => {
                    *number += 1;
                    let own = file.ranges.bounds(*number - 1);
                    own.map(|_| Taken::Range(Arc::clone(file), *number - 1))
                }
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
                    found.map(Block::Group).map(Taken::Block)
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
            let header = match &opened {
                Open::Stream(file) => Some(&file.header),
                Open::Ranges(file, _) => Some(&file.header),
                Open::Parquet(..) => None,
            };
            state.headers.extend(header.map(|header| (first, header.n_lines)));
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
        let signs = (layout != Layout::Ndjson).then(|| Signs {
            delimiter: mapping.delimiter.unwrap_or(match layout {
                Layout::Tsv => b'\t',
                _ => b',',
            }),
            quote: mapping.quote,
        });
        let length = compress::plain_length(path, mapping.encoding)?;
        let length = length.filter(|length| *length > self.block_bytes as u64);
        // What is read ahead of ranges is read again.
        let count = if length.is_some() { &Arc::default() } else { &self.read };
        let reader = compress::open(path, mapping.encoding, count)?;
        let how = (signs, self.names, mapping.header);
        let stream = Stream::open(reader, path, first, how)?;
        let Some(length) = length else { return Ok(Open::Stream(Box::new(stream))) };
        self.read.fetch_add(stream.ahead, Ordering::Relaxed);
        let quote = stream.header.signs.quote;
        let bounds = (stream.ahead, length);
        let ranges = Ranges::new(path.to_path_buf(), bounds, self.block_bytes, quote);
        let (header, first) = (Arc::clone(&stream.header), stream.first);
        Ok(Open::Ranges(Arc::new(RangedFile { ranges, header, first }), 0))
    }
}

fn block_of(Rows { first, quoted }: Rows, stream: &Stream) -> Block {
    Block::Text { first, header: Arc::clone(&stream.header), quoted }
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
