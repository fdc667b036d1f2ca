//! A value as a source file writes it, read as the kind of its field.

use chrono::{DateTime, Datelike as _, NaiveDate};

use super::complaints;
use crate::check::vocabulary::decimal;
use crate::diagnostic::Diagnostic;
use crate::schema::{Column, Schema};
use crate::span::Spanned;
use crate::types::{Kind, Unit};
use crate::value::Value;

/// The value a text stands for in a column.
pub(super) fn value(
    text: &Spanned<String>,
    column: &Column,
    schema: &Schema,
) -> Result<Value, Diagnostic> {
    match column.kind {
        Kind::Text => Ok(Value::Text(text.value.clone())),
        Kind::Truth => truth(text),
        Kind::Category(set) => {
            let values = schema.set(set).map_or(&[][..], |set| &set.values);
            let number = values.iter().position(|value| *value == text.value);
            let number = number.and_then(|number| u32::try_from(number).ok());
            number.map(Value::Category).ok_or_else(|| {
                let values = values.iter().map(String::as_str);
                complaints::unknown_value(text, &column.name, values)
            })
        }
        Kind::Number | Kind::Ratio => number(text, column),
        Kind::Money(_) => decimal(&text.value)
            .map(Value::Money)
            .ok_or_else(|| complaints::value_form(text, "an amount")),
        Kind::Duration => duration(&text.value)
            .map(Value::Duration)
            .ok_or_else(|| complaints::value_form(text, "a duration as `20 s`")),
        Kind::Day => date(&text.value)
            .map(Value::Day)
            .ok_or_else(|| complaints::value_form(text, "a date as `2026-01-31`")),
        Kind::Instant => instant(&text.value).map(Value::Instant).ok_or_else(|| {
            let expected = "an instant as `2026-01-31T08:00:00Z`";
            complaints::value_form(text, expected)
        }),
        Kind::Bare | Kind::Quotient | Kind::Calendar | Kind::Missing | Kind::Unsound => {
            Ok(Value::Missing)
        }
    }
}

fn truth(text: &Spanned<String>) -> Result<Value, Diagnostic> {
    match text.value.as_str() {
        "true" => Ok(Value::Truth(true)),
        "false" => Ok(Value::Truth(false)),
        _ => Err(complaints::value_form(text, "`true` or `false`")),
    }
}

/// A number, one of the declared ones if there are any.
fn number(text: &Spanned<String>, column: &Column) -> Result<Value, Diagnostic> {
    let Some(number) = decimal(&text.value) else {
        return Err(complaints::value_form(text, "a number"));
    };
    let shown = |value: &Value| match value {
        Value::Number(one) => one.normal().to_string(),
        _ => String::new(),
    };
    let declared: Vec<String> = column.values.iter().map(shown).collect();
    if declared.is_empty() || declared.contains(&number.normal().to_string()) {
        return Ok(Value::Number(number));
    }
    let values = declared.iter().map(String::as_str);
    Err(complaints::unknown_value(text, &column.name, values))
}

/// `20 s`, `1.5 h`: exact microseconds.
fn duration(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().rsplit_once(' ')?;
    let unit = Unit::named(unit)?.micros()?;
    let number = decimal(number.trim())?;
    let scaled = i128::from(number.mantissa) * i128::from(unit);
    let scale = 10_i128.pow(u32::from(number.scale));
    if scaled % scale != 0 {
        return None;
    }
    i64::try_from(scaled / scale).ok()
}

fn date(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    date.num_days_from_ce().checked_sub(719_163)
}

fn instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_written_values_exactly() {
        assert_eq!(duration("1.5 h"), Some(5_400_000_000));
        assert_eq!(duration("-3 s"), Some(-3_000_000));
        assert_eq!(duration("3"), None);
        assert_eq!(duration("0.0000001 s"), None, "finer than a microsecond");
        assert_eq!(duration("9223372036854775807 d"), None);
        assert_eq!(date("1970-01-02"), Some(1));
        assert_eq!(date("1970-02-30"), None);
        assert_eq!(instant("1970-01-01T02:00:00+02:00"), Some(0));
    }
}
