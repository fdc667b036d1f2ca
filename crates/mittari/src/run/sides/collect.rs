//! What each worker collects of the rows, and what all of it becomes.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array};
use mittari_lang::types::Kind;

use super::super::evaluate::Rows;
use super::spec::{Reads, SideSpec, SpaceSpec, Times, Value};
use crate::error::RunError;
use crate::related::keys::Keys;
use crate::related::neighbours::{self, Neighbours};
use crate::related::rows::{self, Held, Seconds, instants};
use crate::related::spells::{self, Spells};
use crate::related::totals::{Sum, Totals};
use crate::related::{Beside, Made};
use crate::vector::downcast;

/// What one worker has collected.
pub(super) struct State {
    /// The keys of the spaces that are read with the rows.
    pub(super) spaces: Vec<Keys>,
    /// One for each side table.
    pub(super) sides: Vec<Collector>,
}

/// What one worker has collected for one side table.
pub(super) enum Collector {
    Rows(rows::Seen),
    Totals(Vec<Sum>),
    Spells(spells::Seen),
    Neighbours(neighbours::Seen),
}

/// The spaces and side tables of one table.
pub(super) type Parts<'p> = (&'p [SpaceSpec], &'p [SideSpec]);

/// What became of them, each with its place in the plan.
pub(super) struct Finished {
    /// The keys of the spaces.
    pub(super) spaces: Vec<(usize, Keys)>,
    /// The side tables.
    pub(super) sides: Vec<(usize, Made)>,
    /// Rows that were left out because a look-up would find them beside others.
    pub(super) seconds: Seconds,
}

impl State {
    /// Takes in the rows of a batch.
    pub(super) fn take(
        &mut self,
        (spaces, sides): Parts<'_>,
        rows: &mut Rows<'_>,
        beside: &Beside,
    ) -> Result<(), RunError> {
        let mut known: Vec<(usize, Vec<u32>)> = Vec::new();
        for (spec, keys) in spaces.iter().zip(&mut self.spaces) {
            known.push((spec.place, keys.number(&columns(rows, &spec.keys)?)?));
        }
        for (spec, collector) in sides.iter().zip(&mut self.sides) {
            if !known.iter().any(|(space, _)| *space == spec.space) {
                let keys = beside.spaces.get(spec.space).and_then(Option::as_ref);
                let keys = keys.ok_or(RunError::Broken("keys that were not read"))?;
                known.push((spec.space, keys.find(&columns(rows, &spec.keys)?)?));
            }
            let keys = known.iter().find(|(space, _)| *space == spec.space);
            let keys = keys.map_or(&[][..], |(_, keys)| keys);
            collector.take(&spec.reads, keys, rows)?;
        }
        Ok(())
    }
}

impl Collector {
    /// Nothing yet.
    pub(super) fn new(spec: &SideSpec) -> Self {
        match &spec.reads {
            Reads::Rows(..) => Self::Rows(rows::Seen::default()),
            Reads::Totals(parts) => {
                let new = |(function, argument, _): &(_, Option<Value>, _)| {
                    Sum::new(*function, argument.map_or(Kind::Missing, |(_, kind)| kind))
                };
                Self::Totals(parts.iter().map(new).collect())
            }
            Reads::Spells(..) => Self::Spells(spells::Seen::default()),
            Reads::Neighbours(..) => Self::Neighbours(neighbours::Seen::default()),
        }
    }

    fn take(
        &mut self,
        reads: &Reads,
        keys: &[u32],
        rows: &mut Rows<'_>,
    ) -> Result<(), RunError> {
        let batch = rows.batch();
        let orders = (0..batch.n_rows).map(|row| batch.order_of(row));
        match (self, reads) {
            (Self::Rows(seen), Reads::Rows(times, values)) => {
                let times = times.as_ref().map(|times| ends(rows, times)).transpose()?;
                let times = times.as_ref().map(|(from, until)| (from, until));
                seen.take(keys, orders, times, columns(rows, values)?);
            }
            (Self::Totals(sums), Reads::Totals(parts)) => {
                for (sum, (_, argument, filter)) in sums.iter_mut().zip(parts) {
                    let argument = argument.map(|one| column(rows, one)).transpose()?;
                    let filter = filter.map(|one| truths(rows, one)).transpose()?;
                    sum.take(keys, filter.as_ref(), argument.as_ref())?;
                }
            }
            (Self::Spells(seen), Reads::Spells(filter, times)) => {
                let filter = filter.map(|one| truths(rows, one)).transpose()?;
                let (from, until) = ends(rows, times)?;
                seen.take(keys, filter.as_ref(), (&from, &until));
            }
            (Self::Neighbours(seen), Reads::Neighbours(by, values)) => {
                let order = column(rows, *by)?;
                let values: Vec<Value> = values.iter().map(|(_, value)| *value).collect();
                let values = columns(rows, &values)?;
                seen.take(keys, orders, (&order, by.1), values)?;
            }
            _ => return Err(RunError::Broken("a side table of another form")),
        }
        Ok(())
    }
}

