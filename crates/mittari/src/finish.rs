//! From partial aggregates to results: the second half of a run.
//!
//! ```text
//!   Gathered ──▶ View (segments × periods) ──▶ Scalar ──▶ Measured ──▶ Row
//!               merged down, running sums     formulas    intervals    verdicts
//! ```
//!
//! Whatever gathered the totals, their meaning is decided here: what a period without
//! rows is, when a value is final, whether it keeps its target.

mod behaviour;
mod context;
mod display;
mod editions;
mod fold;
mod formula;
mod leaf;
mod level;
mod measure;
mod row;
mod scalar;
mod segment;
mod series;
mod span;
mod stage;
mod verdict;
mod view;
mod withheld;

use std::collections::BTreeSet;

use mittari_lang::metric::{Catalog, DimensionId, Metric};
use mittari_lang::typed::{Across, ExprKind, Function};
use mittari_lang::types::Kind;

use self::context::Context;
pub use self::display::{NO_DATA, WITHHELD};
use self::editions::Editions;
use self::formula::Scene;
use self::measure::Measure;
use self::row::{Name, Sheet};
use self::segment::{dimension, key_of, named, segments};
use self::series::{Asked, argument_of, asked_periods};
use self::span::{Span, bad_rows};
use self::stage::Stage;
use crate::error::RunError;
use crate::fault::FaultReport;
use crate::gathered::{Gathered, Key, TableFacts};
use crate::ordered::in_order;
use crate::plan::{FoldUse, GroupExpr, GroupKind, Plan, Question};
use crate::table::{Results, Row, SegmentValue, TableReport};

/// The results of a plan, from what was gathered for it, by some threads.
///
/// Each thread answers one question after the other, and looks at the totals with views
/// of its own; the rows come in the order of the questions.
pub fn finish(
    catalog: &Catalog,
    plan: &Plan,
    gathered: &Gathered,
    threads: usize,
) -> Result<Results, RunError> {
    let mut rows = Vec::new();
    in_order(
        (plan.questions.len(), threads),
        || Context::new(catalog, plan, gathered),
        |context, place| match plan.questions.get(place) {
            Some(question) => named_answer(context, question),
            None => Ok(Vec::new()),
        },
        |lists| {
            lists?.iter_mut().for_each(|list| rows.append(list));
            Ok::<(), RunError>(())
        },
    )?;
    let tables = gathered.tables.iter().map(report).collect();
    Ok(Results { rows, as_of: gathered.as_of, tables, not_run: Vec::new() })
}

/// All rows of a question, a list for each breakdown; what is wrong names the metric.
fn named_answer<'a>(
    context: &mut Context<'a>,
    question: &'a Question,
) -> Result<Vec<Vec<Row>>, RunError> {
    let metric = context.catalog.metric(question.metric);
    let metric = metric.ok_or(RunError::Broken("a question without a metric"))?;
    let mut lists = Vec::new();
    answer(context, question, metric, &mut lists).map_err(|reason| RunError::Metric {
        metric: metric.name.clone(),
        reason: Box::new(reason),
    })?;
    Ok(lists)
}

fn report(facts: &TableFacts) -> TableReport {
    TableReport {
        name: facts.name.clone(),
        rows: facts.rows,
        unread_rows: facts.unread_rows,
        unread_groups: facts.unread_groups,
        bad_rows: facts.bad_rows,
        superseded_rows: facts.superseded_rows,
        reversed: facts.reversed,
        violations: facts.violations.clone(),
        faults: FaultReport::default(),
    }
}

