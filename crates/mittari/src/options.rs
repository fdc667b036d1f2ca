//! How a run is carried out; none of it changes a result.

use std::fmt;

use crate::load::{OnBadRows, ScanOptions};
use crate::memory::MemoryLimit;
use crate::timing::Timings;

/// How a run is carried out.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// How many threads read and fold.
    pub threads: usize,
    /// Whether rows that cannot be read stop the run.
    pub on_bad_rows: OnBadRows,
    /// Told now and then how many bytes of how many have been read.
    pub progress: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    /// Where the time went is noted here.
    pub timings: Option<&'a Timings<'a>>,
    /// How much memory it may hold; none: as much as it needs.
    pub memory: Option<MemoryLimit<'a>>,
}

impl Default for RunOptions<'_> {
    fn default() -> Self {
        Self {
            threads: 1,
            on_bad_rows: OnBadRows::Stop,
            progress: None,
            timings: None,
            memory: None,
        }
    }
}

impl fmt::Debug for RunOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("threads", &self.threads)
            .field("on_bad_rows", &self.on_bad_rows)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

impl<'a> RunOptions<'a> {
    /// The same for one table, of which some columns are needed.
    pub(crate) fn scanning(&self, needed: Vec<bool>) -> ScanOptions<'a> {
        let mut options =
            ScanOptions::new(needed).threads(self.threads).on_bad_rows(self.on_bad_rows);
        options.timings = self.timings;
        if let Some(memory) = self.memory {
            options = options.within(memory);
        }
        match self.progress {
            Some(progress) => options.progress(progress),
            None => options,
        }
    }
}
