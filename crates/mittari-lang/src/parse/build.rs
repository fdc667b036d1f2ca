//! The builder: from what was parsed to the tree, complaining and going on.

use pest::iterators::Pair;

use super::complaint::{Complaint, Edit};
use super::complaints;
use super::grammar::Rule;
use super::limits::{DEEPEST, MOST_COMPLAINTS, MOST_VALUES};
use super::place::Place;
use super::signs::is_blank;
use crate::place::Located;
use crate::span::{Span, Spanned};
use crate::syntax::{Expr, ExprKind};

/// How many characters of the user's text a message repeats.
const LONGEST_QUOTE: usize = 40;

/// An expression while it is built.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) expr: Expr,
    /// Where it stands in the text, parentheses included.
    pub(super) place: Place,
    /// Whether it stands in parentheses, so that nothing is merged into it.
    pub(super) parens: bool,
    /// How deep its tree is.
    depth: u16,
}

impl Node {
    pub(super) fn is_unsound(&self) -> bool {
        self.expr.kind == ExprKind::Unsound
    }

    /// The name, if it is one plain name without a bracket.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.expr.kind {
            ExprKind::Name(path) if !self.parens => match path.parts.as_slice() {
                [only] => Some(&only.value),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads one text.
pub(super) struct Builder<'a> {
    pub(super) located: &'a Located,
    pub(super) complaints: Vec<Complaint>,
}

impl<'a> Builder<'a> {
    pub(super) const fn new(located: &'a Located) -> Self {
        Self { located, complaints: Vec::new() }
    }

    /// What was said.
    pub(super) fn finish(self) -> Vec<Complaint> {
        self.complaints
    }

    pub(super) fn complain(&mut self, complaint: Complaint) {
        // A few more than are shown are kept, for the count of the rest.
        if self.complaints.len() < 100 * MOST_COMPLAINTS {
            self.complaints.push(complaint);
        }
    }

    /// Takes back what was said inside a place, because one message explains it all.
    pub(super) fn retract(&mut self, place: Place) {
        self.complaints.retain(|complaint| {
            complaint.place.start < place.start || complaint.place.end > place.end
        });
    }

    /// Whether something inside a place could not be understood.
    pub(super) fn is_broken(&self, place: Place) -> bool {
        self.complaints.iter().any(|complaint| {
            complaint.is_error()
                && complaint.edits.is_empty()
                && complaint.place.start >= place.start
                && complaint.place.start <= place.end
        })
    }

    pub(super) fn text(&self) -> &'a str {
        &self.located.text
    }

