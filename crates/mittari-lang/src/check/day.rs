//! The instant a local day begins.

use chrono::{Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono::{Offset as _, TimeZone as _};
use chrono_tz::Tz;

/// The first instant of a day in a zone, in microseconds since 1970-01-01T00:00Z.
///
/// Where the clock jumps over midnight, the day begins after the gap; where midnight
/// comes twice, with the first.
pub(super) fn start(zone: Tz, day: i32) -> i64 {
    let Some(midnight) = midnight(day) else {
        return if day < 0 { i64::MIN } else { i64::MAX };
    };
    let offset = |local: NaiveDateTime| match zone.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
            Some(offset.fix().local_minus_utc())
        }
        MappedLocalTime::None => None,
    };
    // No gap is longer than a day; the minute after it has the offset that holds.
    let after = (0..=24 * 60).find_map(|minutes| {
        let local = midnight.checked_add_signed(TimeDelta::minutes(minutes))?;
        Some((local, offset(local)?))
    });
    let (local, offset) = after.unwrap_or((midnight, 0));
    let micros = local.and_utc().timestamp_micros();
    micros.saturating_sub(i64::from(offset).saturating_mul(1_000_000))
}

/// Midnight at which a day begins, on the wall clock.
fn midnight(day: i32) -> Option<NaiveDateTime> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let days = Days::new(u64::from(day.unsigned_abs()));
    let date = if day < 0 {
        epoch.checked_sub_days(days)?
    } else {
        epoch.checked_add_days(days)?
    };
    Some(date.and_time(NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_local_midnight() {
        // 2026-07-01 00:00 in Helsinki is 2026-06-30T21:00Z.
        assert_eq!(start(Tz::Europe__Helsinki, 20_635), 1_782_853_200_000_000);
        assert_eq!(start(Tz::UTC, 0), 0);
        assert_eq!(start(Tz::UTC, -1), -86_400_000_000);
    }

    #[test]
    fn a_day_whose_midnight_does_not_exist_begins_after_the_gap() {
        // Sao Paulo, 2018-11-04: from 00:00 (-03) the clock goes to 01:00 (-02).
        let day = 17_839;
        assert_eq!(start(Tz::America__Sao_Paulo, day), 1_541_300_400_000_000);
    }

    #[test]
    fn days_beyond_the_calendar_do_not_overflow() {
        assert_eq!(start(Tz::UTC, i32::MAX), i64::MAX);
        assert_eq!(start(Tz::UTC, i32::MIN), i64::MIN);
    }
}
