//! What is said about the text of an expression, in the words of an analyst.

mod calls;
mod characters;
mod operators;
mod values;

pub(super) use calls::*;
pub(super) use characters::*;
pub(super) use operators::*;
pub(super) use values::*;
