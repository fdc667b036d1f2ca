//! One table: its columns, its key, and the ways to other tables.

use super::{Checker, called, column, complaints, field_names};
use crate::schema::{Lookup, Table, TableId};
use crate::span::Spanned;
use crate::types::Kind;
use crate::vocabulary;

impl<'a> Checker<'a> {
    /// A table with its columns and key; ways to other tables come when all are there.
    pub(super) fn table(&mut self, id: TableId, written: &'a vocabulary::Table) -> Table {
        let mut table = Table {
            name: written.name.value.clone(),
            key: Vec::new(),
            columns: Vec::new(),
            lookups: Vec::new(),
            valid: None,
            meaning: written.meaning.as_ref().map_or("", |text| text.first()).to_owned(),
        };
        for (number, field) in written.fields.iter().enumerate() {
            self.name(&field.name, "a field");
            let before = written.fields.iter().take(number);
            let first =
                before.map(|one| &one.name).find(|one| one.value == field.name.value);
            if let Some(first) = first {
                self.complain(complaints::twice(&field.name, first.span, "field"));
                continue;
            }
            let column = self.field(id, &written.name.value, field);
            table.columns.extend(column);
        }
        for name in &written.key {
            let Some(number) = self.plain(&table, written, name) else { continue };
            if table.key.contains(&number) {
                self.complain(complaints::twice(name, name.span, "part of a key"));
                continue;
            }
            table.key.push(number);
            if let Some(column) = table.columns.get_mut(number as usize) {
                column.required = true;
            }
        }
        self.rules(id, written);
        table
    }

    fn rules(&mut self, id: TableId, written: &'a vocabulary::Table) {
        for (number, rule) in written.rules.iter().enumerate() {
            let before = written.rules.iter().take(number);
            let first =
                before.map(|one| &one.name).find(|one| one.value == rule.name.value);
            match first {
                Some(first) => {
                    self.complain(complaints::twice(&rule.name, first.span, "rule"));
                }
                None => self.resolved.rules.push((id, rule)),
            }
        }
    }

    /// The number of a column that is read, not computed.
    fn plain(
        &mut self,
        table: &Table,
        written: &vocabulary::Table,
        name: &Spanned<String>,
    ) -> Option<u32> {
        let number = column(table, &name.value);
        if number.is_none() {
            let computed = field_names(written).any(|field| field == name.value);
            self.complain(if computed {
                complaints::computed_key(name)
            } else {
                complaints::unknown_field(name, &table.name, field_names(written))
            });
        }
        number
    }

    /// The look-ups and the validity of the table of a number.
    pub(super) fn ways(&mut self, number: usize, written: &'a vocabulary::Table) {
        // Taken out and put back: what is said needs the whole schema beside it.
        let Some(place) = self.resolved.schema.tables.get_mut(number) else { return };
        let mut table = place.clone();
        table.valid = self.valid(&table, written);
        for (number, lookup) in written.lookups.iter().enumerate() {
            self.name(&lookup.name, "a look-up");
            let before = written.lookups.iter().take(number).map(|one| &one.name);
            let fields = written.fields.iter().map(|field| &field.name);
            let first = before.chain(fields).find(|one| one.value == lookup.name.value);
            if let Some(first) = first {
                let what = "field or look-up";
                self.complain(complaints::twice(&lookup.name, first.span, what));
            } else if let Some(lookup) = self.lookup(&table, written, lookup) {
                table.lookups.push(lookup);
            }
        }
        if let Some(place) = self.resolved.schema.tables.get_mut(number) {
            *place = table;
        }
    }

    /// Where a look-up finds rows that hold one behind the other, they are told apart by
    /// their key and their beginning.
    pub(super) fn begins_in_keys(&mut self) {
        let tables = &mut self.resolved.schema.tables;
        let looked_up: Vec<TableId> = tables
            .iter()
            .flat_map(|table| table.lookups.iter().map(|lookup| lookup.table))
            .collect();
        for ((table, number), begin) in tables.iter_mut().zip(0..).zip(&self.begins) {
            let Some(begin) = begin.filter(|_| looked_up.contains(&TableId(number)))
            else {
                continue;
            };
            if !table.key.contains(&begin) {
                table.key.push(begin);
            }
            if let Some(column) = table.columns.get_mut(begin as usize) {
                column.required = true;
            }
        }
    }

