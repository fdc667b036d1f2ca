//! The rows that belong to a row: what is made of them, and time that is taken off for
//! them.

use super::call::measurable;
use super::complaints::{call as of_calls, kinds as of_kinds, related as of_related};
use super::expr::{Checker, is_unsound, unsound};
use super::lookup::by_period;
use super::population::RowsNamed;
use crate::builtin::Builtin;
use crate::metric::ExclusionRule;
use crate::schema::{ColumnId, TableId};
use crate::span::{Span, Spanned};
use crate::syntax::{self, Call, ClauseKind};
use crate::typed::{Expr, ExprKind, Function, Keyed, Related};
use crate::types::{Grain, Kind, Ty};
use crate::value::Value;

/// The clauses of a call that reads the rows that belong to one.
const ITS: &[&str] = &["its", "where"];

impl Checker<'_, '_> {
    /// `count(its contacts, where p)`, `min(x, its history)`.
    pub(super) fn its(
        &mut self,
        call: &Call,
        name: &Spanned<String>,
        span: Span,
    ) -> Expr {
        let function = match call.name.value.as_str() {
            "count" => Function::Count,
            "sum" => Function::Sum,
            "min" => Function::Min,
            "max" => Function::Max,
            other => return self.complain(of_related::its_function(span, other)),
        };
        let arguments = if function == Function::Count {
            self.arguments::<0>(call, ITS, span).map(|_| None)
        } else {
            self.arguments::<1>(call, ITS, span).map(|[argument]| Some(argument))
        };
        let Some(argument) = arguments else { return unsound(span) };
        let Some((of, own)) = self.belonging(name) else { return unsound(span) };
        let mut filters: Vec<Expr> = own.into_iter().collect();
        for clause in &call.clauses {
            let ClauseKind::Where(condition) = &clause.kind else { continue };
            let Some(filter) = self.where_in(of.table, condition) else {
                return unsound(span);
            };
            filters.push(filter);
        }
        let argument =
            match argument.map(|written| self.taken(of.table, written, function)) {
                None => None,
                Some(Some(argument)) => Some(argument),
                Some(None) => return unsound(span),
            };
        if let Some(part) = filters.iter().chain(&argument).find(|part| by_period(part)) {
            return self.complain(of_related::period_elsewhere(part.span));
        }
        let kind =
            argument.as_ref().map_or(Kind::Number, |argument| match argument.ty.kind {
                Kind::Bare => Kind::Number,
                kind => kind,
            });
        let ty = Ty::new(kind, Grain::Row, argument.is_some());
        let related =
            Related::Its { of, function, argument, filter: all_of(filters, span) };
        Expr { kind: ExprKind::Related(Box::new(related)), ty, span }
    }

    /// The value of each of the rows; `None` after a complaint.
    fn taken(
        &mut self,
        table: TableId,
        written: &syntax::Expr,
        function: Function,
    ) -> Option<Expr> {
        let argument = self.in_rows(table, |checker| checker.expr(written));
        let argument = self.within_limits(argument, written.span);
        let kind = argument.ty.kind;
        let ordered =
            matches!(kind, Kind::Instant | Kind::Day) && function != Function::Sum;
        if is_unsound(&argument) || measurable(kind) || ordered {
            return (!is_unsound(&argument)).then_some(argument);
        }
        let found = self.words(kind);
        let expected = if function == Function::Sum {
            "a number, a duration or an amount"
        } else {
            "a value that has an order"
        };
        self.say(of_kinds::argument_kind(argument.span, expected, &found));
        None
    }

    /// The rows of a table or population that belong to the row at hand, and which of
    /// them are meant; `None` after a complaint.
    fn belonging(&mut self, name: &Spanned<String>) -> Option<(Keyed, Option<Expr>)> {
        let (table, filter) = match self.rows_named(name)? {
            RowsNamed::Table(table) => (table, None),
            RowsNamed::Population(named) => {
                let base = self.named(named, name, 0)?;
                let mut parts: Vec<Expr> = base.filter.into_iter().collect();
                for exclusion in base.exclusions {
                    let ExclusionRule::When(when) = exclusion.rule else {
                        self.say(of_related::keep_elsewhere(name, &exclusion.name));
                        return None;
                    };
                    parts.push(not_surely(when));
                }
                (base.table, all_of(parts, name.span))
            }
        };
        Some((self.way_back(table, name)?, filter))
    }

