//! Side tables are made before the tables of a plan are read: level by level, the rows of
//! each table once for all side tables of a level.

mod collect;
mod spec;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use mittari_lang::metric::Catalog;
use mittari_lang::schema::TableId;

use self::collect::{Collector, Finished, State, finished};
use self::spec::{Bound, SideSpec, SpaceSpec};
use super::calendars::{make_ready, none_ready};
use super::evaluate::{Facts, Prepared, Rows};
use super::happened::{as_it_was, happened};
use super::held::Held;
use super::needs::{covers, mapping_of};
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::error::RunError;
use crate::failure::Error;
use crate::fault::{FaultReport, ScanReport};
use crate::gathered::TableFacts;
use crate::load::second::seconds;
use crate::load::{OnBadRows, scan};
use crate::options::RunOptions;
use crate::plan::nodes::Nodes;
use crate::plan::sides::{Place, Sides};
use crate::related::{Beside, keys::Keys, rows::Seconds};

/// What side tables are made of.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    /// The vocabulary and the populations.
    pub(super) catalog: &'a Catalog,
    /// The data.
    pub(super) dataset: &'a Dataset,
    /// How a table is read.
    pub(super) options: &'a RunOptions<'a>,
}

/// The side tables that are used, bound to the nodes of their tables.
pub(super) struct SideTables<'a> {
    ground: Ground<'a>,
    sides: &'a Sides,
    tasks: Vec<Task>,
}

/// The side tables of one level and table.
struct Task {
    table: TableId,
    prepared: Prepared,
    /// The spaces whose keys are read now.
    spaces: Vec<SpaceSpec>,
    sides: Vec<SideSpec>,
    happened: Vec<bool>,
    needed: Vec<bool>,
}

/// A table that was read for side tables.
pub(super) struct Read {
    /// The table.
    pub(super) table: TableId,
    /// What is known of it.
    pub(super) facts: TableFacts,
    /// What was read.
    pub(super) report: ScanReport,
    /// What is wrong with rows that a look-up would find beside others.
    pub(super) faults: FaultReport,
    seconds: Seconds,
}

impl Read {
    fn new(table: TableId) -> Self {
        Self {
            table,
            facts: TableFacts::default(),
            report: ScanReport::default(),
            faults: FaultReport::default(),
            seconds: Seconds::new(),
        }
    }

    /// Finds where the rows stand that were left out; they stop the run if bad rows do.
    fn tell(&mut self, ground: Ground<'_>) -> Result<(), Error> {
        self.seconds.sort_unstable();
        self.seconds.dedup();
        let input = ground.dataset.input(self.table).filter(|_| !self.seconds.is_empty());
        let Some(input) = input else { return Ok(()) };
        let named = (&ground.catalog.schema, self.table);
        self.faults = seconds(input, named, &self.seconds)?;
        self.facts.bad_rows += self.faults.rows;
        self.report.faults.add(self.faults.clone());
        if ground.options.on_bad_rows == OnBadRows::Stop {
            return Err(Error::BadRows(Box::new(self.report.clone())));
        }
        Ok(())
    }
}

impl<'a> SideTables<'a> {
    /// The side tables that some places speak of, with all that those need.
    pub(super) fn new(
        ground: Ground<'a>,
        sides: &'a Arc<Sides>,
        places: impl Iterator<Item = Place>,
    ) -> Result<Self, Error> {
        let used = sides.used(places);
        let mut keys: Vec<(usize, TableId)> = Vec::new();
        for (side, _) in sides.list.iter().zip(&used).filter(|(_, used)| **used) {
            let table = sides.table_of(side).ok_or(RunError::Broken("no space"))?;
            keys.push((side.level, table));
        }
        keys.sort_unstable();
        keys.dedup();
        let mut read = vec![false; sides.spaces.len()];
        let mut tasks = Vec::new();
        for key in keys {
            tasks.push(task(ground, (sides, &used), key, &mut read)?);
        }
        let mut tables = Self { ground, sides, tasks };
        for place in 0..tables.tasks.len() {
            let table = tables.tasks.get(place).map(|task| task.table);
            let all = table.map(|table| tables.needed(table)).unwrap_or_default();
            // All passes over a table see the same columns, and so the same bad rows.
            if let Some(task) = tables.tasks.get_mut(place) {
                task.needed = all;
            }
        }
        Ok(tables)
    }

    /// The columns of a table that some side table needs.
    pub(super) fn needed(&self, table: TableId) -> Vec<bool> {
        let mut needed: Vec<bool> = Vec::new();
        for task in self.tasks.iter().filter(|task| task.table == table) {
            needed.resize(task.needed.len(), false);
            for (slot, own) in needed.iter_mut().zip(&task.needed) {
                *slot |= own;
            }
        }
        needed
    }

    /// Small tables that are read for several levels, read once.
    fn held(&self) -> Result<Vec<(TableId, Held)>, Error> {
        let mut held: Vec<(TableId, Held)> = Vec::new();
        let schema = &self.ground.catalog.schema;
        for (place, task) in self.tasks.iter().enumerate() {
            let is_same = |other: &Task| other.table == task.table;
            let known = held.iter().any(|(table, _)| *table == task.table);
            let again = self.tasks.iter().skip(place + 1).any(is_same);
            let Some(input) = self.ground.dataset.input(task.table) else { continue };
            if again && !known {
                let (named, needed) = ((schema, task.table), task.needed.clone());
                let read = Held::read(input, named, needed, self.ground.options)?;
                held.extend(read.map(|read| (task.table, read)));
            }
        }
        Ok(held)
    }

