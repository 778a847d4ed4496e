//! One source by several workers over disjoint ranges of its id.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::batch::{Ended, Worker, batch, on, split, too_many};
use super::batch_size::{cut, rows_of_a_batch};
use super::catch_up;
use super::event::Event;
use super::fence::fence;
use super::index_time::Indexes;
use super::job::Job;
use super::pause::before_batch;
use super::target_statistics::grown_by;
use crate::error::{Error, Result};
use crate::facts::StepState;
use crate::ledger::{self, Accounting, OpenBatch, Run};
use crate::pg::{Isolation, Session};
use crate::plan::{Action, LoadStep, Step};

type Queue = Arc<Mutex<VecDeque<OpenBatch>>>;

/// Moves what is open of the source; how many rows it read.
pub async fn move_source(job: &Arc<Job>, session: &mut Session, step: &Step, moving: &LoadStep) -> Result<u64> {
    let run: Run = job.run;
    let indexes = Indexes::watch(job, session).await;
    session.begin(Isolation::ReadCommitted, &job.settings.in_zone(moving.timezone.as_deref())).await?;
    fence(job, session, 1).await?;
    if ledger::progress(session, run, step.number).await?.batches == 0 {
        let ahead = job.ahead.lock().ok().and_then(|mut all| all.remove(&step.number));
        let ends = match ahead {
            Some(ends) => ends,
            None => cut(session, &moving.cut, job.manner.batch_rows).await?,
        };
        ledger::add_batches(session, run, step.number, &moving.source, &ends).await?;
    }
    ledger::step_state(session, run, step.number, StepState::Running, None, None).await?;
    let sql = crate::sql::Sql::fill("select count(*) from ${t}", &[("t", &moving.table)]);
    let rows: u64 = session.one("counting the source", &sql, &[]).await?;
    let most = rows_of_a_batch(job, rows, ledger::progress(session, run, step.number).await?.batches);
    session.commit().await?;
    let open = ledger::open_batches(session, run, step.number).await?;
    job.watcher.event(&Event::SourceBegan { source: moving.source.clone(), rows });
    if session.is_rehearsing() {
        return in_place(job, session, step, moving, open).await;
    }
    job.health.begun();
    let workers = job.manner.workers.clamp(1, open.len().max(1));
    let queue: Queue = Arc::new(Mutex::new(open.into()));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 1..=workers {
        tasks.spawn(work(job.clone(), step.number, number, queue.clone(), most));
    }
    let mut total = Accounting::default();
    let mut first_error = None;
    while let Some(done) = tasks.join_next().await {
        match done.map_err(|e| Error::bug(format!("a worker panicked: {e}"))).and_then(|r| r) {
            Ok(accounting) => total.add(&accounting),
            Err(error) => {
                // the others finish their batch and find nothing more to do
                if let Ok(mut queue) = queue.lock() {
                    queue.clear();
                }
                first_error.get_or_insert(error);
            }
        }
    }
    if let Some(error) = first_error {
        return Err(error);
    }
    if job.asked_to_stop() && !ledger::open_batches(session, run, step.number).await?.is_empty() {
        return Err(job.asked());
    }
    indexes.note(job, session).await;
    moved(job, session, step, moving).await?;
    Ok(total.counts.read)
}

async fn moved(job: &Job, session: &mut Session, step: &Step, moving: &LoadStep) -> Result<()> {
    if let Some(claims) = job.plan.claims.as_deref().filter(|_| job.plan.last_load() == Some(step.number)) {
        catch_up::claims(job, session, step, claims).await?;
    }
    // workers do not see each other's batches before they are committed
    too_many(job, session).await?;
    job.watcher.event(&Event::SourceDone { source: moving.source.clone() });
    let read = ledger::progress(session, job.run, step.number).await?.read;
    ledger::step_state(session, job.run, step.number, StepState::Done, Some(read), None).await
}

/// One batch after the other on the operator's own session: a rehearsal is one transaction.
async fn in_place(
    job: &Job,
    session: &mut Session,
    step: &Step,
    moving: &LoadStep,
    batches: Vec<OpenBatch>,
) -> Result<u64> {
    let mut total = Accounting::default();
    for open in batches {
        if job.asked_to_stop() {
            return Err(job.asked());
        }
        let began = std::time::Instant::now();
        let accounting = on(session, job, (1, total.counts.written() > 0), step, moving, &open).await?;
        total.add(&accounting);
        let (source, took) = (moving.source.clone(), began.elapsed());
        let inserted = accounting.counts.inserted;
        job.watcher.event(&Event::BatchDone { source, worker: 1, batch: open.batch, accounting, took });
        grown_by(&job.grown, session, &job.settings, &job.plan.target, inserted).await;
    }
    moved(job, session, step, moving).await?;
    Ok(total.counts.read)
}

/// Takes batches from the queue until it is empty or somebody asks to stop.
async fn work(job: Arc<Job>, step: i32, number: usize, queue: Queue, most: u64) -> Result<Accounting> {
    let found = job.plan.steps.iter().find(|s| s.number == step);
    let step = found.ok_or_else(|| Error::bug("a step vanished from its plan"))?;
    let Action::Move(moving) = &step.action else { return Err(Error::bug("a worker got a step without batches")) };
    let mut worker = Worker { number, session: None, server: job.server.clone(), marked: false };
    let mut total = Accounting::default();
    let mut first = true;
    while !job.asked_to_stop() {
        before_batch(&job, worker.session.as_mut(), first).await?;
        first = false;
        let next = queue.lock().map_err(|_| Error::bug("the queue is poisoned"))?.pop_front();
        let Some(open) = next else { break };
        let began = std::time::Instant::now();
        let halves = match halved(&job, &mut worker, step, moving, &open, most).await? {
            Some(halves) => Ended::Halved(halves.0, halves.1),
            None => batch(&job, &mut worker, step, moving, &open).await?,
        };
        let accounting = match halves {
            Ended::Done(accounting) => accounting,
            Ended::Halved(low, high) => {
                let mut queue = queue.lock().map_err(|_| Error::bug("the queue is poisoned"))?;
                queue.push_front(high);
                queue.push_front(low);
                continue;
            }
        };
        job.watcher.event(&Event::BatchDone {
            source: moving.source.clone(),
            worker: number,
            batch: open.batch,
            accounting: accounting.clone(),
            took: began.elapsed(),
        });
        total.add(&accounting);
        if let Some(session) = worker.session.as_mut() {
            grown_by(&job.grown, session, &job.settings, &job.plan.target, accounting.counts.inserted).await;
        }
    }
    if let Some(session) = worker.session.take() {
        session.close().await;
    }
    Ok(total)
}

/// A batch that would take too long at the pace of late is cut in two before it is tried.
async fn halved(
    job: &Job,
    worker: &mut Worker,
    step: &Step,
    moving: &LoadStep,
    open: &OpenBatch,
    most: u64,
) -> Result<Option<(OpenBatch, OpenBatch)>> {
    if moving.tree || !job.health.too_long(most >> open.halvings) {
        return Ok(None);
    }
    match split(job, worker, step, moving, open).await {
        // the batch itself will find out what is wrong
        Err(_) => {
            worker.session = None;
            Ok(None)
        }
        halves => halves,
    }
}
