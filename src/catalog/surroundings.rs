//! What goes on around a run, as plain values.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Surroundings {
    pub has_ledger: bool,
    /// Each in words, as are the other lists.
    pub long_transactions: Vec<String>,
    pub references_to_sources: Vec<String>,
    pub invalid_indexes: Vec<String>,
    pub source_triggers: Vec<String>,
    pub extensions: Vec<String>,
    pub lagging_replicas: Vec<String>,
    pub free_connections: i64,
    /// Whose limit that is.
    #[serde(default)]
    pub connection_limit: String,
    #[serde(default)]
    pub prepared_transactions: Vec<String>,
    /// Of the target: published, and its updates and deletes would be refused.
    #[serde(default)]
    pub unidentified: Vec<String>,
    pub sources_bytes: u64,
    /// Null unless our role may read the setting.
    pub data_directory: Option<String>,
    /// The server is on this machine.
    pub is_local: bool,
    pub settings: BTreeMap<String, String>,
    #[serde(default)]
    pub open_runs: Vec<OpenRun>,
}

/// A run that did not come to its end, or somebody at work.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenRun {
    pub what: String,
    /// Of the consolidation that was asked about.
    pub ours: bool,
    /// Its operator is connected now.
    pub alive: bool,
}
