//! What a metric needs of the data, so that those that cannot run are told apart before
//! anything is read.

use mittari_lang::metric::{Catalog, Metric, MetricId, Population, TableMapping};
use mittari_lang::schema::{ColumnId, TableId};
use mittari_lang::typed::{Aggregate, Expr, ExprKind};

use crate::dataset::{Dataset, TableInput};
use crate::table::NotRun;

/// The metrics among some that the data allow, and what the others lack.
pub fn runnable(
    catalog: &Catalog,
    dataset: &Dataset,
    wanted: impl Iterator<Item = MetricId>,
) -> (Vec<MetricId>, Vec<NotRun>) {
    let (mut runnable, mut not_run) = (Vec::new(), Vec::new());
    for id in wanted {
        let Some(metric) = catalog.metric(id) else { continue };
        match lacking(catalog, metric, dataset) {
            None => runnable.push(id),
            Some(lack) => not_run.push(lack),
        }
    }
    (runnable, not_run)
}

/// What the data lack for a metric, in words; none if it can run.
pub fn lacking(catalog: &Catalog, metric: &Metric, dataset: &Dataset) -> Option<NotRun> {
    let lack = |lacks: String, because: Option<&str>| {
        let because = because.map(str::to_owned);
        Some(NotRun { metric: metric.name.clone(), lacks, because })
    };
    let mut columns = Vec::new();
    let mut tables = Vec::new();
    each_aggregate(&metric.formula, &mut |aggregate, exprs| {
        let population = catalog.population(aggregate.population);
        let Some(population) = population else { return };
        if !tables.contains(&population.table) {
            tables.push(population.table);
        }
        columns.extend(exprs.iter().flat_map(|expr| columns_of(expr)));
        columns.extend(columns_of_population(population));
        for dimension in metric.breakdowns.iter().flatten().chain(&aggregate.per) {
            let of = catalog.dimension(*dimension).map(|d| d.of.as_slice());
            let own =
                of.unwrap_or_default().iter().filter(|(t, _)| *t == population.table);
            columns.extend(own.flat_map(|(_, expr)| columns_of(expr)));
        }
    });
    for column in &columns {
        if !tables.contains(&column.table) {
            tables.push(column.table);
        }
    }
    for table in tables {
        if dataset.input(table).is_none() {
            let name = catalog.schema.table(table).map_or("?", |table| &table.name);
            let because = dataset.why_no_table(table);
            return lack(format!("the table `{name}`"), because);
        }
    }
    let missing = columns.iter().find(|column| !given(catalog, dataset, **column))?;
    let table = catalog.schema.table(missing.table).map_or("?", |table| &table.name);
    let column = catalog.schema.column(*missing).map_or("?", |column| &column.name);
    lack(format!("`{column}` of `{table}`"), dataset.why_no_column(*missing))
}

/// Whether the data fill a column.
pub(crate) fn given(catalog: &Catalog, dataset: &Dataset, column: ColumnId) -> bool {
    let table = catalog.schema.table(column.table);
    let input = dataset.input(column.table);
    table.zip(input).is_some_and(|(table, input)| input.gives(table, column))
}

/// How the files of a table are read, if it has files.
pub(crate) fn mapping_of(dataset: &Dataset, table: TableId) -> Option<&TableMapping> {
    match dataset.input(table)? {
        TableInput::Files { mapping, .. } => Some(mapping),
        TableInput::Batches(_) => None,
    }
}

/// The first day the data cover and the day after the last, as far as a source says.
pub(crate) fn covers(dataset: &Dataset, table: TableId) -> (Option<i32>, Option<i32>) {
    let source = dataset.source(table);
    source.map_or((None, None), |source| (source.covers_from, source.covers_to))
}

fn columns_of_population(population: &Population) -> Vec<ColumnId> {
    population.exprs().into_iter().flat_map(columns_of).collect()
}

/// The columns an expression of a row reads, of its own table and of related ones.
pub fn columns_of(expr: &Expr) -> Vec<ColumnId> {
    let mut columns = Vec::new();
    expr.each_part(&mut |part| match &part.kind {
        ExprKind::Column(column) => columns.push(*column),
        ExprKind::Related(related) => {
            let of = related.keyed();
            columns.extend(of.into_iter().flat_map(|of| {
                let id = |column: &u32| ColumnId { table: of.table, column: *column };
                of.columns.iter().map(id)
            }));
        }
        _ => {}
    });
    columns
}

type Seen<'a> = dyn FnMut(&Aggregate, &[&Expr]) + 'a;

fn each_aggregate(expr: &Expr, seen: &mut Seen<'_>) {
    expr.each_part(&mut |part| {
        if let ExprKind::Aggregate(aggregate) = &part.kind {
            let own: Vec<&Expr> =
                aggregate.argument.iter().chain(&aggregate.filter).collect();
            if aggregate.per.is_some() {
                seen(aggregate, &[]);
                for inner in own {
                    each_aggregate(inner, seen);
                }
            } else {
                seen(aggregate, &own);
            }
        }
    });
}
