//! What is read of other rows, in words.

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::Catalog;
use mittari_lang::schema::TableId;
use mittari_lang::typed::{Expr, Function, Keyed, Related, Validity};

use super::{operators, words};

/// A value of other rows.
pub(super) fn words_of(related: &Related, catalog: &Catalog) -> String {
    match related {
        Related::Lookup { of, held, value } => {
            let held = held.as_ref().map(|(at, holds)| held_at(at, holds, catalog));
            let (value, row) = (words(value, catalog), row_of(of, catalog));
            format!("{value} of the {row}{}", held.unwrap_or_default())
        }
        Related::Its { of, function, argument, filter } => {
            let argument = argument.as_ref().map(|argument| words(argument, catalog));
            let argument = argument.unwrap_or_default();
            let what = match function {
                Function::Sum => format!("the sum of {argument} over the"),
                Function::Min => format!("the smallest {argument} of the"),
                Function::Max => format!("the largest {argument} of the"),
                _ => "the number of".to_owned(),
            };
            format!("{what} {}{}", rows_of(of, catalog), only(filter.as_ref(), catalog))
        }
        Related::Neighbour { table, next, argument, per, by } => {
            let side = if *next { "behind" } else { "before" };
            format!(
                "{} of the row of {} {side} it, of the same {} in the order of {}",
                words(argument, catalog),
                name(*table, catalog),
                words(per, catalog),
                words(by, catalog)
            )
        }
        Related::Less { builtin, operands, of, filter, holds } => {
            let measured = operators::call(*builtin, operands, catalog);
            let joint = if *builtin == Builtin::Due { "not counting" } else { "less" };
            format!(
                "{measured}, {joint} the time in which {}{} hold ({})",
                rows_of(of, catalog),
                only(filter.as_ref(), catalog),
                from_until(holds, catalog)
            )
        }
    }
}

fn name(table: TableId, catalog: &Catalog) -> String {
    let table = catalog.schema.table(table);
    format!("`{}`", table.map_or("", |table| table.name.as_str()))
}

/// The row of another table with the keys of this one.
fn row_of(of: &Keyed, catalog: &Catalog) -> String {
    format!("row of {} with {}", name(of.table, catalog), keys(of, catalog))
}

fn rows_of(of: &Keyed, catalog: &Catalog) -> String {
    format!("rows of {} with {}", name(of.table, catalog), keys(of, catalog))
}

fn keys(of: &Keyed, catalog: &Catalog) -> String {
    let table = catalog.schema.table(of.table);
    let columns = table.map_or(&[][..], |table| &table.columns);
    let parts = of.columns.iter().zip(&of.keys).map(|(column, key)| {
        let column = columns.get(*column as usize).map_or("", |one| one.name.as_str());
        match words(key, catalog) {
            own if own == format!("`{column}`") => format!("the same {own}"),
            own => format!("`{column}` equal to {own}"),
        }
    });
    parts.collect::<Vec<_>>().join(" and ")
}

fn only(filter: Option<&Expr>, catalog: &Catalog) -> String {
    filter.map(|one| format!(" where {}", words(one, catalog))).unwrap_or_default()
}

fn held_at(at: &Expr, holds: &Validity, catalog: &Catalog) -> String {
    format!(" that holds at {} ({})", words(at, catalog), from_until(holds, catalog))
}

fn from_until(holds: &Validity, catalog: &Catalog) -> String {
    format!("from {} until {}", words(&holds.from, catalog), words(&holds.until, catalog))
}
