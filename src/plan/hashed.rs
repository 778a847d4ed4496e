//! Of which columns the hashes of a run are: a column that came since is no edit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The columns, by name, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashedColumns {
    /// Of a target row as the run left it.
    pub target: Vec<String>,
    /// Every column that the target had, those that are hashed nowhere among them.
    pub target_all: Vec<String>,
    /// Of a row that was there before the run, as check 6 compares it.
    pub existing: Vec<String>,
    /// Of a legacy row, by its source's word in the ledger.
    pub sources: BTreeMap<String, Vec<String>>,
}
