//! The kinds of texts, and the ways a kind may be repeated: lists, names, short forms.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use crate::prose::{LocalText, Localised};
use crate::span::{Span, Spanned};

use super::complaints;
use super::cx::Cx;
use super::field::{Kind, Section};
use super::scalar::Style;
use super::yaml::{Node, NodeValue};

/// The schema of anything that is written as one text: an editor sees `1` as a number
/// and `true` as a truth value.
pub(crate) fn scalar_schema() -> Json {
    json!({"type": ["string", "number", "boolean"]})
}

/// The text of a node without blanks at its ends, with its place.
pub(crate) fn trimmed(
    node: &Node,
    cx: &mut Cx<'_>,
    wanted: &str,
) -> Option<Spanned<String>> {
    let located = cx.text(node, wanted)?;
    let text = located.text.trim();
    let start = located.text.len() - located.text.trim_start().len();
    Some(Spanned::new(text.to_owned(), located.span(start..start + text.len())))
}

/// A text that is a name or is taken as it stands.
pub(crate) struct Text;

impl Kind for Text {
    type Out = Spanned<String>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        trimmed(node, cx, "a text")
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a text".into()
    }
}

/// A text that may be empty or have blanks at its ends: what stands in an export.
pub(crate) struct Raw;

impl Kind for Raw {
    type Out = Spanned<String>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let (located, _) = cx.any_text(node, "a text")?;
        Some(Spanned::new(located.text.clone(), located.whole()))
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a text, in quotes if it is empty".into()
    }
}

/// A text for people, in one language or in several.
pub(crate) struct Prose;

impl Prose {
    fn one(node: &Node, cx: &mut Cx<'_>) -> Option<Spanned<String>> {
        let text = trimmed(node, cx, "a text")?;
        let plain = matches!(node.value, NodeValue::Text(_, Style::Plain));
        if let Some(comment) = cx.comment_behind(node.span).filter(|_| plain) {
            cx.say(complaints::text_cut(comment, node.span));
        }
        Some(text)
    }
}

impl Kind for Prose {
    type Out = Localised;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Localised> {
        let mut texts = Vec::new();
        let NodeValue::Mapping(entries) = &node.value else {
            let text = Self::one(node, cx)?;
            texts.push(LocalText { language: None, text });
            return Some(Localised { texts, span: node.span });
        };
        for entry in entries {
            let code = entry.key.text.as_str();
            if !is_language(code) {
                let wanted = "the code of a language, as `en`,";
                cx.say(complaints::word(entry.key_span, wanted, code));
                continue;
            }
            let language = Some(Spanned::new(code.to_owned(), entry.key_span));
            let text = cx.under(entry, Self::one);
            texts.extend(text.map(|text| LocalText { language, text }));
        }
        if texts.is_empty() && entries.is_empty() {
            cx.absent(node, "a text");
        }
        (!texts.is_empty()).then_some(Localised { texts, span: node.span })
    }

    fn schema() -> Json {
        json!({"anyOf": [
            scalar_schema(),
            {
                "type": "object",
                "propertyNames": {"pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
                "additionalProperties": scalar_schema(),
                "minProperties": 1,
            },
        ]})
    }

    fn words() -> String {
        "a text, or one for each language".into()
    }
}

/// Whether a key is the code of a language: `en`, `pt-BR`.
fn is_language(code: &str) -> bool {
    let mut parts = code.split('-');
    let first = parts.next().unwrap_or("");
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// One of a kind or a list of it; at least one.
pub(crate) struct OneOrMore<K>(PhantomData<K>);

impl<K: Kind> Kind for OneOrMore<K> {
    type Out = Vec<K::Out>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        if matches!(node.value, NodeValue::List(_)) {
            return ListOf::<K>::read(node, cx);
        }
        Some(vec![K::read(node, cx)?])
    }

    fn schema() -> Json {
        json!({"anyOf": [K::schema(), ListOf::<K>::schema()]})
    }

    fn words() -> String {
        format!("{}, or a list of them", K::words())
    }

    fn keys() -> Vec<&'static str> {
        K::keys()
    }

    fn sections(out: &mut Vec<Section>) {
        K::sections(out);
    }
}

