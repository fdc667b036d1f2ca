//! Folds: what is made of the rows of each group, one accumulator a group.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::{Array as _, ArrayRef, BooleanArray, Float64Array, Int64Array};
use indexmap::IndexSet;
use mittari_lang::types::Kind;

use super::group::Codes;
use crate::error::RunError;
use crate::gathered::{Key, Partial, State, Total};
use crate::plan::FoldKind;
use crate::vector::downcast;

/// The accumulators of one fold, by the number of the group.
#[derive(Debug)]
pub(super) struct FoldState {
    values: Kind,
    counts: Vec<Counts>,
    states: States,
    codes: Codes,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    n: i64,
    missing: i64,
    unknown: i64,
}

/// The accumulators beside the counts.
#[derive(Debug)]
enum States {
    Count,
    Yes(Vec<i64>),
    Sum(Vec<Total>),
    Squares(Vec<(Total, Total)>),
    Whole(Vec<Vec<i64>>),
    Real(Vec<Vec<f64>>),
    Extremes(Vec<Option<(Key, Key)>>),
    Keys(Vec<IndexSet<u32>>),
    Tally(Vec<Vec<i64>>),
}

/// The rows of a batch that count, each with its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    /// The members.
    pub members: &'a [u32],
    /// The group of each of them.
    pub groups: &'a [u32],
    /// 1, or -1 where rows leave a stock.
    pub sign: i64,
}

impl FoldState {
    /// No groups yet; `values` is the kind of the argument.
    pub(super) fn new(kind: FoldKind, values: Kind) -> Self {
        let states = match kind {
            FoldKind::Count => States::Count,
            FoldKind::Yes => States::Yes(Vec::new()),
            FoldKind::Sum => States::Sum(Vec::new()),
            FoldKind::SumAndSquares => States::Squares(Vec::new()),
            FoldKind::Values if is_whole(values) => States::Whole(Vec::new()),
            FoldKind::Values => States::Real(Vec::new()),
            FoldKind::Extremes => States::Extremes(Vec::new()),
            FoldKind::Keys => States::Keys(Vec::new()),
            FoldKind::Tally => States::Tally(Vec::new()),
        };
        Self { values, counts: Vec::new(), states, codes: Codes::default() }
    }

    /// Makes room for groups.
    fn grow(&mut self, n_groups: usize) {
        self.counts.resize(n_groups, Counts::default());
        match &mut self.states {
            States::Count => {}
            States::Yes(list) => list.resize(n_groups, 0),
            States::Sum(list) => list.resize(n_groups, Total::default()),
            States::Squares(list) => {
                list.resize(n_groups, (Total::default(), Total::default()));
            }
            States::Whole(list) | States::Tally(list) => {
                list.resize(n_groups, Vec::new());
            }
            States::Real(list) => list.resize(n_groups, Vec::new()),
            States::Extremes(list) => list.resize(n_groups, None),
            States::Keys(list) => list.resize(n_groups, IndexSet::new()),
        }
    }

    /// Takes in the rows that count; `filter` is the call's own condition.
    pub(super) fn take(
        &mut self,
        rows: Counted<'_>,
        n_groups: usize,
        filter: Option<&BooleanArray>,
        argument: Option<&ArrayRef>,
    ) -> Result<(), RunError> {
        self.grow(n_groups);
        let Some(filter) = filter else { return self.take_passed(rows, argument) };
        let (mut members, mut groups) = (Vec::new(), Vec::new());
        for (member, group) in rows.members.iter().zip(rows.groups) {
            let row = *member as usize;
            if filter.is_null(row) {
                if let Some(counts) = self.counts.get_mut(*group as usize) {
                    counts.unknown += rows.sign;
                }
            } else if filter.value(row) {
                members.push(*member);
                groups.push(*group);
            }
        }
        let passed = Counted { members: &members, groups: &groups, sign: rows.sign };
        self.take_passed(passed, argument)
    }

    fn take_passed(
        &mut self,
        rows: Counted<'_>,
        argument: Option<&ArrayRef>,
    ) -> Result<(), RunError> {
        let Some(argument) = argument else {
            for group in rows.groups {
                if let Some(counts) = self.counts.get_mut(*group as usize) {
                    counts.n += rows.sign;
                }
            }
            return Ok(());
        };
        match &self.states {
            States::Count => self.present(rows, argument, |_, _, _| Ok(())),
            States::Yes(_) => self.yes(rows, argument),
            States::Sum(_) | States::Squares(_) => self.sum(rows, argument),
            States::Whole(_) | States::Real(_) => self.list(rows, argument),
            States::Extremes(_) | States::Keys(_) | States::Tally(_) => {
                self.keyed(rows, argument)
            }
        }
    }

