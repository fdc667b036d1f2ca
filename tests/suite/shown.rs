//! What the stages give, as text that can be read from top to bottom.

use mittari::plan::Plan;
use mittari::plan::sides::SideKind;
use mittari::statistics::Limits;
use mittari::table::{AccountReport, Row, SegmentValue};
use mittari::{Catalog, Results};
use mittari_lang::metric::{Form, Metric};
use mittari_lang::typed::Expr;
use mittari_lang::types::Grain;

/// `Ratio, one a group, maybe none`.
pub(crate) fn kind(expr: &Expr) -> String {
    let grain = match expr.ty.grain {
        Grain::Constant => "the same everywhere",
        Grain::Row => "one a row",
        Grain::Group => "one a group",
    };
    let maybe = if expr.ty.maybe { ", maybe none" } else { "" };
    format!("{:?}, {grain}{maybe}", expr.ty.kind)
}

/// What a metric is.
pub(crate) fn metric(metric: &Metric, catalog: &Catalog) -> String {
    let form = match &metric.form {
        Form::Proportion { .. } => "a proportion",
        Form::Mean => "a mean",
        Form::Quantile => "a quantile",
        Form::Quotient { .. } => "a quotient",
        Form::Distribution => "a distribution",
        Form::Other => "another form",
    };
    let names = |ids: &[mittari_lang::metric::DimensionId]| {
        let names = ids.iter().filter_map(|id| catalog.dimension(*id));
        names.map(|dimension| dimension.name.as_str()).collect::<Vec<_>>().join(" x ")
    };
    let by: Vec<String> = metric.breakdowns.iter().map(|by| names(by)).collect();
    let targets: Vec<&str> =
        metric.targets.iter().map(|target| target.text.as_str()).collect();
    format!(
        "{}: {form}; {}\n  periods {:?}, unit {}, by {by:?}, targets {targets:?}\n",
        metric.name,
        kind(&metric.formula),
        metric.periods,
        metric.unit.word(),
    )
}

/// What a plan does.
pub(crate) fn plan(plan: &Plan, catalog: &Catalog) -> String {
    let mut text = beforehand(plan, catalog);
    for table in &plan.tables {
        let name = catalog.schema.table(table.table).map_or("", |table| &table.name);
        text.push_str(&format!("read {name}\n"));
        for cohort in table.cohorts.iter().filter_map(|place| plan.cohorts.get(*place)) {
            let population = catalog.population(cohort.population).expect("a population");
            let (label, excluded) = (&population.label, population.exclusions.len());
            let folds: Vec<_> = cohort.folds.iter().map(|fold| fold.kind).collect();
            text.push_str(&format!(
                "  {label} by {:?}, {:?}, {excluded} exclusions, {} groupings\n    folds {folds:?}\n",
                cohort.period,
                cohort.membership,
                cohort.groupings.len(),
            ));
        }
    }
    text
}

/// What is known of related rows before the tables are read.
fn beforehand(plan: &Plan, catalog: &Catalog) -> String {
    let mut text = String::new();
    for side in &plan.sides.list {
        let table = plan.sides.table_of(side).expect("a table");
        let name = catalog.schema.table(table).map_or("", |table| &table.name);
        let (what, n_values) = match &side.kind {
            SideKind::Rows(None, values) => ("rows", values.len()),
            SideKind::Rows(Some(_), values) => ("rows by time", values.len()),
            SideKind::Totals(parts) => ("totals", parts.len()),
            SideKind::Spells(..) => ("spells", 1),
            SideKind::Neighbours(_, values) => ("neighbours", values.len()),
        };
        text.push_str(&format!(
            "know {what} of {name}, {n_values} values, level {}\n",
            side.level
        ));
    }
    text
}

/// The results, a line each with the account below it.
pub(crate) fn results(results: &Results) -> String {
    let mut text = String::new();
    for one in &results.rows {
        text.push_str(&row(one));
        for account in &one.accounts {
            text.push_str(&of_account(account));
        }
    }
    text
}

fn row(row: &Row) -> String {
    let name = [Some(row.metric.as_str()), row.formula.as_deref()];
    let name: Vec<&str> = name.into_iter().flatten().collect();
    let segment: Vec<String> = row
        .segment
        .iter()
        .map(|(name, value)| match value {
            SegmentValue::Missing => format!(" no {name}"),
            SegmentValue::Name(value) => format!(" {name}={value}"),
            other => format!(" {name}={other:?}"),
        })
        .collect();
    let parts = match (row.numerator, row.denominator) {
        (Some(above), Some(below)) => format!(" = {above} / {below}"),
        _ => String::new(),
    };
    let skipped = match (row.missing, row.undecided) {
        (0, 0) => String::new(),
        (missing, undecided) => format!(", {missing} missing, {undecided} undecided"),
    };
    let year = match (row.year_before, row.change_year) {
        (None, _) => String::new(),
        (Some(year), None) => format!(", a year before {year}, not compared"),
        (Some(year), Some(change)) => format!(", a year before {year}, change {change}"),
    };
    let behaviour = row.behaviour.map_or_else(String::new, |own| {
        let Limits { centre, lower, upper } = own.limits;
        let signal = own.signal.map(|signal| format!(", {signal:?}"));
        format!(
            "\n    {:?} of {}: {lower:.4} {centre:.4} {upper:.4}{}",
            own.chart,
            own.points,
            signal.unwrap_or_default()
        )
    });
    format!(
        "{} {}{}: {}{parts} [{:?}{skipped}{year}]{behaviour}\n",
        name.join("."),
        row.period.label,
        segment.concat(),
        row.display,
        row.state,
    )
}

fn of_account(account: &AccountReport) -> String {
    let excluded: Vec<String> = account
        .excluded
        .iter()
        .map(|rule| format!(" - {} {} ({} unsure)", rule.rows, rule.name, rule.unknown))
        .collect();
    format!(
        "    {} rows - {} outside - {} undecided{} = {} counted ({}; {} undated)\n",
        account.rows,
        account.outside,
        account.undecided,
        excluded.concat(),
        account.counted,
        account.population,
        account.undated,
    )
}
