//! The cohorts of a table, bound to its nodes, those of one placing together.

use arrow_array::Int64Array;
use mittari_lang::metric::{
    Catalog, Dating, DimensionId, ExclusionRule, Population, Which,
};
use mittari_lang::typed::Expr;
use mittari_lang::types::Kind;

use super::spans::{NO_PERIOD, Spans};
use crate::error::RunError;
use crate::plan::nodes::{NodeId, Nodes};
use crate::plan::{Cohort, FoldKind, Membership};

/// How many memberships one batch may have; a stock over so many periods is a mistake in
/// the dates.
const MOST_MEMBERS: usize = 1 << 26;
/// Periods in which one row stands: days of more than five hundred years.
const MOST_OWN: i64 = 200_000;

/// One way of putting rows into periods, and the cohorts that use it.
#[derive(Debug)]
pub(crate) struct PlacingSpec {
    /// How rows become members.
    pub(crate) membership: Membership,
    /// What dates a row, or brings it in.
    pub(crate) date: (NodeId, Kind),
    /// What takes a row out of a stock.
    pub(crate) until: Option<(NodeId, Kind)>,
    /// The periods.
    pub(crate) spans: Spans,
    /// The first and last period that matter, where that is known.
    pub(crate) bounds: (Option<i32>, Option<i32>),
    /// The dimensions of all groupings.
    pub(crate) dimensions: Vec<(NodeId, Kind)>,
    /// How many values each dimension can have, where that is declared.
    pub(crate) declared: Vec<Option<u32>>,
    /// The groupings, as places in the dimensions.
    pub(crate) groupings: Vec<Vec<usize>>,
    /// The cohorts.
    pub(crate) cohorts: Vec<CohortSpec>,
}

/// A cohort with its expressions as nodes.
#[derive(Debug)]
pub(crate) struct CohortSpec {
    /// The place of the cohort in the plan.
    pub(crate) place: usize,
    /// What the population is about.
    pub(crate) filter: Option<NodeId>,
    /// What is left out, in order.
    pub(crate) exclusions: Vec<ExclusionSpec>,
    /// Whether an exclusion compares members with each other.
    pub(crate) keeps: bool,
    /// The groupings, as places in those of the placing.
    pub(crate) groupings: Vec<usize>,
    /// The folds.
    pub(crate) folds: Vec<FoldSpec>,
    /// The metrics that use it, for messages.
    pub(crate) metrics: String,
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

/// Binds the cohorts of a table one after the other.
#[derive(Debug)]
pub(crate) struct Binder<'a> {
    /// The catalog.
    pub(crate) catalog: &'a Catalog,
    /// The nodes of the table.
    pub(crate) nodes: Nodes,
    /// What was bound.
    pub(crate) placings: Vec<PlacingSpec>,
    /// The dimensions of each placing's groupings.
    known: Vec<Vec<DimensionId>>,
}

impl<'a> Binder<'a> {
    /// Nothing bound yet.
    pub(crate) fn new(catalog: &'a Catalog, nodes: Nodes) -> Self {
        Self { catalog, nodes, placings: Vec::new(), known: Vec::new() }
    }

    /// Binds a cohort; `names` says who uses it and each of its folds.
    pub(crate) fn bind(
        &mut self,
        (place, cohort): (usize, &Cohort),
        spans: Spans,
        names: &Names,
    ) -> Result<(), RunError> {
        let population = self
            .catalog
            .population(cohort.population)
            .ok_or(RunError::Broken("a cohort without a population"))?;
        let (date, until) = match &population.dating {
            Dating::At(at) => (self.node(at), None),
            Dating::Open { from, until } => (self.node(from), Some(self.node(until))),
        };
        let own = self.placing(cohort.membership, (date, until), spans, names.lead);
        let mut groupings = Vec::with_capacity(cohort.groupings.len());
        for grouping in &cohort.groupings {
            groupings.push(self.grouping(own, grouping, population)?);
        }
        let filter = population.filter.as_ref().map(|filter| self.node(filter).0);
        let exclusions = self.exclusions(population);
        let keeps =
            exclusions.iter().any(|one| matches!(one, ExclusionSpec::Keep { .. }));
        let folds = cohort.folds.iter().zip(&names.folds);
        let folds = folds.map(|(fold, metrics)| FoldSpec {
            kind: fold.kind,
            argument: fold.argument.as_ref().map(|argument| self.node(argument).0),
            values: fold.argument.as_ref().map_or(Kind::Missing, |a| a.ty.kind),
            filter: fold.filter.as_ref().map(|filter| self.node(filter).0),
            metrics: metrics.clone(),
        });
        let folds = folds.collect();
        let metrics = names.cohort.clone();
        let spec =
            CohortSpec { place, filter, exclusions, keeps, groupings, folds, metrics };
        if let Some(placing) = self.placings.get_mut(own) {
            placing.cohorts.push(spec);
        }
        Ok(())
    }

