//! The shipped workspace and the worked cards, read and resolved.

use std::path::Path;

use chrono_tz::Tz;

use super::testing::told;
use super::{Overrides, calendar, mapping, settings, vocabulary};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::source::Sources;
use crate::typed::{Expr, ExprKind};
use crate::types::{Grain, Ty};
use crate::value::Value;

/// All files of a workspace's folder, by their paths below it.
fn load(folder: &Path) -> Sources {
    fn add(folder: &Path, below: &str, sources: &mut Sources) {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let below = format!("{below}{name}");
            if path.is_dir() {
                add(&path, &format!("{below}/"), sources);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                sources.add(below, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut sources = Sources::new();
    add(folder, "", &mut sources);
    sources
}

/// Everything that is said about a workspace before its cards are checked. Expressions
/// are not: they pass for what is wanted.
fn complaints(sources: &Sources) -> Vec<Diagnostic> {
    let read = crate::read::workspace(sources);
    let mut said = read.diagnostics;
    let written = read.value;
    let house = settings::house(written.settings.as_ref());
    said.extend(house.diagnostics);
    let zone = house.value.zone;
    let calendars = calendar::calendars(&written.calendars, zone);
    said.extend(calendars.diagnostics);
    let own = settings::default_calendar(written.settings.as_ref(), &calendars.value);
    said.extend(own.diagnostics);
    let words = written.vocabulary.unwrap();
    let resolved = vocabulary::vocabulary(&words);
    said.extend(resolved.diagnostics);
    let schema = &resolved.value.schema;
    let ground = mapping::Ground { schema, zone, computed: &[] };
    let mappings = mapping::mappings(&written.mappings, ground, &mut |_, expr, kind| {
        let ty = Ty::new(kind, Grain::Row, true);
        let literal = ExprKind::Literal(Value::Missing);
        Outcome::clean(Expr { kind: literal, ty, span: expr.span })
    });
    said.extend(mappings.diagnostics);
    said
}

#[test]
fn nothing_is_said_about_the_shipped_workspace() {
    let sources = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metrics"));
    let read = crate::read::workspace(&sources);
    assert_eq!(told(&sources, &read.diagnostics), "");
    let checked = super::check(&read.value, &Overrides::default());
    assert_eq!(told(&sources, &checked.diagnostics), "");
    let catalog = checked.value;
    assert_eq!(catalog.mappings.len(), read.value.mappings.len());
    for card in &read.value.cards {
        let name = &card.metric.value;
        let mut metrics = catalog.metrics.iter().filter(|one| one.card_name == *name);
        assert!(metrics.next().is_some(), "{name}");
    }
}

#[test]
fn a_broken_calendar_is_told_once_and_not_by_every_card() {
    let card = "metric: a\ntitle: A\nclass: sla\nmeasures: outcome\nowner: B\nperiod: month\n\
                unit: count\ndirection: up\ncalendar: desk\npopulation: {from: t, dated: at_time}\n\
                formula: count()\n";
    let (sources, workspace) = super::testing::workspace(&[
        ("workspace.yaml", "time_zone: UTC\ncalendar: desk\n"),
        ("vocabulary.yaml", "tables: {t: {fields: {at_time: instant}}}\n"),
        ("calendars/desk.yaml", "calendar: desk\nhours: {mon: closed}\n"),
        ("sla/a.yaml", card),
    ]);
    let checked = super::check(&workspace, &Overrides::default());
    let said = told(&sources, &checked.diagnostics);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("calendar-empty"), "{said}");
}

#[test]
fn the_calendar_of_finland_knows_its_holidays() {
    let sources = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metrics"));
    let written = crate::read::workspace(&sources).value;
    let calendars = calendar::calendars(&written.calendars, Tz::UTC).value;
    let desk = calendars.iter().find(|one| one.name == "desk").unwrap();
    assert_eq!(desk.zone, Tz::Europe__Helsinki);
    let day = |text: &str| {
        let date: chrono::NaiveDate = text.parse().unwrap();
        i32::try_from((date - chrono::NaiveDate::default()).num_days()).unwrap()
    };
    // Facts of the years: Good Friday, Ascension Day, Midsummer Eve, All Saints' Day.
    for closed in ["2024-03-29", "2025-05-29", "2025-06-20", "2026-10-31", "2027-03-29"] {
        assert!(desk.holidays.contains(&day(closed)), "{closed}");
    }
    assert_eq!(desk.holidays.len(), 5 * 15);
    assert_eq!(desk.known_until, Some(day("2027-12-31")));
}

/// The worked cards beside the project, which are not part of it.
#[test]
fn the_worked_sources_are_sound() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cards");
    let Ok(words) = std::fs::read_to_string(shared.join("vocabulary.yaml")) else {
        eprintln!("skipped: the worked cards are not beside the project");
        return;
    };
    let mut sources = Sources::new();
    sources.add("vocabulary.yaml", words);
    for name in ["real/source-bank.yaml", "real/source-servicenow.yaml", "w/source.yaml"]
    {
        let text = std::fs::read_to_string(shared.join(name)).unwrap();
        let name = text.lines().next().unwrap().replace("source: ", "");
        sources.add(format!("sources/{name}.yaml"), text);
    }
    // Two names of that vocabulary are used for two things each.
    let codes: Vec<_> = complaints(&sources).iter().map(|one| one.code).collect();
    assert_eq!(codes, [crate::diagnostic::Code::FieldConflict; 2]);
}
