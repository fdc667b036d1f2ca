//! The suites over whole cards, the shipped cards and the house rules.
