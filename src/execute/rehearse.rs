//! Carries out a whole plan within one transaction that its caller rolls back, and looks at what each step locks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::job::Job;
use super::retry::{Next, Tries, Why};
use super::{map, move_source, step};
use crate::error::Result;
use crate::ledger;
use crate::pg::{Arg, Session};
use crate::plan::{Action, Step};
use crate::sql::Sql;

/// One step as it really went.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    pub step: i32,
    pub kind: &'static str,
    pub intent: String,
    pub rows: u64,
    pub took_ms: f64,
    /// Transactions that a real run commits in this step.
    pub commits: u64,
}

/// A lock on a table that was there before.
#[derive(Debug, Clone, Serialize)]
pub struct Locked {
    pub table: String,
    /// As `pg_locks` words it.
    pub mode: String,
    /// The step that took it first.
    pub step: i32,
    /// Milliseconds since that step began, up to the end of the rehearsal.
    pub held_ms: f64,
    /// Milliseconds of that step's longest transaction: what a real run holds it for, at most.
    pub real_ms: f64,
}

/// What the steps did and took.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Carried {
    pub steps: Vec<Tried>,
    pub locks: Vec<Locked>,
}

#[derive(Deserialize)]
struct Lock {
    table_name: String,
    mode: String,
}

/// Every step of the plan, in order, each tried as a real run does it; the session is rehearsing.
pub async fn rehearse(job: &Arc<Job>, session: &mut Session) -> Result<Carried> {
    session.wait_for(job.settings.statement_timeout_ms);
    let there = Sql::constant(include_str!("../../sql/rehearse/tables.sql"));
    let there: Vec<i64> = session.rows("listing the tables", &there, &[]).await?;
    let there: Vec<String> = there.iter().map(ToString::to_string).collect();
    let add = [Arg::Int(job.run), Arg::Int(1), Arg::Int(job.epoch)];
    session.execute("setting the fences", &ledger::ledger_sql!("add_workers"), &add).await?;
    let mut carried = Carried::default();
    let mut seen: BTreeMap<(String, String), (Instant, Locked)> = BTreeMap::new();
    for one in &job.plan.steps {
        if job.asked_to_stop() {
            return Err(job.asked());
        }
        job.watcher.event(&Event::StepBegan { step: one.number, intent: one.intent.clone() });
        let began = Instant::now();
        let rows = match &one.action {
            Action::Move(source) => move_source::move_source(job, session, one, source).await?,
            Action::Map(mapping) => map::map(job, session, one, mapping).await?,
            _ => single(job, session, one).await?,
        };
        let took = began.elapsed();
        job.watcher.event(&Event::StepDone { step: one.number, rows, took });
        let took_ms = took.as_secs_f64() * 1000.0;
        let (commits, longest) = transactions(job, session, one, took_ms).await?;
        let sql = Sql::constant(include_str!("../../sql/rehearse/locks.sql"));
        let locks: Vec<Lock> = session.rows("looking at locks", &sql, &[Arg::Texts(there.clone())]).await?;
        for lock in locks {
            let locked = Locked {
                table: lock.table_name.clone(),
                mode: lock.mode.clone(),
                step: one.number,
                held_ms: 0.0,
                real_ms: longest,
            };
            seen.entry((lock.table_name, lock.mode)).or_insert((began, locked));
        }
        let (kind, intent) = (one.action.word(), one.intent.clone());
        carried.steps.push(Tried { step: one.number, kind, intent, rows, took_ms, commits });
    }
    ledger::close(session, job.run).await?;
    let constraints = Sql::constant("set constraints all immediate");
    session.script("judging the deferred constraints", &constraints).await?;
    for (began, mut locked) in seen.into_values() {
        locked.held_ms = began.elapsed().as_secs_f64() * 1000.0;
        carried.locks.push(locked);
    }
    carried.locks.sort_by(|a, b| (a.step, &a.table, &a.mode).cmp(&(b.step, &b.table, &b.mode)));
    Ok(carried)
}

/// How many transactions a real run makes of the step, and how long the longest took.
async fn transactions(job: &Job, session: &mut Session, step: &Step, took_ms: f64) -> Result<(u64, f64)> {
    #[derive(Deserialize)]
    struct Batches {
        batches: u64,
        longest: Option<f64>,
    }
    if !matches!(step.action, Action::Move(_)) {
        return Ok((1, took_ms));
    }
    let sql = Sql::constant(include_str!("../../sql/rehearse/batches.sql"));
    let args = [Arg::Int(job.run), Arg::Int(step.number.into())];
    let found: Batches = session.one("looking at the batches", &sql, &args).await?;
    Ok((found.batches.max(1), found.longest.unwrap_or(took_ms)))
}

/// A step that is one transaction, again where it may pass by itself; a lost connection ends the rehearsal.
async fn single(job: &Job, session: &mut Session, one: &Step) -> Result<u64> {
    let mut tries = Tries::new(job.limits(), job.run.unsigned_abs() + one.number.unsigned_abs() as u64);
    let mut trusting = job.manner.nothing_raises;
    loop {
        let error = match step::once(job, session, one, trusting).await {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        let timed_out = session.took.as_millis() as u64 >= job.settings.statement_timeout_ms;
        if !session.is_lost() {
            session.rollback().await.ok();
        }
        if trusting && step::is_about_a_late_row(one, &error) {
            trusting = false;
            continue;
        }
        match tries.failed(&error, timed_out) {
            Next::Again(wait) => job.pause_for(&one.intent, &error, wait).await?,
            Next::GiveUp(why @ Why::Times(_)) => return Err(job.gave_up_for(why, error).await),
            _ => return Err(error),
        }
    }
}
