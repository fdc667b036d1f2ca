//! Columns that already have a type, in the physical form of a batch.

use std::path::Path;
use std::sync::Arc;

use arrow_arith::aggregate::{max, min};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, Float64Array, Int32Array, Int64Array};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, TimeUnit};
use mittari_lang::types::Kind;

use crate::fault::{FaultKind, LoadError};
use crate::load::cells::BadCells;
use crate::load::convert::{Converter, MILLIONTHS};
use crate::load::recipe::ColumnRecipe;
use crate::zone::{DAY, ZoneTable, whole_days};

/// A typed column as values of its kind; none if it is to be read by its texts.
pub(crate) fn typed(
    file: &Path,
    array: &ArrayRef,
    (recipe, converter): (&ColumnRecipe, &Converter),
    bad: &mut BadCells,
) -> Result<Option<ArrayRef>, LoadError> {
    use DataType::{Boolean, Date32, Date64, Duration, Null, Timestamp};
    let found = array.data_type();
    let is_text = matches!(
        found,
        DataType::Dictionary(_, _)
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
    );
    if is_text {
        return Ok(None);
    }
    if found.is_nested() || found.is_binary() {
        return Err(wrong_type(file, array, recipe));
    }
    // Texts that stand for something are compared as texts.
    let as_written =
        !recipe.values.is_empty() || recipe.missing.iter().any(|text| is_value(text));
    let zone = converter.zone();
    let floats =
        matches!(found, DataType::Float16 | DataType::Float32 | DataType::Float64);
    Ok(match (recipe.kind, found) {
        (_, Null) => None,
        (Kind::Instant, Timestamp(unit, named)) => {
            Some(instants(array, *unit, zone.filter(|_| named.is_none()), bad))
        }
        (Kind::Instant, Date32 | Date64) => Some(midnights(array, zone, bad)),
        (Kind::Day, Date32 | Date64) => Some(days(array, bad)),
        (Kind::Day, Timestamp(unit, named)) => {
            let zone = recipe.zone.filter(|_| named.is_some()).map(ZoneTable::shared);
            Some(dates(array, *unit, zone.as_deref(), bad))
        }
        (Kind::Duration, Duration(unit)) => Some(instants(array, *unit, None, bad)),
        (_, _) if as_written => None,
        (Kind::Truth, Boolean) => Some(Arc::clone(array)),
        (Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare, _)
            if found.is_numeric() =>
        {
            Some(numbers(array, &recipe.allowed, bad))
        }
        (Kind::Duration, _) if found.is_numeric() => {
            let unit = recipe.unit.and_then(mittari_lang::types::Unit::micros);
            let Some(unit) = unit else { return Err(wrong_type(file, array, recipe)) };
            scaled(array, unit, floats, bad)
        }
        (Kind::Money(_), _) if found.is_numeric() => {
            scaled(array, MILLIONTHS, floats, bad)
        }
        _ => None,
    })
}

/// Whether a text that stands for no value could be one that a typed column shows.
fn is_value(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        || text.eq_ignore_ascii_case("true")
        || text.eq_ignore_ascii_case("false")
}

fn wrong_type(file: &Path, array: &ArrayRef, recipe: &ColumnRecipe) -> LoadError {
    LoadError::ColumnType {
        file: file.to_path_buf(),
        column: recipe.name.clone(),
        expected: recipe.expected(),
        found: array.data_type().to_string(),
    }
}

/// The known values of a column, changed one by one; what cannot be changed is bad.
fn changed(
    values: &Int64Array,
    bad: &mut BadCells,
    change: impl Fn(i64) -> Option<i64>,
) -> Int64Array {
    let mut found = Vec::with_capacity(values.len());
    for row in 0..values.len() {
        let value = values.is_valid(row).then(|| values.value(row));
        let value = value.and_then(|value| {
            let changed = change(value);
            if changed.is_none() {
                bad.push((u32::try_from(row).unwrap_or(u32::MAX), FaultKind::Value));
            }
            changed
        });
        found.push(value);
    }
    Int64Array::from(found)
}

/// The values of a column as whole numbers, as far as they fit.
fn whole(array: &ArrayRef) -> Int64Array {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    match cast_with_options(array, &DataType::Int64, &options) {
        Ok(cast) => cast.as_primitive::<Int64Type>().clone(),
        Err(_) => Int64Array::new_null(array.len()),
    }
}

/// Microseconds of a number of units; what is finer is rounded down.
const fn micros(value: i64, unit: TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Second => value.checked_mul(1_000_000),
        TimeUnit::Millisecond => value.checked_mul(1_000),
        TimeUnit::Microsecond => Some(value),
        TimeUnit::Nanosecond => Some(value.div_euclid(1_000)),
    }
}

/// The same for a whole column, if all of it fits.
fn all_micros(values: &Int64Array, unit: TimeUnit) -> Option<Int64Array> {
    match unit {
        TimeUnit::Second => multiplied(values, 1_000_000),
        TimeUnit::Millisecond => multiplied(values, 1_000),
        TimeUnit::Microsecond => Some(values.clone()),
        TimeUnit::Nanosecond => Some(values.unary(|value| value.div_euclid(1_000))),
    }
}

