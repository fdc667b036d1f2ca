//! What can be wrong with files and their rows, located and counted.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many faults are kept with their place; the others are only counted.
pub const LISTED: usize = 20;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// It has more or fewer fields than the header.
    Fields,
    /// Text follows a closing quote.
    Quoting,
    /// It is not UTF-8, or has a NUL character.
    Characters,
    /// It is not a JSON object, or names one value twice.
    Record,
    /// A text that is no value of its column's kind.
    Value,
    /// A text that no mapping names, in a column of declared values.
    Undeclared,
    /// A column that always has a value has none.
    Missing,
    /// A column of the table's key has no value.
    NoKey,
    /// An earlier row has the same key.
    DuplicateKey,
    /// An earlier row of the same key holds at the same time, so that a look-up would
    /// find both.
    SecondRow,
}

impl FaultKind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Self; 10] = [
        Self::Fields,
        Self::Quoting,
        Self::Characters,
        Self::Record,
        Self::Value,
        Self::Undeclared,
        Self::Missing,
        Self::NoKey,
        Self::DuplicateKey,
        Self::SecondRow,
    ];

    /// What is counted, for the reader.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Fields => "wrong number of fields",
            Self::Quoting => "text behind a closing quote",
            Self::Characters => "not UTF-8, or a NUL character",
            Self::Record => "not a JSON object",
            Self::Value => "not a value of the column",
            Self::Undeclared => "a value that is not declared",
            Self::Missing => "a value is missing",
            Self::NoKey => "the key is missing",
            Self::DuplicateKey => "a key that stands twice",
            Self::SecondRow => "a second row that a look-up would find",
        }
    }
}

/// Where a row stands, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The line of a text file on which the row begins.
    Line(u64),
    /// The row of a file or a batch without lines.
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The file, as it was opened; `batches` for rows handed over in memory.
    pub file: String,
    /// The row.
    pub place: Place,
    /// The column of the export, or several joined by a space.
    pub column: Option<String>,
    /// What stands there, cut when it is long.
    pub text: String,
    /// What would have been right.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.file, self.place)?;
        if let Some(column) = &self.column {
            write!(f, ", `{column}`")?;
        }
        write!(f, ": expected {}, found `{}`", self.expected, self.text)
    }
}

/// All that is wrong with the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultReport {
    /// How many faults; a row may have several.
    pub total: u64,
    /// How many rows were left out for them.
    pub rows: u64,
    /// How many of each kind; kinds that do not occur are absent.
    pub by_kind: Vec<(FaultKind, u64)>,
    /// The first of them in the order of the table.
    pub listed: Vec<Fault>,
}

impl FaultReport {
    /// Adds what else is wrong with rows of the table.
    pub fn add(&mut self, other: Self) {
        self.total += other.total;
        self.rows += other.rows;
        for (kind, count) in other.by_kind {
            match self.by_kind.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, known)) => *known += count,
                None => self.by_kind.push((kind, count)),
            }
        }
        self.by_kind.sort_unstable();
        self.listed.extend(other.listed);
        self.listed.truncate(LISTED);
    }
}

/// What was read of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanReport {
    /// Rows that stand in the files.
    pub rows_read: u64,
    /// Rows that were handed on.
    pub rows_kept: u64,
    /// Rows that another row of the same key stands for.
    pub rows_superseded: u64,
    /// Keys whose row was chosen by line, because several rows came first or last.
    pub keep_ties: u64,
    /// Rows that were left out because they cannot be read.
    pub faults: FaultReport,
    /// Bytes that were read.
    pub bytes: u64,
    /// Rows that were not read, since the statistics of their row groups show that
    /// nothing of them is needed.
    pub rows_unread: u64,
    /// How many row groups these make up, and how many the files have.
    pub groups_unread: (u64, u64),
}

