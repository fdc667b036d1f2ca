//! Pieces of work that threads do in any order, taken in their own.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

/// Does so many pieces by so many threads, each with a state of its own; what comes of
/// them is taken by the caller's thread in the order of the pieces, while others are being
/// done. Ends with the first failure of `take`.
pub(crate) fn in_order<S, T: Send, E>(
    (pieces, threads): (usize, usize),
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.min(pieces);
    if threads <= 1 {
        let mut state = start();
        return (0..pieces).try_for_each(|place| take(work(&mut state, place)));
    }
    let next = AtomicUsize::new(0);
    let run = |done: &Sender<(usize, T)>| {
        let mut state = start();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            // Nobody listens any more where an earlier piece failed.
            if place >= pieces || done.send((place, work(&mut state, place))).is_err() {
                return;
            }
        }
    };
    let run = &run;
    std::thread::scope(|scope| {
        let (sender, done) = channel();
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let sender = sender.clone();
                scope.spawn(move || run(&sender))
            })
            .collect();
        drop(sender);
        let mut early = BTreeMap::new();
        let mut place = 0;
        for (found_at, found) in done {
            early.insert(found_at, found);
            while let Some(found) = early.remove(&place) {
                take(found)?;
                place += 1;
            }
        }
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined.for_each(|done| done.unwrap_or_else(|panic| resume_unwind(panic)));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn whatever_takes_long_the_order_is_kept() {
        let slow = |(): &mut (), place: usize| {
            std::thread::sleep(Duration::from_micros((place * 7 % 5) as u64 * 300));
            place
        };
        for threads in [0, 1, 2, 7] {
            let mut taken = Vec::new();
            let mut take = |place| {
                taken.push(place);
                if place == 20 { Err("enough") } else { Ok(()) }
            };
            assert_eq!(in_order((20, threads), || (), slow, &mut take), Ok(()));
            assert_eq!(in_order((0, threads), || (), slow, &mut take), Ok(()));
            assert_eq!(in_order((90, threads), || (), slow, &mut take), Err("enough"));
            let expected: Vec<usize> = (0..20).chain(0..21).collect();
            assert_eq!(taken, expected);
        }
    }

    #[test]
    fn each_thread_has_a_state() {
        let sum = |state: &mut usize, place: usize| {
            *state += place;
            *state
        };
        let mut last = 0;
        let take = |sum| {
            last = last.max(sum);
            Ok::<(), ()>(())
        };
        assert_eq!(in_order((10, 1), || 0, sum, take), Ok(()));
        assert_eq!(last, 45);
    }
}
