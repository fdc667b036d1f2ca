//! Tests of working time: the worked checks of the domain, edges, and laws that must hold.

use chrono::DateTime;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{Calendar, CalendarError, CalendarRules, Hours};
use crate::zone::{DAY, HOUR, SECOND, day_of_date};

const MINUTE: i64 = 60 * SECOND;

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

/// An instant of a Helsinki wall clock, `2025-03-03 09:00`.
fn helsinki(text: &str) -> i64 {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    let zone = crate::zone::ZoneTable::shared(Tz::Europe__Helsinki);
    zone.instant_of_local(time.and_utc().timestamp_micros())
}

fn day(text: &str) -> i32 {
    day_of_date(text.parse().unwrap())
}

fn clock(from: u32, until: u32) -> Hours {
    Hours::new(from * 3_600, until * 3_600)
}

/// Helsinki, Monday to Friday 08-16.
fn desk() -> CalendarRules {
    let mut rules = CalendarRules::closed(Tz::Europe__Helsinki);
    for weekday in &mut rules.weekly[..5] {
        *weekday = vec![clock(8, 16)];
    }
    rules
}

fn ready(rules: &CalendarRules) -> Calendar {
    Calendar::covering(rules, 2005, 2030).unwrap()
}

fn measured(rules: &CalendarRules, start: &str, end: &str) -> i64 {
    ready(rules).working_time(helsinki(start), helsinki(end)).unwrap() / SECOND
}

#[test]
fn closed_eves_half_days_and_breaks_are_left_out() {
    let mut midsummer = desk();
    midsummer.dates.insert(day("2025-06-20"), Vec::new());
    assert_eq!(measured(&midsummer, "2025-06-19 15:00", "2025-06-23 09:00"), 7_200);

    let mut new_year = desk();
    new_year.dates.insert(day("2025-12-31"), vec![clock(8, 12)]);
    new_year.annual_holidays.insert((1, 1));
    assert_eq!(measured(&new_year, "2025-12-30 15:00", "2026-01-02 09:00"), 21_600);

    let mut lunch = desk();
    lunch.weekly_breaks[0] = vec![Hours::new(41_400, 43_200)];
    assert_eq!(measured(&lunch, "2025-03-03 11:00", "2025-03-03 13:00"), 5_400);
}

#[test]
fn changes_of_clocks_count_what_elapsed() {
    let always = CalendarRules::always_open(Tz::Europe__Helsinki);
    assert_eq!(measured(&always, "2025-03-29 12:00", "2025-03-30 12:00"), 82_800);
    assert_eq!(measured(&always, "2025-10-25 12:00", "2025-10-26 12:00"), 90_000);
    assert_eq!(measured(&always, "2025-03-28 20:00", "2025-03-30 20:00"), 47 * 3_600);
    assert_eq!(measured(&always, "2025-10-24 20:00", "2025-10-26 20:00"), 49 * 3_600);
    let (first, second) =
        (at("2025-10-26T03:30:00+03:00"), at("2025-10-26T03:30:00+02:00"));
    assert_eq!(ready(&always).working_time(first, second), Ok(HOUR));

    let mut nights = CalendarRules::closed(Tz::Europe__Helsinki);
    nights.weekly = std::array::from_fn(|_| vec![clock(22, 30)]);
    assert_eq!(measured(&nights, "2025-03-29 22:00", "2025-03-30 06:00"), 25_200);
    assert_eq!(measured(&nights, "2025-10-25 22:00", "2025-10-26 06:00"), 32_400);
}

#[test]
fn an_opening_that_the_clocks_skip_is_empty() {
    let mut rules = CalendarRules::closed(Tz::Europe__Helsinki);
    // From 03:15 (which becomes 04:15) until 04:00.
    rules.weekly[6] = vec![Hours::new(11_700, 14_400)];
    assert_eq!(measured(&rules, "2025-03-30 00:00", "2025-03-31 00:00"), 0);
    assert_eq!(measured(&rules, "2025-03-23 00:00", "2025-03-24 00:00"), 2_700);
}

