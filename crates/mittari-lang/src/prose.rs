//! A text for people, in one language or in several.

use crate::span::{Span, Spanned};

/// A text for people: written once, or once for each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Localised {
    /// The texts in the order written. A text written without a language has none and
    /// stands alone.
    pub texts: Vec<LocalText>,
    /// Where all of it stands.
    pub span: Span,
}

/// One text and the language it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText {
    /// The language's code, `en`; none if the card names no language.
    pub language: Option<Spanned<String>>,
    /// The text, without blanks at its ends.
    pub text: Spanned<String>,
}

impl Localised {
    /// The text in a language; if there is none, the first text written.
    pub fn get(&self, language: &str) -> &str {
        let wanted = |text: &&LocalText| {
            text.language.as_ref().is_some_and(|code| code.value == language)
        };
        let found = self.texts.iter().find(wanted).or_else(|| self.texts.first());
        found.map_or("", |text| text.text.value.as_str())
    }

    /// The first text written.
    pub fn first(&self) -> &str {
        self.texts.first().map_or("", |text| text.text.value.as_str())
    }
}
