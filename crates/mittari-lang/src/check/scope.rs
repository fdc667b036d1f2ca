//! What names mean: the workspace for all cards, the card for its own expressions, and
//! what was found out while a card was checked.

use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use crate::card::{self, Definition, Parameter};
use crate::diagnostic::Diagnostic;
use crate::metric::{Dimension, Population};
use crate::schema::{ColumnId, Schema, TableId, ValueSet};
use crate::span::{Span, Spanned};
use crate::syntax;
use crate::typed::Expr;
use crate::types::{Kind, SetId, Unit};
use crate::value::Currency;

/// A field that the vocabulary computes.
#[derive(Debug, Clone)]
pub(super) struct Computed<'a> {
    /// Its name.
    pub(super) name: &'a Spanned<String>,
    /// How it is computed.
    pub(super) expr: &'a syntax::Expr,
    /// What it was said to be; none if that follows from the expression.
    pub(super) kind: Option<Kind>,
    /// Whether it tells who a person is.
    pub(super) personal: bool,
}

/// What all cards share and none changes.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// The tables and columns; the lists of values are in [`Made`], where they grow.
    pub(super) schema: &'a Schema,
    /// The computed fields of each table.
    pub(super) computed: Vec<IndexMap<&'a str, Computed<'a>>>,
    /// The names of the fields between which the rows of each table hold.
    pub(super) valid: Vec<Option<(&'a Spanned<String>, &'a Spanned<String>)>>,
    /// The named populations.
    pub(super) populations: IndexMap<&'a str, &'a card::Population>,
    /// The names of the service calendars, in the order of the catalog.
    pub(super) calendars: Vec<&'a str>,
    /// The currencies that written amounts may be in.
    pub(super) currencies: IndexSet<Currency>,
    /// The values of `weekday`.
    pub(super) weekdays: SetId,
    /// The names of all metrics, sound or not.
    pub(super) metrics: IndexSet<String>,
    /// The names of cards that could not be read.
    pub(super) broken: IndexSet<&'a str>,
}

impl<'a> World<'a> {
    /// The computed field of a table with a name.
    pub(super) fn computed(&self, table: TableId, name: &str) -> Option<&Computed<'a>> {
        self.computed.get(table.0 as usize)?.get(name)
    }

    /// The name of a table.
    pub(super) fn table_name(&self, table: TableId) -> &str {
        self.schema.table(table).map_or("", |table| table.name.as_str())
    }

    /// The names of all fields of a table, computed ones behind the others.
    pub(super) fn fields(&self, table: TableId) -> Vec<&str> {
        let columns = self.schema.table(table).map_or(&[][..], |table| &table.columns);
        let computed = self.computed.get(table.0 as usize);
        columns
            .iter()
            .map(|column| column.name.as_str())
            .chain(computed.into_iter().flat_map(|fields| fields.keys().copied()))
            .collect()
    }

    /// The place of a service calendar in the catalog.
    pub(super) fn calendar(&self, name: &str) -> Option<u32> {
        let place = self.calendars.iter().position(|known| *known == name)?;
        u32::try_from(place).ok()
    }
}

/// What grows while cards are checked, and ends in the catalog.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The lists of values: the vocabulary's, and those that expressions make.
    pub(super) sets: Vec<ValueSet>,
    /// The populations; equal ones are one.
    pub(super) populations: Vec<Population>,
    /// The dimensions; equal ones are one.
    pub(super) dimensions: Vec<Dimension>,
    /// The formulas that are meant already, by the name of the metric.
    pub(super) formulas: IndexMap<String, Meant>,
}

/// A formula as meant, and what its value is shown in.
#[derive(Debug, Clone)]
pub(super) struct Meant {
    /// The formula.
    pub(super) formula: Expr,
    /// The unit.
    pub(super) unit: Unit,
}

impl Made {
    /// The texts of a list of values.
    pub(super) fn set(&self, id: SetId) -> &[String] {
        self.sets.get(id.0 as usize).map_or(&[], |set| &set.values)
    }

