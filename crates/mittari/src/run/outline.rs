//! What a run will read of each table, and how much of the work is shared.

use std::path::PathBuf;

use mittari_lang::metric::Catalog;
use mittari_lang::schema::TableId;

use super::gather::{Bound, allow_passing};
use crate::dataset::{Dataset, TableInput};
use crate::failure::Error;
use crate::load::PassedOver;
use crate::plan::Plan;

/// What is read of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOutline {
    /// The table.
    pub table: TableId,
    /// The files it is read from; none where the data are not known.
    pub files: Vec<PathBuf>,
    /// The columns that are read.
    pub columns: Vec<String>,
    /// How many columns the table has.
    pub n_columns: usize,
    /// How many expressions the cards have over its rows.
    pub asked: usize,
    /// How many of them are computed, equal ones once.
    pub computed: usize,
    /// How many ways there are of putting its rows into periods.
    pub placings: usize,
    /// How many row groups its files have; 0 where all are read in any case.
    pub groups: u64,
    /// How many of them are not read, since their statistics show that no result depends
    /// on them.
    pub unread_groups: u64,
    /// How many rows those have.
    pub unread_rows: u64,
}

/// What is read of each table of a plan, in the order of the plan.
///
/// # Errors
///
/// The plan does not fit the catalog, or the files not the sources.
pub fn outline(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
) -> Result<Vec<TableOutline>, Error> {
    let as_of = plan.selection.as_of.or(dataset.as_of());
    let mut outlines = Vec::with_capacity(plan.tables.len());
    let tables = plan.tables.iter();
    let tables = tables.map(|table| Bound::new(catalog, plan, table, dataset, as_of));
    let mut bounds = tables.collect::<Result<Vec<_>, _>>()?;
    allow_passing(plan, &mut bounds);
    for (table, bound) in plan.tables.iter().zip(&bounds) {
        let passed = match dataset.input(table.table) {
            Some(_) => bound.passed_over(dataset)?,
            None => PassedOver::default(),
        };
        let files = match dataset.input(table.table) {
            Some(TableInput::Files { files, .. }) => files.clone(),
            _ => Vec::new(),
        };
        let written = catalog.schema.table(table.table);
        let columns = written.map_or(&[][..], |table| table.columns.as_slice());
        let read = columns.iter().zip(bound.needed()).filter(|(_, needed)| **needed);
        let (asked, computed) = bound.expressions();
        outlines.push(TableOutline {
            table: table.table,
            files,
            columns: read.map(|(column, _)| column.name.clone()).collect(),
            n_columns: columns.len(),
            asked,
            computed,
            placings: bound.n_placings(),
            groups: passed.n_groups,
            unread_groups: passed.groups.len() as u64,
            unread_rows: passed.n_rows(),
        });
    }
    Ok(outlines)
}
