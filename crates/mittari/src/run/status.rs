//! Where each member of a cohort goes: outside, undecided, excluded by a rule, counted.

use arrow_array::{Array as _, ArrayRef, Float64Array, Int32Array, Int64Array};
use indexmap::IndexMap;
use mittari_lang::metric::Which;
use mittari_lang::types::Kind;

use super::group::Codes;
use super::mask::{Answer, Mask};
use crate::error::RunError;
use crate::vector::downcast;

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

/// Where the members of a batch go, and what exclusions could not say.
#[derive(Debug)]
pub(super) struct Fates {
    /// How many members may be in the batch.
    n: usize,
    /// Those that are in a period.
    members: Mask,
    /// Those that count.
    pub(super) counted: Mask,
    /// Those for which `where` is false.
    pub(super) outside: Mask,
    /// Those for which `where` is unknown.
    pub(super) undecided: Mask,
    /// What became of the exclusions.
    pub(super) rules: Vec<RuleFates>,
}

/// What one exclusion did.
#[derive(Debug)]
pub(super) struct RuleFates {
    /// The members it took.
    pub(super) taken: Mask,
    /// The members for which it is unknown.
    pub(super) unsure: Mask,
    /// The members that were kept over another of equal rank.
    pub(super) ties: Mask,
}

impl Fates {
    /// All members count, until something is said against it.
    pub(super) fn new(members: &Mask, n: usize) -> Self {
        let (outside, undecided) = (Mask::Nobody, Mask::Nobody);
        let (members, counted) = (members.clone(), members.clone());
        Self { n, members, counted, outside, undecided, rules: Vec::new() }
    }

    /// Takes out what the population is not about.
    pub(super) fn apply_where(&mut self, condition: &Answer) {
        let n = self.n;
        self.undecided = self.counted.and(&condition.unknown, n);
        let inside = self.counted.and(&condition.yes, n);
        self.outside = self.counted.without(&inside, n).without(&self.undecided, n);
        self.counted = inside;
    }

    /// Takes out what an exclusion takes; where it is unknown, the member stays.
    pub(super) fn apply_when(&mut self, condition: &Answer) {
        let taken = self.counted.and(&condition.yes, self.n);
        let unsure = self.counted.and(&condition.unknown, self.n);
        self.counted = self.counted.without(&taken, self.n);
        self.rules.push(RuleFates { taken, unsure, ties: Mask::Nobody });
    }

    /// The status of each member: the number of the rule that took it, and so on.
    pub(super) fn list(&self) -> Result<Vec<u16>, RunError> {
        let mut list = vec![NO_MEMBER; self.n];
        let mut set = |mask: &Mask, status: u16| {
            for place in mask.places(self.n) {
                if let Some(slot) = list.get_mut(place as usize) {
                    *slot = status;
                }
            }
        };
        set(&self.members, COUNTED);
        set(&self.outside, OUTSIDE);
        set(&self.undecided, UNDECIDED);
        for (place, rule) in self.rules.iter().enumerate() {
            set(&rule.taken, status_of(place)?);
        }
        Ok(list)
    }

    /// Keeps of each period and key only the first or last member.
    pub(super) fn apply_keep(&mut self, keep: &Keep<'_>) {
        let mut best: IndexMap<(i32, Vec<u32>), (u32, bool)> = IndexMap::new();
        let places = self.counted.places(self.n);
        for member in &places {
            let Some(key) = keep.key_of(*member) else { continue };
            match best.entry(key) {
                indexmap::map::Entry::Vacant(entry) => {
                    entry.insert((*member, false));
                }
                indexmap::map::Entry::Occupied(mut entry) => {
                    let (held, _) = *entry.get();
                    match keep.rank(*member, held) {
                        std::cmp::Ordering::Less => {}
                        std::cmp::Ordering::Equal => {
                            entry.insert((keep.later(*member, held), true));
                        }
                        std::cmp::Ordering::Greater => {
                            entry.insert((*member, false));
                        }
                    }
                }
            }
        }
        let is_taken = |member: &u32| {
            let held = keep.key_of(*member).and_then(|key| best.get(&key).copied());
            held.is_some_and(|(held, _)| held != *member)
        };
        let taken: Vec<u32> = places.into_iter().filter(is_taken).collect();
        let equal = best.values().filter(|(_, tied)| *tied).map(|(member, _)| *member);
        let taken = Mask::of_places(self.n, &taken);
        let ties = Mask::of_places(self.n, &equal.collect::<Vec<_>>());
        self.counted = self.counted.without(&taken, self.n);
        self.rules.push(RuleFates { taken, unsure: Mask::Nobody, ties });
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
