//! What concurrent writers have to expect of a run, and the statements by which an online run catches up with them.

use serde::{Deserialize, Serialize};

use crate::sql::{Name, Sql};

use super::load::{DisabledTriggers, LoadStep};

/// What those who write to the sources have to expect of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriterPolicy {
    /// Nothing, and what they write meanwhile is moved by the next run.
    #[default]
    Free,
    /// They wait while these tables move; readers do not.
    Wait(Vec<Name>),
    /// They go on but for a moment at the end, when the run settles with what they wrote.
    Online,
}

/// How an online run settles with its sources, in one transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CatchUp {
    /// The zone of all sources; none where there is none or each statement sets it for each source.
    #[serde(default)]
    pub timezone: Option<String>,
    /// Keeps writers, not readers, off all sources at once.
    pub lock: Sql,
    pub sources: Vec<CatchUpSource>,
    /// `$1` run, `$2` whether writers may go on: rows whose conflict was resolved by keys that changed since are late, too.
    #[serde(default)]
    pub claims: Sql,
    /// `$1` run: rows that share a key with a late one are late, too.
    pub keys: Sql,
    /// `$1` run: rows that were edited in the target are left alone.
    pub edited: Sql,
    /// `$1` run: puts back what merges wrote for late rows.
    pub merged: Option<Sql>,
    /// `$1` run: takes the late rows' lines back.
    pub back: Sql,
    /// `$1` run: who wins each contested key among the late rows.
    pub contest: Sql,
    /// `$1` run, `$2` whether rows that another takes over stay: target rows that nobody wants any more.
    pub gone: Sql,
    /// `$1` ids: takes such rows out of the target.
    pub delete: Sql,
    /// The same for rows that were there before, soft-deleted.
    pub soft_delete: Option<Sql>,
    pub quiet: DisabledTriggers,
}

/// One source of an online run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CatchUpSource {
    /// The step that moved it.
    pub step: i32,
    /// `$1` run: notes the rows that are not as they were read.
    pub different: Sql,
    /// Moves the late rows as if they had not been moved.
    pub moving: LoadStep,
}
