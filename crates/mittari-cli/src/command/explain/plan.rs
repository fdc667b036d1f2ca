//! What a run will read, what its metrics share, and what is made of the rows.

use mittari::Dataset;
use mittari::plan::{Plan, plan};
use mittari::run::outline::{TableOutline, outline};
use mittari_lang::metric::{Catalog, MetricId};

use super::super::choose;
use super::super::data;
use super::steps::{beforehand, of_cohort, of_questions};
use crate::args::Explain;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::Opened;

/// What stands for every metric.
pub(super) const ALL: &str = "all";

/// Prints the plan of some metrics; with data, of those that the data allow.
pub(super) fn show(
    args: &Explain,
    opened: &Opened,
    metrics: Vec<MetricId>,
    screen: Screen,
) -> Result<Exit, Stop> {
    let given = !args.data.data.is_empty();
    let dataset = if given { data::dataset(&args.data, opened)? } else { Dataset::new() };
    let mut selection = choose::selection(opened, &args.choice, metrics, None)?;
    let catalog = &opened.catalog;
    let mut text = String::new();
    if given {
        let wanted = selection.metrics.iter().copied();
        let (possible, not_run) =
            mittari::run::needs::runnable(catalog, &dataset, wanted);
        selection.metrics = possible;
        for lacking in not_run {
            let (metric, lacks) = (&lacking.metric, &lacking.lacks);
            text.push_str(&format!("`{metric}` cannot run: the data lack {lacks}\n"));
        }
        if selection.metrics.is_empty() {
            screen.out(&text)?;
            return Ok(Exit::Fine);
        }
    }
    let planned = plan(catalog, &selection)
        .map_err(|error| Stop::new(Exit::Usage, error.to_string()))?;
    let outlines = outline(catalog, &planned, &dataset)
        .map_err(|error| Stop::new(Exit::Problems, error.to_string()))?;
    text.push_str(&page(&planned, &outlines, catalog));
    screen.out(&text)?;
    Ok(Exit::Fine)
}

fn page(plan: &Plan, outlines: &[TableOutline], catalog: &Catalog) -> String {
    let calls: usize = plan.questions.iter().map(calls_of).sum();
    let folds: usize = plan.cohorts.iter().map(|cohort| cohort.folds.len()).sum();
    let mut text = format!(
        "{}, with {} of groups of rows: {}, {}, {}\n",
        count(plan.questions.len(), "metric"),
        count(calls, "call"),
        count(plan.tables.len(), "table"),
        count(plan.cohorts.len(), "population"),
        count(folds, "fold"),
    );
    let sides = beforehand(plan, catalog);
    if !sides.is_empty() {
        text.push_str(&format!("\n{sides}"));
    }
    for (table, outline) in plan.tables.iter().zip(outlines) {
        text.push('\n');
        text.push_str(&of_table(outline, catalog));
        for cohort in table.cohorts.iter().filter_map(|place| plan.cohorts.get(*place)) {
            text.push_str(&of_cohort(cohort, catalog));
        }
    }
    text.push('\n');
    text.push_str(&of_questions(plan, catalog));
    text
}

fn calls_of(question: &mittari::plan::Question) -> usize {
    let mut calls = 0;
    question.formula.each_fold(&mut |_| calls += 1);
    calls
}

fn of_table(outline: &TableOutline, catalog: &Catalog) -> String {
    let name = catalog.schema.table(outline.table).map_or("", |table| &table.name);
    let mut text = format!("  read `{name}` once");
    let files: Vec<String> = outline
        .files
        .iter()
        .filter_map(|file| file.file_name())
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    if !files.is_empty() {
        text.push_str(&format!(" from {}", files.join(", ")));
    }
    text.push_str(&format!(
        "\n    {} of {}: {}\n",
        outline.columns.len(),
        count(outline.n_columns, "column"),
        outline.columns.join(", "),
    ));
    if outline.unread_groups > 0 {
        text.push_str(&format!(
            "    {} of {} with {} not read: by their statistics no result depends on them\n",
            outline.unread_groups,
            many(outline.groups, "row group"),
            many(outline.unread_rows, "row"),
        ));
    }
    text.push_str(&format!(
        "    {} of rows, of which {} are different and computed once a batch\n",
        count(outline.asked, "expression"),
        outline.computed,
    ));
    text.push_str(&format!(
        "    {} of putting rows into periods and groups, each done once a batch\n",
        count(outline.placings, "way"),
    ));
    text
}

fn count(number: usize, what: &str) -> String {
    many(number as u64, what)
}

fn many(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
