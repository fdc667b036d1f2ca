//! Folds: what is made of the values of each group, one accumulator a group.
//!
//! How many rows a fold has seen is counted elsewhere, for all folds at once.

use std::collections::BTreeMap;

use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, UInt32Array};
use indexmap::IndexSet;
use mittari_lang::types::Kind;

use super::group::Codes;
use crate::error::RunError;
use crate::gathered::{Key, KeySet, Listed, Reals, State, Total};
use crate::kernel::choose::rows_at;
use crate::plan::FoldKind;
use crate::vector::downcast;

/// The accumulators of one fold, by the number of the group.
#[derive(Debug)]
pub(super) struct FoldState {
    values: Kind,
    states: States,
    codes: Codes,
}

/// The accumulators.
#[derive(Debug)]
enum States {
    /// Counts, which are kept elsewhere.
    Nothing,
    WholeSum(Vec<i128>),
    RealSum(Vec<Total>),
    WholeSquares(Vec<(i128, i128)>),
    RealSquares(Vec<(Total, Total)>),
    Whole(Vec<Listed>),
    Real(Vec<Reals>),
    Extremes(Vec<Option<(Key, Key)>>),
    Keys(Vec<KeySet>),
    Tally(Vec<Vec<i64>>),
}

/// The rows of a batch that a fold takes, each with its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken<'a> {
    /// The places of the rows.
    pub(super) places: &'a [u32],
    /// The group of each of them.
    pub(super) groups: &'a [u32],
    /// How many groups there are.
    pub(super) n_groups: usize,
    /// 1, or -1 where rows leave a stock.
    pub(super) sign: i64,
}

impl Taken<'_> {
    /// Hands the value and the accumulator of each row on.
    #[inline]
    fn each<T: Copy, A>(
        self,
        values: &[T],
        states: &mut [A],
        mut f: impl FnMut(&mut A, T) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        for (place, group) in self.places.iter().zip(self.groups) {
            if let (Some(value), Some(state)) =
                (values.get(*place as usize), states.get_mut(*group as usize))
            {
                f(state, *value)?;
            }
        }
        Ok(())
    }
}

impl FoldState {
    /// No groups yet; `values` is the kind of the argument.
    pub(super) fn new(kind: FoldKind, values: Kind) -> Self {
        let whole = is_whole(values);
        let states = match kind {
            FoldKind::Count | FoldKind::Yes => States::Nothing,
            FoldKind::Sum if whole => States::WholeSum(Vec::new()),
            FoldKind::Sum => States::RealSum(Vec::new()),
            FoldKind::SumAndSquares if whole => States::WholeSquares(Vec::new()),
            FoldKind::SumAndSquares => States::RealSquares(Vec::new()),
            FoldKind::Values if whole => States::Whole(Vec::new()),
            FoldKind::Values => States::Real(Vec::new()),
            FoldKind::Extremes => States::Extremes(Vec::new()),
            FoldKind::Keys => States::Keys(Vec::new()),
            FoldKind::Tally => States::Tally(Vec::new()),
        };
        Self { values, states, codes: Codes::default() }
    }

    /// Whether it needs the values of rows, not only their number.
    pub(super) fn needs_values(&self) -> bool {
        !matches!(self.states, States::Nothing)
    }

    /// Makes room for groups.
    fn grow(&mut self, n: usize) {
        let unit = unit_of(self.values);
        match &mut self.states {
            States::Nothing => {}
            States::WholeSum(list) => list.resize(n, 0),
            States::RealSum(list) => list.resize(n, Total::default()),
            States::WholeSquares(list) => list.resize(n, (0, 0)),
            States::RealSquares(list) => list.resize(n, Default::default()),
            States::Whole(list) => list.resize_with(n, || Listed::new(unit)),
            States::Real(list) => list.resize_with(n, Reals::default),
            States::Extremes(list) => list.resize(n, None),
            States::Keys(list) => list.resize_with(n, KeySet::default),
            States::Tally(list) => list.resize(n, Vec::new()),
        }
    }

    /// Takes in rows, all of which have a value.
    pub(super) fn take(
        &mut self,
        rows: Taken<'_>,
        argument: &ArrayRef,
    ) -> Result<(), RunError> {
        self.grow(rows.n_groups);
        match &self.states {
            States::Nothing => Ok(()),
            States::Extremes(_) => self.extremes(rows, argument),
            States::Keys(_) | States::Tally(_) => self.keyed(rows, argument),
            _ if is_whole(self.values) => self.wholes(rows, downcast(argument)?),
            _ => self.reals(rows, downcast(argument)?),
        }
    }

    fn wholes(&mut self, rows: Taken<'_>, values: &Int64Array) -> Result<(), RunError> {
        let (values, leaves) = (values.values(), rows.sign < 0);
        match &mut self.states {
            // Less than 2^63 terms of 63 bits fit into 127.
            States::WholeSum(list) if leaves => rows.each(values, list, |sum, value| {
                *sum -= i128::from(value);
                Ok(())
            }),
            States::WholeSum(list) => rows.each(values, list, |sum, value| {
                *sum += i128::from(value);
                Ok(())
            }),
            States::WholeSquares(list) if leaves => {
                rows.each(values, list, |(sum, squares), value| {
                    *sum -= i128::from(value);
                    checked(squares, i128::checked_sub, value)
                })
            }
            States::WholeSquares(list) => {
                rows.each(values, list, |(sum, squares), value| {
                    *sum += i128::from(value);
                    checked(squares, i128::checked_add, value)
                })
            }
            States::Whole(list) => rows.each(values, list, |list, value| {
                list.push(value);
                Ok(())
            }),
            _ => Err(RunError::Broken("a fold of whole numbers that is none")),
        }
    }

