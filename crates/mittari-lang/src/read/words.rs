//! The kinds of closed values: words, truth values, whole numbers, units.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use crate::span::Spanned;
use crate::types::Unit;

use super::complaints;
use super::cx::Cx;
use super::field::Kind;
use super::kinds::trimmed;
use super::yaml::Node;
use crate::nearest::nearest;

/// A set of words, each for a value.
pub(crate) trait Words: Copy + 'static {
    /// All of them.
    const LIST: &'static [(Self, &'static str)];
    /// What one is called: "a class".
    const NAME: &'static str;
}

macro_rules! words {
    ($($kind:ty, $name:literal;)*) => {$(
        impl Words for $kind {
            const LIST: &'static [(Self, &'static str)] = Self::WORDS;
            const NAME: &'static str = $name;
        }
    )*};
}

words! {
    crate::card::Class, "a class";
    crate::card::Measures, "what is measured";
    crate::card::View, "a view";
    crate::card::Direction, "a direction";
    crate::types::Period, "a period";
    crate::vocabulary::FieldKind, "a type";
    crate::mapping::Layout, "a layout";
    crate::mapping::Encoding, "an encoding";
    crate::trial::State, "a state";
    crate::trial::Verdict, "a verdict";
}

/// One of a set of words.
pub(crate) struct Word<W>(PhantomData<W>);

impl<W: Words> Kind for Word<W> {
    type Out = Spanned<W>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = trimmed(node, cx, &Self::words())?;
        let found = W::LIST.iter().find(|(_, word)| *word == text.value);
        if let Some((value, _)) = found {
            return Some(Spanned::new(*value, text.span));
        }
        let near = nearest(&text.value, W::LIST.iter().map(|(_, word)| *word));
        cx.say(match near.or_else(|| synonym::<W>(&text.value)) {
            Some(word) => complaints::word(text.span, W::NAME, &text.value)
                .help(format!("write `{word}`")),
            None => complaints::word(text.span, &Self::words(), &text.value),
        });
        None
    }

    fn schema() -> Json {
        let words: Vec<_> = W::LIST.iter().map(|(_, word)| *word).collect();
        json!({"enum": words})
    }

    fn words() -> String {
        let words: Vec<_> = W::LIST.iter().map(|(_, word)| format!("`{word}`")).collect();
        format!("{} ({})", W::NAME, words.join(", "))
    }
}

/// The word of a set that people from elsewhere call differently.
fn synonym<W: Words>(found: &str) -> Option<&'static str> {
    const OTHERS: &[(&str, &str)] = &[
        ("string", "text"),
        ("datetime", "instant"),
        ("timestamp", "instant"),
        ("bool", "boolean"),
        ("int", "number"),
        ("integer", "number"),
        ("float", "number"),
        ("decimal", "number"),
        ("enum", "category"),
        ("daily", "day"),
        ("monthly", "month"),
        ("annual", "year"),
        ("higher", "up"),
        ("lower", "down"),
        ("jsonl", "ndjson"),
        ("latin1", "windows-1252"),
    ];
    let small = found.to_lowercase();
    let (_, meant) = OTHERS.iter().find(|(name, _)| *name == small)?;
    W::LIST.iter().map(|(_, word)| *word).find(|word| word == meant)
}

/// `true` or `false`.
pub(crate) struct Truth;

impl Kind for Truth {
    type Out = Spanned<bool>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = trimmed(node, cx, "`true` or `false`")?;
        let meant = match text.value.to_lowercase().as_str() {
            "true" | "yes" | "y" | "on" | "1" => Some(true),
            "false" | "no" | "n" | "off" | "0" => Some(false),
            _ => None,
        };
        if let Some(value) = meant.filter(|value| value.to_string() == text.value) {
            return Some(Spanned::new(value, text.span));
        }
        let complaint = complaints::word(text.span, "`true` or `false`", &text.value);
        cx.say(match meant {
            Some(value) => complaint.help(format!("write `{value}`")),
            None => complaint,
        });
        None
    }

    fn schema() -> Json {
        json!({"type": "boolean"})
    }

    fn words() -> String {
        "`true` or `false`".into()
    }
}

/// A whole number between two bounds.
pub(crate) struct Whole<const LEAST: u32, const MOST: u32>;

impl<const LEAST: u32, const MOST: u32> Kind for Whole<LEAST, MOST> {
    type Out = Spanned<u32>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = trimmed(node, cx, &Self::words())?;
        // `017`, `1_000`, `0x1F` and `1e3` are different numbers to different programs.
        let digits = text.value.bytes().all(|byte| byte.is_ascii_digit());
        let clear = digits && (text.value == "0" || !text.value.starts_with('0'));
        let value = text.value.parse().ok().filter(|_| clear);
        let value = value.filter(|value| (LEAST..=MOST).contains(value));
        if value.is_none() {
            cx.say(complaints::word(text.span, &Self::words(), &text.value));
        }
        Some(Spanned::new(value?, text.span))
    }

    fn schema() -> Json {
        json!({"type": "integer", "minimum": LEAST, "maximum": MOST})
    }

    fn words() -> String {
        if MOST == u32::MAX {
            format!("a whole number from {LEAST}")
        } else {
            format!("a whole number from {LEAST} to {MOST}")
        }
    }
}

/// The unit of a value.
pub(crate) struct UnitKind;

impl Kind for UnitKind {
    type Out = Spanned<Unit>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = trimmed(node, cx, "a unit")?;
        if let Some(unit) = Unit::named(&text.value) {
            return Some(Spanned::new(unit, text.span));
        }
        cx.say(match meant_unit(&text.value) {
            Some(word) => complaints::word(text.span, "a unit", &text.value)
                .help(format!("write `{word}`")),
            None => complaints::word(text.span, &Self::words(), &text.value),
        });
        None
    }

    fn schema() -> Json {
        json!({"anyOf": [
            {"enum": UNITS},
            {"type": "string", "pattern": "^[A-Z]{3}$"},
        ]})
    }

    fn words() -> String {
        let words: Vec<_> = UNITS.iter().map(|word| format!("`{word}`")).collect();
        format!("a unit ({}, or a currency as `EUR`)", words.join(", "))
    }
}

const UNITS: &[&str] =
    &["percent", "points", "number", "count", "ms", "s", "min", "h", "d"];

/// The unit behind another word for it.
fn meant_unit(word: &str) -> Option<String> {
    const OTHERS: &[(&str, &str)] = &[
        ("%", "percent"),
        ("pct", "percent"),
        ("sec", "s"),
        ("second", "s"),
        ("seconds", "s"),
        ("minute", "min"),
        ("minutes", "min"),
        ("hour", "h"),
        ("hours", "h"),
        ("day", "d"),
        ("days", "d"),
        ("€", "EUR"),
        ("$", "USD"),
        ("ratio", "percent"),
        ("integer", "count"),
    ];
    let small = word.to_lowercase();
    let other = OTHERS.iter().find(|(name, _)| *name == small).map(|(_, unit)| *unit);
    let long = UNITS.iter().copied().filter(|unit| unit.len() > 3);
    if let Some(unit) = other.or_else(|| nearest(word, long)) {
        return Some(unit.to_owned());
    }
    Some(word.to_uppercase()).filter(|code| Unit::named(code).is_some())
}
