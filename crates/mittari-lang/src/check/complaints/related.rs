//! About what reads other rows than the one at hand.

use crate::check::offers::listed;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Span, Spanned};

type Name = Spanned<String>;

pub(in crate::check) fn at_missing(span: Span, table: &str, way: &str) -> Diagnostic {
    let message = format!(
        "a row of `{table}` holds for a time, and so is read `at` an instant or a day"
    );
    Diagnostic::new(Code::AtMissing, span, message).help(format!("{way} at opened_at"))
}

pub(in crate::check) fn always_held(span: Span, table: &str) -> Diagnostic {
    let message =
        format!("the rows of `{table}` hold always, and so are read without `at`");
    Diagnostic::new(Code::ArgumentKind, span, message)
}

pub(in crate::check) fn too_many_steps(span: Span, most: usize) -> Diagnostic {
    let message = format!("a look-up has at most {most} steps before its field");
    Diagnostic::new(Code::DotForm, span, message)
}

pub(in crate::check) fn period_elsewhere(span: Span) -> Diagnostic {
    let message = "rows of another table stand in no period of this one, found a value \
                   that depends on the period";
    Diagnostic::new(Code::PeriodElsewhere, span, message)
}

pub(in crate::check) fn its_function(span: Span, function: &str) -> Diagnostic {
    let message =
        format!("`{function}` takes no `its`; `count`, `sum`, `min` and `max` do");
    Diagnostic::new(Code::UnknownArgument, span, message)
}

pub(in crate::check) fn no_way_back(
    name: &Name,
    table: &str,
    owner: &str,
    lookups: &[&str],
) -> Diagnostic {
    let message = if lookups.is_empty() {
        format!(
            "a row of `{table}` belongs to none of `{owner}`: it has no look-up there"
        )
    } else {
        let lookups = listed(lookups.iter().copied());
        format!(
            "it is not clear which row of `{owner}` one of `{table}` belongs to: {lookups}"
        )
    };
    Diagnostic::new(Code::NoWayBack, name.span, message)
}

pub(in crate::check) fn way_back_in_time(
    name: &Name,
    lookup: &str,
    owner: &str,
) -> Diagnostic {
    let message = format!(
        "`{lookup}` leads to a row of `{owner}` that holds for a time, so that none \
         belongs to one alone"
    );
    Diagnostic::new(Code::NoWayBack, name.span, message)
}

pub(in crate::check) fn keep_elsewhere(name: &Name, exclusion: &str) -> Diagnostic {
    let message = format!(
        "`{}` keeps one row of each key in a period (`{exclusion}`), and here is no period",
        name.value
    );
    Diagnostic::new(Code::KeepElsewhere, name.span, message)
}

pub(in crate::check) fn pauses_form(name: &Name, table: &str) -> Diagnostic {
    let message = format!(
        "rows that hold for a time are expected behind `except`; `{table}` has no `valid`"
    );
    Diagnostic::new(Code::PausesForm, name.span, message)
}

pub(in crate::check) fn neighbour_form(span: Span, word: &str) -> Diagnostic {
    let message = format!("`{word}` takes the key of its rows and what orders them");
    Diagnostic::new(Code::ArgumentCount, span, message)
        .help(format!("{word}(started_at, per ticket_id, by started_at)"))
}

pub(in crate::check) fn neighbour_in_group(span: Span, word: &str) -> Diagnostic {
    let message = format!(
        "`{word}` with a key reads a neighbouring row, and stands inside a condition, a \
         `define` or a field"
    );
    Diagnostic::new(Code::MixedGrain, span, message)
}
