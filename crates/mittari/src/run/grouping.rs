//! The groups of all groupings of a placing, found once for all cohorts that use it.

use super::frame::Frame;
use super::group::{Codes, Groups};
use super::spans::NO_PERIOD;
use super::spec::PlacingSpec;
use crate::error::RunError;
use crate::gathered::GroupKey;

/// The groups of a placing: the codes of its dimensions, and numbers for each grouping.
#[derive(Debug)]
pub(crate) struct Grouping {
    codes: Vec<Codes>,
    list: Vec<Groups>,
}

impl Grouping {
    /// No groups yet.
    pub(crate) fn new(spec: &PlacingSpec) -> Self {
        Self {
            codes: spec.dimensions.iter().map(|_| Codes::default()).collect(),
            list: spec.groupings.iter().map(|dims| Groups::new(dims.len())).collect(),
        }
    }

    /// The group of each member in each grouping; of rows in no period it means nothing.
    pub(crate) fn ids(
        &mut self,
        spec: &PlacingSpec,
        frame: &mut dyn Frame,
        periods: &[i32],
    ) -> Result<Vec<Vec<u32>>, RunError> {
        let mut codes = Vec::with_capacity(spec.dimensions.len());
        for ((id, kind), own) in spec.dimensions.iter().zip(&mut self.codes) {
            codes.push(own.of(&frame.column(*id)?, *kind)?);
        }
        let mut all = Vec::with_capacity(self.list.len());
        for (dimensions, groups) in spec.groupings.iter().zip(&mut self.list) {
            let own: Vec<&[u32]> = dimensions
                .iter()
                .filter_map(|place| codes.get(*place))
                .map(Vec::as_slice)
                .collect();
            all.push(groups.ids(periods, &own));
        }
        Ok(all)
    }

    /// How many groups a grouping has.
    pub(crate) fn len_of(&self, grouping: usize) -> usize {
        self.list.get(grouping).map_or(0, Groups::len)
    }

    /// The key of a group of a grouping.
    pub(crate) fn key(
        &self,
        spec: &PlacingSpec,
        grouping: usize,
        group: u32,
    ) -> GroupKey {
        let places = spec.groupings.get(grouping).map(Vec::as_slice).unwrap_or_default();
        let codes: Vec<&Codes> =
            places.iter().filter_map(|p| self.codes.get(*p)).collect();
        match self.list.get(grouping) {
            Some(groups) => groups.key(group, &codes),
            None => GroupKey { period: NO_PERIOD, segment: Vec::new() },
        }
    }
}
