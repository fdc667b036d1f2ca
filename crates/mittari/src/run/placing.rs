//! One way of putting the rows of a table into periods, shared by all cohorts that use it.
//!
//! Populations often differ only in what they leave out. The periods of their rows and
//! the groups of a breakdown are then the same, and are found once for each batch.

use arrow_array::{Array as _, Int32Array, Int64Array, UInt32Array};
use mittari_lang::types::Kind;

use super::cohort::{CohortState, Part, Traced, count};
use super::counters::Counters;
use super::dating::{Dating, ends};
use super::evaluate::{Members, Rows};
use super::frame::Late;
use super::grouping::Grouping;
use super::spec::{CohortSpec, PlacingSpec};
use crate::error::RunError;
use crate::gathered::CohortTotals;
use crate::plan::Membership;
use crate::plan::nodes::NodeId;
use crate::timing::{Stage, timed};
use crate::vector::downcast;

/// What one worker has gathered of the cohorts of a placing.
#[derive(Debug)]
pub(crate) struct PlacingState {
    undated: u64,
    first: Option<i64>,
    groups: Grouping,
    /// The counts of each grouping.
    counters: Vec<Counters>,
    dated: Dating,
    cohorts: Vec<CohortState>,
    late: Vec<(usize, Late)>,
}

/// What one worker has gathered of one cohort of a placing.
pub(crate) struct Share<'a> {
    undated: u64,
    counted: (&'a Grouping, &'a [Counters]),
    state: &'a mut CohortState,
}

impl PlacingState {
    /// Nothing gathered yet.
    pub(crate) fn new(spec: &PlacingSpec) -> Self {
        let mut widths = vec![0; spec.groupings.len()];
        let cohort = |cohort| CohortState::new(cohort, &mut widths);
        let cohorts = spec.cohorts.iter().map(cohort).collect();
        Self {
            undated: 0,
            first: None,
            groups: Grouping::new(spec),
            counters: widths.into_iter().map(Counters::new).collect(),
            dated: Dating::new(spec.spans.period()),
            cohorts,
            late: Vec::new(),
        }
    }

    /// Nothing gathered yet; the fate of every member of all cohorts will be kept.
    pub(crate) fn traced(spec: &PlacingSpec, hits: Option<usize>) -> Self {
        let mut state = Self::new(spec);
        state.cohorts.iter_mut().for_each(|cohort| cohort.trace(hits));
        state
    }

    /// Takes in the rows of a batch.
    pub(crate) fn take(
        &mut self,
        spec: &PlacingSpec,
        rows: &mut Rows<'_>,
    ) -> Result<(), RunError> {
        let timings = rows.timings();
        let dates = instants(spec, rows, spec.date)?;
        self.undated += dates.null_count() as u64;
        let range = ends(&dates);
        let first = range.map(|(first, _)| first);
        self.first = [self.first, first].into_iter().flatten().min();
        match spec.membership {
            Membership::Dated => {
                let periods = timed(timings, Stage::Group, || {
                    self.dated.periods_within(&dates, range, |at| spec.dated(at))
                });
                self.take_part(spec, rows, (None, &periods), 1)
            }
            Membership::Movements => {
                let until = until(spec, rows)?;
                let (came, went) = timed(timings, Stage::Group, || {
                    let mut came =
                        self.dated.periods_within(&dates, range, |at| spec.moved(at));
                    let mut went = self.dated.periods(&until, |at| spec.moved(at));
                    spec.happened((&dates, &mut came), (&until, &mut went));
                    (came, went)
                });
                self.take_part(spec, rows, (None, &came), 1)?;
                self.take_part(spec, rows, (None, &went), -1)
            }
            Membership::Members(window) => {
                let until = until(spec, rows)?;
                let (places, periods) = timed(timings, Stage::Group, || {
                    spec.memberships(window, &dates, &until)
                })?;
                let places = Some(UInt32Array::from(places));
                self.take_part(spec, rows, (places, &periods), 1)
            }
        }
    }

    fn take_part(
        &mut self,
        spec: &PlacingSpec,
        rows: &mut Rows<'_>,
        (places, periods): (Option<UInt32Array>, &[i32]),
        sign: i64,
    ) -> Result<(), RunError> {
        let timings = rows.timings();
        let mut members = Members::new(rows, places, periods, &spec.spans);
        let groups = &mut self.groups;
        let ids =
            timed(timings, Stage::Group, || groups.ids(spec, &mut members, periods))?;
        let mut part = Part::new(periods, &ids, sign);
        part.timings = timings;
        for (place, (cohort, state)) in
            spec.cohorts.iter().zip(&mut self.cohorts).enumerate()
        {
            if cohort.keeps {
                let nodes = late_nodes(spec, cohort);
                self.late.push((place, Late::of(&mut members, periods, &nodes)?));
            } else {
                state.absorb(cohort, &self.groups, &mut members, &mut part)?;
            }
        }
        timed(timings, Stage::Fold, || count(&mut self.counters, &self.groups, &part));
        Ok(())
    }

