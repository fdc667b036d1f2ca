//! Written things to meant ones: names, types, grains.
//!
//! ```text
//! vocabulary, calendars, settings ──▶ World          what all cards share
//! card ──▶ Draft ──▶ rows and defines ──▶ formulas, each behind those it speaks of
//!      ──▶ metrics, judged as a whole ──▶ Catalog    only what is sound
//! ```

mod adapt;
mod aggregate;
mod arithmetic;
mod breakdown;
pub mod calendar;
mod call;
mod card;
mod catalog;
mod complaints;
mod day;
mod decides;
mod expr;
mod fingerprint;
mod finish;
mod form;
mod group;
mod its;
mod kinds;
mod level;
mod logic;
mod lookup;
pub mod mapping;
mod name;
mod offers;
mod overrides;
mod population;
mod references;
mod scope;
pub mod settings;
mod table;
mod target;
mod unit;
pub mod vocabulary;
mod zone;

use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::metric::{Catalog, Mapping, Rule, ServiceCalendar};
use crate::span::{Span, Spanned};
use crate::types::Kind;
use crate::value::Currency;
use crate::workspace::Workspace;
use crate::{syntax, typed};
use card::{Draft, House};
use complaints::{card as of_cards, names as of_names};
use expr::Checker;
pub use overrides::Overrides;
use references::full_name;
pub use references::spoken_of;
use scope::{CardScope, Computed, Findings, Made, World};
use vocabulary::Resolved;

/// The days of the week, as `weekday` names them.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The zone of an IANA name, as `Europe/Helsinki`.
///
/// # Errors
///
/// There is none of that name; the message offers the nearest.
pub fn zone_named(name: &str) -> Result<Tz, Diagnostic> {
    zone::zone(&Spanned::new(name.to_owned(), Span::default()))
}

/// Checks a workspace: what is sound ends in the catalog, what is not is explained and
/// stays out. Overrides take the place of what the files say.
pub fn check(workspace: &Workspace, overrides: &Overrides) -> Outcome<Catalog> {
    let mut said = Vec::new();
    let mut keep = |diagnostics: Vec<Diagnostic>| said.extend(diagnostics);
    let written = workspace.settings.as_ref();
    let house = settings::house(written);
    keep(house.diagnostics);
    let zone = overrides.time_zone.unwrap_or(house.value.zone);
    let calendars = calendar::calendars(&workspace.calendars, zone);
    keep(calendars.diagnostics);
    let calendars = calendars.value;
    let default = settings::default_calendar(written, &calendars);
    keep(default.diagnostics);
    let resolved = match &workspace.vocabulary {
        Some(written) => vocabulary::vocabulary(written),
        None => Outcome::clean(Resolved::default()),
    };
    keep(resolved.diagnostics);
    let resolved = resolved.value;
    let mut made = Made { sets: resolved.schema.sets.clone(), ..Made::default() };
    let world = world(workspace, &resolved, &calendars, &mut made);
    let ground = House { zone, calendar: default.value };
    keep(words(&world, &mut made, ground));
    let rows = rows(workspace, &world, &mut made, ground, &resolved);
    keep(rows.diagnostics);
    let (rules, mappings) = rows.value;
    let set = overrides::parameters(workspace, &overrides.parameters);
    keep(set.diagnostics);
    let mut drafts = drafts(workspace, &world, ground, set.value, &mut said);
    goals(workspace, &mut drafts, &world, &mut said);
    let metrics = catalog::metrics(&mut drafts, &world, &mut made);
    said.extend(drafts.into_iter().flat_map(|draft| draft.found.said));
    let mut catalog = Catalog {
        schema: resolved.schema.clone(),
        zone,
        fiscal_start: house.value.fiscal_start,
        languages: house.value.languages,
        calendars,
        populations: Vec::new(),
        dimensions: Vec::new(),
        metrics,
        rules,
        mappings,
    };
    catalog::complete(&mut catalog, made);
    said.extend(untestable(workspace));
    follow_ups(workspace, &catalog, &mut said);
    Outcome { value: catalog, diagnostics: ordered(said) }
}

