//! Metrics as cards: a declarative rules engine over ticket and call data.

pub mod batch;
pub mod calendar;
pub mod dataset;
pub mod error;
pub mod fault;
pub mod finish;
pub mod gathered;
pub mod kernel;
pub mod load;
pub mod period;
pub mod plan;
pub mod report;
pub mod statistics;
pub mod table;
pub mod vector;
pub mod zone;
