//! From files, or from rows in memory, to batches: strict, parallel, in bounded memory.
//!
//! ```text
//!   files ──blocks──▶ pieces ──divide──▶ rows of texts ──┐
//!   Parquet, RecordBatch ─────────────▶ typed columns ──┴─decode──▶ Batch ──▶ step
//! ```
//!
//! Each thread takes the next piece of the input, one after the other, then divides and
//! decodes its piece and hands it to the caller's `step`, with a state of its own. Only
//! needed columns are decoded. Rows that cannot be read are left out, counted and, the
//! first of them, located. What a row's number is and which rows are bad depends neither
//! on the number of threads nor on which columns are needed beside the bad one.

mod blocks;
mod buffer;
mod category;
mod cells;
mod columnar;
mod compress;
mod convert;
mod cuts;
mod decode;
mod drive;
mod fill;
mod guard;
pub(crate) mod hash;
mod header;
mod instant;
mod keep;
mod keys;
mod memo;
mod ndjson;
mod number;
mod numbers;
mod pages;
mod passed;
mod passing;
mod planes;
mod ranges;
mod raw;
mod recipe;
mod rows;
mod runs;
pub(crate) mod second;
mod signs;
pub(crate) mod size;
mod stamp;
mod stream;
mod tally;
mod texts;
mod tile;
mod twice;
mod typed;
pub mod workspace;

use std::fmt;

use mittari_lang::schema::{Schema, TableId};

use crate::batch::Batch;
use crate::dataset::TableInput;
use crate::fault::{FaultKind, LoadError, ScanError, ScanReport};
pub(crate) use crate::load::blocks::BLOCK_BYTES;
use crate::load::decode::{Chosen, Decoder};
use crate::load::drive::{Driven, Job, drive};
pub use crate::load::guard::panics_are_caught;
use crate::load::keep::Survivors;
use crate::load::keys::{KeyTally, Verdict, judge};
pub(crate) use crate::load::numbers::MOST as MOST_NUMBERS;
use crate::load::numbers::Watch;
use crate::load::passed::Reads;
pub(crate) use crate::load::passed::{Extent, GroupFacts, PassedOver};
pub(crate) use crate::load::passing::{Needless, passed_over};
use crate::load::recipe::{Recipe, keep_names, recipe};
use crate::load::tally::{Tally, Twin};
use crate::load::twice::twins;
use crate::memory::MemoryLimit;
use crate::timing::{Stage, Timings, timed};

/// What becomes of a run some of whose rows cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnBadRows {
    /// It stops, once all of them are counted.
    #[default]
    Stop,
    /// It goes on without them, and reports them.
    Report,
}

/// How a table is read.
pub struct ScanOptions<'a> {
    /// How many threads decode.
    pub threads: usize,
    /// Which columns are needed, by their number in the table.
    pub needed: Vec<bool>,
    /// What becomes of rows that cannot be read.
    pub on_bad_rows: OnBadRows,
    /// Told now and then how many bytes of how many were read.
    pub progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    /// Where the time went is noted here.
    pub timings: Option<&'a Timings<'a>>,
    /// Row groups that are not read.
    pub(crate) passed: Option<&'a PassedOver>,
    /// How much memory the run may hold.
    memory: Option<MemoryLimit<'a>>,
    block_bytes: usize,
}

impl<'a> ScanOptions<'a> {
    /// One thread, all rows must be readable, nobody is told.
    pub const fn new(needed: Vec<bool>) -> Self {
        Self {
            threads: 1,
            needed,
            on_bad_rows: OnBadRows::Stop,
            progress: None,
            timings: None,
            passed: None,
            memory: None,
            block_bytes: blocks::BLOCK_BYTES,
        }
    }

    /// With this many threads.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// With this treatment of rows that cannot be read.
    #[must_use]
    pub fn on_bad_rows(self, on_bad_rows: OnBadRows) -> Self {
        Self { on_bad_rows, ..self }
    }

    /// With pieces and numbers of keys that fit into a limit.
    pub(crate) fn within(self, memory: MemoryLimit<'a>) -> Self {
        Self { memory: Some(memory), block_bytes: memory.block_bytes, ..self }
    }

    /// With someone who is told how far it is.
    #[must_use]
    pub fn progress(self, progress: &'a (dyn Fn(u64, u64) + Sync)) -> Self {
        Self { progress: Some(progress), ..self }
    }
}

