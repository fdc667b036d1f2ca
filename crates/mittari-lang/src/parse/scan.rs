//! The first look at a text, character by character: what the grammar would be worst at.
//!
//! Size, number of words, brackets, texts that do not end, foreign characters, the form
//! of numbers, depth. A text about which the scan complains is not parsed.

use super::complaint::{Complaint, Edit};
use super::complaints;
use super::limits::{
    LONGEST_NAME, MOST_BYTES, MOST_COMPLAINTS, MOST_IFS, MOST_NESTING, MOST_SIGNS,
    MOST_WORDS,
};
use super::place::Place;
use super::signs::{begins_name, continues_name, is_accent, is_blank, is_invisible};
use super::words::reserved;

/// What the last word or sign was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Nothing yet, an operator, a bracket that opens.
    Open,
    /// A value has ended here.
    Value,
    /// The word `date`, and whether its bracket is open.
    Date,
    DateOpen,
    /// A number without a unit: its place.
    Number(Place),
}

/// The scan of one text.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) faults: Vec<Complaint>,
    pub(super) brackets: Vec<(char, usize)>,
    pub(super) last: Last,
    allows_comments: bool,
    words: usize,
    ifs: usize,
    signs: usize,
    stopped: bool,
}

/// Everything that is wrong with the characters of a text.
pub(super) fn scan(text: &str, allows_comments: bool) -> Vec<Complaint> {
    if text.len() > MOST_BYTES {
        return vec![complaints::too_long(text.len())];
    }
    let mut scan = Scan {
        text,
        at: 0,
        faults: Vec::new(),
        brackets: Vec::new(),
        last: Last::Open,
        allows_comments,
        words: 0,
        ifs: 0,
        signs: 0,
        stopped: false,
    };
    while !scan.stopped && scan.faults.len() < MOST_COMPLAINTS {
        let Some(sign) = scan.peek() else { break };
        scan.step(sign);
    }
    scan.end();
    scan.faults
}

