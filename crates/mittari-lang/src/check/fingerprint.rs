//! A hash of all that can move a metric's number, and of nothing else.
//!
//! The canonical text speaks in names, never in numbers of a catalog: adding a table or
//! a card elsewhere changes no fingerprint. Places, prose, titles and units are left out.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::metric::{
    Catalog, Dating, ExclusionRule, Metric, Population, ServiceCalendar,
};
use crate::typed::{Across, Aggregate, Expr, ExprKind, Function, Related, Table};
use crate::types::{Kind, Period};
use crate::value::Value;

/// The fingerprint of a metric: SHA-256, lower-case hexadecimal.
pub(super) fn of(metric: &Metric, catalog: &Catalog) -> String {
    let text = canonical(metric, catalog);
    let mut hash = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// All that can move the number, in one text.
pub(super) fn canonical(metric: &Metric, catalog: &Catalog) -> String {
    let mut writer = Writer { catalog, text: String::new(), fiscal: false };
    writer.expr(&metric.formula);
    writer.fiscal |= metric.periods.iter().any(|period| is_fiscal(*period));
    let (volume, settles) = (metric.min_volume, metric.settles_after);
    let withhold = metric.withhold_under;
    let _ = write!(writer.text, " volume {volume} settles {settles} withhold {withhold}");
    if writer.fiscal {
        let (month, day) = catalog.fiscal_start;
        let _ = write!(writer.text, " fiscal {month}-{day}");
    }
    writer.text
}

/// Whether the fiscal year decides what a period is.
const fn is_fiscal(period: Period) -> bool {
    matches!(period, Period::FiscalQuarter | Period::FiscalHalfYear | Period::FiscalYear)
}

/// Writes the canonical text.
struct Writer<'c> {
    catalog: &'c Catalog,
    text: String,
    fiscal: bool,
}

