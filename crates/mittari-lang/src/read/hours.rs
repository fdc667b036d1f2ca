//! A service calendar: its keys and what becomes of them.

use serde_json::{Value as Json, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::hours::{
    Anniversary, Closure, Exception, Holiday, Hours, TimeRange, Week, WeekDays,
};
use crate::prose::Localised;
use crate::span::{Span, Spanned};

use super::complaints;
use super::cx::Cx;
use super::dates::{Day, DayOfYear, MomentKind, OpenTime, looks_like_day};
use super::field::{Form, Kind, Place, Record, Section, form};
use super::kinds::{Either, ListOf, OneOrMore, Prose, ShortOr, Text};
use super::words::Truth;
use super::yaml::{Entry, Node, NodeValue};
use crate::nearest::nearest;

form! {
    /// A service calendar while it is read.
    HoursDraft {
        "calendar" required name: Text, "its name";
        "title" optional title: Prose, "what it is called";
        "time_zone" optional time_zone: Text, "its zone by the IANA name, else the workspace's";
        "always" optional always: Truth, "`true` if it is open all the time; then it has no hours";
        "hours" optional hours: Weeks, "when it is open in a week: `mon-fri: 08:00-16:00`; under days of the calendar, from those days on";
        "breaks" optional breaks: Weeks, "when it is closed inside those hours, written alike";
        "holidays" optional holidays: DaysOff, "days on which it is closed, each with its name";
        "every_year" optional every_year: DaysOfYear, "days of each year on which it is closed, each with its name";
        "exceptions" optional exceptions: Exceptions, "days with hours of their own, which win over the week and the holidays";
        "closures" optional closures: ListOf<Record<ClosureDraft>>, "times between two moments in which it is closed";
        "known_until" optional known_until: Day, "the last day for which holidays and exceptions are entered";
        "source" optional source: OneOrMore<Prose>, "where its facts come from";
        "notes" optional notes: OneOrMore<Prose>, "what to know about it";
    }
}

impl Form for HoursDraft {
    type Out = Hours;
    const NAME: &'static str = "a service calendar";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Hours> {
        let always = self.always.is_some_and(|always| always.value);
        if always && self.hours.is_some() {
            cx.say(place.not_both("always", "hours"));
        }
        if !always && self.hours.is_none() {
            cx.unless_said(place.span, || {
                let keys = "`hours` and `always`";
                complaints::missing_one_of(place.head, Self::NAME, keys)
            });
        }
        Some(Hours {
            source: place.source(),
            name: self.name?,
            title: self.title,
            time_zone: self.time_zone,
            always: self.always,
            weeks: self.hours.unwrap_or_default(),
            breaks: self.breaks.unwrap_or_default(),
            holidays: self.holidays.unwrap_or_default(),
            every_year: self.every_year.unwrap_or_default(),
            exceptions: self.exceptions.unwrap_or_default(),
            closures: self.closures.unwrap_or_default(),
            known_until: self.known_until,
            origin: self.source.unwrap_or_default(),
            notes: self.notes.unwrap_or_default(),
        })
    }
}

form! {
    /// A service calendar of a test while it is read.
    OwnHoursDraft {
        "time_zone" optional time_zone: Text, "its zone by the IANA name, else the workspace's";
        "always" optional always: Truth, "`true` if it is open all the time; then it has no hours";
        "hours" optional hours: Weeks, "when it is open in a week: `mon-fri: 08:00-16:00`";
        "breaks" optional breaks: Weeks, "when it is closed inside those hours, written alike";
        "holidays" optional holidays: DaysOff, "days on which it is closed, each with its name";
        "exceptions" optional exceptions: Exceptions, "days with hours of their own, which win over the week and the holidays";
        "closures" optional closures: ListOf<Record<ClosureDraft>>, "times between two moments in which it is closed";
        "known_until" optional known_until: Day, "the last day for which holidays and exceptions are entered";
    }
}

impl Form for OwnHoursDraft {
    type Out = Hours;
    const NAME: &'static str = "a service calendar of a test";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Hours> {
        // No calendar of a workspace can have this name.
        let name = Spanned::new("of this test".to_owned(), place.head);
        let whole = HoursDraft {
            name: Some(name),
            time_zone: self.time_zone,
            always: self.always,
            hours: self.hours,
            breaks: self.breaks,
            holidays: self.holidays,
            exceptions: self.exceptions,
            closures: self.closures,
            known_until: self.known_until,
            ..HoursDraft::default()
        };
        whole.finish(place, cx)
    }
}

const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

type Ranges = OneOrMore<OpenTime>;

