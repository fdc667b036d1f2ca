//! The shipped cards over exports that nobody here made.
//!
//! The data lie beside the repository, in `../shared/data`, and are not part of it; where
//! they are absent these tests say so and pass. The figures were computed by others with
//! other programs and are printed in the README of the data.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::path::PathBuf;

use mittari::{Overrides, Workspace};

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;
#[path = "real/calls.rs"]
mod calls;
#[path = "real/tickets.rs"]
mod tickets;

/// The shipped cards, by the clocks that the figures were computed by.
fn workspace(zone: &str) -> Workspace {
    let overrides = Overrides::of_zone(zone.parse().unwrap());
    let folder = ask::top().join("metrics");
    let workspace = Workspace::of_folder_with(&folder, &overrides).unwrap();
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
    workspace
}

/// A file of the data, if it is there.
fn data(file: &str) -> Option<PathBuf> {
    let path = ask::top().join("../shared/data").join(file);
    if !path.is_file() {
        eprintln!("skipped: `../shared/data/{file}` is not beside the repository");
        return None;
    }
    Some(path)
}
