//! The value of a parameter: a written value, a text, a list, a table, dated versions.

use serde_json::{Value as Json, json};

use crate::card::{Content, Parameter, Row, Table, Version};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Span, Spanned};

use super::cx::Cx;
use super::dates::{Day, looks_like_day};
use super::field::Kind;
use super::kinds::{ListOf, Named, scalar_schema};
use super::language::Value;
use super::yaml::{Entry, MOST_ENTRIES, Node, NodeValue};

/// The keys that may lead to a value of a table, at most.
const MOST_KEYS: usize = 3;

/// What a parameter may be.
pub(crate) struct ContentKind;

impl Kind for ContentKind {
    type Out = (Content, Span);

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        content(node, cx).map(|content| (content, node.span))
    }

    fn schema() -> Json {
        let mut table =
            json!({"type": "object", "additionalProperties": scalar_schema()});
        for _ in 0..MOST_KEYS {
            let inner = json!({"anyOf": [scalar_schema(), table]});
            table = json!({"type": "object", "additionalProperties": inner});
        }
        json!({"anyOf": [scalar_schema(), ListOf::<Value>::schema(), table]})
    }

    fn words() -> String {
        "a written value, a text, a list of them or a table".into()
    }
}

/// The parameters of a card or a test.
pub(crate) struct Parameters;

impl Kind for Parameters {
    type Out = Vec<Parameter>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let named = Named::<ContentKind>::read(node, cx)?;
        let parameter = |(name, (content, span))| Parameter { name, content, span };
        Some(named.into_iter().map(parameter).collect())
    }

    fn schema() -> Json {
        Named::<ContentKind>::schema()
    }

    fn words() -> String {
        Named::<ContentKind>::words()
    }
}

fn content(node: &Node, cx: &mut Cx<'_>) -> Option<Content> {
    match &node.value {
        NodeValue::List(_) => ListOf::<Value>::read(node, cx).map(Content::List),
        NodeValue::Mapping(entries) if entries.is_empty() => {
            cx.absent(node, "a table with at least one row");
            None
        }
        NodeValue::Mapping(entries) if is_dated(entries) => dated(entries, cx),
        NodeValue::Mapping(entries) => table(entries, cx).map(Content::Table),
        _ => Value::read(node, cx).map(Content::One),
    }
}

/// A mapping is dated if its first key is written like a day; then all must be days.
fn is_dated(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|entry| looks_like_day(&entry.key.text))
}

fn dated(entries: &[Entry], cx: &mut Cx<'_>) -> Option<Content> {
    let mut versions = Vec::with_capacity(entries.len());
    for entry in entries {
        let since = Day::of(Spanned::new(entry.key.text.as_str(), entry.key_span), cx);
        let content = cx.under(entry, version);
        if let (Some(since), Some(content)) = (since, content) {
            versions.push(Version { since, content });
        }
    }
    versions.sort_by_key(|version| version.since.value);
    (versions.len() == entries.len()).then_some(Content::Dated(versions))
}

/// What is in force from a day on; it is not dated again.
fn version(node: &Node, cx: &mut Cx<'_>) -> Option<Content> {
    match &node.value {
        NodeValue::Mapping(entries) if is_dated(entries) => {
            let message = "a value or a table is expected under a day, found days again";
            cx.say(Diagnostic::new(Code::ValueShape, cx.place(node), message));
            None
        }
        _ => content(node, cx),
    }
}

fn table(entries: &[Entry], cx: &mut Cx<'_>) -> Option<Table> {
    let mut rows = Vec::new();
    let mut keys = Vec::new();
    let sound = collect(entries, &mut keys, &mut rows, cx);
    if !sound {
        return None;
    }
    let depth = rows.first().map_or(0, |row: &Row| row.keys.len());
    if let Some(row) = rows.iter().find(|row| row.keys.len() != depth) {
        let found = row.keys.len();
        let message = format!(
            "rows of a table have as many keys as the first, {depth}, found {found}"
        );
        cx.say(Diagnostic::new(Code::ValueShape, row.value.span, message));
        return None;
    }
    if rows.len() > MOST_ENTRIES {
        let place = rows.first().map_or(cx.key.span, |row| row.value.span);
        cx.say(super::layout::too_many(place, rows.len(), MOST_ENTRIES));
        return None;
    }
    Some(Table { depth, rows })
}

/// Collects the rows below some keys; says whether all could be read.
fn collect(
    entries: &[Entry],
    keys: &mut Vec<Spanned<String>>,
    rows: &mut Vec<Row>,
    cx: &mut Cx<'_>,
) -> bool {
    let mut sound = true;
    for entry in entries {
        keys.push(Spanned::new(entry.key.text.trim().to_owned(), entry.key_span));
        sound &= cx.under(entry, |node, cx| match &node.value {
            NodeValue::Mapping(inner) if keys.len() < MOST_KEYS => {
                collect(inner, keys, rows, cx)
            }
            _ => {
                let value = Value::read(node, cx);
                let sound = value.is_some();
                rows.extend(value.map(|value| Row { keys: keys.clone(), value }));
                sound
            }
        });
        keys.pop();
    }
    sound
}
