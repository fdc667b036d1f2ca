//! Metrics as cards: a declarative rules engine over ticket and call data.

pub mod calendar;
pub mod zone;
