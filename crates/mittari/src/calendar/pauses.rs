//! Working time less the time in which a ticket was paused.

use std::borrow::Cow;

use super::build::{Interval, merge};
use super::{Calendar, CalendarError};

impl Calendar {
    /// The open microseconds from one instant until another that lie in no pause.
    ///
    /// Pauses are half-open, may overlap and come in any order.
    pub fn working_time_less(
        &self,
        start: i64,
        end: i64,
        pauses: &[(i64, i64)],
    ) -> Result<i64, CalendarError> {
        let mut time = self.working_time(start, end)?;
        for &(from, until) in in_order(pauses)?.iter() {
            let (from, until) = (from.max(start), until.min(end));
            if from < until {
                time -= self.working_time(from, until)?;
            }
        }
        Ok(time)
    }

    /// The first instant at which an amount of open time outside all pauses has passed.
    ///
    /// Nothing is due at once, or as soon as the calendar is open and no pause runs.
    pub fn due_less(
        &self,
        start: i64,
        amount: i64,
        pauses: &[(i64, i64)],
    ) -> Result<i64, CalendarError> {
        let (mut at, mut left) = (start, amount);
        for &(from, until) in in_order(pauses)?.iter() {
            if until <= at {
                continue;
            }
            // The budget may be spent before this pause begins.
            match self.due(at, left) {
                Ok(due) if due < from || (due == from && left > 0) => return Ok(due),
                Err(error @ CalendarError::NegativeBudget) => return Err(error),
                Ok(_) | Err(_) => {}
            }
            if from > at {
                left -= self.working_time(at, from)?;
            }
            at = until;
        }
        self.due(at, left)
    }
}

/// Pauses sorted and without overlap, as most of them come.
fn in_order(pauses: &[Interval]) -> Result<Cow<'_, [Interval]>, CalendarError> {
    if pauses.iter().any(|(from, until)| until < from) {
        return Err(CalendarError::ReversedPause);
    }
    let ordered = pauses.is_sorted_by(|one, next| one.1 <= next.0);
    Ok(if ordered { Cow::Borrowed(pauses) } else { Cow::Owned(merge(pauses.to_vec())) })
}
