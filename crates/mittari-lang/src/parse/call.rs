//! Names, calls and tables of parameters.

use pest::iterators::Pair;

use super::build::{Builder, Node, deepest};
use super::complaint::{Complaint, Edit};
use super::complaints;
use super::grammar::Rule;
use super::limits::MOST_PARTS;
use super::place::Place;
use super::words::reserved;
use crate::span::Spanned;
use crate::syntax::{Call, Clause, ExprKind, Path};

/// The values and clauses of a call, as they are read.
#[derive(Default)]
pub(super) struct Arguments {
    values: Vec<Node>,
    pub(super) clauses: Vec<Clause>,
    depth: u16,
    faulty: bool,
    /// Whether a comma stands since the last value or clause.
    comma: bool,
    /// Where the last value or clause ends.
    end: Option<usize>,
}

impl Arguments {
    pub(super) fn deepen(&mut self, depth: u16) {
        self.depth = self.depth.max(depth);
    }
}

impl Builder<'_> {
    /// A name alone, a call, or a look-up in a table.
    pub(super) fn reference(&mut self, pair: Pair<'_, Rule>) -> Node {
        if self.date_call(&pair) {
            let place = Self::trimmed(&pair);
            return self.unsound(place);
        }
        let mut parts = pair.into_inner();
        let Some(first) = parts.next() else { return self.unsound(Place::new(0, 0)) };
        let place = Place::of(&first);
        let Some(names) = self.path(first) else {
            // The path was complained about; what is in its brackets is still read.
            let whole = parts.next().map_or(place, |part| {
                let whole = place.to(Place::of(&part));
                if part.as_rule() == Rule::subscript {
                    self.bracketed(part);
                } else {
                    self.arguments(part, "");
                }
                whole
            });
            return self.unsound(whole);
        };
        match parts.next() {
            None => self.leaf(ExprKind::Name(Path { parts: names }), place),
            Some(part) if part.as_rule() == Rule::subscript => {
                self.subscript(names, place, part)
            }
            Some(part) => self.call(names, place, part),
        }
    }

    /// The names of a path; none if one of them is no name.
    fn path(&mut self, pair: Pair<'_, Rule>) -> Option<Vec<Spanned<String>>> {
        let whole = Place::of(&pair);
        let mut names = Vec::new();
        let mut sound = true;
        for part in pair.into_inner() {
            let place = Place::of(&part);
            if part.as_rule() == Rule::any_word && reserved(part.as_str()) {
                self.complain(complaints::reserved_part(place, part.as_str()));
                sound = false;
            }
            names.push(self.spanned(part.as_str().to_owned(), place));
        }
        if names.len() > MOST_PARTS {
            self.complain(complaints::too_many_steps(whole, MOST_PARTS - 1));
            sound = false;
        }
        sound.then_some(names)
    }

    /// `date(...)` around anything but a day: read here, because a day is a written value.
    pub(super) fn date_call(&mut self, pair: &Pair<'_, Rule>) -> bool {
        let mut parts = pair.clone().into_inner();
        let (Some(path), Some(arguments)) = (parts.next(), parts.next()) else {
            return false;
        };
        if !path.as_str().eq_ignore_ascii_case("date")
            || arguments.as_rule() != Rule::arguments
        {
            return false;
        }
        let place = Place::of(&path).to(Place::of(&arguments));
        let inner: Vec<_> = arguments.into_inner().collect();
        let only = match inner.as_slice() {
            [only] if only.as_rule() == Rule::expr => only.clone().into_inner().collect(),
            _ => Vec::new(),
        };
        let complaint = match only.as_slice() {
            [text] if text.as_rule() == Rule::text => Self::date_of_text(place, text),
            [name] if name.as_rule() == Rule::reference => {
                let word = Edit::replace(Place::of(&path), "date_of");
                complaints::date_of(place, Some(word))
            }
            _ => complaints::date_of(place, None),
        };
        self.complain(complaint);
        true
    }

    /// `date("2026-01-31")`.
    fn date_of_text(place: Place, text: &Pair<'_, Rule>) -> Complaint {
        let inside = text.as_str().trim_matches(['"', '\'']);
        if super::literal::day(inside).is_none() {
            return complaints::date_of(place, None);
        }
        let edit = Edit::replace(Place::of(text), inside);
        complaints::quoted_date(place, inside, vec![edit])
    }

    /// `budget[priority]`.
    fn subscript(
        &mut self,
        mut names: Vec<Spanned<String>>,
        place: Place,
        pair: Pair<'_, Rule>,
    ) -> Node {
        let brackets = Place::of(&pair);
        let whole = place.to(brackets);
        let (keys, faulty) = self.bracketed(pair);
        if faulty {
            return self.unsound(whole);
        }
        if names.len() > 1 {
            self.complain(complaints::table_path(place));
            return self.unsound(whole);
        }
        if keys.is_empty() {
            self.complain(complaints::key_expected(brackets));
            return self.unsound(whole);
        }
        let Some(table) = names.pop() else { return self.unsound(whole) };
        let depth = deepest(&keys);
        let keys = keys.into_iter().map(|key| key.expr).collect();
        self.node(ExprKind::Subscript { table, keys }, whole, depth)
    }

    fn call(
        &mut self,
        mut names: Vec<Spanned<String>>,
        place: Place,
        pair: Pair<'_, Rule>,
    ) -> Node {
        let brackets = Place::of(&pair);
        let whole = place.to(brackets);
        if names.len() > 1 {
            let empty = pair.as_str().trim_matches(['(', ')']).trim().is_empty();
            self.complain(method(self.slice(place), place, brackets, empty));
            return self.unsound(whole);
        }
        let Some(name) = names.pop() else { return self.unsound(whole) };
        let arguments = self.arguments(pair, &name.value);
        if arguments.faulty {
            return self.unsound(whole);
        }
        let call = Call {
            name,
            arguments: arguments.values.into_iter().map(|node| node.expr).collect(),
            clauses: arguments.clauses,
        };
        self.node(ExprKind::Call(call), whole, arguments.depth)
    }

    /// What stands in the parentheses of a call.
    fn arguments(&mut self, pair: Pair<'_, Rule>, function: &str) -> Arguments {
        let mut arguments = Arguments { comma: true, ..Arguments::default() };
        for part in pair.into_inner() {
            let place = Self::trimmed(&part);
            match part.as_rule() {
                Rule::comma => {
                    arguments.comma = true;
                    continue;
                }
                Rule::star => self.complain(complaints::star(place, function)),
                Rule::named => self.named(part, &mut arguments),
                Rule::clause => self.clause_of(part, &mut arguments),
                Rule::rest => {
                    self.left_over(Place::of(&part));
                    arguments.faulty = true;
                }
                _ => self.value_of(part, &mut arguments),
            }
            arguments.comma = false;
        }
        arguments
    }

    fn value_of(&mut self, pair: Pair<'_, Rule>, arguments: &mut Arguments) {
        let node = self.expr(pair);
        arguments.deepen(node.depth());
        arguments.end = Some(node.place.end);
        if let Some(clause) = arguments.clauses.last()
            && !node.is_unsound()
        {
            let word = clause.kind.word();
            self.complain(complaints::value_after_clause(node.place, word));
            arguments.faulty = true;
        }
        arguments.values.push(node);
    }

    fn clause_of(&mut self, pair: Pair<'_, Rule>, arguments: &mut Arguments) {
        let start = pair.as_span().start();
        if !arguments.comma
            && let Some(end) = arguments.end
        {
            let word = self.next_word(start).unwrap_or(Place::new(start, start));
            let found = self.quote(word);
            self.complain(complaints::comma_missing(
                word,
                &found,
                Edit::insert(end, ","),
            ));
        }
        arguments.end = self.clause(pair, arguments);
    }

    /// `low: 60 %`: only clause words take a colon.
    fn named(&mut self, pair: Pair<'_, Rule>, arguments: &mut Arguments) {
        let mut parts = pair.into_inner();
        if let Some(path) = parts.next() {
            let near = near_clause(path.as_str());
            self.complain(complaints::unknown_argument(
                Place::of(&path),
                path.as_str(),
                near,
            ));
        }
        arguments.faulty = true;
    }
}

/// `x.opened_at.hour()`: what is meant is `hour(x.opened_at)`.
fn method(path: &str, place: Place, brackets: Place, empty: bool) -> Complaint {
    let (value, function) = path.rsplit_once('.').unwrap_or((path, ""));
    let call = format!("{function}({value}{})", if empty { "" } else { ", ..." });
    let whole = place.to(brackets);
    let edit = empty.then(|| Edit::replace(whole, &call));
    complaints::method(whole, &call, edit)
}

/// The clause word somebody may have meant.
pub(super) fn near_clause(word: &str) -> Option<&'static str> {
    let small = word.to_lowercase();
    super::words::CLAUSE_WORDS.iter().copied().find(|known| {
        let distance = strsim::osa_distance(&small, known);
        distance > 0 && distance * 3 <= small.chars().count()
    })
}
