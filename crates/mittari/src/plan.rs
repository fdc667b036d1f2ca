//! What to compute, in which order: one plan for all selected metrics.
//!
//! ```text
//!   Table ── needed columns ── nodes (each expression once)
//!     └─ Cohort: population × period ── groupings ── folds
//!   Question: metric × period ── breakdowns ── formula over folds
//! ```
//!
//! A table is read once. A cohort is a population whose rows were put into periods; it
//! keeps the account of its rows and folds them by group. Equal cohorts and equal folds
//! of different metrics are one. A question names the folds its formula is made of.

mod build;
pub mod nodes;
pub mod sides;

pub use build::plan;

use std::sync::Arc;

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::{DimensionId, MetricId, PopulationId};
use mittari_lang::schema::TableId;
use mittari_lang::typed::{Across, Expr, Moment};
use mittari_lang::types::{Period, Ty};
use mittari_lang::value::Value;

use self::sides::Sides;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The metrics; empty: all.
    pub metrics: Vec<MetricId>,
    /// The periods; rows of each kind stand one after the other.
    pub periods: Periods,
    /// The first day wanted, in days since 1970-01-01.
    pub from: Option<i32>,
    /// The day after the last one wanted.
    pub to: Option<i32>,
    /// The breakdowns instead of each metric's own, as names of dimensions; each is
    /// shown beside the total.
    pub breakdowns: Option<Vec<Vec<String>>>,
    /// The moment of evaluation, in microseconds.
    pub as_of: Option<i64>,
}

/// Over which periods metrics are measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Periods {
    /// The first one of each card.
    #[default]
    First,
    /// All that each card lists.
    Listed,
    /// These, instead of each card's own.
    These(Vec<Period>),
}

/// Everything a run does, as plain data.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What was asked for.
    pub selection: Selection,
    /// What must be known of related rows before the tables are read.
    pub sides: Arc<Sides>,
    /// The tables that are read, each once.
    pub tables: Vec<TablePlan>,
    /// The cohorts, in the order of their tables.
    pub cohorts: Vec<Cohort>,
    /// The questions, one for each metric and kind of period.
    pub questions: Vec<Question>,
}

/// One table and what is read of it.
#[derive(Debug, Clone)]
pub struct TablePlan {
    /// The table.
    pub table: TableId,
    /// The cohorts made from it, as places in [`Plan::cohorts`].
    pub cohorts: Vec<usize>,
}

/// A population whose rows were put into periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// Which rows and what dates them.
    pub population: PopulationId,
    /// The periods its rows are put into.
    pub period: Period,
    /// How rows become members of periods.
    pub membership: Membership,
    /// What each of its groupings is made finer by, for aggregates of aggregates; it is
    /// kept apart, so that other calls of the same rows need no groups of single values.
    pub per: Vec<DimensionId>,
    /// The groupings that are kept; each question finds one that is fine enough.
    pub groupings: Vec<Vec<DimensionId>>,
    /// What is made of the rows that count.
    pub folds: Vec<Fold>,
}

/// How rows become members of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Membership {
    /// Each row is in the one period its date lies in. A window over several periods
    /// is the sum of theirs.
    Dated,
    /// A stock, kept as movements: what came in less what went out. Only counts and
    /// sums whose rows do not depend on the period.
    Movements,
    /// Each row stands in every period it is open in, or whose window it lies in; the
    /// totals of a period are complete as they stand. The number is the length of the
    /// window in periods; of a stock 0.
    Members(u32),
}

/// What is made of the rows of a group that count.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// What is made.
    pub kind: FoldKind,
    /// The value of a row.
    pub argument: Option<Expr>,
    /// The condition of the call itself.
    pub filter: Option<Expr>,
}

/// The folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoldKind {
    /// How many rows.
    Count,
    /// How many rows for which the argument is true.
    Yes,
    /// The exact sum.
    Sum,
    /// The exact sums of values and of their squares.
    SumAndSquares,
    /// The values themselves.
    Values,
    /// The smallest and the largest.
    Extremes,
    /// The different values.
    Keys,
    /// How often each value occurs.
    Tally,
}

