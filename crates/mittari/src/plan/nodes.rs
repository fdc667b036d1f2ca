//! The expressions of a table's rows, each kept once.
//!
//! Expressions of different cards that mean the same become one node, and so are
//! computed once for each batch. A node that depends on the period of a row is marked,
//! since it has one value for each membership and not one for each row.

use std::sync::Arc;

use mittari_lang::builtin::Builtin;
use mittari_lang::metric::TableMapping;
use mittari_lang::schema::ColumnId;
use mittari_lang::typed::{Edition, Expr, ExprKind, Moment, Related};
use mittari_lang::types::{Grain, Kind, Ty};
use mittari_lang::value::Value;

use super::sides::{Place, Sides};

/// The place of a node in its table's list.
pub type NodeId = usize;

/// One expression of a row, its operands being nodes before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its type.
    pub ty: Ty,
    /// Whether its value depends on the period the row is looked at in.
    pub by_period: bool,
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A value.
    Literal(Value),
    /// A column as it was read, by its number.
    Column(u32),
    /// A named instant.
    Instant(Moment),
    /// A builtin applied to nodes.
    Call(Builtin, Vec<NodeId>),
    /// The first branch whose condition is true, else the last.
    Case(Vec<(NodeId, NodeId)>, NodeId),
    /// A look-up in a parameter table: its keys, what chooses the edition, the editions.
    Table(Vec<NodeId>, Option<NodeId>, Vec<Edition>),
    /// The number of a row's key in a space: the place of the space, the parts of the key.
    Key(usize, Vec<NodeId>),
    /// A value of a side table: where it is found, the number of the key (a neighbour is
    /// found by its row), the instant at which a row holds.
    Related(Place, Option<NodeId>, Option<NodeId>),
    /// Working time, or when it is due, outside the time in which the rows of a key hold:
    /// where they are found, the number of the key, what the builtin takes.
    Less(Builtin, Place, NodeId, Vec<NodeId>),
}

/// All nodes of one table.
#[derive(Debug, Clone, Default)]
pub struct Nodes {
    /// The nodes; operands stand before what uses them.
    pub list: Vec<Node>,
    /// How many expressions were asked for, equal ones as often as they were.
    pub asked: usize,
    /// What a source computes in place of a column, by the column's number.
    derived: Vec<Option<Expr>>,
    /// The side tables that expressions may read.
    sides: Arc<Sides>,
}

impl Nodes {
    /// No nodes yet, with what the source of the table computes and the side tables that
    /// expressions may read.
    pub fn of_source(mapping: Option<&TableMapping>, sides: &Arc<Sides>) -> Self {
        let mut derived = Vec::new();
        for column in mapping.into_iter().flat_map(|mapping| &mapping.columns) {
            let place = column.column.column as usize;
            if derived.len() <= place {
                derived.resize(place + 1, None);
            }
            if let Some(slot) = derived.get_mut(place) {
                slot.clone_from(&column.is);
            }
        }
        Self { list: Vec::new(), asked: 0, derived, sides: Arc::clone(sides) }
    }

    /// The node of an expression, kept once.
    pub fn intern(&mut self, expr: &Expr) -> NodeId {
        self.add(expr, false)
    }

