//! Pure functions over columns, one family a file.
//!
//! A kernel takes whole columns, knows nothing of cards or plans, and gives a missing
//! value where an operand is missing, save where its own page says otherwise.

pub mod choose;
pub mod compare;
pub mod logic;
pub mod number;
pub mod pauses;
pub mod text;
pub mod time;

#[cfg(test)]
mod tests;
