//! Which formulas, exclusions, conditions and branches the tests have reached.

use mittari_lang::card::Card;
use mittari_lang::metric::{Catalog, Metric};
use mittari_lang::span::{SourceId, Span};

use super::probe::{self, PointKind, probes};
use crate::dataset::Dataset;
use crate::engine::Workspace;
use crate::failure::Error;
use crate::options::RunOptions;
use crate::plan::{Selection, plan};
use crate::run::run;

/// What the tests of one card have reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The card.
    pub metric: String,
    /// What there is to be reached, in the order of the card.
    pub points: Vec<Point>,
}

/// Something that a test can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it is.
    pub kind: PointKind,
    /// Where it was written.
    pub span: Span,
    /// Whether some test has reached it.
    pub reached: bool,
}

impl Coverage {
    /// All that can be reached of a card, nothing of it reached.
    pub(super) fn of(workspace: &Workspace, card: &Card) -> Self {
        let catalog = &workspace.catalog;
        let words = workspace.written.vocabulary.as_ref().map(|words| words.source);
        let name = card.metric.value.clone();
        let own: Vec<Metric> = catalog
            .metrics
            .iter()
            .filter(|metric| metric.card_name == name)
            .cloned()
            .collect();
        let mut coverage = Self { metric: name, points: Vec::new() };
        let mut extended = catalog.clone();
        for metric in &own {
            let kind = PointKind::Formula(metric.name.clone());
            coverage.add(kind, metric.span, false);
            for probe in probes(&mut extended, metric) {
                if is_own(&probe.kind, probe.span.source, card.source, words) {
                    coverage.add(probe.kind, probe.span, false);
                }
            }
        }
        coverage
    }

    fn add(&mut self, kind: PointKind, span: Span, reached: bool) {
        let known =
            self.points.iter_mut().find(|one| one.kind == kind && one.span == span);
        match known {
            Some(known) => known.reached |= reached,
            None => self.points.push(Point { kind, span, reached }),
        }
    }

    fn reach(&mut self, kind: &PointKind, span: Span) {
        let known =
            self.points.iter_mut().find(|one| one.kind == *kind && one.span == span);
        if let Some(known) = known {
            known.reached = true;
        }
    }

    /// A test expects a value of a formula.
    pub(super) fn formula(&mut self, metric: &Metric) {
        self.reach(&PointKind::Formula(metric.name.clone()), metric.span);
    }

    /// Notes what the rows of a test reach.
    pub(super) fn note(
        &mut self,
        catalog: &Catalog,
        dataset: &Dataset,
        selection: &Selection,
    ) -> Result<(), Error> {
        let mut extended = catalog.clone();
        let mut all = Vec::new();
        for id in &selection.metrics {
            let Some(metric) = catalog.metric(*id) else { continue };
            for probe in probes(&mut extended, metric) {
                if !all.contains(&probe) {
                    all.push(probe);
                }
            }
        }
        let first = selection.metrics.first().and_then(|id| catalog.metric(*id));
        let Some(like) = first.filter(|_| !all.is_empty()) else { return Ok(()) };
        let metrics = probe::add(&mut extended, like, &all);
        let selection =
            Selection { metrics, breakdowns: Some(Vec::new()), ..selection.clone() };
        let plan = plan(&extended, &selection)?;
        let results = run(&extended, &plan, dataset, &RunOptions::default())?;
        for row in &results.rows {
            let number: Option<usize> = row.metric.parse().ok();
            let probe = number.and_then(|number| all.get(number));
            if let (Some(probe), true) =
                (probe, row.value.is_some_and(|value| value > 0.0))
            {
                self.reach(&probe.kind, probe.span);
            }
        }
        Ok(())
    }

    /// How many points of some kind there are, and how many were reached.
    pub fn count(&self, of: impl Fn(&PointKind) -> bool) -> (usize, usize) {
        let own = self.points.iter().filter(|point| of(&point.kind));
        own.fold((0, 0), |(all, reached), point| {
            (all + 1, reached + usize::from(point.reached))
        })
    }

    /// The share of all points that was reached; of nothing all.
    pub fn share(&self) -> f64 {
        let (all, reached) = self.count(|_| true);
        if all == 0 { 1.0 } else { reached as f64 / all as f64 }
    }
}

/// Whether a point belongs to a card: what stands in it, and the conditions of the named
/// populations it takes. Branches of shared fields belong to the vocabulary, and what
/// stands in other cards to those.
fn is_own(
    kind: &PointKind,
    source: SourceId,
    card: SourceId,
    words: Option<SourceId>,
) -> bool {
    let shared = Some(source) == words && !matches!(kind, PointKind::Branch(_));
    source == card || shared
}
