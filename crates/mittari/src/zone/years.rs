//! The offsets of a zone over some years as a table.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is bounded by the table it reads"
)]

use std::sync::OnceLock;

use chrono_tz::Tz;

use super::{DAY, Span, WIDEST, change_between, offset_at, whole_days};

/// A bucket of the table is 2^39 microseconds, about six days.
const BUCKET: u32 = 39;
/// No zone changed its clocks twice within two days since 1900.
const STEP: i64 = 2 * DAY;
/// So many days at both ends are not answered for: what is asked of them may depend on
/// what the table does not reach.
const EDGE: i32 = 7;

/// The offsets of a zone over some years.
#[derive(Debug)]
pub(super) struct Years {
    first_day: i32,
    last_day: i32,
    pub(super) spans: Vec<Span>,
    /// For each bucket the number of the span in force when it begins.
    buckets: Vec<u16>,
    day_starts: OnceLock<Vec<i64>>,
}

impl Years {
    /// Builds the table from one day until another.
    pub(super) fn new(zone: Tz, first_day: i32, last_day: i32) -> Self {
        let (first, last) = (i64::from(first_day) * DAY, i64::from(last_day) * DAY);
        let mut spans = vec![Span { from: first, offset: offset_at(zone, first) }];
        let (mut at, mut offset) = (first, spans[0].offset);
        while at < last {
            let next = at + STEP;
            let after = offset_at(zone, next);
            if after != offset {
                spans.push(Span { from: change_between(zone, at, next), offset: after });
                offset = after;
            }
            at = next;
        }
        let mut buckets = Vec::new();
        let mut span = 0;
        for bucket in first >> BUCKET..=(last >> BUCKET) + 1 {
            while span + 1 < spans.len() && spans[span + 1].from <= bucket << BUCKET {
                span += 1;
            }
            buckets.push(u16::try_from(span).unwrap_or(u16::MAX));
        }
        Self { first_day, last_day, spans, buckets, day_starts: OnceLock::new() }
    }

    /// The offset at an instant, if the table covers it.
    pub(super) fn offset(&self, instant: i64) -> Option<i64> {
        let span = self.span_before(instant)?;
        Some(self.spans[self.span_at(span, instant)].offset)
    }

    /// The first span whose clocks have not yet passed a local time, and the offset
    /// before it, if the table covers them.
    pub(super) fn local_span(&self, local: i64) -> Option<(i64, Span)> {
        if local >= i64::from(self.last_day) * DAY - 2 * WIDEST {
            return None;
        }
        let mut at = self.span_before(local.saturating_sub(2 * WIDEST))?;
        while at + 1 < self.spans.len()
            && local >= self.spans[at + 1].from + self.spans[at].offset
        {
            at += 1;
        }
        Some((self.spans[at.saturating_sub(1)].offset, self.spans[at]))
    }

    /// The first instant of a day, if the table covers it.
    pub(super) fn day_start(&self, day: i32) -> Option<i64> {
        let index = i64::from(day) - i64::from(self.first_day + EDGE);
        self.day_starts().get(usize::try_from(index).ok()?).copied()
    }

    /// The day of an instant, if the table covers it.
    pub(super) fn day_of(&self, instant: i64) -> Option<i32> {
        let starts = self.day_starts();
        let first = self.first_day + EDGE;
        let index = i64::from(whole_days(instant)) - i64::from(first);
        let mut index = usize::try_from(index).ok()?;
        if index < 2 || index + 4 >= starts.len() {
            return None;
        }
        while instant < starts[index] {
            index -= 1;
        }
        while instant >= starts[index + 1] {
            index += 1;
        }
        Some(i32::try_from(index).unwrap_or(i32::MAX).saturating_add(first))
    }

    /// The span in force when the bucket of an instant begins, if the table covers it.
    fn span_before(&self, instant: i64) -> Option<usize> {
        let first = i64::from(self.first_day) * DAY;
        if instant < first || instant >= i64::from(self.last_day) * DAY {
            return None;
        }
        let bucket = (instant >> BUCKET) - (first >> BUCKET);
        let bucket = usize::try_from(bucket).ok()?;
        self.buckets.get(bucket).map(|span| usize::from(*span))
    }

    /// The span of an instant, looked for from an earlier one on.
    fn span_at(&self, mut span: usize, instant: i64) -> usize {
        while span + 1 < self.spans.len() && self.spans[span + 1].from <= instant {
            span += 1;
        }
        span
    }

    fn day_starts(&self) -> &[i64] {
        self.day_starts.get_or_init(|| {
            let days = self.first_day + EDGE..=self.last_day - EDGE;
            let midnights = days.map(|day| i64::from(day) * DAY);
            let start = |midnight| Some(self.local_span(midnight)?.1.starts(midnight));
            midnights.map_while(start).collect()
        })
    }
}