    fn reals(&mut self, rows: Taken<'_>, values: &Float64Array) -> Result<(), RunError> {
        let (values, sign) = (values.values(), rows.sign as f64);
        match &mut self.states {
            States::RealSum(list) => {
                rows.each(values, list, |sum, value| sum.add_real(sign * value))
            }
            States::RealSquares(list) => {
                rows.each(values, list, |(sum, squares), value| {
                    sum.add_real(sign * value)?;
                    squares.add_real(sign * value * value)
                })
            }
            States::Real(list) => rows.each(values, list, |list, value| {
                list.push(value);
                Ok(())
            }),
            _ => Err(RunError::Broken("a fold of numbers that is none")),
        }
    }

    fn extremes(&mut self, rows: Taken<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        let States::Extremes(list) = &mut self.states else { return Ok(()) };
        match self.values {
            Kind::Day => {
                let days = downcast::<Int32Array>(argument)?;
                rows.each(days.values(), list, |ends, day| {
                    widen(ends, Key::Whole(i64::from(day)));
                    Ok(())
                })
            }
            values if is_whole(values) => {
                let wholes = downcast::<Int64Array>(argument)?;
                rows.each(wholes.values(), list, |ends, value| {
                    widen(ends, Key::Whole(value));
                    Ok(())
                })
            }
            _ => {
                let numbers = downcast::<Float64Array>(argument)?;
                rows.each(numbers.values(), list, |ends, value| {
                    widen(ends, Key::number(value));
                    Ok(())
                })
            }
        }
    }

    fn keyed(&mut self, rows: Taken<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        // Where most rows have no value only the others are looked at.
        if rows.places.len() * 4 < argument.len() {
            let places = UInt32Array::from(rows.places.to_vec());
            let argument = rows_at(argument, &places)?;
            let places: Vec<u32> = (0_u32..).take(argument.len()).collect();
            return self.coded(Taken { places: &places, ..rows }, &argument);
        }
        self.coded(rows, argument)
    }

    fn coded(&mut self, rows: Taken<'_>, argument: &ArrayRef) -> Result<(), RunError> {
        let codes = self.codes.of(argument, self.values)?;
        match &mut self.states {
            States::Keys(sets) => rows.each(&codes, sets, |set, code| {
                set.insert(code);
                Ok(())
            }),
            States::Tally(tallies) => rows.each(&codes, tallies, |tally, code| {
                count_code(tally, code, rows.sign);
                Ok(())
            }),
            _ => Err(RunError::Broken("a fold without keys")),
        }
    }

    /// The numbers that the values of this fold have among all workers.
    pub(super) fn renumbered(&self, all: &mut IndexSet<Key>) -> Vec<u32> {
        if !matches!(self.states, States::Keys(_)) {
            return Vec::new();
        }
        let number = |key: &Key| {
            let place = all.get_index_of(key);
            let place = place.unwrap_or_else(|| all.insert_full(key.clone()).0);
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        self.codes.keys().map(number).collect()
    }

    /// What the fold made of one group, handed over: it is asked for once. Values that
    /// are told apart get the numbers they have among all workers.
    pub(super) fn state(&mut self, group: usize, numbers: &[u32]) -> State {
        match &mut self.states {
            States::Nothing => State::Count,
            States::WholeSum(list) => State::Sum(whole(handed(list, group)), None),
            States::RealSum(list) => State::Sum(handed(list, group), None),
            States::WholeSquares(list) => {
                let (sum, squares) = handed(list, group);
                State::Sum(whole(sum), Some(Box::new(whole(squares))))
            }
            States::RealSquares(list) => {
                let (sum, squares) = handed(list, group);
                State::Sum(sum, Some(Box::new(squares)))
            }
            States::Whole(list) => State::Whole(Box::new(handed(list, group))),
            States::Real(list) => State::Real(handed(list, group)),
            States::Extremes(list) => State::Extremes(handed(list, group)),
            States::Keys(list) => State::Keys(handed(list, group).renumbered(numbers)),
            States::Tally(list) => {
                let tally = handed(list, group);
                State::Tally(self.tally_of(&tally))
            }
        }
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

fn whole(sum: i128) -> Total {
    Total { whole: sum, parts: Vec::new() }
}

/// Whether a kind's values are whole numbers of 64 bits.
fn is_whole(kind: Kind) -> bool {
    matches!(kind, Kind::Duration | Kind::Money(_) | Kind::Instant)
}

/// What most values of a kind are multiples of: seconds, hundredths of a currency.
fn unit_of(kind: Kind) -> i64 {
    if matches!(kind, Kind::Money(_)) { 10_000 } else { crate::zone::SECOND }
}

/// Adds the square of a value to a sum, or takes it away.
#[inline]
fn checked(
    squares: &mut i128,
    add: impl Fn(i128, i128) -> Option<i128>,
    value: i64,
) -> Result<(), RunError> {
    let value = i128::from(value);
    let Some(grown) = add(*squares, value * value) else {
        return Err(RunError::Overflow);
    };
    *squares = grown;
    Ok(())
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

fn widen(ends: &mut Option<(Key, Key)>, key: Key) {
    match ends {
        None => *ends = Some((key.clone(), key)),
        Some((low, _)) if key < *low => *low = key,
        Some((_, high)) if key > *high => *high = key,
        Some(_) => {}
    }
}
