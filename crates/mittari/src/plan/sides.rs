//! What must be known of related rows before a table is read: side tables.
//!
//! ```text
//!   space: rows of a table by key ──┬── rows found by a look-up, and their values
//!                                   ├── totals of the rows of each key
//!                                   ├── spells in which rows of each key hold
//!                                   └── neighbours among the rows of each key
//! ```
//!
//! Each is made once, whatever uses it. One that needs others is of a higher level and
//! made after them, so that those of one level and table are made in one pass.

use mittari_lang::schema::TableId;
use mittari_lang::typed::{
    Expr, ExprKind, Function, Keyed, Moment, Related, Table, Validity,
};
use mittari_lang::types::Ty;

/// All side tables of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sides {
    /// The ways of telling rows apart by key.
    pub spaces: Vec<Space>,
    /// The side tables; one stands behind those it needs.
    pub list: Vec<Side>,
}

/// The rows of a table by key: equal keys have one number.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    /// The table.
    pub table: TableId,
    /// The parts of the key, values of its rows.
    pub keys: Vec<Expr>,
}

/// One side table.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The place of its space in [`Sides::spaces`].
    pub space: usize,
    /// How many side tables stand in line before it.
    pub level: usize,
    /// Whether it depends on the moment of evaluation.
    pub timed: bool,
    /// What it knows.
    pub kind: SideKind,
}

/// What a side table knows.
#[derive(Debug, Clone, PartialEq)]
pub enum SideKind {
    /// Values of the one row of each key, or of the one that holds at an instant.
    Rows(Option<Validity>, Vec<Expr>),
    /// What is made of the rows of each key.
    Totals(Vec<Part>),
    /// When rows of each key hold, of those for which a condition is true.
    Spells(Option<Expr>, Validity),
    /// Values of the row before or behind each row, in an order.
    Neighbours(Expr, Vec<(bool, Expr)>),
}

/// One thing that is made of the rows of each key.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// A count, a sum, the smallest or the largest.
    pub function: Function,
    /// The value of each row; none of a count.
    pub argument: Option<Expr>,
    /// Which rows are taken.
    pub filter: Option<Expr>,
}

/// Where a value that is made of other rows is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The place of the space.
    pub space: usize,
    /// The place of the side table.
    pub side: usize,
    /// Which of its values.
    pub value: usize,
}

/// What must be there before an expression can be computed.
#[derive(Debug, Clone, Copy, Default)]
struct Needs {
    /// How many levels.
    levels: usize,
    /// Whether the moment of evaluation.
    timed: bool,
}

impl Sides {
    /// Takes in all that an expression needs.
    pub fn add(&mut self, expr: &Expr) {
        self.needs(expr);
    }

    fn needs(&mut self, expr: &Expr) -> Needs {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Aggregate(_) => {
                Needs::default()
            }
            ExprKind::Instant(moment) => {
                Needs { levels: 0, timed: *moment != Moment::PeriodStart }
            }
            ExprKind::Call(_, operands) => self.all(operands),
            ExprKind::Case(branches, otherwise) => {
                let parts = branches.iter().flat_map(|(when, then)| [when, then]);
                self.all(parts.chain([&**otherwise]))
            }
            ExprKind::Table(table) => self.all(table_parts(table)),
            ExprKind::Related(related) => {
                let own = self.all(related.own());
                let others = self.all(related.others());
                let spells = matches!(**related, Related::Less { .. });
                let timed = others.timed || spells;
                self.keep(related, Needs { timed, ..others });
                let levels = own.levels.max(others.levels + 1);
                Needs { levels, timed: own.timed || timed }
            }
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Needs {
        exprs.into_iter().fold(Needs::default(), |sum, expr| {
            let one = self.needs(expr);
            let levels = sum.levels.max(one.levels);
            Needs { levels, timed: sum.timed || one.timed }
        })
    }

    /// Where a value made of other rows is found; none if it was not taken in.
    pub fn find(&self, related: &Related) -> Option<Place> {
        let (wanted, space) = split(related);
        let space = self.spaces.iter().position(|known| *known == space)?;
        let mut sides = self.list.iter().enumerate();
        sides.find_map(|(side, known)| {
            let value =
                value_in(&known.kind, &wanted).filter(|_| known.space == space)?;
            Some(Place { space, side, value })
        })
    }

    /// Keeps what one expression needs, beside what is like it and of one level.
    fn keep(&mut self, related: &Related, needs: Needs) {
        if self.find(related).is_some() {
            return;
        }
        let (mut wanted, space) = split(related);
        let place = self.spaces.iter().position(|known| *known == space);
        let space = place.unwrap_or_else(|| {
            self.spaces.push(space);
            self.spaces.len() - 1
        });
        for side in &mut self.list {
            let like = side.space == space && side.level == needs.levels;
            if like && join(&mut side.kind, &mut wanted) {
                side.timed |= needs.timed;
                return;
            }
        }
        let (level, timed) = (needs.levels, needs.timed);
        self.list.push(Side { space, level, timed, kind: wanted });
    }

    /// Which side tables some places speak of, and which those need in turn.
    pub fn used(&self, places: impl Iterator<Item = Place>) -> Vec<bool> {
        let mut used = vec![false; self.list.len()];
        let mark = |used: &mut Vec<bool>, place: Place| {
            if let Some(slot) = used.get_mut(place.side) {
                *slot = true;
            }
        };
        places.for_each(|place| mark(&mut used, place));
        // What a side table needs is of a lower level.
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(self.list.get(*at).map(|s| s.level)));
        for side in order {
            let Some(one) = self.list.get(side) else { continue };
            if used.get(side) == Some(&true) {
                for expr in self.exprs_of(one) {
                    self.each_place(expr, &mut |place| mark(&mut used, place));
                }
            }
        }
        used
    }

