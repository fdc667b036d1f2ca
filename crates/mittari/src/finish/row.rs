//! From what was measured to rows of the result: states, verdicts, changes.

use mittari_lang::metric::{Metric, Target};
use mittari_lang::types::Kind;

use super::display::{WITHHELD, display};
use super::formula::Scene;
use super::measure::Measured;
use super::scalar::Scalar;
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

/// What is known of the period before: its value, unless it was withheld.
pub(super) type Before = Option<Scalar>;

impl Sheet<'_> {
    /// One row, and its value for the row of the next period.
    pub(super) fn row(
        &self,
        scene: &Scene<'_>,
        (name, period): (&Name, i32),
        (measured, accounts): (&Measured, Vec<AccountReport>),
        before: &Before,
    ) -> (Row, Before) {
        let state = self.state(scene, (name, period), measured, &accounts);
        let withheld = state == RowState::Withheld;
        let target = self.target(scene, name, period);
        let judged = target.filter(|_| state == RowState::Final);
        let shown = |value: &Scalar| if withheld { None } else { self.number(value) };
        let change = before.as_ref().and_then(|before| {
            let change = measured.value.subtract(before).ok()?;
            shown(&change)
        });
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
            previous: before.as_ref().and_then(|value| self.number(value)),
            change,
            bad_rows: self.bad_rows,
            fingerprint: self.metric.fingerprint.clone(),
        };
        let next = (!withheld).then(|| measured.value.clone());
        (row, next)
    }

    /// What is worth most to know comes first: that a value may not be shown, that there
    /// is none, that it may still change, that it rests on few rows.
    fn state(
        &self,
        scene: &Scene<'_>,
        (name, period): (&Name, i32),
        measured: &Measured,
        accounts: &[AccountReport],
    ) -> RowState {
        if self.is_withheld(name, measured, accounts) {
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

    /// A group of persons of few rows is withheld, and whatever rests on fewer rows than
    /// the card says; what is empty has nobody to protect.
    pub(super) fn is_withheld(
        &self,
        name: &Name,
        measured: &Measured,
        accounts: &[AccountReport],
    ) -> bool {
        let mut counted =
            accounts.iter().map(|account| account.counted.max(0).unsigned_abs());
        // The total rests on the rows of its first call; a group on those of the fewest.
        let whole = name.segment.is_empty();
        let few = || if whole { counted.next() } else { counted.min() };
        let rows = measured.n.or_else(few);
        let least = if name.personal { FEWEST_OF_PERSONS } else { 0 };
        let least = least.max(self.metric.withhold_under);
        rows.is_some_and(|rows| 0 < rows && rows < least)
    }

    fn target(&self, scene: &Scene<'_>, name: &Name, period: i32) -> Option<&Target> {
        let first_day = scene.span.zone().day_of(scene.span.start(period));
        let targets = self.metric.targets.as_slice();
        if self.judged { in_force(targets, &name.segment, first_day) } else { None }
    }

    /// A value as results give it: durations in seconds.
    fn number(&self, value: &Scalar) -> Option<f64> {
        let scaled = match self.kind {
            Kind::Duration => value.divide(&Scalar::whole(SECOND)).ok()?,
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
