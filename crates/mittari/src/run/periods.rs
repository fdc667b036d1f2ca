//! Dense numbers for the periods that occur.

use indexmap::IndexMap;

/// How many periods in a row are found without a hash.
const NEAR: i64 = 1 << 16;

/// Numbers for the periods that occur.
#[derive(Debug, Default)]
pub(super) struct Periods {
    /// One more than the number, by period from the first on; 0 is none.
    near: Vec<u32>,
    first: i32,
    far: IndexMap<i32, u32>,
    list: Vec<i32>,
}

impl Periods {
    /// The number of a period; one that did not occur before gets the next.
    #[inline]
    pub(super) fn id(&mut self, period: i32) -> u32 {
        let place = period.wrapping_sub(self.first).cast_unsigned() as usize;
        match self.near.get(place) {
            Some(slot) if *slot > 0 => *slot - 1,
            _ => self.new_id(period),
        }
    }

    #[cold]
    fn new_id(&mut self, period: i32) -> u32 {
        if let Some(known) = self.far.get(&period) {
            return *known;
        }
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(period);
        let first = if self.near.is_empty() { period } else { self.first.min(period) };
        let end = i64::from(self.first) + self.near.len().cast_signed() as i64;
        let length = end.max(i64::from(period) + 1) - i64::from(first);
        if length > NEAR {
            self.far.insert(period, next);
            return next;
        }
        let before = (i64::from(self.first) - i64::from(first)).max(0);
        if !self.near.is_empty() {
            let before = usize::try_from(before).unwrap_or_default();
            self.near.splice(0..0, std::iter::repeat_n(0, before));
        }
        self.first = first;
        self.near.resize(usize::try_from(length).unwrap_or_default(), 0);
        let place = period.wrapping_sub(first).cast_unsigned() as usize;
        if let Some(slot) = self.near.get_mut(place) {
            *slot = next + 1;
        }
        next
    }

    /// How many periods there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The period with a number.
    pub(super) fn period(&self, id: u32) -> i32 {
        self.list.get(id as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_far_and_near_have_numbers_of_their_own() {
        let mut periods = Periods::default();
        let list = [5, 3, 900_000, -70_000, 5, 4, 900_000, i32::MAX, -70_000, 3, 60_000];
        let numbers: Vec<u32> = list.iter().map(|period| periods.id(*period)).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 0, 4, 2, 5, 3, 1, 6]);
        assert_eq!(periods.list, [5, 3, 900_000, -70_000, 4, i32::MAX, 60_000]);
    }
}
