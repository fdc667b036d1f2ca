//! About calls and their clauses.

use crate::check::offers::listed;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;

pub(in crate::check) fn no_such_clause(
    span: Span,
    function: &str,
    clause: &str,
    clauses: &[&str],
) -> Diagnostic {
    let message = format!("`{function}` takes no `{clause}`");
    let diagnostic = Diagnostic::new(Code::UnknownArgument, span, message);
    if clauses.is_empty() {
        return diagnostic;
    }
    diagnostic.help(format!("it takes {}", listed(clauses.iter().copied())))
}

pub(in crate::check) fn argument_count(
    span: Span,
    function: &str,
    expected: usize,
    found: usize,
) -> Diagnostic {
    let values = if expected == 1 { "value" } else { "values" };
    let takes =
        if expected == 0 { "no value".into() } else { format!("{expected} {values}") };
    let message = format!("`{function}` takes {takes}, found {found}");
    Diagnostic::new(Code::ArgumentCount, span, message)
}

pub(in crate::check) fn calendar_missing(span: Span) -> Diagnostic {
    let message = "a calendar is expected: `calendar: desk` in the card or the workspace, \
                   or `calendar \"desk\"` in the call";
    Diagnostic::new(Code::CalendarMissing, span, message)
}

pub(in crate::check) fn calendar_quotes(span: Span, name: &str) -> Diagnostic {
    let message =
        format!("the name of a calendar is a text, as in `calendar \"{name}\"`");
    Diagnostic::new(Code::UnknownField, span, message)
        .help(format!("calendar \"{name}\""))
}

pub(in crate::check) fn calendar_form(span: Span) -> Diagnostic {
    let message = "the name of a calendar is expected: a text in quotes, or a parameter";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn text_not_written(span: Span) -> Diagnostic {
    let message = "a written text is expected, found something computed";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn pattern_form(span: Span, reason: &str) -> Diagnostic {
    let message =
        format!("a pattern that every engine reads alike is expected: {reason}");
    Diagnostic::new(Code::PatternForm, span, message)
}

pub(in crate::check) fn fits_no_value(span: Span, set: &str, text: &str) -> Diagnostic {
    let message = format!("no value of `{set}` fits `{text}`");
    Diagnostic::new(Code::UnknownValue, span, message)
}

pub(in crate::check) fn step_form(span: Span) -> Diagnostic {
    let message = "a written step above 0 is expected";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn previous_nested(span: Span) -> Diagnostic {
    let message = "`previous` is not taken of another `previous`";
    Diagnostic::new(Code::PreviousNested, span, message)
}

pub(in crate::check) fn score_ends(span: Span, worst: bool) -> Diagnostic {
    let word = if worst { "worst" } else { "best" };
    let message = format!("`score` takes both ends, found no `{word}`");
    Diagnostic::new(Code::ArgumentCount, span, message)
        .help("score(x, worst 60 %, best 95 %)")
}

pub(in crate::check) fn end_not_written(span: Span) -> Diagnostic {
    let message = "a written value or a parameter is expected, found something computed";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn score_ends_equal(span: Span) -> Diagnostic {
    let message = "the worst and the best are the same, and nothing lies between them";
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn count_of(span: Span, condition: bool, name: &str) -> Diagnostic {
    if condition {
        let message = "the condition of `count` follows `where`";
        return Diagnostic::new(Code::WhereMissing, span, message)
            .help(format!("count(where {name})"));
    }
    let message = "`count` takes no value: rows that have one, or different values, are \
                   counted";
    Diagnostic::new(Code::WhereMissing, span, message)
        .help(format!("count(where {name} is known)"))
        .help(format!("different values are counted with `distinct({name})`"))
}

pub(in crate::check) fn of_condition(
    span: Span,
    function: &str,
    line: &str,
) -> Diagnostic {
    let message = format!("`{function}` takes numbers, found a condition");
    Diagnostic::new(Code::ArgumentKind, span, message).help(line)
}

pub(in crate::check) fn quantile_form(span: Span) -> Diagnostic {
    let message = "a written share above 0 % and below 100 % is expected";
    Diagnostic::new(Code::ArgumentKind, span, message).help("percentile(x, 90 %)")
}

pub(in crate::check) fn distribution_alone(span: Span) -> Diagnostic {
    let message = "`distribution` gives a result for each value, and so is a formula of \
                   its own";
    Diagnostic::new(Code::DistributionAlone, span, message)
}

pub(in crate::check) fn constant_argument(span: Span) -> Diagnostic {
    let message = "this is the same for every row";
    Diagnostic::new(Code::ConstantArgument, span, message)
}

pub(in crate::check) fn row_condition_per(
    span: Span,
    condition: &str,
    per: &str,
) -> Diagnostic {
    let message = format!(
        "with `per {per}` the condition is one on each value of `{per}`, found one on \
         each row; that stands in a call inside"
    );
    Diagnostic::new(Code::MixedGrain, span, message)
        .help(format!("count(where count(where {condition}) > 0, per {per})"))
}

pub(in crate::check) fn its_in_group(span: Span) -> Diagnostic {
    let message = "`its` reads the rows that belong to one row, and stands inside a \
                   condition or a `define`";
    Diagnostic::new(Code::MixedGrain, span, message)
}

pub(in crate::check) fn nested_aggregate(span: Span, function: &str) -> Diagnostic {
    let message = format!(
        "a value of each row is expected, `{function}` gives one of the whole group"
    );
    Diagnostic::new(Code::NestedAggregate, span, message)
}

pub(in crate::check) fn population_missing(span: Span) -> Diagnostic {
    let message = "the card has no `population`, and this call no `from`";
    Diagnostic::new(Code::PopulationMissing, span, message)
}

pub(in crate::check) fn dated_and_open(span: Span) -> Diagnostic {
    let message = "rows are put into periods by `dated` or by `open`, found both";
    Diagnostic::new(Code::ClauseTwice, span, message)
}

pub(in crate::check) fn dated_missing(span: Span, name: &str) -> Diagnostic {
    let message = format!(
        "what puts a row of `{name}` into a period is expected: `dated ...` or \
         `open ... until ...`"
    );
    Diagnostic::new(Code::DatedMissing, span, message)
}

pub(in crate::check) fn stock_over_time(span: Span) -> Diagnostic {
    let message = "a stock is counted at the end of a period, and not over a time";
    Diagnostic::new(Code::StockOverTime, span, message)
}

pub(in crate::check) fn metric_name(span: Span) -> Diagnostic {
    let message = "the name of a metric is expected, written as a text";
    Diagnostic::new(Code::ArgumentKind, span, message).help("metric(\"name\")")
}
