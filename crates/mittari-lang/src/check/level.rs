//! Aggregates of aggregates: `per f` makes one row of each value of f.

use super::arithmetic::single;
use super::complaints::{call as of_calls, kinds as of_kinds, names as of_names};
use super::expr::Checker;
use super::scope::Base;
use crate::metric::{Dimension, DimensionId};
use crate::schema::TableId;
use crate::span::Spanned;
use crate::syntax;
use crate::typed::{Across, Expr, PopulationId};
use crate::types::{Grain, Kind};

/// Which rows a call takes.
pub(super) struct Rows {
    pub(super) table: TableId,
    pub(super) population: PopulationId,
    pub(super) filter: Option<Expr>,
    pub(super) across: Across,
    /// Of an aggregate of aggregates: what its rows are, and what its inner calls read.
    pub(super) level: Option<Level>,
}

/// What the rows of an aggregate of aggregates are.
pub(super) struct Level {
    /// Each value of this dimension is one.
    pub(super) per: DimensionId,
    /// As it is written.
    name: Spanned<String>,
    /// The rows its inner calls take unless they say others.
    base: Base,
}

impl Checker<'_, '_> {
    /// What a call behind whose `per` something is written makes of some rows.
    pub(super) fn level(&mut self, written: &syntax::Expr, base: Base) -> Option<Level> {
        let name = Spanned::new(crate::print::expression(written), written.span);
        let per = self.per(written, &name, &base)?;
        Some(Level { per, name, base })
    }

    /// The dimension behind `per`: a field or define, or any other value of a row.
    fn per(
        &mut self,
        written: &syntax::Expr,
        name: &Spanned<String>,
        base: &Base,
    ) -> Option<DimensionId> {
        let table = base.table;
        let named = single(written).and_then(|name| self.dimension(name, table));
        if let Some(id) = named.filter(|id| self.reaches(*id, table)) {
            return Some(id);
        }
        let expr = self.in_rows(table, |checker| checker.expr(written));
        let expr = self.within_limits(expr, written.span);
        match expr.ty.kind {
            Kind::Unsound => return None,
            Kind::Missing | Kind::Calendar => {
                let found = self.words(expr.ty.kind);
                let complaint =
                    of_kinds::argument_kind(expr.span, "a value of each row", &found);
                self.say(complaint);
                return None;
            }
            _ if expr.ty.grain != Grain::Row => {
                self.say(of_calls::constant_argument(expr.span));
            }
            _ => {}
        }
        let (kind, personal) =
            (expr.ty.kind, self.is_personal(table, &name.value, &expr));
        let (declared, of) = (Vec::new(), vec![(table, expr)]);
        let name = name.value.clone();
        Some(self.intern_dimension(Dimension { name, kind, personal, declared, of }))
    }

    /// Stands where the arguments of a call are read: in the rows of its table, or, with
    /// `per`, in the groups it makes of them.
    pub(super) fn in_call<T>(
        &mut self,
        rows: &Rows,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let Some(level) = &rows.level else { return self.in_rows(rows.table, work) };
        let inner = self.inner.replace(level.base.clone());
        let before = (self.table.replace(rows.table), self.group);
        self.group = true;
        let result = work(self);
        (self.table, self.group) = before;
        self.inner = inner;
        result
    }

    /// The condition of a call: on its rows, or, with `per`, on its groups.
    pub(super) fn where_of(
        &mut self,
        rows: &Rows,
        written: &syntax::Expr,
    ) -> Option<Expr> {
        let Some(level) = &rows.level else { return self.where_in(rows.table, written) };
        let filter = self.in_call(rows, |checker| checker.condition(written));
        let filter = self.sound_condition(filter, written.span)?;
        if filter.ty.grain == Grain::Row {
            let condition = crate::print::expression(written);
            let per = level.name.value.as_str();
            self.say(of_calls::row_condition_per(filter.span, &condition, per));
            return None;
        }
        Some(filter)
    }

    /// Whether what a call with `per` is made of are values of its groups; what is not
    /// is said.
    pub(super) fn fits_level(&mut self, rows: &Rows, argument: Option<&Expr>) -> bool {
        let Some(level) = &rows.level else { return true };
        if let Some(row) = argument.filter(|one| one.ty.grain == Grain::Row) {
            self.say(of_kinds::group_expected(row.span, Grain::Row));
            return false;
        }
        for part in argument.into_iter().chain(&rows.filter) {
            let mut calls = Vec::new();
            self.calls(part, &mut calls);
            let stray = calls.into_iter().find(|(table, across)| {
                let over = match across {
                    Across::Own => false,
                    Across::All => true,
                    Across::Dimension(id) => *id == level.per,
                };
                !over && !self.reaches(level.per, *table)
            });
            if let Some((table, _)) = stray {
                let owner = self.world.table_name(table);
                let why = format!("`{owner}`, which is read inside, has no such field");
                let names = self.world.fields(table);
                self.say(of_names::unknown_breakdown(&level.name, &why, names));
                return false;
            }
        }
        true
    }
}
