//! A run that ended early, as a value.

use serde::Serialize;

use crate::explain::Way;
use crate::facts::{FailureClass, RunState};
use crate::ledger::{Owner, Run, StepRow};
use crate::plan::FileState;

/// What is done of it, what kind of failure ended it, and the ways out.
#[derive(Debug, Clone, Serialize)]
pub struct Recovery {
    pub run: Run,
    pub verb: String,
    pub state: RunState,
    pub class: FailureClass,
    pub error: String,
    pub steps: Vec<StepRow>,
    /// What must be true before the first way can help; empty when nothing.
    pub before: String,
    /// The recommended one first.
    pub ways: Vec<Way>,
}

/// What is told of the newest run beside its line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Newest {
    /// Who operates the consolidation now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_work: Option<Owner>,
    /// Where it ended early.
    pub recovery: Option<Recovery>,
    /// Settings and files that are others since.
    pub changed: Vec<String>,
    /// Of a run by hand that is under way: the file that comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
    /// Every enhancement file: applied, pending, marked or changed.
    pub files: Vec<FileState>,
}