/// The hours of a day; `closed` is none.
fn ranges(node: &Node, cx: &mut Cx<'_>) -> Option<Vec<Spanned<TimeRange>>> {
    Some(Ranges::read(node, cx)?.into_iter().flatten().collect())
}

/// The week, or the week in versions by the day they come into force.
pub(crate) struct Weeks;

impl Kind for Weeks {
    type Out = Vec<Week>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Vec<Week>> {
        let entries = mapping(node, &Self::words(), cx)?;
        if !entries.first().is_some_and(|entry| looks_like_day(&entry.key.text)) {
            return Some(vec![Week { since: None, days: week(entries, cx) }]);
        }
        let mut weeks = Vec::new();
        for entry in entries {
            let key = Spanned::new(entry.key.text.as_str(), entry.key_span);
            let since = Day::of(key, cx);
            let days = cx.under(entry, |node, cx| {
                mapping(node, "the hours of a week", cx).map(|entries| week(entries, cx))
            });
            if let (Some(since), Some(days)) = (since, days) {
                weeks.push(Week { since: Some(since), days });
            }
        }
        weeks.sort_by_key(|week| week.since.map(|since| since.value));
        Some(weeks)
    }

    fn schema() -> Json {
        let week = json!({
            "type": "object",
            "minProperties": 1,
            "patternProperties": {
                "^(mon|tue|wed|thu|fri|sat|sun)([-, ]+(mon|tue|wed|thu|fri|sat|sun))*$":
                    Ranges::schema(),
            },
            "additionalProperties": false,
        });
        json!({"anyOf": [week, {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^\\d{4}-\\d{2}-\\d{2}$": week},
            "additionalProperties": false,
        }]})
    }

    fn words() -> String {
        "days of the week, as `mon-fri`, and hours, as `08:00-16:00`,".into()
    }
}

/// The entries of a mapping that has at least one.
fn mapping<'n>(node: &'n Node, wanted: &str, cx: &mut Cx<'_>) -> Option<&'n [Entry]> {
    match &node.value {
        NodeValue::Mapping(entries) if !entries.is_empty() => return Some(entries),
        NodeValue::Mapping(_) | NodeValue::Absent => {
            cx.absent(node, wanted);
        }
        NodeValue::Unsound => {}
        NodeValue::Text(..) | NodeValue::List(_) => {
            cx.say(complaints::shape(cx.place(node), wanted, node));
        }
    }
    None
}

/// The hours of a week; no day may be named twice.
fn week(entries: &[Entry], cx: &mut Cx<'_>) -> Vec<WeekDays> {
    let mut week: Vec<WeekDays> = Vec::new();
    for entry in entries {
        let days = days(&entry.key.text, entry.key_span, cx);
        let open = cx.under(entry, ranges);
        let (Some(days), Some(open)) = (days, open) else { continue };
        let days = Spanned::new(days, entry.key_span);
        let twice = |day: &&u8| week.iter().any(|other| other.days.value.contains(day));
        if let Some(day) = days.value.iter().find(twice) {
            let name = DAYS.get(usize::from(*day)).copied().unwrap_or_default();
            let message = format!("`{name}` has its hours twice");
            cx.say(Diagnostic::new(Code::DuplicateKey, entry.key_span, message));
        }
        week.push(WeekDays { days, open });
    }
    week
}

/// The days of a key: `mon`, `mon-fri`, `sat, sun`.
fn days(key: &str, place: Span, cx: &mut Cx<'_>) -> Option<Vec<u8>> {
    let mut days = Vec::new();
    for part in key.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (Some(first), Some(last)) = (weekday(first), weekday(last)) else {
            let wanted = "days of the week, as `mon-fri` or `sat, sun`,";
            let complaint = complaints::word(place, wanted, key);
            cx.say(match nearest(part, DAYS.iter().copied()).or_else(|| long(part)) {
                Some(day) => complaint.help(format!("write `{day}`")),
                None => complaint,
            });
            return None;
        };
        // A range may pass the end of the week: `sat-mon`.
        let length = (last + 7 - first) % 7;
        days.extend((0..=length).map(|step| (first + step) % 7));
    }
    (!days.is_empty()).then_some(days)
}

fn weekday(name: &str) -> Option<u8> {
    DAYS.iter().position(|day| *day == name).and_then(|day| u8::try_from(day).ok())
}

/// The short name of a day that was written in full or in capitals.
fn long(name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    DAYS.iter().copied().find(|day| small.starts_with(day))
}

