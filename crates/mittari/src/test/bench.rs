//! The place where the tests of one card are carried out.

use mittari_lang::card::Card;
use mittari_lang::hours::Moment;
use mittari_lang::metric::{Catalog, Metric, MetricId};
use mittari_lang::span::Spanned;
use mittari_lang::trial::{Expectation, Trial, Trials};
use mittari_lang::types::Period;

use super::compare::{Asked, Measured};
use super::coverage::Coverage;
use super::given::{Ground, dataset};
use super::setting::{Circumstances, Meant, given};
use super::{Problem, cell, complaints};
use crate::dataset::Dataset;
use crate::engine::Workspace;
use crate::failure::Error;
use crate::options::RunOptions;
use crate::period::{FiscalStart, days_of_label, kind_of_label, parse_day};
use crate::plan::{Periods, Plan, Selection, plan};
use crate::run::needs::lacking;
use crate::run::run;
use crate::zone::ZoneTable;

/// The first day covered by rows that cover everything.
const EVER: &str = "1900-01-01";

/// A card with its tests, and the meanings it has had so far.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    workspace: &'a Workspace,
    trials: &'a Trials,
    card: &'a Card,
    /// What the tests so far have reached.
    pub(super) coverage: Coverage,
    known: Vec<(Circumstances, Result<Meant, Vec<Problem>>)>,
}

/// Results of one kind of period, and what they were asked for.
#[derive(Debug)]
struct Wanted<'a> {
    period: Period,
    asked: Vec<Asked<'a>>,
}

impl<'a> Bench<'a> {
    /// The card of a file of tests.
    pub(super) fn of(
        workspace: &'a Workspace,
        trials: &'a Trials,
    ) -> Result<Self, Problem> {
        let (name, span) = (&trials.metric.value, trials.metric.span);
        let written = &workspace.written;
        let card = written.cards.iter().find(|card| card.metric.value == *name);
        let Some(card) = card else {
            let broken = written.broken.iter().any(|broken| broken.value == *name);
            let say = if broken { complaints::unsound_card } else { complaints::no_card };
            return Err(say(span, name));
        };
        if workspace.metrics_named(name).is_empty() {
            return Err(complaints::unsound_card(span, name));
        }
        let coverage = Coverage::of(workspace, card);
        Ok(Self { workspace, trials, card, coverage, known: Vec::new() })
    }

    /// Carries out a test.
    pub(super) fn carry_out(&mut self, trial: &Trial) -> Vec<Problem> {
        let circumstances = Circumstances::of(&self.trials.setting, &trial.setting);
        let known = self.known.iter().position(|(known, _)| *known == circumstances);
        let place = known.unwrap_or_else(|| {
            let meant = circumstances.check(self.workspace, self.card);
            self.known.push((circumstances, meant));
            self.known.len() - 1
        });
        let meant = match self.known.get(place) {
            Some((_, Ok(meant))) => meant,
            Some((_, Err(problems))) => return problems.clone(),
            None => return Vec::new(),
        };
        let mut coverage = self.coverage.clone();
        let sitting = Sitting { bench: self, trial, meant };
        let problems = sitting.carry_out(&mut coverage);
        self.coverage = coverage;
        problems.unwrap_or_else(|problems| problems)
    }
}

/// One test under its circumstances.
struct Sitting<'b, 'a> {
    bench: &'b Bench<'a>,
    trial: &'b Trial,
    meant: &'b Meant,
}

