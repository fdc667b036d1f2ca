//! YAML to cards: the only folder that knows YAML.
//!
//! What a file is follows from its path in the workspace; each is read for itself, and
//! every problem in it is found in one go:
//!
//! ```text
//! text ── yaml ──▶ marked tree ── one table of fields ──▶ what is written
//!           scalar: the place of every character             card, vocabulary, ...
//! ```

mod card;
mod complaints;
mod cx;
mod dates;
mod field;
mod hours;
mod kinds;
mod language;
mod layout;
mod mapping;
mod parameters;
mod reference;
mod scalar;
mod small;
mod trial;
mod vocabulary;
mod words;
mod workspace;
mod yaml;

pub use dates::{day, moment};
pub use reference::{SCHEMAS, reference, schema};

use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::source::{Source, Sources};
use crate::span::{SourceId, Span, Spanned};
use crate::workspace::{Counts, Workspace};

use crate::nearest::nearest;
use cx::Cx;
use field::{Form, Kind as _, Record};
use yaml::{Node, NodeValue, Tree};

/// The problems of one file that are told; of the rest only the number.
const MOST_COMPLAINTS: usize = 100;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `workspace.yaml`.
    Workspace,
    /// `vocabulary.yaml`.
    Vocabulary,
    /// In `calendars`.
    Calendar,
    /// In `sources`.
    Mapping,
    /// `<id>.test.yaml`.
    Trials,
    /// Any other `.yaml` file.
    Card,
}

impl FileKind {
    /// What the file with this path in a workspace is; none if it is not one of its
    /// files. Names that begin with a dot are not.
    pub fn of(path: &str) -> Option<Self> {
        let mut folders: Vec<_> = path.split('/').collect();
        let file = folders.pop()?;
        let stem = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml"))?;
        if stem.is_empty()
            || folders.iter().chain([&file]).any(|part| part.starts_with('.'))
        {
            return None;
        }
        Some(match (folders.as_slice(), stem) {
            ([], "workspace") => Self::Workspace,
            ([], "vocabulary") => Self::Vocabulary,
            (["calendars", ..], _) => Self::Calendar,
            (["sources", ..], _) => Self::Mapping,
            _ if stem.strip_suffix(".test").is_some() => Self::Trials,
            _ => Self::Card,
        })
    }
}

/// Reads all files of a workspace.
///
/// The names of the sources are their paths below the workspace's folder. What has an
/// error is left out and explained; the diagnostics are in the order of files and places.
pub fn workspace(sources: &Sources) -> Outcome<Workspace> {
    let mut workspace = Workspace::default();
    let mut diagnostics = Vec::new();
    for (id, source) in sources.iter() {
        let Some(kind) = FileKind::of(&source.name) else { continue };
        diagnostics.extend(file(kind, id, source, &mut workspace));
    }
    Outcome { value: workspace, diagnostics }
}

/// Reads a file into the workspace; gives what was said about it, by place.
fn file(
    kind: FileKind,
    id: SourceId,
    source: &Source,
    into: &mut Workspace,
) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    let tree = yaml::tree(id, &source.text, &mut said);
    match kind {
        FileKind::Workspace => {
            into.settings = form::<workspace::SettingsDraft>(source, &tree, &mut said);
        }
        FileKind::Vocabulary => {
            into.vocabulary =
                form::<vocabulary::VocabularyDraft>(source, &tree, &mut said);
        }
        FileKind::Calendar => calendar(source, &tree, &mut said, into),
        FileKind::Mapping => mapping_file(source, &tree, &mut said, into),
        FileKind::Trials => trials(source, &tree, &mut said, into),
        FileKind::Card => card_file(source, &tree, &mut said, into),
    }
    said.sort_by_key(|complaint| (complaint.span().start, complaint.span().end));
    limited(said)
}

/// Reads a tree by its form; nothing comes of it if it has an error.
fn form<F: Form>(
    source: &Source,
    tree: &Tree,
    said: &mut Vec<Diagnostic>,
) -> Option<F::Out> {
    let id = tree.source;
    let mut cx = Cx::new(id, &source.text, &tree.comments, tree.broken);
    let read = match &tree.root {
        Some(root) => Record::<F>::read(root, &mut cx),
        None => Record::<F>::read(&nothing(id), &mut cx),
    };
    said.append(&mut cx.said);
    read.filter(|_| !tree.broken && !said.iter().any(Diagnostic::is_error))
}

