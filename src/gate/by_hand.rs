//! A run that is done by hand, as its instructions tell it.

use serde::Serialize;

/// One file, in its place.
#[derive(Debug, Clone, Serialize)]
pub struct Numbered {
    pub file: String,
    pub intent: String,
    /// Outside a transaction, so that only psql itself may run it.
    pub alone: bool,
}

/// What was written, and where.
#[derive(Debug, Clone, Serialize)]
pub struct ByHand {
    pub run: i64,
    pub consolidation: String,
    pub database: String,
    pub folder: String,
    pub files: Vec<Numbered>,
    /// Whether mappings remain that can be decided only when the rows are there.
    pub mappings_later: bool,
}
