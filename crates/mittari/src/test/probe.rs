//! What the tests of a card can reach, each point with a count that tells whether it was.
//!
//! A point is a side of a condition or a branch of an `if`. Its probe is a metric like any
//! other, over the same population, so that the engine itself says which rows get there:
//!
//! ```text
//! if a then x else y         count(where a), count(where not a)
//! the second exclusion b     count(where b) over the population with the first alone
//! ```

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::{
    Catalog, Dating, Direction, ExclusionRule, Form, Metric, MetricId, Population,
    PopulationId,
};
use mittari_lang::span::Span;
use mittari_lang::typed::{Across, Aggregate, Expr, ExprKind, Function};
use mittari_lang::types::{Grain, Kind, Ty, Unit};
use mittari_lang::value::{Decimal, Value};

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointKind {
    /// A formula, by its full name: a test expects a value of it.
    Formula(String),
    /// An exclusion takes a row, or leaves one.
    Exclusion {
        /// Its name.
        name: String,
        /// Whether it takes the row.
        takes: bool,
    },
    /// The `where` of a population, or the condition of a call, is true or false.
    Condition(bool),
    /// A branch of an `if`, from 1; the last is the `else`.
    Branch(usize),
}

/// A point and a metric that is above zero where it is reached.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Probe {
    /// What is reached.
    pub(super) kind: PointKind,
    /// Where it was written.
    pub(super) span: Span,
    /// The count.
    formula: Expr,
}

/// All points of a metric. Populations the probes need are added to the catalog.
pub(super) fn probes(catalog: &mut Catalog, metric: &Metric) -> Vec<Probe> {
    let mut walk = Walk { catalog, found: Vec::new(), seen: Vec::new() };
    walk.group(&metric.formula, &Place::Group, &[]);
    walk.found
}

/// Adds the metrics of some probes, each named by its place in the list.
pub(super) fn add(
    catalog: &mut Catalog,
    like: &Metric,
    probes: &[Probe],
) -> Vec<MetricId> {
    let mut ids = Vec::new();
    for (number, probe) in probes.iter().enumerate() {
        let id = u32::try_from(catalog.metrics.len()).unwrap_or(u32::MAX);
        ids.push(MetricId(id));
        catalog.metrics.push(Metric {
            name: number.to_string(),
            card_name: number.to_string(),
            formula_name: None,
            formula: probe.formula.clone(),
            form: Form::Other,
            unit: Unit::Number,
            decimals: 0,
            direction: Direction::None,
            breakdowns: Vec::new(),
            possible: Vec::new(),
            targets: Vec::new(),
            min_volume: 0,
            settles_after: 0,
            withhold_under: 0,
            fingerprint: String::new(),
            ..like.clone()
        });
    }
    ids
}

/// Where an expression is evaluated.
#[derive(Debug, Clone)]
enum Place {
    /// Once for each period.
    Group,
    /// For each row, or each group of rows, that a call takes.
    Call(Aggregate),
}

/// The walk through a metric.
struct Walk<'a> {
    catalog: &'a mut Catalog,
    found: Vec<Probe>,
    seen: Vec<PopulationId>,
}

