//! Operators and functions of values, in plain words.

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::Catalog;
use mittari_lang::typed::{Expr, ExprKind};
use mittari_lang::types::Kind;

use super::words;

/// A builtin applied to values, in words.
pub(super) fn call(builtin: Builtin, operands: &[Expr], catalog: &Catalog) -> String {
    let told: Vec<String> =
        operands.iter().map(|operand| inner(builtin, operand, catalog)).collect();
    let one = |at: usize| told.get(at).map_or("", String::as_str);
    let (a, b, c) = (one(0), one(1), one(2));
    let times = operands.first().is_some_and(|first| is_moment(first.ty.kind));
    match builtin {
        Builtin::And => told.join(" and "),
        Builtin::Or => told.join(" or "),
        Builtin::Not => negated(operands, a, catalog),
        Builtin::In => {
            format!("{a} is one of {}", told.get(1..).unwrap_or(&[]).join(", "))
        }
        Builtin::IsMissing => format!("{a} is missing"),
        Builtin::IsKnown => format!("{a} is known"),
        Builtin::OrElse => {
            format!("({})", told.join(" or else, where that is missing, "))
        }
        Builtin::Subtract if times && is_moment_at(operands, 1) => {
            format!("the time from {b} to {a}")
        }
        Builtin::Negate => format!("minus {a}"),
        Builtin::WorkingTime => {
            format!("the working time from {a} to {b} (calendar {c})")
        }
        Builtin::Due => format!(
            "the moment at which {b} of working time has passed since {a} (calendar {c})"
        ),
        Builtin::InsideHours => format!("{a} lies inside the hours of the calendar {b}"),
        Builtin::Weekday => format!("the weekday of {a}"),
        Builtin::Hour => format!("the hour of {a}"),
        Builtin::DateOf => format!("the day of {a}"),
        Builtin::StartsWith => format!("{a} begins with {b}"),
        Builtin::Contains => format!("{a} contains {b}"),
        Builtin::Matches => format!("{a} matches the pattern {b}"),
        Builtin::Floor => format!("{a} rounded down to whole {b}"),
        Builtin::Score => format!("where {a} lies between {b} (0) and {c} (1)"),
        Builtin::Previous => format!("the value of the period before of {a}"),
        between => format!("{a} {} {b}", between_two(between, times)),
    }
}

/// `x is none of a, b` reads better than `not (x is one of a, b)`.
fn negated(operands: &[Expr], told: &str, catalog: &Catalog) -> String {
    match operands.first().map(|operand| &operand.kind) {
        Some(ExprKind::Call(Builtin::In, list)) => {
            call(Builtin::In, list, catalog).replacen(" is one of ", " is none of ", 1)
        }
        _ => format!("not {told}"),
    }
}

/// The word that stands between two values.
const fn between_two(builtin: Builtin, times: bool) -> &'static str {
    match (builtin, times) {
        (Builtin::Equal, _) => "is",
        (Builtin::NotEqual, _) => "is not",
        (Builtin::Less, true) => "is before",
        (Builtin::Less, false) => "is less than",
        (Builtin::LessOrEqual, true) => "is not after",
        (Builtin::LessOrEqual, false) => "is at most",
        (Builtin::Greater, true) => "is after",
        (Builtin::Greater, false) => "is more than",
        (Builtin::GreaterOrEqual, true) => "is not before",
        (Builtin::GreaterOrEqual, false) => "is at least",
        (Builtin::Add, _) => "plus",
        (Builtin::Subtract, _) => "minus",
        (Builtin::Multiply, _) => "times",
        (Builtin::Divide, _) => "divided by",
        _ => "with",
    }
}

/// An operand, in parentheses where the words alone could be read in two ways.
fn inner(outer: Builtin, operand: &Expr, catalog: &Catalog) -> String {
    let text = words(operand, catalog);
    let ExprKind::Call(own, _) = operand.kind else {
        return separated(outer, operand, text);
    };
    let bare = match outer {
        Builtin::And => !matches!(own, Builtin::Or),
        Builtin::Or => !matches!(own, Builtin::And),
        _ => !is_joining(own),
    };
    if bare { text } else { format!("({text})") }
}

/// `the number of rows where ..., divided by ...`: what ends with a condition is set off.
fn separated(outer: Builtin, operand: &Expr, text: String) -> String {
    let arithmetic = matches!(
        outer,
        Builtin::Add | Builtin::Subtract | Builtin::Multiply | Builtin::Divide
    );
    match &operand.kind {
        ExprKind::Aggregate(aggregate) if arithmetic && aggregate.filter.is_some() => {
            format!("({text})")
        }
        _ => text,
    }
}

/// Whether a builtin puts a word between two values.
const fn is_joining(builtin: Builtin) -> bool {
    matches!(
        builtin,
        Builtin::And
            | Builtin::Or
            | Builtin::Equal
            | Builtin::NotEqual
            | Builtin::Less
            | Builtin::LessOrEqual
            | Builtin::Greater
            | Builtin::GreaterOrEqual
            | Builtin::In
            | Builtin::Add
            | Builtin::Subtract
            | Builtin::Multiply
            | Builtin::Divide
    )
}

const fn is_moment(kind: Kind) -> bool {
    matches!(kind, Kind::Instant | Kind::Day)
}

fn is_moment_at(operands: &[Expr], at: usize) -> bool {
    operands.get(at).is_some_and(|operand| is_moment(operand.ty.kind))
}
