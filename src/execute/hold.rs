//! Keeps writers off small sources while their rows move, by a session that does nothing else; readers go on.

use super::health::blockers;
use super::{Event, Job, Losses};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::pg::{Answer, Backoff, Isolation, Session, answer};
use crate::plan::Writers;
use crate::sql::{Name, Sql};

/// The lock, as long as it is wanted; gone with its session.
#[derive(Default)]
pub struct Hold {
    session: Option<Session>,
}

impl Hold {
    /// Locks what the plan says, if that is not done yet.
    pub async fn take(&mut self, job: &Job) -> Result<()> {
        let Writers::Wait(tables) = &job.plan.writers else { return Ok(()) };
        if self.session.is_some() {
            return Ok(());
        }
        let mut losses = Losses::new(job);
        let mut backoff = Backoff::new(job.run.unsigned_abs() + 5);
        let mut attempt = 0;
        loop {
            attempt += 1;
            let error = match lock(job, tables).await {
                Ok(session) => {
                    self.session = Some(session);
                    return Ok(());
                }
                Err(error) => error,
            };
            match answer(&error, false) {
                Answer::Reconnect => losses.another(job, "locking the sources", &error).await?,
                Answer::Retry if attempt < job.manner.attempts => {
                    let wait = backoff.wait();
                    let why = format!("{error}{}", blockers(job).await);
                    job.watcher.event(&Event::Retry { doing: "locking the sources".to_owned(), why, wait });
                    tokio::time::sleep(wait).await;
                }
                Answer::Retry => {
                    return Err(job.stopped(format!("{error}, {attempt} times{}", blockers(job).await)));
                }
                Answer::Cancelled => return Err(job.cancelled()),
                _ => return Err(error),
            }
            if job.asked_to_stop() {
                return Err(job.stopped("you asked for it"));
            }
        }
    }

    /// Lets writers go on; says so when they could before.
    pub async fn release(&mut self, job: &Job) {
        let Some(mut session) = self.session.take() else { return };
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
