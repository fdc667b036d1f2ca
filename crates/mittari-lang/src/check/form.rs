//! What kind of statistic a formula is, known by its form.

use crate::builtin::Builtin;
use crate::metric::Form;
use crate::typed::{Across, Aggregate, Expr, ExprKind, Function};
use crate::types::{Grain, Kind, Ty};
use crate::value::{Decimal, Value};

/// The form of a formula.
pub(super) fn form(formula: &Expr) -> Form {
    if let Some((numerator, denominator)) = proportion(formula) {
        return Form::Proportion { numerator, denominator };
    }
    match &formula.kind {
        ExprKind::Aggregate(call) => match call.function {
            Function::Mean => Form::Mean,
            Function::Quantile(_) | Function::NearestRank(_) => Form::Quantile,
            Function::Distribution => Form::Distribution,
            Function::Count
            | Function::Share
            | Function::Sum
            | Function::Min
            | Function::Max
            | Function::Stddev
            | Function::Distinct => Form::Other,
        },
        ExprKind::Call(Builtin::Divide, parts) => match parts.as_slice() {
            [numerator, denominator] => Form::Quotient {
                numerator: numerator.clone(),
                denominator: denominator.clone(),
            },
            _ => Form::Other,
        },
        _ => Form::Other,
    }
}

/// The two counts of a proportion: rows that are part of other rows.
fn proportion(formula: &Expr) -> Option<(Expr, Expr)> {
    match &formula.kind {
        ExprKind::Aggregate(call) if call.function == Function::Share => {
            Some(share(call, formula))
        }
        ExprKind::Call(Builtin::Divide, parts) => match parts.as_slice() {
            [part, whole] => part_of(part, whole),
            _ => None,
        },
        ExprKind::Call(Builtin::Subtract, parts) => match parts.as_slice() {
            [one, rest] if is_one(one) => {
                let (part, whole) = proportion(rest)?;
                let ty = Ty::new(Kind::Number, Grain::Group, false);
                let span = formula.span;
                let operands = vec![whole.clone(), part];
                let kind = ExprKind::Call(Builtin::Subtract, operands);
                Some((Expr { kind, ty, span }, whole))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `share(p)` is `count(where p) / count()`.
fn share(call: &Aggregate, formula: &Expr) -> (Expr, Expr) {
    let count = |filter: Option<Expr>| {
        let aggregate = Aggregate {
            function: Function::Count,
            argument: None,
            filter,
            population: call.population,
            across: call.across,
            per: call.per,
        };
        Expr {
            kind: ExprKind::Aggregate(Box::new(aggregate)),
            ty: Ty::new(Kind::Number, Grain::Group, false),
            span: formula.span,
        }
    };
    let mut conditions: Vec<Expr> = call.filter.iter().cloned().collect();
    conditions.extend(call.argument.clone());
    (count(together(conditions)), count(call.filter.clone()))
}

/// Several conditions as one.
fn together(mut conditions: Vec<Expr>) -> Option<Expr> {
    if conditions.len() < 2 {
        return conditions.pop();
    }
    let first = conditions.first()?;
    let maybe = conditions.iter().any(|condition| condition.ty.maybe);
    let (ty, span) = (Ty::new(Kind::Truth, first.ty.grain, maybe), first.span);
    Some(Expr { kind: ExprKind::Call(Builtin::And, conditions), ty, span })
}

/// A count over another of the same rows with conditions or a group left off.
fn part_of(part: &Expr, whole: &Expr) -> Option<(Expr, Expr)> {
    let (ExprKind::Aggregate(small), ExprKind::Aggregate(large)) =
        (&part.kind, &whole.kind)
    else {
        return None;
    };
    let counts = matches!(small.function, Function::Count | Function::Distinct);
    let same = small.function == large.function
        && small.argument == large.argument
        && small.population == large.population
        && small.per == large.per;
    let wider = small.across == large.across
        || (small.across == Across::Own)
        || (large.across == Across::All);
    let known = conjuncts(small.filter.as_ref());
    let implied = conjuncts(large.filter.as_ref())
        .into_iter()
        .all(|wanted| known.iter().any(|known| implies(known, wanted)));
    (counts && same && wider && implied).then(|| (part.clone(), whole.clone()))
}

/// The conditions that are joined by `and`.
fn conjuncts(filter: Option<&Expr>) -> Vec<&Expr> {
    match filter.map(|filter| &filter.kind) {
        Some(ExprKind::Call(Builtin::And, parts)) => {
            parts.iter().flat_map(|part| conjuncts(Some(part))).collect()
        }
        _ => filter.into_iter().collect(),
    }
}

/// Whether one condition holds wherever another does: they are equal, or `f = v` and
/// `f in [.. v ..]`.
fn implies(known: &Expr, wanted: &Expr) -> bool {
    if known == wanted {
        return true;
    }
    let (Some((field, values)), Some((other, list))) = (choice(known), choice(wanted))
    else {
        return false;
    };
    field == other && values.iter().all(|value| list.contains(value))
}

/// The field and the values of `f = v` and `f in [..]`.
fn choice(condition: &Expr) -> Option<(&Expr, Vec<&Value>)> {
    let ExprKind::Call(builtin, arguments) = &condition.kind else { return None };
    let literal = |expr: &'_ Expr| matches!(expr.kind, ExprKind::Literal(_));
    let (field, values) = match (builtin, arguments.as_slice()) {
        (Builtin::Equal, [value, field]) if literal(value) => {
            (field, std::slice::from_ref(value))
        }
        (Builtin::Equal | Builtin::In, [field, values @ ..]) => (field, values),
        _ => return None,
    };
    let values: Vec<&Value> = values
        .iter()
        .filter_map(|value| match &value.kind {
            ExprKind::Literal(value) => Some(value),
            _ => None,
        })
        .collect();
    (!values.is_empty()).then_some((field, values))
}

/// Whether it is a written 1.
fn is_one(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal(Value::Number(number)) if number.normal() == Decimal::whole(1))
}
