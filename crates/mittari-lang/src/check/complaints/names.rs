//! About names: what does not exist here, and what was probably meant.

use crate::check::offers::{listed, offer};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::nearest;
use crate::span::{Span, Spanned};
use crate::types::Kind;
use crate::value::Currency;

type Name = Spanned<String>;

pub(in crate::check) fn unknown_field<'n>(
    name: &Name,
    owner: Option<&str>,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let word = &name.value;
    let near = offer("a name", word, names);
    let message = match owner {
        Some(owner) => format!("`{owner}` has no field `{word}`{near}"),
        None => format!("there is no field `{word}` here{near}"),
    };
    Diagnostic::new(Code::UnknownField, name.span, message)
}

pub(in crate::check) fn elsewhere(
    complaint: Diagnostic,
    word: &str,
    tables: &[&str],
) -> Diagnostic {
    match tables {
        [] => complaint,
        [table] => complaint.help(format!("`{table}` has a field `{word}`")),
        tables => complaint
            .help(format!("{} have a field `{word}`", listed(tables.iter().copied()))),
    }
}

pub(in crate::check) fn minus_in_name(span: Span, joined: &str) -> Diagnostic {
    let message =
        format!("a name has no `-`, which subtracts; a field `{joined}` exists");
    Diagnostic::new(Code::UnknownField, span, message).help(joined)
}

pub(in crate::check) fn field_unsound(
    span: Span,
    code: Option<Code>,
    field: &Name,
) -> Diagnostic {
    let message = format!("the field `{}` has an error of its own", field.value);
    Diagnostic::new(code.unwrap_or(Code::UnknownField), span, message)
        .with(field.span, "it is computed here")
}

pub(in crate::check) fn population_unsound(
    from: &Name,
    code: Option<Code>,
) -> Diagnostic {
    let message = format!("the population `{}` has an error of its own", from.value);
    Diagnostic::new(code.unwrap_or(Code::UnknownTable), from.span, message)
}

pub(in crate::check) fn unknown_table<'n>(
    name: &Name,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a table or population", &name.value, names);
    let message = format!("there is no table or population `{}`{near}", name.value);
    Diagnostic::new(Code::UnknownTable, name.span, message)
}

pub(in crate::check) fn unknown_lookup<'n>(
    step: &Name,
    owner: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a look-up", &step.value, names);
    let message = format!("`{owner}` has no look-up `{}`{near}", step.value);
    Diagnostic::new(Code::UnknownField, step.span, message)
}

pub(in crate::check) fn table_prefix(first: &Name, rest: &[Name]) -> Diagnostic {
    let rest: Vec<&str> = rest.iter().map(|name| name.value.as_str()).collect();
    let message = format!(
        "a field of the table at hand needs no name before it, found `{}.`",
        first.value
    );
    Diagnostic::new(Code::TablePrefix, first.span, message).help(rest.join("."))
}

pub(in crate::check) fn no_fields(
    span: Span,
    kind: Kind,
    first: &Name,
    rest: &[Name],
) -> Diagnostic {
    let part = rest.first().map_or("", |name| name.value.as_str());
    if kind == Kind::Instant && matches!(part, "hour" | "weekday" | "date" | "day") {
        let function = if matches!(part, "date" | "day") { "date_of" } else { part };
        let message = "an instant has no fields; its parts are functions";
        return Diagnostic::new(Code::CallForm, span, message)
            .help(format!("{function}({})", first.value));
    }
    let message = format!("`{}` is a value and has no fields", first.value);
    Diagnostic::new(Code::UnknownField, span, message)
}

pub(in crate::check) fn function_without_call(name: &Name) -> Diagnostic {
    let message = format!("`{}` is a function and is called with `( )`", name.value);
    Diagnostic::new(Code::CallForm, name.span, message).help(format!("{}()", name.value))
}

pub(in crate::check) fn no_clock(span: Span) -> Diagnostic {
    let message = "a result never depends on today; the moment of evaluation is `as_of`";
    Diagnostic::new(Code::NoClock, span, message).help("as_of")
}

