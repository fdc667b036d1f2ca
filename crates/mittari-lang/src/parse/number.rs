//! The form of a number, judged while the text is scanned: one way to write it, and an
//! answer to the other ways.

use super::complaint::Edit;
use super::complaints;
use super::place::Place;
use super::scan::{Last, Scan};
use super::signs::{begins_name, is_blank};

impl Scan<'_> {
    /// Goes over a number and says what is wrong with its form.
    pub(super) fn number(&mut self) {
        let scan = self;
        if date(scan) {
            scan.value_ends();
            return;
        }
        let place = lexeme(scan);
        let word = scan.text.get(place.start..place.end).unwrap_or("");
        let before = scan.last;
        scan.value_ends();
        if foreign_number(scan, place, word) || odd(scan, place, word) {
            return;
        }
        if let Last::Number(earlier) = before
            && is_grouping(scan.text, earlier, place)
        {
            let gap = Edit::remove(Place::new(earlier.end, place.start));
            scan.group(Place::new(earlier.start, place.end), gap);
            scan.last = Last::Number(place);
            return;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let zeros = word.bytes().take_while(|digit| *digit == b'0').count();
        if zeros > 0 && digits > 1 {
            let surplus = zeros.min(digits - 1);
            let edit = Edit::remove(Place::new(place.start, place.start + surplus));
            scan.fault(complaints::leading_zero(place, word, edit));
            return;
        }
        scan.last = Last::Number(place);
    }
}

/// `2026-01-31`, with a time behind it or not: the grammar knows what to say. A day
/// whose month or day has one digit is said here.
fn date(scan: &mut Scan<'_>) -> bool {
    let rest = scan.rest();
    let mut parts = rest.splitn(3, '-');
    let (Some(year), Some(month), Some(tail)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_number = |part: &str, most: usize| {
        (1..=most).contains(&part.len())
            && part.bytes().all(|digit| digit.is_ascii_digit())
    };
    let day_len = tail.bytes().take_while(u8::is_ascii_digit).count();
    let day = tail.get(..day_len).unwrap_or("");
    if year.len() != 4
        || !is_number(year, 4)
        || !is_number(month, 2)
        || !is_number(day, 2)
    {
        return false;
    }
    let start = scan.at;
    let inside = scan.last == Last::DateOpen;
    scan.at += year.len() + month.len() + day.len() + 2;
    let place = Place::new(start, scan.at);
    if month.len() == 2 && day.len() == 2 {
        if scan.peek().is_some_and(|sign| matches!(sign, 'T' | 't')) {
            scan.take(|sign| {
                sign.is_ascii_digit()
                    || matches!(sign, 'T' | 't' | 'Z' | 'z' | ':' | '.' | '+' | '-')
            });
        }
        return true;
    }
    let padded = format!("{year}-{month:0>2}-{day:0>2}");
    let written = if inside { padded.clone() } else { format!("date({padded})") };
    scan.fault(complaints::short_date(place, &padded, Edit::replace(place, &written)));
    true
}

/// The characters somebody may have meant as one number.
fn lexeme(scan: &mut Scan<'_>) -> Place {
    let start = scan.at;
    let in_list = scan.brackets.last().is_some_and(|(sign, _)| *sign == '[');
    loop {
        scan.take(|sign| sign.is_ascii_digit());
        let named = scan.second().is_some_and(begins_name);
        let digit_next = scan.second().is_some_and(|sign| sign.is_ascii_digit());
        match scan.peek() {
            Some('.') if digit_next || !named => scan.at += 1,
            Some(',') if in_list => return Place::new(start, scan.at),
            Some(',' | ':' | '_') if digit_next => scan.at += 1,
            _ => return Place::new(start, scan.at),
        }
    }
}

/// `0x1F`, `1e3`: numbers of programmers.
fn foreign_number(scan: &mut Scan<'_>, place: Place, word: &str) -> bool {
    let (sign, next) = (scan.peek(), scan.second());
    let hexadecimal = word == "0" && matches!(sign, Some('x' | 'X'));
    let exponent = matches!(sign, Some('e' | 'E'))
        && next.is_some_and(|sign| sign.is_ascii_digit() || matches!(sign, '+' | '-'));
    if !hexadecimal && !exponent {
        return false;
    }
    scan.at += 1;
    if exponent && matches!(scan.peek(), Some('+' | '-')) {
        scan.at += 1;
    }
    let tail = scan.take(|sign| sign.is_ascii_alphanumeric());
    let place = Place::new(place.start, tail.end);
    scan.fault(complaints::programmers_number(place));
    true
}

/// Points, commas, colons and underscores where none stand.
fn odd(scan: &mut Scan<'_>, place: Place, word: &str) -> bool {
    let points = word.matches('.').count();
    let fault = if word.contains(':') {
        complaints::time_of_day(place)
    } else if word.contains(',') {
        complaints::decimal_comma(place, word)
    } else if word.contains('_') {
        complaints::grouped(place, vec![Edit::replace(place, &word.replace('_', ""))])
    } else if points > 1 {
        match european_day(word) {
            Some(day) => complaints::day_with_points(place, &day),
            None => complaints::many_points(place),
        }
    } else if word.starts_with('.') {
        complaints::bare_point(place, Edit::replace(place, &format!("0{word}")))
    } else if word.ends_with('.') {
        let whole = word.trim_end_matches('.');
        complaints::bare_point(place, Edit::replace(place, whole))
    } else {
        return false;
    };
    scan.fault(fault);
    true
}

/// `31.1.2026` as `2026-01-31`.
fn european_day(word: &str) -> Option<String> {
    let mut parts = word.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = (1..=2).contains(&day.len()) && (1..=2).contains(&month.len());
    (short && year.len() == 4 && parts.next().is_none())
        .then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Whether two numbers are one with its thousands grouped: `1 000`.
fn is_grouping(text: &str, earlier: Place, later: Place) -> bool {
    let first = text.get(earlier.start..earlier.end).unwrap_or("");
    let second = text.get(later.start..later.end).unwrap_or("");
    let gap = text.get(earlier.end..later.start).unwrap_or("");
    // The earlier number may itself be the last group of one that was complained about.
    let whole = second.split('.').next().unwrap_or("");
    !first.contains('.')
        && first.len() <= 3
        && whole.len() == 3
        && gap.chars().count() == 1
        && gap.chars().all(is_blank)
}
