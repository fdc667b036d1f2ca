//! What a typed expression means, in plain words.

mod operators;
mod related;

use mittari_lang::metric::Catalog;
use mittari_lang::typed::{Across, Aggregate, Expr, ExprKind, Function, Moment, Table};
use mittari_lang::types::Kind;

use crate::values;

/// How many rows of a table of parameters are told.
const TOLD_ROWS: usize = 12;

/// An expression in words.
pub(crate) fn words(expr: &Expr, catalog: &Catalog) -> String {
    match &expr.kind {
        ExprKind::Literal(value) => values::value(value, expr.ty.kind, catalog),
        ExprKind::Column(column) => format!("`{}`", values::column(*column, catalog)),
        ExprKind::Instant(moment) => instant(*moment).to_owned(),
        ExprKind::Call(builtin, operands) => operators::call(*builtin, operands, catalog),
        ExprKind::Case(branches, otherwise) => choice(branches, otherwise, catalog),
        ExprKind::Table(table) => looked_up(table, expr.ty.kind, catalog),
        ExprKind::Related(related) => related::words_of(related, catalog),
        ExprKind::Aggregate(aggregate) => made_of_rows(aggregate, catalog),
    }
}

const fn instant(moment: Moment) -> &'static str {
    match moment {
        Moment::AsOf => "the moment of evaluation",
        Moment::PeriodStart => "the start of the period",
        Moment::PeriodEnd => "the end of the period",
    }
}

fn choice(branches: &[(Expr, Expr)], otherwise: &Expr, catalog: &Catalog) -> String {
    let mut text = String::new();
    for (when, then) in branches {
        let (when, then) = (words(when, catalog), words(then, catalog));
        text.push_str(&format!("if {when} then {then}, "));
    }
    format!("({text}else {})", words(otherwise, catalog))
}

/// A look-up in a table of parameters, with the table.
fn looked_up(table: &Table, kind: Kind, catalog: &Catalog) -> String {
    let keys: Vec<String> = table.keys.iter().map(|key| words(key, catalog)).collect();
    let at = table
        .at
        .as_ref()
        .map(|at| format!(" in force at {}", words(at, catalog)))
        .unwrap_or_default();
    let editions: Vec<String> = table
        .editions
        .iter()
        .map(|edition| {
            let since = edition.since.map(values::instant);
            let since = since.map(|since| format!("since {since} ")).unwrap_or_default();
            let mut rows: Vec<String> = edition
                .rows
                .iter()
                .take(TOLD_ROWS)
                .map(|(own, value)| {
                    let own: Vec<String> = own
                        .iter()
                        .zip(&table.keys)
                        .map(|(key, of)| values::value(key, of.ty.kind, catalog))
                        .collect();
                    let value = values::value(value, kind, catalog);
                    format!("{} {value}", own.join(" and "))
                })
                .collect();
            if edition.rows.len() > TOLD_ROWS {
                rows.push(format!("{} more", edition.rows.len() - TOLD_ROWS));
            }
            format!("{since}{}", rows.join(", "))
        })
        .collect();
    format!("the value for {}{at} ({})", keys.join(" and "), editions.join("; "))
}

/// A value of the group.
fn made_of_rows(aggregate: &Aggregate, catalog: &Catalog) -> String {
    let of = aggregate.argument.as_ref().map(|argument| words(argument, catalog));
    let of = of.unwrap_or_default();
    let what = match aggregate.function {
        Function::Count => "the number of rows".to_owned(),
        Function::Share => format!("the share of rows for which {of}"),
        Function::Sum => format!("the sum of {of}"),
        Function::Mean => format!("the mean of {of}"),
        Function::Quantile(0.5) => format!("the median of {of}"),
        Function::Quantile(share) => format!("the {} percentile of {of}", rank(share)),
        Function::NearestRank(share) => {
            format!("the {} percentile of {of} by nearest rank", rank(share))
        }
        Function::Min => format!("the smallest {of}"),
        Function::Max => format!("the largest {of}"),
        Function::Stddev => format!("the standard deviation of {of}"),
        Function::Distinct => format!("the number of different {of}"),
        Function::Distribution => {
            format!("for each value of {of} the share of rows that have it")
        }
    };
    let over = if of.is_empty() || aggregate.function == Function::Share {
        " where "
    } else {
        " over rows where "
    };
    let filter = aggregate.filter.as_ref();
    let filter = filter.map(|filter| format!("{over}{}", words(filter, catalog)));
    let across = match aggregate.across {
        Across::Own => String::new(),
        Across::All => ", of all groups together".to_owned(),
        Across::Dimension(dimension) => {
            let name = values::dimension(dimension, catalog);
            format!(", of all groups of `{name}` together")
        }
    };
    let per = aggregate.per.map_or_else(String::new, |dimension| {
        let name = values::dimension(dimension, catalog);
        format!(", taking each value of `{name}` as one row")
    });
    format!("{what}{}{per}{across}", filter.unwrap_or_default())
}

/// `90th` of 0.9.
fn rank(share: f64) -> String {
    let percent = (share * 100_000.0).round() / 1000.0;
    let text = percent.to_string();
    let teen = ["11", "12", "13"].iter().any(|teen| text.ends_with(teen));
    let ending = match text.chars().last() {
        _ if teen || text.contains('.') => "th",
        Some('1') => "st",
        Some('2') => "nd",
        Some('3') => "rd",
        _ => "th",
    };
    format!("{text}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_spoken() {
        let spoken = [0.9, 0.51, 0.12, 0.995, 0.03].map(rank);
        assert_eq!(spoken, ["90th", "51st", "12th", "99.5th", "3rd"]);
    }
}
