//! Expressions that read other rows than the one at hand: of other tables, or of its own.
//!
//! Each has parts of two sides: those of the row at hand (keys, instants) and those of
//! the other rows (conditions, values). The second never depend on the period in which
//! the row at hand is looked at, and so are computed once for all rows.

use chrono_tz::Tz;

use super::{Expr, Function};
use crate::builtin::Builtin;
use crate::schema::TableId;

/// The rows of a table that belong to the row at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyed {
    /// Their table.
    pub table: TableId,
    /// Their columns that are equal to the keys, by number.
    pub columns: Vec<u32>,
    /// The keys, values of the row at hand; a row without one of them has no such rows.
    pub keys: Vec<Expr>,
}

/// The time for which a row of a table holds: from the first instant on, before the
/// second; without a second it still holds, without a first it never did.
#[derive(Debug, Clone, PartialEq)]
pub struct Validity {
    /// Its first instant or day.
    pub from: Expr,
    /// The first instant or day after it.
    pub until: Expr,
    /// The zone in which a day has its first instant.
    pub zone: Tz,
}

/// A value that is made of other rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Related {
    /// A value of the one row a look-up finds; missing without one.
    Lookup {
        /// The row.
        of: Keyed,
        /// Where rows hold for a time: the instant or day at which it is looked for.
        held: Option<(Expr, Validity)>,
        /// The value, of the other table.
        value: Expr,
    },
    /// A value made of all rows that belong to the row at hand.
    Its {
        /// The rows.
        of: Keyed,
        /// What is made of them: a count, a sum, the smallest or the largest.
        function: Function,
        /// The value of each; none of a count.
        argument: Option<Expr>,
        /// Which of them are taken: those for which it is true.
        filter: Option<Expr>,
    },
    /// A value of the row before or behind, among the rows with the same key.
    Neighbour {
        /// The table of both rows.
        table: TableId,
        /// Whether it is the row behind.
        next: bool,
        /// The value.
        argument: Expr,
        /// The key; a row without one has no neighbour.
        per: Expr,
        /// What orders the rows; of equals the later line is the later row.
        by: Expr,
    },
    /// Working time, or the instant it is due at, outside the time in which rows hold.
    Less {
        /// [`Builtin::WorkingTime`] or [`Builtin::Due`].
        builtin: Builtin,
        /// What that takes.
        operands: Vec<Expr>,
        /// The rows.
        of: Keyed,
        /// Which of them are taken: those for which it is true.
        filter: Option<Expr>,
        /// The time in which they hold; without an end until the moment of evaluation.
        holds: Validity,
    },
}

impl Related {
    /// The parts of the row at hand.
    pub fn own(&self) -> Vec<&Expr> {
        match self {
            Self::Lookup { of, held, .. } => {
                of.keys.iter().chain(held.iter().map(|(at, _)| at)).collect()
            }
            Self::Its { of, .. } => of.keys.iter().collect(),
            Self::Neighbour { .. } => Vec::new(),
            Self::Less { operands, of, .. } => operands.iter().chain(&of.keys).collect(),
        }
    }

    /// The parts of the other rows.
    pub fn others(&self) -> Vec<&Expr> {
        match self {
            Self::Lookup { held, value, .. } => {
                let ends = held.iter().flat_map(|(_, holds)| [&holds.from, &holds.until]);
                std::iter::once(value).chain(ends).collect()
            }
            Self::Its { argument, filter, .. } => argument.iter().chain(filter).collect(),
            Self::Neighbour { argument, per, by, .. } => vec![argument, per, by],
            Self::Less { filter, holds, .. } => {
                filter.iter().chain([&holds.from, &holds.until]).collect()
            }
        }
    }

    /// The parts whose values may be values of the whole.
    pub fn values(&self) -> Vec<&Expr> {
        match self {
            Self::Lookup { value, .. } => vec![value],
            Self::Its { argument, .. } => argument.iter().collect(),
            Self::Neighbour { argument, .. } => vec![argument],
            Self::Less { .. } => Vec::new(),
        }
    }

    /// The rows that belong to the row at hand, save a neighbour's.
    pub const fn keyed(&self) -> Option<&Keyed> {
        match self {
            Self::Lookup { of, .. } | Self::Its { of, .. } | Self::Less { of, .. } => {
                Some(of)
            }
            Self::Neighbour { .. } => None,
        }
    }

    /// The table of the other rows.
    pub const fn table(&self) -> TableId {
        match self {
            Self::Lookup { of, .. } | Self::Its { of, .. } | Self::Less { of, .. } => {
                of.table
            }
            Self::Neighbour { table, .. } => *table,
        }
    }
}