/// What people call functions that have another name here, and that name.
const SYNONYMS: &[(&str, &str)] = &[
    ("average", "the mean is `mean`"),
    ("avg", "the mean is `mean`"),
    ("countif", "rows with a condition are counted with `count(where ...)`"),
    ("sumif", "a sum with a condition is `sum(x, where ...)`"),
    ("stdev", "the standard deviation is `stddev`"),
    ("std", "the standard deviation is `stddev`"),
    ("coalesce", "the first value that is there is `x or_else y`"),
    ("ifnull", "the first value that is there is `x or_else y`"),
    ("nvl", "the first value that is there is `x or_else y`"),
    ("nunique", "different values are counted with `distinct`"),
    ("count_distinct", "different values are counted with `distinct`"),
    ("datediff", "the time between two instants is their difference, `b - a`"),
    ("backlog", "rows that are open are counted with `count(open a until b)`"),
    ("hours_in_period", "the time in the period is `period_end - period_start`"),
    ("time_in_period", "the time in the period is `period_end - period_start`"),
    (
        "working_time_in_period",
        "the working time in the period is `working_time(period_start, period_end)`",
    ),
    ("quantile", "a quantile is `percentile(x, 90 %)`"),
    ("round", "a value is shown rounded by `decimals`; `floor(x, 1 s)` cuts"),
];

pub(in crate::check) fn unknown_function(name: &Name, known: &[&str]) -> Diagnostic {
    let word = name.value.as_str();
    if ["now", "today"].contains(&word.to_lowercase().as_str()) {
        return no_clock(name.span);
    }
    let small = word.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == small);
    let hint = match synonym {
        Some((_, hint)) => format!("; {hint}"),
        None => offer("a function", word, known.iter().copied()),
    };
    let message = format!("there is no function `{word}`{hint}");
    Diagnostic::new(Code::UnknownFunction, name.span, message)
}

pub(in crate::check) fn unknown_metric<'n>(
    span: Span,
    word: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let prefix = format!("{word}.");
    let inner = names.clone().into_iter().find(|name| name.starts_with(&prefix));
    let near = match inner {
        Some(name) => format!("; a metric `{name}` exists"),
        None => offer("a metric", word, names),
    };
    Diagnostic::new(
        Code::UnknownMetric,
        span,
        format!("there is no metric `{word}`{near}"),
    )
}

/// A test without its card.
pub(in crate::check) fn no_card<'n>(
    span: Span,
    word: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let message = format!("there is no card `{word}`{}", offer("a card", word, names));
    Diagnostic::new(Code::UnknownMetric, span, message)
}

pub(in crate::check) fn metric_unsound(span: Span, word: &str) -> Diagnostic {
    let message = format!("the metric `{word}` has an error of its own");
    Diagnostic::new(Code::UnknownMetric, span, message)
}

pub(in crate::check) fn metric_in_circle(
    span: Span,
    name: &str,
    path: &[&str],
) -> Diagnostic {
    let message = format!("`{name}` leads back to itself");
    Diagnostic::new(Code::MetricInCircle, span, message).labelled(path.join(" -> "))
}

pub(in crate::check) fn unknown_value(
    span: Span,
    set: &str,
    text: &str,
    values: &[String],
) -> Diagnostic {
    let names = || values.iter().map(String::as_str);
    let message = match nearest(text, names()) {
        Some(near) => format!("`{set}` has no value `{text}`; a value `{near}` exists"),
        None => format!("`{set}` has no value `{text}`, only {}", listed(names())),
    };
    Diagnostic::new(Code::UnknownValue, span, message)
}

pub(in crate::check) fn unknown_calendar<'n>(
    span: Span,
    name: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a calendar", name, names);
    let message = format!("there is no calendar `{name}`{near}");
    Diagnostic::new(Code::UnknownCalendar, span, message)
}

pub(in crate::check) fn unknown_parameter<'n>(
    name: &Name,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a parameter", &name.value, names);
    let message = format!("there is no table of parameters `{}`{near}", name.value);
    Diagnostic::new(Code::UnknownParameter, name.span, message)
}

