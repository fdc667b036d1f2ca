//! The generated parser; its rules stand in `grammar/expression.pest`.

/// The grammar of expressions.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/expression.pest"]
pub(super) struct Grammar;
