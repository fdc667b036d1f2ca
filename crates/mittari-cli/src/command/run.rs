//! `mittari run`: measure, and write the results.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::time::Instant;

use mittari::report::{self, ReportError};
use mittari::run::needs::runnable;
use mittari::table::NotRun;
use mittari::timing::Timings;
use mittari::zone::ZoneTable;
use mittari::{Dataset, MemoryLimit, MetricId, Results, RunOptions};

use super::{choose, data, timings};
use crate::args::{Run, RunFormat};
use crate::memory;
use crate::progress::Progress;
use crate::scorecard;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::{Opened, open};

/// Runs the metrics of a workspace.
pub(super) fn run(args: &Run, screen: Screen) -> Result<Exit, Stop> {
    if args.format == RunFormat::Parquet && args.output.is_none() {
        return Err(Stop::new(Exit::Usage, "`--format parquet` needs `--output FILE`"));
    }
    let zone = args.choice.time_zone.as_deref();
    let opened = open(&args.metrics, &args.choice.set, zone)?;
    for unreadable in &opened.unreadable {
        screen.complain(&unreadable.to_string());
    }
    if opened.is_empty() {
        return Err(Stop::new(Exit::Nothing, opened.nothing().message));
    }
    let broken = opened.tell_errors(screen);
    let metrics = choose::metrics(&opened, &args.metric, &args.class)?;
    let metrics = divisible(args, &opened, metrics, screen);
    if metrics.is_empty() {
        return Err(Stop::new(Exit::Nothing, "no metric can be run"));
    }
    let dataset = data::dataset(&args.data, &opened)?;
    let results = measure(args, &opened, &dataset, metrics, screen)?;
    write(args, &opened, &results, screen)?;
    let unread = !opened.unreadable.is_empty();
    // The program ends, and the system takes all memory back at once.
    std::mem::forget((opened, results));
    Ok(if unread {
        Exit::Unreadable
    } else if broken {
        Exit::Problems
    } else {
        Exit::Fine
    })
}

/// The metrics that can be broken down as was asked for; of each other one is said why
/// it is not run. One that was asked for by name stays, so that it is an error.
fn divisible(
    args: &Run,
    opened: &Opened,
    metrics: Vec<MetricId>,
    screen: Screen,
) -> Vec<MetricId> {
    let catalog = &opened.catalog;
    let fields = fields(args);
    let mut left = Vec::new();
    for id in metrics {
        let Some(metric) = catalog.metric(id) else { continue };
        let has = |name: &str| {
            metric.possible.iter().any(|possible| {
                catalog.dimension(*possible).is_some_and(|one| one.name == name)
            })
        };
        let cannot = fields.iter().flatten().find(|name| !has(name));
        let named = args.metric.iter().any(|name| choose::is(metric, name));
        match cannot.filter(|_| !named) {
            None => left.push(id),
            Some(field) => screen.say(&format!(
                "`{}` is not run: it cannot be broken down by `{field}`\n",
                metric.name
            )),
        }
    }
    left
}

/// The breakdowns asked for.
fn fields(args: &Run) -> Vec<Vec<String>> {
    let crossed =
        |list: &String| list.split(',').map(|name| name.trim().to_owned()).collect();
    args.by.iter().map(crossed).collect()
}

fn measure(
    args: &Run,
    opened: &Opened,
    dataset: &Dataset,
    metrics: Vec<MetricId>,
    screen: Screen,
) -> Result<Results, Stop> {
    // Metrics that lack data are left out; of those that were named that is an error.
    let (metrics, not_run) = if args.metric.is_empty() {
        runnable(&opened.catalog, dataset, metrics.into_iter())
    } else {
        (metrics, Vec::new())
    };
    for NotRun { metric, lacks, because } in &not_run {
        let because = because.as_ref().map(|because| format!("; {because}"));
        let because = because.unwrap_or_default();
        screen.say(&format!(
            "`{metric}` is not run: the data do not give {lacks}{because}\n"
        ));
    }
    if metrics.is_empty() {
        return Err(Stop::new(Exit::Nothing, "no metric can be run on these data"));
    }
    let breakdowns = (!args.by.is_empty()).then(|| fields(args));
    let selection = choose::selection(opened, &args.choice, metrics, breakdowns)?;
    memory::keep_room(data::threads(&args.data));
    let progress = Progress::new(screen);
    let tell = |done, all| progress.tell(done, all);
    let begun = Instant::now();
    let clock = || begun.elapsed();
    let timings = Timings::new(&clock);
    let options = RunOptions {
        timings: args.timings.then_some(&timings),
        memory: args.memory_limit.map(limited),
        ..data::options(&args.data, &tell)
    };
    let results = opened.run(dataset, &selection, &options);
    progress.done();
    if args.timings {
        let tables = results.as_ref().map_or(&[][..], |results| &results.tables);
        screen.say(&timings::report(&timings, begun.elapsed(), tables));
    }
    let mut results = results.map_err(|error| data::stopped(&error, screen))?;
    results.not_run = not_run;
    data::warn(&results.tables, screen);
    Ok(results)
}

/// The limit of a run's memory, which this process measures.
fn limited(bytes: u64) -> MemoryLimit<'static> {
    MemoryLimit::new(bytes).measured_by(&memory::held)
}

/// How a scorecard is shown.
#[derive(Clone, Copy)]
struct Shown {
    colours: bool,
    width: Option<u16>,
    accounts: bool,
}

/// Writes the results to the screen or to a file.
fn write(
    args: &Run,
    opened: &Opened,
    results: &Results,
    screen: Screen,
) -> Result<(), Stop> {
    let accounts = args.accounts;
    let Some(path) = &args.output else {
        let shown =
            Shown { colours: screen.colours_out, width: screen.width(), accounts };
        return screen.write_out(|out| form(args, opened, results, shown, out));
    };
    let shown = Shown { colours: false, width: None, accounts };
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        form(args, opened, results, shown, &mut out)?;
        out.flush()
    });
    written.map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", path.display());
        Stop::new(Exit::Unreadable, message)
    })
}

fn form(
    args: &Run,
    opened: &Opened,
    results: &Results,
    shown: Shown,
    out: &mut (dyn io::Write + '_),
) -> io::Result<()> {
    let done = match args.format {
        RunFormat::Table => {
            let look = scorecard::Look {
                tongue: opened.tongue(args.choice.language),
                colours: shown.colours,
                width: shown.width,
                accounts: shown.accounts,
                zone: &ZoneTable::shared(opened.catalog.zone),
            };
            let cards = &opened.written.cards;
            let text = scorecard::scorecard(results, cards, look);
            return out.write_all(text.as_bytes());
        }
        RunFormat::Csv => report::csv::write_by(results, out, data::threads(&args.data)),
        RunFormat::Json => report::json::write(results, out),
        RunFormat::Parquet => parquet(results, out),
    };
    done.map_err(|error| match error {
        ReportError::Output(error) => error,
        other => io::Error::other(other),
    })
}

/// Parquet is put together in memory: its writer goes between threads, the screen's
/// does not.
fn parquet(results: &Results, out: &mut dyn io::Write) -> Result<(), ReportError> {
    let mut bytes = Vec::new();
    report::parquet::write(results, &mut bytes)?;
    out.write_all(&bytes)?;
    Ok(())
}
