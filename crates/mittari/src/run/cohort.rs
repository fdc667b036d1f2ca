//! One cohort: its rows become members of periods, go where its rules send them, and are
//! folded by group.

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Int32Array, Int64Array, UInt32Array,
};
use indexmap::IndexMap;
use mittari_lang::types::Kind;

use super::evaluate::{Members, Rows};
use super::fold::{Counted, FoldState};
use super::group::{Codes, Groups};
use super::spec::{CohortSpec, ExclusionSpec};
use super::status::{COUNTED, EXCLUDED, Keep, NO_MEMBER, OUTSIDE, Statuses, UNDECIDED};
use crate::error::RunError;
use crate::gathered::{Account, CohortTotals, Key, Totals};
use crate::plan::nodes::NodeId;
use crate::plan::{FoldKind, Membership};
use crate::vector::{Vector, downcast};

/// The period of a row that is in none.
pub(super) const NO_PERIOD: i32 = i32::MIN;

/// What one worker has gathered of a cohort.
#[derive(Debug)]
pub(super) struct CohortState {
    undated: u64,
    first: Option<i64>,
    codes: Vec<Codes>,
    groupings: Vec<GroupingState>,
    late: Vec<Late>,
    trace: Option<Trace>,
}

/// The fate of each member of the first grouping, kept only where rows are to be listed.
#[derive(Debug)]
struct Trace {
    /// The fold whose rows are hits.
    hits: Option<usize>,
    list: Vec<Traced>,
}

/// One member that was traced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traced {
    /// The number of its row in the order of the table.
    pub order: u64,
    /// Where it went.
    pub status: u16,
    /// The group of the first grouping.
    pub group: u32,
    /// Whether it is a hit; none where there are no hits, or it is unknown.
    pub hit: Option<bool>,
}

#[derive(Debug)]
struct GroupingState {
    groups: Groups,
    accounts: Vec<Account>,
    folds: Vec<FoldState>,
}

/// Members whose fate depends on members of other batches.
#[derive(Debug)]
struct Late {
    periods: Vec<i32>,
    order: Vec<u64>,
    columns: IndexMap<NodeId, ArrayRef>,
}

/// Where the values of members come from.
trait Frame {
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError>;
    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError>;
    fn order(&self) -> Vec<u64>;
}

impl Frame for Members<'_, '_> {
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        Members::value(self, id)
    }

    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError> {
        self.column_of(id)
    }

    fn order(&self) -> Vec<u64> {
        (0..self.len()).map(|member| self.order_of(member)).collect()
    }
}

impl Frame for Late {
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        self.column(id).map(Vector::Array)
    }

    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError> {
        self.columns
            .get(&id)
            .cloned()
            .ok_or(RunError::Broken("a value that was not kept"))
    }

    fn order(&self) -> Vec<u64> {
        self.order.clone()
    }
}

impl CohortState {
    /// Nothing gathered yet.
    pub(super) fn new(spec: &CohortSpec) -> Self {
        let groupings = spec.groupings.iter().map(|dimensions| GroupingState {
            groups: Groups::new(dimensions.len()),
            accounts: Vec::new(),
            folds: spec.folds.iter().map(|f| FoldState::new(f.kind, f.values)).collect(),
        });
        Self {
            undated: 0,
            first: None,
            codes: spec.dimensions.iter().map(|_| Codes::default()).collect(),
            groupings: groupings.collect(),
            late: Vec::new(),
            trace: None,
        }
    }

    /// Nothing gathered yet; every member will be traced. A hit is a row that a fold
    /// takes, and of shares one for which the argument is true.
    pub(super) fn traced(spec: &CohortSpec, hits: Option<usize>) -> Self {
        Self { trace: Some(Trace { hits, list: Vec::new() }), ..Self::new(spec) }
    }

    /// The members that were traced, each with the segment of its group.
    pub(super) fn into_trace(self, spec: &CohortSpec) -> Vec<(Traced, Vec<Key>)> {
        let (Some(trace), Some(grouping)) = (self.trace, self.groupings.first()) else {
            return Vec::new();
        };
        let places = spec.groupings.first().map(Vec::as_slice).unwrap_or_default();
        let codes: Vec<&Codes> =
            places.iter().filter_map(|p| self.codes.get(*p)).collect();
        let segment = |traced: &Traced| grouping.groups.key(traced.group, &codes).segment;
        trace.list.into_iter().map(|traced| (traced, segment(&traced))).collect()
    }

