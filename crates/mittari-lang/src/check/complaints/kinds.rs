//! About kinds, units and grains.

use crate::builtin::Builtin;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::types::{Grain, Unit};
use crate::value::Decimal;

pub(in crate::check) fn mixed_grain(span: Span, row: Span, group: Span) -> Diagnostic {
    let message = "one side has a value for each row, the other one for the whole group";
    Diagnostic::new(Code::MixedGrain, span, message)
        .with(row, "one for each row")
        .with(group, "one for the group")
}

pub(in crate::check) fn group_expected(span: Span, grain: Grain) -> Diagnostic {
    if grain == Grain::Constant {
        let message = "a value of the group is expected, found one that never changes";
        return Diagnostic::new(Code::ConstantFormula, span, message);
    }
    let message = "a value of the whole group is expected, found one for each row; \
                   `mean(...)` or `sum(...)` would do";
    Diagnostic::new(Code::MixedGrain, span, message)
}

pub(in crate::check) fn list_alone(span: Span) -> Diagnostic {
    let message = "one value is expected, found a list, which stands after `in` only";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn list_of_fields(span: Span) -> Diagnostic {
    let message = "a list holds written values and parameters, found something computed";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn list_expected(span: Span) -> Diagnostic {
    let message = "a list in `[ ]` is expected after `in`";
    Diagnostic::new(Code::ListBrackets, span, message)
}

pub(in crate::check) fn truth_expected(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TruthExpected,
        span,
        format!("a condition is expected, found {found}"),
    )
}

pub(in crate::check) fn or_of_values(span: Span, left: &str) -> Diagnostic {
    let message = "a condition is expected, found a value; several values of one field \
                   are a list";
    Diagnostic::new(Code::OrOfValues, span, message).help(format!("{left} in [..., ...]"))
}

pub(in crate::check) fn too_deep(span: Span) -> Diagnostic {
    let message = "with all names put in place, expressions stand too deep in each other";
    Diagnostic::new(Code::FormulaTooDeep, span, message)
}

pub(in crate::check) fn too_large(span: Span) -> Diagnostic {
    let message = "with all names put in place, this is too large to be computed";
    Diagnostic::new(Code::FormulaTooManyWords, span, message)
}

/// `; write 20 s` where the vocabulary names a unit.
fn write_unit(diagnostic: Diagnostic, unit: Option<Unit>) -> Diagnostic {
    match unit.filter(|unit| unit.micros().is_some()) {
        Some(unit) => {
            diagnostic.help(format!("write the number with ` {}`", unit.word()))
        }
        None => diagnostic,
    }
}

pub(in crate::check) fn compared(
    code: Code,
    span: Span,
    (left, right): (&str, &str),
    unit: Option<Unit>,
) -> Diagnostic {
    let message = match code {
        Code::PercentOfWhat => {
            "a number and a ratio are not compared: a ratio is a share of something"
                .into()
        }
        Code::DateAndInstant => "an instant is compared with a day through its own day; \
                                 `date_of(...)` gives it"
            .into(),
        Code::UnitExpected => {
            format!("{left} is compared with {right}; one of them lacks its unit")
        }
        Code::NoOrder => {
            format!("an order is expected, {left} has none; `=` and `in` compare it")
        }
        Code::TextAndCategory => "a text that is not written out is compared with a \
                                  category; only written texts can be checked"
            .into(),
        Code::ComparedWithMissing => {
            "nothing is equal to a missing value; the test is `is missing`".into()
        }
        _ => format!("{left} is compared with {right}"),
    };
    let diagnostic = Diagnostic::new(code, span, message);
    if code == Code::UnitExpected { write_unit(diagnostic, unit) } else { diagnostic }
}

pub(in crate::check) fn calculated(
    code: Code,
    span: Span,
    builtin: Builtin,
    (left, right): (&str, &str),
    unit: Option<Unit>,
) -> Diagnostic {
    let sign = match builtin {
        Builtin::Add => "+",
        Builtin::Subtract | Builtin::Negate => "-",
        Builtin::Multiply => "*",
        _ => "/",
    };
    let message = match code {
        Code::TruthArithmetic => {
            format!(
                "`{sign}` takes numbers, found a condition; rows are counted with `count(where ...)`"
            )
        }
        Code::TextArithmetic => {
            format!("`{sign}` takes numbers, found {left} and {right}")
        }
        Code::MissingOperand => format!("`{sign}` takes values, found `missing`"),
        Code::DateArithmetic => {
            "days are compared, not calculated with; use the instants".into()
        }
        Code::InstantArithmetic => format!(
            "instants are subtracted from each other, or moved by a duration; found {left} \
             `{sign}` {right}"
        ),
        Code::PercentOfWhat => format!(
            "a ratio is a share of something, found {left} `{sign}` {right}; a share of a \
             value is a product, as in `x * (1 + 5 %)`"
        ),
        Code::UnitExpected => {
            format!("a unit is expected, found {left} `{sign}` {right}")
        }
        Code::UnitProduct => format!("{left} is not multiplied with {right}"),
        Code::PerDuration => {
            "there is no rate per time; a duration becomes a number when \
                              it is divided by another, as in `x / (t / 1 h)`"
                .into()
        }
        Code::PerMoney => {
            "there is no rate per amount; an amount becomes a number when it \
                           is divided by another, as in `x / (y / 1 EUR)`"
                .into()
        }
        Code::CurrenciesDiffer => format!("{left} and {right} are of two currencies"),
        _ => format!("{left} `{sign}` {right} has no meaning"),
    };
    let diagnostic = Diagnostic::new(code, span, message);
    if code == Code::UnitExpected { write_unit(diagnostic, unit) } else { diagnostic }
}

pub(in crate::check) fn percent_missing(span: Span, number: Decimal) -> Diagnostic {
    let times = number.to_f64() * 100.0;
    let message = format!("beside a ratio `{number}` means {times} %");
    Diagnostic::new(Code::PercentMissing, span, message).help(format!("{number} %"))
}

pub(in crate::check) fn day_in_working_time(
    span: Span,
    hours: Option<i64>,
) -> Diagnostic {
    let message = match hours {
        Some(hours) => format!(
            "in working time `d` is 24 open hours, not a day of work; this is {hours} open \
             hours"
        ),
        None => "in working time `d` is 24 open hours, not a day of work".into(),
    };
    let diagnostic = Diagnostic::new(Code::DayInWorkingTime, span, message);
    match hours {
        Some(hours) => diagnostic.help(format!("{hours} h")),
        None => diagnostic.help("write hours"),
    }
}

pub(in crate::check) fn never_missing(span: Span) -> Diagnostic {
    Diagnostic::new(Code::NeverMissing, span, "this value is never missing")
}

pub(in crate::check) fn if_on_unknown(condition: Span, otherwise: Span) -> Diagnostic {
    let message = "where this condition is unknown, because a value is missing, `else` is \
                   taken";
    Diagnostic::new(Code::IfOnUnknown, condition, message).with(otherwise, "taken then")
}

pub(in crate::check) fn between_instants(span: Span) -> Diagnostic {
    let message = "`between` includes both ends; instants are compared with `>=` and `<`";
    Diagnostic::new(Code::BetweenInstants, span, message)
}

pub(in crate::check) fn branches(
    code: Code,
    span: Span,
    expected: &str,
    found: &str,
) -> Diagnostic {
    Diagnostic::new(
        code,
        span,
        format!("{expected} is expected as before, found {found}"),
    )
}

pub(in crate::check) fn argument_kind(
    span: Span,
    expected: &str,
    found: &str,
) -> Diagnostic {
    Diagnostic::new(
        Code::ArgumentKind,
        span,
        format!("{expected} is expected, found {found}"),
    )
}

pub(in crate::check) fn duration_expected(span: Span) -> Diagnostic {
    let message = "a duration is expected, found a number without a unit";
    Diagnostic::new(Code::UnitExpected, span, message)
}

pub(in crate::check) fn key_kind(span: Span, row: Span, found: &str) -> Diagnostic {
    let message = format!("the keys of this table cannot be looked up with {found}");
    Diagnostic::new(Code::ArgumentKind, span, message).with(row, "a key")
}

pub(in crate::check) fn at_what(span: Span) -> Diagnostic {
    let message = "a dated parameter or a look-up is expected before `at`";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn not_dated(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` has no dates, and so is read without `at`");
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn not_a_table(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` is no table, and so is read without `[ ]`");
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn keep_order(span: Span, name: &str) -> Diagnostic {
    let message =
        format!("a field with an order is expected after `by`, `{name}` has none");
    Diagnostic::new(Code::NoOrder, span, message)
}

pub(in crate::check) fn dated_kind(span: Span, word: &str, found: &str) -> Diagnostic {
    let message =
        format!("an instant or a day is expected after `{word}`, found {found}");
    Diagnostic::new(Code::DatedKind, span, message)
}