impl Walk<'_> {
    /// The parts of an expression of the group, conditions of the way included.
    fn group(&mut self, expr: &Expr, place: &Place, way: &[Expr]) {
        if let ExprKind::Aggregate(call) = &expr.kind {
            self.call(call);
        }
        self.branches(expr, place, way);
    }

    /// A call: its population, its condition, its argument.
    fn call(&mut self, call: &Aggregate) {
        self.population(call.population);
        let bare = Aggregate {
            function: Function::Count,
            argument: None,
            filter: None,
            across: Across::Own,
            ..call.clone()
        };
        let place = Place::Call(bare);
        let mut way = Vec::new();
        if let Some(filter) = &call.filter {
            self.sides(filter, &place, &[]);
            self.group(filter, &place, &[]);
            way.push(truly(filter));
        }
        if let Some(argument) = &call.argument {
            if call.function == Function::Share {
                self.sides(argument, &place, &way);
            }
            self.group(argument, &place, &way);
        }
    }

    /// The conditions of a population, each over the rows that get to it.
    fn population(&mut self, id: PopulationId) {
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        let Some(population) = self.catalog.population(id).cloned() else { return };
        let bare =
            Population { filter: None, exclusions: Vec::new(), ..population.clone() };
        let all = self.rows_of(bare);
        let dates = match &population.dating {
            Dating::At(at) => vec![at],
            Dating::Open { from, until } => vec![from, until],
        };
        for date in dates {
            self.branches(date, &all, &[]);
        }
        if let Some(filter) = &population.filter {
            self.sides(filter, &all, &[]);
            self.branches(filter, &all, &[]);
        }
        let before = |rules: usize| Population {
            exclusions: population.exclusions.iter().take(rules).cloned().collect(),
            ..population.clone()
        };
        for (number, exclusion) in population.exclusions.iter().enumerate() {
            let rows = self.rows_of(before(number));
            let kind =
                |takes| PointKind::Exclusion { name: exclusion.name.clone(), takes };
            match &exclusion.rule {
                ExclusionRule::When(when) => {
                    let taken = truly(when);
                    let left = call(Builtin::Not, vec![taken.clone()], when);
                    self.point(kind(true), when.span, &rows, &[taken]);
                    self.point(kind(false), when.span, &rows, &[left]);
                    self.branches(when, &rows, &[]);
                }
                ExclusionRule::Keep { by, .. } => {
                    let kept = self.rows_of(before(number + 1));
                    let (all, left) = (counted(&rows, &[], by), counted(&kept, &[], by));
                    let taken = Expr {
                        kind: ExprKind::Call(Builtin::Subtract, vec![all, left.clone()]),
                        ty: COUNT,
                        span: by.span,
                    };
                    self.keep(kind(true), by.span, taken);
                    self.keep(kind(false), by.span, left);
                }
            }
        }
    }

    /// The rows of a population of our own.
    fn rows_of(&mut self, population: Population) -> Place {
        let known = self.catalog.populations.iter().position(|one| *one == population);
        let place = known.unwrap_or_else(|| {
            self.catalog.populations.push(population);
            self.catalog.populations.len() - 1
        });
        Place::Call(Aggregate {
            function: Function::Count,
            argument: None,
            population: PopulationId(u32::try_from(place).unwrap_or(u32::MAX)),
            filter: None,
            across: Across::Own,
            per: None,
        })
    }

    /// Both sides of a condition.
    fn sides(&mut self, condition: &Expr, place: &Place, way: &[Expr]) {
        let not = call(Builtin::Not, vec![condition.clone()], condition);
        for (side, holds) in [(true, truly(condition)), (false, truly(&not))] {
            let way: Vec<Expr> = way.iter().cloned().chain([holds]).collect();
            self.point(PointKind::Condition(side), condition.span, place, &way);
        }
    }

    /// The branches of every `if` in an expression.
    fn branches(&mut self, expr: &Expr, place: &Place, way: &[Expr]) {
        match &expr.kind {
            ExprKind::Case(branches, otherwise) => {
                let mut way = way.to_vec();
                for (number, (when, then)) in branches.iter().enumerate() {
                    self.group(when, place, &way);
                    let holds = truly(when);
                    let not = call(Builtin::Not, vec![holds.clone()], when);
                    way.push(holds);
                    let kind = PointKind::Branch(number + 1);
                    self.point(kind, expr.span, place, &way);
                    self.group(then, place, &way);
                    way.pop();
                    way.push(not);
                }
                let kind = PointKind::Branch(branches.len() + 1);
                self.point(kind, expr.span, place, &way);
                self.group(otherwise, place, &way);
            }
            ExprKind::Call(_, operands) => {
                for operand in operands {
                    self.group(operand, place, way);
                }
            }
            ExprKind::Table(table) => {
                for part in table.keys.iter().chain(&table.at) {
                    self.group(part, place, way);
                }
            }
            // Of what is made of other rows, only what stands beside the row at hand.
            ExprKind::Related(related) => {
                for part in related.own() {
                    self.group(part, place, way);
                }
            }
            ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Instant(_)
            | ExprKind::Aggregate(_) => {}
        }
    }

    /// A point that is reached where all of some conditions hold.
    fn point(&mut self, kind: PointKind, span: Span, place: &Place, way: &[Expr]) {
        let Some(first) = way.first().cloned() else { return };
        let formula = counted(place, way, &first);
        self.keep(kind, span, formula);
    }

    fn keep(&mut self, kind: PointKind, span: Span, formula: Expr) {
        let probe = Probe { kind, span, formula };
        if !self.found.contains(&probe) {
            self.found.push(probe);
        }
    }
}

const COUNT: Ty = Ty::new(Kind::Number, Grain::Group, false);

/// How often all of some conditions hold; of a group once or never.
fn counted(place: &Place, way: &[Expr], like: &Expr) -> Expr {
    let all = match way {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(call(Builtin::And, several.to_vec(), like)),
    };
    let kind = match place {
        Place::Call(bare) => {
            ExprKind::Aggregate(Box::new(Aggregate { filter: all, ..bare.clone() }))
        }
        Place::Group => {
            let holds = all.unwrap_or_else(|| truth(true, like));
            ExprKind::Case(vec![(holds, whole(1, like))], Box::new(whole(0, like)))
        }
    };
    Expr { kind, ty: COUNT, span: like.span }
}

/// A condition that is false where it is unknown.
fn truly(condition: &Expr) -> Expr {
    call(Builtin::OrElse, vec![condition.clone(), truth(false, condition)], condition)
}

fn call(builtin: Builtin, operands: Vec<Expr>, like: &Expr) -> Expr {
    let ty = Ty { kind: Kind::Truth, ..like.ty };
    Expr { kind: ExprKind::Call(builtin, operands), ty, span: like.span }
}

fn truth(value: bool, like: &Expr) -> Expr {
    constant(Value::Truth(value), Kind::Truth, like)
}

fn whole(value: i64, like: &Expr) -> Expr {
    constant(Value::Number(Decimal::whole(value)), Kind::Number, like)
}

fn constant(value: Value, kind: Kind, like: &Expr) -> Expr {
    let ty = Ty::new(kind, Grain::Constant, false);
    Expr { kind: ExprKind::Literal(value), ty, span: like.span }
}
