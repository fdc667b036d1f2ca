//! The values of a group, listed in little room, and single ones taken by their rank.

use std::cmp::Ordering;

/// Whole values; most are multiples of a unit, and take 32 bits each.
#[derive(Debug, Clone)]
pub struct Listed {
    unit: i64,
    /// Values that are so many units.
    small: Vec<u32>,
    /// The same of lists that were added; they are not copied together, since one of many
    /// values would then take twice its room for a while.
    more: Vec<Vec<u32>>,
    /// The other values.
    wide: Vec<i64>,
}

impl Default for Listed {
    fn default() -> Self {
        Self::new(1)
    }
}

impl FromIterator<i64> for Listed {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        let mut listed = Self::default();
        values.into_iter().for_each(|value| listed.push(value));
        listed.sort();
        listed
    }
}

impl Listed {
    /// No values yet; most will be multiples of the unit, which is at least 1.
    pub fn new(unit: i64) -> Self {
        Self { unit: unit.max(1), small: Vec::new(), more: Vec::new(), wide: Vec::new() }
    }

    /// Adds a value.
    pub fn push(&mut self, value: i64) {
        match self.units(value) {
            Some(units) => {
                // A quarter more than there are, since many lists wait for more.
                if self.small.len() == self.small.capacity() {
                    self.small.reserve_exact(self.small.len() / 4 + 16);
                }
                self.small.push(units);
            }
            None => self.wide.push(value),
        }
    }

    /// How many units a value is, if they are whole and few enough.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what is wrong shows")]
    fn units(&self, value: i64) -> Option<u32> {
        // A quotient of real numbers takes less time; where it is wrong, this shows.
        let near = (value as f64 / self.unit as f64) as i64;
        let units =
            if near.wrapping_mul(self.unit) == value { near } else { value / self.unit };
        u32::try_from(units).ok().filter(|units| i64::from(*units) * self.unit == value)
    }

    /// Adds the values of another list.
    pub fn merge(&mut self, other: &mut Self) {
        if self.is_empty() {
            std::mem::swap(self, other);
        } else if self.unit == other.unit {
            self.more.push(std::mem::take(&mut other.small));
            self.more.append(&mut other.more);
            self.wide.append(&mut other.wide);
        } else {
            let values: Vec<i64> = other.values().collect();
            for value in values {
                self.push(value);
            }
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.runs().map(<[u32]>::len).sum::<usize>() + self.wide.len()
    }

    /// The small values, list by list.
    fn runs(&self) -> impl Iterator<Item = &[u32]> {
        std::iter::once(&self.small).chain(&self.more).map(Vec::as_slice)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, in no order.
    pub fn values(&self) -> impl Iterator<Item = i64> {
        let small = self.runs().flatten().map(|units| i64::from(*units) * self.unit);
        small.chain(self.wide.iter().copied())
    }

    /// Sorts the values, so that single ones are found soon.
    pub fn sort(&mut self) {
        self.more.iter_mut().chain([&mut self.small]).for_each(|run| sort_units(run));
        self.wide.sort_unstable();
    }
}

/// Lists of so many values are sorted by their digits, which takes half the time.
const MANY: usize = 500;

fn sort_units(units: &mut [u32]) {
    if units.len() < MANY { units.sort_unstable() } else { radsort::sort(units) }
}

/// Finite numbers.
#[derive(Debug, Clone, Default)]
pub struct Reals(Vec<f64>);

impl FromIterator<f64> for Reals {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut reals = Self(values.into_iter().collect());
        reals.sort();
        reals
    }
}

impl Reals {
    /// Adds a number.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Adds the numbers of another list.
    pub fn merge(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    /// Sorts the numbers, so that single ones are found soon.
    pub fn sort(&mut self) {
        self.0.sort_unstable_by(f64::total_cmp);
    }

    /// The numbers, sorted.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// The value at a place of all lists taken together; each list is sorted.
///
/// In each step the middle of the longest list divides all of them, so that what is left
/// of that list is half as long.
pub fn nth<T: Copy>(
    lists: &[&[T]],
    place: usize,
    order: impl Fn(&T, &T) -> Ordering,
) -> Option<T> {
    let mut left: Vec<&[T]> = lists.to_vec();
    let mut place = place;
    loop {
        let longest = left.iter().max_by_key(|list| list.len())?;
        let middle = *longest.get(longest.len() / 2)?;
        let below = |list: &&[T]| list.partition_point(|v| order(v, &middle).is_lt());
        let up_to = |list: &&[T]| list.partition_point(|v| order(v, &middle).is_le());
        let n_below: usize = left.iter().map(below).sum();
        if place < n_below {
            for list in &mut left {
                *list = list.get(..below(list)).unwrap_or_default();
            }
            continue;
        }
        let n_up_to: usize = left.iter().map(up_to).sum();
        if place < n_up_to {
            return Some(middle);
        }
        place -= n_up_to;
        for list in &mut left {
            *list = list.get(up_to(list)..).unwrap_or_default();
        }
    }
}

/// The value at a place of all values of some lists, each of which is sorted.
pub fn nth_of_listed(lists: &[&Listed], place: usize) -> Option<i64> {
    let unit = lists.iter().find(|list| !list.is_empty()).map_or(1, |list| list.unit);
    let alike =
        |list: &&Listed| list.wide.is_empty() && (list.unit == unit || list.is_empty());
    if lists.iter().all(alike) {
        let small: Vec<&[u32]> = lists.iter().flat_map(|list| list.runs()).collect();
        return nth(&small, place, u32::cmp).map(|units| i64::from(units) * unit);
    }
    let mut all: Vec<i64> = lists.iter().flat_map(|list| list.values()).collect();
    (place < all.len()).then(|| *all.select_nth_unstable(place).1)
}

/// Numbers of values that were met: small ones as bits, the others as a sorted list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    bits: Vec<u64>,
    more: std::collections::BTreeSet<u32>,
}

/// Numbers up to this are kept as bits.
const MOST_BITS: u32 = 1 << 12;

impl FromIterator<u32> for KeySet {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut set = Self::default();
        numbers.into_iter().for_each(|number| set.insert(number));
        set
    }
}

impl KeySet {
    /// Adds a number.
    pub fn insert(&mut self, number: u32) {
        if number >= MOST_BITS {
            self.more.insert(number);
            return;
        }
        let word = number as usize / 64;
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if let Some(word) = self.bits.get_mut(word) {
            *word |= 1 << (number % 64);
        }
    }