/// A list of a kind; at least one.
pub(crate) struct ListOf<K>(PhantomData<K>);

impl<K: Kind> Kind for ListOf<K> {
    type Out = Vec<K::Out>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        match &node.value {
            NodeValue::List(items) if items.is_empty() => {
                cx.say(complaints::empty_list(node.span, &Self::words()));
                None
            }
            NodeValue::List(items) => {
                Some(items.iter().filter_map(|item| K::read(item, cx)).collect())
            }
            NodeValue::Unsound => None,
            NodeValue::Absent => {
                cx.absent(node, &Self::words());
                None
            }
            NodeValue::Text(..) | NodeValue::Mapping(_) => {
                cx.say(complaints::shape(cx.place(node), &Self::words(), node));
                None
            }
        }
    }

    fn schema() -> Json {
        json!({"type": "array", "items": K::schema(), "minItems": 1})
    }

    fn words() -> String {
        format!("a list, each entry {}", K::words())
    }

    fn keys() -> Vec<&'static str> {
        K::keys()
    }

    fn sections(out: &mut Vec<Section>) {
        K::sections(out);
    }
}

/// A list in the way of another kind, which may also be empty.
pub(crate) struct OrNone<K>(PhantomData<K>);

/// One of a kind or a list of it, which may be empty.
pub(crate) type AnyList<K> = OrNone<OneOrMore<K>>;

impl<T, K: Kind<Out = Vec<T>>> Kind for OrNone<K> {
    type Out = Vec<T>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        match &node.value {
            NodeValue::List(items) if items.is_empty() => Some(Vec::new()),
            _ => K::read(node, cx),
        }
    }

    fn schema() -> Json {
        json!({"anyOf": [K::schema(), {"type": "array", "maxItems": 0}]})
    }

    fn words() -> String {
        K::words()
    }

    fn keys() -> Vec<&'static str> {
        K::keys()
    }

    fn sections(out: &mut Vec<Section>) {
        K::sections(out);
    }
}

/// Names of the writer's choice and a kind behind each; at least one.
pub(crate) struct Named<K>(PhantomData<K>);

impl<K: Kind> Kind for Named<K> {
    type Out = Vec<(Spanned<String>, K::Out)>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let NodeValue::Mapping(entries) = &node.value else {
            if !matches!(node.value, NodeValue::Unsound) {
                cx.say(complaints::shape(cx.place(node), &Self::words(), node));
            }
            return None;
        };
        let mut out = Vec::with_capacity(entries.len());
        if entries.is_empty() {
            cx.absent(node, &Self::words());
        }
        for entry in entries {
            let value = cx.under(entry, K::read);
            let name = Spanned::new(entry.key.text.clone(), entry.key_span);
            out.extend(value.map(|value| (name, value)));
        }
        Some(out)
    }

    fn schema() -> Json {
        json!({"type": "object", "additionalProperties": K::schema(), "minProperties": 1})
    }

    fn words() -> String {
        format!("names, behind each {}", K::words())
    }

    fn sections(out: &mut Vec<Section>) {
        K::sections(out);
    }
}

/// A short form as a text, or a long one with keys.
pub(crate) struct ShortOr<S, L>(PhantomData<(S, L)>);

/// What was written: the short form or the long one.
pub(crate) enum Either<A, B> {
    /// A text.
    Short(A),
    /// Keys and values.
    Long(B),
}

impl<S: Kind, L: Kind> Kind for ShortOr<S, L> {
    type Out = Either<S::Out, L::Out>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        match node.value {
            NodeValue::Mapping(_) => L::read(node, cx).map(Either::Long),
            _ => S::read(node, cx).map(Either::Short),
        }
    }

    fn schema() -> Json {
        json!({"anyOf": [S::schema(), L::schema()]})
    }

    fn words() -> String {
        format!("{}, or {}", S::words(), L::words())
    }

    fn keys() -> Vec<&'static str> {
        L::keys()
    }

    fn sections(out: &mut Vec<Section>) {
        L::sections(out);
    }
}

/// The place of a list of things that know theirs.
pub(crate) fn around(spans: impl IntoIterator<Item = Span>) -> Span {
    spans.into_iter().reduce(Span::to).unwrap_or_default()
}
