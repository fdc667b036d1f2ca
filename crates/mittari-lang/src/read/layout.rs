//! What is said about the layout of a file, in an analyst's words.
//!
//! The YAML reader says that something is wrong and where it noticed; what to do about
//! it follows from the line itself.

use crate::diagnostic::{Code, Diagnostic};
use crate::span::{SourceId, Span};

/// What is wrong with the layout, in few kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A value begins with `>` or `|` and goes on behind it.
    BlockHeader,
    /// Something follows a text in quotes.
    BehindQuote,
    /// `: ` inside a value.
    ColonInValue,
    /// A line without a key.
    KeyExpected,
    /// A comment between the lines of a value.
    CommentInside,
    /// Brackets or braces that are not closed, or wrongly.
    Brackets,
    /// A quote that is not closed.
    QuoteOpen,
    /// A backslash in double quotes before something that it does not go with.
    Escape,
    /// `- ` where no list can begin.
    Dash,
    /// A tab where spaces are expected.
    Tab,
    /// `&` or `*` without a name.
    Anchor,
    /// Nested too deep.
    TooDeep,
    /// `%YAML`.
    Directive,
    /// A line that is indented to no level.
    Indent,
    /// A value that begins with a sign of YAML.
    Sign,
    /// Anything else.
    Other,
}

/// The layout is broken at a byte.
pub(crate) fn broken(
    source: SourceId,
    text: &str,
    at: usize,
    fault: Fault,
) -> Diagnostic {
    let line = Line::around(source, text, at);
    let signed = line.value.starts_with(['!', '&', '*', '@', '`', '%']);
    match fault {
        Fault::QuoteOpen => quote_open(&line, text, at),
        Fault::Escape => escape(&line, at),
        Fault::Tab => tab(&line, at),
        Fault::TooDeep => too_deep(line.point(at)),
        Fault::Directive => directive(line.whole()),
        _ if signed => plain_start(&line),
        Fault::BlockHeader => plain_start(&line),
        Fault::BehindQuote => behind_quote(&line),
        Fault::Brackets => brackets(&line, text, at),
        _ if line.value.starts_with(['[', '{']) => plain_start(&line),
        Fault::ColonInValue => colon(&line, text, at),
        Fault::KeyExpected => key_expected(&line),
        Fault::CommentInside => comment_inside(&line, at),
        Fault::Dash => dash(&line, at),
        Fault::Anchor | Fault::Sign => plain_start(&line),
        Fault::Indent => indent(&line, text),
        Fault::Other => other(&line, at),
    }
}

/// A line of a file, split into its key and its value.
struct Line<'a> {
    source: SourceId,
    /// Where it begins.
    start: usize,
    /// Its text without the line break.
    text: &'a str,
    /// The key, without the dash of a list; empty if there is none.
    key: &'a str,
    /// Where the value begins, counted from the start of the file.
    value_at: usize,
    /// What stands behind the key.
    value: &'a str,
}

impl<'a> Line<'a> {
    /// The line a byte stands in; at the end of a text the last one that holds anything.
    fn around(source: SourceId, text: &'a str, at: usize) -> Self {
        let kept = text.trim_end().len();
        let mut at = at.min(kept);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = text.get(..at).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |place| place + 1);
        let rest = text.get(start..).unwrap_or("");
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Self::split(source, start, rest.get(..end).unwrap_or(""))
    }

    fn split(source: SourceId, start: usize, text: &'a str) -> Self {
        let bare = text.trim_start().trim_start_matches("- ").trim_start();
        let (key, value) = match bare.split_once(": ") {
            Some((key, value)) => (key.trim(), value.trim_start()),
            None => ("", bare),
        };
        let value_at = start + (text.len() - value.len());
        Self { source, start, text, key, value_at, value: value.trim_end() }
    }

    /// The next line above that is not empty.
    fn above(&self, text: &'a str) -> Option<Self> {
        let before = text.get(..self.start)?.trim_end();
        let found = Self::around(self.source, before, before.len());
        (!found.text.trim().is_empty()).then_some(found)
    }

    /// How far the line is indented.
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Whether the line looks like `key:value`, the blank forgotten.
    fn is_glued(&self) -> bool {
        let of_a_key = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-');
        self.key.is_empty()
            && self.value.split_once(':').is_some_and(|(key, rest)| {
                !rest.is_empty() && !key.is_empty() && key.chars().all(of_a_key)
            })
    }

    /// The character at a byte, or the end of the line.
    fn point(&self, at: usize) -> Span {
        let at = at.clamp(self.start, self.start + self.text.len());
        let rest = self.text.get(at - self.start..).unwrap_or("");
        self.span(at, rest.chars().next().map_or(0, char::len_utf8))
    }

    /// The value, or the whole line if it is empty.
    fn place(&self) -> Span {
        if self.value.is_empty() {
            self.whole()
        } else {
            self.span(self.value_at, self.value.len())
        }
    }

    fn whole(&self) -> Span {
        let text = self.text.trim_start();
        let start = self.start + self.text.len() - text.len();
        self.span(start, text.trim_end().len())
    }

    fn span(&self, start: usize, len: usize) -> Span {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.source, narrow(start), narrow(start + len))
    }

    /// "the value of `when`", as far as it is known whose value it is.
    fn whose(&self) -> String {
        if self.key.is_empty() {
            "the value".into()
        } else {
            format!("the value of `{}`", self.key)
        }
    }

    fn under_a_bar(&self) -> String {
        format!("write {} under `|` on lines of its own", self.whose())
    }
}

