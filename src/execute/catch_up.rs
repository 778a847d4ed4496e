//! The end of an online run: what was written to the sources meanwhile is found by content and made good.

use std::time::Instant;

use serde::Deserialize;

use super::batch::whole_range;
use super::event::Event;
use super::fence::fence;
use super::job::Job;
use super::preview;
use crate::error::{Error, Result};
use crate::facts::{FailureClass, StepState};
use crate::finding::{Finding, Severity};
use crate::ledger::{self, Accounting, ledger_sql};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{CatchUp, CatchUpSource, Step, WriterPolicy};
use crate::sql::Sql;
use crate::text;

/// Target rows of the run that nobody wants any more.
#[derive(Deserialize)]
struct Gone {
    rows: u64,
    referred: u64,
    ids: Vec<String>,
    revived: Vec<String>,
}

/// How many legacy rows came, changed, went, or share a key with one of those.
#[derive(Debug, Default, Deserialize)]
struct Written {
    came: u64,
    changed: u64,
    gone: u64,
    /// Whether anything was moved again.
    #[serde(default)]
    moved: u64,
}

impl Written {
    fn rows(&self) -> u64 {
        self.came + self.changed + self.gone
    }
}

/// At most so often while the writers go on, and no more once so few rows are late.
const UNLOCKED: u32 = 3;
const FEW: u64 = 300;
/// So often conflicts are resolved again before the checks say what is left.
const CLAIMS: u32 = 5;

/// While the writers go on, so that little is left, and once while they wait; how many rows were late.
pub async fn settle(job: &Job, session: &mut Session, step: &Step, settle: &CatchUp) -> Result<u64> {
    // freshly filled, the planner knows nothing of it yet
    let analyze = Sql::fill("analyze pgfold.crosswalk_${run}", &[("run", &job.run)]);
    session.script("looking at the crosswalk", &analyze).await?;
    let mut before = Written::default();
    for _ in 0..UNLOCKED {
        let found = pass(job, session, step.number, settle, Pass::Free).await?.0;
        before.came += found.came;
        before.changed += found.changed;
        before.gone += found.gone;
        if found.rows() < FEW {
            break;
        }
    }
    let (last, waited) = pass(job, session, step.number, settle, Pass::Locked).await?;
    let finding = Finding::new(
        "live-writers",
        Severity::Note,
        "legacy tables",
        format!(
            "{} came, {} changed and {} went while the run read them; for the last {} of these writers waited {}",
            text::count(before.came + last.came, "row"),
            before.changed + last.changed,
            before.gone + last.gone,
            last.rows(),
            text::duration(waited)
        ),
        "",
    );
    job.watcher.event(&Event::Notice { finding });
    Ok(before.rows() + last.rows())
}

/// Moves rows again whose conflict was resolved by keys that changed since: those of a winner that has another key now,
/// was rejected or is gone, and those that found their key with a row of this run.
pub async fn claims(job: &Job, session: &mut Session, step: &Step, settle: &CatchUp) -> Result<()> {
    for _ in 0..CLAIMS {
        if pass(job, session, step.number, settle, Pass::Claims).await?.0.moved == 0 {
            return Ok(());
        }
    }
    Ok(())
}

/// What a pass looks at, and who may write meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// All rows while writers go on.
    Free,
    /// All rows while writers wait; the last one.
    Locked,
    /// Only what was resolved by keys that changed.
    Claims,
}

async fn pass(
    job: &Job,
    session: &mut Session,
    step: i32,
    settle: &CatchUp,
    how: Pass,
) -> Result<(Written, std::time::Duration)> {
    let run = Arg::Int(job.run);
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    if how != Pass::Claims {
        // those belong to the last source's step, which began long ago
        ledger::step_state(session, job.run, step, StepState::Running, None, None).await?;
    }
    if how == Pass::Locked {
        session.script("keeping writers off the sources", &settle.lock).await?;
    }
    let began = Instant::now();
    session.execute("beginning afresh", &ledger_sql!("late_none"), std::slice::from_ref(&run)).await?;
    if how != Pass::Claims {
        for late in &settle.sources {
            // ids are printed as their batches printed them
            in_zone(job, session, late).await?;
            session.execute(&doing(late), &late.different, std::slice::from_ref(&run)).await?;
        }
    }
    let writers_go_on = Arg::Bool(how != Pass::Claims || !matches!(job.plan.writers, WriterPolicy::Wait(_)));
    session.execute("comparing keys with those of winners", &settle.claims, &[run.clone(), writers_go_on]).await?;
    let mut written: Written =
        session.one("counting late rows", &ledger_sql!("late_count"), std::slice::from_ref(&run)).await?;
    if session.one::<bool>("counting late rows", &ledger_sql!("late_any"), std::slice::from_ref(&run)).await? {
        make_good(job, session, settle).await?;
        written.moved = 1;
    }
    session.execute("ending", &ledger_sql!("late_none"), std::slice::from_ref(&run)).await?;
    if how == Pass::Locked {
        ledger::step_state(session, job.run, step, StepState::Done, Some(written.rows()), None).await?;
    }
    session.commit().await?;
    Ok((written, began.elapsed()))
}

fn doing(late: &CatchUpSource) -> String {
    format!("comparing {} with what was read", late.moving.source)
}

