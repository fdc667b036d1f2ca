//! A message about a place in the text, and how it becomes a diagnostic.
//!
//! A complaint has its place in the text and the small edits that would mend it; its
//! places in the file are looked up when everything is read.

use super::limits::MOST_COMPLAINTS;
use super::place::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::place::Located;

/// A change of the text: an insertion or a small replacement.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// What is replaced; empty for an insertion.
    pub(super) place: Place,
    /// What stands there afterwards.
    pub(super) text: String,
}

impl Edit {
    pub(super) fn replace(place: Place, text: &str) -> Self {
        Self { place, text: text.to_owned() }
    }

    pub(super) fn insert(at: usize, text: &str) -> Self {
        Self::replace(Place::new(at, at), text)
    }

    pub(super) fn remove(place: Place) -> Self {
        Self::replace(place, "")
    }
}

/// A message about a place in the text.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    pub(super) code: Code,
    pub(super) place: Place,
    /// How far the text is explained by it: what is left over there draws no second
    /// message.
    pub(super) reach: usize,
    message: String,
    also: Option<(Place, String)>,
    hint: Option<String>,
    pub(super) edits: Vec<Edit>,
}

impl Complaint {
    pub(super) fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            place,
            reach: place.end,
            message: message.into(),
            also: None,
            hint: None,
            edits: Vec::new(),
        }
    }

    pub(super) fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.also = Some((place, text.into()));
        self
    }

    pub(super) fn reaching(mut self, reach: usize) -> Self {
        self.reach = self.reach.max(reach);
        self
    }

    pub(super) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    pub(super) fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    pub(super) fn edits(mut self, edits: Vec<Edit>) -> Self {
        self.edits = edits;
        self
    }

    /// Whether it makes the text unsound.
    pub(super) fn is_error(&self) -> bool {
        self.code.severity() == crate::diagnostic::Severity::Error
    }
}

/// The diagnostics of a text, in the order of their places; the offered line stands at
/// the first that it mends.
pub(super) fn render(
    text: &Located,
    mut complaints: Vec<Complaint>,
    offered: Option<String>,
) -> Vec<Diagnostic> {
    complaints.sort_by_key(|complaint| (complaint.place.start, complaint.place.end));
    let surplus = complaints.len().saturating_sub(MOST_COMPLAINTS);
    complaints.truncate(MOST_COMPLAINTS);
    let mut diagnostics: Vec<_> =
        complaints.into_iter().map(|complaint| diagnostic(text, complaint)).collect();
    if let (Some(line), Some(first)) = (offered, diagnostics.first_mut()) {
        let advice = format!("write `{line}`");
        if !first.message.ends_with(&advice) {
            first.help = vec![advice];
        }
    }
    if let (1.., Some(last)) = (surplus, diagnostics.last_mut()) {
        last.help = vec![format!("{surplus} further faults of this text are not shown")];
    }
    diagnostics
}

fn diagnostic(text: &Located, complaint: Complaint) -> Diagnostic {
    let span = |place: Place| text.span(place.start..place.end);
    let mut diagnostic =
        Diagnostic::new(complaint.code, span(complaint.place), complaint.message);
    if let Some((place, words)) = complaint.also {
        diagnostic = diagnostic.with(span(place), words);
    }
    if let Some(hint) = complaint.hint {
        diagnostic = diagnostic.help(hint);
    }
    diagnostic
}