/// What is said of tests whose card does not exist.
fn untestable(workspace: &Workspace) -> Vec<Diagnostic> {
    let names: IndexSet<&str> = workspace
        .cards
        .iter()
        .map(|card| &card.metric)
        .chain(&workspace.broken)
        .map(|name| name.value.as_str())
        .collect();
    let tests = workspace.trials.iter().map(|trials| &trials.metric);
    tests
        .filter(|name| !names.contains(name.value.as_str()))
        .map(|name| of_names::no_card(name.span, &name.value, names.iter().copied()))
        .collect()
}

/// What is said of the data's folders, and no longer said of names that are unknown only
/// because the file they stand in was complained about.
fn follow_ups(workspace: &Workspace, catalog: &Catalog, said: &mut Vec<Diagnostic>) {
    if workspace.counts.calendars > catalog.calendars.len() {
        let follows = [Code::UnknownCalendar, Code::CalendarMissing];
        said.retain(|one| !follows.contains(&one.code));
    }
    if workspace.counts.mappings == catalog.mappings.len() {
        let settings = workspace.settings.as_ref();
        let served = settings::data(settings, &catalog.mappings, &catalog.schema);
        said.extend(served.diagnostics);
    }
}

/// What all cards share.
fn world<'a>(
    workspace: &'a Workspace,
    resolved: &'a Resolved<'a>,
    calendars: &'a [ServiceCalendar],
    made: &mut Made,
) -> World<'a> {
    let schema = &resolved.schema;
    let mut computed: Vec<IndexMap<&str, Computed<'_>>> = Vec::new();
    computed.resize_with(schema.tables.len(), IndexMap::new);
    for field in &resolved.computed {
        let one = Computed {
            name: field.name,
            expr: field.expr,
            kind: field.kind,
            personal: field.personal,
        };
        if let Some(fields) = computed.get_mut(field.table.0 as usize) {
            fields.insert(&field.name.value, one);
        }
    }
    let named = |population: &&'a crate::card::Population| {
        Some((population.name.as_ref()?.value.as_str(), *population))
    };
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    let money = columns.filter_map(|column| match column.kind {
        Kind::Money(currency) => Some(currency),
        _ => None,
    });
    let settings = workspace.settings.iter().flat_map(|settings| &settings.currencies);
    let more = settings.filter_map(|code| Currency::named(&code.value));
    let weekdays = WEEKDAYS.map(str::to_owned).to_vec();
    let metrics = workspace.cards.iter().flat_map(|card| {
        card.formulas.iter().map(move |formula| full_name(card, formula))
    });
    World {
        schema,
        computed,
        valid: resolved.valid.clone(),
        populations: resolved.populations.iter().filter_map(named).collect(),
        calendars: calendars.iter().map(|calendar| calendar.name.as_str()).collect(),
        currencies: money.chain(more).collect(),
        weekdays: made.intern_set("weekday", weekdays),
        metrics: metrics.collect(),
        broken: workspace.broken.iter().map(|name| name.value.as_str()).collect(),
    }
}

/// Checks what the vocabulary computes, by itself.
fn words(world: &World<'_>, made: &mut Made, house: House) -> Vec<Diagnostic> {
    let scope = CardScope::bare(house.zone, house.calendar);
    let mut found = Findings::default();
    let mut checker = Checker::new(world, made, &scope, &mut found);
    for (table, fields) in (0_u32..).zip(&world.computed) {
        let table = crate::schema::TableId(table);
        for (name, field) in fields {
            checker.field(table, name, field.name.span);
        }
        let ends = world.valid.get(table.0 as usize).copied().flatten();
        // Ends that are read were looked at with the columns of their table.
        let computed =
            |name: &Spanned<String>| world.computed(table, &name.value).is_some();
        if ends.is_some_and(|(from, until)| computed(from) || computed(until)) {
            let _ = checker.validity(table);
        }
    }
    for population in world.populations.values() {
        checker.build(population, 0);
    }
    // Which calendar is meant may be said by each card.
    let by_cards = house.calendar.is_none();
    found.said.retain(|one| !(by_cards && one.code == Code::CalendarMissing));
    found.said
}

