//! What is made of the rows of each key: counts, sums, the smallest and the largest.

use std::sync::Arc;

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, UInt32Array,
};
use mittari_lang::typed::Function;
use mittari_lang::types::Kind;

use super::NO_KEY;
use super::column::at;
use crate::error::RunError;
use crate::gathered::Total;
use crate::vector::downcast;

/// What one worker has made of the rows of each key.
#[derive(Debug)]
pub(crate) enum Sum {
    /// How many rows.
    Count(Vec<u64>),
    /// The sum of the known values, and whether there are any.
    Total(Kind, Vec<(Total, bool)>),
    /// The smallest, or the largest, as whole numbers in the same order.
    Extreme(Kind, bool, Vec<Option<i64>>),
}

/// What was made of the rows of each key, a column for each part.
#[derive(Debug)]
pub(crate) struct Totals {
    columns: Vec<(ArrayRef, bool)>,
}

/// Gives keys the numbers they have elsewhere.
pub(super) fn renumber(keys: &mut [u32], map: &[u32]) {
    for key in keys {
        *key = map.get(*key as usize).copied().unwrap_or(NO_KEY);
    }
}

impl Sum {
    /// Nothing taken in yet; `kind` is that of the values.
    pub(crate) fn new(function: Function, kind: Kind) -> Self {
        match function {
            Function::Sum => Self::Total(kind, Vec::new()),
            Function::Min => Self::Extreme(kind, false, Vec::new()),
            Function::Max => Self::Extreme(kind, true, Vec::new()),
            _ => Self::Count(Vec::new()),
        }
    }

    /// Takes in the rows of a batch for which the filter is true.
    pub(crate) fn take(
        &mut self,
        keys: &[u32],
        filter: Option<&BooleanArray>,
        argument: Option<&ArrayRef>,
    ) -> Result<(), RunError> {
        let taken = |(row, key): (usize, &u32)| {
            let passes = filter.is_none_or(|f| f.is_valid(row) && f.value(row));
            (passes && *key != NO_KEY).then_some((row, *key as usize))
        };
        let rows = keys.iter().enumerate().filter_map(taken);
        match (self, argument) {
            (Self::Count(counts), _) => {
                for (_, key) in rows {
                    *slot(counts, key) += 1;
                }
            }
            (Self::Total(kind, sums), Some(column)) => {
                let reals = is_real(*kind);
                for (row, key) in rows.filter(|(row, _)| column.is_valid(*row)) {
                    let (sum, any) = slot(sums, key);
                    *any = true;
                    if reals {
                        sum.add_real(downcast::<Float64Array>(column)?.value(row))?;
                    } else {
                        let whole = downcast::<Int64Array>(column)?.value(row);
                        sum.add_whole(i128::from(whole))?;
                    }
                }
            }
            (Self::Extreme(kind, largest, ends), Some(column)) => {
                let values = ordered(column, *kind)?;
                for (row, key) in rows {
                    if let Some(value) = values.get(row).copied().flatten() {
                        further(slot(ends, key), value, *largest);
                    }
                }
            }
            _ => return Err(RunError::Broken("a sum of nothing")),
        }
        Ok(())
    }

    /// Takes in what another worker made; `map` gives its keys their numbers here.
    pub(crate) fn merge(&mut self, other: Self, map: &[u32]) -> Result<(), RunError> {
        match (self, other) {
            (Self::Count(own), Self::Count(other)) => {
                for (count, key) in other.into_iter().zip(map) {
                    *slot(own, *key as usize) += count;
                }
            }
            (Self::Total(_, own), Self::Total(_, other)) => {
                for ((sum, any), key) in other.into_iter().zip(map) {
                    let (own, known) = slot(own, *key as usize);
                    own.merge(&sum)?;
                    *known |= any;
                }
            }
            (Self::Extreme(_, largest, own), Self::Extreme(_, _, other)) => {
                for (end, key) in other.into_iter().zip(map) {
                    if let Some(end) = end {
                        further(slot(own, *key as usize), end, *largest);
                    }
                }
            }
            _ => return Err(RunError::Broken("sums of several forms")),
        }
        Ok(())
    }

