//! One cohort: its members go where its rules send them, and are folded by group.

use arrow_array::{Array as _, ArrayRef, BooleanArray};

use super::fold::{Counted, FoldState};
use super::frame::Frame;
use super::grouping::Grouping;
use super::spans::NO_PERIOD;
use super::spec::{CohortSpec, ExclusionSpec, PlacingSpec};
use super::status::{COUNTED, EXCLUDED, Keep, NO_MEMBER, Statuses};
use crate::error::RunError;
use crate::gathered::{Account, CohortTotals, Totals};
use crate::plan::nodes::NodeId;
use crate::plan::{FoldKind, Membership};
use crate::vector::downcast;

/// What one worker has gathered of a cohort, one for each of its groupings.
#[derive(Debug)]
pub(crate) struct CohortState {
    groupings: Vec<GroupingState>,
    trace: Option<Trace>,
}

#[derive(Debug)]
struct GroupingState {
    /// For each group, how many members have each status.
    statuses: Vec<i64>,
    /// For each group and exclusion, how many were unsure and how many ties there were.
    notes: Vec<(i64, i64)>,
    folds: Vec<FoldState>,
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
pub(crate) struct Traced {
    /// The number of its row in the order of the table.
    pub(crate) order: u64,
    /// Where it went.
    pub(crate) status: u16,
    /// The group of the first grouping.
    pub(crate) group: u32,
    /// Whether it is a hit; none where there are no hits, or it is unknown.
    pub(crate) hit: Option<bool>,
}

/// Members of one batch, with their groups.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    /// The period of each member.
    pub(crate) periods: &'a [i32],
    /// For each grouping of the placing, the group of each member.
    pub(crate) ids: &'a [Vec<u32>],
    /// 1, or -1 where rows leave a stock.
    pub(crate) sign: i64,
}

impl CohortState {
    /// Nothing gathered yet.
    pub(crate) fn new(spec: &CohortSpec) -> Self {
        let groupings = spec.groupings.iter().map(|_| GroupingState {
            statuses: Vec::new(),
            notes: Vec::new(),
            folds: spec.folds.iter().map(|f| FoldState::new(f.kind, f.values)).collect(),
        });
        Self { groupings: groupings.collect(), trace: None }
    }

    /// Nothing gathered yet; every member will be traced. A hit is a row that a fold
    /// takes, and of shares one for which the argument is true.
    pub(crate) fn traced(spec: &CohortSpec, hits: Option<usize>) -> Self {
        Self { trace: Some(Trace { hits, list: Vec::new() }), ..Self::new(spec) }
    }

    /// The members that were traced, handed over.
    pub(crate) fn take_trace(&mut self) -> Vec<Traced> {
        self.trace.take().map(|trace| trace.list).unwrap_or_default()
    }

