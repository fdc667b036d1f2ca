//! Instants in a zone, and working time in a calendar.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array as _, BooleanArray, Float64Array, Int32Array, Int64Array};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use mittari_lang::value::{Decimal, Value};

use crate::calendar::{Calendar, CalendarError};
use crate::error::RunError;
use crate::vector::{Side, Vector};
use crate::zone::ZoneTable;

/// Which calendar a row is measured in.
#[derive(Debug, Clone)]
pub enum Hours<'a> {
    /// The same in every row.
    One(&'a Calendar),
    /// One a row; none where a table of calendars finds nothing.
    Each(Vec<Option<&'a Calendar>>),
}

impl Hours<'_> {
    /// The calendar of a row.
    pub fn of(&self, row: usize) -> Option<&Calendar> {
        match self {
            Self::One(calendar) => Some(calendar),
            Self::Each(list) => list.get(row).copied().flatten(),
        }
    }
}

/// Working time from one instant to another; missing where they are reversed, which is
/// a fault of the data and counted.
pub fn working_time(
    from: &Vector,
    until: &Vector,
    hours: &Hours<'_>,
    n_rows: usize,
    reversed: &AtomicU64,
) -> Result<Vector, RunError> {
    let (from, until) = (from.wholes()?, until.wholes()?);
    let mut faults = 0;
    let result = match (from, until, hours) {
        (Side::Rows(from), Side::Rows(until), Hours::One(calendar))
            if from.len() == until.len() =>
        {
            between(calendar, from, until, &mut faults)
        }
        _ => rows(n_rows, |row| {
            let (Some(from), Some(until), Some(calendar)) =
                (instant(&from, row), instant(&until, row), hours.of(row))
            else {
                return Ok(None);
            };
            measured(calendar.working_time(from, until), &mut faults)
        }),
    };
    reversed.fetch_add(faults, Ordering::Relaxed);
    result
}

/// What was measured; nothing, and one more fault, where the ends are reversed.
fn measured(
    micros: Result<i64, CalendarError>,
    faults: &mut u64,
) -> Result<Option<i64>, RunError> {
    match micros {
        Ok(micros) => Ok(Some(micros)),
        Err(CalendarError::Reversed) => {
            *faults += 1;
            Ok(None)
        }
        Err(error) => Err(RunError::Calendar(error.to_string())),
    }
}

/// Working time between the instants of two columns in one calendar.
fn between(
    calendar: &Calendar,
    from: &Int64Array,
    until: &Int64Array,
    faults: &mut u64,
) -> Result<Vector, RunError> {
    let nulls = NullBuffer::union(from.nulls(), until.nulls());
    let mut failed = Vec::new();
    let mut values = vec![0; from.len()];
    let mut measure = |row: usize| {
        let (Some(value), Some(from), Some(until)) =
            (values.get_mut(row), from.values().get(row), until.values().get(row))
        else {
            return;
        };
        match calendar.working_time(*from, *until) {
            Ok(micros) => *value = micros,
            Err(error) => failed.push((row, error)),
        }
    };
    match &nulls {
        None => (0..from.len()).for_each(&mut measure),
        Some(nulls) => nulls.valid_indices().for_each(&mut measure),
    }
    if failed.is_empty() {
        return Ok(Vector::array(Int64Array::new(values.into(), nulls)));
    }
    let mut known =
        nulls.map_or_else(|| vec![true; values.len()], |n| n.iter().collect());
    for (row, error) in failed {
        measured(Err(error), faults)?;
        if let Some(known) = known.get_mut(row) {
            *known = false;
        }
    }
    Ok(Vector::array(Int64Array::new(values.into(), Some(known.into()))))
}

