//! A small table with its mapping, and what is read of it as texts.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef};
use arrow_schema::DataType;
use mittari_lang::mapping::Encoding;
use mittari_lang::metric::{ColumnMapping, KeepRow, Origin, TableMapping, Which};
use mittari_lang::schema::{Column, ColumnId, Schema, Table, TableId, ValueSet};
use mittari_lang::span::{Span, Spanned};
use mittari_lang::types::{Kind, SetId, Unit};
use mittari_lang::value::{Currency, Value};
use tempfile::TempDir;

use super::super::{OnBadRows, ScanOptions, scan};
use crate::batch::Batch;
use crate::dataset::TableInput;
use crate::fault::{ScanError, ScanReport};

pub(super) const TABLE: TableId = TableId(0);

/// A table, its mapping and its files.
pub(super) struct Desk {
    pub(super) schema: Schema,
    pub(super) mapping: TableMapping,
    pub(super) files: Vec<PathBuf>,
    pub(super) needed: Vec<bool>,
    pub(super) threads: usize,
    pub(super) block_bytes: usize,
    pub(super) on_bad_rows: OnBadRows,
    folder: TempDir,
}

/// A row: its number, and its values as texts.
pub(super) type Row = (u64, Vec<String>);

pub(super) fn kind_of(word: &str) -> Kind {
    match word {
        "truth" => Kind::Truth,
        "category" => Kind::Category(SetId(0)),
        "number" => Kind::Number,
        "ratio" => Kind::Ratio,
        "duration" => Kind::Duration,
        "money" => Kind::Money(Currency(*b"EUR")),
        "instant" => Kind::Instant,
        "day" => Kind::Day,
        _ => Kind::Text,
    }
}

impl Desk {
    /// A table of `name: kind` columns, each filled from the column of its own name. A
    /// category has the values `red`, `green` and `blue`.
    pub(super) fn new(columns: &[(&str, &str)]) -> Self {
        let table = Table {
            name: "things".to_owned(),
            key: Vec::new(),
            columns: columns
                .iter()
                .map(|(name, kind)| column(name, kind_of(kind)))
                .collect(),
            lookups: Vec::new(),
            valid: None,
            meaning: String::new(),
        };
        let values = ["red", "green", "blue"].map(str::to_owned).to_vec();
        let set = ValueSet { name: "colour".to_owned(), values };
        let mapped = (0..).zip(columns).map(|(at, (name, _))| mapped(at, &[name]));
        let mapping = TableMapping {
            table: TABLE,
            file: Vec::new(),
            layout: None,
            encoding: Encoding::Utf8,
            header: true,
            delimiter: None,
            quote: Some(b'"'),
            missing: vec![String::new()],
            zone: Some(chrono_tz::Tz::UTC),
            format: Vec::new(),
            keep: None,
            columns: mapped.collect(),
            cannot: Vec::new(),
        };
        Self {
            needed: vec![true; table.columns.len()],
            schema: Schema { tables: vec![table], sets: vec![set] },
            mapping,
            files: Vec::new(),
            threads: 2,
            block_bytes: 1 << 20,
            on_bad_rows: OnBadRows::Stop,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) fn key(mut self, columns: &[u32]) -> Self {
        self.schema.tables[0].key = columns.to_vec();
        self
    }

    pub(super) fn report(mut self) -> Self {
        self.on_bad_rows = OnBadRows::Report;
        self
    }

    pub(super) fn keep(mut self, which: Which, by: &str, per: &[&str]) -> Self {
        let per = per.iter().map(|name| spanned(name)).collect();
        self.mapping.keep = Some(KeepRow { which, by: spanned(by), per });
        self
    }

    pub(super) fn map(
        mut self,
        column: usize,
        change: impl FnOnce(&mut ColumnMapping),
    ) -> Self {
        change(&mut self.mapping.columns[column]);
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::File::create(&path).unwrap().write_all(content.as_ref()).unwrap();
        self.files.push(path);
        self
    }

    pub(super) fn input(&self) -> TableInput {
        TableInput::Files { mapping: self.mapping.clone(), files: self.files.clone() }
    }

    pub(super) fn scan(&self) -> Result<(Vec<Row>, ScanReport), ScanError<String>> {
        self.scan_input(&self.input())
    }

    pub(super) fn scan_input(
        &self,
        input: &TableInput,
    ) -> Result<(Vec<Row>, ScanReport), ScanError<String>> {
        let mut options = ScanOptions::new(self.needed.clone())
            .threads(self.threads)
            .on_bad_rows(self.on_bad_rows);
        options.block_bytes = self.block_bytes;
        let step = |rows: &mut Vec<Row>, batch: Batch| {
            rows.extend(texts_of(&batch));
            Ok(())
        };
        let (states, report) =
            scan(input, (&self.schema, TABLE), &options, Vec::new, step)?;
        let mut rows: Vec<Row> = states.into_iter().flatten().collect();
        rows.sort();
        Ok((rows, report))
    }

    /// The values alone, in the order of the table.
    pub(super) fn values(&self) -> Vec<Vec<String>> {
        self.scan().unwrap().0.into_iter().map(|(_, values)| values).collect()
    }

    /// What stops the run.
    pub(super) fn stopped(&self) -> ScanReport {
        match self.scan() {
            Err(ScanError::BadRows(report)) => *report,
            other => panic!("{other:?}"),
        }
    }

    /// Each fault as it is told, without the folder.
    pub(super) fn told(&self, report: &ScanReport) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        let listed = report.faults.listed.iter();
        listed.map(|fault| fault.to_string().replace(&folder, "")).collect()
    }

