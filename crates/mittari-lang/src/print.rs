//! An expression as text: the canonical form, with the fewest parentheses that the
//! language takes without a complaint.
//!
//! What is printed reads back as the same tree.

use crate::syntax::{
    Call, Clause, ClauseKind, CompareOp, Expr, ExprKind, Factor, Goal, GoalKind, Literal,
    Path, Sign,
};
use crate::types::Unit;
use crate::value::Decimal;

/// How tightly a form holds together; an operand that holds less tightly than its place
/// asks for stands in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// `if`, bare only where nothing stands before it.
    Whole,
    Or,
    And,
    Not,
    Compare,
    OrElse,
    Sum,
    Product,
    Negative,
    At,
    Primary,
}

/// The canonical text of an expression.
pub fn expression(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, &mut out);
    out
}

/// The canonical text of a target.
pub fn goal(goal: &Goal) -> String {
    match &goal.kind {
        GoalKind::AtLeast(value) => format!("at least {}", expression(value)),
        GoalKind::AtMost(value) => format!("at most {}", expression(value)),
        GoalKind::Over(value) => format!("over {}", expression(value)),
        GoalKind::Under(value) => format!("under {}", expression(value)),
        GoalKind::Between(low, high) => {
            format!("between {} and {}", expression(low), expression(high))
        }
    }
}

/// Names joined by points.
pub fn path(path: &Path) -> String {
    let names: Vec<&str> = path.parts.iter().map(|part| part.value.as_str()).collect();
    names.join(".")
}

/// The level at which a form reads.
const fn level(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::If { .. } => Level::Whole,
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::IsMissing(_)
        | ExprKind::IsKnown(_) => Level::Compare,
        ExprKind::OrElse(_) => Level::OrElse,
        ExprKind::Sum(_) => Level::Sum,
        ExprKind::Product(_) => Level::Product,
        ExprKind::Negative(_) => Level::Negative,
        ExprKind::At { .. } => Level::At,
        ExprKind::Literal(literal) => literal_level(literal),
        ExprKind::Name(_)
        | ExprKind::Call(_)
        | ExprKind::Subscript { .. }
        | ExprKind::List(_)
        | ExprKind::Unsound => Level::Primary,
    }
}

/// A value below zero is written with the sign of negation.
const fn literal_level(literal: &Literal) -> Level {
    let negative = match literal {
        Literal::Number(number) | Literal::Ratio(number) => number.mantissa < 0,
        Literal::Money { amount, .. } => amount.mantissa < 0,
        Literal::Duration { micros, .. } => *micros < 0,
        Literal::Day(_) | Literal::Text(_) | Literal::Truth(_) | Literal::Missing => {
            false
        }
    };
    if negative { Level::Negative } else { Level::Primary }
}

fn write(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::Literal(value) => out.push_str(&literal(value)),
        ExprKind::Name(names) => out.push_str(&path(names)),
        ExprKind::Call(call) => write_call(call, out),
        ExprKind::Subscript { table, keys } => {
            out.push_str(&table.value);
            bracketed(keys, out);
        }
        ExprKind::At { value, instant } => {
            operand(value, Level::Primary, out);
            out.push_str(" at ");
            operand(instant, Level::Primary, out);
        }
        ExprKind::List(values) => bracketed(values, out),
        ExprKind::If { branches, otherwise } => write_if(branches, otherwise, out),
        ExprKind::Or(parts) => {
            // A bare `and` beside `or` reads, but draws a warning.
            joined(parts, " or ", Level::Not, out);
        }
        ExprKind::And(parts) => joined(parts, " and ", Level::Not, out),
        ExprKind::Not(value) => {
            out.push_str("not ");
            operand(value, Level::Compare, out);
        }
        ExprKind::Compare { left, op, right } => {
            operand(left, Level::OrElse, out);
            out.push_str(comparison(*op));
            operand(right, Level::OrElse, out);
        }
        ExprKind::In { value, list, negated } => {
            operand(value, Level::OrElse, out);
            out.push_str(if *negated { " not in " } else { " in " });
            operand(list, Level::At, out);
        }
        ExprKind::Between { value, low, high, negated } => {
            operand(value, Level::OrElse, out);
            out.push_str(if *negated { " not between " } else { " between " });
            operand(low, Level::Sum, out);
            out.push_str(" and ");
            operand(high, Level::Sum, out);
        }
        ExprKind::IsMissing(value) => {
            operand(value, Level::OrElse, out);
            out.push_str(" is missing");
        }
        ExprKind::IsKnown(value) => {
            operand(value, Level::OrElse, out);
            out.push_str(" is known");
        }
        ExprKind::OrElse(parts) => write_or_else(parts, out),
        ExprKind::Sum(terms) => write_sum(terms, out),
        ExprKind::Product(factors) => write_product(factors, out),
        ExprKind::Negative(value) => {
            out.push('-');
            operand(value, Level::At, out);
        }
        ExprKind::Unsound => out.push('…'),
    }
}

/// An operand, in parentheses if it holds less tightly than its place asks for.
fn operand(expr: &Expr, least: Level, out: &mut String) {
    if level(&expr.kind) >= least {
        write(expr, out);
    } else {
        out.push('(');
        write(expr, out);
        out.push(')');
    }
}

fn joined(parts: &[Expr], between: &str, least: Level, out: &mut String) {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        operand(part, least, out);
    }
}

fn bracketed(values: &[Expr], out: &mut String) {
    out.push('[');
    joined(values, ", ", Level::Whole, out);
    out.push(']');
}

