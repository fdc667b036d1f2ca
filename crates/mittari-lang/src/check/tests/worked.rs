//! The shipped cards, and the worked cards where they lie beside the repository.

use std::path::{Path, PathBuf};

use super::told;
use crate::check::Overrides;
use crate::diagnostic::{Code, Outcome};
use crate::metric::Catalog;
use crate::read;
use crate::source::Sources;

/// Hours for the calendars the worked cards speak of.
const HOURS: &str = "hours:\n  mon-fri: 08:00-16:00\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The cards of a folder, its sources of data left out.
fn add(folder: &Path, below: &str, sources: &mut Sources) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            add(&path, &format!("{below}{name}/"), sources);
        } else if path.extension().is_some_and(|end| end == "yaml")
            && !name.starts_with("source")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            // A card stands in the file of its name; these lie under their numbers.
            let own = text.lines().find_map(|line| line.strip_prefix("metric: "));
            let tests = name.ends_with(".test.yaml");
            let file = own.filter(|_| !tests).map(|own| format!("{}.yaml", own.trim()));
            sources.add(format!("{below}{}", file.unwrap_or(name)), text);
        }
    }
}

fn checked(sources: &Sources) -> Outcome<Catalog> {
    let read = read::workspace(sources);
    let mut outcome = super::super::check(&read.value, &Overrides::default());
    outcome.diagnostics.extend(read.diagnostics);
    outcome
}

/// What makes something unsound, with the file it stands in.
fn errors(sources: &Sources, outcome: &Outcome<Catalog>) -> Vec<(String, Code, String)> {
    let errors = outcome.diagnostics.iter().filter(|one| one.is_error());
    errors
        .map(|one| {
            let file = sources.get(one.span().source).map_or("", |source| &source.name);
            let told = told(sources, std::slice::from_ref(one)).join("");
            (file.to_owned(), one.code, format!("{file}: {told}: {}", one.message))
        })
        .collect()
}

#[test]
fn every_shipped_card_is_sound() {
    let mut sources = Sources::new();
    add(&root().join("metrics"), "", &mut sources);
    let outcome = checked(&sources);
    let errors = errors(&sources, &outcome);
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(outcome.value.metrics.len() > 10);
}

#[test]
fn the_worked_cards_are_sound() {
    let folder = root().join("../shared/cards");
    if !folder.is_dir() {
        return;
    }
    let mut sources = Sources::new();
    add(&folder, "", &mut sources);
    for name in ["desk", "24x7", "full_time", "office", "shifts"] {
        sources
            .add(format!("calendars/{name}.yaml"), format!("calendar: {name}\n{HOURS}"));
    }
    let outcome = checked(&sources);
    let errors = errors(&sources, &outcome);
    let unexpected: Vec<_> = errors
        .iter()
        // The worked vocabulary has lists that differ under one name.
        .filter(|(file, code, _)| {
            file != "vocabulary.yaml" || *code != Code::FieldConflict
        })
        .map(|(_, _, text)| text)
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let of_w = outcome.value.metrics.iter();
    let of_w = of_w.filter(|metric| metric.card_name.starts_with("w-"));
    assert_eq!(of_w.count(), 29);
}
