//! Where the time of a run goes, by a clock that the caller owns.
//!
//! Nothing here looks at a clock by itself: without one, nothing is measured. What is
//! measured is how long the threads were at each stage, all of them together.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The time since some moment, the same for all threads.
pub type Clock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// What a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Files are read, unpacked, and divided into fields or pages.
    Scan,
    /// Fields become values.
    Decode,
    /// All that is made of the values of rows: the next three stages, and little else. What
    /// an expression takes is part of the stage that first asks for it.
    Rows,
    /// Rows are left out.
    Filter,
    /// Rows are put into groups.
    Group,
    /// Values are added to their groups.
    Fold,
    /// Totals become results.
    Finish,
}

impl Stage {
    /// All stages, in the order of a run.
    pub const ALL: [Self; 7] = [
        Self::Scan,
        Self::Decode,
        Self::Rows,
        Self::Filter,
        Self::Group,
        Self::Fold,
        Self::Finish,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Decode => "decode",
            Self::Rows => "rows",
            Self::Filter => "filter",
            Self::Group => "group",
            Self::Fold => "fold",
            Self::Finish => "finish",
        }
    }

    /// Whether its time is part of [`Stage::Rows`].
    pub const fn is_of_rows(self) -> bool {
        matches!(self, Self::Filter | Self::Group | Self::Fold)
    }
}

/// How long the threads of a run were at each stage.
pub struct Timings<'a> {
    clock: Clock<'a>,
    /// Nanoseconds, in the order of [`Stage::ALL`].
    spent: [AtomicU64; Stage::ALL.len()],
    threads: Mutex<Vec<Duration>>,
}

impl fmt::Debug for Timings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timings").field("spent", &self.spent).finish_non_exhaustive()
    }
}

impl<'a> Timings<'a> {
    /// Nothing measured yet.
    pub fn new(clock: Clock<'a>) -> Self {
        Self { clock, spent: Default::default(), threads: Mutex::default() }
    }

    /// What the clock shows.
    pub fn now(&self) -> Duration {
        (self.clock)()
    }

    /// Adds to the time of a stage.
    pub fn add(&self, stage: Stage, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        if let Some(spent) = self.spent.get(stage as usize) {
            spent.fetch_add(nanos, Ordering::Relaxed);
        }
    }

    /// How long the threads were at a stage, together.
    pub fn spent(&self, stage: Stage) -> Duration {
        let spent = self.spent.get(stage as usize);
        Duration::from_nanos(spent.map_or(0, |spent| spent.load(Ordering::Relaxed)))
    }

    /// Notes how long one thread worked at one table.
    pub(crate) fn note_thread(&self, time: Duration) {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(time);
    }

    /// How long each thread worked at each table, in no particular order.
    pub fn threads(&self) -> Vec<Duration> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Does some work and, where somebody measures, adds its time to a stage.
pub fn timed<T>(
    timings: Option<&Timings<'_>>,
    stage: Stage,
    work: impl FnOnce() -> T,
) -> T {
    let Some(timings) = timings else { return work() };
    let start = timings.now();
    let result = work();
    timings.add(stage, timings.now().saturating_sub(start));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_added_to_the_stage_it_was_spent_at() {
        let ticks = AtomicU64::new(0);
        let clock = || Duration::from_secs(ticks.fetch_add(1, Ordering::Relaxed));
        let timings = Timings::new(&clock);
        for _ in 0..3 {
            assert_eq!(timed(Some(&timings), Stage::Fold, || 7), 7);
        }
        timed(None, Stage::Fold, || ());
        for stage in Stage::ALL {
            let expected = if stage == Stage::Fold { 3 } else { 0 };
            assert_eq!(timings.spent(stage).as_secs(), expected, "{}", stage.name());
        }
    }
}
