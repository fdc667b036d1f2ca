//! Which data stand behind each table: files with their mapping, or rows in memory.

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use glob::{MatchOptions, Pattern};
use indexmap::IndexMap;
use mittari_lang::mapping::Encoding;
use mittari_lang::metric::{Catalog, ColumnMapping, Mapping, Origin, TableMapping};
use mittari_lang::schema::{ColumnId, Table, TableId};
use mittari_lang::span::{Span, Spanned};
use mittari_lang::types::Kind;

use crate::fault::{LoadError, nearest};

/// The endings of packed files, which a pattern need not name.
const PACKED: [&str; 3] = ["", ".gz", ".zst"];

/// The data of a run, table by table.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    inputs: IndexMap<TableId, TableInput>,
    sources: IndexMap<TableId, SourceFacts>,
}

/// Where the rows of one table come from.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one for each table")]
pub enum TableInput {
    /// Files of one source, sorted by name.
    Files {
        /// How they become the table.
        mapping: TableMapping,
        /// The files; at least one.
        files: Vec<PathBuf>,
    },
    /// Rows the caller has, with columns named as in the vocabulary.
    Batches(Vec<RecordBatch>),
}

/// What a source says about its data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceFacts {
    /// Its name.
    pub name: String,
    /// The first day the data cover, in days since 1970-01-01.
    pub covers_from: Option<i32>,
    /// The day after the last the data cover.
    pub covers_to: Option<i32>,
    /// The moment the data were taken, in microseconds.
    pub as_of: Option<i64>,
    /// Tables that the system does not give, and why.
    pub cannot: Vec<(TableId, String)>,
}

impl TableInput {
    /// Whether a column of the table is filled, be it by an expression.
    pub fn gives(&self, table: &Table, column: ColumnId) -> bool {
        match self {
            Self::Files { mapping, .. } => mapping.gives(column),
            Self::Batches(batches) => {
                let column = table.columns.get(column.column as usize);
                column.is_some_and(|column| holds(batches, &column.name))
            }
        }
    }
}

impl TableInput {
    /// The file at a place of the list, for messages.
    pub(crate) fn file(&self, at: usize) -> &Path {
        match self {
            Self::Files { files, .. } => {
                files.get(at).map_or(Path::new(""), PathBuf::as_path)
            }
            Self::Batches(_) => Path::new("batches"),
        }
    }
}

fn holds(batches: &[RecordBatch], name: &str) -> bool {
    // Of no rows nothing is missing.
    batches.first().is_none_or(|batch| batch.column_by_name(name).is_some())
}

impl Dataset {
    /// A dataset without tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a table the rows of some batches; its earlier rows are replaced.
    ///
    /// # Errors
    ///
    /// The table is unknown.
    pub fn add_batches(
        &mut self,
        catalog: &Catalog,
        table: &str,
        batches: Vec<RecordBatch>,
    ) -> Result<(), LoadError> {
        let Some((id, _)) = catalog.schema.table_named(table) else {
            let known: Vec<String> =
                catalog.schema.tables.iter().map(|table| table.name.clone()).collect();
            let name = table.to_owned();
            return Err(LoadError::UnknownTable { known: nearest(&name, &known), name });
        };
        self.sources.shift_remove(&id);
        self.inputs.insert(id, TableInput::Batches(batches));
        Ok(())
    }

    /// Gives a table the rows of some batches, with what their source says of them; its
    /// earlier rows are replaced.
    pub fn add_rows(
        &mut self,
        table: TableId,
        batches: Vec<RecordBatch>,
        source: SourceFacts,
    ) {
        self.sources.insert(table, source);
        self.inputs.insert(table, TableInput::Batches(batches));
    }

