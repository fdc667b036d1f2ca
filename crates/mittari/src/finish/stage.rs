//! What the formulas of one breakdown can see of the cohorts, level by level.

use std::rc::Rc;

use mittari_lang::metric::DimensionId;
use mittari_lang::typed::Across;

use super::context::Context;
use super::leaf::{Leaf, all_leaves_of};
use super::view::{Series, View, project};
use crate::error::RunError;
use crate::gathered::Key;
use crate::plan::{CohortUse, GroupExpr, PerUse};

/// A view of a cohort, and which places of a segment tell its groups apart.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub cohort: usize,
    pub across: Across,
    pub view: Rc<View<'a>>,
    pub places: Vec<usize>,
}

/// The views of one breakdown.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub sights: Vec<Sight<'a>>,
    /// One for each aggregate of aggregates.
    pub levels: Vec<Level<'a>>,
}

/// What an aggregate of aggregates sees: groups that are finer by one dimension.
#[derive(Debug)]
pub(super) struct Level<'a> {
    /// Its number in the question.
    pub number: usize,
    /// Which places of the outer segment lead the inner ones.
    pub places: Vec<usize>,
    /// The rows that say which values there are.
    pub own: Rc<View<'a>>,
    /// What its inner calls see.
    pub stage: Stage<'a>,
}

impl<'a> Stage<'a> {
    /// The views that some expressions and accounts need, of the groups of a breakdown.
    pub(super) fn of(
        context: &mut Context<'a>,
        exprs: &[&GroupExpr],
        accounts: &[CohortUse],
        breakdown: &[DimensionId],
    ) -> Result<Self, RunError> {
        let mut stage = Self { sights: Vec::new(), levels: Vec::new() };
        for used in accounts {
            stage.see(context, used.cohort, Across::Own, breakdown)?;
        }
        for leaf in exprs.iter().flat_map(|expr| all_leaves_of(expr)) {
            match leaf {
                Leaf::Fold(fold) => {
                    stage.see(context, fold.of.cohort, fold.across, breakdown)?;
                }
                Leaf::Per(level) => {
                    stage.levels.push(Level::of(context, level, breakdown)?);
                }
            }
        }
        Ok(stage)
    }

    fn see(
        &mut self,
        context: &mut Context<'a>,
        cohort: usize,
        across: Across,
        breakdown: &[DimensionId],
    ) -> Result<(), RunError> {
        if self.sight(cohort, across).is_some() {
            return Ok(());
        }
        let (wanted, places) = reached(context, cohort, across, breakdown);
        let view = context.view(cohort, &wanted)?;
        self.sights.push(Sight { cohort, across, view, places });
        Ok(())
    }

    /// The place of the sight of a cohort, as far across as it is used.
    pub(super) fn sight(&self, cohort: usize, across: Across) -> Option<usize> {
        let is_it = |sight: &Sight<'a>| sight.cohort == cohort && sight.across == across;
        self.sights.iter().position(is_it)
    }

    /// The totals of a segment, one for each sight.
    pub(super) fn series(&self, segment: &[Key]) -> Vec<Option<&Series<'a>>> {
        let own = |sight: &'_ Sight<'a>| project(segment, &sight.places);
        self.sights.iter().map(|sight| sight.view.series(&own(sight))).collect()
    }
}

impl<'a> Level<'a> {
    fn of(
        context: &mut Context<'a>,
        level: &PerUse,
        breakdown: &[DimensionId],
    ) -> Result<Self, RunError> {
        let (mut wanted, places) =
            reached(context, level.of.cohort, level.across, breakdown);
        wanted.push(level.per);
        let own = context.view(level.of.cohort, &wanted)?;
        let exprs: Vec<&GroupExpr> = level.argument.iter().chain(&level.filter).collect();
        let stage = Stage::of(context, &exprs, &[], &wanted)?;
        Ok(Self { number: level.number, places, own, stage })
    }
}

/// The dimensions of a breakdown that the table of a cohort has and that a call does not
/// reach across, and their places in it.
fn reached(
    context: &Context<'_>,
    cohort: usize,
    across: Across,
    breakdown: &[DimensionId],
) -> (Vec<DimensionId>, Vec<usize>) {
    let cohort = context.plan.cohorts.get(cohort);
    let population =
        cohort.and_then(|cohort| context.catalog.population(cohort.population));
    let has = |id: DimensionId| {
        let dimension = context.catalog.dimension(id);
        dimension.zip(population).is_some_and(|(dimension, population)| {
            dimension.of.iter().any(|(table, _)| *table == population.table)
        })
    };
    let kept = |id: DimensionId| match across {
        Across::Own => has(id),
        Across::Dimension(left_off) => id != left_off && has(id),
        Across::All => false,
    };
    let places = breakdown.iter().zip(0..).filter(|(id, _)| kept(**id));
    places.map(|(id, place)| (*id, place)).unzip()
}
