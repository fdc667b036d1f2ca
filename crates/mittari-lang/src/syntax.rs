//! An expression as written: names are text, operators are operators.
//!
//! Parentheses are inside the span of what they enclose, so that every span is a
//! balanced piece of the text. Chains of one operator are lists, never deep trees.

use crate::span::{Span, Spanned};
use crate::value::{Currency, Decimal};

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, parentheses included.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum ExprKind {
    /// A written value.
    Literal(Literal),
    /// A name, or names joined by dots: `waited`, `ticket.type`.
    Name(Path),
    /// `mean(waited, where outcome = "answered")`.
    Call(Call),
    /// `budget[priority]`.
    Subscript { table: Spanned<String>, keys: Vec<Expr> },
    /// `budget[priority] at opened_at`, `duty.resolvable at opened_at`.
    At { value: Box<Expr>, instant: Box<Expr> },
    /// `["phone", "chat"]`.
    List(Vec<Expr>),
    /// `if a then b else if c then d else e`.
    If { branches: Vec<(Expr, Expr)>, otherwise: Box<Expr> },
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `not a`.
    Not(Box<Expr>),
    /// `a <= b`.
    Compare { left: Box<Expr>, op: CompareOp, right: Box<Expr> },
    /// `a in [..]`, `a not in [..]`.
    In { value: Box<Expr>, list: Box<Expr>, negated: bool },
    /// `a between b and c`, both ends included.
    Between { value: Box<Expr>, low: Box<Expr>, high: Box<Expr>, negated: bool },
    /// `a is missing`.
    IsMissing(Box<Expr>),
    /// `a is known`.
    IsKnown(Box<Expr>),
    /// `a or_else b or_else c`.
    OrElse(Vec<Expr>),
    /// `a + b - c`.
    Sum(Vec<(Sign, Expr)>),
    /// `a * b / c`.
    Product(Vec<(Factor, Expr)>),
    /// `-a`.
    Negative(Box<Expr>),
    /// Something that was complained about.
    Unsound,
}

/// Names joined by dots; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The names in order.
    pub parts: Vec<Spanned<String>>,
}

/// A written value.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum Literal {
    /// `42`, `0.5`: a number without a unit.
    Number(Decimal),
    /// `80 %`: the fraction, 0.80.
    Ratio(Decimal),
    /// `1 h 30 min` in microseconds; `days` says that a `d` was used.
    Duration { micros: i64, days: bool },
    /// `50 EUR`.
    Money { amount: Decimal, currency: Currency },
    /// `date(2026-01-31)`, in days since 1970-01-01.
    Day(i32),
    /// `"text"`, without its quotes.
    Text(String),
    /// `true`, `false`.
    Truth(bool),
    /// `missing`.
    Missing,
}

/// A call: values first, clauses behind them, each clause once.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function's name as written.
    pub name: Spanned<String>,
    /// The values.
    pub arguments: Vec<Expr>,
    /// The clauses, in the order written.
    pub clauses: Vec<Clause>,
}

impl Call {
    /// The clause of a kind, if the call has it.
    pub fn clause(&self, wanted: impl Fn(&ClauseKind) -> bool) -> Option<&Clause> {
        self.clauses.iter().find(|clause| wanted(&clause.kind))
    }
}

/// A clause of a call, its word included in the span.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Which clause and its content.
    pub kind: ClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// The clauses.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each form names its parts")]
pub enum ClauseKind {
    /// `where p`.
    Where(Expr),
    /// `dated x`.
    Dated(Expr),
    /// `open a until b`.
    Open { from: Expr, until: Expr },
    /// `over 12 months`.
    Over(Spanned<Window>),
    /// `from t`.
    From(Spanned<String>),
    /// `across f`; `None` is `across all`.
    Across(Option<Spanned<String>>),
    /// `per f`: an expression of a row.
    Per(Expr),
    /// `its contacts`.
    Its(Spanned<String>),
    /// `by t`, of `next` and `previous` along a key.
    By(Expr),
    /// `calendar "desk"`, `calendar hours[priority]`.
    Calendar(Expr),
    /// `except pauses`.
    Except(Spanned<String>),
    /// `worst 60 %`.
    Worst(Expr),
    /// `best 95 %`.
    Best(Expr),
}

impl ClauseKind {
    /// The word that begins the clause.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Where(_) => "where",
            Self::Dated(_) => "dated",
            Self::Open { .. } => "open",
            Self::Over(_) => "over",
            Self::From(_) => "from",
            Self::Across(_) => "across",
            Self::Per(_) => "per",
            Self::Its(_) => "its",
            Self::By(_) => "by",
            Self::Calendar(_) => "calendar",
            Self::Except(_) => "except",
            Self::Worst(_) => "worst",
            Self::Best(_) => "best",
        }
    }
}

/// A length in whole periods: `12 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many, at least 1.
    pub count: u32,
    /// Of which period.
    pub unit: crate::types::Period,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the signs say it")]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The sign before a term of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Sign {
    Plus,
    Minus,
}

/// How a factor stands in a product; the first one is always `Times`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Factor {
    Times,
    Over,
}

/// A target or its amber edge: `at least 80 %`, `between 70 % and 90 %`.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Which side of the value is good.
    pub kind: GoalKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a target; the bounds are written values or parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum GoalKind {
    /// `at least x`, `>= x`.
    AtLeast(Expr),
    /// `at most x`, `<= x`.
    AtMost(Expr),
    /// `over x`, `> x`.
    Over(Expr),
    /// `under x`, `< x`.
    Under(Expr),
    /// `between x and y`, both ends included.
    Between(Expr, Expr),
}
