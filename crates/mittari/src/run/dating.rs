//! The periods of many instants: a table of short stretches of time, each of which lies
//! in one period or has one boundary.
//!
//! The table reaches over the instants that occur and grows with them. What it does not
//! hold is asked of the calendar, so that it changes nothing but the time it takes.

use arrow_arith::aggregate;
use arrow_array::{Array as _, Int64Array};
use mittari_lang::types::Period;

use super::spans::NO_PERIOD;

/// More stretches than this are not kept: a thousand years, or seventy of days.
const MOST: usize = 1 << 16;

/// Bits of a word of what is known.
const BITS: usize = 64;

/// A stretch of time.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// From this instant on it lies in the second period.
    boundary: i64,
    before: i32,
    after: i32,
}

/// Periods of instants, found by a table.
#[derive(Debug)]
pub(super) struct Dating {
    /// A stretch has two to this many microseconds, less than any period.
    shift: u32,
    /// The number of the first stretch, counted from 1970.
    first: i64,
    stretches: Vec<Stretch>,
    /// Whether some stretch would have several boundaries, and there is no table.
    uneven: bool,
}

impl Dating {
    /// No instants yet.
    pub(super) fn new(period: Period) -> Self {
        // Nine hours for days, six days for weeks and what is longer. The whole range may
        // be shorter than any stretch.
        let shift = if period == Period::Day { 35 } else { 39 };
        let uneven = period == Period::Whole;
        Self { shift, first: 0, stretches: Vec::new(), uneven }
    }

    /// The period of each instant, and no period where there is none; `number` is asked
    /// where the table does not reach, and says the same for the same instant always.
    pub(super) fn periods(
        &mut self,
        instants: &Int64Array,
        number: impl Fn(i64) -> i32,
    ) -> Vec<i32> {
        self.periods_within(instants, ends(instants), number)
    }

    /// The same where the first instant and the last one are known.
    pub(super) fn periods_within(
        &mut self,
        instants: &Int64Array,
        ends: Option<(i64, i64)>,
        number: impl Fn(i64) -> i32,
    ) -> Vec<i32> {
        let Some((low, high)) = ends else { return vec![NO_PERIOD; instants.len()] };
        self.reach(low, high, &number);
        if let Some(period) = self.only(low, high)
            && instants.null_count() == 0
        {
            return vec![period; instants.len()];
        }
        let of = |at: i64| self.known(at).unwrap_or_else(|| number(at));
        match instants.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => instants.values().iter().map(|at| of(*at)).collect(),
            Some(nulls) => {
                let words = nulls.inner().bit_chunks().iter_padded();
                let mut periods = Vec::with_capacity(instants.len());
                for (instants, word) in instants.values().chunks(BITS).zip(words) {
                    periods.extend(instants.iter().zip(0_u32..).map(|(at, bit)| {
                        let is_known = (word >> bit) & 1 == 1;
                        // What stands where no instant is may be far from all others.
                        let period = of(if is_known { *at } else { low });
                        if is_known { period } else { NO_PERIOD }
                    }));
                }
                periods
            }
        }
    }

    #[inline]
    fn known(&self, at: i64) -> Option<i32> {
        let place = (at >> self.shift).wrapping_sub(self.first).cast_unsigned();
        let stretch = self.stretches.get(usize::try_from(place).ok()?)?;
        Some(if at < stretch.boundary { stretch.before } else { stretch.after })
    }

    /// The period of two instants and of all between them, if the table knows it is one.
    fn only(&self, low: i64, high: i64) -> Option<i32> {
        let period = self.known(low)?;
        let place = |at: i64| usize::try_from((at >> self.shift) - self.first).ok();
        let is_same = |stretch: &Stretch| {
            if stretch.boundary <= low {
                stretch.after == period
            } else {
                stretch.before == period && high < stretch.boundary
            }
        };
        let stretches = self.stretches.get(place(low)?..=place(high)?)?;
        stretches.iter().all(is_same).then_some(period)
    }

    /// Makes the table reach over some instants, unless it became too large.
    fn reach(&mut self, low: i64, high: i64, number: &impl Fn(i64) -> i32) {
        let (mut from, mut to) = (low >> self.shift, high >> self.shift);
        if !self.stretches.is_empty() {
            let last = self.first + self.stretches.len().cast_signed() as i64 - 1;
            if self.first <= from && to <= last {
                return;
            }
            (from, to) = (from.min(self.first), to.max(last));
        }
        let fits = usize::try_from(to - from).is_ok_and(|length| length < MOST);
        if self.uneven || !fits {
            return;
        }
        let stretches: Option<Vec<Stretch>> =
            (from..=to).map(|place| self.stretch(place, number)).collect();
        self.uneven = stretches.is_none();
        (self.first, self.stretches) = (from, stretches.unwrap_or_default());
    }

    /// A stretch, if it has no more than one boundary.
    fn stretch(&self, place: i64, number: &impl Fn(i64) -> i32) -> Option<Stretch> {
        let start = place << self.shift;
        let end = start + ((1 << self.shift) - 1);
        let (before, after) = (number(start), number(end));
        if before == after {
            return Some(Stretch { boundary: i64::MAX, before, after });
        }
        // The first instant that is no longer in the period before.
        let (mut low, mut high) = (start, end);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if number(middle) == before {
                low = middle;
            } else {
                high = middle;
            }
        }
        let even = number(high) == after;
        even.then_some(Stretch { boundary: high, before, after })
    }
}

