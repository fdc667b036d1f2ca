//! One cohort: its members go where its rules send them, and are folded by group.

use std::collections::btree_map::Entry;

use arrow_array::ArrayRef;
use indexmap::IndexSet;
use mittari_lang::value::Value;

use super::counters::{Counters, Grouped};
use super::fold::{FoldState, Taken};
use super::frame::Frame;
use super::grouping::Grouping;
use super::layout::Layout;
use super::mask::{Answer, Mask};
use super::spans::NO_PERIOD;
use super::spec::{CohortSpec, ExclusionSpec, FoldSpec, PlacingSpec};
use super::status::{Fates, Keep, NO_MEMBER};
use crate::error::RunError;
use crate::gathered::{CohortTotals, Key, Totals};
use crate::plan::{FoldKind, Membership};
use crate::timing::{Stage, Timings, timed};
use crate::vector::Vector;

/// What one worker has gathered of a cohort, one for each of its groupings.
#[derive(Debug)]
pub(crate) struct CohortState {
    layout: Layout,
    groupings: Vec<GroupingState>,
    trace: Option<Trace>,
}

#[derive(Debug)]
struct GroupingState {
    /// The number of the first of its counts among those of the grouping.
    first: usize,
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

/// Members of one batch, with their groups, and the counts that are made of them.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// The period of each member.
    pub(crate) periods: &'a [i32],
    /// Those that are in a period.
    pub(super) members: Mask,
    /// For each grouping of the placing, the group of each member.
    pub(crate) ids: &'a [Vec<u32>],
    /// For each grouping of the placing, what is to be counted.
    pub(super) masks: Vec<Vec<(usize, Mask)>>,
    /// 1, or -1 where rows leave a stock.
    pub(crate) sign: i64,
    /// Where the time goes, if somebody asks.
    pub(super) timings: Option<&'a Timings<'a>>,
}

impl<'a> Part<'a> {
    /// Members, and nothing to be counted of them yet.
    pub(super) fn new(periods: &'a [i32], ids: &'a [Vec<u32>], sign: i64) -> Self {
        let members = Mask::of_test(periods, |period| *period != NO_PERIOD);
        let masks = vec![Vec::new(); ids.len()];
        Self { periods, members, ids, masks, sign, timings: None }
    }
}

/// What a fold looks at in a batch.
struct FoldRows {
    /// Rows that pass the condition and have a value.
    present: Mask,
    /// The values, where they are looked at one by one.
    values: Option<ArrayRef>,
}

impl CohortState {
    /// Nothing gathered yet; `widths` says how many counts each grouping of the placing
    /// has so far.
    pub(super) fn new(spec: &CohortSpec, widths: &mut [usize]) -> Self {
        let layout = Layout::of(spec);
        let groupings = spec.groupings.iter().map(|place| {
            let folds = spec.folds.iter().map(|f| FoldState::new(f.kind, f.values));
            let mut first = 0;
            if let Some(width) = widths.get_mut(*place) {
                first = *width;
                *width += layout.len;
            }
            GroupingState { first, folds: folds.collect() }
        });
        let groupings = groupings.collect();
        Self { layout, groupings, trace: None }
    }

    /// Every member will be traced. A hit is a row that a fold takes, and of shares one
    /// for which the argument is true.
    pub(crate) fn trace(&mut self, hits: Option<usize>) {
        self.trace = Some(Trace { hits, list: Vec::new() });
    }

    /// The members that were traced, handed over.
    pub(crate) fn take_trace(&mut self) -> Vec<Traced> {
        self.trace.take().map(|trace| trace.list).unwrap_or_default()
    }

    /// Takes in members of a batch.
    pub(super) fn absorb(
        &mut self,
        spec: &CohortSpec,
        groups: &Grouping,
        frame: &mut dyn Frame,
        part: &mut Part<'_>,
    ) -> Result<(), RunError> {
        let (n, timings) = (part.periods.len(), part.timings);
        let fates = timed(timings, Stage::Filter, || fates(spec, frame, part))?;
        let mut masks = Layout::masks(&fates);
        let passed = timed(timings, Stage::Filter, || {
            self.passed(spec, frame, (&fates.counted, n), &mut masks)
        })?;
        let counted = (&fates.counted, passed.as_slice());
        let rows = timed(timings, Stage::Fold, || {
            self.looked_at(spec, frame, (counted, n), &mut masks)
        })?;
        if let (Some(trace), Some(place)) = (&mut self.trace, spec.groupings.first())
            && let Some(ids) = part.ids.get(*place)
        {
            trace.take(spec, frame, &fates, ids)?;
        }
        for (place, own) in spec.groupings.iter().zip(&mut self.groupings) {
            let Some(ids) = part.ids.get(*place) else { continue };
            timed(timings, Stage::Fold, || {
                own.fold(spec, &rows, (ids, groups.len_of(*place)), part.sign)
            })?;
            if let Some(all) = part.masks.get_mut(*place) {
                let counted = masks.iter().filter(|(_, mask)| !mask.is_nobody());
                all.extend(
                    counted.map(|(number, mask)| (own.first + number, mask.clone())),
                );
            }
        }
        Ok(())
    }

