//! How often a connection may be lost before one gives up, and when an operator who ends sessions is believed.

use std::time::Instant;

use super::{Event, Job};
use crate::error::{Error, Result};
use crate::pg::Backoff;

/// The SQLSTATE of a server process that an operator, or a shutdown, ended.
const TERMINATED: &str = "57P01";

/// Losses of one session during one piece of work.
pub struct Losses {
    lost: u32,
    terminated: u32,
    began: Instant,
    backoff: Backoff,
}

impl Losses {
    pub fn new(job: &Job) -> Losses {
        Losses { lost: 0, terminated: 0, began: Instant::now(), backoff: Backoff::new(job.run.unsigned_abs() + 77) }
    }

    /// Waits and goes on, or says why not: too many losses, too long, or somebody ends our sessions on purpose.
    pub async fn another(&mut self, job: &Job, doing: &str, error: &Error) -> Result<()> {
        self.lost += 1;
        if matches!(error, Error::ConnectionLost { code, .. } if code == TERMINATED) {
            self.terminated += 1;
        }
        if self.terminated > 1 {
            return Err(job.stopped("somebody ended our sessions on the server, twice"));
        }
        if self.lost >= job.manner.attempts.max(1) || self.began.elapsed() > job.manner.deadline {
            return Err(job.stopped(format!("{error}, {} times", self.lost)));
        }
        let wait = self.backoff.wait();
        job.watcher.event(&Event::Retry { doing: doing.to_owned(), why: error.to_string(), wait });
        tokio::time::sleep(wait).await;
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        Ok(())
    }
}