    /// The look-up by which rows of a table lead to the row at hand, turned around.
    fn way_back(&mut self, table: TableId, name: &Spanned<String>) -> Option<Keyed> {
        let Some(own) = self.table else {
            self.say(of_calls::its_in_group(name.span));
            return None;
        };
        let owner = self.world.table_name(own).to_owned();
        let other = self.world.schema.table(table)?;
        let mut back = other.lookups.iter().filter(|lookup| lookup.table == own);
        let (first, second) = (back.next(), back.next());
        let (Some(lookup), None) = (first, second) else {
            let names = first.into_iter().chain(second).map(|one| one.name.as_str());
            let names: Vec<&str> = names.collect();
            let complaint = of_related::no_way_back(name, &other.name, &owner, &names);
            self.say(complaint);
            return None;
        };
        if self.world.valid.get(own.0 as usize).is_some_and(Option::is_some) {
            self.say(of_related::way_back_in_time(name, &lookup.name, &owner));
            return None;
        }
        let columns = lookup.by.iter().map(|(from, _)| *from).collect();
        let keys = lookup.by.iter().map(|(_, to)| {
            let id = ColumnId { table: own, column: *to };
            let column = self.world.schema.column(id);
            let kind = column.map_or(Kind::Unsound, |column| column.kind);
            let ty = Ty::new(kind, Grain::Row, column.is_none_or(|one| !one.required));
            Expr { kind: ExprKind::Column(id), ty, span: name.span }
        });
        Some(Keyed { table, columns, keys: keys.collect() })
    }

    /// A call with `except pauses`: the time in which those rows hold is taken off.
    pub(super) fn except(&mut self, call: &Call, expr: Expr) -> Expr {
        let names = call.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Except(name) => Some(name),
            _ => None,
        });
        let Some(name) = names else { return expr };
        let Some((of, filter)) = self.belonging(name) else { return unsound(expr.span) };
        let holds = match self.validity(of.table) {
            Some(Ok(holds)) => holds,
            Some(Err(())) => return unsound(expr.span),
            None => {
                let table = self.world.table_name(of.table);
                let complaint = of_related::pauses_form(name, table);
                return self.complain(complaint);
            }
        };
        if filter.as_ref().is_some_and(by_period) {
            return self.complain(of_related::period_elsewhere(name.span));
        }
        let Expr { kind: ExprKind::Call(builtin, operands), ty, span } = expr else {
            return expr;
        };
        // Rows that hold for a reversed time leave none.
        let ty = Ty::new(ty.kind, Grain::Row, true);
        let related = Related::Less { builtin, operands, of, filter, holds };
        Expr { kind: ExprKind::Related(Box::new(related)), ty, span }
    }

    /// `next(x, per key, by t)`, `previous(x, per key, by t)`.
    pub(super) fn neighbour(&mut self, call: &Call, span: Span) -> Expr {
        let Some([argument]) = self.arguments(call, &["per", "by"], span) else {
            return unsound(span);
        };
        let word = call.name.value.as_str();
        let (mut per, mut by) = (None, None);
        for clause in &call.clauses {
            match &clause.kind {
                ClauseKind::Per(key) => per = Some(key),
                ClauseKind::By(order) => by = Some(order),
                _ => {}
            }
        }
        let (Some(per), Some(by)) = (per, by) else {
            return self.complain(of_related::neighbour_form(span, word));
        };
        let Some(table) = self.table.filter(|_| !self.group) else {
            return self.complain(of_related::neighbour_in_group(span, word));
        };
        let [argument, per, by] = [argument, per, by].map(|part| self.expr(part));
        if [&argument, &per, &by].into_iter().any(is_unsound) {
            return unsound(span);
        }
        if let Some(part) =
            [&argument, &per, &by].into_iter().find(|part| by_period(part))
        {
            return self.complain(of_related::period_elsewhere(part.span));
        }
        let ordered =
            measurable(by.ty.kind) || matches!(by.ty.kind, Kind::Instant | Kind::Day);
        for (part, sound, expected) in [
            (&argument, argument.ty.kind != Kind::Missing, "a value"),
            (&per, per.ty.kind != Kind::Missing, "a value"),
            (&by, ordered, "a value that has an order"),
        ] {
            if !sound {
                let found = self.words(part.ty.kind);
                return self
                    .complain(of_kinds::argument_kind(part.span, expected, &found));
            }
        }
        let ty = Ty::new(argument.ty.kind, Grain::Row, true);
        let next = word == "next";
        let related = Related::Neighbour { table, next, argument, per, by };
        Expr { kind: ExprKind::Related(Box::new(related)), ty, span }
    }
}

/// A condition that leaves out only the rows for which another is true.
fn not_surely(when: Expr) -> Expr {
    let span = when.span;
    let ty = Ty::new(Kind::Truth, Grain::Row, false);
    let no = Ty::new(Kind::Truth, Grain::Constant, false);
    let no = Expr { kind: ExprKind::Literal(Value::Truth(false)), ty: no, span };
    let sure = Expr { kind: ExprKind::Call(Builtin::OrElse, vec![when, no]), ty, span };
    Expr { kind: ExprKind::Call(Builtin::Not, vec![sure]), ty, span }
}

/// Several conditions as one; none of none.
fn all_of(mut parts: Vec<Expr>, span: Span) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let maybe = parts.iter().any(|part| part.ty.maybe);
    let ty = Ty::new(Kind::Truth, Grain::Row, maybe);
    Some(Expr { kind: ExprKind::Call(Builtin::And, parts), ty, span })
}
