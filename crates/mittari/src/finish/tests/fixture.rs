//! Small plans and totals, made by hand.

use std::collections::BTreeMap;

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::{
    Catalog, Dating, Dimension, Direction, Form, Metric, MetricId, Population, Target,
};
use mittari_lang::schema::{Schema, Table, TableId, ValueSet};
use mittari_lang::span::{SourceId, Span};
use mittari_lang::typed::{
    Across, DimensionId, Expr, ExprKind, Function, Moment, PopulationId,
};
use mittari_lang::types::{Grain, Kind, Period, SetId, Ty, Unit};
use mittari_lang::value::Value;

use crate::finish::finish;
use crate::gathered::{
    Account, CohortTotals, Gathered, GroupKey, Key, Partial, State, TableFacts, Totals,
};
use crate::plan::{
    Cohort, CohortUse, Fold, FoldKind, FoldUse, GroupExpr, GroupKind, Membership, Plan,
    Question, Selection, TablePlan,
};
use crate::table::{Results, Row};
use crate::zone::ZoneTable;

/// January 2026 in the count of months.
pub(super) const JANUARY: i32 = 672;
/// 2026-01-01 in days since 1970-01-01.
pub(super) const NEW_YEAR: i32 = 20_454;
/// 2026-04-01, the moment of evaluation.
pub(super) const APRIL: i32 = NEW_YEAR + 90;
pub(super) const PRIORITY: DimensionId = DimensionId(0);
pub(super) const PERSON: DimensionId = DimensionId(1);

pub(super) fn midnight(day: i32) -> i64 {
    ZoneTable::shared(chrono_tz::Europe::Helsinki).day_start(day)
}

pub(super) fn expr(kind: Kind) -> Expr {
    let source = Span { source: SourceId(0), start: 0, end: 0 };
    let ty = Ty::new(kind, Grain::Row, true);
    Expr { kind: ExprKind::Instant(Moment::AsOf), ty, span: source }
}

pub(super) fn group(kind: GroupKind, of: Kind) -> GroupExpr {
    GroupExpr { kind, ty: Ty::new(of, Grain::Group, true) }
}

pub(super) fn literal(value: Value, kind: Kind) -> GroupExpr {
    group(GroupKind::Literal(value), kind)
}

pub(super) fn call(builtin: Builtin, operands: Vec<GroupExpr>, of: Kind) -> GroupExpr {
    group(GroupKind::Call(builtin, operands), of)
}

/// A fold of the first cohort.
pub(super) fn fold(place: usize, function: Function, of: Kind) -> GroupExpr {
    let used = CohortUse { cohort: 0, window: 1 };
    reaching(place, function, of, used, Across::Own)
}

pub(super) fn reaching(
    fold: usize,
    function: Function,
    kind: Kind,
    of: CohortUse,
    across: Across,
) -> GroupExpr {
    group(GroupKind::Fold(FoldUse { of, fold, function, across }), kind)
}

pub(super) fn count(place: usize) -> GroupExpr {
    fold(place, Function::Count, Kind::Number)
}

pub(super) fn ratio(above: GroupExpr, below: GroupExpr) -> GroupExpr {
    call(Builtin::Divide, vec![above, below], Kind::Quotient)
}

pub(super) fn planned(kind: FoldKind, of: Option<Kind>) -> Fold {
    Fold { kind, argument: of.map(expr), filter: None }
}

/// Totals of a group in which every row counts.
pub(super) fn totals(rows: i64, folds: Vec<Partial>) -> Totals {
    Totals { account: Account { counted: rows, ..Account::default() }, folds }
}

pub(super) fn counts(all: i64, some: i64) -> Totals {
    totals(all, vec![partial(all, State::Count), partial(some, State::Count)])
}

pub(super) fn partial(n: i64, state: State) -> Partial {
    Partial { n, missing: 0, unknown: 0, state }
}

/// One metric over months of one table, `tickets`.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) catalog: Catalog,
    pub(super) plan: Plan,
    pub(super) gathered: Gathered,
}

