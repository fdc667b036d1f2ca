//! Where something stands in the text that is being read.

use pest::iterators::Pair;

use super::grammar::Rule;

/// A range of bytes of the text that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The place of a rule that takes no blanks behind it.
    pub(super) fn of(pair: &Pair<'_, Rule>) -> Self {
        Self::new(pair.as_span().start(), pair.as_span().end())
    }

    pub(super) fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}
