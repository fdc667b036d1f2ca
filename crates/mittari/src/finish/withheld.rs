//! Which groups are withheld: those of few rows, and those that would give them away.
//!
//! Where one group of a breakdown is withheld and all others are shown, it is the total
//! less the others; so the smallest of the others is withheld too. The same holds within
//! each group of a coarser breakdown that is shown beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::view::project;
use crate::gathered::Key;

/// The groups of one breakdown and period: their rows, and how many each must have.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: BTreeMap<Vec<Key>, (u64, u64)>,
}

impl Cells {
    /// Adds a group; an empty one has nobody to protect, and nobody to hide behind.
    pub(super) fn add(&mut self, segment: &[Key], rows: u64, least: u64) {
        if rows > 0 {
            self.cells.insert(segment.to_vec(), (rows, least));
        }
    }

    /// The groups that are withheld; `margins` are the places of the coarser breakdowns
    /// that are shown beside this one, the total's being none.
    pub(super) fn withheld(&self, margins: &[Vec<usize>]) -> BTreeSet<Vec<Key>> {
        let few = self.cells.iter().filter(|(_, (rows, least))| rows < least);
        let mut withheld: BTreeSet<Vec<Key>> =
            few.map(|(segment, _)| segment.clone()).collect();
        while let Some(more) = self.given_away(&withheld, margins) {
            withheld.insert(more);
        }
        withheld
    }

    /// The smallest group beside one that alone is withheld in its margin.
    fn given_away(
        &self,
        withheld: &BTreeSet<Vec<Key>>,
        margins: &[Vec<usize>],
    ) -> Option<Vec<Key>> {
        for margin in margins {
            let mut hidden: BTreeMap<Vec<Key>, usize> = BTreeMap::new();
            for segment in withheld {
                *hidden.entry(project(segment, margin)).or_default() += 1;
            }
            let alone = |segment: &Vec<Key>| {
                hidden.get(&project(segment, margin)) == Some(&1)
                    && !withheld.contains(segment)
            };
            let shown = self.cells.iter().filter(|(segment, _)| alone(segment));
            if let Some((segment, _)) = shown.min_by_key(|(_, (rows, _))| *rows) {
                return Some(segment.clone());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(codes: &[u32]) -> Vec<Key> {
        codes.iter().map(|code| Key::Category(*code)).collect()
    }

    fn withheld(rows: &[(&[u32], u64)], margins: &[Vec<usize>]) -> Vec<Vec<Key>> {
        let mut cells = Cells::default();
        for (segment, rows) in rows {
            cells.add(&cell(segment), *rows, 5);
        }
        cells.withheld(margins).into_iter().collect()
    }

    #[test]
    fn one_small_group_takes_the_next_smallest_with_it() {
        let rows: [(&[u32], u64); 4] = [(&[0], 3), (&[1], 40), (&[2], 9), (&[3], 0)];
        assert_eq!(withheld(&rows, &[Vec::new()]), [cell(&[0]), cell(&[2])]);
    }

    #[test]
    fn two_small_groups_hide_each_other() {
        let rows: [(&[u32], u64); 3] = [(&[0], 3), (&[1], 1), (&[2], 9)];
        assert_eq!(withheld(&rows, &[Vec::new()]), [cell(&[0]), cell(&[1])]);
    }

    #[test]
    fn a_group_that_is_all_there_is_takes_nothing_with_it() {
        assert_eq!(withheld(&[(&[0], 3)], &[Vec::new()]), [cell(&[0])]);
        assert!(withheld(&[(&[0], 5), (&[1], 5)], &[Vec::new()]).is_empty());
    }

    #[test]
    fn crossed_groups_are_hidden_in_each_margin_that_is_shown() {
        let rows: [(&[u32], u64); 4] =
            [(&[0, 0], 2), (&[0, 1], 8), (&[1, 0], 9), (&[1, 1], 7)];
        let margins = [Vec::new(), vec![0], vec![1]];
        // With one row and one column shown, all four are needed to hide one.
        assert_eq!(withheld(&rows, &margins).len(), 4);
        assert_eq!(withheld(&rows, &[Vec::new()]), [cell(&[0, 0]), cell(&[1, 1])]);
    }
}
