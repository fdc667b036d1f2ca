//! Metrics as cards: a declarative rules engine over ticket and call data.
//!
//! A metric is written as a YAML card: what it counts, what it leaves out and why, in
//! words and as a formula. This crate reads and checks a folder of cards, plans them
//! together, runs the plan over files or over Arrow batches, and gives results that say
//! where every row went.
//!
//! # 1. A workspace
//!
//! A workspace is a folder, or a few texts. What is wrong with it is said all at once,
//! with the exact place; what is sound can be used all the same.
//!
//! ```
//! use mittari::{Overrides, Sources, Workspace};
//!
//! let mut sources = Sources::new();
//! sources.add("workspace.yaml", "time_zone: Europe/Helsinki\n");
//! sources.add("vocabulary.yaml", "
//! tables:
//!   calls:
//!     key: call_id
//!     fields:
//!       call_id: text
//!       arrived_at: instant
//!       outcome: {values: [answered, abandoned]}
//!       waited: duration
//! ");
//! sources.add("sla/answered.yaml", "
//! metric: answered
//! title: {en: Answered within twenty seconds}
//! class: sla
//! measures: outcome
//! owner: Service manager
//! period: month
//! unit: percent
//! direction: up
//! parameters:
//!   target_time: 20 s
//! population:
//!   from: calls
//!   dated: arrived_at
//!   exclude:
//!     - name: gave-up-early
//!       when: outcome = \"abandoned\" and waited < target_time
//!       reason: Nobody could have answered them in time.
//! formula: share(outcome = \"answered\" and waited <= target_time)
//! ");
//! let workspace = Workspace::of_texts(sources, &Overrides::default());
//! assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
//! # use std::sync::Arc;
//! # use arrow_array::{ArrayRef, DurationSecondArray, RecordBatch, StringArray};
//! # use arrow_array::TimestampSecondArray;
//! #
//! // # 2. Data: files by a source of the workspace, or batches that are already there.
//! use mittari::{Dataset, RunOptions, Selection};
//!
//! let times = TimestampSecondArray::from(vec![1_767_258_000, 1_767_258_060, 1_767_258_090]);
//! let batch = RecordBatch::try_from_iter([
//!     ("call_id", Arc::new(StringArray::from(vec!["1", "2", "3"])) as ArrayRef),
//!     ("arrived_at", Arc::new(times)),
//!     ("outcome", Arc::new(StringArray::from(vec!["answered", "abandoned", "answered"]))),
//!     ("waited", Arc::new(DurationSecondArray::from(vec![12, 7, 41]))),
//! ])?;
//! let mut dataset = Dataset::new();
//! dataset.add_batches(&workspace.catalog, "calls", vec![batch])?;
//!
//! // # 3. Results: a value with its whole account.
//! let results = workspace.run(&dataset, &Selection::default(), &RunOptions::default())?;
//! let row = &results.rows[0];
//! assert_eq!((row.numerator, row.denominator), (Some(1.0), Some(2.0)));
//! assert_eq!(row.accounts[0].excluded[0].name, "gave-up-early");
//! assert_eq!(row.accounts[0].rows, 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Results are written as CSV, JSON or Parquet by [`report`]; rows behind one number are
//! listed by [`run::rows`].
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod batch;
pub mod calendar;
pub mod dataset;
mod engine;
pub mod error;
pub mod failure;
pub mod fault;
pub mod finish;
pub mod gathered;
pub mod kernel;
pub mod load;
pub mod memory;
pub mod options;
mod ordered;
pub mod period;
pub mod plan;
mod related;
pub mod report;
pub mod run;
pub mod statistics;
pub mod table;
pub mod test;
pub mod timing;
pub mod vector;
pub mod zone;

pub use dataset::Dataset;
pub use engine::{Possible, Workspace};
pub use failure::Error;
pub use load::OnBadRows;
pub use memory::MemoryLimit;
pub use mittari_lang::check::Overrides;
pub use mittari_lang::diagnostic::{Code, Diagnostic, Severity};
pub use mittari_lang::metric::{Catalog, Metric, MetricId};
pub use mittari_lang::source::Sources;
pub use options::RunOptions;
pub use plan::{Plan, Selection};
pub use table::Results;
