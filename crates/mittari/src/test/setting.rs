//! The circumstances of a test: the card, checked again in its zone, with its calendar
//! and its parameters.

use chrono_tz::Tz;
use mittari_lang::card::{Card, Parameter};
use mittari_lang::check::{self, Overrides};
use mittari_lang::diagnostic::Diagnostic;
use mittari_lang::hours::Hours;
use mittari_lang::metric::Catalog;
use mittari_lang::span::Spanned;
use mittari_lang::trial::{Given, OwnCalendar, Setting};
use mittari_lang::workspace::{Settings, Workspace as Written};

use super::{Problem, complaints};
use crate::engine::Workspace;

/// What changes the meaning of a card.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Circumstances {
    zone: Option<Spanned<String>>,
    calendar: Option<OwnCalendar>,
    parameters: Vec<Parameter>,
}

/// A card under some circumstances.
#[derive(Debug)]
pub(super) struct Meant {
    /// What was found sound.
    pub(super) catalog: Catalog,
    /// The zone of local times and of the periods.
    pub(super) zone: Tz,
}

impl Circumstances {
    /// Those of a test: its own before those of its file.
    pub(super) fn of(file: &Setting, own: &Setting) -> Self {
        let mut parameters = own.parameters.clone();
        for shared in &file.parameters {
            if !parameters.iter().any(|one| one.name.value == shared.name.value) {
                parameters.push(shared.clone());
            }
        }
        Self {
            zone: own.time_zone.clone().or_else(|| file.time_zone.clone()),
            calendar: own.calendar.clone().or_else(|| file.calendar.clone()),
            parameters,
        }
    }

    /// The card checked under them.
    pub(super) fn check(
        &self,
        workspace: &Workspace,
        card: &Card,
    ) -> Result<Meant, Vec<Problem>> {
        let written = self.written(workspace, card)?;
        let checked = check::check(&written, &Overrides::default());
        let new =
            |said: &&Diagnostic| said.is_error() && !workspace.diagnostics.contains(said);
        let said: Vec<Problem> = checked
            .diagnostics
            .iter()
            .filter(new)
            .map(|said| complaints::checked(said.span(), &said.message))
            .collect();
        if !said.is_empty() {
            return Err(said);
        }
        let catalog = checked.value;
        let own = written.cards.iter().find(|one| one.metric.value == card.metric.value);
        let zone = own.and_then(|card| card.time_zone.as_ref());
        let zone = zone.and_then(|zone| zone.value.parse().ok()).unwrap_or(catalog.zone);
        Ok(Meant { catalog, zone })
    }

    /// The part of the workspace that the card stands on, changed.
    fn written(
        &self,
        workspace: &Workspace,
        card: &Card,
    ) -> Result<Written, Vec<Problem>> {
        let all = &workspace.written;
        let mut cards: Vec<Card> = check::spoken_of(&all.cards, &card.metric.value)
            .into_iter()
            .cloned()
            .collect();
        let mut calendars = all.calendars.clone();
        let calendar = self.calendar.as_ref().map(|own| match own {
            OwnCalendar::Named(name) => name.clone(),
            OwnCalendar::Written(hours) => {
                let hours: &Hours = hours;
                calendars.push(hours.clone());
                hours.name.clone()
            }
        });
        for one in &mut cards {
            // What a card is related to is not needed to measure it.
            one.related = Vec::new();
            if self.zone.is_some() {
                one.time_zone.clone_from(&self.zone);
            }
            if calendar.is_some() {
                one.calendar.clone_from(&calendar);
            }
        }
        self.set_parameters(&mut cards, &card.metric.value)?;
        let settings = all.settings.as_ref().map(|settings| {
            let mut settings = settings.clone();
            settings.data = Vec::new();
            settings.targets.retain(|targets| is_for(&cards, &targets.metric.value));
            self.settings(settings, calendar)
        });
        Ok(Written {
            settings,
            vocabulary: all.vocabulary.clone(),
            calendars,
            cards,
            broken: all.broken.clone(),
            counts: all.counts,
            ..Written::default()
        })
    }

    fn settings(&self, own: Settings, calendar: Option<Spanned<String>>) -> Settings {
        Settings {
            time_zone: self.zone.clone().unwrap_or_else(|| own.time_zone.clone()),
            calendar: calendar.or_else(|| own.calendar.clone()),
            ..own
        }
    }

    fn set_parameters(&self, cards: &mut [Card], name: &str) -> Result<(), Vec<Problem>> {
        let mut unknown = Vec::new();
        let Some(card) = cards.iter_mut().find(|card| card.metric.value == name) else {
            return Ok(());
        };
        for own in &self.parameters {
            let known =
                card.parameters.iter_mut().find(|one| one.name.value == own.name.value);
            match known {
                Some(known) => {
                    known.content = own.content.clone();
                    known.span = own.span;
                }
                None => unknown.push(complaints::no_parameter(
                    own.name.span,
                    &own.name.value,
                    name,
                )),
            }
        }
        if unknown.is_empty() { Ok(()) } else { Err(unknown) }
    }
}

/// Whether a metric, or a formula of one, is of one of some cards.
fn is_for(cards: &[Card], metric: &str) -> bool {
    let name = metric.split('.').next().unwrap_or_default();
    cards.iter().any(|card| card.metric.value == name)
}

/// The rows of a test: its own tables in place of those its file gives.
pub(super) fn given<'a>(file: &'a Setting, own: &'a Setting) -> Vec<&'a Given> {
    let replaced = |shared: &&Given| {
        !own.given.iter().any(|one| one.table.value == shared.table.value)
    };
    own.given.iter().chain(file.given.iter().filter(replaced)).collect()
}