/// The instant at which so much working time has passed.
pub fn due(
    from: &Vector,
    amount: &Vector,
    hours: &Hours<'_>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let (from, amount) = (from.wholes()?, amount.wholes()?);
    rows(n_rows, |row| {
        let (Some(from), Some(amount), Some(calendar)) =
            (instant(&from, row), instant(&amount, row), hours.of(row))
        else {
            return Ok(None);
        };
        calendar
            .due(from, amount)
            .map(Some)
            .map_err(|error| RunError::Calendar(error.to_string()))
    })
}

fn rows(
    n_rows: usize,
    f: impl FnMut(usize) -> Result<Option<i64>, RunError>,
) -> Result<Vector, RunError> {
    collected(n_rows, (0..n_rows).map(f))
}

fn collected(
    n_rows: usize,
    rows: impl Iterator<Item = Result<Option<i64>, RunError>>,
) -> Result<Vector, RunError> {
    let mut values = Vec::with_capacity(n_rows);
    let mut valid = BooleanBufferBuilder::new(n_rows);
    for value in rows {
        let value = value?;
        values.push(value.unwrap_or_default());
        valid.append(value.is_some());
    }
    let nulls = NullBuffer::new(valid.finish());
    let nulls = (nulls.null_count() > 0).then_some(nulls);
    Ok(Vector::array(Int64Array::new(values.into(), nulls)))
}

fn instant(side: &Side<'_, Int64Array, i64>, row: usize) -> Option<i64> {
    match side {
        Side::Same(value) => *value,
        Side::Rows(array) => array.is_valid(row).then(|| array.value(row)),
    }
}

/// Whether an instant lies inside the hours; the closing instant does not.
pub fn inside_hours(
    at: &Vector,
    hours: &Hours<'_>,
    n_rows: usize,
) -> Result<Vector, RunError> {
    let at = at.wholes()?;
    let mut values = BooleanArray::builder(n_rows);
    for row in 0..n_rows {
        let inside = match (instant(&at, row), hours.of(row)) {
            (Some(at), Some(calendar)) => Some(
                calendar
                    .inside(at)
                    .map_err(|error| RunError::Calendar(error.to_string()))?,
            ),
            _ => None,
        };
        values.append_option(inside);
    }
    Ok(Vector::array(values.finish()))
}

/// The local day of an instant.
pub fn date_of(at: &Vector, zone: &ZoneTable) -> Result<Vector, RunError> {
    codes(at, Value::Day, |at| zone.local_day(at))
}

/// The number of the weekday of an instant, Monday being 0.
pub fn weekday(at: &Vector, zone: &ZoneTable) -> Result<Vector, RunError> {
    let category = |code: i32| Value::Category(code.unsigned_abs());
    codes(at, category, |at| i32::from(zone.weekday(at)))
}

fn codes(
    at: &Vector,
    value: impl Fn(i32) -> Value,
    of: impl Fn(i64) -> i32,
) -> Result<Vector, RunError> {
    Ok(match at.wholes()? {
        Side::Same(at) => Vector::Scalar(at.map_or(Value::Missing, |at| value(of(at)))),
        Side::Rows(array) => {
            Vector::array(array.unary::<_, arrow_array::types::Int32Type>(of))
        }
    })
}

/// The local hour of an instant, 0 to 23.
pub fn hour(at: &Vector, zone: &ZoneTable) -> Result<Vector, RunError> {
    Ok(match at.wholes()? {
        Side::Same(at) => {
            let hour = |at| Value::Number(Decimal::whole(i64::from(zone.hour(at))));
            Vector::Scalar(at.map_or(Value::Missing, hour))
        }
        Side::Rows(array) => {
            let hours: Float64Array = array.unary(|at| f64::from(zone.hour(at)));
            Vector::array(hours)
        }
    })
}

/// The declared calendars a category of calendars stands for, row by row.
pub fn each<'a>(
    codes: &Int32Array,
    calendars: &'a [Option<Calendar>],
) -> Vec<Option<&'a Calendar>> {
    let of = |code: Option<i32>| calendars.get(usize::try_from(code?).ok()?)?.as_ref();
    codes.iter().map(of).collect()
}
