//! Keys that end in a number, such as `INC0001234`: whether behind each beginning the
//! numbers only rise, or only fall. Then no two of them are equal, and of each beginning
//! it is enough to remember the first number and the last.

use crate::load::memo::Slice;

/// How long a key may be.
const LONGEST: usize = 16;
/// How many beginnings a piece may have.
const MOST: usize = 16;
/// How long a key is that stands in its view.
const LONGEST_IN_VIEW: usize = 12;
/// How many keys are looked at together.
pub(crate) const BLOCK: usize = 64;

/// A key in two parts, each the number its bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    beginning: u128,
    number: u128,
    /// How many bytes the number has.
    n_digits: usize,
}

/// The numbers of one piece behind one beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run {
    beginning: u128,
    /// The lowest number and the highest.
    low: u128,
    high: u128,
    /// Whether the numbers rise; one alone does both.
    rises: Option<bool>,
}

/// The runs of one piece.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    list: Vec<Run>,
    /// For each run what its next key looks like.
    next: Vec<Option<Next>>,
}

/// A key of the same length and beginning as the last of its run, and with the same number
/// but for its last eight digits: most keys are such, and are told with few operations.
#[derive(Debug, Clone, Copy)]
struct Next {
    length: usize,
    /// The bits of all bytes but the last ones, and what they are.
    fixed: u128,
    is: u128,
    /// How many bits lie before the last bytes, and how many are left of eight bytes.
    before: u32,
    left: u32,
    rises: bool,
    /// The last bytes of the last key, and the number's other bytes.
    end: u64,
    lead: u128,
}

impl Next {
    fn new((word, length): (u128, usize), parts: Parts, rises: bool) -> Option<Self> {
        let n_bytes = parts.n_digits.min(8);
        let before = u32::try_from(8 * length.checked_sub(n_bytes)?).ok()?;
        let left = u32::try_from(8 * 8_usize.checked_sub(n_bytes)?).ok()?;
        let fixed = 1_u128.checked_shl(before)? - 1;
        let last = u128::from(u64::MAX >> left);
        let (lead, end) =
            (parts.number & !last, u64::try_from(parts.number & last).ok()?);
        Some(Self { length, fixed, is: word & fixed, before, left, rises, end, lead })
    }

    /// Whether a key is of this run, as far as its beginning shows.
    #[inline]
    const fn begins(&self, word: u128, length: usize) -> bool {
        length == self.length && word & self.fixed == self.is
    }

    /// Takes a key if it comes behind the last one.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "eight bytes are looked at")]
    fn take(&mut self, word: u128, length: usize) -> bool {
        if !self.begins(word, length) {
            return false;
        }
        // The last byte becomes the lowest; what stands behind the key falls out.
        let end = ((word >> self.before) as u64).swap_bytes() >> self.left;
        let beyond = if self.rises { end > self.end } else { end < self.end };
        if self.no_digits(end) != 0 || !beyond {
            return false;
        }
        self.end = end;
        true
    }

    /// The first bytes of the views of its keys: which of their bits are the same, and what
    /// they are; none unless all bits that differ stand behind them in a short view.
    #[expect(clippy::cast_possible_truncation, reason = "the first bytes of a view")]
    const fn head(&self) -> Option<(u64, u64)> {
        if self.length > LONGEST_IN_VIEW || self.before > 32 {
            return None;
        }
        let fixed = ((self.fixed as u64) << 32) | 0xffff_ffff;
        Some((fixed, ((self.is as u64) << 32) | self.length as u64))
    }

    /// The last bytes of a key with such a view, and which of them are no digits.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a view")]
    const fn end_of(&self, view: u128) -> (u64, u64) {
        let (low, high) = (view as u64, (view >> 64) as u64);
        // A shift by all bits in one step is none.
        let last = (low >> 1 >> (self.before + 31)) | (high << (32 - self.before));
        let end = last.swap_bytes() >> self.left;
        (end, self.no_digits(end))
    }

    /// The highest bit of each of the last bytes that is no digit.
    const fn no_digits(&self, end: u64) -> u64 {
        let digits = end ^ ((EACH * 0x30) >> self.left);
        (((digits & (EACH * 0x7f)) + EACH * 0x76) | digits) & (EACH * 0x80)
    }

