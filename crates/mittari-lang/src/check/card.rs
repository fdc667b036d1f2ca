//! One card: its names, its rows, its formulas, and what must fit together.

use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::complaints::{card as of_cards, names as of_names};
use super::expr::{Checker, is_unsound};
use super::finish;
use super::references::full_name;
use super::scope::{CardScope, Findings, Made, Meant, World};
use crate::card::{Card, Definition, Goals, Parameter};
use crate::diagnostic::Diagnostic;
use crate::metric::Metric;
use crate::schema::TableId;
use crate::span::{Span, Spanned};
use crate::typed::Expr;
use crate::types::Grain;

/// A card that is being checked.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    /// The card as written.
    pub(super) card: &'a Card,
    /// Its place in the workspace.
    pub(super) place: usize,
    /// What its names mean.
    pub(super) scope: CardScope<'a>,
    /// What was found out.
    pub(super) found: Findings,
    /// Its formulas as meant; none where one is unsound.
    pub(super) formulas: Vec<Option<Expr>>,
    /// The organisation's targets, of a card and of each formula that has none.
    pub(super) goals: IndexMap<Option<String>, Goals>,
}

/// What a workspace says for cards that say nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct House {
    /// The zone of periods.
    pub(super) zone: Tz,
    /// The service calendar.
    pub(super) calendar: Option<u32>,
}

impl<'a> Draft<'a> {
    /// A card whose names are resolved.
    pub(super) fn new(
        card: &'a Card,
        place: usize,
        world: &World<'a>,
        house: House,
        parameters: IndexMap<&'a str, Parameter>,
    ) -> Self {
        let mut found = Findings::default();
        let zone = card.time_zone.as_ref().map_or(house.zone, |name| {
            super::zone::zone(name).unwrap_or_else(|complaint| {
                found.said.push(complaint);
                house.zone
            })
        });
        let calendar = match &card.calendar {
            None => house.calendar,
            Some(name) => {
                let number = world.calendar(&name.value);
                if number.is_none() {
                    let known = world.calendars.iter().copied();
                    let complaint =
                        of_names::unknown_calendar(name.span, &name.value, known);
                    found.said.push(complaint);
                }
                // The complaint is said once; calls are not to repeat it.
                number.or(house.calendar).or(Some(0))
            }
        };
        let defines = card.define.iter();
        let defines: IndexMap<&'a str, &'a Definition> =
            defines.map(|one| (one.name.value.as_str(), one)).collect();
        let names = card.formulas.iter().filter_map(|formula| formula.name.as_ref());
        let formulas: IndexSet<&'a str> = names.map(|name| name.value.as_str()).collect();
        let scope = CardScope {
            name: &card.metric.value,
            parameters,
            defines,
            formulas,
            population: card.population.as_ref(),
            zone,
            calendar,
        };
        let formulas = vec![None; card.formulas.len()];
        let goals = IndexMap::new();
        Self { card, place, scope, found, formulas, goals }
    }