/// The first of some instants and the last.
pub(super) fn ends(instants: &Int64Array) -> Option<(i64, i64)> {
    aggregate::min(instants).zip(aggregate::max(instants))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::period::{FiscalStart, PeriodTable};
    use crate::zone::{DAY, ZoneTable};

    #[test]
    fn the_table_says_what_the_calendar_says() {
        let zones = [Tz::Europe__Helsinki, Tz::Pacific__Apia, Tz::America__Santiago];
        let periods = [
            Period::Day,
            Period::Week,
            Period::Month,
            Period::Quarter,
            Period::FiscalYear,
        ];
        let fiscal = FiscalStart::new(4, 6).unwrap();
        for (zone, period) in zones.iter().flat_map(|z| periods.map(|p| (*z, p))) {
            let table = PeriodTable::new(ZoneTable::shared(zone), period, fiscal);
            let number = |at| table.number_of(at).unwrap_or(NO_PERIOD);
            let mut dating = Dating::new(period);
            // First around the turn of a year without a 30 December in Apia, then wider.
            for (from, days, step) in
                [(1_325_000_000, 30, 1_800), (1_300_000_000, 900, 86_399 / 4)]
            {
                let instants: Vec<Option<i64>> = (0..days * 86_400 / step)
                    .map(|n| (n % 7 != 3).then_some((from + n * step) * 1_000_000))
                    .collect();
                let found = dating.periods(&Int64Array::from(instants.clone()), number);
                let expected = instants.iter().map(|at| at.map_or(NO_PERIOD, number));
                assert_eq!(found, expected.collect::<Vec<_>>(), "{zone} {period:?}");
            }
            for start in (0..200).map(|n| (1_325_000_000 + n * 40_000) * 1_000_000) {
                let near: Vec<i64> = (0..9).map(|n| start + n * DAY / 2).collect();
                let found = dating.periods(&Int64Array::from(near.clone()), number);
                assert_eq!(found, near.iter().map(|at| number(*at)).collect::<Vec<_>>());
            }
            let starts = (0..400).filter_map(|n| table.start(table.number_of(0)? + n));
            let ends: Vec<i64> = starts.flat_map(|at| [at - 1, at, at + 1]).collect();
            let found = dating.periods(&Int64Array::from(ends.clone()), number);
            assert_eq!(found, ends.iter().map(|at| number(*at)).collect::<Vec<_>>());
            let far = Int64Array::from(vec![i64::MIN + DAY, 0, i64::MAX - DAY]);
            let found = dating.periods(&far, number);
            assert_eq!(found, [i64::MIN + DAY, 0, i64::MAX - DAY].map(number));
        }
    }
}
