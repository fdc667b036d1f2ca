//! The text of a file to a tree of marked nodes; the only file that knows the YAML
//! reader's crate.
//!
//! A node keeps its place and, if it is a text, the place of each character. What the
//! dialect does not allow (a second document, anchors, tags, keys that are not texts,
//! duplicate keys) is complained about here and left out of the tree.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};
use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::place::Located;
use crate::span::{SourceId, Span};

use super::layout::{self, Fault};
use super::scalar::{Scalar, Style, locate};

/// The bytes a file may have.
pub(crate) const MOST_BYTES: usize = 256 * 1024;
/// How deep lists and mappings may be nested, in either way of writing them.
pub(crate) const MOST_DEPTH: usize = 32;
/// The entries a list or mapping may have.
pub(crate) const MOST_ENTRIES: usize = 1_000;

/// A value in a file and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) value: NodeValue,
    /// Where it stands, with its quotes or brackets.
    pub(crate) span: Span,
}

/// The forms of a value.
#[derive(Debug, Clone)]
pub(crate) enum NodeValue {
    /// Nothing stands there.
    Absent,
    /// A text; what it means is said by the key.
    Text(Located, Style),
    /// A list.
    List(Vec<Node>),
    /// Keys and values.
    Mapping(Vec<Entry>),
    /// Something that was complained about.
    Unsound,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The key's text.
    pub(crate) key: Located,
    /// Where the key stands.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) value: Node,
}

/// A file as far as it could be read.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The file.
    pub(crate) source: SourceId,
    /// The first document's value; none of an empty file.
    pub(crate) root: Option<Node>,
    /// The comments, in order, `#` included.
    pub(crate) comments: Vec<Span>,
    /// Whether the layout broke somewhere, so that keys may be missing without fault.
    pub(crate) broken: bool,
}

/// Reads the layout of a text.
pub(crate) fn tree(source: SourceId, text: &str, said: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree { source, root: None, comments: Vec::new(), broken: true };
    if text.len() > MOST_BYTES {
        said.push(layout::too_large(source));
        return tree;
    }
    if let Some(complaint) = layout::not_text(source, text) {
        said.push(complaint);
        return tree;
    }
    let mut builder = Builder { source, text, said, tree, open: Vec::new(), cut: false };
    builder.read();
    builder.close_all();
    tree = builder.tree;
    tree.comments.sort_unstable();
    tree
}

/// A list or mapping that is not closed yet.
enum Open {
    List { items: Vec<Node>, start: u32, flow: bool },
    Mapping { entries: Vec<Entry>, key: Option<Node>, start: u32, flow: bool },
}

struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    said: &'a mut Vec<Diagnostic>,
    tree: Tree,
    open: Vec<Open>,
    /// Whether something had too many parts, and lost some.
    cut: bool,
}

