//! Look-ups: from a row to the one row of another table, at an instant where rows hold
//! for a time.

use super::complaints::{kinds as of_kinds, names as of_names, related as of_related};
use super::expr::{Checker, contains, is_unsound, unsound};
use crate::schema::{ColumnId, Lookup, TableId};
use crate::span::{Span, Spanned};
use crate::typed::{Expr, ExprKind, Keyed, Moment, Related, Validity};
use crate::types::{Grain, Kind, Ty};
use crate::value::Value;

/// How many rows a look-up may step through.
const STEPS: usize = 3;

/// The row a way of look-ups has come to, as seen from the row at hand.
#[derive(Clone)]
struct Found {
    of: Keyed,
    held: Option<(Expr, Validity)>,
}

impl Checker<'_, '_> {
    /// Follows look-ups to a field of another table.
    pub(super) fn look_up(
        &mut self,
        table: TableId,
        parts: &[Spanned<String>],
        at: Option<&Expr>,
        span: Span,
    ) -> Expr {
        let Some((field, steps)) = parts.split_last() else { return unsound(span) };
        if let Some(step) = steps.get(STEPS) {
            return self.complain(of_related::too_many_steps(step.span, STEPS));
        }
        let (mut here, mut found) = (table, None);
        let mut timed = false;
        for step in steps {
            let Some(lookup) = self.step(here, step) else { return unsound(span) };
            let held = match (self.validity(lookup.table), at) {
                (None, _) => None,
                (Some(Err(())), _) => return unsound(span),
                (Some(Ok(_)), None) => {
                    let written: Vec<&str> =
                        parts.iter().map(|part| part.value.as_str()).collect();
                    let owner = self.world.table_name(lookup.table);
                    let complaint =
                        of_related::at_missing(span, owner, &written.join("."));
                    return self.complain(complaint);
                }
                (Some(Ok(validity)), Some(at)) => Some((at.clone(), validity)),
            };
            timed |= held.is_some();
            let keys = lookup
                .by
                .iter()
                .map(|(own, _)| self.column_at(here, found.as_ref(), *own));
            let keys = keys.map(|key| Expr { span, ..key }).collect();
            let columns = lookup.by.iter().map(|(_, there)| *there).collect();
            found =
                Some(Found { of: Keyed { table: lookup.table, columns, keys }, held });
            here = lookup.table;
        }
        if let Some(at) = at
            && !timed
        {
            let owner = self.world.table_name(here);
            return self.complain(of_related::always_held(at.span, owner));
        }
        let Some(found) = found else { return unsound(span) };
        self.looked_up(here, found, field, span)
    }

    /// The look-up of a table with a name.
    fn step(&mut self, table: TableId, step: &Spanned<String>) -> Option<Lookup> {
        let lookups =
            self.world.schema.table(table).map_or(&[][..], |table| &table.lookups);
        let lookup = lookups.iter().find(|lookup| lookup.name == step.value).cloned();
        if lookup.is_none() {
            let names = lookups.iter().map(|lookup| lookup.name.as_str());
            let owner = self.world.table_name(table);
            let complaint = of_names::unknown_lookup(step, owner, names);
            self.say(complaint);
        }
        lookup
    }

    /// A column of the row a way has come to, as a value of the row at hand.
    fn column_at(&self, table: TableId, found: Option<&Found>, column: u32) -> Expr {
        let id = ColumnId { table, column };
        let known = self.world.schema.column(id);
        let kind = known.map_or(Kind::Unsound, |column| column.kind);
        let maybe = known.is_none_or(|column| !column.required);
        let span = Span::default();
        let ty = Ty::new(kind, Grain::Row, maybe);
        let value = Expr { kind: ExprKind::Column(id), ty, span };
        match found.cloned() {
            None => value,
            Some(found) => found.value(value, span),
        }
    }

    /// The field at the end of the way.
    fn looked_up(
        &mut self,
        table: TableId,
        found: Found,
        field: &Spanned<String>,
        span: Span,
    ) -> Expr {
        let value =
            self.in_rows(table, |checker| checker.field(table, &field.value, field.span));
        let Some(value) = value else {
            let (owner, fields) =
                (self.world.table_name(table), self.world.fields(table));
            let complaint = of_names::unknown_field(field, Some(owner), fields);
            return self.complain(complaint);
        };
        if is_unsound(&value) {
            return unsound(span);
        }
        if by_period(&value) {
            return self.complain(of_related::period_elsewhere(span));
        }
        if value.ty.kind == Kind::Missing {
            let ty = Ty::new(Kind::Missing, Grain::Constant, true);
            return Expr { kind: ExprKind::Literal(Value::Missing), ty, span };
        }
        found.value(value, span)
    }

    /// The time for which the rows of a table hold, if they do not always; an error after
    /// a complaint.
    pub(super) fn validity(&mut self, table: TableId) -> Option<Result<Validity, ()>> {
        let (from, until) = (*self.world.valid.get(table.0 as usize)?)?;
        let [from, until] = [from, until].map(|name| {
            let end = self
                .in_rows(table, |checker| checker.field(table, &name.value, name.span))?;
            let kind = end.ty.kind;
            if matches!(kind, Kind::Instant | Kind::Day) {
                return Some(end);
            }
            if kind != Kind::Unsound {
                let found = self.words(kind);
                self.say(of_kinds::argument_kind(
                    name.span,
                    "an instant or a day",
                    &found,
                ));
            }
            None
        });
        let zone = self.card.zone;
        Some(
            from.zip(until).map(|(from, until)| Validity { from, until, zone }).ok_or(()),
        )
    }

    /// The instant or day behind `at`.
    pub(super) fn moment_of(&mut self, at: Expr) -> Option<Expr> {
        match at.ty.kind {
            Kind::Instant | Kind::Day => Some(at),
            Kind::Unsound => None,
            kind => {
                let found = self.words(kind);
                let expected = "an instant or a day";
                self.say(of_kinds::argument_kind(at.span, expected, &found));
                None
            }
        }
    }
}

impl Found {
    /// A value of the row found, as one of the row at hand.
    fn value(self, value: Expr, span: Span) -> Expr {
        let ty = Ty::new(value.ty.kind, Grain::Row, true);
        let Self { of, held } = self;
        let related = Related::Lookup { of, held, value };
        Expr { kind: ExprKind::Related(Box::new(related)), ty, span }
    }
}

/// Whether a value depends on the period in which its row is looked at.
pub(super) fn by_period(expr: &Expr) -> bool {
    contains(expr, &|part| {
        matches!(part.kind, ExprKind::Instant(Moment::PeriodStart | Moment::PeriodEnd))
    })
}
