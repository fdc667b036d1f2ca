//! How much memory a run may hold.

use std::fmt;

/// Tells how many bytes the process holds, where that is known.
pub type Measure<'a> = &'a (dyn Fn() -> Option<u64> + Sync);

/// How much memory a run may hold.
///
/// Before anything is read, it is told from the plan and the data what the run needs. It
/// takes fewer threads and smaller pieces if that makes it fit, and is refused if not.
/// While it reads, it is stopped should the process come to hold more all the same, if
/// somebody measures that.
#[derive(Clone, Copy)]
pub struct MemoryLimit<'a> {
    bytes: u64,
    measure: Option<Measure<'a>>,
    /// How many bytes of text make a piece.
    pub(crate) block_bytes: usize,
    /// How many numbers of keys are held at once.
    pub(crate) numbers: usize,
}

impl fmt::Debug for MemoryLimit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLimit").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl<'a> MemoryLimit<'a> {
    /// At most so many bytes, which nobody measures.
    pub const fn new(bytes: u64) -> Self {
        Self { bytes, measure: None, block_bytes: 1 << 16, numbers: 1 << 18 }
    }

    /// With someone who tells how many bytes the process holds.
    #[must_use]
    pub const fn measured_by(self, measure: Measure<'a>) -> Self {
        Self { measure: Some(measure), ..self }
    }

    /// How many bytes.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// With pieces of some bytes and so many numbers of keys, which fit.
    pub(crate) const fn fitted(self, block_bytes: usize, numbers: usize) -> Self {
        Self { block_bytes, numbers, ..self }
    }

    /// What is said if so many bytes are held that what comes next could go beyond the
    /// limit: a set of values that grows is twice as large for a while.
    pub(crate) fn reached(&self) -> Option<String> {
        let held = self.measure.and_then(|measure| measure())?;
        let near = held > self.bytes - self.bytes / 16;
        near.then(|| self.over(held))
    }

    fn over(&self, held: u64) -> String {
        format!(
            "the run held {} while it read, and its limit is {}; a higher \
             `--memory-limit`, fewer metrics or a later `--from` would do",
            bytes_word(held),
            bytes_word(self.bytes),
        )
    }
}

/// A number of bytes in words, as `200 MiB`.
pub(crate) fn bytes_word(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_reached_a_little_before_it() {
        let held = |bytes: u64| move || Some(bytes);
        for (bytes, reached) in [(0, false), (930, false), (950, true), (2_000, true)] {
            let measure = held(bytes);
            let limit = MemoryLimit::new(1_000).measured_by(&measure);
            assert_eq!(limit.reached().is_some(), reached, "{bytes}");
        }
        assert_eq!(MemoryLimit::new(1_000).reached(), None);
        assert_eq!(MemoryLimit::new(1_000).measured_by(&|| None).reached(), None);
    }

    #[test]
    fn bytes_are_told_in_words() {
        let words = [7, 2_048, 200 << 20, 3 << 30].map(bytes_word);
        assert_eq!(words, ["7 B", "2 KiB", "200 MiB", "3072 MiB"]);
    }
}
