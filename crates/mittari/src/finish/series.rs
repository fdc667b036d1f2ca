//! The rows of one segment, period by period.

use std::collections::BTreeSet;

use mittari_lang::metric::Form;
use mittari_lang::typed::Expr;
use mittari_lang::types::Kind;

use super::behaviour::mark;
use super::editions::Editions;
use super::formula::{Place, Scene};
use super::measure::{Measure, Measured, measure_parts};
use super::row::{Compared, Earlier, Found, Name, Sheet, Told};
use super::segment::named;
use super::span::Span;
use super::withheld::Cells;
use crate::error::RunError;
use crate::gathered::Key;
use crate::plan::FoldUse;
use crate::table::Row;

/// A question and the periods it is asked for.
pub(super) struct Asked<'a> {
    pub measure: &'a Measure<'a>,
    pub sheet: &'a Sheet<'a>,
    pub editions: &'a Editions,
    /// The periods in their order, and whether each is shown.
    pub periods: Vec<(i32, bool)>,
    /// The groups that may not be shown.
    pub withheld: BTreeSet<(Vec<Key>, i32)>,
}

/// What was told of earlier periods, in their order.
type Past = Vec<(i32, Told)>;

/// A distribution and its values.
type Parts<'p> = (&'p FoldUse, &'p [Key]);

/// The periods from the first to the last, led by those which they are compared with:
/// these are measured but not shown.
pub(super) fn asked_periods(span: &Span, (first, last): (i32, i32)) -> Vec<(i32, bool)> {
    let years = (first..=last).filter_map(|period| span.year_before(period));
    let earlier = years.chain(span.before(first));
    let lead: BTreeSet<i32> =
        earlier.filter(|period| *period < first && span.is_covered(*period)).collect();
    let lead = lead.into_iter().map(|period| (period, false));
    lead.chain((first..=last).map(|period| (period, true))).collect()
}