    fn add(&mut self, expr: &Expr, raw: bool) -> NodeId {
        let kind = match &expr.kind {
            ExprKind::Literal(value) => NodeKind::Literal(value.clone()),
            ExprKind::Column(id) => return self.column(*id, expr.ty, raw),
            ExprKind::Instant(moment) => NodeKind::Instant(*moment),
            ExprKind::Call(builtin, operands) => {
                NodeKind::Call(*builtin, self.all(operands, raw))
            }
            ExprKind::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| (self.add(when, raw), self.add(then, raw)))
                    .collect();
                NodeKind::Case(branches, self.add(otherwise, raw))
            }
            ExprKind::Table(table) => {
                let keys = self.all(&table.keys, raw);
                let at = table.at.as_ref().map(|at| self.add(at, raw));
                NodeKind::Table(keys, at, table.editions.clone())
            }
            ExprKind::Related(related) => self.related(related, raw),
            // A value of the group has no place in a row; the checker excludes it.
            ExprKind::Aggregate(_) => NodeKind::Literal(Value::Missing),
        };
        self.keep(kind, expr.ty)
    }

    fn related(&mut self, related: &Related, raw: bool) -> NodeKind {
        // What was not taken in has no place, which shows when it is computed.
        let nowhere = Place { space: usize::MAX, side: usize::MAX, value: 0 };
        let place = self.sides.find(related).unwrap_or(nowhere);
        let key = related.keyed().map(|of| {
            let keys = self.all(&of.keys, raw);
            let ty = Ty::new(Kind::Missing, Grain::Row, true);
            self.keep(NodeKind::Key(place.space, keys), ty)
        });
        match related {
            Related::Lookup { held, .. } => {
                let at = held.as_ref().map(|(at, _)| self.add(at, raw));
                NodeKind::Related(place, key, at)
            }
            Related::Its { .. } | Related::Neighbour { .. } => {
                NodeKind::Related(place, key, None)
            }
            Related::Less { builtin, operands, .. } => {
                let operands = self.all(operands, raw);
                NodeKind::Less(*builtin, place, key.unwrap_or_default(), operands)
            }
        }
    }

    fn all(&mut self, exprs: &[Expr], raw: bool) -> Vec<NodeId> {
        exprs.iter().map(|expr| self.add(expr, raw)).collect()
    }

    fn column(&mut self, id: ColumnId, ty: Ty, raw: bool) -> NodeId {
        let derived = self.derived.get(id.column as usize).cloned().flatten();
        match derived {
            // Inside what a source computes, a name is the column as mapped.
            Some(expr) if !raw => self.add(&expr, true),
            _ => self.keep(NodeKind::Column(id.column), ty),
        }
    }

    fn keep(&mut self, kind: NodeKind, ty: Ty) -> NodeId {
        self.asked += 1;
        let by_period = self.depends_on_period(&kind);
        let node = Node { kind, ty, by_period };
        let known = self.list.iter().position(|kept| *kept == node);
        known.unwrap_or_else(|| {
            self.list.push(node);
            self.list.len() - 1
        })
    }

    fn depends_on_period(&self, kind: &NodeKind) -> bool {
        match kind {
            NodeKind::Instant(moment) => *moment != Moment::AsOf,
            NodeKind::Literal(_) | NodeKind::Column(_) => false,
            other => operands(other).any(|id| self.get(id).is_some_and(|n| n.by_period)),
        }
    }

    /// The node at a place.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.list.get(id)
    }

    /// The kind of a node's values.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.get(id).map_or(Kind::Missing, |node| node.ty.kind)
    }

    /// Whether a node's value depends on the period.
    pub fn by_period(&self, id: NodeId) -> bool {
        self.get(id).is_some_and(|node| node.by_period)
    }

    /// Whether a node's value depends on the moment of evaluation.
    pub fn uses_as_of(&self) -> bool {
        let timed = |place: &Place| {
            self.sides.list.get(place.side).is_some_and(|side| side.timed)
        };
        self.list.iter().any(|node| match &node.kind {
            NodeKind::Instant(moment) => *moment != Moment::PeriodStart,
            NodeKind::Related(place, ..) | NodeKind::Less(_, place, ..) => timed(place),
            _ => false,
        })
    }

    /// The side tables that are read for these nodes.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.list.iter().filter_map(|node| match &node.kind {
            NodeKind::Related(place, ..) | NodeKind::Less(_, place, ..) => Some(*place),
            _ => None,
        })
    }

    /// The columns that are read for these nodes.
    pub fn columns(&self) -> impl Iterator<Item = u32> {
        self.list.iter().filter_map(|node| match node.kind {
            NodeKind::Column(column) => Some(column),
            _ => None,
        })
    }
}

/// The nodes a node is made of.
pub fn operands(kind: &NodeKind) -> Box<dyn Iterator<Item = NodeId> + '_> {
    match kind {
        NodeKind::Literal(_) | NodeKind::Column(_) | NodeKind::Instant(_) => {
            Box::new(std::iter::empty())
        }
        NodeKind::Call(_, nodes) => Box::new(nodes.iter().copied()),
        NodeKind::Case(branches, otherwise) => Box::new(
            branches
                .iter()
                .flat_map(|(a, b)| [*a, *b])
                .chain(std::iter::once(*otherwise)),
        ),
        NodeKind::Table(keys, at, _) => Box::new(keys.iter().copied().chain(*at)),
        NodeKind::Key(_, keys) => Box::new(keys.iter().copied()),
        NodeKind::Related(_, key, at) => Box::new(key.iter().chain(at).copied()),
        NodeKind::Less(_, _, key, nodes) => {
            Box::new(std::iter::once(*key).chain(nodes.iter().copied()))
        }
    }
}
