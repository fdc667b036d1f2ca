//! What was measured beside what is expected: only what differs is told.

use mittari_lang::metric::{Catalog, DimensionId, Metric, MetricId};
use mittari_lang::schema::Table;
use mittari_lang::source::Sources;
use mittari_lang::span::{Span, Spanned};
use mittari_lang::trial::{self, Amount, Expectation};

use super::amount::{in_any_unit, in_unit, is_near, written};
use super::{Problem, complaints};
use crate::dataset::Dataset;
use crate::options::RunOptions;
use crate::plan::{Plan, Question};
use crate::run::rows::{self, Fate, RowFate, rows};
use crate::table::{AccountReport, Results, Row, RowState, SegmentValue};

/// An expectation and the result it is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// What is expected.
    pub(super) expectation: &'a Expectation,
    /// The formula.
    pub(super) metric: MetricId,
    /// The name of the period.
    pub(super) period: &'a str,
}

/// Results, and what they were made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<'a> {
    /// What is sound.
    pub(super) catalog: &'a Catalog,
    /// What was carried out.
    pub(super) plan: &'a Plan,
    /// The given rows.
    pub(super) dataset: &'a Dataset,
    /// What came out.
    pub(super) results: &'a Results,
    /// The texts, for values as they were written.
    pub(super) sources: &'a Sources,
}

impl Asked<'_> {
    /// The fields of the segment.
    pub(super) fn fields(&self) -> Vec<String> {
        let segment = self.expectation.segment.iter();
        segment.map(|(field, _)| field.value.clone()).collect()
    }

    /// The dimensions of the segment, as far as the metric has them.
    pub(super) fn dimensions(
        &self,
        metric: &Metric,
        catalog: &Catalog,
    ) -> Vec<DimensionId> {
        let named = |field: &String| {
            let is = |id: &&DimensionId| {
                catalog.dimension(**id).is_some_and(|one| one.name == *field)
            };
            metric.possible.iter().find(is).copied()
        };
        self.fields().iter().filter_map(named).collect()
    }

    /// What is said of fields the metric cannot be broken down by.
    pub(super) fn no_breakdown(&self, catalog: &Catalog) -> Vec<Problem> {
        let Some(metric) = catalog.metric(self.metric) else { return Vec::new() };
        let possible = |name: &str| {
            let dimensions =
                metric.possible.iter().filter_map(|id| catalog.dimension(*id));
            dimensions.into_iter().any(|dimension| dimension.name == name)
        };
        let fields = self.expectation.segment.iter().map(|(field, _)| field);
        fields
            .filter(|field| !possible(&field.value))
            .map(|field| complaints::no_breakdown(field.span, &field.value, &metric.name))
            .collect()
    }

    /// The result in words: `2026-01 phone`.
    fn words(&self) -> String {
        let mut words = self.period.to_owned();
        if let Some(formula) = &self.expectation.formula {
            words = format!("{} {words}", formula.value);
        }
        for (_, value) in &self.expectation.segment {
            words.push_str(&format!(" {}", value.value));
        }
        if let Some(part) = &self.expectation.part {
            words.push_str(&format!(" {}", part.value));
        }
        words
    }

    fn is_about(&self, metric: &Metric, row: &Row) -> bool {
        let part = self.expectation.part.as_ref().map(|part| part.value.as_str());
        row.metric == metric.card_name
            && row.formula.as_deref() == metric.formula_name.as_deref()
            && row.period.label == self.period
            && row.part.as_ref().map(name).as_deref() == part
            && row.segment.len() == self.expectation.segment.len()
            && self.expectation.segment.iter().all(|(field, value)| {
                let own = row.segment.iter().find(|(own, _)| *own == field.value);
                own.is_some_and(|(_, own)| name(own) == value.value)
            })
    }

    /// A difference of one part of the result.
    fn differs(&self, span: Span, part: &str, expected: &str, found: &str) -> Problem {
        let part = format!("{} {part}", self.words());
        complaints::differs(span, part, expected, found)
    }
}

