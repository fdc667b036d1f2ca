//! Many counts by group at once: each count is a mask, a row adds to all of them together.
//!
//! ```text
//!   8 masks ──▶ one byte a row ──▶ eight counts of one byte each, added as one word
//! ```
//!
//! The small counts of a group are added to its whole ones before the first of them could
//! overflow, which is the one that counts every row.
#![expect(
    clippy::indexing_slicing,
    reason = "arrays of eight, and indices bounded by their lengths; this loop is hot"
)]

use super::mask::Mask;
use super::spread::{ROWS, Spread};

/// Small counts in a word.
const LANES: usize = 8;
/// What a small count must not exceed.
const MOST: u64 = 0xff;
/// A mask with less than one in so many rows is counted row by row.
const SPARSE: usize = 32;
/// How many words of small counts are added to in one go over the rows.
const WIDEST: usize = 4;
/// More groups than this are counted without small counts, which would need more memory
/// than they save time.
const MOST_GROUPS: usize = 1 << 16;

/// Counts by group.
#[derive(Debug)]
pub(super) struct Counters {
    /// How many counts a group has.
    n: usize,
    /// The counts, group by group.
    totals: Vec<i64>,
    /// Small counts of what is added and of what is taken away.
    banks: [Bank; 2],
}

/// Members of a batch with their groups; those of no group have a number beyond all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grouped<'a> {
    /// The group of each member.
    pub(super) groups: &'a [u32],
    /// How many groups there are.
    pub(super) n_groups: usize,
    /// 1, or -1 where rows leave a stock.
    pub(super) sign: i64,
}

impl Counters {
    /// So many counts for each group; no groups yet.
    pub(super) fn new(n: usize) -> Self {
        let bank = |sign| Bank { sign, owners: Vec::new(), sets: Vec::new() };
        Self { n, totals: Vec::new(), banks: [bank(1), bank(-1)] }
    }

    /// Adds the members of some masks to their counts, each mask with the number of its
    /// count; a number stands once. A mask holds for no member without a group.
    pub(super) fn count(&mut self, rows: Grouped<'_>, masks: &[(usize, Mask)]) {
        debug_assert!(
            (1..).zip(masks).all(|(next, (number, _))| {
                masks.iter().skip(next).all(|(other, _)| other != number)
            }),
            "a count has two masks"
        );
        let n_rows = rows.groups.len();
        self.totals.resize(rows.n_groups * self.n, 0);
        let mut dense: Vec<(usize, &Mask)> = Vec::new();
        for (number, mask) in masks.iter().filter(|(_, mask)| !mask.is_nobody()) {
            let sparse = mask.count(n_rows) * SPARSE < n_rows;
            if sparse || rows.n_groups > MOST_GROUPS {
                self.count_each(rows, (*number, mask));
            } else {
                dense.push((*number, mask));
            }
        }
        let bank = &mut self.banks[usize::from(rows.sign < 0)];
        bank.count(rows, &dense, (&mut self.totals, self.n));
    }

    fn count_each(&mut self, rows: Grouped<'_>, (number, mask): (usize, &Mask)) {
        for place in mask.places(rows.groups.len()) {
            let group = rows.groups[place as usize] as usize;
            if let Some(count) = self.totals.get_mut(group * self.n + number) {
                *count += rows.sign;
            }
        }
    }

    /// Adds all small counts to the whole ones.
    pub(super) fn settle(&mut self) {
        for bank in &mut self.banks {
            bank.settle((&mut self.totals, self.n));
        }
    }

    /// The counts of a group, after they were settled.
    pub(super) fn of(&self, group: usize) -> &[i64] {
        self.totals.get(group * self.n..(group + 1) * self.n).unwrap_or_default()
    }
}

/// Small counts, all of one sign.
#[derive(Debug)]
struct Bank {
    sign: i64,
    /// The count that each lane but the first of a set belongs to.
    owners: Vec<usize>,
    sets: Vec<Set>,
}

/// Up to four words of small counts a group, the lowest lane counting every row.
#[derive(Debug, Default)]
struct Set {
    words: usize,
    small: Vec<u64>,
}

/// Lanes of a set that have an owner.
const OWNED: usize = WIDEST * LANES - 1;

