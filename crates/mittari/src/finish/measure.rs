//! What a question measures for one segment and period, before it is judged.

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::Form;
use mittari_lang::typed::{Across, Function};
use mittari_lang::value::Decimal;

use super::context::Context;
use super::formula::{Place, Scene};
use super::leaf::{Leaf, leaves_of};
use super::level::Taken;
use super::scalar::Scalar;
use super::view::Found;
use crate::error::RunError;
use crate::gathered::{Key, Totals};
use crate::plan::{CohortUse, FoldUse, GroupExpr, GroupKind, Question};
use crate::statistics::{
    CONFIDENCE, Interval, Sample, mean_interval, percentile_ranks, wilson,
};
use crate::table::{AccountReport, ExcludedReport, Shared};

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

/// A formula that gives one value, and its calls.
#[derive(Debug)]
pub(super) struct Measure<'q> {
    question: &'q Question,
    form: &'q Form,
    /// The calls of the formula, and behind them those of the denominator that are none
    /// of them.
    leaves: Vec<Leaf<'q>>,
    /// How many of them are the formula's.
    own: usize,
    /// Which of them are the denominator's.
    below: Vec<usize>,
    /// Whether the formula is nothing but the numerator over the denominator.
    is_quotient: bool,
    value: Side<'q>,
    numerator: Option<Side<'q>>,
    denominator: Option<Side<'q>>,
    told: Vec<Told<'q>>,
}

/// An expression that is measured.
#[derive(Debug)]
struct Side<'q> {
    expr: &'q GroupExpr,
    /// Where it is nothing but a call: that, and its rows' place among those of all.
    call: Option<(FoldUse, usize)>,
}

impl<'q> Side<'q> {
    fn of(expr: &'q GroupExpr, leaves: &[Leaf<'q>]) -> Self {
        let call = match &expr.kind {
            GroupKind::Fold(fold) => leaves.iter().position(|leaf| leaf.reads(fold)),
            _ => None,
        };
        let fold =
            if let GroupKind::Fold(fold) = &expr.kind { Some(*fold) } else { None };
        Self { expr, call: fold.zip(call) }
    }

    /// Its value, of rows that were already taken if it is nothing but a call.
    fn value(
        &self,
        scene: &Scene<'_>,
        taken: &[Taken<'_>],
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        let call = self.call.and_then(|(fold, place)| Some((fold, taken.get(place)?)));
        match call {
            Some((fold, Taken::Rows(parts))) => parts.read(fold.function),
            _ => scene.value(self.expr, at),
        }
    }
}

impl<'q> Measure<'q> {
    /// The measure of a question whose metric has a form.
    pub(super) fn new(
        context: &Context<'q>,
        question: &'q Question,
        form: &'q Form,
    ) -> Result<Self, RunError> {
        let mut leaves = leaves_of(&question.formula);
        let own = leaves.len();
        let mut below = Vec::new();
        for leaf in question.denominator.iter().flat_map(leaves_of) {
            let known = leaves.iter().position(|known| *known == leaf);
            below.push(known.unwrap_or(leaves.len()));
            if known.is_none() {
                leaves.push(leaf);
            }
        }
        let is_quotient = match &question.formula.kind {
            GroupKind::Call(Builtin::Divide, parts) => {
                let sides = [&question.numerator, &question.denominator];
                parts.iter().map(Some).eq(sides.map(Option::as_ref))
            }
            _ => false,
        };
        let told = told(context, question)?;
        let side = |expr| Side::of(expr, &leaves);
        let value = side(&question.formula);
        let numerator = question.numerator.as_ref().map(side);
        let denominator = question.denominator.as_ref().map(side);
        Ok(Self {
            question,
            form,
            leaves,
            own,
            below,
            is_quotient,
            value,
            numerator,
            denominator,
            told,
        })
    }

