//! One table of fields: what reads a key also says its place in the schema and in the
//! reference of keys, so that the three cannot drift.

use std::marker::PhantomData;

use indexmap::IndexSet;
use serde_json::{Map, Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::span::{SourceId, Span, Spanned};

use super::complaints;
use super::cx::{Cx, Level};
use super::yaml::{Entry, Node, NodeValue};

/// A kind of value: how it is read, what a schema says of it, what people call it.
pub(crate) trait Kind {
    /// What it is read as.
    type Out;
    /// Reads it; whatever keeps it from being read was said.
    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out>;
    /// Its JSON Schema.
    fn schema() -> Json;
    /// What it is called in a message and in the reference: "a formula".
    fn words() -> String;
    /// The keys inside it, if it has keys of its own.
    fn keys() -> Vec<&'static str> {
        Vec::new()
    }
    /// Adds the sections of the reference that describe what is inside it.
    fn sections(_out: &mut Vec<Section>) {}
}

/// A key of a mapping.
pub(crate) struct Field<D> {
    pub(crate) key: &'static str,
    pub(crate) required: bool,
    pub(crate) meaning: &'static str,
    pub(crate) schema: fn() -> Json,
    pub(crate) words: fn() -> String,
    pub(crate) keys: fn() -> Vec<&'static str>,
    pub(crate) sections: fn(&mut Vec<Section>),
    pub(crate) read: fn(&mut D, &Node, &mut Cx<'_>),
}

/// A mapping with fixed keys while it is read.
pub(crate) trait Keyed: Default + 'static {
    /// Its keys, in the order of the reference.
    const FIELDS: &'static [Field<Self>];
}

/// A mapping with fixed keys and what becomes of it.
pub(crate) trait Form: Keyed {
    /// What it is read as.
    type Out;
    /// What it is called: "an exclusion".
    const NAME: &'static str;
    /// Makes it from what was read. A value that was complained about is missing like
    /// one that was not written; a file with errors is never used.
    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Self::Out>;
}

/// Where a mapping stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The key before it; of a list's entry the key of the list.
    pub(crate) key: Spanned<String>,
    /// The whole of it.
    pub(crate) span: Span,
    /// What a message about it points at: its first key.
    pub(crate) head: Span,
    /// The keys that are there.
    pub(crate) keys: Vec<Spanned<String>>,
}

impl Place {
    /// What is said of two keys that exclude each other.
    pub(crate) fn not_both(&self, first: &str, second: &str) -> Diagnostic {
        let place = |name: &str| {
            let key = self.keys.iter().find(|key| key.value == name);
            key.map_or(self.head, |key| key.span)
        };
        complaints::not_both(first, place(first), second, place(second))
    }

    /// The file.
    pub(crate) const fn source(&self) -> SourceId {
        self.span.source
    }
}

/// A section of the reference: a form and its keys.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A key in the reference.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) key: &'static str,
    pub(crate) required: bool,
    pub(crate) words: String,
    pub(crate) meaning: &'static str,
}

/// Declares a mapping with fixed keys: a slot for each, and the table of fields.
macro_rules! form {
    ($(#[$about:meta])* $draft:ident {
        $($key:literal $need:ident $slot:ident: $kind:ty, $meaning:literal;)*
    }) => {
        $(#[$about])*
        #[derive(Default)]
        pub(crate) struct $draft {
            $($slot: Option<<$kind as $crate::read::field::Kind>::Out>),*
        }

        impl $crate::read::field::Keyed for $draft {
            const FIELDS: &'static [$crate::read::field::Field<Self>] = &[$(
                $crate::read::field::Field {
                    key: $key,
                    required: $crate::read::field::form!(@ $need),
                    meaning: $meaning,
                    schema: <$kind as $crate::read::field::Kind>::schema,
                    words: <$kind as $crate::read::field::Kind>::words,
                    keys: <$kind as $crate::read::field::Kind>::keys,
                    sections: <$kind as $crate::read::field::Kind>::sections,
                    read: |draft, node, cx| {
                        draft.$slot = <$kind as $crate::read::field::Kind>::read(node, cx);
                    },
                }
            ),*];
        }
    };
    (@ required) => { true };
    (@ optional) => { false };
}

pub(crate) use form;

/// A mapping with fixed keys, as a kind of value.
pub(crate) struct Record<F>(PhantomData<F>);

impl<F: Form> Kind for Record<F> {
    type Out = F::Out;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<F::Out> {
        let entries = match &node.value {
            NodeValue::Mapping(entries) => entries,
            NodeValue::Unsound => return None,
            NodeValue::Absent => {
                cx.absent(node, F::NAME);
                return None;
            }
            NodeValue::Text(..) | NodeValue::List(_) => {
                let wanted = format!("{} with keys and values", F::NAME);
                cx.say(complaints::shape(cx.place(node), &wanted, node));
                return None;
            }
        };
        let head = entries.first().map_or(node.span, |entry| entry.key_span);
        let keys =
            entries.iter().map(|one| Spanned::new(one.key.text.clone(), one.key_span));
        let (key, span, keys) = (cx.key.clone(), node.span, keys.collect());
        let place = Place { key, span, head, keys };
        let draft = fill::<F>(entries, &place, cx);
        draft.finish(place, cx)
    }

