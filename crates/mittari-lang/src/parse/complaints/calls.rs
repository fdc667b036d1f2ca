//! Complaints about names, calls and clauses.

use crate::diagnostic::Code;
use crate::parse::complaint::{Complaint, Edit};
use crate::parse::place::Place;

pub(in crate::parse) fn too_many_steps(place: Place, most: usize) -> Complaint {
    let message = format!("a look-up has at most {most} steps before its field");
    Complaint::new(Code::DotForm, place, message)
}

pub(in crate::parse) fn table_path(place: Place) -> Complaint {
    let message = "a table of parameters has one name, found names joined by a point";
    Complaint::new(Code::DotForm, place, message)
}

pub(in crate::parse) fn key_expected(place: Place) -> Complaint {
    let message = "a key is expected between `[` and `]`";
    Complaint::new(Code::ValueExpected, place, message)
}

pub(in crate::parse) fn method(
    place: Place,
    call: &str,
    edit: Option<Edit>,
) -> Complaint {
    let message = format!("a function stands before its values; write `{call}`");
    let complaint = Complaint::new(Code::CallForm, place, message);
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint,
    }
}

pub(in crate::parse) fn test_is_function(
    place: Place,
    function: &str,
    call: &str,
    edits: Vec<Edit>,
) -> Complaint {
    let message = format!("`{function}` is a function; write `{call}`");
    Complaint::new(Code::CallForm, place, message).edits(edits)
}

pub(in crate::parse) fn star(place: Place, function: &str) -> Complaint {
    let message = if function.eq_ignore_ascii_case("count") {
        "rows are counted with `count()`, without `*`".to_owned()
    } else {
        "a value is expected, found `*`".to_owned()
    };
    Complaint::new(Code::Star, place, message).edit(Edit::remove(place))
}

pub(in crate::parse) fn value_after_clause(place: Place, word: &str) -> Complaint {
    let message = if word == "where" {
        "after `where` comes one condition; conditions are joined by `and`".to_owned()
    } else {
        format!("values stand before the clauses, found one after `{word}`")
    };
    Complaint::new(Code::ArgumentAfterClause, place, message)
}

pub(in crate::parse) fn comma_missing(
    place: Place,
    found: &str,
    edit: Edit,
) -> Complaint {
    let message = format!("a comma is expected before `{found}`");
    Complaint::new(Code::Comma, place, message).edit(edit)
}

pub(in crate::parse) fn unknown_argument(
    place: Place,
    found: &str,
    near: Option<&str>,
) -> Complaint {
    let message = match near {
        Some(near) => format!("there is no clause `{found}`; a clause `{near}` exists"),
        None => format!("there is no clause `{found}`"),
    };
    let complaint = Complaint::new(Code::UnknownArgument, place, message);
    if let Some(near) = near {
        return complaint.edit(Edit::replace(place, near));
    }
    complaint
        .hint(format!("clauses are `{}`", crate::parse::words::CLAUSE_WORDS.join("`, `")))
}

pub(in crate::parse) fn clause_outside(place: Place, word: &str) -> Complaint {
    let message = format!("`{word}` belongs inside the parentheses of a call");
    Complaint::new(Code::ClauseOutsideCall, place, message)
}

pub(in crate::parse) fn clause_twice(place: Place, word: &str) -> Complaint {
    let message = if word == "where" {
        "a call has one `where`; conditions are joined by `and`".to_owned()
    } else {
        format!("a call has one `{word}`")
    };
    Complaint::new(Code::ClauseTwice, place, message)
}

pub(in crate::parse) fn clause_equals(place: Place, gap: Place, word: &str) -> Complaint {
    let message = format!("`{word}` takes its value without `=`");
    Complaint::new(Code::ArgumentForm, place, message).edit(Edit::replace(gap, " "))
}

pub(in crate::parse) fn clause_name(place: Place, word: &str, found: &str) -> Complaint {
    let message = format!("one name is expected after `{word}`, found `{found}`");
    Complaint::new(Code::ClauseForm, place, message)
}

pub(in crate::parse) fn clause_quotes(place: Place, word: &str, edit: Edit) -> Complaint {
    let message = format!("a name without quotes is expected after `{word}`");
    Complaint::new(Code::ClauseForm, place, message).edit(edit)
}

pub(in crate::parse) fn until_missing(place: Place) -> Complaint {
    let message = "two instants joined by `until` are expected, as in `opened_at until resolved_at`";
    Complaint::new(Code::ClauseForm, place, message)
}

pub(in crate::parse) fn until_outside(place: Place) -> Complaint {
    let message = "`until` belongs to `open`, as in `open opened_at until resolved_at`";
    Complaint::new(Code::ClauseForm, place, message)
}

pub(in crate::parse) fn window_form(place: Place, found: &str) -> Complaint {
    let message = format!(
        "a number of whole periods is expected, like `12 months`, found `{found}`"
    );
    Complaint::new(Code::ClauseForm, place, message)
}
