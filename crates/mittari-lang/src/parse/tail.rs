//! Tests behind a value: `in`, `between`, `is`, and `at`; and comparisons that are tests
//! in disguise.

use pest::iterators::Pair;

use super::build::{Builder, Node};
use super::complaint::Edit;
use super::complaints;
use super::grammar::Rule;
use super::place::Place;
use crate::syntax::ExprKind;

/// Words for a value that is not there, as other languages have them.
const ABSENT: &[&str] =
    &["null", "none", "nil", "nothing", "empty", "blank", "absent", "na"];
/// Words for a value that is there.
const PRESENT: &[&str] = &["present", "set", "given", "there", "notnull"];

/// What a test says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Missing,
    Known,
}

impl Test {
    const fn turned(self) -> Self {
        match self {
            Self::Missing => Self::Known,
            Self::Known => Self::Missing,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::Known => "is known",
        }
    }

    fn of(self, node: Node) -> ExprKind {
        let value = Box::new(node.expr);
        match self {
            Self::Missing => ExprKind::IsMissing(value),
            Self::Known => ExprKind::IsKnown(value),
        }
    }
}

impl Builder<'_> {
    /// A test behind a value.
    pub(super) fn tail(&mut self, node: Node, pair: Pair<'_, Rule>) -> Node {
        self.check_bare_if(&node);
        match pair.as_rule() {
            Rule::in_tail => self.in_tail(node, pair),
            Rule::between_tail => self.between_tail(node, pair),
            _ => self.is_tail(node, pair),
        }
    }

    /// `budget[priority] at opened_at`.
    pub(super) fn at(&mut self, value: Node, pair: Pair<'_, Rule>) -> Node {
        let mut word = Place::of(&pair);
        let mut instant = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_at => {
                    self.keyword(&part);
                    word = Place::of(&part);
                }
                Rule::nothing => {
                    let place = self.nothing(part.as_span().start());
                    return self.unsound(value.place.to(place));
                }
                _ => instant = Some(self.primary(part)),
            }
        }
        let Some(instant) = instant else { return value };
        let place = value.place.to(instant.place);
        let depth = value.depth().max(instant.depth());
        self.check_bare_if(&instant);
        let sound = match &value.expr.kind {
            ExprKind::Name(_) | ExprKind::Subscript { .. } | ExprKind::Unsound => {
                !value.parens
            }
            _ => false,
        };
        if !sound {
            self.complain(complaints::at_form(word, &self.quote(value.place)));
            return self.unsound(place);
        }
        let (value, instant) = (Box::new(value.expr), Box::new(instant.expr));
        self.node(ExprKind::At { value, instant }, place, depth)
    }

    fn in_tail(&mut self, value: Node, pair: Pair<'_, Rule>) -> Node {
        let mut negated = false;
        let mut list = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_not => {
                    self.keyword(&part);
                    negated = true;
                }
                Rule::kw_in => self.keyword(&part),
                Rule::nothing => {
                    let place = self.nothing(part.as_span().start());
                    return self.unsound(value.place.to(place));
                }
                Rule::at_tail => {
                    list = list.take().map(|node| self.at(node, part));
                }
                _ => list = Some(self.in_list(part)),
            }
        }
        let Some(list) = list else { return self.unsound(value.place) };
        self.within(value, list, negated)
    }

    /// What stands behind `in`: a list, or the name of one; other brackets and none are
    /// read and corrected.
    fn in_list(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Place::of(&pair);
        match pair.as_rule() {
            Rule::list => self.primary(pair),
            Rule::paren => {
                let (values, faulty) = self.bracketed(pair);
                if faulty {
                    return self.unsound(place);
                }
                if let [only] = values.as_slice()
                    && matches!(only.expr.kind, ExprKind::Name(_))
                {
                    return values
                        .into_iter()
                        .next()
                        .unwrap_or_else(|| self.unsound(place));
                }
                if values.iter().any(Node::is_unsound) {
                    return self.unsound(place);
                }
                self.complain(complaints::round_list(place));
                self.list_of(values, place)
            }
            Rule::reference => {
                let node = self.primary(pair);
                if matches!(node.expr.kind, ExprKind::Call(_)) {
                    self.complain(complaints::no_list(
                        node.place,
                        &self.quote(node.place),
                    ));
                    return self.unsound(place);
                }
                node
            }
            _ => {
                let node = self.primary(pair);
                if node.is_unsound() {
                    return node;
                }
                let place = node.place;
                if !matches!(node.expr.kind, ExprKind::Literal(_)) {
                    self.complain(complaints::no_list(place, &self.quote(place)));
                    return self.unsound(place);
                }
                self.complain(complaints::bare_list(place));
                self.list_of(vec![node], place)
            }
        }
    }

    /// `value in list`.
    pub(super) fn within(&mut self, value: Node, list: Node, negated: bool) -> Node {
        let place = value.place.to(list.place);
        let depth = value.depth().max(list.depth());
        let (value, list) = (Box::new(value.expr), Box::new(list.expr));
        self.node(ExprKind::In { value, list, negated }, place, depth)
    }

    fn between_tail(&mut self, value: Node, pair: Pair<'_, Rule>) -> Node {
        let whole = Self::trimmed(&pair);
        let mut negated = false;
        let mut word = whole;
        let mut ends = Vec::new();
        let said = self.complaints.len();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_not => {
                    self.keyword(&part);
                    negated = true;
                }
                Rule::kw_between => {
                    self.keyword(&part);
                    word = Place::of(&part);
                }
                Rule::kw_and => self.keyword(&part),
                Rule::sum => ends.push(self.sum(part)),
                _ => {}
            }
        }
        let depth = super::build::deepest(&ends).max(value.depth());
        let mut ends = ends.into_iter();
        let (Some(low), Some(high)) = (ends.next(), ends.next()) else {
            // What was said of the single end comes of the missing `and`.
            self.complaints.truncate(said);
            self.complain(complaints::between_and(Place::new(word.start, whole.end)));
            return self.unsound(value.place.to(whole));
        };
        self.check_bare_if(&low);
        self.check_bare_if(&high);
        let place = value.place.to(high.place);
        let kind = ExprKind::Between {
            value: Box::new(value.expr),
            low: Box::new(low.expr),
            high: Box::new(high.expr),
            negated,
        };
        self.node(kind, place, depth)
    }

    fn is_tail(&mut self, value: Node, pair: Pair<'_, Rule>) -> Node {
        let tail = Self::trimmed(&pair);
        let mut not = None;
        let mut is = tail;
        let mut parts = pair.into_inner();
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::kw_is => {
                    self.keyword(&part);
                    is = Place::of(&part);
                }
                Rule::kw_not => not = Some(Place::of(&part)),
                Rule::kw_in => {
                    let start = not.map_or(Place::of(&part).start, |place| place.start);
                    self.complain(complaints::is_in(Place::new(is.start, start)));
                    let Some(list) = parts.next() else { break };
                    if list.as_rule() == Rule::nothing {
                        let at = list.as_span().start();
                        let place = self.nothing(at);
                        return self.unsound(value.place.to(place));
                    }
                    let list = self.in_list(list);
                    return self.within(value, list, not.is_some());
                }
                Rule::any_word => {
                    let place = is.to(Place::of(&part));
                    return self.is_word(value, place, not.is_some(), part.as_str());
                }
                _ => {}
            }
        }
        let place = value.place.to(tail);
        self.complain(complaints::is_alone(tail, &self.quote(tail)));
        self.unsound(place)
    }

    /// `is missing`, `is known`, and what other languages say for them.
    fn is_word(&mut self, value: Node, tail: Place, not: bool, word: &str) -> Node {
        let place = value.place.to(tail);
        let small = word.to_lowercase();
        let said = match small.as_str() {
            "missing" => Some(Test::Missing),
            "known" => Some(Test::Known),
            _ if ABSENT.contains(&small.as_str()) => Some(Test::Missing),
            _ if PRESENT.contains(&small.as_str()) => Some(Test::Known),
            _ => None,
        };
        let Some(said) = said else {
            return self.is_other(&value, tail, not, word);
        };
        let meant = if not { said.turned() } else { said };
        if not || !matches!(small.as_str(), "missing" | "known") {
            let found = self.quote(tail);
            self.complain(complaints::is_word(tail, &found, meant.words()));
        } else if word != small {
            let start = tail.end - word.len();
            self.complain(complaints::keyword_case(Place::new(start, tail.end), word));
        }
        let depth = value.depth();
        self.node(meant.of(value), place, depth)
    }

    /// `is true`, `is phone`: a comparison or the condition itself is meant.
    fn is_other(&mut self, value: &Node, tail: Place, not: bool, word: &str) -> Node {
        let place = value.place.to(tail);
        let gap = Place::new(value.place.end, tail.end);
        let small = word.to_lowercase();
        let truth = matches!(small.as_str(), "true" | "false");
        if truth {
            let turned = (small == "false") != not;
            let mut edits = vec![Edit::remove(gap)];
            if turned {
                edits.insert(0, Edit::insert(value.place.start, "not "));
            }
            self.complain(complaints::is_truth(tail, turned, edits));
        } else {
            self.complain(complaints::is_value(tail, &self.quote(tail), None));
        }
        self.unsound(place)
    }

    /// A value behind a test that was complete or lacked its word.
    pub(super) fn stray_after_tail(&mut self, tail: &Pair<'_, Rule>, stray: &Node) {
        if stray.is_unsound() {
            return;
        }
        let place = Self::trimmed(tail).to(stray.place);
        if tail.as_rule() == Rule::is_tail {
            let parts = tail.clone().into_inner();
            let mut words: Vec<_> = parts.collect();
            if words.last().is_some_and(|part| part.as_rule() != Rule::any_word) {
                let sign = if words.len() > 1 { "!=" } else { "=" };
                let is = words.swap_remove(0);
                let end = words.last().map_or(Place::of(&is), Place::of);
                let edit = Edit::replace(Place::of(&is).to(end), sign);
                let literal = matches!(stray.expr.kind, ExprKind::Literal(_));
                let found = self.quote(place);
                self.complain(complaints::is_value(
                    place,
                    &found,
                    literal.then_some(edit),
                ));
                return;
            }
        }
        if tail.as_rule() == Rule::between_tail {
            self.complain(complaints::between_and(place));
            return;
        }
        self.complain(complaints::operator_expected(
            stray.place,
            &self.quote(stray.place),
        ));
    }
}
