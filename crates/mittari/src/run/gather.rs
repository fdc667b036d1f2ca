//! The first half of a run: each table is read once, and its rows become totals.

use std::sync::atomic::Ordering;

use mittari_lang::metric::Catalog;
use mittari_lang::schema::TableId;

use super::calendars::{make_ready, none_ready};
use super::evaluate::{Facts, Prepared, Rows};
use super::happened::{as_it_was, happened};
use super::held::Held;
use super::needs::{covers, mapping_of};
use super::passing::Passing;
use super::placing::PlacingState;
use super::quality::{Quality, QualitySpec};
use super::sides::{Ground, SideTables};
use super::spans::Spans;
use super::spec::{Binder, CohortSpec, Names, PlacingSpec};
use super::totals::{hand_over, sort_lists};
use crate::batch::Batch;
use crate::dataset::{Dataset, TableInput};
use crate::error::RunError;
use crate::failure::Error;
use crate::fault::ScanReport;
use crate::gathered::{CohortTotals, Gathered, TableFacts};
use crate::load::{Needless, PassedOver, passed_over, scan};
use crate::options::RunOptions;
use crate::period::{FiscalStart, PeriodTable, most_in_a_year};
use crate::plan::nodes::Nodes;
use crate::plan::sides::Place;
use crate::plan::{Membership, Plan, TablePlan};
use crate::vector::downcast;
use crate::zone::ZoneTable;

/// Reads the tables of a plan and gathers its cohorts.
pub fn gather(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
    options: &RunOptions<'_>,
) -> Result<(Gathered, Vec<ScanReport>), Error> {
    let mut as_of = plan.selection.as_of.or(dataset.as_of());
    let mut held: Vec<Option<Held>> = plan.tables.iter().map(|_| None).collect();
    if as_of.is_none() && needs_as_of(catalog, plan, dataset)? {
        as_of = foresee(catalog, plan, dataset, options, &mut held)?;
    }
    let mut calendars = none_ready(catalog);
    let mut gathered = Gathered {
        cohorts: vec![CohortTotals::default(); plan.cohorts.len()],
        ..Gathered::default()
    };
    let mut reports = Vec::new();
    let mut seen = as_of;
    let tables = plan.tables.iter();
    let tables = tables.map(|table| Bound::new(catalog, plan, table, dataset, as_of));
    let mut tables = tables.collect::<Result<Vec<_>, _>>()?;
    let ground = Ground { catalog, dataset, options };
    allow_passing(plan, &mut tables);
    let places = tables.iter().flat_map(Bound::places);
    let sides = SideTables::new(ground, &plan.sides, places)?;
    for bound in &mut tables {
        bound.also_need(&sides.needed(bound.table));
    }
    let (beside, reads) = sides.make(as_of)?;
    let beside = &beside;
    for (bound, held) in tables.iter().zip(held) {
        make_ready(&mut calendars, catalog, &bound.prepared.nodes)?;
        let (schema, timings) = (&catalog.schema, options.timings);
        let facts = Facts { schema, calendars: &calendars, as_of, beside, timings };
        let (newest, report) =
            bound.read(&facts, dataset, (options, held), &mut gathered)?;
        seen = seen.max(newest);
        reports.push(report);
    }
    for read in reads {
        let own = tables.iter().position(|bound| bound.table == read.table);
        let own = own.and_then(|place| {
            Some((gathered.tables.get_mut(place)?, reports.get_mut(place)?))
        });
        if let Some((facts, report)) = own {
            facts.bad_rows += read.faults.rows;
            report.faults.add(read.faults);
        } else {
            gathered.tables.push(read.facts);
            reports.push(read.report);
        }
    }
    sort_lists(&mut gathered, options.threads)?;
    gathered.as_of = as_of;
    if as_of.is_none() {
        let read: Vec<TableId> = plan.tables.iter().map(|table| table.table).collect();
        gathered.as_of = seen.max(newest(catalog, dataset, options, &read)?);
    }
    Ok((gathered, reports))
}

