//! Comparison of values of one kind, and membership of a list.

use arrow_array::{ArrowPrimitiveType, BooleanArray, Int32Array, PrimitiveArray};
use mittari_lang::builtin::Builtin;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::text;
use crate::error::RunError;
use crate::vector::{Side, Vector};

/// Compares two values of a kind by one of the six comparisons.
pub fn compare(
    op: Builtin,
    kind: Kind,
    left: &Vector,
    right: &Vector,
) -> Result<Vector, RunError> {
    match kind {
        Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
            ordered(op, left.numbers()?, right.numbers()?)
        }
        Kind::Duration | Kind::Money(_) | Kind::Instant => {
            ordered(op, left.wholes()?, right.wholes()?)
        }
        Kind::Day | Kind::Category(_) => ordered(op, left.codes()?, right.codes()?),
        Kind::Truth => truths(op, left, right),
        Kind::Text => text::equal(left, right, op == Builtin::NotEqual),
        Kind::Calendar | Kind::Missing | Kind::Unsound => {
            Err(RunError::Broken("values that cannot be compared"))
        }
    }
}

fn ordered<P>(
    op: Builtin,
    left: Side<'_, PrimitiveArray<P>, P::Native>,
    right: Side<'_, PrimitiveArray<P>, P::Native>,
) -> Result<Vector, RunError>
where
    P: ArrowPrimitiveType,
    P::Native: PartialOrd,
{
    match op {
        Builtin::Equal => both(left, right, |a, b| a == b),
        Builtin::NotEqual => both(left, right, |a, b| a != b),
        Builtin::Less => both(left, right, |a, b| a < b),
        Builtin::LessOrEqual => both(left, right, |a, b| a <= b),
        Builtin::Greater => both(left, right, |a, b| a > b),
        Builtin::GreaterOrEqual => both(left, right, |a, b| a >= b),
        _ => Err(RunError::Broken("no comparison")),
    }
}

/// Applies a test to two sides; where one is missing the answer is unknown.
fn both<P, F>(
    left: Side<'_, PrimitiveArray<P>, P::Native>,
    right: Side<'_, PrimitiveArray<P>, P::Native>,
    test: F,
) -> Result<Vector, RunError>
where
    P: ArrowPrimitiveType,
    F: Fn(P::Native, P::Native) -> bool,
{
    match (left, right) {
        (Side::Same(a), Side::Same(b)) => {
            let truth = a.zip(b).map(|(a, b)| Value::Truth(test(a, b)));
            Ok(Vector::Scalar(truth.unwrap_or(Value::Missing)))
        }
        (Side::Same(None), Side::Rows(_)) | (Side::Rows(_), Side::Same(None)) => {
            Ok(Vector::Scalar(Value::Missing))
        }
        (Side::Rows(rows), Side::Same(Some(b))) => {
            Ok(Vector::array(BooleanArray::from_unary(rows, |a| test(a, b))))
        }
        (Side::Same(Some(a)), Side::Rows(rows)) => {
            Ok(Vector::array(BooleanArray::from_unary(rows, |b| test(a, b))))
        }
        (Side::Rows(a), Side::Rows(b)) if a.len() == b.len() => {
            Ok(Vector::array(BooleanArray::from_binary(a, b, test)))
        }
        _ => Err(RunError::Broken("columns of different lengths")),
    }
}

fn truths(op: Builtin, left: &Vector, right: &Vector) -> Result<Vector, RunError> {
    let test = |a: bool, b: bool| (a == b) == (op == Builtin::Equal);
    match (left.truths()?, right.truths()?) {
        (Side::Same(a), Side::Same(b)) => {
            let truth = a.zip(b).map(|(a, b)| Value::Truth(test(a, b)));
            Ok(Vector::Scalar(truth.unwrap_or(Value::Missing)))
        }
        (Side::Same(None), Side::Rows(_)) | (Side::Rows(_), Side::Same(None)) => {
            Ok(Vector::Scalar(Value::Missing))
        }
        (Side::Rows(rows), Side::Same(Some(b)))
        | (Side::Same(Some(b)), Side::Rows(rows)) => {
            Ok(Vector::array(BooleanArray::from_unary(rows, |a| test(a, b))))
        }
        (Side::Rows(a), Side::Rows(b)) if a.len() == b.len() => {
            Ok(Vector::array(BooleanArray::from_binary(a, b, test)))
        }
        _ => Err(RunError::Broken("columns of different lengths")),
    }
}

/// Whether a value is one of a list of written values.
pub fn is_in(kind: Kind, value: &Vector, list: &[Vector]) -> Result<Vector, RunError> {
    match kind {
        Kind::Text => text::is_in(value, list),
        Kind::Day | Kind::Category(_) => {
            let list = alike(list, |item| Ok(same(item.codes()?)))?;
            Ok(any_code(value.codes()?, &list))
        }
        Kind::Duration | Kind::Money(_) | Kind::Instant => {
            let list = alike(list, |item| Ok(same(item.wholes()?)))?;
            Ok(any_of(value.wholes()?, &list))
        }
        Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
            let list = alike(list, |item| Ok(same(item.numbers()?)))?;
            Ok(any_of(value.numbers()?, &list))
        }
        Kind::Truth => {
            let tests: Result<Vec<_>, _> =
                list.iter().map(|item| truths(Builtin::Equal, value, item)).collect();
            super::logic::or(&tests?)
        }
        Kind::Calendar | Kind::Missing | Kind::Unsound => {
            Err(RunError::Broken("values that cannot be compared"))
        }
    }
}

fn alike<T>(
    list: &[Vector],
    read: impl Fn(&Vector) -> Result<Option<T>, RunError>,
) -> Result<Vec<T>, RunError> {
    let list: Result<Vec<Option<T>>, _> = list.iter().map(read).collect();
    Ok(list?.into_iter().flatten().collect())
}

/// The one value of a written value; lists hold nothing else.
fn same<A, T>(side: Side<'_, A, T>) -> Option<T> {
    match side {
        Side::Rows(_) => None,
        Side::Same(value) => value,
    }
}

/// The same as `any_of`; few numbers from 0 on, as of most categories, are bits of one.
fn any_code(value: Side<'_, Int32Array, i32>, list: &[i32]) -> Vector {
    let bit =
        |code: i32| u32::try_from(code).ok().and_then(|code| 1_u64.checked_shl(code));
    let mut bits = list.iter().map(|code| bit(*code));
    let bits = bits.try_fold(0, |bits: u64, bit| Some(bits | bit?));
    match (value, bits) {
        (Side::Rows(rows), Some(bits)) => {
            let has = |code: i32| {
                let code = code.cast_unsigned();
                code < u64::BITS && (bits >> code) & 1 == 1
            };
            Vector::array(BooleanArray::from_unary(rows, has))
        }
        (value, _) => any_of(value, list),
    }
}

fn any_of<P>(value: Side<'_, PrimitiveArray<P>, P::Native>, list: &[P::Native]) -> Vector
where
    P: ArrowPrimitiveType,
    P::Native: PartialEq,
{
    match value {
        Side::Same(None) => Vector::Scalar(Value::Missing),
        Side::Same(Some(value)) => Vector::Scalar(Value::Truth(list.contains(&value))),
        Side::Rows(rows) => {
            Vector::array(BooleanArray::from_unary(rows, |value| list.contains(&value)))
        }
    }
}