    /// Counts values and missing ones, and hands each value's row and group on.
    fn present(
        &mut self,
        rows: Counted<'_>,
        argument: &ArrayRef,
        mut each: impl FnMut(&mut States, usize, usize) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let nulls = argument.logical_nulls();
        for (member, group) in rows.members.iter().zip(rows.groups) {
            let (row, group) = (*member as usize, *group as usize);
            let Some(counts) = self.counts.get_mut(group) else { continue };
            if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                counts.missing += rows.sign;
            } else {
                counts.n += rows.sign;
                each(&mut self.states, row, group)?;
            }
        }
        Ok(())
    }

    fn yes(&mut self, rows: Counted<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        let truths = downcast::<BooleanArray>(argument)?;
        self.present(rows, argument, |states, row, group| {
            if let States::Yes(list) = states
                && truths.value(row)
                && let Some(yes) = list.get_mut(group)
            {
                *yes += rows.sign;
            }
            Ok(())
        })
    }

    fn sum(&mut self, rows: Counted<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        if is_whole(self.values) {
            let wholes = downcast::<Int64Array>(argument)?;
            self.present(rows, argument, |states, row, group| {
                let value = i128::from(wholes.value(row));
                let sign = i128::from(rows.sign);
                add(states, group, |sum, square| {
                    let other = if square { value } else { 1 };
                    let term = value.checked_mul(other).ok_or(RunError::Overflow)?;
                    sum.add_whole(sign * term)
                })
            })
        } else {
            let numbers = downcast::<Float64Array>(argument)?;
            let sign = rows.sign as f64;
            self.present(rows, argument, |states, row, group| {
                let value = numbers.value(row);
                add(states, group, |sum, square| {
                    sum.add_real(sign * value * if square { value } else { 1.0 })
                })
            })
        }
    }

    fn list(&mut self, rows: Counted<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        if is_whole(self.values) {
            let wholes = downcast::<Int64Array>(argument)?;
            self.present(rows, argument, |states, row, group| {
                if let States::Whole(lists) = states
                    && let Some(list) = lists.get_mut(group)
                {
                    list.push(wholes.value(row));
                }
                Ok(())
            })
        } else {
            let numbers = downcast::<Float64Array>(argument)?;
            self.present(rows, argument, |states, row, group| {
                if let States::Real(lists) = states
                    && let Some(list) = lists.get_mut(group)
                {
                    list.push(numbers.value(row));
                }
                Ok(())
            })
        }
    }

    fn keyed(&mut self, rows: Counted<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        let mut known = std::mem::take(&mut self.codes);
        let codes = known.of(argument, self.values)?;
        let result = self.present(rows, argument, |states, row, group| {
            let code = codes.get(row).copied().unwrap_or_default();
            match states {
                States::Keys(sets) => {
                    if let Some(set) = sets.get_mut(group) {
                        set.insert(code);
                    }
                }
                States::Tally(tallies) => {
                    if let Some(tally) = tallies.get_mut(group) {
                        count_code(tally, code, rows.sign);
                    }
                }
                States::Extremes(ends) => {
                    if let Some(ends) = ends.get_mut(group) {
                        widen(ends, &known.key(code));
                    }
                }
                _ => return Err(RunError::Broken("a fold without keys")),
            }
            Ok(())
        });
        self.codes = known;
        result
    }

    /// What the fold made of one group, handed over: it is asked for once.
    pub(super) fn partial(&mut self, group: usize) -> Partial {
        let counts = self.counts.get(group).copied().unwrap_or_default();
        Partial {
            n: counts.n,
            missing: counts.missing,
            unknown: counts.unknown,
            state: self.state(group),
        }
    }

    fn state(&mut self, group: usize) -> State {
        match &mut self.states {
            States::Count => State::Count,
            States::Yes(list) => State::Yes(handed(list, group)),
            States::Sum(list) => State::Sum(handed(list, group), None),
            States::Squares(list) => {
                let (sum, squares) = handed(list, group);
                State::Sum(sum, Some(squares))
            }
            States::Whole(list) => State::Whole(handed(list, group)),
            States::Real(list) => State::Real(handed(list, group)),
            States::Extremes(list) => State::Extremes(handed(list, group)),
            States::Keys(list) => {
                let set = handed(list, group);
                State::Keys(self.keys_of(&set))
            }
            States::Tally(list) => {
                let tally = handed(list, group);
                State::Tally(self.tally_of(&tally))
            }
        }
    }

    fn keys_of(&self, set: &IndexSet<u32>) -> BTreeSet<Key> {
        set.iter().map(|code| self.codes.key(*code)).collect()
    }

    fn tally_of(&self, tally: &[i64]) -> BTreeMap<Key, i64> {
        let counted = tally.iter().zip(0_u32..);
        counted
            .filter(|(n, _)| **n != 0)
            .map(|(n, code)| (self.codes.key(code), *n))
            .collect()
    }
}

fn handed<T: Default>(list: &mut [T], group: usize) -> T {
    list.get_mut(group).map(std::mem::take).unwrap_or_default()
}

/// Whether a kind's values are whole numbers of 64 bits.
fn is_whole(kind: Kind) -> bool {
    matches!(kind, Kind::Duration | Kind::Money(_) | Kind::Instant)
}

fn add(
    states: &mut States,
    group: usize,
    mut term: impl FnMut(&mut Total, bool) -> Result<(), RunError>,
) -> Result<(), RunError> {
    match states {
        States::Sum(list) => list.get_mut(group).map_or(Ok(()), |sum| term(sum, false)),
        States::Squares(list) => match list.get_mut(group) {
            None => Ok(()),
            Some((sum, squares)) => {
                term(sum, false)?;
                term(squares, true)
            }
        },
        _ => Err(RunError::Broken("a fold without a sum")),
    }
}

fn count_code(tally: &mut Vec<i64>, code: u32, sign: i64) {
    let place = code as usize;
    if tally.len() <= place {
        tally.resize(place + 1, 0);
    }
    if let Some(n) = tally.get_mut(place) {
        *n += sign;
    }
}

fn widen(ends: &mut Option<(Key, Key)>, key: &Key) {
    match ends {
        None => *ends = Some((key.clone(), key.clone())),
        Some((low, high)) => {
            if key < low {
                *low = key.clone();
            }
            if key > high {
                *high = key.clone();
            }
        }
    }
}
