//! How large a table is before it is read: its rows, and what one thread holds of them.
//!
//! Parquet says how many rows it has. Of a text the first lines are looked at, and what is
//! packed is taken to unpack somewhat better than its beginning.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mittari_lang::mapping::Layout;
use mittari_lang::metric::TableMapping;
use mittari_lang::schema::{Schema, TableId};

use crate::dataset::TableInput;
use crate::fault::LoadError;
use crate::load::blocks::layout_of;
use crate::load::columnar::{BATCH_ROWS, ParquetFile};
use crate::load::compress;
use crate::load::recipe::recipe;

/// How many bytes of a text are looked at.
const LOOKED_AT: u64 = 4 << 20;
/// What a decoded value takes, with what is made of it.
const VALUE_BYTES: u64 = 24;
/// A page and its values, of a column of which more is stored together.
const PAGES_BYTES: u64 = 2 << 20;

/// The size of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TableSize {
    /// How many rows it has, or about as many.
    pub(crate) rows: u64,
    /// How many bytes one thread holds of it while it reads, pieces of text left out.
    pub(crate) bytes_of_thread: u64,
    /// How many bytes a line of text has, at least; 0 where there are none.
    pub(crate) line: u64,
}

/// The size of a table of which some columns are needed.
pub(crate) fn size_of(
    input: &TableInput,
    (schema, table): (&Schema, TableId),
    needed: &[bool],
) -> Result<TableSize, LoadError> {
    let names = recipe(input, schema, table, needed)?.names;
    let values = names.len() as u64 * VALUE_BYTES;
    let (mapping, files) = match input {
        TableInput::Files { mapping, files } => (mapping, files),
        TableInput::Batches(batches) => {
            let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
            let bytes_of_thread = values * BATCH_ROWS as u64;
            return Ok(TableSize { rows, bytes_of_thread, line: 0 });
        }
    };
    let mut all = TableSize::default();
    for path in files {
        let layout = mapping.layout.unwrap_or_else(|| layout_of(path));
        let own = if layout == Layout::Parquet {
            let TableSize { rows, bytes_of_thread, .. } = of_parquet(path, &names)?;
            let bytes_of_thread = bytes_of_thread + values * BATCH_ROWS as u64;
            TableSize { rows, bytes_of_thread, line: 0 }
        } else {
            of_text(path, mapping)?
        };
        all.rows += own.rows;
        all.bytes_of_thread = all.bytes_of_thread.max(own.bytes_of_thread);
        all.line = if all.line == 0 { own.line } else { all.line.min(own.line) };
    }
    Ok(all)
}

/// How many bytes one thread holds of a piece of text of some bytes.
pub(crate) fn bytes_of_piece(size: TableSize, n_columns: u64, block_bytes: u64) -> u64 {
    // The piece, what is left of the one before, and the places of all fields.
    let rows = block_bytes.checked_div(size.line).unwrap_or(0);
    if size.line == 0 { 0 } else { 4 * block_bytes + rows * n_columns * VALUE_BYTES }
}

fn of_parquet(path: &Path, names: &[String]) -> Result<TableSize, LoadError> {
    let file = ParquetFile::open(path, (&[], &[]), 0)?;
    let rows = file.row_counts().map(|(_, n_rows)| n_rows).sum();
    let groups = file.metadata().metadata().row_groups().iter();
    let held = groups.map(|group| {
        let columns = group.columns().iter();
        let used = columns.filter(|column| {
            let root = column.column_path().parts().first();
            root.is_some_and(|root| names.contains(root))
        });
        let bytes = used.map(|column| {
            let bytes = column.uncompressed_size().max(column.compressed_size());
            u64::try_from(bytes).unwrap_or(0).min(PAGES_BYTES)
        });
        bytes.sum::<u64>()
    });
    Ok(TableSize { rows, bytes_of_thread: held.max().unwrap_or(0), line: 0 })
}

fn of_text(path: &Path, mapping: &TableMapping) -> Result<TableSize, LoadError> {
    let reading = |error| LoadError::reading(path, error);
    let total = std::fs::metadata(path).map_err(reading)?.len();
    let read = Arc::new(AtomicU64::new(0));
    let mut beginning = Vec::new();
    let mut text = compress::open(path, mapping.encoding, &read)?.take(LOOKED_AT);
    text.read_to_end(&mut beginning).map_err(reading)?;
    let unpacked = beginning.len() as u64;
    let lines = memchr::memchr_iter(b'\n', &beginning).count() as u64 + 1;
    let read = read.load(Ordering::Relaxed).max(1);
    let line = (unpacked / lines).max(1);
    if unpacked < LOOKED_AT {
        return Ok(TableSize { rows: lines, bytes_of_thread: 0, line });
    }
    // What is packed was read in portions, some of which is not unpacked yet.
    let more = if unpacked > read { 2 } else { 1 };
    let rows = u128::from(lines) * u128::from(total) * more / u128::from(read);
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    Ok(TableSize { rows, bytes_of_thread: 0, line })
}
