//! Complaints about operators, words between values, and values that are not there.

use crate::diagnostic::Code;
use crate::parse::complaint::{Complaint, Edit};
use crate::parse::place::Place;

pub(in crate::parse) fn unread(at: usize, len: usize) -> Complaint {
    let place = Place::new(at.min(len), len.min(at + 1));
    Complaint::new(Code::Unexpected, place, "this could not be read from here on")
}

pub(in crate::parse) fn unexpected(place: Place, found: &str) -> Complaint {
    let message = format!("the end of the expression is expected, found `{found}`");
    Complaint::new(Code::Unexpected, place, message)
}

pub(in crate::parse) fn keyword_case(place: Place, word: &str) -> Complaint {
    let message = format!("`{word}` is written in small letters");
    Complaint::new(Code::KeywordCase, place, message)
        .edit(Edit::replace(place, &word.to_lowercase()))
}

pub(in crate::parse) fn foreign_operator(
    place: Place,
    found: &str,
    wanted: &str,
    edit: Edit,
) -> Complaint {
    let message = format!("`{found}` is written `{wanted}`");
    Complaint::new(Code::ForeignOperator, place, message).edit(edit)
}

pub(in crate::parse) fn foreign_word(
    place: Place,
    found: &str,
    meant: &str,
    whole: Place,
) -> Complaint {
    let message = format!("`{found}` is no word of the language: {meant}");
    Complaint::new(Code::ForeignWord, place, message).reaching(whole.end)
}

pub(in crate::parse) fn plus_sign(place: Place) -> Complaint {
    let message = "a value has no `+` before it";
    Complaint::new(Code::ForeignSign, place, message).edit(Edit::remove(place))
}

pub(in crate::parse) fn leading_equals(place: Place) -> Complaint {
    let message = "an expression begins without `=`";
    Complaint::new(Code::ForeignSign, place, message).edit(Edit::remove(place))
}

pub(in crate::parse) fn power(place: Place) -> Complaint {
    let message = "there is no power; a product is written `x * x`";
    Complaint::new(Code::ForeignSign, place, message)
}

pub(in crate::parse) fn value_expected(place: Place, found: &str) -> Complaint {
    let message = format!("a value is expected, found `{found}`");
    Complaint::new(Code::ValueExpected, place, message)
}

pub(in crate::parse) fn value_expected_at_end(
    place: Place,
    after: &str,
    closed: Option<&str>,
) -> Complaint {
    let found = closed.map_or_else(
        || "found the end of the text".to_owned(),
        |sign| format!("found `{sign}`"),
    );
    let message = format!("a value is expected after `{after}`, {found}");
    Complaint::new(Code::ValueExpected, place, message)
}

pub(in crate::parse) fn reserved_word(
    place: Place,
    word: &str,
    alone: bool,
) -> Complaint {
    if !alone {
        return value_expected(place, word);
    }
    let message = format!(
        "a value is expected, found `{word}`, which is a word of the language and never a name"
    );
    Complaint::new(Code::ReservedWord, place, message)
}

pub(in crate::parse) fn reserved_part(place: Place, word: &str) -> Complaint {
    let message = format!(
        "a name is expected after the point, found `{word}`, which is a word of the language"
    );
    Complaint::new(Code::ReservedWord, place, message)
}

pub(in crate::parse) fn operator_expected(place: Place, found: &str) -> Complaint {
    let message = format!("an operator is expected before `{found}`");
    Complaint::new(Code::OperatorExpected, place, message)
}

pub(in crate::parse) fn operator_between(
    place: Place,
    left: &str,
    right: &str,
) -> Complaint {
    let message = format!("an operator is expected between `{left}` and `{right}`");
    Complaint::new(Code::OperatorExpected, place, message)
}

pub(in crate::parse) fn comma(place: Place) -> Complaint {
    let message = "an expression is one value, found `,`";
    Complaint::new(Code::Comma, place, message)
        .hint("several values stand in a call, or in a list behind `in`")
}

