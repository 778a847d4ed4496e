//! The statements of one mapping, ready to be carried out.

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Name, Sql};

/// One mapping, ready to be carried out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MapStep {
    pub name: String,
    /// The taxonomy's file name and text.
    pub taxonomy: (String, String),
    pub fallback_at_most: Option<f64>,
    /// What the signals are called, in the order of their columns: explicit ones, rules, texts with their weights.
    pub explicit: Vec<String>,
    pub rules: Vec<String>,
    pub texts: Vec<(String, f64)>,
    /// `$1` the id before (null to begin), `$2` how many rows: the id up to which a page goes; no row at the end.
    pub page: Sql,
    /// `$1` the id before (null to begin), `$2` the last: live rows without a mapping, in order of their id. All is text:
    /// id, key, source, then a column for each signal, JSON where it is no text signal.
    pub subjects: Sql,
    /// Rows on the right: id, code, name.
    pub rights: Sql,
    /// One number: live rows of the target.
    pub live: Sql,
    /// One number: live rows that stand by the fallback alone, from earlier runs.
    pub fallbacks: Sql,
    /// `$1` how many: live rows that people mapped, as in `subjects`, then what to, as JSON.
    pub teachers: Sql,
    /// Live rows that stand by the fallback, with what else came into question.
    pub listed: Sql,
    /// `$1` keys: those that live rows have, each with the row's id.
    pub keyed: Sql,
    /// Live rows with what they are mapped to now, for statistics and diffs: `$1`, `$2` as in `subjects`.
    pub today: Sql,
    /// `$1` run, `$2` step, `$3` to `$8` lefts, rights, becauses, confidences, evidence, primary or not, each an array:
    /// writes them; one number comes back.
    pub write: Sql,
    /// `$1` run, `$2` step, `$3` decisions of a person as json: makes room for them, then keeps what is decided again.
    pub clear: Sql,
    pub keep: Sql,
    /// `$1` pairs as json with what a person's file puts into their other columns.
    pub put: Option<Sql>,
    /// `$1` run, `$2` step, `$3` decisions as json: notes how the pairs are left.
    #[serde(default)]
    pub left: Sql,
    /// The pairs as rows that others may write to; none in a plan of before.
    #[serde(default)]
    pub rows: Option<PairRows>,
    /// `$1` run: puts back what decisions of a person replaced.
    pub undo_decide: Sql,
    /// `$1` run: takes the run's mappings back.
    pub undo: Sql,
    pub table: Name,
}

/// What a rollback and a decision have to know of a mapping's rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairRows {
    pub left: Ident,
    pub right: Ident,
    pub left_type: String,
    pub right_type: String,
    /// The hash of a row, over the alias `m`.
    pub row_hash: Sql,
    /// Every column that can be written, and the same of a row `n`.
    pub columns: Sql,
    pub values: Sql,
    /// Assigns them, but for the pair itself and what only the server assigns.
    pub put_back: Sql,
    pub has_identity: bool,
}
