//! Complaints about written values: numbers, units, money, days.

use crate::diagnostic::Code;
use crate::parse::complaint::{Complaint, Edit};
use crate::parse::place::Place;

pub(in crate::parse) fn grouped(place: Place, edits: Vec<Edit>) -> Complaint {
    let message = "the digits of a number stand together: thousands are not grouped";
    Complaint::new(Code::NumberForm, place, message).edits(edits)
}

pub(in crate::parse) fn leading_zero(place: Place, word: &str, edit: Edit) -> Complaint {
    let message = format!("a number begins with no surplus zero, found `{word}`");
    Complaint::new(Code::NumberForm, place, message).edit(edit)
}

pub(in crate::parse) fn programmers_number(place: Place) -> Complaint {
    let message = "a number has digits and at most one point: no exponent, no `0x`";
    Complaint::new(Code::NumberForm, place, message)
}

pub(in crate::parse) fn many_points(place: Place) -> Complaint {
    Complaint::new(Code::NumberForm, place, "a number has at most one point")
}

pub(in crate::parse) fn bare_point(place: Place, edit: Edit) -> Complaint {
    let message = "a decimal point stands between two digits";
    Complaint::new(Code::NumberForm, place, message).edit(edit)
}

pub(in crate::parse) fn too_many_digits(
    place: Place,
    most: usize,
    what: &str,
) -> Complaint {
    let message = format!("{what} has at most {most} digits");
    Complaint::new(Code::NumberForm, place, message)
}

pub(in crate::parse) fn decimal_comma(place: Place, word: &str) -> Complaint {
    let message = "the decimal sign is a point, found a comma";
    let complaint = Complaint::new(Code::DecimalComma, place, message);
    let mut parts = word.split(',');
    let (whole, part) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if parts.next().is_some() || part.contains('.') {
        return complaint.hint("thousands are not grouped");
    }
    if part.len() == 3 && !whole.contains('.') {
        return complaint.hint(format!(
            "write `{whole}.{part}`, or `{whole}{part}` if the comma groups thousands"
        ));
    }
    let corrected = format!("{}.{part}", whole.replace('.', ""));
    complaint.edit(Edit::replace(place, &corrected))
}

pub(in crate::parse) fn time_of_day(place: Place) -> Complaint {
    let message = "a time of day is no value of the language";
    Complaint::new(Code::InstantForm, place, message)
        .hint("`hour(x)` gives the hour of an instant")
}

pub(in crate::parse) fn instant(place: Place) -> Complaint {
    let message = "an instant is not written out; a day is, as in `date(2026-01-31)`";
    Complaint::new(Code::InstantForm, place, message)
}

pub(in crate::parse) fn day_with_points(place: Place, day: &str) -> Complaint {
    let message = format!("a day is written `date({day})`, year first");
    Complaint::new(Code::DateForm, place, message)
        .edit(Edit::replace(place, &format!("date({day})")))
}

pub(in crate::parse) fn short_date(place: Place, padded: &str, edit: Edit) -> Complaint {
    let message =
        format!("month and day have two digits: a day is written `date({padded})`");
    Complaint::new(Code::DateForm, place, message).edit(edit)
}

pub(in crate::parse) fn bare_date(place: Place, day: &str) -> Complaint {
    let message =
        format!("a day is written `date({day})`; as it stands this is a subtraction");
    Complaint::new(Code::DateForm, place, message)
        .edits(vec![Edit::insert(place.start, "date("), Edit::insert(place.end, ")")])
}

pub(in crate::parse) fn no_day(place: Place, day: &str) -> Complaint {
    Complaint::new(Code::DateForm, place, format!("there is no day `{day}`"))
}

pub(in crate::parse) fn quoted_date(
    place: Place,
    day: &str,
    edits: Vec<Edit>,
) -> Complaint {
    let message = format!("a day is written without quotes: `date({day})`");
    Complaint::new(Code::DateForm, place, message).edits(edits)
}

pub(in crate::parse) fn date_of(place: Place, edit: Option<Edit>) -> Complaint {
    let message =
        "a day is written `date(2026-01-31)`; the day of an instant is `date_of(...)`";
    let complaint = Complaint::new(Code::DateForm, place, message);
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint,
    }
}

pub(in crate::parse) fn money_before(
    place: Place,
    sign: char,
    amount: Place,
    number: &str,
) -> Complaint {
    let code = currency_of(sign);
    let shown = if number.is_empty() { "50" } else { number };
    let whole = Place::new(place.start, amount.end.max(place.end));
    let message = format!(
        "the currency follows the number; write `{shown} {}`",
        code.unwrap_or("USD")
    );
    let complaint = Complaint::new(Code::MoneySign, whole, message);
    match code {
        Some(code) if !number.is_empty() => {
            complaint.edit(Edit::replace(whole, &format!("{number} {code}")))
        }
        Some(_) => complaint,
        None => complaint.hint(format!(
            "`{sign}` is the sign of many currencies; three letters name one"
        )),
    }
}