#[test]
fn a_night_shift_belongs_to_the_day_it_starts_on() {
    let mut rules = CalendarRules::closed(Tz::Europe__Helsinki);
    rules.weekly = std::array::from_fn(|_| vec![clock(22, 30)]);
    rules.holidays.insert(day("2025-05-01"));
    assert_eq!(measured(&rules, "2025-04-30 12:00", "2025-05-01 12:00"), 8 * 3_600);
    assert_eq!(measured(&rules, "2025-05-01 12:00", "2025-05-02 12:00"), 0);
    // A night of the last day before the table reaches into it.
    let calendar = Calendar::covering(&rules, 2025, 2025).unwrap();
    let (start, end) = (helsinki("2025-01-01 00:00"), helsinki("2025-01-01 12:00"));
    assert_eq!(calendar.working_time(start, end), Ok(6 * HOUR));
}

#[test]
fn closures_go_before_dates_and_dates_before_holidays() {
    let mut rules = desk();
    rules.holidays.insert(day("2025-05-01"));
    rules.dates.insert(day("2025-05-01"), vec![clock(10, 14)]);
    assert_eq!(measured(&rules, "2025-05-01 00:00", "2025-05-02 00:00"), 4 * 3_600);
    rules.closures.push((helsinki("2025-05-01 13:00"), helsinki("2025-05-02 09:00")));
    assert_eq!(measured(&rules, "2025-05-01 00:00", "2025-05-02 10:00"), 4 * 3_600);
    // A date's own hours are all that holds on it: the weekly break is not.
    rules.weekly_breaks[3] = vec![clock(11, 12)];
    assert_eq!(measured(&rules, "2025-05-01 00:00", "2025-05-02 00:00"), 3 * 3_600);
    rules.date_breaks.insert(day("2025-05-01"), vec![clock(11, 12)]);
    assert_eq!(measured(&rules, "2025-05-01 00:00", "2025-05-02 00:00"), 2 * 3_600);
}

#[test]
fn a_budget_stays_on_the_closing_instant() {
    let calendar = ready(&desk());
    let monday = helsinki("2025-03-03 08:00");
    assert_eq!(calendar.due(monday, 8 * HOUR), Ok(helsinki("2025-03-03 16:00")));
    assert_eq!(calendar.due(monday, 8 * HOUR + 1), Ok(helsinki("2025-03-04 08:00") + 1));
    assert_eq!(calendar.due(monday + 1, 0), Ok(monday + 1));
    assert_eq!(calendar.due(monday - 1, 0), Ok(monday));
    assert_eq!(
        calendar.due(helsinki("2025-03-07 16:00"), 0),
        Ok(helsinki("2025-03-10 08:00"))
    );
    assert_eq!(calendar.due(monday, -1), Err(CalendarError::NegativeBudget));
    assert_eq!(calendar.inside(monday), Ok(true));
    assert_eq!(calendar.inside(helsinki("2025-03-03 16:00")), Ok(false));
}

#[test]
fn pauses_count_only_where_the_calendar_is_open() {
    let calendar = ready(&desk());
    let (start, end) = (helsinki("2025-03-03 09:00"), helsinki("2025-03-04 10:00"));
    let night = (helsinki("2025-03-03 15:00"), helsinki("2025-03-04 08:30"));
    assert_eq!(calendar.working_time_less(start, end, &[night]), Ok(27_000 * SECOND));
    // The same pause twice, in pieces and out of order counts once.
    let pieces = [(night.0 + HOUR, night.1), night, (night.0, night.0 + HOUR)];
    assert_eq!(calendar.working_time_less(start, end, &pieces), Ok(27_000 * SECOND));
    assert_eq!(calendar.due_less(start, 27_000 * SECOND, &pieces), Ok(end));
    // A budget that is spent as the pause begins does not wait for its end.
    assert_eq!(calendar.due_less(start, 6 * HOUR, &[night]), Ok(night.0));
    assert_eq!(calendar.due_less(night.0, 0, &[night]), Ok(night.1));
    let reversed = Err(CalendarError::ReversedPause);
    assert_eq!(calendar.due_less(start, 0, &[(end, start)]), reversed);
    assert_eq!(calendar.working_time_less(start, end, &[(end, start)]), reversed);
}

