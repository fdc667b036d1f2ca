//! Parquet files: their row groups, of which only the used columns are decoded.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use crate::fault::LoadError;
use crate::load::guard::guarded;
use crate::load::header::place_of;
use crate::load::pages::Pages;
use crate::load::raw::FILE_SHIFT;

/// How many rows are decoded at once.
pub(crate) const BATCH_ROWS: usize = 1 << 13;
/// What a Parquet file begins and ends with.
const MAGIC: [u8; 4] = *b"PAR1";

/// A Parquet file and what is used of it.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    /// For each used column its place among those that are decoded.
    places: Vec<usize>,
    /// The number of the first row.
    first: u64,
}

/// Some consecutive rows of a Parquet file.
#[derive(Debug)]
pub(crate) struct Group {
    file: Arc<ParquetFile>,
    /// Its place in the file.
    place: usize,
    /// The number of the first row.
    pub(crate) first: u64,
    n_rows: u64,
}

impl ParquetFile {
    /// Reads what a file says of itself and finds the used columns. Texts are decoded as
    /// codes and their values, save the columns that are better read plain.
    pub(crate) fn open(
        path: &Path,
        used: (&[String], &[bool]),
        first: u64,
    ) -> Result<Self, LoadError> {
        guarded(path, || Self::opened(path, used, first))
    }

    fn opened(
        path: &Path,
        (names, plain): (&[String], &[bool]),
        first: u64,
    ) -> Result<Self, LoadError> {
        let mut file =
            File::open(path).map_err(|error| LoadError::reading(path, error))?;
        look_at_ends(&mut file, path)?;
        let options = ArrowReaderOptions::new();
        let read = ArrowReaderMetadata::load(&file, options)
            .map_err(|error| damaged(path, &error))?;
        look_at_groups(path, read.metadata().row_groups())?;
        let known: Vec<String> =
            read.schema().fields().iter().map(|field| field.name().clone()).collect();
        let roots = names.iter().map(|name| place_of(path, name, &known));
        let roots: Vec<usize> = roots.collect::<Result<_, _>>()?;
        let fields = (0..).zip(read.schema().fields()).map(|(at, field)| {
            let used = roots.iter().position(|root| *root == at);
            let plain = used.map(|used| plain.get(used).copied().unwrap_or(true));
            Arc::new(match plain {
                Some(plain) => as_needed(field, plain),
                None => field.as_ref().clone(),
            })
        });
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        // A file whose types cannot be decoded as codes is decoded as it offers itself.
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(read.metadata()), options)
            .unwrap_or(read);
        let mask =
            ProjectionMask::roots(metadata.parquet_schema(), roots.iter().copied());
        let mut decoded = roots.clone();
        decoded.sort_unstable();
        let places = roots.iter().map(|root| {
            decoded.iter().position(|other| other == root).unwrap_or(usize::MAX)
        });
        let places = places.collect();
        Ok(Self { path: path.to_path_buf(), metadata, mask, places, first })
    }
}

impl ParquetFile {
    /// What the file says of itself.
    pub(crate) const fn metadata(&self) -> &ArrowReaderMetadata {
        &self.metadata
    }

    /// The number of the first row of each row group, and how many rows it has.
    pub(crate) fn row_counts(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut first = self.first;
        self.metadata.metadata().row_groups().iter().map(move |group| {
            let n_rows = u64::try_from(group.num_rows()).unwrap_or(0);
            first += n_rows;
            (first - n_rows, n_rows)
        })
    }
}

/// A column of texts as codes and their values; where a text hardly comes twice, as
/// places in what was read.
fn as_needed(field: &Field, plain: bool) -> Field {
    let is_text = matches!(
        field.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    );
    let of_texts = matches!(field.data_type(), DataType::Dictionary(_, of) if **of == DataType::Utf8);
    let form = match (is_text, of_texts, plain) {
        (true, _, true) => DataType::Utf8View,
        (true, _, false) | (_, true, false) => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        _ => return field.clone(),
    };
    Field::new(field.name(), form, field.is_nullable())
}

