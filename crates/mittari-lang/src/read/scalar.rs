//! From the text of a YAML value back to the bytes of the file it was made of.
//!
//! The value is built a second time, by its style, with a note for each piece of it
//! where it came from. What comes out is compared with what the YAML reader made of the
//! same bytes: if both agree the map is exact, and if not the whole value is its place.

use std::ops::Range;

use crate::place::{Located, Piece};
use crate::span::{SourceId, Span};

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`.
    Single,
    /// `"..."`.
    Double,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

impl Style {
    /// Whether the text stands on lines of its own.
    pub(crate) const fn is_block(self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }
}

/// A value as the YAML reader gives it.
#[derive(Debug, Clone)]
pub(crate) struct Scalar<'a> {
    /// The file it stands in.
    pub(crate) source: SourceId,
    /// The text of that file.
    pub(crate) file: &'a str,
    /// Its bytes: with quotes, of a block from the first character of its content.
    pub(crate) range: Range<usize>,
    /// How it was written.
    pub(crate) style: Style,
    /// The indentation of a block's lines.
    pub(crate) indent: usize,
}

/// The text of a value with the place of each of its characters.
pub(crate) fn locate(scalar: &Scalar<'_>, value: String) -> Located {
    let range = clamped(scalar.file, scalar.range.clone());
    let raw = scalar.file.get(range.clone()).unwrap_or("");
    let kept = if scalar.style.is_block() { raw.trim_end().len() } else { raw.len() };
    let whole = Span::new(scalar.source, narrow(range.start), narrow(range.start + kept));
    let literal = scalar.style == Style::Literal;
    let mut build = Build::new(raw, range.start);
    match scalar.style {
        Style::Plain => build.flow(None),
        Style::Single => build.flow(Some('\'')),
        Style::Double => build.flow(Some('"')),
        Style::Literal | Style::Folded => build.block(&value, scalar.indent, !literal),
    }
    if agrees(&build.text, &value, scalar.style) {
        Located::pieced(value, whole, literal, build.pieces)
    } else {
        Located::blurred(value, whole, literal)
    }
}

/// Whether the text that was built is the value; line breaks at the end of a block do
/// not count, for no place in them is ever asked for.
fn agrees(built: &str, value: &str, style: Style) -> bool {
    if style.is_block() {
        built.trim_end_matches('\n') == value.trim_end_matches('\n')
    } else {
        built == value
    }
}

/// A value while it is built a second time.
struct Build<'a> {
    raw: &'a str,
    /// Where `raw` begins in the file.
    offset: usize,
    /// The next byte of `raw`.
    at: usize,
    text: String,
    pieces: Vec<Piece>,
    /// Up to here the text does not lose blanks before a line break: they were escaped.
    firm: usize,
}

impl<'a> Build<'a> {
    fn new(raw: &'a str, offset: usize) -> Self {
        Self { raw, offset, at: 0, text: String::new(), pieces: Vec::new(), firm: 0 }
    }

    fn rest(&self) -> &'a str {
        self.raw.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Adds text that stands for the bytes from `start` up to where we are.
    fn push(&mut self, text: &str, start: usize) {
        self.pieces.push(Piece {
            cooked: self.text.len(),
            cooked_len: text.len(),
            raw: self.offset + start,
            raw_len: self.at - start,
        });
        self.text.push_str(text);
    }

    /// Takes a character as it stands.
    fn copy(&mut self, character: char) {
        let start = self.at;
        self.at += character.len_utf8();
        self.push(character.encode_utf8(&mut [0; 4]), start);
    }

    /// Takes a line break, if one stands here.
    fn line_break(&mut self) -> bool {
        let rest = self.rest();
        let len = if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with(['\n', '\r']))
        };
        self.at += len;
        len > 0
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// A plain or quoted text: line breaks are folded, escapes resolved.
    fn flow(&mut self, quote: Option<char>) {
        let quoted =
            quote.and_then(|sign| self.raw.strip_prefix(sign)?.strip_suffix(sign));
        if let Some(inner) = quoted {
            self.raw = inner;
            self.offset += 1;
        }
        while let Some(character) = self.peek() {
            match character {
                '\n' | '\r' => self.fold(),
                '\'' if quote == Some('\'') => self.doubled(),
                '\\' if quote == Some('"') => self.escape(),
                _ => self.copy(character),
            }
        }
    }

    /// `''` is one quote.
    fn doubled(&mut self) {
        let start = self.at;
        self.at += if self.rest().starts_with("''") { 2 } else { 1 };
        self.push("'", start);
        self.firm = self.text.len();
    }

    /// One line break becomes a blank, more of them one less.
    fn fold(&mut self) {
        self.trim();
        let start = self.at;
        let breaks = self.empty_lines();
        let joined = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
        self.push(&joined, start);
    }

    /// Takes line breaks and the blanks behind each; says how many breaks there were.
    fn empty_lines(&mut self) -> usize {
        let mut breaks = 0;
        while self.line_break() {
            breaks += 1;
            self.blanks();
        }
        breaks
    }

    /// Takes back the blanks before a line break, unless they were escaped.
    fn trim(&mut self) {
        while self.text.len() > self.firm && self.text.ends_with([' ', '\t']) {
            self.text.pop();
            self.pieces.pop();
        }
    }

    /// A backslash in double quotes and what it stands for.
    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.line_break() {
            self.blanks();
            let first = self.at;
            let more = self.empty_lines();
            self.push(&"\n".repeat(more), first);
        } else {
            let character = self.escaped();
            self.push(character.encode_utf8(&mut [0; 4]), start);
        }
        self.firm = self.text.len();
    }

    /// The character behind a backslash; one that YAML does not know never comes here,
    /// for the YAML reader refuses it.
    fn escaped(&mut self) -> char {
        let Some(sign) = self.peek() else { return '\\' };
        self.at += sign.len_utf8();
        match sign {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            'x' => self.code_point(2),
            'u' => self.code_point(4),
            'U' => self.code_point(8),
            other => other,
        }
    }

    /// A character by its number; one outside the first plane may be two numbers.
    fn code_point(&mut self, digits: usize) -> char {
        let high = self.hexadecimal(digits);
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        if self.rest().starts_with("\\u") {
            self.at += 2;
        }
        let low = self.hexadecimal(4);
        let number = 0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
        char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self, digits: usize) -> u32 {
        let text = self.rest().get(..digits).unwrap_or("");
        self.at += text.len();
        u32::from_str_radix(text, 16).unwrap_or(0)
    }

    /// A text block; its indentation is stripped, and with `folded` its lines joined.
    fn block(&mut self, value: &str, indent: usize, folded: bool) {
        // Empty lines before the content belong to the value, not to its bytes.
        let leading = value.len() - value.trim_start_matches('\n').len();
        self.text.push_str(value.get(..leading).unwrap_or(""));
        let mut was_indented = self.line(folded);
        loop {
            let start = self.at;
            let breaks = self.breaks_of_block(indent);
            if self.rest().is_empty() || breaks == 0 {
                return;
            }
            let is_indented = self.rest().starts_with([' ', '\t']);
            let joined = if was_indented || is_indented || !folded {
                "\n".repeat(breaks)
            } else if breaks == 1 {
                " ".to_owned()
            } else {
                "\n".repeat(breaks - 1)
            };
            self.push(&joined, start);
            was_indented = self.line(folded);
        }
    }

    /// Takes line breaks and the indentation behind each; says how many there were.
    fn breaks_of_block(&mut self, indent: usize) -> usize {
        let mut breaks = 0;
        while self.line_break() {
            breaks += 1;
            let spaces =
                self.rest().bytes().take(indent).take_while(|byte| *byte == b' ');
            self.at += spaces.count();
        }
        breaks
    }

    /// Takes the characters of a line; says whether it begins with a blank.
    fn line(&mut self, folded: bool) -> bool {
        let rest = self.rest();
        let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let start = self.at;
        self.at += len;
        self.push(rest.get(..len).unwrap_or(""), start);
        folded && rest.starts_with([' ', '\t'])
    }
}

/// A range cut to the borders of characters.
fn clamped(text: &str, range: Range<usize>) -> Range<usize> {
    let border = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(range.start);
    start..border(range.end).max(start)
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
