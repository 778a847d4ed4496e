//! Our schema in the user's database: runs, steps, batches, crosswalk, rejects, before-images.

pub mod audit;
pub mod book;
mod digest;
mod lease;
mod pace;
mod ready;
mod record;
mod upgrade;
mod versions;

pub use digest::{digest_query, keep_digest};
pub use lease::{Beat, Lease, Owner};
pub use pace::{Pace, add_rehearsal, estimate, paces};
pub use ready::{Hashed, Ready, WINDOW, clean, ready};
pub use record::{Accounting, Baseline, OpenBatch, Progress, Raised, RunRow, SourceRow, StepRow, StoredPlan};
pub use upgrade::{Upgrading, can_carry_out, ensure, schema, upgrade};
pub use versions::{UPGRADES, newest_version};

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::facts::{RunState, StepState};
use crate::pg::{Arg, Session};
use crate::plan::{HashedColumns, Plan};
use crate::planner::{Applied, EarlierRuns};
use crate::sql::{Literal, Name, Sql, TableRef};

/// A run's number.
pub type Run = i64;

macro_rules! ledger_sql {
    ($name:literal) => {
        $crate::sql::Sql::constant(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/ledger/", $name, ".sql")))
    };
}
pub(crate) use ledger_sql;

/// The sequences whose place before the first write is noted.
#[derive(Debug, Clone, Default)]
pub struct Sequences {
    /// They feed a table that the run fills.
    pub fed: Vec<Name>,
    /// Tables that the application's writing queries name.
    pub tried: Vec<String>,
}

/// What was measured before the first write.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub baselines: Vec<Baseline>,
    pub sequences: Sequences,
}

/// Stores a plan as a new run, with its steps, partitions and what was measured before, in one transaction.
pub async fn open_run(
    session: &mut Session,
    plan: &Plan,
    digest: &str,
    lease: &Lease,
    measured: &Measured,
) -> Result<Run> {
    session.begin_bare().await?;
    let opened = open_in_transaction(session, plan, digest, lease, measured).await;
    match opened {
        Ok(run) => session.commit().await.map(|()| run),
        Err(error) => {
            session.rollback().await.ok();
            Err(error)
        }
    }
}

async fn open_in_transaction(
    session: &mut Session,
    plan: &Plan,
    digest: &str,
    lease: &Lease,
    measured: &Measured,
) -> Result<Run> {
    let json = serde_json::to_string(plan).map_err(|e| Error::bug(format!("the plan cannot be stored: {e}")))?;
    let args = [
        plan.consolidation.as_str().into(),
        plan.verb.as_str().into(),
        env!("CARGO_PKG_VERSION").into(),
        Arg::OptionalText(plan.undo.system_identifier.clone()),
        Arg::Text(json),
        digest.into(),
    ];
    let run: Vec<Run> = session.returning("opening the run", &ledger_sql!("open_run"), &args).await?;
    let run = run.first().copied().ok_or_else(|| Error::bug("the run got no number"))?;
    let partitions = Sql::fill(include_str!("../../sql/ledger/open_partitions.sql"), &[("run", &run)]);
    session.script("opening the run", &partitions).await?;
    let steps: Vec<serde_json::Value> = (plan.steps.iter())
        .map(|s| {
            let checksum = match &s.action {
                crate::plan::Action::Enhance { checksum, .. } => Some(checksum),
                _ => None,
            };
            serde_json::json!({ "step": s.number, "kind": s.action.word(), "intent": s.intent, "checksum": checksum })
        })
        .collect();
    let steps = serde_json::Value::Array(steps).to_string();
    session.execute("storing the steps", &ledger_sql!("add_steps"), &[Arg::Int(run), Arg::Text(steps)]).await?;
    add_baselines(session, run, &measured.baselines).await?;
    session.execute("noting the sequences", &sequences_noted(&measured.sequences), &[Arg::Int(run)]).await?;
    lease.belongs_to(session, run).await?;
    Ok(run)
}

pub async fn set_folder(session: &mut Session, run: Run, folder: &str) -> Result<()> {
    session.execute("noting the folder", &ledger_sql!("set_folder"), &[Arg::Int(run), folder.into()]).await?;
    Ok(())
}

/// The runs of a consolidation that stand and those that were rolled back.
pub async fn before(session: &mut Session, consolidation: &str) -> Result<EarlierRuns> {
    #[derive(serde::Deserialize)]
    struct Row {
        standing: Vec<i64>,
        undone: Vec<i64>,
        hashed: Vec<(i64, HashedColumns)>,
    }
    let row: Row = session.one("reading the ledger", &ledger_sql!("before"), &[consolidation.into()]).await?;
    Ok(EarlierRuns { standing: row.standing, undone: row.undone, hashed: row.hashed.into_iter().collect() })
}

