//! Which periods a question is answered for, and what the data say about each.

use std::rc::Rc;
use std::sync::Arc;

use mittari_lang::metric::{Catalog, Metric, Population};
use mittari_lang::schema::TableId;
use mittari_lang::typed::{Expr, ExprKind};
use mittari_lang::types::Period;

use crate::error::RunError;
use crate::gathered::{Gathered, TableFacts};
use crate::period::{PeriodTable, most_in_a_year};
use crate::plan::{Membership, Plan, Question};
use crate::table::PeriodSpan;
use crate::zone::{ZoneTable, date_of_day};

/// More periods than anyone reads, which a mistyped year easily asks for.
const MOST_PERIODS: i32 = 5_000;

/// The periods of a question.
#[derive(Debug)]
pub(super) struct Span {
    periods: Rc<PeriodTable>,
    /// The first and the last number; none if there is no period at all.
    numbers: Option<(i32, i32)>,
    /// The range asked for, which `whole` is: from an instant until before another.
    range: (i64, i64),
    /// The instants from which and before which the data cover everything.
    covered: (Option<i64>, Option<i64>),
    as_of: Option<i64>,
    /// How many periods the calls look back, the own one included.
    reach: i32,
    settles_after: i64,
    /// Name and instants of the periods that are shown and of those around them, and the
    /// number of the first of them.
    known: (i32, Vec<PeriodSpan>),
}

impl Span {
    /// The periods of a question, from what was asked for and what the data cover.
    ///
    /// `periods` are those of the question's kind and zone; `has_rows_in` tells whether
    /// any row is in a period of some number.
    pub(super) fn of(
        (catalog, plan, gathered): (&Catalog, &Plan, &Gathered),
        (question, metric): (&Question, &Metric),
        periods: Rc<PeriodTable>,
        has_rows_in: impl Fn(i32) -> bool,
    ) -> Result<Self, RunError> {
        let zone = Arc::clone(periods.zone());
        let tables = tables_of(catalog, plan, gathered, question);
        let starts = || tables.iter().filter_map(|table| first_day(table, &zone));
        let ends = tables.iter().filter_map(|table| table.covers_to);
        let from = plan.selection.from.or_else(|| starts().min());
        let mut span = Self {
            numbers: None,
            range: (0, 0),
            covered: (
                starts().max().map(|day| zone.day_start(day)),
                ends.min().map(|day| zone.day_start(day)),
            ),
            as_of: gathered.as_of,
            reach: reach_of(plan, question),
            settles_after: metric.settles_after,
            known: (0, Vec::new()),
            periods,
        };
        if let Some(from) = from {
            span.set_range(from, plan.selection.to, &has_rows_in)?;
        }
        Ok(span)
    }

    fn set_range(
        &mut self,
        from: i32,
        to: Option<i32>,
        has_rows_in: &impl Fn(i32) -> bool,
    ) -> Result<(), RunError> {
        let zone = self.periods.zone();
        let end = to.map(|day| zone.day_start(day)).or(self.as_of);
        let Some(end) = end else { return Ok(()) };
        self.range = (zone.day_start(from), end);
        if self.range.0 > end || (to.is_some() && self.range.0 == end) {
            return Ok(());
        }
        let first = self.periods.number_of_day(from);
        let last = match to {
            Some(to) => self.periods.number_of_day(to.saturating_sub(1)),
            // What happens at the moment of evaluation has happened; but a period that
            // only just begins is not listed for nothing.
            None => self.periods.number_of(end).map(|last| {
                let begins = self.periods.start(last) == Some(end);
                if begins && !has_rows_in(last) { last - 1 } else { last }
            }),
        };
        let Some((first, last)) = first.zip(last) else { return Ok(()) };
        if last.checked_sub(first).is_none_or(|count| count >= MOST_PERIODS) {
            let until = zone.day_of(end);
            let until =
                date_of_day(until).map_or_else(String::new, |day| day.to_string());
            return Err(RunError::Request(format!(
                "at most {MOST_PERIODS} periods are shown, and those until {until} are more; \
                 `--to` or `--as-of` end the range earlier"
            )));
        }
        if first <= last {
            self.numbers = Some((first, last));
            let around = most_in_a_year(self.periods.period()) + 1;
            let from = first.saturating_sub(around);
            let known = from..=last.saturating_add(1);
            self.known = (from, known.map(|number| self.made(number)).collect());
        }
        Ok(())
    }

    /// A period of which name and instants are known.
    fn known(&self, number: i32) -> Option<&PeriodSpan> {
        let (from, known) = &self.known;
        known.get(usize::try_from(number.checked_sub(*from)?).ok()?)
    }

    /// The first and the last period.
    pub(super) fn numbers(&self) -> Option<(i32, i32)> {
        self.numbers
    }

    /// How many periods the calls look back, the own one included.
    pub(super) fn reach(&self) -> i32 {
        self.reach
    }

    /// The zone whose midnights begin the periods.
    pub(super) fn zone(&self) -> &ZoneTable {
        self.periods.zone()
    }

    /// The moment of evaluation.
    pub(super) fn as_of(&self) -> Option<i64> {
        self.as_of
    }

    /// The first instant of a period.
    pub(super) fn start(&self, number: i32) -> i64 {
        match self.known(number) {
            Some(known) => known.start,
            None => self.periods.start(number).unwrap_or(self.range.0),
        }
    }

