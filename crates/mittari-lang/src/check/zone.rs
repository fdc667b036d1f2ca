//! Time zones by their names, and the instants of local times.

use chrono::{DateTime, Duration, LocalResult, Offset as _, TimeZone as _};
use chrono_tz::Tz;

use super::offers::offer;
use crate::diagnostic::{Code, Diagnostic};
use crate::hours::Moment;
use crate::span::Spanned;

/// The zone of an IANA name.
pub(super) fn zone(name: &Spanned<String>) -> Result<Tz, Diagnostic> {
    name.value.parse().map_err(|_| {
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let near = offer("a zone", &name.value, names);
        let message = format!("there is no time zone `{}`{near}", name.value);
        let diagnostic = Diagnostic::new(Code::UnknownZone, name.span, message);
        if near.is_empty() {
            diagnostic.help("a zone is named as in `Europe/Helsinki` or `UTC`")
        } else {
            diagnostic
        }
    })
}

/// The instant of a moment, in microseconds: by its own offset, else by the zone.
///
/// A local time that a change of clocks skips moves on by what was skipped, one that
/// comes twice is the first, as in RFC 5545. None only outside the years of a calendar.
pub(super) fn instant(moment: Moment, zone: Tz) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    if let Some(offset) = moment.offset {
        return moment.local.checked_sub(i64::from(offset).checked_mul(SECOND)?);
    }
    let local = DateTime::from_timestamp_micros(moment.local)?.naive_utc();
    match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => {
            Some(instant.timestamp_micros())
        }
        LocalResult::None => {
            // What holds a day before is what held when the clocks were changed.
            let before = local.checked_sub_signed(Duration::days(1))?;
            let offset = zone.offset_from_utc_datetime(&before).fix().local_minus_utc();
            moment.local.checked_sub(i64::from(offset).checked_mul(SECOND)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn at(text: &str, zone: Tz) -> i64 {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
            .unwrap()
            .and_utc()
            .timestamp_micros();
        instant(Moment { local, offset: None }, zone).unwrap() / 1_000_000
    }

    #[test]
    fn local_times_that_are_skipped_or_come_twice() {
        let zone = Tz::Europe__Helsinki;
        assert_eq!(at("2025-03-30 02:59", zone) + 60, at("2025-03-30 04:00", zone));
        assert_eq!(at("2025-03-30 03:30", zone), at("2025-03-30 04:30", zone));
        assert_eq!(at("2025-10-26 03:30", zone), at("2025-10-26 00:30", Tz::UTC));
    }

    #[test]
    fn offers_the_nearest_zone() {
        let name = Spanned::new(String::from("Europe/Helsnki"), Span::default());
        let diagnostic = zone(&name).unwrap_err();
        assert_eq!(
            diagnostic.message,
            "there is no time zone `Europe/Helsnki`; a zone `Europe/Helsinki` exists"
        );
    }
}
