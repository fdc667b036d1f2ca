//! From what was measured to rows of the result: states, verdicts, changes.

use std::sync::Arc;

use mittari_lang::metric::{Metric, Target};
use mittari_lang::types::Kind;

use super::display::{WITHHELD, display};
use super::formula::Scene;
use super::measure::Measured;
use super::scalar::{Scalar, nearest_part};
use super::verdict::{analytic, contractual, in_force};
use crate::table::{AccountReport, Row, RowState, SegmentValue, Shared};
use crate::zone::SECOND;

/// What all rows of a question share.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub metric: &'a Metric,
    titles: Titles,
    /// The kind of the values: durations are given in seconds.
    pub kind: Kind,
    /// Whether verdicts are given at all: the parts of a distribution get none.
    pub judged: bool,
    pub bad_rows: u64,
}

/// The texts of a metric that all its rows share.
#[derive(Debug)]
struct Titles {
    card: Shared,
    formula: Option<Shared>,
    fingerprint: Shared,
    /// One for each target.
    targets: Vec<Shared>,
}

/// The parts of the name of a row.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub segment: Arc<[(String, SegmentValue)]>,
    /// Whether it tells who a person is.
    pub personal: bool,
}

/// Groups of persons of fewer rows are withheld, whatever the card says.
const FEWEST_OF_PERSONS: u64 = 5;

/// What was measured for a segment and a period.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub measured: &'a Measured,
    /// The value's own name, of a distribution.
    pub part: Option<SegmentValue>,
    pub accounts: Vec<AccountReport>,
    /// Whether it may not be shown.
    pub withheld: bool,
}

/// What is known of an earlier period, unless it was withheld.
#[derive(Debug, Clone)]
pub(super) struct Told {
    value: Scalar,
    /// As results give it.
    number: Option<f64>,
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

impl<'a> Sheet<'a> {
    /// The sheet of a metric, whose values are of a kind.
    pub(super) fn new(
        metric: &'a Metric,
        kind: Kind,
        judged: bool,
        bad_rows: u64,
    ) -> Self {
        let shared = |text: &String| Shared::from(text.as_str());
        let titles = Titles {
            card: shared(&metric.card_name),
            formula: metric.formula_name.as_ref().map(shared),
            fingerprint: shared(&metric.fingerprint),
            targets: metric.targets.iter().map(|target| shared(&target.text)).collect(),
        };
        Self { metric, titles, kind, judged, bad_rows }
    }

    /// One row, and what later ones are compared with.
    pub(super) fn row(
        &self,
        scene: &Scene<'_>,
        (name, period): (&Name, i32),
        found: Found<'_>,
        compared: Compared<'_>,
    ) -> (Row, Option<Told>) {
        let Found { measured, part, accounts, withheld } = found;
        let number = self.number(&measured.value);
        let state = self.state(scene, period, (measured, number), withheld);
        let target = self.target(scene, name, period);
        let judged = target.map(|(target, _)| target);
        let judged = judged.filter(|_| state == RowState::Final);
        let shown = |value: &Scalar| if withheld { None } else { self.number(value) };
        let settled = matches!(state, RowState::Final | RowState::Small);
        let change = |earlier: Option<Earlier<'_>>| {
            let like = |one: &Earlier<'_>| settled && one.told.settled && one.alike;
            let earlier = earlier.filter(like)?;
            shown(&measured.value.subtract(&earlier.told.value).ok()?)
        };
        let value = |earlier: Earlier<'_>| earlier.told.number;
        let year = compared.year.filter(|earlier| earlier.told.settled);
        let row = Row {
            metric: self.titles.card.clone(),
            formula: self.titles.formula.clone(),
            part,
            period: scene.span.named(period),
            segment: Arc::clone(&name.segment),
            value: number.filter(|_| !withheld),
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
            target: target.and_then(|(_, text)| text).cloned(),
            contractual: judged.and_then(|target| contractual(target, &measured.value)),
            analytic: judged.and_then(|target| analytic(target, measured.interval?)),
            state,
            previous: compared.before.and_then(value),
            change: change(compared.before),
            year_before: year.and_then(value),
            change_year: change(year),
            behaviour: None,
            bad_rows: self.bad_rows,
            fingerprint: self.titles.fingerprint.clone(),
        };
        let told = || Told { value: measured.value.clone(), number, settled };
        (row, (!withheld).then(told))
    }

    /// What is worth most to know comes first: that a value may not be shown, that there
    /// is none, that it may still change, that it rests on few rows.
    fn state(
        &self,
        scene: &Scene<'_>,
        period: i32,
        (measured, number): (&Measured, Option<f64>),
        withheld: bool,
    ) -> RowState {
        if withheld {
            RowState::Withheld
        } else if number.is_none() {
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

    /// The target in force and its text.
    fn target(
        &self,
        scene: &Scene<'_>,
        name: &Name,
        period: i32,
    ) -> Option<(&'a Target, Option<&Shared>)> {
        let targets = self.metric.targets.as_slice();
        if !self.judged || targets.is_empty() {
            return None;
        }
        let first_day = scene.span.zone().day_of(scene.span.start(period));
        let target = in_force(targets, &name.segment, first_day)?;
        let mut texts = targets.iter().zip(&self.titles.targets);
        let text = texts.find(|(one, _)| std::ptr::eq(*one, target));
        Some((target, text.map(|(_, text)| text)))
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
