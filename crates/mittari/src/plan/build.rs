//! From sound metrics and a selection to a plan.
//!
//! Nothing here can fail for a metric that was checked; what may be wrong is the
//! selection, and then the message is in the words of the one who asked.

use std::sync::Arc;

use mittari_lang::metric::{
    Catalog, Dating, DimensionId, ExclusionRule, Form, Metric, MetricId, Population,
    PopulationId,
};
use mittari_lang::typed::{Aggregate, Expr, ExprKind, Function, Moment};
use mittari_lang::types::Period;

use super::sides::Sides;
use super::{
    Cohort, CohortUse, Fold, FoldKind, FoldUse, GroupExpr, GroupKind, Membership, PerUse,
    Periods, Plan, Question, Selection, TablePlan,
};
use crate::error::RunError;
use crate::period::fits;

/// The plan of a selection.
pub fn plan(catalog: &Catalog, selection: &Selection) -> Result<Plan, RunError> {
    let mut builder = Builder { catalog, selection, cohorts: Vec::new() };
    let wanted: Vec<MetricId> = if selection.metrics.is_empty() {
        (0..catalog.metrics.len())
            .filter_map(|n| u32::try_from(n).ok())
            .map(MetricId)
            .collect()
    } else {
        selection.metrics.clone()
    };
    let mut questions = Vec::new();
    for id in wanted {
        let metric =
            catalog.metric(id).ok_or(RunError::Broken("a metric without a card"))?;
        for period in periods(selection, metric) {
            questions.push(builder.question(id, metric, period)?);
        }
    }
    let mut cohorts = builder.cohorts;
    for cohort in &mut cohorts {
        cohort.groupings = groupings(catalog, &cohort.groupings);
    }
    let tables = tables_of(catalog, &cohorts);
    let sides = Arc::new(sides_of(catalog, &cohorts, &tables));
    Ok(Plan { selection: selection.clone(), sides, tables, cohorts, questions })
}

/// The kinds of periods a metric is measured over, each once.
fn periods(selection: &Selection, metric: &Metric) -> Vec<Period> {
    let listed = match &selection.periods {
        Periods::First => metric.periods.get(..1).unwrap_or_default(),
        Periods::Listed => metric.periods.as_slice(),
        Periods::These(periods) => periods.as_slice(),
    };
    let mut periods = Vec::new();
    for period in listed {
        if !periods.contains(period) {
            periods.push(*period);
        }
    }
    if periods.is_empty() { vec![Period::Month] } else { periods }
}

struct Builder<'a> {
    catalog: &'a Catalog,
    selection: &'a Selection,
    cohorts: Vec<Cohort>,
}

/// What is the same for all calls of one question.
struct Asked<'a> {
    metric: &'a Metric,
    period: Period,
    breakdowns: Vec<Vec<DimensionId>>,
    accounts: Vec<CohortUse>,
    /// The dimensions of the aggregates of aggregates that are open.
    per: Vec<DimensionId>,
    /// How many of them there are so far.
    levels: usize,
}