pub(in crate::parse) fn surplus_comma(place: Place) -> Complaint {
    let message = "a value is expected before this `,`";
    Complaint::new(Code::Comma, place, message)
}

pub(in crate::parse) fn several_in_brackets(place: Place) -> Complaint {
    let message = "parentheses hold one value, found several";
    Complaint::new(Code::Comma, place, message)
        .hint("a list stands in `[ ]`, behind `in`")
}

pub(in crate::parse) fn colon(place: Place) -> Complaint {
    let message = "an operator is expected, found `:`";
    Complaint::new(Code::Colon, place, message)
        .hint("the words of a call need no colon: `score(x, worst 60 %, best 95 %)`")
}

pub(in crate::parse) fn chained(place: Place, edit: Option<Edit>) -> Complaint {
    let message = "a comparison has two sides, found a second comparison";
    let complaint = Complaint::new(Code::ChainedComparison, place, message);
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint.hint("join two comparisons by `and`, or use parentheses"),
    }
}

pub(in crate::parse) fn and_or_mixed(places: &[Place]) -> Complaint {
    let first = places.first().copied().unwrap_or(Place::new(0, 0));
    let message = "`and` binds before `or`; parentheses say so to the reader";
    let edits = places.iter().flat_map(|place| wrapped(*place)).collect();
    Complaint::new(Code::AndOrMixed, first, message).edits(edits)
}

/// Parentheses around a place: insertions, so that edits inside it still apply.
fn wrapped(place: Place) -> [Edit; 2] {
    [Edit::insert(place.start, "("), Edit::insert(place.end, ")")]
}

pub(in crate::parse) fn test_in_arithmetic(place: Place, sign: &str) -> Complaint {
    let message = format!("a test before `{sign}` stands in parentheses");
    Complaint::new(Code::NeedsParentheses, place, message)
}

pub(in crate::parse) fn beside_or_else(place: Place, arithmetic: bool) -> Complaint {
    let what = if arithmetic { "arithmetic" } else { "`at`" };
    let message = format!("{what} beside `or_else` stands in parentheses");
    let complaint = Complaint::new(Code::NeedsParentheses, place, message);
    if arithmetic {
        // Both readings are sound and give different numbers: neither is offered.
        complaint.hint("`(a + b) or_else c` and `a + (b or_else c)` are two things")
    } else {
        complaint.edits(wrapped(place).into())
    }
}

pub(in crate::parse) fn bare_not(place: Place) -> Complaint {
    let message = "a `not` after an operator stands in parentheses";
    Complaint::new(Code::NeedsParentheses, place, message).edits(wrapped(place).into())
}

pub(in crate::parse) fn bare_if(place: Place) -> Complaint {
    let message = "an `if` after an operator stands in parentheses";
    Complaint::new(Code::NeedsParentheses, place, message).edits(wrapped(place).into())
}

pub(in crate::parse) fn or_else_word(place: Place) -> Complaint {
    let message = "`or_else` is one word, found `or else`";
    Complaint::new(Code::OrElseWord, place, message).edit(Edit::replace(place, "or_else"))
}

pub(in crate::parse) fn or_of_values(place: Place, list: &str, edit: Edit) -> Complaint {
    let message = format!("several values of one field are a list; write `{list}`");
    Complaint::new(Code::OrOfValues, place, message).edit(edit)
}

pub(in crate::parse) fn is_word(place: Place, found: &str, meant: &str) -> Complaint {
    let message = format!("`{meant}` is expected, found `{found}`");
    Complaint::new(Code::IsWord, place, message).edit(Edit::replace(place, meant))
}

pub(in crate::parse) fn is_alone(place: Place, found: &str) -> Complaint {
    let message = format!("`is missing` or `is known` is expected, found `{found}`");
    Complaint::new(Code::IsWord, place, message)
}

