//! The rows a test gives, as the tables of a dataset.

use std::sync::Arc;

use arrow_array::types::{Decimal128Type, Float64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, DurationMicrosecondArray, PrimitiveArray,
    RecordBatch, RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema as Columns};
use chrono_tz::Tz;
use indexmap::IndexSet;
use mittari_lang::metric::Catalog;
use mittari_lang::schema::{Column, Table, TableId};
use mittari_lang::span::Spanned;
use mittari_lang::trial::{Cell, Given, GivenRow};
use mittari_lang::types::Kind;
use mittari_lang::value::{Decimal, Value};
use mittari_lang::vocabulary::Vocabulary;

use super::{Problem, cell, complaints};
use crate::dataset::{Dataset, SourceFacts};
use crate::fault::nearest;

/// Digits and decimals of amounts: as many as the engine keeps.
const AMOUNT: (u8, i8) = (38, 6);

/// What turns rows into tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    /// The vocabulary, resolved.
    pub(super) catalog: &'a Catalog,
    /// The vocabulary as written, which knows what is computed.
    pub(super) vocabulary: Option<&'a Vocabulary>,
    /// The zone of local times.
    pub(super) zone: Tz,
    /// The first day the rows cover.
    pub(super) covers_from: i32,
}

/// The tables of a test; all that is wrong with its rows is said at once.
pub(super) fn dataset(
    ground: Ground<'_>,
    given: &[&Given],
) -> Result<Dataset, Vec<Problem>> {
    let mut dataset = Dataset::new();
    let mut problems = Vec::new();
    for table in given {
        match ground.batch(table) {
            Ok((id, batch)) => {
                let facts = SourceFacts {
                    name: "test".to_owned(),
                    covers_from: Some(ground.covers_from),
                    ..SourceFacts::default()
                };
                dataset.add_rows(id, vec![batch], facts);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(dataset) } else { Err(problems) }
}

impl Ground<'_> {
    fn batch(self, given: &Given) -> Result<(TableId, RecordBatch), Vec<Problem>> {
        let name = &given.table;
        let (id, table) = self
            .catalog
            .schema
            .table_named(&name.value)
            .ok_or_else(|| vec![complaints::no_table(name.span, &name.value)])?;
        let mut problems = Vec::new();
        let mut columns: Vec<(&Column, ArrayRef)> = Vec::new();
        // Of no rows nothing is missing: every column is there.
        let delivered = self.delivered(table, &given.rows, &mut problems);
        for (number, column) in (0_u32..).zip(&table.columns) {
            let known = delivered.iter().any(|name| *name == column.name);
            if known || given.rows.is_empty() {
                let required = column.required || table.key.contains(&number);
                let values = self.values(column, required, &given.rows, &mut problems);
                columns.push((column, array(column.kind, &values)));
            }
        }
        problems.extend(doubles(table, &given.rows));
        if !problems.is_empty() {
            return Err(problems);
        }
        let fields = columns.iter().map(|(column, array)| {
            Field::new(&column.name, array.data_type().clone(), true)
        });
        let columns_of = Arc::new(Columns::new(fields.collect::<Vec<_>>()));
        let arrays = columns.iter().map(|(_, array)| Arc::clone(array)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(given.rows.len()));
        RecordBatch::try_new_with_options(columns_of, arrays, &options)
            .map(|batch| (id, batch))
            .map_err(|error| vec![complaints::stopped(name.span, &error.to_string())])
    }

    /// The fields that some row has; each is one of the table.
    fn delivered<'g>(
        self,
        table: &Table,
        rows: &'g [GivenRow],
        problems: &mut Vec<Problem>,
    ) -> Vec<&'g str> {
        let mut delivered: Vec<&str> = Vec::new();
        for row in rows {
            let mut own: Vec<&str> = Vec::new();
            for (field, _) in &row.cells {
                let name = field.value.as_str();
                if own.contains(&name) {
                    problems.push(complaints::field_twice(field.span, name));
                }
                own.push(name);
                if !delivered.contains(&name) {
                    delivered.push(name);
                    problems.extend(self.unknown_field(table, field));
                }
            }
        }
        delivered
    }

    fn unknown_field(self, table: &Table, field: &Spanned<String>) -> Option<Problem> {
        let name = field.value.as_str();
        if table.columns.iter().any(|column| column.name == name) {
            return None;
        }
        let tables = self.vocabulary.map_or(&[][..], |written| written.tables.as_slice());
        let written = tables.iter().find(|written| written.name.value == table.name);
        let mut computed =
            written.iter().flat_map(|written| &written.fields).filter(|f| f.is.is_some());
        if computed.any(|computed| computed.name.value == name) {
            return Some(complaints::computed_field(field.span, name, &table.name));
        }
        let known: Vec<String> =
            table.columns.iter().map(|column| column.name.clone()).collect();
        let known = nearest(name, &known);
        Some(complaints::no_field(field.span, name, &table.name, &known))
    }

    /// The values of a column, one a row. A cell that is not there is not one without a
    /// value.
    fn values(
        self,
        column: &Column,
        required: bool,
        rows: &[GivenRow],
        problems: &mut Vec<Problem>,
    ) -> Vec<Value> {
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let cell = row.cells.iter().find(|(field, _)| field.value == column.name);
            let value = match cell.map(|(_, cell)| cell) {
                None => Err(complaints::cell_not_given(row.span, &column.name)),
                Some(Cell::Missing(span)) if required => {
                    Err(complaints::value_required(*span, &column.name))
                }
                Some(Cell::Missing(_)) => Ok(Value::Missing),
                Some(Cell::Text(text)) => {
                    cell::value(&self.catalog.schema, column, text, self.zone)
                        .map(|value| named(value, &text.value))
                }
            };
            match value {
                Ok(value) => values.push(value),
                Err(problem) => problems.push(problem),
            }
        }
        values
    }
}

