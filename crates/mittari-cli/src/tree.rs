//! A typed formula as a tree: each step and what it gives.

use mittari_lang::metric::Catalog;
use mittari_lang::typed::{Across, Aggregate, Expr, ExprKind, Function, Moment, Related};
use mittari_lang::types::{Grain, Kind, Ty};

use crate::values;

/// The column in which types begin.
const TYPES_AT: usize = 48;

/// The tree of an expression, a line for each step.
pub(crate) fn tree(expr: &Expr, catalog: &Catalog) -> String {
    let mut text = String::new();
    branch(expr, catalog, 1, &mut text);
    text
}

fn branch(expr: &Expr, catalog: &Catalog, depth: usize, text: &mut String) {
    line(depth, &label(expr, catalog), expr.ty, text);
    let mut each = |part: &Expr| branch(part, catalog, depth + 1, text);
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Instant(_) => {}
        ExprKind::Call(_, operands) => operands.iter().for_each(each),
        ExprKind::Case(branches, otherwise) => {
            for (when, then) in branches {
                each(when);
                each(then);
            }
            each(otherwise);
        }
        ExprKind::Table(table) => table.keys.iter().chain(&table.at).for_each(each),
        ExprKind::Related(related) => {
            related.own().into_iter().for_each(&mut each);
            let others = related.others();
            if !others.is_empty() {
                text.push_str(&format!("{}of the other rows\n", "  ".repeat(depth + 1)));
            }
            for part in others {
                branch(part, catalog, depth + 2, text);
            }
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate.argument.iter().for_each(&mut each);
            if let Some(filter) = &aggregate.filter {
                text.push_str(&format!("{}where\n", "  ".repeat(depth + 1)));
                branch(filter, catalog, depth + 2, text);
            }
        }
    }
}

fn line(depth: usize, label: &str, ty: Ty, text: &mut String) {
    let left = format!("{}{label}", "  ".repeat(depth));
    let pad = TYPES_AT.saturating_sub(left.chars().count()).max(2);
    text.push_str(&format!("{left}{}{}\n", " ".repeat(pad), kind_of(ty)));
}

fn label(expr: &Expr, catalog: &Catalog) -> String {
    match &expr.kind {
        ExprKind::Literal(value) => values::value(value, expr.ty.kind, catalog),
        ExprKind::Column(column) => values::column(*column, catalog),
        ExprKind::Instant(Moment::AsOf) => "as_of".to_owned(),
        ExprKind::Instant(Moment::PeriodStart) => "period_start".to_owned(),
        ExprKind::Instant(Moment::PeriodEnd) => "period_end".to_owned(),
        ExprKind::Call(builtin, _) => spaced(&format!("{builtin:?}")),
        ExprKind::Case(_, _) => "if".to_owned(),
        ExprKind::Table(table) => format!("table of {} editions", table.editions.len()),
        ExprKind::Related(related) => of_others(related, catalog),
        ExprKind::Aggregate(aggregate) => of_rows(aggregate, catalog),
    }
}

fn of_others(related: &Related, catalog: &Catalog) -> String {
    let what = match related {
        Related::Lookup { .. } => "look up in".to_owned(),
        Related::Its { function, .. } => {
            format!("{} of its rows of", spaced(&format!("{function:?}")))
        }
        Related::Neighbour { next: true, .. } => "next row of".to_owned(),
        Related::Neighbour { .. } => "previous row of".to_owned(),
        Related::Less { builtin, .. } => {
            format!("{} except rows of", spaced(&format!("{builtin:?}")))
        }
    };
    let table = catalog.schema.table(related.table());
    format!("{what} {}", table.map_or("", |table| table.name.as_str()))
}

fn of_rows(aggregate: &Aggregate, catalog: &Catalog) -> String {
    let function = match aggregate.function {
        Function::Quantile(share) => format!("percentile {share}"),
        Function::NearestRank(share) => format!("nearest rank {share}"),
        other => spaced(&format!("{other:?}")),
    };
    let across = match aggregate.across {
        Across::Own => String::new(),
        Across::All => " across all".to_owned(),
        Across::Dimension(id) => format!(" across {}", values::dimension(id, catalog)),
    };
    let per = aggregate.per.map_or_else(String::new, |id| {
        format!(" per {}", values::dimension(id, catalog))
    });
    let population = values::population(aggregate.population, catalog);
    format!("{function} of {population}{per}{across}")
}

/// `working time` of `WorkingTime`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for sign in name.chars() {
        if sign.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(sign.to_lowercase());
    }
    text
}

/// `a duration for each row, may be missing`.
fn kind_of(ty: Ty) -> String {
    let kind = match ty.kind {
        Kind::Truth => "true or false",
        Kind::Text => "text",
        Kind::Category(_) => "category",
        Kind::Number | Kind::Bare => "number",
        Kind::Ratio | Kind::Quotient => "ratio",
        Kind::Duration => "duration",
        Kind::Money(_) => "money",
        Kind::Instant => "instant",
        Kind::Day => "day",
        Kind::Calendar => "calendar",
        Kind::Missing => "no value",
        Kind::Unsound => "unsound",
    };
    let (grain, maybe) = match ty.grain {
        Grain::Constant => ("", ", may be missing"),
        Grain::Row => (" a row", ", may be missing"),
        Grain::Group => (" a group", ", may be without data"),
    };
    format!("{kind}{grain}{}", if ty.maybe { maybe } else { "" })
}
