//! How much one batch holds: so many rows, and no more bytes than a transaction should carry.

use super::Job;
use crate::error::Result;
use crate::pg::{Arg, Session};
use crate::plan::Cut;

/// What a batch reads at most, but for its last row: half a second's work for the server, and no burden on its memory.
const BYTES: i64 = 16 * 1024 * 1024;

/// The upper ends of the batches, in order.
pub async fn cut(session: &mut Session, cut: &Cut, rows: u64) -> Result<Vec<Vec<String>>> {
    let doing = "cutting the source into batches";
    let most = [Arg::Int(rows.max(1) as i64), Arg::Int(BYTES)];
    if session.one(doing, &cut.narrow, &most).await? {
        return session.rows(doing, &cut.by_rows, &most[..1]).await;
    }
    session.rows(doing, &cut.by_size, &most).await
}

/// How many rows a batch of this source may be expected to hold: less than told where bytes set the limit.
pub fn rows_of_a_batch(job: &Job, rows: u64, batches: u64) -> u64 {
    job.manner.batch_rows.min(rows.div_ceil(batches.max(1)).saturating_mul(2)).max(1)
}