impl Writer<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(value) => self.value(value, expr.ty.kind),
            ExprKind::Column(column) => self.column(*column),
            ExprKind::Instant(moment) => {
                let _ = write!(self.text, "{moment:?}");
            }
            ExprKind::Call(builtin, arguments) => {
                let _ = write!(self.text, "({builtin:?}");
                self.all(arguments);
                self.text.push(')');
            }
            ExprKind::Case(branches, otherwise) => {
                self.text.push_str("(Case");
                for (condition, value) in branches {
                    self.all([condition, value]);
                }
                self.all([&**otherwise]);
                self.text.push(')');
            }
            ExprKind::Table(table) => self.table(table, expr.ty.kind),
            ExprKind::Related(related) => self.related(related),
            ExprKind::Aggregate(call) => self.aggregate(call),
        }
    }

    /// Several expressions, each behind a blank.
    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.text.push(' ');
            self.expr(expr);
        }
    }

    /// A value, with names for all that has a number in the catalog.
    fn value(&mut self, value: &Value, kind: Kind) {
        let catalog = self.catalog;
        let text = match value {
            Value::Category(number) => {
                let set = match kind {
                    Kind::Category(set) => catalog.schema.set(set),
                    _ => None,
                };
                let name = set.and_then(|set| set.values.get(*number as usize));
                format!("'{}'", name.map_or("", String::as_str))
            }
            Value::Number(number) => number.normal().to_string(),
            Value::Money(amount) => match kind {
                Kind::Money(currency) => {
                    format!("{} {}", amount.normal(), currency.code())
                }
                _ => amount.normal().to_string(),
            },
            Value::Calendar(number) => {
                if let Some(calendar) = catalog.calendars.get(*number as usize) {
                    self.calendar(calendar);
                }
                return;
            }
            Value::Text(text) => format!("{text:?}"),
            Value::Zone(zone) => zone.name().to_owned(),
            Value::Missing
            | Value::Truth(_)
            | Value::Duration(_)
            | Value::Instant(_)
            | Value::Day(_) => format!("{value:?}"),
        };
        self.text.push_str(&text);
    }

    /// A column, with what decides how it is read.
    fn column(&mut self, id: crate::schema::ColumnId) {
        let schema = &self.catalog.schema;
        let table = schema.table(id.table).map_or("", |table| &table.name);
        let Some(column) = schema.column(id) else { return };
        let planned = if column.planned { " planned" } else { "" };
        let _ = write!(self.text, "[{table}.{}{planned}", column.name);
        if let Kind::Category(set) = column.kind
            && let Some(set) = schema.set(set)
        {
            let _ = write!(self.text, " of {:?}", set.values);
        }
        self.text.push(']');
    }

    /// The hours of a calendar; its name moves nothing.
    fn calendar(&mut self, calendar: &ServiceCalendar) {
        let ServiceCalendar { zone, weekly, dated, holidays, closures, .. } = calendar;
        let _ = write!(
            self.text,
            "(Calendar {} {weekly:?} {dated:?} {holidays:?} {closures:?})",
            zone.name()
        );
    }

    fn table(&mut self, table: &Table, kind: Kind) {
        self.text.push_str("(Table");
        self.all(&table.keys);
        if let Some(at) = &table.at {
            self.text.push_str(" at");
            self.all([at]);
        }
        for edition in &table.editions {
            let _ = write!(self.text, " since {:?}", edition.since);
            for (keys, value) in &edition.rows {
                self.text.push_str(" (");
                for (key, expr) in keys.iter().zip(&table.keys) {
                    self.value(key, expr.ty.kind);
                    self.text.push(' ');
                }
                self.value(value, kind);
                self.text.push(')');
            }
            self.text.push_str(" else ");
            self.value(&edition.otherwise, kind);
        }
        self.text.push(')');
    }

    /// What reads other rows, with the columns by which they are found.
    fn related(&mut self, related: &Related) {
        let (name, zone) = match related {
            Related::Lookup { held, .. } => {
                ("Lookup".to_owned(), held.as_ref().map(|(_, holds)| holds.zone))
            }
            Related::Its { function, .. } => (format!("Its {function:?}"), None),
            Related::Neighbour { next, .. } => (format!("Neighbour {next}"), None),
            Related::Less { builtin, holds, .. } => {
                (format!("Less {builtin:?}"), Some(holds.zone))
            }
        };
        let schema = &self.catalog.schema;
        let table = schema.table(related.table());
        let owner = table.map_or("", |table| &table.name);
        let _ = write!(self.text, "({name} {owner}");
        let columns = related.keyed().map_or(&[][..], |keyed| &keyed.columns);
        for column in columns {
            let column = table.and_then(|table| table.columns.get(*column as usize));
            let _ = write!(self.text, " by {}", column.map_or("", |column| &column.name));
        }
        if let Some(zone) = zone {
            let _ = write!(self.text, " in {}", zone.name());
        }
        self.text.push_str(" own");
        self.all(related.own());
        self.text.push_str(" others");
        self.all(related.others());
        if let Related::Its { argument, filter, .. } = related {
            // Which of the parts are there, so that no two forms read alike.
            let parts = (argument.is_some(), filter.is_some());
            let _ = write!(self.text, " {parts:?}");
        }
        self.text.push(')');
    }

    fn aggregate(&mut self, call: &Aggregate) {
        match call.function {
            Function::Quantile(q) => {
                let _ = write!(self.text, "(Quantile {q}");
            }
            Function::NearestRank(q) => {
                let _ = write!(self.text, "(NearestRank {q}");
            }
            other => {
                let _ = write!(self.text, "({other:?}");
            }
        }
        self.all(&call.argument);
        if let Some(filter) = &call.filter {
            self.text.push_str(" where");
            self.all([filter]);
        }
        if let Some(dimension) = call.per.and_then(|id| self.catalog.dimension(id)) {
            self.text.push_str(" per");
            let population = self.catalog.population(call.population);
            let table = population.map(|population| population.table);
            let own = dimension.of.iter().filter(|(own, _)| Some(*own) == table);
            self.all(own.map(|(_, expr)| expr));
        }
        match call.across {
            Across::Own => {}
            Across::All => self.text.push_str(" across all"),
            Across::Dimension(id) => self.across(id),
        }
        let population = self.catalog.population(call.population);
        if let Some(population) = population {
            self.population(population);
        }
        self.text.push(')');
    }

    fn across(&mut self, id: crate::typed::DimensionId) {
        let Some(dimension) = self.catalog.dimension(id) else { return };
        let _ = write!(self.text, " across {}", dimension.name);
        for (_, expr) in &dimension.of {
            self.all([expr]);
        }
    }

    fn population(&mut self, population: &Population) {
        let Population { table, filter, exclusions, dating, over, zone, .. } = population;
        let name = self.catalog.schema.table(*table).map_or("", |table| &table.name);
        let _ = write!(self.text, " (From {name} {}", zone.name());
        match dating {
            Dating::At(at) => {
                self.text.push_str(" dated");
                self.all([at]);
            }
            Dating::Open { from, until } => {
                self.text.push_str(" open");
                self.all([from, until]);
            }
        }
        if let Some(over) = over {
            self.fiscal |= is_fiscal(over.unit);
            let _ = write!(self.text, " over {} {}", over.count, over.unit.word());
        }
        if let Some(filter) = filter {
            self.text.push_str(" where");
            self.all([filter]);
        }
        for exclusion in exclusions {
            match &exclusion.rule {
                ExclusionRule::When(condition) => {
                    self.text.push_str(" exclude");
                    self.all([condition]);
                }
                ExclusionRule::Keep { which, by, per } => {
                    let _ = write!(self.text, " keep {which:?}");
                    self.all([by]);
                    self.all(per);
                }
            }
        }
        self.text.push(')');
    }
}
