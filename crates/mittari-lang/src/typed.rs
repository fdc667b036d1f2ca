//! An expression as meant: no names are left in it, and every node has a type.
//!
//! Parameters, defines and computed fields have been put in place of their names;
//! operators have become builtins; what a card leaves out (a calendar, a population)
//! has been filled in.

mod related;

pub use related::{Keyed, Related, Validity};

use crate::builtin::Builtin;
use crate::schema::ColumnId;
use crate::span::Span;
use crate::types::Ty;
use crate::value::Value;

/// The number of a population in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PopulationId(pub u32);

/// The number of a dimension in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimensionId(pub u32);

/// A typed expression and the place it was written at.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Ty,
    /// Where it was written.
    pub span: Span,
}

/// Equality of meaning: places do not count.
impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.ty == other.ty && self.kind == other.kind
    }
}

impl Expr {
    /// Visits the expression and all its parts, those of related rows included, but not
    /// the parts of a call of the group.
    pub fn each_part(&self, seen: &mut dyn FnMut(&Self)) {
        seen(self);
        match &self.kind {
            ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Instant(_)
            | ExprKind::Aggregate(_) => {}
            ExprKind::Call(_, operands) => {
                for one in operands {
                    one.each_part(seen);
                }
            }
            ExprKind::Case(branches, otherwise) => {
                for (when, then) in branches {
                    when.each_part(seen);
                    then.each_part(seen);
                }
                otherwise.each_part(seen);
            }
            ExprKind::Table(table) => {
                table.keys.iter().chain(&table.at).for_each(|one| one.each_part(seen));
            }
            ExprKind::Related(related) => {
                let parts = related.own().into_iter().chain(related.others());
                parts.for_each(|one| one.each_part(seen));
            }
        }
    }
}

/// The kinds of typed expressions: fewer than the written ones.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A value. A number beside a duration or money has become one (only `0` can).
    Literal(Value),
    /// The row's value of a column of the table at hand.
    Column(ColumnId),
    /// One of the named instants.
    Instant(Moment),
    /// A builtin applied to values; see [`Builtin`] for what each takes.
    Call(Builtin, Vec<Expr>),
    /// The first branch whose condition is true, else the last; the conditions are of
    /// kind truth.
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// A look-up in a parameter table.
    Table(Box<Table>),
    /// A value made of other rows than the one at hand.
    Related(Box<Related>),
    /// A value of the group, made from its rows.
    Aggregate(Box<Aggregate>),
}

/// The named instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// The moment of evaluation.
    AsOf,
    /// The first instant of the period the row or group is in.
    PeriodStart,
    /// The instant that ends the period, or `as_of` if that is earlier.
    PeriodEnd,
}

/// A look-up in a parameter table, whose editions may be dated.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The keys, each of the kind of the rows' keys.
    pub keys: Vec<Expr>,
    /// The instant that chooses the edition; none where there is only one.
    pub at: Option<Expr>,
    /// The editions, earliest first. Before the first one nothing is found.
    pub editions: Vec<Edition>,
}

/// One edition of a parameter table.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// Its first instant in microseconds, or where a day chooses the edition its first
    /// day since 1970-01-01; of a table without dates none.
    pub since: Option<i64>,
    /// Keys (as many as the table has) and the value; keys not listed find nothing.
    pub rows: Vec<(Vec<Value>, Value)>,
    /// The value of all other keys, where the table says `otherwise`.
    pub otherwise: Value,
}

/// A value of the group, made from the rows of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is made of the rows.
    pub function: Function,
    /// The value of each row; none for `count()`.
    pub argument: Option<Expr>,
    /// Which rows, and in which period each one counts.
    pub population: PopulationId,
    /// The condition of the call itself.
    pub filter: Option<Expr>,
    /// Over which groups of a breakdown the call reaches.
    pub across: Across,
    /// An aggregate of aggregates: the call takes one row for each value of this
    /// dimension that has a row which counts, and `argument` and `filter` are values of
    /// that row's group. Rows without a value form none.
    pub per: Option<DimensionId>,
}

/// What is made of the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    /// How many rows; whole, never without data.
    Count,
    /// Rows for which the argument is true over all rows; unknown ones stay below.
    Share,
    /// The sum of the known values.
    Sum,
    /// The mean of the known values.
    Mean,
    /// The quantile 0 < q < 1, interpolated linearly (Hyndman and Fan, 1996, type 7);
    /// the median is the quantile 1/2.
    Quantile(f64),
    /// The quantile by nearest rank (Hyndman and Fan, 1996, type 1).
    NearestRank(f64),
    /// The smallest known value.
    Min,
    /// The largest known value.
    Max,
    /// The standard deviation of a sample, with n - 1 below.
    Stddev,
    /// How many different known values; whole, never without data.
    Distinct,
    /// For each value v: rows with v over rows with any; a whole formula only.
    Distribution,
}

/// How far a call reaches beyond its own group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Across {
    /// Its own group only.
    Own,
    /// All groups of one dimension.
    Dimension(DimensionId),
    /// All groups.
    All,
}
