//! What depends on a table, and what its columns hold, as plain values.

use serde::{Deserialize, Serialize};

/// Something outside that uses a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// The table as it was asked for.
    pub table: String,
    /// `foreign key`, `view`, `function`, `policy`, `trigger`, `publication`, `grant`, …
    pub kind: String,
    pub name: String,
    /// As the catalog words it, or a hash of it.
    pub definition: String,
    /// Found by the text of its body, so it may be another of that name.
    pub by_text: bool,
    /// Why it could not be used when it was tried; none for what worked or cannot be tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// One column in numbers; no content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    #[serde(default)]
    pub table: String,
    pub column: String,
    pub type_name: String,
    pub rows: u64,
    pub nulls: u64,
    pub distinct: u64,
    /// Values such as an empty text, `unknown`, `n/a`, 1970-01-01.
    pub default_like: u64,
    /// JSON that was stored as a text inside JSON.
    pub double_encoded: u64,
    /// What most values look like.
    pub pattern: Option<String>,
    /// Characters.
    pub longest: Option<u64>,
}
