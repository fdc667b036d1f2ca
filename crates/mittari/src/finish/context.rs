//! Everything a run hands to its end, and what is made of it once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use mittari_lang::metric::{Catalog, DimensionId};

use super::span::zone_of;
use super::view::View;
use crate::calendar::{Calendar, CalendarError};
use crate::error::RunError;
use crate::gathered::Gathered;
use crate::period::{FiscalStart, PeriodTable};
use crate::plan::{Plan, Question};
use crate::zone::ZoneTable;

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

    /// A service calendar, made when it is asked for first.
    pub(super) fn calendar(&self, number: u32) -> Result<&Calendar, RunError> {
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

/// What is wrong with a calendar, in words.
pub(super) fn in_words(error: CalendarError) -> RunError {
    RunError::Calendar(error.to_string())
}
