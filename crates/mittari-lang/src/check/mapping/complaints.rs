//! What is said about a source file, one function for each message.

use crate::check::offers::{listed, offer};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Span, Spanned};

type Name = Spanned<String>;

fn form(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::SourceForm, span, message)
}

pub(super) fn twice(name: &Name, first: Span, what: &str) -> Diagnostic {
    let message =
        format!("one {what} is expected for each name, found `{}` twice", name.value);
    Diagnostic::new(Code::DuplicateName, name.span, message).with(first, "first here")
}

pub(super) fn unknown_table<'a>(
    name: &Name,
    tables: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let near = offer("a table", &name.value, tables);
    let message = format!("the vocabulary has no table `{}`{near}", name.value);
    Diagnostic::new(Code::UnknownTable, name.span, message)
}

pub(super) fn unknown_field<'a>(
    name: &Name,
    table: &str,
    fields: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let near = offer("a field", &name.value, fields);
    let message = format!("`{table}` has no field `{}`{near}", name.value);
    Diagnostic::new(Code::UnknownField, name.span, message)
}

pub(super) fn computed(name: &Name) -> Diagnostic {
    let message = format!(
        "a field that is read is expected, found `{}`, which the vocabulary computes",
        name.value
    );
    form(name.span, message)
}

pub(super) fn same_signs(span: Span, other: Span) -> Diagnostic {
    form(span, "a quote other than the delimiter is expected, found the same sign")
        .with(other, "the delimiter")
}

pub(super) fn pattern(span: Span, text: &str, sign: &str) -> Diagnostic {
    let message = format!("a strftime pattern is expected, found `{sign}` in `{text}`");
    form(span, message).help("format: \"%Y-%m-%d %H:%M:%S\"")
}

pub(super) fn pattern_lacks(span: Span, text: &str, part: &str) -> Diagnostic {
    form(span, format!("a pattern with {part} is expected, found `{text}`"))
}

pub(super) fn duration_pattern(span: Span, text: &str) -> Diagnostic {
    form(span, format!("the format of a duration is `h:mm:ss`, found `{text}`"))
}

pub(super) fn no_zone(span: Span, name: &str) -> Diagnostic {
    let message = format!(
        "a time zone is expected for `{name}`: its format names no offset, and nothing \
         else says which clock was read"
    );
    form(span, message).help("time_zone: UTC")
}

pub(super) fn stray(key: &str, span: Span, expected: &str, kind: &str) -> Diagnostic {
    form(span, format!("`{key}` is for {expected}, found it beside {kind}"))
}

pub(super) fn beside_always(key: &str, span: Span) -> Diagnostic {
    form(span, format!("`always` stands alone, found `{key}` beside it"))
}

pub(super) fn unit_expected(name: &str, span: Span) -> Diagnostic {
    let message = format!(
        "a unit is expected for the duration `{name}`: `ms`, `s`, `min`, `h` or `d`, or \
         the format `h:mm:ss`"
    );
    Diagnostic::new(Code::UnitExpected, span, message)
        .help(format!("{name}: {{from: ..., unit: s}}"))
}

pub(super) fn duration_unit(span: Span, found: &str) -> Diagnostic {
    let message =
        format!("a duration is in `ms`, `s`, `min`, `h` or `d`, found `{found}`");
    form(span, message)
}

pub(super) fn unit_and_format(span: Span) -> Diagnostic {
    form(span, "what has a unit is a number and has no format, found both")
}

pub(super) fn currency(span: Span, expected: &str, found: &str) -> Diagnostic {
    let message = format!("amounts in {expected} are expected, found {found}");
    Diagnostic::new(Code::CurrenciesDiffer, span, message)
}

pub(super) fn unknown_value<'a>(
    value: &Name,
    field: &str,
    values: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let near = offer("a value", &value.value, values.clone());
    let message = format!("`{field}` has no value `{}`{near}", value.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, value.span, message);
    if near.is_empty() {
        diagnostic.help(format!("its values are {}", listed(values)))
    } else {
        diagnostic
    }
}

pub(super) fn value_form(value: &Name, expected: &str) -> Diagnostic {
    form(value.span, format!("{expected} is expected, found `{}`", value.value))
}

pub(super) fn after_itself(name: &Name) -> Diagnostic {
    let message = format!("`{}` comes after itself", name.value);
    Diagnostic::new(Code::DefinedInCircle, name.span, message)
}

pub(super) fn after_what(name: &Name, found: &str) -> Diagnostic {
    form(name.span, format!("an instant is expected behind `after`, found {found}"))
}

pub(super) fn not_mapped(name: &Name, table: &str, what: &str) -> Diagnostic {
    let message = format!(
        "{what} of `{table}` that this source reads is expected, found `{}`, which it does \
         not read",
        name.value
    );
    form(name.span, message)
}

pub(super) fn not_in_row(span: Span, name: &str, table: &str) -> Diagnostic {
    let message = format!(
        "`is` speaks of fields of `{table}` that this source reads from columns, found \
         `{name}`"
    );
    form(span, message)
}

pub(super) fn not_of_row(span: Span) -> Diagnostic {
    let message = "`is` takes a value of each row, this is a value of the group";
    Diagnostic::new(Code::MixedGrain, span, message)
}

pub(super) fn other_rows(span: Span) -> Diagnostic {
    let message = "`is` of a source reads its own row, found what reads others; the \
                   vocabulary computes it";
    form(span, message)
}

pub(super) fn is_kind(span: Span, name: &str, expected: &str, found: &str) -> Diagnostic {
    form(span, format!("`{name}` is {expected}, found {found}"))
}

pub(super) fn key_missing(table: &Name, key: &[&str]) -> Diagnostic {
    let message = format!(
        "the rows of `{}` are told apart by {}, which this source does not read",
        table.value,
        listed(key.iter().copied())
    );
    form(table.span, message)
}

pub(super) fn required_missing(table: &Name, fields: &[&str]) -> Diagnostic {
    let message = format!(
        "every row of `{}` has {}, which this source does not read",
        table.value,
        listed(fields.iter().copied())
    );
    form(table.span, message)
}

pub(super) fn given_after_all(name: &Name, what: &str) -> Diagnostic {
    let message = format!(
        "a {what} that this source does not read is expected under `cannot`, found `{}`, \
         which it reads",
        name.value
    );
    form(name.span, message)
}

pub(super) fn unit_and_no_instant(span: Span, name: &str) -> Diagnostic {
    let message = format!(
        "`unit` says that `{name}` is written as so much time after another instant, and \
         `after` does not say which"
    );
    form(span, message)
        .help(format!("{name}: {{from: ..., unit: min, after: opened_at}}"))
}

pub(super) fn as_of(span: Span) -> Diagnostic {
    form(span, "a moment in the years 1900 to 2200 is expected")
}

pub(super) fn no_columns(span: Span) -> Diagnostic {
    form(span, "numbers of columns from 1 are expected with `header: false`")
}
