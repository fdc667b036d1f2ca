//! How a case is written: one file that holds a workspace, or the part that is its own.
//!
//! A line `# file: sla/a.yaml` begins a file of the workspace; what stands before the
//! first such line is the card `internal/case.yaml`. Files that a case does not give are
//! those in `suite/workspace`. `{{40 * (}}` stands for forty brackets.

use std::fs;
use std::path::{Path, PathBuf};

use mittari_lang::diagnostic::{Diagnostic, Severity};
use mittari_lang::source::Sources;

/// The folder of the suite.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite")
}

/// The cases of a stage, sorted by name.
pub(crate) fn cases(stage: &str) -> Vec<(String, String)> {
    let mut cases: Vec<(String, String)> = fs::read_dir(folder().join(stage))
        .expect("a folder of cases")
        .map(|entry| {
            let path = entry.expect("a case").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a case"))
        })
        .collect();
    cases.sort();
    cases
}

/// A card with this unit and formula.
pub(crate) fn card(unit: &str, formula: &str) -> String {
    let path = folder().join("workspace/card.txt");
    let text = fs::read_to_string(path).expect("the common card");
    format!("{text}unit: {unit}\nformula: |\n  {formula}\n")
}

/// The files of a case: their names and texts, in the order written.
fn files(text: &str, mark: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix(mark) {
            files.push((name.trim().to_owned(), String::new()));
            inside = true;
        } else if line.starts_with("# file: ") || line.starts_with("# data: ") {
            inside = false;
        } else if let Some((_, text)) = files.last_mut().filter(|_| inside) {
            text.push_str(line);
        }
    }
    files
}

/// The data of a case, as files: what stands behind a line `# data: tickets.csv`.
pub(crate) fn data(text: &str) -> Vec<(String, String)> {
    files(text, "# data: ")
}

/// The workspace of a case.
pub(crate) fn workspace(text: &str) -> Sources {
    let mut files = files(&format!("# file: internal/case.yaml\n{text}"), "# file: ");
    files.retain(|(_, text)| !text.is_empty());
    let common = [
        "workspace.yaml",
        "vocabulary.yaml",
        "calendars/24x7.yaml",
        "calendars/desk.yaml",
    ];
    let of_data = Some("sources/data.yaml").filter(|_| !data(text).is_empty());
    for name in common.into_iter().chain(of_data) {
        if files.iter().all(|(own, _)| own != name) {
            let text = fs::read_to_string(folder().join("workspace").join(name));
            files.push((name.to_owned(), text.expect("the common file")));
        }
    }
    files.sort();
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(name, repeated(&text));
    }
    sources
}

/// The text with `{{3 * ab}}` written out.
fn repeated(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{{") else { return text.to_owned() };
    let Some((inner, after)) = rest.split_once("}}") else { return text.to_owned() };
    let (times, what) = inner.split_once(" * ").expect("a number and a text");
    let times: usize = times.parse().expect("a number");
    format!("{before}{}{}", what.repeat(times), repeated(after))
}

/// What was said, in one line each: `error[unknown-field] sla/a.yaml:3:9: ...`.
pub(crate) fn told(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let code = diagnostic.code.name();
        for (number, label) in diagnostic.labels.iter().enumerate() {
            let name = sources.get(label.span.source).map_or("", |source| &source.name);
            let place = sources.position(label.span);
            let (line, column) = (place.line, place.column);
            let what = match number {
                0 => format!(
                    "{severity}[{code}] {name}:{line}:{column}: {}",
                    diagnostic.message
                ),
                _ => format!("  also {name}:{line}:{column}"),
            };
            let marked = shortened(sources.text(label.span));
            text.push_str(&format!("{what}\n    at `{marked}` {}\n", label.text));
        }
        for help in &diagnostic.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    text
}

/// A marked text, short enough to be read.
fn shortened(text: &str) -> String {
    let line = text.replace('\n', "\\n");
    match line.char_indices().nth(60) {
        None => line,
        Some((end, _)) => format!("{}...", &line[..end]),
    }
}

#[test]
fn repeated_texts_are_written_out() {
    assert_eq!(repeated("a{{3 * bc}}d{{2 * (}}"), "abcbcbcd((");
}
