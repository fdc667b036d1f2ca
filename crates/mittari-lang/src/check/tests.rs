//! Tests of the checker: expressions in a small workspace, and whole cards.

mod cards;
mod declared;
mod expressions;
mod fingerprints;
mod generated;
mod overrides;
mod worked;

use super::card::{Draft, House};
use super::expr::Checker;
use super::scope::{Made, World};
use super::{Overrides, calendar, vocabulary, world};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::metric::{Catalog, ServiceCalendar};
use crate::read;
use crate::source::Sources;
use crate::workspace::Workspace;

const VOCABULARY: &str = include_str!("tests/vocabulary.yaml");
const DESK: &str = include_str!("tests/desk.yaml");
const CARD: &str = include_str!("tests/card.yaml");
const SETTINGS: &str = "time_zone: Europe/Helsinki\n";

/// A workspace of the small vocabulary and some cards.
fn sources(settings: &str, cards: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::new();
    sources.add("workspace.yaml", settings);
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("calendars/desk.yaml", DESK);
    for (name, text) in cards {
        sources.add(format!("{name}.yaml"), *text);
    }
    sources
}

/// Reads what must be readable.
fn read(sources: &Sources) -> Workspace {
    let read = read::workspace(sources);
    assert_eq!(read.diagnostics, [], "the files themselves are sound");
    read.value
}

/// A whole card with a formula and whatever else is given, keys first.
fn card(name: &str, rest: &str) -> String {
    format!(
        "metric: {name}\ntitle: A card\nclass: internal\nmeasures: outcome\nowner: Nobody\n\
         period: month\n{rest}\n"
    )
}

/// What the checker makes of some cards.
fn check_cards(cards: &[(&str, &str)]) -> (Sources, Outcome<Catalog>) {
    let sources = sources(SETTINGS, cards);
    let outcome = super::check(&read(&sources), &Overrides::default());
    (sources, outcome)
}

/// Code and place of what was said.
fn told(sources: &Sources, said: &[Diagnostic]) -> Vec<String> {
    let one = |one: &Diagnostic| {
        format!("{} at `{}`", one.code.name(), sources.text(one.span()).trim_end())
    };
    said.iter().map(one).collect()
}

/// Runs a test with a checker that stands in the small card, its population over.
fn with_checker<T>(table: &str, test: impl FnOnce(&mut Checker<'_, '_>) -> T) -> T {
    let card = CARD.replace("from: tickets\n  dated: opened_at", table_rows(table));
    let sources = sources(SETTINGS, &[("tried", &card)]);
    let workspace = read(&sources);
    let resolved = vocabulary::vocabulary(workspace.vocabulary.as_ref().unwrap());
    assert_eq!(resolved.diagnostics, [], "the vocabulary itself is sound");
    let resolved = resolved.value;
    let zone = chrono_tz::Tz::Europe__Helsinki;
    let calendars: Vec<ServiceCalendar> =
        calendar::calendars(&workspace.calendars, zone).value;
    let mut made = Made { sets: resolved.schema.sets.clone(), ..Made::default() };
    let world: World<'_> = world(&workspace, &resolved, &calendars, &mut made);
    let parameters = super::overrides::parameters(&workspace, &[]).value.remove(0);
    let house = House { zone, calendar: None };
    let mut draft = Draft::new(&workspace.cards[0], 0, &world, house, parameters);
    for name in ["a", "b"] {
        draft.scope.formulas.insert(name);
    }
    let mut checker = draft.checker(&world, &mut made);
    checker.table = world.schema.table_named(table).map(|(id, _)| id);
    test(&mut checker)
}

/// The rows of the small card when it is about a table.
fn table_rows(table: &str) -> &'static str {
    match table {
        "contacts" => "from: contacts\n  dated: arrived_at",
        "surveys" => "from: surveys\n  dated: sent_at",
        "states" => "from: states\n  dated: since",
        _ => "from: tickets\n  dated: opened_at",
    }
}
