//! Patterns are read as chrono reads them, and nothing is guessed.

use chrono::NaiveDateTime;
use proptest::prelude::*;

use super::*;

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what was read")]
fn local(text: &str) -> Option<Moment> {
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
    Some(Moment::Local(parsed.and_utc().timestamp_micros()))
}

fn read(pattern: &str, text: &str) -> Option<Moment> {
    Pattern::new(pattern).unwrap().moment(text)
}

#[test]
fn the_patterns_of_real_exports() {
    assert_eq!(read("%d/%m/%Y %H:%M", "29/2/2016 01:16"), local("2016-02-29 01:16:00"));
    assert_eq!(read("%y%m%d %H:%M:%S", "990131 9:05:07"), local("1999-01-31 09:05:07"));
    assert_eq!(read("%d.%m.%Y %H.%M", "1.12.2025 7.05"), local("2025-12-01 07:05:00"));
    assert_eq!(read("%F", "2025-12-01"), local("2025-12-01 00:00:00"));
    assert_eq!(
        read("%Y-%m-%dT%H:%M:%S%z", "2025-12-01T07:05:00+0200"),
        Some(Moment::Exact(1_764_565_500_000_000))
    );
    assert_eq!(
        read("%d %b %Y %I:%M %p", "01 Dec 2025 07:05 PM"),
        local("2025-12-01 19:05:00")
    );
    assert_eq!(read("%s", "0"), Some(Moment::Exact(0)));
    assert_eq!(
        read("%Y-%m-%d %H:%M:%S%.f", "2025-12-01 07:05:00.25"),
        local("2025-12-01 07:05:00.25")
    );
}

#[test]
fn what_is_no_moment_is_refused() {
    let pattern = "%d/%m/%Y %H:%M";
    for bad in [
        "",
        "29/2/2015 01:16",
        "2/29/2016 01:16",
        "29/2/16 01:16",
        "29/2/2016",
        "29/2/2016 24:00",
        "29/2/2016 01:60",
        "29/2/2016 01:16x",
        "29/2/12016 01:16",
        "99999999999999999999/1/2016 01:16",
    ] {
        assert_eq!(read(pattern, bad), None, "{bad}");
    }
    assert!(Pattern::new("%Q").is_none());
    assert_eq!(read("%d/%m/%Y %H:%M", "31/12/9999 23:59"), local("9999-12-31 23:59:00"));
}

#[test]
fn a_day_is_read_by_a_pattern_of_instants() {
    let day = |pattern: &str, text: &str| Pattern::new(pattern).unwrap().day(text);
    let pattern = "%d/%m/%Y %H:%M";
    assert_eq!(day(pattern, "2/1/1970 23:59"), Some(1));
    assert_eq!(day(pattern, "2/1/1970"), Some(1));
    assert_eq!(day(pattern, "2/1/1970 23"), None);
    assert_eq!(day("%d %b %Y", "02 Jan 1970"), Some(1));
    assert_eq!(day("%d.%m.%Y", "30.2.2024"), None);
}

#[test]
fn iso_8601_needs_no_pattern() {
    let exact = |micros| Some(Moment::Exact(micros));
    assert_eq!(iso("1970-01-02"), Some(Moment::Local(DAY)));
    assert_eq!(iso("1970-01-01T00:00:01"), Some(Moment::Local(SECOND)));
    assert_eq!(iso("1970-01-01 00:01"), Some(Moment::Local(60 * SECOND)));
    assert_eq!(iso("1970-01-01T00:00:01.5Z"), exact(1_500_000));
    assert_eq!(iso("1970-01-01T02:00:00+02:00"), exact(0));
    assert_eq!(iso("1970-01-01 00:00:00.1234567 -0130"), exact(5_400_123_456));
    for bad in [
        "",
        "1970",
        "1970-1-1",
        "1970-13-01",
        "1970-01-01T",
        "1970-01-01T24:00",
        "1970-01-01T00:00:00+",
        "1970-01-01T00:00:00+99:00",
        "1970-01-01X00:00",
        "1970-01-01T00:00.5",
        "1970-01-01T00:00:00.",
        "1970-01-01T00:00:00.x",
        "1970-01-01T0a:00:00",
        "1970-01-01T00:00:00+1:00",
        "älä kaada tätä nyt",
    ] {
        assert_eq!(iso(bad), None, "{bad}");
    }
}

/// What chrono reads, without our fast path.
fn oracle(pattern: &str, text: &str) -> Option<Moment> {
    let mut slow = Pattern::new(pattern).unwrap();
    slow.steps = None;
    slow.moment(text)
}

proptest! {
    #[test]
    fn the_fast_path_reads_what_chrono_reads(
        pattern in proptest::sample::select(vec![
            "%d/%m/%Y %H:%M", "%y%m%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S",
            "%d.%m.%Y", "%m/%d/%y %H:%M", "%FT%TZ", "%H:%M %d-%m-%Y",
        ]),
        text in "[0-3 ]?[0-9][/.-]?[01]?[0-9][/.-]?(19|20|21|9)?[0-9]{2} ?[0-2]?[0-9]:?[0-6][0-9](:[0-6]?[0-9])?Z?",
    ) {
        prop_assert_eq!(read(pattern, &text), oracle(pattern, &text));
    }

    #[test]
    fn written_times_are_read_back(
        seconds in -30_000_000_000_i64..253_402_300_799,
        pattern in proptest::sample::select(vec![
            "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%-d.%-m.%Y %-H:%M:%S",
            "%d %B %Y %I:%M:%S %p",
        ]),
    ) {
        let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
        let text = time.and_utc().format(pattern).to_string();
        let Some(Moment::Local(micros) | Moment::Exact(micros)) = read(pattern, &text) else {
            return Err(TestCaseError::fail(text));
        };
        prop_assert_eq!(micros, seconds * SECOND);
        prop_assert_eq!(read(pattern, &text), oracle(pattern, &text));
    }

    #[test]
    fn no_text_is_too_strange(text in ".{0,40}") {
        let _ = iso(&text);
        let _ = read("%d/%m/%Y %H:%M", &text);
        let _ = read("%Y-%m-%dT%H:%M:%S%.f%:z", &text);
    }
}
