//! The vocabulary, resolved: tables and columns with numbers in place of names.
//!
//! What needs the checker of expressions stays syntax and is handed on: computed fields,
//! named populations, the rules of a table.

mod complaints;
mod field;
mod table;

pub(super) use self::field::decimal;

use indexmap::IndexMap;

use crate::card::Population;
use crate::diagnostic::{Diagnostic, Outcome};
use crate::parse;

use crate::schema::{Schema, Table, TableId};
use crate::span::Spanned;
use crate::syntax::Expr;
use crate::types::Kind;
use crate::vocabulary::{Field, Rule, Vocabulary};

/// A vocabulary whose names are resolved.
#[derive(Debug, Clone, Default)]
pub struct Resolved<'a> {
    /// The tables, columns and lists of values.
    pub schema: Schema,
    /// The fields that are computed (`is:`), in the order of the vocabulary.
    pub computed: Vec<ComputedField<'a>>,
    /// The names of the fields between which the rows of each table hold, computed ones
    /// included; none where they hold always or a name means no field.
    pub valid: Vec<Option<(&'a Spanned<String>, &'a Spanned<String>)>>,
    /// What must hold of the rows of a table.
    pub rules: Vec<(TableId, &'a Rule)>,
    /// The named populations; each comes from a table or another population.
    pub populations: Vec<&'a Population>,
}

/// A field that is computed from the others of its row.
#[derive(Debug, Clone)]
pub struct ComputedField<'a> {
    /// The table.
    pub table: TableId,
    /// The field as written.
    pub field: &'a Field,
    /// Its name.
    pub name: &'a Spanned<String>,
    /// How it is computed.
    pub expr: &'a Expr,
    /// What it was said to be; none if that follows from the expression.
    pub kind: Option<Kind>,
    /// Whether it tells who a person is.
    pub personal: bool,
}

impl Resolved<'_> {
    /// The computed field of a table with a name.
    pub fn computed_named(
        &self,
        table: TableId,
        name: &str,
    ) -> Option<&ComputedField<'_>> {
        self.computed
            .iter()
            .find(|field| field.table == table && field.name.value == name)
    }
}

/// Resolves the names of a vocabulary and complains of what does not fit together.
pub fn vocabulary(written: &Vocabulary) -> Outcome<Resolved<'_>> {
    let mut checker = Checker::default();
    for table in &written.tables {
        checker.names(table);
    }
    for (number, table) in written.tables.iter().enumerate() {
        let id = TableId(u32::try_from(number).unwrap_or(u32::MAX));
        let resolved = checker.table(id, table);
        checker.resolved.schema.tables.push(resolved);
    }
    checker.resolved.valid = written.tables.iter().map(ends).collect();
    checker.begins = written.tables.iter().map(|table| checker.begin(table)).collect();
    for (number, table) in written.tables.iter().enumerate() {
        checker.ways(number, table);
    }
    checker.begins_in_keys();
    checker.populations(written);
    Outcome { value: checker.resolved, diagnostics: checker.diagnostics }
}

/// What is known while a vocabulary is read from its first table to its last.
#[derive(Default)]
struct Checker<'a> {
    resolved: Resolved<'a>,
    diagnostics: Vec<Diagnostic>,
    /// The first field of each name: all others must be the same.
    fields: IndexMap<&'a str, field::Declared<'a>>,
    /// The column with which the time begins that a row of each table holds for.
    begins: Vec<Option<u32>>,
    /// Tables and populations, which may stand in each other's place.
    rows: IndexMap<&'a str, &'a Spanned<String>>,
}