impl<'a> Scan<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the present one.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn fault(&mut self, fault: Complaint) {
        self.faults.push(fault);
    }

    /// Groups of digits that are one number: the next group joins the message before.
    pub(super) fn group(&mut self, place: Place, gap: Edit) {
        match self.faults.last_mut() {
            Some(last) if last.place.end > place.start && !last.edits.is_empty() => {
                last.place.end = place.end;
                last.edits.push(gap);
            }
            _ => self.faults.push(complaints::grouped(place, vec![gap])),
        }
    }

    /// Goes on while a test holds and returns the place gone over.
    pub(super) fn take(&mut self, mut test: impl FnMut(char) -> bool) -> Place {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|sign| !test(sign)).unwrap_or(rest.len());
        Place::new(start, self.at)
    }

    /// The place of the present character, which is gone over.
    fn one(&mut self, sign: char) -> Place {
        let start = self.at;
        self.at += sign.len_utf8();
        Place::new(start, self.at)
    }

    fn step(&mut self, sign: char) {
        if is_blank(sign) {
            self.one(sign);
            return;
        }
        if sign == '#' {
            self.comment();
            return;
        }
        self.words += 1;
        if self.words > MOST_WORDS {
            self.fault(complaints::too_many_words(Place::new(self.at, self.at)));
            self.stopped = true;
            return;
        }
        match sign {
            '0'..='9' => self.number(),
            '"' | '\'' => self.quoted(sign),
            '(' | '[' => self.opens(sign),
            ')' | ']' => self.closes(sign),
            '.' => self.dot(),
            '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»' => self.curly(),
            '€' | '$' | '£' => self.money_sign(sign),
            _ if begins_name(sign) => self.word(),
            _ if is_accent(sign) => {
                let place = self.one(sign);
                self.fault(complaints::accent(place));
            }
            _ if is_invisible(sign) => {
                let place = self.take(is_invisible);
                self.fault(complaints::invisible(place, sign));
            }
            _ => self.sign(sign),
        }
    }

    fn comment(&mut self) {
        let place = self.take(|sign| sign != '\n' && sign != '\r');
        if !self.allows_comments {
            self.fault(complaints::comment_would_swallow(place));
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let mut place = self.take(continues_name);
        while self.peek() == Some('.') && self.second().is_some_and(begins_name) {
            self.check_name(place);
            self.at += 1;
            place = self.take(continues_name);
        }
        self.check_name(place);
        let word = self.text.get(start..self.at).unwrap_or("");
        if self.peek().is_some_and(is_accent) {
            let mark = self.take(is_accent);
            self.fault(complaints::accent(Place::new(start, mark.end)));
        }
        if word.eq_ignore_ascii_case("not") {
            self.prefix();
            return;
        }
        self.signs = 0;
        if word.eq_ignore_ascii_case("if") {
            self.ifs += 1;
            if self.ifs == MOST_IFS + 1 {
                self.fault(complaints::too_many_ifs(Place::new(start, self.at)));
                self.stopped = true;
            }
        }
        self.last = if word.eq_ignore_ascii_case("date") {
            Last::Date
        } else if reserved(word)
            && !["true", "false", "missing"].contains(&word.to_ascii_lowercase().as_str())
        {
            Last::Open
        } else {
            Last::Value
        };
    }

    fn check_name(&mut self, place: Place) {
        if place.end - place.start <= LONGEST_NAME {
            return;
        }
        let name = self.text.get(place.start..place.end).unwrap_or("");
        if name.chars().count() > LONGEST_NAME {
            self.fault(complaints::name_too_long(place));
        }
    }

    /// A sign that may stand before a value: not more than a few in a row.
    fn prefix(&mut self) {
        if self.last != Last::Open && self.last != Last::DateOpen {
            self.signs = 0;
        } else {
            self.signs += 1;
            if self.signs == MOST_SIGNS + 1 {
                self.fault(complaints::too_many_signs(Place::new(self.at, self.at)));
            }
        }
        self.last = Last::Open;
    }

    fn quoted(&mut self, quote: char) {
        let start = self.at;
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(end) = rest.find([quote, '\n', '\r']) else {
                let line = Place::new(start, self.text.trim_end().len());
                self.fault(complaints::text_not_ended(
                    Place::new(start, start + 1),
                    line,
                    !self.allows_comments,
                ));
                self.at = self.text.len();
                self.stopped = true;
                return;
            };
            self.at += end;
            if self.peek() != Some(quote) {
                return self.over_lines(start, quote);
            }
            self.at += 1;
            if self.peek() != Some(quote) {
                break;
            }
            self.at += 1;
        }
        self.value_ends();
    }

    /// A line ends inside a text: either the text goes on, or it was never ended.
    fn over_lines(&mut self, start: usize, quote: char) {
        let line = Place::new(start, self.at);
        if let Some(end) = self.rest().find(quote) {
            self.at += end + 1;
            self.fault(complaints::text_over_lines(Place::new(start, self.at)));
            self.value_ends();
        } else {
            self.fault(complaints::text_not_ended(
                Place::new(start, start + 1),
                line,
                !self.allows_comments,
            ));
            self.stopped = true;
        }
    }

    pub(super) fn value_ends(&mut self) {
        self.last = Last::Value;
        self.signs = 0;
    }

    fn opens(&mut self, sign: char) {
        let place = self.one(sign);
        if self.brackets.len() == MOST_NESTING {
            self.fault(complaints::too_deep(place));
            self.stopped = true;
            return;
        }
        self.brackets.push((sign, place.start));
        let after_date = self.last == Last::Date && sign == '(';
        self.last = if after_date { Last::DateOpen } else { Last::Open };
        self.signs = 0;
    }

    fn closes(&mut self, sign: char) {
        let place = self.one(sign);
        match self.brackets.pop() {
            None => {
                let last = self.rest().trim().is_empty() && self.faults.is_empty();
                self.fault(complaints::not_opened(place, sign, last));
            }
            Some((opener, start))
                if matches!((opener, sign), ('(', ']') | ('[', ')')) =>
            {
                let first = Place::new(start, start + 1);
                self.fault(complaints::mismatch(first, opener, place, sign));
            }
            Some(_) => {}
        }
        self.value_ends();
    }

    /// A point that neither joins two names nor stands inside a number.
    fn dot(&mut self) {
        if self.second().is_some_and(|sign| sign.is_ascii_digit()) {
            return self.number();
        }
        let place = self.take(|sign| sign == '.');
        let before =
            self.text.get(..place.start).unwrap_or("").trim_end_matches(is_blank);
        let after = self.rest().trim_start_matches(is_blank);
        let joins = before.chars().next_back().is_some_and(continues_name)
            && after.chars().next().is_some_and(begins_name);
        let gap = Place::new(before.len(), self.text.len() - after.len());
        self.fault(complaints::dot(place, joins.then_some(gap)));
        self.last = Last::Value;
    }

    /// Typographic quotes: the text up to the next quote of any kind.
    fn curly(&mut self) {
        let is_quote = |sign: char| {
            matches!(sign, '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»' | '"' | '\'')
        };
        let Some(first) = self.peek() else { return };
        let open = self.one(first);
        let straight = if matches!(first, '‘' | '’' | '‚') { "'" } else { "\"" };
        let mut edits = vec![Edit::replace(open, straight)];
        let rest = self.rest();
        if let Some(end) = rest.find(|sign: char| is_quote(sign) || sign == '\n') {
            self.at += end;
            if let Some(sign) = self.peek().filter(|sign| is_quote(*sign)) {
                let close = self.one(sign);
                edits.push(Edit::replace(close, straight));
            }
        } else {
            self.at = self.text.len();
        }
        self.fault(complaints::curly_quote(open, first, edits));
        self.value_ends();
    }

    /// A currency sign: behind a number the grammar reads it as a unit.
    fn money_sign(&mut self, sign: char) {
        let place = self.one(sign);
        if matches!(self.last, Last::Number(_)) {
            self.value_ends();
            return;
        }
        if self.peek().is_some_and(begins_name) {
            self.fault(complaints::foreign_sign(place, sign, true));
            return;
        }
        self.take(is_blank);
        let amount = self.take(|next| next.is_ascii_digit() || next == '.');
        let number = self.text.get(amount.start..amount.end).unwrap_or("");
        self.fault(complaints::money_before(place, sign, amount, number));
        self.value_ends();
    }

    /// Operators, and signs that are none.
    fn sign(&mut self, sign: char) {
        let rest = self.rest();
        for foreign in ["--", "//", "/*", ":=", "+=", "-=", "*=", "/="] {
            if rest.starts_with(foreign) {
                return self.foreign(foreign);
            }
        }
        match sign {
            '-' | '+' | '−' | '–' => {
                self.prefix();
                self.one(sign);
            }
            '!' if self.second() != Some('=') => {
                self.prefix();
                self.one(sign);
            }
            '*' | '/' | '=' | '<' | '>' | '!' | '&' | '|' | '^' | ',' | ':' | '%'
            | '≤' | '≥' | '≠' | '×' | '·' | '÷' | '‰' => {
                self.one(sign);
                self.signs = 0;
                let ends = matches!(sign, '%' | '‰');
                self.last = if ends { Last::Value } else { Last::Open };
            }
            '`' => self.backticks(),
            _ => {
                let place = self.one(sign);
                let named = self.peek().is_some_and(begins_name);
                let closes = sign == '}' && !self.faults.is_empty();
                if !closes {
                    self.fault(complaints::foreign_sign(place, sign, named));
                }
                self.last = Last::Open;
            }
        }
    }

    fn foreign(&mut self, sign: &str) {
        let start = self.at;
        self.at += sign.len();
        if sign == "/*" {
            let rest = self.rest();
            self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        }
        self.fault(complaints::foreign_pair(Place::new(start, start + sign.len()), sign));
        self.last = Last::Open;
        self.signs = 0;
    }

    /// A name in backticks, as some databases write it.
    fn backticks(&mut self) {
        let open = self.one('`');
        self.take(|sign| sign != '`' && sign != '\n');
        let mut edits = vec![Edit::remove(open)];
        if self.peek() == Some('`') {
            edits.push(Edit::remove(Place::new(self.at, self.at + 1)));
            self.at += 1;
        }
        self.fault(complaints::backticks(open, edits));
        self.value_ends();
    }

    fn end(&mut self) {
        if self.words == 0 && self.faults.is_empty() {
            self.fault(complaints::empty());
        }
        if self.stopped {
            return;
        }
        if let Some((sign, start)) = self.brackets.first().copied() {
            let place = Place::new(start, start + 1);
            self.fault(complaints::not_closed(
                place,
                sign,
                self.brackets.len(),
                !self.allows_comments,
            ));
        }
    }
}