/// A declared value goes by its name, as it does in files.
fn named(value: Value, text: &str) -> Value {
    match value {
        Value::Category(_) => Value::Text(text.trim().to_owned()),
        other => other,
    }
}

/// Rows that have the key of an earlier one.
fn doubles(table: &Table, rows: &[GivenRow]) -> Vec<Problem> {
    let names: Vec<&str> = table
        .key
        .iter()
        .filter_map(|number| table.columns.get(*number as usize))
        .map(|column| column.name.as_str())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let mut seen: IndexSet<Vec<&str>> = IndexSet::new();
    let mut problems = Vec::new();
    for row in rows {
        let text = |name: &&str| {
            let cell = row.cells.iter().find(|(field, _)| field.value == **name)?;
            if let Cell::Text(text) = &cell.1 { Some(text.value.trim()) } else { None }
        };
        let key: Option<Vec<&str>> = names.iter().map(text).collect();
        let Some(key) = key else { continue };
        let shown = key.join("/");
        if !seen.insert(key) {
            problems.push(complaints::same_key(row.span, &table.name, &shown));
        }
    }
    problems
}

/// Values of one kind as a typed column.
fn array(kind: Kind, values: &[Value]) -> ArrayRef {
    match kind {
        Kind::Truth => Arc::new(values.iter().map(truth).collect::<BooleanArray>()),
        Kind::Duration => {
            Arc::new(values.iter().map(whole).collect::<DurationMicrosecondArray>())
        }
        Kind::Instant => {
            let instants =
                values.iter().map(whole).collect::<TimestampMicrosecondArray>();
            Arc::new(instants.with_timezone("UTC"))
        }
        Kind::Day => Arc::new(values.iter().map(day).collect::<Date32Array>()),
        Kind::Money(_) => Arc::new(amounts(values)),
        Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
            let numbers = values.iter().map(|value| number(value).map(Decimal::to_f64));
            Arc::new(numbers.collect::<PrimitiveArray<Float64Type>>())
        }
        _ => Arc::new(values.iter().map(text).collect::<StringArray>()),
    }
}

fn amounts(values: &[Value]) -> PrimitiveArray<Decimal128Type> {
    let millionths = |value: &Value| {
        let amount = number(value)?.normal();
        let power = 6_u32.checked_sub(u32::from(amount.scale))?;
        i128::from(amount.mantissa).checked_mul(10_i128.pow(power))
    };
    let amounts: PrimitiveArray<Decimal128Type> = values.iter().map(millionths).collect();
    let (digits, decimals) = AMOUNT;
    amounts.clone().with_precision_and_scale(digits, decimals).unwrap_or(amounts)
}

fn truth(value: &Value) -> Option<bool> {
    if let Value::Truth(truth) = value { Some(*truth) } else { None }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Duration(micros) | Value::Instant(micros) => Some(*micros),
        _ => None,
    }
}

fn day(value: &Value) -> Option<i32> {
    if let Value::Day(day) = value { Some(*day) } else { None }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) | Value::Money(number) => Some(*number),
        _ => None,
    }
}

fn text(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}
