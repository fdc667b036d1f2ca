//! Which rows are spoken of, and in which period each one counts.

use super::complaints::{call as of_calls, kinds as of_kinds, names as of_names};
use super::expr::{Checker, is_unsound};
use super::scope::{Asked, Base};
use crate::builtin::Builtin;
use crate::card::{self, ExclusionRule as Rule};
use crate::metric::{Dating, Exclusion, ExclusionRule, Population, Which};
use crate::schema::TableId;
use crate::span::{Span, Spanned};
use crate::syntax::{self, Call, ClauseKind};
use crate::typed::{Expr, PopulationId};
use crate::types::Kind;

/// A name behind `from`: a table, or a named population.
#[derive(Clone, Copy)]
pub(super) enum RowsNamed<'a> {
    /// All rows of a table.
    Table(TableId),
    /// The rows of a named population.
    Population(&'a card::Population),
}

impl<'a> Checker<'_, 'a> {
    /// What a name behind `from` means; `None` after a complaint.
    pub(super) fn rows_named(&mut self, name: &Spanned<String>) -> Option<RowsNamed<'a>> {
        if let Some((id, _)) = self.world.schema.table_named(&name.value) {
            return Some(RowsNamed::Table(id));
        }
        if let Some(population) = self.world.populations.get(name.value.as_str()) {
            return Some(RowsNamed::Population(population));
        }
        let tables = self.world.schema.tables.iter().map(|table| table.name.as_str());
        let known = tables.chain(self.world.populations.keys().copied());
        self.say(of_names::unknown_table(name, known));
        None
    }

    /// The rows the card speaks of; asked for once.
    pub(super) fn base(&mut self) -> Option<Base> {
        match &self.found.base {
            Asked::NotYet => {}
            Asked::Without => return None,
            Asked::Found(base) => return Some((**base).clone()),
        }
        let base = match self.card.population {
            Some(written) => self.build(written, 0),
            None => None,
        };
        self.found.base =
            base.clone().map_or(Asked::Without, |base| Asked::Found(Box::new(base)));
        base
    }

    /// A population as written, upon the one it comes from.
    pub(super) fn build(
        &mut self,
        written: &'a card::Population,
        depth: usize,
    ) -> Option<Base> {
        let mut base = match self.rows_named(&written.from)? {
            RowsNamed::Table(table) => Base {
                table,
                filter: None,
                exclusions: Vec::new(),
                dating: None,
                over: None,
            },
            RowsNamed::Population(named) => self.named(named, &written.from, depth)?,
        };
        let table = base.table;
        let mut sound = true;
        if let Some(condition) = &written.condition {
            match self.where_in(table, condition) {
                Some(condition) => base.filter = Some(both(base.filter, condition)),
                None => sound = false,
            }
        }
        for exclusion in &written.exclude {
            match self.exclusion(table, exclusion) {
                Some(exclusion) => base.exclusions.push(exclusion),
                None => sound = false,
            }
        }
        if let Some(dating) = &written.dating {
            match self.written_dating(table, dating) {
                Some(dating) => base.dating = Some(dating),
                None => sound = false,
            }
        }
        base.over = written.over.map(|over| over.value).or(base.over);
        sound.then_some(base)
    }

    /// A named population. What is wrong with it is said where it stands.
    pub(super) fn named(
        &mut self,
        named: &'a card::Population,
        from: &Spanned<String>,
        depth: usize,
    ) -> Option<Base> {
        // A circle was said in the vocabulary; here it only must not go on.
        const MOST: usize = 64;
        if depth >= MOST {
            return None;
        }
        let (base, inner) = self.apart(|checker| checker.build(named, depth + 1));
        if self.card.name.is_empty() {
            self.found.said.extend(inner);
        } else if base.is_none() {
            let code = inner.iter().find(|one| one.is_error()).map(|one| one.code);
            self.say(of_names::population_unsound(from, code));
        }
        base
    }

    /// One rule that leaves rows out.
    fn exclusion(
        &mut self,
        table: TableId,
        written: &card::Exclusion,
    ) -> Option<Exclusion> {
        let rule = match &written.rule {
            Rule::When(condition) => {
                ExclusionRule::When(self.where_in(table, condition)?)
            }
            Rule::Keep(keep) => {
                let by = self.named_field(table, &keep.by)?;
                let ordered = super::kinds::compare(by.ty.kind, by.ty.kind, true);
                if ordered.is_err() {
                    self.say(of_kinds::keep_order(keep.by.span, &keep.by.value));
                    return None;
                }
                let per: Vec<Option<Expr>> =
                    keep.per.iter().map(|key| self.named_field(table, key)).collect();
                let which = match keep.which.value {
                    card::Which::First => Which::First,
                    card::Which::Last => Which::Last,
                };
                let per = per.into_iter().collect::<Option<Vec<_>>>()?;
                ExclusionRule::Keep { which, by, per }
            }
        };
        let reason = written.reason.first().to_owned();
        Some(Exclusion { name: written.name.value.clone(), rule, reason })
    }

    /// A field or define by its name alone.
    fn named_field(&mut self, table: TableId, name: &Spanned<String>) -> Option<Expr> {
        let part = Spanned::new(name.value.clone(), name.span);
        let path = syntax::Path { parts: vec![part] };
        let expr = self.in_rows(table, |checker| checker.name(&path, name.span));
        (!is_unsound(&expr)).then_some(expr)
    }

    /// `dated` or `open` as a key of a population.
    fn written_dating(
        &mut self,
        table: TableId,
        written: &card::Dating,
    ) -> Option<(Dating, String)> {
        match written {
            card::Dating::Dated(at) => self.dated(table, at),
            card::Dating::Open { from, until, .. } => self.stock(table, from, until),
        }
    }

    /// The instant or day that puts a row into a period.
    fn dated(
        &mut self,
        table: TableId,
        written: &syntax::Expr,
    ) -> Option<(Dating, String)> {
        let at = self.moment(table, written, "dated")?;
        Some((Dating::At(at), format!("dated {}", crate::print::expression(written))))
    }

    /// The stock between two instants of a row.
    fn stock(
        &mut self,
        table: TableId,
        from: &syntax::Expr,
        until: &syntax::Expr,
    ) -> Option<(Dating, String)> {
        let words = format!(
            "open {} until {}",
            crate::print::expression(from),
            crate::print::expression(until)
        );
        let from = self.moment(table, from, "open");
        let until = self.moment(table, until, "until");
        Some((Dating::Open { from: from?, until: until? }, words))
    }

    /// An instant or a day of each row.
    fn moment(
        &mut self,
        table: TableId,
        written: &syntax::Expr,
        word: &str,
    ) -> Option<Expr> {
        let at = self.in_rows(table, |checker| checker.expr(written));
        let at = self.within_limits(at, written.span);
        match at.ty.kind {
            Kind::Instant | Kind::Day => {
                if at.ty.grain == crate::types::Grain::Constant {
                    self.say(of_calls::constant_argument(at.span));
                }
                Some(at)
            }
            Kind::Unsound => None,
            kind => {
                let found = self.words(kind);
                self.say(of_kinds::dated_kind(at.span, word, &found));
                None
            }
        }
    }

    /// The rows of a call, as its clauses change the card's, or those of the aggregate
    /// of aggregates it stands in.
    pub(super) fn base_of(&mut self, call: &Call, span: Span) -> Option<Base> {
        let from = call.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::From(name) => Some(name),
            _ => None,
        });
        let mut base = match from {
            Some(name) => self.from(name)?,
            None if self.inner.is_some() => self.inner.clone()?,
            None if self.card.population.is_none() => {
                self.say(of_calls::population_missing(span));
                return None;
            }
            None => self.base()?,
        };
        for clause in &call.clauses {
            match &clause.kind {
                ClauseKind::Dated(at) => base.dating = Some(self.dated(base.table, at)?),
                ClauseKind::Open { from, until } => {
                    base.dating = Some(self.stock(base.table, from, until)?);
                }
                ClauseKind::Over(over) => base.over = Some(over.value),
                _ => {}
            }
        }
        let twice = call
            .clauses
            .iter()
            .filter(|clause| {
                matches!(clause.kind, ClauseKind::Dated(_) | ClauseKind::Open { .. })
            })
            .nth(1);
        if let Some(second) = twice {
            self.say(of_calls::dated_and_open(second.span));
            return None;
        }
        if base.dating.is_none() {
            let name = from
                .map_or_else(|| self.world.table_name(base.table), |name| &name.value);
            let complaint =
                of_calls::dated_missing(from.map_or(span, |name| name.span), name);
            self.say(complaint);
            return None;
        }
        Some(base)
    }

    /// The rows of a table or named population, with none of the card's conditions.
    fn from(&mut self, name: &Spanned<String>) -> Option<Base> {
        match self.rows_named(name)? {
            RowsNamed::Table(table) => Some(Base {
                table,
                filter: None,
                exclusions: Vec::new(),
                dating: None,
                over: None,
            }),
            RowsNamed::Population(named) => self.named(named, name, 0),
        }
    }

    /// The number of a population; equal ones are one, whatever they are called.
    pub(super) fn intern(&mut self, base: Base, span: Span) -> Option<PopulationId> {
        let (dating, words) = base.dating?;
        if base.over.is_some() && matches!(dating, Dating::Open { .. }) {
            self.say(of_calls::stock_over_time(span));
            return None;
        }
        let table = self.world.table_name(base.table);
        let over = base.over.map_or_else(String::new, |over| {
            let plural = if over.count == 1 { "" } else { "s" };
            format!(" over {} {}{plural}", over.count, over.unit.word())
        });
        let population = Population {
            label: format!("{table} {words}{over}"),
            table: base.table,
            filter: base.filter,
            exclusions: base.exclusions,
            dating,
            over: base.over,
            zone: self.card.zone,
        };
        let same = |known: &Population| {
            Population { label: String::new(), ..known.clone() }
                == Population { label: String::new(), ..population.clone() }
        };
        let place = self.made.populations.iter().position(same);
        let place = place.unwrap_or_else(|| {
            self.made.populations.push(population);
            self.made.populations.len() - 1
        });
        u32::try_from(place).ok().map(PopulationId)
    }
}

/// Two conditions as one.
fn both(first: Option<Expr>, second: Expr) -> Expr {
    let Some(first) = first else { return second };
    let mut ty = second.ty;
    ty.maybe |= first.ty.maybe;
    let grain = super::kinds::grain(first.ty.grain, ty.grain);
    ty.grain = grain.unwrap_or(ty.grain);
    let span = second.span;
    let kind = crate::typed::ExprKind::Call(Builtin::And, vec![first, second]);
    Expr { kind, ty, span }
}
