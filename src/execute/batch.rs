//! One batch: fence, settings, statement, accounting and cursor in one transaction.

use super::blockers::blockers;
use super::event::Event;
use super::fence::fence;
use super::health::Turn;
use super::job::Job;
use super::preview::{as_one, range_args};
use super::retry::{self, Next, Tries, Why};
use crate::error::{Error, Result, ServerError};
use crate::explain::class;
use crate::facts::{FailureClass, Outcome};
use crate::ledger::{self, Accounting, OpenBatch, ledger_sql};
use crate::pg::{Arg, Isolation, Server, Session};
use crate::plan::{JUDGED_NOW, LoadStep, Step};
use crate::sql::Sql;
use crate::text;

/// One worker's session, which it may have to open anew.
pub struct Worker {
    pub number: usize,
    pub session: Option<Session>,
    pub server: Server,
    /// The ledger knows that the run changed something.
    pub marked: bool,
}

impl Worker {
    async fn session(&mut self, job: &Job) -> Result<&mut Session> {
        if self.session.is_none() {
            let mut session = self.server.open_again().await?;
            session.wait_for(job.settings.statement_timeout_ms);
            self.session = Some(session);
        }
        self.session.as_mut().ok_or_else(|| Error::bug("a session was opened and is not there"))
    }

    fn timed_out(&self, job: &Job) -> bool {
        self.session.as_ref().is_some_and(|s| s.took.as_millis() as u64 >= job.settings.statement_timeout_ms)
    }

    async fn rollback(&mut self) {
        if let Some(session) = self.session.as_mut().filter(|s| !s.is_lost()) {
            session.rollback().await.ok();
        }
    }
}

/// How a batch ended.
pub enum Ended {
    Done(Accounting),
    /// It took too long: two open halves stand in its place now.
    Halved(OpenBatch, OpenBatch),
}

/// Does the batch until it is committed, by us or, as the ledger says, by an attempt whose answer was lost.
pub async fn batch(job: &Job, worker: &mut Worker, step: &Step, moving: &LoadStep, open: &OpenBatch) -> Result<Ended> {
    let ended = persist(job, worker, step, moving, open).await;
    if ended.is_err() {
        job.health.given_up();
    }
    ended
}

async fn persist(job: &Job, worker: &mut Worker, step: &Step, moving: &LoadStep, open: &OpenBatch) -> Result<Ended> {
    let mut turn = Turn::Free;
    let seed = (job.run as u64) << 16 | (open.batch as u64) << 4 | worker.number as u64;
    let mut tries = Tries::new(job.limits(), seed);
    let doing = format!("batch {} of {}", open.batch, moving.source);
    loop {
        // who tries alone does so to the end: nobody else tries while it waits
        if !matches!(turn, Turn::Alone(_)) {
            turn = job.health.turn().await;
        }
        if matches!(turn, Turn::Over) {
            return Err(job.stopped(
                job.health.class(),
                "batches failed one after the other, and so did the one that was tried alone",
            ));
        }
        let tried = std::time::Instant::now();
        let error = match attempt_batch(job, worker, step, moving, open).await {
            Ok(accounting) => {
                job.health.done(accounting.counts.read, tried.elapsed());
                return Ok(Ended::Done(accounting));
            }
            Err(error) => error,
        };
        job.health.failed(class(&error).unwrap_or(FailureClass::Bug));
        let timed_out = worker.timed_out(job);
        worker.rollback().await;
        let next = tries.failed(&error, timed_out);
        if timed_out
            && !moving.tree
            && !matches!(next, Next::Ask(_) | Next::GiveUp(Why::Itself))
            && let Some((low, high)) = split(job, worker, step, moving, open).await?
        {
            return Ok(Ended::Halved(low, high));
        }
        match next {
            Next::Ask(wait) => {
                // a connection whose fate is unknown is never used again
                worker.session = None;
                job.pause(&doing, &error, wait).await?;
                match tries.asked(committed_before(job, worker, step, open).await?) {
                    Next::Done => return Ok(Ended::Done(Accounting::default())),
                    Next::GiveUp(why) => return Err(job.gave_up(why, error, "")),
                    _ => {}
                }
            }
            Next::Again(wait) => {
                if let Some(trigger) = own_lock(job, &error, moving).await {
                    return Err(job.stopped(FailureClass::Lock, trigger));
                }
                job.pause_for(&doing, &error, wait).await?;
            }
            Next::GiveUp(why) => return Err(job.gave_up_for(why, error).await),
            Next::Done => return Err(Error::bug("a batch failed and is done")),
        }
    }
}

