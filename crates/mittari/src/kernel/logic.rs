//! And, or, not, and whether a value is there: three-valued, as in SQL.

use arrow_arith::boolean;
use arrow_array::{Array as _, BooleanArray};
use mittari_lang::value::Value;

use crate::error::RunError;
use crate::vector::{Side, Vector};

/// False if one is false, else unknown if one is unknown, else true.
pub fn and(operands: &[Vector]) -> Result<Vector, RunError> {
    fold(operands, false, boolean::and_kleene)
}

/// True if one is true, else unknown if one is unknown, else false.
pub fn or(operands: &[Vector]) -> Result<Vector, RunError> {
    fold(operands, true, boolean::or_kleene)
}

type Join =
    fn(&BooleanArray, &BooleanArray) -> Result<BooleanArray, arrow_schema::ArrowError>;

/// Joins the columns first, then what is the same in every row; `decides` is the value
/// that settles a row whatever the others are.
fn fold(operands: &[Vector], decides: bool, join: Join) -> Result<Vector, RunError> {
    let mut rows: Option<BooleanArray> = None;
    let mut same = Some(!decides);
    for operand in operands {
        match operand.truths()? {
            Side::Same(Some(truth)) if truth == decides => {
                return Ok(Vector::Scalar(Value::Truth(decides)));
            }
            Side::Same(Some(_)) => {}
            Side::Same(None) => same = None,
            Side::Rows(array) => {
                rows = Some(match rows {
                    None => array.clone(),
                    Some(kept) => join(&kept, array)
                        .map_err(|_| RunError::Broken("columns of different lengths"))?,
                });
            }
        }
    }
    let Some(rows) = rows else {
        return Ok(Vector::Scalar(same.map_or(Value::Missing, Value::Truth)));
    };
    if same.is_some() {
        return Ok(Vector::array(rows));
    }
    // One operand is unknown everywhere: only what decides a row is known.
    let unknown = BooleanArray::new_null(rows.len());
    join(&rows, &unknown)
        .map(Vector::array)
        .map_err(|_| RunError::Broken("columns of different lengths"))
}

/// The opposite.
pub fn not(operand: &Vector) -> Result<Vector, RunError> {
    match operand.truths()? {
        Side::Same(truth) => {
            Ok(Vector::Scalar(truth.map_or(Value::Missing, |truth| Value::Truth(!truth))))
        }
        Side::Rows(array) => boolean::not(array)
            .map(Vector::array)
            .map_err(|_| RunError::Broken("a column without an opposite")),
    }
}

/// Whether there is no value, or with `known` whether there is one; never unknown.
pub fn is_missing(operand: &Vector, known: bool) -> Vector {
    match operand {
        Vector::Scalar(value) => {
            Vector::Scalar(Value::Truth((*value == Value::Missing) != known))
        }
        Vector::Array(array) => match array.logical_nulls() {
            None => Vector::Scalar(Value::Truth(known)),
            Some(nulls) => {
                let present = nulls.inner().clone();
                let wanted = if known { present } else { !&present };
                Vector::array(BooleanArray::new(wanted, None))
            }
        },
    }
}
