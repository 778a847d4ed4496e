//! Statistics of a target that grows while a run fills it: a planner that takes it for empty goes through it row by row.

use tokio::sync::Mutex;

use crate::pg::{Isolation, Session, Settings};
use crate::sql::{Name, Sql};

/// Rows below which no plan is slow.
const FEW: u64 = 2_000;
/// The statistics are taken anew when the run has put in so many times the rows of the last time.
const TIMES: u64 = 4;

/// How many rows the run has put in, and at how many the statistics are due.
#[derive(Default)]
pub struct Grown {
    /// Whoever has done a batch waits for the statistics that another takes: its next batch is planned by them.
    count: Mutex<Count>,
}

struct Count {
    rows: u64,
    due: u64,
}

impl Default for Count {
    fn default() -> Count {
        Count { rows: 0, due: FEW }
    }
}

impl Count {
    /// Whether these rows make the statistics due.
    fn by(&mut self, rows: u64) -> bool {
        self.rows += rows;
        let due = self.rows >= self.due;
        if due {
            self.due = self.rows * TIMES;
        }
        due
    }
}

/// Counts what a batch put into the target. A rough look is enough, and one that cannot be had stops nobody: the last
/// step of the run takes the statistics as they belong.
pub async fn grown_by(grown: &Grown, session: &mut Session, settings: &Settings, target: &Name, rows: u64) {
    let mut count = grown.count.lock().await;
    if !count.by(rows) || session.is_lost() {
        return;
    }
    if session.begin(Isolation::ReadCommitted, settings).await.is_err() {
        return;
    }
    let rough = Sql::fill("set local default_statistics_target = 10; analyze ${t}", &[("t", target)]);
    let ended = match session.script("rough statistics", &rough).await {
        Ok(()) => session.commit().await,
        Err(_) => session.rollback().await,
    };
    if let Err(why) = ended {
        tracing::debug!("no rough statistics: {why}");
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn statistics_are_due_ever_more_seldom() {
        let mut grown = Count::default();
        let due: Vec<u64> = (1..=100).map(|n| (n, grown.by(1_000))).filter(|(_, due)| *due).map(|(n, _)| n).collect();
        assert_eq!(due, [2, 8, 32]);
    }
}
