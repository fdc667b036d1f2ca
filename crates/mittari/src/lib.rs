//! Metrics as cards: a declarative rules engine over ticket and call data.
