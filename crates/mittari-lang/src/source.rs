//! The texts that we were given, with their names.
//!
//! No file system is touched here: the caller loads the texts and says what they are
//! called, so that a workspace can live in a folder, in memory or in an editor.

use crate::span::{SourceId, Span};

/// One text and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path below the workspace, with `/` between its parts: `sla/fcr.yaml`.
    pub name: String,
    /// The whole text, as it was read.
    pub text: String,
}

/// All texts of a workspace, in the order they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    list: Vec<Source>,
}

/// A place for people: a line and a column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1; a byte order mark has no column.
    pub column: u32,
}

impl Sources {
    /// No texts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and says under which number it is kept.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Source { name: name.into(), text: text.into() });
        id
    }

    /// The source with this number.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// All sources with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list.iter().enumerate().map(|(number, source)| {
            (SourceId(u32::try_from(number).unwrap_or(u32::MAX)), source)
        })
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The text of a place, cut at borders of characters.
    pub fn text(&self, span: Span) -> &str {
        let Some(source) = self.get(span.source) else { return "" };
        let text = source.text.as_str();
        let start = border(text, span.start as usize);
        let end = border(text, span.end as usize).max(start);
        text.get(start..end).unwrap_or("")
    }

    /// The line and column at which a place begins.
    pub fn position(&self, span: Span) -> Position {
        let Some(source) = self.get(span.source) else {
            return Position { line: 1, column: 1 };
        };
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let skipped = source.text.len() - text.len();
        let at = border(text, (span.start as usize).saturating_sub(skipped));
        let before = text.get(..at).unwrap_or("");
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let begin = before.rfind('\n').map_or(0, |place| place + 1);
        let column = before.get(begin..).unwrap_or("").chars().count() + 1;
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// The nearest border of a character at or before a byte.
fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_a_byte_order_mark() {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", "\u{feff}käy: b\r\nx: y");
        let at = |start| sources.position(Span::new(id, start, start));
        assert_eq!(at(3), Position { line: 1, column: 1 });
        assert_eq!(at(9), Position { line: 1, column: 6 });
        assert_eq!(at(12), Position { line: 2, column: 1 });
        assert_eq!(at(99), Position { line: 2, column: 5 });
    }
}
