//! Choosing between values: branches, the first known one, look-ups in written tables.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int32Array, Int64Array};
use arrow_select::{concat, take, zip};
use mittari_lang::typed::Edition;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::{compare, logic};
use crate::error::RunError;
use crate::vector::{Side, Vector};
use mittari_lang::builtin::Builtin;

/// The first branch whose condition is true, else the last; an unknown condition is not
/// true.
pub fn case(
    branches: &[(Vector, Vector)],
    otherwise: &Vector,
    kind: Kind,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let mut result = otherwise.clone();
    for (when, then) in branches.iter().rev() {
        result = match when.truths()? {
            Side::Same(Some(true)) => then.clone(),
            Side::Same(_) => result,
            Side::Rows(mask) => select(mask, then.clone(), result, kind, n_rows)?,
        };
    }
    Ok(result)
}

/// The first value where the mask is true, else the second.
fn select(
    mask: &BooleanArray,
    then: Vector,
    otherwise: Vector,
    kind: Kind,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let (then, otherwise) =
        (then.into_rows(kind, n_rows)?, otherwise.into_rows(kind, n_rows)?);
    zip::zip(mask, &then, &otherwise)
        .map(Vector::Array)
        .map_err(|_| RunError::Broken("branches of different forms"))
}

/// The first value that is there.
pub fn or_else(
    operands: &[Vector],
    kind: Kind,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let Some((last, before)) = operands.split_last() else {
        return Err(RunError::Broken("no value to choose from"));
    };
    let mut result = last.clone();
    for operand in before.iter().rev() {
        result = match logic::is_missing(operand, true) {
            Vector::Scalar(Value::Truth(true)) => operand.clone(),
            Vector::Scalar(_) => result,
            Vector::Array(array) => {
                let mask = crate::vector::downcast::<BooleanArray>(&array)?;
                select(mask, operand.clone(), result, kind, n_rows)?
            }
        };
    }
    Ok(result)
}

/// A look-up in a written table: finds the row whose keys are equal, in the edition in
/// force at an instant.
pub fn look_up(
    keys: &[(Vector, Kind)],
    at: Option<(&Vector, Kind)>,
    editions: &[Edition],
    kind: Kind,
    n_rows: usize,
) -> Result<Vector, RunError> {
    // Each row gets the place of its value in a list of all values; 0 is none.
    let mut values = vec![Value::Missing];
    let mut places = vec![0_i32; n_rows];
    for edition in editions {
        let in_force = in_force(at, edition.since, n_rows)?;
        if let Some((codes, places_of)) = by_code(keys, edition, &mut values)? {
            choose_by_code(&mut places, in_force.as_ref(), codes, &places_of);
            continue;
        }
        mark(&mut places, in_force.as_ref(), place_of(&mut values, &edition.otherwise)?);
        for (row_keys, value) in &edition.rows {
            let place = place_of(&mut values, value)?;
            let found = found(keys, row_keys)?;
            let both = match &in_force {
                None => found,
                Some(mask) => logic::and(&[found, Vector::array(mask.clone())])?,
            };
            match both.truths()? {
                Side::Same(Some(true)) => mark(&mut places, None, place),
                Side::Same(_) => {}
                Side::Rows(mask) => mark(&mut places, Some(mask), place),
            }
        }
    }
    gather(&values, &places, kind)
}

/// For each declared value of an only key the place of what an edition says of it, and
/// last of what it says of all others.
fn by_code<'v>(
    keys: &'v [(Vector, Kind)],
    edition: &Edition,
    values: &mut Vec<Value>,
) -> Result<Option<(&'v Int32Array, Vec<i32>)>, RunError> {
    let [(Vector::Array(codes), Kind::Category(_))] = keys else { return Ok(None) };
    let mut places = Vec::new();
    for (wanted, value) in &edition.rows {
        let [Value::Category(code)] = wanted.as_slice() else { return Ok(None) };
        let place = place_of(values, value)?;
        let code = *code as usize;
        if places.len() <= code {
            places.resize(code + 1, place_of(values, &edition.otherwise)?);
        }
        if let Some(slot) = places.get_mut(code) {
            *slot = place;
        }
    }
    places.push(place_of(values, &edition.otherwise)?);
    Ok(Some((crate::vector::downcast(codes)?, places)))
}

