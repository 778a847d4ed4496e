//! The fence of a worker: only while the run is still ours does it write.

use super::job::Job;
use crate::error::Result;
use crate::facts::FailureClass;
use crate::ledger::ledger_sql;
use crate::pg::{Arg, Session};

/// Locks this worker's line and sees that nobody took over.
pub async fn fence(job: &Job, session: &mut Session, worker: usize) -> Result<()> {
    let args = [Arg::Int(job.run), Arg::Int(worker as i64), Arg::Int(job.epoch)];
    let mine: Option<i64> = session.maybe("passing the fence", &ledger_sql!("fence"), &args).await?;
    mine.map(|_| ()).ok_or_else(|| job.stopped(FailureClass::Lock, "somebody took the run over"))
}