    /// Visits every place an expression reads.
    fn each_place(&self, expr: &Expr, seen: &mut dyn FnMut(Place)) {
        expr.each_part(&mut |part| {
            if let ExprKind::Related(related) = &part.kind
                && let Some(place) = self.find(related)
            {
                seen(place);
            }
        });
    }

    /// The table of a side table.
    pub fn table_of(&self, side: &Side) -> Option<TableId> {
        self.spaces.get(side.space).map(|space| space.table)
    }

    /// The expressions of a side table, over the rows of its table.
    pub fn exprs_of<'s>(&'s self, side: &'s Side) -> Vec<&'s Expr> {
        let mut exprs: Vec<&Expr> =
            self.spaces.get(side.space).into_iter().flat_map(|one| &one.keys).collect();
        match &side.kind {
            SideKind::Rows(validity, values) => {
                exprs.extend(validity.iter().flat_map(|one| [&one.from, &one.until]));
                exprs.extend(values);
            }
            SideKind::Totals(parts) => {
                exprs.extend(
                    parts
                        .iter()
                        .flat_map(|part| part.argument.iter().chain(&part.filter)),
                );
            }
            SideKind::Spells(filter, holds) => {
                exprs.extend(filter);
                exprs.extend([&holds.from, &holds.until]);
            }
            SideKind::Neighbours(by, values) => {
                exprs.push(by);
                exprs.extend(values.iter().map(|(_, value)| value));
            }
        }
        exprs
    }
}

/// The parts of a look-up in a table of parameters.
fn table_parts(table: &Table) -> impl Iterator<Item = &Expr> {
    table.keys.iter().chain(&table.at)
}

/// What a value needs: a side table of one value, and its space.
fn split(related: &Related) -> (SideKind, Space) {
    match related {
        Related::Lookup { of, held, value } => {
            let validity = held.as_ref().map(|(_, validity)| validity.clone());
            (SideKind::Rows(validity, vec![value.clone()]), space(of))
        }
        Related::Its { of, function, argument, filter } => {
            let part = Part {
                function: *function,
                argument: argument.clone(),
                filter: filter.clone(),
            };
            (SideKind::Totals(vec![part]), space(of))
        }
        Related::Neighbour { table, next, argument, per, by } => {
            let space = Space { table: *table, keys: vec![per.clone()] };
            (SideKind::Neighbours(by.clone(), vec![(*next, argument.clone())]), space)
        }
        Related::Less { of, filter, holds, .. } => {
            (SideKind::Spells(filter.clone(), holds.clone()), space(of))
        }
    }
}

/// The rows by the columns that are looked up, whatever looks them up.
fn space(of: &Keyed) -> Space {
    let column = |(column, key): (&u32, &Expr)| Expr {
        kind: ExprKind::Column(mittari_lang::schema::ColumnId {
            table: of.table,
            column: *column,
        }),
        ty: Ty { maybe: true, ..key.ty },
        span: key.span,
    };
    Space { table: of.table, keys: of.columns.iter().zip(&of.keys).map(column).collect() }
}

/// Which value of a side table is the one of another.
fn value_in(kind: &SideKind, wanted: &SideKind) -> Option<usize> {
    match (kind, wanted) {
        (SideKind::Rows(one, values), SideKind::Rows(other, wanted)) if one == other => {
            values.iter().position(|value| wanted.first() == Some(value))
        }
        (SideKind::Totals(parts), SideKind::Totals(wanted)) => {
            parts.iter().position(|part| wanted.first() == Some(part))
        }
        (SideKind::Spells(..), SideKind::Spells(..)) => (kind == wanted).then_some(0),
        (SideKind::Neighbours(one, values), SideKind::Neighbours(other, wanted))
            if one == other =>
        {
            values.iter().position(|value| wanted.first() == Some(value))
        }
        _ => None,
    }
}

/// Adds the value of a side table to another, if they are alike.
fn join(kind: &mut SideKind, wanted: &mut SideKind) -> bool {
    match (kind, wanted) {
        (SideKind::Rows(one, values), SideKind::Rows(other, more)) if one == other => {
            values.append(more);
            true
        }
        (SideKind::Totals(parts), SideKind::Totals(more)) => {
            parts.append(more);
            true
        }
        (SideKind::Neighbours(one, values), SideKind::Neighbours(other, more))
            if one == other =>
        {
            values.append(more);
            true
        }
        _ => false,
    }
}