    /// What it gives for a segment and a period.
    pub(super) fn at(
        &self,
        scene: &Scene<'_>,
        at: Place<'_>,
    ) -> Result<Measured, RunError> {
        let leaves = self.leaves.iter();
        let taken: Result<Vec<Taken<'_>>, _> =
            leaves.map(|leaf| scene.taken(leaf, at)).collect();
        let taken = taken?;
        let side = |side: &Option<Side<'_>>| {
            side.as_ref().map(|side| side.value(scene, &taken, at)).transpose()
        };
        let (numerator, denominator) = (side(&self.numerator)?, side(&self.denominator)?);
        let (missing, undecided) = self.skipped(&taken);
        let proportion = matches!(self.form, Form::Proportion { .. });
        let below = denominator.as_ref().and_then(Scalar::as_whole);
        let n = match below.filter(|_| proportion) {
            Some(below) => u64::try_from(below).ok(),
            None => self.rows(&taken),
        };
        let interval = match self.form {
            Form::Proportion { .. } => {
                share_interval(numerator.as_ref(), denominator.as_ref())
            }
            Form::Mean => self.call_interval(&taken, mean_ends),
            Form::Quantile => self.call_interval(&taken, quantile_ends),
            Form::Quotient { .. } | Form::Distribution | Form::Other => None,
        };
        let value = match (&numerator, &denominator) {
            (Some(above), Some(below)) if self.is_quotient => above.divide(below)?,
            _ => self.value.value(scene, &taken, at)?,
        };
        let (missing, undecided) =
            (missing.max(0).unsigned_abs(), undecided.max(0).unsigned_abs());
        Ok(Measured { value, numerator, denominator, n, missing, undecided, interval })
    }

    /// Rows without a value and those for which a condition is unknown.
    fn skipped(&self, taken: &[Taken<'_>]) -> (i64, i64) {
        let (mut missing, mut undecided) = (0, 0);
        for (leaf, taken) in self.leaves.iter().zip(taken).take(self.own) {
            let (seen, inside) = (taken.seen(), taken.inside());
            undecided += seen.unknown + inside.unknown;
            missing += inside.missing;
            // A share whose condition is unknown has a row below the line all the same.
            let share = leaf.function() == Function::Share;
            let open = if share { &mut undecided } else { &mut missing };
            *open += seen.missing;
        }
        (missing, undecided)
    }

    /// Rows (or finer groups) of the calls of the denominator; without one, of the only
    /// call, or of several that have seen equally many.
    fn rows(&self, taken: &[Taken<'_>]) -> Option<u64> {
        let rows = |(leaf, taken): (&Leaf<'_>, &Taken<'_>)| {
            let seen = taken.seen();
            let share = leaf.function() == Function::Share;
            seen.n + if share { seen.missing } else { 0 }
        };
        if !self.below.is_empty() {
            let place = |place: &usize| self.leaves.get(*place).zip(taken.get(*place));
            let below = self.below.iter().filter_map(place).map(rows);
            return u64::try_from(below.sum::<i64>()).ok();
        }
        let mut all = self.leaves.iter().zip(taken).take(self.own).map(rows);
        let first = all.next()?;
        if all.all(|other| other == first) { u64::try_from(first).ok() } else { None }
    }

    /// The interval of the one call a formula consists of.
    fn call_interval(
        &self,
        taken: &[Taken<'_>],
        of: impl Fn(&Taken<'_>, Function) -> Option<Interval>,
    ) -> Option<(f64, f64)> {
        let is_call =
            matches!(self.question.formula.kind, GroupKind::Fold(_) | GroupKind::Per(_));
        let only = self.leaves.first().zip(taken.first()).filter(|_| is_call);
        only.and_then(|(leaf, taken)| of(taken, leaf.function())).map(ends)
    }
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

/// A population whose account is told, with its names.
#[derive(Debug)]
struct Told<'q> {
    of: &'q CohortUse,
    population: Shared,
    exclusions: Vec<Shared>,
    undated: u64,
}

/// The populations of a question whose accounts are told.
fn told<'q>(
    context: &Context<'q>,
    question: &'q Question,
) -> Result<Vec<Told<'q>>, RunError> {
    let mut told = Vec::new();
    for of in &question.accounts {
        if is_told_elsewhere(context, question, *of) {
            continue;
        }
        let cohort = context.plan.cohorts.get(of.cohort);
        let population = cohort
            .and_then(|cohort| context.catalog.population(cohort.population))
            .ok_or(RunError::Broken("a cohort without a population"))?;
        let names = population.exclusions.iter().map(|one| one.name.as_str().into());
        let gathered = context.gathered.cohorts.get(of.cohort);
        told.push(Told {
            of,
            population: population.label.as_str().into(),
            exclusions: names.collect(),
            undated: gathered.map(|cohort| cohort.undated).unwrap_or_default(),
        });
    }
    Ok(told)
}

impl Measure<'_> {
    /// Where the rows of each population went.
    pub(super) fn accounts(
        &self,
        scene: &Scene<'_>,
        at: Place<'_>,
    ) -> Result<Vec<AccountReport>, RunError> {
        let mut accounts = Vec::with_capacity(self.told.len());
        for told in &self.told {
            // Each population has an account of its own group, wherever its calls reach.
            accounts.push(account(told, scene.totals(*told.of, Across::Own, at)?));
        }
        Ok(accounts)
    }
}

/// The account of one population: the sum of those of all that make up a group.
fn account(told: &Told<'_>, totals: Found<'_>) -> AccountReport {
    let none = |name: &Shared| ExcludedReport {
        name: name.clone(),
        rows: 0,
        unknown: 0,
        ties: 0,
    };
    let mut sum = AccountReport {
        population: told.population.clone(),
        rows: 0,
        outside: 0,
        undecided: 0,
        excluded: told.exclusions.iter().map(none).collect(),
        counted: 0,
        undated: told.undated,
    };
    for Totals { account, .. } in totals.sums() {
        sum.rows += account.rows();
        sum.outside += account.outside;
        sum.undecided += account.undecided;
        sum.counted += account.counted;
        for (rule, rows) in sum.excluded.iter_mut().zip(&account.excluded) {
            rule.rows += rows;
        }
        for (rule, rows) in sum.excluded.iter_mut().zip(&account.unsure) {
            rule.unknown += rows;
        }
        for (rule, rows) in sum.excluded.iter_mut().zip(&account.ties) {
            rule.ties += rows;
        }
    }
    sum
}

/// Whether another account of a question is of the same rows: an aggregate of aggregates
/// has a cohort of its own.
fn is_told_elsewhere(context: &Context<'_>, question: &Question, of: CohortUse) -> bool {
    let cohorts = &context.plan.cohorts;
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