impl Desk {
    pub(super) fn new(formula: GroupExpr, folds: Vec<Fold>) -> Self {
        let plan = Plan {
            sides: std::sync::Arc::default(),
            selection: Selection::default(),
            tables: vec![TablePlan { table: TableId(0), cohorts: vec![0] }],
            cohorts: vec![Cohort {
                population: PopulationId(0),
                period: Period::Month,
                membership: Membership::Dated,
                per: Vec::new(),
                groupings: vec![Vec::new()],
                folds,
            }],
            questions: vec![Question {
                metric: MetricId(0),
                period: Period::Month,
                breakdowns: vec![Vec::new()],
                formula,
                numerator: None,
                denominator: None,
                accounts: vec![CohortUse { cohort: 0, window: 1 }],
            }],
        };
        let cohort = CohortTotals {
            undated: 3,
            groupings: vec![BTreeMap::new()],
            ..CohortTotals::default()
        };
        let gathered = Gathered {
            cohorts: vec![cohort],
            as_of: Some(midnight(APRIL)),
            tables: vec![TableFacts {
                name: "tickets".to_owned(),
                first: Some(midnight(NEW_YEAR) + 1),
                bad_rows: 2,
                ..TableFacts::default()
            }],
        };
        Self { catalog: catalog(), plan, gathered }
    }

    /// Adds totals to the first cohort; `month` counts from January 2026.
    pub(super) fn with(mut self, month: i32, segment: &[Key], totals: Totals) -> Self {
        let key = GroupKey { period: JANUARY + month, segment: segment.to_vec() };
        self.gathered.cohorts[0].groupings[0].insert(key, totals);
        self
    }

    pub(super) fn proportion(mut self, above: GroupExpr, below: GroupExpr) -> Self {
        let question = &mut self.plan.questions[0];
        question.numerator = Some(above);
        question.denominator = Some(below);
        let (numerator, denominator) = (expr(Kind::Number), expr(Kind::Number));
        self.metric().form = Form::Proportion { numerator, denominator };
        self
    }

    /// Groups the only grouping, and asks for the total and each breakdown.
    pub(super) fn by(
        mut self,
        grouping: &[DimensionId],
        asked: &[&[DimensionId]],
    ) -> Self {
        self.plan.cohorts[0].groupings = vec![grouping.to_vec()];
        let breakdowns = &mut self.plan.questions[0].breakdowns;
        breakdowns.extend(asked.iter().map(|breakdown| breakdown.to_vec()));
        self
    }

    pub(super) fn targets(mut self, targets: Vec<Target>) -> Self {
        self.metric().targets = targets;
        self
    }

    pub(super) fn metric(&mut self) -> &mut Metric {
        &mut self.catalog.metrics[0]
    }

    pub(super) fn results(&self) -> Results {
        finish(&self.catalog, &self.plan, &self.gathered, 2).unwrap()
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        self.results().rows
    }

    /// The displays of the total, period by period.
    pub(super) fn shown(&self) -> Vec<String> {
        let rows = self.rows().into_iter();
        rows.filter(|row| row.segment.is_empty()).map(|row| row.display).collect()
    }
}

fn catalog() -> Catalog {
    let set = SetId(0);
    let values = ["P1", "P2"].map(str::to_owned).to_vec();
    let sets = vec![ValueSet { name: "priority".to_owned(), values }];
    let dimension = |name: &str, kind, declared| Dimension {
        name: name.to_owned(),
        kind,
        personal: false,
        declared,
        of: vec![(TableId(0), expr(kind))],
    };
    let declared = vec![Value::Category(0), Value::Category(1)];
    Catalog {
        schema: Schema { tables: vec![tickets()], sets },
        zone: chrono_tz::Europe::Helsinki,
        fiscal_start: (1, 1),
        languages: vec!["en".to_owned()],
        calendars: Vec::new(),
        populations: vec![Population {
            label: "tickets by opened_at".to_owned(),
            table: TableId(0),
            filter: None,
            exclusions: Vec::new(),
            dating: Dating::At(expr(Kind::Instant)),
            over: None,
            zone: chrono_tz::Europe::Helsinki,
        }],
        dimensions: vec![
            dimension("priority", Kind::Category(set), declared),
            dimension("person", Kind::Text, Vec::new()),
        ],
        metrics: vec![metric()],
        rules: Vec::new(),
        mappings: Vec::new(),
    }
}

fn tickets() -> Table {
    Table {
        name: "tickets".to_owned(),
        key: Vec::new(),
        columns: Vec::new(),
        lookups: Vec::new(),
        valid: None,
        meaning: String::new(),
    }
}

fn metric() -> Metric {
    Metric {
        name: "kept".to_owned(),
        card_name: "kept".to_owned(),
        formula_name: None,
        card: 0,
        formula: expr(Kind::Number),
        form: Form::Other,
        periods: vec![Period::Month],
        unit: Unit::Number,
        decimals: 1,
        direction: Direction::Up,
        breakdowns: Vec::new(),
        possible: vec![PRIORITY, PERSON],
        targets: Vec::new(),
        min_volume: 0,
        settles_after: 0,
        withhold_under: 0,
        fingerprint: "f00d".to_owned(),
        span: Span { source: SourceId(0), start: 0, end: 0 },
    }
}