/// Lets row groups be passed over where a range was asked for, of tables from which no
/// side table is made.
pub(super) fn allow_passing(plan: &Plan, tables: &mut [Bound<'_>]) {
    let asked = &plan.selection;
    if asked.from.or(asked.to).is_none() && asked.as_of.is_none() {
        return;
    }
    let places = tables.iter().flat_map(Bound::places);
    let used = plan.sides.used(places);
    let sides = plan.sides.list.iter().zip(used).filter(|(_, used)| *used);
    let beside: Vec<TableId> =
        sides.filter_map(|(side, _)| plan.sides.table_of(side)).collect();
    for bound in tables {
        bound.whole = beside.contains(&bound.table);
    }
}

/// The newest instant of the data, before their rows are looked at; small tables of the
/// plan are held for that look.
fn foresee(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
    options: &RunOptions<'_>,
    held: &mut [Option<Held>],
) -> Result<Option<i64>, Error> {
    let mut newest_held = None;
    let mut known = Vec::new();
    for (table, held) in plan.tables.iter().zip(held) {
        let Some(input) = dataset.input(table.table) else { continue };
        let bound = Bound::new(catalog, plan, table, dataset, None)?;
        let named = (&catalog.schema, table.table);
        *held = Held::read(input, named, bound.needed.clone(), options)?;
        if let Some(held) = held {
            known.push(table.table);
            for batch in &held.batches {
                newest_held = newest_held.max(newest_of(batch, &bound.happened)?);
            }
        }
    }
    Ok(newest_held.max(newest(catalog, dataset, options, &known)?))
}

/// Whether the rows of some cohort cannot be placed without the moment of evaluation.
fn needs_as_of(catalog: &Catalog, plan: &Plan, dataset: &Dataset) -> Result<bool, Error> {
    if plan.cohorts.iter().any(|cohort| cohort.membership != Membership::Dated) {
        return Ok(true);
    }
    for table in &plan.tables {
        let bound = Bound::new(catalog, plan, table, dataset, None)?;
        if bound.prepared.nodes.uses_as_of() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest instant of all tables but some: of what has happened, not of plans.
pub(super) fn newest(
    catalog: &Catalog,
    dataset: &Dataset,
    options: &RunOptions<'_>,
    without: &[TableId],
) -> Result<Option<i64>, Error> {
    let mut newest = None;
    for table in dataset.tables().filter(|table| !without.contains(table)) {
        let Some(input) = dataset.input(table) else { continue };
        let needed = happened(catalog, table, dataset);
        if !needed.contains(&true) {
            continue;
        }
        let scan_options = options.scanning(needed.clone());
        let step = |state: &mut Option<i64>, batch: Batch| {
            *state = (*state).max(newest_of(&batch, &needed)?);
            Ok(())
        };
        let (states, _) =
            scan(input, (&catalog.schema, table), &scan_options, || None, step)?;
        newest = newest.max(states.into_iter().flatten().max());
    }
    Ok(newest)
}

fn newest_of(batch: &Batch, happened: &[bool]) -> Result<Option<i64>, RunError> {
    let mut newest = None;
    for (column, counts) in batch.columns.iter().zip(happened) {
        if let (Some(column), true) = (column, counts) {
            let instants = downcast::<arrow_array::Int64Array>(column)?;
            newest = newest.max(arrow_arith::aggregate::max(instants));
        }
    }
    Ok(newest)
}

/// A table of the plan, bound to nodes.
pub(super) struct Bound<'a> {
    catalog: &'a Catalog,
    table: TableId,
    prepared: Prepared,
    placings: Vec<PlacingSpec>,
    quality: QualitySpec,
    /// Instants that are missing while they have not happened, by column.
    happened: Vec<bool>,
    needed: Vec<bool>,
    /// Whether every row is read, needed or not.
    whole: bool,
    as_of: Option<i64>,
}

/// What one worker has gathered of a table.
struct TableState {
    placings: Vec<PlacingState>,
    quality: Quality,
    newest: Option<i64>,
}

impl<'a> Bound<'a> {
    /// Binds a table's part of the plan.
    pub(super) fn new(
        catalog: &'a Catalog,
        plan: &Plan,
        table: &TablePlan,
        dataset: &Dataset,
        as_of: Option<i64>,
    ) -> Result<Self, Error> {
        let nodes = Nodes::of_source(mapping_of(dataset, table.table), &plan.sides);
        let mut binder = Binder::new(catalog, nodes);
        for place in &table.cohorts {
            let cohort = plan.cohorts.get(*place).ok_or(RunError::Broken("no cohort"))?;
            let spans = spans(catalog, plan, *place, dataset, as_of)?;
            binder.bind((*place, cohort), spans, &names(catalog, plan, *place))?;
        }
        let Binder { mut nodes, placings, .. } = binder;
        let quality = QualitySpec::bind(catalog, table.table, dataset, &mut nodes);
        let happened = happened(catalog, table.table, dataset);
        let mut needed = vec![false; happened.len()];
        if as_of.is_none() {
            needed.clone_from(&happened);
        }
        for column in nodes.columns().chain(quality.key_columns()) {
            if let Some(slot) = needed.get_mut(column as usize) {
                *slot = true;
            }
        }
        let prepared = Prepared::new(nodes)?;
        Ok(Self {
            catalog,
            table: table.table,
            prepared,
            placings,
            quality,
            happened,
            needed,
            whole: true,
            as_of,
        })
    }

    /// Reads more columns, so that the same rows are bad in every pass over the table.
    fn also_need(&mut self, columns: &[bool]) {
        for (slot, needed) in self.needed.iter_mut().zip(columns) {
            *slot |= needed;
        }
    }

    fn read(
        &self,
        facts: &Facts<'_>,
        dataset: &Dataset,
        (options, held): (&RunOptions<'_>, Option<Held>),
        gathered: &mut Gathered,
    ) -> Result<(Option<i64>, ScanReport), Error> {
        let input = self.input(dataset)?;
        let start = || TableState {
            placings: self.placings.iter().map(PlacingState::new).collect(),
            quality: Quality::new(&self.quality),
            newest: None,
        };
        let step = |state: &mut TableState, batch: Batch| self.step(facts, state, batch);
        let named = (&self.catalog.schema, self.table);
        let mut passed = PassedOver::default();
        let (mut states, report) = if let Some(held) = held {
            held.each(options.threads, start, step)?
        } else {
            passed = self.passed_over(dataset)?;
            let mut scanning = options.scanning(self.needed.clone());
            scanning.passed = Some(&passed);
            scan(input, named, &scanning, start, step)?
        };
        if let (Some(state), Some(passing)) = (states.first_mut(), self.passing(dataset))
        {
            for (_, facts) in &passed.groups {
                let undated = passing.undated(facts);
                let placings = state.placings.iter_mut().zip(undated);
                placings.for_each(|(placing, found)| placing.pass_over(found));
            }
        }
        let newest = states.iter().filter_map(|state| state.newest).max();
        self.add_up((states, options.threads), &report, dataset, gathered)?;
        Ok((newest, report))
    }

    /// What decides over row groups that are not needed, if any may be passed over.
    fn passing(&self, dataset: &Dataset) -> Option<Passing<'_>> {
        let as_of = self.as_of.filter(|_| !self.whole && self.quality.is_empty())?;
        let counts_first = covers(dataset, self.table).0.is_none();
        let happened = (self.happened.as_slice(), as_of);
        Passing::new(&self.placings, &self.prepared.nodes, happened, counts_first)
    }

    /// The row groups that are not read, since none of their rows is a member of anything.
    pub(super) fn passed_over(&self, dataset: &Dataset) -> Result<PassedOver, Error> {
        let Some(passing) = self.passing(dataset) else {
            return Ok(PassedOver::default());
        };
        let (columns, test) = (passing.columns(), |facts: &_| passing.is_needless(facts));
        let needless = Needless { columns: &columns, test: &test };
        let named = (&self.catalog.schema, self.table);
        Ok(passed_over(self.input(dataset)?, named, &needless)?)
    }

    /// The side tables that its expressions read.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        self.prepared.nodes.places()
    }

    /// For each column whether it is read.
    pub(super) fn needed(&self) -> &[bool] {
        &self.needed
    }

    /// How many expressions were asked for, and how many are computed.
    pub(super) fn expressions(&self) -> (usize, usize) {
        (self.prepared.nodes.asked, self.prepared.nodes.list.len())
    }

    /// How many ways there are of putting rows into periods.
    pub(super) fn n_placings(&self) -> usize {
        self.placings.len()
    }

    fn cohorts(&self) -> impl Iterator<Item = &CohortSpec> {
        self.placings.iter().flat_map(|placing| &placing.cohorts)
    }

    fn input<'d>(&self, dataset: &'d Dataset) -> Result<&'d TableInput, RunError> {
        let named = || {
            let table = self.catalog.schema.table(self.table);
            table.map_or_else(String::new, |table| table.name.clone())
        };
        dataset.input(self.table).ok_or_else(|| RunError::Lacking {
            metric: self.cohorts().next().map_or(String::new(), |c| c.metrics.clone()),
            what: format!("the table `{}`", named()),
            because: None,
        })
    }

    fn step(
        &self,
        facts: &Facts<'_>,
        state: &mut TableState,
        batch: Batch,
    ) -> Result<(), RunError> {
        let newest = newest_of(&batch, &self.happened)?;
        state.newest = state.newest.max(newest);
        let batch = if newest > facts.as_of {
            as_it_was(batch, &self.happened, facts.as_of)?
        } else {
            batch
        };
        let mut rows = Rows::new(&self.prepared, facts, &batch);
        for (spec, placing) in self.placings.iter().zip(&mut state.placings) {
            placing.take(spec, &mut rows)?;
        }
        state.quality.take(&self.quality, &mut rows)
    }

    fn add_up(
        &self,
        (states, threads): (Vec<TableState>, usize),
        report: &ScanReport,
        dataset: &Dataset,
        gathered: &mut Gathered,
    ) -> Result<(), RunError> {
        let mut by_placing: Vec<Vec<PlacingState>> =
            self.placings.iter().map(|_| Vec::new()).collect();
        let mut qualities = Vec::new();
        for state in states {
            for (list, placing) in by_placing.iter_mut().zip(state.placings) {
                list.push(placing);
            }
            qualities.push(state.quality);
        }
        let first = by_placing.iter().flatten().filter_map(PlacingState::first).min();
        hand_over(&self.placings, &mut by_placing, &mut gathered.cohorts, threads)?;
        let (covers_from, covers_to) = covers(dataset, self.table);
        let table = self.catalog.schema.table(self.table);
        gathered.tables.push(TableFacts {
            name: table.map_or_else(String::new, |table| table.name.clone()),
            rows: report.rows_kept + report.rows_unread,
            unread_rows: report.rows_unread,
            unread_groups: report.groups_unread,
            bad_rows: report.faults.rows,
            superseded_rows: report.rows_superseded,
            reversed: self.prepared.reversed.load(Ordering::Relaxed),
            violations: self.quality.sum(qualities),
            covers_from,
            covers_to,
            first,
        });
        Ok(())
    }
}