/// A trigger of the target that waits for what this run itself keeps others from writing to: waiting again is in vain.
async fn own_lock(job: &Job, error: &Error, moving: &LoadStep) -> Option<String> {
    let Error::Refused { server, .. } = error else { return None };
    let context = server.context.as_deref().filter(|c| error.is_lock() && !c.is_empty())?;
    if !blockers(job).await.is_empty() {
        return None;
    }
    let place = text::cut(&text::inert(context), 200);
    Some(format!(
        "a trigger of the target writes to a table that this run itself keeps locked ({place}); \
         `pgfold rollback --run {} --execute`, then `pgfold apply --online`, which locks no legacy table while the rows of {} move, \
         or disable the trigger",
        job.run, moving.source
    ))
}

/// Two open batches in place of one; nothing when the range is one row.
pub async fn split(
    job: &Job,
    worker: &mut Worker,
    step: &Step,
    moving: &LoadStep,
    open: &OpenBatch,
) -> Result<Option<(OpenBatch, OpenBatch)>> {
    let number = worker.number;
    let session = worker.session(job).await?;
    session.begin(Isolation::ReadCommitted, &job.settings.in_zone(moving.timezone.as_deref())).await?;
    fence(job, session, number).await?;
    let range = range_args(job.run, &open.above, &open.upto);
    let half: Half = session.one("halving a range", &moving.halve, &range[..3]).await?;
    let Some(middle) = half.middle.filter(|_| half.rows > 1) else {
        session.rollback().await?;
        return Ok(None);
    };
    let args = [
        Arg::Int(job.run),
        Arg::Int(step.number.into()),
        Arg::Int(open.batch),
        Arg::Texts(middle.clone()),
        range.get(2).cloned().unwrap_or(Arg::OptionalText(None)),
    ];
    // two workers that split at the same time would take the same number
    session.script("halving a batch", &Sql::constant("lock table pgfold.batch in share row exclusive mode")).await?;
    let high: Vec<i64> = session.returning("halving a batch", &ledger_sql!("split_batch"), &args).await?;
    session.commit().await?;
    let Some(number) = high.first() else { return Ok(None) };
    let halvings = (open.halvings + 1).min(63);
    let low = OpenBatch { batch: open.batch, above: open.above.clone(), upto: Some(middle.clone()), halvings };
    Ok(Some((low, OpenBatch { batch: *number, above: Some(middle), upto: open.upto.clone(), halvings })))
}