impl Builder<'_> {
    fn question(
        &mut self,
        id: MetricId,
        metric: &Metric,
        period: Period,
    ) -> Result<Question, RunError> {
        let mut asked = Asked {
            metric,
            period,
            breakdowns: self.breakdowns(metric)?,
            accounts: Vec::new(),
            per: Vec::new(),
            levels: 0,
        };
        let formula = self.group(&metric.formula, &mut asked)?;
        let (numerator, denominator) = match &metric.form {
            Form::Proportion { numerator, denominator }
            | Form::Quotient { numerator, denominator } => (
                Some(self.group(numerator, &mut asked)?),
                Some(self.group(denominator, &mut asked)?),
            ),
            _ => (None, None),
        };
        Ok(Question {
            metric: id,
            period: asked.period,
            breakdowns: asked.breakdowns,
            formula,
            numerator,
            denominator,
            accounts: asked.accounts,
        })
    }

    fn breakdowns(&self, metric: &Metric) -> Result<Vec<Vec<DimensionId>>, RunError> {
        let mut breakdowns = vec![Vec::new()];
        match &self.selection.breakdowns {
            None => breakdowns.extend(metric.breakdowns.iter().cloned()),
            Some(asked) => {
                for names in asked {
                    let ids: Result<Vec<_>, _> =
                        names.iter().map(|name| self.dimension(metric, name)).collect();
                    breakdowns.push(ids?);
                }
            }
        }
        Ok(breakdowns)
    }

    fn dimension(&self, metric: &Metric, name: &str) -> Result<DimensionId, RunError> {
        let named = |id: &&DimensionId| {
            self.catalog.dimension(**id).is_some_and(|dimension| dimension.name == name)
        };
        if let Some(id) = metric.possible.iter().find(named) {
            return Ok(*id);
        }
        let known: Vec<&str> = metric
            .possible
            .iter()
            .filter_map(|id| self.catalog.dimension(*id))
            .map(|dimension| dimension.name.as_str())
            .collect();
        Err(RunError::Request(format!(
            "`{}` cannot be broken down by `{name}`; it can by {}",
            metric.name,
            if known.is_empty() { "nothing".to_owned() } else { known.join(", ") },
        )))
    }

    fn group(
        &mut self,
        expr: &Expr,
        asked: &mut Asked<'_>,
    ) -> Result<GroupExpr, RunError> {
        let kind = match &expr.kind {
            ExprKind::Literal(value) => GroupKind::Literal(value.clone()),
            ExprKind::Instant(moment) => GroupKind::Instant(*moment),
            ExprKind::Call(builtin, operands) => {
                let operands: Result<Vec<_>, _> =
                    operands.iter().map(|operand| self.group(operand, asked)).collect();
                GroupKind::Call(*builtin, operands?)
            }
            ExprKind::Case(branches, otherwise) => {
                let mut bound = Vec::new();
                for (when, then) in branches {
                    bound.push((self.group(when, asked)?, self.group(then, asked)?));
                }
                GroupKind::Case(bound, Box::new(self.group(otherwise, asked)?))
            }
            ExprKind::Aggregate(aggregate) => match aggregate.per {
                None => GroupKind::Fold(self.fold(aggregate, asked)?),
                Some(per) => self.level(aggregate, per, asked)?,
            },
            ExprKind::Column(_) | ExprKind::Table(_) | ExprKind::Related(_) => {
                return Err(RunError::Broken(
                    "a value of a row in a formula of the group",
                ));
            }
        };
        Ok(GroupExpr { kind, ty: expr.ty })
    }

    /// An aggregate of aggregates: a grouping that is finer by what it is made `per`.
    fn level(
        &mut self,
        aggregate: &Aggregate,
        per: DimensionId,
        asked: &mut Asked<'_>,
    ) -> Result<GroupKind, RunError> {
        let number = asked.levels;
        asked.levels += 1;
        asked.per.push(per);
        // Which values there are is known from the account of their rows.
        let counted = Fold { kind: FoldKind::Count, argument: None, filter: None };
        let of = self.cohort_of(aggregate.population, &counted, asked)?;
        let mut inner = |expr: &Option<Expr>| {
            expr.as_ref().map(|expr| self.group(expr, asked)).transpose()
        };
        let (argument, filter) = (inner(&aggregate.argument)?, inner(&aggregate.filter)?);
        asked.per.pop();
        let (function, across) = (aggregate.function, aggregate.across);
        let level = PerUse { number, of, per, function, argument, filter, across };
        Ok(GroupKind::Per(Box::new(level)))
    }

    fn fold(
        &mut self,
        aggregate: &Aggregate,
        asked: &mut Asked<'_>,
    ) -> Result<FoldUse, RunError> {
        let fold = Fold {
            kind: fold_kind(aggregate.function, asked),
            argument: aggregate.argument.clone(),
            filter: aggregate.filter.clone(),
        };
        let of = self.cohort_of(aggregate.population, &fold, asked)?;
        let Some(cohort) = self.cohorts.get_mut(of.cohort) else {
            return Err(RunError::Broken("a cohort that was not kept"));
        };
        let place = cohort.folds.iter().position(|kept| *kept == fold);
        let place = place.unwrap_or_else(|| {
            cohort.folds.push(fold);
            cohort.folds.len() - 1
        });
        let (function, across) = (aggregate.function, aggregate.across);
        Ok(FoldUse { of, fold: place, function, across })
    }

    /// The cohort a fold of some rows belongs to, with the groupings it is asked for.
    fn cohort_of(
        &mut self,
        id: PopulationId,
        fold: &Fold,
        asked: &mut Asked<'_>,
    ) -> Result<CohortUse, RunError> {
        let population = self
            .catalog
            .population(id)
            .ok_or(RunError::Broken("a call without a population"))?;
        let window = window_of(population, asked)?;
        let by_period = self.depends_on_period(population, fold, asked);
        let membership = membership(population, fold.kind, window, by_period);
        let cohort = self.cohort(id, population, membership, asked);
        let reach = if membership == Membership::Dated { window } else { 1 };
        let of = CohortUse { cohort, window: reach };
        if !asked.accounts.contains(&of) {
            asked.accounts.push(of);
        }
        let Some(cohort) = self.cohorts.get_mut(cohort) else {
            return Err(RunError::Broken("a cohort that was not kept"));
        };
        let catalog = self.catalog;
        // A call across all groups may read a table that does not have them.
        let has = |id: &&DimensionId| {
            let dimension = catalog.dimension(**id);
            dimension.is_some_and(|dimension| {
                dimension.of.iter().any(|(table, _)| *table == population.table)
            })
        };
        for breakdown in &asked.breakdowns {
            let mut grouping: Vec<_> = breakdown.iter().filter(has).copied().collect();
            grouping.extend(asked.per.iter().filter(|id| !breakdown.contains(id)));
            if !cohort.groupings.contains(&grouping) {
                cohort.groupings.push(grouping);
            }
        }
        Ok(of)
    }

    fn depends_on_period(
        &self,
        population: &Population,
        fold: &Fold,
        asked: &Asked<'_>,
    ) -> bool {
        let exclusions =
            population.exclusions.iter().flat_map(|exclusion| match &exclusion.rule {
                ExclusionRule::When(when) => vec![when],
                ExclusionRule::Keep { by, per, .. } => {
                    per.iter().chain(std::iter::once(by)).collect()
                }
            });
        let dimensions = asked
            .breakdowns
            .iter()
            .flatten()
            .filter_map(|id| self.catalog.dimension(*id))
            .flat_map(|dimension| dimension.of.iter())
            .filter(|(table, _)| *table == population.table)
            .map(|(_, expr)| expr);
        let own = [&population.filter, &fold.argument, &fold.filter];
        own.into_iter().flatten().chain(exclusions).chain(dimensions).any(by_period)
    }

    /// The cohort of a population, one for all populations that differ only in how far
    /// back their calls reach.
    fn cohort(
        &mut self,
        id: PopulationId,
        population: &Population,
        membership: Membership,
        asked: &Asked<'_>,
    ) -> usize {
        let (period, per) = (asked.period, asked.per.as_slice());
        let same = |other: &Population| {
            Population { over: None, label: String::new(), ..other.clone() }
                == Population { over: None, label: String::new(), ..population.clone() }
        };
        let place = self.cohorts.iter().position(|cohort| {
            cohort.period == period
                && cohort.membership == membership
                && cohort.per == per
                && self.catalog.population(cohort.population).is_some_and(same)
        });
        place.unwrap_or_else(|| {
            self.cohorts.push(Cohort {
                population: id,
                period,
                membership,
                per: per.to_vec(),
                groupings: Vec::new(),
                folds: Vec::new(),
            });
            self.cohorts.len() - 1
        })
    }
}

