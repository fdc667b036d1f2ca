//! Look-ups in parameter tables.

use super::complaints::{kinds as of_kinds, names as of_names};
use super::expr::{Checker, is_unsound, meaning, unsound};
use super::kinds;
use crate::card::{Content, Parameter, Row, Table as WrittenTable};
use crate::span::{Span, Spanned};
use crate::syntax;
use crate::typed::{Edition, Expr, ExprKind, Table};
use crate::types::{Grain, Kind, Ty};
use crate::value::{Decimal, Value};

/// The key that stands for all keys that are not listed.
const OTHERWISE: &str = "otherwise";

/// The editions of a parameter as written: from when, and which rows.
type Written<'p> = Vec<(Option<i32>, Option<&'p WrittenTable>, Option<&'p Content>)>;

impl Checker<'_, '_> {
    /// `budget[priority]`, `budget[priority] at opened_at`, `rate at opened_at`.
    pub(super) fn subscript(
        &mut self,
        name: &Spanned<String>,
        keys: &[syntax::Expr],
        at: Option<Expr>,
        span: Span,
    ) -> Expr {
        let keys: Vec<Expr> = keys.iter().map(|key| self.expr(key)).collect();
        let card = self.card;
        let Some(parameter) = card.parameters.get(name.value.as_str()) else {
            let known = card.parameters.keys().copied();
            return self.complain(of_names::unknown_parameter(name, known));
        };
        self.use_parameter(parameter, span);
        let editions = match editions(parameter, at.is_some(), span) {
            Ok(editions) => editions,
            Err(complaint) => return self.complain(*complaint),
        };
        if keys.iter().chain(&at).any(is_unsound) {
            return unsound(span);
        }
        if let Some(at) = &at
            && !matches!(at.ty.kind, Kind::Instant | Kind::Day)
        {
            let found = self.words(at.ty.kind);
            return self.complain(of_kinds::argument_kind(
                at.span,
                "an instant or a day",
                &found,
            ));
        }
        let depth =
            editions.iter().find_map(|(_, table, _)| table.map(|table| table.depth));
        let depth = depth.unwrap_or(0);
        if keys.len() != depth {
            return self.complain(of_names::keys_count(
                span,
                &name.value,
                depth,
                keys.len(),
            ));
        }
        self.table_of(parameter, (keys, at), &editions, span)
    }

    /// The look-up with its editions.
    fn table_of(
        &mut self,
        parameter: &Parameter,
        (mut keys, at): (Vec<Expr>, Option<Expr>),
        written: &Written<'_>,
        span: Span,
    ) -> Expr {
        let mut kind: Option<Kind> = None;
        let mut lacks = Vec::new();
        let mut table = Table { keys: Vec::new(), at: None, editions: Vec::new() };
        for (since, rows, content) in written {
            let by_day = at.as_ref().is_some_and(|at| at.ty.kind == Kind::Day);
            let start = |day| super::day::start(self.card.zone, day);
            let since = since.map(|day| if by_day { i64::from(day) } else { start(day) });
            let mut edition =
                Edition { since, rows: Vec::new(), otherwise: Value::Missing };
            match (rows, content) {
                (Some(rows), _) => {
                    if !self.read_rows(rows, &keys, &mut kind, &mut edition) {
                        return unsound(span);
                    }
                    // Editions lack the same value as often as not.
                    let mut more = self.gaps(&keys, &edition);
                    more.retain(|value| !lacks.contains(value));
                    lacks.append(&mut more);
                }
                (None, Some(Content::One(value))) => {
                    let Some(value) = self.value(value, &mut kind) else {
                        return unsound(span);
                    };
                    edition.otherwise = value;
                }
                _ => return self.complain(of_kinds::list_alone(span)),
            }
            table.editions.push(edition);
        }
        self.see_key(&parameter.name.value, &keys, &table);
        let open = |key: &Expr| {
            !matches!(key.kind, ExprKind::Literal(_))
                && !matches!(key.ty.kind, Kind::Category(_))
        };
        let closed = table.editions.iter().all(|one| one.otherwise != Value::Missing);
        let maybe = at.is_some()
            || keys.iter().any(|key| key.ty.maybe)
            || !lacks.is_empty()
            || (!closed && keys.iter().any(open));
        if !lacks.is_empty() {
            let gap = (span, lacks);
            self.found.gaps.entry(parameter.name.value.clone()).or_insert(gap);
        }
        let Some(grain) = self.grain(keys.iter().chain(&at), span) else {
            return unsound(span);
        };
        table.keys.append(&mut keys);
        table.at = at;
        let ty = Ty::new(kind.unwrap_or(Kind::Missing), grain, maybe);
        Expr { kind: ExprKind::Table(Box::new(table)), ty, span }
    }

    /// The rows of one edition; `false` after a complaint.
    fn read_rows(
        &mut self,
        written: &WrittenTable,
        keys: &[Expr],
        kind: &mut Option<Kind>,
        edition: &mut Edition,
    ) -> bool {
        let mut sound = true;
        for row in &written.rows {
            let Some(value) = self.value(&row.value, kind) else { return false };
            if row.keys.iter().all(|key| key.value == OTHERWISE) {
                edition.otherwise = value;
                continue;
            }
            match self.row_keys(row, keys) {
                Some(keys) => edition.rows.push((keys, value)),
                None => sound = false,
            }
        }
        sound
    }

