//! Which row groups a table's cohorts do not need: those none of whose rows is a member of
//! any period, whatever else stands in them.
//!
//! A row that is not read still counts where it would have counted: as one without a date.
//! Rules are held against all rows of a table, and related rows may be looked up from
//! anywhere, so that tables with either are read whole.

use mittari_lang::types::Kind;

use super::spec::PlacingSpec;
use crate::load::{Extent, GroupFacts};
use crate::plan::Membership;
use crate::plan::nodes::{NodeId, NodeKind, Nodes};

/// What decides whether the rows of a group are needed.
#[derive(Debug)]
pub(super) struct Passing<'a> {
    /// Each way of putting rows into periods, with the columns that date its rows.
    placings: Vec<(&'a PlacingSpec, Dates)>,
    /// Instants that are missing while they have not happened, by column.
    happened: &'a [bool],
    as_of: i64,
    /// Whether the first instant of the table matters.
    counts_first: bool,
}

/// The columns that date the rows of a placing.
#[derive(Debug, Clone, Copy)]
struct Dates {
    from: (u32, Kind),
    until: Option<(u32, Kind)>,
}

/// The instants of a column at the moment of evaluation.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Between which they lie; none: there is none.
    ends: Option<(i64, i64)>,
    is_exact: bool,
    n_missing: u64,
}

impl<'a> Passing<'a> {
    /// What decides for some placings; none if a row is dated by what is computed, or if
    /// rows are compared with each other.
    pub(super) fn new(
        placings: &'a [PlacingSpec],
        nodes: &Nodes,
        (happened, as_of): (&'a [bool], i64),
        counts_first: bool,
    ) -> Option<Self> {
        let dated = |placing: &'a PlacingSpec| {
            let keeps = placing.cohorts.iter().any(|cohort| cohort.keeps);
            let from = column(nodes, placing.date).filter(|_| !keeps)?;
            let until = match placing.until {
                Some(until) => Some(column(nodes, until)?),
                None => None,
            };
            Some((placing, Dates { from, until }))
        };
        let placings = placings.iter().map(dated).collect::<Option<Vec<_>>>()?;
        Some(Self { placings, happened, as_of, counts_first })
    }

    /// The columns that decide, each once.
    pub(super) fn columns(&self) -> Vec<u32> {
        let both =
            self.placings.iter().flat_map(|(_, dates)| [Some(dates.from), dates.until]);
        let mut columns: Vec<u32> = both.flatten().map(|(column, _)| column).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether no row of a group is a member of any period.
    pub(super) fn is_needless(&self, facts: &GroupFacts) -> bool {
        self.placings.iter().all(|(placing, dates)| {
            let Some(from) = self.seen(placing, facts, dates.from) else { return false };
            if self.counts_first && !from.is_exact {
                return false;
            }
            let until = dates.until.map(|until| self.seen(placing, facts, until));
            match (from.ends, until) {
                (None, _) => true,
                (Some(ends), None) => is_outside(placing, ends, None),
                (Some(ends), Some(until)) => is_outside(placing, ends, until),
            }
        })
    }

    /// How many rows of a needless group have no date, and the earliest date, by placing.
    pub(super) fn undated<'f>(
        &'f self,
        facts: &'f GroupFacts,
    ) -> impl Iterator<Item = (u64, Option<i64>)> {
        self.placings.iter().map(|(placing, dates)| {
            let seen = self.seen(placing, facts, dates.from);
            let first = seen.and_then(|seen| seen.ends).map(|(least, _)| least);
            (seen.map_or(0, |seen| seen.n_missing), first)
        })
    }

    /// The instants of a column; none if they are not known.
    fn seen(
        &self,
        placing: &PlacingSpec,
        facts: &GroupFacts,
        (column, kind): (u32, Kind),
    ) -> Option<Seen> {
        let extent = facts.extent(column)?;
        let nothing = Seen { ends: None, is_exact: true, n_missing: facts.n_rows };
        let Some((mut least, mut most)) = extent.ends else { return Some(nothing) };
        if kind == Kind::Day {
            let start =
                |day: i64| i32::try_from(day).ok().map(|d| placing.spans.day_start(d));
            (least, most) = (start(least)?, start(most)?);
        }
        if self.happened.get(column as usize).copied().unwrap_or_default() {
            // What has not happened is missing; of a part of the rows it is not known.
            if least > self.as_of {
                return Some(nothing);
            }
            if most > self.as_of {
                return None;
            }
        }
        let Extent { is_exact, n_missing, .. } = extent;
        Some(Seen { ends: Some((least, most)), is_exact, n_missing })
    }
}

/// Whether rows dated within some ends, and out by others, are in no period that matters.
fn is_outside(
    placing: &PlacingSpec,
    (least, most): (i64, i64),
    until: Option<Seen>,
) -> bool {
    let spans = &placing.spans;
    let (low, high) = placing.bounds;
    let whole = spans.is_whole();
    let after = || {
        if whole {
            return spans.to.is_some_and(|to| least >= to);
        }
        spans.number_of(least).zip(high).is_some_and(|(first, high)| first > high)
    };
    let before = |more: i32| {
        if whole {
            return spans.from.is_some_and(|from| most < from);
        }
        let end = spans.number_of(most).map(|end| end.saturating_add(more));
        end.zip(low).is_some_and(|(end, low)| end < low)
    };
    match placing.membership {
        Membership::Dated => after() || before(0),
        // What came and went before the range leaves groups without rows, which are shown.
        Membership::Movements => after(),
        Membership::Members(0) => after() || has_left(placing, until),
        Membership::Members(window) => {
            after() || before(i32::try_from(window - 1).unwrap_or(i32::MAX))
        }
    }
}

/// Whether all rows were gone when the first stock that matters is taken.
fn has_left(placing: &PlacingSpec, until: Option<Seen>) -> bool {
    let Some(Seen { ends: Some((_, most)), n_missing: 0, .. }) = until else {
        return false;
    };
    let first = placing.bounds.0.and_then(|low| placing.spans.stock_instant(low));
    first.is_some_and(|first| most < first)
}

/// The column that a node is.
fn column(nodes: &Nodes, (id, kind): (NodeId, Kind)) -> Option<(u32, Kind)> {
    match nodes.get(id)?.kind {
        NodeKind::Column(column) => Some((column, kind)),
        _ => None,
    }
}
