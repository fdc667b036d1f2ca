//! Names: fields, defines, parameters, formulas, named instants, look-ups.

use super::complaints::{kinds as of_kinds, names as of_names};
use super::expr::{Checker, is_unsound, unsound};
use super::kinds;
use super::scope::Computed;
use crate::card::{Content, Parameter};
use crate::schema::TableId;
use crate::span::{Span, Spanned};
use crate::syntax::{self, Path};
use crate::typed::{Expr, ExprKind, Moment};
use crate::types::{Grain, Kind, Ty};

/// The names of the named instants.
const MOMENTS: &[(&str, Moment)] = &[
    ("as_of", Moment::AsOf),
    ("period_start", Moment::PeriodStart),
    ("period_end", Moment::PeriodEnd),
];

impl Checker<'_, '_> {
    /// A name, or names joined by dots.
    pub(super) fn name(&mut self, path: &Path, span: Span) -> Expr {
        match path.parts.as_slice() {
            [name] => self.single_name(name, span),
            parts => self.path(parts, None, span),
        }
    }

    /// A name alone. What is nearest wins: in a group the card's formulas, then the
    /// fields of the table, the card's defines, its parameters.
    fn single_name(&mut self, name: &Spanned<String>, span: Span) -> Expr {
        let word = name.value.as_str();
        if let Some((_, moment)) = MOMENTS.iter().find(|(known, _)| *known == word) {
            let ty = Ty::new(Kind::Instant, Grain::Constant, false);
            return Expr { kind: ExprKind::Instant(*moment), ty, span };
        }
        if self.group && self.card.formulas.contains(word) {
            return self.formula(word, span);
        }
        if let Some(table) = self.table
            && let Some(expr) = self.field(table, word, span)
        {
            return expr;
        }
        let card = self.card;
        if let Some(parameter) = card.parameters.get(word) {
            return self.parameter(parameter, span);
        }
        let complaint = self.unknown(name);
        self.complain(complaint)
    }

    /// A column, computed field or define of a table.
    pub(super) fn field(
        &mut self,
        table: TableId,
        name: &str,
        span: Span,
    ) -> Option<Expr> {
        if let Some((id, column)) = self.world.schema.column_named(table, name) {
            let ty = Ty::new(column.kind, Grain::Row, !column.required);
            return Some(Expr { kind: ExprKind::Column(id), ty, span });
        }
        let world = self.world;
        if let Some(field) = world.computed(table, name) {
            return Some(self.computed_field(table, field, span));
        }
        let definition = *self.card.defines.get(name)?;
        let expr = self.put_in_place(table, &definition.name, &definition.expr);
        Some(self.placed(expr, span))
    }

    /// A field of the vocabulary that is computed. What is wrong with it is said where
    /// it stands, once; here only that it cannot be used.
    fn computed_field(
        &mut self,
        table: TableId,
        field: &Computed<'_>,
        span: Span,
    ) -> Expr {
        let (expr, inner) =
            self.apart(|checker| checker.put_in_place(table, field.name, field.expr));
        let expr = self.as_declared(expr, field.kind);
        if is_unsound(&expr) && self.card.name.is_empty() {
            self.found.said.extend(inner);
            return unsound(span);
        }
        if is_unsound(&expr) {
            let code = inner.iter().find(|one| one.is_error()).map(|one| one.code);
            return self.complain(of_names::field_unsound(span, code, field.name));
        }
        self.placed(expr, span)
    }

    /// A computed field is what the vocabulary says it is.
    fn as_declared(&mut self, mut expr: Expr, declared: Option<Kind>) -> Expr {
        let Some(kind) = declared.filter(|_| !is_unsound(&expr)) else { return expr };
        self.adapt(&mut expr, kind);
        if expr.ty.kind == Kind::Bare && kind == Kind::Number {
            expr.ty.kind = kind;
        }
        if kinds::join(expr.ty.kind, kind) == Ok(kind) {
            return expr;
        }
        let (expected, found) = (self.words(kind), self.words(expr.ty.kind));
        self.complain(of_kinds::argument_kind(expr.span, &expected, &found))
    }

    /// An expression that has a name, as meant on a table: once for each card.
    pub(super) fn put_in_place(
        &mut self,
        table: TableId,
        name: &Spanned<String>,
        written: &syntax::Expr,
    ) -> Expr {
        let key = (table, name.value.clone());
        if let Some(expr) = self.found.named.get(&key) {
            return expr.clone();
        }
        if self.open.contains(&key) {
            return self.complain(of_names::defined_in_circle(name));
        }
        self.open.push(key.clone());
        let expr = self.in_rows(table, |checker| checker.expr(written));
        self.open.pop();
        let expr = self.within_limits(expr, name.span);
        self.found.named.insert(key, expr.clone());
        expr
    }

