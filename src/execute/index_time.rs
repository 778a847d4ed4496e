//! What the target's indexes cost while rows move: the server counts no time for them, but blocks.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::job::Job;
use crate::ledger::book;
use crate::pg::Session;
use crate::sql::Sql;

/// Blocks asked for since the server counts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Blocks {
    rows: f64,
    indexes: f64,
}

/// From here on.
pub struct Indexes {
    before: Option<Blocks>,
    began: Instant,
}

impl Indexes {
    pub async fn watch(job: &Job, session: &mut Session) -> Indexes {
        Indexes { before: blocks(job, session).await, began: Instant::now() }
    }

    /// Notes their share of the time since; statistics that cannot be read or written are no reason to fail.
    pub async fn note(self, job: &Job, session: &mut Session) {
        let took_ms = self.began.elapsed().as_secs_f64() * 1000.0;
        let Some(before) = self.before else { return };
        // a worker's last counts arrive when its server process has ended, a moment after it let go
        let mut last = before;
        for _ in 0..20 {
            let Some(now) = blocks(job, session).await else { return };
            if now == last && now != before {
                break;
            }
            last = now;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if let Some(share) = share(before, last) {
            keep(job, session, took_ms * share).await;
        }
    }
}

async fn keep(job: &Job, session: &mut Session, ms: f64) {
    if let Err(e) = book::add_timing(session, job.run, &BTreeMap::from([("indexes", ms)])).await {
        tracing::warn!("the time of the indexes was not noted: {e}");
    }
}

fn share(before: Blocks, now: Blocks) -> Option<f64> {
    let (rows, indexes) = (now.rows - before.rows, now.indexes - before.indexes);
    // a server that began to count anew in between tells nothing
    (rows >= 0.0 && indexes > 0.0).then(|| indexes / (rows + indexes))
}

async fn blocks(job: &Job, session: &mut Session) -> Option<Blocks> {
    let sql = Sql::constant(include_str!("../../sql/ledger/index_blocks.sql"));
    let target = job.plan.target.name.to_string();
    match session.maybe("reading the blocks of the indexes", &sql, &[target.as_str().into()]).await {
        Ok(found) => found,
        Err(e) => {
            tracing::warn!("the blocks of the indexes were not read: {e}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_share_is_of_the_blocks_since_then() {
        let at = |rows: f64, indexes: f64| Blocks { rows, indexes };
        assert_eq!(share(at(10.0, 10.0), at(20.0, 40.0)), Some(0.75));
        assert_eq!(share(at(10.0, 10.0), at(10.0, 10.0)), None);
        assert_eq!(share(at(10.0, 10.0), at(2.0, 30.0)), None);
    }
}