/// All rows of a question.
fn answer<'a>(
    context: &mut Context<'a>,
    question: &'a Question,
    metric: &'a Metric,
    lists: &mut Vec<Vec<Row>>,
) -> Result<(), RunError> {
    let (catalog, plan, gathered) = (context.catalog, context.plan, context.gathered);
    let mut whole = Vec::new();
    for used in &question.accounts {
        whole.push(context.view(used.cohort, &[])?);
    }
    let has_rows_in = |period| whole.iter().any(|view| view.has_rows_in(period));
    let inputs = (catalog, plan, gathered);
    let periods = context.periods(question);
    let span = Span::of(inputs, (question, metric), periods, has_rows_in)?;
    let Some((first, last)) = span.numbers() else { return Ok(()) };
    let distribution = distribution_of(question);
    let bad_rows = bad_rows(catalog, plan, gathered, question);
    let kind = question.formula.ty.kind;
    let sheet = Sheet::new(metric, kind, distribution.is_none(), bad_rows);
    let measure = Measure::new(context, question, &metric.form)?;
    let editions = Editions::of(catalog, metric, span.zone());
    for breakdown in &question.breakdowns {
        let exprs: Vec<&GroupExpr> = question.exprs().collect();
        let stage = Stage::of(context, &exprs, &question.accounts, breakdown)?;
        let mut occurring = BTreeSet::new();
        for sight in stage.sights.iter().filter(|sight| sight.across == Across::Own) {
            if sight.places.len() == breakdown.len() {
                let from = first.saturating_sub(span.reach() - 1);
                let segments = sight.view.occurring(from, last);
                occurring.extend(segments.map(<[Key]>::to_vec));
            }
        }
        let scene = Scene { context, span: &span, stage: &stage };
        let keys = distribution.map(|fold| part_keys(&scene, fold, (first, last)));
        let parts = distribution.zip(keys.as_deref());
        let mut asked = Asked {
            measure: &measure,
            sheet: &sheet,
            editions: &editions,
            periods: asked_periods(&span, (first, last)),
            withheld: BTreeSet::new(),
        };
        let mut named = Vec::new();
        for segment in segments(catalog, breakdown, occurring)? {
            named.push((segment_name(catalog, breakdown, &segment)?, segment));
        }
        asked.withhold(&scene, parts, &named, &margins(question, breakdown))?;
        let n_parts = keys.as_deref().map_or(1, <[Key]>::len);
        let mut rows = Vec::with_capacity(named.len() * asked.n_shown() * n_parts);
        for (name, segment) in &named {
            match parts {
                None => asked.series(&scene, name, segment, &mut rows)?,
                Some(parts) => asked.parts(&scene, parts, (name, segment), &mut rows)?,
            }
        }
        lists.push(rows);
    }
    Ok(())
}

/// The places in a breakdown of those that are coarser and shown beside it.
fn margins(question: &Question, breakdown: &[DimensionId]) -> Vec<Vec<usize>> {
    let coarser = question.breakdowns.iter().filter(|other| {
        other.len() < breakdown.len() && other.iter().all(|id| breakdown.contains(id))
    });
    let place = |id: &DimensionId| breakdown.iter().position(|own| own == id);
    coarser.map(|other| other.iter().filter_map(place).collect()).collect()
}

fn segment_name(
    catalog: &Catalog,
    breakdown: &[DimensionId],
    segment: &[Key],
) -> Result<Name, RunError> {
    let mut names: Vec<(String, SegmentValue)> = Vec::new();
    let mut personal = false;
    for (id, key) in breakdown.iter().zip(segment) {
        let dimension = dimension(catalog, *id)?;
        names.push((dimension.name.clone(), named(catalog, dimension.kind, key)));
        personal |= dimension.personal;
    }
    Ok(Name { segment: names.into(), personal })
}

/// The fold of a formula that is a distribution.
fn distribution_of(question: &Question) -> Option<&FoldUse> {
    match &question.formula {
        GroupExpr { kind: GroupKind::Fold(fold), .. }
            if fold.function == Function::Distribution =>
        {
            Some(fold)
        }
        _ => None,
    }
}

/// The values of a distribution: those declared, and those that occur in any segment.
fn part_keys(scene: &Scene<'_>, fold: &FoldUse, (first, last): (i32, i32)) -> Vec<Key> {
    let schema = &scene.context.catalog.schema;
    let argument = argument_of(scene, fold);
    let mut keys: BTreeSet<Key> = BTreeSet::new();
    match argument.map(|argument| argument.ty.kind) {
        Some(Kind::Truth) => keys.extend([Key::Truth(false), Key::Truth(true)]),
        Some(Kind::Category(set)) => {
            let count = schema.set(set).map_or(0, |set| set.values.len());
            keys.extend((0..).take(count).map(Key::Category));
        }
        _ => {}
    }
    if let Some(ExprKind::Column(column)) = argument.map(|argument| &argument.kind) {
        let values = schema.column(*column).map(|column| column.values.as_slice());
        keys.extend(values.unwrap_or_default().iter().map(key_of));
    }
    let sights = scene.stage.sights.iter().filter(|sight| sight.cohort == fold.of.cohort);
    let from = first.saturating_sub(scene.span.reach() - 1);
    for sight in sights.filter(|sight| sight.across == fold.across) {
        for totals in sight.view.all_totals(from, last) {
            let partial = totals.folds.get(fold.fold);
            keys.extend(partial.into_iter().flat_map(fold::keys_of).cloned());
        }
    }
    keys.into_iter().collect()
}

#[cfg(test)]
mod tests;
