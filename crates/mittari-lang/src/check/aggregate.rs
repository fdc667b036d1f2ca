//! Values of a group, made from its rows.

use super::call::measurable;
use super::complaints::{call as of_calls, kinds as of_kinds};
use super::expr::{Checker, is_unsound, unsound};
use super::level::Rows;
use crate::schema::TableId;
use crate::span::Span;
use crate::syntax::{self, Call, ClauseKind};
use crate::typed::{Across, Aggregate, Expr, ExprKind, Function};
use crate::types::{Grain, Kind, Ty};
use crate::value::Value;

/// The clauses of a call that reads rows.
const ROWS: &[&str] =
    &["where", "dated", "open", "over", "from", "across", "per", "its", "by"];
/// The same of a call that lists what it finds.
const LISTED: &[&str] =
    &["where", "dated", "open", "over", "from", "across", "its", "by"];

impl Checker<'_, '_> {
    /// `count()`.
    pub(super) fn count(&mut self, call: &Call, span: Span) -> Expr {
        if let [condition] = call.arguments.as_slice() {
            return self.count_of(call, condition, span);
        }
        if self.arguments::<0>(call, ROWS, span).is_none() {
            return unsound(span);
        }
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        if !self.fits_level(&rows, None) {
            return unsound(span);
        }
        make(
            Function::Count,
            None,
            rows,
            Ty::new(Kind::Number, Grain::Group, false),
            span,
        )
    }

    /// `count(p)`, `count(x)`: not in the language, but what was meant is clear.
    fn count_of(&mut self, call: &Call, written: &syntax::Expr, span: Span) -> Expr {
        let table = self.table;
        let expr = match table {
            Some(table) => self.in_rows(table, |checker| checker.expr(written)),
            None => self.expr(written),
        };
        if is_unsound(&expr) {
            return unsound(span);
        }
        let truth = expr.ty.kind == Kind::Truth;
        let name = super::arithmetic::single(written).unwrap_or("x");
        if call.clauses.is_empty() || truth {
            return self.complain(of_calls::count_of(expr.span, truth, name));
        }
        self.complain(of_calls::argument_count(span, "count", 0, 1))
    }

    /// `share(p)`.
    pub(super) fn share(&mut self, call: &Call, span: Span) -> Expr {
        let Some([condition]) = self.arguments(call, ROWS, span) else {
            return unsound(span);
        };
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        let condition = self.in_call(&rows, |checker| checker.condition(condition));
        let ty = Ty::new(Kind::Ratio, Grain::Group, true);
        self.of_rows(Function::Share, (condition, rows), ty, span)
    }

    /// `sum(x)`, `mean(x)` and those that take the same.
    pub(super) fn measured(
        &mut self,
        call: &Call,
        function: Function,
        span: Span,
    ) -> Expr {
        let Some([argument]) = self.arguments(call, ROWS, span) else {
            return unsound(span);
        };
        self.measured_of(call, argument, function, span)
    }

    /// The same with the argument at hand.
    fn measured_of(
        &mut self,
        call: &Call,
        written: &syntax::Expr,
        function: Function,
        span: Span,
    ) -> Expr {
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        let argument = self.in_call(&rows, |checker| checker.expr(written));
        let kind = argument.ty.kind;
        if kind == Kind::Truth {
            let name = super::arithmetic::single(written).unwrap_or("p");
            let line = if function == Function::Sum {
                format!("count(where {name})")
            } else {
                format!("share({name})")
            };
            let word = call.name.value.as_str();
            return self.complain(of_calls::of_condition(argument.span, word, &line));
        }
        if !measurable(kind) && !is_unsound(&argument) {
            let found = self.words(kind);
            let expected = "a number, a duration or an amount";
            return self.complain(of_kinds::argument_kind(
                argument.span,
                expected,
                &found,
            ));
        }
        let ty = Ty::new(kind, Grain::Group, true);
        self.of_rows(function, (argument, rows), ty, span)
    }

    /// `percentile(x, 90 %)`, `nearest_rank(x, 90 %)`.
    pub(super) fn quantile(
        &mut self,
        call: &Call,
        function: fn(f64) -> Function,
        span: Span,
    ) -> Expr {
        let Some([argument, share]) = self.arguments(call, ROWS, span) else {
            return unsound(span);
        };
        let share = self.expr(share);
        if is_unsound(&share) {
            return unsound(span);
        }
        let between = match &share.kind {
            ExprKind::Literal(Value::Number(share)) => Some(share.to_f64()),
            _ => None,
        };
        let between = between.filter(|q| *q > 0.0 && *q < 1.0);
        match between.filter(|_| share.ty.kind == Kind::Ratio) {
            Some(q) => self.measured_of(call, argument, function(q), span),
            None => self.complain(of_calls::quantile_form(share.span)),
        }
    }

    /// `min(x)`, `max(x)`: of what has an order.
    pub(super) fn extreme(
        &mut self,
        call: &Call,
        function: Function,
        span: Span,
    ) -> Expr {
        let Some([argument]) = self.arguments(call, ROWS, span) else {
            return unsound(span);
        };
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        let argument = self.in_call(&rows, |checker| checker.expr(argument));
        let kind = argument.ty.kind;
        let ordered = measurable(kind) || matches!(kind, Kind::Instant | Kind::Day);
        if !ordered && !is_unsound(&argument) {
            let found = self.words(kind);
            let expected = "a value that has an order";
            return self.complain(of_kinds::argument_kind(
                argument.span,
                expected,
                &found,
            ));
        }
        let ty = Ty::new(kind, Grain::Group, true);
        self.of_rows(function, (argument, rows), ty, span)
    }

