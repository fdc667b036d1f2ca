//! `mittari explain`: what a code means, what a metric means, and where its rows went.

mod account;
mod page;
mod plan;
mod steps;

use mittari_lang::diagnostic::Code;
use mittari_lang::metric::MetricId;

use super::choose;
use crate::args::Explain;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::open;

/// Explains a code or a metric.
pub(super) fn explain(args: &Explain, screen: Screen) -> Result<Exit, Stop> {
    if let Some(code) = Code::named(&args.what) {
        screen.out(&format!("{}\n\n{}\n", code.name(), code.explain()))?;
        return Ok(Exit::Fine);
    }
    if args.rows && args.data.data.is_empty() {
        return Err(Stop::new(Exit::Usage, "`--rows` needs `--data`"));
    }
    let zone = args.choice.time_zone.as_deref();
    let opened = open(&args.metrics, &args.choice.set, zone)?;
    let metrics: Vec<MetricId> = opened
        .catalog
        .metrics
        .iter()
        .zip(0_u32..)
        .filter(|(metric, _)| {
            choose::is(metric, &args.what) || (args.plan && args.what == plan::ALL)
        })
        .map(|(_, id)| MetricId(id))
        .collect();
    if metrics.is_empty() {
        opened.tell_errors(screen);
        return Err(unknown(args, &opened));
    }
    if args.plan {
        return plan::show(args, &opened, metrics, screen);
    }
    let selection = choose::selection(&opened, &args.choice, metrics, None)?;
    screen.out(&page::page(&opened, &selection, opened.tongue(args.choice.language))?)?;
    if !args.data.data.is_empty() {
        screen.out(&account::account(args, &opened, &selection, screen)?)?;
    }
    Ok(Exit::Fine)
}

/// The message about a word that is neither a metric nor a code.
fn unknown(args: &Explain, opened: &crate::workspace::Opened) -> Stop {
    let codes = Code::ALL.iter().map(|code| code.name());
    match choose::nearest(&args.what, codes) {
        Some(code) if !opened.is_broken(&args.what) => {
            let what = &args.what;
            let message =
                format!("there is no metric or code `{what}`; a code `{code}` exists");
            Stop::new(Exit::Usage, message)
        }
        _ => choose::unknown(opened, &args.what),
    }
}