    fn node(&mut self, expr: &Expr) -> (NodeId, Kind) {
        (self.nodes.intern(expr), expr.ty.kind)
    }

    fn exclusions(&mut self, population: &Population) -> Vec<ExclusionSpec> {
        let bind = |exclusion: &mittari_lang::metric::Exclusion| match &exclusion.rule {
            ExclusionRule::When(when) => ExclusionSpec::When(self.node(when).0),
            ExclusionRule::Keep { which, by, per } => ExclusionSpec::Keep {
                which: *which,
                by: self.node(by).0,
                per: per.iter().map(|key| self.node(key)).collect(),
            },
        };
        population.exclusions.iter().map(bind).collect()
    }

    /// The placing of some dates, shared by all cohorts with the same ones.
    fn placing(
        &mut self,
        membership: Membership,
        (date, until): ((NodeId, Kind), Option<(NodeId, Kind)>),
        spans: Spans,
        lead: i32,
    ) -> usize {
        let bounds = (spans.first(lead), spans.last());
        let same = |kept: &PlacingSpec| {
            kept.membership == membership
                && (kept.date, kept.until) == (date, until)
                && kept.spans.is_like(&spans)
        };
        if let Some(place) = self.placings.iter().position(same) {
            if let Some(kept) = self.placings.get_mut(place) {
                kept.bounds.0 = kept.bounds.0.min(bounds.0);
            }
            return place;
        }
        self.placings.push(PlacingSpec {
            membership,
            date,
            until,
            spans,
            bounds,
            dimensions: Vec::new(),
            declared: Vec::new(),
            groupings: Vec::new(),
            cohorts: Vec::new(),
        });
        self.known.push(Vec::new());
        self.placings.len() - 1
    }

    /// The place of a grouping among those of a placing.
    fn grouping(
        &mut self,
        own: usize,
        grouping: &[DimensionId],
        population: &Population,
    ) -> Result<usize, RunError> {
        let mut places = Vec::with_capacity(grouping.len());
        for id in grouping {
            let known =
                self.known.get(own).and_then(|k| k.iter().position(|one| one == id));
            let place = match known {
                Some(place) => place,
                None => self.dimension(own, *id, population)?,
            };
            places.push(place);
        }
        let Some(placing) = self.placings.get_mut(own) else { return Ok(0) };
        let known = placing.groupings.iter().position(|kept| *kept == places);
        Ok(known.unwrap_or_else(|| {
            placing.groupings.push(places);
            placing.groupings.len() - 1
        }))
    }

    fn dimension(
        &mut self,
        own: usize,
        id: DimensionId,
        population: &Population,
    ) -> Result<usize, RunError> {
        let expr = self
            .catalog
            .dimension(id)
            .and_then(|d| d.of.iter().find(|(table, _)| *table == population.table))
            .map(|(_, expr)| expr)
            .ok_or(RunError::Broken("a breakdown its table does not have"))?;
        let node = (self.nodes.intern(expr), expr.ty.kind);
        if let Some(known) = self.known.get_mut(own) {
            known.push(id);
        }
        let declared = match expr.ty.kind {
            Kind::Category(set) => self.catalog.schema.set(set).map(|s| s.values.len()),
            Kind::Truth => Some(2),
            _ => None,
        };
        let Some(placing) = self.placings.get_mut(own) else { return Ok(0) };
        placing.dimensions.push(node);
        placing.declared.push(declared.and_then(|n| u32::try_from(n).ok()));
        Ok(placing.dimensions.len() - 1)
    }
}

