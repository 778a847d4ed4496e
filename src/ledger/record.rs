//! The ledger's rows as values.

use serde::{Deserialize, Serialize};

use crate::facts::{Counts, FailureClass, RollbackLevel, RunState, StepState, counts_or_nulls};
use crate::plan::Plan;

/// One run with its totals; the totals are null for a run that moved nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunRow {
    pub run: i64,
    pub consolidation: String,
    pub verb: String,
    pub state: RunState,
    pub requested_at: String,
    pub finished_at: Option<String>,
    pub who: String,
    pub tool_version: String,
    pub folder: Option<String>,
    pub changed: bool,
    pub validated: Option<bool>,
    pub error: Option<String>,
    /// What kind of failure ended it early.
    #[serde(default)]
    pub failure_class: Option<FailureClass>,
    pub undone_level: Option<RollbackLevel>,
    /// It changed nothing, and what it found is taken back; or it stopped before its first write and another began.
    #[serde(default)]
    pub superseded: bool,
    /// Its before-images were thrown away.
    #[serde(default)]
    pub cleaned: bool,
    /// It has gates, and MIG-6 was not approved yet.
    pub at_gate: bool,
    pub took_ms: f64,
    /// Nothing for a run that moved nothing.
    #[serde(flatten, with = "counts_or_nulls")]
    pub counts: Option<Counts>,
}

impl RunRow {
    /// Neither taken back nor beside the point.
    pub fn stands(&self) -> bool {
        self.undone_level.is_none() && !self.superseded
    }

    /// Something of it is done, and it did not come to its end.
    pub fn is_half_way(&self) -> bool {
        self.stands() && self.changed && self.state.is_open()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepRow {
    pub step: i32,
    pub kind: String,
    pub intent: String,
    pub state: StepState,
    pub rows: Option<u64>,
    pub error: Option<String>,
    pub took_ms: Option<f64>,
}

/// What became of the rows of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    pub source: String,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Debug, Clone, Deserialize)]
pub struct StoredPlan {
    pub plan: Plan,
    pub plan_digest: String,
    pub folder: Option<String>,
    pub state: RunState,
    pub consolidation: String,
    /// The version of the ledger that its statements were written for.
    #[serde(default)]
    pub ledger_version: Option<i32>,
}

/// A batch that is not committed: the rows above one id up to another; `None` is open.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenBatch {
    pub batch: i64,
    pub above: Option<Vec<String>>,
    pub upto: Option<Vec<String>>,
    /// How often it was cut in two since.
    #[serde(default)]
    pub halvings: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Progress {
    pub batches: u64,
    pub done: u64,
    pub read: u64,
}

/// What one batch statement says of its rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Accounting {
    #[serde(flatten)]
    pub counts: Counts,
    /// Rows whose key was neither returned nor found yet.
    #[serde(default)]
    pub unresolved: u64,
    /// Rows that were written and bear another key than they were given.
    #[serde(default)]
    pub renamed: u64,
    /// Per column: how often it took its default.
    #[serde(default)]
    pub defaulted: Option<std::collections::BTreeMap<String, u64>>,
    /// Per column: how often it lost precision.
    #[serde(default)]
    pub lossy: Option<std::collections::BTreeMap<String, u64>>,
}

impl Accounting {
    pub fn add(&mut self, other: &Accounting) {
        self.counts.add(&other.counts);
        self.unresolved += other.unresolved;
        self.renamed += other.renamed;
        for (mine, theirs) in [(&mut self.defaulted, &other.defaulted), (&mut self.lossy, &other.lossy)] {
            for (column, rows) in theirs.iter().flatten() {
                *mine.get_or_insert_default().entry(column.clone()).or_default() += rows;
            }
        }
    }
}

/// A row that cannot even be evaluated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Raised {
    pub id: String,
    pub code: String,
    pub object: Option<String>,
    /// The server's words, which may quote the row: for the rejects file only.
    pub message: String,
}

/// What an application query returned and took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Baseline {
    pub query: String,
    /// Empty for our own role.
    pub role: String,
    pub rows: Option<u64>,
    pub median_ms: Option<f64>,
    /// What a fixed piece of work took beside it, milliseconds: how fast the machine was just then.
    #[serde(default)]
    pub yardstick_ms: Option<f64>,
    pub error: Option<String>,
}
