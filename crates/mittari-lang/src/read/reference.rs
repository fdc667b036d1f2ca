//! The schemas and the reference of keys, from the table that the reader uses.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::card::CardDraft;
use super::field::{Form, Kind as _, Record, Section};
use super::hours::HoursDraft;
use super::mapping::MappingDraft;
use super::trial::TrialsDraft;
use super::vocabulary::VocabularyDraft;
use super::workspace::SettingsDraft;

/// The names of the schemas: `card` is kept in `card.schema.json`.
pub const SCHEMAS: &[&str] =
    &["card", "vocabulary", "calendar", "source", "workspace", "test"];

/// The JSON Schema of a kind of file, as text; none if there is no such kind.
pub fn schema(name: &str) -> Option<String> {
    let schema = match name {
        "card" => titled::<CardDraft>("A metric card"),
        "vocabulary" => titled::<VocabularyDraft>("The vocabulary of a workspace"),
        "calendar" => titled::<HoursDraft>("A service calendar"),
        "source" => titled::<MappingDraft>("A source: how an export becomes tables"),
        "workspace" => titled::<SettingsDraft>("The settings of a workspace"),
        "test" => titled::<TrialsDraft>("The tests of a metric card"),
        _ => return None,
    };
    Some(format!("{schema:#}\n"))
}

fn titled<F: Form>(title: &str) -> Json {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
    });
    if let (Some(schema), Json::Object(body)) =
        (schema.as_object_mut(), Record::<F>::schema())
    {
        schema.extend(body);
    }
    schema
}

/// The reference of keys, as Markdown: a table for each kind of file and for each
/// mapping inside it.
pub fn reference() -> String {
    let mut out = String::from("# Keys\n");
    part::<CardDraft>(&mut out, "A card");
    part::<VocabularyDraft>(&mut out, "The vocabulary");
    part::<HoursDraft>(&mut out, "A calendar");
    part::<MappingDraft>(&mut out, "A source");
    part::<SettingsDraft>(&mut out, "The workspace");
    part::<TrialsDraft>(&mut out, "Tests of a card");
    out
}

fn part<F: Form>(out: &mut String, title: &str) {
    let mut sections = Vec::new();
    Record::<F>::sections(&mut sections);
    for (number, section) in sections.iter().enumerate() {
        if number == 0 {
            // Writing to a text cannot fail.
            let _ = writeln!(out, "\n## {title}\n");
        } else {
            let _ = writeln!(out, "\n### {}\n", section.name);
        }
        table(out, section);
    }
}

fn table(out: &mut String, section: &Section) {
    out.push_str("| key | | what stands there | meaning |\n|---|---|---|---|\n");
    for row in &section.rows {
        let required = if row.required { "required" } else { "" };
        let words = row.words.replace('|', "\\|");
        let _ =
            writeln!(out, "| `{}` | {required} | {words} | {} |", row.key, row.meaning);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../grammar")
    }

    #[test]
    fn the_schemas_kept_are_those_of_the_reader() {
        for name in SCHEMAS {
            let path = folder().join(format!("{name}.schema.json"));
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            let same = Some(kept) == schema(name);
            assert!(same, "{name}.schema.json is not current: run the example `schemas`");
        }
    }

    #[test]
    fn a_schema_knows_the_keys_of_what_is_inside() {
        let card: Json = serde_json::from_str(&schema("card").unwrap()).unwrap();
        let exclusion = &card["properties"]["population"]["properties"]["exclude"];
        let exclusion = &exclusion["anyOf"][0]["items"];
        assert_eq!(exclusion["required"], json!(["name", "reason"]));
        assert_eq!(
            card["properties"]["class"]["enum"],
            json!(["sla", "ola", "internal"])
        );
    }

    #[test]
    fn the_reference_has_every_key_once() {
        let reference = reference();
        assert!(reference.contains("\n| `owner` | required | a text, or one for each"));
        assert!(reference.contains("\n### an exclusion\n"));
        assert_eq!(reference.matches("\n### an entry of `targets`\n").count(), 2);
    }
}