    fn schema() -> Json {
        object::<F>()
    }

    fn words() -> String {
        F::NAME.to_owned()
    }

    fn keys() -> Vec<&'static str> {
        F::FIELDS.iter().map(|field| field.key).collect()
    }

    fn sections(out: &mut Vec<Section>) {
        if out.iter().any(|section| section.name == F::NAME) {
            return;
        }
        let row = |field: &Field<F>| Row {
            key: field.key,
            required: field.required,
            words: (field.words)(),
            meaning: field.meaning,
        };
        out.push(Section { name: F::NAME, rows: F::FIELDS.iter().map(row).collect() });
        for field in F::FIELDS {
            (field.sections)(out);
        }
    }
}

/// Reads the values of all known keys; complains about the others and about what is not
/// there.
fn fill<F: Form>(entries: &[Entry], place: &Place, cx: &mut Cx<'_>) -> F {
    let mut draft = F::default();
    let mut unknown = Vec::new();
    let keys: Vec<_> = F::FIELDS.iter().map(|field| field.key).collect();
    cx.levels.push(Level { keys, inside: String::new() });
    for entry in entries {
        let name = entry.key.text.as_str();
        let Some(field) = F::FIELDS.iter().find(|field| field.key == name) else {
            unknown.push(entry);
            continue;
        };
        if let Some(level) = cx.levels.last_mut() {
            name.clone_into(&mut level.inside);
        }
        cx.under(entry, |node, cx| (field.read)(&mut draft, node, cx));
    }
    cx.levels.pop();
    let mut meant = Vec::new();
    let told = cx.has_said(place.span);
    let there: IndexSet<&str> =
        entries.iter().map(|entry| entry.key.text.as_str()).collect();
    for entry in unknown.into_iter().filter(|entry| !(told && is_torn(entry))) {
        let (complaint, key) = unknown_key::<F>(entry, &there, cx);
        meant.extend(key);
        cx.say(complaint);
    }
    if !cx.broken {
        missing_keys::<F>(entries, &meant, place, cx);
    }
    draft
}

/// Whether a key is the rest of a formula that a comma cut inside `{ }`: where the cut
/// formula has a complaint of its own nothing is to be added.
fn is_torn(entry: &Entry) -> bool {
    matches!(entry.value.value, NodeValue::Absent)
        && entry.key.text.contains(['(', ')', '[', ']', '"', '\'', '=', '<', '>'])
}

/// Complains about required keys that are not there, unless a misspelt one was meant.
fn missing_keys<F: Form>(
    entries: &[Entry],
    meant: &[&str],
    place: &Place,
    cx: &mut Cx<'_>,
) {
    for field in F::FIELDS.iter().filter(|field| field.required) {
        let there = entries.iter().any(|entry| entry.key.text == field.key);
        if !there && !meant.contains(&field.key) {
            let wanted = (field.words)();
            cx.say(complaints::missing_key(place.head, F::NAME, field.key, &wanted));
        }
    }
}

/// What is said of a key that is not known here, and the key that was probably meant.
fn unknown_key<F: Form>(
    entry: &Entry,
    there: &IndexSet<&str>,
    cx: &Cx<'_>,
) -> (Diagnostic, Option<&'static str>) {
    let name = entry.key.text.as_str();
    let complaint = complaints::unknown_key(entry.key_span, F::NAME, name);
    let open = F::FIELDS.iter().map(|field| field.key);
    let open = open.filter(|key| !there.contains(key));
    if let Some(below) = F::FIELDS.iter().find(|field| (field.keys)().contains(&name)) {
        return (complaint.help(format!("`{name}` belongs under `{}`", below.key)), None);
    }
    let above = cx.levels.iter().rev().find(|level| level.keys.contains(&name));
    if let Some(level) = above {
        let help = format!("`{name}` belongs beside `{}`, not under it", level.inside);
        return (complaint.help(help), None);
    }
    match nearest(name, open) {
        Some(key) => (complaint.help(format!("a key `{key}` exists")), Some(key)),
        None => (complaint, None),
    }
}

/// The schema of a mapping with fixed keys.
fn object<F: Form>() -> Json {
    let mut properties = Map::new();
    for field in F::FIELDS {
        let mut schema = (field.schema)();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".into(), field.meaning.into());
        }
        properties.insert(field.key.into(), schema);
    }
    let required = F::FIELDS.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| field.key).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}
