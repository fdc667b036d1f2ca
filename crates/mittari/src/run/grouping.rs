//! The groups of all groupings of a placing, found once for all cohorts that use it.

use std::sync::Arc;

use arrow_array::ArrayRef;
use mittari_lang::types::Kind;

use super::frame::Frame;
use super::group::{Cells, Codes, Groups};
use super::spans::NO_PERIOD;
use super::spec::PlacingSpec;
use crate::error::RunError;
use crate::gathered::GroupKey;
use crate::plan::nodes::NodeId;

/// The groups of a placing: numbers for each grouping.
#[derive(Debug)]
pub(crate) struct Grouping {
    /// The values of each dimension, where they are found step by step.
    codes: Vec<Codes>,
    list: Vec<Numbers>,
}

/// How the groups of one grouping are found.
#[derive(Debug)]
enum Numbers {
    Cells(Cells),
    Steps(Groups),
}

/// The cells of the members without their periods: for all cohorts of a batch the same.
fn places_of(
    cells: &Cells,
    frame: &mut dyn Frame,
    nodes: &[NodeId],
) -> Result<Arc<[u32]>, RunError> {
    if let Some(known) = frame.cells(nodes) {
        return Ok(known);
    }
    let columns = nodes.iter().map(|id| frame.column(*id));
    let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
    let places = Arc::from(cells.places(frame.len(), &columns)?);
    frame.keep_cells(nodes, &places);
    Ok(places)
}

impl Grouping {
    /// No groups yet.
    pub(crate) fn new(spec: &PlacingSpec) -> Self {
        let numbers = |dimensions: &Vec<usize>| {
            let declared = dimensions.iter().filter_map(|d| spec.declared.get(*d));
            match Cells::new(&declared.copied().collect::<Vec<_>>()) {
                Some(cells) => Numbers::Cells(cells),
                None => Numbers::Steps(Groups::new(dimensions.len())),
            }
        };
        Self {
            codes: spec.dimensions.iter().map(|_| Codes::default()).collect(),
            list: spec.groupings.iter().map(numbers).collect(),
        }
    }

    /// The group of each member in each grouping; of rows in no period it means nothing.
    pub(crate) fn ids(
        &mut self,
        spec: &PlacingSpec,
        frame: &mut dyn Frame,
        periods: &[i32],
    ) -> Result<Vec<Vec<u32>>, RunError> {
        let mut codes: Vec<Option<Vec<u32>>> = vec![None; spec.dimensions.len()];
        let mut all = Vec::with_capacity(self.list.len());
        for (dimensions, numbers) in spec.groupings.iter().zip(&mut self.list) {
            let own =
                || dimensions.iter().filter_map(|place| spec.dimensions.get(*place));
            match numbers {
                Numbers::Cells(cells) => {
                    let nodes: Vec<NodeId> = own().map(|(id, _)| *id).collect();
                    let places = places_of(cells, frame, &nodes)?;
                    all.push(cells.ids(periods, &places));
                }
                Numbers::Steps(groups) => {
                    for (place, (id, kind)) in dimensions.iter().zip(own()) {
                        if let (Some(slot @ None), Some(known)) =
                            (codes.get_mut(*place), self.codes.get_mut(*place))
                        {
                            *slot = Some(known.of(&frame.column(*id)?, *kind)?);
                        }
                    }
                    let own = dimensions.iter().filter_map(|d| codes.get(*d)?.as_deref());
                    all.push(groups.ids(periods, &own.collect::<Vec<_>>()));
                }
            }
        }
        Ok(all)
    }

    /// How many groups a grouping has.
    pub(crate) fn len_of(&self, grouping: usize) -> usize {
        self.list.get(grouping).map_or(0, |numbers| match numbers {
            Numbers::Cells(cells) => cells.len(),
            Numbers::Steps(groups) => groups.len(),
        })
    }

    /// The key of a group of a grouping.
    pub(crate) fn key(
        &self,
        spec: &PlacingSpec,
        grouping: usize,
        group: u32,
    ) -> GroupKey {
        let places = spec.groupings.get(grouping).map(Vec::as_slice).unwrap_or_default();
        match self.list.get(grouping) {
            Some(Numbers::Cells(cells)) => {
                let kinds = places.iter().filter_map(|p| spec.dimensions.get(*p));
                let kinds: Vec<Kind> = kinds.map(|(_, kind)| *kind).collect();
                cells.key(group, &kinds)
            }
            Some(Numbers::Steps(groups)) => {
                let codes = places.iter().filter_map(|p| self.codes.get(*p));
                groups.key(group, &codes.collect::<Vec<_>>())
            }
            None => GroupKey { period: NO_PERIOD, segment: Vec::new() },
        }
    }
}
