//! The data of a run: where they are, and what is said of rows that cannot be read.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use mittari::dataset::Dataset;
use mittari::error::RunError;
use mittari::fault::{FaultReport, LoadError};
use mittari::table::TableReport;
use mittari::{Error, OnBadRows, RunOptions};

use crate::args::{BadRows, DataArgs};
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::Opened;

/// The data that were named, else those the workspace names.
pub(super) fn dataset(args: &DataArgs, opened: &Opened) -> Result<Dataset, Stop> {
    let unreadable = |error: LoadError| Stop::new(Exit::Unreadable, error.to_string());
    if !args.data.is_empty() {
        if let Some(absent) = args.data.iter().find(|path| !path.exists()) {
            let message = format!(
                "`{}` cannot be read: there is no such file or folder",
                absent.display()
            );
            return Err(Stop::new(Exit::Unreadable, message));
        }
        let source = args.source.as_deref();
        return Dataset::of_folder(&opened.catalog, source, &args.data)
            .map_err(unreadable);
    }
    let settings = opened.written.settings.as_ref();
    let named = settings.map_or(&[][..], |settings| settings.data.as_slice());
    let wanted = named.iter().filter(|data| {
        args.source.as_ref().is_none_or(|source| *source == data.mapping.value)
    });
    let mut all = Dataset::new();
    let mut any = false;
    for data in wanted {
        let folder: PathBuf = Path::new(&opened.folder).join(&data.folder.value);
        let tables: Vec<&str> =
            data.tables.iter().map(|table| table.value.as_str()).collect();
        let source = Some(data.mapping.value.as_str());
        let found =
            Dataset::of_folder(&opened.catalog, source, &[folder]).map_err(unreadable)?;
        all.join(&opened.catalog, found, &tables).map_err(unreadable)?;
        any = true;
    }
    if any {
        return Ok(all);
    }
    let message = "no data: name files or folders with `--data`, or the workspace's own under `data:` in workspace.yaml";
    Err(Stop::new(Exit::Usage, message))
}

/// How many threads there may be.
pub(super) fn threads(args: &DataArgs) -> usize {
    let threads = args.threads.or_else(|| available_parallelism().ok());
    threads.map_or(1, NonZeroUsize::get)
}

/// How the run is carried out.
pub(super) fn options<'a>(
    args: &DataArgs,
    progress: &'a (dyn Fn(u64, u64) + Sync),
) -> RunOptions<'a> {
    RunOptions {
        threads: threads(args),
        on_bad_rows: match args.on_bad_rows {
            BadRows::Stop => OnBadRows::Stop,
            BadRows::Report => OnBadRows::Report,
        },
        progress: Some(progress),
        ..RunOptions::default()
    }
}

/// How the program ends when a run gives no results.
pub(super) fn stopped(error: &Error, screen: Screen) -> Stop {
    match error {
        Error::Load(error @ LoadError::Memory { .. }) => {
            Stop::new(Exit::Problems, error.to_string())
        }
        Error::Load(error) => Stop::new(Exit::Unreadable, error.to_string()),
        Error::BadRows(report) => {
            tell(&report.faults, screen);
            let rows = count(report.faults.rows, "row");
            let message = format!(
                "{rows} cannot be read; `--on-bad-rows report` goes on without them"
            );
            Stop::new(Exit::Problems, message)
        }
        Error::Run(error @ RunError::Request(_)) => {
            Stop::new(Exit::Usage, error.to_string())
        }
        error => Stop::new(Exit::Problems, error.to_string()),
    }
}

/// Lists the first rows that cannot be read and counts the others.
fn tell(faults: &FaultReport, screen: Screen) {
    let mut text = String::new();
    for fault in &faults.listed {
        text.push_str(&format!("{fault}\n"));
    }
    let more = faults.total.saturating_sub(faults.listed.len() as u64);
    if more > 0 {
        text.push_str(&format!("... and {more} more\n"));
    }
    screen.say(&text);
}

/// Says which rows are missing from the results.
pub(super) fn warn(tables: &[TableReport], screen: Screen) {
    for table in tables.iter().filter(|table| table.bad_rows > 0) {
        tell(&table.faults, screen);
        let rows = count(table.bad_rows, "row");
        let name = &table.name;
        screen.say(&format!(
            "{rows} of `{name}` cannot be read and are missing from the results\n"
        ));
    }
}

fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