impl<'b> Sitting<'b, '_> {
    fn carry_out(&self, coverage: &mut Coverage) -> Result<Vec<Problem>, Vec<Problem>> {
        let given = given(&self.bench.trials.setting, &self.trial.setting);
        let wanted = self.wanted()?;
        let as_of = self.as_of(&wanted).map_err(|problem| vec![problem])?;
        let dataset = dataset(self.ground(), &given)?;
        let mut problems = Vec::new();
        for one in &wanted {
            let found = self.measure(one, &dataset, as_of, coverage);
            problems.extend(found.unwrap_or_else(|found| found));
        }
        Ok(problems)
    }

    fn catalog(&self) -> &'b Catalog {
        &self.meant.catalog
    }

    fn fiscal(&self) -> FiscalStart {
        let (month, day) = self.catalog().fiscal_start;
        FiscalStart::new(month, day).unwrap_or(FiscalStart::JANUARY)
    }

    fn ground(&self) -> Ground<'b> {
        let (file, own) = (&self.bench.trials.setting, &self.trial.setting);
        let covers = own.covers.or(file.covers).map(|day| day.value);
        Ground {
            catalog: self.catalog(),
            vocabulary: self.bench.workspace.written.vocabulary.as_ref(),
            zone: self.meant.zone,
            covers_from: covers.or_else(|| parse_day(EVER)).unwrap_or_default(),
        }
    }

    /// What is expected, by the kind of period.
    fn wanted(&self) -> Result<Vec<Wanted<'b>>, Vec<Problem>> {
        let mut wanted: Vec<Wanted<'_>> = Vec::new();
        let mut problems = Vec::new();
        for expectation in &self.trial.expect {
            match self.asked(expectation) {
                Ok((period, asked)) => {
                    match wanted.iter_mut().find(|one| one.period == period) {
                        Some(one) => one.asked.push(asked),
                        None => wanted.push(Wanted { period, asked: vec![asked] }),
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(wanted) } else { Err(problems) }
    }

    /// Which result an expectation is about.
    fn asked(
        &self,
        expectation: &'b Expectation,
    ) -> Result<(Period, Asked<'b>), Problem> {
        let shared = [&self.trial.setting, &self.bench.trials.setting];
        let label = expectation
            .period
            .as_ref()
            .or_else(|| shared.iter().find_map(|setting| setting.period.as_ref()))
            .ok_or_else(|| complaints::no_period(expectation.span))?;
        let period = kind_of_label(&label.value)
            .ok_or_else(|| complaints::unknown_period(label.span, &label.value))?;
        let metric = self.metric(expectation)?;
        Ok((period, Asked { expectation, metric, period: &label.value }))
    }

    /// The formula an expectation is about.
    fn metric(&self, expectation: &Expectation) -> Result<MetricId, Problem> {
        let card = &self.bench.card.metric.value;
        let own = self.catalog().metrics.iter().zip(0_u32..);
        let own: Vec<(MetricId, Option<&String>)> = own
            .filter(|(metric, _)| metric.card_name == *card)
            .map(|(metric, number)| (MetricId(number), metric.formula_name.as_ref()))
            .collect();
        let known =
            || own.iter().filter_map(|(_, name)| name.cloned()).collect::<Vec<_>>();
        match (&expectation.formula, own.as_slice()) {
            (Some(name), all) => {
                let is = |(_, formula): &&(MetricId, Option<&String>)| {
                    formula.is_some_and(|formula| *formula == name.value)
                };
                all.iter().find(is).map(|(id, _)| *id).ok_or_else(|| {
                    complaints::no_formula(name.span, &name.value, &known())
                })
            }
            (None, [(only, _)]) => Ok(*only),
            (None, [(first, _), ..]) if expectation.is_of_rows() => Ok(*first),
            (None, _) => Err(complaints::which_formula(expectation.span, &known())),
        }
    }

    /// The moment of evaluation: as written, else the end of the last period expected.
    fn as_of(&self, wanted: &[Wanted<'_>]) -> Result<Option<i64>, Problem> {
        let (file, own) = (&self.bench.trials.setting, &self.trial.setting);
        if let Some(written) = own.as_of.or(file.as_of) {
            return self.instant(written).map(Some);
        }
        let labels = wanted.iter().flat_map(|one| &one.asked).map(|asked| asked.period);
        let ends = labels.filter_map(|label| days_of_label(label, self.fiscal()));
        let zone = ZoneTable::shared(self.meant.zone);
        Ok(ends.map(|(_, end)| zone.day_start(end)).max())
    }

    fn instant(&self, written: Spanned<Moment>) -> Result<i64, Problem> {
        cell::instant_of(written.value, self.meant.zone).map_err(|wanted| {
            let message = format!("{wanted} is expected in `as_of`");
            complaints::stopped(written.span, &message)
        })
    }

    /// Measures what is expected of one kind of period, and compares.
    fn measure(
        &self,
        wanted: &Wanted<'_>,
        dataset: &Dataset,
        as_of: Option<i64>,
        coverage: &mut Coverage,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        let catalog = self.catalog();
        let selection = self.selection(wanted, as_of)?;
        let lacking: Vec<Problem> = selection
            .metrics
            .iter()
            .filter_map(|id| self.lacking(*id, wanted, dataset))
            .collect();
        if !lacking.is_empty() {
            return Err(lacking);
        }
        let span = self.trial.name.span;
        let stopped = |error: Error| vec![complaints::stopped(span, &error.to_string())];
        let plan: Plan =
            plan(catalog, &selection).map_err(|error| stopped(error.into()))?;
        let options = RunOptions::default();
        let results = run(catalog, &plan, dataset, &options).map_err(stopped)?;
        let sources = &self.bench.workspace.sources;
        let measured =
            Measured { catalog, plan: &plan, dataset, results: &results, sources };
        let problems =
            wanted.asked.iter().flat_map(|asked| measured.compare(asked)).collect();
        for asked in wanted.asked.iter().filter(|asked| measured.has_value(asked)) {
            if let Some(metric) = catalog.metric(asked.metric) {
                coverage.formula(metric);
            }
        }
        coverage.note(catalog, dataset, &selection).map_err(stopped)?;
        Ok(problems)
    }

    /// What the test does not give and a formula, or a breakdown that is expected, needs.
    fn lacking(
        &self,
        id: MetricId,
        wanted: &Wanted<'_>,
        dataset: &Dataset,
    ) -> Option<Problem> {
        let catalog = self.catalog();
        let metric = catalog.metric(id)?;
        let own = wanted.asked.iter().filter(|asked| asked.metric == id);
        let breakdowns = own.map(|asked| asked.dimensions(metric, catalog)).collect();
        let metric = Metric { breakdowns, ..metric.clone() };
        let lacks = lacking(catalog, &metric, dataset)?;
        Some(complaints::lacking(self.trial.name.span, &metric.name, &lacks.lacks))
    }

    fn selection(
        &self,
        wanted: &Wanted<'_>,
        as_of: Option<i64>,
    ) -> Result<Selection, Vec<Problem>> {
        let mut metrics: Vec<MetricId> = Vec::new();
        let mut breakdowns: Vec<Vec<String>> = Vec::new();
        let mut problems = Vec::new();
        for asked in &wanted.asked {
            if !metrics.contains(&asked.metric) {
                metrics.push(asked.metric);
            }
            problems.extend(asked.no_breakdown(self.catalog()));
            let fields = asked.fields();
            if !fields.is_empty() && !breakdowns.contains(&fields) {
                breakdowns.push(fields);
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        metrics.sort_unstable();
        let labels = wanted.asked.iter().map(|asked| asked.period);
        let days: Vec<(i32, i32)> =
            labels.filter_map(|label| days_of_label(label, self.fiscal())).collect();
        Ok(Selection {
            metrics,
            periods: Periods::These(vec![wanted.period]),
            from: days.iter().map(|(from, _)| *from).min(),
            to: days.iter().map(|(_, to)| *to).max(),
            breakdowns: Some(breakdowns),
            as_of,
        })
    }
}
