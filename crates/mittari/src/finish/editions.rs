//! When the rules of a metric change: the days from which dated parameters hold.

use mittari_lang::metric::{Catalog, Dating, ExclusionRule, Metric, Population};
use mittari_lang::typed::{Aggregate, Expr, ExprKind, Table};
use mittari_lang::types::Kind;

use crate::zone::ZoneTable;

/// The instants from which other editions of a metric's parameters hold.
#[derive(Debug)]
pub(super) struct Editions {
    starts: Vec<i64>,
}

impl Editions {
    /// The editions of everything a metric is made of.
    pub(super) fn of(catalog: &Catalog, metric: &Metric, zone: &ZoneTable) -> Self {
        let mut finder = Finder { catalog, zone, starts: Vec::new() };
        finder.expr(&metric.formula);
        Self { starts: finder.starts }
    }

    /// Whether the same rules hold from one instant until another.
    pub(super) fn are_one(&self, from: i64, until: i64) -> bool {
        !self.starts.iter().any(|start| from < *start && *start < until)
    }
}

struct Finder<'a> {
    catalog: &'a Catalog,
    zone: &'a ZoneTable,
    starts: Vec<i64>,
}

impl Finder<'_> {
    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(_, operands) => self.all(operands),
            ExprKind::Case(branches, otherwise) => {
                for (when, then) in branches {
                    self.all([when, then]);
                }
                self.expr(otherwise);
            }
            ExprKind::Table(table) => self.table(table),
            ExprKind::Aggregate(call) => self.aggregate(call),
            _ => {}
        }
    }

    fn table(&mut self, table: &Table) {
        self.all(table.keys.iter().chain(&table.at));
        let by_day = table.at.as_ref().is_some_and(|at| at.ty.kind == Kind::Day);
        for since in table.editions.iter().filter_map(|edition| edition.since) {
            let start = match i32::try_from(since) {
                Ok(day) if by_day => self.zone.day_start(day),
                _ => since,
            };
            self.starts.push(start);
        }
    }

    fn aggregate(&mut self, call: &Aggregate) {
        self.all(call.argument.iter().chain(&call.filter));
        if let Some(population) = self.catalog.population(call.population) {
            self.population(population);
        }
    }

    fn population(&mut self, population: &Population) {
        self.all(&population.filter);
        for exclusion in &population.exclusions {
            match &exclusion.rule {
                ExclusionRule::When(when) => self.expr(when),
                ExclusionRule::Keep { by, per, .. } => {
                    self.expr(by);
                    self.all(per);
                }
            }
        }
        match &population.dating {
            Dating::At(at) => self.expr(at),
            Dating::Open { from, until } => self.all([from, until]),
        }
    }
}