/// The squares are kept only where an interval or a deviation needs them.
fn fold_kind(function: Function, asked: &Asked<'_>) -> FoldKind {
    let is_mean = matches!(asked.metric.form, Form::Mean) && asked.per.is_empty();
    match function {
        Function::Count => FoldKind::Count,
        Function::Share => FoldKind::Yes,
        Function::Mean if is_mean => FoldKind::SumAndSquares,
        Function::Sum | Function::Mean => FoldKind::Sum,
        Function::Stddev => FoldKind::SumAndSquares,
        Function::Quantile(_) | Function::NearestRank(_) => FoldKind::Values,
        Function::Min | Function::Max => FoldKind::Extremes,
        Function::Distinct => FoldKind::Keys,
        Function::Distribution => FoldKind::Tally,
    }
}

/// How many periods a call reaches over; 1 is its own alone.
fn window_of(population: &Population, asked: &Asked<'_>) -> Result<u32, RunError> {
    let Some(over) = population.over else { return Ok(1) };
    fits(over.count, over.unit, asked.period).ok_or_else(|| {
        RunError::Request(format!(
            "`{}` looks back over {} {}s, which are not whole periods of a {}",
            asked.metric.name,
            over.count,
            over.unit.word(),
            asked.period.word(),
        ))
    })
}