    /// A way to another table: its key is found in fields here. A table whose rows hold
    /// for a time may have their beginning in its key, which is then not asked for.
    fn lookup(
        &mut self,
        table: &Table,
        written: &vocabulary::Table,
        lookup: &vocabulary::Lookup,
    ) -> Option<Lookup> {
        let Some((id, other)) = self.resolved.schema.table_named(&lookup.table.value)
        else {
            let names = self.resolved.schema.tables.iter().map(|one| one.name.as_str());
            let diagnostic = complaints::unknown_table(&lookup.table, names);
            self.complain(diagnostic);
            return None;
        };
        let other = other.clone();
        let begins = self.begins.get(id.0 as usize).copied().flatten();
        let key: Vec<u32> =
            other.key.iter().copied().filter(|part| Some(*part) != begins).collect();
        let here: Vec<Option<u32>> =
            lookup.by.iter().map(|name| self.plain(table, written, name)).collect();
        let here: Vec<u32> = here.into_iter().collect::<Option<_>>()?;
        if here.len() != key.len() || key.is_empty() {
            let names: Vec<_> =
                key.iter().filter_map(|part| name_of(&other, *part)).collect();
            let span = lookup.by.first().map_or(lookup.span, |first| first.span);
            let diagnostic =
                complaints::lookup_key(span, &other.name, &names, here.len());
            self.complain(diagnostic);
            return None;
        }
        for ((name, from), to) in lookup.by.iter().zip(&here).zip(&key) {
            self.same_kind(name, (table, *from), (&other, *to));
        }
        let by = here.into_iter().zip(key).collect();
        Some(Lookup { name: lookup.name.value.clone(), table: id, by })
    }

    fn same_kind(
        &mut self,
        name: &Spanned<String>,
        from: (&Table, u32),
        to: (&Table, u32),
    ) {
        let kind = |(table, number): (&Table, u32)| {
            table.columns.get(number as usize).map_or(Kind::Unsound, |column| column.kind)
        };
        let (here, there) = (kind(from), kind(to));
        if here != there && here != Kind::Unsound && there != Kind::Unsound {
            let schema = &self.resolved.schema;
            let key = name_of(to.0, to.1).unwrap_or_default();
            let (here, there) = (called(here, schema), called(there, schema));
            let diagnostic = complaints::lookup_kind(name, &here, key, &there);
            self.complain(diagnostic);
        }
    }

    /// The columns between which a row holds. An end that is computed has no column: it
    /// is resolved with the expressions.
    fn valid(
        &mut self,
        table: &Table,
        written: &vocabulary::Table,
    ) -> Option<(u32, u32)> {
        let valid = written.valid.as_ref()?;
        let mut ends = [None; 2];
        for (end, name) in ends.iter_mut().zip([&valid.from, &valid.until]) {
            if !field_names(written).any(|field| field == name.value) {
                let fields = field_names(written);
                self.complain(complaints::unknown_field(name, &table.name, fields));
                continue;
            }
            let Some(number) = column(table, &name.value) else { continue };
            let kind =
                table.columns.get(number as usize).map_or(Kind::Unsound, |one| one.kind);
            if matches!(kind, Kind::Instant | Kind::Day | Kind::Unsound) {
                *end = Some(number);
            } else {
                let found = called(kind, &self.resolved.schema);
                self.complain(complaints::valid_kind(name, &found));
            }
        }
        let [from, until] = ends;
        Some((from?, until?))
    }
}

/// The name of a column.
fn name_of(table: &Table, number: u32) -> Option<&str> {
    table.columns.get(number as usize).map(|column| column.name.as_str())
}