#[test]
fn what_cannot_be_measured_is_an_error_and_not_a_number() {
    let calendar = ready(&desk());
    let end_of_time = at("9999-12-31T23:59:59Z");
    assert_eq!(calendar.working_time(0, end_of_time), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.working_time(1, 0), Err(CalendarError::Reversed));
    assert_eq!(calendar.inside(i64::MIN), Err(CalendarError::OutOfRange));
    let monday = helsinki("2025-03-03 08:00");
    assert_eq!(calendar.due(monday, i64::MAX), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.before(monday, i64::MAX), Err(CalendarError::OutOfRange));

    let never = ready(&CalendarRules::closed(Tz::UTC));
    assert_eq!(never.working_time(monday, monday + DAY), Ok(0));
    assert_eq!(never.due(monday, 0), Err(CalendarError::NeverOpens));
    assert_eq!(never.due(monday, HOUR), Err(CalendarError::NeverOpens));
    assert_eq!(never.before(monday, 0), Err(CalendarError::NeverOpens));

    let mut longest = desk();
    longest.weekly[0] = vec![Hours::new(0, 8 * 86_400)];
    assert_eq!(Calendar::new(&longest).err(), Some(CalendarError::HoursTooLong));
    longest.weekly = std::array::from_fn(|_| {
        (0..43_200).map(|second| Hours::new(second * 2, second * 2 + 1)).collect()
    });
    assert_eq!(Calendar::new(&longest).err(), Some(CalendarError::TooManyOpenings));
}

#[test]
fn the_table_reaches_from_1900_to_2200() {
    let calendar = Calendar::new(&CalendarRules::always_open(Tz::UTC)).unwrap();
    let (first, last) = (at("1900-01-01T00:00:00Z"), at("2201-01-01T00:00:00Z"));
    assert_eq!(calendar.working_time(first, last), Ok(last - first));
    assert_eq!(calendar.inside(first - 1), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.near.openings.len(), 1);
}

#[test]
fn two_tables_say_what_one_of_all_years_says() {
    let mut night = CalendarRules::closed(Tz::Europe__Helsinki);
    night.weekly = std::array::from_fn(|_| vec![clock(20, 30)]);
    night.closures.push((at("1998-05-01T00:00:00Z"), at("2003-05-01T00:00:00Z")));
    let mut ends = CalendarRules::closed(Tz::UTC);
    ends.dates.insert(day("1999-12-31"), vec![clock(8, 40)]);
    ends.dates.insert(day("2049-12-31"), vec![clock(8, 24)]);
    for rules in [desk(), night, ends, CalendarRules::always_open(Tz::UTC)] {
        let two = Calendar::new(&rules).unwrap();
        let one = Calendar::covering(&rules, 1900, 2200).unwrap();
        let edges = ["1999-12-31", "2000-01-01", "2049-12-31", "2050-01-01"];
        let edges = edges.map(|text| i64::from(day(text)) * DAY);
        let steps = (-6..=6).map(|step| step * 5 * HOUR);
        let instants: Vec<i64> =
            edges.iter().flat_map(|edge| steps.clone().map(move |s| edge + s)).collect();
        for &start in &instants {
            assert_eq!(two.inside(start), one.inside(start));
            assert_eq!(two.next_open(start), one.next_open(start));
            for &end in &instants {
                assert_eq!(two.working_time(start, end), one.working_time(start, end));
            }
            for amount in [0, 1, HOUR, 8 * HOUR, 24 * HOUR, 500 * HOUR, i64::MAX / 2] {
                assert_eq!(two.due(start, amount), one.due(start, amount));
                assert_eq!(two.before(start, amount), one.before(start, amount));
            }
        }
    }
}

#[test]
fn holidays_are_known_until_the_end_of_a_date() {
    let mut rules = desk();
    assert_eq!(ready(&rules).known_until(), None);
    rules.known_until = Some(day("2026-12-31"));
    assert_eq!(ready(&rules).known_until(), Some(helsinki("2027-01-01 00:00")));
}

