//! Carries out any plan: steps in order, batches by workers, every commit with its line in the ledger.

mod batch;
mod event;
mod look;
mod map;
mod moving;
mod outlook;
mod step;

pub use event::{Event, Sent, Watcher};
pub use look::{Difference, Fate, Fault, LookedAt, Most, Outlook, look, raising};
pub use map::Prepared;
pub use outlook::{MappingOutlook, look_at_mapping, review_lines, statistics_today};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::ledger::{self, Lease, Run};
use crate::pg::{Server, Session, Settings};
use crate::plan::{Action, Plan};

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct Manner {
    pub workers: usize,
    pub batch_rows: u64,
    /// Tries per batch for transient failures.
    pub attempts: u32,
    pub deadline: std::time::Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Manner { workers: 2, batch_rows: 10_000, attempts: 3, deadline: std::time::Duration::from_secs(3600) }
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
    /// Raised by the first Ctrl-C: stop at the next batch.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    fn asked_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn stopped(&self, why: impl Into<String>) -> Error {
        Error::Stopped {
            run: self.run,
            why: why.into(),
            hint: format!("`pgfold resume` continues, `pgfold rollback --run {}` takes it back", self.run),
        }
    }
}

/// Does every step that the ledger does not call done.
pub async fn carry_out(job: Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    let done = ledger::steps(session, job.run).await?;
    let add = [
        crate::pg::Arg::Int(job.run),
        crate::pg::Arg::Int(job.manner.workers.max(1) as i64),
        crate::pg::Arg::Int(lease.epoch),
    ];
    session.execute("setting the fences", &ledger::ledger_sql!("add_workers"), &add).await?;
    for step in &job.plan.steps {
        if done.iter().any(|d| d.step == step.number && d.state == "done") {
            continue;
        }
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        job.watcher.event(&Event::StepBegan { step: step.number, intent: step.intent.clone() });
        let began = std::time::Instant::now();
        let rows = match &step.action {
            Action::Move(moving) => moving::move_source(&job, session, step, moving).await,
            Action::Map(map) => map::map(&job, session, step, map).await,
            _ => step::step(&job, session, step).await,
        };
        match rows {
            Ok(rows) => job.watcher.event(&Event::StepDone { step: step.number, rows, took: began.elapsed() }),
            Err(error) => {
                // the reason is worth more than a failure to note it
                ledger::step_state(session, job.run, step.number, "failed", None, Some(&error.to_string())).await.ok();
                return Err(error);
            }
        }
    }
    ledger::close(session, job.run).await
}
