//! Does the steps of a plan in order, each until it is done, by us or by an attempt whose answer was lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::event::Event;
use super::job::Job;
use super::retry::{Next, Tries};
use super::{batch_size, map, move_source, retry, source_lock, step};
use crate::error::{Error, Result};
use crate::ledger::{self, Lease, ledger_sql};
use crate::pg::{Arg, Session};
use crate::plan::{Action, Step};

/// Does every step that the ledger does not call done.
pub async fn carry_out(job: Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    session.wait_for(job.settings.statement_timeout_ms);
    let mut tries = Tries::new(job.limits(), job.run.unsigned_abs() + 77);
    loop {
        let error = match from_the_ledger(&job, session, lease).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // what a step lost is seen to by the step: this one was lost between two
        let Next::Ask(wait) = tries.failed(&error, false) else { return Err(half_way(&job, error)) };
        job.pause("reading the ledger", &error, wait).await?;
        renew(&job, session, lease).await?;
        // the steps are read from the ledger in any case
        if let Next::GiveUp(why) = tries.asked(false) {
            return Err(job.gave_up(why, error, ""));
        }
    }
}

/// A server without room or resources is somebody's to mend; what was done until then stands.
fn half_way(job: &Job, error: Error) -> Error {
    match &error {
        Error::Refused { server, .. } if matches!(server.code.get(..2), Some("53" | "58")) => {
            job.stopped_by(&error, error.to_string())
        }
        _ => error,
    }
}

async fn from_the_ledger(job: &Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    let done = ledger::steps(session, job.run).await?;
    let add = [Arg::Int(job.run), Arg::Int(job.manner.workers.max(1) as i64), Arg::Int(lease.epoch)];
    session.execute("setting the fences", &ledger_sql!("add_workers"), &add).await?;
    for step in &job.plan.steps {
        if step.number > job.upto.load(Ordering::Relaxed) {
            return Ok(());
        }
        if done.iter().any(|d| d.step == step.number && d.state.is_done()) {
            continue;
        }
        if job.asked_to_stop() {
            return Err(job.asked());
        }
        match &step.action {
            Action::Contest { .. } | Action::Move(_) => {
                if source_lock::take(job).await? {
                    job.resolved.store(false, Ordering::Relaxed);
                }
            }
            _ => source_lock::release(job).await,
        }
        if matches!(step.action, Action::Move(_)) && !job.resolved.load(Ordering::Relaxed) {
            resolve_again(job, session, lease).await?;
        }
        job.watcher.event(&Event::StepBegan { step: step.number, intent: step.intent.clone() });
        let began = std::time::Instant::now();
        let done = match &step.action {
            // long for the server, and nothing to do for anybody else meanwhile
            Action::Contest { .. } if !session.is_rehearsing() => {
                let (done, ends) = tokio::join!(until_done(job, session, lease, step), batch_size::ahead(job));
                if let Ok(mut ahead) = job.ahead.lock() {
                    *ahead = ends;
                }
                done
            }
            _ => until_done(job, session, lease, step).await,
        };
        match done {
            Ok(rows) => {
                if matches!(step.action, Action::Contest { .. }) {
                    job.resolved.store(true, Ordering::Relaxed);
                }
                job.watcher.event(&Event::StepDone { step: step.number, rows, took: began.elapsed() });
            }
            Err(error) => {
                // the reason is worth more than a failure to note it
                ledger::step_failed(session, job.run, step.number, &error.to_string(), job.epoch).await.ok();
                return Err(error);
            }
        }
    }
    source_lock::release(job).await;
    ledger::close(session, job.run).await
}

/// Who goes on with a run does not know what happened to the sources meanwhile: what was resolved then is resolved again
/// under the lock of now. Rows that the run has brought already are no rivals.
async fn resolve_again(job: &Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    if let Some(step) = job.plan.steps.iter().find(|s| matches!(s.action, Action::Contest { .. })) {
        until_done(job, session, lease, step).await?;
    }
    job.resolved.store(true, Ordering::Relaxed);
    Ok(())
}

/// One step until it is done: by us, or, as the ledger says, by an attempt whose answer was lost.
async fn until_done(job: &Arc<Job>, session: &mut Session, lease: &Lease, step: &Step) -> Result<u64> {
    let mut tries = Tries::new(job.limits(), job.run.unsigned_abs() + step.number.unsigned_abs() as u64);
    let mut trusting = job.manner.nothing_raises;
    loop {
        let error = match attempt(job, session, step, trusting).await {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        let timed_out = session.took.as_millis() as u64 >= job.settings.statement_timeout_ms;
        if !session.is_lost() {
            session.rollback().await.ok();
        }
        if trusting && step::is_about_a_late_row(step, &error) {
            trusting = false;
            continue;
        }
        match tries.failed(&error, timed_out) {
            Next::Ask(wait) => {
                job.pause(&step.intent, &error, wait).await?;
                renew(job, session, lease).await?;
                let steps = ledger::steps(session, job.run).await.unwrap_or_default();
                let done = steps.iter().find(|s| s.step == step.number && s.state.is_done());
                match tries.asked(done.is_some()) {
                    Next::Done => return Ok(done.and_then(|row| row.rows).unwrap_or(0)),
                    Next::GiveUp(why) => return Err(job.gave_up(why, error, "")),
                    _ => {}
                }
            }
            Next::Again(wait) => job.pause_for(&step.intent, &error, wait).await?,
            Next::GiveUp(why) => return Err(job.gave_up_for(why, error).await),
            Next::Done => return Err(Error::bug("a step failed and is done")),
        }
    }
}

async fn attempt(job: &Arc<Job>, session: &mut Session, step: &Step, trusting: bool) -> Result<u64> {
    match &step.action {
        Action::Move(moving) => move_source::move_source(job, session, step, moving).await,
        Action::Map(map) => map::map(job, session, step, map).await,
        _ => step::once(job, session, step, trusting).await,
    }
}

/// A new session for the operator, if the lease is still ours.
async fn renew(job: &Job, session: &mut Session, lease: &Lease) -> Result<()> {
    let renewed = async {
        session.renew().await?;
        lease.reclaim(session).await
    };
    renewed.await.map_err(|e| if retry::is_lost(&e) { job.stopped_by(&e, e.to_string()) } else { e })
}
