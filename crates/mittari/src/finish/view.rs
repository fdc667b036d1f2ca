//! The totals of a cohort, looked at by some of its dimensions.
//!
//! A grouping that is fine enough is indexed once; its totals are not copied but listed.
//! Only what is small is added up: accounts, counts and sums of a period that has several
//! totals, and a stock kept as movements: what stands at the end of a period is everything
//! that came in until then less what went out.

use std::collections::BTreeMap;

use mittari_lang::metric::DimensionId;

use crate::error::RunError;
use crate::gathered::{Account, Key, Partial, State, Totals};
use crate::plan::{Cohort, Membership};

/// The totals of each segment, period by period.
#[derive(Debug)]
pub(super) struct View<'a> {
    segments: BTreeMap<Vec<Key>, Series<'a>>,
}

/// The totals of one segment, period by period.
#[derive(Debug, Default)]
pub(super) struct Series<'a> {
    /// The periods that have any, ascending.
    periods: Vec<i32>,
    /// Where the totals of each period begin, and where those of the last end.
    starts: Vec<usize>,
    /// The totals of each period alone, of which a period may have several.
    list: Vec<&'a Totals>,
    /// For each period what adds up of several, or of all until then.
    sums: Vec<Totals>,
    /// Whether the sums are of everything until then, and all there is.
    is_running: bool,
}

/// The totals that make up a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    list: &'a [&'a Totals],
    sums: &'a [Totals],
    is_running: bool,
}

impl<'a> Found<'a> {
    /// None at all.
    pub(super) const NOTHING: Self = Self { list: &[], sums: &[], is_running: false };

    /// One after the other.
    pub(super) fn all(self) -> impl Iterator<Item = &'a Totals> {
        let running = if self.is_running { self.sums } else { &[] };
        self.list.iter().copied().chain(running)
    }

    /// The same where only accounts, counts and sums matter, which are added up where
    /// they are many.
    pub(super) fn sums(self) -> impl Iterator<Item = &'a Totals> {
        let list = if self.sums.is_empty() { self.list } else { &[] };
        list.iter().copied().chain(self.sums)
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
        let mut segments: BTreeMap<Vec<Key>, Series<'a>> = BTreeMap::new();
        let mut segment = Vec::new();
        for (key, totals) in grouped {
            segment.clear();
            segment.extend(projected(&key.segment, &places).cloned());
            if !segments.contains_key(&segment) {
                segments.insert(segment.clone(), Series::default());
            }
            if let Some(series) = segments.get_mut(&segment) {
                series.push(key.period, totals);
            }
        }
        let running = cohort.membership == Membership::Movements;
        for series in segments.values_mut() {
            series.starts.push(series.list.len());
            if running {
                series.run()?;
            } else if series.list.len() > series.periods.len() {
                series.add_up();
            }
        }
        Ok(Self { segments })
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
            series.within(period, window).sums().any(|totals| totals.account.counted != 0)
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
        self.segments.values().flat_map(move |series| series.between(first, last).all())
    }

    /// Whether any row at all is in a period.
    pub(super) fn has_rows_in(&self, period: i32) -> bool {
        self.segments.values().any(|series| series.periods.binary_search(&period).is_ok())
    }
}

impl<'a> Series<'a> {
    /// Adds totals of a period; the periods ascend.
    fn push(&mut self, period: i32, totals: &'a Totals) {
        if self.periods.last() != Some(&period) {
            self.periods.push(period);
            self.starts.push(self.list.len());
        }
        self.list.push(totals);
    }

    /// The totals of a period and the ones before it that a window reaches over.
    pub(super) fn within(&self, period: i32, window: u32) -> Found<'_> {
        if self.is_running {
            let end = self.periods.partition_point(|own| *own <= period);
            return self.found(end.saturating_sub(1), end);
        }
        let reach = i32::try_from(window.max(1) - 1).unwrap_or(i32::MAX);
        self.between(period.saturating_sub(reach), period)
    }

    /// Those from one period to another; of running sums all up to the other.
    fn between(&self, first: i32, last: i32) -> Found<'_> {
        if first > last {
            return Found::NOTHING;
        }
        let end = self.periods.partition_point(|own| *own <= last);
        let start = if self.is_running {
            0
        } else {
            self.periods.partition_point(|own| *own < first)
        };
        self.found(start, end)
    }

    /// Those of some places among the periods.
    fn found(&self, start: usize, end: usize) -> Found<'_> {
        let place = |period: usize| self.starts.get(period).copied().unwrap_or_default();
        Found {
            list: self.list.get(place(start)..place(end)).unwrap_or_default(),
            sums: self.sums.get(start..end).unwrap_or_default(),
            is_running: self.is_running,
        }
    }

    fn occurs(&self, first: i32, last: i32) -> bool {
        let spoken_of = |account: &Account| account.rows() != account.outside;
        self.between(first, last).sums().any(|totals| spoken_of(&totals.account))
    }

    /// Makes running sums over the periods.
    fn run(&mut self) -> Result<(), RunError> {
        let mut sum = Totals::default();
        for pair in self.starts.windows(2) {
            let [start, end] = pair else { continue };
            for totals in self.list.get(*start..*end).unwrap_or_default() {
                add(&mut sum, totals, |into, from| into.merge(from.clone()))?;
            }
            self.sums.push(sum.clone());
        }
        (self.list, self.starts, self.is_running) = (Vec::new(), Vec::new(), true);
        Ok(())
    }

    /// Adds up what adds up of each period; no sums where they cannot be kept.
    fn add_up(&mut self) {
        for pair in self.starts.windows(2) {
            let [start, end] = pair else { continue };
            let mut sum = Totals::default();
            for totals in self.list.get(*start..*end).unwrap_or_default() {
                if add(&mut sum, totals, add_counts_and_sums).is_err() {
                    return self.sums.clear();
                }
            }
            self.sums.push(sum);
        }
    }
}

/// Adds totals, each partial in the same way.
fn add(
    sum: &mut Totals,
    totals: &Totals,
    add: impl Fn(&mut Partial, &Partial) -> Result<(), RunError>,
) -> Result<(), RunError> {
    sum.account.add(&totals.account, 1);
    if sum.folds.len() < totals.folds.len() {
        sum.folds.resize_with(totals.folds.len(), Partial::default);
    }
    let mut folds = sum.folds.iter_mut().zip(&totals.folds);
    folds.try_for_each(|(into, from)| add(into, from))
}

/// Adds a partial without the values themselves.
fn add_counts_and_sums(into: &mut Partial, from: &Partial) -> Result<(), RunError> {
    match (&mut into.state, &from.state) {
        (State::Yes(yes), State::Yes(more)) => *yes += more,
        (_, State::Yes(_) | State::Sum(..)) => return into.merge(from.clone()),
        _ => {}
    }
    into.n += from.n;
    into.missing += from.missing;
    into.unknown += from.unknown;
    Ok(())
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
