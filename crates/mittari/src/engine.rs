//! The verbs in one place: a workspace is read and checked once, and asked many times.

use std::path::Path;

use mittari_lang::check::Overrides;
use mittari_lang::diagnostic::Diagnostic;
use mittari_lang::metric::{Catalog, MetricId};
use mittari_lang::source::Sources;
use mittari_lang::{check, read, workspace};

use crate::dataset::Dataset;
use crate::error::RunError;
use crate::failure::Error;
use crate::load::workspace::{Folder, Unreadable, read_folder};
use crate::options::RunOptions;
use crate::plan::{Plan, Selection, plan};
use crate::run::needs::runnable;
use crate::run::run;
use crate::table::{NotRun, Results};

/// A workspace that was read and checked.
///
/// Unsound cards are not in its catalog; why, its diagnostics say.
#[derive(Debug)]
pub struct Workspace {
    /// The texts.
    pub sources: Sources,
    /// The texts as written, for all that is prose.
    pub written: workspace::Workspace,
    /// What was found sound.
    pub catalog: Catalog,
    /// What was said, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Files of the folder that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A plan of what the data allow, and what they do not.
#[derive(Debug)]
pub struct Possible {
    /// The plan.
    pub plan: Plan,
    /// The metrics the data do not allow.
    pub not_run: Vec<NotRun>,
}

impl Workspace {
    /// Reads and checks all cards below a folder.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self, Unreadable> {
        Self::of_folder_with(folder, &Overrides::default())
    }

    /// The same with other values for some parameters, or in another zone than the
    /// workspace's own.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn of_folder_with(
        folder: &Path,
        overrides: &Overrides,
    ) -> Result<Self, Unreadable> {
        let Folder { sources, unreadable } = read_folder(folder)?;
        let mut workspace = Self::of_texts(sources, overrides);
        workspace.unreadable = unreadable;
        Ok(workspace)
    }

    /// Reads and checks texts, each named by its path below the workspace.
    pub fn of_texts(sources: Sources, overrides: &Overrides) -> Self {
        let read = read::workspace(&sources);
        let checked = check::check(&read.value, overrides);
        let mut diagnostics = read.diagnostics;
        diagnostics.extend(checked.diagnostics);
        diagnostics.sort_by_key(Diagnostic::span);
        Self {
            sources,
            written: read.value,
            catalog: checked.value,
            diagnostics,
            unreadable: Vec::new(),
        }
    }

    /// Whether nothing is unsound.
    pub fn is_sound(&self) -> bool {
        self.unreadable.is_empty() && !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The metrics with a name: one formula, or all formulas of a card.
    pub fn metrics_named(&self, name: &str) -> Vec<MetricId> {
        let metrics = self.catalog.metrics.iter().zip(0_u32..);
        metrics
            .filter(|(metric, _)| metric.name == name || metric.card_name == name)
            .map(|(_, number)| MetricId(number))
            .collect()
    }

    /// Plans a selection. Metrics that were named and cannot run are an error; of all
    /// metrics those that can are planned, and the others told.
    ///
    /// # Errors
    ///
    /// A metric that was named lacks data, or the selection asks for what is not there.
    pub fn plan(
        &self,
        dataset: &Dataset,
        selection: &Selection,
    ) -> Result<Possible, Error> {
        let n_metrics = u32::try_from(self.catalog.metrics.len()).unwrap_or(u32::MAX);
        let all = selection.metrics.is_empty();
        let (metrics, not_run) = if all {
            runnable(&self.catalog, dataset, (0..n_metrics).map(MetricId))
        } else {
            runnable(&self.catalog, dataset, selection.metrics.iter().copied())
        };
        if let (false, Some(first)) = (all, not_run.first()) {
            let NotRun { metric, lacks, because } = first.clone();
            return Err(RunError::Lacking { metric, what: lacks, because }.into());
        }
        let selection = Selection { metrics, ..selection.clone() };
        let plan = if selection.metrics.is_empty() {
            Plan::empty(selection)
        } else {
            plan(&self.catalog, &selection)?
        };
        Ok(Possible { plan, not_run })
    }

    /// Plans a selection and runs it.
    ///
    /// # Errors
    ///
    /// As [`Self::plan`] and [`run`].
    pub fn run(
        &self,
        dataset: &Dataset,
        selection: &Selection,
        options: &RunOptions<'_>,
    ) -> Result<Results, Error> {
        let Possible { plan, not_run } = self.plan(dataset, selection)?;
        let mut results = run(&self.catalog, &plan, dataset, options)?;
        results.not_run = not_run;
        Ok(results)
    }
}
