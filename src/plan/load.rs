//! The statements that load one source: batches, preview, and the triggers that are disabled meanwhile.

use serde::{Deserialize, Serialize};

use crate::manifest::OnDuplicate;
use crate::sql::{Ident, Name, Sql};

/// The upper ends of the batches, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BatchBounds {
    /// `$1` rows per batch.
    pub by_rows: Sql,
    /// `$1` rows and `$2` bytes per batch.
    pub by_size: Sql,
    /// The same binds: whether no batch can come near that many bytes, so that rows alone will do.
    pub narrow: Sql,
}

/// Triggers that must not fire while rows that were there are changed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DisabledTriggers {
    pub table: Option<Name>,
    pub triggers: Vec<Ident>,
    /// Those of them that fire in every replication role.
    #[serde(default)]
    pub always: Vec<Ident>,
}

impl DisabledTriggers {
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
        if self.triggers.is_empty() {
            return Sql::constant("");
        }
        // the server alters no table of which deferred events are pending
        let judged = Sql::constant(JUDGED_NOW);
        Sql::join("", std::iter::once(judged).chain(self.triggers.iter().map(one)))
    }
}

/// Deferred constraints and constraint triggers fire now for what was written, and at once for what comes.
pub const JUDGED_NOW: &str = "set constraints all immediate;\n";

/// How one source moves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadStep {
    /// The source as the manifest names it; the word in the ledger.
    pub source: String,
    /// None of its rows is taken by this part run.
    #[serde(default)]
    pub left_out: bool,
    pub table: Name,
    pub timezone: Option<String>,
    pub on_duplicate: OnDuplicate,
    /// Its rows refer to each other: they move as one batch.
    #[serde(default)]
    pub tree: bool,
    /// Where it is cut into batches.
    pub cut: BatchBounds,
    /// `$1` run, `$2` above, `$3` up to: does the batch, returns its accounting.
    pub batch: Sql,
    /// `$1` run: looks for keys that were neither returned nor found.
    pub resolve: Sql,
    /// `$1` run, `$2` above, `$3` up to: the upper end of the lower half, and how many rows there are.
    pub halve: Sql,
    /// `$1` run, `$2` above, `$3` up to, `$4` code, `$5` object, `$6` message: records the one row of the range as rejected.
    pub reject_one: Sql,
    /// The same classifier without a write.
    pub look: PreviewQueries,
    pub quiet: DisabledTriggers,
}

/// The classifier for reading only; `$1` run (0 for none), `$2` above, `$3` up to, `$4` ids to leave out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewQueries {
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