    /// The files below some folders, or named themselves, that the sources of a catalog
    /// read; with a name, only those of one source.
    ///
    /// # Errors
    ///
    /// No file matches, several sources have files for one table, or a file lies there
    /// packed and unpacked.
    pub fn of_folder(
        catalog: &Catalog,
        mapping_name: Option<&str>,
        paths: &[PathBuf],
    ) -> Result<Self, LoadError> {
        let mut found: IndexMap<TableId, Vec<(&Mapping, TableInput)>> = IndexMap::new();
        let mut tried = Vec::new();
        for mapping in chosen(catalog, mapping_name)? {
            for table in &mapping.tables {
                let mut files = Vec::new();
                for pattern in &table.file {
                    files.extend(matching(&pattern.value, paths)?);
                    tried.push(pattern.value.clone());
                }
                let files = sorted(files)?;
                if !files.is_empty() {
                    let input = TableInput::Files { mapping: table.clone(), files };
                    found.entry(table.table).or_default().push((mapping, input));
                }
            }
        }
        if found.is_empty() {
            tried.dedup();
            return Err(LoadError::NoFiles { tried, places: paths.to_vec() });
        }
        let mut dataset = Self::new();
        for (table, mut inputs) in found {
            if inputs.len() > 1 {
                return Err(several(catalog, table, &inputs));
            }
            for (mapping, input) in inputs.drain(..) {
                dataset.sources.insert(table, facts(mapping));
                dataset.inputs.insert(table, input);
            }
        }
        Ok(dataset)
    }

    /// Takes over the tables of another dataset: all, or those of these names.
    ///
    /// # Errors
    ///
    /// A table has an input already.
    pub fn join(
        &mut self,
        catalog: &Catalog,
        other: Self,
        tables: &[&str],
    ) -> Result<(), LoadError> {
        for (id, input) in other.inputs {
            let name = catalog.schema.table(id).map_or("", |table| table.name.as_str());
            if !tables.is_empty() && !tables.contains(&name) {
                continue;
            }
            let facts = other.sources.get(&id).cloned().unwrap_or_default();
            if let Some(known) = self.sources.get(&id) {
                return Err(LoadError::SeveralSources {
                    table: name.to_owned(),
                    sources: vec![known.name.clone(), facts.name],
                });
            }
            self.inputs.insert(id, input);
            self.sources.insert(id, facts);
        }
        Ok(())
    }

    /// The input of a table, if it has one.
    pub fn input(&self, table: TableId) -> Option<&TableInput> {
        self.inputs.get(&table)
    }

    /// The tables that have an input, in the order they were found.
    pub fn tables(&self) -> impl Iterator<Item = TableId> + '_ {
        self.inputs.keys().copied()
    }

    /// What the source of a table says about its data; rows in memory have none.
    pub fn source(&self, table: TableId) -> Option<&SourceFacts> {
        self.sources.get(&table)
    }

    /// Why a table has no input, if a source in use says it.
    pub fn why_no_table(&self, table: TableId) -> Option<&str> {
        let mut said = self.sources.values().flat_map(|source| &source.cannot);
        said.find(|(absent, _)| *absent == table).map(|(_, why)| why.as_str())
    }

    /// Why a column of a table is not filled, if its source says it.
    pub fn why_no_column(&self, column: ColumnId) -> Option<&str> {
        let TableInput::Files { mapping, .. } = self.inputs.get(&column.table)? else {
            return None;
        };
        let mut said = mapping.cannot.iter();
        said.find(|(absent, _)| *absent == column).map(|(_, why)| why.as_str())
    }

    /// The latest moment at which a source in use was taken, if one says.
    pub fn as_of(&self) -> Option<i64> {
        self.sources.values().filter_map(|source| source.as_of).max()
    }
}

fn facts(mapping: &Mapping) -> SourceFacts {
    SourceFacts {
        name: mapping.name.clone(),
        covers_from: mapping.covers_from,
        covers_to: mapping.covers_to,
        as_of: mapping.as_of,
        cannot: mapping.cannot.clone(),
    }
}

fn chosen<'a>(
    catalog: &'a Catalog,
    name: Option<&str>,
) -> Result<Vec<&'a Mapping>, LoadError> {
    let Some(name) = name else { return Ok(catalog.mappings.iter().collect()) };
    let named: Vec<&Mapping> =
        catalog.mappings.iter().filter(|mapping| mapping.name == name).collect();
    if named.is_empty() {
        let known: Vec<String> =
            catalog.mappings.iter().map(|mapping| mapping.name.clone()).collect();
        let name = name.to_owned();
        return Err(LoadError::UnknownSource { known: nearest(&name, &known), name });
    }
    Ok(named)
}