impl<'a> Checker<'a> {
    fn complain(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Complains of a name that nothing can have.
    fn name(&mut self, name: &Spanned<String>, what: &str) {
        if let Some(diagnostic) = name_fault(name, what) {
            self.complain(diagnostic);
        }
    }

    /// The names of the tables, before anything speaks of them.
    fn names(&mut self, table: &'a crate::vocabulary::Table) {
        self.name(&table.name, "a table");
        self.row_source(&table.name);
    }

    /// The column of the beginning of a row's validity, if its table has one.
    fn begin(&self, written: &crate::vocabulary::Table) -> Option<u32> {
        let (_, table) = self.resolved.schema.table_named(&written.name.value)?;
        column(table, &written.valid.as_ref()?.from.value)
    }

    /// Notes a name that may stand behind `from`.
    fn row_source(&mut self, name: &'a Spanned<String>) {
        if let Some(first) = self.rows.get(name.value.as_str()) {
            let diagnostic = complaints::twice(name, first.span, "table or population");
            self.complain(diagnostic);
        } else {
            self.rows.insert(&name.value, name);
        }
    }

    /// The named populations: their names, and what they come from.
    fn populations(&mut self, written: &'a Vocabulary) {
        for population in &written.populations {
            if let Some(name) = &population.name {
                self.name(name, "a population");
                self.row_source(name);
            }
        }
        for population in &written.populations {
            let known = self.rows.contains_key(population.from.value.as_str());
            if known && comes_from_itself(population, &written.populations) {
                let name = population.name.as_ref().unwrap_or(&population.from);
                self.complain(complaints::circle(name));
            } else if known {
                self.resolved.populations.push(population);
            } else {
                let names = self.rows.keys().copied();
                let diagnostic = complaints::unknown_table(&population.from, names);
                self.complain(diagnostic);
            }
        }
    }
}

/// The names of the fields between which the rows of a table hold.
fn ends(
    written: &crate::vocabulary::Table,
) -> Option<(&Spanned<String>, &Spanned<String>)> {
    let valid = written.valid.as_ref()?;
    let known =
        |name: &&Spanned<String>| field_names(written).any(|field| field == name.value);
    Some((&valid.from, &valid.until)).filter(|(from, until)| known(from) && known(until))
}

/// Whether the way from a population to its table leads back to it.
fn comes_from_itself(start: &Population, all: &[Population]) -> bool {
    let named = |name: &str| {
        all.iter().find(|one| one.name.as_ref().is_some_and(|own| own.value == name))
    };
    let mut at = start;
    // Longer than the list only a circle can be; one further on is told there.
    for _ in 0..all.len() {
        match named(&at.from.value) {
            Some(next) if std::ptr::eq(next, start) => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    true
}

/// What is wrong with a name, if anything: the rule is that of the expressions in which
/// it will stand.
fn name_fault(name: &Spanned<String>, what: &str) -> Option<Diagnostic> {
    let text = name.value.as_str();
    let mut letters = text.chars();
    let begins =
        letters.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    let goes_on = |letter: char| letter == '_' || letter.is_alphanumeric();
    if text.chars().any(|letter| ('\u{300}'..='\u{36f}').contains(&letter)) {
        Some(complaints::apart(name))
    } else if !begins || !letters.all(goes_on) || text.chars().count() > 64 {
        Some(complaints::form(name, what))
    } else if parse::reserved(text) {
        Some(complaints::reserved(name, what))
    } else {
        None
    }
}

/// What a kind of value is called in a message.
pub fn called(kind: Kind, schema: &Schema) -> String {
    let word = match kind {
        Kind::Truth => "a boolean",
        Kind::Text => "a text",
        Kind::Number | Kind::Bare | Kind::Quotient => "a number",
        Kind::Ratio => "a ratio",
        Kind::Duration => "a duration",
        Kind::Instant => "an instant",
        Kind::Day => "a date",
        Kind::Calendar => "a calendar",
        Kind::Missing => "nothing",
        Kind::Unsound => "something unclear",
        Kind::Money(currency) => return format!("money in {}", currency.code()),
        Kind::Category(set) => {
            let values = schema.set(set).map_or(&[][..], |set| &set.values);
            let values = super::offers::listed(values.iter().map(String::as_str));
            return format!("a category of {values}");
        }
    };
    word.to_owned()
}

/// The names of the fields of a table, computed ones included.
fn field_names(table: &crate::vocabulary::Table) -> impl Iterator<Item = &str> {
    table.fields.iter().map(|field| field.name.value.as_str())
}

/// The number of a column of a table by its name.
fn column(table: &Table, name: &str) -> Option<u32> {
    let number = table.columns.iter().position(|column| column.name == name)?;
    u32::try_from(number).ok()
}

#[cfg(test)]
mod tests;
