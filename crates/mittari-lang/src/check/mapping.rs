//! A source file, resolved: which columns of an export fill which columns of a table.
//!
//! Everything that can be known without the data is said here: fields and values that
//! do not exist, patterns nothing can be read with, instants whose clock is unknown.

mod complaints;
mod field;
mod pattern;
mod rules;
mod text;

use chrono_tz::Tz;

use super::zone;
use crate::diagnostic::{Diagnostic, Outcome};
use crate::mapping::{Encoding, FieldSource, Mapping as Written, Quote, TableSource};
use crate::metric::{KeepRow, Mapping, TableMapping, Which};
use crate::schema::{ColumnId, Schema, Table, TableId};
use crate::span::Spanned;
use crate::syntax::Expr;
use crate::typed;
use crate::types::Kind;

pub use rules::rules;

/// The checker of expressions: the typed form of an expression over the rows of a
/// table, where a value of a kind is wanted (so that a text becomes a declared value).
pub type TypeRow<'a> = dyn FnMut(TableId, &Expr, Kind) -> Outcome<typed::Expr> + 'a;

/// What a source is resolved against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The tables and columns.
    pub schema: &'a Schema,
    /// The zone of the workspace, in which `as_of` is meant.
    pub zone: Tz,
    /// Table and name of the fields that the vocabulary computes.
    pub computed: &'a [(TableId, &'a str)],
}

/// Resolves the sources of a workspace; those that are unsound are left out.
pub fn mappings(
    written: &[Written],
    ground: Ground<'_>,
    type_row: &mut TypeRow<'_>,
) -> Outcome<Vec<Mapping>> {
    let mut outcome = Outcome::clean(Vec::new());
    for (number, source) in written.iter().enumerate() {
        let before = written.iter().take(number);
        let first =
            before.map(|one| &one.name).find(|one| one.value == source.name.value);
        if let Some(first) = first {
            let diagnostic = complaints::twice(&source.name, first.span, "source");
            outcome.diagnostics.push(diagnostic);
            continue;
        }
        let checked = mapping(source, ground, type_row);
        outcome.diagnostics.extend(checked.diagnostics);
        outcome.value.extend(checked.value);
    }
    outcome
}

/// Resolves one source.
pub fn mapping(
    written: &Written,
    ground: Ground<'_>,
    type_row: &mut TypeRow<'_>,
) -> Outcome<Option<Mapping>> {
    let mut resolver = Resolver { ground, diagnostics: Vec::new(), type_row };
    let mapping = resolver.mapping(written);
    let sound = !resolver.diagnostics.iter().any(Diagnostic::is_error);
    Outcome { value: sound.then_some(mapping), diagnostics: resolver.diagnostics }
}

/// What is known and said while a source is resolved.
struct Resolver<'a, 't> {
    ground: Ground<'a>,
    diagnostics: Vec<Diagnostic>,
    type_row: &'a mut TypeRow<'t>,
}

