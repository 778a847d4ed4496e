//! How much one batch holds: so many rows, and no more bytes than a transaction should carry.

use std::collections::BTreeMap;

use super::job::Job;
use crate::error::Result;
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Action, BatchBounds};

/// What a batch reads at most, but for its last row: half a second's work for the server, and no burden on its memory.
const BYTES: i64 = 16 * 1024 * 1024;

/// The upper ends of the batches, in order.
pub async fn cut(session: &mut Session, cut: &BatchBounds, rows: u64) -> Result<Vec<Vec<String>>> {
    let doing = "cutting the source into batches";
    let most = [Arg::Int(rows.max(1) as i64), Arg::Int(BYTES)];
    if session.one(doing, &cut.narrow, &most).await? {
        return session.rows(doing, &cut.by_rows, &most[..1]).await;
    }
    session.rows(doing, &cut.by_size, &most).await
}

/// The same for every source that is still to be cut, by its step, while the operator's session does something else.
/// Whatever becomes of the rows until then, their batches cover every id; a source that is missing here is cut when its
/// step begins.
pub async fn ahead(job: &Job) -> BTreeMap<i32, Vec<Vec<String>>> {
    let mut all = BTreeMap::new();
    if job.manner.workers < 2 {
        return all;
    }
    let Ok(mut session) = job.server.open_again().await else { return all };
    session.wait_for(job.settings.statement_timeout_ms);
    for step in &job.plan.steps {
        let Action::Move(moving) = &step.action else { continue };
        let ends = async {
            session.begin(Isolation::ReadCommitted, &job.settings.in_zone(moving.timezone.as_deref())).await?;
            let ends = cut(&mut session, &moving.cut, job.manner.batch_rows).await?;
            session.rollback().await.map(|()| ends)
        };
        match ends.await {
            Ok(ends) => all.insert(step.number, ends),
            Err(why) => {
                tracing::debug!("not cut ahead: {why}");
                break;
            }
        };
    }
    session.close().await;
    all
}

/// How many rows a batch of this source may be expected to hold: less than told where bytes set the limit.
pub fn rows_of_a_batch(job: &Job, rows: u64, batches: u64) -> u64 {
    job.manner.batch_rows.min(rows.div_ceil(batches.max(1)).saturating_mul(2)).max(1)
}
