//! What is said about a vocabulary, one function for each message.

use crate::check::offers::{listed, offer};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Span, Spanned};

type Name = Spanned<String>;

pub(super) fn reserved(name: &Name, what: &str) -> Diagnostic {
    let text = &name.value;
    let message = format!(
        "a name of {what} is expected, found `{text}`, which is a word of the language"
    );
    Diagnostic::new(Code::ReservedName, name.span, message)
}

pub(super) fn apart(name: &Name) -> Diagnostic {
    let message = "a letter and its accent are one character in a name, found them apart";
    Diagnostic::new(Code::CombiningCharacter, name.span, message)
        .help("type the letter again with its accent")
}

pub(super) fn form(name: &Name, what: &str) -> Diagnostic {
    let text = &name.value;
    let message = format!(
        "a name of {what} is a letter followed by letters, digits and `_`, at most 64 \
         of them, found `{text}`"
    );
    Diagnostic::new(Code::VocabularyForm, name.span, message)
}

pub(super) fn twice(name: &Name, first: Span, what: &str) -> Diagnostic {
    let message =
        format!("one {what} is expected for each name, found `{}` twice", name.value);
    Diagnostic::new(Code::DuplicateName, name.span, message)
        .labelled("again here")
        .with(first, "first here")
}

pub(super) fn unknown_table<'a>(
    name: &Name,
    tables: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let near = offer("a table", &name.value, tables);
    let message = format!("there is no table `{}`{near}", name.value);
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

pub(super) fn computed_key(name: &Name) -> Diagnostic {
    let message = format!(
        "a field that is read is expected here, found `{}`, which is computed",
        name.value
    );
    Diagnostic::new(Code::VocabularyForm, name.span, message)
}

pub(super) fn no_values(name: &Name) -> Diagnostic {
    let message = format!("the values of a category are expected for `{}`", name.value);
    Diagnostic::new(Code::VocabularyForm, name.span, message)
        .help(format!("{}: {{values: [one, other]}}", name.value))
}

pub(super) fn values_of(name: &Name, span: Span, kind: &str) -> Diagnostic {
    let message = format!(
        "only a category or a number has `values`, found them beside {kind} `{}`",
        name.value
    );
    Diagnostic::new(Code::VocabularyForm, span, message)
}

pub(super) fn not_a_number(value: &Name) -> Diagnostic {
    let message = format!("a number is expected, found `{}`", value.value);
    Diagnostic::new(Code::VocabularyForm, value.span, message)
}

pub(super) fn no_currency(name: &Name) -> Diagnostic {
    let message = format!("the currency of `{}` is expected", name.value);
    Diagnostic::new(Code::VocabularyForm, name.span, message)
        .help(format!("{}: {{type: money, currency: EUR}}", name.value))
}

pub(super) fn currency(code: &Name) -> Diagnostic {
    let message = format!(
        "a currency is three capital letters, as in `EUR`, found `{}`",
        code.value
    );
    Diagnostic::new(Code::UnknownCurrency, code.span, message)
}

pub(super) fn duration_unit(span: Span, found: &str) -> Diagnostic {
    let message =
        format!("a duration is in `ms`, `s`, `min`, `h` or `d`, found `{found}`");
    Diagnostic::new(Code::VocabularyForm, span, message)
}

pub(super) fn stray(key: &str, span: Span, expected: &str, kind: &str) -> Diagnostic {
    let message = format!("`{key}` is for {expected}, found it beside {kind}");
    Diagnostic::new(Code::VocabularyForm, span, message)
}

/// What a field of the same name is elsewhere, in words.
pub(super) struct Elsewhere<'a> {
    pub(super) table: &'a str,
    pub(super) what: String,
    pub(super) span: Span,
}

pub(super) fn conflict(name: &Name, first: &Elsewhere<'_>, here: &str) -> Diagnostic {
    let message = format!(
        "a field of one name is the same in every table: `{}` is {} in `{}`, found {here}",
        name.value, first.what, first.table
    );
    Diagnostic::new(Code::FieldConflict, name.span, message)
        .with(first.span, format!("in `{}` here", first.table))
        .help("give one of the two another name, or both the same list of values")
}

pub(super) fn lookup_key(
    span: Span,
    table: &str,
    key: &[&str],
    found: usize,
) -> Diagnostic {
    let message = if key.is_empty() {
        format!("a look-up goes to a table with a key, `{table}` has none")
    } else {
        format!(
            "{} fields are expected for {}, the key of `{table}`, found {found}",
            key.len(),
            listed(key.iter().copied())
        )
    };
    Diagnostic::new(Code::VocabularyForm, span, message)
}

pub(super) fn lookup_kind(by: &Name, here: &str, key: &str, there: &str) -> Diagnostic {
    let message = format!(
        "`{}` is compared with `{key}`, which is {there}, found {here}",
        by.value
    );
    Diagnostic::new(Code::VocabularyForm, by.span, message)
}

pub(super) fn valid_kind(name: &Name, found: &str) -> Diagnostic {
    let message = format!(
        "a row holds between two instants or two dates, found {found} `{}`",
        name.value
    );
    Diagnostic::new(Code::VocabularyForm, name.span, message)
}

pub(super) fn circle(name: &Name) -> Diagnostic {
    let message = format!(
        "a population comes from a table in the end, `{}` leads into a circle",
        name.value
    );
    Diagnostic::new(Code::DefinedInCircle, name.span, message)
}
