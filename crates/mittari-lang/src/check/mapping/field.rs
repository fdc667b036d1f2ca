//! One field of a source: where its value comes from and how the text becomes one.

use super::{Resolver, complaints, pattern, text};
use crate::check::vocabulary::called;
use crate::mapping::{FieldSource, TableSource};
use crate::metric::{ColumnMapping, Origin, TableMapping};
use crate::schema::{Column, ColumnId, Table};
use crate::span::Spanned;
use crate::typed::{Expr, ExprKind};
use crate::types::{Grain, Kind, Unit};
use crate::value::Value;

/// The texts of a key that may be left out.
pub(super) fn texts(written: Option<&Vec<Spanned<String>>>) -> Vec<String> {
    written.map_or(&[][..], Vec::as_slice).iter().map(|text| text.value.clone()).collect()
}

impl Resolver<'_, '_> {
    /// One field, but for `after` and `is`, which speak of others.
    pub(super) fn field(
        &mut self,
        written: &FieldSource,
        (id, column): (ColumnId, &Column),
        table: &TableMapping,
        table_written: &TableSource,
    ) -> ColumnMapping {
        let origin = self.origin(written, column);
        let zone = self.zone(written.reading.time_zone.as_ref());
        let format = match column.kind {
            Kind::Duration => self.duration_format(written),
            _ => self.patterns(&written.reading.format),
        };
        let reads_text = matches!(origin, Origin::Columns(_));
        if reads_text {
            match column.kind {
                Kind::Instant if written.unit.is_some() => self.later(written),
                Kind::Instant => {
                    let knows_zone = zone.is_some() || table.zone.is_some();
                    self.instant(written, table_written, knows_zone);
                }
                Kind::Day => self.day(written),
                Kind::Duration => self.duration(written, !format.is_empty()),
                _ => {}
            }
        }
        self.strays(written, column);
        ColumnMapping {
            column: id,
            values: self.values(written, column),
            missing: texts(written.reading.missing.as_ref()),
            zone,
            format: if column.kind == Kind::Duration { Vec::new() } else { format },
            unit: written.unit.as_ref().map(|unit| unit.value),
            decimal_comma: written
                .reading
                .decimal_comma
                .as_ref()
                .or(table_written.reading.decimal_comma.as_ref())
                .is_some_and(|comma| comma.value),
            after: None,
            is: None,
            span: written.span,
            origin,
        }
    }

    fn origin(&mut self, written: &FieldSource, column: &Column) -> Origin {
        if let Some(always) = &written.always {
            for (key, span) in beside_always(written) {
                self.complain(complaints::beside_always(key, span));
            }
            let value = text::value(always, column, self.ground.schema);
            return Origin::Always(value.unwrap_or_else(|diagnostic| {
                self.complain(diagnostic);
                Value::Missing
            }));
        }
        if !written.from.is_empty() {
            return Origin::Columns(written.from.clone());
        }
        Origin::Computed
    }

    /// An instant needs a date and to know which clock was read; without a time it is
    /// the first of its day. Without a pattern it is ISO 8601, which may name an offset
    /// itself.
    fn instant(&mut self, written: &FieldSource, table: &TableSource, knows_zone: bool) {
        let own = &written.reading.format;
        let formats = if own.is_empty() { &table.reading.format } else { own };
        let mut lacks_offset = false;
        for format in formats {
            let Ok(read) = pattern::read(&format.value) else { continue };
            if !read.has_date {
                let part = "a year, a month and a day";
                self.complain(complaints::pattern_lacks(format.span, &read.text, part));
            }
            lacks_offset |= !read.has_offset;
        }
        if lacks_offset && !knows_zone {
            self.complain(complaints::no_zone(written.span, &written.name.value));
        }
    }

    /// An instant that is written as so much time after another.
    fn later(&mut self, written: &FieldSource) {
        let Some(unit) = &written.unit else { return };
        if unit.value.micros().is_none() {
            self.complain(complaints::duration_unit(unit.span, unit.value.word()));
        } else if written.after.is_none() {
            let name = &written.name.value;
            self.complain(complaints::unit_and_no_instant(unit.span, name));
        } else if let Some(format) = written.reading.format.first() {
            self.complain(complaints::unit_and_format(format.span));
        }
    }

    /// A date needs a year, a month and a day. The table's pattern is one of instants
    /// and is taken as far as its date.
    fn day(&mut self, written: &FieldSource) {
        for format in &written.reading.format {
            let Ok(read) = pattern::read(&format.value) else { continue };
            if !read.has_date {
                let part = "a year, a month and a day";
                self.complain(complaints::pattern_lacks(format.span, &read.text, part));
            }
        }
    }

