//! The periods of one cohort as instants, the whole range included.

use mittari_lang::types::Period;

use crate::period::PeriodTable;

/// The period of a row that is in none.
pub(crate) const NO_PERIOD: i32 = i32::MIN;

/// Periods with their instants; the whole range is the one period 0.
#[derive(Debug)]
pub(super) struct Spans {
    table: PeriodTable,
    /// The first instant of the range asked for; none: from the beginning.
    pub from: Option<i64>,
    /// The instant after the range asked for; none: until the end.
    pub to: Option<i64>,
    /// The moment of evaluation, where it must be known.
    pub as_of: Option<i64>,
}

impl Spans {
    /// The periods of a table, within a range.
    pub(super) fn new(
        table: PeriodTable,
        from: Option<i64>,
        to: Option<i64>,
        as_of: Option<i64>,
    ) -> Self {
        Self { table, from, to, as_of }
    }

    /// Whether they are the same periods within the same range.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.table.period() == other.table.period()
            && self.table.zone().zone() == other.table.zone().zone()
            && (self.from, self.to, self.as_of) == (other.from, other.to, other.as_of)
    }

    /// The kind of periods.
    pub(super) fn period(&self) -> Period {
        self.table.period()
    }

    /// Whether the whole range is one period.
    pub(super) fn is_whole(&self) -> bool {
        self.table.period() == Period::Whole
    }

    /// The period an instant lies in; none outside the whole range.
    pub(super) fn number_of(&self, instant: i64) -> Option<i32> {
        if self.is_whole() {
            let inside = self.from.is_none_or(|from| from <= instant)
                && self.to.is_none_or(|to| instant < to);
            return inside.then_some(0);
        }
        self.table.number_of(instant)
    }

    /// The period from whose end on an instant has passed.
    pub(super) fn movement_of(&self, instant: i64) -> Option<i32> {
        if self.is_whole() {
            return self.to.is_none_or(|to| instant < to).then_some(0);
        }
        self.table.number_of(instant)
    }

    /// The first instant of a period.
    pub(super) fn start(&self, number: i32) -> Option<i64> {
        if self.is_whole() { self.from } else { self.table.start(number) }
    }

    /// The instant after a period.
    pub(super) fn end(&self, number: i32) -> Option<i64> {
        if self.is_whole() { self.to } else { self.table.end(number) }
    }

    /// The instant at which the stock of a period is taken: its end, or the moment of
    /// evaluation if that is earlier.
    pub(super) fn stock_instant(&self, number: i32) -> Option<i64> {
        match (self.end(number), self.as_of) {
            (Some(end), Some(as_of)) => Some(end.min(as_of)),
            (end, as_of) => end.or(as_of),
        }
    }

    /// The last period that is looked at.
    pub(super) fn last(&self) -> Option<i32> {
        if self.is_whole() {
            return Some(0);
        }
        let asked = self.to.and_then(|to| self.table.number_of(to - 1));
        let now = self.as_of.and_then(|as_of| self.table.number_of(as_of));
        match (asked, now) {
            (Some(asked), Some(now)) => Some(asked.min(now)),
            (asked, now) => asked.or(now),
        }
    }

    /// The first period that is looked at, some periods before the range asked for.
    pub(super) fn first(&self, before: i32) -> Option<i32> {
        if self.is_whole() {
            return Some(0);
        }
        let first = self.from.and_then(|from| self.table.number_of(from))?;
        Some(first.saturating_sub(before))
    }

    /// The instant that begins a local day.
    pub(super) fn day_start(&self, day: i32) -> i64 {
        self.table.zone().day_start(day)
    }

    /// The number of the period with a name.
    pub(super) fn parse(&self, text: &str) -> Option<i32> {
        if self.is_whole() {
            return (text == Period::Whole.word()).then_some(0);
        }
        self.table.parse_label(text)
    }

    /// The name of a period, to show how names are written.
    pub(super) fn example(&self, as_of: Option<i64>) -> String {
        match as_of.and_then(|as_of| self.number_of(as_of)) {
            Some(number) if !self.is_whole() => self.table.label(number),
            _ => Period::Whole.word().to_owned(),
        }
    }
}
