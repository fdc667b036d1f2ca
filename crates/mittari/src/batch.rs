//! Rows of one table, column by column, in the physical form every stage agrees on.
//!
//! | kind | array | a value is |
//! |---|---|---|
//! | truth | `BooleanArray` | |
//! | text | `DictionaryArray<Int32Type>` of `StringArray` | codes count within the list, see below |
//! | category | `Int32Array` | the number of the declared value |
//! | number, ratio | `Float64Array` | finite |
//! | duration | `Int64Array` | microseconds |
//! | instant | `Int64Array` | microseconds since 1970-01-01T00:00Z |
//! | day | `Int32Array` | days since 1970-01-01 |
//! | money | `Int64Array` | millionths of the currency |
//!
//! A missing value is a null; nothing else stands for it.
//!
//! The list of texts may be one for many batches of a thread, and then holds texts that
//! none of a batch's rows has. Batches whose lists are the same array in memory use the
//! same codes, so that what was found out about a list need not be found out again.

use arrow_array::ArrayRef;

/// Consecutive rows of one table.
#[derive(Debug, Clone)]
pub struct Batch {
    /// How many rows.
    pub n_rows: usize,
    /// The columns by their number in the schema; none where nobody needs the column.
    pub columns: Vec<Option<ArrayRef>>,
    /// The order of the rows in the table, ascending within a batch. Rows of an earlier
    /// file, or of an earlier line, have smaller numbers; gaps are allowed.
    pub order: RowOrder,
}

/// The numbers of a batch's rows in the order of the table.
#[derive(Debug, Clone)]
pub enum RowOrder {
    /// Row `i` has the number `first + i`.
    From(u64),
    /// Each row has its own number, ascending.
    Listed(Vec<u64>),
}

impl Batch {
    /// The number of a row in the order of its table.
    pub fn order_of(&self, row: usize) -> u64 {
        match &self.order {
            RowOrder::From(first) => first + row as u64,
            RowOrder::Listed(numbers) => numbers.get(row).copied().unwrap_or(u64::MAX),
        }
    }
}