/// The target of a standing run of this name that is another table than this one, and still there.
pub async fn another_target(session: &mut Session, consolidation: &str, target: &Name) -> Result<Option<String>> {
    let args = [consolidation.into(), Arg::Text(target.to_string())];
    session.maybe("reading the ledger", &ledger_sql!("another_target"), &args).await
}

/// Another consolidation with a standing run that moved rows into this table.
pub async fn of_that_target(session: &mut Session, consolidation: &str, target: &TableRef) -> Result<Option<String>> {
    let args = [consolidation.into(), Arg::Text(target.to_string())];
    session.maybe("reading the ledger", &ledger_sql!("of_that_target"), &args).await
}

/// Enhancement files that were done and stand, or were marked as applied.
pub async fn applied(session: &mut Session, consolidation: &str) -> Result<BTreeMap<String, Applied>> {
    #[derive(serde::Deserialize)]
    struct Row {
        file: String,
        #[serde(flatten)]
        applied: Applied,
    }
    let mut rows: Vec<Row> =
        session.rows("reading the ledger", &ledger_sql!("applied"), &[consolidation.into()]).await?;
    // a ledger of an earlier version has no such table yet, and nothing is written to look
    let there = Sql::constant("select to_regclass('pgfold.marked') is not null");
    if session.one("looking for the ledger", &there, &[]).await? {
        let marked: Vec<Row> =
            session.rows("reading the ledger", &ledger_sql!("marked"), &[consolidation.into()]).await?;
        rows.extend(marked.into_iter().filter(|m| !rows.iter().any(|r| r.file == m.file)).collect::<Vec<_>>());
    }
    Ok(rows.into_iter().map(|r| (r.file, r.applied)).collect())
}

/// Notes that a file was applied by hand.
pub async fn mark_applied(
    session: &mut Session,
    consolidation: &str,
    file: &str,
    checksum: &str,
    raw: &str,
) -> Result<()> {
    let args = [consolidation.into(), file.into(), checksum.into(), raw.into()];
    session.execute("marking the file as applied", &ledger_sql!("mark_applied"), &args).await?;
    Ok(())
}

/// Every run of a consolidation, or of all, newest first.
pub async fn runs(session: &mut Session, consolidation: Option<&str>) -> Result<Vec<RunRow>> {
    let wanted = Arg::OptionalText(consolidation.map(str::to_owned));
    session.rows("reading the ledger", &ledger_sql!("runs"), &[wanted]).await
}

pub async fn steps(session: &mut Session, run: Run) -> Result<Vec<StepRow>> {
    session.rows("reading the ledger", &ledger_sql!("steps"), &[Arg::Int(run)]).await
}

/// The accounting of a run, per source.
pub async fn sources(session: &mut Session, run: Run) -> Result<Vec<SourceRow>> {
    session.rows("reading the ledger", &ledger_sql!("outcomes"), &[Arg::Int(run)]).await
}

pub async fn plan(session: &mut Session, run: Run) -> Result<Option<StoredPlan>> {
    session.maybe("reading the plan", &ledger_sql!("plan"), &[Arg::Int(run)]).await
}

pub async fn step_state(
    session: &mut Session,
    run: Run,
    step: i32,
    state: StepState,
    rows: Option<u64>,
    error: Option<&str>,
) -> Result<()> {
    let args = [
        Arg::Int(run),
        Arg::Int(step.into()),
        state.as_str().into(),
        Arg::OptionalText(rows.map(|r| r.to_string())),
        Arg::OptionalText(error.map(str::to_owned)),
    ];
    session.execute("noting a step", &ledger_sql!("step_state"), &args).await?;
    Ok(())
}

/// Notes that a step failed, unless it is done or somebody took the run over.
pub async fn step_failed(session: &mut Session, run: Run, step: i32, error: &str, epoch: i64) -> Result<()> {
    let args = [Arg::Int(run), Arg::Int(step.into()), error.into(), Arg::Int(epoch)];
    session.execute("noting a failure", &ledger_sql!("step_failed"), &args).await?;
    Ok(())
}

