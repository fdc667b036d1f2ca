//! Which segments a breakdown has, and what they are called.

use std::collections::BTreeSet;

use mittari_lang::metric::{Catalog, Dimension, DimensionId};
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::scalar::{Scalar, fraction};
use crate::error::RunError;
use crate::gathered::Key;
use crate::table::SegmentValue;
use crate::zone::{SECOND, date_of_day, utc_text};

/// The segments of a breakdown: the declared values of each dimension, crossed with each
/// other and with what occurs in dimensions that declare none, and all that occur.
pub(super) fn segments(
    catalog: &Catalog,
    breakdown: &[DimensionId],
    occurring: BTreeSet<Vec<Key>>,
) -> Result<BTreeSet<Vec<Key>>, RunError> {
    let mut crossed: BTreeSet<Vec<Key>> = BTreeSet::new();
    let mut declared = Vec::new();
    for id in breakdown {
        declared.push(declared_keys(dimension(catalog, *id)?));
    }
    if declared.iter().all(|keys| !keys.is_empty()) {
        crossed.insert(vec![Key::Missing; breakdown.len()]);
    } else {
        crossed.extend(occurring.iter().cloned());
    }
    for (place, keys) in declared.iter().enumerate().filter(|(_, keys)| !keys.is_empty())
    {
        let mut wider = BTreeSet::new();
        for segment in &crossed {
            for key in keys {
                let mut segment = segment.clone();
                if let Some(slot) = segment.get_mut(place) {
                    *slot = key.clone();
                }
                wider.insert(segment);
            }
        }
        crossed = wider;
    }
    crossed.extend(occurring);
    Ok(crossed)
}

/// The dimension of a number.
pub(super) fn dimension(
    catalog: &Catalog,
    id: DimensionId,
) -> Result<&Dimension, RunError> {
    catalog.dimension(id).ok_or(RunError::Broken("a breakdown without a dimension"))
}

/// The values of a dimension that are groups in every period.
fn declared_keys(dimension: &Dimension) -> Vec<Key> {
    if dimension.kind == Kind::Truth {
        return vec![Key::Truth(false), Key::Truth(true)];
    }
    dimension.declared.iter().map(key_of).collect()
}

/// The key under which rows with a value are gathered.
pub(super) fn key_of(value: &Value) -> Key {
    match value {
        Value::Missing | Value::Calendar(_) | Value::Zone(_) => Key::Missing,
        Value::Truth(truth) => Key::Truth(*truth),
        Value::Text(text) => Key::Text(text.clone()),
        Value::Category(number) => Key::Category(*number),
        Value::Number(decimal) => Key::number(decimal.to_f64()),
        Value::Duration(micros) | Value::Instant(micros) => Key::Whole(*micros),
        Value::Day(day) => Key::Whole(i64::from(*day)),
        Value::Money(decimal) => {
            let millionths = Scalar::Exact(fraction(*decimal) * 1_000_000);
            Key::Whole(millionths.as_micros().unwrap_or_default())
        }
    }
}

/// A key as people name it.
pub(super) fn named(catalog: &Catalog, kind: Kind, key: &Key) -> SegmentValue {
    match (key, kind) {
        (Key::Missing, _) => SegmentValue::Missing,
        (Key::Truth(truth), _) => SegmentValue::Truth(*truth),
        (Key::Text(text), _) => SegmentValue::Name(text.clone()),
        (Key::Category(number), kind) => category(catalog, kind, *number),
        (Key::Number(_), _) => {
            key.as_number().map_or(SegmentValue::Missing, SegmentValue::Number)
        }
        (Key::Whole(whole), Kind::Day) => SegmentValue::Name(day(*whole)),
        (Key::Whole(whole), Kind::Instant) => SegmentValue::Name(utc_text(*whole)),
        (Key::Whole(whole), Kind::Duration | Kind::Money(_)) => {
            SegmentValue::Number(*whole as f64 / SECOND as f64)
        }
        (Key::Whole(whole), _) => SegmentValue::Number(*whole as f64),
    }
}

fn category(catalog: &Catalog, kind: Kind, number: u32) -> SegmentValue {
    let Kind::Category(set) = kind else {
        return SegmentValue::Number(f64::from(number));
    };
    let values = catalog.schema.set(set).map(|set| &set.values);
    let name = values.and_then(|values| values.get(number as usize));
    name.map_or(SegmentValue::Missing, |name| SegmentValue::Name(name.clone()))
}

fn day(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(date_of_day);
    date.map_or_else(|| day.to_string(), |date| date.to_string())
}

/// A value of a dimension as targets name it.
pub(super) fn shown(value: &SegmentValue) -> String {
    match value {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => number.to_string(),
        SegmentValue::Truth(truth) => truth.to_string(),
        SegmentValue::Missing => "missing".to_owned(),
    }
}