    /// A checker of this card's expressions.
    pub(super) fn checker<'c>(
        &'c mut self,
        world: &'c World<'a>,
        made: &'c mut Made,
    ) -> Checker<'c, 'a> {
        Checker::new(world, made, &self.scope, &mut self.found)
    }

    /// The rows the card speaks of, and its computed fields.
    pub(super) fn ground(&mut self, world: &World<'a>, made: &mut Made) {
        let card = self.card;
        let mut checker = self.checker(world, made);
        let base = checker.base();
        let table = base.as_ref().map(|base| base.table).or_else(|| {
            let from = &card.population.as_ref()?.from;
            world.schema.table_named(&from.value).map(|(id, _)| id)
        });
        if let Some(table) = table {
            for definition in &card.define {
                checker.field(table, &definition.name.value, definition.name.span);
            }
        }
        let population = card.population.as_ref();
        if let (Some(base), Some(written)) = (&base, population)
            && base.dating.is_none()
        {
            let name = world.table_name(base.table);
            let complaint =
                super::complaints::call::dated_missing(written.from.span, name);
            checker.say(complaint);
        }
        self.names(world, table);
    }

    /// A name means one thing.
    fn names(&mut self, world: &World<'a>, table: Option<TableId>) {
        let card = self.card;
        let fields = table.map_or_else(Vec::new, |table| world.fields(table));
        let owner = table.map_or("", |table| world.table_name(table));
        let mut known: IndexMap<&str, (Span, &str)> = IndexMap::new();
        let mut said = Vec::new();
        let mut see = |name: &'a Spanned<String>, what: &'static str| {
            if crate::parse::reserved(&name.value) {
                said.push(of_names::reserved_name(name, what));
            }
            if let Some((first, other)) = known.get(name.value.as_str()) {
                said.push(of_names::duplicate_name(name, *first, other));
            } else {
                known.insert(&name.value, (name.span, what));
            }
        };
        for parameter in &card.parameters {
            see(&parameter.name, "a parameter");
        }
        for definition in &card.define {
            see(&definition.name, "a define");
        }
        for parameter in &card.parameters {
            if fields.contains(&parameter.name.value.as_str()) {
                said.push(of_names::parameter_shadows_field(&parameter.name, owner));
            }
        }
        for definition in &card.define {
            if fields.contains(&definition.name.value.as_str()) {
                said.push(of_names::field_conflict(&definition.name, owner));
            }
        }
        // Formulas stand where no field can, and so may share a field's name.
        let mut formulas: IndexMap<&str, Span> = IndexMap::new();
        let shared = |name: &str| {
            card.parameters
                .iter()
                .find(|one| one.name.value == name)
                .map(|one| one.name.span)
        };
        for name in card.formulas.iter().filter_map(|formula| formula.name.as_ref()) {
            if crate::parse::reserved(&name.value) {
                said.push(of_names::reserved_name(name, "a formula"));
            }
            let first = formulas.insert(&name.value, name.span);
            if let Some(first) = first {
                said.push(of_names::duplicate_name(name, first, "a formula"));
            } else if let Some(first) = shared(&name.value) {
                said.push(of_names::duplicate_name(name, first, "a parameter"));
            }
        }
        self.found.said.extend(said);
    }

    /// Means one formula.
    pub(super) fn formula(&mut self, place: usize, world: &World<'a>, made: &mut Made) {
        let card = self.card;
        let Some(written) = card.formulas.get(place) else { return };
        let mut checker = self.checker(world, made);
        checker.table = checker.base().map(|base| base.table);
        checker.group = true;
        checker.whole = Some(written.formula.span);
        let expr = checker.expr(&written.formula);
        let mut expr = checker.within_limits(expr, written.formula.span);
        if expr.ty.grain == Grain::Row
            || (expr.ty.grain == Grain::Constant && !super::aggregate::moves(&expr))
        {
            if !is_unsound(&expr) {
                let grain = expr.ty.grain;
                let complaint =
                    super::complaints::kinds::group_expected(expr.span, grain);
                checker.say(complaint);
            }
            return;
        }
        expr.ty.grain = Grain::Group;
        let unit = written.unit.unwrap_or(card.display.unit);
        let words = checker.words(expr.ty.kind);
        if let Some(complaint) = super::unit::judge(&expr, &words, unit.value, unit.span)
        {
            checker.say(complaint);
        }
        let name = full_name(card, written);
        let meant = Meant { formula: expr.clone(), unit: unit.value };
        made.formulas.insert(name, meant);
        if let Some(slot) = self.formulas.get_mut(place) {
            *slot = Some(expr);
        }
    }

    /// Whether nothing makes the card unsound, so far.
    pub(super) fn is_sound(&self) -> bool {
        !self.found.said.iter().any(Diagnostic::is_error)
            && self.formulas.iter().all(Option::is_some)
    }

    /// The metrics of the card, with all that must fit together.
    pub(super) fn metrics(&mut self, world: &World<'a>, made: &mut Made) -> Vec<Metric> {
        let card = self.card;
        let formulas = self.formulas.clone();
        let goals = std::mem::take(&mut self.goals);
        let mut checker = self.checker(world, made);
        let mut metrics = Vec::new();
        for (written, formula) in card.formulas.iter().zip(formulas) {
            if let Some(formula) = formula {
                let of_own = |key| goals.get(&key);
                let own = written
                    .name
                    .as_ref()
                    .and_then(|name| of_own(Some(name.value.clone())));
                let house = own.or_else(|| of_own(None));
                metrics.push(finish::metric(&mut checker, card, written, formula, house));
            }
        }
        finish::agreement(&mut checker, card, &metrics);
        finish::leftovers(&mut checker, card);
        super::decides::every_value(&mut checker, card, &metrics);
        for metric in &mut metrics {
            metric.card = self.place;
        }
        self.unexplained();
        metrics
    }

    /// A formula that could not be meant is never silent.
    fn unexplained(&mut self) {
        let silent = !self.found.said.iter().any(Diagnostic::is_error);
        let empty = self.card.formulas.iter().zip(&self.formulas);
        let first =
            empty.filter(|(_, formula)| formula.is_none()).map(|(one, _)| one).next();
        if let Some(formula) = first.filter(|_| silent) {
            self.found.said.push(of_cards::formula_empty(formula.formula.span));
        }
    }
}
