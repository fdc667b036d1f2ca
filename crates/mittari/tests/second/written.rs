//! Columns of tests as a batch, and batches as files of Parquet.

use std::fs::File;
use std::path::Path;

use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterPropertiesBuilder;

/// A batch of columns each of which may lack values.
pub(crate) fn batch_of<'a>(
    columns: impl IntoIterator<Item = (&'a str, ArrayRef)>,
) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// Writes a batch in row groups of so many rows.
pub(crate) fn write_parquet(
    path: &Path,
    batch: &RecordBatch,
    (properties, size): (WriterPropertiesBuilder, usize),
) {
    let properties = properties.set_max_row_group_row_count(Some(size)).build();
    let file = File::create(path).unwrap();
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}