pub(in crate::parse) fn is_value(
    place: Place,
    found: &str,
    edit: Option<Edit>,
) -> Complaint {
    let message = format!("`is missing` or `is known` is expected, found `{found}`");
    let complaint =
        Complaint::new(Code::IsWord, place, message).hint("equality is written `=`");
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint,
    }
}

pub(in crate::parse) fn is_truth(
    place: Place,
    turned: bool,
    edits: Vec<Edit>,
) -> Complaint {
    let meant = if turned { ", turned by `not`" } else { "" };
    let message = format!("a condition stands alone{meant}, without `is`");
    Complaint::new(Code::IsWord, place, message).edits(edits)
}

pub(in crate::parse) fn is_in(place: Place) -> Complaint {
    let message = "`in` and `not in` stand without `is`";
    Complaint::new(Code::IsWord, place, message).edit(Edit::remove(place))
}

pub(in crate::parse) fn compared_with_missing(
    place: Place,
    edit: Option<Edit>,
) -> Complaint {
    let message = "nothing is equal to a missing value; the test is `is missing`";
    let complaint = Complaint::new(Code::ComparedWithMissing, place, message);
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint,
    }
}

pub(in crate::parse) fn between_and(place: Place) -> Complaint {
    let message = "`between` takes two values joined by `and`";
    Complaint::new(Code::BetweenAnd, place, message)
}

pub(in crate::parse) fn round_list(place: Place) -> Complaint {
    let message = "a list stands in `[ ]`, found `( )`";
    let open = Place::new(place.start, place.start + 1);
    let close = Place::new(place.end - 1, place.end);
    Complaint::new(Code::ListBrackets, place, message)
        .edits(vec![Edit::replace(open, "["), Edit::replace(close, "]")])
}

pub(in crate::parse) fn bare_list(place: Place) -> Complaint {
    let message = "a list stands in `[ ]`, found a single value";
    Complaint::new(Code::ListBrackets, place, message)
        .edits(vec![Edit::insert(place.start, "["), Edit::insert(place.end, "]")])
}

pub(in crate::parse) fn no_list(place: Place, found: &str) -> Complaint {
    let message = format!("a list in `[ ]` is expected after `in`, found `{found}`");
    Complaint::new(Code::ListBrackets, place, message)
}

pub(in crate::parse) fn equals_list(
    place: Place,
    found: &str,
    word: &str,
    edit: Edit,
) -> Complaint {
    let message = format!("a list stands behind `{word}`, found `{found}`");
    Complaint::new(Code::ListBrackets, place, message).edit(edit)
}

pub(in crate::parse) fn list_empty(place: Place) -> Complaint {
    Complaint::new(Code::ListEmpty, place, "a list has at least one value")
}

pub(in crate::parse) fn list_value(place: Place, found: &str) -> Complaint {
    let message = format!("a list holds written values and parameters, found `{found}`");
    Complaint::new(Code::ValueForm, place, message)
}

pub(in crate::parse) fn if_called(place: Place, edits: Vec<Edit>) -> Complaint {
    let message = "a choice is written `if a then b else c`, found a call";
    Complaint::new(Code::IfForm, place, message).edits(edits)
}

pub(in crate::parse) fn if_without_then(place: Place) -> Complaint {
    let message = "a choice is written `if a then b else c`, found no `then`";
    Complaint::new(Code::IfForm, place, message)
}

pub(in crate::parse) fn if_word_alone(place: Place, word: &str) -> Complaint {
    let message = format!("`{word}` belongs to an `if`: `if a then b else c`");
    Complaint::new(Code::IfForm, place, message)
}

pub(in crate::parse) fn if_without_else(place: Place) -> Complaint {
    let message = "an `if` ends with `else`; for no value write `else missing`";
    Complaint::new(Code::IfIncomplete, place, message)
}

pub(in crate::parse) fn at_form(place: Place, found: &str) -> Complaint {
    let message = format!(
        "a look-up or a table of parameters is expected before `at`, found `{found}`"
    );
    Complaint::new(Code::AtForm, place, message)
}
