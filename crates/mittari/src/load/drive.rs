//! Hands every piece of a table to one of several threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use arrow_array::{Array as _, ArrayRef, RecordBatch};

use crate::dataset::TableInput;
use crate::fault::{LoadError, ScanError};
use crate::load::blocks::{Block, Blocks, total_bytes};
use crate::load::buffer::Buffer;
use crate::load::columnar::Group;
use crate::load::header::{Header, place_of};
use crate::load::ndjson::{Seen, lay_out};
use crate::load::passed::{PassedOver, Reads};
use crate::load::raw::{Body, Lines, Raw, file_of};
use crate::load::rows::{Rows, divide, scrub};
use crate::load::stream::Trouble;
use crate::memory::MemoryLimit;
use crate::timing::{Stage, Timings};

/// How many rows of a batch in memory are handed out at once.
const BATCH_ROWS: usize = 1 << 15;

/// Of small files, a piece is such a part of all bytes.
const SHARES: u64 = 8;

/// No piece is made smaller than this for the sake of other threads.
const FEWEST_BYTES: usize = 1 << 17;

/// Which pieces of which columns are handed out, and to how many threads.
pub(crate) struct Job<'a> {
    pub(crate) input: &'a TableInput,
    /// The used columns.
    pub(crate) names: &'a [String],
    /// The columns that any pass over the table uses: what is wrong with JSON shows only
    /// where it is looked at, and a row has one number in all passes.
    pub(crate) watched: &'a [String],
    /// Which of the used ones are better read as texts than as codes.
    pub(crate) plain: &'a [bool],
    pub(crate) threads: usize,
    pub(crate) block_bytes: usize,
    /// Row groups that are passed over, and what of them is read all the same.
    pub(crate) passed: Option<(&'a PassedOver, Reads)>,
    /// How much memory the run may hold.
    pub(crate) memory: Option<MemoryLimit<'a>>,
    pub(crate) progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    pub(crate) timings: Option<&'a Timings<'a>>,
}

impl Job<'_> {
    /// Whether the run may go on, by the memory it holds.
    fn check(&self) -> Result<(), LoadError> {
        let told = self.memory.and_then(|limit| limit.reached());
        told.map_or(Ok(()), |told| Err(LoadError::Memory { told }))
    }
}

/// What all threads have made of a table.
pub(crate) struct Driven<W> {
    /// One for each thread.
    pub(crate) workers: Vec<W>,
    pub(crate) lines: Lines,
    /// Bytes that were read, packed.
    pub(crate) bytes: u64,
}

/// What one thread keeps from piece to piece.
#[derive(Default)]
struct Scratch {
    buffer: Buffer,
    rows: Rows,
}

/// What the threads share.
struct Shared<'a> {
    job: &'a Job<'a>,
    blocks: Blocks<'a>,
    lines: Mutex<Vec<(u64, u32)>>,
    seen: Seen,
    stop: AtomicBool,
    total: u64,
}

/// Why a thread stopped, and at which row.
enum Failure<E> {
    Trouble(Trouble),
    Scan(u64, ScanError<E>),
}

