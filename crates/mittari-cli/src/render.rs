//! Diagnostics for people, in rustc's look, and for programs, as JSON.

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet,
};
use mittari_lang::diagnostic::{Diagnostic, Label, Severity};
use mittari_lang::source::Sources;
use mittari_lang::span::{SourceId, Span};
use serde_json::{Value, json};

/// The version of the JSON form: raised when a key is taken away or means another thing.
pub(crate) const JSON_VERSION: u32 = 1;

/// How many messages about one file are shown to people.
const SHOWN_PER_FILE: usize = 50;

/// How many bytes are drawn as they stand, lines without a mark folded away.
const SHOWN_WHOLE: usize = 4096;

/// How many characters of a longer line are shown before and behind a place.
const SHOWN_BESIDE: usize = 120;

/// How messages look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// Whether colours are used.
    pub(crate) colours: bool,
    /// What stands before the name of each file, so that it can be opened.
    pub(crate) folder: &'a str,
}

/// Puts the gravest first, then by file and place.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| {
        let span = diagnostic.span();
        (diagnostic.severity, span.source, span.start, span.end, diagnostic.code)
    });
}

/// All messages as text, with a word about those that are left out.
pub(crate) fn human(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    look: Look<'_>,
) -> String {
    let mut text = String::new();
    let mut shown = vec![0_usize; sources.len() + 1];
    for diagnostic in diagnostics {
        let place = (diagnostic.span().source.0 as usize).min(sources.len());
        let Some(count) = shown.get_mut(place) else { continue };
        *count += 1;
        if *count <= SHOWN_PER_FILE {
            text.push_str(&one(diagnostic, sources, look));
            text.push_str("\n\n");
        }
    }
    for (id, source) in sources.iter() {
        let count = shown.get(id.0 as usize).copied().unwrap_or(0);
        if count > SHOWN_PER_FILE {
            let (rest, name) = (count - SHOWN_PER_FILE, named(&source.name, look.folder));
            text.push_str(&format!("... and {rest} more in {name}\n\n"));
        }
    }
    text
}

/// One message as text.
fn one(diagnostic: &Diagnostic, sources: &Sources, look: Look<'_>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title =
        level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    for excerpt in excerpts(&diagnostic.labels, sources) {
        let name = sources.get(excerpt.source).map_or("", |source| source.name.as_str());
        let name = named(name, look.folder);
        let snippet = Snippet::source(excerpt.text)
            .line_start(excerpt.first_line)
            .annotations(excerpt.marks.into_iter().map(Mark::annotation));
        group = match excerpt.column {
            None => group.element(snippet.path(name)),
            Some(column) => group
                .element(Origin::path(name).line(excerpt.first_line).char_column(column))
                .element(snippet),
        };
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if look.colours { Renderer::styled() } else { Renderer::plain() };
    renderer.hyperlink(false).render(&[group])
}

/// Consecutive lines of one file, with their marks.
struct Excerpt {
    source: SourceId,
    /// The number of the first line of `text`.
    first_line: usize,
    /// The column of the mark, where the line was cut and cannot tell it.
    column: Option<usize>,
    text: String,
    marks: Vec<Mark>,
}

/// A place in an excerpt, in bytes.
struct Mark {
    start: usize,
    end: usize,
    text: String,
    primary: bool,
}

impl Mark {
    fn annotation<'a>(self) -> Annotation<'a> {
        let kind =
            if self.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mark = kind.span(self.start..self.end);
        if self.text.is_empty() { mark } else { mark.label(self.text) }
    }
}

/// The parts of files that the labels are drawn in, that of the first label first.
fn excerpts(labels: &[Label], sources: &Sources) -> Vec<Excerpt> {
    let mut files: Vec<SourceId> = Vec::new();
    for label in labels {
        if !files.contains(&label.span.source) {
            files.push(label.span.source);
        }
    }
    let in_file = |file: SourceId| {
        let source = sources.get(file)?;
        let own = labels.iter().enumerate().filter(|(_, l)| l.span.source == file);
        let places: Vec<Place<'_>> = own
            .filter_map(|(at, label)| Place::new(label, at == 0, &source.text))
            .collect();
        Some(whole_lines(file, &source.text, &places).map_or_else(
            || places.iter().map(|place| place.cut(file, sources)).collect(),
            |excerpt| vec![excerpt],
        ))
    };
    files.into_iter().filter_map(in_file).flatten().collect()
}

/// All lines from the first place to the last, if they are not too much.
fn whole_lines(source: SourceId, text: &str, places: &[Place<'_>]) -> Option<Excerpt> {
    let start = places.iter().map(|place| place.line_start).min()?;
    let end = places.iter().map(|place| place.line_start + place.line.len()).max()?;
    if end - start > SHOWN_WHOLE {
        return None;
    }
    let mark = |place: &Place<'_>| {
        let base = place.line_start - start;
        place.mark(base + place.start, base + place.end)
    };
    Some(Excerpt {
        source,
        first_line: text.get(..start)?.matches('\n').count() + 1,
        column: None,
        text: text.get(start..end)?.to_owned(),
        marks: places.iter().map(mark).collect(),
    })
}

/// A label on its line: a mark that runs on is cut at the end of its first line.
struct Place<'a> {
    label: &'a Label,
    primary: bool,
    /// The first byte of the line in the file.
    line_start: usize,
    line: &'a str,
    /// The mark, in bytes of the line.
    start: usize,
    end: usize,
}

