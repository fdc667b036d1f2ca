//! What is known of related rows: made once before a table is read, then found by key.
//!
//! Everything here is a list beside the numbers of keys, or beside the rows of a table in
//! their order. Memory grows with the rows of the related table, by the columns that are
//! needed of it, and not with the rows of the table that asks.

pub(crate) mod column;
pub(crate) mod keys;
pub(crate) mod neighbours;
mod numbers;
pub(crate) mod rows;
pub(crate) mod spells;
pub(crate) mod totals;

use self::keys::Keys;
use self::neighbours::Neighbours;
use self::rows::Held;
use self::spells::Spells;
use self::totals::Totals;

/// The number of a row that has no key, or whose key no related row has.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// All side tables of a run, by their place in the plan; none where one is not made.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The keys of each space.
    pub(crate) spaces: Vec<Option<Keys>>,
    /// The side tables.
    pub(crate) sides: Vec<Option<Made>>,
}

/// A side table.
#[derive(Debug)]
pub(crate) enum Made {
    /// Values of rows that are looked up.
    Rows(Held),
    /// What was made of the rows of each key.
    Totals(Totals),
    /// When rows of each key hold.
    Spells(Spells),
    /// Values of neighbouring rows.
    Neighbours(Neighbours),
}
