//! Where the rows of a metric went, period by period, and which rows they were.

use mittari::run::rows::{Asked, Fate, PopulationRows, rows};
use mittari::table::{AccountReport, Row};
use mittari::{Dataset, Plan, Results, RunOptions, Selection};
use mittari_lang::metric::Form;

use crate::args::Explain;
use crate::command::data;
use crate::phrases::{Phrases, filled};
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
    let phrases = opened.tongue(args.choice.language).phrases;
    let mut text = format!("\n{}\n", phrases.page.account);
    for row in &results.rows {
        text.push_str(&of_row(row, phrases));
    }
    if args.rows {
        let possible = opened.plan(&dataset, &selection);
        let plan = possible.map_err(|error| data::stopped(&error, screen))?.plan;
        let listing = Listing {
            opened,
            plan: &plan,
            dataset: &dataset,
            options: &options,
            phrases,
        };
        text.push_str(&listing.of(&results, screen)?);
    }
    Ok(text)
}

/// One result with the account of each of its populations.
fn of_row(row: &Row, phrases: &Phrases) -> String {
    let words = &phrases.page;
    let formula = row.formula.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
    let label = phrases.period(&row.period.label);
    let value = phrases.number(&row.display);
    let mut text = format!("  {}{formula} {label}: {value}\n", row.metric);
    for account in &row.accounts {
        text.push_str(&of_population(account, phrases));
    }
    let told = [
        (row.missing, words.skipped),
        (row.undecided, words.condition),
        (row.bad_rows, words.unreadable),
    ];
    for (rows, what) in told.into_iter().filter(|(rows, _)| *rows > 0) {
        text.push_str(&format!("    {rows:>10}  {what}\n"));
    }
    text
}

/// The parts that add up to all rows of a population.
fn of_population(account: &AccountReport, phrases: &Phrases) -> String {
    let words = &phrases.page;
    let mut text = format!("    {}\n", account.population);
    let mut line = |rows: i64, what: &str| {
        text.push_str(&format!("    {rows:>10}  {what}\n"));
    };
    line(account.rows, words.of_period);
    line(account.outside, &format!("  {}", words.outside));
    line(account.undecided, &format!("  {}", words.undecided));
    for excluded in &account.excluded {
        let unknown = match excluded.unknown {
            0 => String::new(),
            rows => filled(words.unknown, &[&rows.to_string()]),
        };
        let rule = filled(words.excluded, &[&excluded.name]);
        line(excluded.rows, &format!("  {rule}{unknown}"));
    }
    line(account.counted, &format!("  {}", words.counted));
    text
}

/// What is needed to find the rows behind a result.
struct Listing<'a> {
    opened: &'a Opened,
    plan: &'a Plan,
    dataset: &'a Dataset,
    options: &'a RunOptions<'a>,
    phrases: &'static Phrases,
}

impl Listing<'_> {
    /// The keys of the rows behind each result, by where they went.
    fn of(&self, results: &Results, screen: Screen) -> Result<String, Stop> {
        let catalog = &self.opened.catalog;
        let mut text = format!("\n{}\n", self.phrases.page.rows);
        for (question, asked) in self.plan.questions.iter().enumerate() {
            let Some(metric) = catalog.metric(asked.metric) else { continue };
            let mut periods: Vec<&str> = Vec::new();
            for row in &results.rows {
                let own = row.metric == metric.card_name
                    && row.formula.as_deref() == metric.formula_name.as_deref()
                    && row.period.period == asked.period;
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
                    text.push_str(&of_fates(population, parted, self.phrases));
                }
            }
        }
        Ok(text)
    }
}

/// The fate of each row; of a quotient also whether it stands above the line.
fn of_fates(population: &PopulationRows, parted: bool, phrases: &Phrases) -> String {
    let words = &phrases.page;
    let mut text = format!("    {}\n", population.population);
    for row in &population.rows {
        let fate = match (&row.fate, row.hit.filter(|_| parted)) {
            (Fate::Counted, Some(true)) => words.above.to_owned(),
            (Fate::Counted, Some(false)) => words.missed.to_owned(),
            (Fate::Counted, None) => words.counted.to_owned(),
            (Fate::Outside, _) => words.outside.to_owned(),
            (Fate::Undecided, _) => words.undecided.to_owned(),
            (Fate::Excluded(rule), _) => filled(words.excluded, &[rule]),
        };
        text.push_str(&format!("      {}  {fate}\n", row.key));
    }
    text
}
