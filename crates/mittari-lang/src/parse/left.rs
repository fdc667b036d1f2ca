//! Values without an operator between them, values that are not there, and what no rule
//! could read.

use super::build::{Builder, Node};
use super::call::near_clause;
use super::complaint::Edit;
use super::complaints;
use super::place::Place;
use super::signs::{continues_name, is_blank};
use super::words::{CLAUSE_WORDS, reserved};
use crate::syntax::{ExprKind, Literal};

/// Tests of texts, which are functions here.
const TEXT_TESTS: &[&str] = &["contains", "starts_with", "matches"];
/// Words of other languages that stand between two values, and what is written instead.
const FOREIGN: &[(&str, &str)] = &[
    ("like", "a part of a text is found by `contains(x, \"text\")`"),
    ("ilike", "a part of a text is found by `contains(x, \"text\")`"),
    ("startswith", "the beginning of a text is tested by `starts_with(x, \"text\")`"),
    ("begins", "the beginning of a text is tested by `starts_with(x, \"text\")`"),
    ("equals", "equality is written `=`"),
    ("eq", "equality is written `=`"),
    ("mod", "there is no remainder"),
    ("div", "division is written `/`"),
    ("xor", "of two conditions exactly one holds if `a != b`"),
    ("till", "the two instants of `open` are joined by `until`"),
    ("plus", "a sum is written `+`"),
    ("minus", "a difference is written `-`"),
    ("times", "a product is written `*`"),
    ("divided", "a quotient is written `/`"),
    ("having", "a condition on groups is `count(where count() >= 5, per x)`"),
    ("group", "groups are made by `per` in a call, or by `by:` of the card"),
];
/// Words of other languages that begin something.
const OPENERS: &[(&str, &str)] = &[
    ("case", "a choice is written `if a then b else c`"),
    ("when", "a choice is written `if a then b else c`"),
    ("select", "an expression is one value, without `select`"),
    ("distinct", "different values are counted by `distinct(x)`"),
];

