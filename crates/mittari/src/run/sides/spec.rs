//! The side tables of one table, bound to its nodes.

use std::sync::Arc;

use mittari_lang::typed::{Expr, Function, Validity};
use mittari_lang::types::Kind;

use crate::plan::nodes::{NodeId, Nodes};
use crate::plan::sides::{Side, SideKind, Space};
use crate::zone::ZoneTable;

/// A value of a row: its node and kind.
pub(super) type Value = (NodeId, Kind);

/// A space whose keys are read with the rows.
pub(super) struct SpaceSpec {
    /// Its place in the plan.
    pub(super) place: usize,
    /// The parts of the key.
    pub(super) keys: Vec<Value>,
}

/// A side table.
pub(super) struct SideSpec {
    /// Its place in the plan.
    pub(super) place: usize,
    /// The place of its space.
    pub(super) space: usize,
    /// The parts of the key.
    pub(super) keys: Vec<Value>,
    /// What is read of each row.
    pub(super) reads: Reads,
}

/// What is read of each row.
pub(super) enum Reads {
    /// When it holds, if not always; its values.
    Rows(Option<Times>, Vec<Value>),
    /// What is made of it: a function, a value and a condition.
    Totals(Vec<(Function, Option<Value>, Option<NodeId>)>),
    /// When it holds, if a condition is true.
    Spells(Option<NodeId>, Times),
    /// What orders it; its values for the row before (or behind).
    Neighbours(Value, Vec<(bool, Value)>),
}

/// When a row holds.
pub(super) struct Times {
    /// From when on.
    pub(super) from: Value,
    /// Until when.
    pub(super) until: Value,
    /// In which zone a day begins.
    pub(super) zone: Arc<ZoneTable>,
}

/// The nodes of one table, and the side tables that read them.
pub(super) struct Bound {
    pub(super) nodes: Nodes,
    pub(super) spaces: Vec<SpaceSpec>,
    pub(super) sides: Vec<SideSpec>,
}

impl SpaceSpec {
    /// The kinds of the parts of its key.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        self.keys.iter().map(|(_, kind)| *kind).collect()
    }
}

impl Bound {
    /// No side tables yet.
    pub(super) const fn new(nodes: Nodes) -> Self {
        Self { nodes, spaces: Vec::new(), sides: Vec::new() }
    }

    /// Adds a side table; `fresh` if the keys of its space are not read yet.
    pub(super) fn side(
        &mut self,
        (place, side): (usize, &Side),
        space: &Space,
        fresh: bool,
    ) {
        let keys: Vec<Value> = space.keys.iter().map(|key| self.value(key)).collect();
        if fresh {
            self.spaces.push(SpaceSpec { place: side.space, keys: keys.clone() });
        }
        let reads = match &side.kind {
            SideKind::Rows(validity, values) => {
                let times = validity.as_ref().map(|validity| self.times(validity));
                Reads::Rows(times, values.iter().map(|value| self.value(value)).collect())
            }
            SideKind::Totals(parts) => {
                let bind = |part: &crate::plan::sides::Part| {
                    let argument = part.argument.as_ref().map(|one| self.value(one));
                    let filter = part.filter.as_ref().map(|one| self.nodes.intern(one));
                    (part.function, argument, filter)
                };
                Reads::Totals(parts.iter().map(bind).collect())
            }
            SideKind::Spells(filter, holds) => {
                let filter = filter.as_ref().map(|filter| self.nodes.intern(filter));
                Reads::Spells(filter, self.times(holds))
            }
            SideKind::Neighbours(by, values) => {
                let by = self.value(by);
                let values =
                    values.iter().map(|(next, value)| (*next, self.value(value)));
                Reads::Neighbours(by, values.collect())
            }
        };
        self.sides.push(SideSpec { place, space: side.space, keys, reads });
    }

    fn value(&mut self, expr: &Expr) -> Value {
        (self.nodes.intern(expr), expr.ty.kind)
    }

    fn times(&mut self, validity: &Validity) -> Times {
        Times {
            from: self.value(&validity.from),
            until: self.value(&validity.until),
            zone: ZoneTable::shared(validity.zone),
        }
    }
}
