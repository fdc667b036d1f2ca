//! What the fuzz targets share: a small desk, expressions of its words, places checked.

pub mod desk;
pub mod places;
#[cfg(feature = "data")]
pub mod rows;
pub mod words;
