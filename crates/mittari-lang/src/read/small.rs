//! Small texts with words of their own: `last by answered_at per respondent`,
//! `started_at until ended_at`, `tickets by ticket_id`.

use serde_json::{Value as Json, json};

use crate::card::{Keep, Which};
use crate::diagnostic::{Code, Diagnostic};
use crate::place::Located;
use crate::span::{Span, Spanned};
use crate::vocabulary::Valid;

use super::complaints;
use super::cx::Cx;
use super::field::Kind;
use super::yaml::Node;
use crate::nearest::nearest;

/// A word of a small text: a name, a name in quotes or a comma.
struct Token {
    text: Spanned<String>,
    /// Names in quotes are never words of the text's own.
    quoted: bool,
}

/// Takes a small text apart, word by word.
struct Words<'c, 'a> {
    tokens: std::vec::IntoIter<Token>,
    whole: Span,
    wanted: &'static str,
    found: String,
    cx: &'c mut Cx<'a>,
}

impl<'c, 'a> Words<'c, 'a> {
    fn new(text: &Located, wanted: &'static str, cx: &'c mut Cx<'a>) -> Self {
        let tokens = tokens(text).into_iter();
        let found = text.text.clone();
        Self { tokens, whole: text.whole(), wanted, found, cx }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.as_slice().first()
    }

    /// Says what is expected as a whole, at the word that does not fit.
    fn fail<T>(&mut self) -> Option<T> {
        let place = self.peek().map_or(self.whole, |token| token.text.span);
        self.cx.say(complaints::word(place, self.wanted, &self.found));
        None
    }

    fn name(&mut self, reserved: &[&str]) -> Option<Spanned<String>> {
        let fits = self.peek().is_some_and(|token| {
            token.quoted
                || !(reserved.contains(&&*token.text.value) || token.text.value == ",")
        });
        if fits { self.tokens.next().map(|token| token.text) } else { self.fail() }
    }

    /// Names with commas between them.
    fn names(&mut self, reserved: &[&str]) -> Option<Vec<Spanned<String>>> {
        let mut names = vec![self.name(reserved)?];
        while self.peek().is_some_and(|token| !token.quoted && token.text.value == ",") {
            self.tokens.next();
            names.push(self.name(reserved)?);
        }
        Some(names)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        match self.peek() {
            Some(token) if !token.quoted && token.text.value == word => {
                self.tokens.next();
                Some(())
            }
            _ => self.fail(),
        }
    }

    fn end(&mut self) -> Option<()> {
        if self.peek().is_some() { self.fail() } else { Some(()) }
    }
}

/// The words of a text; commas are words of their own.
fn tokens(text: &Located) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.text.as_str();
    loop {
        rest = rest.trim_start();
        let at = text.text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return tokens };
        let closed = rest.get(1..).and_then(|inner| inner.find('"')).map(|end| end + 2);
        let quoted = first == '"' && closed.is_some();
        let len = match closed {
            Some(end) if first == '"' => end,
            _ if first == ',' => 1,
            _ => rest.find([' ', '\t', '\n', ',']).unwrap_or(rest.len()),
        };
        let raw = rest.get(..len).unwrap_or("");
        let name = if quoted { raw.trim_matches('"') } else { raw };
        let text = Spanned::new(name.to_owned(), text.span(at..at + len));
        tokens.push(Token { text, quoted });
        rest = rest.get(len..).unwrap_or("");
    }
}

/// `last by answered_at per respondent`.
pub(crate) struct KeepKind;

const KEEP: &str = "`last by x per key` or `first by x per key`";

impl Kind for KeepKind {
    type Out = Keep;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Keep> {
        let text = cx.text(node, KEEP)?;
        let mut words = Words::new(text, KEEP, cx);
        let which = words.name(&[])?;
        let found = Which::WORDS.iter().find(|(_, word)| *word == which.value);
        let Some((value, _)) = found else {
            let complaint =
                complaints::word(which.span, "`first` or `last`", &which.value);
            let near = nearest(&which.value, Which::WORDS.iter().map(|(_, word)| *word));
            words.cx.say(match near {
                Some(word) => complaint.help(format!("write `{word}`")),
                None => complaint,
            });
            return None;
        };
        words.word("by")?;
        let by = words.name(&["by", "per"])?;
        words.word("per")?;
        let per = words.names(&["by", "per"])?;
        words.end()?;
        Some(Keep {
            which: Spanned::new(*value, which.span),
            by,
            per,
            span: text.whole(),
        })
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^\\s*(first|last)\\s+by\\s+\\S.*\\sper\\s+\\S"})
    }

    fn words() -> String {
        KEEP.into()
    }
}

/// `started_at until ended_at`.
pub(crate) struct ValidKind;

const VALID: &str = "two fields as `started_at until ended_at`";

impl Kind for ValidKind {
    type Out = Valid;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Valid> {
        let text = cx.text(node, VALID)?;
        let mut words = Words::new(text, VALID, cx);
        let from = words.name(&["until"])?;
        words.word("until")?;
        let until = words.name(&["until"])?;
        words.end()?;
        Some(Valid { from, until, span: text.whole() })
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "\\suntil\\s"})
    }

    fn words() -> String {
        VALID.into()
    }
}

/// `tickets by ticket_id`: the table, the fields, and the place of both.
pub(crate) struct LookupKind;

const LOOKUP: &str = "a table and the fields that lead to it, as `tickets by ticket_id`,";

impl Kind for LookupKind {
    type Out = (Spanned<String>, Vec<Spanned<String>>, Span);

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, LOOKUP)?;
        let mut words = Words::new(text, LOOKUP, cx);
        let table = words.name(&["by"])?;
        words.word("by")?;
        let by = words.names(&["by"])?;
        words.end()?;
        Some((table, by, text.whole()))
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "\\sby\\s"})
    }

    fn words() -> String {
        "a table and the fields that lead to it, as `tickets by ticket_id`".into()
    }
}

/// One character: the sign between columns or around texts.
pub(crate) struct Sign;

impl Kind for Sign {
    /// `None` for the word `none`.
    type Out = Spanned<Option<char>>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let (text, _) = cx.any_text(node, "one character")?;
        let whole = text.whole();
        let sign = match text.text.as_str() {
            "none" => return Some(Spanned::new(None, whole)),
            "tab" | "\\t" => Some('\t'),
            other => {
                let mut signs = other.chars();
                signs.next().filter(|_| signs.next().is_none())
            }
        };
        // A line break ends a line whatever the columns are separated by.
        if let Some(sign) = sign.filter(|sign| sign.is_ascii() && !"\r\n".contains(*sign))
        {
            return Some(Spanned::new(Some(sign), whole));
        }
        let message = format!(
            "one character of ASCII, `tab` or `none` is expected, found `{}`",
            complaints::shown(&text.text)
        );
        cx.say(Diagnostic::new(Code::ValueWord, whole, message));
        None
    }

    fn schema() -> Json {
        json!({"type": "string"})
    }

    fn words() -> String {
        "one character, `tab` or `none`".into()
    }
}
