//! The clauses of a call: a word and what it takes.

use pest::iterators::Pair;

use super::build::{Builder, Node};
use super::call::Arguments;
use super::complaint::Edit;
use super::complaints;
use super::grammar::Rule;
use super::limits::MOST_PERIODS;
use super::place::Place;
use super::signs::is_blank;
use crate::span::Spanned;
use crate::syntax::{Clause, ClauseKind, ExprKind, Literal, Window};
use crate::types::Period;

/// A clause as it was parsed.
struct Parts<'i> {
    word: Place,
    expr: Option<Pair<'i, Rule>>,
    until: Option<Pair<'i, Rule>>,
}

impl Builder<'_> {
    /// Reads a clause into the call and says where it ends.
    pub(super) fn clause(
        &mut self,
        pair: Pair<'_, Rule>,
        arguments: &mut Arguments,
    ) -> Option<usize> {
        let parts = self.clause_parts(pair);
        let word = self.slice(parts.word).to_lowercase();
        let mut end = parts.word.end;
        if word != "open"
            && let Some(until) = &parts.until
        {
            let place = Self::trimmed(until);
            self.complain(complaints::until_outside(place));
        }
        let until = parts.until.filter(|_| word == "open");
        let kind = match word.as_str() {
            "over" => self.over(parts.expr?, &mut end).map(ClauseKind::Over),
            "open" => {
                let from = self.expr(parts.expr?);
                arguments.deepen(from.depth());
                let until = until.map(|until| self.until(until));
                end = until.as_ref().unwrap_or(&from).place.end;
                arguments.deepen(until.as_ref().map_or(0, Node::depth));
                self.open(from, until, parts.word)
            }
            _ => {
                let node = self.expr(parts.expr?);
                end = node.place.end;
                arguments.deepen(node.depth());
                self.clause_kind(&word, node)
            }
        };
        let place = Place::new(parts.word.start, end);
        if let Some(kind) = kind {
            self.add_clause(kind, place, parts.word, arguments);
        }
        Some(end)
    }

    fn clause_parts<'i>(&mut self, pair: Pair<'i, Rule>) -> Parts<'i> {
        let mut parts = Parts { word: Place::of(&pair), expr: None, until: None };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::clause_word => {
                    self.keyword(&part);
                    parts.word = Place::of(&part);
                }
                Rule::equals => {
                    let word = self.slice(parts.word).to_lowercase();
                    let place = Place::of(&part);
                    let gap = self.gap(place);
                    self.complain(complaints::clause_equals(place, gap, &word));
                }
                Rule::expr => parts.expr = Some(part),
                Rule::until_part => parts.until = Some(part),
                _ => {}
            }
        }
        parts
    }

    fn add_clause(
        &mut self,
        kind: ClauseKind,
        place: Place,
        word: Place,
        arguments: &mut Arguments,
    ) {
        let clause = Clause { kind, span: self.span(place) };
        let name = clause.kind.word();
        if arguments.clauses.iter().any(|known| known.kind.word() == name) {
            self.complain(complaints::clause_twice(word, name));
            return;
        }
        arguments.clauses.push(clause);
    }

    /// A sign with the blanks around it.
    fn gap(&self, place: Place) -> Place {
        let before = self.text().get(..place.start).unwrap_or("");
        let after = self.text().get(place.end..).unwrap_or("");
        let end = self.text().len() - after.trim_start_matches(is_blank).len();
        Place::new(before.trim_end_matches(is_blank).len(), end)
    }

    fn clause_kind(&mut self, word: &str, node: Node) -> Option<ClauseKind> {
        Some(match word {
            "where" => ClauseKind::Where(node.expr),
            "dated" => ClauseKind::Dated(node.expr),
            "per" => ClauseKind::Per(node.expr),
            "by" => ClauseKind::By(node.expr),
            "calendar" => ClauseKind::Calendar(node.expr),
            "worst" => ClauseKind::Worst(node.expr),
            "best" => ClauseKind::Best(node.expr),
            "from" => ClauseKind::From(self.clause_name(word, &node)?),
            "its" => ClauseKind::Its(self.clause_name(word, &node)?),
            "except" => ClauseKind::Except(self.clause_name(word, &node)?),
            "across" => {
                let name = self.clause_name(word, &node)?;
                ClauseKind::Across(Some(name).filter(|name| name.value != "all"))
            }
            _ => return None,
        })
    }

    /// A clause that takes one name.
    fn clause_name(&mut self, word: &str, node: &Node) -> Option<Spanned<String>> {
        if let Some(name) = node.name() {
            return Some(self.spanned(name.to_owned(), node.place));
        }
        match &node.expr.kind {
            ExprKind::Unsound => {}
            ExprKind::Literal(Literal::Text(name)) => {
                let edit = Edit::replace(node.place, name);
                self.complain(complaints::clause_quotes(node.place, word, edit));
            }
            _ => {
                let found = self.quote(node.place);
                self.complain(complaints::clause_name(node.place, word, &found));
            }
        }
        None
    }

    /// `open opened_at until resolved_at`.
    fn open(
        &mut self,
        from: Node,
        until: Option<Node>,
        word: Place,
    ) -> Option<ClauseKind> {
        if let Some(until) = until {
            return Some(ClauseKind::Open { from: from.expr, until: until.expr });
        }
        if !from.is_unsound() {
            self.complain(complaints::until_missing(word.to(from.place)));
        }
        None
    }

    /// `over 12 months`.
    fn over(&mut self, pair: Pair<'_, Rule>, end: &mut usize) -> Option<Spanned<Window>> {
        let place = Self::trimmed(&pair);
        *end = place.end;
        let mut parts = pair.into_inner();
        let (first, more) = (parts.next(), parts.next());
        let window = match (first, more) {
            (Some(quantity), None) if quantity.as_rule() == Rule::quantity => {
                let place = Place::of(&quantity);
                *end = place.end;
                window_of(&quantity).map(|window| self.spanned(window, place))
            }
            _ => None,
        };
        if window.is_none() {
            self.complain(complaints::window_form(place, &self.quote(place)));
        }
        window
    }

    /// A length in periods as a value of its own: `12 months`.
    pub(super) fn window_value(
        &mut self,
        pair: Pair<'_, Rule>,
    ) -> Option<Spanned<Window>> {
        let place = Self::trimmed(&pair);
        let mut parts = pair.into_inner().filter(|part| part.as_rule() != Rule::EOI);
        let window = match (parts.next(), parts.next()) {
            (Some(quantity), None) if quantity.as_rule() == Rule::quantity => {
                window_of(&quantity)
            }
            _ => None,
        };
        if window.is_none() {
            self.complain(complaints::window_form(place, &self.quote(place)));
        }
        window.map(|window| self.spanned(window, place))
    }
}

/// The window a quantity says: one number, from 1 to 10 000, and one word.
fn window_of(pair: &Pair<'_, Rule>) -> Option<Window> {
    let mut measures = pair.clone().into_inner();
    let measure = measures.next()?;
    if measures.next().is_some() {
        return None;
    }
    let mut parts = measure.into_inner();
    let count: u32 = parts.next()?.as_str().parse().ok()?;
    let word = parts.next()?.as_str();
    let unit = Period::named(word)
        .or_else(|| word.strip_suffix('s').and_then(Period::named))
        .filter(|unit| *unit != Period::Whole)?;
    (1..=MOST_PERIODS).contains(&count).then_some(Window { count, unit })
}
