//! A column of values, or one value that stands for a whole column.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array,
    Int64Array, StringArray,
};
use mittari_lang::types::Kind;
use mittari_lang::value::{Decimal, Value};

use crate::error::RunError;

/// The text column of a batch: codes into a list of texts.
pub type TextArray = DictionaryArray<Int32Type>;

/// Millionths in one unit of a currency.
pub const MILLIONTHS: i64 = 1_000_000;

/// The values of one expression over the rows of a batch.
#[derive(Debug, Clone)]
pub enum Vector {
    /// One value a row, in the physical form of its kind (see [`crate::batch`]).
    Array(ArrayRef),
    /// The same value in every row.
    Scalar(Value),
}

/// One side of an operation on numbers of one physical type.
#[derive(Debug)]
pub enum Side<'a, A, T> {
    /// One value a row.
    Rows(&'a A),
    /// The same value in every row; none if it is missing.
    Same(Option<T>),
}

impl<A, T: Copy> Clone for Side<'_, A, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, T: Copy> Copy for Side<'_, A, T> {}

impl Vector {
    /// A column.
    pub fn array(array: impl arrow_array::Array + 'static) -> Self {
        Self::Array(Arc::new(array))
    }

    /// The same text where every row has a value of its own: as a column.
    pub fn into_rows(self, kind: Kind, n_rows: usize) -> Result<ArrayRef, RunError> {
        match self {
            Self::Array(array) => Ok(array),
            Self::Scalar(value) => spread(&value, kind, n_rows),
        }
    }

    /// As truth values.
    pub fn truths(&self) -> Result<Side<'_, BooleanArray, bool>, RunError> {
        match self {
            Self::Array(array) => Ok(Side::Rows(downcast(array)?)),
            Self::Scalar(Value::Missing) => Ok(Side::Same(None)),
            Self::Scalar(Value::Truth(truth)) => Ok(Side::Same(Some(*truth))),
            Self::Scalar(_) => Err(RunError::Broken("a truth value is something else")),
        }
    }

    /// As numbers: ratios, quotients and numbers.
    pub fn numbers(&self) -> Result<Side<'_, Float64Array, f64>, RunError> {
        match self {
            Self::Array(array) => Ok(Side::Rows(downcast(array)?)),
            Self::Scalar(Value::Missing) => Ok(Side::Same(None)),
            Self::Scalar(Value::Number(number)) => Ok(Side::Same(Some(number.to_f64()))),
            Self::Scalar(_) => Err(RunError::Broken("a number is something else")),
        }
    }

    /// As 64-bit whole numbers: microseconds of instants and durations, millionths of
    /// money; a day takes its 32 bits as such.
    pub fn wholes(&self) -> Result<Side<'_, Int64Array, i64>, RunError> {
        match self {
            Self::Array(array) => Ok(Side::Rows(downcast(array)?)),
            Self::Scalar(value) => Ok(Side::Same(whole_of(value)?)),
        }
    }

    /// As 32-bit whole numbers: days and numbers of declared values.
    pub fn codes(&self) -> Result<Side<'_, Int32Array, i32>, RunError> {
        match self {
            Self::Array(array) => Ok(Side::Rows(downcast(array)?)),
            Self::Scalar(Value::Missing) => Ok(Side::Same(None)),
            Self::Scalar(Value::Day(day)) => Ok(Side::Same(Some(*day))),
            Self::Scalar(Value::Category(code)) => Ok(Side::Same(Some(
                i32::try_from(*code).map_err(|_| RunError::Overflow)?,
            ))),
            Self::Scalar(_) => {
                Err(RunError::Broken("a day or category is something else"))
            }
        }
    }
}

/// An array as what it must be.
pub fn downcast<A: 'static>(array: &ArrayRef) -> Result<&A, RunError> {
    array
        .as_any()
        .downcast_ref::<A>()
        .ok_or(RunError::Broken("a column has not the form of its kind"))
}

/// The 64 bits of a value.
pub fn whole_of(value: &Value) -> Result<Option<i64>, RunError> {
    match value {
        Value::Missing => Ok(None),
        Value::Duration(micros) | Value::Instant(micros) => Ok(Some(*micros)),
        Value::Money(amount) | Value::Number(amount) => Ok(Some(millionths(*amount)?)),
        _ => Err(RunError::Broken("a duration, an instant or money is something else")),
    }
}

/// An amount in millionths; more digits than six behind the point are an overflow.
pub fn millionths(amount: Decimal) -> Result<i64, RunError> {
    let amount = amount.normal();
    let power = 6_u32.checked_sub(u32::from(amount.scale)).ok_or(RunError::Overflow)?;
    amount.mantissa.checked_mul(10_i64.pow(power)).ok_or(RunError::Overflow)
}

/// A value as a column of equal rows.
fn spread(value: &Value, kind: Kind, n_rows: usize) -> Result<ArrayRef, RunError> {
    let vector = Vector::Scalar(value.clone());
    Ok(match kind {
        Kind::Truth => Arc::new(BooleanArray::from(vec![same(vector.truths()?); n_rows])),
        Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
            Arc::new(Float64Array::from(vec![same(vector.numbers()?); n_rows]))
        }
        Kind::Duration | Kind::Money(_) | Kind::Instant => {
            Arc::new(Int64Array::from(vec![same(vector.wholes()?); n_rows]))
        }
        Kind::Day | Kind::Category(_) => {
            Arc::new(Int32Array::from(vec![same(vector.codes()?); n_rows]))
        }
        Kind::Text => Arc::new(one_text(value, n_rows)?),
        Kind::Calendar | Kind::Missing | Kind::Unsound => {
            return Err(RunError::Broken("a value that is no column"));
        }
    })
}

fn same<A, T>(side: Side<'_, A, T>) -> Option<T> {
    match side {
        Side::Rows(_) => None,
        Side::Same(value) => value,
    }
}

fn one_text(value: &Value, n_rows: usize) -> Result<TextArray, RunError> {
    let text = match value {
        Value::Text(text) => Some(text.as_str()),
        Value::Missing => None,
        _ => return Err(RunError::Broken("a text is something else")),
    };
    let keys = Int32Array::from(vec![text.map(|_| 0); n_rows]);
    let values = Arc::new(StringArray::from(vec![text.unwrap_or("")]));
    TextArray::try_new(keys, values)
        .map_err(|_| RunError::Broken("a text without a code"))
}
