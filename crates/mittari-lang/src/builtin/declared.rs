//! The declarations behind the reference: one line a builtin, one a function of rows.

use super::{Builtin, Declaration};

macro_rules! builtins {
    ($($variant:ident $name:literal $signature:literal $meaning:literal [$($example:literal),+])*) => {
        impl Builtin {
            /// Every builtin, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// How it is written and what it means.
            pub const fn declaration(self) -> Declaration {
                match self {
                    $(Self::$variant => Declaration {
                        name: $name,
                        signature: $signature,
                        meaning: $meaning,
                        examples: &[$($example),+],
                    }),*
                }
            }
        }
    };
}

builtins! {
    And "and" "p and q"
        "True where all are true; false where one is false."
        ["reopened and workaround"]
    Or "or" "p or q"
        "True where one is true."
        ["reopened or workaround"]
    Not "not" "not p"
        "The opposite of a condition."
        ["not reopened"]
    Equal "=" "a = b"
        "Whether two values are the same."
        ["type = \"incident\"", "handle_time = 20 s"]
    NotEqual "!=" "a != b"
        "Whether two values differ."
        ["channel != \"phone\""]
    Less "<" "a < b"
        "Whether a value lies before another."
        ["handle_time < 20 s"]
    LessOrEqual "<=" "a <= b"
        "Whether a value lies before another or is the same."
        ["waited <= target_time"]
    Greater ">" "a > b"
        "Whether a value lies behind another."
        ["cost > 50 EUR"]
    GreaterOrEqual ">=" "a >= b"
        "Whether a value lies behind another or is the same."
        ["opened_at >= period_start", "handle_time between 5 min and 1 h"]
    In "in" "a in [b, c]"
        "Whether a value is one of a list."
        ["channel in [\"phone\", \"chat\"]", "channel not in channels"]
    IsMissing "is missing" "a is missing"
        "Whether there is no value."
        ["resolved_at is missing"]
    IsKnown "is known" "a is known"
        "Whether there is a value."
        ["resolved_at is known"]
    OrElse "or_else" "a or_else b"
        "The first value that is there."
        ["resolved_at or_else closed_at", "handle_time or_else 0"]
    Add "+" "a + b"
        "The sum of two values of one kind, or an instant moved on."
        ["talk_time + hold_time", "opened_at + 1 h"]
    Subtract "-" "a - b"
        "The difference; of two instants the time between them."
        ["resolved_at - opened_at", "1 - growth"]
    Multiply "*" "a * b"
        "The product; one of the two has no unit."
        ["handle_time * affected_users", "50 EUR * 2"]
    Divide "/" "a / b"
        "The quotient, never cut to whole numbers; by zero there is none."
        ["handle_time / 1 h", "cost / affected_users"]
    Negate "-" "-a"
        "The value with the other sign."
        ["-handle_time"]
    WorkingTime "working_time" "working_time(a, b, calendar c)"
        "The time between two instants in which a service calendar is open; ends in the wrong order give none."
        ["working_time(opened_at, resolved_at, calendar \"desk\")"]
    Due "due" "due(a, 4 h, calendar c)"
        "The instant at which so much working time has passed; of `0 s` the instant itself or the next opening."
        ["due(opened_at, 4 h)", "due(opened_at, target[priority], calendar \"desk\")"]
    InsideHours "inside_hours" "inside_hours(a, calendar c)"
        "Whether an instant lies in the open hours of a service calendar."
        ["inside_hours(opened_at)"]
    Weekday "weekday" "weekday(a)"
        "The weekday of an instant in the card's zone, `mon` to `sun`."
        ["weekday(opened_at) in [\"sat\", \"sun\"]"]
    Hour "hour" "hour(a)"
        "The hour of an instant in the card's zone, 0 to 23."
        ["hour(opened_at) between 8 and 15"]
    DateOf "date_of" "date_of(a)"
        "The day of an instant in the card's zone."
        ["date_of(opened_at) = date(2026-12-24)"]
    StartsWith "starts_with" "starts_with(x, \"text\")"
        "Whether a text begins with another, which is written out."
        ["starts_with(subject, \"DESK-\")"]
    Contains "contains" "contains(x, \"text\")"
        "Whether a text contains another, which is written out."
        ["contains(subject, \"VPN\")"]
    Matches "matches" "matches(x, \"pattern\")"
        "Whether a text matches a pattern, which is written out."
        ["matches(subject, \"^VPN[0-9]+\")"]
    Floor "floor" "floor(x, step)"
        "The largest multiple of a written step that is not above a value."
        ["floor(waited, 1 s)", "floor(impact, 5)"]
    Score "score" "score(x, worst a, best b)"
        "0 at the worst, 1 at the best, on a line between them, and never beyond."
        ["score(share(reopened), worst 20 %, best 5 %)"]
    Previous "previous" "previous(x)"
        "The value of the group in the period before."
        ["count() - previous(count())"]
}