    /// The user's own text at a place.
    pub(super) fn slice(&self, place: Place) -> &'a str {
        self.text().get(place.start..place.end).unwrap_or("")
    }

    /// The user's own text on one line and not too long, to be repeated in a message.
    pub(super) fn quote(&self, place: Place) -> String {
        let line = self.slice(place).split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= LONGEST_QUOTE {
            return line;
        }
        let head: String = line.chars().take(LONGEST_QUOTE - 1).collect();
        format!("{}…", head.trim_end())
    }

    pub(super) fn span(&self, place: Place) -> Span {
        self.located.span(place.start..place.end)
    }

    pub(super) fn spanned<T>(&self, value: T, place: Place) -> Spanned<T> {
        Spanned::new(value, self.span(place))
    }

    /// The place of a rule without the blanks that it may have taken at its end.
    pub(super) fn trimmed(pair: &Pair<'_, Rule>) -> Place {
        let text = pair.as_str();
        let start = pair.as_span().start()
            + (text.len() - text.trim_start_matches(is_blank).len());
        let end = pair.as_span().start() + text.trim_end_matches(is_blank).len();
        Place::new(start, end.max(start))
    }

    /// The next word or sign from a byte on, blanks and comments left out.
    pub(super) fn next_word(&self, at: usize) -> Option<Place> {
        let text = self.text();
        let mut at = at;
        loop {
            let rest = text.get(at..)?;
            at += rest.len() - rest.trim_start_matches(is_blank).len();
            let rest = text.get(at..)?;
            if !rest.starts_with('#') {
                break;
            }
            at += rest.find(['\n', '\r']).unwrap_or(rest.len());
        }
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        let len = if super::signs::continues_name(first) {
            rest.find(|sign| !super::signs::continues_name(sign)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        Some(Place::new(at, at + len))
    }

    /// A node of the tree, whose depth is one more than that of its deepest part.
    pub(super) fn node(&mut self, kind: ExprKind, place: Place, deepest: u16) -> Node {
        let depth = deepest.saturating_add(1);
        if depth > DEEPEST {
            // What stands around it is as deep, and needs no message of its own.
            let deep = crate::diagnostic::Code::FormulaTooDeep;
            if self.complaints.iter().all(|complaint| complaint.code != deep) {
                self.complain(complaints::tree_too_deep(place));
            }
            return self.unsound(place);
        }
        Node { expr: Expr { kind, span: self.span(place) }, place, parens: false, depth }
    }

    /// A value without parts.
    pub(super) fn leaf(&self, kind: ExprKind, place: Place) -> Node {
        Node {
            expr: Expr { kind, span: self.span(place) },
            place,
            parens: false,
            depth: 1,
        }
    }

    pub(super) fn unsound(&self, place: Place) -> Node {
        self.leaf(ExprKind::Unsound, place)
    }

    /// A whole formula.
    pub(super) fn whole(&mut self, pair: Pair<'_, Rule>) -> Option<Expr> {
        let mut node = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::expr => node = Some(self.expr(part)),
                Rule::rest => {
                    self.left_over(Place::of(&part));
                    return None;
                }
                _ => {}
            }
        }
        node.map(|node| node.expr)
    }

    /// One value: a name, a call, a written value, something in brackets.
    pub(super) fn primary(&mut self, pair: Pair<'_, Rule>) -> Node {
        match pair.as_rule() {
            Rule::branch => self.branch(pair),
            Rule::loose_date => self.loose_date(&pair),
            Rule::written_date => self.written_date(pair),
            Rule::quantity => self.quantity(pair),
            Rule::text => self.written_text(&pair),
            Rule::list => self.list(pair),
            Rule::paren => self.paren(pair),
            Rule::truth => self.truth(&pair),
            Rule::missing => self.missing(&pair),
            Rule::reference => self.reference(pair),
            _ => {
                let place = Self::trimmed(&pair);
                self.complain(complaints::unread(place.start, self.text().len()));
                self.unsound(place)
            }
        }
    }

    /// A word of the language is written small.
    pub(super) fn keyword(&mut self, pair: &Pair<'_, Rule>) {
        let word = pair.as_str();
        if word.chars().any(char::is_uppercase) {
            self.complain(complaints::keyword_case(Place::of(pair), word));
        }
    }

    /// `( ... )`: one value.
    fn paren(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Place::of(&pair);
        let (mut values, faulty) = self.bracketed(pair);
        if faulty {
            return self.unsound(place);
        }
        if values.len() > 1 {
            self.complain(complaints::several_in_brackets(place));
            return self.unsound(place);
        }
        match values.pop() {
            Some(mut node) => {
                node.parens = true;
                node.place = place;
                node.expr.span = self.span(place);
                node
            }
            None => self.unsound(place),
        }
    }

    /// `[ ... ]`: a list of written values and parameters.
    fn list(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Place::of(&pair);
        let (values, faulty) = self.bracketed(pair);
        if faulty {
            return self.unsound(place);
        }
        self.list_of(values, place)
    }

    /// The values between brackets, and whether something was left over.
    pub(super) fn bracketed(&mut self, pair: Pair<'_, Rule>) -> (Vec<Node>, bool) {
        let mut values = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::expr => values.push(self.expr(part)),
                Rule::rest => {
                    self.left_over(Place::of(&part));
                    return (values, true);
                }
                _ => {}
            }
        }
        (values, false)
    }

    /// A list of values that were read.
    pub(super) fn list_of(&mut self, values: Vec<Node>, place: Place) -> Node {
        if values.is_empty() {
            self.complain(complaints::list_empty(place));
            return self.unsound(place);
        }
        if values.len() > MOST_VALUES {
            self.complain(complaints::too_many_values(place));
            return self.unsound(place);
        }
        for value in &values {
            if !is_written(&value.expr) {
                let found = self.quote(value.place);
                self.complain(complaints::list_value(value.place, &found));
            }
        }
        let deepest = deepest(&values);
        let values = values.into_iter().map(|node| node.expr).collect();
        self.node(ExprKind::List(values), place, deepest)
    }

    /// `if a then b else if c then d else e`.
    fn branch(&mut self, pair: Pair<'_, Rule>) -> Node {
        let start = pair.as_span().start();
        let mut reader = Branch::default();
        let called = called_if(&pair);
        self.branch_parts(pair, &mut reader);
        let end = reader.end.max(start + 2);
        let place = Place::new(start, end);
        if let Some(edits) = called {
            self.complain(complaints::if_called(place, edits));
            return self.unsound(place);
        }
        if let Some(at) = reader.without_then {
            self.complain(complaints::if_without_then(at));
            return self.unsound(place);
        }
        let Some(otherwise) = reader.otherwise else {
            self.complain(complaints::if_without_else(Place::new(start, start + 2)));
            return self.unsound(place);
        };
        let mut depth = otherwise.depth;
        let mut branches = Vec::new();
        for (condition, value) in reader.branches {
            depth = depth.max(condition.depth).max(value.depth);
            branches.push((condition.expr, value.expr));
        }
        let otherwise = Box::new(otherwise.expr);
        self.node(ExprKind::If { branches, otherwise }, place, depth)
    }

    /// The parts of an `if`, and those of each `else if` behind it.
    fn branch_parts(&mut self, pair: Pair<'_, Rule>, reader: &mut Branch) {
        let word = Place::new(pair.as_span().start(), pair.as_span().start() + 2);
        let mut condition = None;
        let mut expects_else = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_else => {
                    self.keyword(&part);
                    expects_else = true;
                }
                Rule::kw_if | Rule::kw_then => {
                    self.keyword(&part);
                    expects_else = false;
                }
                Rule::else_branch => self.branch_parts(part, reader),
                Rule::expr => {
                    let said = self.complaints.len();
                    let node = self.expr(part);
                    reader.end = node.place.end;
                    if expects_else {
                        reader.otherwise = Some(node);
                    } else if let Some(first) = condition.take() {
                        reader.branches.push((first, node));
                    } else {
                        reader.said = said;
                        condition = Some(node);
                    }
                }
                _ => {}
            }
        }
        if condition.is_some() && reader.without_then.is_none() {
            // What was said of a condition without `then` comes of the missing word.
            self.complaints.truncate(reader.said);
            reader.without_then = Some(word);
        }
    }

    /// What follows `until`.
    pub(super) fn until(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Self::trimmed(&pair);
        let mut node = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_until => self.keyword(&part),
                Rule::expr => node = Some(self.expr(part)),
                _ => {}
            }
        }
        node.unwrap_or_else(|| self.unsound(place))
    }

    /// The sign before a value: another dash is read and corrected.
    pub(super) fn sign(&mut self, pair: &Pair<'_, Rule>) {
        self.operator(pair, "-");
    }

    /// An operator whose sign is another one.
    pub(super) fn operator(&mut self, pair: &Pair<'_, Rule>, wanted: &str) {
        let found = pair.as_str();
        if found != wanted {
            let place = Place::of(pair);
            let edit = self.spaced(place, wanted);
            self.complain(complaints::foreign_operator(place, found, wanted, edit));
        }
    }

    /// A replacement by a word, with the blanks that a word needs and a sign does not.
    pub(super) fn spaced(&self, place: Place, word: &str) -> Edit {
        if !word.starts_with(|sign: char| sign.is_alphabetic()) {
            return Edit::replace(place, word);
        }
        let before = self.text().get(..place.start).unwrap_or("").chars().next_back();
        let after = self.text().get(place.end..).unwrap_or("").chars().next();
        let open = |sign: Option<char>| {
            sign.is_none_or(|sign| is_blank(sign) || matches!(sign, '(' | '['))
        };
        let left = if open(before) { "" } else { " " };
        let right = if after.is_none_or(is_blank) { "" } else { " " };
        Edit::replace(place, &format!("{left}{word}{right}"))
    }
}

