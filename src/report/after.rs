//! What is looked at after a run, as values: health, completion, lost notifications, figures.

use serde::{Deserialize, Serialize};

/// One thing that is not as it was.
#[derive(Debug, Clone, Serialize)]
pub struct Trouble {
    /// `application query`, `dropped index`, `schema drift` or `late legacy writes`.
    pub kind: &'static str,
    pub what: String,
}

/// A look that the plan asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    pub name: String,
    pub due: String,
    pub is_due: bool,
    pub done: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Health {
    pub run: i64,
    pub healthy: bool,
    pub tolerated: u64,
    pub examined: Vec<String>,
    pub troubles: Vec<Trouble>,
    pub checkpoints: Vec<Checkpoint>,
}

/// One criterion.
#[derive(Debug, Clone, Serialize)]
pub struct Criterion {
    pub what: String,
    pub holds: bool,
    /// Why not, and what to do.
    pub why: String,
}

/// Notifications of a run that their receiver did not take.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LostMessages {
    pub run: i64,
    pub lost: u64,
    pub error: String,
    pub types: Vec<String>,
}

/// A run in figures.
#[derive(Debug, Clone, Deserialize)]
pub struct Figures {
    pub run: i64,
    #[serde(rename = "type")]
    pub kind: String,
    pub state: String,
    pub requested: f64,
    pub duration_ms: f64,
    pub read: Option<f64>,
    pub inserted: Option<f64>,
    pub merged: Option<f64>,
    pub duplicate: Option<f64>,
    pub duplicate_in_source: Option<f64>,
    pub filtered: Option<f64>,
    pub rejected: Option<f64>,
    pub settled: Option<f64>,
    pub pending: Option<f64>,
    pub success_rate: Option<f64>,
    pub quality_score: Option<f64>,
    pub validated: Option<bool>,
}