    /// The error that no row is to blame for.
    pub(super) fn refused(&self) -> String {
        match self.scan() {
            Err(ScanError::Load(error)) => {
                let folder = format!("{}/", self.folder.path().display());
                error.to_string().replace(&folder, "")
            }
            other => panic!("{other:?}"),
        }
    }
}

pub(super) fn column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        required: false,
        planned: false,
        personal: false,
        unit: (kind == Kind::Duration).then_some(Unit::Seconds),
        values: Vec::new(),
        meaning: String::new(),
    }
}

pub(super) fn spanned(name: &str) -> Spanned<String> {
    Spanned::new(name.to_owned(), Span::default())
}

pub(super) fn mapped(column: u32, from: &[&str]) -> ColumnMapping {
    ColumnMapping {
        column: ColumnId { table: TABLE, column },
        origin: Origin::Columns(from.iter().map(|name| spanned(name)).collect()),
        values: Vec::new(),
        missing: Vec::new(),
        zone: None,
        format: Vec::new(),
        unit: None,
        decimal_comma: false,
        after: None,
        is: None,
        span: Span::default(),
    }
}

pub(super) fn category(number: u32) -> Value {
    Value::Category(number)
}

/// The rows of a batch as texts; `-` is a missing value, `/` a column nobody needs.
pub(super) fn texts_of(batch: &Batch) -> Vec<Row> {
    let row = |row: usize| {
        let values = batch.columns.iter().map(|column| match column {
            None => "/".to_owned(),
            Some(array) if array.is_null(row) => "-".to_owned(),
            Some(array) => text_of(array, row),
        });
        (batch.order_of(row), values.collect())
    };
    (0..batch.n_rows).map(row).collect()
}

fn text_of(array: &ArrayRef, row: usize) -> String {
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Dictionary(_, _) => {
            let coded = array.as_dictionary::<Int32Type>();
            let code = usize::try_from(coded.keys().value(row)).unwrap();
            coded.values().as_string::<i32>().value(code).to_owned()
        }
        other => panic!("no physical form is {other}"),
    }
}

/// The folder of real exports, if it is there.
pub(super) fn real_file(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = folder.join(name);
    if !path.is_file() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}