pub(in crate::check) fn override_unknown<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a parameter", name, names);
    let message = format!("no card has a parameter `{name}`{near}");
    Diagnostic::new(Code::UnknownParameter, Span::default(), message)
}

pub(in crate::check) fn keys_count(
    span: Span,
    name: &str,
    expected: usize,
    found: usize,
) -> Diagnostic {
    let keys = if expected == 1 { "key" } else { "keys" };
    let message = format!("`{name}` is looked up with {expected} {keys}, found {found}");
    Diagnostic::new(Code::ArgumentCount, span, message)
}

pub(in crate::check) fn table_without_key(
    span: Span,
    name: &str,
    depth: usize,
    dated: bool,
) -> Diagnostic {
    let keys = vec!["..."; depth].join(", ");
    let keys = if depth == 0 { String::new() } else { format!("[{keys}]") };
    let at = if dated { " at opened_at" } else { "" };
    let what = if dated { "a dated parameter" } else { "a table of parameters" };
    let message = format!("`{name}` is {what}; it is read as `{name}{keys}{at}`");
    Diagnostic::new(Code::TableWithoutKey, span, message)
}

pub(in crate::check) fn table_not_covering(
    span: Span,
    name: &str,
    lacks: &[String],
) -> Diagnostic {
    let message =
        format!("`{name}` has no value for {}", listed(lacks.iter().map(String::as_str)));
    Diagnostic::new(Code::TableNotCovering, span, message).help(format!(
        "add them, an `otherwise`, or a rule for rows where `{name}` is missing"
    ))
}

pub(in crate::check) fn unknown_currency<'c>(
    span: Span,
    currency: Currency,
    known: impl Iterator<Item = &'c Currency>,
) -> Diagnostic {
    let known: Vec<String> = known.map(|known| known.code().to_owned()).collect();
    let message = format!(
        "the currency {} occurs neither in the vocabulary nor in the workspace, only {}",
        currency.code(),
        listed(known.iter().map(String::as_str))
    );
    Diagnostic::new(Code::UnknownCurrency, span, message)
}

pub(in crate::check) fn defined_in_circle(name: &Name) -> Diagnostic {
    let message = format!("`{}` is defined by itself", name.value);
    Diagnostic::new(Code::DefinedInCircle, name.span, message)
}

pub(in crate::check) fn reserved_name(name: &Name, what: &str) -> Diagnostic {
    let message = format!(
        "a name of {what} is expected, found `{}`, which is a word of the language",
        name.value
    );
    Diagnostic::new(Code::ReservedName, name.span, message)
}

pub(in crate::check) fn duplicate_name(
    name: &Name,
    first: Span,
    what: &str,
) -> Diagnostic {
    let message = format!("`{}` is the name of {what} already", name.value);
    Diagnostic::new(Code::DuplicateName, name.span, message).with(first, "first here")
}

pub(in crate::check) fn field_conflict(name: &Name, table: &str) -> Diagnostic {
    let message =
        format!("`{}` is also a field of `{table}`; a name means one thing", name.value);
    Diagnostic::new(Code::FieldConflict, name.span, message)
}

pub(in crate::check) fn parameter_shadows_field(name: &Name, table: &str) -> Diagnostic {
    let message =
        format!("`{}` is also a field of `{table}`; a name means one thing", name.value);
    Diagnostic::new(Code::ParameterShadowsField, name.span, message)
}

pub(in crate::check) fn parameter_unused(name: &Name) -> Diagnostic {
    let message = format!("the parameter `{}` is not used", name.value);
    Diagnostic::new(Code::ParameterUnused, name.span, message)
}

pub(in crate::check) fn unknown_breakdown<'n>(
    name: &Name,
    why: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let near = offer("a breakdown", &name.value, names);
    let message = format!("`{}` is no breakdown here: {why}{near}", name.value);
    Diagnostic::new(Code::UnknownBreakdown, name.span, message)
}

pub(in crate::check) fn override_table(span: Span, name: &str) -> Diagnostic {
    let message =
        format!("only a parameter of one value can be set, `{name}` has several");
    Diagnostic::new(Code::UnknownParameter, span, message)
}