impl Bank {
    fn count(
        &mut self,
        rows: Grouped<'_>,
        masks: &[(usize, &Mask)],
        totals: (&mut [i64], usize),
    ) {
        if masks.is_empty() {
            return;
        }
        let (totals, n) = totals;
        for (number, _) in masks {
            if !self.owners.contains(number) {
                self.settle((totals, n));
                self.owners.push(*number);
            }
        }
        let ones: Vec<u64> = Mask::Everybody.words(rows.groups.len()).collect();
        self.sets.resize_with(self.owners.len().div_ceil(OWNED), Set::default);
        for (owners, set) in self.owners.chunks(OWNED).zip(&mut self.sets) {
            let of = |owner: &usize| masks.iter().find(|(number, _)| number == owner);
            let own = owners.iter().map(|owner| match of(owner) {
                Some((_, mask)) => mask.bits(&ones),
                None => &[],
            });
            let lanes: Vec<&[u64]> =
                std::iter::once(ones.as_slice()).chain(own).collect();
            set.resize(words_for(lanes.len()), rows.n_groups);
            let target = Target { owners, totals, n, sign: self.sign };
            match set.words {
                1 => set.add::<1>(rows.groups, &lanes, target),
                2 => set.add::<2>(rows.groups, &lanes, target),
                _ => set.add::<WIDEST>(rows.groups, &lanes, target),
            }
        }
    }

    fn settle(&mut self, (totals, n): (&mut [i64], usize)) {
        for (owners, set) in self.owners.chunks(OWNED).zip(&mut self.sets) {
            let mut target = Target { owners, totals, n, sign: self.sign };
            for (group, small) in set.small.chunks_exact_mut(set.words.max(1)).enumerate()
            {
                target.take(group, small);
            }
        }
    }
}

/// Where the small counts of a set go.
struct Target<'a> {
    owners: &'a [usize],
    totals: &'a mut [i64],
    n: usize,
    sign: i64,
}

impl Target<'_> {
    #[cold]
    fn take(&mut self, group: usize, small: &mut [u64]) {
        for (lane, owner) in (1..).zip(self.owners) {
            let Some(word) = small.get(lane / LANES) else { return };
            let count = (word >> (8 * (lane % LANES))) & MOST;
            if count > 0
                && let Some(total) = self.totals.get_mut(group * self.n + owner)
            {
                *total += self.sign * count.cast_signed();
            }
        }
        small.fill(0);
    }
}

impl Set {
    /// Makes room; nothing may be counted yet where the number of words changes.
    fn resize(&mut self, words: usize, n_groups: usize) {
        if self.words != words {
            self.words = words;
            self.small.clear();
        }
        if self.small.len() < n_groups * words {
            self.small.resize(n_groups * words, 0);
        }
    }

    fn add<const W: usize>(
        &mut self,
        groups: &[u32],
        lanes: &[&[u64]],
        mut target: Target<'_>,
    ) where
        [u64; W]: Spread<W>,
    {
        let (small, _) = self.small.as_chunks_mut::<W>();
        for (chunk, groups) in groups.chunks(ROWS).enumerate() {
            let mut bytes = [[0; ROWS]; W];
            for (bytes, lanes) in bytes.iter_mut().zip(lanes.chunks(LANES)) {
                *bytes = bytes_of(lanes, chunk);
            }
            let bits = <[u64; W]>::rows(&bytes);
            for (bits, group) in bits.iter().zip(groups) {
                let Some(own) = small.get_mut(*group as usize) else { continue };
                own.add(*bits);
                if own[0] & MOST == MOST {
                    target.take(*group as usize, own);
                }
            }
        }
    }
}

/// How many words hold so many lanes, of the widths that are added to in one go.
const fn words_for(lanes: usize) -> usize {
    match lanes.div_ceil(LANES) {
        words @ ..3 => words,
        _ => WIDEST,
    }
}

/// For each row of a chunk the bits of eight lanes.
fn bytes_of(lanes: &[&[u64]], chunk: usize) -> [u8; ROWS] {
    let mut words = [0; LANES];
    for (word, lane) in words.iter_mut().zip(lanes) {
        *word = lane.get(chunk).copied().unwrap_or(0);
    }
    let mut bytes = [0; ROWS];
    let squares = exchanged(words).map(turned);
    for (bytes, square) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(squares) {
        *bytes = square.to_le_bytes();
    }
    bytes
}

