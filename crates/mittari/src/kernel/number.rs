//! Arithmetic on numbers, durations, money and instants, checked.
//!
//! Durations and instants are whole microseconds, money whole millionths: sums of them
//! are exact, products and quotients with numbers are rounded to the nearest whole, half
//! away from zero. A division by zero has no value; what grows too large is an error.

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{
    Array as _, ArrowPrimitiveType, Float64Array, Int64Array, PrimitiveArray,
};
use arrow_buffer::NullBuffer;
use mittari_lang::builtin::Builtin;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use crate::error::RunError;
use crate::vector::{Side, Vector};

/// Whether values of a kind are whole numbers of 64 bits.
fn is_whole(kind: Kind) -> bool {
    matches!(kind, Kind::Duration | Kind::Money(_) | Kind::Instant)
}

/// An operand and the kind of its values.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'a> {
    /// The values.
    pub values: &'a Vector,
    /// Their kind.
    pub kind: Kind,
}

/// `a + b`, `a - b`, `a * b` or `a / b`; element by element.
pub fn arithmetic(
    op: Builtin,
    left: Operand<'_>,
    right: Operand<'_>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    match (is_whole(left.kind), is_whole(right.kind)) {
        (true, true) if op == Builtin::Divide => {
            both(left.values.wholes()?, right.values.wholes()?, n_rows, |a, b| {
                Ok(quotient(a as f64, b as f64))
            })
        }
        (true, true) => wholes(op, left.values.wholes()?, right.values.wholes()?, n_rows),
        (true, false) => {
            both(left.values.wholes()?, right.values.numbers()?, n_rows, |a, b| {
                scaled(op, a, b)
            })
        }
        (false, true) => {
            both(left.values.numbers()?, right.values.wholes()?, n_rows, |a, b| {
                scaled(op, b, a)
            })
        }
        (false, false) => {
            reals(op, left.values.numbers()?, right.values.numbers()?, n_rows)
        }
    }
}

/// Sums and differences of whole measures: first without a look at what is missing or
/// too large, which hardly ever is.
fn wholes(
    op: Builtin,
    left: Side<'_, Int64Array, i64>,
    right: Side<'_, Int64Array, i64>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let quick = match op {
        Builtin::Add => unchecked(left, right, i64::overflowing_add),
        Builtin::Subtract => unchecked(left, right, i64::overflowing_sub),
        _ => None,
    };
    match quick {
        Some(array) => Ok(Vector::array(array)),
        None => both(left, right, n_rows, |a, b| whole(op, a, b).map(Some)),
    }
}

/// The same of numbers.
fn reals(
    op: Builtin,
    left: Side<'_, Float64Array, f64>,
    right: Side<'_, Float64Array, f64>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let finite = |result: f64| (result, !result.is_finite());
    let quick = match op {
        Builtin::Add => unchecked(left, right, |a, b| finite(a + b)),
        Builtin::Subtract => unchecked(left, right, |a, b| finite(a - b)),
        Builtin::Multiply => unchecked(left, right, |a, b| finite(a * b)),
        _ => None,
    };
    match quick {
        Some(array) => Ok(Vector::array(array)),
        None => both(left, right, n_rows, |a, b| real(op, a, b)),
    }
}

/// Applies an operation to every element, those that are missing included; none if the
/// operation says of any that it failed, or a side has nothing to apply it to.
fn unchecked<P: ArrowPrimitiveType>(
    left: Side<'_, PrimitiveArray<P>, P::Native>,
    right: Side<'_, PrimitiveArray<P>, P::Native>,
    f: impl Fn(P::Native, P::Native) -> (P::Native, bool),
) -> Option<PrimitiveArray<P>> {
    let mut failed = false;
    let mut f = |a, b| {
        let (result, bad) = f(a, b);
        failed |= bad;
        result
    };
    let (values, nulls): (Vec<P::Native>, _) = match (left, right) {
        (Side::Rows(a), Side::Rows(b)) if a.len() == b.len() => {
            let pairs = a.values().iter().zip(b.values());
            let nulls = NullBuffer::union(a.nulls(), b.nulls());
            (pairs.map(|(a, b)| f(*a, *b)).collect(), nulls)
        }
        (Side::Rows(a), Side::Same(Some(b))) => {
            (a.values().iter().map(|a| f(*a, b)).collect(), a.nulls().cloned())
        }
        (Side::Same(Some(a)), Side::Rows(b)) => {
            (b.values().iter().map(|b| f(a, *b)).collect(), b.nulls().cloned())
        }
        _ => return None,
    };
    (!failed).then(|| PrimitiveArray::new(values.into(), nulls))
}

