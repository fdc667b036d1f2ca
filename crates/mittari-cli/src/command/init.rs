//! `mittari init`: a workspace to start from, written into an empty folder.

use std::fs;
use std::path::Path;

use crate::args::Init;
use crate::screen::{Exit, Screen, Stop};

/// A file of the starter and its text; they lie in `starter/`, where they are checked.
macro_rules! starter {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../starter/", $name)))),*]
    };
}

/// Every file of the starter, by its path below the folder.
const STARTER: &[(&str, &str)] = starter![
    "README.md"
    "workspace.yaml"
    "vocabulary.yaml"
    "calendars/finland.yaml"
    "calendars/sweden.yaml"
    "sources/desk.yaml"
    "data/contacts.csv"
    "data/tickets.csv"
    "sla/answered-in-target.yaml"
    "sla/answered-in-target.test.yaml"
    "sla/resolved-in-target.yaml"
    "sla/resolved-in-target.test.yaml"
    "ola/open-tickets.yaml"
    "ola/open-tickets.test.yaml"
    "internal/average-speed-of-answer.yaml"
    "internal/average-speed-of-answer.test.yaml"
    "internal/tickets-received.yaml"
    "internal/tickets-received.test.yaml"
];

/// Writes the starter.
pub(super) fn init(args: &Init, screen: Screen) -> Result<Exit, Stop> {
    let folder = &args.folder;
    let cannot = |path: &Path, error: &std::io::Error| {
        let message = format!("`{}` cannot be written: {error}", path.display());
        Stop::new(Exit::Unreadable, message)
    };
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    if let Some(name) = occupied(folder)? {
        let folder = folder.display();
        let message = format!(
            "`{folder}` is not empty, as an empty folder is expected: `{name}` lies in it"
        );
        return Err(Stop::new(Exit::Usage, message));
    }
    for (name, text) in STARTER {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| cannot(parent, &error))?;
        fs::write(&path, text).map_err(|error| cannot(&path, &error))?;
    }
    let folder = folder.display();
    screen.out(&format!(
        "{} files in `{folder}`; next: `mittari check {folder}`, `mittari test {folder}`, `mittari run {folder}`\n",
        STARTER.len()
    ))?;
    Ok(Exit::Fine)
}

/// A file that lies in a folder already; hidden ones do not count.
fn occupied(folder: &Path) -> Result<Option<String>, Stop> {
    let unreadable = |error: std::io::Error| {
        let message = format!("`{}` cannot be read: {error}", folder.display());
        Stop::new(Exit::Unreadable, message)
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names.into_iter().next())
}