impl Builder<'_> {
    /// A value is expected at a byte, and nothing that could be one stands there.
    pub(super) fn nothing(&mut self, at: usize) -> Place {
        let following = self.next_word(at);
        let closing = |place: &Place| matches!(self.slice(*place), ")" | "]");
        let Some(next) = following.filter(|place| !closing(place)) else {
            let place = self.word_before(at);
            if self.complaints.iter().any(|complaint| complaint.place == place) {
                return place;
            }
            let closed = following.map(|place| self.slice(place));
            let after = self.slice(place);
            self.complain(complaints::value_expected_at_end(place, after, closed));
            return place;
        };
        let word = self.slice(next);
        if word == "=" && self.text().get(..at).is_some_and(|text| text.trim().is_empty())
        {
            self.complain(complaints::leading_equals(next));
        } else if reserved(word) {
            let name = is_word_alone(word);
            self.complain(complaints::reserved_word(next, word, name));
        } else if word == "%" {
            self.complain(complaints::percent(next));
        } else if word == "," {
            self.complain(complaints::surplus_comma(next));
        } else {
            self.complain(complaints::value_expected(next, word));
        }
        next
    }

    /// The word or sign that ends before a byte.
    fn word_before(&self, at: usize) -> Place {
        let text = self.text().get(..at).unwrap_or("").trim_end_matches(is_blank);
        let word = text.len() - text.trim_end_matches(continues_name).len();
        let sign = text.chars().next_back().map_or(0, char::len_utf8);
        Place::new(text.len() - word.max(sign), text.len())
    }

    /// What no rule could read, up to the bracket that closes it.
    pub(super) fn left_over(&mut self, place: Place) {
        let Some(next) = self.next_word(place.start) else { return };
        if self.touched(next.start) {
            return;
        }
        let word = self.slice(next);
        let small = word.to_lowercase();
        let complaint = if word == "%" {
            complaints::percent(next)
        } else if word == "," {
            complaints::comma(next)
        } else if word == ":" {
            complaints::colon(next)
        } else if word == "!" {
            let edit = Edit::replace(next, "not ");
            complaints::foreign_operator(next, word, "not", edit)
        } else if CLAUSE_WORDS.contains(&small.as_str()) || small == "until" {
            complaints::clause_outside(next, &small)
        } else if small == "then" || small == "else" {
            complaints::if_word_alone(next, &small)
        } else if reserved(word) {
            complaints::operator_expected(next, word)
        } else {
            let end =
                self.text().get(..place.end).unwrap_or("").trim_end_matches(is_blank);
            let whole = Place::new(next.start, end.len().max(next.end));
            complaints::unexpected(whole, &self.quote(whole))
        };
        self.complain(complaint);
    }

    /// Whether an error was already found that reaches to this byte, so that what stands
    /// here needs no second message.
    fn touched(&self, at: usize) -> bool {
        self.complaints.iter().any(|complaint| {
            let gap = self.text().get(complaint.reach..at).map(str::trim);
            complaint.is_error()
                && complaint.edits.is_empty()
                && (complaint.reach >= at || gap == Some(""))
        })
    }

    /// Values with nothing between them: one message for all of them.
    pub(super) fn side_by_side(&mut self, nodes: Vec<Node>) -> Node {
        let place = match (nodes.first(), nodes.last()) {
            (Some(first), Some(last)) => first.place.to(last.place),
            _ => Place::new(0, 0),
        };
        if let Some((word, meant)) =
            find_word(&nodes, OPENERS, true).or_else(|| find_word(&nodes, FOREIGN, false))
        {
            self.retract(place);
            self.complain(complaints::foreign_word(
                word,
                &self.quote(word),
                meant,
                place,
            ));
            return self.unsound(place);
        }
        if self.text_test(&nodes) || self.money_before(&nodes) || self.near_clause(&nodes)
        {
            return self.unsound(place);
        }
        if nodes.iter().any(Node::is_unsound) {
            return self.unsound(place);
        }
        let mut nodes = nodes.into_iter();
        if let (Some(first), Some(second)) = (nodes.next(), nodes.next()) {
            self.beside_each_other(&first, &second);
        }
        self.unsound(place)
    }

    fn beside_each_other(&mut self, first: &Node, second: &Node) {
        let (left, right) = (self.quote(first.place), self.quote(second.place));
        let between = first.place.to(second.place);
        let complaint = match (&first.expr.kind, &second.expr.kind) {
            (ExprKind::Literal(Literal::Ratio(_)), ExprKind::Literal(_)) => {
                complaints::percent(between)
            }
            (
                ExprKind::Literal(Literal::Duration { .. }),
                ExprKind::Literal(Literal::Number(_)),
            ) => complaints::unit_missing(second.place, &right),
            _ => complaints::operator_between(second.place, &left, &right),
        };
        self.complain(complaint);
    }

    /// `subject contains "VPN"`.
    fn text_test(&mut self, nodes: &[Node]) -> bool {
        let [value, name, text] = nodes else { return false };
        let Some(function) = name.name().filter(|name| TEXT_TESTS.contains(name)) else {
            return false;
        };
        let call = format!(
            "{function}({}, {})",
            self.quote(value.place),
            self.quote(text.place)
        );
        let edits = vec![
            Edit::insert(value.place.start, &format!("{function}(")),
            Edit::replace(Place::new(value.place.end, text.place.start), ", "),
            Edit::insert(text.place.end, ")"),
        ];
        self.complain(complaints::test_is_function(name.place, function, &call, edits));
        true
    }

    /// `perr person`: a clause whose word is misspelt.
    fn near_clause(&mut self, nodes: &[Node]) -> bool {
        let [word, _] = nodes else { return false };
        let Some((name, near)) =
            word.name().and_then(|name| Some((name, near_clause(name)?)))
        else {
            return false;
        };
        self.complain(complaints::unknown_argument(word.place, name, Some(near)));
        true
    }

    /// `EUR 50`.
    fn money_before(&mut self, nodes: &[Node]) -> bool {
        let [name, amount] = nodes else { return false };
        let Some(code) = name.name().filter(|name| {
            name.len() == 3 && name.bytes().all(|sign| sign.is_ascii_uppercase())
        }) else {
            return false;
        };
        if !matches!(amount.expr.kind, ExprKind::Literal(Literal::Number(_))) {
            return false;
        }
        let whole = name.place.to(amount.place);
        let number = self.slice(amount.place);
        let edit = Edit::replace(whole, &format!("{number} {code}"));
        self.complain(complaints::money_code_before(whole, code, number, edit));
        true
    }
}

/// The first name of a list of words among values side by side.
fn find_word(
    nodes: &[Node],
    words: &[(&str, &'static str)],
    first: bool,
) -> Option<(Place, &'static str)> {
    let some = if first { 1 } else { nodes.len() };
    nodes.iter().take(some).find_map(|node| {
        let name = node.name()?.to_lowercase();
        let (_, meant) = words.iter().find(|(word, _)| *word == name)?;
        Some((node.place, *meant))
    })
}

/// Whether a word cannot be an operator, so that a name was meant.
fn is_word_alone(word: &str) -> bool {
    let word = word.to_lowercase();
    !["and", "or", "or_else", "between", "is", "then", "else"].contains(&word.as_str())
}
