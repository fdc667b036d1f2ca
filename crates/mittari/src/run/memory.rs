//! What a run will hold in memory, told before it reads its data.
//!
//! What grows with the data is told from the plan and from how many rows there are; what
//! does not was measured. Of sets of different values only what is usual is counted: how
//! many there are nobody knows before. While the run reads, it is stopped should it hold
//! more all the same.

use mittari_lang::metric::{Catalog, DimensionId};
use mittari_lang::types::{Kind, Period};

use super::gather::{Bound, allow_passing, names};
use super::needs::covers;
use crate::dataset::{Dataset, TableInput};
use crate::error::RunError;
use crate::failure::Error;
use crate::load::size::{TableSize, bytes_of_piece, size_of};
use crate::load::{BLOCK_BYTES, MOST_NUMBERS};
use crate::memory::{MemoryLimit, bytes_word};
use crate::options::RunOptions;
use crate::plan::{FoldKind, Membership, Plan, Question};

/// The program, its cards, the plan and the tables of calendars.
const PROGRAM: u64 = 24 << 20;
/// A result with its account, and its line in a report.
const RESULT: u64 = 3 << 10;
/// What is kept of one group of a cohort.
const DISTINCT: u64 = 64;
/// Distinct values that are usual.
const USUAL: u64 = 1 << 16;
/// A key of a related table with its number; and the row of a key of which one is kept.
const RELATED: u64 = 64;
const KEPT: u64 = 192;
/// The least room for the numbers of keys that do not run.
const LEAST_NUMBERS: u64 = 2 << 20;
/// The values of a dimension whose values are not declared.
const VALUES: u64 = 32;

/// One thing that takes memory.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    bytes: u64,
    what: String,
    /// What would do with less.
    help: Option<String>,
}

/// The same options with as many threads, and pieces as large, as the limit allows.
///
/// # Errors
///
/// The limit is too low in any case; or a file cannot be read.
pub(super) fn within<'a>(
    (catalog, plan): (&Catalog, &Plan),
    dataset: &Dataset,
    options: &RunOptions<'a>,
) -> Result<RunOptions<'a>, Error> {
    let Some(limit) = options.memory else { return Ok(*options) };
    let held = Held::new(catalog, plan, dataset)?;
    let fixed: u64 = held.parts.iter().map(|part| part.bytes).sum();
    let fixed = fixed.saturating_add(LEAST_NUMBERS);
    let threads = (1..=options.threads.max(1)).rev();
    for (threads, shift) in threads.flat_map(|n| [0, 2, 4].map(|shift| (n, shift))) {
        let block = BLOCK_BYTES as u64 >> shift;
        let taken = fixed.saturating_add(held.of_threads(threads, block));
        if taken <= limit.bytes() {
            let numbers = (limit.bytes() - taken + LEAST_NUMBERS) / 8;
            let numbers =
                usize::try_from(numbers).unwrap_or(usize::MAX).min(MOST_NUMBERS);
            let block = usize::try_from(block).unwrap_or(BLOCK_BYTES);
            let memory = Some(limit.fitted(block, numbers));
            return Ok(RunOptions { threads, memory, ..*options });
        }
    }
    Err(held.refusal(limit, fixed).into())
}

/// What a run holds.
struct Held {
    parts: Vec<Part>,
    /// For each table its size and how many columns are read of it.
    tables: Vec<(TableSize, u64)>,
}

impl Held {
    fn new(catalog: &Catalog, plan: &Plan, dataset: &Dataset) -> Result<Self, Error> {
        let as_of = plan.selection.as_of.or(dataset.as_of());
        let bounds = plan.tables.iter();
        let bounds = bounds.map(|table| Bound::new(catalog, plan, table, dataset, as_of));
        let mut bounds = bounds.collect::<Result<Vec<_>, _>>()?;
        allow_passing(plan, &mut bounds);
        let results = results(catalog, plan, dataset).saturating_mul(RESULT);
        let mut held = Self { parts: Vec::new(), tables: Vec::new() };
        held.add(PROGRAM, "the program and its cards", None);
        held.add(results, "the results", Some("fewer metrics or periods"));
        for (table, bound) in plan.tables.iter().zip(&bounds) {
            let Some(input) = dataset.input(table.table) else { continue };
            let named = (&catalog.schema, table.table);
            let mut size = size_of(input, named, bound.needed())?;
            held.keep(input, size.rows, &name(catalog, table.table));
            size.rows = size.rows.saturating_sub(bound.passed_over(dataset)?.n_rows());
            let n_columns = bound.needed().iter().filter(|needed| **needed).count();
            held.tables.push((size, n_columns as u64));
            for place in &table.cohorts {
                held.cohort((catalog, plan), *place, size.rows);
            }
        }
        held.sides((catalog, plan), dataset, &bounds)?;
        Ok(held)
    }

    fn add(&mut self, bytes: u64, what: &str, help: Option<&str>) {
        let (what, help) = (what.to_owned(), help.map(str::to_owned));
        self.parts.push(Part { bytes, what, help });
    }

    /// The rows of which one of each key is taken.
    fn keep(&mut self, input: &TableInput, rows: u64, table: &str) {
        if matches!(input, TableInput::Files { mapping, .. } if mapping.keep.is_some()) {
            let what = format!("the keys of `{table}`, of which one row each is kept");
            self.add(rows.saturating_mul(KEPT), &what, None);
        }
    }

