//! What a metric may be broken down by.

use super::complaints::names as of_names;
use super::expr::{Checker, children, is_unsound};
use crate::metric::{Dimension, DimensionId};
use crate::schema::{ColumnId, TableId};
use crate::span::{Span, Spanned};
use crate::typed::{Across, Expr, ExprKind, Related};
use crate::types::{Grain, Kind};
use crate::value::Value;

impl Checker<'_, '_> {
    /// The breakdown behind `across`; it must be known to the table of the call.
    pub(super) fn across(
        &mut self,
        table: TableId,
        name: &Spanned<String>,
    ) -> Option<DimensionId> {
        let id = self.dimension(&name.value, table);
        let known = id.filter(|id| self.reaches(*id, table));
        if known.is_none() {
            let owner = self.world.table_name(table);
            let why = format!("`{owner}` has no such field that rows can be grouped by");
            let mut names = self.world.fields(table);
            names.extend(self.card.defines.keys().copied());
            self.say(of_names::unknown_breakdown(name, &why, names));
        }
        known
    }

    /// Whether a dimension has an expression for a table.
    pub(super) fn reaches(&self, id: DimensionId, table: TableId) -> bool {
        let dimension = self.made.dimensions.get(id.0 as usize);
        dimension.is_some_and(|one| one.of.iter().any(|(known, _)| *known == table))
    }

    /// The dimension of a name: a field, or a define of the card, on every table that
    /// has it with one kind, which is that of the first table.
    pub(super) fn dimension(
        &mut self,
        name: &str,
        first: TableId,
    ) -> Option<DimensionId> {
        if let Some(known) = self.found.dimensions.get(name) {
            return *known;
        }
        let tables = u32::try_from(self.world.schema.tables.len()).unwrap_or(0);
        let others = (0..tables).map(TableId).filter(|table| *table != first);
        let mut kind: Option<Kind> = None;
        let mut personal = false;
        let mut of: Vec<(TableId, Expr)> = Vec::new();
        for table in [first].into_iter().chain(others) {
            let Some(expr) = self.quietly(table, name) else { continue };
            if kind.is_none_or(|kind| kind == expr.ty.kind) {
                kind = Some(expr.ty.kind);
                personal |= self.is_personal(table, name, &expr);
                of.push((table, expr));
            }
        }
        of.sort_by_key(|(table, _)| *table);
        let id = kind.map(|kind| {
            let declared = self.declared(kind, &of);
            let dimension =
                Dimension { name: name.to_owned(), kind, personal, declared, of };
            self.intern_dimension(dimension)
        });
        self.found.dimensions.insert(name.to_owned(), id);
        id
    }

    /// A field or define of a table that rows can be grouped by, without a word about
    /// those that cannot.
    fn quietly(&mut self, table: TableId, name: &str) -> Option<Expr> {
        let known = self.world.fields(table).contains(&name)
            || self.card.defines.contains_key(name);
        if !known {
            return None;
        }
        let before = self.found.clone();
        let span = Span::default();
        let expr = self.in_rows(table, |checker| checker.field(table, name, span));
        *self.found = before;
        let mut expr = expr.filter(|expr| !is_unsound(expr))?;
        self.own_values(&mut expr, name);
        let groups = matches!(
            expr.ty.kind,
            Kind::Category(_) | Kind::Text | Kind::Truth | Kind::Number | Kind::Day
        );
        (groups && expr.ty.grain == Grain::Row).then_some(expr)
    }

    /// Whether a value tells who a person is.
    pub(super) fn is_personal(&self, table: TableId, name: &str, expr: &Expr) -> bool {
        let schema = self.world.schema;
        let column = |part: &Expr| match part.kind {
            ExprKind::Column(column) => {
                schema.column(column).is_some_and(|column| column.personal)
            }
            _ => false,
        };
        let said = self.world.computed(table, name).is_some_and(|field| field.personal);
        said || (expr.ty.kind == Kind::Text && shows(expr, &column))
    }

    /// The values that are groups in every period.
    fn declared(&self, kind: Kind, of: &[(TableId, Expr)]) -> Vec<Value> {
        if let Kind::Category(set) = kind {
            let values = (0_u32..).zip(self.made.set(set));
            return values.map(|(number, _)| Value::Category(number)).collect();
        }
        of.iter()
            .find_map(|(_, expr)| self.world.schema.column(column_of(expr)?))
            .map_or_else(Vec::new, |column| column.values.clone())
    }

    /// The number of a dimension; equal ones are one.
    pub(super) fn intern_dimension(&mut self, dimension: Dimension) -> DimensionId {
        let known = &mut self.made.dimensions;
        let place = known.iter().position(|one| *one == dimension);
        let place = place.unwrap_or_else(|| {
            known.push(dimension);
            known.len() - 1
        });
        DimensionId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Every breakdown that all calls of a formula have, save one `across` it.
    pub(super) fn possible(&mut self, formula: &Expr) -> Vec<DimensionId> {
        let mut calls = Vec::new();
        self.calls(formula, &mut calls);
        let Some((first, _)) = calls.iter().find(|(_, across)| *across != Across::All)
        else {
            return Vec::new();
        };
        let first = *first;
        let mut names = self.world.fields(first);
        names.extend(self.card.defines.keys().copied());
        let mut possible = Vec::new();
        for name in names {
            let Some(id) = self.dimension(name, first) else { continue };
            let all = calls.iter().all(|(table, across)| {
                let over = match across {
                    Across::Own => false,
                    Across::All => true,
                    Across::Dimension(other) => *other == id,
                };
                over || self.reaches(id, *table)
            });
            if all && !possible.contains(&id) {
                possible.push(id);
            }
        }
        possible
    }

    /// The tables of the calls of a formula and how far each reaches.
    pub(super) fn calls(&self, expr: &Expr, found: &mut Vec<(TableId, Across)>) {
        if let ExprKind::Aggregate(call) = &expr.kind
            && let Some(population) =
                self.made.populations.get(call.population.0 as usize)
        {
            found.push((population.table, call.across));
        }
        for child in children(expr) {
            self.calls(child, found);
        }
    }
}

/// The column whose values an expression has: its own, or one it looks up.
fn column_of(expr: &Expr) -> Option<ColumnId> {
    match &expr.kind {
        ExprKind::Column(column) => Some(*column),
        ExprKind::Related(related) => match &**related {
            Related::Lookup { value, .. } => column_of(value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a part of an expression that may show in its value is of a kind; the keys of
/// a look-up do not show.
fn shows(expr: &Expr, wanted: &dyn Fn(&Expr) -> bool) -> bool {
    let parts = match &expr.kind {
        ExprKind::Related(related) => related.values(),
        _ => children(expr),
    };
    wanted(expr) || parts.into_iter().any(|part| shows(part, wanted))
}
