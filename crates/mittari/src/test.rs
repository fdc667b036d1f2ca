//! The tests of cards: given rows are measured as any data are, and compared.
//!
//! ```text
//! circumstances ──▶ catalog    the card checked again: zone, calendar, parameters
//! given rows ─────▶ dataset    typed columns; no file is opened
//! catalog, dataset ──▶ results ── expectations ──▶ problems
//! ```
//!
//! No data are needed beside what a test gives, and the clock is never read.

mod amount;
mod bench;
mod cell;
mod compare;
mod complaints;
mod coverage;
mod given;
mod probe;
mod setting;

use std::fmt;

use mittari_lang::span::Span;
use mittari_lang::trial::{Trial, Trials};

use crate::engine::Workspace;
use bench::Bench;
pub use coverage::{Coverage, Point};
pub use probe::PointKind;

/// What came of the tests of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tested {
    /// The tests, in the order of their files.
    pub cases: Vec<Case>,
    /// What they have reached, card by card.
    pub coverage: Vec<Coverage>,
}

/// One test that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The card it tests.
    pub metric: String,
    /// What it shows.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What is not as it is expected; nothing if the test passed.
    pub problems: Vec<Problem>,
}

/// One thing that is not as it is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where the expectation, or what is wrong in the test, stands.
    pub span: Span,
    /// What it is.
    pub what: Finding,
}

/// What is not as it is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A part of a result differs.
    Differs {
        /// Which part of which result: `2026-01 value`.
        part: String,
        /// As it was written.
        expected: String,
        /// As it was measured.
        found: String,
    },
    /// The test cannot be carried out as it is written.
    Fault(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { part, expected, found } => {
                write!(f, "{part}: expected {expected}, found {found}")
            }
            Self::Fault(message) => f.write_str(message),
        }
    }
}

impl Case {
    /// Whether everything was as it is expected.
    pub const fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Whether a test is wanted, by its card and its name.
pub type Wanted<'a> = dyn Fn(&str, &str) -> bool + 'a;

/// Carries out the tests of a workspace, in the order of its files; only those whose
/// card and name are wanted. What was reached is told of every card, and where only some
/// tests are wanted, of their cards.
pub fn test(workspace: &Workspace, wanted: Option<&Wanted<'_>>) -> Tested {
    let mut tested = Tested::default();
    for trials in &workspace.written.trials {
        let metric = &trials.metric.value;
        let is_wanted = |trial: &&Trial| {
            wanted.is_none_or(|wanted| wanted(metric, &trial.name.value))
        };
        let chosen: Vec<&Trial> = trials.tests.iter().filter(is_wanted).collect();
        if chosen.is_empty() {
            continue;
        }
        match Bench::of(workspace, trials) {
            Ok(mut bench) => {
                for trial in chosen {
                    tested.cases.push(case(trials, trial, bench.carry_out(trial)));
                }
                tested.coverage.push(bench.coverage);
            }
            Err(problem) => {
                let failed =
                    chosen.iter().map(|trial| case(trials, trial, vec![problem.clone()]));
                tested.cases.extend(failed);
            }
        }
    }
    if wanted.is_none() {
        tested.add_untested(workspace);
    }
    tested
}

impl Tested {
    /// Of cards without a test nothing is reached.
    fn add_untested(&mut self, workspace: &Workspace) {
        for card in &workspace.written.cards {
            let name = &card.metric.value;
            let known = self.coverage.iter().any(|one| one.metric == *name);
            if !known && !workspace.metrics_named(name).is_empty() {
                self.coverage.push(Coverage::of(workspace, card));
            }
        }
    }
}

fn case(trials: &Trials, trial: &Trial, problems: Vec<Problem>) -> Case {
    Case {
        metric: trials.metric.value.clone(),
        name: trial.name.value.clone(),
        span: trial.span,
        problems,
    }
}
