//! What the reading of one file carries along.

use crate::diagnostic::Diagnostic;
use crate::place::Located;
use crate::span::{SourceId, Span, Spanned};

use super::complaints;
use super::scalar::Style;
use super::yaml::{Entry, Node, NodeValue};

/// The keys of a mapping that is being read, for keys that were written a level too deep.
#[derive(Debug)]
pub(crate) struct Level {
    /// All keys it may have.
    pub(crate) keys: Vec<&'static str>,
    /// The key whose value is being read.
    pub(crate) inside: String,
}

/// The state of reading one file.
#[derive(Debug)]
pub(crate) struct Cx<'a> {
    /// The text of the file.
    pub(crate) text: &'a str,
    /// Its comments, in order.
    pub(crate) comments: &'a [Span],
    /// Whether its layout is broken, so that keys may be missing without fault.
    pub(crate) broken: bool,
    /// What was said so far.
    pub(crate) said: Vec<Diagnostic>,
    /// The key whose value is being read.
    pub(crate) key: Spanned<String>,
    /// The mappings around that value, outermost first.
    pub(crate) levels: Vec<Level>,
}

impl<'a> Cx<'a> {
    /// Begins with a file.
    pub(crate) fn new(
        id: SourceId,
        text: &'a str,
        comments: &'a [Span],
        broken: bool,
    ) -> Self {
        let key = Spanned::new(String::new(), Span::new(id, 0, 0));
        Self { text, comments, broken, said: Vec::new(), key, levels: Vec::new() }
    }

    /// Says something.
    pub(crate) fn say(&mut self, complaint: Diagnostic) {
        self.said.push(complaint);
    }

    /// Reads the value of a key.
    pub(crate) fn under<T>(
        &mut self,
        entry: &Entry,
        read: impl FnOnce(&Node, &mut Self) -> T,
    ) -> T {
        let key = Spanned::new(entry.key.text.clone(), entry.key_span);
        let outer = std::mem::replace(&mut self.key, key);
        let value = read(&entry.value, self);
        self.key = outer;
        value
    }

    /// Says something about a stretch of the file of which nothing was said yet: a key
    /// that is there but could not be read is not missing.
    pub(crate) fn unless_said(
        &mut self,
        span: Span,
        complaint: impl FnOnce() -> Diagnostic,
    ) {
        if !self.broken && !self.has_said(span) {
            self.say(complaint());
        }
    }

    /// Whether something was said about a stretch of the file.
    pub(crate) fn has_said(&self, span: Span) -> bool {
        let inside = |place: Span| span.start <= place.start && place.start <= span.end;
        self.said.iter().any(|said| inside(said.span()))
    }

    /// Says that nothing stands behind a key; where the layout broke that is no wonder.
    pub(crate) fn absent(&mut self, node: &Node, wanted: &str) {
        if !self.broken {
            self.say(complaints::absent(self.place(node), wanted));
        }
    }

    /// The text of a node; `wanted` says what is expected there: "a formula".
    pub(crate) fn text<'n>(
        &mut self,
        node: &'n Node,
        wanted: &str,
    ) -> Option<&'n Located> {
        match self.any_text(node, wanted)? {
            (located, style) if located.text.trim().is_empty() => {
                let sign = (style == Style::Folded).then_some('>');
                let sign = sign.or((style == Style::Literal).then_some('|'));
                self.say(complaints::empty(self.place(node), wanted, sign));
                None
            }
            (located, _) => Some(located),
        }
    }

    /// The text of a node, which may be empty if it is in quotes.
    pub(crate) fn any_text<'n>(
        &mut self,
        node: &'n Node,
        wanted: &str,
    ) -> Option<(&'n Located, Style)> {
        match &node.value {
            NodeValue::Text(located, Style::Plain) if is_nothing(&located.text) => {
                self.say(complaints::nothing(node.span, wanted, &located.text));
                None
            }
            NodeValue::Text(located, style) => Some((located, *style)),
            NodeValue::Absent => {
                self.absent(node, wanted);
                None
            }
            NodeValue::List(_) | NodeValue::Mapping(_) => {
                self.say(complaints::shape(self.place(node), wanted, node));
                None
            }
            NodeValue::Unsound => None,
        }
    }

    /// The place of a node; of one that is not there, its key.
    pub(crate) fn place(&self, node: &Node) -> Span {
        if node.span.is_empty() { self.key.span } else { node.span }
    }

    /// The comment that stands behind a value on its line, as it may have cut the value.
    pub(crate) fn comment_behind(&self, span: Span) -> Option<Span> {
        let next = self.comments.partition_point(|comment| comment.start < span.end);
        let comment = self.comments.get(next)?;
        let between = self.text.get(span.end as usize..comment.start as usize)?;
        between.chars().all(|sign| matches!(sign, ' ' | '\t')).then_some(*comment)
    }
}

/// The texts that other programs read as no value.
fn is_nothing(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL")
}
