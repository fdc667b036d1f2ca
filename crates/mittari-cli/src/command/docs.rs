//! `mittari docs`: the reference of a workspace as Markdown, from its cards and from the
//! tables of keys and functions.

mod card;
mod functions;
mod index;
mod labels;

use std::fs;
use std::path::Path;

use mittari_lang::read;

use crate::args::Docs;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::open;
use labels::Labels;

/// A file of the reference: its path below the folder, and its text.
struct Page {
    path: String,
    text: String,
}

/// Writes the reference of a workspace.
pub(super) fn docs(args: &Docs, screen: Screen) -> Result<Exit, Stop> {
    let opened = open(&args.metrics, &[], None)?;
    for unreadable in &opened.unreadable {
        screen.complain(&unreadable.to_string());
    }
    if opened.is_empty() {
        return Err(Stop::new(Exit::Nothing, opened.nothing().message));
    }
    let broken = opened.tell_errors(screen);
    let language = opened.tongue(args.language).code;
    let labels = Labels::of(language);
    let mut pages = vec![
        Page { path: "README.md".into(), text: index::page(&opened, language, labels) },
        Page { path: "keys.md".into(), text: read::reference() },
        Page { path: "functions.md".into(), text: functions::page() },
    ];
    for card in &opened.written.cards {
        let path = format!("cards/{}.md", card.metric.value);
        pages.push(Page { path, text: card::page(card, &opened, language, labels) });
    }
    for page in &pages {
        write(&args.output, page)?;
    }
    let folder = args.output.display();
    screen.out(&format!("{} pages in `{folder}`\n", pages.len()))?;
    Ok(if !opened.unreadable.is_empty() {
        Exit::Unreadable
    } else if broken {
        Exit::Problems
    } else {
        Exit::Fine
    })
}

fn write(folder: &Path, page: &Page) -> Result<(), Stop> {
    let path = folder.join(&page.path);
    let parent = path.parent().unwrap_or(folder);
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, &page.text));
    written.map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", path.display());
        Stop::new(Exit::Unreadable, message)
    })
}

/// A text on one line of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
