//! Written expressions to expressions as meant: what holds for all of them.

use super::complaints::{kinds as of_kinds, names as of_names};
use super::kinds;
use super::scope::{Base, CardScope, Findings, Made, World};
use crate::builtin::Builtin;
use crate::diagnostic::Diagnostic;
use crate::schema::TableId;
use crate::span::Span;
use crate::syntax::{self, ExprKind as Written, Literal};
use crate::typed::{Expr, ExprKind};
use crate::types::{Grain, Kind, Ty};
use crate::value::Value;

/// How many nodes an expression may have once all names have been put in place.
const NODES: usize = 20_000;
/// How deep it may be.
const DEPTH: usize = 256;
/// How deep expressions may stand in each other, defines put in place, while they are
/// read: the stack of a small thread must hold it.
const NESTED: usize = 160;

/// Checks the expressions of one card.
#[derive(Debug)]
pub(super) struct Checker<'c, 'a> {
    /// What all cards share.
    pub(super) world: &'c World<'a>,
    /// What grows.
    pub(super) made: &'c mut Made,
    /// The card.
    pub(super) card: &'c CardScope<'a>,
    /// What was found out about it.
    pub(super) found: &'c mut Findings,
    /// The table whose fields have names here.
    pub(super) table: Option<TableId>,
    /// Whether a value of the group is wanted here, not one of each row.
    pub(super) group: bool,
    /// The whole formula, where a distribution may stand.
    pub(super) whole: Option<Span>,
    /// The defines and computed fields that are being put in place.
    pub(super) open: Vec<(TableId, String)>,
    /// Inside an aggregate of aggregates: the rows its calls take unless they say others.
    pub(super) inner: Option<Base>,
    /// How many expressions are being read, each inside the one before.
    depth: usize,
}

impl<'c, 'a> Checker<'c, 'a> {
    /// A checker that stands in no table.
    pub(super) fn new(
        world: &'c World<'a>,
        made: &'c mut Made,
        card: &'c CardScope<'a>,
        found: &'c mut Findings,
    ) -> Self {
        let (table, whole, open, inner) = (None, None, Vec::new(), None);
        let (group, depth) = (false, 0);
        Self { world, made, card, found, table, group, whole, open, inner, depth }
    }

    /// An expression as meant, where the checker stands.
    pub(super) fn expr(&mut self, written: &syntax::Expr) -> Expr {
        if self.depth >= NESTED {
            return self.complain(of_kinds::too_deep(written.span));
        }
        self.depth += 1;
        let expr = self.read(written);
        self.depth -= 1;
        expr
    }

    /// The same, one level down.
    fn read(&mut self, written: &syntax::Expr) -> Expr {
        let span = written.span;
        match &written.kind {
            Written::Literal(literal) => self.literal(literal, span),
            Written::Name(path) => self.name(path, span),
            Written::Call(call) => self.call(call, span),
            Written::Subscript { table, keys } => self.subscript(table, keys, None, span),
            Written::At { value, instant } => self.at(value, instant, span),
            Written::List(_) => self.complain(of_kinds::list_alone(span)),
            Written::If { branches, otherwise } => self.branch(branches, otherwise, span),
            Written::Or(all) => self.any(all, span),
            Written::And(all) => self.all(all, span),
            Written::Not(one) => self.not(one, span),
            Written::Compare { left, op, right } => self.compare(left, *op, right, span),
            Written::In { value, list, negated } => {
                self.membership(value, list, *negated, span)
            }
            Written::Between { value, low, high, negated } => {
                self.between(value, [low, high], *negated, span)
            }
            Written::IsMissing(one) => self.presence(Builtin::IsMissing, one, span),
            Written::IsKnown(one) => self.presence(Builtin::IsKnown, one, span),
            Written::OrElse(all) => self.or_else(all, span),
            Written::Sum(terms) => self.sum(terms, span),
            Written::Product(factors) => self.product(factors, span),
            Written::Negative(one) => self.negative(one, span),
            Written::Unsound => unsound(span),
        }
    }

