//! Workspaces out of texts, and what was said about them, for the tests.

use crate::diagnostic::Diagnostic;
use crate::read;
use crate::source::Sources;
use crate::workspace::Workspace;

/// What the files of a workspace say; they are read without a complaint.
pub(super) fn workspace(files: &[(&str, &str)]) -> (Sources, Workspace) {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(*name, *text);
    }
    let outcome = read::workspace(&sources);
    assert_eq!(told(&sources, &outcome.diagnostics), "", "while reading");
    (sources, outcome.value)
}

/// One line a message: code, place, sentence, and the further places.
pub(super) fn told(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let at = sources.position(diagnostic.span());
        let (code, message) = (diagnostic.code.name(), &diagnostic.message);
        let others = diagnostic.labels.iter().skip(1).map(|label| {
            let at = sources.position(label.span);
            format!(" [{}:{} {}]", at.line, at.column, label.text)
        });
        let help = diagnostic.help.iter().map(|help| format!(" | {help}"));
        let rest: String = others.chain(help).collect();
        format!("{code} {}:{} {message}{rest}", at.line, at.column)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}
