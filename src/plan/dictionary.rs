//! One line of the data dictionary: where a target column's values come from, or where a legacy column goes.

use serde::{Deserialize, Serialize};

/// Where a target column's values come from, or where a legacy column goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DictionaryEntry {
    pub source: String,
    /// The expression over the legacy row, or the legacy column itself.
    pub from: String,
    /// Legacy columns that occur in it.
    pub uses: Vec<String>,
    /// The target column; none for a legacy column that is dropped.
    pub column: Option<String>,
    /// `key`, `whole`, `expression`, `values`, `kept` or `dropped`.
    pub kind: String,
    pub note: String,
}