    /// A written value.
    pub(super) fn literal(&mut self, literal: &Literal, span: Span) -> Expr {
        if let Literal::Duration { days: true, .. } = literal {
            self.found.in_days.insert(span);
        }
        if let Literal::Money { currency, .. } = literal
            && !self.world.currencies.is_empty()
            && !self.world.currencies.contains(currency)
        {
            let known = self.world.currencies.iter();
            return self.complain(of_names::unknown_currency(span, *currency, known));
        }
        let (kind, value) = meaning(literal);
        let maybe = kind == Kind::Missing;
        Expr {
            kind: ExprKind::Literal(value),
            ty: Ty::new(kind, Grain::Constant, maybe),
            span,
        }
    }

    /// Says something, with a label on the parameter a place came from.
    pub(super) fn say(&mut self, mut diagnostic: Diagnostic) {
        let origin = self.found.origins.get(&diagnostic.span()).cloned();
        if let Some((name, place)) = origin
            && !diagnostic.labels.iter().any(|label| label.span == place)
        {
            let text = format!("the parameter `{name}` is set here");
            diagnostic = diagnostic.with(place, text);
        }
        if !self.found.said.contains(&diagnostic) {
            self.found.said.push(diagnostic);
        }
    }

    /// Says something about what is unsound from here on.
    pub(super) fn complain(&mut self, diagnostic: Diagnostic) -> Expr {
        let span = diagnostic.span();
        self.say(diagnostic);
        unsound(span)
    }

    /// Stands in the rows of a table for a while.
    pub(super) fn in_rows<T>(
        &mut self,
        table: TableId,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = (self.table.replace(table), self.group);
        self.group = false;
        let result = work(self);
        (self.table, self.group) = before;
        result
    }

    /// Works on what the vocabulary says: gives what was said of it, apart from what is
    /// said of the card, and what it tests is not tested by the card.
    pub(super) fn apart<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> T,
    ) -> (T, Vec<Diagnostic>) {
        let said = std::mem::take(&mut self.found.said);
        let tested = self.found.tested.clone();
        let result = work(self);
        self.found.tested = tested;
        (result, std::mem::replace(&mut self.found.said, said))
    }

    /// A builtin applied to values of fitting kinds: joins their grains.
    pub(super) fn apply(
        &mut self,
        builtin: Builtin,
        arguments: Vec<Expr>,
        kind: Kind,
        span: Span,
    ) -> Expr {
        let maybe = arguments.iter().any(|argument| argument.ty.maybe);
        if arguments.iter().any(is_unsound) || kind == Kind::Unsound {
            return unsound(span);
        }
        let Some(grain) = self.grain(arguments.iter(), span) else {
            return unsound(span);
        };
        Expr {
            kind: ExprKind::Call(builtin, arguments),
            ty: Ty::new(kind, grain, maybe),
            span,
        }
    }

    /// The grain of several values together; said if a row meets a group.
    pub(super) fn grain<'e>(
        &mut self,
        parts: impl Iterator<Item = &'e Expr>,
        span: Span,
    ) -> Option<Grain> {
        let mut seen: Option<&Expr> = None;
        let mut grain = Grain::Constant;
        for part in parts {
            let Some(joined) = kinds::grain(grain, part.ty.grain) else {
                let first = seen.map_or(span, |seen| seen.span);
                let row_first = grain == Grain::Row;
                let (row, group) =
                    if row_first { (first, part.span) } else { (part.span, first) };
                self.say(of_kinds::mixed_grain(span, row, group));
                return None;
            };
            if part.ty.grain != Grain::Constant {
                seen = Some(part);
            }
            grain = joined;
        }
        Some(grain)
    }

    /// A condition; said if it is something else.
    pub(super) fn condition(&mut self, written: &syntax::Expr) -> Expr {
        let expr = self.expr(written);
        self.truth(expr)
    }

    /// The same of what is already meant.
    pub(super) fn truth(&mut self, expr: Expr) -> Expr {
        match expr.ty.kind {
            Kind::Truth | Kind::Unsound => expr,
            kind => {
                let found = self.words(kind);
                self.complain(of_kinds::truth_expected(expr.span, &found))
            }
        }
    }

    /// A kind in the words of people.
    pub(super) fn words(&self, kind: Kind) -> String {
        match kind {
            Kind::Truth => "a condition".into(),
            Kind::Text => "a text".into(),
            Kind::Category(set) => format!("a value of `{}`", self.made.set_name(set)),
            Kind::Number => "a number".into(),
            Kind::Ratio => "a ratio".into(),
            Kind::Quotient => "a quotient".into(),
            Kind::Bare => "a number without a unit".into(),
            Kind::Duration => "a duration".into(),
            Kind::Money(currency) => format!("an amount in {}", currency.code()),
            Kind::Instant => "an instant".into(),
            Kind::Day => "a day".into(),
            Kind::Calendar => "a calendar".into(),
            Kind::Missing => "no value".into(),
            Kind::Unsound => "something unsound".into(),
        }
    }

    /// Refuses what has grown too large by the names put in place.
    pub(super) fn within_limits(&mut self, expr: Expr, span: Span) -> Expr {
        let mut left = NODES;
        if fits(&expr, DEPTH, &mut left) {
            expr
        } else {
            self.complain(of_kinds::too_large(span))
        }
    }
}