/// Eight words of eight bytes, words and bytes exchanged: halves, quarters and bytes in
/// turn, each time the upper part of one word with the lower one of another.
const fn exchanged(words: [u64; LANES]) -> [u64; LANES] {
    const fn swapped(
        mut words: [u64; LANES],
        step: usize,
        (shift, lower): (u32, u64),
    ) -> [u64; LANES] {
        let mut at = 0;
        while at < LANES {
            if at & step == 0 {
                let t = ((words[at] >> shift) ^ words[at + step]) & lower;
                words[at + step] ^= t;
                words[at] ^= t << shift;
            }
            at += 1;
        }
        words
    }
    let words = swapped(words, 4, (32, 0x0000_0000_ffff_ffff));
    let words = swapped(words, 2, (16, 0x0000_ffff_0000_ffff));
    swapped(words, 1, (8, 0x00ff_00ff_00ff_00ff))
}

/// A square of eight by eight bits, rows and columns exchanged (H. S. Warren, Hacker's
/// Delight, section 7-3).
const fn turned(square: u64) -> u64 {
    let x = square;
    let t = (x ^ (x >> 7)) & 0x00aa_00aa_00aa_00aa;
    let x = x ^ t ^ (t << 7);
    let t = (x ^ (x >> 14)) & 0x0000_cccc_0000_cccc;
    let x = x ^ t ^ (t << 14);
    let t = (x ^ (x >> 28)) & 0x0000_0000_f0f0_f0f0;
    x ^ t ^ (t << 28)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same each time.
    fn noise(seed: u64) -> impl Iterator<Item = u64> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 33
        })
    }

    #[test]
    fn a_square_is_turned() {
        for (row, column) in
            (0..8).flat_map(|row| (0..8).map(move |column| (row, column)))
        {
            assert_eq!(turned(1 << (8 * row + column)), 1 << (8 * column + row));
        }
    }

    #[test]
    fn words_and_bytes_are_exchanged() {
        for (word, byte) in (0..8).flat_map(|word| (0..8).map(move |byte| (word, byte))) {
            let mut words = [0; LANES];
            words[word] = 0xa5 << (8 * byte);
            let mut expected = [0; LANES];
            expected[byte] = 0xa5 << (8 * word);
            assert_eq!(exchanged(words), expected);
        }
    }

    #[test]
    fn counts_are_those_of_counting_one_by_one() {
        for (n_counts, n_groups) in [(1, 1), (5, 3), (9, 40), (40, 7)] {
            let mut counters = Counters::new(n_counts);
            let mut expected = vec![0; n_counts * n_groups];
            let mut random = noise(7);
            let mut next = || usize::try_from(random.next().unwrap()).unwrap();
            for batch in 0..6 {
                let n_rows = 700 + batch;
                let sign = if batch == 4 { -1 } else { 1 };
                let groups: Vec<u32> = (0..n_rows)
                    .map(|_| u32::try_from(next() % (n_groups + 1)).unwrap())
                    .map(
                        |group| if group as usize == n_groups { u32::MAX } else { group },
                    )
                    .collect();
                let masks: Vec<(usize, Mask)> = (0..n_counts)
                    .filter(|number| batch > 1 || number % 2 == 0)
                    .map(|number| {
                        let rare = if number % 5 == 4 { 50 } else { 2 };
                        let bits: Vec<bool> = groups
                            .iter()
                            .map(|group| *group != u32::MAX && next() % rare == 0)
                            .collect();
                        (number, Mask::of_test(&bits, |bit| *bit))
                    })
                    .collect();
                for (number, mask) in &masks {
                    for row in mask.places(n_rows) {
                        let group = groups[row as usize] as usize;
                        expected[group * n_counts + number] += sign;
                    }
                }
                counters.count(Grouped { groups: &groups, n_groups, sign }, &masks);
            }
            counters.settle();
            for group in 0..n_groups {
                let own = &expected[group * n_counts..(group + 1) * n_counts];
                assert_eq!(counters.of(group), own);
            }
        }
    }
}