/// The run's end, unless somebody took it over.
pub async fn finish(session: &mut Session, run: Run, epoch: i64, state: RunState, error: Option<&Error>) -> Result<()> {
    let class = error.and_then(crate::explain::class).map(|class| class.as_str().to_owned());
    let args = [
        Arg::Int(run),
        state.as_str().into(),
        Arg::OptionalText(error.map(ToString::to_string)),
        Arg::Bool(false),
        Arg::Int(epoch),
        Arg::OptionalText(class),
    ];
    session.execute("finishing the run", &ledger_sql!("finish_run"), &args).await?;
    Ok(())
}

/// From now on the run has something to roll back.
pub async fn mark_changed(session: &mut Session, run: Run) -> Result<()> {
    session.execute("noting a change", &ledger_sql!("mark_changed"), &[Arg::Int(run)]).await?;
    Ok(())
}

pub async fn set_validated(session: &mut Session, run: Run, passed: bool) -> Result<()> {
    session
        .execute("noting the validation", &ledger_sql!("set_validated"), &[Arg::Int(run), Arg::Bool(passed)])
        .await?;
    Ok(())
}

/// Cuts a source into batches of the given upper ends.
pub async fn add_batches(session: &mut Session, run: Run, step: i32, source: &str, ends: &[Vec<String>]) -> Result<()> {
    let ends = serde_json::json!(ends).to_string();
    let args = [Arg::Int(run), Arg::Int(step.into()), source.into(), Arg::Text(ends)];
    session.execute("cutting the source into batches", &ledger_sql!("add_batches"), &args).await?;
    Ok(())
}

pub async fn open_batches(session: &mut Session, run: Run, step: i32) -> Result<Vec<OpenBatch>> {
    let args = [Arg::Int(run), Arg::Int(step.into())];
    session.rows("reading the open batches", &ledger_sql!("open_batches"), &args).await
}

pub async fn progress(session: &mut Session, run: Run, step: i32) -> Result<Progress> {
    let args = [Arg::Int(run), Arg::Int(step.into())];
    session.one("reading the progress", &ledger_sql!("batch_progress"), &args).await
}

pub async fn baselines(session: &mut Session, run: Run) -> Result<Vec<Baseline>> {
    session.rows("reading the baselines", &ledger_sql!("baselines"), &[Arg::Int(run)]).await
}

async fn add_baselines(session: &mut Session, run: Run, all: &[Baseline]) -> Result<()> {
    let json = serde_json::to_string(all).map_err(|e| Error::bug(e.to_string()))?;
    session.execute("noting the baselines", &ledger_sql!("query_baseline"), &[Arg::Int(run), Arg::Text(json)]).await?;
    Ok(())
}

/// `$1` run: where sequences stand before the first write. Of one that gave no number yet only the sequence itself knows.
pub fn sequences_noted(sequences: &Sequences) -> Sql {
    let one = |s: &Name| {
        let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("name", &Literal::new(s.to_string())), ("sequence", s)];
        Sql::fill("select ${name} as sequence, s.last_value, s.is_called from ${sequence} s", &pieces)
    };
    let none = Sql::constant(
        "select null::text as sequence, null::bigint as last_value, null::boolean as is_called where false",
    );
    let all = Sql::join("\n  union all ", std::iter::once(none).chain(sequences.fed.iter().map(one)));
    let tried =
        Sql::join(", ", std::iter::once("").chain(sequences.tried.iter().map(String::as_str)).map(Literal::new));
    Sql::fill(include_str!("../../sql/ledger/sequences_before.sql"), &[("sequences", &all), ("tried", &tried)])
}

/// Those that stand where the run left them.
pub async fn sequences_still(session: &mut Session, run: Run) -> Result<Vec<String>> {
    session.rows("reading the sequences", &ledger_sql!("sequences_still"), &[Arg::Int(run)]).await
}

/// Queries that were rolled back moved these on, for the run.
pub async fn sequences_moved(session: &mut Session, run: Run, sequences: Vec<String>) -> Result<()> {
    let args = [Arg::Int(run), Arg::Texts(sequences)];
    session.execute("noting the sequences", &ledger_sql!("sequences_moved"), &args).await?;
    Ok(())
}

/// Where they stand when the run is done, and the crosswalk's index once it is full.
pub async fn close(session: &mut Session, run: Run) -> Result<()> {
    session.execute("noting the sequences", &ledger_sql!("sequences_after"), &[Arg::Int(run)]).await?;
    let close = Sql::fill(include_str!("../../sql/ledger/close_crosswalk.sql"), &[("run", &run)]);
    session.script("closing the crosswalk", &close).await?;
    keep_digest(session, run).await
}
