//! From what was measured to rows of the result: states, verdicts, changes.

use mittari_lang::metric::{Metric, Target};
use mittari_lang::types::Kind;

use super::display::{WITHHELD, display};
use super::formula::Scene;
use super::measure::Measured;
use super::scalar::{Scalar, nearest_part};
use super::verdict::{analytic, contractual, in_force};
use crate::table::{AccountReport, Row, RowState, SegmentValue};
use crate::zone::SECOND;

/// What all rows of a question share.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub metric: &'a Metric,
    /// The kind of the values: durations are given in seconds.
    pub kind: Kind,
    /// Whether verdicts are given at all: the parts of a distribution get none.
    pub judged: bool,
    pub bad_rows: u64,
}

/// The parts of the name of a row.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub segment: Vec<(String, SegmentValue)>,
    pub part: Option<SegmentValue>,
    /// Whether it tells who a person is.
    pub personal: bool,
}

/// Groups of persons of fewer rows are withheld, whatever the card says.
const FEWEST_OF_PERSONS: u64 = 5;

/// What was measured for a segment and a period.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub measured: &'a Measured,
    pub accounts: Vec<AccountReport>,
    /// Whether it may not be shown.
    pub withheld: bool,
}

/// What is known of an earlier period, unless it was withheld.
#[derive(Debug, Clone)]
pub(super) struct Told {
    value: Scalar,
    /// Whether it is whole and settled.
    settled: bool,
}

/// An earlier period and whether it was measured by the same rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earlier<'a> {
    pub told: &'a Told,
    pub alike: bool,
}

/// The periods a value is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared<'a> {
    pub before: Option<Earlier<'a>>,
    pub year: Option<Earlier<'a>>,
}

impl Sheet<'_> {
    /// One row, and what later ones are compared with.
    pub(super) fn row(
        &self,
        scene: &Scene<'_>,
        (name, period): (&Name, i32),
        found: Found<'_>,
        compared: Compared<'_>,
    ) -> (Row, Option<Told>) {
        let Found { measured, accounts, withheld } = found;
        let state = self.state(scene, period, measured, withheld);
        let target = self.target(scene, name, period);
        let judged = target.filter(|_| state == RowState::Final);
        let shown = |value: &Scalar| if withheld { None } else { self.number(value) };
        let settled = matches!(state, RowState::Final | RowState::Small);
        let change = |earlier: Option<Earlier<'_>>| {
            let like = |one: &Earlier<'_>| settled && one.told.settled && one.alike;
            let earlier = earlier.filter(like)?;
            shown(&measured.value.subtract(&earlier.told.value).ok()?)
        };
        let value = |earlier: Earlier<'_>| self.number(&earlier.told.value);
        let year = compared.year.filter(|earlier| earlier.told.settled);
        let row = Row {
            metric: self.metric.card_name.clone(),
            formula: self.metric.formula_name.clone(),
            part: name.part.clone(),
            period: scene.span.named(period),
            segment: name.segment.clone(),
            value: shown(&measured.value),
            unit: self.metric.unit,
            decimals: self.metric.decimals,
            direction: self.metric.direction,
            display: self.text(&measured.value, withheld),
            numerator: measured.numerator.as_ref().and_then(shown),
            denominator: measured.denominator.as_ref().and_then(shown),
            accounts: if withheld { Vec::new() } else { accounts },
            n: measured.n.filter(|_| !withheld),
            missing: if withheld { 0 } else { measured.missing },
            undecided: if withheld { 0 } else { measured.undecided },
            interval: self.interval(measured).filter(|_| !withheld),
            target: target.map(|target| target.text.clone()),
            contractual: judged.and_then(|target| contractual(target, &measured.value)),
            analytic: judged.and_then(|target| analytic(target, measured.interval?)),
            state,
            previous: compared.before.and_then(value),
            change: change(compared.before),
            year_before: year.and_then(value),
            change_year: change(year),
            behaviour: None,
            bad_rows: self.bad_rows,
            fingerprint: self.metric.fingerprint.clone(),
        };
        let value = || measured.value.clone();
        (row, (!withheld).then(|| Told { value: value(), settled }))
    }

    /// What is worth most to know comes first: that a value may not be shown, that there
    /// is none, that it may still change, that it rests on few rows.
    fn state(
        &self,
        scene: &Scene<'_>,
        period: i32,
        measured: &Measured,
        withheld: bool,
    ) -> RowState {
        if withheld {
            RowState::Withheld
        } else if self.number(&measured.value).is_none() {
            RowState::NoData
        } else if scene.span.is_partial(period) {
            RowState::Partial
        } else if measured.n.is_some_and(|n| n < self.metric.min_volume) {
            RowState::Small
        } else {
            RowState::Final
        }
    }

    /// Below how many rows a value is withheld: one of a group of persons, and whatever
    /// rests on fewer rows than the card says.
    pub(super) fn least(&self, name: &Name) -> u64 {
        let persons = if name.personal { FEWEST_OF_PERSONS } else { 0 };
        persons.max(self.metric.withhold_under)
    }

    fn target(&self, scene: &Scene<'_>, name: &Name, period: i32) -> Option<&Target> {
        let first_day = scene.span.zone().day_of(scene.span.start(period));
        let targets = self.metric.targets.as_slice();
        if self.judged { in_force(targets, &name.segment, first_day) } else { None }
    }

    /// A value as results give it: durations in seconds.
    fn number(&self, value: &Scalar) -> Option<f64> {
        let scaled = match self.kind {
            Kind::Duration => {
                if let Scalar::Exact(exact) = value
                    && let Some(seconds) = nearest_part(exact, SECOND)
                {
                    return Some(seconds);
                }
                value.divide(&Scalar::whole(SECOND)).ok()?
            }
            _ => value.clone(),
        };
        scaled.to_f64()
    }

    fn text(&self, value: &Scalar, withheld: bool) -> String {
        if withheld {
            return WITHHELD.to_owned();
        }
        display(value, self.metric.unit, self.metric.decimals)
    }

    fn interval(&self, measured: &Measured) -> Option<(f64, f64)> {
        let (low, high) = measured.interval?;
        let end = |end: f64| self.number(&Scalar::Real(end));
        Some((end(low)?, end(high)?))
    }
}
