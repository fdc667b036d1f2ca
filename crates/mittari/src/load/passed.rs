//! The row groups of a table that are passed over, and what is known of them all the same.

/// What is known of the instants, or days, of a column in some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    /// No value is less than the first or greater than the second; none: there is no value.
    pub(crate) ends: Option<(i64, i64)>,
    /// Whether both of them are values.
    pub(crate) is_exact: bool,
    /// How many rows have no value.
    pub(crate) n_missing: u64,
}

/// What is known of the rows of a row group before they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupFacts {
    pub(crate) n_rows: u64,
    /// Columns by their number in the table, as far as something is known.
    pub(crate) extents: Vec<(u32, Extent)>,
}

impl GroupFacts {
    /// What is known of a column.
    pub(crate) fn extent(&self, column: u32) -> Option<Extent> {
        let found = self.extents.iter().find(|(number, _)| *number == column);
        found.map(|(_, extent)| *extent)
    }
}

/// The row groups of a table's files that are passed over.
#[derive(Debug, Default)]
pub(crate) struct PassedOver {
    /// How many row groups the files have.
    pub(crate) n_groups: u64,
    /// What is known of each, with the number of its first row; in the order of the table.
    pub(crate) groups: Vec<(u64, GroupFacts)>,
    /// The first rows of those whose keys must be read.
    pub(crate) keys: Vec<u64>,
}

/// What a pass over a table reads of row groups that are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Only groups that are needed.
    Needed,
    /// Only groups that are passed over but for their keys.
    Keys,
    /// Both of them.
    Both,
}

impl PassedOver {
    /// How many rows they have.
    pub(crate) fn n_rows(&self) -> u64 {
        self.groups.iter().map(|(_, facts)| facts.n_rows).sum()
    }

    /// Whether keys must be read of some.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether a row is in one of them.
    pub(crate) fn holds(&self, order: u64) -> bool {
        let after = self.groups.partition_point(|(first, _)| *first <= order);
        let group = after.checked_sub(1).and_then(|at| self.groups.get(at));
        group.is_some_and(|(first, facts)| order - first < facts.n_rows)
    }

    /// Whether a pass leaves out the group with this first row.
    pub(crate) fn leaves_out(&self, first: u64, reads: Reads) -> bool {
        let passed = self.groups.binary_search_by_key(&first, |(at, _)| *at).is_ok();
        let keys = self.keys.binary_search(&first).is_ok();
        match reads {
            Reads::Needed => passed,
            Reads::Keys => !keys,
            Reads::Both => passed && !keys,
        }
    }
}
