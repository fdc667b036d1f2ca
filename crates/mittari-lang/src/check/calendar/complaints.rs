//! What is said about a service calendar, one function for each message.

use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Span, Spanned};

fn form(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::CalendarForm, span, message)
}

pub(super) fn twice(name: &Spanned<String>, first: Span) -> Diagnostic {
    let message =
        format!("one calendar is expected for each name, found `{}` twice", name.value);
    Diagnostic::new(Code::DuplicateName, name.span, message).with(first, "first here")
}

pub(super) fn never_open(name: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "a calendar that is open at some time is expected, `{}` never is",
        name.value
    );
    Diagnostic::new(Code::CalendarEmpty, name.span, message)
        .help("hours: {mon-fri: 08:00-16:00}")
}

pub(super) fn overlap(span: Span, first: Span) -> Diagnostic {
    form(
        span,
        "openings that lie apart are expected, found one that begins inside another",
    )
    .with(first, "inside this one")
}

pub(super) fn whole_day_from(span: Span, clock: &str) -> Diagnostic {
    let message =
        format!("an end that differs from the start is expected, found `{clock}` twice");
    form(span, message).help("a whole day is `00:00-24:00`")
}

pub(super) fn idle_break(span: Span, day: &str) -> Diagnostic {
    form(
        span,
        format!("a break inside the hours is expected, found one outside those of {day}"),
    )
}

pub(super) fn week_twice(span: Span, first: Span) -> Diagnostic {
    form(span, "one week is expected for each `since`, found two").with(first, "one here")
}

pub(super) fn day_twice(span: Span, first: Span, what: &str, day: &str) -> Diagnostic {
    form(span, format!("one {what} is expected for a day, found two for {day}"))
        .with(first, "one here")
}

pub(super) fn no_such_day(span: Span, month: u8, day: u8) -> Diagnostic {
    form(span, format!("a day of the year is expected, found `{month:02}-{day:02}`"))
}

pub(super) fn reversed(until: Span, from: Span) -> Diagnostic {
    form(
        until,
        "a closure that ends after it begins is expected, found one that does not",
    )
    .with(from, "it begins here")
}

pub(super) fn out_of_range(span: Span) -> Diagnostic {
    form(span, "a moment in the years 1900 to 2200 is expected")
}

pub(super) fn beyond_known(
    span: Span,
    day: &str,
    known: Span,
    until: &str,
) -> Diagnostic {
    let message =
        format!("no day after `known_until` is expected, which is {until}, found {day}");
    form(span, message).with(known, "the last known day")
}
