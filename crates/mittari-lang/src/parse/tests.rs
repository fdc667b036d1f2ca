//! Readings, corpora and limits of the expression language.

mod corpus;

use crate::diagnostic::{Diagnostic, Outcome};
use crate::place::Located;
use crate::span::SourceId;
use crate::syntax::Expr;

/// A text that is its own file.
fn located(text: &str) -> Located {
    Located::plain(text, SourceId(0), 0)
}

fn read(text: &str) -> Outcome<Expr> {
    super::formula(&located(text))
}

/// One line for each message: code, place, message, help.
fn told(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let span = diagnostic.span();
        let (start, end) = (span.start as usize, span.end as usize);
        let piece = text.get(start..end).unwrap_or("??");
        out.push_str(&format!(
            "  {} at {start}..{end} `{}`: {}\n",
            diagnostic.code.name(),
            piece.escape_debug(),
            diagnostic.message
        ));
        for help in &diagnostic.help {
            out.push_str(&format!("    help: {help}\n"));
        }
    }
    out
}
