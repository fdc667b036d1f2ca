//! Dense numbers for groups: a period and one value for each dimension.
//!
//! Values become small numbers first (a category already is one, a text once for each
//! distinct text of a batch), then a group is found step by step: the period, then each
//! dimension in turn. No step looks at a text or computes a hash where numbers are small.

use std::sync::Arc;

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
};
use indexmap::{IndexMap, IndexSet};
use mittari_lang::types::Kind;

use super::periods::Periods;
use super::spans::NO_PERIOD;
use crate::error::RunError;
use crate::gathered::{GroupKey, Key};
use crate::kernel::text::texts;
use crate::vector::{TextArray, downcast};

/// How many values of a dimension are found without a hash.
const STRIDE: usize = 64;

/// How many cells the table without hashes may have.
const CELLS: usize = 1 << 22;

/// Small numbers for the values of one expression; equal values have equal numbers.
#[derive(Debug, Default)]
pub(super) struct Codes {
    keys: IndexSet<Key>,
    /// The number of each declared value, one added so that 0 is none.
    declared: Vec<u32>,
    /// The number of no value, once there was one.
    missing: Option<u32>,
    /// Some values that are no texts, by a few of their bits.
    recent: Vec<(u64, u32)>,
    /// The texts of the last batch and their numbers.
    texts: Option<(ArrayRef, Vec<u32>)>,
}

/// A text that no row had yet.
const UNMET: u32 = u32::MAX;

/// How many values are remembered beside the hash.
const RECENT: usize = 256;

impl Codes {
    /// The number of each row's value.
    pub(super) fn of(
        &mut self,
        column: &ArrayRef,
        kind: Kind,
    ) -> Result<Vec<u32>, RunError> {
        match kind {
            Kind::Category(_) => {
                let codes = downcast::<Int32Array>(column)?;
                Ok(codes.iter().map(|code| self.category(code)).collect())
            }
            Kind::Text => self.texts(downcast::<TextArray>(column)?),
            Kind::Truth => {
                let truths = downcast::<BooleanArray>(column)?;
                let by_truth =
                    [Key::Truth(false), Key::Truth(true)].map(|key| self.code(key));
                let [no, yes] = by_truth;
                let missing = (truths.null_count() > 0).then(|| self.code(Key::Missing));
                let code = |truth: Option<bool>| match truth {
                    None => missing.unwrap_or_default(),
                    Some(truth) => {
                        if truth {
                            yes
                        } else {
                            no
                        }
                    }
                };
                Ok(truths.iter().map(code).collect())
            }
            Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
                let numbers = downcast::<Float64Array>(column)?;
                Ok(self.each(numbers.iter(), |value: f64| value.to_bits(), Key::number))
            }
            Kind::Day => {
                let days = downcast::<Int32Array>(column)?;
                let bits = |day: i32| u64::from(day.cast_unsigned());
                Ok(self.each(days.iter(), bits, |day| Key::Whole(i64::from(day))))
            }
            Kind::Duration | Kind::Money(_) | Kind::Instant => {
                let wholes = downcast::<Int64Array>(column)?;
                Ok(self.each(wholes.iter(), i64::cast_unsigned, Key::Whole))
            }
            Kind::Calendar | Kind::Missing | Kind::Unsound => {
                Err(RunError::Broken("values that cannot be grouped"))
            }
        }
    }

    fn code(&mut self, key: Key) -> u32 {
        let (place, _) = self.keys.insert_full(key);
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn category(&mut self, code: Option<i32>) -> u32 {
        let Some(code) = code.and_then(|code| u32::try_from(code).ok()) else {
            return self.missing();
        };
        let place = code as usize;
        match self.declared.get(place) {
            Some(known) if *known > 0 => known - 1,
            _ => {
                let number = self.code(Key::Category(code));
                if self.declared.len() <= place {
                    self.declared.resize(place + 1, 0);
                }
                if let Some(slot) = self.declared.get_mut(place) {
                    *slot = number + 1;
                }
                number
            }
        }
    }

    fn missing(&mut self) -> u32 {
        if let Some(known) = self.missing {
            return known;
        }
        let number = self.code(Key::Missing);
        self.missing = Some(number);
        number
    }

    fn texts(&mut self, column: &TextArray) -> Result<Vec<u32>, RunError> {
        let values = texts(column)?;
        // Batches often share their list of texts.
        let same = |(list, _): &(ArrayRef, _)| Arc::ptr_eq(list, column.values());
        let known = self.texts.take().filter(same).map(|(_, known)| known);
        // A batch may list texts that none of its rows has; they get no group.
        let mut known = known.unwrap_or_else(|| vec![UNMET; values.len()]);
        let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
        let mut codes = Vec::with_capacity(column.len());
        for (row, key) in column.keys().values().iter().enumerate() {
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                codes.push(self.missing());
                continue;
            }
            let place = usize::try_from(*key).unwrap_or(usize::MAX);
            let code = match known.get_mut(place) {
                Some(slot) if *slot != UNMET => *slot,
                Some(slot) => {
                    *slot = if values.is_null(place) {
                        self.missing()
                    } else {
                        self.code(Key::Text(values.value(place).to_owned()))
                    };
                    *slot
                }
                None => UNMET,
            };
            codes.push(code);
        }
        self.texts = Some((Arc::clone(column.values()), known));
        Ok(codes)
    }

    fn each<T: Copy>(
        &mut self,
        values: impl Iterator<Item = Option<T>>,
        bits: impl Fn(T) -> u64,
        key: impl Fn(T) -> Key,
    ) -> Vec<u32> {
        if self.recent.is_empty() {
            self.recent.resize(RECENT, (0, UNMET));
        }
        let mut codes = Vec::new();
        for value in values {
            let Some(value) = value else {
                codes.push(self.missing());
                continue;
            };
            let own = bits(value);
            // The highest bits of a product depend on all bits (D. Knuth, TAOCP 6.4).
            let place = (own.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize;
            let code = match self.recent.get(place) {
                Some((known, code)) if *known == own && *code != UNMET => *code,
                _ => {
                    let code = self.code(key(value));
                    if let Some(slot) = self.recent.get_mut(place) {
                        *slot = (own, code);
                    }
                    code
                }
            };
            codes.push(code);
        }
        codes
    }

    /// The values in the order of their numbers.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The value of a number.
    pub(super) fn key(&self, code: u32) -> Key {
        self.keys.get_index(code as usize).cloned().unwrap_or(Key::Missing)
    }
}

