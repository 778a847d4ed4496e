//! Carries out any plan: steps in order, batches by workers, every commit with its line in the ledger.

mod batch;
mod cut;
mod event;
mod foretell;
mod grown;
mod health;
mod hold;
mod indexes;
mod look;
mod loss;
mod map;
mod moving;
mod outlook;
mod rehearse;
mod settle;
mod step;
mod throttle;

pub use event::{Event, Sent, Watcher};
pub use foretell::foretell;
pub use grown::Grown;
pub use health::Health;
pub use look::{Difference, Fate, Fault, LookedAt, Most, Outlook, look, raising};
pub use loss::Losses;
pub use map::{Prepared, said};
pub use outlook::{MappingOutlook, look_at_mapping, review_lines, statistics_today};
pub use rehearse::{Carried, Locked, Tried, rehearse};
pub use throttle::Throttle;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use self::hold::Hold;
use crate::error::{Error, Result};
use crate::ledger::{self, Lease, Run};
use crate::pg::{Answer, Server, Session, Settings, answer};
use crate::plan::{Action, Plan, Step};

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct Manner {
    pub workers: usize,
    pub batch_rows: u64,
    /// Tries per batch for transient failures.
    pub attempts: u32,
    pub deadline: std::time::Duration,
    pub lock_timeout: std::time::Duration,
    pub statement_timeout: std::time::Duration,
    pub throttle: Throttle,
    /// A look just before found no row that cannot be evaluated; what came since is found by its batch.
    pub nothing_raises: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Manner {
            workers: 2,
            batch_rows: 10_000,
            attempts: 3,
            deadline: std::time::Duration::from_secs(3600),
            lock_timeout: std::time::Duration::from_secs(5),
            statement_timeout: std::time::Duration::from_secs(600),
            throttle: Throttle::default(),
            nothing_raises: false,
        }
    }
}

/// A plan under way.
pub struct Job {
    pub server: Server,
    pub plan: Plan,
    pub run: Run,
    pub epoch: i64,
    pub settings: Settings,
    pub manner: Manner,
    pub watcher: Arc<dyn Watcher>,
    pub health: Health,
    pub grown: Grown,
    pub began: std::time::Instant,
    /// Where sources were cut while the contest was settled, by step.
    pub ahead: std::sync::Mutex<std::collections::BTreeMap<i32, Vec<Vec<String>>>>,
    /// The last step that may be done for now: the next one lies behind a gate.
    pub upto: std::sync::atomic::AtomicI32,
    /// Raised by the first Ctrl-C: stop at the next batch.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    fn asked_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Somebody cancelled a statement of ours; not to be done again.
    pub(crate) fn cancelled(&self) -> Error {
        let why = if self.asked_to_stop() { "you asked for it" } else { "somebody cancelled it on the server" };
        self.stopped(why)
    }

    pub(crate) fn stopped(&self, why: impl Into<String>) -> Error {
        Error::Stopped {
            run: self.run,
            why: why.into(),
            hint: format!("`pgfold resume` continues, `pgfold rollback --run {} --execute` takes it back", self.run),
        }
    }
}

/// Does every step that the ledger does not call done.
pub async fn carry_out(job: Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    session.wait_for(job.settings.statement_timeout_ms);
    let mut losses = Losses::new(&job);
    loop {
        let error = match from_the_ledger(&job, session, lease).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // what a step lost is seen to by the step: this one was lost between two
        if answer(&error, false) != Answer::Reconnect {
            return Err(half_way(&job, error));
        }
        losses.another(&job, "reading the ledger", &error).await?;
        again(&job, session, lease).await?;
    }
}

/// A server without room or resources is somebody's to mend; what was done until then stands.
fn half_way(job: &Job, error: Error) -> Error {
    match &error {
        Error::Refused { server, .. } if matches!(server.code.get(..2), Some("53" | "58")) => {
            job.stopped(error.to_string())
        }
        _ => error,
    }
}

async fn from_the_ledger(job: &Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    let done = ledger::steps(session, job.run).await?;
    let add = [
        crate::pg::Arg::Int(job.run),
        crate::pg::Arg::Int(job.manner.workers.max(1) as i64),
        crate::pg::Arg::Int(lease.epoch),
    ];
    session.execute("setting the fences", &ledger::ledger_sql!("add_workers"), &add).await?;
    let mut hold = Hold::default();
    for step in &job.plan.steps {
        if step.number > job.upto.load(Ordering::Relaxed) {
            return Ok(());
        }
        if done.iter().any(|d| d.step == step.number && d.state == "done") {
            continue;
        }
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        match &step.action {
            Action::Contest { .. } | Action::Move(_) => hold.take(job).await?,
            _ => hold.release(job).await,
        }
        job.watcher.event(&Event::StepBegan { step: step.number, intent: step.intent.clone() });
        let began = std::time::Instant::now();
        let done = match &step.action {
            // long for the server, and nothing to do for anybody else meanwhile
            Action::Contest { .. } if !session.is_rehearsing() => {
                let (done, ends) = tokio::join!(persist(job, session, lease, step), cut::ahead(job));
                if let Ok(mut ahead) = job.ahead.lock() {
                    *ahead = ends;
                }
                done
            }
            _ => persist(job, session, lease, step).await,
        };
        match done {
            Ok(rows) => job.watcher.event(&Event::StepDone { step: step.number, rows, took: began.elapsed() }),
            Err(error) => {
                // the reason is worth more than a failure to note it
                ledger::step_failed(session, job.run, step.number, &error.to_string(), job.epoch).await.ok();
                return Err(error);
            }
        }
    }
    hold.release(job).await;
    ledger::close(session, job.run).await
}

/// One step until it is done: by us, or, as the ledger says, by an attempt whose answer was lost.
async fn persist(job: &Arc<Job>, session: &mut Session, lease: &Lease, step: &Step) -> Result<u64> {
    let mut losses = Losses::new(job);
    loop {
        let rows = match &step.action {
            Action::Move(moving) => moving::move_source(job, session, step, moving).await,
            Action::Map(map) => map::map(job, session, step, map).await,
            _ => step::step(job, session, step).await,
        };
        let error = match rows {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        if answer(&error, false) != Answer::Reconnect {
            if !session.is_lost() {
                session.rollback().await.ok();
            }
            return Err(if answer(&error, false) == Answer::Cancelled { job.cancelled() } else { error });
        }
        losses.another(job, &step.intent, &error).await?;
        again(job, session, lease).await?;
        let steps = ledger::steps(session, job.run).await;
        if let Ok(steps) = steps
            && let Some(row) = steps.iter().find(|s| s.step == step.number && s.state == "done")
        {
            return Ok(row.rows.unwrap_or(0));
        }
    }
}

/// A new session for the operator, if the lease is still ours.
pub async fn again(job: &Job, session: &mut Session, lease: &Lease) -> Result<()> {
    let renewed = async {
        session.renew().await?;
        lease.reclaim(session).await
    };
    renewed.await.map_err(|e| match answer(&e, false) {
        Answer::Reconnect => job.stopped(e.to_string()),
        _ => e,
    })
}
