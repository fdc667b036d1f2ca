//! What holds for a whole workspace: its zone, fiscal year, languages, calendar, data.

use chrono_tz::Tz;

use super::offers::offer;
use super::zone;
use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::metric::{Mapping, ServiceCalendar};
use crate::schema::{Schema, TableId};
use crate::span::{Span, Spanned};
use crate::workspace::{Data, Settings};

/// The settings of a workspace, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// The zone of periods and of calendars that name none.
    pub zone: Tz,
    /// The month and day the fiscal year starts on.
    pub fiscal_start: (u32, u32),
    /// The languages of titles; the first is the default. At least one.
    pub languages: Vec<String>,
}

/// A source of the workspace with the folder its files are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The place of the source among the mappings.
    pub mapping: usize,
    /// The folder, from the folder of the workspace.
    pub folder: String,
    /// Which tables are taken from it.
    pub tables: Vec<TableId>,
}

/// What holds before anything else is checked. Without settings that is UTC, the
/// calendar year and English.
pub fn house(written: Option<&Settings>) -> Outcome<House> {
    let mut outcome = Outcome::clean(House {
        zone: Tz::UTC,
        fiscal_start: (1, 1),
        languages: vec![String::from("en")],
    });
    let Some(written) = written else { return outcome };
    let (house, diagnostics) = (&mut outcome.value, &mut outcome.diagnostics);
    match zone::zone(&written.time_zone) {
        Ok(zone) => house.zone = zone,
        Err(diagnostic) => diagnostics.push(diagnostic),
    }
    if let Some(start) = &written.fiscal_year_starts {
        let (month, day) = (u32::from(start.value.month), u32::from(start.value.day));
        // Each year must have the day, so 2023, which was no leap year, is asked.
        if chrono::NaiveDate::from_ymd_opt(2023, month, day).is_some() {
            house.fiscal_start = (month, day);
        } else {
            let message = format!(
                "a day that each year has is expected, found `{month:02}-{day:02}`"
            );
            diagnostics.push(form(start.span, message));
        }
    }
    if !written.languages.is_empty() {
        diagnostics.extend(languages(&written.languages));
        house.languages = written.languages.iter().map(|one| one.value.clone()).collect();
    }
    outcome
}

/// The codes of languages are short words, each said once.
fn languages(written: &[Spanned<String>]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (number, language) in written.iter().enumerate() {
        let code = language.value.as_str();
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (main, rest) = code.split_once('-').unwrap_or((code, "x"));
        let sound = (2..=3).contains(&main.len())
            && main.bytes().all(|byte| byte.is_ascii_lowercase())
            && !rest.is_empty()
            && rest.split('-').all(letters);
        if !sound {
            let message = format!("a language is a code as `en` or `fi`, found `{code}`");
            diagnostics.push(form(language.span, message));
        } else if let Some(first) =
            written.iter().take(number).find(|one| one.value == language.value)
        {
            let message = format!("each language stands once, found `{code}` twice");
            let diagnostic = Diagnostic::new(Code::DuplicateName, language.span, message);
            diagnostics.push(diagnostic.with(first.span, "first here"));
        }
    }
    diagnostics
}

/// The place of the workspace's own calendar in the list, if it names one.
pub fn default_calendar(
    written: Option<&Settings>,
    calendars: &[ServiceCalendar],
) -> Outcome<Option<u32>> {
    match written.and_then(|settings| settings.calendar.as_ref()) {
        Some(name) => match calendar_named(name, calendars) {
            Ok(number) => Outcome::clean(Some(number)),
            Err(diagnostic) => Outcome { value: None, diagnostics: vec![diagnostic] },
        },
        None => Outcome::clean(None),
    }
}

/// The place of a calendar in the list by its name.
pub fn calendar_named(
    name: &Spanned<String>,
    calendars: &[ServiceCalendar],
) -> Result<u32, Diagnostic> {
    let number = calendars.iter().position(|calendar| calendar.name == name.value);
    number.and_then(|number| u32::try_from(number).ok()).ok_or_else(|| {
        let names = calendars.iter().map(|calendar| calendar.name.as_str());
        let near = offer("a calendar", &name.value, names);
        let message = format!("there is no calendar `{}`{near}", name.value);
        Diagnostic::new(Code::UnknownCalendar, name.span, message)
    })
}

/// Which source serves which tables, and from where. A table comes from one source.
pub fn data(
    written: Option<&Settings>,
    mappings: &[Mapping],
    schema: &Schema,
) -> Outcome<Vec<Served>> {
    let mut outcome = Outcome::clean(Vec::new());
    let mut taken: Vec<(TableId, &Spanned<String>)> = Vec::new();
    for data in written.map_or(&[][..], |settings| &settings.data) {
        let place = mappings.iter().position(|one| one.name == data.mapping.value);
        let Some((number, mapping)) =
            place.and_then(|number| Some((number, mappings.get(number)?)))
        else {
            let names = mappings.iter().map(|mapping| mapping.name.as_str());
            let near = offer("a source", &data.mapping.value, names);
            let message = format!("there is no source `{}`{near}", data.mapping.value);
            outcome.diagnostics.push(form(data.mapping.span, message));
            continue;
        };
        let tables = tables(data, mapping, schema, &mut outcome.diagnostics);
        for table in &tables {
            if let Some((_, first)) = taken.iter().find(|(one, _)| one == table) {
                let name = schema.table(*table).map_or("", |table| &table.name);
                let message =
                    format!("a table comes from one source, found two for `{name}`");
                let diagnostic = form(data.mapping.span, message)
                    .with(first.span, "it comes from this one")
                    .help("`tables: [...]` says which tables are taken from a source");
                outcome.diagnostics.push(diagnostic);
            } else {
                taken.push((*table, &data.mapping));
            }
        }
        let folder = data.folder.value.clone();
        outcome.value.push(Served { mapping: number, folder, tables });
    }
    outcome
}

/// The tables taken from a source: those named, else all it gives.
fn tables(
    data: &Data,
    mapping: &Mapping,
    schema: &Schema,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<TableId> {
    let given = || mapping.tables.iter().map(|table| table.table);
    if data.tables.is_empty() {
        return given().collect();
    }
    let mut tables = Vec::new();
    for name in &data.tables {
        let found = schema.table_named(&name.value).map(|(id, _)| id);
        if let Some(id) = found.filter(|id| given().any(|one| one == *id)) {
            tables.push(id);
        } else {
            let names = given().filter_map(|id| Some(schema.table(id)?.name.as_str()));
            let near = offer("a table", &name.value, names);
            let message = format!(
                "the source `{}` gives no table `{}`{near}",
                mapping.name, name.value
            );
            diagnostics.push(Diagnostic::new(Code::UnknownTable, name.span, message));
        }
    }
    tables
}

fn form(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::WorkspaceForm, span, message)
}

#[cfg(test)]
mod tests;
