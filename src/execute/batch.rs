//! One batch: fence, settings, statement, accounting and cursor in one transaction.

use super::look::{as_one, range_args};
use super::step::fence;
use super::{Event, Job};
use crate::error::{Error, Result};
use crate::ledger::{Accounting, OpenBatch, ledger_sql};
use crate::pg::{Answer, Arg, Backoff, Isolation, Server, Session, answer};
use crate::plan::{Move, Step};
use crate::sql::Sql;

/// One worker's session, which it may have to open anew.
pub struct Worker {
    pub number: usize,
    pub session: Option<Session>,
    pub server: Server,
}

impl Worker {
    async fn session(&mut self) -> Result<&mut Session> {
        if self.session.is_none() {
            self.session = Some(self.server.open().await?);
        }
        self.session.as_mut().ok_or_else(|| Error::bug("a session was opened and is not there"))
    }
}

/// Does the batch until it is committed, by us or, as the ledger says, by an attempt whose answer was lost.
pub async fn batch(job: &Job, worker: &mut Worker, step: &Step, moving: &Move, open: &OpenBatch) -> Result<Accounting> {
    let mut backoff = Backoff::new((job.run as u64) << 16 | (open.batch as u64) << 4 | worker.number as u64);
    let began = std::time::Instant::now();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let tried = std::time::Instant::now();
        let error = match attempt_batch(job, worker, step, moving, open).await {
            Ok(accounting) => return Ok(accounting),
            Err(error) => error,
        };
        let timed_out = tried.elapsed().as_millis() as u64 >= job.settings.statement_timeout_ms;
        let wanted = answer(&error, timed_out);
        let spent = attempt >= job.manner.attempts || began.elapsed() > job.manner.deadline;
        match wanted {
            Answer::Retry if !spent => {
                if let Some(session) = &mut worker.session {
                    session.rollback().await.ok();
                }
            }
            Answer::Reconnect if !spent => {
                // a connection whose fate is unknown is never used again
                worker.session = None;
            }
            Answer::Cancelled => return Err(job.stopped("somebody cancelled it on the server")),
            Answer::Reconnect => return Err(job.stopped(error.to_string())),
            Answer::Retry => return Err(job.stopped(format!("{error}, {attempt} times"))),
            Answer::Bisect | Answer::Stop => {
                if let Some(session) = &mut worker.session {
                    session.rollback().await.ok();
                }
                return Err(error);
            }
        }
        let wait = backoff.wait();
        job.watcher.event(&Event::Retry {
            doing: format!("batch {} of {}", open.batch, moving.source),
            why: error.to_string(),
            wait,
        });
        tokio::time::sleep(wait).await;
        if wanted == Answer::Reconnect && committed_before(job, worker, step, open).await? {
            return Ok(Accounting::default());
        }
    }
}

/// After a lost connection only the ledger knows whether the commit went through.
async fn committed_before(job: &Job, worker: &mut Worker, step: &Step, open: &OpenBatch) -> Result<bool> {
    let sql = Sql::constant(
        "select committed_at is not null as done from pgfold.batch where run = $1::bigint and step = $2::bigint and batch = $3::bigint",
    );
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), Arg::Int(open.batch)];
    let Ok(session) = worker.session().await else { return Ok(false) };
    let done: Option<bool> = session.maybe("reading the ledger", &sql, &args).await?;
    Ok(done == Some(true))
}

async fn attempt_batch(
    job: &Job,
    worker: &mut Worker,
    step: &Step,
    moving: &Move,
    open: &OpenBatch,
) -> Result<Accounting> {
    let number = worker.number;
    let began = std::time::Instant::now();
    let session = worker.session().await?;
    session.begin(Isolation::ReadCommitted, &job.settings.in_zone(moving.timezone.as_deref())).await?;
    fence(job, session, number).await?;
    if !moving.quiet.triggers.is_empty() {
        session.script("silencing triggers", &moving.quiet.sql(false)).await?;
    }
    session.savepoint().await?;
    let args = range_args(job.run, &open.above, &open.upto);
    let doing = format!("a batch of {}", moving.source);
    let accounting = match one_range(job, session, moving, &args[..3], &doing).await {
        Ok(accounting) => accounting,
        Err(Error::Refused { server, .. }) if server.is_about_a_row() => {
            session.back_to_savepoint().await?;
            bisect(job, session, moving, open, &doing).await?
        }
        Err(other) => return Err(other),
    };
    if !moving.quiet.triggers.is_empty() {
        session.script("waking triggers", &moving.quiet.sql(true)).await?;
    }
    note(job, session, step, open, number, &accounting, began.elapsed().as_secs_f64() * 1000.0).await?;
    session.commit().await?;
    Ok(accounting)
}

/// The batch statement over one range, with its identity checked.
async fn one_range(job: &Job, session: &mut Session, moving: &Move, args: &[Arg], doing: &str) -> Result<Accounting> {
    let rows: Vec<Accounting> = session.returning(doing, &moving.batch, args).await?;
    let mut accounting = rows.into_iter().next().ok_or_else(|| Error::bug("a batch gave no accounting"))?;
    if accounting.unresolved > 0 {
        resolve(job, session, moving, &mut accounting).await?;
    }
    if !accounting.holds() {
        return Err(job.stopped(format!(
            "{doing} read {} rows and accounts for {}; nothing of it was written",
            accounting.read,
            accounting.total()
        )));
    }
    Ok(accounting)
}

/// Rows that were neither inserted nor there: the application was faster, or a trigger ate them.
async fn resolve(job: &Job, session: &mut Session, moving: &Move, accounting: &mut Accounting) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Resolved {
        found: u64,
        open: u64,
    }
    let resolved: Vec<Resolved> =
        session.returning("looking for rows that vanished", &moving.resolve, &[Arg::Int(job.run)]).await?;
    let Some(resolved) = resolved.first() else { return Err(Error::bug("nothing came back for vanished rows")) };
    if resolved.open > 0 {
        return Err(job.stopped(format!(
            "{} rows of {} were inserted without an error and are not there: a trigger of the target drops them",
            resolved.open, moving.source
        )));
    }
    accounting.inserted -= resolved.found.min(accounting.inserted);
    accounting.duplicate += resolved.found;
    accounting.unresolved = 0;
    Ok(())
}

#[derive(serde::Deserialize)]
struct Half {
    rows: u64,
    middle: Option<Vec<String>>,
}

/// Halves the range with savepoints until each row that the server refuses stands alone and is recorded.
async fn bisect(job: &Job, session: &mut Session, moving: &Move, open: &OpenBatch, doing: &str) -> Result<Accounting> {
    let mut total = Accounting::default();
    let mut todo = vec![(open.above.clone(), open.upto.clone())];
    while let Some((above, upto)) = todo.pop() {
        let args = range_args(job.run, &above, &upto);
        session.savepoint().await?;
        let server = match one_range(job, session, moving, &args[..3], doing).await {
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
        too_many(job, &total)?;
    }
    Ok(total)
}

/// Rejects that no dry run foresaw count against the same limit.
fn too_many(job: &Job, total: &Accounting) -> Result<()> {
    if total.rejected <= job.plan.max_rejects {
        return Ok(());
    }
    Err(Error::Gate {
        what: format!(
            "run {} stopped: the server refused {} rows that nothing foresaw, the manifest allows {}",
            job.run, total.rejected, job.plan.max_rejects
        ),
        findings: Vec::new(),
        hint: format!(
            "`pgfold rollback --run {}` takes the run back; then correct the rows or raise max_rejects",
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
        return Err(Error::bug(format!("batch {} was committed twice", open.batch)));
    }
    Ok(())
}