    /// Makes them, as things were at the moment of evaluation.
    pub(super) fn make(self, as_of: Option<i64>) -> Result<(Beside, Vec<Read>), Error> {
        let catalog = self.ground.catalog;
        let mut beside = Beside::default();
        beside.spaces.resize_with(self.sides.spaces.len(), || None);
        beside.sides.resize_with(self.sides.list.len(), || None);
        let mut calendars = none_ready(catalog);
        let mut reads: Vec<Read> = Vec::new();
        let held = self.held()?;
        for task in &self.tasks {
            make_ready(&mut calendars, catalog, &task.prepared.nodes)?;
            let facts = Facts {
                schema: &catalog.schema,
                calendars: &calendars,
                as_of,
                beside: &beside,
                timings: None,
            };
            let held = held.iter().find(|(table, _)| *table == task.table);
            let held = held.map(|(_, held)| held);
            let (states, report) = task.read(self.ground, &facts, held)?;
            let Finished { spaces, sides, seconds } =
                finished(task.parts(), states, &beside, as_of)?;
            for (place, keys) in spaces {
                if let Some(slot) = beside.spaces.get_mut(place) {
                    *slot = Some(keys);
                }
            }
            for (place, made) in sides {
                if let Some(slot) = beside.sides.get_mut(place) {
                    *slot = Some(made);
                }
            }
            let earlier = reads.iter().position(|read| read.table == task.table);
            let mut read = match earlier {
                Some(place) => reads.swap_remove(place),
                None => Read::new(task.table),
            };
            read.seconds.extend(seconds);
            read.facts = task.facts(self.ground, &report);
            read.report = report;
            reads.push(read);
        }
        for read in &mut reads {
            read.tell(self.ground)?;
        }
        reads.sort_by_key(|read| read.table);
        Ok((beside, reads))
    }
}

/// The side tables of one level and table.
fn task(
    ground: Ground<'_>,
    (sides, used): (&Arc<Sides>, &[bool]),
    (level, table): (usize, TableId),
    read: &mut [bool],
) -> Result<Task, Error> {
    let nodes = Nodes::of_source(mapping_of(ground.dataset, table), sides);
    let mut bound = Bound::new(nodes);
    for (place, (side, used)) in sides.list.iter().zip(used).enumerate() {
        if *used && side.level == level && sides.table_of(side) == Some(table) {
            let space = sides.spaces.get(side.space);
            let space = space.ok_or(RunError::Broken("no space"))?;
            let fresh =
                read.get_mut(side.space).is_some_and(|r| !std::mem::replace(r, true));
            bound.side((place, side), space, fresh);
        }
    }
    let Bound { nodes, spaces, sides } = bound;
    let happened = happened(ground.catalog, table, ground.dataset);
    let mut needed = vec![false; happened.len()];
    for column in nodes.columns() {
        if let Some(slot) = needed.get_mut(column as usize) {
            *slot = true;
        }
    }
    let prepared = Prepared::new(nodes)?;
    Ok(Task { table, prepared, spaces, sides, happened, needed })
}

impl Task {
    /// What is made of its rows.
    fn parts(&self) -> (&[SpaceSpec], &[SideSpec]) {
        (&self.spaces, &self.sides)
    }

    fn read(
        &self,
        ground: Ground<'_>,
        facts: &Facts<'_>,
        held: Option<&Held>,
    ) -> Result<(Vec<State>, ScanReport), Error> {
        let schema = &ground.catalog.schema;
        let input = ground.dataset.input(self.table).ok_or_else(|| {
            let name = schema.table(self.table).map_or("?", |table| &table.name);
            RunError::Request(format!("the data give no table `{name}`"))
        })?;
        let start = || State {
            spaces: self.spaces.iter().map(|one| Keys::new(one.kinds())).collect(),
            sides: self.sides.iter().map(Collector::new).collect(),
        };
        let step = |state: &mut State, batch: Batch| {
            let batch = as_it_was(batch, &self.happened, facts.as_of)?;
            let mut rows = Rows::new(&self.prepared, facts, &batch);
            state.take(self.parts(), &mut rows, facts.beside)
        };
        if let Some(held) = held {
            return Ok(held.clone().each(ground.options.threads, start, step)?);
        }
        let scanning = ground.options.scanning(self.needed.clone());
        Ok(scan(input, (schema, self.table), &scanning, start, step)?)
    }

    fn facts(&self, ground: Ground<'_>, report: &ScanReport) -> TableFacts {
        let (covers_from, covers_to) = covers(ground.dataset, self.table);
        let table = ground.catalog.schema.table(self.table);
        TableFacts {
            name: table.map_or_else(String::new, |table| table.name.clone()),
            rows: report.rows_kept,
            bad_rows: report.faults.rows,
            superseded_rows: report.rows_superseded,
            reversed: self.prepared.reversed.load(Ordering::Relaxed),
            covers_from,
            covers_to,
            ..TableFacts::default()
        }
    }
}