impl Builder<'_> {
    fn read(&mut self) {
        let options = granit_parser::options! {
            flow_nesting_limit: MOST_DEPTH,
            block_nesting_limit: MOST_DEPTH,
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            disallow_directives: true,
            max_buffered_comment_events: 10_000,
        };
        let mut started = false;
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = match event {
                Ok(event) => event,
                Err(error) => return self.fail(&error),
            };
            if matches!(event, Event::DocumentStart(..)) && started {
                self.said.push(layout::second_document(self.place(&place)));
                break;
            }
            started |= matches!(event, Event::DocumentStart(..));
            self.event(event, &place);
        }
        self.tree.broken = self.cut;
    }

    /// The layout is broken: says why, and keeps what was read so far.
    fn fail(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let complaint = layout::broken(self.source, self.text, at, fault(error.kind()));
        self.said.push(complaint);
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) {
        self.tag(&event, place);
        let span = self.place(place);
        match event {
            Event::Scalar(value, style, _, ref tag) => {
                self.scalar(&value, style, tag.is_some(), place);
            }
            Event::SequenceStart(style, ..) => self.open_list(span, is_flow(style)),
            Event::MappingStart(style, ..) => self.open_mapping(span, is_flow(style)),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.alias(span),
            Event::Anchor(..) => self.said.push(layout::anchor(span)),
            Event::Comment(..) => self.tree.comments.push(span),
            _ => {}
        }
    }

    fn tag(&mut self, event: &Event<'_>, place: &granit_parser::Span) {
        if event.tag().is_some() {
            let tag = place.tag_span().map_or(self.place(place), |tag| self.place(&tag));
            self.said.push(layout::tag(tag, self.slice(tag)));
        }
    }

    fn alias(&mut self, span: Span) {
        self.said.push(layout::alias(span));
        self.add(Node { value: NodeValue::Unsound, span });
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tagged: bool,
        place: &granit_parser::Span,
    ) {
        let span = self.place(place);
        let style = style_of(style);
        if tagged {
            return self.add(Node { value: NodeValue::Unsound, span });
        }
        // A value that is not there arrives as the text `~` with an empty place.
        if style == Style::Plain && span.is_empty() {
            return self.add(Node { value: NodeValue::Absent, span });
        }
        let scalar = Scalar {
            source: self.source,
            file: self.text,
            range: span.start as usize..span.end as usize,
            style,
            indent: place.start.col(),
        };
        let located = locate(&scalar, value.to_owned());
        let span = located.whole();
        self.add(Node { value: NodeValue::Text(located, style), span });
    }

    fn open_list(&mut self, span: Span, flow: bool) {
        self.open.push(Open::List { items: Vec::new(), start: span.start, flow });
    }

    fn open_mapping(&mut self, span: Span, flow: bool) {
        let (entries, key) = (Vec::new(), None);
        self.open.push(Open::Mapping { entries, key, start: span.start, flow });
    }

    /// Closes the innermost list or mapping; a block ends where its last value ends.
    fn close(&mut self, end: u32) {
        let node = match self.open.pop() {
            Some(Open::List { mut items, start, flow }) => {
                let last = items.last().map(|item| item.span.end);
                let end = if flow { end } else { last.unwrap_or(start) };
                let span = Span::new(self.source, start, end.max(start));
                self.bound(&mut items, span);
                Node { value: NodeValue::List(items), span }
            }
            Some(Open::Mapping { mut entries, start, flow, .. }) => {
                let last = entries.last().map(|entry| entry.value.span.end);
                let end = if flow { end } else { last.unwrap_or(start) };
                let span = Span::new(self.source, start, end.max(start));
                self.bound(&mut entries, span);
                let entries = self.unique(entries);
                Node { value: NodeValue::Mapping(entries), span }
            }
            None => return,
        };
        self.add(node);
    }

    /// After the layout broke: everything that was open ends here.
    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
    }

    /// Refuses what has too many parts, and lets go of them: what follows is not made to
    /// compare each with each.
    fn bound<T>(&mut self, parts: &mut Vec<T>, span: Span) {
        if parts.len() > MOST_ENTRIES {
            self.said.push(layout::too_many(span, parts.len(), MOST_ENTRIES));
            parts.truncate(MOST_ENTRIES);
            self.cut = true;
        }
    }

    /// The entries without those whose key was there before.
    fn unique(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut seen: IndexMap<String, Entry> = IndexMap::with_capacity(entries.len());
        for entry in entries {
            if let Some(first) = seen.get(&entry.key.text) {
                let name = &entry.key.text;
                self.said.push(layout::duplicate(name, entry.key_span, first.key_span));
            } else {
                seen.insert(entry.key.text.clone(), entry);
            }
        }
        seen.into_values().collect()
    }

    /// Puts a node where it belongs: into the list, as a key or as its value.
    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None if self.tree.root.is_none() => self.tree.root = Some(node),
            None => {}
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => match entry(key, node) {
                    Ok(entry) => entries.push(entry),
                    Err(complaint) => self.said.extend(complaint),
                },
            },
        }
    }

    fn place(&self, place: &granit_parser::Span) -> Span {
        let bytes = place.byte_range().unwrap_or_default();
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.source, narrow(bytes.start), narrow(bytes.end))
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// A key and a value, if the key is a text.
fn entry(key: Node, value: Node) -> Result<Entry, Option<Diagnostic>> {
    match key.value {
        NodeValue::Text(located, _) if located.text == "<<" => {
            Err(Some(layout::merge_key(key.span)))
        }
        NodeValue::Text(located, _) => {
            Ok(Entry { key: located, key_span: key.span, value })
        }
        NodeValue::Absent => Err(Some(layout::empty_key(key.span.to(value.span)))),
        NodeValue::List(_) | NodeValue::Mapping(_) => {
            Err(Some(layout::odd_key(key.span)))
        }
        NodeValue::Unsound => Err(None),
    }
}

fn is_flow(style: granit_parser::StructureStyle) -> bool {
    style == granit_parser::StructureStyle::Flow
}

const fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// What is wrong with the layout, in few kinds.
const fn fault(kind: &ErrorKind) -> Fault {
    match kind {
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            Fault::BlockHeader
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => Fault::BehindQuote,
        ErrorKind::MappingValueNotAllowed => Fault::ColonInValue,
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Fault::KeyExpected,
        ErrorKind::CommentInterceptedScalar => Fault::CommentInside,
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::InvalidFlowScalarIndent => Fault::Brackets,
        ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar => Fault::QuoteOpen,
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => Fault::Escape,
        ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::PlainScalarStartsWithDashFlowIndicator => Fault::Dash,
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => Fault::Tab,
        ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName => Fault::Anchor,
        ErrorKind::RecursionLimitExceeded => Fault::TooDeep,
        ErrorKind::DirectiveDisallowed => Fault::Directive,
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidBlockScalarIndent => Fault::Indent,
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::ExpectedNodeContent => {
            Fault::Sign
        }
        _ => Fault::Other,
    }
}

#[cfg(test)]
mod tests;
