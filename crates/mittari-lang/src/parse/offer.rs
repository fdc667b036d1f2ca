//! The ready-to-paste line: all corrections made at once, offered only if the result
//! reads without a complaint.

use super::complaint::{Complaint, Edit};

/// The corrected text on one line, if there is one and it is sound.
pub(super) fn line(
    text: &str,
    complaints: &[Complaint],
    sound: impl Fn(&str) -> bool,
) -> Option<String> {
    if complaints.iter().any(|complaint| complaint.edits.is_empty()) {
        return None;
    }
    let edits = complaints.iter().flat_map(|complaint| complaint.edits.iter());
    let corrected = flat(&applied(text, edits)?)?;
    sound(&corrected).then_some(corrected)
}

/// The text after all edits; none if two of them touch the same characters.
fn applied<'a>(text: &str, edits: impl Iterator<Item = &'a Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.collect();
    // The sort is stable: insertions at one place keep the order they were made in.
    edits.sort_by_key(|edit| (edit.place.start, edit.place.end));
    let mut result = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        result.push_str(text.get(at..edit.place.start)?);
        result.push_str(&edit.text);
        at = edit.place.end;
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

/// Several lines as one; none if a comment stands in them, which would swallow the rest.
fn flat(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.contains(['\n', '\r']) {
        return Some(text.to_owned());
    }
    if text.contains('#') {
        return None;
    }
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).collect();
    Some(lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}
