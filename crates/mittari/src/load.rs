//! Files to rows and texts: the only folder that opens files.

pub mod workspace;