/// Why a table cannot be read at all.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The run held more memory than it may.
    #[error("{told}")]
    Memory {
        /// How much it held, and what would do.
        told: String,
    },
    /// No file of the data is one the sources name.
    #[error("no file matches; tried {} in {}", quoted(.tried), paths(.places))]
    NoFiles {
        /// The patterns.
        tried: Vec<String>,
        /// The folders and files that were searched.
        places: Vec<PathBuf>,
    },
    /// Several sources have files for one table.
    #[error("the sources {} all have files for `{table}`; choose one with `--source`", quoted(.sources))]
    SeveralSources {
        /// The table.
        table: String,
        /// The sources.
        sources: Vec<String>,
    },
    /// A source that does not exist was asked for.
    #[error("there is no source `{name}`{}", among(.known))]
    UnknownSource {
        /// What was asked for.
        name: String,
        /// The sources there are.
        known: Vec<String>,
    },
    /// A table that does not exist was asked for.
    #[error("there is no table `{name}`{}", among(.known))]
    UnknownTable {
        /// What was asked for.
        name: String,
        /// The tables there are.
        known: Vec<String>,
    },
    /// A pattern of file names cannot be read.
    #[error("`{pattern}` is not a pattern of file names: {reason}")]
    FilePattern {
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// A file lies there both packed and unpacked.
    #[error("`{}` and `{}` are the same file, packed and unpacked; remove one", .one.display(), .other.display())]
    Twice {
        /// The one.
        one: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// A pattern of times cannot be read.
    #[error("`{pattern}`, the format of `{column}`, is not a strftime pattern")]
    TimePattern {
        /// The column of the vocabulary.
        column: String,
        /// The pattern.
        pattern: String,
    },
    /// A file cannot be opened or read.
    #[error("`{}` cannot be read: {reason}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        #[source]
        reason: Arc<std::io::Error>,
    },
    /// A file ends too early.
    #[error("`{}` is cut off: its packed content has no end; fetch it again", .file.display())]
    CutOff {
        /// The file.
        file: PathBuf,
    },
    /// A file's content is damaged.
    #[error("`{}` is damaged: {reason}", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A file has nothing in it.
    #[error("`{}` is empty: expected rows, or a line with the names of the columns", .file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// A column of the export is needed and absent.
    #[error("`{}` has no column `{column}`{}", .file.display(), among(.known))]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// The names nearest to it, else the first of the file.
        known: Vec<String>,
    },
    /// Two columns of a file have one name that is needed.
    #[error("`{}` has two columns `{column}`; rename one", .file.display())]
    SameColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
    },
    /// A line is longer than any row can be.
    #[error(
        "`{}`, line {line}: expected at most 16 MiB, found a longer line; perhaps a quote is not closed",
        .file.display()
    )]
    LongLine {
        /// The file.
        file: PathBuf,
        /// The line on which it begins.
        line: u64,
    },
    /// A quote is open when the file ends.
    #[error("`{}`, line {line}: a quote is opened and never closed", .file.display())]
    OpenQuote {
        /// The file.
        file: PathBuf,
        /// The line on which the row begins.
        line: u64,
    },
    /// A column has a type that cannot become its kind.
    #[error("`{}`, `{column}`: expected {expected}, found a column of type `{found}`", .file.display())]
    ColumnType {
        /// The file.
        file: PathBuf,
        /// The column of the export.
        column: String,
        /// What its kind needs.
        expected: String,
        /// The type it has.
        found: String,
    },
    /// A column is needed that the source does not fill.
    #[error("the source of `{table}` does not give `{column}`")]
    NotGiven {
        /// The table.
        table: String,
        /// The column of the vocabulary.
        column: String,
    },
}

impl LoadError {
    /// The error of reading a file: packed content that ends early is told apart.
    pub(crate) fn reading(file: &Path, error: std::io::Error) -> Self {
        let file = file.to_path_buf();
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::CutOff { file },
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => {
                Self::Damaged { file, reason: error.to_string() }
            }
            _ => Self::Unreadable { file, reason: Arc::new(error) },
        }
    }
}

/// Why a scan gave no result.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ScanError<E> {
    /// A file cannot be read.
    Load(LoadError),
    /// Some rows cannot be read, and this was to stop the run.
    BadRows(Box<ScanReport>),
    /// What the caller does with the rows failed.
    Step(E),
}

impl<E> From<LoadError> for ScanError<E> {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl<E: fmt::Display> fmt::Display for ScanError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(error) => error.fmt(f),
            Self::BadRows(report) => {
                write!(f, "{} rows cannot be read", report.faults.rows)
            }
            Self::Step(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for ScanError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Load(error) => error.source(),
            Self::BadRows(_) => None,
            Self::Step(error) => error.source(),
        }
    }
}

/// A text cut to what a message has room for.
pub(crate) fn cut(text: &str) -> String {
    const ROOM: usize = 120;
    match text.char_indices().nth(ROOM) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

/// The names that come nearest to one that is absent; without any, the first there are.
pub(crate) fn nearest(name: &str, known: &[String]) -> Vec<String> {
    let lower = name.to_lowercase();
    let room = (name.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &String)> = known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(&lower, &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= room)
        .collect();
    near.sort();
    if near.is_empty() {
        return known.iter().take(12).cloned().collect();
    }
    near.into_iter().take(3).map(|(_, other)| other.clone()).collect()
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn paths(places: &[PathBuf]) -> String {
    let places: Vec<String> =
        places.iter().map(|path| format!("`{}`", path.display())).collect();
    places.join(", ")
}

fn among(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; there is {}", quoted(known)) }
}
