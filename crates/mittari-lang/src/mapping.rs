//! A source file as written: how one system's export becomes the vocabulary's tables.

use crate::card::Keep;
use crate::hours::Moment;
use crate::prose::Localised;
use crate::span::{SourceId, Span, Spanned};
use crate::syntax::Expr;
use crate::types::Unit;

/// A source file.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The file.
    pub source: SourceId,
    /// `source`: its name.
    pub name: Spanned<String>,
    /// `title`.
    pub title: Option<Localised>,
    /// `notes`.
    pub notes: Vec<Localised>,
    /// `covers`: which time the data hold.
    pub covers: Option<Covers>,
    /// `as_of`: the moment the export was made.
    pub as_of: Option<Spanned<Moment>>,
    /// `tables`, in the order written.
    pub tables: Vec<TableSource>,
    /// `cannot`: tables of the vocabulary that the system does not give, and why.
    pub cannot: Vec<(Spanned<String>, Localised)>,
}

/// The time the data of a source hold, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covers {
    /// `from`: the first day, in days since 1970-01-01.
    pub from: Option<Spanned<i32>>,
    /// `until`: the last day.
    pub until: Option<Spanned<i32>>,
    /// Where both stand.
    pub span: Span,
}

/// How one table is read.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSource {
    /// The vocabulary's table.
    pub name: Spanned<String>,
    /// `file`: names or patterns below the data's folder; at least one.
    pub file: Vec<Spanned<String>>,
    /// `layout`: the file's layout where its name does not say.
    pub layout: Option<Spanned<Layout>>,
    /// `delimiter`: one character between the columns.
    pub delimiter: Option<Spanned<char>>,
    /// `quote`: the character around a text, or none.
    pub quote: Option<Spanned<Quote>>,
    /// `header`: `false` if the first line is data; then columns are numbered from 1.
    pub header: Option<Spanned<bool>>,
    /// `encoding`: else UTF-8.
    pub encoding: Option<Spanned<Encoding>>,
    /// How its columns are read, where a field does not say otherwise.
    pub reading: Reading,
    /// `keep`: of several lines with one key only one is a row; names are columns.
    pub keep: Option<Keep>,
    /// `fields`, in the order written.
    pub fields: Vec<FieldSource>,
    /// `cannot`: fields of the table that the system does not give, and why.
    pub cannot: Vec<(Spanned<String>, Localised)>,
    /// Where all behind the name stands.
    pub span: Span,
}

/// How the text of a column becomes a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// `format`: strftime patterns of instants and dates, tried in this order.
    pub format: Vec<Spanned<String>>,
    /// `time_zone`: the zone of instants, by its IANA name.
    pub time_zone: Option<Spanned<String>>,
    /// `missing`: texts that mean no value; `None` if not said.
    pub missing: Option<Vec<Spanned<String>>>,
    /// `decimal_comma`: whether numbers have a comma for the point.
    pub decimal_comma: Option<Spanned<bool>>,
}

/// How one field is read.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSource {
    /// The vocabulary's field.
    pub name: Spanned<String>,
    /// `from`: the columns, joined by a space; none with `always` or `is` alone.
    pub from: Vec<Spanned<String>>,
    /// `always`: the same value in every row.
    pub always: Option<Spanned<String>>,
    /// `values`: what a text of the export is called in the vocabulary.
    pub values: Vec<(Spanned<String>, Spanned<String>)>,
    /// How the text becomes a value.
    pub reading: Reading,
    /// `unit`: of a duration or an amount written as a bare number; of an instant that
    /// is written as so much time `after` another.
    pub unit: Option<Spanned<Unit>>,
    /// `after`: the field whose instant it cannot precede; a time past midnight moves
    /// to the next day.
    pub after: Option<Spanned<String>>,
    /// `is`: an expression over the fields as mapped.
    pub is: Option<Expr>,
    /// Where all behind the name stands.
    pub span: Span,
}

/// The layouts of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Columns with commas.
    Csv,
    /// Columns with tabs.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

impl Layout {
    /// Every layout with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Csv, "csv"),
        (Self::Tsv, "tsv"),
        (Self::Ndjson, "ndjson"),
        (Self::Parquet, "parquet"),
    ];
}

/// The character around a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quote {
    /// `none`: quotes are text.
    None,
    /// This character.
    Character(char),
}

/// How the bytes of a file become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// Windows code page 1252, of which Latin-1 is a part.
    Windows1252,
}

impl Encoding {
    /// Every encoding with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Utf8, "utf-8"),
        (Self::Utf16, "utf-16"),
        (Self::Windows1252, "windows-1252"),
    ];
}
