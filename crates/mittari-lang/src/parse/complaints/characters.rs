//! Complaints about characters, sizes and brackets: what the scan finds.

use crate::diagnostic::Code;
use crate::parse::complaint::{Complaint, Edit};
use crate::parse::limits::{
    LONGEST_NAME, MOST_BYTES, MOST_IFS, MOST_NESTING, MOST_SIGNS, MOST_VALUES, MOST_WORDS,
};
use crate::parse::place::Place;

pub(in crate::parse) fn empty() -> Complaint {
    let message = "an expression is expected, found nothing";
    Complaint::new(Code::FormulaEmpty, Place::new(0, 0), message)
}

pub(in crate::parse) fn too_long(bytes: usize) -> Complaint {
    let message =
        format!("an expression has at most {MOST_BYTES} bytes, this one has {bytes}");
    Complaint::new(Code::FormulaTooLong, Place::new(0, MOST_BYTES), message)
        .hint("name parts of it under `define`")
}

pub(in crate::parse) fn too_many_words(place: Place) -> Complaint {
    let message = format!("an expression has at most {MOST_WORDS} words and signs");
    Complaint::new(Code::FormulaTooManyWords, place, message)
        .hint("name parts of it under `define`")
}

pub(in crate::parse) fn too_many_values(place: Place) -> Complaint {
    let message = format!("a list has at most {MOST_VALUES} values");
    Complaint::new(Code::FormulaTooManyWords, place, message)
}

pub(in crate::parse) fn too_deep(place: Place) -> Complaint {
    let message = format!("brackets may be nested {MOST_NESTING} deep");
    Complaint::new(Code::FormulaTooDeep, place, message)
        .hint("name parts of it under `define`")
}

pub(in crate::parse) fn tree_too_deep(place: Place) -> Complaint {
    let message = "this is nested too deeply";
    Complaint::new(Code::FormulaTooDeep, place, message)
        .hint("name parts of it under `define`")
}

pub(in crate::parse) fn too_many_ifs(place: Place) -> Complaint {
    let message = format!("an expression has at most {MOST_IFS} `if`");
    Complaint::new(Code::FormulaTooDeep, place, message)
        .hint("a table of parameters says which value belongs to which key")
}

pub(in crate::parse) fn too_many_signs(place: Place) -> Complaint {
    let message = format!("at most {MOST_SIGNS} signs of negation stand in a row");
    Complaint::new(Code::FormulaTooDeep, place, message)
}

pub(in crate::parse) fn name_too_long(place: Place) -> Complaint {
    let message = format!("a name has at most {LONGEST_NAME} characters");
    Complaint::new(Code::NameTooLong, place, message)
}

pub(in crate::parse) fn text_too_long(place: Place, most: usize) -> Complaint {
    let message = format!("a text has at most {most} characters");
    Complaint::new(Code::TextTooLong, place, message)
}

pub(in crate::parse) fn text_not_ended(
    place: Place,
    line: Place,
    inline: bool,
) -> Complaint {
    let message = "the text that begins here has no closing quote";
    let hint = if inline {
        "a blank and `#` begin a comment in YAML and cut a text; write the value under `|`"
    } else {
        "a quote inside a text is doubled, as in \"say \"\"hi\"\"\""
    };
    Complaint::new(Code::TextNotEnded, place, message)
        .also(line, "all of this is read as text")
        .hint(hint)
}

pub(in crate::parse) fn text_over_lines(place: Place) -> Complaint {
    let message = "a text ends on the line it begins on";
    Complaint::new(Code::TextOverLines, place, message)
}

pub(in crate::parse) fn curly_quote(
    place: Place,
    sign: char,
    edits: Vec<Edit>,
) -> Complaint {
    let message = format!("a text stands in straight quotes, found `{sign}`");
    Complaint::new(Code::CurlyQuote, place, message).edits(edits)
}

