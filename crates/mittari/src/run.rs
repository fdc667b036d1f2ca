//! A plan over a dataset: gather what the rows say, then finish it into results.

mod calendars;
mod cohort;
mod counters;
mod dating;
mod evaluate;
mod fold;
mod frame;
pub mod gather;
mod group;
mod grouping;
mod happened;
mod held;
mod layout;
mod mask;
mod memory;
pub mod needs;
pub mod outline;
mod passing;
mod periods;
mod placing;
mod quality;
pub mod rows;
mod sides;
mod spans;
mod spec;
mod spread;
mod status;
mod totals;

use mittari_lang::metric::Catalog;

use crate::dataset::Dataset;
use crate::failure::Error;
use crate::fault::LoadError;
use crate::finish::finish;
use crate::options::RunOptions;
use crate::plan::Plan;
use crate::table::Results;
use crate::timing::{Stage, timed};

/// Runs a plan over a dataset.
///
/// # Errors
///
/// A file cannot be read, rows cannot be read and that was to stop the run, the data lead
/// to a number that cannot be kept, or the run does not fit into the memory it may hold.
pub fn run(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
    options: &RunOptions<'_>,
) -> Result<Results, Error> {
    let options = &memory::within((catalog, plan), dataset, options)?;
    let (gathered, reports) = gather::gather(catalog, plan, dataset, options)?;
    if let Some(told) = options.memory.and_then(|limit| limit.reached()) {
        return Err(LoadError::Memory { told }.into());
    }
    let finish = || finish(catalog, plan, &gathered, options.threads);
    let mut results = timed(options.timings, Stage::Finish, finish)?;
    totals::let_go(gathered, options.threads)?;
    for (table, report) in results.tables.iter_mut().zip(reports) {
        table.faults = report.faults;
    }
    Ok(results)
}
