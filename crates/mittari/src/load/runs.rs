//! Keys that end in a number, such as `INC0001234`: whether behind each beginning the
//! numbers only rise, or only fall. Then no two of them are equal, and of each beginning
//! it is enough to remember the first number and the last.

use crate::load::memo::Slice;

/// How long a key may be.
const LONGEST: usize = 16;
/// How many beginnings a piece may have.
const MOST: usize = 16;

/// A key in two parts, each the number its bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    beginning: u128,
    number: u128,
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
    runs: Vec<Run>,
    /// The run of the last key.
    last: usize,
}

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

    /// The same for a key whose first bytes are a number, the first of them the lowest.
    #[inline]
    pub(crate) fn add_word(&mut self, word: u128, length: usize) -> bool {
        let Some(parts) = parts(word, length) else { return false };
        let last = self.runs.get_mut(self.last);
        match last.filter(|run| run.beginning == parts.beginning) {
            Some(run) => run.add(parts.number),
            None => self.add_elsewhere(parts),
        }
    }

    fn add_elsewhere(&mut self, parts: Parts) -> bool {
        let Parts { beginning, number } = parts;
        let known = self.runs.iter().position(|run| run.beginning == beginning);
        self.last = known.unwrap_or(self.runs.len());
        if let Some(run) = self.runs.get_mut(self.last) {
            return run.add(number);
        }
        self.runs.push(Run { beginning, low: number, high: number, rises: None });
        self.runs.len() <= MOST
    }

    /// The runs.
    pub(crate) fn into_runs(self) -> Vec<Run> {
        self.runs
    }
}

impl Run {
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
    Some(Parts { beginning: key.checked_shr(n_bits).unwrap_or_default(), number })
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
        assert!(!add(&mut Runs::default(), &["A-3", "A-1", "A-2"]));
        let many: Vec<String> = (0..17).map(|at| format!("{at}-1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(!add(&mut Runs::default(), &many));
    }

    proptest! {
        #[test]
        fn equal_keys_are_never_apart(
            pieces in proptest::collection::vec(
                proptest::collection::vec("[AB]{0,2}[0-3]{1,2}", 1..6), 1..4),
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
