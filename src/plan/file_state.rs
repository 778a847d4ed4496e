//! What became of an enhancement file, told from the ledger.

/// What became of an enhancement file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileState {
    pub file: String,
    /// `applied`, `pending`, `marked` or `changed`; an interface.
    pub state: &'static str,
    /// The run that applied it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<i64>,
}