fn membership(
    population: &Population,
    kind: FoldKind,
    window: u32,
    by_period: bool,
) -> Membership {
    let keeps = population
        .exclusions
        .iter()
        .any(|exclusion| matches!(exclusion.rule, ExclusionRule::Keep { .. }));
    let turns_back =
        matches!(kind, FoldKind::Count | FoldKind::Yes | FoldKind::Sum | FoldKind::Tally);
    match &population.dating {
        Dating::Open { .. } if turns_back && !by_period && !keeps => {
            Membership::Movements
        }
        Dating::Open { .. } => Membership::Members(0),
        Dating::At(_) if keeps || (by_period && window > 1) => {
            Membership::Members(window)
        }
        Dating::At(_) => Membership::Dated,
    }
}

/// Whether an expression of a row depends on the period the row is looked at in.
fn by_period(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Instant(moment) => *moment != Moment::AsOf,
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Aggregate(_) => false,
        ExprKind::Call(_, operands) => operands.iter().any(by_period),
        ExprKind::Case(branches, otherwise) => {
            branches.iter().any(|(when, then)| by_period(when) || by_period(then))
                || by_period(otherwise)
        }
        ExprKind::Table(table) => table.keys.iter().chain(&table.at).any(by_period),
        // Other rows know of no period.
        ExprKind::Related(related) => related.own().into_iter().any(by_period),
    }
}

/// How many groups of declared values may be kept to spare groupings of their own.
const FINE_GROUPS: usize = 256;

/// The groupings that are kept for those that are asked for: coarser ones are sums of a
/// finer one, and a few small ones are sums of all their dimensions crossed.
fn groupings(catalog: &Catalog, asked: &[Vec<DimensionId>]) -> Vec<Vec<DimensionId>> {
    let mut all: Vec<DimensionId> = asked.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let groups = |id: &DimensionId| match catalog.dimension(*id) {
        Some(dimension) if !dimension.declared.is_empty() => dimension.declared.len() + 1,
        _ => FINE_GROUPS + 1,
    };
    let crossed = all.iter().map(groups).try_fold(1_usize, usize::checked_mul);
    if all.len() <= 1 || crossed.is_some_and(|crossed| crossed <= FINE_GROUPS) {
        return vec![all];
    }
    let within = |coarse: &Vec<DimensionId>, fine: &Vec<DimensionId>| {
        coarse.len() < fine.len() && coarse.iter().all(|id| fine.contains(id))
    };
    let kept = |one: &&Vec<DimensionId>| !asked.iter().any(|other| within(one, other));
    asked.iter().filter(kept).cloned().collect()
}

/// What the rows of all cohorts need of other rows, and the rules of their tables.
fn sides_of(catalog: &Catalog, cohorts: &[Cohort], tables: &[TablePlan]) -> Sides {
    let mut sides = Sides::default();
    for cohort in cohorts {
        let Some(population) = catalog.population(cohort.population) else { continue };
        let folds = cohort.folds.iter();
        let folds = folds.flat_map(|fold| fold.argument.iter().chain(&fold.filter));
        let ids = cohort.groupings.iter().flatten().chain(&cohort.per);
        let dimensions = ids.filter_map(|id| {
            let mut of = catalog.dimension(*id)?.of.iter();
            Some(&of.find(|(table, _)| *table == population.table)?.1)
        });
        for expr in population.exprs().into_iter().chain(folds).chain(dimensions) {
            sides.add(expr);
        }
    }
    let read = |table| tables.iter().any(|plan| plan.table == table);
    for rule in catalog.rules.iter().filter(|rule| read(rule.table)) {
        sides.add(&rule.must);
    }
    sides
}

fn tables_of(catalog: &Catalog, cohorts: &[Cohort]) -> Vec<TablePlan> {
    let mut tables: Vec<TablePlan> = Vec::new();
    for (place, cohort) in cohorts.iter().enumerate() {
        let Some(population) = catalog.population(cohort.population) else { continue };
        match tables.iter_mut().find(|plan| plan.table == population.table) {
            Some(plan) => plan.cohorts.push(place),
            None => {
                tables.push(TablePlan { table: population.table, cohorts: vec![place] });
            }
        }
    }
    tables
}