/// The products of a column's values and a factor, if all of them fit.
fn multiplied(values: &Int64Array, factor: i64) -> Option<Int64Array> {
    let most = i64::MAX.checked_div(factor)?;
    let fits =
        |value: Option<i64>| value.is_none_or(|value| (-most..=most).contains(&value));
    // What stands where there is no value may be anything.
    (fits(min(values)) && fits(max(values)))
        .then(|| values.unary(|value| value.wrapping_mul(factor)))
}

/// Instants, or with a zone local times of it; also lengths of time.
fn instants(
    array: &ArrayRef,
    unit: TimeUnit,
    zone: Option<&ZoneTable>,
    bad: &mut BadCells,
) -> ArrayRef {
    let values = whole(array);
    if zone.is_none()
        && let Some(micros) = all_micros(&values, unit)
    {
        return Arc::new(micros);
    }
    Arc::new(changed(&values, bad, |value| {
        let micros = micros(value, unit)?;
        Some(zone.map_or(micros, |zone| zone.instant_of_local(micros)))
    }))
}

/// The number of days of each date since 1970-01-01.
fn day_numbers(array: &ArrayRef) -> Int64Array {
    let numbers = whole(array);
    if array.data_type() == &DataType::Date64 {
        // Milliseconds.
        return numbers.unary(|value| value.div_euclid(86_400_000));
    }
    numbers
}

/// The beginning of each day.
fn midnights(array: &ArrayRef, zone: Option<&ZoneTable>, bad: &mut BadCells) -> ArrayRef {
    Arc::new(changed(&day_numbers(array), bad, |day| {
        let local = day.checked_mul(DAY)?;
        Some(zone.map_or(local, |zone| zone.instant_of_local(local)))
    }))
}

fn days(array: &ArrayRef, bad: &mut BadCells) -> ArrayRef {
    narrow(&changed(&day_numbers(array), bad, |day| {
        i32::try_from(day).ok().map(i64::from)
    }))
}

/// The local day of each instant.
fn dates(
    array: &ArrayRef,
    unit: TimeUnit,
    zone: Option<&ZoneTable>,
    bad: &mut BadCells,
) -> ArrayRef {
    narrow(&changed(&whole(array), bad, |value| {
        let micros = micros(value, unit)?;
        Some(i64::from(
            zone.map_or_else(|| whole_days(micros), |zone| zone.local_day(micros)),
        ))
    }))
}

fn narrow(days: &Int64Array) -> ArrayRef {
    let narrow = days.iter().map(|day| day.and_then(|day| i32::try_from(day).ok()));
    Arc::new(narrow.collect::<Int32Array>())
}

fn reals(array: &ArrayRef) -> Float64Array {
    match cast_with_options(array, &DataType::Float64, &CastOptions::default()) {
        Ok(cast) => cast.as_primitive::<Float64Type>().clone(),
        Err(_) => Float64Array::new_null(array.len()),
    }
}

fn numbers(array: &ArrayRef, allowed: &[f64], bad: &mut BadCells) -> ArrayRef {
    let reals = reals(array);
    let fits = |value: f64| {
        value.is_finite() && (allowed.is_empty() || allowed.contains(&value))
    };
    let all = match reals.nulls() {
        // Whole numbers are finite.
        _ if allowed.is_empty() && array.data_type().is_integer() => true,
        None => reals.values().iter().all(|value| fits(*value)),
        Some(known) => {
            let values = reals.values();
            known.valid_indices().all(|row| values.get(row).is_some_and(|v| fits(*v)))
        }
    };
    if all {
        return Arc::new(reals);
    }
    let mut found = Vec::with_capacity(reals.len());
    for (row, value) in (0..).zip(reals.iter()) {
        let good = value.filter(|value| fits(*value));
        if value.is_some() && good.is_none() {
            bad.push((row, FaultKind::Value));
        }
        found.push(good);
    }
    Arc::new(Float64Array::from(found))
}

/// Numbers of units as whole numbers of their parts; decimal columns go by their texts,
/// which are exact.
fn scaled(
    array: &ArrayRef,
    parts: i64,
    floats: bool,
    bad: &mut BadCells,
) -> Option<ArrayRef> {
    // What has 32 bits fits into 64 even when it is multiplied by one of 31.
    if let (Some(small), Ok(_)) =
        (array.as_primitive_opt::<Int32Type>(), i32::try_from(parts))
    {
        return Some(Arc::new(
            small.unary::<_, Int64Type>(|value| i64::from(value) * parts),
        ));
    }
    if array.data_type().is_integer() {
        // A number of 64 bits without a sign may be too large to be cast.
        let whole = whole(array);
        if whole.null_count() != array.null_count() {
            return None;
        }
        return Some(match multiplied(&whole, parts) {
            Some(products) => Arc::new(products),
            None => Arc::new(changed(&whole, bad, |value| value.checked_mul(parts))),
        });
    }
    if !floats {
        return None;
    }
    let mut found = Vec::with_capacity(array.len());
    for (row, value) in (0..).zip(reals(array).iter()) {
        let scaled = value.and_then(|value| nearest_whole(value * parts as f64));
        if value.is_some() && scaled.is_none() {
            bad.push((row, FaultKind::Value));
        }
        found.push(scaled);
    }
    Some(Arc::new(Int64Array::from(found)))
}

#[expect(clippy::cast_possible_truncation, reason = "the range is tested before")]
fn nearest_whole(value: f64) -> Option<i64> {
    // The largest number of 64 bits has no binary fraction of its own; 9.2e18 is below.
    (value.abs() < 9.2e18).then_some(value.round() as i64)
}
