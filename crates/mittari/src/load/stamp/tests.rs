//! Times of a fixed width are read as their patterns read them.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::load::instant::{Moment, Pattern, days_of, iso_forms};

fn both(pattern: &str, text: &str, zone: &ZoneTable) -> (Option<i64>, Option<i64>) {
    let pattern = Pattern::new(pattern).unwrap();
    let mut stamps = Stamps::new(pattern.form().unwrap(), false);
    let slow = pattern.moment(text).map(|moment| match moment {
        Moment::Local(local) => zone.instant_of_local(local),
        Moment::Exact(instant) => instant,
    });
    // Asked twice: by the zone, and by what was remembered.
    let first = stamps.instant(Slice::of(text), Some(zone), days_of);
    let again = stamps.instant(Slice::of(text), Some(zone), days_of);
    assert_eq!(first, again);
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
