//! The numbers of keys, in bounded memory: of more rows than fit, only those numbers are
//! kept that fall into one part of all, and the other parts are looked at one by one.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// How many numbers are held at most, by all threads together: 64 MiB.
pub(crate) const MOST: usize = 8 << 20;
/// How many numbers lie together.
const CHUNK: usize = 1 << 15;
/// In how many portions numbers are compared, so that few are held twice.
const PORTIONS: u64 = 16;

/// What the threads that look at keys share.
#[derive(Debug)]
pub(crate) struct Watch {
    unordered: AtomicBool,
    /// Numbers are kept if so many of their lowest bits are those of the part.
    bits: AtomicU32,
    part: u64,
    held: AtomicUsize,
    most: usize,
    /// Whether the part is made smaller when there are too many.
    adapts: bool,
}

impl Watch {
    /// Nothing was seen yet; all numbers are kept while they are no more than `most`.
    pub(crate) fn new(most: usize) -> Self {
        Self { adapts: true, most, ..Self::of_part(0, 0) }
    }

    /// Only the numbers of one part are kept.
    pub(crate) fn of_part(part: u64, bits: u32) -> Self {
        Self {
            unordered: AtomicBool::new(false),
            bits: AtomicU32::new(bits),
            part,
            held: AtomicUsize::new(0),
            most: MOST,
            adapts: false,
        }
    }

    /// Whether all pieces seen so far are in the order of their keys.
    pub(crate) fn is_ordered(&self) -> bool {
        !self.unordered.load(Ordering::Relaxed)
    }

    /// Notes a piece that is not.
    pub(crate) fn found_unordered(&self) {
        self.unordered.store(true, Ordering::Relaxed);
    }
}

/// Into how many parts the numbers of some rows are divided, so that no more than `most`
/// are held, as bits of their number.
pub(crate) fn bits_within(n_rows: u64, most: usize) -> u32 {
    // Numbers fall into parts almost evenly: a tenth is left free.
    let most = (most as u64 * 9 / 10).max(1);
    n_rows.div_ceil(most).next_power_of_two().ilog2()
}

/// The numbers one thread keeps.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    chunks: Vec<Vec<u64>>,
    bits: u32,
}

impl Numbers {
    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Whether none was left out.
    pub(crate) const fn are_all(&self) -> bool {
        self.bits == 0
    }

    /// Adds numbers, as far as they are of the part that is kept.
    pub(crate) fn add(&mut self, numbers: impl Iterator<Item = u64>, watch: &Watch) {
        let bits = watch.bits.load(Ordering::Relaxed);
        if bits > self.bits {
            self.thin_out(bits, watch);
        }
        let mask = mask(self.bits);
        let mut n_added = 0;
        for number in numbers.filter(|number| number & mask == watch.part) {
            n_added += 1;
            let last = self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK);
            if let Some(chunk) = last {
                chunk.push(number);
            } else {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(number);
                self.chunks.push(chunk);
            }
        }
        let held = watch.held.fetch_add(n_added, Ordering::Relaxed) + n_added;
        if held > watch.most && watch.adapts {
            let finer = self.bits + 1;
            watch.bits.fetch_max(finer, Ordering::Relaxed);
            self.thin_out(finer, watch);
        }
    }

    /// Keeps a smaller part.
    fn thin_out(&mut self, bits: u32, watch: &Watch) {
        self.bits = bits;
        let mask = mask(bits);
        let mut n_kept = 0;
        let n_held: usize = self.chunks.iter().map(Vec::len).sum();
        let chunks = std::mem::take(&mut self.chunks);
        for mut chunk in chunks {
            chunk.retain(|number| number & mask == watch.part);
            n_kept += chunk.len();
            match self.chunks.last_mut().filter(|last| last.len() + chunk.len() <= CHUNK)
            {
                Some(last) => last.append(&mut chunk),
                None => self.chunks.push(chunk),
            }
        }
        watch.held.fetch_sub(n_held - n_kept, Ordering::Relaxed);
    }
}

fn mask(bits: u32) -> u64 {
    (1_u64 << bits.min(63)) - 1
}

/// The numbers that occur more than once, sorted.
pub(crate) fn doubles(all: &[Numbers]) -> Vec<u64> {
    let bits = all.iter().map(|numbers| numbers.bits).max().unwrap_or_default();
    let mut doubles = Vec::new();
    let mut portion: Vec<u64> = Vec::new();
    for number in 0..PORTIONS {
        portion.clear();
        for chunk in all.iter().flat_map(|numbers| &numbers.chunks) {
            let of_portion = |n: &&u64| (**n >> bits) % PORTIONS == number;
            portion.extend(chunk.iter().filter(of_portion));
        }
        portion.sort_unstable();
        doubles.extend(portion.windows(2).filter_map(|pair| match pair {
            [one, other] if one == other => Some(*one),
            _ => None,
        }));
    }
    doubles.sort_unstable();
    doubles.dedup();
    doubles
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers whose lowest bits are as even as those of a hash.
    fn numbers(n: u64) -> impl Iterator<Item = u64> {
        (0..n).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31))
    }

    #[test]
    fn all_doubles_are_found() {
        let watch = Watch::new(MOST);
        let mut two = [Numbers::default(), Numbers::default()];
        two[0].add(numbers(100_000), &watch);
        two[1].add(numbers(100_003).skip(99_990).chain([5, 5]), &watch);
        assert!(two.iter().all(Numbers::are_all));
        let mut expected: Vec<u64> = numbers(100_000).skip(99_990).chain([5]).collect();
        expected.sort_unstable();
        assert_eq!(doubles(&two), expected);
    }

    #[test]
    fn of_too_many_only_a_part_is_held() {
        let watch = Watch::new(10_000);
        let mut kept = Numbers::default();
        for _ in 0..20 {
            kept.add(numbers(100_000).take(5_000), &watch);
            kept.add(numbers(100_000).skip(5_000).step_by(3), &watch);
        }
        assert!(!kept.are_all());
        let n_held: usize = kept.chunks.iter().map(Vec::len).sum();
        assert_eq!(watch.held.load(Ordering::Relaxed), n_held);
        assert!(n_held <= 20_000, "{n_held}");
        let bits = bits_within(100_000, 10_000);
        assert_eq!(bits, 4);
        // The parts are the whole.
        let parts = (0..1_u64 << bits).map(|part| {
            let mut numbers_of_part = Numbers { bits, ..Numbers::default() };
            numbers_of_part.add(numbers(100_000), &Watch::of_part(part, bits));
            numbers_of_part.chunks.iter().map(Vec::len).sum::<usize>()
        });
        assert_eq!(parts.sum::<usize>(), 100_000);
    }

    #[test]
    fn parts_are_as_many_as_needed() {
        let bits = [0, 1, 9, 10, 18, 19, 36, 37].map(|rows| bits_within(rows, 10));
        assert_eq!(bits, [0, 0, 0, 1, 1, 2, 2, 3]);
    }
}
