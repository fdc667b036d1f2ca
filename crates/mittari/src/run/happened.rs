//! What has happened by the moment of evaluation, and what has not.

use mittari_lang::metric::Catalog;
use mittari_lang::schema::{ColumnId, TableId};
use mittari_lang::types::Kind;

use super::needs::given;
use crate::batch::Batch;
use crate::dataset::Dataset;
use crate::error::RunError;
use crate::kernel::choose::not_after;

/// The instants of a table that speak of what has happened, by column.
pub(super) fn happened(
    catalog: &Catalog,
    table: TableId,
    dataset: &Dataset,
) -> Vec<bool> {
    let columns = catalog.schema.table(table).map(|table| table.columns.as_slice());
    let columns = columns.unwrap_or_default().iter().zip(0_u32..);
    columns
        .map(|(column, number)| {
            column.kind == Kind::Instant
                && !column.planned
                && given(catalog, dataset, ColumnId { table, column: number })
        })
        .collect()
}

/// A batch as it was at the moment of evaluation: later instants are missing.
pub(super) fn as_it_was(
    mut batch: Batch,
    happened: &[bool],
    as_of: Option<i64>,
) -> Result<Batch, RunError> {
    let Some(as_of) = as_of else { return Ok(batch) };
    for (column, counts) in batch.columns.iter_mut().zip(happened) {
        if let (Some(column), true) = (column, counts) {
            *column = not_after(column, as_of)?;
        }
    }
    Ok(batch)
}
