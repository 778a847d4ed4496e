//! One run, told from the ledger, as a value.

mod after;
mod recovery;
mod rehearsal;
mod story;

pub use after::{Checkpoint, Criterion, Figures, Health, LostMessages, Trouble, TroubleKind};
pub use recovery::{Newest, Recovery};
pub use rehearsal::{Rehearsal, Rejects, Waited};
pub use story::{Attention, BeforeAfter, Counter, Record, RejectReason, Story, Urgency, story};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::ledger::{self, RunRow, SourceRow, StepRow};
use crate::pg::{Arg, Session};
use crate::sql::Sql;

/// A run with its steps, its accounting and its mappings.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    pub run: RunRow,
    pub steps: Vec<StepRow>,
    pub sources: Vec<SourceRow>,
    pub losers: Vec<Loser>,
    pub mappings: Vec<Mapped>,
    /// Columns whose values took a default, or were rounded or cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
}

/// A legacy row that gave way to another with the same key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Loser {
    pub source: String,
    pub id: String,
    pub key: String,
    pub winner: String,
}

/// One mapping of a run in numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mapped {
    pub mapping: String,
    /// Mappings that are new.
    pub new: u64,
    /// Rows that got any.
    pub rows: u64,
    /// Rows that got two or more.
    pub several: u64,
    /// Rows by fallback alone.
    pub fallback: u64,
    /// Rows that wait for a review.
    pub review: u64,
}

/// How many losers a report names; the crosswalk file has all.
const LOSERS: i64 = 20;

pub async fn report(session: &mut Session, run: i64) -> Result<RunReport> {
    let row = ledger::runs(session, None).await?.into_iter().find(|r| r.run == run);
    let row = row.ok_or_else(|| Error::usage(format!("there is no run {run}"), "`pgfold status` lists them"))?;
    let losers = Sql::constant(include_str!("../../sql/ledger/losers.sql"));
    let mapped = Sql::constant(include_str!("../../sql/ledger/mapped.sql"));
    let counters = Sql::constant(include_str!("../../sql/report/counters.sql"));
    Ok(RunReport {
        run: row,
        steps: ledger::steps(session, run).await?,
        sources: ledger::sources(session, run).await?,
        losers: session.rows("reading losers", &losers, &[Arg::Int(run), Arg::Int(LOSERS)]).await?,
        counters: session.rows("reading the counters", &counters, &[Arg::Int(run)]).await?,
        mappings: session.rows("reading mappings", &mapped, &[Arg::Int(run)]).await?,
    })
}
