//! The page of a metric: what it counts, what it leaves out, how its value is read.

use mittari::plan::{Selection, plan};
use mittari_lang::card::Card;
use mittari_lang::metric::{
    Catalog, Dating, Direction, ExclusionRule, Form, Metric, Population, PopulationId,
    Which,
};
use mittari_lang::typed::{Expr, ExprKind, Function};

use super::steps;
use crate::phrases::{Tongue, filled};
use crate::screen::{Exit, Stop};
use crate::tree::tree;
use crate::values;
use crate::words::words;
use crate::workspace::Opened;

/// Where lines end.
const WIDTH: usize = 88;

/// The pages of the metrics of a selection, with their part of the plan.
pub(super) fn page(
    opened: &Opened,
    selection: &Selection,
    tongue: Tongue<'_>,
) -> Result<String, Stop> {
    let catalog = &opened.catalog;
    let mut text = String::new();
    let mut told: Vec<PopulationId> = Vec::new();
    for id in &selection.metrics {
        let Some(metric) = catalog.metric(*id) else { continue };
        let mut cards = opened.written.cards.iter();
        let card = cards.find(|card| card.metric.value == metric.card_name);
        let first = text.is_empty();
        if !first {
            text.push('\n');
        }
        text.push_str(&head(metric, card, tongue, first));
        text.push_str(&measured(metric, catalog));
        text.push_str(&populations(metric, &mut told, catalog));
        text.push_str(&reading(metric, catalog));
        text.push_str(&format!("\ntyped formula\n{}", tree(&metric.formula, catalog)));
    }
    let plan = plan(catalog, selection)
        .map_err(|error| Stop::new(Exit::Usage, error.to_string()))?;
    text.push_str(&format!("\nplan\n{}", steps::steps(&plan, catalog)));
    Ok(text)
}

/// The name and title; of the first formula of a card also what the card says.
fn head(metric: &Metric, card: Option<&Card>, tongue: Tongue<'_>, first: bool) -> String {
    let (language, words) = (tongue.code, &tongue.phrases.page);
    let Some(card) = card else { return format!("{}\n", metric.name) };
    let own = card.formulas.iter().find(|formula| {
        formula.name.as_ref().map(|name| &name.value) == metric.formula_name.as_ref()
    });
    let own = own.and_then(|formula| formula.title.as_ref());
    let own = own.map(|title| title.get(language));
    let title = card.agreement.title.get(language);
    let mut text = format!("{}\n", metric.name);
    text.push_str(&wrapped(own.unwrap_or(title), 2));
    if !first {
        return text;
    }
    let class = card.agreement.class.value.word();
    let measures = card.agreement.measures.value.word();
    let owner = card.agreement.owner.get(language);
    if own.is_some_and(|own| own != title) {
        text.push_str(&wrapped(&filled(words.of_card, &[title]), 2));
    }
    let agreed = filled(words.agreed, &[class, measures, owner]);
    text.push_str(&wrapped(&agreed, 2));
    if let Some(description) = &card.agreement.description {
        text.push('\n');
        text.push_str(&wrapped(description.get(language), 2));
    }
    text
}

/// The formula in words.
fn measured(metric: &Metric, catalog: &Catalog) -> String {
    let text = format!("{}.", words(&metric.formula, catalog));
    format!("\nwhat is measured\n{}", wrapped(&text, 2))
}

/// Each population the formula speaks of, with what is left out and why; those that
/// were told before are only named.
fn populations(
    metric: &Metric,
    told: &mut Vec<PopulationId>,
    catalog: &Catalog,
) -> String {
    let mut ids = Vec::new();
    collect(&metric.formula, &mut ids);
    let mut text = String::new();
    for id in ids {
        let Some(population) = catalog.population(id) else { continue };
        text.push_str(&format!("\nrows of {}\n", population.label));
        if told.contains(&id) {
            text.push_str("  As above.\n");
            continue;
        }
        told.push(id);
        text.push_str(&wrapped(&dating(population, catalog), 2));
        if let Some(filter) = &population.filter {
            let only = format!("Only those where {}.", words(filter, catalog));
            text.push_str(&wrapped(&only, 2));
            text.push_str(&wrapped(
                "Where that is unknown, a row stays outside and is counted as undecided.",
                2,
            ));
        }
        text.push_str(&exclusions(population, catalog));
    }
    text
}

fn dating(population: &Population, catalog: &Catalog) -> String {
    let zone = population.zone.name();
    let name =
        catalog.schema.table(population.table).map_or("", |table| table.name.as_str());
    let when = match &population.dating {
        Dating::At(at) => format!("in the period in which {} lies", words(at, catalog)),
        Dating::Open { from, until } => format!(
            "open when the period ends: in by {} and not yet out by {}",
            words(from, catalog),
            words(until, catalog)
        ),
    };
    let over = population
        .over
        .map(|window| format!(", of the {} periods up to it", window.count));
    format!("Rows of `{name}` {when}{} (clocks of {zone}).", over.unwrap_or_default())
}