    /// Takes in the rows of a batch.
    pub(super) fn take(
        &mut self,
        spec: &CohortSpec,
        rows: &mut Rows<'_>,
    ) -> Result<(), RunError> {
        let n_rows = rows.batch().n_rows;
        let dates = instants(spec, rows, spec.date)?;
        self.undated += dates.null_count() as u64;
        let earliest = dates.iter().flatten().min();
        self.first = [self.first, earliest].into_iter().flatten().min();
        match spec.membership {
            Membership::Dated => {
                let periods: Vec<i32> = dates.iter().map(|at| spec.dated(at)).collect();
                let mut members = Members::new(rows, None, &periods, &spec.spans);
                self.absorb(spec, &mut members, &periods, 1)
            }
            Membership::Movements => {
                let until = until(spec, rows, n_rows)?;
                let (came, went) = spec.movements(&dates, &until);
                let mut members = Members::new(rows, None, &came, &spec.spans);
                self.absorb(spec, &mut members, &came, 1)?;
                let mut members = Members::new(rows, None, &went, &spec.spans);
                self.absorb(spec, &mut members, &went, -1)
            }
            Membership::Members(window) => {
                let until = until(spec, rows, n_rows)?;
                let (places, periods) = spec.memberships(window, &dates, &until);
                let places = Some(UInt32Array::from(places));
                let mut members = Members::new(rows, places, &periods, &spec.spans);
                if spec.keeps {
                    self.put_by(spec, &mut members, &periods)
                } else {
                    self.absorb(spec, &mut members, &periods, 1)
                }
            }
        }
    }

    fn put_by(
        &mut self,
        spec: &CohortSpec,
        members: &mut Members<'_, '_>,
        periods: &[i32],
    ) -> Result<(), RunError> {
        let mut columns = IndexMap::new();
        for id in spec.nodes() {
            columns.insert(id, members.column_of(id)?);
        }
        let order = Frame::order(members);
        self.late.push(Late { periods: periods.to_vec(), order, columns });
        Ok(())
    }

    fn absorb(
        &mut self,
        spec: &CohortSpec,
        frame: &mut dyn Frame,
        periods: &[i32],
        sign: i64,
    ) -> Result<(), RunError> {
        let statuses = statuses(spec, frame, periods)?;
        let mut codes = Vec::with_capacity(spec.dimensions.len());
        for ((id, kind), own) in spec.dimensions.iter().zip(&mut self.codes) {
            codes.push(own.of(&frame.column(*id)?, *kind)?);
        }
        let mut values = Vec::with_capacity(spec.folds.len());
        for fold in &spec.folds {
            let value = |id: Option<NodeId>, frame: &mut dyn Frame| {
                id.map(|id| frame.column(id)).transpose()
            };
            let filter = value(fold.filter, frame).map_err(|e| fold.blame(e))?;
            let argument = value(fold.argument, frame).map_err(|e| fold.blame(e))?;
            values.push((filter, argument));
        }
        for (dimensions, grouping) in spec.groupings.iter().zip(&mut self.groupings) {
            let groups = grouping.groups_of(dimensions, &codes, periods, &statuses);
            grouping.account(&statuses, &groups, sign, spec.exclusions.len());
            if let Some(trace) = &mut self.trace {
                trace.take(spec, frame, &statuses, &groups, &values)?;
            }
            let (members, groups) = counted(&statuses.list, &groups);
            let rows = Counted { members: &members, groups: &groups, sign };
            let n_groups = grouping.groups.len();
            for ((state, fold), (filter, argument)) in
                grouping.folds.iter_mut().zip(&spec.folds).zip(&values)
            {
                let filter = filter.as_ref().map(downcast::<BooleanArray>).transpose()?;
                state
                    .take(rows, n_groups, filter, argument.as_ref())
                    .map_err(|error| fold.blame(error))?;
            }
        }
        Ok(())
    }

