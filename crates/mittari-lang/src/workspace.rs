//! A workspace as written: one folder of cards and what they stand on.

use crate::card::{Card, Target};
use crate::hours::{Hours, MonthDay};
use crate::mapping::Mapping;
use crate::prose::Localised;
use crate::span::{SourceId, Spanned};
use crate::trial::Trials;
use crate::vocabulary::Vocabulary;

/// Everything that was read from the files of a workspace.
///
/// A file with an error is not in it: what is here can be relied on. How many files of
/// each kind there were is in `counts`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workspace {
    /// `workspace.yaml`.
    pub settings: Option<Settings>,
    /// `vocabulary.yaml`.
    pub vocabulary: Option<Vocabulary>,
    /// `calendars/*.yaml`.
    pub calendars: Vec<Hours>,
    /// `sources/*.yaml`.
    pub mappings: Vec<Mapping>,
    /// The cards.
    pub cards: Vec<Card>,
    /// `<id>.test.yaml`.
    pub trials: Vec<Trials>,
    /// The names of cards that were found but have errors, so that those who speak of
    /// them are not told that they do not exist.
    pub broken: Vec<Spanned<String>>,
    /// How many files there were, sound or not.
    pub counts: Counts,
}

/// How many files of each kind were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cards.
    pub cards: usize,
    /// Formulas in them, as far as they could be read.
    pub formulas: usize,
    /// Files with tests.
    pub trials: usize,
    /// Service calendars.
    pub calendars: usize,
    /// Source files.
    pub mappings: usize,
}

/// What `workspace.yaml` says.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The file.
    pub source: SourceId,
    /// `title`.
    pub title: Option<Localised>,
    /// `time_zone`: the zone of periods, by its IANA name.
    pub time_zone: Spanned<String>,
    /// `fiscal_year_starts`: the month and day, January 1 by default.
    pub fiscal_year_starts: Option<Spanned<MonthDay>>,
    /// `languages`: the codes of the languages, the first is the default.
    pub languages: Vec<Spanned<String>>,
    /// `calendar`: the service calendar of cards that name none.
    pub calendar: Option<Spanned<String>>,
    /// `currencies`: codes that written values may use beside the vocabulary's.
    pub currencies: Vec<Spanned<String>>,
    /// `data`: where the data of each source are.
    pub data: Vec<Data>,
    /// `targets`: the organisation's own targets for cards that carry none.
    pub targets: Vec<MetricTargets>,
}

/// `data: {servicenow: ../exports/servicenow}`: a source and its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The source's name.
    pub mapping: Spanned<String>,
    /// The folder with its files, from the workspace's folder.
    pub folder: Spanned<String>,
    /// `tables`: which of its tables are taken; all if none is named.
    pub tables: Vec<Spanned<String>>,
}

/// The targets of a metric, or with a dot of one of its formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricTargets {
    /// `resolved-in-target`, `first-contact.incidents`.
    pub metric: Spanned<String>,
    /// The targets.
    pub targets: Vec<Target>,
}
