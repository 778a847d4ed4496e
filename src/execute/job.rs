//! A run under way: its plan, its settings, and what its workers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

use super::event::Watcher;
use super::health::Health;
use super::target_statistics::Grown;
use super::throttle::Throttle;
use crate::config::defaults;
use crate::error::Error;
use crate::explain::class;
use crate::facts::FailureClass;
use crate::ledger::Run;
use crate::pg::{Server, Session, Settings};
use crate::plan::Plan;

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct Manner {
    pub workers: usize,
    pub batch_rows: u64,
    /// Tries per batch for transient failures.
    pub attempts: u32,
    pub deadline: Duration,
    pub lock_timeout: Duration,
    pub statement_timeout: Duration,
    pub throttle: Throttle,
    /// A look just before found no row that cannot be evaluated; what came since is found by its batch.
    pub nothing_raises: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Manner {
            workers: defaults::number(defaults::WORKERS) as usize,
            batch_rows: defaults::number(defaults::BATCH_ROWS).into(),
            attempts: defaults::number(defaults::ATTEMPTS),
            deadline: defaults::time(defaults::DEADLINE),
            lock_timeout: defaults::time(defaults::LOCK_TIMEOUT),
            statement_timeout: defaults::time(defaults::STATEMENT_TIMEOUT),
            throttle: Throttle::default(),
            nothing_raises: false,
        }
    }
}

/// A plan under way.
pub struct Job {
    pub server: Server,
    pub plan: Plan,
    pub run: Run,
    pub epoch: i64,
    pub settings: Settings,
    pub manner: Manner,
    pub watcher: Arc<dyn Watcher>,
    pub health: Health,
    pub grown: Grown,
    pub began: Instant,
    /// Where sources were cut while the contest was settled, by step.
    pub ahead: std::sync::Mutex<std::collections::BTreeMap<i32, Vec<Vec<String>>>>,
    /// The last step that may be done for now: the next one lies behind a gate.
    pub upto: AtomicI32,
    /// The session that locks the sources, from the resolution of conflicts to the last batch, whatever waits between them.
    pub hold: tokio::sync::Mutex<Option<Session>>,
    /// Whether conflicts were resolved under the lock, or by the process, that is here now.
    pub resolved: AtomicBool,
    /// Raised by the first Ctrl-C: stop at the next batch.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    pub(crate) fn asked_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Somebody cancelled a statement of ours; not to be done again.
    pub(crate) fn cancelled(&self) -> Error {
        if self.asked_to_stop() {
            return self.asked();
        }
        self.stopped(FailureClass::Asked, "somebody cancelled it on the server")
    }

    pub(crate) fn asked(&self) -> Error {
        self.stopped(FailureClass::Asked, "you asked for it")
    }

    /// Because of this error; `why` says what else is known.
    pub(crate) fn stopped_by(&self, error: &Error, why: impl Into<String>) -> Error {
        self.stopped(class(error).unwrap_or(FailureClass::Bug), why)
    }

    pub(crate) fn stopped(&self, class: FailureClass, why: impl Into<String>) -> Error {
        Error::Stopped {
            run: self.run,
            class,
            why: why.into(),
            hint: format!("`pgfold resume` continues, `pgfold rollback --run {} --execute` takes it back", self.run),
        }
    }
}
