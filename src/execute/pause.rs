//! Gives way to others: pauses between batches, while a file is there, while replicas lag, and stops in time.

use std::time::Duration;

use super::event::Event;
use super::job::Job;
use crate::error::Result;
use crate::facts::FailureClass;
use crate::pg::Session;
use crate::sql::Sql;
use crate::text;

/// A rollback takes about as long as the run did, so only half of the time may be used up.
const SHARE: f64 = 0.5;

/// Before a batch: waits as long as it must; an error when the time is used up.
pub async fn before_batch(job: &Job, session: Option<&mut Session>, first: bool) -> Result<()> {
    let throttle = &job.manner.throttle;
    if let Some(delay) = throttle.batch_delay.filter(|_| !first) {
        tokio::time::sleep(delay).await;
    }
    let mut told = false;
    while let Some(file) = throttle.pause_file.as_ref().filter(|f| f.exists()) {
        if job.asked_to_stop() {
            return Ok(());
        }
        pause(job, &mut told, format!("`{}` is there", file.display())).await;
    }
    if let (Some(most), Some(session)) = (throttle.max_lag, session) {
        let sql = Sql::constant(include_str!("../../sql/run/lag.sql"));
        loop {
            let lag: u64 = session.one("asking how far replicas are", &sql, &[]).await?;
            if lag <= most || job.asked_to_stop() {
                break;
            }
            pause(job, &mut told, format!("a replica or slot is {} behind", text::bytes(lag))).await;
        }
    }
    let Some(run_time) = throttle.run_time else { return Ok(()) };
    if job.began.elapsed() < run_time.mul_f64(SHARE) {
        return Ok(());
    }
    Err(job.stopped(
        FailureClass::Asked,
        format!(
            "{} are used up, and taking the run back would need the rest of {}",
            text::duration(job.began.elapsed()),
            text::duration(run_time)
        ),
    ))
}

async fn pause(job: &Job, told: &mut bool, why: String) {
    let wait = Duration::from_millis(500);
    if !*told {
        job.watcher.event(&Event::Retry { doing: "pausing".to_owned(), why, wait });
        *told = true;
    }
    tokio::time::sleep(wait).await;
}