/// The functions that make a value of the group from its rows, and the one that takes
/// another metric's. They take the clauses `where`, `dated`, `open ... until`, `over`,
/// `from` and `across`.
pub const AGGREGATES: &[Declaration] = &[
    Declaration {
        name: "count",
        signature: "count()",
        meaning: "How many rows; of none 0.",
        examples: &[
            "count()",
            "count(where type = \"incident\")",
            "count(open opened_at until closed_at)",
            "count(from contacts, dated arrived_at)",
            "count(across all)",
        ],
    },
    Declaration {
        name: "share",
        signature: "share(p)",
        meaning: "Rows for which a condition is true over all rows, known or not.",
        examples: &["share(reopened)", "share(reopened, where workaround)"],
    },
    Declaration {
        name: "sum",
        signature: "sum(x)",
        meaning: "The sum of the values that are there; of none no data.",
        examples: &["sum(handle_time)", "sum(cost) or_else 0"],
    },
    Declaration {
        name: "mean",
        signature: "mean(x)",
        meaning: "The mean of the values that are there.",
        examples: &["mean(resolved_at - opened_at)", "mean(handle_time, over 3 months)"],
    },
    Declaration {
        name: "median",
        signature: "median(x)",
        meaning: "The middle of the values that are there.",
        examples: &["median(handle_time)"],
    },
    Declaration {
        name: "percentile",
        signature: "percentile(x, 90 %)",
        meaning: "The value below which a share of the values lies, on a line between neighbours (Hyndman and Fan, type 7).",
        examples: &["percentile(handle_time, 90 %)"],
    },
    Declaration {
        name: "nearest_rank",
        signature: "nearest_rank(x, 90 %)",
        meaning: "The smallest value that a share of the values does not exceed (Hyndman and Fan, type 1).",
        examples: &["nearest_rank(handle_time, 90 %)"],
    },
    Declaration {
        name: "min",
        signature: "min(x)",
        meaning: "The smallest value that is there.",
        examples: &["min(opened_at)"],
    },
    Declaration {
        name: "max",
        signature: "max(x)",
        meaning: "The largest value that is there.",
        examples: &["max(period_end - opened_at, open opened_at until closed_at)"],
    },
    Declaration {
        name: "stddev",
        signature: "stddev(x)",
        meaning: "The standard deviation of a sample.",
        examples: &["stddev(handle_time)"],
    },
    Declaration {
        name: "distinct",
        signature: "distinct(x)",
        meaning: "How many different values there are.",
        examples: &["distinct(agent)"],
    },
    Declaration {
        name: "distribution",
        signature: "distribution(x)",
        meaning: "A result for each value: rows that have it over rows that have any. A formula of its own.",
        examples: &["distribution(channel)"],
    },
    Declaration {
        name: "metric",
        signature: "metric(\"card.formula\")",
        meaning: "The value of another metric for the same period and group.",
        examples: &["metric(\"tried\")"],
    },
];
