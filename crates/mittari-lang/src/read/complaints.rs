//! What is said about keys and values, one function a message.

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

use super::yaml::{Node, NodeValue};

/// Nothing stands behind a key.
pub(crate) fn absent(place: Span, wanted: &str) -> Diagnostic {
    let message = format!("{wanted} is expected, found nothing");
    Diagnostic::new(Code::ValueMissing, place, message)
}

/// `~` or `null`.
pub(crate) fn nothing(place: Span, wanted: &str, found: &str) -> Diagnostic {
    let message = format!("{wanted} is expected, found `{found}`, which is no value");
    Diagnostic::new(Code::ValueMissing, place, message)
        .help("a key that is not needed is left out")
}

/// A text without a character; `sign` if it is a text block.
pub(crate) fn empty(place: Span, wanted: &str, sign: Option<char>) -> Diagnostic {
    let message = format!("{wanted} is expected, found an empty text");
    let complaint = Diagnostic::new(Code::ValueMissing, place, message);
    match sign {
        Some(sign) => complaint.help(format!("a leading `{sign}` opens a text block")),
        None => complaint,
    }
}

/// A list or mapping where something else belongs.
pub(crate) fn shape(place: Span, wanted: &str, found: &Node) -> Diagnostic {
    let message = format!("{wanted} is expected, found {}", form(found));
    let complaint = Diagnostic::new(Code::ValueShape, place, message);
    let formula = wanted.contains("formula") || wanted.contains("condition");
    match found.value {
        NodeValue::Mapping(_) if formula => {
            complaint.help("a formula with `: ` in it is written under `|`")
        }
        NodeValue::List(_) if formula => {
            complaint.help("a formula that begins with `[` is written under `|`")
        }
        _ => complaint,
    }
}

/// What a node is, in words.
fn form(node: &Node) -> &'static str {
    match node.value {
        NodeValue::Absent => "nothing",
        NodeValue::Text(..) => "a text",
        NodeValue::List(_) => "a list",
        NodeValue::Mapping(_) => "keys and values",
        NodeValue::Unsound => "something else",
    }
}

/// A required key that is not there.
pub(crate) fn missing_key(
    place: Span,
    what: &str,
    key: &str,
    wanted: &str,
) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, place, format!("{what} needs the key `{key}`"))
        .labelled(format!("`{key}` is missing"))
        .help(format!("`{key}:` {wanted}"))
}

/// None of several keys of which one is required.
pub(crate) fn missing_one_of(place: Span, what: &str, keys: &str) -> Diagnostic {
    let message = format!("{what} needs one of the keys {keys}");
    Diagnostic::new(Code::MissingKey, place, message).labelled("it has none of them")
}

/// Two keys that exclude each other.
pub(crate) fn not_both(
    first: &str,
    first_place: Span,
    second: &str,
    second_place: Span,
) -> Diagnostic {
    let message = format!("`{first}` or `{second}` is expected, found both");
    Diagnostic::new(Code::ValueShape, second_place, message)
        .with(first_place, format!("`{first}` stands here"))
}

/// A comment of YAML that cut a formula inside a text.
pub(crate) fn formula_cut(complaint: Diagnostic, comment: Span, key: &str) -> Diagnostic {
    let mut complaint = complaint.with(comment, "` #` begins a comment and cut the text");
    complaint.help =
        vec![format!("write the value of `{key}` under `|` on lines of its own")];
    complaint
}

/// A key that nobody knows.
pub(crate) fn unknown_key(place: Span, what: &str, key: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownKey, place, format!("{what} has no key `{key}`"))
}

/// One of a few words was expected.
pub(crate) fn word(place: Span, wanted: &str, found: &str) -> Diagnostic {
    let message = format!("{wanted} is expected, found `{}`", shown(found));
    Diagnostic::new(Code::ValueWord, place, message)
}

/// A list without an entry.
pub(crate) fn empty_list(place: Span, wanted: &str) -> Diagnostic {
    let message = format!("{wanted} is expected, found an empty list");
    Diagnostic::new(Code::ValueMissing, place, message)
}

/// A comment that may have cut a text.
pub(crate) fn text_cut(place: Span, text: Span) -> Diagnostic {
    let message = "` #` begins a comment, the text ends before it";
    Diagnostic::new(Code::TextCut, place, message)
        .with(text, "this is all of the text")
        .help("put the text in quotes, or the comment on a line of its own")
}

/// A day of the calendar in another form, or one that does not exist.
pub(crate) fn day(place: Span, found: &str) -> Diagnostic {
    let message = format!(
        "a day of the calendar as `2026-01-31` is expected, found `{}`",
        shown(found)
    );
    Diagnostic::new(Code::DateForm, place, message)
}

/// A moment in another form.
pub(crate) fn moment(place: Span, found: &str) -> Diagnostic {
    let found = shown(found);
    let message =
        format!("a day and time as `2026-01-31 08:00` is expected, found `{found}`");
    Diagnostic::new(Code::InstantForm, place, message)
}

/// A time of the day in another form.
pub(crate) fn clock(place: Span, found: &str) -> Diagnostic {
    let found = shown(found);
    let message = format!("opening hours as `08:00-16:00` are expected, found `{found}`");
    Diagnostic::new(Code::ClockTime, place, message)
}

/// A text as it is shown in a message, cut if it is long.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.trim().lines().next().unwrap_or("");
    if line.chars().count() > MOST {
        let mut cut: String = line.chars().take(MOST).collect();
        cut.push('…');
        cut
    } else {
        line.to_owned()
    }
}