impl fmt::Debug for ScanOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScanOptions")
            .field("threads", &self.threads)
            .field("needed", &self.needed)
            .field("on_bad_rows", &self.on_bad_rows)
            .finish_non_exhaustive()
    }
}

/// Reads a table: every thread makes a state with `start` and takes in batch after batch
/// with `step`. Gives the states, in no particular order, and what was read.
///
/// Batches come in no particular order; each says which rows of the table it holds. If
/// keys stand twice, that is known only at the end: the states are then dropped and the
/// table is read again without those rows.
///
/// # Errors
///
/// A file cannot be read or lacks a column; with [`OnBadRows::Stop`], some row cannot be
/// read; or `step` failed.
pub fn scan<S: Send, E: Send>(
    input: &TableInput,
    (schema, table): (&Schema, TableId),
    options: &ScanOptions<'_>,
    start: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, Batch) -> Result<(), E> + Sync,
) -> Result<(Vec<S>, ScanReport), ScanError<E>> {
    let wanted = recipe(input, schema, table, &options.needed)?;
    let key = recipe(input, schema, table, &[])?;
    let scan = Scan { input, options, watched: watched(input, [&wanted, &key]) };
    let kept = scan.survivors()?;
    let only = kept.as_ref().map(|kept| kept.orders.clone());
    let mut chosen = Chosen { only, without: Vec::new() };
    let most = options.memory.map_or(MOST_NUMBERS, |memory| memory.numbers);
    let watch = Watch::new(most);
    let handing = (&start, &step);
    let (mut driven, mut keys) =
        scan.pass(&wanted, (&chosen, &watch), (Reads::Needed, handing))?;
    let mut beside = None;
    if options.passed.is_some_and(PassedOver::has_keys) {
        let nowhere = (&|| (), &|(): &mut (), _: Batch| Ok(()));
        let (found, more) = scan.pass(&key, (&chosen, &watch), (Reads::Keys, nowhere))?;
        keys.extend(more);
        beside = Some(found);
    }
    let mut doubled = Vec::new();
    if let Verdict::Suspect(suspects) = judge(keys) {
        let n_rows = rows_of(&driven) + beside.as_ref().map_or(0, rows_of);
        doubled = scan.twins(&key, &chosen, (suspects, n_rows))?;
        if !doubled.is_empty() {
            chosen.without = doubled.iter().map(|twin| twin.order).collect();
            let again = (&chosen, &Watch::new(most));
            driven = scan.pass(&wanted, again, (Reads::Needed, handing))?.0;
        }
    }
    let (states, mut report) = scan.report((driven, beside), &key, &doubled);
    if let Some(kept) = kept {
        report.rows_superseded = kept.superseded;
        report.keep_ties = kept.ties;
    }
    if options.on_bad_rows == OnBadRows::Stop && report.faults.total > 0 {
        return Err(ScanError::BadRows(Box::new(report)));
    }
    Ok((states, report))
}

/// How many bytes the files of a table have; rows in memory have none.
pub fn bytes_of(input: &TableInput) -> u64 {
    blocks::total_bytes(input)
}

/// The columns that the passes over a table use.
fn watched(input: &TableInput, recipes: [&Recipe; 2]) -> Vec<String> {
    let keep = match input {
        TableInput::Files { mapping, .. } => keep_names(mapping),
        TableInput::Batches(_) => None,
    };
    let names = recipes.into_iter().flat_map(|recipe| recipe.names.iter().cloned());
    let mut watched: Vec<String> =
        names.chain(keep.into_iter().flat_map(|(_, names)| names)).collect();
    watched.sort();
    watched.dedup();
    watched
}

/// The passes over one table.
struct Scan<'a> {
    input: &'a TableInput,
    options: &'a ScanOptions<'a>,
    watched: Vec<String>,
}

/// What one thread has made of its pieces.
struct Worker<'a, S> {
    decoder: Decoder<'a>,
    state: S,
}

/// What all threads have found in one pass, and the keys they have seen.
type Pass<S> = (Driven<Found<S>>, Vec<KeyTally>);

/// How many rows were read.
fn rows_of<S>(driven: &Driven<Found<S>>) -> u64 {
    driven.workers.iter().map(|found| found.rows_read).sum()
}

