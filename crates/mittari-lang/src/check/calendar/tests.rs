//! What a calendar becomes, and what is said of one that cannot be.

use super::*;
use crate::check::testing::{told, workspace};

fn read(text: &str) -> (Vec<ServiceCalendar>, String) {
    let (sources, workspace) = workspace(&[("calendars/desk.yaml", text)]);
    let outcome = calendars(&workspace.calendars, Tz::Europe__Helsinki);
    let said = told(&sources, &outcome.diagnostics);
    (outcome.value, said)
}

fn sound(text: &str) -> ServiceCalendar {
    let (mut calendars, said) = read(text);
    assert_eq!(said, "");
    calendars.pop().unwrap()
}

fn hours(from: u32, until: u32) -> (u32, u32) {
    (from * 3_600, until * 3_600)
}

#[test]
fn hours_breaks_and_days_of_their_own() {
    let calendar = sound(
        "\
calendar: desk
hours:
  mon-thu: 08:00-16:00
  fri: [13:00-16:00, 08:00-12:00, 12:00-13:00]
  sat: 22:00-06:00
breaks:
  mon-fri: 11:00-12:00
  sat: 02:00-03:00
holidays:
  2025-12-25: Christmas Day
exceptions:
  2025-12-31: 08:00-12:00
  2026-01-02: closed
closures:
  - {from: 2026-03-02 10:00, until: 2026-03-02 11:00, because: Drill.}
known_until: 2026-12-31
",
    );
    assert_eq!(calendar.zone, Tz::Europe__Helsinki);
    assert_eq!(calendar.weekly[0], [hours(8, 11), hours(12, 16)]);
    assert_eq!(calendar.weekly[4], calendar.weekly[0], "what touches is one opening");
    assert_eq!(calendar.weekly[5], [hours(22, 26), hours(27, 30)], "past midnight");
    assert_eq!(calendar.weekly[6], []);
    assert_eq!(calendar.holidays, [day_of(2025, 12, 25).unwrap()]);
    let dated = [
        (day_of(2025, 12, 31).unwrap(), vec![hours(8, 12)]),
        (day_of(2026, 1, 2).unwrap(), vec![]),
    ];
    assert_eq!(calendar.dated, dated);
    let from = i64::from(day_of(2026, 3, 2).unwrap()) * 24 + 8;
    assert_eq!(calendar.closures, [(from * 3_600_000_000, (from + 1) * 3_600_000_000)]);
    assert_eq!(calendar.known_until, day_of(2026, 12, 31));
}

#[test]
fn a_calendar_without_end_and_days_of_each_year() {
    let always = sound("{calendar: desk, always: true, time_zone: UTC}");
    assert_eq!(always.weekly, std::array::from_fn(|_| vec![hours(0, 24)]));
    let yearly = sound(
        "calendar: desk\nhours: {mon-sun: 00:00-24:00}\nevery_year: {02-29: Leap, 12-06: Day}",
    );
    let days: Vec<_> = yearly.holidays.iter().map(|day| date(*day)).collect();
    assert!(days.contains(&"2024-02-29".into()) && days.contains(&"2025-12-06".into()));
    assert!(!days.contains(&"2025-03-01".into()) && days.len() == 301 + 73);
}

#[test]
fn an_earlier_week_is_written_out_and_the_last_is_the_rule() {
    let calendar = sound(
        "\
calendar: desk
hours:
  2025-01-01: {mon-fri: 08:00-16:00}
  2026-06-01: {mon-fri: 09:00-15:00}
holidays: {2026-05-01: May Day}
",
    );
    assert_eq!(calendar.weekly[0], [hours(9, 15)]);
    let of = |day: i32| {
        let found = calendar.dated.iter().find(|(one, _)| *one == day);
        found.map(|(_, hours)| hours.clone())
    };
    assert_eq!(of(day_of(2026, 5, 29).unwrap()), Some(vec![hours(8, 16)]));
    assert_eq!(of(day_of(2026, 5, 30).unwrap()), Some(vec![]), "a Saturday");
    assert_eq!(of(day_of(2026, 5, 1).unwrap()), Some(vec![]), "a holiday");
    assert_eq!(of(day_of(2026, 6, 1).unwrap()), None, "the rule holds");
    assert_eq!(of(day_of(2024, 12, 31).unwrap()), Some(vec![]), "before all weeks");
}

#[test]
fn what_cannot_be_a_calendar() {
    let (calendars, said) = read(
        "\
calendar: desk
time_zone: Europe/Helsnki
hours:
  mon: [08:00-12:00, 11:00-16:00]
  tue: 08:00-16:00
breaks:
  tue: 17:00-18:00
holidays: {2027-01-01: Late}
exceptions: {2026-01-01: closed}
every_year: {02-29: Leap}
closures:
  - {from: 2026-03-02 10:00, until: 2026-03-02 09:00, because: Drill.}
known_until: 2026-12-31
",
    );
    assert!(calendars.is_empty());
    insta::assert_snapshot!(said, @"
    unknown-zone 2:12 there is no time zone `Europe/Helsnki`; a zone `Europe/Helsinki` exists
    calendar-form 4:22 openings that lie apart are expected, found one that begins inside another [4:9 inside this one]
    calendar-form 7:8 a break inside the hours is expected, found one outside those of Tuesday
    calendar-form 12:37 a closure that ends after it begins is expected, found one that does not [12:12 it begins here]
    calendar-form 8:12 no day after `known_until` is expected, which is 2026-12-31, found 2027-01-01 [13:14 the last known day]
    ");
}

#[test]
fn a_calendar_that_never_opens() {
    let (_, said) =
        read("calendar: desk\nhours: {mon: 08:00-09:00}\nbreaks: {mon: 07:00-10:00}");
    insta::assert_snapshot!(said, @"calendar-empty 1:11 a calendar that is open at some time is expected, `desk` never is | hours: {mon-fri: 08:00-16:00}");
    let late = sound(
        "calendar: desk\nhours: {mon: closed}\nexceptions: {2026-01-01: 08:00-09:00}",
    );
    assert_eq!(late.dated.len(), 1, "a day of its own is an opening");
}

#[test]
fn two_calendars_of_one_name() {
    let text = "calendar: desk\nalways: true";
    let (sources, workspace) =
        workspace(&[("calendars/desk.yaml", text), ("calendars/sub/desk.yaml", text)]);
    let outcome = calendars(&workspace.calendars, Tz::UTC);
    insta::assert_snapshot!(told(&sources, &outcome.diagnostics), @"duplicate-name 1:11 one calendar is expected for each name, found `desk` twice [1:11 first here]");
}
