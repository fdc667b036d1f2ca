//! Times of a fixed width are read as their patterns read them.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::load::instant::{Moment, Pattern, days_of, iso_forms};

fn both(pattern: &str, text: &str, zone: &ZoneTable) -> (Option<i64>, Option<i64>) {
    let pattern = Pattern::new(pattern).unwrap();
    let mut stamps = StampList::new(vec![(pattern.form().unwrap(), false)]);
    let slow = pattern.moment(text).map(|moment| match moment {
        Moment::Local(local) => zone.instant_of_local(local),
        Moment::Exact(instant) => instant,
    });
    // Asked twice: by the zone, and by what was remembered.
    let first = stamps.instant(Slice::of(text), Some(zone), days_of);
    let again = stamps.instant(Slice::of(text), Some(zone), days_of);
    assert_eq!(first, again);
    // Behind the text stands another, as in a block of lines.
    let joined = format!("{text},2026-01-31 00:00:00");
    let usual =
        stamps.usual(Slice { bytes: joined.as_bytes(), start: 0, end: text.len() });
    assert!(usual.is_none_or(|usual| first == Some(usual)), "{text}");
    (first, slow)
}

#[test]
fn every_second_around_a_change_of_clocks() {
    let zone = ZoneTable::new(Tz::Europe__Helsinki);
    for day in ["2025-03-29", "2025-03-30", "2025-10-26", "2025-10-27", "2024-02-29"] {
        for second in (0..86_400).step_by(1_799) {
            let (hour, minute) = (second / 3_600, second / 60 % 60);
            let text = format!("{day} {hour:02}:{minute:02}:{:02}", second % 60);
            let (fast, slow) = both("%Y-%m-%d %H:%M:%S", &text, &zone);
            assert!(fast.is_some() && fast == slow, "{text}");
        }
    }
}

#[test]
fn what_is_no_time_is_left_to_the_pattern() {
    let zone = ZoneTable::new(Tz::UTC);
    for text in [
        "0000-00-00 00:00:00",
        "2025-02-29 00:00:00",
        "2025-13-01 00:00:00",
        "2025-01-01 24:00:00",
        "2025-01-01 00:60:00",
        "2025-01-01 00:00:60",
        "2025-01-01T00:00:00",
        "2025-01-01 00:00:0",
        "2025-01-01 00:00:000",
        "2025-01-01 00:00:0x",
        "2o25-01-01 00:00:00",
        "2025-01-0: 00:00:00",
        "2025-01-0\u{e9} 0:00:00",
        "",
    ] {
        let (fast, _) = both("%Y-%m-%d %H:%M:%S", text, &zone);
        assert_eq!(fast, None, "{text}");
    }
}

#[test]
fn other_orders_and_days_alone() {
    let zone = ZoneTable::new(Tz::UTC);
    for (pattern, text) in [
        ("%d.%m.%Y %H:%M", "31.01.2026 08:15"),
        ("%m/%d/%Y %H:%M:%S", "01/31/2026 08:15:59"),
        ("%Y%m%d%H%M%S", "20260131081559"),
        ("%Y-%m-%d", "2026-01-31"),
        ("%d-%m-%Y at %H:%M:%S", "31-01-2026 at 08:15:59"),
    ] {
        let (fast, slow) = both(pattern, text, &zone);
        assert!(fast.is_some() && fast == slow, "{text}");
    }
    assert!(Pattern::new("%Y-%m-%d and then at %H:%M").unwrap().form().is_none());
    assert!(Pattern::new("%d.%m.%y").unwrap().form().is_none());
    let forms = iso_forms();
    let ends =
        forms.iter().filter(|(form, exact)| form.length == 19 + usize::from(*exact));
    assert_eq!((forms.len(), ends.count()), (4, 4));
}

#[test]
fn a_day_that_came_before_is_found_by_its_date() {
    let zone = ZoneTable::new(Tz::Europe__Helsinki);
    for (pattern, text, others) in [
        (
            "%Y-%m-%d %H:%M:%S",
            "2026-01-31 08:15:59",
            ["2026-01-31 23:59:00", "2026-01-31 00:60:00", "2026-01-30 08:15:59"],
        ),
        (
            "%d.%m.%Y %H:%M",
            "31.01.2026 08:15",
            ["31.01.2026 23:59", "31.01.2026 24:00", "31.02.2026 08:15"],
        ),
        (
            "%H:%M %d.%m.%y0%Y",
            "08:15 31.01.2002026",
            ["08:16 31.01.2002026", "08:1: 31.01.2002026", "08:15 31.01.2002027"],
        ),
        (
            "%Y-%m-%dT%H:%M:%SZ",
            "2026-01-31T08:15:59Z",
            ["2026-01-31T08:16:00Z", "2026-01-31T08:16:00X", "2026-01-31 08:16:00Z"],
        ),
    ] {
        let Some(form) = Pattern::new(pattern).unwrap().form() else { continue };
        let mut stamps = StampList::new(vec![(form, false)]);
        let behind = |text: &str| format!("{text},2026-01-31 00:00:00");
        let usual = |stamps: &StampList, text: &str| {
            let joined = behind(text);
            stamps.usual(Slice { bytes: joined.as_bytes(), start: 0, end: text.len() })
        };
        assert_eq!(usual(&stamps, text), None, "{text}");
        let read = stamps.instant(Slice::of(text), Some(&zone), days_of);
        assert_eq!(usual(&stamps, text), read, "{text}");
        let [same, no_time, other_day] = others;
        assert!(usual(&stamps, same).is_some(), "{same}");
        assert_eq!(
            usual(&stamps, same),
            stamps.clone().instant(Slice::of(same), Some(&zone), days_of)
        );
        assert_eq!(usual(&stamps, no_time), None, "{no_time}");
        assert_eq!(usual(&stamps, other_day), None, "{other_day}");
    }
}

#[test]
fn forms_that_share_texts_are_read_in_their_order() {
    let zone = ZoneTable::new(Tz::UTC);
    let form = |pattern: &str| (Pattern::new(pattern).unwrap().form().unwrap(), false);
    let mut both = StampList::new(vec![form("%d/%m/%Y %H:%M"), form("%m/%d/%Y %H:%M")]);
    let mut read = |text: &str| {
        let usual = both.usual(Slice::of(text));
        (usual, both.instant(Slice::of(text), Some(&zone), days_of))
    };
    let (_, january) = read("01/31/2026 08:00");
    let (_, february) = read("01/02/2026 08:00");
    assert_eq!(february.zip(january).map(|(one, other)| one - other), Some(DAY));
    assert_eq!(read("01/31/2026 08:00"), (None, january));
    assert!(StampList::new(iso_forms()).apart);
}

proptest! {
    #[test]
    fn any_text_is_read_alike(text in "[0-9]{4}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-5][0-9:]") {
        let zone = ZoneTable::new(Tz::UTC);
        let (fast, slow) = both("%Y-%m-%d %H:%M:%S", &text, &zone);
        prop_assert_eq!(fast, slow.filter(|_| fast.is_some()));
        if text.bytes().skip(11).filter(|byte| *byte == b':').count() == 2 {
            prop_assert_eq!(fast, slow);
        }
    }
}
