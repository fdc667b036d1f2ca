//! What a plan does, step by step.

use mittari::plan::sides::{Part, Side, SideKind};
use mittari::plan::{Cohort, Fold, Membership, Plan};
use mittari_lang::metric::{Catalog, DimensionId};
use mittari_lang::typed::Expr;

use crate::values;
use crate::words::words;

/// The steps of a plan, table by table.
pub(super) fn steps(plan: &Plan, catalog: &Catalog) -> String {
    let mut text = beforehand(plan, catalog);
    for table in &plan.tables {
        let name = catalog.schema.table(table.table).map_or("", |table| &table.name);
        text.push_str(&format!("  read `{name}` once\n"));
        for cohort in table.cohorts.iter().filter_map(|place| plan.cohorts.get(*place)) {
            text.push_str(&of_cohort(cohort, catalog));
        }
    }
    text.push_str(&of_questions(plan, catalog));
    text
}

/// How each metric is finished from what was gathered.
pub(super) fn of_questions(plan: &Plan, catalog: &Catalog) -> String {
    let mut text = String::new();
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

/// The side tables, in the order in which they are made.
pub(super) fn beforehand(plan: &Plan, catalog: &Catalog) -> String {
    let mut sides: Vec<_> = plan.sides.list.iter().collect();
    sides.sort_by_key(|side| (side.level, plan.sides.table_of(side)));
    let mut text = String::new();
    let mut read = None;
    for side in sides {
        let table = plan.sides.table_of(side);
        if read != Some((side.level, table)) {
            let name = table.and_then(|table| catalog.schema.table(table));
            let name = name.map_or("", |table| table.name.as_str());
            text.push_str(&format!("  read `{name}` beforehand\n"));
            read = Some((side.level, table));
        }
        text.push_str(&format!("    {}\n", of_side(side, plan, catalog)));
    }
    text
}

fn of_side(side: &Side, plan: &Plan, catalog: &Catalog) -> String {
    let space = plan.sides.spaces.get(side.space);
    let keys = space.map_or(&[][..], |space| &space.keys);
    let keys: Vec<String> = keys.iter().map(|key| words(key, catalog)).collect();
    let list = |values: &[&Expr]| {
        values.iter().map(|one| words(one, catalog)).collect::<Vec<_>>().join("; ")
    };
    let what = match &side.kind {
        SideKind::Rows(None, values) => {
            format!("values: {}", list(&values.iter().collect::<Vec<_>>()))
        }
        SideKind::Rows(Some(_), values) => {
            format!("values by time: {}", list(&values.iter().collect::<Vec<_>>()))
        }
        SideKind::Totals(parts) => {
            let part = |part: &Part| {
                let of = part.argument.as_ref().map(|one| words(one, catalog));
                let only = part.filter.as_ref().map(|one| words(one, catalog));
                format!(
                    "{:?}{}{}",
                    part.function,
                    of.map(|of| format!(" of {of}")).unwrap_or_default(),
                    only.map(|only| format!(" where {only}")).unwrap_or_default()
                )
                .to_lowercase()
            };
            parts.iter().map(part).collect::<Vec<_>>().join("; ")
        }
        SideKind::Spells(None, _) => "times in which rows hold".to_owned(),
        SideKind::Spells(Some(filter), _) => {
            format!("times in which rows hold where {}", words(filter, catalog))
        }
        SideKind::Neighbours(by, values) => {
            let values: Vec<&Expr> = values.iter().map(|(_, value)| value).collect();
            format!("of neighbours by {}: {}", words(by, catalog), list(&values))
        }
    };
    format!("by {}: {what}", keys.join(" and "))
}

/// One population, its groups and what is made of its rows.
pub(super) fn of_cohort(cohort: &Cohort, catalog: &Catalog) -> String {
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
