//! Readings, corpora, limits and generated texts of the expression language.

mod corpus;
mod erase;
mod limits;
mod random;
mod readings;
mod values;

use crate::diagnostic::{Code, Diagnostic, Outcome};
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

/// The tree of a sound text, without its places.
fn tree(text: &str) -> Expr {
    let outcome = read(text);
    assert!(outcome.diagnostics.is_empty(), "{}", told(text, &outcome.diagnostics));
    erase::places(outcome.value)
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<Code> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// What is said of a text, one line for each message: code, place, message, help.
fn told(text: &str, diagnostics: &[Diagnostic]) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for diagnostic in diagnostics {
        let (start, end) = (diagnostic.span().start, diagnostic.span().end);
        let piece = text.get(start as usize..end as usize).unwrap_or("outside");
        let piece = piece.escape_debug();
        let (code, message) = (diagnostic.code.name(), &diagnostic.message);
        let _ = write!(out, "  {code} at {start}..{end} `{piece}`\n    {message}\n");
        for help in &diagnostic.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
    out
}