/// What stands in a file without a value.
fn nothing(id: SourceId) -> Node {
    Node { value: NodeValue::Absent, span: Span::new(id, 0, 0) }
}

fn calendar(
    source: &Source,
    tree: &Tree,
    said: &mut Vec<Diagnostic>,
    into: &mut Workspace,
) {
    into.counts.calendars += 1;
    let hours = form::<hours::HoursDraft>(source, tree, said);
    if let Some(hours) = hours {
        said.extend(file_name(source, &hours.name, "the calendar", ""));
        into.calendars.push(hours);
    }
}

fn mapping_file(
    source: &Source,
    tree: &Tree,
    said: &mut Vec<Diagnostic>,
    into: &mut Workspace,
) {
    into.counts.mappings += 1;
    into.mappings.extend(form::<mapping::MappingDraft>(source, tree, said));
}

fn trials(
    source: &Source,
    tree: &Tree,
    said: &mut Vec<Diagnostic>,
    into: &mut Workspace,
) {
    into.counts.trials += 1;
    let trials = form::<trial::TrialsDraft>(source, tree, said);
    if let Some(trials) = trials {
        said.extend(file_name(source, &trials.metric, "the test", ".test"));
        into.trials.push(trials);
    }
}

fn card_file(
    source: &Source,
    tree: &Tree,
    said: &mut Vec<Diagnostic>,
    into: &mut Workspace,
) {
    into.counts.cards += 1;
    let name = named(tree, "metric");
    if let Some(name) = &name {
        said.extend(file_name(source, name, "the card", ""));
    }
    count_formulas(tree, &mut into.counts);
    match form::<card::CardDraft>(source, tree, said) {
        Some(card) => into.cards.push(card),
        None => into.broken.extend(name),
    }
}

/// The text behind a key of a file.
fn named(tree: &Tree, key: &str) -> Option<Spanned<String>> {
    match &value_of(tree, key)?.value {
        NodeValue::Text(text, _) => {
            Some(Spanned::new(text.text.trim().to_owned(), text.whole()))
        }
        _ => None,
    }
}

fn value_of<'t>(tree: &'t Tree, key: &str) -> Option<&'t Node> {
    let Some(Node { value: NodeValue::Mapping(entries), .. }) = &tree.root else {
        return None;
    };
    entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
}

fn count_formulas(tree: &Tree, counts: &mut Counts) {
    counts.formulas += usize::from(value_of(tree, "formula").is_some());
    let named = value_of(tree, "formulas").map(|node| &node.value);
    if let Some(NodeValue::Mapping(entries)) = named {
        counts.formulas += entries.len();
    }
}

/// A file is found by its name: that is the name of what stands in it.
fn file_name(
    source: &Source,
    name: &Spanned<String>,
    what: &str,
    ending: &str,
) -> Option<Diagnostic> {
    let file = source.name.rsplit('/').next().unwrap_or("");
    let stem = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml"))?;
    let stem = stem.strip_suffix(ending).unwrap_or(stem);
    if stem == name.value || name.value.is_empty() {
        return None;
    }
    let wanted = format!("{}{ending}.yaml", name.value);
    let message =
        format!("{what} `{}` stands in `{wanted}`, found it in `{file}`", name.value);
    let near = nearest(&name.value, [stem]);
    let complaint = Diagnostic::new(Code::FileName, name.span, message);
    Some(match near {
        Some(stem) => complaint.help(format!("or call it `{stem}`")),
        None => complaint,
    })
}

/// At most so many problems of a file, and the number of the rest.
fn limited(mut said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let rest = said.len().saturating_sub(MOST_COMPLAINTS);
    if rest > 0 {
        said.truncate(MOST_COMPLAINTS);
        let place = said.last().map(Diagnostic::span).unwrap_or_default();
        let message = format!("this file has {rest} more problems, which are not told");
        said.push(Diagnostic::new(Code::TooManyProblems, place, message));
    }
    said
}

#[cfg(test)]
mod tests;