impl PlacingSpec {
    /// The error with the names of the metrics it befell.
    pub(crate) fn blame(&self, error: RunError) -> RunError {
        let metrics: Vec<&str> =
            self.cohorts.iter().map(|c| c.metrics.as_str()).collect();
        blame(&metrics.join(", "), error)
    }

    /// The period of an instant that dates a row, if it matters.
    pub(super) fn dated(&self, at: i64) -> i32 {
        let (low, high) =
            (self.bounds.0.unwrap_or(i32::MIN), self.bounds.1.unwrap_or(i32::MAX));
        match self.spans.number_of(at) {
            Some(number) if low <= number && number <= high => number,
            _ => NO_PERIOD,
        }
    }

    /// The period from whose end on an instant has passed.
    pub(super) fn moved(&self, at: i64) -> i32 {
        self.spans.movement_of(at).unwrap_or(NO_PERIOD)
    }

    /// Takes out of the periods in which rows came in and went out what has not happened
    /// yet; a row that left before it came was never there.
    pub(super) fn happened(
        &self,
        (from, came): (&Int64Array, &mut [i32]),
        (until, went): (&Int64Array, &mut [i32]),
    ) {
        let as_of = self.spans.as_of.unwrap_or(i64::MAX);
        let open_ended = self.spans.as_of.is_none();
        let rows = from.values().iter().zip(until.values());
        for ((from, until), (came, went)) in rows.zip(came.iter_mut().zip(went)) {
            let (has_come, has_gone) = (*came != NO_PERIOD, *went != NO_PERIOD);
            if !has_come || !(open_ended || *from < as_of) || (has_gone && until <= from)
            {
                (*came, *went) = (NO_PERIOD, NO_PERIOD);
            } else if !(open_ended || *until < as_of) {
                *went = NO_PERIOD;
            }
        }
    }

    /// Every pair of a row and a period it stands in.
    pub(crate) fn memberships(
        &self,
        window: u32,
        from: &Int64Array,
        until: &Int64Array,
    ) -> Result<(Vec<u32>, Vec<i32>), RunError> {
        let (mut places, mut periods) = (Vec::new(), Vec::new());
        for (row, (from, until)) in (0_u32..).zip(from.iter().zip(until)) {
            let Some(from) = from else { continue };
            let Some((came, end)) = self.reach(window, from) else { continue };
            let stands = |number: i32| {
                window > 0
                    || self.spans.stock_instant(number).is_some_and(|at| {
                        from < at && until.is_none_or(|until| until >= at)
                    })
            };
            let start = came.max(self.bounds.0.unwrap_or(came));
            let mut number = start;
            while number <= end {
                if stands(number) {
                    places.push(row);
                    periods.push(number);
                } else if until.is_some() && number > came {
                    break;
                }
                // One row alone can stand in millions of days, as after a mistyped year.
                let own = i64::from(number) - i64::from(start);
                if places.len() > MOST_MEMBERS || own > MOST_OWN {
                    return Err(self.blame(RunError::Request(
                        "rows stand in too many periods; a longer period, or a range \
                         with `--from`, would do"
                            .to_owned(),
                    )));
                }
                number += 1;
            }
        }
        Ok((places, periods))
    }

    /// The first and last period a row may stand in.
    fn reach(&self, window: u32, from: i64) -> Option<(i32, i32)> {
        let last = self.bounds.1.unwrap_or(i32::MAX - 1);
        if window == 0 {
            return Some((self.spans.movement_of(from)?, last));
        }
        let start = self.spans.number_of(from)?;
        let more = i32::try_from(window - 1).unwrap_or(i32::MAX);
        Some((start, start.saturating_add(more).min(last)))
    }
}

impl CohortSpec {
    /// The error with the names of the metrics it befell.
    pub(crate) fn blame(&self, error: RunError) -> RunError {
        blame(&self.metrics, error)
    }

    /// Every node whose values decide over members or are folded.
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
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
        nodes.extend(
            self.folds.iter().flat_map(|fold| [fold.argument, fold.filter]).flatten(),
        );
        nodes
    }
}

/// Who uses a cohort, and how far before the range asked for it is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// The metrics of the cohort.
    pub(crate) cohort: String,
    /// The metrics of each fold.
    pub(crate) folds: Vec<String>,
    /// How many periods before the first one asked for are needed.
    pub(crate) lead: i32,
}
