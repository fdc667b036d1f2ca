//! The conformance vectors of twelve libraries, every line by mittari's own rules.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use super::{Calendar, CalendarError, CalendarRules, Hours};
use crate::zone::day_of_date;

const VECTORS: &str = include_str!("../../../../tests/vectors/business_time.jsonl");
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Seconds of a day from `HH:MM`, hours past 24 included.
fn seconds(text: &Value) -> u32 {
    let (hour, minute) = text.as_str().unwrap().split_once(':').unwrap();
    hour.parse::<u32>().unwrap() * 3_600 + minute.parse::<u32>().unwrap() * 60
}

fn hours(list: &Value) -> Vec<Hours> {
    let pairs = list.as_array().unwrap().iter();
    pairs.map(|pair| Hours::new(seconds(&pair[0]), seconds(&pair[1]))).collect()
}

fn day(text: &str) -> i32 {
    day_of_date(text.parse::<NaiveDate>().unwrap())
}

fn instant(value: &Value) -> i64 {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().timestamp_micros()
}

#[expect(clippy::cast_possible_truncation, reason = "the vectors span decades at most")]
fn micros(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 1e6).round() as i64
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap())
}

fn rules(line: &Value) -> CalendarRules {
    let mut rules =
        CalendarRules::closed(line["time_zone"].as_str().unwrap().parse().unwrap());
    let calendar = &line["calendar"];
    for (number, name) in WEEKDAYS.iter().enumerate() {
        let of_day = |key: &str| calendar[key].get(name).map(hours).unwrap_or_default();
        rules.weekly[number] = of_day("weekly");
        rules.weekly_breaks[number] = of_day("weekly_breaks");
    }
    let dated =
        |key: &str| members(&calendar[key]).map(|(date, list)| (day(date), hours(list)));
    rules.dates = dated("date_hours").collect();
    rules.date_breaks = dated("date_breaks").collect();
    rules.holidays = texts(&calendar["holidays"]).map(day).collect();
    let annual = texts(&calendar["annual_holidays"]).map(|text| {
        let (month, day) = text.split_once('-').unwrap();
        (month.parse().unwrap(), day.parse().unwrap())
    });
    rules.annual_holidays = annual.collect();
    let closures = calendar["closures"].as_array().into_iter().flatten();
    rules.closures =
        closures.map(|pair| (instant(&pair[0]), instant(&pair[1]))).collect();
    rules
}

/// Time between two instants: exactly what was recomputed; the source's own answer where
/// it agrees, within its tolerance; of a reversed pair no value.
fn check_between(calendar: &Calendar, line: &Value, (start, end): (i64, i64)) {
    let id = &line["id"];
    let recomputed = micros(&line["recomputed_seconds"]);
    if Calendar::is_reversed(start, end) {
        assert_eq!(
            calendar.working_time(start, end),
            Err(CalendarError::Reversed),
            "{id}"
        );
        assert_eq!(calendar.working_time(end, start), Ok(-recomputed), "{id}");
        return;
    }
    let time = calendar.working_time(start, end).unwrap();
    assert_eq!(time, recomputed, "{id}");
    if line["agrees"] == true {
        let tolerance = line["tolerance_seconds"].as_f64().unwrap_or(0.0) * 1e6;
        let distance = (time - micros(&line["expected_seconds"])).abs();
        assert!(distance as f64 <= tolerance, "{id}");
    }
}

/// The instant a budget later, or earlier: mittari stays on the closing (or opening)
/// instant; a source that rolls on is one step further.
fn check_moved(calendar: &Calendar, line: &Value, (start, end): (i64, i64)) {
    let id = &line["id"];
    let amount = micros(&line["expected_seconds"]);
    assert_eq!(line["agrees"], true, "{id}");
    let rolls = line["deadline_rule"] == "roll";
    if line["op"] == "add" {
        let due = calendar.due(start, amount).unwrap();
        let due = if rolls { calendar.next_open(due).unwrap() } else { due };
        assert_eq!(due, end, "{id}");
    } else {
        let from = calendar.before(end, amount).unwrap();
        let from = if rolls { calendar.before(from, 0).unwrap() } else { from };
        assert_eq!(from, start, "{id}");
    }
    assert_eq!(calendar.working_time(start, end), Ok(amount), "{id}");
}

#[test]
fn every_vector_is_answered_by_our_rules() {
    let (mut between, mut moved) = (0, 0);
    for line in VECTORS.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let calendar = Calendar::covering(&rules(&line), 1990, 2025).unwrap();
        let ends = (instant(&line["start"]), instant(&line["end"]));
        assert_eq!(line["pauses"].as_array().map(Vec::len), Some(0));
        match line["op"].as_str().unwrap() {
            "between" => {
                check_between(&calendar, &line, ends);
                between += 1;
            }
            "add" | "subtract" => {
                check_moved(&calendar, &line, ends);
                moved += 1;
            }
            other => panic!("no rule for {other}"),
        }
    }
    assert_eq!((between, moved), (173, 277));
    assert_eq!(between + moved, 450);
}

#[test]
fn every_convention_that_is_not_ours_is_a_known_one() {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for line in VECTORS.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["agrees"] == false {
            let convention = line["convention"].as_str().unwrap();
            let kind = convention.split_whitespace().next().unwrap();
            *seen.entry(kind.to_owned()).or_default() += 1;
            let reversed =
                Calendar::is_reversed(instant(&line["start"]), instant(&line["end"]));
            assert_eq!(reversed, kind == "reversed", "{}", line["id"]);
        }
    }
    let expected = [("reversed", 33), ("stepping", 4), ("wall-clock", 1)];
    assert_eq!(seen, expected.map(|(kind, n)| (kind.to_owned(), n)).into());
}
