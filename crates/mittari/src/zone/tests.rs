//! Tests of local time against chrono and against days on which clocks did odd things.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{
    DAY, FIRST_DAY, HOUR, LAST_DAY, NEAR_FIRST_DAY, NEAR_LAST_DAY, SECOND, ZoneTable,
    date_of_day, day_of_date, whole_days,
};

const ZONES: [Tz; 12] = [
    Tz::UTC,
    Tz::Europe__Helsinki,
    Tz::Europe__Dublin,
    Tz::America__Sao_Paulo,
    Tz::America__St_Johns,
    Tz::Asia__Tehran,
    Tz::Asia__Gaza,
    Tz::Africa__Casablanca,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
    Tz::Asia__Kathmandu,
    Tz::Africa__Freetown,
];

fn local(text: &str) -> i64 {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    time.and_utc().timestamp_micros()
}

fn instant(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

fn day(year: i32, month: u32, day: u32) -> i32 {
    day_of_date(NaiveDate::from_ymd_opt(year, month, day).unwrap())
}

/// The local time as chrono sees it.
fn chrono_local(zone: Tz, instant: i64) -> i64 {
    let moment = DateTime::from_timestamp_micros(instant).unwrap();
    moment.with_timezone(&zone).naive_local().and_utc().timestamp_micros()
}

#[test]
fn the_tables_begin_and_end_a_week_beside_the_years() {
    assert_eq!(FIRST_DAY, day(1899, 12, 25));
    assert_eq!(LAST_DAY, day(2201, 1, 7));
    assert_eq!(NEAR_FIRST_DAY, day(1999, 12, 25));
    assert_eq!(NEAR_LAST_DAY, day(2050, 1, 8));
    assert_eq!(date_of_day(0), NaiveDate::from_ymd_opt(1970, 1, 1));
    assert_eq!(date_of_day(i32::MAX), None);
}

#[test]
fn a_skipped_time_moves_forward_and_of_two_the_first_is_taken() {
    let table = ZoneTable::shared(Tz::Europe__Helsinki);
    let skipped = table.instant_of_local(local("2025-03-30 03:30"));
    assert_eq!(skipped, instant("2025-03-30T04:30:00+03:00"));
    let twice = table.instant_of_local(local("2025-10-26 03:30"));
    assert_eq!(twice, instant("2025-10-26T03:30:00+03:00"));
    assert_eq!(table.local_micros(twice + HOUR), local("2025-10-26 03:30"));
    assert_eq!((table.hour(twice), table.weekday(twice)), (3, 6));
}

#[test]
fn days_start_where_midnight_is_skipped_or_comes_twice() {
    // Clocks in São Paulo went from 00:00 to 01:00 on 2018-11-04.
    let table = ZoneTable::shared(Tz::America__Sao_Paulo);
    assert_eq!(table.day_start(day(2018, 11, 4)), instant("2018-11-04T01:00:00-02:00"));
    // In St. John's they went back from 00:01 to 23:01 on 2009-11-01.
    let table = ZoneTable::shared(Tz::America__St_Johns);
    let start = table.day_start(day(2009, 11, 1));
    assert_eq!(start, instant("2009-11-01T00:00:00-02:30"));
    let second = start + 30 * 60 * SECOND;
    assert_eq!(table.local_day(second), day(2009, 10, 31));
    assert_eq!(table.day_of(second), day(2009, 11, 1));
    // Samoa left out 2011-12-30.
    let table = ZoneTable::shared(Tz::Pacific__Apia);
    assert_eq!(table.day_start(day(2011, 12, 30)), table.day_start(day(2011, 12, 31)));
    let before = table.day_start(day(2011, 12, 31)) - 1;
    assert_eq!(table.day_of(before), day(2011, 12, 29));
}

#[test]
fn no_change_of_clocks_is_missed_between_two_steps() {
    for zone in ZONES {
        let table = ZoneTable::shared(zone);
        let mut at = i64::from(FIRST_DAY) * DAY;
        while at < i64::from(LAST_DAY) * DAY {
            assert_eq!(table.local_micros(at), chrono_local(zone, at), "{zone} {at}");
            at += 5 * DAY + 7 * HOUR;
        }
        for span in &table.far(0).unwrap().spans[1..] {
            for near in [span.from - SECOND, span.from, span.from + HOUR] {
                assert_eq!(table.local_micros(near), chrono_local(zone, near), "{zone}");
            }
        }
    }
}

proptest! {
    #[test]
    fn local_time_is_that_of_chrono(
        zone in prop::sample::select(ZONES.to_vec()),
        seconds in -3_000_000_000_i64..300_000_000_000,
        micros in 0..SECOND,
    ) {
        let at = seconds * SECOND + micros;
        let table = ZoneTable::shared(zone);
        let wall = chrono_local(zone, at);
        prop_assert_eq!(table.local_micros(at), wall);
        prop_assert_eq!(table.local_day(at), whole_days(wall));
    }

    #[test]
    fn instants_of_local_times_are_those_of_chrono(
        zone in prop::sample::select(ZONES.to_vec()),
        minutes in -60_000_000_i64..80_000_000,
        near in any::<prop::sample::Index>(),
        jitter in -200_i64..200,
        close in any::<bool>(),
    ) {
        let table = ZoneTable::shared(zone);
        let spans = &table.far(0).unwrap().spans;
        let span = spans[near.index(spans.len())];
        let wall = if close { span.from + span.offset + jitter * 60 * SECOND }
            else { minutes * 60 * SECOND };
        let time = DateTime::from_timestamp_micros(wall).unwrap().naive_utc();
        let found = table.instant_of_local(wall);
        match zone.from_local_datetime(&time) {
            LocalResult::Single(one) => prop_assert_eq!(found, one.timestamp_micros()),
            LocalResult::Ambiguous(one, other) => {
                let first = one.timestamp_micros().min(other.timestamp_micros());
                prop_assert_eq!(found, first);
            }
            LocalResult::None => prop_assert!(table.local_micros(found) > wall),
        }
    }

    #[test]
    fn a_day_holds_its_instants(
        zone in prop::sample::select(ZONES.to_vec()),
        at in -3_000_000_000_000_000_i64..9_000_000_000_000_000,
    ) {
        let table = ZoneTable::shared(zone);
        let day = table.day_of(at);
        prop_assert!(table.day_start(day) <= at && at < table.day_start(day + 1));
        prop_assert!((table.local_day(at) - day).abs() <= 1);
        prop_assert_eq!(table.find_day(at, whole_days(at)), day);
    }

    #[test]
    fn no_instant_is_too_large(at in any::<i64>()) {
        let table = ZoneTable::shared(Tz::America__New_York);
        let wall = table.local_micros(at);
        table.instant_of_local(wall);
        table.day_of(at);
        table.day_of(i64::MAX);
        table.day_of(i64::MIN);
    }
}
