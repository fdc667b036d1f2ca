//! What to read of a table: which columns of the export become which columns, and how.

use indexmap::IndexSet;
use mittari_lang::metric::{ColumnMapping, Origin, TableMapping, Which};
use mittari_lang::schema::{Column, Schema, Table, TableId};
use mittari_lang::types::{Kind, Unit};
use mittari_lang::value::Value;

use chrono_tz::Tz;

use crate::dataset::TableInput;
use crate::fault::LoadError;

/// What to read of a table.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    /// The columns of the export that are used, each once.
    pub(crate) names: Vec<String>,
    /// The columns to fill; one that lies `after` another stands behind it.
    pub(crate) columns: Vec<ColumnRecipe>,
    /// How many columns the table has.
    pub(crate) n_columns: usize,
    /// The places in `columns` that make the key; empty: rows are not told apart.
    pub(crate) key: Vec<usize>,
}

impl Recipe {
    /// Which of the names are better read as texts than as codes: those that only tell
    /// rows apart, or of which nothing is kept as text.
    pub(crate) fn plain(&self) -> Vec<bool> {
        let coded = |column: &&ColumnRecipe| {
            column.wanted
                && matches!(column.kind, Kind::Text | Kind::Category(_) | Kind::Truth)
        };
        (0..self.names.len())
            .map(|name| {
                let mut users = self.columns.iter().filter(|c| c.parts.contains(&name));
                !users.any(|column| coded(&column))
            })
            .collect()
    }

    /// What the key is called in messages.
    pub(crate) fn key_name(&self) -> String {
        let key = self.key.iter().filter_map(|at| self.columns.get(*at));
        key.map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// How one column is filled.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct ColumnRecipe {
    /// Its number in the table.
    pub(crate) column: usize,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Whether the rows that are handed on have it; else it is only part of the key.
    pub(crate) wanted: bool,
    pub(crate) is_key: bool,
    /// What it is called in messages: the columns of the export.
    pub(crate) name: String,
    /// Where its text comes from, as places in [`Recipe::names`].
    pub(crate) parts: Vec<usize>,
    /// The value of every row.
    pub(crate) always: Option<Value>,
    pub(crate) missing: Vec<String>,
    pub(crate) values: Vec<(String, Value)>,
    pub(crate) zone: Option<Tz>,
    pub(crate) formats: Vec<String>,
    pub(crate) unit: Option<Unit>,
    pub(crate) decimal_comma: bool,
    /// The place in [`Recipe::columns`] of the instant it never lies before.
    pub(crate) after: Option<usize>,
    /// The declared values of a category.
    pub(crate) declared: Vec<String>,
    /// The declared values of a number.
    pub(crate) allowed: Vec<f64>,
}

/// The table a recipe is for.
struct Kitchen<'a> {
    schema: &'a Schema,
    table: &'a Table,
    mapping: &'a TableMapping,
    needed: &'a [bool],
}

/// What to read for the needed columns of a table and for its key.
pub(crate) fn recipe(
    input: &TableInput,
    schema: &Schema,
    table_id: TableId,
    needed: &[bool],
) -> Result<Recipe, LoadError> {
    let Some(table) = schema.table(table_id) else {
        return Err(LoadError::UnknownTable { name: String::new(), known: Vec::new() });
    };
    let own;
    let mapping = match input {
        TableInput::Files { mapping, .. } => mapping,
        TableInput::Batches(batches) => {
            own = crate::dataset::mapping_of_batches(table_id, table, batches);
            &own
        }
    };
    let kitchen = Kitchen { schema, table, mapping, needed };
    let mut recipe = Recipe {
        names: Vec::new(),
        columns: Vec::new(),
        n_columns: table.columns.len(),
        key: Vec::new(),
    };
    let mut names = IndexSet::new();
    for number in 0..table.columns.len() {
        let is_needed = needed.get(number).copied().unwrap_or_default();
        if is_needed || kitchen.is_key(number) {
            kitchen.add(&mut recipe, &mut names, (number, 0))?;
        }
    }
    recipe.names = names.into_iter().collect();
    recipe.key = (0..recipe.columns.len())
        .filter(|at| recipe.columns.get(*at).is_some_and(|column| column.is_key))
        .collect();
    // A key that is partly computed later cannot be tested here.
    if recipe.key.len() < table.key.len() {
        recipe.key.clear();
    }
    Ok(recipe)
}

/// The names the rows of a `keep` are chosen by: the ordering column, then the key.
pub(crate) fn keep_names(mapping: &TableMapping) -> Option<(Which, Vec<String>)> {
    let keep = mapping.keep.as_ref()?;
    let per = keep.per.iter().map(|name| name.value.clone());
    Some((keep.which, std::iter::once(keep.by.value.clone()).chain(per).collect()))
}