fn exclusions(population: &Population, catalog: &Catalog) -> String {
    if population.exclusions.is_empty() {
        return wrapped("Nothing is left out.", 2);
    }
    let mut text = "  Left out, each row by the first rule that is true:\n".to_owned();
    for exclusion in &population.exclusions {
        let rule = match &exclusion.rule {
            ExclusionRule::When(when) => words(when, catalog),
            ExclusionRule::Keep { which, by, per } => {
                let which = match which {
                    Which::First => "first",
                    Which::Last => "last",
                };
                let per: Vec<String> =
                    per.iter().map(|key| words(key, catalog)).collect();
                format!(
                    "all but the {which} by {} of each {}",
                    words(by, catalog),
                    per.join(" and ")
                )
            }
        };
        let (name, reason) = (&exclusion.name, &exclusion.reason);
        text.push_str(&wrapped(&format!("{name}: {rule}. ({reason})"), 4));
    }
    text.push_str(&wrapped(
        "A row for which a rule is unknown is not left out by it, and is counted.",
        2,
    ));
    text
}

/// Unit, direction, targets, and what missing values and empty periods do.
fn reading(metric: &Metric, catalog: &Catalog) -> String {
    let better = match metric.direction {
        Direction::Up => "higher is better",
        Direction::Down => "lower is better",
        Direction::Band => "best inside a band",
        Direction::None => "neither way is better",
    };
    let decimals = match metric.decimals {
        1 => "1 decimal".to_owned(),
        several => format!("{several} decimals"),
    };
    let periods: Vec<&str> = metric.periods.iter().map(|period| period.word()).collect();
    let mut lines = vec![
        format!("Shown in {} with {decimals}; {better}.", metric.unit.word()),
        format!("Measured by {}.", periods.join(", ")),
        missing(metric),
        "Anything divided by nothing has no value: the state is `no_data`, shown as a dash, never 0."
            .to_owned(),
    ];
    if metric.min_volume > 0 {
        lines.push(format!("Below {} rows there is no verdict.", metric.min_volume));
    }
    if metric.withhold_under > 0 {
        lines.push(format!(
            "Groups of fewer than {} rows are withheld.",
            metric.withhold_under
        ));
    }
    if metric.settles_after > 0 {
        let after = values::duration(metric.settles_after);
        lines.push(format!("A period is final {after} after its end."));
    }
    for target in &metric.targets {
        let since = target.since.map(|day| format!(" since {}", values::day(day)));
        let of: Vec<String> = target
            .segment
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let of =
            if of.is_empty() { String::new() } else { format!(" for {}", of.join(", ")) };
        lines.push(format!("Target{of}{}: {}.", since.unwrap_or_default(), target.text));
    }
    let possible: Vec<String> =
        metric.possible.iter().map(|id| values::dimension(*id, catalog)).collect();
    if !possible.is_empty() {
        lines.push(format!("May be broken down by {}.", possible.join(", ")));
    }
    lines.push(format!("Fingerprint {}.", metric.fingerprint));
    let lines: String = lines.iter().map(|line| wrapped(line, 2)).collect();
    format!("\nhow it is read\n{lines}")
}

/// What becomes of rows without a value.
fn missing(metric: &Metric) -> String {
    match &metric.form {
        Form::Proportion { .. } => {
            "A row for which the condition above the line is unknown stays below it; the result says how many.".to_owned()
        }
        _ if only_counts(&metric.formula) => {
            "A row for which a condition is unknown is not counted by it; the result says how many.".to_owned()
        }
        _ => "Rows without a value are skipped, and the result says how many; of no values at all the state is `no_data`.".to_owned(),
    }
}

fn only_counts(expr: &Expr) -> bool {
    let mut only = true;
    each_aggregate(expr, &mut |aggregate| {
        only &= matches!(aggregate.function, Function::Count);
    });
    only
}

/// The populations of a formula, each once, in the order they stand.
fn collect(expr: &Expr, ids: &mut Vec<PopulationId>) {
    each_aggregate(expr, &mut |aggregate| {
        if !ids.contains(&aggregate.population) {
            ids.push(aggregate.population);
        }
    });
}

fn each_aggregate(expr: &Expr, see: &mut dyn FnMut(&mittari_lang::typed::Aggregate)) {
    match &expr.kind {
        ExprKind::Aggregate(aggregate) => see(aggregate),
        ExprKind::Call(_, operands) => {
            for operand in operands {
                each_aggregate(operand, see);
            }
        }
        ExprKind::Case(branches, otherwise) => {
            for (when, then) in branches {
                each_aggregate(when, see);
                each_aggregate(then, see);
            }
            each_aggregate(otherwise, see);
        }
        ExprKind::Table(table) => {
            for key in table.keys.iter().chain(&table.at) {
                each_aggregate(key, see);
            }
        }
        // What reads other rows has no calls of the group in it.
        ExprKind::Literal(_)
        | ExprKind::Column(_)
        | ExprKind::Instant(_)
        | ExprKind::Related(_) => {}
    }
}

/// A text in lines of some width, indented.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = line.chars().count() + word.chars().count() + 1;
        if !line.is_empty() && length > WIDTH - indent {
            out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
    out
}