    /// The name of a list of values.
    pub(super) fn set_name(&self, id: SetId) -> &str {
        self.sets.get(id.0 as usize).map_or("", |set| &set.name)
    }

    /// The list with exactly these values, added if there is none.
    pub(super) fn intern_set(&mut self, name: &str, values: Vec<String>) -> SetId {
        let place = self.sets.iter().position(|set| set.values == values);
        let place = place.unwrap_or_else(|| {
            self.sets.push(ValueSet { name: name.to_owned(), values });
            self.sets.len() - 1
        });
        SetId(u32::try_from(place).unwrap_or(u32::MAX))
    }
}

/// What the names of one card mean.
#[derive(Debug)]
pub(super) struct CardScope<'a> {
    /// The card's name; empty for the vocabulary itself.
    pub(super) name: &'a str,
    /// Its parameters, overrides already in place.
    pub(super) parameters: IndexMap<&'a str, Parameter>,
    /// Its computed fields.
    pub(super) defines: IndexMap<&'a str, &'a Definition>,
    /// The names of its formulas.
    pub(super) formulas: IndexSet<&'a str>,
    /// The rows it speaks of.
    pub(super) population: Option<&'a card::Population>,
    /// The zone of its periods.
    pub(super) zone: Tz,
    /// The service calendar of calls that name none.
    pub(super) calendar: Option<u32>,
}

impl CardScope<'_> {
    /// Of expressions that belong to no card.
    pub(super) fn bare(zone: Tz, calendar: Option<u32>) -> Self {
        Self {
            name: "",
            parameters: IndexMap::new(),
            defines: IndexMap::new(),
            formulas: IndexSet::new(),
            population: None,
            zone,
            calendar,
        }
    }
}

/// What was found out about a card so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    /// What was said.
    pub(super) said: Vec<Diagnostic>,
    /// Defines and computed fields as meant, by table.
    pub(super) named: IndexMap<(TableId, String), Expr>,
    /// The parameters that were used.
    pub(super) used: IndexSet<String>,
    /// Where a parameter's value was put in place: its name and where it is written.
    pub(super) origins: IndexMap<Span, (String, Span)>,
    /// The places of durations written with `d`.
    pub(super) in_days: IndexSet<Span>,
    /// Which declared values of each category were named.
    pub(super) tested: IndexMap<ColumnId, Tested>,
    /// Parameter tables that do not cover their keys: the look-up and what they lack.
    pub(super) gaps: IndexMap<String, (Span, Vec<String>)>,
    /// Parameter tables whose missing values the card speaks of.
    pub(super) heeded: IndexSet<String>,
    /// The rows the card speaks of, once they were asked for.
    pub(super) base: Asked,
    /// Other metrics that were put in place, with where.
    pub(super) uses: Vec<(String, Span)>,
    /// The breakdowns of this card by name.
    pub(super) dimensions: IndexMap<String, Option<crate::metric::DimensionId>>,
}

/// The rows a card speaks of.
#[derive(Debug, Clone, Default)]
pub(super) enum Asked {
    /// Nobody has asked.
    #[default]
    NotYet,
    /// They are unsound, or there are none.
    Without,
    /// These.
    Found(Box<Base>),
}

/// Which declared values of a category a card has named.
#[derive(Debug, Clone)]
pub(super) struct Tested {
    /// Where it was tested first.
    pub(super) span: Span,
    /// The values named.
    pub(super) named: IndexSet<u32>,
    /// Whether all others were spoken of too, as by `not in`.
    pub(super) all: bool,
}

/// A population that may still lack what puts its rows into periods.
#[derive(Debug, Clone)]
pub(super) struct Base {
    /// The table.
    pub(super) table: TableId,
    /// The conditions, joined.
    pub(super) filter: Option<Expr>,
    /// The exclusions, a named population's first.
    pub(super) exclusions: Vec<crate::metric::Exclusion>,
    /// What puts a row into a period, and the words for it.
    pub(super) dating: Option<(crate::metric::Dating, String)>,
    /// Over which time.
    pub(super) over: Option<crate::syntax::Window>,
}