/// One metric over one kind of period.
#[derive(Debug, Clone)]
pub struct Question {
    /// The metric.
    pub metric: MetricId,
    /// The period.
    pub period: Period,
    /// The breakdowns; the first is the total, without a dimension.
    pub breakdowns: Vec<Vec<DimensionId>>,
    /// The formula over folds.
    pub formula: GroupExpr,
    /// Of a quotient, what stands above.
    pub numerator: Option<GroupExpr>,
    /// Of a quotient, what stands below.
    pub denominator: Option<GroupExpr>,
    /// The cohorts the formula uses, as places in [`Plan::cohorts`], each once, with
    /// the windows their calls reach over; each has an account in the result.
    pub accounts: Vec<CohortUse>,
}

/// A cohort and how far back a call reaches in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CohortUse {
    /// The place in [`Plan::cohorts`].
    pub cohort: usize,
    /// How many periods up to and with the own one are taken together; 1 is the own
    /// one alone. Of cohorts with [`Membership::Members`] always 1.
    pub window: u32,
}

/// An expression of a group, its calls bound to folds.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupExpr {
    /// What it is.
    pub kind: GroupKind,
    /// Its type.
    pub ty: Ty,
}

/// The kinds of expressions of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupKind {
    /// A value.
    Literal(Value),
    /// A named instant of the period.
    Instant(Moment),
    /// A builtin applied to values.
    Call(Builtin, Vec<GroupExpr>),
    /// The first branch whose condition is true, else the last.
    Case(Vec<(GroupExpr, GroupExpr)>, Box<GroupExpr>),
    /// What a function makes of a fold.
    Fold(FoldUse),
    /// What a function makes of values of finer groups.
    Per(Box<PerUse>),
}

/// An aggregate of aggregates: one value for each value of a dimension that has a row
/// which counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PerUse {
    /// Its number among those of the question.
    pub number: usize,
    /// The rows that say which values there are.
    pub of: CohortUse,
    /// The dimension.
    pub per: DimensionId,
    /// What is made of the values.
    pub function: mittari_lang::typed::Function,
    /// The value of a finer group; none for a count.
    pub argument: Option<GroupExpr>,
    /// Which finer groups are taken.
    pub filter: Option<GroupExpr>,
    /// Over which groups it reaches.
    pub across: Across,
}

/// A fold and what is read from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldUse {
    /// The cohort and how far back.
    pub of: CohortUse,
    /// The place in [`Cohort::folds`].
    pub fold: usize,
    /// What is made of it.
    pub function: mittari_lang::typed::Function,
    /// Over which groups it reaches.
    pub across: Across,
}

impl Question {
    /// The formula and its parts.
    pub fn exprs(&self) -> impl Iterator<Item = &GroupExpr> {
        std::iter::once(&self.formula).chain(&self.numerator).chain(&self.denominator)
    }

    /// Visits every use of a fold in the formula and its parts.
    pub fn each_fold(&self, seen: &mut dyn FnMut(&FoldUse)) {
        self.exprs().for_each(|expr| expr.each_fold(seen));
    }
}

impl GroupExpr {
    /// Visits every use of a fold.
    pub fn each_fold(&self, seen: &mut dyn FnMut(&FoldUse)) {
        match &self.kind {
            GroupKind::Literal(_) | GroupKind::Instant(_) => {}
            GroupKind::Fold(used) => seen(used),
            GroupKind::Per(level) => {
                for part in level.argument.iter().chain(&level.filter) {
                    part.each_fold(seen);
                }
            }
            GroupKind::Call(_, operands) => {
                for operand in operands {
                    operand.each_fold(seen);
                }
            }
            GroupKind::Case(branches, otherwise) => {
                for (when, then) in branches {
                    when.each_fold(seen);
                    then.each_fold(seen);
                }
                otherwise.each_fold(seen);
            }
        }
    }
}

impl Plan {
    /// A plan that reads nothing.
    pub fn empty(selection: Selection) -> Self {
        Self {
            selection,
            sides: Arc::default(),
            tables: Vec::new(),
            cohorts: Vec::new(),
            questions: Vec::new(),
        }
    }
}
