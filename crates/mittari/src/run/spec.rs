//! A cohort of the plan, bound to the nodes of its table.

use arrow_array::Int64Array;
use mittari_lang::metric::{
    Catalog, Dating, DimensionId, ExclusionRule, Population, Which,
};
use mittari_lang::typed::Expr;
use mittari_lang::types::Kind;

use super::cohort::NO_PERIOD;
use super::spans::Spans;
use crate::error::RunError;
use crate::plan::nodes::{NodeId, Nodes};
use crate::plan::{Cohort, FoldKind, Membership};

/// A cohort with its expressions as nodes.
#[derive(Debug)]
pub(super) struct CohortSpec {
    /// How rows become members.
    pub membership: Membership,
    /// What dates a row, or brings it in.
    pub date: (NodeId, Kind),
    /// What takes a row out of a stock.
    pub until: Option<(NodeId, Kind)>,
    /// What the population is about.
    pub filter: Option<NodeId>,
    /// What is left out, in order.
    pub exclusions: Vec<ExclusionSpec>,
    /// Whether an exclusion compares members with each other.
    pub keeps: bool,
    /// The dimensions of all groupings.
    pub dimensions: Vec<(NodeId, Kind)>,
    /// The groupings, as places in the dimensions.
    pub groupings: Vec<Vec<usize>>,
    /// The folds.
    pub folds: Vec<FoldSpec>,
    /// The periods.
    pub spans: Spans,
    /// The first and last period that matter, where that is known.
    pub bounds: (Option<i32>, Option<i32>),
    /// The metrics that use it, for messages.
    pub metrics: String,
}

/// An exclusion with its expressions as nodes.
#[derive(Debug)]
pub(super) enum ExclusionSpec {
    /// Those for which the condition is true.
    When(NodeId),
    /// All but one of each key.
    Keep {
        /// Which one is kept.
        which: Which,
        /// What ranks them.
        by: NodeId,
        /// The key.
        per: Vec<(NodeId, Kind)>,
    },
}

/// A fold with its expressions as nodes.
#[derive(Debug)]
pub(super) struct FoldSpec {
    /// What is made.
    pub kind: FoldKind,
    /// The value of a member.
    pub argument: Option<NodeId>,
    /// The kind of the value.
    pub values: Kind,
    /// The call's own condition.
    pub filter: Option<NodeId>,
    /// The metrics that use it, for messages.
    pub metrics: String,
}

impl FoldSpec {
    /// The error with the name of the metric it befell.
    pub(super) fn blame(&self, error: RunError) -> RunError {
        blame(&self.metrics, error)
    }
}

fn blame(metrics: &str, error: RunError) -> RunError {
    match error {
        RunError::Metric { .. } | RunError::Broken(_) => error,
        other => RunError::Metric { metric: metrics.to_owned(), reason: Box::new(other) },
    }
}

impl CohortSpec {
    /// Binds a cohort; `metrics` names who uses it and each of its folds.
    pub(super) fn bind(
        catalog: &Catalog,
        cohort: &Cohort,
        nodes: &mut Nodes,
        spans: Spans,
        names: &Names,
    ) -> Result<Self, RunError> {
        let population = catalog
            .population(cohort.population)
            .ok_or(RunError::Broken("a cohort without a population"))?;
        let mut node = |expr: &Expr| (nodes.intern(expr), expr.ty.kind);
        let (date, until) = match &population.dating {
            Dating::At(at) => (node(at), None),
            Dating::Open { from, until } => (node(from), Some(node(until))),
        };
        let filter = population.filter.as_ref().map(|filter| node(filter).0);
        let exclusions: Vec<ExclusionSpec> = population
            .exclusions
            .iter()
            .map(|exclusion| match &exclusion.rule {
                ExclusionRule::When(when) => ExclusionSpec::When(node(when).0),
                ExclusionRule::Keep { which, by, per } => ExclusionSpec::Keep {
                    which: *which,
                    by: node(by).0,
                    per: per.iter().map(&mut node).collect(),
                },
            })
            .collect();
        let folds =
            cohort.folds.iter().zip(&names.folds).map(|(fold, metrics)| FoldSpec {
                kind: fold.kind,
                argument: fold.argument.as_ref().map(|argument| node(argument).0),
                values: fold.argument.as_ref().map_or(Kind::Missing, |a| a.ty.kind),
                filter: fold.filter.as_ref().map(|filter| node(filter).0),
                metrics: metrics.clone(),
            });
        let folds = folds.collect();
        let (dimensions, groupings) =
            groupings(catalog, cohort, population, &mut |expr| nodes.intern(expr))?;
        let keeps =
            exclusions.iter().any(|one| matches!(one, ExclusionSpec::Keep { .. }));
        let bounds = (spans.first(names.lead), spans.last());
        let (membership, metrics) = (cohort.membership, names.cohort.clone());
        Ok(Self {
            membership,
            date,
            until,
            filter,
            exclusions,
            keeps,
            dimensions,
            groupings,
            folds,
            spans,
            bounds,
            metrics,
        })
    }