/// Hands every piece to `each`, with the worker of the thread that took it.
pub(crate) fn drive<W: Send, E: Send>(
    job: &Job<'_>,
    make: impl Fn() -> Result<W, LoadError> + Sync,
    each: impl Fn(&mut W, &Raw<'_>) -> Result<(), ScanError<E>> + Sync,
) -> Result<Driven<W>, ScanError<E>> {
    let threads = job.threads.max(1);
    let total = total_bytes(job.input);
    let block_bytes = job.block_bytes.min(fair_bytes(total));
    let blocks =
        Blocks::new(job.input, job.names, job.plain, block_bytes).passing(job.passed);
    let shared = Shared {
        job,
        blocks,
        lines: Mutex::default(),
        seen: Seen::default(),
        stop: AtomicBool::new(false),
        total,
    };
    let mut workers = Vec::new();
    let mut failures = Vec::new();
    std::thread::scope(|scope| {
        let run = || {
            let done = make().map_err(|error| Failure::Scan(0, error.into()));
            let done = done.and_then(|worker| shared.work(worker, &each));
            if done.is_err() {
                shared.stop.store(true, Ordering::Relaxed);
            }
            done
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            match thread.join() {
                Ok(Ok(worker)) => workers.push(worker),
                Ok(Err(failure)) => failures.push(failure),
                Err(panic) => resume_unwind(panic),
            }
        }
    });
    let Shared { blocks, lines, seen, .. } = shared;
    if let Some(error) = seen.absent(job.names, |at| job.input.file(at)) {
        return Err(error.into());
    }
    let bytes = blocks.bytes();
    let mut lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
    lines.extend(blocks.into_headers());
    let lines = Lines::new(lines);
    match failures.into_iter().min_by_key(Failure::first) {
        Some(failure) => Err(failure.explain(job.input, &lines)),
        None => Ok(Driven { workers, lines, bytes }),
    }
}

/// How large pieces are at most: small ones of small files, so that each thread gets some
/// and no memory is cleared in vain. The number of threads does not matter, since the
/// pieces give the rows their numbers.
fn fair_bytes(total: u64) -> usize {
    usize::try_from(total / SHARES).unwrap_or(usize::MAX).max(FEWEST_BYTES)
}

impl<E> Failure<E> {
    /// The row at which it happened: the first failure of a table is the one told, be it
    /// with one thread or with four.
    fn first(&self) -> u64 {
        match self {
            Self::Trouble(Trouble::Load(_)) => u64::MAX,
            Self::Trouble(Trouble::Row { first, .. }) | Self::Scan(first, _) => *first,
        }
    }

    fn explain(self, input: &TableInput, lines: &Lines) -> ScanError<E> {
        match self {
            Self::Scan(_, error) => error,
            Self::Trouble(Trouble::Load(error)) => error.into(),
            Self::Trouble(Trouble::Row { first, ahead, open }) => {
                let file = input.file(file_of(first)).to_path_buf();
                let line = lines.before(first) + u64::from(ahead) + 1;
                if open {
                    LoadError::OpenQuote { file, line }.into()
                } else {
                    LoadError::LongLine { file, line }.into()
                }
            }
        }
    }
}

impl Shared<'_> {
    /// Takes piece after piece until there is none.
    fn work<W, E>(
        &self,
        mut worker: W,
        each: &impl Fn(&mut W, &Raw<'_>) -> Result<(), ScanError<E>>,
    ) -> Result<W, Failure<E>> {
        let mut scratch = Scratch::default();
        let timings = self.job.timings;
        let now = || timings.map_or(Duration::ZERO, Timings::now);
        let begun = now();
        // What `each` takes is no part of reading.
        let mut elsewhere = Duration::ZERO;
        while !self.stop.load(Ordering::Relaxed) {
            let block =
                self.blocks.next(&mut scratch.buffer).map_err(Failure::Trouble)?;
            let Some(block) = block else { break };
            let first = block.first();
            let mut each = |raw: &Raw<'_>| {
                let start = now();
                let done = each(&mut worker, raw).and_then(|()| Ok(self.job.check()?));
                elsewhere += now().saturating_sub(start);
                done
            };
            match block {
                Block::Text { first, header, quoted } => {
                    self.text(first, (&header, quoted), &mut scratch, &mut each)
                }
                Block::Group(group) => rows_of_group(&group, &mut each),
                Block::Batch { at, first } => self.batch(at, first, &mut each),
            }
            .map_err(|error| Failure::Scan(first, error))?;
            if let Some(progress) = self.job.progress {
                progress(self.blocks.bytes(), self.total);
            }
        }
        if let Some(timings) = timings {
            let all = now().saturating_sub(begun);
            timings.note_thread(all);
            timings.add(Stage::Scan, all.saturating_sub(elsewhere));
        }
        Ok(worker)
    }

    fn text<E>(
        &self,
        first: u64,
        (header, quoted): (&Header, bool),
        scratch: &mut Scratch,
        each: &mut impl FnMut(&Raw<'_>) -> Result<(), ScanError<E>>,
    ) -> Result<(), ScanError<E>> {
        let Scratch { buffer, rows } = scratch;
        let buffer = buffer.filled_mut();
        let laid;
        // `scrub` makes them UTF-8, and fields are moved whole.
        let text = if let Some(width) = header.width {
            if quoted || !rows.divide_dense(buffer, header.signs.delimiter, width) {
                let marker = scrub(buffer);
                divide(buffer, header.signs, width, marker, rows);
            }
            &*buffer
        } else {
            scrub(buffer);
            let lines = std::str::from_utf8(buffer).unwrap_or_default();
            let names = (self.job.names, self.job.watched);
            laid = lay_out(lines, names, (file_of(first), &self.seen), rows);
            laid.as_bytes()
        };
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push((first, rows.n_lines));
        drop(lines);
        let fields = &header.fields;
        let body = Body::Text { text, rows, fields };
        let file = self.job.input.file(file_of(first));
        each(&Raw { file, first, n_rows: rows.len(), body })
    }

    fn batch<E>(
        &self,
        at: usize,
        first: u64,
        each: &mut impl FnMut(&Raw<'_>) -> Result<(), ScanError<E>>,
    ) -> Result<(), ScanError<E>> {
        let TableInput::Batches(batches) = self.job.input else { return Ok(()) };
        let Some(batch) = batches.get(at) else { return Ok(()) };
        let file = self.job.input.file(0);
        let columns = columns_of(batch, self.job.names, file)?;
        let mut from = 0;
        while from < batch.num_rows() {
            let n_rows = BATCH_ROWS.min(batch.num_rows() - from);
            let part: Vec<ArrayRef> =
                columns.iter().map(|column| column.slice(from, n_rows)).collect();
            let first = first + from as u64;
            each(&Raw { file, first, n_rows, body: Body::Arrow(&part) })?;
            from += n_rows;
        }
        Ok(())
    }
}

fn columns_of(
    batch: &RecordBatch,
    names: &[String],
    file: &std::path::Path,
) -> Result<Vec<ArrayRef>, LoadError> {
    let known: Vec<String> =
        batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    let places = names.iter().map(|name| place_of(file, name, &known));
    let places: Vec<usize> = places.collect::<Result<_, _>>()?;
    Ok(places.iter().filter_map(|at| batch.columns().get(*at).cloned()).collect())
}

fn rows_of_group<E>(
    group: &Group,
    each: &mut impl FnMut(&Raw<'_>) -> Result<(), ScanError<E>>,
) -> Result<(), ScanError<E>> {
    let mut first = group.first;
    let mut batches = group.batches()?;
    while let Some((n_rows, columns)) = batches.next()? {
        each(&Raw { file: group.path(), first, n_rows, body: Body::Arrow(&columns) })?;
        first += n_rows as u64;
    }
    Ok(())
}