/// Numbers for pairs of a number and a code.
#[derive(Debug, Default)]
struct Pairs {
    dense: Vec<u32>,
    sparse: IndexMap<(u32, u32), u32>,
    list: Vec<(u32, u32)>,
}

impl Pairs {
    fn id(&mut self, left: u32, code: u32) -> u32 {
        let cell = left as usize * STRIDE + code as usize;
        if (code as usize) < STRIDE && cell < CELLS {
            if self.dense.len() <= cell {
                self.dense.resize((left as usize + 1) * STRIDE, 0);
            }
            if let Some(slot) = self.dense.get_mut(cell) {
                if *slot == 0 {
                    self.list.push((left, code));
                    *slot = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
                }
                return *slot - 1;
            }
        }
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let id = *self.sparse.entry((left, code)).or_insert(next);
        if id == next {
            self.list.push((left, code));
        }
        id
    }
}

/// The group of a row that is in none.
pub(super) const NO_GROUP: u32 = u32::MAX;

/// Numbers for the groups of one grouping, found step by step.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    periods: Periods,
    steps: Vec<Pairs>,
}

impl Groups {
    /// Groups by a period and a number of dimensions.
    pub(crate) fn new(n_dimensions: usize) -> Self {
        let steps = (0..n_dimensions).map(|_| Pairs::default()).collect();
        Self { periods: Periods::default(), steps }
    }

    /// The group of each member; of those in no period it means nothing.
    pub(crate) fn ids(&mut self, periods: &[i32], codes: &[&[u32]]) -> Vec<u32> {
        let mut ids: Vec<u32> = Vec::with_capacity(periods.len());
        for period in periods {
            ids.push(if *period == NO_PERIOD {
                NO_GROUP
            } else {
                self.periods.id(*period)
            });
        }
        for (step, codes) in self.steps.iter_mut().zip(codes) {
            for (id, code) in ids.iter_mut().zip(*codes) {
                if *id != NO_GROUP {
                    *id = step.id(*id, *code);
                }
            }
        }
        ids
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.steps.last().map_or(self.periods.len(), |step| step.list.len())
    }

    /// The period and the values of a group; `dimensions` are its codes in order.
    pub(super) fn key(&self, id: u32, dimensions: &[&Codes]) -> GroupKey {
        let mut segment = Vec::with_capacity(self.steps.len());
        let mut id = id;
        for (step, codes) in self.steps.iter().zip(dimensions).rev() {
            let (left, code) = step.list.get(id as usize).copied().unwrap_or_default();
            segment.push(codes.key(code));
            id = left;
        }
        segment.reverse();
        let period = self.periods.period(id);
        GroupKey { period, segment }
    }
}

/// Groups whose dimensions have few declared values: each period has a row of cells, one
/// for each combination of values, the last value of a dimension being none.
#[derive(Debug)]
pub(super) struct Cells {
    periods: Periods,
    /// How many values each dimension has, the missing one included.
    widths: Vec<u32>,
    /// Cells of a period.
    width: u32,
}

/// How many members are looked at together, since neighbours are often in one period.
const NEIGHBOURS: usize = 64;

/// How many cells a period may have.
const MOST_CELLS: u32 = 1 << 12;

