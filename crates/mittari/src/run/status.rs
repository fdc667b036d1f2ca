//! Where each member of a cohort goes: outside, undecided, excluded by a rule, counted.

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
};
use indexmap::IndexMap;
use mittari_lang::metric::Which;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::group::Codes;
use crate::error::RunError;
use crate::vector::{Vector, downcast};

/// The member counts.
pub(super) const COUNTED: u16 = 0;
/// `where` is false.
pub(super) const OUTSIDE: u16 = 1;
/// `where` is unknown.
pub(super) const UNDECIDED: u16 = 2;
/// The first exclusion took it; the others follow.
pub(super) const EXCLUDED: u16 = 3;
/// Not a member at all.
pub(super) const NO_MEMBER: u16 = u16::MAX;

/// The status of each member, and what exclusions could not say.
#[derive(Debug)]
pub(super) struct Statuses {
    /// The status of each member.
    pub list: Vec<u16>,
    /// For each exclusion, the members for which it is unknown.
    pub unsure: Vec<Vec<u32>>,
    /// For each exclusion, the members that were kept over another of equal rank.
    pub ties: Vec<Vec<u32>>,
}

impl Statuses {
    /// All members count, until something is said against it.
    pub(super) fn new(list: Vec<u16>, n_exclusions: usize) -> Self {
        let none = || vec![Vec::new(); n_exclusions];
        Self { list, unsure: none(), ties: none() }
    }

    /// Takes out what the population is not about.
    pub(super) fn apply_where(&mut self, condition: &Vector) -> Result<(), RunError> {
        self.apply(condition, |status, truth, _| match truth {
            Some(true) => {}
            Some(false) => *status = OUTSIDE,
            None => *status = UNDECIDED,
        })
    }

    /// Takes out what an exclusion takes; where it is unknown, the member stays.
    pub(super) fn apply_when(
        &mut self,
        place: usize,
        condition: &Vector,
    ) -> Result<(), RunError> {
        let number = status_of(place)?;
        let mut unsure = Vec::new();
        self.apply(condition, |status, truth, member| match truth {
            Some(true) => *status = number,
            Some(false) => {}
            None => unsure.push(member),
        })?;
        if let Some(list) = self.unsure.get_mut(place) {
            *list = unsure;
        }
        Ok(())
    }

    fn apply(
        &mut self,
        condition: &Vector,
        mut each: impl FnMut(&mut u16, Option<bool>, u32),
    ) -> Result<(), RunError> {
        let same = match condition {
            Vector::Scalar(Value::Truth(truth)) => Some(*truth),
            Vector::Scalar(_) => None,
            Vector::Array(array) => {
                let truths = downcast::<BooleanArray>(array)?;
                for ((status, member), row) in self.list.iter_mut().zip(0_u32..).zip(0..)
                {
                    if *status == COUNTED {
                        let truth = truths.is_valid(row).then(|| truths.value(row));
                        each(status, truth, member);
                    }
                }
                return Ok(());
            }
        };
        for (status, member) in self.list.iter_mut().zip(0_u32..) {
            if *status == COUNTED {
                each(status, same, member);
            }
        }
        Ok(())
    }

    /// Keeps of each period and key only the first or last member.
    pub(super) fn apply_keep(
        &mut self,
        place: usize,
        keep: &Keep<'_>,
    ) -> Result<(), RunError> {
        let number = status_of(place)?;
        let mut best: IndexMap<(i32, Vec<u32>), (u32, bool)> = IndexMap::new();
        for (member, status) in (0_u32..).zip(&self.list) {
            let (true, Some(key)) = (*status == COUNTED, keep.key_of(member)) else {
                continue;
            };
            match best.entry(key) {
                indexmap::map::Entry::Vacant(entry) => {
                    entry.insert((member, false));
                }
                indexmap::map::Entry::Occupied(mut entry) => {
                    let (held, _) = *entry.get();
                    match keep.rank(member, held) {
                        std::cmp::Ordering::Less => {}
                        std::cmp::Ordering::Equal => {
                            entry.insert((keep.later(member, held), true));
                        }
                        std::cmp::Ordering::Greater => {
                            entry.insert((member, false));
                        }
                    }
                }
            }
        }
        for (member, status) in (0_u32..).zip(&mut self.list) {
            if *status == COUNTED
                && let Some(key) = keep.key_of(member)
                && best.get(&key).is_some_and(|(held, _)| *held != member)
            {
                *status = number;
            }
        }
        if let Some(list) = self.ties.get_mut(place) {
            list.extend(
                best.values().filter(|(_, tied)| *tied).map(|(member, _)| *member),
            );
        }
        Ok(())
    }
}

