//! The value of a formula for a segment and a period.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::{Catalog, DimensionId};
use mittari_lang::typed::{Across, Moment};
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::fold::Parts;
use super::scalar::{Scalar, apply};
use super::span::{Span, zone_of};
use super::view::{View, project};
use crate::calendar::{Calendar, CalendarError};
use crate::error::RunError;
use crate::gathered::{Gathered, Key, Totals};
use crate::period::{FiscalStart, PeriodTable};
use crate::plan::{CohortUse, FoldUse, GroupExpr, GroupKind, Plan, Question};
use crate::zone::{ZoneTable, whole_days};

/// Everything a run hands to its end, and what is made of it once.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub plan: &'a Plan,
    pub gathered: &'a Gathered,
    calendars: Vec<OnceCell<Calendar>>,
    views: BTreeMap<(usize, Vec<DimensionId>), Rc<View<'a>>>,
    periods: Vec<Rc<PeriodTable>>,
}

impl<'a> Context<'a> {
    /// Nothing is made yet.
    pub(super) fn new(
        catalog: &'a Catalog,
        plan: &'a Plan,
        gathered: &'a Gathered,
    ) -> Self {
        let calendars = catalog.calendars.iter().map(|_| OnceCell::new()).collect();
        Self {
            catalog,
            plan,
            gathered,
            calendars,
            views: BTreeMap::new(),
            periods: Vec::new(),
        }
    }

    /// The view of a cohort by some dimensions, made when it is asked for first.
    pub(super) fn view(
        &mut self,
        cohort: usize,
        dimensions: &[DimensionId],
    ) -> Result<Rc<View<'a>>, RunError> {
        let key = (cohort, dimensions.to_vec());
        if let Some(view) = self.views.get(&key) {
            return Ok(Rc::clone(view));
        }
        let missing = RunError::Broken("a cohort that was not gathered");
        let pair = self.plan.cohorts.get(cohort).zip(self.gathered.cohorts.get(cohort));
        let (plan, totals) = pair.ok_or(missing)?;
        let view = Rc::new(View::of(plan, &totals.groupings, dimensions)?);
        self.views.insert(key, Rc::clone(&view));
        Ok(view)
    }

    /// The periods a question is asked for, made when they are asked for first.
    pub(super) fn periods(&mut self, question: &Question) -> Rc<PeriodTable> {
        let zone = zone_of(self.catalog, self.plan, question);
        let alike = |table: &&Rc<PeriodTable>| {
            table.period() == question.period && table.zone().zone() == zone
        };
        if let Some(table) = self.periods.iter().find(alike) {
            return Rc::clone(table);
        }
        let (month, day) = self.catalog.fiscal_start;
        let fiscal = FiscalStart::new(month, day).unwrap_or(FiscalStart::JANUARY);
        let zone = ZoneTable::shared(zone);
        let table = Rc::new(PeriodTable::new(zone, question.period, fiscal));
        self.periods.push(Rc::clone(&table));
        table
    }

    fn calendar(&self, number: u32) -> Result<&Calendar, RunError> {
        let missing = RunError::Broken("a calendar that is not in the catalog");
        let place = number as usize;
        let written = self.catalog.calendars.get(place).ok_or(missing.clone())?;
        let slot = self.calendars.get(place).ok_or(missing)?;
        if let Some(calendar) = slot.get() {
            return Ok(calendar);
        }
        let calendar = Calendar::new(&written.into()).map_err(in_words)?;
        Ok(slot.get_or_init(|| calendar))
    }
}

/// A view of a cohort, and which places of a segment tell its groups apart.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub cohort: usize,
    pub across: Across,
    pub view: Rc<View<'a>>,
    pub places: Vec<usize>,
}

/// A segment in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub segment: &'a [Key],
    pub period: i32,
}

/// What the formulas of one breakdown are computed from.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub context: &'a Context<'a>,
    pub span: &'a Span,
    pub sights: Vec<Sight<'a>>,
}

