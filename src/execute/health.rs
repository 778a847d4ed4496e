//! How a run is faring: failures in a row across workers, and the pace of the rows.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::facts::FailureClass;

/// After so many failures in a row one worker tries while the others wait for it.
const MANY: u32 = 5;
/// A batch that would take longer than this is halved first; half of it is what batches aim at.
const LONG: Duration = Duration::from_millis(2000);
/// Ranges this small are never halved for their time.
const FEW: u64 = 50;

/// Shared by the workers of a run.
#[derive(Debug, Default)]
pub struct Health {
    failed_in_a_row: AtomicU32,
    probing: tokio::sync::Mutex<()>,
    /// A batch failed for good: who waits for the one that tries need not try it again.
    given_up: AtomicBool,
    /// What the batch that failed last failed of.
    last: Mutex<Option<FailureClass>>,
    /// Rows per millisecond, lately.
    pace: Mutex<Option<f64>>,
}

/// Whether a worker may try its batch.
pub enum Turn<'a> {
    /// As all the others do.
    Free,
    /// Alone, until it lets go.
    Alone(tokio::sync::MutexGuard<'a, ()>),
    /// Not any more.
    Over,
}

impl Health {
    /// While batches fail one after the other only one worker tries; what becomes of its batch tells the others.
    pub async fn turn(&self) -> Turn<'_> {
        if !self.is_failing() {
            return Turn::Free;
        }
        let alone = self.probing.lock().await;
        match (self.is_failing(), self.given_up.load(Ordering::Relaxed)) {
            (false, _) => Turn::Free,
            (true, false) => Turn::Alone(alone),
            (true, true) => Turn::Over,
        }
    }

    fn is_failing(&self) -> bool {
        self.failed_in_a_row.load(Ordering::Relaxed) >= MANY
    }

    /// Batches are begun, perhaps after others failed.
    pub fn begun(&self) {
        self.failed_in_a_row.store(0, Ordering::Relaxed);
        self.given_up.store(false, Ordering::Relaxed);
    }

    pub fn given_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    pub fn failed(&self, class: FailureClass) {
        self.failed_in_a_row.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut last) = self.last.lock() {
            *last = Some(class);
        }
    }

    /// Of the batch that failed last.
    pub fn class(&self) -> FailureClass {
        self.last.lock().ok().and_then(|last| *last).unwrap_or(FailureClass::Bug)
    }

    pub fn done(&self, rows: u64, took: Duration) {
        self.failed_in_a_row.store(0, Ordering::Relaxed);
        if rows < FEW {
            return;
        }
        let now = rows as f64 / (took.as_secs_f64() * 1000.0).max(0.1);
        if let Ok(mut pace) = self.pace.lock() {
            *pace = Some(pace.map_or(now, |before| before * 0.7 + now * 0.3));
        }
    }

    /// Whether so many rows should be halved before they are moved.
    pub fn too_long(&self, rows: u64) -> bool {
        let pace = self.pace.lock().ok().and_then(|p| *p);
        rows > FEW && pace.is_some_and(|p| rows as f64 / p > LONG.as_secs_f64() * 1000.0)
    }
}