/// Results of one element: whole or real.
trait Element: Copy {
    type Array: ArrowPrimitiveType<Native = Self>;
}

impl Element for i64 {
    type Array = Int64Type;
}

impl Element for f64 {
    type Array = Float64Type;
}

fn both<P, Q, E>(
    left: Side<'_, PrimitiveArray<P>, P::Native>,
    right: Side<'_, PrimitiveArray<Q>, Q::Native>,
    n_rows: usize,
    f: impl Fn(P::Native, Q::Native) -> Result<Option<E>, RunError>,
) -> Result<Vector, RunError>
where
    P: ArrowPrimitiveType,
    Q: ArrowPrimitiveType,
    E: Element,
{
    if matches!(left, Side::Same(None)) || matches!(right, Side::Same(None)) {
        return Ok(Vector::Scalar(Value::Missing));
    }
    let mut values = PrimitiveArray::<E::Array>::builder(n_rows);
    for row in 0..n_rows {
        let value = match (at(&left, row), at(&right, row)) {
            (Some(a), Some(b)) => f(a, b)?,
            _ => None,
        };
        values.append_option(value);
    }
    Ok(Vector::array(values.finish()))
}

fn at<P: ArrowPrimitiveType>(
    side: &Side<'_, PrimitiveArray<P>, P::Native>,
    row: usize,
) -> Option<P::Native> {
    match side {
        Side::Same(value) => *value,
        Side::Rows(array) if row < array.len() => {
            array.is_valid(row).then(|| array.value(row))
        }
        Side::Rows(_) => None,
    }
}

fn whole(op: Builtin, a: i64, b: i64) -> Result<i64, RunError> {
    let result = match op {
        Builtin::Add => a.checked_add(b),
        Builtin::Subtract => a.checked_sub(b),
        _ => return Err(RunError::Broken("a product of two measures")),
    };
    result.ok_or(RunError::Overflow)
}

/// A whole measure times or over a number.
fn scaled(op: Builtin, measure: i64, number: f64) -> Result<Option<i64>, RunError> {
    let result = match op {
        Builtin::Multiply => measure as f64 * number,
        Builtin::Divide if number == 0.0 => return Ok(None),
        Builtin::Divide => measure as f64 / number,
        _ => return Err(RunError::Broken("a sum of a measure and a number")),
    };
    nearest(result).map(Some)
}

/// The nearest whole number, half away from zero.
pub fn nearest(value: f64) -> Result<i64, RunError> {
    let value = value.round();
    #[expect(clippy::cast_possible_truncation, reason = "the bound stands before it")]
    if value.abs() < 9.2e18 { Ok(value as i64) } else { Err(RunError::Overflow) }
}

fn real(op: Builtin, a: f64, b: f64) -> Result<Option<f64>, RunError> {
    let result = match op {
        Builtin::Add => a + b,
        Builtin::Subtract => a - b,
        Builtin::Multiply => a * b,
        Builtin::Divide => return Ok(quotient(a, b)),
        _ => return Err(RunError::Broken("no arithmetic")),
    };
    if result.is_finite() { Ok(Some(result)) } else { Err(RunError::Overflow) }
}

fn quotient(a: f64, b: f64) -> Option<f64> {
    let result = a / b;
    (b != 0.0 && result.is_finite()).then_some(result)
}

/// `-a`.
pub fn negate(operand: Operand<'_>, n_rows: usize) -> Result<Vector, RunError> {
    if is_whole(operand.kind) {
        let zero = Side::<'_, PrimitiveArray<Int64Type>, i64>::Same(Some(0));
        both(zero, operand.values.wholes()?, n_rows, |_, a: i64| {
            a.checked_neg().map(Some).ok_or(RunError::Overflow)
        })
    } else {
        let zero = Side::<'_, PrimitiveArray<Float64Type>, f64>::Same(Some(0.0));
        // Less than nothing is written as a difference, so that zero stays without a sign.
        both(zero, operand.values.numbers()?, n_rows, |zero, a| Ok(Some(zero - a)))
    }
}

/// The largest multiple of the second that is not above the first.
pub fn floor(
    left: Operand<'_>,
    right: Operand<'_>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    if is_whole(left.kind) {
        both(left.values.wholes()?, right.values.wholes()?, n_rows, |a: i64, b: i64| {
            Ok((b > 0).then(|| a - a.rem_euclid(b.max(1))))
        })
    } else {
        both(left.values.numbers()?, right.values.numbers()?, n_rows, |a: f64, b: f64| {
            Ok((b > 0.0).then(|| (a / b).floor() * b))
        })
    }
}
