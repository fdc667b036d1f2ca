//! The words of the checker's complaints: one small function for each.

pub(super) mod call;
pub(super) mod card;
pub(super) mod kinds;
pub(super) mod names;
pub(super) mod related;