fn column(rows: &mut Rows<'_>, (id, kind): Value) -> Result<ArrayRef, RunError> {
    let n_rows = rows.batch().n_rows;
    rows.value(id)?.into_rows(kind, n_rows)
}

fn columns(rows: &mut Rows<'_>, values: &[Value]) -> Result<Vec<ArrayRef>, RunError> {
    values.iter().map(|value| column(rows, *value)).collect()
}

fn truths(rows: &mut Rows<'_>, id: usize) -> Result<BooleanArray, RunError> {
    let column = column(rows, (id, Kind::Truth))?;
    downcast::<BooleanArray>(&column).cloned()
}

/// From when on and until when each row holds.
fn ends(
    rows: &mut Rows<'_>,
    times: &Times,
) -> Result<(Int64Array, Int64Array), RunError> {
    let n_rows = rows.batch().n_rows;
    let mut end =
        |(id, kind): Value| instants(&rows.value(id)?, kind, n_rows, &times.zone);
    Ok((end(times.from)?, end(times.until)?))
}

/// What all workers have collected.
pub(super) fn finished(
    (spaces, sides): Parts<'_>,
    states: Vec<State>,
    beside: &Beside,
    as_of: Option<i64>,
) -> Result<Finished, RunError> {
    let mut all: Vec<Keys> = spaces.iter().map(|spec| Keys::new(spec.kinds())).collect();
    let mut of_sides: Vec<Vec<(Collector, Vec<u32>)>> =
        sides.iter().map(|_| Vec::new()).collect();
    for state in states {
        let mut maps: Vec<(usize, Vec<u32>)> = Vec::new();
        for ((spec, all), own) in spaces.iter().zip(&mut all).zip(&state.spaces) {
            maps.push((spec.place, all.absorb(own)));
        }
        for ((spec, list), own) in sides.iter().zip(&mut of_sides).zip(state.sides) {
            let map = maps.iter().find(|(space, _)| *space == spec.space);
            let map = map.map(|(_, map)| map.clone());
            let map = map.unwrap_or_else(|| same(beside, spec.space));
            list.push((own, map));
        }
    }
    let mut seconds = Seconds::new();
    let mut made = Vec::with_capacity(sides.len());
    for (spec, list) in sides.iter().zip(of_sides) {
        let fresh = spaces.iter().zip(&all).find(|(one, _)| one.place == spec.space);
        let known = beside.spaces.get(spec.space).and_then(Option::as_ref);
        let n_keys = fresh.map(|(_, keys)| keys).or(known).map_or(0, Keys::len);
        let (side, more) = side(spec, list, n_keys, as_of)?;
        made.push((spec.place, side));
        seconds.extend(more);
    }
    let spaces = spaces.iter().map(|spec| spec.place).zip(all).collect();
    Ok(Finished { spaces, sides: made, seconds })
}

/// The numbers of a space whose keys were read before: they are what they are.
fn same(beside: &Beside, space: usize) -> Vec<u32> {
    let keys = beside.spaces.get(space).and_then(Option::as_ref);
    let n_keys = keys.map_or(0, Keys::len);
    (0..u32::try_from(n_keys).unwrap_or(u32::MAX)).collect()
}

fn side(
    spec: &SideSpec,
    list: Vec<(Collector, Vec<u32>)>,
    n_keys: usize,
    as_of: Option<i64>,
) -> Result<(Made, Seconds), RunError> {
    let (mut of_rows, mut of_spells, mut of_neighbours) = (vec![], vec![], vec![]);
    let mut sums = match Collector::new(spec) {
        Collector::Totals(sums) => sums,
        _ => Vec::new(),
    };
    for (collector, map) in list {
        match collector {
            Collector::Rows(mut seen) => {
                seen.renumber(&map);
                of_rows.push(seen);
            }
            Collector::Totals(parts) => {
                for (sum, part) in sums.iter_mut().zip(parts) {
                    sum.merge(part, &map)?;
                }
            }
            Collector::Spells(mut seen) => {
                seen.renumber(&map);
                of_spells.push(seen);
            }
            Collector::Neighbours(mut seen) => {
                seen.renumber(&map);
                of_neighbours.push(seen);
            }
        }
    }
    let made = match &spec.reads {
        Reads::Rows(times, values) => {
            let kinds: Vec<Kind> = values.iter().map(|(_, kind)| *kind).collect();
            let zone = times.as_ref().map(|times| Arc::clone(&times.zone));
            let (held, seconds) = Held::of(of_rows, n_keys, zone, &kinds)?;
            return Ok((Made::Rows(held), seconds));
        }
        Reads::Totals(_) => Made::Totals(Totals::of(sums, n_keys)?),
        Reads::Spells(..) => Made::Spells(Spells::of(of_spells, n_keys, as_of)),
        Reads::Neighbours(_, values) => {
            let kinds: Vec<(bool, Kind)> =
                values.iter().map(|(next, (_, kind))| (*next, *kind)).collect();
            Made::Neighbours(Neighbours::of(of_neighbours, &kinds)?)
        }
    };
    Ok((made, Seconds::new()))
}