fn some_hours() -> impl Strategy<Value = Vec<Hours>> {
    let one = (0_u32..1_440, 1_u32..1_000)
        .prop_map(|(start, length)| Hours::new(start * 60, (start + length) * 60));
    prop::collection::vec(one, 0..3)
}

fn some_rules() -> impl Strategy<Value = CalendarRules> {
    let zones = [Tz::Europe__Helsinki, Tz::America__Sao_Paulo, Tz::Australia__Lord_Howe];
    let week = || prop::collection::vec(some_hours(), 7);
    let dates = prop::collection::btree_map(16_000..18_000_i32, some_hours(), 0..20);
    let holidays = prop::collection::btree_set(16_000..18_000_i32, 0..40);
    (prop::sample::select(zones.to_vec()), week(), week(), dates, holidays).prop_map(
        |(zone, weekly, breaks, dates, holidays)| {
            let mut rules = CalendarRules::closed(zone);
            rules.weekly = weekly.try_into().unwrap();
            rules.weekly[2].push(clock(9, 17));
            rules.weekly_breaks = breaks.try_into().unwrap();
            rules.weekly_breaks[2].clear();
            (rules.dates, rules.holidays) = (dates, holidays);
            rules
        },
    )
}

/// Instants of 2013 to 2019, some of them on whole hours.
fn some_instant() -> impl Strategy<Value = i64> {
    (16_000_i64 * 24..18_000 * 24, prop_oneof![Just(0), 0..HOUR])
        .prop_map(|(hour, rest)| hour * HOUR + rest)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn adding_and_measuring_are_inverse(
        rules in some_rules(),
        start in some_instant(),
        amount in prop_oneof![Just(0), 0..400 * HOUR],
        pauses in prop::collection::vec((0..200 * HOUR, 0..40 * HOUR), 0..4),
    ) {
        let calendar = Calendar::covering(&rules, 2010, 2030).unwrap();
        let due = calendar.due(start, amount).unwrap();
        prop_assert_eq!(calendar.working_time(start, due), Ok(amount));
        prop_assert!(amount == 0 || calendar.working_time(start, due - 1) == Ok(amount - 1));
        let from = calendar.before(start, amount).unwrap();
        prop_assert_eq!(calendar.working_time(from, start), Ok(amount));
        prop_assert!(amount == 0 || calendar.working_time(from + 1, start) == Ok(amount - 1));

        let pauses: Vec<_> = pauses.into_iter()
            .map(|(after, length)| (start + after, start + after + length)).collect();
        let due = calendar.due_less(start, amount, &pauses).unwrap();
        prop_assert_eq!(calendar.working_time_less(start, due, &pauses), Ok(amount));
        if amount == 0 {
            prop_assert!(calendar.inside(due).unwrap());
            prop_assert!(!pauses.iter().any(|(from, until)| (*from..*until).contains(&due)));
        } else {
            prop_assert!(calendar.working_time_less(start, due - 1, &pauses) == Ok(amount - 1));
        }
    }

    #[test]
    fn working_time_adds_up_and_never_outruns_the_clock(
        rules in some_rules(),
        mut three in [some_instant(), some_instant(), some_instant()],
    ) {
        three.sort_unstable();
        let calendar = Calendar::covering(&rules, 2010, 2030).unwrap();
        let time = |from: usize, until: usize| {
            calendar.working_time(three[from], three[until]).unwrap()
        };
        prop_assert_eq!(time(0, 1) + time(1, 2), time(0, 2));
        prop_assert!(time(0, 1) <= time(0, 2) && time(0, 2) <= three[2] - three[0]);
    }

    #[test]
    fn the_table_says_what_a_walk_by_minutes_says(rules in some_rules(), from in some_instant()) {
        let calendar = Calendar::covering(&rules, 2010, 2030).unwrap();
        let from = from.div_euclid(MINUTE) * MINUTE;
        // Some zones of the past stand seconds beside the minute; those of 2013-2019 do not.
        let mut open = 0;
        for minute in 0..3_000 {
            let instant = from + minute * MINUTE;
            open += i64::from(calendar.inside(instant).unwrap()) * MINUTE;
        }
        prop_assert_eq!(calendar.working_time(from, from + 3_000 * MINUTE), Ok(open));
    }
}