    /// Decides what had to wait for all batches of all workers.
    pub(super) fn settle(spec: &CohortSpec, states: &mut [Self]) -> Result<(), RunError> {
        let mut late: Vec<Late> =
            states.iter_mut().flat_map(|state| std::mem::take(&mut state.late)).collect();
        // Batches came in any order; ties are decided by the order of the table.
        late.sort_by_key(|part| part.order.first().copied());
        let Some(mut all) = joined(late)? else { return Ok(()) };
        let Some(state) = states.first_mut() else { return Ok(()) };
        let periods = all.periods.clone();
        state.absorb(spec, &mut all, &periods, 1)
    }

    /// The earliest instant that dates a row.
    pub(super) fn first(&self) -> Option<i64> {
        self.first
    }

    /// Adds what was gathered to the totals of all workers.
    pub(super) fn hand_over(
        mut self,
        spec: &CohortSpec,
        totals: &mut CohortTotals,
    ) -> Result<(), RunError> {
        totals.undated += self.undated;
        totals.groupings.resize_with(self.groupings.len(), Default::default);
        let codes = &self.codes;
        for ((grouping, dimensions), into) in
            self.groupings.iter_mut().zip(&spec.groupings).zip(&mut totals.groupings)
        {
            let dimensions: Vec<&Codes> =
                dimensions.iter().filter_map(|place| codes.get(*place)).collect();
            for (group, id) in (0..grouping.groups.len()).zip(0_u32..) {
                let key = grouping.groups.key(id, &dimensions);
                let account = grouping.accounts.get(group).cloned().unwrap_or_default();
                let folds = grouping.folds.iter_mut().map(|fold| fold.partial(group));
                let own = Totals { account, folds: folds.collect() };
                match into.entry(key) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(own);
                    }
                    std::collections::btree_map::Entry::Occupied(mut entry) => {
                        let sum = entry.get_mut();
                        sum.account.add(&own.account, 1);
                        for ((sum, own), fold) in
                            sum.folds.iter_mut().zip(&own.folds).zip(&spec.folds)
                        {
                            sum.merge(own).map_err(|error| fold.blame(error))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

type FoldColumns = (Option<ArrayRef>, Option<ArrayRef>);

impl Trace {
    fn take(
        &mut self,
        spec: &CohortSpec,
        frame: &dyn Frame,
        statuses: &Statuses,
        groups: &[u32],
        values: &[FoldColumns],
    ) -> Result<(), RunError> {
        let kind = self.hits.and_then(|hits| spec.folds.get(hits)).map(|fold| fold.kind);
        let columns = self.hits.and_then(|hits| values.get(hits));
        let order = frame.order();
        for (member, (status, group)) in statuses.list.iter().zip(groups).enumerate() {
            if *status == NO_MEMBER {
                continue;
            }
            let hit = match columns {
                Some((filter, argument)) => {
                    let passes = truth_at(filter.as_ref(), member)?;
                    let argument =
                        argument.as_ref().filter(|_| kind == Some(FoldKind::Yes));
                    let holds = truth_at(argument, member)?;
                    passes.zip(holds).map(|(passes, holds)| passes && holds)
                }
                None => None,
            };
            let order = order.get(member).copied().unwrap_or(u64::MAX);
            self.list.push(Traced { order, status: *status, group: *group, hit });
        }
        Ok(())
    }
}

/// The truth of a condition for one member; without a condition it holds.
fn truth_at(column: Option<&ArrayRef>, member: usize) -> Result<Option<bool>, RunError> {
    let Some(column) = column else { return Ok(Some(true)) };
    let truths = downcast::<BooleanArray>(column)?;
    Ok(truths.is_valid(member).then(|| truths.value(member)))
}

impl GroupingState {
    /// The group of each member; of those that are none it is not looked at.
    fn groups_of(
        &mut self,
        dimensions: &[usize],
        codes: &[Vec<u32>],
        periods: &[i32],
        statuses: &Statuses,
    ) -> Vec<u32> {
        let codes: Vec<&Vec<u32>> =
            dimensions.iter().filter_map(|place| codes.get(*place)).collect();
        let mut groups = Vec::with_capacity(periods.len());
        for (member, (period, status)) in periods.iter().zip(&statuses.list).enumerate() {
            groups.push(if *status == NO_MEMBER {
                u32::MAX
            } else {
                let own = codes.iter().filter_map(|list| list.get(member)).copied();
                self.groups.id(*period, own)
            });
        }
        groups
    }

    fn account(
        &mut self,
        statuses: &Statuses,
        groups: &[u32],
        sign: i64,
        n_exclusions: usize,
    ) {
        let none = || Account {
            excluded: vec![0; n_exclusions],
            unsure: vec![0; n_exclusions],
            ties: vec![0; n_exclusions],
            ..Account::default()
        };
        self.accounts.resize_with(self.groups.len(), none);
        for (status, group) in statuses.list.iter().zip(groups) {
            let Some(account) = self.accounts.get_mut(*group as usize) else { continue };
            match *status {
                COUNTED => account.counted += sign,
                OUTSIDE => account.outside += sign,
                UNDECIDED => account.undecided += sign,
                rule => {
                    let place = usize::from(rule.saturating_sub(EXCLUDED));
                    if let Some(n) = account.excluded.get_mut(place) {
                        *n += sign;
                    }
                }
            }
        }
        let lists = statuses.unsure.iter().zip(&statuses.ties).enumerate();
        for (place, (unsure, ties)) in lists {
            let accounts = &mut self.accounts;
            let mut note = |member: &u32, tie: bool| {
                let group = groups.get(*member as usize).copied().unwrap_or(u32::MAX);
                let Some(account) = accounts.get_mut(group as usize) else { return };
                let list = if tie { &mut account.ties } else { &mut account.unsure };
                if let Some(n) = list.get_mut(place) {
                    *n += sign;
                }
            };
            unsure.iter().for_each(|member| note(member, false));
            ties.iter().for_each(|member| note(member, true));
        }
    }
}

/// Where each member goes.
fn statuses(
    spec: &CohortSpec,
    frame: &mut dyn Frame,
    periods: &[i32],
) -> Result<Statuses, RunError> {
    let status = |period: &i32| if *period == NO_PERIOD { NO_MEMBER } else { COUNTED };
    let list = periods.iter().map(status).collect();
    let mut statuses = Statuses::new(list, spec.exclusions.len());
    if let Some(filter) = spec.filter {
        let condition = frame.value(filter).map_err(|error| spec.blame(error))?;
        statuses.apply_where(&condition)?;
    }
    for (place, exclusion) in spec.exclusions.iter().enumerate() {
        match exclusion {
            ExclusionSpec::When(when) => {
                let condition = frame.value(*when).map_err(|error| spec.blame(error))?;
                statuses.apply_when(place, &condition)?;
            }
            ExclusionSpec::Keep { which, by, per } => {
                let mut keys = Vec::with_capacity(per.len());
                for (id, kind) in per {
                    keys.push((frame.column(*id)?, *kind));
                }
                let (by, order) = (frame.column(*by)?, frame.order());
                let keep = Keep::new(*which, periods, &order, &by, &keys)?;
                statuses.apply_keep(place, &keep)?;
            }
        }
    }
    Ok(statuses)
}

/// The members that count, and the group of each.
fn counted(statuses: &[u16], groups: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let members = (0_u32..).zip(statuses.iter().zip(groups));
    members
        .filter(|(_, (status, _))| **status == COUNTED)
        .map(|(member, (_, group))| (member, *group))
        .unzip()
}

/// The instants of a node; a day is its first instant in the zone of the periods.
fn instants(
    spec: &CohortSpec,
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

fn until(
    spec: &CohortSpec,
    rows: &mut Rows<'_>,
    n_rows: usize,
) -> Result<Int64Array, RunError> {
    match spec.until {
        Some(until) => instants(spec, rows, until),
        None => Ok(Int64Array::new_null(n_rows)),
    }
}

/// All late members in the order of their table.
fn joined(parts: Vec<Late>) -> Result<Option<Late>, RunError> {
    let Some(first) = parts.first() else { return Ok(None) };
    let ids: Vec<NodeId> = first.columns.keys().copied().collect();
    let mut columns = IndexMap::new();
    for id in ids {
        let own: Vec<&dyn arrow_array::Array> = parts
            .iter()
            .filter_map(|part| part.columns.get(&id))
            .map(AsRef::as_ref)
            .collect();
        let all = arrow_select::concat::concat(&own)
            .map_err(|_| RunError::Broken("batches of different forms"))?;
        columns.insert(id, all);
    }
    let periods = parts.iter().flat_map(|part| part.periods.iter().copied()).collect();
    let order = parts.iter().flat_map(|part| part.order.iter().copied()).collect();
    Ok(Some(Late { periods, order, columns }))
}