    /// The one format of durations, in the spellings people know it by.
    fn duration_format(&mut self, written: &FieldSource) -> Vec<String> {
        let known = ["h:mm:ss", "hh:mm:ss", "%H:%M:%S"];
        for format in &written.reading.format {
            if !known.contains(&format.value.to_ascii_lowercase().as_str())
                && format.value != "%H:%M:%S"
            {
                self.complain(complaints::duration_pattern(format.span, &format.value));
            }
        }
        written.reading.format.iter().map(|format| format.value.clone()).collect()
    }

    fn duration(&mut self, written: &FieldSource, has_format: bool) {
        match &written.unit {
            Some(unit) if unit.value.micros().is_none() => {
                self.complain(complaints::duration_unit(unit.span, unit.value.word()));
            }
            Some(unit) if has_format => {
                self.complain(complaints::unit_and_format(unit.span));
            }
            None if !has_format => {
                let name = &written.name;
                self.complain(complaints::unit_expected(&name.value, written.span));
            }
            Some(_) | None => {}
        }
    }

    /// Keys that say nothing about a field of this kind.
    fn strays(&mut self, written: &FieldSource, column: &Column) {
        let what = called(column.kind, self.ground.schema);
        let timed = matches!(column.kind, Kind::Instant | Kind::Day);
        let formatted = timed || column.kind == Kind::Duration;
        let mut stray = |key: &str, span, expected: &str| {
            self.diagnostics.push(complaints::stray(key, span, expected, &what));
        };
        if let (Some(format), false) = (written.reading.format.first(), formatted) {
            stray("format", format.span, "instants, dates and durations");
        }
        if let Some(zone) = &written.reading.time_zone
            && column.kind != Kind::Instant
        {
            stray("time_zone", zone.span, "instants");
        }
        if let Some(after) = &written.after
            && column.kind != Kind::Instant
        {
            stray("after", after.span, "instants");
        }
        if let Some(comma) = &written.reading.decimal_comma
            && !matches!(
                column.kind,
                Kind::Number | Kind::Ratio | Kind::Money(_) | Kind::Duration
            )
        {
            stray("decimal_comma", comma.span, "numbers");
        }
        self.stray_unit(written, column, &what);
    }

    fn stray_unit(&mut self, written: &FieldSource, column: &Column, what: &str) {
        let Some(unit) = &written.unit else { return };
        match (column.kind, unit.value) {
            (Kind::Duration | Kind::Instant | Kind::Unsound, _) => {}
            (Kind::Money(expected), Unit::Money(found)) => {
                if expected != found {
                    let (expected, found) = (expected.code(), found.code());
                    self.complain(complaints::currency(unit.span, expected, found));
                }
            }
            _ => self.complain(complaints::stray("unit", unit.span, "durations", what)),
        }
    }

    /// What a text of the export is called in the vocabulary, each text once.
    fn values(&mut self, written: &FieldSource, column: &Column) -> Vec<(String, Value)> {
        let named = matches!(
            column.kind,
            Kind::Category(_) | Kind::Truth | Kind::Text | Kind::Number | Kind::Unsound
        );
        if let (Some((first, _)), false) = (written.values.first(), named) {
            let what = called(column.kind, self.ground.schema);
            let expected = "categories, booleans, texts and numbers";
            self.complain(complaints::stray("values", first.span, expected, &what));
            return Vec::new();
        }
        let mut values: Vec<(String, Value)> = Vec::new();
        for (number, (from, to)) in written.values.iter().enumerate() {
            let before = written.values.iter().take(number).map(|(one, _)| one);
            if let Some(first) = before.into_iter().find(|one| one.value == from.value) {
                self.complain(complaints::twice(from, first.span, "value"));
                continue;
            }
            match text::value(to, column, self.ground.schema) {
                Ok(value) => values.push((from.value.clone(), value)),
                Err(diagnostic) => self.complain(diagnostic),
            }
        }
        values
    }

    /// `after` names an instant that is read for the same row, never in a circle.
    pub(super) fn afters(
        &mut self,
        found: &[&FieldSource],
        table: &Table,
        mapping: &mut TableMapping,
    ) {
        let mut afters: Vec<Option<usize>> = vec![None; found.len()];
        for (number, field) in found.iter().enumerate() {
            let Some(name) = &field.after else { continue };
            let place = found.iter().position(|one| one.name.value == name.value);
            let column = table.columns.iter().find(|column| column.name == name.value);
            match (place, column) {
                (_, None) => {
                    let names = table.columns.iter().map(|column| column.name.as_str());
                    self.complain(complaints::unknown_field(name, &table.name, names));
                }
                (_, Some(column)) if column.kind != Kind::Instant => {
                    let what = called(column.kind, self.ground.schema);
                    self.complain(complaints::after_what(name, &what));
                }
                (None, Some(_)) => {
                    let what = "an instant";
                    self.complain(complaints::not_mapped(name, &table.name, what));
                }
                (Some(place), Some(_)) => {
                    if let Some(after) = afters.get_mut(number) {
                        *after = Some(place);
                    }
                }
            }
        }
        for (number, field) in found.iter().enumerate() {
            if let (Some(name), true) = (&field.after, circles(&afters, number)) {
                self.complain(complaints::after_itself(name));
            }
        }
        for (number, after) in afters.iter().enumerate() {
            let id = after.and_then(|place| Some(mapping.columns.get(place)?.column));
            if let Some(column) = mapping.columns.get_mut(number) {
                column.after = id;
            }
        }
    }

