//! Results for a reader: as CSV, JSON and Parquet.
//!
//! Nothing is computed here. In every format a value that is not there is left empty, and
//! the state beside it says why; a segment whose rows have no value is named as such; a
//! zero is a zero.

pub mod csv;
pub mod json;
pub mod number;
pub mod parquet;

use thiserror::Error;

use crate::statistics::Signal;
use crate::table::{Chart, RowState, Verdict};

/// Why a report could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The place it is written to does not take it.
    #[error("the report could not be written: {0}")]
    Output(#[from] std::io::Error),
    /// The results do not fit the format.
    #[error("the report could not be made: {0}")]
    Form(Box<dyn std::error::Error + Send + Sync>),
}

/// The word of a state in reports.
pub const fn state_word(state: RowState) -> &'static str {
    match state {
        RowState::Final => "final",
        RowState::Partial => "partial",
        RowState::Small => "small",
        RowState::Withheld => "withheld",
        RowState::NoData => "no_data",
    }
}

/// The word of a verdict in reports.
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Near => "near",
        Verdict::Missed => "missed",
        Verdict::Undecided => "undecided",
    }
}

/// The word of a chart in reports.
pub const fn chart_word(chart: Chart) -> &'static str {
    match chart {
        Chart::Individuals => "xmr",
        Chart::Proportions => "p",
    }
}

/// The word of a signal in reports.
pub const fn signal_word(signal: Signal) -> &'static str {
    match signal {
        Signal::Beyond => "beyond_limit",
        Signal::EightOnOneSide => "eight_on_one_side",
        Signal::ThreeOfFour => "three_of_four_near_limit",
    }
}

/// The word of a direction in reports.
pub(crate) const fn direction_word(
    direction: mittari_lang::metric::Direction,
) -> &'static str {
    use mittari_lang::metric::Direction;
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Band => "band",
        Direction::None => "none",
    }
}

#[cfg(test)]
mod tests;
