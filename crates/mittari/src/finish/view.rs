//! The totals of a cohort, looked at by some of its dimensions.
//!
//! A grouping that is fine enough is indexed once; its totals are not copied but listed.
//! Only of a stock kept as movements is there something to add up: what stands at the end
//! of a period is everything that came in until then less what went out.

use std::collections::BTreeMap;

use mittari_lang::metric::DimensionId;

use crate::error::RunError;
use crate::gathered::{Account, Key, Partial, Totals};
use crate::plan::{Cohort, Membership};

/// The totals of each segment, period by period.
#[derive(Debug)]
pub(super) struct View<'a> {
    segments: BTreeMap<Vec<Key>, Series<'a>>,
}

/// The totals of one segment, each with the period it is of; the periods ascend.
#[derive(Debug)]
pub(super) enum Series<'a> {
    /// Those of each period alone, of which a period may have several.
    Each(Vec<i32>, Vec<&'a Totals>),
    /// Everything up to each period in which something moved.
    Running(Vec<i32>, Vec<Totals>),
}

/// The totals that make up a group.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found<'a> {
    /// Several that are taken together.
    Each(&'a [&'a Totals]),
    /// One or none.
    Running(Option<&'a Totals>),
}

impl<'a> Found<'a> {
    /// None at all.
    pub(super) const NOTHING: Self = Self::Running(None);

    /// One after the other.
    pub(super) fn iter(self) -> impl Iterator<Item = &'a Totals> {
        let (each, running) = match self {
            Self::Each(each) => (each, None),
            Self::Running(running) => (&[][..], running),
        };
        each.iter().copied().chain(running)
    }
}

impl<'a> View<'a> {
    /// The view of a cohort by dimensions that one of its groupings has.
    pub(super) fn of(
        cohort: &Cohort,
        groupings: &'a [BTreeMap<crate::gathered::GroupKey, Totals>],
        dimensions: &[DimensionId],
    ) -> Result<Self, RunError> {
        let fine = |grouping: &Vec<DimensionId>| {
            dimensions.iter().all(|dimension| grouping.contains(dimension))
        };
        let (number, grouping) = cohort
            .groupings
            .iter()
            .enumerate()
            .filter(|(_, grouping)| fine(grouping))
            .min_by_key(|(_, grouping)| grouping.len())
            .ok_or(RunError::Broken("a breakdown that was not gathered"))?;
        let grouped = groupings
            .get(number)
            .ok_or(RunError::Broken("a grouping that was not gathered"))?;
        let places: Vec<usize> = dimensions
            .iter()
            .filter_map(|wanted| grouping.iter().position(|kept| kept == wanted))
            .collect();
        let mut segments: BTreeMap<Vec<Key>, (Vec<i32>, Vec<&Totals>)> = BTreeMap::new();
        let mut segment = Vec::new();
        for (key, totals) in grouped {
            segment.clear();
            segment.extend(projected(&key.segment, &places).cloned());
            if !segments.contains_key(&segment) {
                segments.insert(segment.clone(), Default::default());
            }
            let Some((periods, list)) = segments.get_mut(&segment) else { continue };
            periods.push(key.period);
            list.push(totals);
        }
        let running = cohort.membership == Membership::Movements;
        let finished = |(segment, (periods, list)): (_, (Vec<i32>, Vec<&'a Totals>))| {
            let series =
                if running { run(&periods, &list)? } else { Series::Each(periods, list) };
            Ok((segment, series))
        };
        let segments: Result<_, RunError> = segments.into_iter().map(finished).collect();
        Ok(Self { segments: segments? })
    }

    /// The totals of a segment, if it has any.
    pub(super) fn series(&self, segment: &[Key]) -> Option<&Series<'a>> {
        self.segments.get(segment)
    }