    /// Adds the numbers of another set.
    pub fn merge(&mut self, other: &Self) {
        if self.bits.len() < other.bits.len() {
            self.bits.resize(other.bits.len(), 0);
        }
        for (own, more) in self.bits.iter_mut().zip(&other.bits) {
            *own |= more;
        }
        self.more.extend(&other.more);
    }

    /// How many numbers it has.
    pub fn len(&self) -> usize {
        let bits: usize = self.bits.iter().map(|word| word.count_ones() as usize).sum();
        bits + self.more.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let bits =
            self.bits.iter().zip((0_u32..).step_by(64)).flat_map(|(word, start)| {
                (0..64_u32)
                    .filter(move |bit| (word >> bit) & 1 == 1)
                    .map(move |bit| start + bit)
            });
        bits.chain(self.more.iter().copied())
    }

    /// The same values by other numbers.
    pub(crate) fn renumbered(self, numbers: &[u32]) -> Self {
        let same = (0..).zip(numbers).all(|(old, new)| old == *new);
        if same {
            return self;
        }
        self.iter().filter_map(|old| numbers.get(old as usize)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_among_lists_is_that_of_their_values() {
        let lists = [vec![5, 7, 7, 90], vec![], vec![1, 7, 8], vec![2]];
        let mut all: Vec<u32> = lists.iter().flatten().copied().collect();
        all.sort_unstable();
        let slices: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
        for (place, value) in all.iter().enumerate() {
            assert_eq!(nth(&slices, place, u32::cmp), Some(*value));
        }
        assert_eq!(nth(&slices, all.len(), u32::cmp), None);
        assert_eq!(nth::<u32>(&[], 0, u32::cmp), None);
    }

    #[test]
    fn values_of_any_size_keep_their_rank() {
        let values = [-3, 10, 25, i64::MAX, 10, i64::MIN, 7_000_000_000_000, 0];
        for unit in [1, 5, 10] {
            let (mut one, mut two) = (Listed::new(unit), Listed::new(unit));
            values.iter().take(3).for_each(|value| one.push(*value));
            values.iter().skip(3).for_each(|value| two.push(*value));
            one.sort();
            two.sort();
            let mut sorted = values;
            sorted.sort_unstable();
            for (place, value) in sorted.iter().enumerate() {
                assert_eq!(nth_of_listed(&[&one, &two], place), Some(*value));
            }
            one.merge(&mut two);
            assert_eq!(one.len(), values.len());
            for (place, value) in sorted.iter().enumerate() {
                assert_eq!(nth_of_listed(&[&one], place), Some(*value));
            }
        }
    }

    #[test]
    fn long_lists_are_sorted_as_short_ones() {
        for spread in [3_i64, 1 << 9, 1 << 17, 1 << 31] {
            let values = (0..2_000_i64).map(|n| n * 2_654_435_761 % spread * 5);
            let mut sorted: Vec<i64> = values.clone().collect();
            sorted.sort_unstable();
            let mut listed = Listed::new(5);
            values.for_each(|value| listed.push(value));
            listed.sort();
            assert_eq!(listed.values().collect::<Vec<_>>(), sorted);
        }
    }

    #[test]
    fn sets_have_each_number_once() {
        let mut one: KeySet = [3, 70, 3, 5000].into_iter().collect();
        let two: KeySet = [70, 4095, 4096].into_iter().collect();
        one.merge(&two);
        assert_eq!(one.iter().collect::<Vec<_>>(), [3, 70, 4095, 4096, 5000]);
        assert_eq!(one.len(), 5);
        let turned: KeySet = [0, 2].into_iter().collect();
        assert_eq!(turned.renumbered(&[9, 8, 7]).iter().collect::<Vec<_>>(), [7, 9]);
    }
}