/// Whether a file begins and ends as Parquet does.
fn look_at_ends(file: &mut File, path: &Path) -> Result<(), LoadError> {
    let reading = |error| LoadError::reading(path, error);
    let length = file.seek(SeekFrom::End(0)).map_err(reading)?;
    if length == 0 {
        return Err(LoadError::Empty { file: path.to_path_buf() });
    }
    let mut ends = [[0; 4]; 2];
    if length >= 12 {
        for (at, end) in [0, length - 4].into_iter().zip(&mut ends) {
            file.seek(SeekFrom::Start(at)).map_err(reading)?;
            file.read_exact(end).map_err(reading)?;
        }
    }
    let file = path.to_path_buf();
    match ends {
        [MAGIC, MAGIC] => Ok(()),
        [MAGIC, _] => Err(LoadError::CutOff { file }),
        _ => Err(LoadError::Damaged { file, reason: "this is not Parquet".to_owned() }),
    }
}

/// Whether the row groups say numbers of rows that a file can have.
fn look_at_groups(path: &Path, groups: &[RowGroupMetaData]) -> Result<(), LoadError> {
    let mut most = 1_u64 << FILE_SHIFT;
    for group in groups {
        let left = u64::try_from(group.num_rows()).ok().and_then(|n| most.checked_sub(n));
        most = left.ok_or_else(|| {
            let reason = format!("a row group is said to have {} rows", group.num_rows());
            damaged(path, &reason)
        })?;
    }
    Ok(())
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> LoadError {
    LoadError::Damaged { file: path.to_path_buf(), reason: error.to_string() }
}

impl Group {
    /// The row group with a number, if the file has so many.
    pub(crate) fn of(file: &Arc<ParquetFile>, group: usize) -> Option<Self> {
        let (first, n_rows) = file.row_counts().nth(group)?;
        Some(Self { file: Arc::clone(file), place: group, first, n_rows })
    }

    /// How many bytes the group takes in the file.
    pub(crate) fn bytes(&self) -> u64 {
        let groups = self.file.metadata.metadata().row_groups();
        let columns = groups.get(self.place).map_or(&[][..], RowGroupMetaData::columns);
        let sizes = columns.iter().map(ColumnChunkMetaData::compressed_size);
        let sizes = sizes.map(|size| u64::try_from(size).unwrap_or(0));
        sizes.fold(0, u64::saturating_add)
    }

    /// The file the rows are of.
    pub(crate) fn path(&self) -> &Path {
        &self.file.path
    }

    /// Decodes the rows.
    pub(crate) fn batches(&self) -> Result<Batches<'_>, LoadError> {
        let path = &self.file.path;
        // Each thread has a handle of its own, since a handle has one place it reads at.
        let file = File::open(path).map_err(|error| LoadError::reading(path, error))?;
        let pages = Pages::of(file).map_err(|error| LoadError::reading(path, error))?;
        let metadata = self.file.metadata.clone();
        let reader = guarded(path, || {
            ParquetRecordBatchReaderBuilder::new_with_metadata(pages, metadata)
                .with_projection(self.file.mask.clone())
                .with_row_groups(vec![self.place])
                .with_batch_size(BATCH_ROWS)
                .build()
                .map_err(|error| damaged(path, &error))
        })?;
        Ok(Batches { reader, file: &self.file, left: self.n_rows })
    }
}

/// The decoded rows of a group, in portions.
pub(crate) struct Batches<'a> {
    reader: ParquetRecordBatchReader,
    file: &'a ParquetFile,
    /// How many rows the group has beyond those that were decoded.
    left: u64,
}

impl Batches<'_> {
    /// The next rows, and their used columns.
    ///
    /// # Errors
    ///
    /// The file is damaged. No more can be decoded then.
    pub(crate) fn next(&mut self) -> Result<Option<(usize, Vec<ArrayRef>)>, LoadError> {
        let path = &self.file.path;
        let batch = guarded(path, || {
            self.reader.next().transpose().map_err(|error| damaged(path, &error))
        })?;
        let n_rows = batch.as_ref().map_or(0, RecordBatch::num_rows);
        let left = self.left.checked_sub(n_rows as u64);
        let Some(left) = left.filter(|left| *left == 0 || batch.is_some()) else {
            return Err(damaged(path, &"a row group has other rows than it says"));
        };
        self.left = left;
        Ok(batch.map(|batch| (n_rows, self.used(&batch))))
    }

    fn used(&self, batch: &RecordBatch) -> Vec<ArrayRef> {
        let places = self.file.places.iter();
        places.filter_map(|place| batch.columns().get(*place).cloned()).collect()
    }
}