/// What an `if` was made of.
#[derive(Default)]
struct Branch {
    branches: Vec<(Node, Node)>,
    otherwise: Option<Node>,
    without_then: Option<Place>,
    /// How much had been said before the last condition.
    said: usize,
    end: usize,
}

/// The place from the first node to the last.
pub(super) fn around(nodes: &[Node]) -> Place {
    match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.place.to(last.place),
        _ => Place::new(0, 0),
    }
}

/// The depth of the deepest node.
pub(super) fn deepest(nodes: &[Node]) -> u16 {
    nodes.iter().map(Node::depth).max().unwrap_or(0)
}

impl Node {
    pub(super) const fn depth(&self) -> u16 {
        self.depth
    }
}

/// Whether a value may stand in a list: written out, or a parameter's name.
fn is_written(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Unsound => true,
        ExprKind::Name(path) => path.parts.len() == 1,
        ExprKind::Negative(inner) => matches!(inner.kind, ExprKind::Literal(_)),
        _ => false,
    }
}

/// The edits that turn `if(a, b, c)` into words, if it is written so.
fn called_if(pair: &Pair<'_, Rule>) -> Option<Vec<Edit>> {
    let mut parts = pair.clone().into_inner();
    let condition = parts.find(|part| part.as_rule() == Rule::expr)?;
    if parts.any(|part| part.as_rule() == Rule::kw_then) {
        return None;
    }
    let mut inner = condition.into_inner();
    let paren = inner.next().filter(|part| part.as_rule() == Rule::paren)?;
    let place = Place::of(&paren);
    let commas: Vec<Place> = paren
        .into_inner()
        .filter(|part| part.as_rule() == Rule::comma)
        .map(|part| Place::of(&part))
        .collect();
    let [first, second] = commas.as_slice() else { return None };
    Some(vec![
        Edit::replace(Place::new(place.start, place.start + 1), " "),
        Edit::replace(*first, " then"),
        Edit::replace(*second, " else"),
        Edit::remove(Place::new(place.end - 1, place.end)),
    ])
}
