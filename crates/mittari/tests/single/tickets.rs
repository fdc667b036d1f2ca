//! Random tickets, of which few or many lack a value.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};

use super::second::Draw;
use super::written::batch_of;

/// One ticket; times in seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ticket {
    pub(crate) opened: Option<i64>,
    pub(crate) resolved: Option<i64>,
    pub(crate) priority: Option<&'static str>,
    pub(crate) agent: Option<String>,
    pub(crate) waited: Option<i64>,
    pub(crate) users: Option<f64>,
    pub(crate) solved: Option<bool>,
}

/// The first moment of 2025, in seconds.
pub(crate) const START: i64 = 1_735_689_600;
pub(crate) const DAY: i64 = 86_400;

/// How many rows of ten thousand lack a value.
pub(crate) const LACKING: [i64; 6] = [0, 20, 150, 1_000, 6_000, 9_900];

/// Tickets of three months; each column has its own share of rows without a value.
pub(crate) fn tickets(seed: u64, n_rows: usize, lacking: &[i64]) -> Vec<Ticket> {
    let mut draw = Draw::new(seed);
    let mut ticket = |row: usize| {
        let place = i64::try_from(row * 89 / n_rows).unwrap();
        let opened = START + place * DAY + draw.below(2 * DAY);
        let known: Vec<bool> =
            lacking.iter().map(|lacking| draw.below(10_000) >= *lacking).collect();
        Ticket {
            opened: Some(opened).filter(|_| known[0]),
            // Whole hours, so that some are resolved at the same moment.
            resolved: Some((opened + draw.below(60 * DAY)) / 3_600 * 3_600 + 3_600)
                .filter(|_| known[1]),
            priority: Some(draw.one_of(&["P1", "P2", "P3"])).filter(|_| known[2]),
            agent: Some(format!("agent{}", draw.below(40))).filter(|_| known[3]),
            waited: Some(draw.below(3_600)).filter(|_| known[4]),
            users: Some(f64::from(i32::try_from(draw.below(100)).unwrap()))
                .filter(|_| known[5]),
            solved: Some(draw.below(3) > 0).filter(|_| known[6]),
        }
    };
    (0..n_rows).map(&mut ticket).collect()
}

/// The tickets as a batch.
pub(crate) fn batch(tickets: &[Ticket]) -> RecordBatch {
    let each = || tickets.iter();
    let columns: [(&str, ArrayRef); 7] = [
        (
            "opened_at",
            Arc::new(each().map(|t| t.opened).collect::<TimestampSecondArray>()),
        ),
        (
            "resolved_at",
            Arc::new(each().map(|t| t.resolved).collect::<TimestampSecondArray>()),
        ),
        ("priority", Arc::new(each().map(|t| t.priority).collect::<StringArray>())),
        ("agent", Arc::new(each().map(|t| t.agent.as_deref()).collect::<StringArray>())),
        ("waited", Arc::new(each().map(|t| t.waited).collect::<Int64Array>())),
        ("users", Arc::new(each().map(|t| t.users).collect::<Float64Array>())),
        ("solved", Arc::new(each().map(|t| t.solved).collect::<BooleanArray>())),
    ];
    batch_of(columns)
}