fn choose_by_code(
    places: &mut [i32],
    mask: Option<&BooleanArray>,
    codes: &Int32Array,
    places_of: &[i32],
) {
    let Some((otherwise, known)) = places_of.split_last() else { return };
    let of = |code: Option<i32>| {
        let code = code.and_then(|code| usize::try_from(code).ok());
        code.and_then(|code| known.get(code)).copied().unwrap_or(*otherwise)
    };
    match mask {
        None => {
            for (slot, code) in places.iter_mut().zip(codes) {
                *slot = of(code);
            }
        }
        Some(mask) => {
            for ((slot, code), hit) in places.iter_mut().zip(codes).zip(mask) {
                if hit == Some(true) {
                    *slot = of(code);
                }
            }
        }
    }
}

fn place_of(values: &mut Vec<Value>, value: &Value) -> Result<i32, RunError> {
    let place = values.iter().position(|kept| kept == value).unwrap_or_else(|| {
        values.push(value.clone());
        values.len() - 1
    });
    i32::try_from(place).map_err(|_| RunError::Overflow)
}

fn mark(places: &mut [i32], mask: Option<&BooleanArray>, place: i32) {
    match mask {
        None => places.fill(place),
        Some(mask) => {
            for (slot, hit) in places.iter_mut().zip(mask) {
                if hit == Some(true) {
                    *slot = place;
                }
            }
        }
    }
}

/// The rows from whose instant on an edition holds; none if it always does.
fn in_force(
    at: Option<(&Vector, Kind)>,
    since: Option<i64>,
    n_rows: usize,
) -> Result<Option<BooleanArray>, RunError> {
    let (Some((at, kind)), Some(since)) = (at, since) else { return Ok(None) };
    if kind == Kind::Day {
        let reached = |day: i32| i64::from(day) >= since;
        return Ok(Some(match at.codes()? {
            Side::Same(day) => BooleanArray::from(vec![day.is_some_and(reached); n_rows]),
            Side::Rows(array) => BooleanArray::from_unary(array, reached),
        }));
    }
    Ok(Some(match at.wholes()? {
        Side::Same(at) => {
            BooleanArray::from(vec![at.is_some_and(|at| at >= since); n_rows])
        }
        Side::Rows(array) => BooleanArray::from_unary(array, |at| at >= since),
    }))
}

fn found(keys: &[(Vector, Kind)], wanted: &[Value]) -> Result<Vector, RunError> {
    let tests: Result<Vec<_>, _> = keys
        .iter()
        .zip(wanted)
        .map(|((key, kind), value)| {
            compare::compare(Builtin::Equal, *kind, key, &Vector::Scalar(value.clone()))
        })
        .collect();
    logic::and(&tests?)
}

fn gather(values: &[Value], places: &[i32], kind: Kind) -> Result<Vector, RunError> {
    if kind == Kind::Calendar {
        // A calendar is no value of a column; its number stands for it.
        let codes = places.iter().map(|place| {
            match usize::try_from(*place).ok().and_then(|place| values.get(place)) {
                Some(Value::Calendar(number)) => i32::try_from(*number).ok(),
                _ => None,
            }
        });
        return Ok(Vector::array(codes.collect::<Int32Array>()));
    }
    let parts: Result<Vec<ArrayRef>, RunError> = values
        .iter()
        .map(|value| Vector::Scalar(value.clone()).into_rows(kind, 1))
        .collect();
    let parts = parts?;
    let parts: Vec<&dyn arrow_array::Array> = parts.iter().map(AsRef::as_ref).collect();
    let list = concat::concat(&parts)
        .map_err(|_| RunError::Broken("a table of several forms"))?;
    let places = Int32Array::from(places.to_vec());
    take::take(&list, &places, None)
        .map(Vector::Array)
        .map_err(|_| RunError::Broken("a look-up beyond its table"))
}

/// The rows of a column at some places.
pub fn rows_at(
    array: &ArrayRef,
    places: &arrow_array::UInt32Array,
) -> Result<ArrayRef, RunError> {
    take::take(array, places, None)
        .map_err(|_| RunError::Broken("rows beyond their batch"))
}

/// A column in which instants behind a moment are missing: they have not happened.
pub fn not_after(array: &ArrayRef, moment: i64) -> Result<ArrayRef, RunError> {
    let instants = crate::vector::downcast::<Int64Array>(array)?;
    if arrow_arith::aggregate::max(instants).is_none_or(|newest| newest <= moment) {
        return Ok(Arc::clone(array));
    }
    let kept: Int64Array =
        instants.iter().map(|at| at.filter(|at| *at <= moment)).collect();
    Ok(Arc::new(kept))
}
