//! The language of metric cards: reading, checking, meaning.
//!
//! Meaning needs no data: everything here works on text alone, without a file system,
//! a clock or an environment.

pub mod builtin;
pub mod card;
pub mod check;
pub mod diagnostic;
pub mod hours;
pub mod mapping;
pub mod metric;
mod nearest;
pub mod parse;
pub mod place;
pub mod print;
pub mod prose;
pub mod read;
pub mod schema;
pub mod source;
pub mod span;
pub mod syntax;
pub mod trial;
pub mod typed;
pub mod types;
pub mod value;
pub mod vocabulary;
pub mod workspace;
