//! What a question measures for one segment and period, before it is judged.

use mittari_lang::metric::Form;
use mittari_lang::typed::{Across, Function};
use mittari_lang::value::Decimal;

use super::formula::{Place, Scene};
use super::leaf::{Leaf, leaves_of};
use super::level::Taken;
use super::scalar::Scalar;
use crate::error::RunError;
use crate::gathered::{Account, Key};
use crate::plan::{CohortUse, FoldUse, GroupExpr, GroupKind, Question};
use crate::statistics::{
    CONFIDENCE, Interval, Sample, mean_interval, percentile_ranks, wilson,
};
use crate::table::{AccountReport, ExcludedReport};

/// A value and what it is made of.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub value: Scalar,
    pub numerator: Option<Scalar>,
    pub denominator: Option<Scalar>,
    /// Rows of the denominator, or of the only call.
    pub n: Option<u64>,
    pub missing: u64,
    pub undecided: u64,
    /// In the base of the value.
    pub interval: Option<(f64, f64)>,
}

impl Measured {
    /// What is said of a period the data do not cover.
    pub(super) fn nothing() -> Self {
        Self {
            value: Scalar::NoData,
            numerator: None,
            denominator: None,
            n: None,
            missing: 0,
            undecided: 0,
            interval: None,
        }
    }
}

/// Measures a formula that gives one value.
pub(super) fn measure(
    scene: &Scene<'_>,
    question: &Question,
    form: &Form,
    at: Place<'_>,
) -> Result<Measured, RunError> {
    let side = |expr: &Option<GroupExpr>| {
        expr.as_ref().map(|expr| scene.value(expr, at)).transpose()
    };
    let (numerator, denominator) =
        (side(&question.numerator)?, side(&question.denominator)?);
    let (mut missing, mut undecided) = (0, 0);
    for leaf in leaves_of(&question.formula) {
        let taken = scene.taken(&leaf, at)?;
        let (seen, inside) = (taken.seen(), taken.inside());
        undecided += seen.unknown + inside.unknown;
        missing += inside.missing;
        // A share whose condition is unknown has a row below the line all the same.
        let share = leaf.function() == Function::Share;
        let open = if share { &mut undecided } else { &mut missing };
        *open += seen.missing;
    }
    let proportion = matches!(form, Form::Proportion { .. });
    let below = denominator.as_ref().and_then(Scalar::as_whole);
    let n = match below.filter(|_| proportion) {
        Some(below) => u64::try_from(below).ok(),
        None => rows_of(scene, question, at)?,
    };
    let interval = match form {
        Form::Proportion { .. } => {
            share_interval(numerator.as_ref(), denominator.as_ref())
        }
        Form::Mean => call_interval(scene, question, at, mean_ends)?,
        Form::Quantile => call_interval(scene, question, at, quantile_ends)?,
        Form::Quotient { .. } | Form::Distribution | Form::Other => None,
    };
    Ok(Measured {
        value: scene.value(&question.formula, at)?,
        numerator,
        denominator,
        n,
        missing: missing.max(0).unsigned_abs(),
        undecided: undecided.max(0).unsigned_abs(),
        interval,
    })
}

/// Rows (or finer groups) of the calls of the denominator; without one, of the only call, or of several
/// that have seen equally many.
fn rows_of(
    scene: &Scene<'_>,
    question: &Question,
    at: Place<'_>,
) -> Result<Option<u64>, RunError> {
    let mut below = Vec::new();
    for leaf in question.denominator.iter().flat_map(leaves_of) {
        below.push(rows(scene, &leaf, at)?);
    }
    if !below.is_empty() {
        return Ok(u64::try_from(below.iter().sum::<i64>()).ok());
    }
    let mut all = Vec::new();
    for leaf in leaves_of(&question.formula) {
        all.push(rows(scene, &leaf, at)?);
    }
    let same = all.windows(2).all(|pair| pair.first() == pair.last());
    let first = all.first().filter(|_| same);
    Ok(first.and_then(|rows| u64::try_from(*rows).ok()))
}

fn rows(scene: &Scene<'_>, leaf: &Leaf<'_>, at: Place<'_>) -> Result<i64, RunError> {
    let seen = scene.taken(leaf, at)?.seen();
    let unknown = if leaf.function() == Function::Share { seen.missing } else { 0 };
    Ok(seen.n + unknown)
}

/// The interval of a proportion (Wilson, 1927).
fn share_interval(above: Option<&Scalar>, below: Option<&Scalar>) -> Option<(f64, f64)> {
    let hits = u64::try_from(above?.as_whole()?).ok()?;
    let n = u64::try_from(below?.as_whole()?).ok()?;
    wilson(hits, n, CONFIDENCE).map(ends)
}

fn ends(interval: Interval) -> (f64, f64) {
    (interval.low, interval.high)
}

