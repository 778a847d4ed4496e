//! What is looked at after a run, as values: health, completion, lost notifications, figures.

use serde::{Deserialize, Serialize};

use crate::facts::{CheckFailure, Counts, RunState, counts_or_nulls};

/// What is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum TroubleKind {
    #[serde(rename = "application query")]
    ApplicationQuery,
    #[serde(rename = "dropped index")]
    DroppedIndex,
    #[serde(rename = "schema drift")]
    SchemaDrift,
    #[serde(rename = "late legacy writes")]
    LateLegacyWrites,
}

impl TroubleKind {
    /// All of them.
    pub const ALL: [TroubleKind; 4] = [
        TroubleKind::ApplicationQuery,
        TroubleKind::DroppedIndex,
        TroubleKind::SchemaDrift,
        TroubleKind::LateLegacyWrites,
    ];

    pub fn words(self) -> &'static str {
        match self {
            TroubleKind::ApplicationQuery => "application query",
            TroubleKind::DroppedIndex => "dropped index",
            TroubleKind::SchemaDrift => "schema drift",
            TroubleKind::LateLegacyWrites => "late legacy writes",
        }
    }
}

/// One thing that is not as it was.
#[derive(Debug, Clone, Serialize)]
pub struct Trouble {
    pub kind: TroubleKind,
    /// What a check found; nothing where the schema itself changed.
    pub code: Option<CheckFailure>,
    /// The query, source or object.
    pub about: String,
    pub what: String,
}

impl Trouble {
    pub fn is_slow(&self) -> bool {
        self.code == Some(CheckFailure::QuerySlower)
    }

    /// The same for the same trouble on another day.
    pub fn signature(&self) -> String {
        let code = self.code.map_or("", CheckFailure::as_str);
        format!("{} {code} {}", self.kind.words(), self.about)
    }
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
    pub state: RunState,
    pub requested: f64,
    pub duration_ms: f64,
    #[serde(flatten, with = "counts_or_nulls")]
    pub counts: Option<Counts>,
    pub success_rate: Option<f64>,
    pub quality_score: Option<f64>,
    pub validated: Option<bool>,
}