    /// The value of a row; all values of a table are of one kind.
    fn value(
        &mut self,
        written: &Spanned<syntax::Literal>,
        kind: &mut Option<Kind>,
    ) -> Option<Value> {
        if let syntax::Literal::Duration { days: true, .. } = written.value {
            self.found.in_days.insert(written.span);
        }
        let (of, value) = meaning(&written.value);
        let before = kind.unwrap_or(of);
        match kinds::join(before, of) {
            Ok(joined) => {
                *kind = Some(joined);
                Some(value)
            }
            Err(code) => {
                let (expected, found) = (self.words(before), self.words(of));
                self.say(of_kinds::branches(code, written.span, &expected, &found));
                None
            }
        }
    }

    /// The keys of a row as values of the kinds of the look-up's keys.
    fn row_keys(&mut self, row: &Row, keys: &[Expr]) -> Option<Vec<Value>> {
        let pairs = row.keys.iter().zip(keys);
        let values: Vec<Option<Value>> =
            pairs.map(|(written, key)| self.key(written, key)).collect();
        values.into_iter().collect()
    }

    /// One key as a value.
    fn key(&mut self, written: &Spanned<String>, key: &Expr) -> Option<Value> {
        let text = written.value.as_str();
        let found = match key.ty.kind {
            Kind::Text => return Some(Value::Text(text.to_owned())),
            Kind::Category(set) => {
                let place = self.made.set(set).iter().position(|value| value == text);
                let place = place.and_then(|place| u32::try_from(place).ok());
                if place.is_none() {
                    let (name, values) =
                        (self.made.set_name(set).to_owned(), self.made.set(set).to_vec());
                    let complaint =
                        of_names::unknown_value(written.span, &name, text, &values);
                    self.say(complaint.with(key.span, "looked up with this"));
                    return None;
                }
                place.map(Value::Category)
            }
            Kind::Number | Kind::Bare => decimal(text).map(Value::Number),
            Kind::Truth => match text {
                "true" => Some(Value::Truth(true)),
                "false" => Some(Value::Truth(false)),
                _ => None,
            },
            _ => None,
        };
        if found.is_none() {
            let words = self.words(key.ty.kind);
            self.say(of_kinds::key_kind(key.span, written.span, &words));
        }
        found
    }

    /// The declared values no row of an edition names.
    fn gaps(&self, keys: &[Expr], edition: &Edition) -> Vec<String> {
        if edition.otherwise != Value::Missing {
            return Vec::new();
        }
        let mut combinations: Vec<(Vec<Value>, Vec<String>)> = vec![(vec![], vec![])];
        for key in keys {
            let Kind::Category(set) = key.ty.kind else { return Vec::new() };
            let declared = (0_u32..).zip(self.made.set(set));
            let declared: Vec<(u32, &String)> = declared.collect();
            combinations = combinations
                .iter()
                .flat_map(|(values, texts)| {
                    declared.iter().map(move |(number, text)| {
                        let values = values.iter().cloned();
                        let texts = texts.iter().cloned();
                        (
                            values.chain([Value::Category(*number)]).collect(),
                            texts.chain([(*text).clone()]).collect(),
                        )
                    })
                })
                .take(10_000)
                .collect();
        }
        let listed =
            |values: &Vec<Value>| edition.rows.iter().any(|(keys, _)| keys == values);
        let open = combinations.into_iter().filter(|(values, _)| !listed(values));
        open.map(|(_, texts)| texts.join(", ")).collect()
    }

    /// A written key must be one of the table's.
    fn see_key(&mut self, name: &str, keys: &[Expr], table: &Table) {
        let covers_all =
            table.editions.iter().any(|edition| edition.otherwise != Value::Missing);
        for (place, key) in keys.iter().enumerate() {
            let ExprKind::Literal(Value::Text(text)) = &key.kind else { continue };
            let rows = table.editions.iter().flat_map(|edition| &edition.rows);
            let known: Vec<String> = rows
                .filter_map(|(keys, _)| match keys.get(place) {
                    Some(Value::Text(text)) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            if !covers_all && !known.contains(text) {
                self.say(of_names::unknown_value(key.span, name, text, &known));
            }
        }
    }
}

/// The editions of a parameter; an error if `at` does not fit it.
fn editions(
    parameter: &Parameter,
    at: bool,
    span: Span,
) -> Result<Written<'_>, Box<crate::diagnostic::Diagnostic>> {
    let name = &parameter.name.value;
    match (&parameter.content, at) {
        (Content::Dated(versions), true) => Ok(versions
            .iter()
            .map(|version| match &version.content {
                Content::Table(table) => (Some(version.since.value), Some(table), None),
                other => (Some(version.since.value), None, Some(other)),
            })
            .collect()),
        (Content::Dated(_), false) => {
            Err(Box::new(of_names::table_without_key(span, name, 1, true)))
        }
        (Content::Table(table), false) => Ok(vec![(None, Some(table), None)]),
        (Content::Table(_) | Content::One(_) | Content::List(_), true) => {
            Err(Box::new(of_kinds::not_dated(span, name)))
        }
        (Content::One(_) | Content::List(_), false) => {
            Err(Box::new(of_kinds::not_a_table(span, name)))
        }
    }
}

/// A number from its digits.
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let scale = u8::try_from(part.len()).ok().filter(|scale| *scale <= 15)?;
    let mantissa = format!("{whole}{part}").parse().ok()?;
    Some(Decimal { mantissa, scale }.normal())
}

/// A constant of a kind.
pub(super) const fn constant(value: Value, kind: Kind, span: Span) -> Expr {
    let ty = Ty::new(kind, Grain::Constant, false);
    Expr { kind: ExprKind::Literal(value), ty, span }
}