    /// Takes in members of a batch.
    pub(crate) fn absorb(
        &mut self,
        spec: &CohortSpec,
        groups: &Grouping,
        frame: &mut dyn Frame,
        part: Part<'_>,
    ) -> Result<(), RunError> {
        let statuses = statuses(spec, frame, part.periods)?;
        let mut values = Vec::with_capacity(spec.folds.len());
        for fold in &spec.folds {
            let value = |id: Option<NodeId>, frame: &mut dyn Frame| {
                id.map(|id| frame.column(id)).transpose()
            };
            let filter = value(fold.filter, frame).map_err(|e| fold.blame(e))?;
            let argument = value(fold.argument, frame).map_err(|e| fold.blame(e))?;
            values.push((filter, argument));
        }
        for (place, grouping) in spec.groupings.iter().zip(&mut self.groupings) {
            let Some(ids) = part.ids.get(*place) else { continue };
            let n_groups = groups.len_of(*place);
            grouping.account(spec, &statuses, (ids, n_groups), part.sign);
            if let Some(trace) = &mut self.trace {
                trace.take(spec, frame, (&statuses, ids), &values)?;
            }
            let (members, own) = counted(&statuses, ids);
            let rows = Counted { members: &members, groups: &own, sign: part.sign };
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

    /// Adds what was gathered to the totals of all workers.
    pub(crate) fn hand_over(
        &mut self,
        placing: &PlacingSpec,
        spec: &CohortSpec,
        groups: &Grouping,
        totals: &mut CohortTotals,
    ) -> Result<(), RunError> {
        totals.groupings.resize_with(self.groupings.len(), Default::default);
        for ((place, grouping), into) in
            spec.groupings.iter().zip(&mut self.groupings).zip(&mut totals.groupings)
        {
            for (group, id) in (0..groups.len_of(*place)).zip(0_u32..) {
                let own = grouping.totals(group, spec.exclusions.len());
                // A group of another cohort has nothing here; of a stock, what came and
                // went in one period leaves no rows and yet a sum.
                if own.account.is_empty() && placing.membership != Membership::Movements {
                    continue;
                }
                match into.entry(groups.key(placing, *place, id)) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(own);
                    }
                    std::collections::btree_map::Entry::Occupied(mut entry) => {
                        add(entry.get_mut(), &own, spec)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn add(sum: &mut Totals, own: &Totals, spec: &CohortSpec) -> Result<(), RunError> {
    sum.account.add(&own.account, 1);
    for ((sum, own), fold) in sum.folds.iter_mut().zip(&own.folds).zip(&spec.folds) {
        sum.merge(own).map_err(|error| fold.blame(error))?;
    }
    Ok(())
}

type FoldColumns = (Option<ArrayRef>, Option<ArrayRef>);

impl Trace {
    fn take(
        &mut self,
        spec: &CohortSpec,
        frame: &dyn Frame,
        (statuses, groups): (&Statuses, &[u32]),
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
    fn account(
        &mut self,
        spec: &CohortSpec,
        statuses: &Statuses,
        (groups, n_groups): (&[u32], usize),
        sign: i64,
    ) {
        let (n_rules, width) = (spec.exclusions.len(), spec.n_statuses());
        self.statuses.resize(n_groups * width, 0);
        for (status, group) in statuses.list.iter().zip(groups) {
            let cell = *group as usize * width + usize::from(*status);
            // A row that is no member has a status beyond the width of its group.
            if usize::from(*status) < width
                && let Some(n) = self.statuses.get_mut(cell)
            {
                *n += sign;
            }
        }
        if n_rules == 0 {
            return;
        }
        self.notes.resize(n_groups * n_rules, (0, 0));
        for (rule, (unsure, ties)) in
            statuses.unsure.iter().zip(&statuses.ties).enumerate()
        {
            let cell = |member: &u32| {
                groups.get(*member as usize).map(|group| *group as usize * n_rules + rule)
            };
            for place in unsure.iter().filter_map(cell) {
                if let Some((n, _)) = self.notes.get_mut(place) {
                    *n += sign;
                }
            }
            for place in ties.iter().filter_map(cell) {
                if let Some((_, n)) = self.notes.get_mut(place) {
                    *n += sign;
                }
            }
        }
    }

    /// What was gathered of one group, handed over.
    fn totals(&mut self, group: usize, n_rules: usize) -> Totals {
        let width = n_rules + usize::from(EXCLUDED);
        let of = |status: usize| {
            self.statuses.get(group * width + status).copied().unwrap_or_default()
        };
        let note = |rule: usize| {
            self.notes.get(group * n_rules + rule).copied().unwrap_or_default()
        };
        let account = Account {
            counted: of(usize::from(COUNTED)),
            outside: of(usize::from(super::status::OUTSIDE)),
            undecided: of(usize::from(super::status::UNDECIDED)),
            excluded: (0..n_rules).map(|rule| of(usize::from(EXCLUDED) + rule)).collect(),
            unsure: (0..n_rules).map(|rule| note(rule).0).collect(),
            ties: (0..n_rules).map(|rule| note(rule).1).collect(),
        };
        let folds = self.folds.iter_mut().map(|fold| fold.partial(group)).collect();
        Totals { account, folds }
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
fn counted(statuses: &Statuses, groups: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut members = Vec::with_capacity(groups.len());
    let mut own = Vec::with_capacity(groups.len());
    for ((member, status), group) in (0_u32..).zip(&statuses.list).zip(groups) {
        if *status == COUNTED {
            members.push(member);
            own.push(*group);
        }
    }
    (members, own)
}