fn several(
    catalog: &Catalog,
    table: TableId,
    inputs: &[(&Mapping, TableInput)],
) -> LoadError {
    let name = catalog.schema.table(table).map(|table| table.name.clone());
    LoadError::SeveralSources {
        table: name.unwrap_or_default(),
        sources: inputs.iter().map(|(mapping, _)| mapping.name.clone()).collect(),
    }
}

/// The files a pattern stands for, in folders and among files named themselves.
fn matching(pattern: &str, paths: &[PathBuf]) -> Result<Vec<PathBuf>, LoadError> {
    let mut files = Vec::new();
    let packed = PACKED.iter().skip(1).any(|ending| pattern.ends_with(ending));
    let endings = if packed { PACKED.get(..1) } else { Some(&PACKED[..]) };
    for ending in endings.unwrap_or_default() {
        let pattern = format!("{pattern}{ending}");
        for path in paths {
            if path.is_dir() {
                files.extend(below(path, &pattern)?);
            } else if names(path, &pattern)? {
                files.push(path.clone());
            }
        }
    }
    Ok(files)
}

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// The files below a folder that match.
fn below(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, LoadError> {
    let whole = Path::new(&Pattern::escape(&folder.to_string_lossy())).join(pattern);
    let found = glob::glob_with(&whole.to_string_lossy(), OPTIONS)
        .map_err(|error| bad_pattern(pattern, &error))?;
    let mut files = Vec::new();
    for file in found {
        let file = file.map_err(|error| {
            let path = error.path().to_path_buf();
            LoadError::reading(&path, error.into())
        })?;
        if file.is_file() {
            files.push(file);
        }
    }
    Ok(files)
}

/// Whether a file's name is one a pattern stands for, wherever it lies.
fn names(path: &Path, pattern: &str) -> Result<bool, LoadError> {
    let last = pattern.rsplit('/').next().unwrap_or(pattern);
    let compiled = Pattern::new(last).map_err(|error| bad_pattern(pattern, &error))?;
    let name = path.file_name().map(|name| name.to_string_lossy());
    Ok(name.is_some_and(|name| compiled.matches_with(&name, OPTIONS)))
}

fn bad_pattern(pattern: &str, error: &glob::PatternError) -> LoadError {
    LoadError::FilePattern { pattern: pattern.to_owned(), reason: error.msg.to_owned() }
}

/// Files by name, each once; the same file packed and unpacked would count twice.
fn sorted(mut files: Vec<PathBuf>) -> Result<Vec<PathBuf>, LoadError> {
    files.sort();
    files.dedup();
    let mut plain: IndexMap<String, &PathBuf> = IndexMap::new();
    for file in &files {
        let name = file.to_string_lossy().into_owned();
        let bare = PACKED.iter().rev().find_map(|ending| name.strip_suffix(ending));
        let bare = bare.unwrap_or(&name).to_owned();
        if let Some(other) = plain.insert(bare, file) {
            return Err(LoadError::Twice { one: other.clone(), other: file.clone() });
        }
    }
    Ok(files)
}

/// The mapping of rows in memory: every column of the vocabulary's own name.
pub(crate) fn mapping_of_batches(
    id: TableId,
    table: &Table,
    batches: &[RecordBatch],
) -> TableMapping {
    let span = Span::default();
    let named =
        (0_u32..).zip(&table.columns).filter(|(_, column)| holds(batches, &column.name));
    let columns = named.map(|(number, column)| ColumnMapping {
        column: ColumnId { table: id, column: number },
        origin: Origin::Columns(vec![Spanned::new(column.name.clone(), span)]),
        values: Vec::new(),
        missing: Vec::new(),
        zone: None,
        format: Vec::new(),
        unit: column.unit.filter(|_| column.kind == Kind::Duration),
        decimal_comma: false,
        after: None,
        is: None,
        span,
    });
    TableMapping {
        table: id,
        file: Vec::new(),
        layout: None,
        encoding: Encoding::Utf8,
        header: true,
        delimiter: None,
        quote: None,
        missing: Vec::new(),
        // What names no zone is read as UTC.
        zone: Some(chrono_tz::Tz::UTC),
        format: Vec::new(),
        keep: None,
        columns: columns.collect(),
        cannot: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