    /// The counted rows that pass each condition of a fold; they are to be counted, and
    /// so are those of which it is unknown.
    fn passed(
        &self,
        spec: &CohortSpec,
        frame: &mut dyn Frame,
        (counted, n): (&Mask, usize),
        masks: &mut Vec<(usize, Mask)>,
    ) -> Result<Vec<Mask>, RunError> {
        let mut passed = Vec::with_capacity(self.layout.filters.len());
        for filter in &self.layout.filters {
            let condition = frame.value(filter.node).map_err(|e| spec.blame(e))?;
            let answer = Answer::of(&condition, n)?;
            let own = counted.and(&answer.yes, n);
            masks.push((filter.passed, own.clone()));
            masks.push((filter.unknown, counted.and(&answer.unknown, n)));
            passed.push(own);
        }
        Ok(passed)
    }

    /// The rows each fold takes; what is to be counted of them joins the masks.
    fn looked_at(
        &self,
        spec: &CohortSpec,
        frame: &mut dyn Frame,
        ((counted, passed), n): ((&Mask, &[Mask]), usize),
        masks: &mut Vec<(usize, Mask)>,
    ) -> Result<Vec<FoldRows>, RunError> {
        let mut rows = Vec::with_capacity(spec.folds.len());
        for (fold, counts) in spec.folds.iter().zip(&self.layout.folds) {
            let passed = counts.filter.and_then(|place| passed.get(place));
            let passed = passed.unwrap_or(counted);
            let values = if counts.shared {
                None
            } else {
                value_of(fold, frame).map_err(|error| fold.blame(error))?
            };
            let Some(values) = values else {
                rows.push(FoldRows { present: Mask::Nobody, values: None });
                continue;
            };
            let present = passed.and(&values.present, n);
            // Several folds may ask for one value: those without it are counted once.
            if let Some(missing) = counts.missing
                && masks.iter().all(|(number, _)| *number != missing)
            {
                masks.push((missing, passed.without(&present, n)));
            }
            if let (Some(number), Some(truths)) = (counts.yes, &values.truths) {
                masks.push((number, passed.and(&truths.yes, n)));
            }
            rows.push(FoldRows { present, values: values.column });
        }
        Ok(rows)
    }

    /// Adds what was gathered to the totals of all workers.
    pub(super) fn hand_over(
        &mut self,
        placing: &PlacingSpec,
        spec: &CohortSpec,
        (groups, counters): (&Grouping, &[Counters]),
        totals: &mut CohortTotals,
    ) -> Result<(), RunError> {
        totals.groupings.resize_with(self.groupings.len(), Default::default);
        totals.keys.resize_with(spec.folds.len(), IndexSet::new);
        for ((place, grouping), into) in
            spec.groupings.iter().zip(&mut self.groupings).zip(&mut totals.groupings)
        {
            let Some(counters) = counters.get(*place) else { continue };
            let numbers = grouping.numbers(&mut totals.keys);
            for (group, id) in (0..groups.len_of(*place)).zip(0_u32..) {
                let counts = counters.of(group).get(grouping.first..).unwrap_or_default();
                // A group of another cohort has nothing here; of a stock, what came and
                // went in one period leaves no rows and yet a sum.
                let is_empty = self.layout.is_empty(counts);
                if is_empty && placing.membership != Membership::Movements {
                    continue;
                }
                let account = self.layout.account(counts);
                let folds = grouping.folds.iter_mut().zip(&numbers).enumerate();
                let folds = folds.map(|(fold, (state, numbers))| {
                    self.layout.partial(fold, counts, state.state(group, numbers))
                });
                let own = Totals { account, folds: folds.collect() };
                match into.entry(groups.key(placing, *place, id)) {
                    Entry::Vacant(entry) => {
                        entry.insert(own);
                    }
                    Entry::Occupied(mut entry) => add(entry.get_mut(), own, spec)?,
                }
            }
        }
        Ok(())
    }
}

fn add(sum: &mut Totals, own: Totals, spec: &CohortSpec) -> Result<(), RunError> {
    sum.account.add(&own.account, 1);
    for ((sum, own), fold) in sum.folds.iter_mut().zip(own.folds).zip(&spec.folds) {
        sum.merge(own).map_err(|error| fold.blame(error))?;
    }
    Ok(())
}

/// The values of a fold in a batch.
struct FoldValues {
    present: Mask,
    /// The truth of each, where only that matters.
    truths: Option<Answer>,
    column: Option<ArrayRef>,
}

fn value_of(
    fold: &FoldSpec,
    frame: &mut dyn Frame,
) -> Result<Option<FoldValues>, RunError> {
    let Some(argument) = fold.argument else { return Ok(None) };
    if fold.kind == FoldKind::Yes {
        let truths = Answer::of(&frame.value(argument)?, frame.len())?;
        let present = Mask::Everybody.without(&truths.unknown, frame.len());
        return Ok(Some(FoldValues { present, truths: Some(truths), column: None }));
    }
    let column = frame.column(argument)?;
    let present = Mask::present(&column);
    Ok(Some(FoldValues { present, truths: None, column: Some(column) }))
}

