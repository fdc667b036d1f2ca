//! What each function and operator takes, gives and means.
//!
//! Only operators and functions of values are here; what is made of rows is a
//! [`Function`](crate::typed::Function). The engine computes each one in a kernel of
//! the same family.

mod declared;

pub use declared::AGGREGATES;

/// How a function or operator is written and what it means, for the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// Its name or sign.
    pub name: &'static str,
    /// How it is written, clauses that only some calls have left out.
    pub signature: &'static str,
    /// What it gives, in one sentence.
    pub meaning: &'static str,
    /// Expressions that use it; each is checked by a test.
    pub examples: &'static [&'static str],
}

/// A function or an operator, as meant.
///
/// Unknown values follow SQL: what has an unknown operand is unknown, save `And`,
/// `Or`, `IsMissing`, `IsKnown` and `OrElse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// All are true; false if one is false, else unknown if one is.
    And,
    /// One is true; else unknown if one is.
    Or,
    /// The opposite.
    Not,
    /// `a = b` of one kind.
    Equal,
    /// `a != b` of one kind.
    NotEqual,
    /// `a < b` of one ordered kind.
    Less,
    /// `a <= b`.
    LessOrEqual,
    /// `a > b`.
    Greater,
    /// `a >= b`.
    GreaterOrEqual,
    /// The first is one of the others, which are literals.
    In,
    /// There is no value.
    IsMissing,
    /// There is a value.
    IsKnown,
    /// The first value that is there.
    OrElse,
    /// `a + b` of numbers, durations, money; of an instant and a duration.
    Add,
    /// `a - b` of the same; two instants give a duration.
    Subtract,
    /// `a * b`, one of them a number.
    Multiply,
    /// `a / b`, always real; by nothing or zero there is no value.
    Divide,
    /// `-a`.
    Negate,
    /// Working time from the first instant to the second, in the calendar given third.
    WorkingTime,
    /// The instant at which so much working time has passed since the first, in the
    /// calendar given third.
    Due,
    /// Whether the instant lies inside the hours of the calendar given second.
    InsideHours,
    /// The weekday of an instant in the zone given second: a category.
    Weekday,
    /// The hour of an instant, 0 to 23, in the zone given second.
    Hour,
    /// The day of an instant in the zone given second.
    DateOf,
    /// The text begins with the second, a literal.
    StartsWith,
    /// The text contains the second, a literal.
    Contains,
    /// The text matches the pattern given second, a literal.
    Matches,
    /// The largest multiple of the second that is not above the first.
    Floor,
    /// 0 at the worst (second), 1 at the best (third), linear between, clamped.
    Score,
    /// The value of the group in the period before.
    Previous,
}

impl Builtin {
    /// Its name or sign: `working_time`, `+`.
    pub const fn name(self) -> &'static str {
        self.declaration().name
    }

    /// Expressions that use it.
    pub const fn examples(self) -> &'static [&'static str] {
        self.declaration().examples
    }
}
