//! The cells of given rows as values: each is read as its field's type says, never cast.

use chrono::{DateTime, LocalResult, TimeZone as _};
use chrono_tz::Tz;
use mittari_lang::hours::Moment;
use mittari_lang::parse::{self, Written};
use mittari_lang::place::Located;
use mittari_lang::read;
use mittari_lang::schema::{Column, Schema};
use mittari_lang::span::Spanned;
use mittari_lang::syntax::Literal;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::{Problem, complaints};
use crate::fault::nearest;

/// The value of a text in a column; local times are of the zone.
pub(super) fn value(
    schema: &Schema,
    column: &Column,
    text: &Spanned<String>,
    zone: Tz,
) -> Result<Value, Problem> {
    let found = text.value.trim();
    let read = match column.kind {
        Kind::Category(set) => {
            let values = schema.set(set).map_or(&[][..], |set| set.values.as_slice());
            category(values, found)
        }
        Kind::Truth => truth(found),
        Kind::Text => Ok(Value::Text(text.value.clone())),
        Kind::Day => day(found),
        Kind::Instant => instant(found, zone),
        kind => written(kind, text),
    };
    let value = read.map_err(|wanted| {
        complaints::not_a_value(text.span, &column.name, &wanted, found)
    })?;
    if column.values.is_empty() || column.values.contains(&plain(&value)) {
        return Ok(value);
    }
    let wanted = "one of the declared numbers";
    Err(complaints::not_a_value(text.span, &column.name, wanted, found))
}

/// A number without zeros at its end, as declared values are kept.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number.normal()),
        other => other.clone(),
    }
}

fn category(values: &[String], found: &str) -> Result<Value, String> {
    let code = values.iter().position(|value| value == found);
    if let Some(code) = code.and_then(|code| u32::try_from(code).ok()) {
        return Ok(Value::Category(code));
    }
    Err(format!("a declared value, as `{}`,", nearest(found, values).join("`, `")))
}

fn truth(found: &str) -> Result<Value, String> {
    match found {
        "true" => Ok(Value::Truth(true)),
        "false" => Ok(Value::Truth(false)),
        _ => Err("`true` or `false`".to_owned()),
    }
}

fn day(found: &str) -> Result<Value, String> {
    let day = read::day(found).map(Value::Day);
    day.ok_or_else(|| "a day, as `2026-01-31`,".to_owned())
}

/// A point in time; a local one must come exactly once.
fn instant(found: &str, zone: Tz) -> Result<Value, String> {
    let moment = read::moment(found)
        .ok_or_else(|| "a day and time, as `2026-01-31 08:00`,".to_owned())?;
    instant_of(moment, zone).map(Value::Instant)
}

/// The microseconds of a moment, local ones in a zone; else what is wanted instead.
pub(super) fn instant_of(moment: Moment, zone: Tz) -> Result<i64, String> {
    let beyond = || "a year between 1 and 9999".to_owned();
    if let Some(offset) = moment.offset {
        let east = i64::from(offset).saturating_mul(1_000_000);
        return moment.local.checked_sub(east).ok_or_else(beyond);
    }
    let local = DateTime::from_timestamp_micros(moment.local).ok_or_else(beyond)?;
    match zone.from_local_datetime(&local.naive_utc()) {
        LocalResult::Single(instant) => Ok(instant.timestamp_micros()),
        LocalResult::Ambiguous(..) => {
            Err("an offset behind a time that comes twice, as `+02:00`,".to_owned())
        }
        LocalResult::None => {
            Err(format!("a time that the clocks of {} show", zone.name()))
        }
    }
}

/// A value as cards write it.
fn written(kind: Kind, text: &Spanned<String>) -> Result<Value, String> {
    let located = Located::blurred(text.value.trim().to_owned(), text.span, false);
    let Ok(Written::Literal(literal)) = parse::value(&located).into_result() else {
        return Err(wanted(kind));
    };
    match (kind, literal) {
        (Kind::Duration, Literal::Duration { micros, .. }) => Ok(Value::Duration(micros)),
        (Kind::Money(own), Literal::Money { amount, currency }) if own == currency => {
            Ok(Value::Money(amount))
        }
        (Kind::Ratio, Literal::Ratio(number))
        | (Kind::Number | Kind::Quotient | Kind::Bare, Literal::Number(number)) => {
            Ok(Value::Number(number))
        }
        _ => Err(wanted(kind)),
    }
}

/// What is expected in a column of a kind.
fn wanted(kind: Kind) -> String {
    match kind {
        Kind::Duration => "a duration with its unit, as `20 s`,".to_owned(),
        Kind::Money(currency) => {
            format!("an amount with its currency, as `50 {}`,", currency.code())
        }
        Kind::Ratio => "a share, as `80 %`,".to_owned(),
        _ => "a number".to_owned(),
    }
}