/// Takes back what was made of the late rows and of all that share a key with them, and moves them anew.
async fn make_good(job: &Job, session: &mut Session, settle: &CatchUp) -> Result<()> {
    let run = std::slice::from_ref(&Arg::Int(job.run)).to_vec();
    session.execute("forgetting what was decided of late rows", &ledger_sql!("late_forget"), &run).await?;
    session.script("looking at late rows", &Sql::constant("analyze pgfold.late")).await?;
    for late in &settle.sources {
        in_zone(job, session, late).await?;
        let raised = preview::halve(session, &late.moving.look, job.run).await?;
        if raised.is_empty() {
            continue;
        }
        let json = serde_json::to_string(&raised).map_err(|e| Error::bug(e.to_string()))?;
        let args = [Arg::Int(job.run), late.moving.source.as_str().into(), Arg::Text(json)];
        session.execute("setting rows aside", &ledger_sql!("raises"), &args).await?;
        if !late.moving.left_out {
            session.execute("noting rejects", &ledger_sql!("raised_rejects"), &args).await?;
        }
    }
    let zone = job.settings.in_zone(settle.timezone.as_deref());
    session.script("setting the sources' zone", &zone.sql()).await?;
    session.execute("looking for what shares a key with late rows", &settle.keys, &run).await?;
    session.execute("leaving edited rows alone", &settle.edited, &run).await?;
    session.script("looking at late rows", &Sql::constant("analyze pgfold.late")).await?;
    session.script("silencing triggers", &settle.quiet.sql(false)).await?;
    if let Some(merged) = &settle.merged {
        session.execute("putting back what was merged", merged, &run).await?;
    }
    session.execute("taking late rows back", &settle.back, &run).await?;
    session.script("looking at late rows", &Sql::constant("analyze pgfold.late")).await?;
    take_out(job, session, settle, true).await?;
    session.execute("settling who wins each contested key", &settle.contest, &run).await?;
    for late in &settle.sources {
        in_zone(job, session, late).await?;
        let began = Instant::now();
        let accounting =
            whole_range(job, session, &late.moving, &format!("late rows of {}", late.moving.source)).await?;
        note(job, session, late, &accounting, began.elapsed().as_secs_f64() * 1000.0).await?;
    }
    session.script("setting the sources' zone", &zone.sql()).await?;
    take_out(job, session, settle, false).await?;
    session.script("waking triggers", &settle.quiet.sql(true)).await?;
    too_many(job, session).await?;
    collided(job, session).await?;
    ledger::mark_changed(session, job.run).await
}

/// Rows that exchanged a unique value are each in the other's way while they are written one by one: neither is given up.
async fn collided(job: &Job, session: &mut Session) -> Result<()> {
    let rows: u64 = session.one("looking for collisions", &ledger_sql!("late_collided"), &[Arg::Int(job.run)]).await?;
    if rows == 0 {
        return Ok(());
    }
    Err(Error::Gate {
        what: format!(
            "run {} stopped: {} took over unique values of each other while the run read them; nothing of that was written",
            job.run,
            text::count(rows, "legacy row")
        ),
        findings: Vec::new(),
        hint: format!(
            "`pgfold rollback --run {} --execute`, then `pgfold migrate` without `--online`, or when nobody swaps them",
            job.run
        ),
    })
}

async fn in_zone(job: &Job, session: &mut Session, late: &CatchUpSource) -> Result<()> {
    let settings = job.settings.in_zone(late.moving.timezone.as_deref());
    session.script("setting the source's zone", &settings.sql()).await
}

/// Takes target rows out whose legacy row went; rows that something refers to already are never taken in silence.
async fn take_out(job: &Job, session: &mut Session, settle: &CatchUp, taken_over_stay: bool) -> Result<()> {
    let args = [Arg::Int(job.run), Arg::Bool(taken_over_stay)];
    let gone: Gone = session.one("looking for rows whose source went", &settle.gone, &args).await?;
    if gone.referred > 0 {
        return Err(job.stopped(FailureClass::Data, format!(
            "the legacy rows of {} were deleted or lost their key meanwhile, and others refer to {} of them in the target",
            text::count(gone.rows, "row"),
            gone.referred
        )));
    }
    if !gone.ids.is_empty() {
        session.execute("taking rows out whose source went", &settle.delete, &[Arg::Texts(gone.ids)]).await?;
    }
    match &settle.soft_delete {
        Some(sql) if !gone.revived.is_empty() => {
            session.execute("taking rows out whose source went", sql, &[Arg::Texts(gone.revived)]).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn note(
    job: &Job,
    session: &mut Session,
    late: &CatchUpSource,
    accounting: &Accounting,
    took_ms: f64,
) -> Result<()> {
    if accounting.counts.read == 0 {
        return Ok(());
    }
    let mut json = serde_json::to_value(accounting).map_err(|e| Error::bug(e.to_string()))?;
    json["took_ms"] = took_ms.into();
    json["counters"] = serde_json::json!({ "default": accounting.defaulted, "loss": accounting.lossy });
    let args = [
        Arg::Int(job.run),
        Arg::Int(late.step.into()),
        late.moving.source.as_str().into(),
        Arg::Text(json.to_string()),
    ];
    session.execute("noting late rows", &ledger_sql!("late_batch"), &args).await?;
    Ok(())
}

/// What came meanwhile counts against the same limit as what was there.
async fn too_many(job: &Job, session: &mut Session) -> Result<()> {
    let args = [Arg::Int(job.run)];
    let rejected: u64 = session.one("counting rejects", &ledger_sql!("late_rejected"), &args).await?;
    if rejected <= job.plan.max_rejects {
        return Ok(());
    }
    Err(Error::Gate {
        what: format!(
            "run {} stopped: with what was written meanwhile {} would be rejected, the manifest allows {}",
            job.run,
            text::count(rejected, "row"),
            job.plan.max_rejects
        ),
        findings: Vec::new(),
        hint: "`pgfold migrate --dry-run` shows them; correct them, then `pgfold resume`".to_owned(),
    })
}
