//! The values of one metric and segment over time.

use mittari::table::{Row, RowState};

/// How many periods a trend shows.
const TREND: usize = 12;

/// From the lowest to the highest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What stands in a trend where a period has no value.
const GAP: char = '·';

/// The rows of one metric, formula, segment and part, the earliest first; at least one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    shown: &'a Row,
    /// The rows up to the one that is shown.
    rows: &'a [Row],
    first_part: bool,
}

/// The series of all rows, in their order.
pub(super) fn all(rows: &[Row], as_of: Option<i64>) -> Vec<Series<'_>> {
    let same = |one: &Row, other: &Row| same_line(one, other) && one.part == other.part;
    let mut all: Vec<Series<'_>> = Vec::new();
    for rows in rows.chunk_by(same) {
        // The last period that is whole; while there is none, the one that is running.
        let whole = |row: &Row| {
            row.state != RowState::Partial
                && as_of.is_none_or(|as_of| row.period.end <= as_of)
        };
        let place = rows.iter().rposition(whole).unwrap_or(rows.len() - 1);
        let Some(shown) = rows.get(place) else { continue };
        let before = all.last().is_some_and(|series| same_line(series.shown, shown));
        let rows = rows.get(..=place).unwrap_or_default();
        all.push(Series { shown, rows, first_part: !before });
    }
    all
}

fn same_line(one: &Row, other: &Row) -> bool {
    one.metric == other.metric
        && one.formula == other.formula
        && one.segment == other.segment
        && one.period.period == other.period.period
}

impl<'a> Series<'a> {
    /// The row whose value is shown.
    pub(super) fn shown(&self) -> &'a Row {
        self.shown
    }

    /// The card.
    pub(super) fn metric(&self) -> &'a str {
        &self.shown.metric
    }

    /// Whether it is of all rows, not of a segment.
    pub(super) fn is_total(&self) -> bool {
        self.shown.segment.is_empty()
    }

    /// The names of the dimensions it is a segment of.
    pub(super) fn breakdown(&self) -> Vec<&'a str> {
        self.shown.segment.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether it is a segment that had no row in any of its periods.
    pub(super) fn is_empty(&self) -> bool {
        let nothing = |row: &Row| {
            row.state != RowState::Withheld
                && row.value.is_none_or(|value| value == 0.0)
                && row.n.is_none_or(|n| n == 0)
                && row.accounts.iter().all(|account| account.counted == 0)
        };
        !self.is_total() && self.rows.iter().all(nothing)
    }

    /// Whether no other value of the same distribution stands before it.
    pub(super) fn is_first_part(&self) -> bool {
        self.first_part
    }

    /// The last values up to the one that is shown, between the lowest and the highest
    /// of them.
    pub(super) fn trend(&self) -> String {
        let from = self.rows.len().saturating_sub(TREND);
        let values: Vec<Option<f64>> =
            self.rows.iter().skip(from).map(|row| row.value).collect();
        let known = || values.iter().flatten().copied();
        if known().count() < 2 {
            return String::new();
        }
        let low = known().fold(f64::INFINITY, f64::min);
        let high = known().fold(f64::NEG_INFINITY, f64::max);
        values
            .iter()
            .map(|value| value.map_or(GAP, |value| bar(value, low, high)))
            .collect()
    }
}

/// The bar of a value; where all are equal, one of middle height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of seven bars is a small whole number"
)]
fn bar(value: f64, low: f64, high: f64) -> char {
    let share = if high > low { (value - low) / (high - low) } else { 0.5 };
    let place = (share * (BARS.len() - 1) as f64).round() as usize;
    BARS.get(place).copied().unwrap_or(GAP)
}