pub(in crate::parse) fn backticks(place: Place, edits: Vec<Edit>) -> Complaint {
    let message = "a name stands without marks, found a backtick";
    Complaint::new(Code::ForeignSign, place, message).edits(edits)
}

pub(in crate::parse) fn accent(place: Place) -> Complaint {
    let message = "a letter and its accent are one character in a name, found them apart";
    Complaint::new(Code::CombiningCharacter, place, message).hint("type the name again")
}

pub(in crate::parse) fn invisible(place: Place, sign: char) -> Complaint {
    let number = u32::from(sign);
    let message = format!("an invisible character U+{number:04X} stands here");
    let with = if sign.is_whitespace() { " " } else { "" };
    Complaint::new(Code::InvisibleCharacter, place, message)
        .edit(Edit::replace(place, with))
}

pub(in crate::parse) fn comment_would_swallow(place: Place) -> Complaint {
    let message = "a comment is possible only under `|`: here the lines are joined, and it would swallow what follows";
    Complaint::new(Code::CommentWouldSwallow, place, message)
        .hint("write the value under `|` on lines of its own")
}

pub(in crate::parse) fn foreign_sign(place: Place, sign: char, named: bool) -> Complaint {
    let message = match sign {
        '{' | '}' => {
            format!("a list stands in `[ ]` and a group in `( )`, found `{sign}`")
        }
        ';' => "values are separated by `,`, found `;`".to_owned(),
        '?' => "a choice is written `if a then b else c`, found `?`".to_owned(),
        _ if named => format!("a name stands without a sign before it, found `{sign}`"),
        _ => format!("`{sign}` is no sign of the language"),
    };
    Complaint::new(Code::ForeignSign, place, message)
}

pub(in crate::parse) fn foreign_pair(place: Place, sign: &str) -> Complaint {
    let message = match sign {
        "--" => "`--` begins no comment here; a comment begins with `#`".to_owned(),
        "//" => "division is one `/`, and a comment begins with `#`".to_owned(),
        "/*" => "a comment begins with `#`, found `/*`".to_owned(),
        _ => format!("nothing is assigned in an expression, found `{sign}`"),
    };
    let complaint = Complaint::new(Code::ForeignSign, place, message);
    if sign == "--" {
        complaint.hint("to subtract a negative value, leave a blank: `a - -b`")
    } else {
        complaint
    }
}

pub(in crate::parse) fn not_closed(
    place: Place,
    sign: char,
    open: usize,
    inline: bool,
) -> Complaint {
    let message = if open == 1 {
        format!("this `{sign}` is never closed")
    } else {
        format!("{open} brackets are never closed, this `{sign}` is the first")
    };
    let complaint = Complaint::new(Code::BracketNotClosed, place, message);
    if !inline {
        return complaint;
    }
    complaint.hint(
        "inside `{ }` a comma ends a value, so that an expression stands in quotes there",
    )
}

pub(in crate::parse) fn not_opened(place: Place, sign: char, last: bool) -> Complaint {
    let message = format!("this `{sign}` closes a bracket that was never opened");
    let complaint = Complaint::new(Code::BracketNotOpened, place, message);
    if last { complaint.edit(Edit::remove(place)) } else { complaint }
}

pub(in crate::parse) fn mismatch(
    first: Place,
    opener: char,
    place: Place,
    sign: char,
) -> Complaint {
    let wanted = if opener == '(' { ')' } else { ']' };
    let message = format!("`{opener}` is closed by `{wanted}`, found `{sign}`");
    Complaint::new(Code::BracketMismatch, place, message).also(first, "opened here")
}

pub(in crate::parse) fn dot(place: Place, gap: Option<Place>) -> Complaint {
    let message = "a point joins two names without blanks, as in `ticket.type`";
    let complaint = Complaint::new(Code::DotForm, place, message);
    match gap {
        Some(gap) => complaint.edit(Edit::replace(gap, ".")),
        None => complaint,
    }
}
