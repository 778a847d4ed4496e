//! Manifest and catalog in, ordered and reversible steps out; nothing is read or written here.

mod absent;
mod apart;
mod beside;
mod build;
mod candidates;
mod changes;
mod coming;
mod contest;
mod contract;
mod cut;
mod ddl;
pub mod effects;
mod dictionary;
mod draft;
mod enhance;
mod faults;
mod fold;
mod forced;
mod held;
mod keys;
mod late;
mod legacy;
mod look;
mod mapped;
mod merging;
mod part;
mod preserved;
mod probes;
mod readable;
mod saved;
mod shapes;
mod sides;
mod sources;
mod taken;
mod stored;
mod told_apart;
mod undo;
mod unpredictable;

pub use absent::creates;
pub use beside::TEXTS;
pub use build::{Before, Given, Scope, build, one_mapping, search_path};
pub use changes::target_hash;
pub use coming::referenced;
pub use contract::{all_there, contract};
pub use cut::Cut;
pub use dictionary::{Entry, dictionary};
pub use draft::{Draft, Samples, Seen, draft};
pub use enhance::{Script, verify};
pub use fold::{Fold, row_hash};
pub use held::Held;
pub use late::{Late, Settle, Writers, may_lock};
pub use mapped::{MapStep, fillable};
pub use part::{Part, Upto, known_keys, next_rows};
pub use preserved::preserved;
pub use probes::{Probe, probes};
pub use saved::{Estimate, FORMAT, Fingerprint, Identity, RowSet, Saved, all_effects, row_sets, shape};
pub use undo::{Level, Picked, Rehearsed, Undo, rehearsal, undo};

use serde::{Deserialize, Serialize};

use crate::manifest::OnDuplicate;
use crate::sql::{Ident, Name, Sql};

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
    pub undo: Undo,
    pub max_rejects: u64,
    pub arrived: Vec<(String, (u64, u64))>,
    /// What no dry run can foretell, each with where it stands.
    #[serde(default)]
    pub unpredictable: Vec<String>,
    /// Per source the columns that no file shows unless asked; `(key)` where they are part of the key.
    #[serde(default)]
    pub sensitive: std::collections::BTreeMap<String, Vec<String>>,
    /// What those who write to the sources have to expect.
    #[serde(default)]
    pub writers: Writers,
    pub steps: Vec<Step>,
}

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
    Nothing,
    Impossible { because: String },
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
        quiet: Quiet,
        /// What it adds and a rollback would drop.
        holds: Vec<Held>,
    },
    /// Gives rows that were there before their key; `fill` returns the rows it changed.
    Backfill { fill: Sql, quiet: Quiet },
    /// Hashes the rows that are there, before anything is written.
    Remember { sql: Sql },
    /// Stores the contested rows with their winners, and the rows that raise.
    Contest { sql: Sql },
    /// Moves one source, batch by batch.
    Move(Box<Move>),
    /// Looks at what was written to the sources while they moved, and makes it good under a short lock.
    Settle(Box<Settle>),
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

/// Triggers that must not fire while rows that were there are changed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Quiet {
    pub table: Option<Name>,
    pub triggers: Vec<Ident>,
    /// Those of them that fire in every replication role.
    #[serde(default)]
    pub always: Vec<Ident>,
}

impl Quiet {
    /// Statements that switch them off or on again.
    pub fn sql(&self, on: bool) -> Sql {
        let Some(table) = &self.table else { return Sql::constant("") };
        let one = |t: &Ident| {
            let template = if on && self.always.contains(t) {
                "alter table ${table} enable always trigger ${trigger};\n"
            } else if on {
                "alter table ${table} enable trigger ${trigger};\n"
            } else {
                "alter table ${table} disable trigger ${trigger};\n"
            };
            Sql::fill(template, &[("table", table), ("trigger", t)])
        };
        Sql::join("", self.triggers.iter().map(one))
    }
}

/// How one source moves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Move {
    /// The source as the manifest names it; the word in the ledger.
    pub source: String,
    /// None of its rows is taken by this part run.
    #[serde(default)]
    pub left_out: bool,
    pub table: Name,
    pub timezone: Option<String>,
    pub on_duplicate: OnDuplicate,
    /// Where it is cut into batches.
    pub cut: Cut,
    /// `$1` run, `$2` above, `$3` up to: does the batch, returns its accounting.
    pub batch: Sql,
    /// `$1` run: looks for keys that were neither returned nor found.
    pub resolve: Sql,
    /// `$1` run, `$2` above, `$3` up to: the upper end of the lower half, and how many rows there are.
    pub halve: Sql,
    /// `$1` run, `$2` above, `$3` up to, `$4` code, `$5` object, `$6` message: records the one row of the range as rejected.
    pub reject_one: Sql,
    /// The same classifier without a write.
    pub look: Look,
    pub quiet: Quiet,
}

/// The classifier for reading only; `$1` run (0 for none), `$2` above, `$3` up to, `$4` ids to leave out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Look {
    /// What the transaction of a look begins with.
    #[serde(default)]
    pub settings: Sql,
    /// Counts by outcome, reason, defaults taken and precision lost; raises where a row cannot be evaluated.
    pub counts: Sql,
    /// The same with the first `$5` rows, `$6` faults and `$7` differences, all of one pass; nothing in a plan that was read back.
    #[serde(skip)]
    pub told: Sql,
    /// The same with nothing masked.
    #[serde(skip)]
    pub told_revealed: Sql,
    /// Every row: id, key, outcome, reason, winner, target.
    pub rows: Sql,
    /// Rows whose key the target or a better row holds with other content: both sides as json, sensitive columns masked.
    pub differences: Sql,
    /// The same with nothing masked.
    pub revealed: Sql,
    /// Each fault of each rejected row.
    pub faults: Sql,
    /// Evaluates everything without classifying, to find the rows that raise.
    pub evaluate: Sql,
    /// `$2`, `$3`: the upper end of the lower half and the number of rows of a range.
    pub halve: Sql,
}
