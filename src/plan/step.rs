//! One step of a plan: what it is for, what it does and how it is undone.

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Name, Sql};

use super::added_data::AddedData;
use super::load::{DisabledTriggers, LoadStep};
use super::map_step::MapStep;
use super::online::CatchUp;
use super::written::Written;

/// One step with its reverse.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    pub number: i32,
    /// What it is for, one clause.
    pub intent: String,
    pub action: Action,
    pub reverse: Reverse,
}

/// How a step is undone. There is no default: whoever adds a step must say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reverse {
    Run(Vec<Sql>),
    /// A statement per object, so that one can stay where others go.
    Drop(Vec<(String, Sql)>),
    Nothing,
    Impossible {
        because: String,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Action {
    /// One enhancement file.
    Enhance {
        file: String,
        checksum: String,
        script: Sql,
        transaction: bool,
        /// The objects that must have appeared or changed afterwards, and nothing else.
        appears: Vec<String>,
        replaces: Vec<String>,
        /// Legacy tables that it must not touch.
        legacy: Vec<Name>,
        schema: Ident,
        /// Grants and policies of this table go to what the enhancement creates.
        heirs: Vec<String>,
        /// The target's triggers that its own updates must not wake.
        quiet: Box<DisabledTriggers>,
        /// What it adds and a rollback would drop.
        holds: Vec<AddedData>,
        /// Tables whose rows it may change.
        #[serde(default)]
        writes: Vec<Written>,
        /// Whether a file of its own undoes it.
        #[serde(default)]
        has_down: bool,
    },
    /// Gives rows that were there before their key; `fill` returns the rows it changed.
    Backfill { fill: Sql, quiet: DisabledTriggers },
    /// Hashes the rows that are there, before anything is written.
    Remember { sql: Sql },
    /// Stores the contested rows with their winners, and the rows that raise.
    Contest {
        sql: Sql,
        /// The zone of all sources; none where there is none or the statement itself sets each one's.
        #[serde(default)]
        timezone: Option<String>,
    },
    /// Moves one source, batch by batch.
    Move(Box<LoadStep>),
    /// Looks at what was written to the sources while they moved, and makes it good under a short lock.
    Settle(Box<CatchUp>),
    /// Decides and writes one mapping.
    Map(Box<MapStep>),
    /// Writes what people decided of one mapping; it takes the place of what stood there.
    Decide { map: Box<MapStep>, decisions: Vec<Decided> },
    /// Rows come back with their ids, and the sequence goes on behind them; nobody may insert meanwhile.
    Advance { lock: Sql, sql: Sql },
    /// Fresh statistics for the planner.
    Analyze { tables: Vec<Name> },
}

impl Action {
    /// The word under which the ledger and the events know it; an interface.
    pub fn word(&self) -> &'static str {
        match self {
            Action::Enhance { .. } => "enhance",
            Action::Backfill { .. } => "backfill",
            Action::Remember { .. } => "remember",
            Action::Contest { .. } => "contest",
            Action::Move(_) => "move",
            Action::Settle(_) => "settle",
            Action::Map(_) => "map",
            Action::Decide { .. } => "map",
            Action::Advance { .. } => "advance",
            Action::Analyze { .. } => "analyze",
        }
    }
}

/// What a person decided of one row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decided {
    pub left_id: String,
    /// Ids on the right; the first is the primary one.
    pub right_ids: Vec<String>,
    /// For each of them, values for further columns of the pair.
    pub put: Vec<serde_json::Map<String, serde_json::Value>>,
    pub evidence: String,
}