/// The currency a sign stands for, if it stands for one.
pub(in crate::parse) const fn currency_of(sign: char) -> Option<&'static str> {
    match sign {
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        _ => None,
    }
}

pub(in crate::parse) fn money_code_before(
    place: Place,
    code: &str,
    number: &str,
    edit: Edit,
) -> Complaint {
    let message = format!("the currency follows the number; write `{number} {code}`");
    Complaint::new(Code::MoneySign, place, message).edit(edit)
}

pub(in crate::parse) fn money_unit(
    place: Place,
    found: &str,
    edit: Option<Edit>,
) -> Complaint {
    let message =
        format!("a currency is named by three capital letters, found `{found}`");
    let complaint = Complaint::new(Code::MoneySign, place, message);
    match edit {
        Some(edit) => complaint.edit(edit),
        None => complaint,
    }
}

pub(in crate::parse) fn unit_meant(
    place: Place,
    found: &str,
    kind: &str,
    unit: &str,
) -> Complaint {
    let message = format!("{kind} `{unit}`, found `{found}`");
    let complaint = Complaint::new(Code::UnknownUnit, place, message);
    if found == "m" {
        return complaint;
    }
    complaint.edit(Edit::replace(place, unit))
}

pub(in crate::parse) fn no_unit(place: Place, found: &str) -> Complaint {
    let message = match found.to_lowercase().trim_end_matches('s') {
        "month" | "year" | "quarter" | "y" | "yr" => {
            format!("`{found}` is no duration: months and years differ in length")
        }
        "week" | "w" => format!("`{found}` is no unit; seven days of 24 hours are `7 d`"),
        "‰" => "a ratio is written in percent, found `‰`".to_owned(),
        _ => format!("a unit is expected behind a number, found `{found}`"),
    };
    let complaint = Complaint::new(Code::UnknownUnit, place, message);
    if message_is_general(found) {
        complaint.hint(
            "units are `ms`, `s`, `min`, `h`, `d`, `%` and a currency such as `EUR`",
        )
    } else {
        complaint
    }
}

fn message_is_general(found: &str) -> bool {
    let word = found.to_lowercase();
    let word = word.trim_end_matches('s');
    !["month", "year", "quarter", "y", "yr", "week", "w", "‰"].contains(&word)
}

pub(in crate::parse) fn unit_missing(place: Place, number: &str) -> Complaint {
    let message =
        format!("`{number}` has no unit; a duration is written like `4 h 30 min`");
    Complaint::new(Code::UnitExpected, place, message)
}

pub(in crate::parse) fn duration_order(place: Place) -> Complaint {
    let message = "a duration goes from the long unit to the short one, each once, as in `1 h 30 min`";
    Complaint::new(Code::DurationForm, place, message)
}

pub(in crate::parse) fn duration_mixed(place: Place, found: &str) -> Complaint {
    let message = format!(
        "only durations are written in parts, as in `1 h 30 min`, found `{found}`"
    );
    Complaint::new(Code::DurationForm, place, message)
}

pub(in crate::parse) fn duration_too_long(place: Place) -> Complaint {
    Complaint::new(Code::DurationForm, place, "this duration is too long to count with")
}

pub(in crate::parse) fn duration_too_fine(place: Place) -> Complaint {
    let message = "a duration is a whole number of microseconds";
    Complaint::new(Code::DurationForm, place, message)
}

pub(in crate::parse) fn percent(place: Place) -> Complaint {
    let message =
        "`%` follows a number and makes it a ratio, as in `80 %`; there is no remainder";
    Complaint::new(Code::PercentSign, place, message)
}

pub(in crate::parse) fn not_written(place: Place, found: &str) -> Complaint {
    let message = format!("a written value is expected, found `{found}`");
    Complaint::new(Code::ValueForm, place, message)
}

pub(in crate::parse) fn target_bound(place: Place, found: &str) -> Complaint {
    let message = format!("`at least` or `at most` is expected before `{found}`");
    Complaint::new(Code::TargetForm, place, message)
}

pub(in crate::parse) fn target_word(place: Place, found: &str, meant: &str) -> Complaint {
    let message = format!("`{meant}` is expected, found `{found}`");
    Complaint::new(Code::TargetForm, place, message).edit(Edit::replace(place, meant))
}

pub(in crate::parse) fn target_equal(place: Place, found: &str) -> Complaint {
    let message =
        format!("a target has a side, `at least` or `at most`, found `{found}`");
    Complaint::new(Code::TargetForm, place, message)
}

pub(in crate::parse) fn target_value(place: Place, found: &str) -> Complaint {
    let message = format!("a target is a written value or a parameter, found `{found}`");
    Complaint::new(Code::TargetForm, place, message)
}

pub(in crate::parse) fn target_surplus(place: Place, found: &str) -> Complaint {
    let message = format!("a target ends with its value, found `{found}`");
    Complaint::new(Code::TargetForm, place, message)
}
