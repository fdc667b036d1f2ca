//! The value of a formula for a segment and a period.

use mittari_lang::builtin::Builtin;
use mittari_lang::typed::{Across, Moment};
use mittari_lang::types::Kind;
use mittari_lang::value::Value;

use super::context::{Context, in_words};
use super::fold::Parts;
use super::leaf::{Leaf, leaves_of};
use super::level::{Taken, Values};
use super::scalar::{Scalar, apply};
use super::span::Span;
use super::stage::Stage;
use super::view::{Found, Series, project};
use crate::calendar::{Calendar, CalendarError};
use crate::error::RunError;
use crate::gathered::Key;
use crate::plan::{CohortUse, FoldUse, GroupExpr, GroupKind, PerUse};
use crate::zone::{ZoneTable, whole_days};

/// A segment in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub segment: &'a [Key],
    /// The totals of the segment, one for each sight of the stage.
    pub series: &'a [Option<&'a Series<'a>>],
    pub period: i32,
}

/// What the formulas of one breakdown are computed from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub context: &'a Context<'a>,
    pub span: &'a Span,
    pub stage: &'a Stage<'a>,
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
            GroupKind::Per(level) => self.groups(level, at)?.read(level.function),
        }
    }

    /// What a call takes.
    pub(super) fn taken<'p>(
        &self,
        leaf: &Leaf<'_>,
        at: Place<'p>,
    ) -> Result<Taken<'p>, RunError> {
        match leaf {
            Leaf::Fold(fold) => Ok(Taken::Rows(self.parts(fold, at)?)),
            Leaf::Per(level) => Ok(Taken::Groups(self.groups(level, at)?)),
        }
    }

    /// The values of the finer groups of an aggregate of aggregates.
    fn groups(&self, used: &PerUse, at: Place<'_>) -> Result<Values, RunError> {
        let level = self.stage.levels.iter().find(|level| level.number == used.number);
        let level = level.ok_or(RunError::Broken("a level that is not in sight"))?;
        let inner = Scene { stage: &level.stage, ..*self };
        let mut segment = project(at.segment, &level.places);
        let own = level.own.below(&segment, at.period, used.of.window);
        let leaves: Vec<Leaf<'_>> =
            used.argument.iter().chain(&used.filter).flat_map(leaves_of).collect();
        let mut values = Values::default();
        segment.push(Key::Missing);
        for key in own {
            if let Some(last) = segment.last_mut() {
                last.clone_from(key);
            }
            let series = inner.stage.series(&segment);
            let at = Place { segment: &segment, series: &series, period: at.period };
            let passed = match &used.filter {
                None => Scalar::Truth(true),
                Some(filter) => inner.value(filter, at)?,
            };
            let argument = used.argument.as_ref();
            let value = argument.map(|one| inner.value(one, at)).transpose()?;
            values.take(&passed, value);
            for leaf in &leaves {
                let taken = inner.taken(leaf, at)?;
                values.skipped(taken.seen());
                values.skipped(taken.inside());
            }
        }
        Ok(values)
    }

    /// The partials of a fold.
    pub(super) fn parts<'p>(
        &self,
        fold: &FoldUse,
        at: Place<'p>,
    ) -> Result<Parts<'p>, RunError> {
        let totals = self.totals(fold.of, fold.across, at)?;
        let cohort = self.context.plan.cohorts.get(fold.of.cohort);
        let planned = cohort
            .and_then(|cohort| cohort.folds.get(fold.fold))
            .ok_or(RunError::Broken("a fold that was not planned"))?;
        let argument = planned.argument.as_ref();
        let money = argument.is_some_and(|expr| matches!(expr.ty.kind, Kind::Money(_)));
        Ok(Parts::new(totals, fold.fold, money))
    }

    /// The totals of a cohort for a segment, as far back as it is used.
    pub(super) fn totals<'p>(
        &self,
        of: CohortUse,
        across: Across,
        at: Place<'p>,
    ) -> Result<Found<'p>, RunError> {
        let sight = self
            .stage
            .sight(of.cohort, across)
            .ok_or(RunError::Broken("a cohort that is not in sight"))?;
        let series = at.series.get(sight).copied().flatten();
        Ok(series.map_or(Found::NOTHING, |series| series.within(at.period, of.window)))
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
