//! Values and names of a checked metric, as the language writes them.

use mittari_lang::metric::{Catalog, DimensionId, PopulationId};
use mittari_lang::schema::ColumnId;
use mittari_lang::types::Kind;
use mittari_lang::value::{Decimal, Value};

/// Microseconds of each unit a duration is written in, the longest first.
const UNITS: [(u64, &str); 6] = [
    (86_400_000_000, "d"),
    (3_600_000_000, "h"),
    (60_000_000, "min"),
    (1_000_000, "s"),
    (1_000, "ms"),
    (1, "us"),
];

/// The name of a column.
pub(crate) fn column(id: ColumnId, catalog: &Catalog) -> String {
    catalog.schema.column(id).map_or_else(String::new, |column| column.name.clone())
}

/// The name of a dimension.
pub(crate) fn dimension(id: DimensionId, catalog: &Catalog) -> String {
    catalog.dimension(id).map_or_else(String::new, |dimension| dimension.name.clone())
}

/// The short name of a population.
pub(crate) fn population(id: PopulationId, catalog: &Catalog) -> String {
    catalog.population(id).map_or_else(String::new, |population| population.label.clone())
}

/// A value of a kind.
pub(crate) fn value(value: &Value, kind: Kind, catalog: &Catalog) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Truth(truth) => truth.to_string(),
        Value::Text(text) => quoted(text),
        Value::Category(number) => category(*number, kind, catalog),
        Value::Number(number) if kind == Kind::Ratio => percent(*number),
        Value::Number(number) => number.to_string(),
        Value::Duration(micros) => duration(*micros),
        Value::Money(amount) => money(*amount, kind),
        Value::Instant(micros) => instant(*micros),
        Value::Day(days) => format!("date({})", day(*days)),
        Value::Calendar(number) => calendar(*number, catalog),
        Value::Zone(zone) => zone.name().to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn category(number: u32, kind: Kind, catalog: &Catalog) -> String {
    let Kind::Category(set) = kind else { return number.to_string() };
    let name = catalog.schema.set(set).and_then(|set| set.values.get(number as usize));
    name.map_or_else(|| number.to_string(), |name| quoted(name))
}

/// `80 %` of 0.8, exactly.
fn percent(ratio: Decimal) -> String {
    let ratio = ratio.normal();
    let whole = |factor| ratio.mantissa.checked_mul(factor);
    let shifted = match ratio.scale {
        0 => whole(100).map(Decimal::whole),
        1 => whole(10).map(Decimal::whole),
        scale => Some(Decimal { mantissa: ratio.mantissa, scale: scale - 2 }),
    };
    shifted.map_or_else(|| ratio.to_string(), |percent| format!("{percent} %"))
}

fn money(amount: Decimal, kind: Kind) -> String {
    match kind {
        Kind::Money(currency) => format!("{amount} {}", currency.code()),
        _ => amount.to_string(),
    }
}

/// `1 h 30 min`.
pub(crate) fn duration(micros: i64) -> String {
    let mut rest = micros.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, word) in UNITS {
        if rest >= unit {
            parts.push(format!("{} {word}", rest / unit));
            rest %= unit;
        }
    }
    let sign = if micros < 0 { "-" } else { "" };
    if parts.is_empty() { "0 s".to_owned() } else { format!("{sign}{}", parts.join(" ")) }
}

/// `2026-01-31T08:00:00Z`.
pub(crate) fn instant(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros).map_or_else(
        || format!("{micros} us"),
        |at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
    )
}

/// `2026-01-31` of days since 1970-01-01.
pub(crate) fn day(days: i32) -> String {
    chrono::NaiveDate::from_epoch_days(days)
        .map_or_else(|| days.to_string(), |date| date.format("%Y-%m-%d").to_string())
}

fn calendar(number: u32, catalog: &Catalog) -> String {
    let name = catalog.calendars.get(number as usize).map(|calendar| &calendar.name);
    name.map_or_else(String::new, |name| quoted(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_cards_write_them() {
        assert_eq!(duration(5_400_000_000), "1 h 30 min");
        assert_eq!(duration(-90_000_001), "-1 min 30 s 1 us");
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(172_800_000_000), "2 d");
    }

    #[test]
    fn ratios_are_written_as_percent_without_rounding() {
        let of = |mantissa, scale| percent(Decimal { mantissa, scale });
        assert_eq!(of(8, 1), "80 %");
        assert_eq!(of(995, 3), "99.5 %");
        assert_eq!(of(1, 0), "100 %");
        assert_eq!(of(i64::MAX, 0), i64::MAX.to_string());
    }

    #[test]
    fn moments_are_written_in_universal_time() {
        assert_eq!(instant(1_500_000), "1970-01-01T00:00:01.500Z");
        assert_eq!(instant(i64::MAX), format!("{} us", i64::MAX));
        assert_eq!(day(20_454), "2026-01-01");
    }
}
