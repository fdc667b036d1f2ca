//! What we say about the texts: plain data, rendered only at the edge.

mod code;

pub use code::Code;

use crate::span::Span;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The thing is unsound and takes no further part.
    Error,
    /// Sound, but likely not what was meant.
    Warning,
}

/// A place and what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said of it; may be empty for the first label.
    pub text: String,
}

/// One message: a code, a sentence, the places, and at most one thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which message this is.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence: what was expected before what was found.
    pub message: String,
    /// The places; the first is the one the message is about.
    pub labels: Vec<Label>,
    /// What to do: at most one ready-to-paste line, and remarks.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A message about one place, with the weight its code has.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: Vec::new(),
        }
    }

    /// Says something at the first place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn with(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// The place the message is about.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// Whether it makes what it is about unsound.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A value and everything that was said while it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<T> {
    /// What could be made.
    pub value: T,
    /// What was said.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// A value with nothing to say.
    pub const fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// The value alone, if nothing made it unsound.
    pub fn into_result(self) -> Result<T, Vec<Diagnostic>> {
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            Err(self.diagnostics)
        } else {
            Ok(self.value)
        }
    }
}