    /// `is` speaks of what was read for the row, and gives what its field is.
    pub(super) fn computations(
        &mut self,
        found: &[&FieldSource],
        table: &Table,
        mapping: &mut TableMapping,
    ) {
        for (number, field) in found.iter().enumerate() {
            let Some(expr) = &field.is else { continue };
            let Some(id) = mapping.columns.get(number).map(|column| column.column) else {
                continue;
            };
            let kind =
                self.ground.schema.column(id).map_or(Kind::Unsound, |one| one.kind);
            let typed = (self.type_row)(mapping.table, expr, kind);
            self.diagnostics.extend(typed.diagnostics);
            let typed = typed.value;
            if typed.ty.grain == Grain::Group {
                self.complain(complaints::not_of_row(typed.span));
            } else if reads_others(&typed) {
                self.complain(complaints::other_rows(typed.span));
            } else if !fits(kind, typed.ty.kind) {
                let expected = called(kind, self.ground.schema);
                let given = called(typed.ty.kind, self.ground.schema);
                let name = &field.name.value;
                self.complain(complaints::is_kind(typed.span, name, &expected, &given));
            }
            self.reads_only(&typed, table, mapping);
            if let Some(column) = mapping.columns.get_mut(number) {
                column.is = Some(typed);
            }
        }
    }

    /// Complains of each column an expression needs that is not read from the export.
    fn reads_only(&mut self, expr: &Expr, table: &Table, mapping: &TableMapping) {
        let mut unread = Vec::new();
        columns_of(expr, &mut |id, span| {
            let read = mapping
                .columns
                .iter()
                .any(|column| column.column == id && column.origin != Origin::Computed);
            if !read {
                unread.push((id, span));
            }
        });
        for (id, span) in unread {
            let name = self.ground.schema.column(id).map_or("", |column| &column.name);
            self.complain(complaints::not_in_row(span, name, &table.name));
        }
    }
}

/// Every column an expression of a row reads, with the place where it is named.
pub(super) fn columns_of(
    expr: &Expr,
    found: &mut impl FnMut(ColumnId, crate::span::Span),
) {
    match &expr.kind {
        ExprKind::Column(id) => found(*id, expr.span),
        ExprKind::Call(_, parts) => {
            for part in parts {
                columns_of(part, found);
            }
        }
        ExprKind::Case(branches, otherwise) => {
            for (condition, value) in branches {
                columns_of(condition, found);
                columns_of(value, found);
            }
            columns_of(otherwise, found);
        }
        ExprKind::Table(table) => {
            for key in table.keys.iter().chain(&table.at) {
                columns_of(key, found);
            }
        }
        ExprKind::Literal(_)
        | ExprKind::Instant(_)
        | ExprKind::Related(_)
        | ExprKind::Aggregate(_) => {}
    }
}

/// Whether an expression reads other rows than its own.
fn reads_others(expr: &Expr) -> bool {
    crate::check::expr::contains(expr, &|part| matches!(part.kind, ExprKind::Related(_)))
}

/// Whether a value of a kind can be the value of a field.
fn fits(field: Kind, given: Kind) -> bool {
    let number =
        |kind| matches!(kind, Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare);
    field == given
        || matches!(given, Kind::Missing | Kind::Unsound)
        || field == Kind::Unsound
        || number(field) && number(given)
}

/// Whether the way along `after` from a field leads back to it.
fn circles(afters: &[Option<usize>], start: usize) -> bool {
    let mut at = start;
    for _ in 0..afters.len() {
        match afters.get(at).copied().flatten() {
            Some(next) if next == start => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

/// The keys that say how a text is read, where there is none.
fn beside_always(written: &FieldSource) -> Vec<(&'static str, crate::span::Span)> {
    let reading = &written.reading;
    let missing = reading.missing.as_ref().and_then(|texts| texts.first());
    let stated = [
        ("values", written.values.first().map(|(from, _)| from.span)),
        ("missing", missing.map(|text| text.span)),
        ("format", reading.format.first().map(|format| format.span)),
        ("unit", written.unit.as_ref().map(|unit| unit.span)),
        ("after", written.after.as_ref().map(|after| after.span)),
    ];
    stated.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}
