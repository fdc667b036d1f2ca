//! Values of other rows, read from the side tables.

use std::sync::atomic::Ordering;

use arrow_array::{Array as _, Int32Array, Int64Array};
use mittari_lang::builtin::Builtin;
use mittari_lang::typed::Moment;
use mittari_lang::value::Value;

use super::{Call, Facts, Prepared, Scope, first, second};
use crate::error::RunError;
use crate::kernel::pauses;
use crate::plan::nodes::{Node, NodeId, NodeKind};
use crate::plan::sides::Place;
use crate::related::{Made, NO_KEY};
use crate::vector::{Vector, downcast};

/// The number of each row's key in a space.
pub(super) fn key(
    (prepared, facts): (&Prepared, &Facts<'_>),
    space: usize,
    parts: &[NodeId],
    scope: &mut dyn Scope,
) -> Result<Vector, RunError> {
    let mut columns = Vec::with_capacity(parts.len());
    for part in parts {
        let kind = prepared.nodes.kind(*part);
        columns.push(scope.operand(*part)?.into_rows(kind, scope.n_rows())?);
    }
    let keys = facts.beside.spaces.get(space).and_then(Option::as_ref);
    let keys = keys.ok_or(RunError::Broken("keys that were not read"))?;
    let number = |key: u32| i32::try_from(key).ok().filter(|_| key != NO_KEY);
    let numbers = keys.find(&columns)?.into_iter().map(number);
    Ok(Vector::array(numbers.collect::<Int32Array>()))
}

/// A value of a side table.
pub(super) fn value(
    (prepared, facts): (&Prepared, &Facts<'_>),
    place: Place,
    (key, at): (Option<NodeId>, Option<NodeId>),
    scope: &mut dyn Scope,
) -> Result<Vector, RunError> {
    let made = made(facts, place)?;
    if let Made::Neighbours(neighbours) = made {
        let batch = scope.batch().ok_or(RunError::Broken("a neighbour of no row"))?;
        return neighbours.value(place.value, batch).map(Vector::Array);
    }
    let key = key.ok_or(RunError::Broken("a value without a key"))?;
    let keys = scope.operand(key)?;
    let keys = numbers(&keys)?;
    match made {
        Made::Rows(rows) => {
            let held = at
                .map(|at| Ok((looked_at(prepared, at, scope)?, prepared.nodes.kind(at))));
            let held = held.transpose()?;
            let held = held.as_ref().map(|(at, kind)| (at, *kind));
            rows.value(place.value, keys, held).map(Vector::Array)
        }
        Made::Totals(totals) => totals.value(place.value, keys).map(Vector::Array),
        Made::Spells(_) | Made::Neighbours(_) => {
            Err(RunError::Broken("times that are no value"))
        }
    }
}

/// The instants or days of an `at`. The end of a period is looked at as a stock is taken
/// there: what ends at that instant still holds, and what begins then does not yet.
pub(super) fn looked_at(
    prepared: &Prepared,
    at: NodeId,
    scope: &mut dyn Scope,
) -> Result<Vector, RunError> {
    let instants = scope.operand(at)?;
    let node = prepared.nodes.get(at).map(|node| &node.kind);
    if !matches!(node, Some(NodeKind::Instant(Moment::PeriodEnd))) {
        return Ok(instants);
    }
    Ok(match instants {
        Vector::Scalar(Value::Instant(instant)) => {
            Vector::Scalar(Value::Instant(instant.saturating_sub(1)))
        }
        Vector::Array(array) => {
            let ends = downcast::<Int64Array>(&array)?;
            let before = ends.iter().map(|end| end.map(|end| end.saturating_sub(1)));
            Vector::array(before.collect::<Int64Array>())
        }
        scalar @ Vector::Scalar(_) => scalar,
    })
}

/// Working time, or when it is due, outside the time in which rows hold.
pub(super) fn less(
    (prepared, facts): (&Prepared, &Facts<'_>),
    (node, builtin, place): (&Node, Builtin, Place),
    (key, operands): (NodeId, &[NodeId]),
    scope: &mut dyn Scope,
) -> Result<Vector, RunError> {
    let Made::Spells(spells) = made(facts, place)? else {
        return Err(RunError::Broken("no times to take off"));
    };
    let n_rows = scope.n_rows();
    let keys = scope.operand(key)?;
    let keys = numbers(&keys)?;
    let mut values = Vec::with_capacity(operands.len());
    for operand in operands {
        values.push(scope.operand(*operand)?);
    }
    let call = Call { prepared, facts, id: key, node, operands };
    let hours = call.hours(&values, 2)?;
    let paused = |row: usize| {
        let key = keys.is_valid(row).then(|| keys.value(row));
        spells.of_key(key)
    };
    let (one, other) = (first(&values)?, second(&values)?);
    let measure = match builtin {
        Builtin::WorkingTime => pauses::working_time,
        _ => pauses::due,
    };
    let (result, faults) = measure((one, other), &hours, n_rows, &paused)?;
    prepared.reversed.fetch_add(faults, Ordering::Relaxed);
    Ok(result)
}

fn made<'f>(facts: &Facts<'f>, place: Place) -> Result<&'f Made, RunError> {
    let made = facts.beside.sides.get(place.side).and_then(Option::as_ref);
    made.ok_or(RunError::Broken("related rows that were not read"))
}

fn numbers(keys: &Vector) -> Result<&Int32Array, RunError> {
    match keys {
        Vector::Array(keys) => downcast(keys),
        Vector::Scalar(_) => Err(RunError::Broken("keys without rows")),
    }
}