impl<'a> Place<'a> {
    fn new(label: &'a Label, primary: bool, text: &'a str) -> Option<Self> {
        let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let start = border(text, (label.span.start as usize).max(skipped));
        let end = border(text, label.span.end as usize).max(start);
        let line_start = text.get(..start)?.rfind('\n').map_or(skipped, |at| at + 1);
        let line_end = text.get(start..)?.find('\n').map_or(text.len(), |at| start + at);
        let line = text.get(line_start..line_end)?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let start = (start - line_start).min(line.len());
        let end = (end - line_start).clamp(start, line.len());
        Some(Self { label, primary, line_start, line, start, end })
    }

    fn mark(&self, start: usize, end: usize) -> Mark {
        Mark { start, end, text: self.label.text.clone(), primary: self.primary }
    }

    /// The part of a very long line that is around the place.
    fn cut(&self, source: SourceId, sources: &Sources) -> Excerpt {
        let before = self.line.get(..self.start).unwrap_or("");
        let from = before.char_indices().rev().nth(SHOWN_BESIDE).map_or(0, |(at, _)| at);
        let behind = self.line.get(self.start..).unwrap_or("");
        let to = behind
            .char_indices()
            .nth(SHOWN_BESIDE)
            .map_or(self.line.len(), |(at, _)| self.start + at);
        let position = sources.position(self.label.span);
        Excerpt {
            source,
            first_line: position.line as usize,
            column: Some(position.column as usize),
            text: self.line.get(from..to).unwrap_or("").to_owned(),
            marks: vec![self.mark(self.start - from, self.end.min(to) - from)],
        }
    }
}

/// The nearest border of a character at or before a byte.
fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A place as tools read it: `metrics/sla/case.yaml:12:26`.
pub(crate) fn place(span: Span, sources: &Sources, look: Look<'_>) -> String {
    let name = sources.get(span.source).map_or("", |source| source.name.as_str());
    let at = sources.position(span);
    format!("{}:{}:{}", named(name, look.folder), at.line, at.column)
}

/// A file's name behind its folder.
fn named(name: &str, folder: &str) -> String {
    if folder.is_empty() || name.is_empty() {
        return name.to_owned();
    }
    format!("{}/{name}", folder.trim_end_matches('/'))
}

/// All messages as a JSON list; places are given in lines and columns (characters, from
/// 1) and in bytes of the file.
pub(crate) fn json(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    look: Look<'_>,
) -> Value {
    diagnostics.iter().map(|diagnostic| json_one(diagnostic, sources, look)).collect()
}

fn json_one(diagnostic: &Diagnostic, sources: &Sources, look: Look<'_>) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut object = json!({
        "code": diagnostic.code.name(),
        "severity": severity,
        "message": diagnostic.message,
    });
    merge(&mut object, json_place(diagnostic.span(), sources, look));
    let labels: Value = diagnostic
        .labels
        .iter()
        .map(|label| {
            let mut object = json!({ "text": label.text });
            merge(&mut object, json_place(label.span, sources, look));
            object
        })
        .collect();
    merge(&mut object, json!({ "labels": labels, "help": diagnostic.help }));
    object
}

fn json_place(span: Span, sources: &Sources, look: Look<'_>) -> Value {
    let name = sources.get(span.source).map_or("", |source| source.name.as_str());
    let (from, to) = (sources.position(span), sources.position(span.after()));
    json!({
        "file": named(name, look.folder),
        "line": from.line,
        "column": from.column,
        "endLine": to.line,
        "endColumn": to.column,
        "start": span.start,
        "end": span.end,
    })
}

/// Adds the keys of one object to another.
fn merge(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

#[cfg(test)]
mod tests;