    /// The first instant after a period.
    pub(super) fn end(&self, number: i32) -> i64 {
        match self.known(number) {
            Some(known) => known.end,
            None => self.periods.end(number).unwrap_or(self.range.1),
        }
    }

    /// The moment at which a period is looked at: its end, or that of evaluation.
    pub(super) fn looked_at(&self, number: i32) -> i64 {
        let end = self.end(number);
        self.as_of.map_or(end, |as_of| end.min(as_of))
    }

    /// Name and instants of a period.
    pub(super) fn named(&self, number: i32) -> PeriodSpan {
        self.known(number).cloned().unwrap_or_else(|| self.made(number))
    }

    fn made(&self, number: i32) -> PeriodSpan {
        PeriodSpan {
            period: self.periods.period(),
            label: self.periods.label(number).into(),
            start: self.start(number),
            end: self.end(number),
        }
    }

    /// The period before; the whole range has none.
    pub(super) fn before(&self, number: i32) -> Option<i32> {
        if self.periods.period() == Period::Whole { None } else { number.checked_sub(1) }
    }

    /// The same period a year earlier, where there is one.
    pub(super) fn year_before(&self, number: i32) -> Option<i32> {
        self.periods.year_before(number)
    }

    /// Whether the data say anything about a period: none of what lies wholly outside
    /// the days they cover is a zero.
    pub(super) fn is_covered(&self, number: i32) -> bool {
        self.covered.0.is_none_or(|from| self.end(number) > from)
            && self.covered.1.is_none_or(|to| self.start(number) < to)
    }

    /// Whether the data cover a period only in part, all that its calls look back over
    /// included, or it has not settled.
    pub(super) fn is_partial(&self, number: i32) -> bool {
        let end = self.end(number);
        let settled = end.saturating_add(self.settles_after);
        let earliest = self.start(number.saturating_sub(self.reach - 1));
        self.as_of.is_none_or(|as_of| settled > as_of)
            || self.covered.0.is_none_or(|from| earliest < from)
            || self.covered.1.is_some_and(|to| end > to)
    }
}

/// The zone of the populations a question speaks of.
pub(super) fn zone_of(
    catalog: &Catalog,
    plan: &Plan,
    question: &Question,
) -> chrono_tz::Tz {
    let first = question.accounts.first().and_then(|used| plan.cohorts.get(used.cohort));
    let population = first.and_then(|cohort| catalog.population(cohort.population));
    population.map_or(catalog.zone, |population| population.zone)
}

/// What is known of the tables a question uses, each once; a formula that reads no rows,
/// as the open hours of a month, is asked for the periods of all the run reads.
fn tables_of<'a>(
    catalog: &Catalog,
    plan: &Plan,
    gathered: &'a Gathered,
    question: &Question,
) -> Vec<&'a TableFacts> {
    let used: Vec<TableId> = question
        .accounts
        .iter()
        .filter_map(|used| plan.cohorts.get(used.cohort))
        .filter_map(|cohort| catalog.population(cohort.population))
        .map(|population| population.table)
        .collect();
    let tables = plan.tables.iter().zip(&gathered.tables);
    tables
        .filter(|(table, _)| used.is_empty() || used.contains(&table.table))
        .map(|(_, facts)| facts)
        .collect()
}

/// Rows that could not be read, of all tables a question reads: those of its populations
/// and those of related rows.
pub(super) fn bad_rows(
    catalog: &Catalog,
    plan: &Plan,
    gathered: &Gathered,
    question: &Question,
) -> u64 {
    // A formula that reads no rows lacks none, though it is asked for the periods of all
    // tables.
    if question.accounts.is_empty() {
        return 0;
    }
    let mut used: Vec<TableId> = Vec::new();
    let mut read = |expr: &Expr| {
        expr.each_part(&mut |part| {
            if let ExprKind::Related(related) = &part.kind {
                used.push(related.table());
            }
        });
    };
    for cohort in question.accounts.iter().filter_map(|u| plan.cohorts.get(u.cohort)) {
        let population = catalog.population(cohort.population);
        population.into_iter().flat_map(Population::exprs).for_each(&mut read);
        let folds = cohort.folds.iter();
        folds
            .flat_map(|fold| fold.argument.iter().chain(&fold.filter))
            .for_each(&mut read);
    }
    let dimensions = question.breakdowns.iter().flatten();
    for dimension in dimensions.filter_map(|id| catalog.dimension(*id)) {
        dimension.of.iter().for_each(|(_, expr)| read(expr));
    }
    let own = tables_of(catalog, plan, gathered, question);
    let is_beside = |facts: &&TableFacts| {
        let table = catalog.schema.table_named(&facts.name);
        !own.iter().any(|known| known.name == facts.name)
            && table.is_some_and(|(id, _)| used.contains(&id))
    };
    let beside = gathered.tables.iter().filter(is_beside);
    own.iter().copied().chain(beside).map(|facts| facts.bad_rows).sum()
}

/// The first day a table covers: the one its source states, or the first with a row.
fn first_day(table: &TableFacts, zone: &ZoneTable) -> Option<i32> {
    table.covers_from.or_else(|| table.first.map(|first| zone.day_of(first)))
}

fn reach_of(plan: &Plan, question: &Question) -> i32 {
    let reaches = question.accounts.iter().map(|used| {
        match plan.cohorts.get(used.cohort).map(|cohort| cohort.membership) {
            Some(Membership::Members(length)) => length.max(used.window),
            _ => used.window,
        }
    });
    i32::try_from(reaches.max().unwrap_or(1).max(1)).unwrap_or(i32::MAX)
}