    /// Takes all of some keys by their views if each comes behind the one before, else
    /// none.
    #[expect(clippy::cast_possible_truncation, reason = "the first bytes of a view")]
    fn take_block(&mut self, views: &[u128; BLOCK]) -> bool {
        let Some((fixed, is)) = self.head() else { return false };
        let (mut ends, mut others) = ([0; BLOCK], 0);
        for (view, slot) in views.iter().zip(&mut ends) {
            let (end, no_digits) = self.end_of(*view);
            others |= ((*view as u64 & fixed) ^ is) | no_digits;
            *slot = end;
        }
        let before = std::iter::once(&self.end).chain(&ends);
        let pairs = before.zip(&ends);
        let follow = pairs.fold(true, |follow, (before, end)| {
            follow & if self.rises { before < end } else { before > end }
        });
        if others != 0 || !follow {
            return false;
        }
        self.end = ends[BLOCK - 1];
        true
    }

    /// The same for keys each of which is of this run or of another that is like it.
    #[expect(clippy::cast_possible_truncation, reason = "the first bytes of a view")]
    fn take_block_of_two(&mut self, other: &mut Self, views: &[u128; BLOCK]) -> bool {
        let form = |next: &Self| (next.length, next.fixed, next.left, next.rises);
        let (Some((fixed, is)), Some((_, other_is))) = (self.head(), other.head()) else {
            return false;
        };
        if form(self) != form(other) {
            return false;
        }
        let (mut own_end, mut other_end) = (self.end, other.end);
        let (mut others, mut follow) = (0, true);
        for view in views {
            let (end, no_digits) = self.end_of(*view);
            let head = *view as u64 & fixed;
            let is_own = head == is;
            others |= no_digits | if is_own { 0 } else { head ^ other_is };
            // Which of both comes next is not guessed: all is computed for both.
            let before = if is_own { own_end } else { other_end };
            follow &= if self.rises { before < end } else { before > end };
            own_end = if is_own { end } else { own_end };
            other_end = if is_own { other_end } else { end };
        }
        if others != 0 || !follow {
            return false;
        }
        (self.end, other.end) = (own_end, other_end);
        true
    }
}

/// In each byte.
const EACH: u64 = u64::MAX / 255;

impl Runs {
    /// Adds the key of the next row; says no if it does not fit behind those before.
    #[inline]
    pub(crate) fn add(&mut self, key: Slice<'_>) -> bool {
        let length = key.len();
        if length > LONGEST {
            return false;
        }
        self.add_word(u128::from_le_bytes(key.head()), length)
    }