impl Asked<'_> {
    /// How many periods are shown.
    pub(super) fn n_shown(&self) -> usize {
        self.periods.iter().filter(|(_, shown)| *shown).count()
    }

    /// Finds the groups that may not be shown.
    pub(super) fn withhold(
        &mut self,
        scene: &Scene<'_>,
        parts: Option<Parts<'_>>,
        segments: &[(Name, Vec<Key>)],
        margins: &[Vec<usize>],
    ) -> Result<(), RunError> {
        if segments.iter().all(|(name, _)| self.sheet.least(name) == 0) {
            return Ok(());
        }
        let series: Vec<_> =
            segments.iter().map(|(_, segment)| scene.stage.series(segment)).collect();
        for (period, _) in &self.periods {
            let mut cells = Cells::default();
            for ((name, segment), series) in segments.iter().zip(&series) {
                let at = Place { segment, series, period: *period };
                let rows = self.rows(scene, parts, at)?;
                cells.add(segment, rows.unwrap_or_default(), self.sheet.least(name));
            }
            let found = cells.withheld(margins).into_iter();
            self.withheld.extend(found.map(|segment| (segment, *period)));
        }
        Ok(())
    }

    /// How many rows tell of a group.
    fn rows(
        &self,
        scene: &Scene<'_>,
        parts: Option<Parts<'_>>,
        at: Place<'_>,
    ) -> Result<Option<u64>, RunError> {
        let measured = match parts {
            _ if !scene.span.is_covered(at.period) => None,
            None => Some(self.measure.at(scene, at)?),
            Some((fold, keys)) => {
                measure_parts(scene, fold, keys, at)?.into_iter().next()
            }
        };
        if let Some(n) = measured.and_then(|measured| measured.n) {
            return Ok(Some(n));
        }
        let accounts = self.measure.accounts(scene, at)?;
        let mut counted = accounts.iter().map(|one| one.counted.max(0).unsigned_abs());
        // The total rests on the rows of its first call; a group on those of the fewest.
        let whole = at.segment.is_empty();
        Ok(if whole { counted.next() } else { counted.min() })
    }

    /// The rows of one segment, period by period.
    pub(super) fn series(
        &self,
        scene: &Scene<'_>,
        name: &Name,
        segment: &[Key],
        rows: &mut Vec<Row>,
    ) -> Result<(), RunError> {
        let mut past = Vec::with_capacity(self.periods.len());
        let start = rows.len();
        let series = scene.stage.series(segment);
        for (period, shown) in self.periods.iter().copied() {
            let at = Place { segment, series: &series, period };
            let measured = if scene.span.is_covered(period) {
                self.measure.at(scene, at)?
            } else {
                Measured::nothing()
            };
            let found = Found {
                measured: &measured,
                part: None,
                accounts: self.measure.accounts(scene, at)?,
                withheld: self.is_withheld(at),
            };
            let compared = self.compared(scene.span, &past, period);
            let (row, told) = self.sheet.row(scene, (name, period), found, compared);
            past.extend(told.map(|told| (period, told)));
            if shown {
                rows.push(row);
            }
        }
        let is_proportion = matches!(self.sheet.metric.form, Form::Proportion { .. });
        mark(rows.get_mut(start..).unwrap_or_default(), is_proportion);
        Ok(())
    }

    /// The rows of one segment for each value of a distribution.
    pub(super) fn parts(
        &self,
        scene: &Scene<'_>,
        (fold, keys): Parts<'_>,
        (name, segment): (&Name, &[Key]),
        rows: &mut Vec<Row>,
    ) -> Result<(), RunError> {
        let room = || {
            (Vec::with_capacity(self.n_shown()), Vec::with_capacity(self.periods.len()))
        };
        let mut lists: Vec<(Vec<Row>, Past)> = keys.iter().map(|_| room()).collect();
        let series = scene.stage.series(segment);
        let kind =
            argument_of(scene, fold).map_or(Kind::Text, |argument| argument.ty.kind);
        for (period, shown) in self.periods.iter().copied() {
            let at = Place { segment, series: &series, period };
            let all = if scene.span.is_covered(period) {
                measure_parts(scene, fold, keys, at)?
            } else {
                vec![Measured::nothing(); keys.len()]
            };
            let accounts = self.measure.accounts(scene, at)?;
            for ((measured, key), (list, past)) in all.iter().zip(keys).zip(&mut lists) {
                let part = Some(named(scene.context.catalog, kind, key));
                let (accounts, withheld) = (accounts.clone(), self.is_withheld(at));
                let found = Found { measured, part, accounts, withheld };
                let compared = self.compared(scene.span, past, period);
                let (row, told) = self.sheet.row(scene, (name, period), found, compared);
                past.extend(told.map(|told| (period, told)));
                if shown {
                    list.push(row);
                }
            }
        }
        for (mut list, _) in lists {
            mark(&mut list, true);
            rows.append(&mut list);
        }
        Ok(())
    }

    fn is_withheld(&self, at: Place<'_>) -> bool {
        !self.withheld.is_empty()
            && self.withheld.contains(&(at.segment.to_vec(), at.period))
    }

    /// The earlier periods a period is compared with, as far as they were told.
    fn compared<'p>(&self, span: &Span, past: &'p Past, period: i32) -> Compared<'p> {
        let earlier = |number: Option<i32>| {
            let number = number?;
            let place = past.binary_search_by_key(&number, |(own, _)| *own).ok()?;
            let (_, told) = past.get(place)?;
            let alike = self.editions.are_one(span.start(number), span.end(period));
            Some(Earlier { told, alike })
        };
        Compared {
            before: earlier(span.before(period)),
            year: earlier(span.year_before(period)),
        }
    }
}

/// The value whose distribution a fold is.
pub(super) fn argument_of<'a>(scene: &Scene<'a>, fold: &FoldUse) -> Option<&'a Expr> {
    let cohort = scene.context.plan.cohorts.get(fold.of.cohort)?;
    cohort.folds.get(fold.fold)?.argument.as_ref()
}