    /// One value for each of so many keys, and whether it counts.
    fn column(self, n_keys: usize) -> Result<(ArrayRef, bool), RunError> {
        Ok(match self {
            Self::Count(mut counts) => {
                counts.resize(n_keys, 0);
                #[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
                let counts = counts.into_iter().map(|count| count as f64);
                (Arc::new(counts.collect::<Float64Array>()), true)
            }
            Self::Total(kind, mut sums) => {
                sums.resize(n_keys, (Total::default(), false));
                let known = |(sum, any): (Total, bool)| any.then_some(sum);
                if is_real(kind) {
                    let sums = sums.into_iter().map(|sum| known(sum).map(|s| s.to_f64()));
                    return Ok((Arc::new(sums.collect::<Float64Array>()), false));
                }
                let whole = |sum: Total| {
                    let whole = sum.as_whole().and_then(|sum| i64::try_from(sum).ok());
                    whole.ok_or(RunError::Overflow)
                };
                let sums = sums.into_iter().map(|sum| known(sum).map(whole).transpose());
                (Arc::new(sums.collect::<Result<Int64Array, _>>()?), false)
            }
            Self::Extreme(kind, _, mut ends) => {
                ends.resize(n_keys, None);
                (from_ordered(ends, kind), false)
            }
        })
    }
}

impl Totals {
    /// The parts of all keys.
    pub(crate) fn of(parts: Vec<Sum>, n_keys: usize) -> Result<Self, RunError> {
        let columns = parts.into_iter().map(|part| part.column(n_keys));
        Ok(Self { columns: columns.collect::<Result<_, _>>()? })
    }

    /// One part for each row's key; of no rows a count is 0 and all else missing.
    pub(crate) fn value(
        &self,
        part: usize,
        keys: &Int32Array,
    ) -> Result<ArrayRef, RunError> {
        let (column, counts) =
            self.columns.get(part).ok_or(RunError::Broken("a part that was not made"))?;
        if *counts {
            let list = downcast::<Float64Array>(column)?.values();
            let count = |key: Option<i32>| {
                let place = key.and_then(|key| usize::try_from(key).ok());
                place.and_then(|place| list.get(place)).copied().unwrap_or(0.0)
            };
            return Ok(Arc::new(keys.iter().map(count).collect::<Float64Array>()));
        }
        let places: UInt32Array = keys.iter().map(|key| key?.try_into().ok()).collect();
        at(column, &places)
    }
}

/// The place of a key in a list that grows with the keys.
fn slot<T: Clone + Default>(list: &mut Vec<T>, key: usize) -> &mut T {
    if list.len() <= key {
        list.resize(key + 1, T::default());
    }
    #[expect(clippy::indexing_slicing, reason = "the list was made long enough")]
    &mut list[key]
}

fn further(end: &mut Option<i64>, value: i64, largest: bool) {
    let better = end.is_none_or(|end| if largest { value > end } else { value < end });
    if better {
        *end = Some(value);
    }
}

/// Whether values of a kind are kept as floating-point numbers.
const fn is_real(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare)
}

/// The bits of a number as a whole number of the same order; its own inverse.
const fn in_order(bits: i64) -> i64 {
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

/// Values as whole numbers of the same order.
pub(super) fn ordered(
    column: &ArrayRef,
    kind: Kind,
) -> Result<Vec<Option<i64>>, RunError> {
    Ok(match kind {
        kind if is_real(kind) => {
            let whole = |value: f64| in_order((value + 0.0).to_bits().cast_signed());
            downcast::<Float64Array>(column)?.iter().map(|v| v.map(whole)).collect()
        }
        Kind::Day => {
            downcast::<Int32Array>(column)?.iter().map(|v| v.map(i64::from)).collect()
        }
        Kind::Instant | Kind::Duration | Kind::Money(_) => {
            downcast::<Int64Array>(column)?.iter().collect()
        }
        _ => return Err(RunError::Broken("values without an order")),
    })
}

/// The values again.
fn from_ordered(values: Vec<Option<i64>>, kind: Kind) -> ArrayRef {
    match kind {
        kind if is_real(kind) => {
            let real = |value: i64| f64::from_bits(in_order(value).cast_unsigned());
            let values = values.into_iter().map(|value| value.map(real));
            Arc::new(values.collect::<Float64Array>())
        }
        Kind::Day => {
            let day = |value: i64| i32::try_from(value).ok();
            let values = values.into_iter().map(|value| value.and_then(day));
            Arc::new(values.collect::<Int32Array>())
        }
        _ => Arc::new(Int64Array::from(values)),
    }
}