fn write_if(branches: &[(Expr, Expr)], otherwise: &Expr, out: &mut String) {
    for (number, (condition, value)) in branches.iter().enumerate() {
        out.push_str(if number == 0 { "if " } else { " else if " });
        operand(condition, Level::Or, out);
        out.push_str(" then ");
        operand(value, Level::Whole, out);
    }
    out.push_str(" else ");
    // A bare `if` here would read as `else if`.
    operand(otherwise, Level::Or, out);
}

/// Arithmetic and `at` beside `or_else` stand in parentheses.
fn write_or_else(parts: &[Expr], out: &mut String) {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str(" or_else ");
        }
        let at = matches!(part.kind, ExprKind::At { .. });
        operand(part, if at { Level::Primary } else { Level::Negative }, out);
    }
}

fn write_sum(terms: &[(Sign, Expr)], out: &mut String) {
    for (number, (sign, term)) in terms.iter().enumerate() {
        if number > 0 {
            out.push_str(if *sign == Sign::Minus { " - " } else { " + " });
        } else if *sign == Sign::Minus {
            out.push('-');
        }
        operand(term, Level::Product, out);
    }
}

fn write_product(factors: &[(Factor, Expr)], out: &mut String) {
    for (number, (factor, value)) in factors.iter().enumerate() {
        if number > 0 {
            out.push_str(if *factor == Factor::Over { " / " } else { " * " });
        } else if *factor == Factor::Over {
            out.push_str("1 / ");
        }
        operand(value, Level::Negative, out);
    }
}

fn write_call(call: &Call, out: &mut String) {
    out.push_str(&call.name.value);
    out.push('(');
    joined(&call.arguments, ", ", Level::Whole, out);
    for (number, clause) in call.clauses.iter().enumerate() {
        if number > 0 || !call.arguments.is_empty() {
            out.push_str(", ");
        }
        write_clause(clause, out);
    }
    out.push(')');
}

fn write_clause(clause: &Clause, out: &mut String) {
    out.push_str(clause.kind.word());
    out.push(' ');
    match &clause.kind {
        ClauseKind::Where(value)
        | ClauseKind::Dated(value)
        | ClauseKind::Per(value)
        | ClauseKind::By(value)
        | ClauseKind::Calendar(value)
        | ClauseKind::Worst(value)
        | ClauseKind::Best(value) => write(value, out),
        ClauseKind::Open { from, until } => {
            write(from, out);
            out.push_str(" until ");
            write(until, out);
        }
        ClauseKind::Over(window) => {
            let window = window.value;
            let plural = if window.count == 1 { "" } else { "s" };
            out.push_str(&window.count.to_string());
            out.push(' ');
            out.push_str(window.unit.word());
            out.push_str(plural);
        }
        ClauseKind::From(name)
        | ClauseKind::Its(name)
        | ClauseKind::Except(name)
        | ClauseKind::Across(Some(name)) => out.push_str(&name.value),
        ClauseKind::Across(None) => out.push_str("all"),
    }
}

const fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => " = ",
        CompareOp::NotEqual => " != ",
        CompareOp::Less => " < ",
        CompareOp::LessOrEqual => " <= ",
        CompareOp::Greater => " > ",
        CompareOp::GreaterOrEqual => " >= ",
    }
}

/// The canonical text of a written value.
pub fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Number(number) => number.to_string(),
        Literal::Ratio(number) => format!("{} %", hundredfold(*number)),
        Literal::Duration { micros, days } => duration(*micros, *days),
        Literal::Money { amount, currency } => format!("{amount} {}", currency.code()),
        Literal::Day(day) => format!("date({})", iso(*day)),
        Literal::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        Literal::Truth(truth) => truth.to_string(),
        Literal::Missing => "missing".to_owned(),
    }
}

/// A ratio as the number before its percent sign.
fn hundredfold(number: Decimal) -> Decimal {
    let Decimal { mantissa, scale } = number;
    match scale {
        0 => Decimal { mantissa: mantissa.saturating_mul(100), scale: 0 },
        1 => Decimal { mantissa: mantissa.saturating_mul(10), scale: 0 },
        _ => Decimal { mantissa, scale: scale - 2 },
    }
}

/// A length of time from the long unit to the short one; days only where days were
/// written, since a day is not eight working hours.
fn duration(micros: i64, days: bool) -> String {
    const UNITS: &[Unit] = &[Unit::Days, Unit::Hours, Unit::Minutes, Unit::Seconds];
    let mut rest = micros.unsigned_abs();
    let mut parts = Vec::new();
    for unit in UNITS {
        let size = unit.micros().unwrap_or(1).unsigned_abs();
        let is_day = *unit == Unit::Days;
        let count = if is_day && !days { 0 } else { rest / size };
        rest -= count * size;
        if count > 0 || (is_day && days) {
            parts.push(format!("{count} {}", unit.word()));
        }
    }
    if rest > 0 {
        let rest = i64::try_from(rest).unwrap_or(0);
        parts.push(format!("{} ms", Decimal { mantissa: rest, scale: 3 }.normal()));
    }
    if parts.is_empty() {
        parts.push("0 s".to_owned());
    }
    let sign = if micros < 0 { "-" } else { "" };
    format!("{sign}{}", parts.join(" "))
}

/// A day as `2026-01-31`.
fn iso(day: i32) -> String {
    let epoch = chrono::NaiveDate::default();
    let date = epoch.checked_add_signed(chrono::Duration::days(i64::from(day)));
    date.unwrap_or(epoch).format("%Y-%m-%d").to_string()
}
