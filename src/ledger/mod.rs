//! Our schema in the user's database: runs, steps, batches, crosswalk, rejects, before-images.

pub mod audit;
pub mod book;
mod lease;
mod pace;
mod ready;
mod record;

pub use lease::{Beat, Lease, Owner};
pub use pace::{Pace, add_rehearsal, estimate, paces};
pub use ready::{Hashed, Ready, WINDOW, clean, keep_digest, ready};
pub use record::{Accounting, Baseline, OpenBatch, Progress, Raised, RunRow, SourceRow, StepRow, StoredPlan};

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::pg::{Arg, Session};
use crate::plan::{Before, Plan};
use crate::sql::Sql;

/// A run's number.
pub type Run = i64;

macro_rules! ledger_sql {
    ($name:literal) => {
        $crate::sql::Sql::constant(include_str!(concat!("../../sql/ledger/", $name, ".sql")))
    };
}
pub(crate) use ledger_sql;

/// Creates the schema and its tables where they are missing.
pub async fn ensure(session: &mut Session) -> Result<()> {
    let ensure = Sql::fill(
        "select pg_advisory_xact_lock(7160531); set local client_min_messages = warning;\n\
         ${schema}\n${record}\n${comments}",
        &[
            ("schema", &ledger_sql!("schema")),
            ("record", &ledger_sql!("record")),
            ("comments", &ledger_sql!("comments")),
        ],
    );
    session.begin_bare().await?;
    match session.script("setting up the ledger", &ensure).await {
        Ok(()) => session.commit().await,
        Err(error) => {
            // leave no broken transaction behind for whoever uses the session next
            session.rollback().await.ok();
            Err(error)
        }
    }
}

/// What was measured before the first write.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub baselines: Vec<Baseline>,
    pub sequences: Vec<String>,
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
    sequences_before(session, run, measured.sequences.clone()).await?;
    lease.belongs_to(session, run).await?;
    Ok(run)
}

pub async fn set_folder(session: &mut Session, run: Run, folder: &str) -> Result<()> {
    session.execute("noting the folder", &ledger_sql!("set_folder"), &[Arg::Int(run), folder.into()]).await?;
    Ok(())
}

/// The runs of a consolidation that stand and those that were rolled back.
pub async fn before(session: &mut Session, consolidation: &str) -> Result<Before> {
    #[derive(serde::Deserialize)]
    struct Row {
        standing: Vec<i64>,
        undone: Vec<i64>,
    }
    let row: Row = session.one("reading the ledger", &ledger_sql!("before"), &[consolidation.into()]).await?;
    Ok(Before { standing: row.standing, undone: row.undone })
}

/// Enhancement files that were done and stand, with their checksums.
pub async fn applied(session: &mut Session, consolidation: &str) -> Result<BTreeMap<String, String>> {
    #[derive(serde::Deserialize)]
    struct Row {
        intent: String,
        checksum: Option<String>,
    }
    let rows: Vec<Row> = session.rows("reading the ledger", &ledger_sql!("applied"), &[consolidation.into()]).await?;
    let named = rows.into_iter().filter_map(|r| {
        let file = r.intent.strip_prefix("enhance with ")?.to_owned();
        Some((file, r.checksum.unwrap_or_default()))
    });
    Ok(named.collect())
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
    state: &str,
    rows: Option<u64>,
    error: Option<&str>,
) -> Result<()> {
    let args = [
        Arg::Int(run),
        Arg::Int(step.into()),
        state.into(),
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
pub async fn finish(session: &mut Session, run: Run, epoch: i64, state: &str, error: Option<&str>) -> Result<()> {
    let error = Arg::OptionalText(error.map(str::to_owned));
    let args = [Arg::Int(run), state.into(), error, Arg::Bool(false), Arg::Int(epoch)];
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

/// Where the target's sequences stand before the first write.
async fn sequences_before(session: &mut Session, run: Run, sequences: Vec<String>) -> Result<()> {
    let args = [Arg::Int(run), Arg::Texts(sequences)];
    session.execute("noting the sequences", &ledger_sql!("sequences_before"), &args).await?;
    Ok(())
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