impl Resolver<'_, '_> {
    fn complain(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn mapping(&mut self, written: &Written) -> Mapping {
        let covers = written.covers.as_ref();
        let from = covers.and_then(|covers| covers.from.as_ref()).map(|day| day.value);
        let until = covers.and_then(|covers| covers.until.as_ref()).map(|day| day.value);
        let as_of = written.as_of.as_ref().and_then(|moment| {
            let instant = zone::instant(moment.value, self.ground.zone);
            if instant.is_none() {
                self.complain(complaints::as_of(moment.span));
            }
            instant
        });
        let mut tables = Vec::new();
        for table in &written.tables {
            tables.extend(self.table(table));
        }
        Mapping {
            name: written.name.value.clone(),
            covers_from: from,
            // As written the last day is part of it, as meant the end is not.
            covers_to: until.and_then(|day| day.checked_add(1)),
            as_of,
            cannot: self.absent_tables(written, &tables),
            tables,
        }
    }

    /// The tables the system does not give: each is one of the vocabulary and not read.
    fn absent_tables(
        &mut self,
        written: &Written,
        read: &[TableMapping],
    ) -> Vec<(TableId, String)> {
        let schema = self.ground.schema;
        let mut absent = Vec::new();
        for (name, why) in &written.cannot {
            let Some((id, _)) = schema.table_named(&name.value) else {
                let names = schema.tables.iter().map(|table| table.name.as_str());
                self.complain(complaints::unknown_table(name, names));
                continue;
            };
            if read.iter().any(|table| table.table == id) {
                self.complain(complaints::given_after_all(name, "table"));
            }
            absent.push((id, why.first().to_owned()));
        }
        absent
    }

    /// The fields the system does not give: each is one of the table and not read.
    fn absent_fields(
        &mut self,
        written: &TableSource,
        table: &Table,
        mapping: &TableMapping,
    ) -> Vec<(ColumnId, String)> {
        let mut absent = Vec::new();
        for (name, why) in &written.cannot {
            let found = self.ground.schema.column_named(mapping.table, &name.value);
            let Some((id, _)) = found else {
                let names = table.columns.iter().map(|column| column.name.as_str());
                self.complain(complaints::unknown_field(name, &table.name, names));
                continue;
            };
            if mapping.gives(id) {
                self.complain(complaints::given_after_all(name, "field"));
            }
            absent.push((id, why.first().to_owned()));
        }
        absent
    }

    fn table(&mut self, written: &TableSource) -> Option<TableMapping> {
        let schema = self.ground.schema;
        let Some((id, table)) = schema.table_named(&written.name.value) else {
            let names = schema.tables.iter().map(|table| table.name.as_str());
            self.complain(complaints::unknown_table(&written.name, names));
            return None;
        };
        let zone = self.zone(written.reading.time_zone.as_ref());
        let format = self.patterns(&written.reading.format);
        let (delimiter, quote) = self.signs(written);
        let keep = written.keep.as_ref().map(|keep| KeepRow {
            which: match keep.which.value {
                crate::card::Which::First => Which::First,
                crate::card::Which::Last => Which::Last,
            },
            by: keep.by.clone(),
            per: keep.per.clone(),
        });
        let mut mapping = TableMapping {
            table: id,
            file: written.file.clone(),
            layout: written.layout.as_ref().map(|layout| layout.value),
            encoding: written.encoding.as_ref().map_or(Encoding::Utf8, |one| one.value),
            header: written.header.as_ref().is_none_or(|header| header.value),
            delimiter,
            quote,
            missing: field::texts(written.reading.missing.as_ref()),
            zone,
            format,
            keep,
            columns: Vec::new(),
            cannot: Vec::new(),
        };
        if !mapping.header {
            self.numbered(written);
        }
        self.fields(written, table, &mut mapping);
        mapping.cannot = self.absent_fields(written, table, &mapping);
        self.complete(written, table, &mapping);
        Some(mapping)
    }

    /// The fields, each once, and what they say of each other.
    fn fields(
        &mut self,
        written: &TableSource,
        table: &Table,
        mapping: &mut TableMapping,
    ) {
        let mut found: Vec<&FieldSource> = Vec::new();
        for field in &written.fields {
            let before =
                written.fields.iter().take_while(|one| !std::ptr::eq(*one, field));
            let first =
                before.map(|one| &one.name).find(|one| one.value == field.name.value);
            if let Some(first) = first {
                self.complain(complaints::twice(&field.name, first.span, "field"));
                continue;
            }
            let Some((column, known)) =
                self.ground.schema.column_named(mapping.table, &field.name.value)
            else {
                self.unknown(field, table, mapping.table);
                continue;
            };
            let resolved = self.field(field, (column, known), mapping, written);
            mapping.columns.push(resolved);
            found.push(field);
        }
        // Only now is it known which columns there are.
        self.afters(&found, table, mapping);
        self.computations(&found, table, mapping);
    }

    fn unknown(&mut self, field: &FieldSource, table: &Table, id: TableId) {
        let is_computed = self.ground.computed.contains(&(id, field.name.value.as_str()));
        self.complain(if is_computed {
            complaints::computed(&field.name)
        } else {
            let names = table.columns.iter().map(|column| column.name.as_str());
            complaints::unknown_field(&field.name, &table.name, names)
        });
    }

    fn zone(&mut self, name: Option<&Spanned<String>>) -> Option<Tz> {
        match zone::zone(name?) {
            Ok(zone) => Some(zone),
            Err(diagnostic) => {
                self.complain(diagnostic);
                // It was said that there is one; that it is unknown is complaint enough.
                Some(Tz::UTC)
            }
        }
    }

    /// The patterns of times, those that nothing can be read with complained about.
    fn patterns(&mut self, written: &[Spanned<String>]) -> Vec<String> {
        let mut patterns = Vec::new();
        for format in written {
            match pattern::read(&format.value) {
                Ok(pattern) => patterns.push(pattern.text),
                Err(sign) => {
                    let diagnostic =
                        complaints::pattern(format.span, &format.value, &sign);
                    self.complain(diagnostic);
                }
            }
        }
        patterns
    }

    /// The delimiter and the quote: one byte each, as the reader has seen to.
    fn signs(&mut self, written: &TableSource) -> (Option<u8>, Option<u8>) {
        let delimiter = written.delimiter.as_ref();
        let delimiter = delimiter.and_then(|sign| u8::try_from(sign.value).ok());
        let quote = match written.quote.as_ref().map(|quote| quote.value) {
            None => Some(b'"'),
            Some(Quote::None) => None,
            Some(Quote::Character(sign)) => u8::try_from(sign).ok(),
        };
        if let (Some(one), Some(other)) = (&written.delimiter, &written.quote)
            && delimiter == quote
        {
            self.complain(complaints::same_signs(other.span, one.span));
        }
        (delimiter, quote)
    }

    /// Without a header the columns are called by their numbers.
    fn numbered(&mut self, written: &TableSource) {
        let keep = written.keep.iter().flat_map(|keep| keep.per.iter().chain([&keep.by]));
        let named = written.fields.iter().flat_map(|field| &field.from).chain(keep);
        let number = |name: &str| name.parse::<u32>().is_ok_and(|number| number > 0);
        let wrong: Vec<_> =
            named.filter(|name| !number(&name.value)).map(|name| name.span).collect();
        for span in wrong {
            self.complain(complaints::no_columns(span));
        }
    }

    /// Fields that every row has must be read.
    fn complete(&mut self, written: &TableSource, table: &Table, mapping: &TableMapping) {
        let given = |number: usize| {
            mapping.columns.iter().any(|column| column.column.column as usize == number)
        };
        let is_key =
            |number: usize| table.key.iter().any(|part| *part as usize == number);
        let (mut keys, mut others) = (Vec::new(), Vec::new());
        for (number, column) in table.columns.iter().enumerate() {
            if given(number) {
                continue;
            }
            if is_key(number) {
                keys.push(column.name.as_str());
            } else if column.required {
                others.push(column.name.as_str());
            }
        }
        // What is missing because its own line is wrong was complained about there.
        if written.fields.len() != mapping.columns.len() {
            return;
        }
        if !keys.is_empty() {
            self.complain(complaints::key_missing(&written.name, &keys));
        }
        if !others.is_empty() {
            self.complain(complaints::required_missing(&written.name, &others));
        }
    }
}

#[cfg(test)]
mod tests;
