//! Dense numbers for groups: a period and one value for each dimension.
//!
//! Values become small numbers first (a category already is one, a text once for each
//! distinct text of a batch), then a group is found step by step: the period, then each
//! dimension in turn. No step looks at a text or computes a hash where numbers are small.

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
};
use indexmap::{IndexMap, IndexSet};
use mittari_lang::types::Kind;

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
}

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
                Ok(self.each(days.iter(), |day| day, |day| Key::Whole(i64::from(day))))
            }
            Kind::Duration | Kind::Money(_) | Kind::Instant => {
                let wholes = downcast::<Int64Array>(column)?;
                Ok(self.each(wholes.iter(), |whole| whole, Key::Whole))
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
            return self.code(Key::Missing);
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

    fn texts(&mut self, column: &TextArray) -> Result<Vec<u32>, RunError> {
        let values = texts(column)?;
        // A batch may list texts that none of its rows has; they get no group.
        let mut known: Vec<Option<u32>> = vec![None; values.len()];
        let mut missing = None;
        let mut codes = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            let code = match column.key(row).filter(|code| values.is_valid(*code)) {
                None => *missing.get_or_insert_with(|| self.code(Key::Missing)),
                Some(place) => {
                    let own = || self.code(Key::Text(values.value(place).to_owned()));
                    match known.get_mut(place) {
                        Some(slot) => *slot.get_or_insert_with(own),
                        None => u32::MAX,
                    }
                }
            };
            codes.push(code);
        }
        Ok(codes)
    }

    fn each<T: Copy, B: PartialEq + Copy>(
        &mut self,
        values: impl Iterator<Item = Option<T>>,
        bits: impl Fn(T) -> B,
        key: impl Fn(T) -> Key,
    ) -> Vec<u32> {
        // Equal values often stand in a row, so the last one is remembered.
        let mut last: Option<(Option<B>, u32)> = None;
        let mut codes = Vec::new();
        for value in values {
            let own = value.map(&bits);
            let code = match last {
                Some((known, code)) if known == own => code,
                _ => self.code(value.map_or(Key::Missing, &key)),
            };
            last = Some((own, code));
            codes.push(code);
        }
        codes
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

/// How far around 1970 the numbers of periods are found without a hash.
const NEAR: i32 = 1 << 16;

/// Numbers for the periods that occur.
#[derive(Debug, Default)]
struct Periods {
    /// One more than the number, by period; 0 is none.
    near: Vec<u32>,
    far: IndexMap<i32, u32>,
    list: Vec<i32>,
}

impl Periods {
    fn id(&mut self, period: i32) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let place = period.checked_add(NEAR / 2).filter(|place| *place < NEAR);
        let Some(place) = place.and_then(|place| usize::try_from(place).ok()) else {
            let id = *self.far.entry(period).or_insert(next);
            if id == next {
                self.list.push(period);
            }
            return id;
        };
        if self.near.is_empty() {
            self.near.resize(NEAR.unsigned_abs() as usize, 0);
        }
        match self.near.get_mut(place) {
            Some(slot) if *slot == 0 => {
                self.list.push(period);
                *slot = next + 1;
                next
            }
            Some(slot) => *slot - 1,
            None => u32::MAX,
        }
    }
}

/// Numbers for the groups of one grouping.
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
                u32::MAX
            } else {
                self.periods.id(*period)
            });
        }
        for (step, codes) in self.steps.iter_mut().zip(codes) {
            for (id, code) in ids.iter_mut().zip(*codes) {
                if *id != u32::MAX {
                    *id = step.id(*id, *code);
                }
            }
        }
        ids
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.steps.last().map_or(self.periods.list.len(), |step| step.list.len())
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
        let period = self.periods.list.get(id as usize).copied().unwrap_or_default();
        GroupKey { period, segment }
    }
}