    /// Adds the keys of some rows by their views, none of which is missing; `key` is the
    /// whole key of a row.
    pub(crate) fn add_views<'k>(
        &mut self,
        views: &[u128],
        key: impl Fn(usize) -> &'k str,
    ) -> bool {
        let mut row = 0;
        views.chunks(BLOCK).all(|views| {
            let first = row;
            row += views.len();
            if views.try_into().is_ok_and(|block| self.add_block(block)) {
                return true;
            }
            let mut views = views.iter().zip(first..);
            views.all(|(view, row)| self.add_view(*view, || key(row)))
        })
    }

    /// Adds the keys of some rows by their views if each of them is the next of its run,
    /// else none.
    pub(crate) fn add_block(&mut self, views: &[u128; BLOCK]) -> bool {
        match &mut *self.next {
            [Some(next)] => next.take_block(views),
            [Some(one), Some(other)] => one.take_block_of_two(other, views),
            _ => false,
        }
    }

    /// Adds the key of the next row by its view, which is a short key itself behind its
    /// length.
    #[inline]
    pub(crate) fn add_view<'k>(
        &mut self,
        view: u128,
        key: impl FnOnce() -> &'k str,
    ) -> bool {
        match usize::try_from(view & 0xffff_ffff) {
            Ok(length) if length <= LONGEST_IN_VIEW => self.add_word(view >> 32, length),
            _ => self.add(Slice::of(key())),
        }
    }

    /// The same for a key whose first bytes are a number, the first of them the lowest.
    #[inline]
    fn add_word(&mut self, word: u128, length: usize) -> bool {
        // Two beginnings often alternate: which of them it is must not be guessed.
        let first = self.next.first().and_then(Option::as_ref);
        let place = usize::from(first.is_some_and(|next| !next.begins(word, length)));
        let next = self.next.get_mut(place).and_then(Option::as_mut);
        next.is_some_and(|next| next.take(word, length)) || self.add_other(word, length)
    }

    /// Adds a key that is the next of neither of the first two runs.
    #[cold]
    fn add_other(&mut self, word: u128, length: usize) -> bool {
        let mut others = self.next.iter_mut().flatten();
        if others.any(|next| next.take(word, length)) {
            return true;
        }
        self.settle();
        let Some(parts) = parts(word, length) else { return false };
        let known = self.list.iter().position(|run| run.beginning == parts.beginning);
        let place = known.unwrap_or(self.list.len());
        let fits = if let Some(run) = self.list.get_mut(place) {
            run.add(parts.number)
        } else {
            self.list.push(Run::new(parts));
            self.next.push(None);
            self.list.len() <= MOST
        };
        let rises = self.list.get(place).and_then(|run| run.rises);
        if let Some(next) = self.next.get_mut(place) {
            *next = rises.and_then(|rises| Next::new((word, length), parts, rises));
        }
        fits
    }

    /// Brings each run to where its keys have come.
    fn settle(&mut self) {
        for (run, next) in self.list.iter_mut().zip(&self.next) {
            if let Some(next) = next {
                let end = if next.rises { &mut run.high } else { &mut run.low };
                *end = next.lead | u128::from(next.end);
            }
        }
    }

    /// The runs.
    pub(crate) fn into_runs(mut self) -> Vec<Run> {
        self.settle();
        self.list
    }
}

impl Run {
    fn new(parts: Parts) -> Self {
        let Parts { beginning, number, .. } = parts;
        Self { beginning, low: number, high: number, rises: None }
    }

    #[inline]
    fn add(&mut self, number: u128) -> bool {
        if number > self.high && self.rises != Some(false) {
            (self.high, self.rises) = (number, Some(true));
            return true;
        }
        if number < self.low && self.rises != Some(true) {
            (self.low, self.rises) = (number, Some(false));
            return true;
        }
        false
    }
}

/// Whether no number lies in two of the runs.
pub(crate) fn are_apart(runs: &mut [Run]) -> bool {
    runs.sort_unstable();
    runs.windows(2).all(|pair| match pair {
        [one, other] => one.beginning != other.beginning || one.high < other.low,
        _ => true,
    })
}

