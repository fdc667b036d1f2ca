//! Whether a card has an answer for every value of the categories it decides.

use indexmap::IndexSet;

use super::complaints::{card as of_cards, kinds as of_kinds, names as of_names};
use super::expr::{Checker, children, is_unsound};
use crate::builtin::Builtin;
use crate::card::Card;
use crate::metric::{Exclusion, ExclusionRule, Metric};
use crate::schema::TableId;
use crate::span::Spanned;
use crate::typed::{Expr, ExprKind};
use crate::types::{Kind, SetId};
use crate::value::Value;

/// Refuses a card that leaves a value of a category open which it says it decides.
pub(super) fn every_value(
    checker: &mut Checker<'_, '_>,
    card: &Card,
    metrics: &[Metric],
) {
    if card.decides.is_empty() || metrics.len() < card.formulas.len() {
        return;
    }
    let Some(base) = checker.base() else { return };
    let mut conditions: Vec<Expr> = base.filter.into_iter().collect();
    conditions.extend(base.exclusions.iter().filter_map(when).cloned());
    for metric in metrics {
        gather(checker, &metric.formula, &mut conditions);
    }
    for name in &card.decides {
        let Some((field, set)) = category(checker, base.table, name) else { continue };
        let mut named = IndexSet::new();
        for condition in &conditions {
            values_named(condition, &field, &mut named);
        }
        let values = (0_u32..).zip(checker.made.set(set));
        let open: Vec<String> = values
            .filter(|(number, _)| !named.contains(number))
            .map(|(_, value)| value.clone())
            .collect();
        if !open.is_empty() {
            checker.say(of_cards::value_undecided(name.span, &name.value, &open));
        }
    }
}

/// The category of a name; none after a complaint.
fn category(
    checker: &mut Checker<'_, '_>,
    table: TableId,
    name: &Spanned<String>,
) -> Option<(Expr, SetId)> {
    let field =
        checker.in_rows(table, |checker| checker.field(table, &name.value, name.span));
    let Some(field) = field else {
        let owner = checker.world.table_name(table);
        let mut known = checker.world.fields(table);
        known.extend(checker.card.defines.keys().copied());
        checker.say(of_names::unknown_field(name, Some(owner), known));
        return None;
    };
    match field.ty.kind {
        Kind::Category(set) => Some((field, set)),
        _ if is_unsound(&field) => None,
        kind => {
            let found = checker.words(kind);
            let expected = "a field with declared values";
            checker.say(of_kinds::argument_kind(name.span, expected, &found));
            None
        }
    }
}

/// The condition of an exclusion.
fn when(exclusion: &Exclusion) -> Option<&Expr> {
    match &exclusion.rule {
        ExclusionRule::When(when) => Some(when),
        ExclusionRule::Keep { .. } => None,
    }
}

/// What a formula and the rows of its calls are made of.
fn gather(checker: &Checker<'_, '_>, formula: &Expr, conditions: &mut Vec<Expr>) {
    if let ExprKind::Aggregate(call) = &formula.kind {
        conditions.extend(call.argument.iter().chain(&call.filter).cloned());
        let population = checker.made.populations.get(call.population.0 as usize);
        if let Some(population) = population {
            conditions.extend(population.filter.clone());
            conditions.extend(population.exclusions.iter().filter_map(when).cloned());
        }
    }
    for part in children(formula) {
        gather(checker, part, conditions);
    }
}

/// The values of a field that an expression compares it with or looks up by it.
fn values_named(expr: &Expr, field: &Expr, named: &mut IndexSet<u32>) {
    match &expr.kind {
        ExprKind::Call(Builtin::Equal | Builtin::NotEqual | Builtin::In, parts)
            if parts.contains(field) =>
        {
            named.extend(parts.iter().filter_map(|part| match part.kind {
                ExprKind::Literal(Value::Category(number)) => Some(number),
                _ => None,
            }));
        }
        ExprKind::Table(table) => {
            let places =
                table.keys.iter().zip(0_usize..).filter(|(key, _)| *key == field);
            for (_, place) in places {
                let rows = table.editions.iter().flat_map(|edition| &edition.rows);
                named.extend(rows.filter_map(|(keys, _)| match keys.get(place) {
                    Some(Value::Category(number)) => Some(*number),
                    _ => None,
                }));
            }
        }
        _ => {}
    }
    for part in children(expr) {
        values_named(part, field, named);
    }
}
