//! `mittari check`: everything that is wrong, in one go.

use mittari::Diagnostic;
use serde_json::json;

use crate::args::{Check, CheckFormat};
use crate::render;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::{Opened, open};

/// Checks a workspace.
pub(super) fn check(args: &Check, screen: Screen) -> Result<Exit, Stop> {
    let opened = open(&args.metrics, &[], None)?;
    match args.format {
        CheckFormat::Human => human(&opened, screen)?,
        CheckFormat::Json => screen.out(&json(&opened))?,
    }
    Ok(exit(&opened))
}

/// Everything that is said, also that there is nothing to check.
fn said(opened: &Opened) -> Vec<Diagnostic> {
    let mut said = opened.diagnostics.clone();
    if opened.is_empty() {
        said.push(opened.nothing());
    }
    said
}

fn exit(opened: &Opened) -> Exit {
    if !opened.unreadable.is_empty() {
        Exit::Unreadable
    } else if opened.is_empty() {
        Exit::Nothing
    } else if opened.counts().0 > 0 {
        Exit::Problems
    } else {
        Exit::Fine
    }
}

/// The problems, and a line that says how much was checked.
fn human(opened: &Opened, screen: Screen) -> Result<(), Stop> {
    for unreadable in &opened.unreadable {
        screen.complain(&unreadable.to_string());
    }
    let look = opened.look(screen.colours_out);
    let mut text = render::human(&said(opened), &opened.sources, look);
    text.push_str(&summary(opened));
    screen.out(&text)
}

fn summary(opened: &Opened) -> String {
    let counts = opened.written.counts;
    let (errors, warnings) = opened.counts();
    let found = match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (0, _) => number(warnings, "warning"),
        (_, 0) => number(errors, "error"),
        _ => format!("{}, {}", number(errors, "error"), number(warnings, "warning")),
    };
    format!(
        "{}, {}: {found}\n",
        number(counts.cards, "card"),
        number(counts.formulas, "formula")
    )
}

fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// One object: what was checked and what was said.
fn json(opened: &Opened) -> String {
    let counts = opened.written.counts;
    let (errors, warnings) = opened.counts();
    let object = json!({
        "version": render::JSON_VERSION,
        "cards": counts.cards,
        "formulas": counts.formulas,
        "errors": errors,
        "warnings": warnings,
        "unreadable": opened.unreadable.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "diagnostics":
            render::json(&said(opened), &opened.sources, opened.look(false)),
    });
    format!("{object:#}\n")
}