/// What one thread has found, its keys judged.
struct Found<S> {
    state: S,
    tally: Tally,
    rows_read: u64,
    rows_kept: u64,
}

impl Scan<'_> {
    fn job<'b>(
        &'b self,
        names: &'b [String],
        plain: &'b [bool],
        reads: Reads,
    ) -> Job<'b> {
        Job {
            input: self.input,
            names,
            watched: &self.watched,
            plain,
            threads: self.options.threads,
            block_bytes: self.options.block_bytes,
            passed: self.options.passed.map(|passed| (passed, reads)),
            memory: self.options.memory,
            progress: self.options.progress,
            timings: self.options.timings,
        }
    }

    fn survivors(&self) -> Result<Option<Survivors>, LoadError> {
        let TableInput::Files { mapping, .. } = self.input else { return Ok(None) };
        keep::survivors(&self.job(&[], &[], Reads::Both), mapping)
    }

    fn twins(
        &self,
        key: &Recipe,
        chosen: &Chosen,
        suspects: (Option<Vec<u64>>, u64),
    ) -> Result<Vec<Twin>, LoadError> {
        let plain = key.plain();
        let job = Job { progress: None, ..self.job(&key.names, &plain, Reads::Both) };
        twins(&job, key, chosen, suspects)
    }

    /// Reads all chosen rows, and watches their keys.
    fn pass<S: Send, E: Send>(
        &self,
        recipe: &Recipe,
        (chosen, watch): (&Chosen, &Watch),
        (reads, (start, step)): (
            Reads,
            (&(impl Fn() -> S + Sync), &(impl Fn(&mut S, Batch) -> Result<(), E> + Sync)),
        ),
    ) -> Result<Pass<S>, ScanError<E>> {
        let plain = recipe.plain();
        let timings = self.options.timings;
        let driven = drive(
            &self.job(&recipe.names, &plain, reads),
            || {
                let decoder = Decoder::new(recipe, chosen, Some(watch))?;
                Ok(Worker { decoder, state: start() })
            },
            |worker: &mut Worker<'_, S>, raw| {
                let Worker { decoder, state } = worker;
                match timed(timings, Stage::Decode, || decoder.decode(raw))? {
                    Some(batch) => timed(timings, Stage::Rows, || step(state, batch))
                        .map_err(ScanError::Step),
                    None => Ok(()),
                }
            },
        )?;
        let (mut keys, mut workers) = (Vec::new(), Vec::new());
        for Worker { decoder, state } in driven.workers {
            keys.push(decoder.keys);
            let (rows_read, rows_kept) = (decoder.rows_read, decoder.rows_kept);
            workers.push(Found { state, tally: decoder.tally, rows_read, rows_kept });
        }
        let driven = Driven { workers, lines: driven.lines, bytes: driven.bytes };
        Ok((driven, keys))
    }

    fn report<S>(
        &self,
        (driven, beside): (Driven<Found<S>>, Option<Driven<Found<()>>>),
        key: &Recipe,
        doubled: &[Twin],
    ) -> (Vec<S>, ScanReport) {
        let mut report = ScanReport { bytes: driven.bytes, ..ScanReport::default() };
        let mut states = Vec::new();
        let mut tally = Tally::default();
        for found in driven.workers {
            states.push(found.state);
            tally.merge(found.tally);
            report.rows_read += found.rows_read;
            report.rows_kept += found.rows_kept;
        }
        if let Some(passed) = self.options.passed {
            report.rows_read += passed.n_rows();
            report.rows_unread = passed.n_rows();
            report.groups_unread = (passed.groups.len() as u64, passed.n_groups);
            // Of what was read for its key alone, rows without a good one are left out.
            for found in beside.into_iter().flat_map(|beside| beside.workers) {
                report.rows_unread -= found.tally.rows.min(report.rows_unread);
                tally.merge(found.tally);
            }
            let twins = doubled.iter().filter(|twin| passed.holds(twin.order)).count();
            report.rows_unread -= (twins as u64).min(report.rows_unread);
        }
        let name = key.key_name();
        for twin in doubled {
            tally.twin(FaultKind::DuplicateKey, twin, &name, &driven.lines);
        }
        report.faults = tally.report(self.input, &driven.lines);
        (states, report)
    }
}

#[cfg(test)]
mod tests;