    /// The error with the names of the metrics it befell.
    pub(super) fn blame(&self, error: RunError) -> RunError {
        blame(&self.metrics, error)
    }

    /// The period of a date, if it matters.
    pub(super) fn dated(&self, at: Option<i64>) -> i32 {
        let (low, high) = self.bounds;
        at.and_then(|at| self.spans.number_of(at))
            .filter(|number| low.is_none_or(|low| low <= *number))
            .filter(|number| high.is_none_or(|high| *number <= high))
            .unwrap_or(NO_PERIOD)
    }

    /// The periods in which rows came in and went out, as far as both have happened; a
    /// row that left before it came was never there.
    pub(super) fn movements(
        &self,
        from: &Int64Array,
        until: &Int64Array,
    ) -> (Vec<i32>, Vec<i32>) {
        let happened = |at: i64| self.spans.as_of.is_none_or(|as_of| at < as_of);
        let rows = from.iter().zip(until).map(|(from, until)| {
            let Some(from) = from.filter(|from| happened(*from)) else {
                return (NO_PERIOD, NO_PERIOD);
            };
            if until.is_some_and(|until| until <= from) {
                return (NO_PERIOD, NO_PERIOD);
            }
            let number = |at| self.spans.movement_of(at).unwrap_or(NO_PERIOD);
            let out = until.filter(|until| happened(*until)).map_or(NO_PERIOD, number);
            (number(from), out)
        });
        rows.unzip()
    }

    /// Every pair of a row and a period it stands in.
    pub(super) fn memberships(
        &self,
        window: u32,
        from: &Int64Array,
        until: &Int64Array,
    ) -> (Vec<u32>, Vec<i32>) {
        let (mut places, mut periods) = (Vec::new(), Vec::new());
        let last = self.bounds.1.unwrap_or(i32::MAX);
        for (row, (from, until)) in (0_u32..).zip(from.iter().zip(until)) {
            let Some(from) = from else { continue };
            let stands = |number: i32| match window {
                0 => self
                    .spans
                    .stock_instant(number)
                    .is_some_and(|at| from < at && until.is_none_or(|until| until >= at)),
                _ => true,
            };
            let start = if window == 0 {
                self.spans.movement_of(from)
            } else {
                self.spans.number_of(from)
            };
            let Some(start) = start else { continue };
            let end = match window {
                0 => last,
                _ => start
                    .saturating_add(i32::try_from(window - 1).unwrap_or(i32::MAX))
                    .min(last),
            };
            let mut number = start.max(self.bounds.0.unwrap_or(start));
            while number <= end {
                if stands(number) {
                    places.push(row);
                    periods.push(number);
                } else if until.is_some() && number > start {
                    break;
                }
                number += 1;
            }
        }
        (places, periods)
    }

    /// Every node whose values decide over members or are folded.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = self.filter.into_iter().collect();
        for exclusion in &self.exclusions {
            match exclusion {
                ExclusionSpec::When(when) => nodes.push(*when),
                ExclusionSpec::Keep { by, per, .. } => {
                    nodes.push(*by);
                    nodes.extend(per.iter().map(|(id, _)| *id));
                }
            }
        }
        nodes.extend(self.dimensions.iter().map(|(id, _)| *id));
        nodes.extend(
            self.folds.iter().flat_map(|fold| [fold.argument, fold.filter]).flatten(),
        );
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}

/// Who uses a cohort, and how far before the range asked for it is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// The metrics of the cohort.
    pub cohort: String,
    /// The metrics of each fold.
    pub folds: Vec<String>,
    /// How many periods before the first one asked for are needed.
    pub lead: i32,
}

type Bound = (Vec<(NodeId, Kind)>, Vec<Vec<usize>>);

/// The dimensions of all groupings as nodes, and the groupings as places among them.
fn groupings(
    catalog: &Catalog,
    cohort: &Cohort,
    population: &Population,
    intern: &mut dyn FnMut(&Expr) -> NodeId,
) -> Result<Bound, RunError> {
    let mut known: Vec<DimensionId> = Vec::new();
    let mut dimensions = Vec::new();
    let mut groupings = Vec::new();
    for grouping in &cohort.groupings {
        let mut places = Vec::with_capacity(grouping.len());
        for id in grouping {
            let place = match known.iter().position(|kept| kept == id) {
                Some(place) => place,
                None => {
                    let expr = catalog
                        .dimension(*id)
                        .and_then(|d| d.of.iter().find(|(t, _)| *t == population.table))
                        .map(|(_, expr)| expr)
                        .ok_or(RunError::Broken("a breakdown its table does not have"))?;
                    known.push(*id);
                    dimensions.push((intern(expr), expr.ty.kind));
                    known.len() - 1
                }
            };
            places.push(place);
        }
        groupings.push(places);
    }
    Ok((dimensions, groupings))
}