impl Cells {
    /// Cells of dimensions with so many declared values, if there are not too many.
    pub(super) fn new(declared: &[Option<u32>]) -> Option<Self> {
        let mut widths = Vec::with_capacity(declared.len());
        let mut width = 1_u32;
        for declared in declared {
            let own = declared.as_ref()?.checked_add(1)?;
            width = width.checked_mul(own).filter(|width| *width <= MOST_CELLS)?;
            widths.push(own);
        }
        Some(Self { periods: Periods::default(), widths, width })
    }

    /// The cell of each of so many members in the row of its period.
    pub(super) fn places(
        &self,
        n: usize,
        columns: &[ArrayRef],
    ) -> Result<Vec<u32>, RunError> {
        let mut cells = vec![0; n];
        for (column, width) in columns.iter().zip(&self.widths) {
            if let Some(truths) = column.as_any().downcast_ref::<BooleanArray>() {
                let codes = truths.iter().map(|truth| truth.map_or(2, u32::from));
                next_dimension(&mut cells, *width, codes);
                continue;
            }
            let codes = downcast::<Int32Array>(column)?;
            let missing = width - 1;
            // A code below zero is far above all as a number without a sign.
            let known = |code: &i32| code.cast_unsigned().min(missing);
            if codes.null_count() == 0 {
                next_dimension(&mut cells, *width, codes.values().iter().map(known));
            } else {
                let codes = codes.iter();
                let codes = codes.map(|code| code.as_ref().map_or(missing, known));
                next_dimension(&mut cells, *width, codes);
            }
        }
        Ok(cells)
    }

    /// The group of each member, given its cell.
    pub(super) fn ids(&mut self, periods: &[i32], places: &[u32]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(periods.len());
        for (periods, places) in periods.chunks(NEIGHBOURS).zip(places.chunks(NEIGHBOURS))
        {
            let first = periods.first().copied().unwrap_or(NO_PERIOD);
            let others = periods.iter().filter(|own| **own != first).count();
            if others == 0 && first != NO_PERIOD {
                let row = self.periods.id(first) * self.width;
                ids.extend(places.iter().map(|place| row + place));
                continue;
            }
            ids.extend(periods.iter().zip(places).map(|(period, place)| match *period {
                NO_PERIOD => NO_GROUP,
                period => self.periods.id(period) * self.width + place,
            }));
        }
        ids
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.periods.len() * self.width as usize
    }

    /// The period and the values of a group, whose dimensions are of some kinds.
    pub(super) fn key(&self, id: u32, kinds: &[Kind]) -> GroupKey {
        let (place, mut cell) = (id / self.width, id % self.width);
        let mut segment = Vec::with_capacity(self.widths.len());
        for (width, kind) in self.widths.iter().zip(kinds).rev() {
            let code = cell % width;
            cell /= width;
            segment.push(match kind {
                _ if code + 1 == *width => Key::Missing,
                Kind::Truth => Key::Truth(code == 1),
                _ => Key::Category(code),
            });
        }
        segment.reverse();
        let period = self.periods.period(place);
        GroupKey { period, segment }
    }
}

fn next_dimension(cells: &mut [u32], width: u32, codes: impl Iterator<Item = u32>) {
    for (cell, code) in cells.iter_mut().zip(codes) {
        *cell = *cell * width + code;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_steps_find_the_same_groups() {
        let kinds = [Kind::Category(mittari_lang::types::SetId(0)), Kind::Truth];
        let periods: Vec<i32> =
            (0..50).map(|n| if n % 9 == 4 { NO_PERIOD } else { n / 7 }).collect();
        let codes: Int32Array = (0..50).map(|n| (n % 5 != 1).then_some(n % 3)).collect();
        let truths: BooleanArray =
            (0..50).map(|n| (n % 11 != 1).then_some(n % 2 == 0)).collect();
        let columns: [ArrayRef; 2] =
            [std::sync::Arc::new(codes), std::sync::Arc::new(truths)];
        let mut cells = Cells::new(&[Some(3), Some(2)]).unwrap();
        let places = cells.places(periods.len(), &columns).unwrap();
        let ids = cells.ids(&periods, &places);
        let mut own = [Codes::default(), Codes::default()];
        let numbers: Vec<Vec<u32>> = own
            .iter_mut()
            .zip(&columns)
            .zip(kinds)
            .map(|((own, column), kind)| own.of(column, kind).unwrap())
            .collect();
        let numbers: Vec<&[u32]> = numbers.iter().map(Vec::as_slice).collect();
        let mut groups = Groups::new(2);
        let steps = groups.ids(&periods, &numbers);
        let [first, second] = &own;
        for ((cell, step), period) in ids.iter().zip(&steps).zip(&periods) {
            if *period == NO_PERIOD {
                assert_eq!((*cell, *step), (NO_GROUP, NO_GROUP));
            } else {
                assert!((*cell as usize) < cells.len());
                let of_steps = groups.key(*step, &[first, second]);
                assert_eq!(cells.key(*cell, &kinds), of_steps);
            }
        }
        assert!(Cells::new(&[Some(3), None]).is_none());
        assert!(Cells::new(&[Some(90), Some(90)]).is_none());
    }
}
