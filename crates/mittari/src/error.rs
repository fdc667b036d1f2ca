//! What can go wrong with data while a plan runs.

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A whole number grew beyond 128 bits, or a duration beyond 64.
    #[error("a number grew too large to be kept exactly")]
    Overflow,
    /// A stage met what an earlier one never gives; a fault of the program.
    #[error("the program met what it excludes: {0}")]
    Broken(&'static str),
    /// The tables lack what a metric needs.
    #[error("`{metric}` needs {what}, and the data do not give it{}", reason(because.as_ref()))]
    Lacking {
        /// The metric.
        metric: String,
        /// The table or column.
        what: String,
        /// Why they lack it, if their source says so.
        because: Option<String>,
    },
    /// A request that cannot be met, in the words of the user.
    #[error("{0}")]
    Request(String),
    /// The memory that the run may hold is less than it needs, in the words of the user.
    #[error("{0}")]
    Memory(String),
    /// An instant or calendar beyond what working time can be measured in.
    #[error("working time: {0}")]
    Calendar(String),
    /// Something went wrong while one metric was computed.
    #[error("`{metric}`: {reason}")]
    Metric {
        /// The metric.
        metric: String,
        /// What happened.
        reason: Box<Self>,
    },
}

/// The end of a sentence, with why it is so.
fn reason(because: Option<&String>) -> String {
    because.map(|because| format!("; {because}")).unwrap_or_default()
}
