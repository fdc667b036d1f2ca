//! What a plan does, step by step.

use mittari::plan::{Cohort, Fold, Membership, Plan};
use mittari_lang::metric::{Catalog, DimensionId};

use crate::values;
use crate::words::words;

/// The steps of a plan, table by table.
pub(super) fn steps(plan: &Plan, catalog: &Catalog) -> String {
    let mut text = String::new();
    for table in &plan.tables {
        let name = catalog.schema.table(table.table).map_or("", |table| &table.name);
        text.push_str(&format!("  read `{name}` once\n"));
        for cohort in table.cohorts.iter().filter_map(|place| plan.cohorts.get(*place)) {
            text.push_str(&of_cohort(cohort, catalog));
        }
    }
    for question in &plan.questions {
        let name = catalog.metric(question.metric).map_or("", |metric| &metric.name);
        let breakdowns: Vec<String> =
            question.breakdowns.iter().map(|by| grouping(by, catalog)).collect();
        text.push_str(&format!(
            "  finish `{name}` by {}: {}\n",
            question.period.word(),
            breakdowns.join("; ")
        ));
    }
    text
}

fn of_cohort(cohort: &Cohort, catalog: &Catalog) -> String {
    let membership = match cohort.membership {
        Membership::Dated => "each row in the period of its date".to_owned(),
        Membership::Movements => "as what came in less what went out".to_owned(),
        Membership::Members(0) => "each row in every period it is open in".to_owned(),
        Membership::Members(window) => {
            format!("each row in the {window} periods that look back on it")
        }
    };
    let name = values::population(cohort.population, catalog);
    let mut text = format!("    {name} by {}, {membership}\n", cohort.period.word());
    let groupings: Vec<String> =
        cohort.groupings.iter().map(|by| grouping(by, catalog)).collect();
    text.push_str(&format!("      groups: {}\n", groupings.join("; ")));
    for fold in &cohort.folds {
        text.push_str(&format!("      fold: {}\n", of_fold(fold, catalog)));
    }
    text
}

fn of_fold(fold: &Fold, catalog: &Catalog) -> String {
    let mut text = format!("{:?}", fold.kind).to_lowercase();
    if let Some(argument) = &fold.argument {
        text.push_str(&format!(" of {}", words(argument, catalog)));
    }
    if let Some(filter) = &fold.filter {
        text.push_str(&format!(" where {}", words(filter, catalog)));
    }
    text
}

fn grouping(by: &[DimensionId], catalog: &Catalog) -> String {
    if by.is_empty() {
        return "total".to_owned();
    }
    let names: Vec<String> =
        by.iter().map(|id| values::dimension(*id, catalog)).collect();
    names.join(" and ")
}
