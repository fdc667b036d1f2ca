//! The rules of a table: rows that break them are counted, and the first are listed.

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
};
use mittari_lang::metric::Catalog;
use mittari_lang::schema::{Schema, TableId};
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::evaluate::Rows;
use super::needs::{columns_of, given};
use crate::dataset::Dataset;
use crate::error::RunError;
use crate::gathered::Violations;
use crate::kernel::text::texts;
use crate::plan::nodes::{NodeId, Nodes};
use crate::vector::{TextArray, Vector, downcast};

/// How many rows are listed for each rule.
const LISTED: usize = 20;

/// The rules of one table, bound to nodes.
#[derive(Debug)]
pub(super) struct QualitySpec {
    rules: Vec<(String, NodeId)>,
    key: Vec<(u32, Kind)>,
    names: Vec<Vec<String>>,
}

impl QualitySpec {
    /// Binds the rules whose columns the data give.
    pub(super) fn bind(
        catalog: &Catalog,
        table: TableId,
        dataset: &Dataset,
        nodes: &mut Nodes,
    ) -> Self {
        let is_given =
            |expr| columns_of(expr).iter().all(|column| given(catalog, dataset, *column));
        let own = catalog.rules.iter().filter(|rule| rule.table == table);
        let rules: Vec<(String, NodeId)> = own
            .filter(|rule| is_given(&rule.must))
            .map(|rule| (rule.name.clone(), nodes.intern(&rule.must)))
            .collect();
        let key =
            if rules.is_empty() { Vec::new() } else { key_of(&catalog.schema, table) };
        let names =
            key.iter().map(|(_, kind)| names_of(&catalog.schema, *kind)).collect();
        Self { rules, key, names }
    }

    /// The columns that name a row, where rows may have to be listed.
    pub(super) fn key_columns(&self) -> impl Iterator<Item = u32> {
        self.key.iter().map(|(column, _)| *column)
    }

    /// Whether there are no rules.
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What all workers found.
    pub(super) fn sum(&self, parts: Vec<Quality>) -> Vec<Violations> {
        let mut sums: Vec<Violations> = self
            .rules
            .iter()
            .map(|(rule, _)| Violations { rule: rule.clone(), ..Violations::default() })
            .collect();
        let mut listed: Vec<Vec<(u64, String)>> = vec![Vec::new(); sums.len()];
        for part in parts {
            for ((sum, found), list) in sums.iter_mut().zip(part.rules).zip(&mut listed) {
                sum.rows += found.rows;
                sum.unknown += found.unknown;
                list.extend(found.keys);
            }
        }
        for (sum, mut list) in sums.iter_mut().zip(listed) {
            list.sort();
            sum.keys = list.into_iter().take(LISTED).map(|(_, key)| key).collect();
        }
        sums
    }
}

/// The columns of a table's key.
pub(super) fn key_of(schema: &Schema, table: TableId) -> Vec<(u32, Kind)> {
    let Some(table) = schema.table(table) else { return Vec::new() };
    let kind = |column: &u32| table.columns.get(*column as usize).map(|c| c.kind);
    table.key.iter().filter_map(|column| Some((*column, kind(column)?))).collect()
}

/// The names of a category's values.
pub(super) fn names_of(schema: &Schema, kind: Kind) -> Vec<String> {
    match kind {
        Kind::Category(set) => {
            schema.set(set).map(|set| set.values.clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// What one worker found.
#[derive(Debug)]
pub(super) struct Quality {
    rules: Vec<Found>,
}

#[derive(Debug, Default)]
struct Found {
    rows: u64,
    unknown: u64,
    keys: Vec<(u64, String)>,
}

impl Quality {
    /// Nothing found yet.
    pub(super) fn new(spec: &QualitySpec) -> Self {
        Self { rules: spec.rules.iter().map(|_| Found::default()).collect() }
    }

    /// Looks at the rows of a batch.
    pub(super) fn take(
        &mut self,
        spec: &QualitySpec,
        rows: &mut Rows<'_>,
    ) -> Result<(), RunError> {
        for ((_, id), found) in spec.rules.iter().zip(&mut self.rules) {
            let n_rows = rows.batch().n_rows;
            let verdict = match rows.value(*id)? {
                Vector::Scalar(Value::Truth(true)) => continue,
                value => value.into_rows(Kind::Truth, n_rows)?,
            };
            let verdict = downcast::<BooleanArray>(&verdict)?;
            found.unknown += verdict.null_count() as u64;
            for row in 0..n_rows {
                if verdict.is_valid(row) && !verdict.value(row) {
                    found.rows += 1;
                    if found.keys.len() < LISTED {
                        let key = row_key(rows.batch(), &spec.key, &spec.names, row)?;
                        found.keys.push((rows.batch().order_of(row), key));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The key of a row as text; parts are joined by a slash.
pub(super) fn row_key(
    batch: &crate::batch::Batch,
    key: &[(u32, Kind)],
    names: &[Vec<String>],
    row: usize,
) -> Result<String, RunError> {
    if key.is_empty() {
        return Ok(format!("row {}", batch.order_of(row)));
    }
    let mut parts = Vec::with_capacity(key.len());
    for ((column, kind), names) in key.iter().zip(names) {
        let column = batch.columns.get(*column as usize).and_then(Option::as_ref);
        parts.push(match column {
            Some(column) => text_of(column, *kind, names, row)?,
            None => "?".to_owned(),
        });
    }
    Ok(parts.join("/"))
}

fn text_of(
    column: &ArrayRef,
    kind: Kind,
    names: &[String],
    row: usize,
) -> Result<String, RunError> {
    if column.is_null(row) {
        return Ok("missing".to_owned());
    }
    Ok(match kind {
        Kind::Text => {
            let codes = downcast::<TextArray>(column)?;
            let text =
                codes.key(row).map(|code| texts(codes).map(|list| list.value(code)));
            text.transpose()?.unwrap_or_default().to_owned()
        }
        Kind::Category(_) => {
            let code = downcast::<Int32Array>(column)?.value(row);
            let name = usize::try_from(code).ok().and_then(|code| names.get(code));
            name.cloned().unwrap_or_default()
        }
        Kind::Truth => downcast::<BooleanArray>(column)?.value(row).to_string(),
        Kind::Day => {
            let day = downcast::<Int32Array>(column)?.value(row);
            crate::zone::date_of_day(day).map(|date| date.to_string()).unwrap_or_default()
        }
        Kind::Instant => {
            let at = downcast::<Int64Array>(column)?.value(row);
            let at = chrono::DateTime::from_timestamp_micros(at);
            at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
                .unwrap_or_default()
        }
        Kind::Duration | Kind::Money(_) => {
            downcast::<Int64Array>(column)?.value(row).to_string()
        }
        _ => downcast::<Float64Array>(column)?.value(row).to_string(),
    })
}