    /// `distinct(x)`.
    pub(super) fn distinct(&mut self, call: &Call, span: Span) -> Expr {
        let Some([argument]) = self.arguments(call, LISTED, span) else {
            return unsound(span);
        };
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        let argument = self.in_call(&rows, |checker| checker.expr(argument));
        if matches!(argument.ty.kind, Kind::Truth | Kind::Missing) {
            let found = self.words(argument.ty.kind);
            let expected = "a value other than a condition";
            return self.complain(of_kinds::argument_kind(
                argument.span,
                expected,
                &found,
            ));
        }
        let ty = Ty::new(Kind::Number, Grain::Group, false);
        self.of_rows(Function::Distinct, (argument, rows), ty, span)
    }

    /// `distribution(x)`: a whole formula only.
    pub(super) fn distribution(&mut self, call: &Call, span: Span) -> Expr {
        let Some([argument]) = self.arguments(call, LISTED, span) else {
            return unsound(span);
        };
        if self.whole != Some(span) {
            return self.complain(of_calls::distribution_alone(span));
        }
        let Some(rows) = self.rows(call, span) else { return unsound(span) };
        let name = super::arithmetic::single(argument).unwrap_or("value");
        let mut argument = self.in_call(&rows, |checker| checker.expr(argument));
        self.own_values(&mut argument, name);
        let groups = matches!(
            argument.ty.kind,
            Kind::Category(_) | Kind::Text | Kind::Number | Kind::Truth | Kind::Unsound
        );
        if !groups {
            let found = self.words(argument.ty.kind);
            let expected = "a category, a text, a number or a condition";
            return self.complain(of_kinds::argument_kind(
                argument.span,
                expected,
                &found,
            ));
        }
        let ty = Ty::new(Kind::Ratio, Grain::Group, true);
        self.of_rows(Function::Distribution, (argument, rows), ty, span)
    }

    /// An aggregate of an argument, which must differ from row to row.
    fn of_rows(
        &mut self,
        function: Function,
        (argument, rows): (Expr, Rows),
        ty: Ty,
        span: Span,
    ) -> Expr {
        if is_unsound(&argument) || !self.fits_level(&rows, Some(&argument)) {
            return unsound(span);
        }
        if argument.ty.grain == Grain::Constant && !moves(&argument) {
            self.say(of_calls::constant_argument(argument.span));
        }
        if matches!(function, Function::Distribution | Function::Distinct) {
            self.note_all(&argument);
        }
        make(function, Some(argument), rows, ty, span)
    }

    /// All values of a category that is shown value by value are spoken of.
    pub(super) fn note_all(&mut self, field: &Expr) {
        self.spoke_of_all(field);
    }

    /// Which rows a call takes: the card's, as its clauses change them.
    fn rows(&mut self, call: &Call, span: Span) -> Option<Rows> {
        if !self.group {
            self.say(of_calls::nested_aggregate(span, &call.name.value));
            return None;
        }
        for clause in &call.clauses {
            match &clause.kind {
                ClauseKind::Its(_) => self.say(of_calls::its_in_group(clause.span)),
                ClauseKind::By(_) => {
                    let name = call.name.value.as_str();
                    self.say(of_calls::no_such_clause(clause.span, name, "by", &[]));
                }
                _ => continue,
            }
            return None;
        }
        let base = self.base_of(call, span)?;
        let table = base.table;
        let population = self.intern(base.clone(), span)?;
        let across = Across::Own;
        let mut rows = Rows { table, population, filter: None, across, level: None };
        let per = call.clause(|kind| matches!(kind, ClauseKind::Per(_)));
        if let Some(ClauseKind::Per(per)) = per.map(|clause| &clause.kind) {
            rows.level = Some(self.level(per, base)?);
        }
        for clause in &call.clauses {
            match &clause.kind {
                ClauseKind::Where(condition) => {
                    rows.filter = Some(self.where_of(&rows, condition)?);
                }
                ClauseKind::Across(None) => rows.across = Across::All,
                ClauseKind::Across(Some(name)) => {
                    rows.across = Across::Dimension(self.across(table, name)?);
                }
                _ => {}
            }
        }
        Some(rows)
    }

    /// A condition on the rows of a table.
    pub(super) fn where_in(
        &mut self,
        table: TableId,
        condition: &syntax::Expr,
    ) -> Option<Expr> {
        let filter = self.in_rows(table, |checker| checker.condition(condition));
        self.sound_condition(filter, condition.span)
    }

    /// A condition that may stand behind `where`.
    pub(super) fn sound_condition(&mut self, filter: Expr, span: Span) -> Option<Expr> {
        let filter = self.within_limits(filter, span);
        if is_unsound(&filter) {
            return None;
        }
        if filter.ty.grain == Grain::Constant && !moves(&filter) {
            self.say(of_calls::constant_argument(filter.span));
        }
        Some(filter)
    }
}

/// Whether an expression follows the period, though it names no field.
pub(super) fn moves(expr: &Expr) -> bool {
    super::expr::contains(expr, &|part| matches!(part.kind, ExprKind::Instant(_)))
}

/// The finished aggregate.
fn make(
    function: Function,
    argument: Option<Expr>,
    rows: Rows,
    ty: Ty,
    span: Span,
) -> Expr {
    let Rows { population, filter, across, level, .. } = rows;
    let per = level.map(|level| level.per);
    let aggregate = Aggregate { function, argument, population, filter, across, per };
    Expr { kind: ExprKind::Aggregate(Box::new(aggregate)), ty, span }
}