impl Trace {
    fn take(
        &mut self,
        spec: &CohortSpec,
        frame: &mut dyn Frame,
        fates: &Fates,
        groups: &[u32],
    ) -> Result<(), RunError> {
        let fold = self.hits.and_then(|hits| spec.folds.get(hits));
        let shares = fold.is_some_and(|fold| fold.kind == FoldKind::Yes);
        let mut answer = |id: Option<usize>| match id {
            Some(id) => Answer::of(&frame.value(id)?, frame.len()),
            None => Answer::of(&Vector::Scalar(Value::Truth(true)), frame.len()),
        };
        let passes = answer(fold.and_then(|fold| fold.filter))?;
        let holds = answer(fold.and_then(|fold| fold.argument).filter(|_| shares))?;
        let truth =
            |of: &Answer, row| (!of.unknown.holds(row)).then(|| of.yes.holds(row));
        let order = frame.order();
        for (member, (status, group)) in fates.list()?.iter().zip(groups).enumerate() {
            if *status == NO_MEMBER {
                continue;
            }
            let hit = truth(&passes, member).zip(truth(&holds, member));
            let hit = hit.map(|(passes, holds)| passes && holds);
            let hit = hit.filter(|_| fold.is_some());
            let order = order.get(member).copied().unwrap_or(u64::MAX);
            self.list.push(Traced { order, status: *status, group: *group, hit });
        }
        Ok(())
    }
}

/// The rows some mask holds for, with their groups.
struct Selected<'a> {
    of: &'a Mask,
    places: Vec<u32>,
    groups: Vec<u32>,
}

impl<'a> Selected<'a> {
    fn new(of: &'a Mask, ids: &[u32]) -> Self {
        let places = of.places(ids.len());
        let group = |place: &u32| ids.get(*place as usize).copied().unwrap_or(u32::MAX);
        let groups = match of {
            Mask::Everybody => ids.to_vec(),
            _ => places.iter().map(group).collect(),
        };
        Self { of, places, groups }
    }
}

impl GroupingState {
    /// Folds the values of the rows that have one.
    fn fold(
        &mut self,
        spec: &CohortSpec,
        rows: &[FoldRows],
        (ids, n_groups): (&[u32], usize),
        sign: i64,
    ) -> Result<(), RunError> {
        // Most folds of a cohort take the same rows.
        let mut known: Vec<Selected<'_>> = Vec::new();
        for ((state, fold), rows) in self.folds.iter_mut().zip(&spec.folds).zip(rows) {
            let Some(values) = rows.values.as_ref().filter(|_| state.needs_values())
            else {
                continue;
            };
            let place = known.iter().position(|selected| *selected.of == rows.present);
            let place = place.unwrap_or_else(|| {
                known.push(Selected::new(&rows.present, ids));
                known.len() - 1
            });
            let Some(selected) = known.get(place) else { continue };
            let (places, groups) = (&selected.places, &selected.groups);
            let taken = Taken { places, groups, n_groups, sign };
            state.take(taken, values).map_err(|error| fold.blame(error))?;
        }
        Ok(())
    }

    /// For each fold the numbers its values have among all workers.
    fn numbers(&self, all: &mut [IndexSet<Key>]) -> Vec<Vec<u32>> {
        self.folds.iter().zip(all).map(|(fold, all)| fold.renumbered(all)).collect()
    }
}

/// Counts of a part, grouping by grouping.
pub(super) fn count(counters: &mut [Counters], groups: &Grouping, part: &Part<'_>) {
    let parts = part.ids.iter().zip(&part.masks).enumerate();
    for (counters, (place, (ids, masks))) in counters.iter_mut().zip(parts) {
        let n_groups = groups.len_of(place);
        counters.count(Grouped { groups: ids, n_groups, sign: part.sign }, masks);
    }
}

/// Where each member goes.
fn fates(
    spec: &CohortSpec,
    frame: &mut dyn Frame,
    part: &Part<'_>,
) -> Result<Fates, RunError> {
    let n = part.periods.len();
    let mut fates = Fates::new(&part.members, n);
    if let Some(filter) = spec.filter {
        let condition = frame.value(filter).map_err(|error| spec.blame(error))?;
        fates.apply_where(&Answer::of(&condition, n)?);
    }
    for exclusion in &spec.exclusions {
        match exclusion {
            ExclusionSpec::When(when) => {
                let condition = frame.value(*when).map_err(|error| spec.blame(error))?;
                fates.apply_when(&Answer::of(&condition, n)?);
            }
            ExclusionSpec::Keep { which, by, per } => {
                let mut keys = Vec::with_capacity(per.len());
                for (id, kind) in per {
                    keys.push((frame.column(*id)?, *kind));
                }
                let (by, order) = (frame.column(*by)?, frame.order());
                let keep = Keep::new(*which, part.periods, &order, &by, &keys)?;
                fates.apply_keep(&keep);
            }
        }
    }
    Ok(fates)
}