/// The value of a dimension as tests write it.
fn name(value: &SegmentValue) -> String {
    match value {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => number.to_string(),
        SegmentValue::Truth(truth) => truth.to_string(),
        SegmentValue::Missing => "missing".to_owned(),
    }
}

impl Measured<'_> {
    /// All that differs from an expectation.
    pub(super) fn compare(&self, asked: &Asked<'_>) -> Vec<Problem> {
        let Some(metric) = self.catalog.metric(asked.metric) else { return Vec::new() };
        let found = self.results.rows.iter().find(|row| asked.is_about(metric, row));
        let Some(row) = found else { return vec![self.no_result(metric, asked)] };
        let mut problems = Vec::new();
        problems.extend(self.value(asked, row));
        problems.extend(self.parts(asked, row));
        problems.extend(words(asked, row));
        problems.extend(self.account(asked, row));
        problems
    }

    /// Whether a value is expected and there is one.
    pub(super) fn has_value(&self, asked: &Asked<'_>) -> bool {
        let expectation = asked.expectation;
        let expects = expectation.value.is_some() || expectation.display.is_some();
        let metric = self.catalog.metric(asked.metric);
        let mut rows = self.results.rows.iter();
        expects
            && metric.is_some_and(|metric| {
                rows.any(|row| asked.is_about(metric, row) && row.value.is_some())
            })
    }

    fn no_result(&self, metric: &Metric, asked: &Asked<'_>) -> Problem {
        let own = self.results.rows.iter().filter(|row| {
            row.metric == metric.card_name
                && row.formula.as_deref() == metric.formula_name.as_deref()
        });
        let mut known: Vec<String> = Vec::new();
        for row in own {
            let segment = row.segment.iter().map(|(_, value)| name(value));
            let parts = segment.chain(row.part.iter().map(name));
            let words: Vec<String> =
                [row.period.label.to_string()].into_iter().chain(parts).collect();
            known.push(words.join(" "));
        }
        known.dedup();
        complaints::no_result(asked.expectation.span, &asked.words(), &known)
    }

    fn text(&self, span: Span) -> String {
        self.sources.text(span).to_owned()
    }

    /// The value, exact unless there is a tolerance.
    fn value(&self, asked: &Asked<'_>, row: &Row) -> Option<Problem> {
        let expected = asked.expectation.value.as_ref()?;
        let text = self.text(expected.span);
        let wrong = |wanted: String, span: Span| {
            Some(complaints::amount_form(span, &wanted, &self.text(span)))
        };
        let value = match in_unit(row.unit, &expected.value) {
            Ok(value) => value,
            Err(wanted) => return wrong(wanted, expected.span),
        };
        let tolerance = match &asked.expectation.tolerance {
            None => None,
            Some(written) => {
                let amount = Amount { value: written.value.clone(), over: None };
                match in_unit(row.unit, &amount) {
                    Ok(Some(tolerance)) if *tolerance.numer() >= 0 => Some(tolerance),
                    Ok(_) => return wrong("a tolerance".to_owned(), written.span),
                    Err(wanted) => return wrong(wanted, written.span),
                }
            }
        };
        if is_near(value.as_ref(), row.value, tolerance.as_ref()) {
            return None;
        }
        Some(asked.differs(expected.span, "value", &text, &shown(row)))
    }

    /// What stands above and below.
    fn parts(&self, asked: &Asked<'_>, row: &Row) -> Vec<Problem> {
        let expectation = asked.expectation;
        let parts = [
            ("numerator", &expectation.numerator, row.numerator),
            ("denominator", &expectation.denominator, row.denominator),
        ];
        let mut problems = Vec::new();
        for (part, expected, found) in parts {
            let Some(expected) = expected else { continue };
            let text = self.text(expected.span);
            match in_any_unit(&expected.value) {
                Err(wanted) => {
                    problems.push(complaints::amount_form(expected.span, &wanted, &text));
                }
                Ok(value) if is_near(value.as_ref(), found, None) => {}
                Ok(_) => {
                    let found = plain(found);
                    problems.push(asked.differs(expected.span, part, &text, &found));
                }
            }
        }
        problems
    }

    /// Where the rows went.
    fn account(&self, asked: &Asked<'_>, row: &Row) -> Vec<Problem> {
        let expectation = asked.expectation;
        if expectation.account.is_empty() && expectation.excluded.is_empty() {
            return Vec::new();
        }
        let (place, account) = match chosen(expectation, row) {
            Ok(chosen) => chosen,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (part, expected) in &expectation.account {
            let found = count(account, &part.value);
            if found != Some(i64::from(expected.value)) {
                let found = found.map_or("none".to_owned(), |found| found.to_string());
                let label = format!("account `{}`", part.value);
                let text = expected.value.to_string();
                problems.push(asked.differs(expected.span, &label, &text, &found));
            }
        }
        if !expectation.excluded.is_empty() {
            problems.extend(self.keys(asked, place));
        }
        problems
    }

    /// Which rows each exclusion took.
    fn keys(&self, asked: &Asked<'_>, place: usize) -> Vec<Problem> {
        let fates = match self.fates(asked, place) {
            Ok(fates) => fates,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (part, expected) in &asked.expectation.excluded {
            let mut found: Vec<&str> = fates
                .iter()
                .filter(|row| fate(&row.fate) == part.value)
                .map(|row| row.key.as_str())
                .collect();
            let mut wanted: Vec<&str> =
                expected.iter().map(|key: &Spanned<String>| key.value.as_str()).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            if found != wanted {
                let label = format!("rows of `{}`", part.value);
                let (wanted, found) = (listed(&wanted), listed(&found));
                problems.push(asked.differs(part.span, &label, &wanted, &found));
            }
        }
        problems
    }

    /// The fate of each row of a population.
    fn fates(&self, asked: &Asked<'_>, place: usize) -> Result<Vec<RowFate>, Problem> {
        let span = asked.expectation.span;
        let mut questions = self.plan.questions.iter().enumerate();
        let Some((question, own)) = questions.find(|(_, one)| one.metric == asked.metric)
        else {
            return Ok(Vec::new());
        };
        if let Some(table) = self.keyless(own, place) {
            return Err(complaints::no_key(span, &table.name));
        }
        let segment = asked.expectation.segment.iter();
        let which = rows::Asked {
            question,
            period: asked.period.to_owned(),
            segment: segment
                .map(|(field, value)| (field.value.clone(), value.value.clone()))
                .collect(),
        };
        let options = RunOptions::default();
        let listed = rows(self.catalog, self.plan, self.dataset, &options, &which)
            .map_err(|error| complaints::stopped(span, &error.to_string()))?;
        Ok(listed.into_iter().nth(place).map(|one| one.rows).unwrap_or_default())
    }

    /// The table of an account, if its rows cannot be named.
    fn keyless(&self, question: &Question, place: usize) -> Option<&Table> {
        let used = question.accounts.get(place)?;
        let cohort = self.plan.cohorts.get(used.cohort)?;
        let population = self.catalog.population(cohort.population)?;
        let table = self.catalog.schema.table(population.table)?;
        table.key.is_empty().then_some(table)
    }
}

/// The account that is meant, and its place.
fn chosen<'r>(
    expectation: &Expectation,
    row: &'r Row,
) -> Result<(usize, &'r AccountReport), Problem> {
    let mut accounts = row.accounts.iter().enumerate();
    let known = || -> Vec<String> {
        row.accounts.iter().map(|account| account.population.to_string()).collect()
    };
    if let Some(wanted) = &expectation.population {
        let is = |(_, account): &(usize, &AccountReport)| {
            let table = account.population.split(' ').next();
            account.population == wanted.value || table == Some(wanted.value.as_str())
        };
        return accounts.find(is).ok_or_else(|| {
            complaints::no_population(wanted.span, &wanted.value, &known())
        });
    }
    let named = || {
        let counted = expectation.account.iter().map(|(name, _)| name);
        counted.chain(expectation.excluded.iter().map(|(name, _)| name))
    };
    let has_all = |(_, account): &(usize, &AccountReport)| {
        named().all(|name| count(account, &name.value).is_some())
    };
    accounts.find(has_all).ok_or_else(|| {
        let has = |name: &&Spanned<String>| {
            row.accounts.iter().any(|account| count(account, &name.value).is_some())
        };
        let unknown = named().find(|name| !has(name)).or_else(|| named().next());
        let (span, name) =
            unknown.map_or((expectation.span, ""), |name| (name.span, &name.value));
        let mut parts = ["dated", "outside", "undecided", "counted", "undated"]
            .map(str::to_owned)
            .to_vec();
        let rules = row.accounts.iter().flat_map(|account| &account.excluded);
        parts.extend(rules.map(|rule| rule.name.to_string()));
        complaints::no_account(span, name, &parts)
    })
}

