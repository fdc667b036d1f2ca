//! Where the rows of a metric went, period by period, and which rows they were.

use mittari::run::rows::{Asked, Fate, PopulationRows, rows};
use mittari::table::{AccountReport, Row};
use mittari::{Dataset, Plan, Results, RunOptions, Selection};
use mittari_lang::metric::Form;

use crate::args::Explain;
use crate::command::data;
use crate::progress::Progress;
use crate::screen::{Screen, Stop};
use crate::workspace::Opened;

/// The accounts of the total, and with `--rows` the rows themselves.
pub(super) fn account(
    args: &Explain,
    opened: &Opened,
    selection: &Selection,
    screen: Screen,
) -> Result<String, Stop> {
    let dataset = data::dataset(&args.data, opened)?;
    let selection = Selection { breakdowns: Some(Vec::new()), ..selection.clone() };
    let progress = Progress::new(screen);
    let tell = |done, all| progress.tell(done, all);
    let options = data::options(&args.data, &tell);
    let results = opened.run(&dataset, &selection, &options);
    progress.done();
    let results = results.map_err(|error| data::stopped(&error, screen))?;
    data::warn(&results.tables, screen);
    let mut text = "\naccount\n".to_owned();
    for row in &results.rows {
        text.push_str(&of_row(row));
    }
    if args.rows {
        let possible = opened.plan(&dataset, &selection);
        let plan = possible.map_err(|error| data::stopped(&error, screen))?.plan;
        let listing =
            Listing { opened, plan: &plan, dataset: &dataset, options: &options };
        text.push_str(&listing.of(&results, screen)?);
    }
    Ok(text)
}

/// One result with the account of each of its populations.
fn of_row(row: &Row) -> String {
    let formula = row.formula.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
    let label = &row.period.label;
    let mut text = format!("  {}{formula} {label}: {}\n", row.metric, row.display);
    for account in &row.accounts {
        text.push_str(&of_population(account));
    }
    let told = [
        (row.missing, "without a value, skipped"),
        (row.undecided, "for which a condition of the formula is unknown"),
        (row.bad_rows, "that could not be read"),
    ];
    for (rows, what) in told.into_iter().filter(|(rows, _)| *rows > 0) {
        text.push_str(&format!("    {rows:>10}  {what}\n"));
    }
    text
}

/// The parts that add up to all rows of a population.
fn of_population(account: &AccountReport) -> String {
    let mut text = format!("    {}\n", account.population);
    let mut line = |rows: i64, what: &str| {
        text.push_str(&format!("    {rows:>10}  {what}\n"));
    };
    line(account.rows, "rows of the period");
    line(account.outside, "  outside `where`");
    line(account.undecided, "  undecided");
    for excluded in &account.excluded {
        let unknown = match excluded.unknown {
            0 => String::new(),
            rows => format!(" ({rows} more for which it is unknown stay)"),
        };
        line(excluded.rows, &format!("  excluded by {}{unknown}", excluded.name));
    }
    line(account.counted, "  counted");
    text
}

/// What is needed to find the rows behind a result.
struct Listing<'a> {
    opened: &'a Opened,
    plan: &'a Plan,
    dataset: &'a Dataset,
    options: &'a RunOptions<'a>,
}

impl Listing<'_> {
    /// The keys of the rows behind each result, by where they went.
    fn of(&self, results: &Results, screen: Screen) -> Result<String, Stop> {
        let catalog = &self.opened.catalog;
        let mut text = "\nrows\n".to_owned();
        for (question, asked) in self.plan.questions.iter().enumerate() {
            let Some(metric) = catalog.metric(asked.metric) else { continue };
            let mut periods: Vec<&str> = Vec::new();
            for row in &results.rows {
                let own =
                    row.metric == metric.card_name && row.formula == metric.formula_name;
                let label = row.period.label.as_str();
                if own && !periods.contains(&label) {
                    periods.push(label);
                }
            }
            for period in periods {
                let asked =
                    Asked { question, period: period.to_owned(), segment: Vec::new() };
                let found = rows(catalog, self.plan, self.dataset, self.options, &asked)
                    .map_err(|error| data::stopped(&error, screen))?;
                text.push_str(&format!("  {} {period}\n", metric.name));
                let parted = matches!(
                    metric.form,
                    Form::Proportion { .. } | Form::Quotient { .. }
                );
                for population in &found {
                    text.push_str(&of_fates(population, parted));
                }
            }
        }
        Ok(text)
    }
}

/// The fate of each row; of a quotient also whether it stands above the line.
fn of_fates(population: &PopulationRows, parted: bool) -> String {
    let mut text = format!("    {}\n", population.population);
    for row in &population.rows {
        let fate = match (&row.fate, row.hit.filter(|_| parted)) {
            (Fate::Counted, Some(true)) => "counted, above the line".to_owned(),
            (Fate::Counted, Some(false)) => "counted, missed".to_owned(),
            (Fate::Counted, None) => "counted".to_owned(),
            (Fate::Outside, _) => "outside `where`".to_owned(),
            (Fate::Undecided, _) => "undecided".to_owned(),
            (Fate::Excluded(rule), _) => format!("excluded by {rule}"),
        };
        text.push_str(&format!("      {}  {fate}\n", row.key));
    }
    text
}