fn status_of(place: usize) -> Result<u16, RunError> {
    u16::try_from(place)
        .ok()
        .and_then(|place| place.checked_add(EXCLUDED))
        .filter(|status| *status < NO_MEMBER)
        .ok_or(RunError::Overflow)
}

/// What decides which member of a key is kept.
#[derive(Debug)]
pub(super) struct Keep<'a> {
    which: Which,
    periods: &'a [i32],
    order: &'a [u64],
    by: Ranks,
    per: Vec<(Vec<u32>, ArrayRef)>,
}

/// The values members are ranked by.
#[derive(Debug)]
enum Ranks {
    Whole(Int64Array),
    Real(Float64Array),
    Code(Int32Array),
}

impl<'a> Keep<'a> {
    /// The values of the key and of the rank, one a member.
    pub(super) fn new(
        which: Which,
        periods: &'a [i32],
        order: &'a [u64],
        by: &ArrayRef,
        per: &[(ArrayRef, Kind)],
    ) -> Result<Self, RunError> {
        let by = if let Ok(wholes) = downcast::<Int64Array>(by) {
            Ranks::Whole(wholes.clone())
        } else if let Ok(reals) = downcast::<Float64Array>(by) {
            Ranks::Real(reals.clone())
        } else {
            Ranks::Code(downcast::<Int32Array>(by)?.clone())
        };
        let mut keys = Vec::new();
        for (column, kind) in per {
            keys.push((Codes::default().of(column, *kind)?, column.clone()));
        }
        Ok(Self { which, periods, order, by, per: keys })
    }

    /// The period and key of a member; none if a part of the key is missing.
    fn key_of(&self, member: u32) -> Option<(i32, Vec<u32>)> {
        let row = member as usize;
        let mut key = Vec::with_capacity(self.per.len());
        for (codes, column) in &self.per {
            if column.is_null(row) {
                return None;
            }
            key.push(*codes.get(row)?);
        }
        Some((*self.periods.get(row)?, key))
    }

    /// Greater where the first member is to be kept rather than the second; a missing
    /// value is kept last of all.
    fn rank(&self, member: u32, held: u32) -> std::cmp::Ordering {
        let (a, b) = (member as usize, held as usize);
        let order = match &self.by {
            Ranks::Whole(list) => known(list, a).cmp(&known(list, b)),
            Ranks::Code(list) => known(list, a).cmp(&known(list, b)),
            Ranks::Real(list) => match (known(list, a), known(list, b)) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            },
        };
        let missing = match &self.by {
            Ranks::Whole(list) => list.is_null(a) || list.is_null(b),
            Ranks::Code(list) => list.is_null(a) || list.is_null(b),
            Ranks::Real(list) => list.is_null(a) || list.is_null(b),
        };
        if self.which == Which::First && !missing { order.reverse() } else { order }
    }

    fn later(&self, a: u32, b: u32) -> u32 {
        let order = |member: u32| self.order.get(member as usize);
        if order(a) >= order(b) { a } else { b }
    }
}

fn known<P: arrow_array::ArrowPrimitiveType>(
    list: &arrow_array::PrimitiveArray<P>,
    row: usize,
) -> Option<P::Native> {
    list.is_valid(row).then(|| list.value(row))
}
