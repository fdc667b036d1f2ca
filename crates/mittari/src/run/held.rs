//! Small tables held in memory between two looks at them.
//!
//! Some rows cannot be placed before the newest instant of the data is known. A small
//! table is then read once and looked at twice; a large one is read twice, so that memory
//! does not grow with the number of rows.

use std::sync::{Mutex, PoisonError};

use crate::batch::Batch;
use crate::dataset::TableInput;
use crate::error::RunError;
use crate::failure::Error;
use crate::fault::ScanReport;
use crate::load::{bytes_of, scan};
use crate::options::RunOptions;
use mittari_lang::schema::{Schema, TableId};

/// Files of more bytes than this, packed or not, are not held; where memory is limited,
/// those of far fewer.
const MOST_BYTES: u64 = 64 << 20;
const MOST_BYTES_LIMITED: u64 = 1 << 20;

/// The rows of a table, with the columns that are needed.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// The rows.
    pub(crate) batches: Vec<Batch>,
    /// What was read.
    pub(crate) report: ScanReport,
}

impl Held {
    /// Reads a table, if it is small enough to be held.
    pub(crate) fn read(
        input: &TableInput,
        (schema, table): (&Schema, TableId),
        needed: Vec<bool>,
        options: &RunOptions<'_>,
    ) -> Result<Option<Self>, Error> {
        let limited = options.memory.is_some();
        if bytes_of(input) > if limited { MOST_BYTES_LIMITED } else { MOST_BYTES } {
            return Ok(None);
        }
        let step = |batches: &mut Vec<Batch>, batch: Batch| -> Result<(), RunError> {
            batches.push(batch);
            Ok(())
        };
        let options = options.scanning(needed);
        let (states, report) = scan(input, (schema, table), &options, Vec::new, step)?;
        Ok(Some(Self { batches: states.into_iter().flatten().collect(), report }))
    }

    /// Hands every batch to one of several threads; gives the state of each.
    pub(crate) fn each<S: Send>(
        self,
        threads: usize,
        start: impl Fn() -> S + Sync,
        step: impl Fn(&mut S, Batch) -> Result<(), RunError> + Sync,
    ) -> Result<(Vec<S>, ScanReport), RunError> {
        let batches = Mutex::new(self.batches);
        let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let work = || {
            let mut state = start();
            while let Some(batch) = next() {
                step(&mut state, batch)?;
            }
            Ok(state)
        };
        let mut states = Vec::new();
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            for thread in threads {
                match thread.join() {
                    Ok(state) => states.push(state?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok::<(), RunError>(())
        })?;
        Ok((states, self.report))
    }
}
