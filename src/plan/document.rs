//! The plan of one run as it is stored: facts about the target, the ordered steps, and what a rollback needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Name, Sql};

use super::hashed::HashedColumns;
use super::load::DisabledTriggers;
use super::online::{CatchUp, WriterPolicy};
use super::step::{Action, Step};

/// A run, whole: stored before its first step and never recomputed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub consolidation: String,
    pub verb: String,
    pub target: Name,
    pub target_id: Ident,
    pub target_id_type: String,
    pub key: Ident,
    /// The target's schema and the manifest's further ones.
    pub search_path: Vec<Ident>,
    /// Facts that the rollback needs besides the ledger.
    pub undo: RollbackFacts,
    pub max_rejects: u64,
    pub arrived: Vec<(String, (u64, u64))>,
    /// What no dry run can foretell, each with where it stands.
    #[serde(default)]
    pub unpredictable: Vec<String>,
    /// Per source the columns that no file shows unless asked; `(key)` where they are part of the key.
    #[serde(default)]
    pub sensitive: BTreeMap<String, Vec<String>>,
    /// What those who write to the sources have to expect.
    #[serde(default)]
    pub writers: WriterPolicy,
    /// After the last source: moves rows again whose conflict was resolved by keys that changed since.
    #[serde(default)]
    pub claims: Option<Box<CatchUp>>,
    /// Of which columns its hashes are; empty for a run of an earlier build.
    #[serde(default)]
    pub hashed: HashedColumns,
    pub steps: Vec<Step>,
}

impl Plan {
    /// The step that moves the last source.
    pub fn last_load(&self) -> Option<i32> {
        let mut moves = self.steps.iter().rev().filter(|s| matches!(s.action, Action::Move(_)));
        moves.next().map(|s| s.number)
    }
}

/// Facts for the rollback that are fixed when the plan is made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RollbackFacts {
    pub database: String,
    pub system_identifier: Option<String>,
    pub server_version: i32,
    /// `column = expression` of the soft delete; empty: rows can only be deleted.
    pub soft_delete: Vec<(Ident, String)>,
    /// Whether a target row lives, over the alias `pgfold_t`.
    pub live: Option<Sql>,
    /// The hash of each column that the run may have filled, over the alias `pgfold_t`.
    #[serde(default)]
    pub left_values: Sql,
    /// Columns that a merge may have written, with their types.
    pub fillable: Vec<(Ident, String)>,
    /// The hash of a target row as the crosswalk holds it.
    pub target_hash: Option<Sql>,
    pub quiet: DisabledTriggers,
    /// Tables that point to the target, by a foreign key or as a mapping: (table, column, target column).
    pub referenced_by: Vec<(Name, Ident, Ident)>,
}