/// The rules of the tables and the sources, with their expressions over rows.
fn rows(
    workspace: &Workspace,
    world: &World<'_>,
    made: &mut Made,
    house: House,
    resolved: &Resolved<'_>,
) -> Outcome<(Vec<Rule>, Vec<Mapping>)> {
    let scope = CardScope::bare(house.zone, house.calendar);
    let mut type_row = |table, written: &syntax::Expr, kind| -> Outcome<typed::Expr> {
        let mut found = Findings::default();
        let mut checker = Checker::new(world, made, &scope, &mut found);
        let mut expr = checker.in_rows(table, |checker| checker.expr(written));
        checker.adapt(&mut expr, kind);
        Outcome { value: expr, diagnostics: found.said }
    };
    let rules = mapping::rules(&resolved.rules, &mut type_row);
    let computed = resolved.computed.iter();
    let computed: Vec<_> =
        computed.map(|field| (field.table, field.name.value.as_str())).collect();
    let ground = mapping::Ground {
        schema: &resolved.schema,
        zone: house.zone,
        computed: &computed,
    };
    let mappings = mapping::mappings(&workspace.mappings, ground, &mut type_row);
    let mut diagnostics = rules.diagnostics;
    diagnostics.extend(mappings.diagnostics);
    Outcome { value: (rules.value, mappings.value), diagnostics }
}

/// The cards with their names resolved; a second card of one name stays out.
fn drafts<'a>(
    workspace: &'a Workspace,
    world: &World<'a>,
    house: House,
    mut own: Vec<overrides::Parameters<'a>>,
    said: &mut Vec<Diagnostic>,
) -> Vec<Draft<'a>> {
    let mut names: IndexMap<&str, &Spanned<String>> = IndexMap::new();
    let mut drafts = Vec::new();
    for (place, card) in workspace.cards.iter().enumerate() {
        if let Some(first) = names.get(card.metric.value.as_str()) {
            said.push(of_names::duplicate_name(&card.metric, first.span, "a card"));
            continue;
        }
        names.insert(&card.metric.value, &card.metric);
        let parameters = own.get_mut(place).map(std::mem::take).unwrap_or_default();
        drafts.push(Draft::new(card, place, world, house, parameters));
    }
    drafts
}

/// Gives each card the organisation's targets for it.
fn goals(
    workspace: &Workspace,
    drafts: &mut [Draft<'_>],
    world: &World<'_>,
    said: &mut Vec<Diagnostic>,
) {
    let all = workspace.settings.iter().flat_map(|settings| &settings.targets);
    for targets in all {
        let full = targets.metric.value.as_str();
        let (name, formula) = match full.split_once('.') {
            Some((name, formula)) => (name, Some(formula)),
            None => (full, None),
        };
        let draft = drafts.iter_mut().find(|draft| draft.card.metric.value == name);
        let known = draft.as_ref().is_some_and(|draft| {
            formula.is_none_or(|formula| draft.scope.formulas.contains(formula))
        });
        let Some(draft) = draft.filter(|_| known) else {
            if !world.broken.contains(name) {
                let cards: IndexSet<&str> = workspace
                    .cards
                    .iter()
                    .map(|card| card.metric.value.as_str())
                    .collect();
                let names =
                    cards.into_iter().chain(world.metrics.iter().map(String::as_str));
                said.push(of_names::unknown_metric(targets.metric.span, full, names));
            }
            continue;
        };
        if finish::stated(&draft.card.goals) {
            said.push(of_cards::workspace_targets(targets.metric.span, name));
            continue;
        }
        let goals = crate::card::Goals {
            targets: targets.targets.clone(),
            ..crate::card::Goals::default()
        };
        draft.goals.insert(formula.map(str::to_owned), goals);
    }
}

/// What was said, in the order of the texts, each thing once.
fn ordered(mut said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    said.sort_by_key(|one| {
        let span = one.span();
        (span.source, span.start, span.end)
    });
    let mut once: Vec<Diagnostic> = Vec::new();
    for diagnostic in said {
        let place = diagnostic.span();
        let before = once.iter().rev().take_while(|other| other.span() == place);
        if !before.clone().any(|other| *other == diagnostic) {
            once.push(diagnostic);
        }
    }
    once
}

#[cfg(test)]
mod shipped;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