    /// The values that the folds of a cohort keep.
    fn cohort(&mut self, (catalog, plan): (&Catalog, &Plan), place: usize, rows: u64) {
        let Some(cohort) = plan.cohorts.get(place) else { return };
        let named = names(catalog, plan, place);
        // A row that stands in several periods is listed in each.
        let often = match cohort.membership {
            Membership::Members(window) => u64::from(window.max(2)),
            Membership::Dated | Membership::Movements => 1,
        };
        for (fold, metrics) in cohort.folds.iter().zip(&named.folds) {
            let kind =
                fold.argument.as_ref().map_or(Kind::Missing, |value| value.ty.kind);
            let width = match kind {
                Kind::Duration | Kind::Money(_) | Kind::Day => 4,
                _ => 8,
            };
            let (bytes, of) = match fold.kind {
                // A quarter more room than values.
                FoldKind::Values => {
                    (rows.saturating_mul(width * 5 * often / 4), "values")
                }
                FoldKind::Keys | FoldKind::Tally => {
                    (rows.min(USUAL).saturating_mul(DISTINCT), "different values")
                }
                _ => continue,
            };
            let help = format!("a run without `{metrics}`");
            self.add(bytes, &format!("the {of} of `{metrics}`"), Some(&help));
        }
    }

    /// What is known of related rows.
    fn sides(
        &mut self,
        (catalog, plan): (&Catalog, &Plan),
        dataset: &Dataset,
        bounds: &[Bound<'_>],
    ) -> Result<(), Error> {
        let used = plan.sides.used(bounds.iter().flat_map(Bound::places));
        for (side, _) in plan.sides.list.iter().zip(&used).filter(|(_, used)| **used) {
            let Some(table) = plan.sides.table_of(side) else { continue };
            let Some(input) = dataset.input(table) else { continue };
            let rows = size_of(input, (&catalog.schema, table), &[])?.rows;
            let values = plan.sides.exprs_of(side).len() as u64;
            let bytes = rows.saturating_mul(RELATED + 8 * values);
            let what = format!("related rows of `{}`", name(catalog, table));
            self.add(bytes, &what, None);
        }
        Ok(())
    }

    /// What some threads hold while they read pieces of some bytes.
    fn of_threads(&self, threads: usize, block_bytes: u64) -> u64 {
        let of_one = self.tables.iter().map(|(size, n_columns)| {
            let piece = bytes_of_piece(*size, *n_columns, block_bytes);
            size.bytes_of_thread.saturating_add(piece)
        });
        of_one.max().unwrap_or(0).saturating_mul(threads as u64)
    }

    /// Why the limit is too low: what takes most, and what would do.
    fn refusal(mut self, limit: MemoryLimit<'_>, fixed: u64) -> RunError {
        let reading = self.of_threads(1, BLOCK_BYTES as u64 >> 4);
        let total = fixed.saturating_add(reading);
        self.add(reading, "reading with one thread", None);
        self.parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
        let least = total.div_ceil(1 << 20) << 20;
        let mut help = format!("`--memory-limit {}`", bytes_word(least).replace(' ', ""));
        let less = self.parts.iter().find_map(|part| part.help.clone());
        for other in less.into_iter().chain(["a later `--from`".to_owned()]) {
            help = format!("{other}, or {help}");
        }
        let parts = self.parts.iter().take(6).filter(|part| part.bytes >= 1 << 20);
        let parts = parts.map(|part| format!("{} {}", bytes_word(part.bytes), part.what));
        RunError::Memory(format!(
            "the run needs about {}, and its limit is {}: {}; {help} would do",
            bytes_word(least),
            bytes_word(limit.bytes()),
            parts.collect::<Vec<_>>().join(", "),
        ))
    }
}

/// How many results there will be.
fn results(catalog: &Catalog, plan: &Plan, dataset: &Dataset) -> u64 {
    plan.questions
        .iter()
        .map(|question| of_question(catalog, plan, dataset, question))
        .sum()
}

fn of_question(
    catalog: &Catalog,
    plan: &Plan,
    dataset: &Dataset,
    question: &Question,
) -> u64 {
    let tables = plan.tables.iter().map(|table| covers(dataset, table.table).0);
    let asked = &plan.selection;
    let from = asked.from.or(tables.flatten().min());
    let to =
        asked.to.or(asked.as_of.and_then(day_of)).or(dataset.as_of().and_then(day_of));
    // Where nothing says how long the data reach, three years.
    let days = from.zip(to).map_or(1_096, |(from, to)| i64::from(to) - i64::from(from));
    let days = u64::try_from(days).unwrap_or(0);
    let periods = 1 + match question.period {
        Period::Day => days,
        Period::Week => days / 7,
        Period::Month => days / 30,
        Period::Quarter => days / 91,
        Period::Whole => 0,
        _ => days / 365,
    };
    let segments = |breakdown: &Vec<DimensionId>| -> u64 {
        breakdown.iter().map(|id| values_of(catalog, *id)).product()
    };
    periods.saturating_mul(question.breakdowns.iter().map(segments).sum())
}

/// How many values a dimension has, or may have.
fn values_of(catalog: &Catalog, dimension: DimensionId) -> u64 {
    let dimension = catalog.dimension(dimension);
    match dimension.map(|dimension| dimension.kind) {
        Some(Kind::Category(set)) => {
            catalog.schema.set(set).map_or(VALUES, |set| set.values.len() as u64 + 1)
        }
        Some(Kind::Truth) => 3,
        _ => VALUES,
    }
}

fn day_of(at: i64) -> Option<i32> {
    i32::try_from(at.div_euclid(crate::zone::DAY)).ok()
}

fn name(catalog: &Catalog, table: mittari_lang::schema::TableId) -> String {
    catalog.schema.table(table).map_or_else(String::new, |table| table.name.clone())
}
