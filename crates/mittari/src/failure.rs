//! Why there are no results: a file, its rows, or what the data lead to.

use crate::error::RunError;
use crate::fault::{LoadError, ScanError, ScanReport};

/// Why there are no results.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Some rows cannot be read, and this was to stop the run.
    #[error("{} rows cannot be read", .0.faults.rows)]
    BadRows(Box<ScanReport>),
    /// The data or the request do not allow it.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<ScanError<RunError>> for Error {
    fn from(error: ScanError<RunError>) -> Self {
        match error {
            ScanError::Load(error) => Self::Load(error),
            ScanError::BadRows(report) => Self::BadRows(report),
            ScanError::Step(error) => Self::Run(error),
        }
    }
}
