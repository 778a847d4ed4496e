//! Partial runs: which legacy rows a run takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which legacy rows a run takes; those that it leaves out are `pending`. The default takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialRun {
    /// Sources as the manifest names them; none named are all.
    pub sources: Vec<String>,
    /// Keys as the target holds them; none named are all.
    pub keys: Vec<String>,
    /// How far each source is taken, where only so many rows are wanted.
    pub upto: Option<BTreeMap<String, UpTo>>,
    /// Rows that changed since the run that moved them take its target rows over.
    pub changed: bool,
}

/// How far a source is taken, in the order of its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpTo {
    Nothing,
    Id(Vec<String>),
    End,
}

impl PartialRun {
    /// Whether no row is left out.
    pub fn whole(&self) -> bool {
        self.sources.is_empty() && self.keys.is_empty() && self.upto.is_none()
    }

    /// Whether a source is left out with all its rows.
    pub fn leaves_out(&self, source: &str) -> bool {
        let named = self.sources.is_empty() || self.sources.iter().any(|s| s == source);
        let reached = self.upto.as_ref().and_then(|u| u.get(source)) != Some(&UpTo::Nothing);
        !(named && reached)
    }
}
