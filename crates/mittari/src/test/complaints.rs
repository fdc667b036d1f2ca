//! What is said about a test, one function a message.

use mittari_lang::span::Span;

use super::{Finding, Problem};

fn fault(span: Span, message: impl Into<String>) -> Problem {
    Problem { span, what: Finding::Fault(message.into()) }
}

/// A part of a result that differs.
pub(super) fn differs(
    span: Span,
    part: String,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Problem {
    let (expected, found) = (expected.into(), found.into());
    Problem { span, what: Finding::Differs { part, expected, found } }
}

/// A test of a card that is not there.
pub(super) fn no_card(span: Span, metric: &str) -> Problem {
    fault(span, format!("there is no card `{metric}`"))
}

/// A test of a card with errors.
pub(super) fn unsound_card(span: Span, metric: &str) -> Problem {
    let message = format!("`{metric}` has problems and cannot be tested; see `check`");
    fault(span, message)
}

/// What the checker says under the circumstances of a test.
pub(super) fn checked(span: Span, message: &str) -> Problem {
    fault(span, message)
}

/// A parameter that the card has not.
pub(super) fn no_parameter(span: Span, name: &str, metric: &str) -> Problem {
    fault(span, format!("`{metric}` has no parameter `{name}`"))
}

/// A table that the vocabulary has not.
pub(super) fn no_table(span: Span, name: &str) -> Problem {
    fault(span, format!("the vocabulary has no table `{name}`"))
}

/// A field that a table has not.
pub(super) fn no_field(span: Span, name: &str, table: &str, known: &[String]) -> Problem {
    let known = known.join("`, `");
    fault(span, format!("`{table}` has no field `{name}`; it has `{known}`"))
}

/// A field that is computed and cannot be given.
pub(super) fn computed_field(span: Span, name: &str, table: &str) -> Problem {
    fault(span, format!("`{name}` of `{table}` is computed and cannot be given"))
}

/// A field that a row has twice.
pub(super) fn field_twice(span: Span, name: &str) -> Problem {
    fault(span, format!("`{name}` is given twice"))
}

/// A row without a cell that another row of its table has.
pub(super) fn cell_not_given(span: Span, name: &str) -> Problem {
    let message = format!(
        "a value of `{name}` is expected, as other rows have one, found none; \
         without a value it is written `{name}: missing`"
    );
    fault(span, message)
}

/// A cell that must have a value.
pub(super) fn value_required(span: Span, name: &str) -> Problem {
    fault(span, format!("`{name}` always has a value, found `missing`"))
}

/// A cell that is no value of its field.
pub(super) fn not_a_value(span: Span, name: &str, wanted: &str, found: &str) -> Problem {
    fault(span, format!("{wanted} is expected in `{name}`, found `{found}`"))
}

/// A column or table that a metric needs and the test does not give.
pub(super) fn lacking(span: Span, metric: &str, lacks: &str) -> Problem {
    fault(span, format!("`{metric}` needs {lacks}, which the test does not give"))
}

/// A row that has the key of an earlier one.
pub(super) fn same_key(span: Span, table: &str, key: &str) -> Problem {
    fault(span, format!("an earlier row of `{table}` has the key `{key}` too"))
}

/// A run that stopped.
pub(super) fn stopped(span: Span, reason: &str) -> Problem {
    fault(span, reason)
}

/// An expectation that names no period where there is no default.
pub(super) fn no_period(span: Span) -> Problem {
    fault(span, "a period is expected, as `period: 2026-01`, found none")
}

/// The name of no period.
pub(super) fn unknown_period(span: Span, text: &str) -> Problem {
    let message = format!(
        "a period is expected, as `2026-01`, `2026-W03`, `2026-Q1`, `2026`, found `{text}`"
    );
    fault(span, message)
}

/// A formula that the card has not.
pub(super) fn no_formula(span: Span, name: &str, known: &[String]) -> Problem {
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let known = if known.is_empty() {
        "it has one formula without a name".to_owned()
    } else {
        format!("it has {}", known.join(", "))
    };
    fault(span, format!("the card has no formula `{name}`; {known}"))
}

/// An expectation of a value where the card has several formulas.
pub(super) fn which_formula(span: Span, known: &[String]) -> Problem {
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let message =
        format!("`formula` is expected, as the card has several: {}", known.join(", "));
    fault(span, message)
}

/// A breakdown that the metric cannot have.
pub(super) fn no_breakdown(span: Span, name: &str, metric: &str) -> Problem {
    fault(span, format!("`{metric}` cannot be broken down by `{name}`"))
}

/// A result that is not there.
pub(super) fn no_result(span: Span, wanted: &str, known: &[String]) -> Problem {
    let known = if known.is_empty() {
        "there are no results".to_owned()
    } else {
        format!("there are results of {}", known.join(", "))
    };
    fault(span, format!("no result of {wanted}; {known}"))
}

/// An expected value that is not written as its unit asks.
pub(super) fn amount_form(span: Span, wanted: &str, found: &str) -> Problem {
    fault(span, format!("{wanted} is expected, found `{found}`"))
}

/// A part of an account that is not there.
pub(super) fn no_account(span: Span, name: &str, known: &[String]) -> Problem {
    let known = known.join("`, `");
    fault(span, format!("no account has `{name}`; there are `{known}`"))
}

/// A population that the formula does not use.
pub(super) fn no_population(span: Span, name: &str, known: &[String]) -> Problem {
    let known = known.join("`, `");
    fault(span, format!("the formula has no account of `{name}`; there are `{known}`"))
}

/// Rows asked for by key of a table without one.
pub(super) fn no_key(span: Span, table: &str) -> Problem {
    fault(span, format!("rows of `{table}` cannot be named: the table has no key"))
}