fn plain_start(line: &Line<'_>) -> Diagnostic {
    let sign = line.value.chars().next().unwrap_or(' ');
    let message = format!("a value cannot begin with `{sign}`");
    let complaint = Diagnostic::new(Code::YamlPlainStart, line.place(), message);
    if let Some(words) = in_words(line.value) {
        return complaint.help(format!("write `{words}`"));
    }
    if matches!(sign, '>' | '|') {
        let quoted = line.value.replace('\\', "\\\\").replace('"', "\\\"");
        return complaint.help(format!("put it in quotes: `{}: \"{quoted}\"`", line.key));
    }
    complaint.help(line.under_a_bar())
}

/// A target written with signs, in words.
fn in_words(value: &str) -> Option<String> {
    const SIGNS: &[(&str, &str)] =
        &[(">=", "at least"), ("<=", "at most"), (">", "over"), ("<", "under")];
    let (sign, words) = SIGNS.iter().find(|(sign, _)| value.starts_with(sign))?;
    let rest = value.get(sign.len()..)?.trim();
    let written = rest.starts_with(|first: char| first.is_ascii_digit());
    written.then(|| format!("{words} {rest}"))
}

fn behind_quote(line: &Line<'_>) -> Diagnostic {
    let sign = line.value.chars().next().unwrap_or('"');
    let message = format!("a value that begins with `{sign}` ends at the next `{sign}`");
    Diagnostic::new(Code::YamlPlainStart, line.place(), message).help(line.under_a_bar())
}

fn colon(line: &Line<'_>, text: &str, at: usize) -> Diagnostic {
    let first = line.text.find(": ").map(|place| line.start + place);
    if line.key.is_empty() || first == Some(at) {
        return indent(line, text);
    }
    Diagnostic::new(Code::YamlColon, line.point(at), "`: ` ends a value")
        .help(line.under_a_bar())
}

/// A line that fits nowhere; often it is the line above that has the fault.
fn indent(line: &Line<'_>, text: &str) -> Diagnostic {
    match line.above(text) {
        Some(above) if above.text.trim_start().starts_with('#') => {
            comment_inside(&above, above.start + above.indent())
        }
        Some(above) if above.is_glued() && above.indent() >= line.indent() => {
            key_expected(&above)
        }
        _ => {
            let message = "this line is indented deeper than the value above allows";
            Diagnostic::new(Code::YamlIndent, line.whole(), message)
                .help("a value with `: ` in it is written under `|` on lines of its own")
        }
    }
}

fn key_expected(line: &Line<'_>) -> Diagnostic {
    if line.is_glued() {
        let message = "a blank is expected after `:`";
        return Diagnostic::new(Code::YamlKey, line.whole(), message);
    }
    if !line.key.is_empty() {
        return Diagnostic::new(Code::YamlColon, line.place(), "`: ` ends a value")
            .help(line.under_a_bar());
    }
    let message = "a key with `: ` behind it is expected";
    Diagnostic::new(Code::YamlKey, line.whole(), message)
        .help("a line that continues the value above is indented")
}

fn comment_inside(line: &Line<'_>, at: usize) -> Diagnostic {
    Diagnostic::new(Code::YamlComment, line.point(at), "a comment cuts this value")
        .help("write the value under `|` on lines of its own")
}

/// The reader notices an open bracket only where the next line cannot belong to it.
fn brackets(line: &Line<'_>, text: &str, at: usize) -> Diagnostic {
    let message = "this `{` or `[` is never closed, or a formula inside it wants quotes";
    let mut above = Line::around(line.source, text, at);
    let opened = loop {
        if let Some(place) = unclosed(above.text) {
            break Some(above.span(above.start + place, 1));
        }
        let Some(next) = above.above(text) else { break None };
        above = next;
    };
    Diagnostic::new(Code::YamlFlow, opened.unwrap_or_else(|| line.point(at)), message)
}

