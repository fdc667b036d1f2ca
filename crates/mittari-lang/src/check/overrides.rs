//! What is set from outside, in place of what the files say: parameters and the zone.

use chrono_tz::Tz;
use indexmap::IndexMap;

use super::complaints::names as of_names;
use crate::card::{Content, Parameter};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::parse::{self, Written};
use crate::place::Located;
use crate::span::{Span, Spanned};
use crate::syntax::Literal;
use crate::workspace::Workspace;

/// What holds for one run in place of what the files of the workspace say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overrides {
    /// Parameters: a name, for all cards that have it, or a card, a dot and a name; each
    /// with a value as cards write it.
    pub parameters: Vec<(String, String)>,
    /// The workspace's zone. Cards, calendars and sources that name their own keep it.
    pub time_zone: Option<Tz>,
}

impl Overrides {
    /// Other values of parameters alone.
    pub fn of_parameters(parameters: Vec<(String, String)>) -> Self {
        Self { parameters, time_zone: None }
    }

    /// Another zone of the workspace alone.
    pub const fn of_zone(zone: Tz) -> Self {
        Self { parameters: Vec::new(), time_zone: Some(zone) }
    }
}

/// The parameters of one card by name.
pub(super) type Parameters<'a> = IndexMap<&'a str, Parameter>;

/// The parameters of each card, with what was set from outside: `target_time=30 s` for
/// all cards, `first-contact.target_time=30 s` for one.
pub(super) fn parameters<'a>(
    workspace: &'a Workspace,
    overrides: &[(String, String)],
) -> Outcome<Vec<Parameters<'a>>> {
    let cards = workspace.cards.iter();
    let mut all: Vec<Parameters<'a>> = cards
        .map(|card| {
            let own = card.parameters.iter();
            own.map(|one| (one.name.value.as_str(), one.clone())).collect()
        })
        .collect();
    let mut diagnostics = Vec::new();
    for (word, text) in overrides {
        match value(text) {
            Ok(value) => set(workspace, &mut all, word, &value, &mut diagnostics),
            Err(said) => diagnostics.extend(said),
        }
    }
    Outcome { value: all, diagnostics }
}

/// Sets one parameter wherever it is meant.
fn set(
    workspace: &Workspace,
    all: &mut [Parameters<'_>],
    word: &str,
    value: &Literal,
    said: &mut Vec<Diagnostic>,
) {
    let (card, name) = match word.split_once('.') {
        Some((card, name)) => (Some(card), name),
        None => (None, word),
    };
    let mut found = false;
    for (written, parameters) in workspace.cards.iter().zip(&mut *all) {
        if card.is_some_and(|card| card != written.metric.value) {
            continue;
        }
        let Some(parameter) = parameters.get_mut(name) else { continue };
        found = true;
        if matches!(parameter.content, Content::One(_)) {
            parameter.content = Content::One(Spanned::new(value.clone(), parameter.span));
        } else {
            said.push(of_names::override_table(parameter.span, name));
        }
    }
    if !found {
        let known: Vec<String> = all
            .iter()
            .flat_map(|one| one.keys().map(|name| (*name).to_owned()))
            .collect();
        let known = known.iter().map(String::as_str);
        said.push(of_names::override_unknown(word, known));
    }
}

/// A written value, else a bare text.
fn value(text: &str) -> Result<Literal, Vec<Diagnostic>> {
    let located = Located::blurred(text.to_owned(), Span::default(), false);
    match parse::value(&located).into_result()? {
        Written::Literal(literal) => Ok(literal),
        Written::Text(text) => Ok(Literal::Text(text)),
    }
}
