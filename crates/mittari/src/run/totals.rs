//! What the workers of a table gathered becomes totals, cohort by cohort, by all threads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::placing::{PlacingState, Share};
use super::spec::{CohortSpec, PlacingSpec};
use crate::error::RunError;
use crate::gathered::{CohortTotals, Gathered, State};
use crate::ordered::in_order;

/// One cohort: what each worker has gathered of it, and where that goes.
struct Part<'a> {
    placing: &'a PlacingSpec,
    cohort: &'a CohortSpec,
    shares: Vec<Share<'a>>,
    totals: &'a mut CohortTotals,
}

impl Part<'_> {
    fn add_up(self) -> Result<(), RunError> {
        let Self { placing, cohort, shares, totals } = self;
        shares
            .into_iter()
            .try_for_each(|share| share.hand_over((placing, cohort), totals))
    }
}

/// Adds what the workers have gathered, by placing, to the totals of the cohorts.
pub(super) fn hand_over(
    placings: &[PlacingSpec],
    by_placing: &mut [Vec<PlacingState>],
    cohorts: &mut [CohortTotals],
    threads: usize,
) -> Result<(), RunError> {
    let mut open: Vec<Option<&mut CohortTotals>> = cohorts.iter_mut().map(Some).collect();
    let mut parts = Vec::new();
    for (placing, states) in placings.iter().zip(by_placing) {
        PlacingState::settle(placing, states)?;
        let mut shares: Vec<_> = states.iter_mut().map(PlacingState::shares).collect();
        for cohort in &placing.cohorts {
            let shares = shares.iter_mut().filter_map(Iterator::next).collect();
            if let Some(totals) = open.get_mut(cohort.place).and_then(Option::take) {
                parts.push(Part { placing, cohort, shares, totals });
            }
        }
    }
    each(parts, threads, Part::add_up)
}

/// Sorts the values that were listed, group by group.
pub(super) fn sort_lists(
    gathered: &mut Gathered,
    threads: usize,
) -> Result<(), RunError> {
    let groupings = gathered.cohorts.iter_mut().flat_map(|cohort| &mut cohort.groupings);
    let folds = groupings.flat_map(BTreeMap::values_mut).flat_map(|own| &mut own.folds);
    let listed = |state: &&mut State| matches!(state, State::Whole(_) | State::Real(_));
    let lists = folds.map(|fold| &mut fold.state).filter(listed).collect();
    each(lists, threads, |list| {
        list.sort();
        Ok(())
    })
}

/// Gives the memory of totals back.
pub(super) fn let_go(gathered: Gathered, threads: usize) -> Result<(), RunError> {
    each(gathered.cohorts, threads, |cohort| {
        drop(cohort);
        Ok(())
    })
}

/// Does some work, each piece by the thread that is free. Of several failures the first
/// in the order of the pieces is told.
fn each<T: Send>(
    pieces: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> Result<(), RunError> + Sync,
) -> Result<(), RunError> {
    let pieces: Vec<_> = pieces.into_iter().map(|one| Mutex::new(Some(one))).collect();
    let taken = |place: usize| {
        pieces.get(place)?.lock().unwrap_or_else(PoisonError::into_inner).take()
    };
    in_order(
        (pieces.len(), threads),
        || (),
        |(), place| taken(place).map_or(Ok(()), &work),
        |done| done,
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn every_piece_is_done_once_and_the_first_failure_is_told() {
        for threads in [0, 1, 2, 9] {
            let sum = AtomicU32::new(0);
            let add = |n: u32| {
                sum.fetch_add(n, Ordering::Relaxed);
                Ok(())
            };
            assert!(each((1..=100).collect(), threads, add).is_ok());
            assert_eq!(sum.load(Ordering::Relaxed), 5050);
            let fail = |n: u32| match n {
                30 => Err(RunError::Broken("thirty")),
                70 => Err(RunError::Broken("seventy")),
                _ => Ok(()),
            };
            let told = each((1..=100).collect(), threads, fail).unwrap_err();
            assert!(told.to_string().contains("thirty"), "{told}");
            assert!(each(Vec::new(), threads, fail).is_ok());
        }
    }
}