impl Kitchen<'_> {
    fn is_key(&self, number: usize) -> bool {
        self.table.key.iter().any(|key| *key as usize == number)
    }

    /// Adds a column, and before it the one it lies after; gives its place.
    fn add(
        &self,
        recipe: &mut Recipe,
        names: &mut IndexSet<String>,
        (number, depth): (usize, usize),
    ) -> Result<Option<usize>, LoadError> {
        let added = recipe.columns.iter().position(|column| column.column == number);
        if added.is_some() {
            return Ok(added);
        }
        let Some(column) = self.table.columns.get(number) else { return Ok(None) };
        let mapped = self
            .mapping
            .columns
            .iter()
            .find(|mapped| mapped.column.column as usize == number);
        let Some(mapped) = mapped else {
            let needed = self.needed.get(number).copied().unwrap_or_default();
            return if needed { Err(self.not_given(column)) } else { Ok(None) };
        };
        let after = match mapped.after {
            // A circle ends where it began; the checker has told of it.
            Some(after) if depth < self.table.columns.len() => {
                self.add(recipe, names, (after.column as usize, depth + 1))?
            }
            _ => None,
        };
        if matches!(mapped.origin, Origin::Computed) {
            return Ok(None);
        }
        let mut filled = self.column(number, column, mapped, names);
        filled.after = after;
        recipe.columns.push(filled);
        Ok(Some(recipe.columns.len() - 1))
    }

    fn column(
        &self,
        number: usize,
        column: &Column,
        mapped: &ColumnMapping,
        names: &mut IndexSet<String>,
    ) -> ColumnRecipe {
        let (parts, name) = match &mapped.origin {
            Origin::Columns(columns) => {
                let texts: Vec<&str> = columns.iter().map(|c| c.value.as_str()).collect();
                let parts =
                    texts.iter().map(|text| names.insert_full((*text).to_owned()).0);
                (parts.collect(), texts.join(" "))
            }
            Origin::Always(_) | Origin::Computed => (Vec::new(), column.name.clone()),
        };
        let always = match &mapped.origin {
            Origin::Always(value) => Some(value.clone()),
            Origin::Columns(_) | Origin::Computed => None,
        };
        let declared = match column.kind {
            Kind::Category(set) => self.schema.set(set).map(|set| set.values.clone()),
            _ => None,
        };
        let allowed = column.values.iter().filter_map(|value| match value {
            Value::Number(number) => Some(number.to_f64()),
            _ => None,
        });
        let own_formats =
            if mapped.format.is_empty() { &self.mapping.format } else { &mapped.format };
        let missing = self.mapping.missing.iter().chain(&mapped.missing);
        ColumnRecipe {
            column: number,
            kind: column.kind,
            // What `is` computes may have a value where the export has none.
            required: column.required && mapped.is.is_none(),
            wanted: self.needed.get(number).copied().unwrap_or_default(),
            is_key: self.is_key(number),
            name,
            parts,
            always,
            missing: missing.cloned().collect(),
            values: mapped.values.clone(),
            zone: mapped.zone.or(self.mapping.zone),
            formats: own_formats.clone(),
            unit: mapped.unit,
            decimal_comma: mapped.decimal_comma,
            after: None,
            declared: declared.unwrap_or_default(),
            allowed: allowed.collect(),
        }
    }

    fn not_given(&self, column: &Column) -> LoadError {
        let (table, column) = (self.table.name.clone(), column.name.clone());
        LoadError::NotGiven { table, column }
    }
}

impl ColumnRecipe {
    /// Whether a text stands for no value.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|missing| missing == text)
    }

    /// What a value of this column looks like, for messages.
    pub(crate) fn expected(&self) -> String {
        match self.kind {
            Kind::Truth => "`true` or `false`".to_owned(),
            Kind::Category(_) => one_of(&self.declared, &self.values),
            Kind::Number | Kind::Quotient | Kind::Bare if !self.allowed.is_empty() => {
                let allowed: Vec<String> =
                    self.allowed.iter().map(|value| format!("`{value}`")).collect();
                format!("one of {}", allowed.join(", "))
            }
            Kind::Number | Kind::Ratio | Kind::Quotient | Kind::Bare => {
                "a number".to_owned()
            }
            Kind::Duration | Kind::Instant if self.unit.is_some() => {
                let unit = self.unit.as_ref().map_or("", Unit::word);
                format!("a length of time in {unit}")
            }
            Kind::Duration => "a length of time as `1:30:00`".to_owned(),
            Kind::Money(currency) => {
                format!("an amount of {} with at most six decimals", currency.code())
            }
            Kind::Instant if self.zone.is_none() => {
                let time = self.expected_time("a time");
                format!("{time} with its offset from UTC, since no zone is stated")
            }
            Kind::Instant => self.expected_time("a time"),
            Kind::Day => self.expected_time("a day"),
            _ => "a value".to_owned(),
        }
    }

    fn expected_time(&self, what: &str) -> String {
        if self.formats.is_empty() {
            let iso = if what == "a day" { "2026-01-31" } else { "2026-01-31T08:00:00" };
            return format!("{what} as `{iso}`");
        }
        let formats: Vec<String> =
            self.formats.iter().map(|format| format!("`{format}`")).collect();
        format!("{what} written {}", formats.join(" or "))
    }
}

/// The texts a category can have in the export, the first of them.
fn one_of(declared: &[String], values: &[(String, Value)]) -> String {
    let mapped = values.iter().map(|(text, _)| text);
    let all: IndexSet<&String> = mapped.chain(declared).collect();
    let shown: Vec<String> = all.iter().take(8).map(|text| format!("`{text}`")).collect();
    let more = if all.len() > shown.len() { ", ..." } else { "" };
    format!("one of {}{more}", shown.join(", "))
}