    /// Decides what had to wait for all batches of all workers.
    pub(crate) fn settle(
        spec: &PlacingSpec,
        states: &mut [Self],
    ) -> Result<(), RunError> {
        let late = states.iter_mut().flat_map(|state| std::mem::take(&mut state.late));
        let mut by_cohort: Vec<Vec<Late>> =
            spec.cohorts.iter().map(|_| Vec::new()).collect();
        for (place, part) in late {
            if let Some(list) = by_cohort.get_mut(place) {
                list.push(part);
            }
        }
        let Some(state) = states.first_mut() else { return Ok(()) };
        for (place, parts) in by_cohort.into_iter().enumerate() {
            let Some(mut all) = Late::joined(parts)? else { continue };
            let (Some(cohort), Some(own)) =
                (spec.cohorts.get(place), state.cohorts.get_mut(place))
            else {
                continue;
            };
            let periods = all.periods.clone();
            let ids = state.groups.ids(spec, &mut all, &periods)?;
            let mut part = Part::new(&periods, &ids, 1);
            own.absorb(cohort, &state.groups, &mut all, &mut part)?;
            count(&mut state.counters, &state.groups, &part);
        }
        Ok(())
    }

    /// Counts rows without a date that are not read, and minds the first date of others.
    pub(crate) fn pass_over(&mut self, (undated, first): (u64, Option<i64>)) {
        self.undated += undated;
        self.first = [self.first, first].into_iter().flatten().min();
    }

    /// The earliest instant that dates a row.
    pub(crate) fn first(&self) -> Option<i64> {
        self.first
    }

    /// What was gathered of each cohort, in their order.
    pub(crate) fn shares(&mut self) -> impl Iterator<Item = Share<'_>> {
        self.counters.iter_mut().for_each(Counters::settle);
        let (undated, counted) = (self.undated, (&self.groups, self.counters.as_slice()));
        self.cohorts.iter_mut().map(move |state| Share { undated, counted, state })
    }

    /// The members of the first cohort that were traced, each with its segment.
    pub(crate) fn into_trace(
        mut self,
        spec: &PlacingSpec,
    ) -> Vec<(Traced, Vec<crate::gathered::Key>)> {
        let Some(state) = self.cohorts.first_mut() else { return Vec::new() };
        let traced = state.take_trace();
        let segment = |group| self.groups.key(spec, 0, group).segment;
        traced.into_iter().map(|one| (one, segment(one.group))).collect()
    }
}

impl Share<'_> {
    /// Adds it to the totals of all workers.
    pub(crate) fn hand_over(
        self,
        (placing, cohort): (&PlacingSpec, &CohortSpec),
        totals: &mut CohortTotals,
    ) -> Result<(), RunError> {
        totals.undated += self.undated;
        self.state.hand_over(placing, cohort, self.counted, totals)
    }
}

/// Every node whose values are needed once all batches are known.
fn late_nodes(spec: &PlacingSpec, cohort: &CohortSpec) -> Vec<NodeId> {
    let mut nodes = cohort.nodes();
    nodes.extend(spec.dimensions.iter().map(|(id, _)| *id));
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The instants of a node; a day is its first instant in the zone of the periods.
fn instants(
    spec: &PlacingSpec,
    rows: &mut Rows<'_>,
    (id, kind): (NodeId, Kind),
) -> Result<Int64Array, RunError> {
    let n_rows = rows.batch().n_rows;
    let column =
        rows.value(id).map_err(|error| spec.blame(error))?.into_rows(kind, n_rows)?;
    if kind == Kind::Day {
        let days = downcast::<Int32Array>(&column)?;
        return Ok(days.unary(|day| spec.spans.day_start(day)));
    }
    downcast::<Int64Array>(&column).cloned()
}

fn until(spec: &PlacingSpec, rows: &mut Rows<'_>) -> Result<Int64Array, RunError> {
    match spec.until {
        Some(until) => instants(spec, rows, until),
        None => Ok(Int64Array::new_null(rows.batch().n_rows)),
    }
}