/// The interval of the one call a formula consists of.
fn call_interval(
    scene: &Scene<'_>,
    question: &Question,
    at: Place<'_>,
    of: impl Fn(&Taken<'_>, Function) -> Option<Interval>,
) -> Result<Option<(f64, f64)>, RunError> {
    let leaf = match &question.formula.kind {
        GroupKind::Fold(fold) => Leaf::Fold(*fold),
        GroupKind::Per(level) => Leaf::Per(level),
        _ => return Ok(None),
    };
    Ok(of(&scene.taken(&leaf, at)?, leaf.function()).map(ends))
}

fn mean_ends(taken: &Taken<'_>, _: Function) -> Option<Interval> {
    let spread = taken.spread().ok()??;
    let variance = spread.deviation * spread.deviation;
    let sample = Sample { n: spread.n, mean: spread.mean, variance };
    mean_interval(&sample, CONFIDENCE)
}

fn quantile_ends(taken: &Taken<'_>, function: Function) -> Option<Interval> {
    let (Function::Quantile(q) | Function::NearestRank(q)) = function else {
        return None;
    };
    let n = usize::try_from(taken.seen().n).ok()?;
    let ranks = percentile_ranks(n, written(q)?, CONFIDENCE)?;
    let (low, high) = taken.at_places(ranks.low?, ranks.high?)?;
    Some(Interval { low, high })
}

/// A share as it was written: the shortest decimal that is read as the same number.
fn written(q: f64) -> Option<Decimal> {
    let text = q.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mantissa = format!("{whole}{part}").parse().ok()?;
    Some(Decimal { mantissa, scale: u8::try_from(part.len()).ok()? })
}

/// Measures each value of a distribution; the fold is the whole formula.
pub(super) fn measure_parts(
    scene: &Scene<'_>,
    fold: &FoldUse,
    keys: &[Key],
    at: Place<'_>,
) -> Result<Vec<Measured>, RunError> {
    let parts = scene.parts(fold, at)?;
    let (seen, tally) = (parts.seen(), parts.tally());
    let n = tally.values().sum::<i64>();
    let measured = |key| {
        let above = tally.get(key).copied().unwrap_or_default();
        let (numerator, denominator) = (Scalar::whole(above), Scalar::whole(n));
        Measured {
            value: Scalar::quotient(above, n),
            interval: share_interval(Some(&numerator), Some(&denominator)),
            numerator: Some(numerator),
            denominator: Some(denominator),
            n: u64::try_from(n).ok(),
            missing: seen.missing.max(0).unsigned_abs(),
            undecided: seen.unknown.max(0).unsigned_abs(),
        }
    };
    Ok(keys.iter().map(measured).collect())
}

/// Where the rows of each population of a question went.
pub(super) fn accounts(
    scene: &Scene<'_>,
    question: &Question,
    at: Place<'_>,
) -> Result<Vec<AccountReport>, RunError> {
    let told = |of: &&CohortUse| !is_told_elsewhere(scene, question, **of);
    question.accounts.iter().filter(told).map(|of| account(scene, *of, at)).collect()
}

/// Whether another account of a question is of the same rows: an aggregate of aggregates
/// has a cohort of its own.
fn is_told_elsewhere(scene: &Scene<'_>, question: &Question, of: CohortUse) -> bool {
    let cohorts = &scene.context.plan.cohorts;
    let Some(own) = cohorts.get(of.cohort).filter(|own| !own.per.is_empty()) else {
        return false;
    };
    question.accounts.iter().filter(|other| **other != of).any(|other| {
        cohorts.get(other.cohort).is_some_and(|cohort| {
            cohort.population == own.population
                && (cohort.per.is_empty() || other.cohort < of.cohort)
        })
    })
}

fn account(
    scene: &Scene<'_>,
    of: CohortUse,
    at: Place<'_>,
) -> Result<AccountReport, RunError> {
    let mut sum = Account::default();
    // Each population has an account of its own group, wherever its calls reach.
    for totals in scene.totals(of, Across::Own, at)? {
        sum.add(&totals.account, 1);
    }
    let context = scene.context;
    let cohort = context.plan.cohorts.get(of.cohort);
    let population = cohort
        .and_then(|cohort| context.catalog.population(cohort.population))
        .ok_or(RunError::Broken("a cohort without a population"))?;
    let at_place =
        |list: &[i64], place: usize| list.get(place).copied().unwrap_or_default();
    let excluded = population.exclusions.iter().enumerate().map(|(place, exclusion)| {
        ExcludedReport {
            name: exclusion.name.clone(),
            rows: at_place(&sum.excluded, place),
            unknown: at_place(&sum.unsure, place),
            ties: at_place(&sum.ties, place),
        }
    });
    let undated = context.gathered.cohorts.get(of.cohort).map(|cohort| cohort.undated);
    Ok(AccountReport {
        population: population.label.clone(),
        rows: sum.rows(),
        outside: sum.outside,
        undecided: sum.undecided,
        excluded: excluded.collect(),
        counted: sum.counted,
        undated: undated.unwrap_or_default(),
    })
}
