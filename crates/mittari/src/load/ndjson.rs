//! Lines that are JSON objects, laid out as rows of fields.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use indexmap::IndexSet;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde_json::Value;

use crate::fault::{FaultKind, LoadError, nearest};
use crate::load::rows::Rows;

/// How many names of a file are remembered to suggest one of them.
const MOST_NAMES: usize = 256;

/// Which names occur in a file: JSON has no header that could be missing a column.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    files: Mutex<Vec<SeenFile>>,
}

#[derive(Debug, Clone, Default)]
struct SeenFile {
    any: bool,
    used: Vec<bool>,
    names: IndexSet<String>,
}

impl Seen {
    fn note(&self, file: usize, found: &SeenFile) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() <= file {
            files.resize_with(file + 1, SeenFile::default);
        }
        let Some(seen) = files.get_mut(file) else { return };
        seen.any |= found.any;
        seen.used.resize(found.used.len(), false);
        for (seen, found) in seen.used.iter_mut().zip(&found.used) {
            *seen |= found;
        }
        for name in found.names.iter().take(MOST_NAMES) {
            seen.names.insert(name.clone());
        }
    }

    /// The first used name that no object of a file has, if it has objects at all.
    pub(crate) fn absent<'a>(
        &self,
        names: &[String],
        path: impl Fn(usize) -> &'a Path,
    ) -> Option<LoadError> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, file) in files.iter().enumerate().filter(|(_, file)| file.any) {
            let absent = names.iter().zip(&file.used).find(|(_, used)| !**used);
            if let Some((name, _)) = absent {
                let mut known: Vec<String> = file.names.iter().cloned().collect();
                known.sort();
                return Some(LoadError::NoColumn {
                    file: path(at).to_path_buf(),
                    column: name.clone(),
                    known: nearest(name, &known),
                });
            }
        }
        None
    }
}

/// Lays the used values of some lines out in a text of their own; those that are only
/// watched are read as strictly.
pub(crate) fn lay_out(
    lines: &str,
    (names, watched): (&[String], &[String]),
    (file, seen): (usize, &Seen),
    rows: &mut Rows,
) -> String {
    rows.restart(names.len());
    let mut laid = String::with_capacity(lines.len());
    let mut found = SeenFile { used: vec![false; names.len()], ..SeenFile::default() };
    let mut ends = Vec::with_capacity(names.len());
    for line in lines.lines() {
        let text = line.trim();
        if text.is_empty() {
            rows.pass_line();
            continue;
        }
        let wanted = Wanted { names, watched, found: &mut found };
        let mut reader = serde_json::Deserializer::from_str(text);
        let record = wanted.deserialize(&mut reader).and_then(|record| {
            reader.end()?;
            Ok(record)
        });
        match record {
            Ok(record) => {
                let start = laid.len();
                ends.clear();
                for value in record {
                    rows.nulls.push(value.is_none());
                    laid.push_str(&value.unwrap_or_default());
                    ends.push(laid.len());
                    laid.push('\n');
                }
                if ends.is_empty() {
                    laid.push('\n');
                }
                found.any = true;
                rows.add(start, &ends);
            }
            Err(error) => {
                let kind = if text.contains('\0') {
                    FaultKind::Characters
                } else {
                    FaultKind::Record
                };
                rows.flaw(kind, text.as_bytes(), || format!("a JSON object ({error})"));
                rows.pass_line();
            }
        }
    }
    seen.note(file, &found);
    laid
}

/// Takes the wanted values out of an object.
struct Wanted<'a> {
    names: &'a [String],
    watched: &'a [String],
    found: &'a mut SeenFile,
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Vec<Option<String>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Vec<Option<String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.names.len()];
        let mut keys = IndexSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if self.found.names.len() < MOST_NAMES && !self.found.names.contains(&key) {
                self.found.names.insert(key.clone());
            }
            let inside = |name: &str| {
                name == key
                    || name.strip_prefix(&*key).is_some_and(|n| n.starts_with('.'))
            };
            if !self.names.iter().chain(self.watched).any(|name| inside(name)) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            if !keys.insert(key.clone()) {
                return Err(A::Error::custom(format!("`{key}` stands twice")));
            }
            let value: Value = map.next_value()?;
            let slots = self.names.iter().zip(&mut values).zip(&mut self.found.used);
            for ((name, slot), used) in slots.filter(|((name, _), _)| inside(name)) {
                if let Some(found) = at_path(&value, name.get(key.len()..).unwrap_or(""))
                {
                    *used = true;
                    *slot = text_of(found);
                }
            }
        }
        Ok(values)
    }
}

/// The value at a path like `.status.name` within another.
fn at_path<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    match path.strip_prefix('.') {
        None => Some(value),
        Some(path) => path.split('.').try_fold(value, |value, name| value.get(name)),
    }
}

/// A value as text; lists and objects are their JSON.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