impl Scene<'_> {
    /// The value of an expression.
    pub(super) fn value(
        &self,
        expr: &GroupExpr,
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        match &expr.kind {
            GroupKind::Literal(value) => Ok(Scalar::of(value)),
            GroupKind::Instant(moment) => Ok(self.moment(*moment, at.period)),
            GroupKind::Call(builtin, operands) => self.call(*builtin, operands, at),
            GroupKind::Case(branches, otherwise) => self.case(branches, otherwise, at),
            GroupKind::Fold(fold) => self.parts(fold, at)?.read(fold.function),
        }
    }

    /// The partials of a fold.
    pub(super) fn parts(
        &self,
        fold: &FoldUse,
        at: Place<'_>,
    ) -> Result<Parts<'_>, RunError> {
        let totals = self.totals(fold.of, fold.across, at)?;
        let cohort = self.context.plan.cohorts.get(fold.of.cohort);
        let planned = cohort
            .and_then(|cohort| cohort.folds.get(fold.fold))
            .ok_or(RunError::Broken("a fold that was not planned"))?;
        let argument = planned.argument.as_ref();
        let money = argument.is_some_and(|expr| matches!(expr.ty.kind, Kind::Money(_)));
        let list = totals.into_iter().filter_map(|totals| totals.folds.get(fold.fold));
        Ok(Parts::new(list.collect(), money))
    }

    /// The totals of a cohort for a segment, as far back as it is used.
    pub(super) fn totals(
        &self,
        of: CohortUse,
        across: Across,
        at: Place<'_>,
    ) -> Result<Vec<&Totals>, RunError> {
        let sight = self
            .sights
            .iter()
            .find(|sight| sight.cohort == of.cohort && sight.across == across)
            .ok_or(RunError::Broken("a cohort that is not in sight"))?;
        let segment = project(at.segment, &sight.places);
        Ok(sight.view.totals(&segment, at.period, of.window))
    }

    fn moment(&self, moment: Moment, period: i32) -> Scalar {
        match moment {
            Moment::AsOf => self.span.as_of().map_or(Scalar::NoData, Scalar::whole),
            Moment::PeriodStart => Scalar::whole(self.span.start(period)),
            Moment::PeriodEnd => Scalar::whole(self.span.looked_at(period)),
        }
    }

    fn call(
        &self,
        builtin: Builtin,
        operands: &[GroupExpr],
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        match builtin {
            Builtin::Previous => self.previous(operands, at),
            Builtin::OrElse => self.first_known(operands, at),
            Builtin::WorkingTime
            | Builtin::Due
            | Builtin::InsideHours
            | Builtin::Weekday
            | Builtin::Hour
            | Builtin::DateOf => self.time(builtin, operands, at),
            _ => {
                let values: Result<Vec<_>, _> =
                    operands.iter().map(|operand| self.value(operand, at)).collect();
                apply(builtin, &values?)
            }
        }
    }

    /// The same expression in the period before; there is no data before the data.
    fn previous(
        &self,
        operands: &[GroupExpr],
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        let [operand] = operands else {
            return Err(RunError::Broken("`previous` without its operand"));
        };
        match self.span.before(at.period) {
            Some(period) if self.span.is_covered(period) => {
                self.value(operand, Place { period, ..at })
            }
            _ => Ok(Scalar::NoData),
        }
    }

    fn first_known(
        &self,
        operands: &[GroupExpr],
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        for operand in operands {
            let value = self.value(operand, at)?;
            if value != Scalar::NoData {
                return Ok(value);
            }
        }
        Ok(Scalar::NoData)
    }

    fn case(
        &self,
        branches: &[(GroupExpr, GroupExpr)],
        otherwise: &GroupExpr,
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        for (when, then) in branches {
            if self.value(when, at)? == Scalar::Truth(true) {
                return self.value(then, at);
            }
        }
        self.value(otherwise, at)
    }

    /// Functions of instants, whose last operand is a calendar or a zone.
    fn time(
        &self,
        builtin: Builtin,
        operands: &[GroupExpr],
        at: Place<'_>,
    ) -> Result<Scalar, RunError> {
        let Some((last, rest)) = operands.split_last() else {
            return Err(RunError::Broken("a function of time without operands"));
        };
        let mut micros = Vec::new();
        for operand in rest {
            match self.value(operand, at)?.as_micros() {
                Some(value) => micros.push(value),
                None => return Ok(Scalar::NoData),
            }
        }
        match &last.kind {
            GroupKind::Literal(Value::Calendar(number)) => {
                working(builtin, &micros, self.context.calendar(*number)?)
            }
            GroupKind::Literal(Value::Zone(zone)) => {
                local(builtin, &micros, &ZoneTable::shared(*zone))
            }
            _ => Err(RunError::Broken("a function of time without a calendar or zone")),
        }
    }
}

fn working(
    builtin: Builtin,
    micros: &[i64],
    calendar: &Calendar,
) -> Result<Scalar, RunError> {
    let value = match (builtin, micros) {
        (Builtin::WorkingTime, [from, to]) => {
            calendar.working_time(*from, *to).map(Scalar::whole)
        }
        (Builtin::Due, [from, amount]) => calendar.due(*from, *amount).map(Scalar::whole),
        (Builtin::InsideHours, [at]) => calendar.inside(*at).map(Scalar::Truth),
        _ => return Err(RunError::Broken("a function of working time it does not know")),
    };
    match value {
        Err(CalendarError::Reversed | CalendarError::NegativeBudget) => {
            Ok(Scalar::NoData)
        }
        value => value.map_err(in_words),
    }
}

fn local(builtin: Builtin, micros: &[i64], zone: &ZoneTable) -> Result<Scalar, RunError> {
    match (builtin, micros) {
        (Builtin::Weekday, [at]) => Ok(Scalar::whole(zone.weekday(*at))),
        (Builtin::Hour, [at]) => Ok(Scalar::whole(zone.hour(*at))),
        (Builtin::DateOf, [at]) => Ok(Scalar::whole(whole_days(zone.local_micros(*at)))),
        _ => Err(RunError::Broken("a function of local time it does not know")),
    }
}

fn in_words(error: CalendarError) -> RunError {
    RunError::Calendar(error.to_string())
}

/// The folds of an expression in the period at hand, each use once.
pub(super) fn folds_of(expr: &GroupExpr) -> Vec<FoldUse> {
    let mut folds = Vec::new();
    collect(expr, false, &mut folds);
    folds
}

/// All folds of an expression, those of the period before included.
pub(super) fn all_folds_of(expr: &GroupExpr) -> Vec<FoldUse> {
    let mut folds = Vec::new();
    collect(expr, true, &mut folds);
    folds
}

fn collect(expr: &GroupExpr, before: bool, folds: &mut Vec<FoldUse>) {
    match &expr.kind {
        GroupKind::Literal(_) | GroupKind::Instant(_) => {}
        GroupKind::Call(Builtin::Previous, _) if !before => {}
        GroupKind::Call(_, operands) => {
            for operand in operands {
                collect(operand, before, folds);
            }
        }
        GroupKind::Case(branches, otherwise) => {
            for (when, then) in branches {
                collect(when, before, folds);
                collect(then, before, folds);
            }
            collect(otherwise, before, folds);
        }
        GroupKind::Fold(fold) if folds.contains(fold) => {}
        GroupKind::Fold(fold) => folds.push(*fold),
    }
}
