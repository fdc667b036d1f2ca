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
mod given;
mod setting;

use std::fmt;

use mittari_lang::span::Span;
use mittari_lang::trial::{Trial, Trials};

use crate::engine::Workspace;
use bench::Bench;

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

/// Carries out the tests of a workspace, in the order of its files; only those whose
/// card and name are wanted.
pub fn test(workspace: &Workspace, wanted: &dyn Fn(&str, &str) -> bool) -> Vec<Case> {
    let mut cases = Vec::new();
    for trials in &workspace.written.trials {
        let metric = &trials.metric.value;
        let chosen: Vec<&Trial> = trials
            .tests
            .iter()
            .filter(|trial| wanted(metric, &trial.name.value))
            .collect();
        if chosen.is_empty() {
            continue;
        }
        match Bench::of(workspace, trials) {
            Ok(mut bench) => {
                for trial in chosen {
                    cases.push(case(trials, trial, bench.carry_out(trial)));
                }
            }
            Err(problem) => {
                for trial in chosen {
                    cases.push(case(trials, trial, vec![problem.clone()]));
                }
            }
        }
    }
    cases
}

fn case(trials: &Trials, trial: &Trial, problems: Vec<Problem>) -> Case {
    Case {
        metric: trials.metric.value.clone(),
        name: trial.name.value.clone(),
        span: trial.span,
        problems,
    }
}