    /// The values of the last dimension with a row that counts, below the others' values,
    /// over a period and the ones before it that a window reaches over; rows without a
    /// value are none of them.
    pub(super) fn below(&self, segment: &[Key], period: i32, window: u32) -> Vec<&Key> {
        let found = self.segments.range(segment.to_vec()..);
        let found = found.take_while(|(own, _)| own.starts_with(segment));
        let counts = |series: &Series<'_>| {
            series.within(period, window).iter().any(|totals| totals.account.counted != 0)
        };
        found
            .filter_map(|(own, series)| own.last().map(|last| (last, series)))
            .filter(|(last, series)| **last != Key::Missing && counts(series))
            .map(|(last, _)| last)
            .collect()
    }

    /// The segments that have a row which is spoken of in some periods: one that counts,
    /// is excluded or undecided.
    pub(super) fn occurring(
        &self,
        first: i32,
        last: i32,
    ) -> impl Iterator<Item = &[Key]> {
        self.segments
            .iter()
            .filter(move |(_, series)| series.occurs(first, last))
            .map(|(segment, _)| segment.as_slice())
    }

    /// The totals of all segments from one period to another; of a stock that is kept as
    /// movements everything up to the other.
    pub(super) fn all_totals(
        &self,
        first: i32,
        last: i32,
    ) -> impl Iterator<Item = &Totals> {
        self.segments.values().flat_map(move |series| series.between(first, last))
    }

    /// Whether any row at all is in a period.
    pub(super) fn has_rows_in(&self, period: i32) -> bool {
        self.segments.values().any(|series| {
            let (Series::Each(periods, _) | Series::Running(periods, _)) = series;
            periods.binary_search(&period).is_ok()
        })
    }
}

impl<'a> Series<'a> {
    /// The totals of a period and the ones before it that a window reaches over.
    pub(super) fn within(&self, period: i32, window: u32) -> Found<'_> {
        let reach = i32::try_from(window.max(1) - 1).unwrap_or(i32::MAX);
        match self {
            Self::Running(periods, running) => {
                let end = periods.partition_point(|own| *own <= period);
                Found::Running(end.checked_sub(1).and_then(|last| running.get(last)))
            }
            Self::Each(..) => {
                Found::Each(self.each(period.saturating_sub(reach), period))
            }
        }
    }

    /// Those of each period from one to another.
    fn each(&self, first: i32, last: i32) -> &[&'a Totals] {
        let Self::Each(periods, totals) = self else { return &[] };
        let start = periods.partition_point(|own| *own < first);
        let end = periods.partition_point(|own| *own <= last);
        totals.get(start..end).unwrap_or_default()
    }

    fn between(&self, first: i32, last: i32) -> impl Iterator<Item = &Totals> {
        let running = match self {
            Self::Running(periods, running) if first <= last => {
                let end = periods.partition_point(|own| *own <= last);
                running.get(..end).unwrap_or_default()
            }
            _ => &[],
        };
        self.each(first, last).iter().copied().chain(running)
    }

    fn occurs(&self, first: i32, last: i32) -> bool {
        let spoken_of = |account: &Account| account.rows() != account.outside;
        self.between(first, last).any(|totals| spoken_of(&totals.account))
    }
}

/// The values of some places of a segment.
pub(super) fn project(segment: &[Key], places: &[usize]) -> Vec<Key> {
    projected(segment, places).cloned().collect()
}

fn projected<'a>(
    segment: &'a [Key],
    places: &'a [usize],
) -> impl Iterator<Item = &'a Key> {
    places.iter().map(|place| segment.get(*place).unwrap_or(&Key::Missing))
}

/// Running sums over periods.
fn run(periods: &[i32], list: &[&Totals]) -> Result<Series<'static>, RunError> {
    let mut sum = Totals::default();
    let mut running: Vec<Totals> = Vec::new();
    let mut moved: Vec<i32> = Vec::new();
    for (period, totals) in periods.iter().zip(list) {
        sum.account.add(&totals.account, 1);
        if sum.folds.len() < totals.folds.len() {
            sum.folds.resize_with(totals.folds.len(), Partial::default);
        }
        for (into, from) in sum.folds.iter_mut().zip(&totals.folds) {
            into.merge(from.clone())?;
        }
        if moved.last() == Some(period) {
            running.pop();
        } else {
            moved.push(*period);
        }
        running.push(sum.clone());
    }
    Ok(Series::Running(moved, running))
}
