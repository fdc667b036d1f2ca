//! Which tables and columns a dataset offers: the vocabulary, resolved.

use crate::types::{Kind, SetId, Unit};
use crate::value::Value;

/// The number of a table in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId {
    /// The table.
    pub table: TableId,
    /// The number of the column in its table.
    pub column: u32,
}

/// All tables cards may speak of, with the lists of declared values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// The tables, in the order of the vocabulary.
    pub tables: Vec<Table>,
    /// The lists of declared values; equal lists are one.
    pub sets: Vec<ValueSet>,
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name in the vocabulary.
    pub name: String,
    /// The columns that tell its rows apart; may be empty.
    pub key: Vec<u32>,
    /// Its columns, computed ones (`is:`) excluded: those are part of the expressions
    /// that use them.
    pub columns: Vec<Column>,
    /// The ways from a row to one row of another table.
    pub lookups: Vec<Lookup>,
    /// The columns between which a row holds: from the first on, before the second.
    pub valid: Option<(u32, u32)>,
    /// What one row is, for the reader.
    pub meaning: String,
}

/// A way from many rows to one row of another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The name by which expressions go there.
    pub name: String,
    /// The other table.
    pub table: TableId,
    /// Columns here and the column of the other table that each must be equal to.
    pub by: Vec<(u32, u32)>,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the vocabulary.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Whether every row has a value.
    pub required: bool,
    /// Of instants: whether it speaks of the future, so that a later one than `as_of`
    /// is not taken for missing.
    pub planned: bool,
    /// Whether it tells who a person is.
    pub personal: bool,
    /// The unit numbers of a duration are offered in; only a hint for messages.
    pub unit: Option<Unit>,
    /// Of numbers with declared values, those values.
    pub values: Vec<Value>,
    /// What it means, for the reader.
    pub meaning: String,
}

/// A list of declared values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSet {
    /// The field that declared it first.
    pub name: String,
    /// The values, in the order declared.
    pub values: Vec<String>,
}

impl Schema {
    /// The table of a number.
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0 as usize)
    }

    /// The table with a name.
    pub fn table_named(&self, name: &str) -> Option<(TableId, &Table)> {
        let number = self.tables.iter().position(|table| table.name == name)?;
        Some((TableId(u32::try_from(number).ok()?), self.tables.get(number)?))
    }

    /// The column of a number.
    pub fn column(&self, id: ColumnId) -> Option<&Column> {
        self.table(id.table)?.columns.get(id.column as usize)
    }

    /// The column of a table with a name.
    pub fn column_named(
        &self,
        table: TableId,
        name: &str,
    ) -> Option<(ColumnId, &Column)> {
        let columns = &self.table(table)?.columns;
        let number = columns.iter().position(|column| column.name == name)?;
        let id = ColumnId { table, column: u32::try_from(number).ok()? };
        Some((id, columns.get(number)?))
    }

    /// The list of declared values with a number.
    pub fn set(&self, id: SetId) -> Option<&ValueSet> {
        self.sets.get(id.0 as usize)
    }
}
