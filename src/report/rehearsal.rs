//! What a rehearsal found, as a value.

use serde::{Deserialize, Serialize};

use super::RunReport;
use crate::execute::Carried;
use crate::validate::Check;

/// What a rehearsal found; nothing of it is there any more, but for sequences.
#[derive(Debug, Clone, Serialize)]
pub struct Rehearsal {
    pub rehearsed: bool,
    pub consolidation: String,
    pub verb: String,
    pub database: String,
    /// From the first write until everything was taken back.
    pub took_ms: f64,
    pub carried: Carried,
    /// As the run's own report would tell it.
    pub report: RunReport,
    pub rejects: Vec<Rejects>,
    /// The seven checks, where the command ends with them.
    pub checks: Option<Vec<Check>>,
    pub waited: Vec<Waited>,
    /// Sequences that do not stand where they stood: before and now.
    pub sequences: Vec<(String, Option<i64>, Option<i64>)>,
    /// What a real run does otherwise.
    pub otherwise: Vec<String>,
}

/// Rows that the server refused, by what for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rejects {
    pub source: String,
    pub code: String,
    pub object: Option<String>,
    pub rows: u64,
    pub example: String,
}

/// A session of somebody else that had to wait for the rehearsal.
#[derive(Debug, Clone, Serialize)]
pub struct Waited {
    pub pid: i64,
    pub wants: String,
    pub waited_ms: f64,
}
