//! Where the values of a cohort's members come from: a batch, or what was kept of many.

use std::sync::Arc;

use arrow_array::ArrayRef;
use indexmap::IndexMap;

use super::evaluate::Members;
use crate::error::RunError;
use crate::plan::nodes::NodeId;
use crate::vector::Vector;

/// Where the values of members come from.
pub(crate) trait Frame {
    /// The values of a node.
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError>;
    /// The values of a node, one a member.
    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError>;
    /// The number of each member's row in the order of the table.
    fn order(&self) -> Vec<u64>;
    /// How many members there are.
    fn len(&self) -> usize;
    /// The cells that some nodes give the members, if that was found before.
    fn cells(&self, _: &[NodeId]) -> Option<Arc<[u32]>> {
        None
    }
    /// Remembers them, where others may ask again.
    fn keep_cells(&mut self, _: &[NodeId], _: &Arc<[u32]>) {}
}

impl Frame for Members<'_, '_> {
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        Members::value(self, id)
    }

    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError> {
        self.column_of(id)
    }

    fn order(&self) -> Vec<u64> {
        (0..self.len()).map(|member| self.order_of(member)).collect()
    }

    fn len(&self) -> usize {
        Members::len(self)
    }

    fn cells(&self, nodes: &[NodeId]) -> Option<Arc<[u32]>> {
        Members::cells(self, nodes)
    }

    fn keep_cells(&mut self, nodes: &[NodeId], cells: &Arc<[u32]>) {
        Members::keep_cells(self, nodes, cells);
    }
}

/// Members whose fate depends on members of other batches.
#[derive(Debug)]
pub(crate) struct Late {
    pub(crate) periods: Vec<i32>,
    order: Vec<u64>,
    columns: IndexMap<NodeId, ArrayRef>,
}

impl Late {
    /// Keeps some values of the members of a batch.
    pub(crate) fn of(
        members: &mut Members<'_, '_>,
        periods: &[i32],
        nodes: &[NodeId],
    ) -> Result<Self, RunError> {
        let mut columns = IndexMap::new();
        for id in nodes {
            columns.insert(*id, members.column_of(*id)?);
        }
        Ok(Self { periods: periods.to_vec(), order: Frame::order(members), columns })
    }

    /// All late members in the order of their table.
    pub(crate) fn joined(mut parts: Vec<Self>) -> Result<Option<Self>, RunError> {
        // Batches came in any order; ties are decided by the order of the table.
        parts.sort_by_key(|part| part.order.first().copied());
        let Some(first) = parts.first() else { return Ok(None) };
        let ids: Vec<NodeId> = first.columns.keys().copied().collect();
        let mut columns = IndexMap::new();
        for id in ids {
            let own = parts.iter().filter_map(|part| part.columns.get(&id));
            let own: Vec<&dyn arrow_array::Array> = own.map(AsRef::as_ref).collect();
            let all = arrow_select::concat::concat(&own)
                .map_err(|_| RunError::Broken("batches of different forms"))?;
            columns.insert(id, all);
        }
        let periods =
            parts.iter().flat_map(|part| part.periods.iter().copied()).collect();
        let order = parts.iter().flat_map(|part| part.order.iter().copied()).collect();
        Ok(Some(Self { periods, order, columns }))
    }
}

impl Frame for Late {
    fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        self.column(id).map(Vector::Array)
    }

    fn column(&mut self, id: NodeId) -> Result<ArrayRef, RunError> {
        self.columns
            .get(&id)
            .cloned()
            .ok_or(RunError::Broken("a value that was not kept"))
    }

    fn order(&self) -> Vec<u64> {
        self.order.clone()
    }

    fn len(&self) -> usize {
        self.order.len()
    }
}