/// After a lost connection only the ledger knows whether the commit went through.
async fn committed_before(job: &Job, worker: &mut Worker, step: &Step, open: &OpenBatch) -> Result<bool> {
    let sql = Sql::constant(
        "select committed_at is not null as done from pgfold.batch where run = $1::bigint and step = $2::bigint and batch = $3::bigint",
    );
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), Arg::Int(open.batch)];
    let Ok(session) = worker.session(job).await else { return Ok(false) };
    match session.maybe::<bool>("reading the ledger", &sql, &args).await {
        Ok(done) => Ok(done == Some(true)),
        // lost again: the next attempt finds that out, and cannot commit a batch twice
        Err(error) if retry::is_lost(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn attempt_batch(
    job: &Job,
    worker: &mut Worker,
    step: &Step,
    moving: &LoadStep,
    open: &OpenBatch,
) -> Result<Accounting> {
    let (number, marked) = (worker.number, worker.marked);
    let session = worker.session(job).await?;
    let accounting = on(session, job, (number, marked), step, moving, open).await?;
    worker.marked |= accounting.counts.written() > 0;
    Ok(accounting)
}

/// The batch on this session, by the worker of this number; whether the ledger knows that the run changed something.
pub async fn on(
    session: &mut Session,
    job: &Job,
    (number, marked): (usize, bool),
    step: &Step,
    moving: &LoadStep,
    open: &OpenBatch,
) -> Result<Accounting> {
    let began = std::time::Instant::now();
    session.begin(Isolation::ReadCommitted, &job.settings.in_zone(moving.timezone.as_deref())).await?;
    fence(job, session, number).await?;
    if !moving.quiet.triggers.is_empty() {
        session.script("silencing triggers", &moving.quiet.sql(false)).await?;
    }
    let accounting = ranged(job, session, moving, open, &format!("a batch of {}", moving.source)).await?;
    if !moving.quiet.triggers.is_empty() {
        session.script("waking triggers", &moving.quiet.sql(true)).await?;
    }
    note(job, session, step, open, number, &accounting, began.elapsed().as_secs_f64() * 1000.0).await?;
    if accounting.counts.rejected > 0 {
        too_many(job, session).await?;
    }
    if accounting.counts.written() > 0 && !marked {
        ledger::mark_changed(session, job.run).await?;
    }
    session.commit().await?;
    Ok(accounting)
}

/// Everything that the statements of this source reach, in a transaction that is open already.
pub(super) async fn whole_range(
    job: &Job,
    session: &mut Session,
    moving: &LoadStep,
    doing: &str,
) -> Result<Accounting> {
    ranged(job, session, moving, &OpenBatch { batch: 0, above: None, upto: None, halvings: 0 }, doing).await
}

/// One range, and when a row of it is refused, halves of it until that row stands alone.
async fn ranged(
    job: &Job,
    session: &mut Session,
    moving: &LoadStep,
    open: &OpenBatch,
    doing: &str,
) -> Result<Accounting> {
    session.savepoint().await?;
    let args = range_args(job.run, &open.above, &open.upto);
    match range_or_again(job, session, moving, &args[..3], doing).await {
        Err(Error::Refused { server, .. }) if server.is_about_a_row() => {
            session.back_to_savepoint().await?;
            bisect(job, session, moving, open, doing).await
        }
        other => other,
    }
}

/// One range behind a savepoint, and once more where its accounting does not hold: a row that was there while we inserted,
/// and was deleted before we looked for it, is neither inserted nor found.
async fn range_or_again(
    job: &Job,
    session: &mut Session,
    moving: &LoadStep,
    args: &[Arg],
    doing: &str,
) -> Result<Accounting> {
    match one_range(job, session, moving, args, doing).await {
        Err(Error::Stopped { class: FailureClass::Bug, .. }) => {
            session.back_to_savepoint().await?;
            session.savepoint().await?;
            one_range(job, session, moving, args, doing).await
        }
        other => other,
    }
}

/// The batch statement over one range, with its identity checked.
async fn one_range(
    job: &Job,
    session: &mut Session,
    moving: &LoadStep,
    args: &[Arg],
    doing: &str,
) -> Result<Accounting> {
    let rows: Vec<Accounting> = session.returning(doing, &moving.batch, args).await?;
    // what a deferred constraint or constraint trigger refuses is a row's own fault, too
    session.script(doing, &Sql::constant(JUDGED_NOW)).await?;
    let mut accounting = rows.into_iter().next().ok_or_else(|| Error::bug("a batch gave no accounting"))?;
    if accounting.renamed > 0 {
        return Err(job.stopped(
            FailureClass::Bug,
            format!(
                "a trigger of the target changed the key of {} of {}; nothing of this batch was written",
                text::count(accounting.renamed, "row"),
                moving.source
            ),
        ));
    }
    if accounting.unresolved > 0 {
        resolve(job, session, moving, &mut accounting).await?;
    }
    if !accounting.counts.holds() {
        return Err(job.stopped(
            FailureClass::Bug,
            format!(
                "{doing} read {} rows and accounts for {}; nothing of it was written",
                accounting.counts.read,
                accounting.counts.total()
            ),
        ));
    }
    Ok(accounting)
}

/// Rows that were neither inserted nor there: the application was faster, or a trigger ate them.
async fn resolve(job: &Job, session: &mut Session, moving: &LoadStep, accounting: &mut Accounting) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Resolved {
        found: u64,
        open: u64,
        #[serde(default)]
        raced: u64,
    }
    let resolved: Vec<Resolved> =
        session.returning("looking for rows that vanished", &moving.resolve, &[Arg::Int(job.run)]).await?;
    let Some(resolved) = resolved.first() else { return Err(Error::bug("nothing came back for vanished rows")) };
    if resolved.raced > 0 {
        // looked at again it has another outcome
        return Err(Error::Refused {
            doing: format!("merging rows of {}", moving.source),
            server: Box::new(ServerError {
                code: "40001".to_owned(),
                message: format!("{} of the target were written meanwhile", text::count(resolved.raced, "row")),
                ..ServerError::default()
            }),
        });
    }
    if resolved.open > 0 {
        return Err(job.stopped(
            FailureClass::Bug,
            format!(
                "{} of {} inserted without an error and not found: a trigger of the target drops them or puts them elsewhere",
                text::count(resolved.open, "row"),
                moving.source
            ),
        ));
    }
    accounting.counts.move_over(Outcome::Inserted, Outcome::Duplicate, resolved.found);
    accounting.unresolved = 0;
    Ok(())
}

#[derive(serde::Deserialize)]
struct Half {
    rows: u64,
    middle: Option<Vec<String>>,
}

/// Halves the range with savepoints until each row that the server refuses stands alone and is recorded.
async fn bisect(
    job: &Job,
    session: &mut Session,
    moving: &LoadStep,
    open: &OpenBatch,
    doing: &str,
) -> Result<Accounting> {
    let mut total = Accounting::default();
    let mut todo = vec![(open.above.clone(), open.upto.clone())];
    while let Some((above, upto)) = todo.pop() {
        let args = range_args(job.run, &above, &upto);
        session.savepoint().await?;
        let server = match range_or_again(job, session, moving, &args[..3], doing).await {
            Ok(accounting) => {
                session.release_savepoint().await?;
                total.add(&accounting);
                continue;
            }
            Err(Error::Refused { server, .. }) if server.is_about_a_row() => server,
            Err(other) => return Err(other),
        };
        session.back_to_savepoint().await?;
        let half: Half = session.one("halving a range", &moving.halve, &args[..3]).await?;
        let Some(middle) = half.middle else { return Err(Error::bug("an empty range was refused")) };
        if half.rows > 1 {
            todo.push((Some(middle.clone()), upto));
            todo.push((above, Some(middle)));
            continue;
        }
        let object = server.column.clone().or_else(|| server.constraint.clone());
        let mut reject = args[..3].to_vec();
        reject.extend([server.code.as_str().into(), Arg::OptionalText(object), Arg::Text(server.whole())]);
        let rows: Vec<Accounting> = session.returning("recording a reject", &moving.reject_one, &reject).await?;
        total.add(rows.first().ok_or_else(|| Error::bug("a reject was not recorded"))?);
        job.watcher.event(&Event::RowRejected {
            source: moving.source.clone(),
            id: as_one(&middle),
            why: server.safe(),
        });
        // no need to find each of a thousand
        within(job, total.counts.rejected)?;
    }
    Ok(total)
}

/// Rejects that no dry run foresaw count against the same limit, over the whole run.
pub(super) async fn too_many(job: &Job, session: &mut Session) -> Result<()> {
    let rejected: u64 = session.one("counting rejects", &ledger_sql!("rejected"), &[Arg::Int(job.run)]).await?;
    within(job, rejected)
}

fn within(job: &Job, rejected: u64) -> Result<()> {
    if rejected <= job.plan.max_rejects {
        return Ok(());
    }
    Err(Error::Gate {
        what: format!(
            "run {} stopped: {} would be rejected, more than was foreseen; the manifest allows {}",
            job.run,
            text::count(rejected, "row"),
            job.plan.max_rejects
        ),
        findings: Vec::new(),
        hint: format!(
            "`pgfold rollback --run {} --execute` takes the run back; then correct the rows or raise max_rejects",
            job.run
        ),
    })
}

async fn note(
    job: &Job,
    session: &mut Session,
    step: &Step,
    open: &OpenBatch,
    worker: usize,
    accounting: &Accounting,
    took_ms: f64,
) -> Result<()> {
    let mut json = serde_json::to_value(accounting).map_err(|e| Error::bug(e.to_string()))?;
    json["took_ms"] = took_ms.into();
    json["counters"] = serde_json::json!({ "default": accounting.defaulted, "loss": accounting.lossy });
    let args = [
        Arg::Int(job.run),
        Arg::Int(step.number.into()),
        Arg::Int(open.batch),
        Arg::Int(worker as i64),
        Arg::Text(json.to_string()),
    ];
    let noted = session.execute("noting a batch", &ledger_sql!("commit_batch"), &args).await?;
    if noted != 1 {
        // an attempt before this one was committed, though its answer was lost
        return Err(Error::ConnectionLost {
            doing: "noting a batch".to_owned(),
            why: format!("batch {} is committed already", open.batch),
            code: String::new(),
        });
    }
    Ok(())
}
