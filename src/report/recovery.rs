//! A run that ended early, as a value.

use serde::Serialize;

use crate::explain::{Class, Way};
use crate::ledger::{Run, StepRow};

/// What is done of it, what kind of failure ended it, and the ways out.
#[derive(Debug, Clone, Serialize)]
pub struct Recovery {
    pub run: Run,
    pub verb: String,
    pub state: String,
    pub class: Class,
    pub error: String,
    pub steps: Vec<StepRow>,
    /// What must be true before the first way can help; empty when nothing.
    pub before: String,
    /// The recommended one first.
    pub ways: Vec<Way>,
}
