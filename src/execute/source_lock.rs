//! Keeps writers off small sources while their rows move, by a session that does nothing else; readers go on.

use super::event::Event;
use super::job::Job;
use super::retry::{Next, Tries};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::pg::{Isolation, Session};
use crate::plan::WriterPolicy;
use crate::sql::{Name, Sql};

/// Locks what the plan says, if that is not done yet or the session that did was lost; whether it did so now.
pub async fn take(job: &Job) -> Result<bool> {
    let WriterPolicy::Wait(tables) = &job.plan.writers else { return Ok(false) };
    let mut hold = job.hold.lock().await;
    if let Some(session) = hold.as_mut() {
        let there = session.script("asking for the lock's session", &Sql::constant("select 1")).await;
        if there.is_ok() {
            return Ok(false);
        }
        *hold = None;
    }
    let doing = "locking the sources";
    let mut tries = Tries::new(job.limits(), job.run.unsigned_abs() + 5);
    loop {
        let error = match lock(job, tables).await {
            Ok(session) => {
                *hold = Some(session);
                return Ok(true);
            }
            Err(error) => error,
        };
        let next = match tries.failed(&error, false) {
            Next::Ask(wait) => {
                // a lock leaves nothing in the ledger, and is gone with its session
                job.pause(doing, &error, wait).await?;
                tries.asked(false)
            }
            Next::Again(wait) => {
                job.pause_for(doing, &error, wait).await?;
                continue;
            }
            other => other,
        };
        if let Next::GiveUp(why) = next {
            return Err(job.gave_up_for(why, error).await);
        }
    }
}

/// Lets writers go on; says so when they could before.
pub async fn release(job: &Job) {
    let Some(mut session) = job.hold.lock().await.take() else { return };
    if session.commit().await.is_err() {
        let finding = Finding::new(
            "lock-lost",
            Severity::Warning,
            "legacy tables",
            "the session that kept writers off the sources was lost on the way",
            "`pgfold validate` compares every row; `pgfold migrate` moves what came since",
        );
        job.watcher.event(&Event::Notice { finding });
    }
    session.close().await;
}

async fn lock(job: &Job, tables: &[Name]) -> Result<Session> {
    let mut session = job.server.open().await?;
    session.wait_for(job.settings.statement_timeout_ms);
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    let sql = Sql::fill(
        "set local idle_in_transaction_session_timeout = 0; lock table ${tables} in share mode",
        &[("tables", &Sql::join(", ", tables.iter().cloned()))],
    );
    session.script("locking the sources", &sql).await?;
    Ok(session)
}
