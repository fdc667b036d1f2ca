//! The memory of this process: how its limit is written, what it holds, and keeps.

use std::sync::{Mutex, mpsc};
use std::thread::Builder;

/// The names of sizes and their bytes.
const UNITS: [(&str, u64); 10] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("b", 1),
    ("", 1),
];

/// A size as typed: `500MB`, `2GiB`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start().to_ascii_lowercase();
    let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes);
    let number = number.parse::<u64>().ok().filter(|number| *number > 0);
    let size = number.zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    size.ok_or_else(|| "expected a whole number with a unit, as 500MB or 2GiB".to_owned())
}

/// How many bytes this process holds, where the system says so.
pub(crate) fn held() -> Option<u64> {
    held_by(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn held_by(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kilobytes.checked_mul(1 << 10)
}

/// How much room is taken and given back at the start: little less than the most that the
/// C library of Linux learns from.
const LARGEST: usize = (32 << 20) - (64 << 10);
/// How much room each thread takes and gives back.
const OF_THREAD: usize = 16 << 20;
/// For more threads than this it is not done.
const MOST_THREADS: usize = 16;

/// Has freed room kept for what is read next, by so many threads.
///
/// Pages of files come and go by the megabyte. The C library of Linux gives such room back
/// to the system at once, and the system clears it each time it is asked for again, which
/// took some hundredths of a run. After a large room was given back, the library keeps
/// smaller ones (`mallopt(3)`, `M_MMAP_THRESHOLD`). The room of a thread it asks for page by
/// page, thousands of times in a small run; given back at once, it is there for the next
/// thread. Nothing is written to all this, so it costs no memory; other
/// libraries are not changed by it.
pub(crate) fn keep_room(threads: usize) {
    let take = |size: usize| drop(std::hint::black_box(Vec::<u8>::with_capacity(size)));
    take(LARGEST);
    take(OF_THREAD);
    // Each must have a room of its own, so none may end before all have begun.
    let (gate, (begun, all)) = (Mutex::new(()), mpsc::channel());
    let closed = gate.lock();
    std::thread::scope(|scope| {
        let one = || {
            take(OF_THREAD);
            // Whoever waits for it is still there.
            _ = begun.send(());
            drop(gate.lock());
        };
        let spawn = |_: &usize| Builder::new().spawn_scoped(scope, one).is_ok();
        let n_threads = (0..threads.min(MOST_THREADS)).filter(spawn).count();
        (0..n_threads).for_each(|_| _ = all.recv());
        drop(closed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [
            ("500MB", 500_000_000),
            ("2GiB", 2 << 30),
            ("2 gib", 2 << 30),
            ("64KiB", 64 << 10),
            ("1000", 1_000),
            ("7b", 7),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "0MB", "MB", "1.5GB", "-1MB", "5 apples", "99999999TB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_held_is_read_from_the_system() {
        let status =
            "Name:\tmittari\nVmHWM:\t  70000 kB\nVmRSS:\t  64328 kB\nThreads:\t2\n";
        assert_eq!(held_by(status), Some(64_328 << 10));
        assert_eq!(held_by("Name:\tmittari\n"), None);
    }

    #[test]
    fn room_is_kept_whatever_the_number_of_threads() {
        for threads in [0, 1, 3, 1_000] {
            keep_room(threads);
        }
    }
}