/// The last bracket or brace of a line that the line does not close.
fn unclosed(line: &str) -> Option<usize> {
    let mut open = Vec::new();
    for (at, sign) in line.char_indices() {
        match sign {
            '[' | '{' => open.push(at),
            ']' | '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// The reader notices an open quote only where the next line cannot belong to it, so the
/// line with the quote is looked for above.
fn quote_open(line: &Line<'_>, text: &str, at: usize) -> Diagnostic {
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or("");
    let mut start = end;
    let opened = before.split_inclusive('\n').rev().find_map(|above| {
        start -= above.len();
        let above = Line::split(line.source, start, above.trim_end_matches(['\n', '\r']));
        let sign =
            above.value.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
        (above.value.matches(sign).count() % 2 == 1)
            .then(|| above.span(above.value_at, 1))
    });
    let place = opened.unwrap_or_else(|| line.point(at));
    Diagnostic::new(Code::YamlQuote, place, "the quote opened here is never closed")
}

fn escape(line: &Line<'_>, at: usize) -> Diagnostic {
    let message = "a backslash in double quotes begins an escape that does not exist";
    Diagnostic::new(Code::YamlQuote, line.point(at), message)
        .help("in single quotes a backslash is a backslash")
}

fn dash(line: &Line<'_>, at: usize) -> Diagnostic {
    Diagnostic::new(Code::YamlDash, line.point(at), "a value cannot begin with `- `")
        .help("a list begins on the next line")
}

fn tab(line: &Line<'_>, at: usize) -> Diagnostic {
    let found = line.text.find('\t').map_or(at, |place| line.start + place);
    let message = "spaces are expected, found a tab";
    Diagnostic::new(Code::YamlTab, line.point(found), message)
}

fn too_deep(place: Span) -> Diagnostic {
    let message = "lists and mappings may be nested 32 deep";
    Diagnostic::new(Code::YamlTooDeep, place, message)
}

fn directive(place: Span) -> Diagnostic {
    let message = "a line that begins with `%` is not used";
    Diagnostic::new(Code::YamlSyntax, place, message)
}

fn other(line: &Line<'_>, at: usize) -> Diagnostic {
    let message = "the layout of the file is broken here";
    Diagnostic::new(Code::YamlSyntax, line.point(at), message)
}

/// A file that is too long to be read.
pub(crate) fn too_large(source: SourceId) -> Diagnostic {
    let message = "a file may have 256 KiB, found more";
    Diagnostic::new(Code::YamlTooLarge, Span::new(source, 0, 0), message)
}

/// A list or mapping with too many entries.
pub(crate) fn too_many(place: Span, count: usize, most: usize) -> Diagnostic {
    let message = format!("a list or mapping may have {most} entries, found {count}");
    Diagnostic::new(Code::YamlTooMany, place, message)
}

/// A character that no text has: it ends reading, or hides what is written.
pub(crate) fn not_text(source: SourceId, text: &str) -> Option<Diagnostic> {
    let control = |character: char| match character {
        '\t' | '\n' | '\r' => false,
        '\u{85}' | '\u{2028}' | '\u{2029}' | char::REPLACEMENT_CHARACTER => true,
        other => other.is_control(),
    };
    let at = text.find(control)?;
    let found = text.get(at..)?.chars().next()?;
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place = Span::new(source, narrow(at), narrow(at + found.len_utf8()));
    let message = if found == char::REPLACEMENT_CHARACTER {
        "the file is not a text in UTF-8".to_owned()
    } else {
        format!("a text is expected, found the character U+{:04X}", u32::from(found))
    };
    Some(Diagnostic::new(Code::YamlNotText, place, message))
}

/// A second document in a file.
pub(crate) fn second_document(place: Span) -> Diagnostic {
    let message = "one document a file is expected, found a second";
    Diagnostic::new(Code::YamlSecondDocument, place, message)
        .help("write it into a file of its own")
}

/// An anchor.
pub(crate) fn anchor(place: Span) -> Diagnostic {
    let message = "anchors are not used";
    Diagnostic::new(Code::YamlAnchor, place, message)
        .help("write the value where it is needed")
}

/// An alias.
pub(crate) fn alias(place: Span) -> Diagnostic {
    let message = "aliases are not used";
    Diagnostic::new(Code::YamlAlias, place, message)
        .help("write the value where it is needed")
}

/// A tag, or a formula that begins with `!`.
pub(crate) fn tag(place: Span, text: &str) -> Diagnostic {
    let complaint = Diagnostic::new(Code::YamlTag, place, "tags are not used");
    if text.starts_with("!!") {
        complaint.help("the type of a value is said by its key")
    } else {
        complaint.help("negation is written `not`")
    }
}

/// `<<`.
pub(crate) fn merge_key(place: Span) -> Diagnostic {
    let message = "`<<` merges nothing here";
    Diagnostic::new(Code::YamlAlias, place, message)
        .help("write the keys where they are needed")
}

/// A value without a key.
pub(crate) fn empty_key(place: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlKey, place, "a key is expected before `:`, found nothing")
}

/// A list or mapping as a key.
pub(crate) fn odd_key(place: Span) -> Diagnostic {
    let message = "a key is a text, found a list or a mapping";
    Diagnostic::new(Code::YamlKey, place, message)
}

/// A key that was there before.
pub(crate) fn duplicate(name: &str, second: Span, first: Span) -> Diagnostic {
    let message = format!("`{name}` is written twice");
    Diagnostic::new(Code::DuplicateKey, second, message)
        .labelled("the second time")
        .with(first, "the first time")
}