    /// What was put in place stands where its name stands.
    fn placed(&mut self, expr: Expr, span: Span) -> Expr {
        if self.found.in_days.contains(&expr.span) {
            self.found.in_days.insert(span);
        }
        if let Some(origin) = self.found.origins.get(&expr.span).cloned() {
            self.found.origins.insert(span, origin);
        }
        Expr { span, ..expr }
    }

    /// A parameter that is one value.
    fn parameter(&mut self, parameter: &Parameter, span: Span) -> Expr {
        self.use_parameter(parameter, span);
        match &parameter.content {
            Content::One(literal) => self.literal(&literal.value, span),
            Content::List(_) => self.complain(of_kinds::list_alone(span)),
            Content::Table(table) => {
                let name = &parameter.name.value;
                self.complain(of_names::table_without_key(span, name, table.depth, false))
            }
            Content::Dated(versions) => {
                let depth = versions.iter().find_map(|version| match &version.content {
                    Content::Table(table) => Some(table.depth),
                    _ => None,
                });
                let (name, depth) = (&parameter.name.value, depth.unwrap_or(0));
                self.complain(of_names::table_without_key(span, name, depth, true))
            }
        }
    }

    /// Notes that a parameter is used, and where.
    pub(super) fn use_parameter(&mut self, parameter: &Parameter, span: Span) {
        self.found.used.insert(parameter.name.value.clone());
        let origin = (parameter.name.value.clone(), parameter.span);
        self.found.origins.insert(span, origin);
    }

    /// Names joined by dots: a way to a row of another table.
    fn path(&mut self, parts: &[Spanned<String>], at: Option<&Expr>, span: Span) -> Expr {
        let Some((first, rest)) = parts.split_first() else { return unsound(span) };
        let Some(table) = self.table else {
            let complaint = self.unknown(first);
            return self.complain(complaint);
        };
        if self.world.table_name(table) == first.value {
            return self.complain(of_names::table_prefix(first, rest));
        }
        let named = self.world.fields(table).contains(&first.value.as_str())
            || self.card.defines.contains_key(first.value.as_str());
        if named {
            let owner = self.single_name(first, first.span);
            let kind = owner.ty.kind;
            if kind == Kind::Unsound {
                return owner;
            }
            return self.complain(of_names::no_fields(span, kind, first, rest));
        }
        self.look_up(table, parts, at, span)
    }

    /// `a.b at c`, `table[key] at c`.
    pub(super) fn at(
        &mut self,
        value: &syntax::Expr,
        instant: &syntax::Expr,
        span: Span,
    ) -> Expr {
        let moment = self.expr(instant);
        match &value.kind {
            syntax::ExprKind::Subscript { table, keys } => {
                self.subscript(table, keys, Some(moment), span)
            }
            syntax::ExprKind::Name(path) => match path.parts.as_slice() {
                [name] if self.card.parameters.contains_key(name.value.as_str()) => {
                    self.subscript(name, &[], Some(moment), span)
                }
                [_] => self.complain(of_kinds::at_what(value.span)),
                parts => match self.moment_of(moment) {
                    Some(at) => self.path(parts, Some(&at), span),
                    None => unsound(span),
                },
            },
            _ => self.complain(of_kinds::at_what(value.span)),
        }
    }

    /// A name that means nothing here, and what was probably meant.
    fn unknown(&self, name: &Spanned<String>) -> crate::diagnostic::Diagnostic {
        let word = name.value.as_str();
        if super::call::is_function(word) {
            return of_names::function_without_call(name);
        }
        if ["now", "today"].contains(&word) {
            return of_names::no_clock(name.span);
        }
        let owner = self.table.map(|table| self.world.table_name(table));
        let mut names =
            self.table.map_or_else(Vec::new, |table| self.world.fields(table));
        names.extend(self.card.defines.keys().copied());
        names.extend(self.card.parameters.keys().copied());
        names.extend(MOMENTS.iter().map(|(moment, _)| *moment));
        if self.group {
            names.extend(self.card.formulas.iter().copied());
        }
        let complaint = of_names::unknown_field(name, owner, names);
        if complaint.message.contains("; a name `") {
            return complaint;
        }
        let tables = self.world.schema.tables.iter().enumerate();
        let elsewhere = tables.filter_map(|(number, table)| {
            let id = TableId(u32::try_from(number).ok()?);
            self.world.fields(id).contains(&word).then_some(table.name.as_str())
        });
        of_names::elsewhere(complaint, word, &elsewhere.collect::<Vec<_>>())
    }
}