/// Whether an expression is no deeper and no larger than allowed.
fn fits(expr: &Expr, depth: usize, left: &mut usize) -> bool {
    let (Some(depth), Some(rest)) = (depth.checked_sub(1), left.checked_sub(1)) else {
        return false;
    };
    *left = rest;
    children(expr).into_iter().all(|child| fits(child, depth, left))
}

/// The expressions an expression is made of.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Instant(_) => Vec::new(),
        ExprKind::Call(_, arguments) => arguments.iter().collect(),
        ExprKind::Case(branches, otherwise) => branches
            .iter()
            .flat_map(|(condition, value)| [condition, value])
            .chain([&**otherwise])
            .collect(),
        ExprKind::Table(table) => table.keys.iter().chain(&table.at).collect(),
        ExprKind::Related(related) => {
            let (mut all, others) = (related.own(), related.others());
            all.extend(others);
            all
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate.argument.iter().chain(&aggregate.filter).collect()
        }
    }
}

/// Whether a part of an expression is of a kind.
pub(super) fn contains(expr: &Expr, wanted: &dyn Fn(&Expr) -> bool) -> bool {
    wanted(expr) || children(expr).into_iter().any(|child| contains(child, wanted))
}

/// What was complained about.
pub(super) const fn unsound(span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(Value::Missing), ty: Ty::UNSOUND, span }
}

/// Whether it was complained about.
pub(super) const fn is_unsound(expr: &Expr) -> bool {
    matches!(expr.ty.kind, Kind::Unsound)
}

/// The kind and value of a written value.
pub(super) fn meaning(literal: &Literal) -> (Kind, Value) {
    match literal {
        Literal::Number(number) => (Kind::Bare, Value::Number(*number)),
        Literal::Ratio(ratio) => (Kind::Ratio, Value::Number(*ratio)),
        Literal::Duration { micros, .. } => (Kind::Duration, Value::Duration(*micros)),
        Literal::Money { amount, currency } => {
            (Kind::Money(*currency), Value::Money(*amount))
        }
        Literal::Day(day) => (Kind::Day, Value::Day(*day)),
        Literal::Text(text) => (Kind::Text, Value::Text(text.clone())),
        Literal::Truth(truth) => (Kind::Truth, Value::Truth(*truth)),
        Literal::Missing => (Kind::Missing, Value::Missing),
    }
}