/// The two parts of a key, if it ends in a digit. More digits are more bytes, so that
/// `9` comes before `10`, and `09` is another number than `9`.
#[inline]
fn parts(word: u128, length: usize) -> Option<Parts> {
    const EACH: u128 = u128::MAX / 255;
    if length == 0 || length > LONGEST {
        return None;
    }
    // The last byte becomes the lowest.
    let key = word.swap_bytes() >> (128 - 8 * length);
    let digits = key ^ (EACH * 0x30);
    // The highest bit of each byte that is more than nine.
    let others = (((digits & (EACH * 0x7f)) + EACH * 0x76) | digits) & (EACH * 0x80);
    let n_bits = (others.trailing_zeros() & !7).min(128);
    if n_bits == 0 {
        return None;
    }
    let number = if n_bits == 128 { key } else { key & ((1 << n_bits) - 1) };
    let beginning = key.checked_shr(n_bits).unwrap_or_default();
    Some(Parts { beginning, number, n_digits: (n_bits / 8) as usize })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts_of(key: &str) -> Option<(u128, u128)> {
        let parts = parts(u128::from_le_bytes(Slice::of(key).head()), key.len());
        parts.map(|parts| (parts.beginning, parts.number))
    }

    fn add(runs: &mut Runs, keys: &[&str]) -> bool {
        keys.iter().all(|key| runs.add(Slice::of(key)))
    }

    #[test]
    fn keys_divide_before_their_last_digits() {
        let number = |text: &str| {
            text.bytes().fold(0_u128, |number, byte| number << 8 | u128::from(byte))
        };
        for (key, beginning, digits) in [
            ("INC0001234", "INC", "0001234"),
            ("A1-7", "A1-", "7"),
            ("0123456789012345", "", "0123456789012345"),
            ("x\u{e9}5", "x\u{e9}", "5"),
        ] {
            assert_eq!(parts_of(key), Some((number(beginning), number(digits))), "{key}");
        }
        for key in ["", "INC", "12a", "5\u{e9}", "01234567890123456"] {
            assert_eq!(parts_of(key), None, "{key}");
        }
    }

    #[test]
    fn each_beginning_runs_by_itself() {
        assert!(add(&mut Runs::default(), &["A-9", "B-3", "A-10", "B-4", "C-1"]));
        assert!(add(&mut Runs::default(), &["A-10", "B-1", "A-9", "A-1", "B-5"]));
        assert!(!add(&mut Runs::default(), &["A-1", "B-3", "A-1"]));
        assert!(!add(&mut Runs::default(), &["A-1", "A-3", "A-2"]));
        assert!(!add(&mut Runs::default(), &["A-1", "A-2", "A-2"]));
        assert!(!add(&mut Runs::default(), &["A-4", "A-3", "A-3"]));
        assert!(!add(&mut Runs::default(), &["A-3", "A-1", "A-2"]));
        let many: Vec<String> = (0..17).map(|at| format!("{at}-1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(!add(&mut Runs::default(), &many));
    }

    /// The view of a short key, and behind it bytes of what follows in its text.
    fn view(key: &str) -> u128 {
        let following = format!("{key}7,x-9876543210");
        let head = u128::from_le_bytes(Slice::of(&following).head());
        (head << 32) | key.len() as u128
    }

    proptest! {
        #[test]
        fn blocks_run_as_single_keys_do(
            beginnings in proptest::sample::select(vec![
                ["INC", "REQ"], ["A", "A"], ["", ""], ["C0", "D1"], ["AB-1", "AB-2"], ["A", "BC"],
            ]),
            digits in proptest::sample::select(vec![2, 6, 8, 10]),
            first in 0_u32..120,
            falls in proptest::bool::weighted(0.3),
            wrong in proptest::option::weighted(0.5, (0_usize..200, -2_i64..3)),
            order in proptest::collection::vec(0_usize..2, 200),
        ) {
            let mut number = i64::from(first) + if falls { 10_000 } else { 0 };
            let keys: Vec<String> = order.iter().enumerate().map(|(row, which)| {
                number += if falls { -1 } else { 1 };
                let moved = wrong.filter(|(at, _)| *at == row).map_or(0, |(_, by)| by);
                format!("{}{:0digits$}", beginnings[*which], number + moved)
            }).collect();
            let views: Vec<u128> = keys.iter().map(|key| view(key)).collect();
            let (mut blocks, mut single) = (Runs::default(), Runs::default());
            let fit = blocks.add_views(&views, |row| keys[row].as_str());
            let expected = keys.iter().all(|key| single.add(Slice::of(key)));
            prop_assert_eq!(fit, expected);
            if fit {
                prop_assert_eq!(blocks.into_runs(), single.into_runs());
            }
        }

        #[test]
        fn equal_keys_are_never_apart(
            pieces in proptest::collection::vec(
                proptest::collection::vec("[AB]{0,2}(0000000|9999999|)[0-3]{1,2}", 1..6), 1..4),
        ) {
            let mut all = Vec::new();
            for piece in &pieces {
                let mut runs = Runs::default();
                let keys: Vec<&str> = piece.iter().map(String::as_str).collect();
                if !add(&mut runs, &keys) {
                    return Ok(());
                }
                all.extend(runs.into_runs());
            }
            let mut keys: Vec<&String> = pieces.iter().flatten().collect();
            let n_keys = keys.len();
            keys.sort();
            keys.dedup();
            prop_assert!(!are_apart(&mut all) || keys.len() == n_keys);
        }
    }
}
