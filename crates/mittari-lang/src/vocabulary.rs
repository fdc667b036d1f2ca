//! The vocabulary as written: the tables, fields and populations cards may speak of.

use crate::card::Population;
use crate::prose::Localised;
use crate::span::{SourceId, Span, Spanned};
use crate::syntax::Expr;

/// What `vocabulary.yaml` says.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    /// The file.
    pub source: SourceId,
    /// `tables`, in the order written.
    pub tables: Vec<Table>,
    /// `populations`: tables with a condition and exclusions.
    pub populations: Vec<Population>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Spanned<String>,
    /// `meaning`: what one row is.
    pub meaning: Option<Localised>,
    /// `key`: the fields that name one row; none if rows have no name.
    pub key: Vec<Spanned<String>>,
    /// `lookups`: from a row to one row of another table.
    pub lookups: Vec<Lookup>,
    /// `valid`: the time a row holds for.
    pub valid: Option<Valid>,
    /// `fields`, in the order written.
    pub fields: Vec<Field>,
    /// `rules`: what must be true of every row.
    pub rules: Vec<Rule>,
}

/// `duty: responsibility by category`: from many rows to one of another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The name by which expressions go there: `duty`.
    pub name: Spanned<String>,
    /// The other table.
    pub table: Spanned<String>,
    /// The fields here that hold the other table's key; at least one.
    pub by: Vec<Spanned<String>>,
    /// Where the text behind the name stands.
    pub span: Span,
}

/// `started_at until ended_at`: the half-open time a row holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// The field with the first instant or day.
    pub from: Spanned<String>,
    /// The field with the first instant or day after.
    pub until: Spanned<String>,
    /// Where both stand.
    pub span: Span,
}

/// A field of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Spanned<String>,
    /// `type`; a field with `values` and no type is a category, of one with `is` the
    /// type follows from the expression.
    pub kind: Option<Spanned<FieldKind>>,
    /// `values`: all that may occur.
    pub values: Vec<DeclaredValue>,
    /// `unit`: the unit people read it in; of a duration or number.
    pub unit: Option<Spanned<crate::types::Unit>>,
    /// `currency`: of money.
    pub currency: Option<Spanned<String>>,
    /// `required`: whether it may not be missing.
    pub required: Option<Spanned<bool>>,
    /// `planned`: an instant that may lie in the future.
    pub planned: Option<Spanned<bool>>,
    /// `personal`: whether it points at a person.
    pub personal: Option<Spanned<bool>>,
    /// `is`: how it is computed.
    pub is: Option<Expr>,
    /// `meaning`.
    pub meaning: Option<Localised>,
    /// Where all behind the name stands.
    pub span: Span,
}

/// A value that may occur, and what people call it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredValue {
    /// The value as cards write it; of a number its digits.
    pub value: Spanned<String>,
    /// What people call it.
    pub title: Option<Localised>,
}

/// What must be true of every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// `name`: under which violations are counted.
    pub name: Spanned<String>,
    /// `must`: the condition; a row for which it is false violates it.
    pub must: Expr,
    /// `reason`.
    pub reason: Localised,
}

/// The types of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// Free text.
    Text,
    /// One of the declared values.
    Category,
    /// True or false.
    Boolean,
    /// A count or another number.
    Number,
    /// A length of time.
    Duration,
    /// An amount of one currency.
    Money,
    /// A point in time.
    Instant,
    /// A calendar day.
    Date,
}

impl FieldKind {
    /// Every type with its word.
    pub const WORDS: &[(Self, &str)] = &[
        (Self::Text, "text"),
        (Self::Category, "category"),
        (Self::Boolean, "boolean"),
        (Self::Number, "number"),
        (Self::Duration, "duration"),
        (Self::Money, "money"),
        (Self::Instant, "instant"),
        (Self::Date, "date"),
    ];

    /// The word it is written with.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}