/// The periods of a cohort, within the range asked for.
pub(super) fn spans(
    catalog: &Catalog,
    plan: &Plan,
    place: usize,
    dataset: &Dataset,
    as_of: Option<i64>,
) -> Result<Spans, RunError> {
    let cohort = plan.cohorts.get(place).ok_or(RunError::Broken("no cohort"))?;
    let population = catalog.population(cohort.population);
    let population =
        population.ok_or(RunError::Broken("a cohort without a population"))?;
    let zone = ZoneTable::shared(population.zone);
    let (month, day) = catalog.fiscal_start;
    let fiscal = FiscalStart::new(month, day).unwrap_or(FiscalStart::JANUARY);
    let (covers_from, _) = covers(dataset, population.table);
    let from = plan.selection.from.or(covers_from).map(|day| zone.day_start(day));
    let to = plan.selection.to.map(|day| zone.day_start(day));
    Ok(Spans::new(PeriodTable::new(zone, cohort.period, fiscal), from, to, as_of))
}

/// Who uses a cohort and its folds, and how many periods before the range they need.
pub(super) fn names(catalog: &Catalog, plan: &Plan, place: usize) -> Names {
    let n_folds = plan.cohorts.get(place).map_or(0, |cohort| cohort.folds.len());
    let mut folds: Vec<Vec<&str>> = vec![Vec::new(); n_folds];
    let mut all: Vec<&str> = Vec::new();
    let mut lead = 0;
    for question in &plan.questions {
        let name =
            catalog.metric(question.metric).map_or("", |metric| metric.name.as_str());
        for used in question.accounts.iter().filter(|used| used.cohort == place) {
            // Before the window of the first one lie those it is compared with.
            let window = i32::try_from(used.window).unwrap_or(i32::MAX) - 1;
            let compared = most_in_a_year(question.period).max(1);
            lead = lead.max(window.saturating_add(compared));
            all.push(name);
        }
        question.each_fold(&mut |used| {
            if used.of.cohort == place
                && let Some(list) = folds.get_mut(used.fold)
                && !list.contains(&name)
            {
                list.push(name);
            }
        });
    }
    let folds = folds.iter().map(|list| list.join(", ")).collect();
    Names { cohort: all.join(", "), folds, lead }
}
