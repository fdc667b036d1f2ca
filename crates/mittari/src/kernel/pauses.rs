//! Working time outside pauses: what is measured, and when it is due.

use arrow_array::{Array as _, Int64Array};

use super::time::Hours;
use crate::calendar::{Calendar, CalendarError};
use crate::error::RunError;
use crate::vector::{Side, Vector};

/// The pauses of a row, sorted and without overlap; none where they are at fault.
pub type Pauses<'p> = dyn Fn(usize) -> Option<&'p [(i64, i64)]> + 'p;

/// Working time from one instant to another less the pauses in it; with how many rows are
/// missing because instants are reversed, which is a fault of the data.
pub fn working_time(
    ends: (&Vector, &Vector),
    hours: &Hours<'_>,
    n_rows: usize,
    pauses: &Pauses<'_>,
) -> Result<(Vector, u64), RunError> {
    measured(ends, hours, (n_rows, pauses), Calendar::working_time_less)
}

/// The instant at which so much working time outside the pauses has passed.
pub fn due(
    (from, amount): (&Vector, &Vector),
    hours: &Hours<'_>,
    n_rows: usize,
    pauses: &Pauses<'_>,
) -> Result<(Vector, u64), RunError> {
    measured((from, amount), hours, (n_rows, pauses), Calendar::due_less)
}

fn measured(
    (one, other): (&Vector, &Vector),
    hours: &Hours<'_>,
    (n_rows, pauses): (usize, &Pauses<'_>),
    measure: impl Fn(&Calendar, i64, i64, &[(i64, i64)]) -> Result<i64, CalendarError>,
) -> Result<(Vector, u64), RunError> {
    let (one, other) = (one.wholes()?, other.wholes()?);
    let mut faults = 0;
    let mut values = Int64Array::builder(n_rows);
    for row in 0..n_rows {
        let (Some(one), Some(other), Some(calendar)) =
            (at(&one, row), at(&other, row), hours.of(row))
        else {
            values.append_null();
            continue;
        };
        let result = match pauses(row) {
            Some(pauses) => measure(calendar, one, other, pauses),
            None => Err(CalendarError::ReversedPause),
        };
        values.append_option(match result {
            Ok(micros) => Some(micros),
            Err(CalendarError::Reversed | CalendarError::ReversedPause) => {
                faults += 1;
                None
            }
            Err(error) => return Err(RunError::Calendar(error.to_string())),
        });
    }
    Ok((Vector::array(values.finish()), faults))
}

fn at(side: &Side<'_, Int64Array, i64>, row: usize) -> Option<i64> {
    match side {
        Side::Same(value) => *value,
        Side::Rows(array) => array.is_valid(row).then(|| array.value(row)),
    }
}