/// The rows of a part of an account.
fn count(account: &AccountReport, part: &str) -> Option<i64> {
    match part {
        "dated" => Some(account.rows),
        "outside" => Some(account.outside),
        "undecided" => Some(account.undecided),
        "counted" => Some(account.counted),
        "undated" => i64::try_from(account.undated).ok(),
        name => {
            let rule = account.excluded.iter().find(|rule| rule.name == name);
            rule.map(|rule| rule.rows)
        }
    }
}

fn fate(fate: &Fate) -> &str {
    match fate {
        Fate::Counted => "counted",
        Fate::Outside => "outside",
        Fate::Undecided => "undecided",
        Fate::Excluded(rule) => rule,
    }
}

fn listed(keys: &[&str]) -> String {
    if keys.is_empty() { "none".to_owned() } else { format!("`{}`", keys.join("`, `")) }
}

/// State, verdict and the text that is shown.
fn words(asked: &Asked<'_>, row: &Row) -> Vec<Problem> {
    let expectation = asked.expectation;
    let mut problems = Vec::new();
    let mut differ = |span: Span, part: &str, expected: &str, found: &str| {
        if expected != found {
            problems.push(asked.differs(span, part, expected, found));
        }
    };
    if let Some(state) = &expectation.state {
        differ(state.span, "state", word(state.value), word(state_of(row.state)));
    }
    if let Some(verdict) = &expectation.verdict {
        let found = row.contractual.map_or("none", crate::report::verdict_word);
        differ(verdict.span, "verdict", verdict_word(verdict.value), found);
    }
    if let Some(display) = &expectation.display {
        differ(display.span, "display", &display.value, &row.display);
    }
    problems
}

fn word(state: trial::State) -> &'static str {
    let word = trial::State::WORDS.iter().find(|(one, _)| *one == state);
    word.map_or("", |(_, word)| word)
}

fn verdict_word(verdict: trial::Verdict) -> &'static str {
    let word = trial::Verdict::WORDS.iter().find(|(one, _)| *one == verdict);
    word.map_or("", |(_, word)| word)
}

const fn state_of(state: RowState) -> trial::State {
    match state {
        RowState::Final => trial::State::Final,
        RowState::Partial => trial::State::Partial,
        RowState::Small => trial::State::Small,
        RowState::Withheld => trial::State::Withheld,
        RowState::NoData => trial::State::NoData,
    }
}

/// A result's value with its state or its parts.
fn shown(row: &Row) -> String {
    let value = written(row.unit, row.value);
    match (row.value, row.numerator, row.denominator) {
        (None, _, _) => format!("{value} ({})", crate::report::state_word(row.state)),
        (_, Some(above), Some(below)) => format!("{value} ({above} / {below})"),
        _ => value,
    }
}

fn plain(value: Option<f64>) -> String {
    value.map_or("missing".to_owned(), |value| value.to_string())
}
