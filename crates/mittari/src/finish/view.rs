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

/// The totals of one segment.
#[derive(Debug)]
enum Series<'a> {
    /// Those of each period alone.
    Each(BTreeMap<i32, Vec<&'a Totals>>),
    /// Everything up to each period in which something moved.
    Running(BTreeMap<i32, Totals>),
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
        let mut segments: BTreeMap<Vec<Key>, BTreeMap<i32, Vec<&Totals>>> =
            BTreeMap::new();
        for (key, totals) in grouped {
            let segment = project(&key.segment, &places);
            let series = segments.entry(segment).or_default();
            series.entry(key.period).or_default().push(totals);
        }
        let running = cohort.membership == Membership::Movements;
        let finished = |(segment, series)| {
            let series = if running {
                Series::Running(run(&series)?)
            } else {
                Series::Each(series)
            };
            Ok((segment, series))
        };
        let segments: Result<_, RunError> = segments.into_iter().map(finished).collect();
        Ok(Self { segments: segments? })
    }

    /// The totals of a segment over a period and the ones before it that a window
    /// reaches over.
    pub(super) fn totals(
        &self,
        segment: &[Key],
        period: i32,
        window: u32,
    ) -> Vec<&Totals> {
        let series = self.segments.get(segment);
        series.map_or_else(Vec::new, |series| series.within(period, window))
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
        self.segments.values().any(|series| match series {
            Series::Each(each) => each.contains_key(&period),
            Series::Running(running) => running.contains_key(&period),
        })
    }
}

impl Series<'_> {
    /// The totals of a period and the ones before it that a window reaches over.
    fn within(&self, period: i32, window: u32) -> Vec<&Totals> {
        match self {
            Self::Running(running) => {
                let last = running.range(..=period).next_back();
                last.map(|(_, totals)| totals).into_iter().collect()
            }
            Self::Each(each) => {
                let reach = i32::try_from(window.max(1) - 1).unwrap_or(i32::MAX);
                let first = period.saturating_sub(reach);
                let within = each.range(first..=period);
                within.flat_map(|(_, list)| list.iter().copied()).collect()
            }
        }
    }

    fn between(&self, first: i32, last: i32) -> Vec<&Totals> {
        if first > last {
            return Vec::new();
        }
        match self {
            Self::Each(each) => each
                .range(first..=last)
                .flat_map(|(_, list)| list.iter().copied())
                .collect(),
            Self::Running(running) => {
                running.range(..=last).map(|(_, totals)| totals).collect()
            }
        }
    }

    fn occurs(&self, first: i32, last: i32) -> bool {
        let spoken_of = |account: &Account| account.rows() != account.outside;
        let within = self.between(first, last);
        within.iter().any(|totals| spoken_of(&totals.account))
    }
}

/// The values of some places of a segment.
pub(super) fn project(segment: &[Key], places: &[usize]) -> Vec<Key> {
    places
        .iter()
        .map(|place| segment.get(*place).cloned().unwrap_or(Key::Missing))
        .collect()
}

/// Running sums over periods.
fn run(series: &BTreeMap<i32, Vec<&Totals>>) -> Result<BTreeMap<i32, Totals>, RunError> {
    let mut sum = Totals::default();
    let mut running = BTreeMap::new();
    for (period, list) in series {
        for totals in list {
            sum.account.add(&totals.account, 1);
            if sum.folds.len() < totals.folds.len() {
                sum.folds.resize_with(totals.folds.len(), Partial::default);
            }
            for (into, from) in sum.folds.iter_mut().zip(&totals.folds) {
                into.merge(from.clone())?;
            }
        }
        running.insert(*period, sum.clone());
    }
    Ok(running)
}
