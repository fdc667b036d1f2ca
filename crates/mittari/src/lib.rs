//! Metrics as cards: a declarative rules engine over ticket and call data.

pub mod calendar;
pub mod zone;
pub mod batch;
pub mod error;
pub mod gathered;
pub mod plan;
pub mod table;