/// Days behind a name or without one: a mapping, or a list of days or of records.
fn named_days<T>(
    node: &Node,
    cx: &mut Cx<'_>,
    of: fn(Spanned<&str>, &mut Cx<'_>) -> Option<Spanned<T>>,
) -> Option<Vec<(Spanned<T>, Option<Localised>)>> {
    let mut out = Vec::new();
    match &node.value {
        NodeValue::List(items) => {
            for item in items {
                let text = cx.text(item, "a day");
                let day = text.and_then(|text| {
                    of(Spanned::new(text.text.as_str(), text.whole()), cx)
                });
                out.extend(day.map(|day| (day, None)));
            }
        }
        _ => {
            for entry in mapping(node, "days, behind each its name", cx)? {
                let key = Spanned::new(entry.key.text.as_str(), entry.key_span);
                let day = of(key, cx);
                let absent = matches!(entry.value.value, NodeValue::Absent);
                let name = if absent { None } else { cx.under(entry, Prose::read) };
                out.extend(day.map(|day| (day, name)));
            }
        }
    }
    Some(out)
}

/// The schema of days behind which stands a name, or of a list of days.
fn days_schema(pattern: &str) -> Json {
    let name = json!({"anyOf": [Prose::schema(), {"type": "null"}]});
    json!({"anyOf": [
        {"type": "array", "items": {"type": "string", "pattern": pattern}},
        {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {pattern: name},
            "additionalProperties": false,
        },
    ]})
}

/// The holidays of a calendar.
pub(crate) struct DaysOff;

impl Kind for DaysOff {
    type Out = Vec<Holiday>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let days = named_days(node, cx, Day::of)?.into_iter();
        Some(days.map(|(day, name)| Holiday { day, name }).collect())
    }

    fn schema() -> Json {
        days_schema("^\\d{4}-\\d{2}-\\d{2}$")
    }

    fn words() -> String {
        "days as `2026-01-31`, behind each its name".into()
    }
}

/// The days of each year on which a calendar is closed.
pub(crate) struct DaysOfYear;

impl Kind for DaysOfYear {
    type Out = Vec<Anniversary>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let days = named_days(node, cx, DayOfYear::of)?.into_iter();
        Some(days.map(|(day, name)| Anniversary { day, name }).collect())
    }

    fn schema() -> Json {
        days_schema("^\\d{2}-\\d{2}$")
    }

    fn words() -> String {
        "days as `12-24`, behind each its name".into()
    }
}

/// Days with hours of their own.
pub(crate) struct Exceptions;

type ExceptionKind = ShortOr<Ranges, Record<ExceptionDraft>>;

impl Kind for Exceptions {
    type Out = Vec<Exception>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let mut out = Vec::new();
        for entry in mapping(node, &Self::words(), cx)? {
            let day = Day::of(Spanned::new(entry.key.text.as_str(), entry.key_span), cx);
            let value = cx.under(entry, ExceptionKind::read);
            let (Some(day), Some(value)) = (day, value) else { continue };
            let (open, because) = match value {
                Either::Short(open) => (open, None),
                Either::Long(long) => long,
            };
            let open = open.into_iter().flatten().collect();
            out.push(Exception { day, open, because });
        }
        Some(out)
    }

    fn schema() -> Json {
        json!({
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^\\d{4}-\\d{2}-\\d{2}$": ExceptionKind::schema()},
            "additionalProperties": false,
        })
    }

    fn words() -> String {
        "days as `2026-12-31`, behind each its hours".into()
    }

    fn sections(out: &mut Vec<Section>) {
        ExceptionKind::sections(out);
    }
}

form! {
    /// A day with hours of its own while it is read.
    ExceptionDraft {
        "hours" required hours: Ranges, "when it is open on that day, or `closed`";
        "because" optional because: Prose, "why";
    }
}

impl Form for ExceptionDraft {
    type Out = (Vec<Option<Spanned<TimeRange>>>, Option<Localised>);
    const NAME: &'static str = "an exception";

    fn finish(self, _: Place, _: &mut Cx<'_>) -> Option<Self::Out> {
        Some((self.hours?, self.because))
    }
}

form! {
    /// A closure while it is read.
    ClosureDraft {
        "from" required from: MomentKind, "the first moment it is closed";
        "until" required until: MomentKind, "the moment it opens again";
        "because" optional because: Prose, "why";
    }
}

impl Form for ClosureDraft {
    type Out = Closure;
    const NAME: &'static str = "a closure";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Closure> {
        Some(Closure {
            from: self.from?,
            until: self.until?,
            because: self.because,
            span: place.span,
        })
    }
}
