//! What happens during a run, for whoever watches.

use std::time::Duration;

use crate::facts::RunState;
use crate::finding::Finding;
use crate::ledger::Accounting;

/// One thing that happened. Holds no row content.
#[derive(Debug, Clone)]
pub enum Event {
    RunBegan {
        run: i64,
        verb: String,
        folder: String,
    },
    RunEnded {
        run: i64,
        state: RunState,
        error: Option<String>,
    },
    /// The run ended early and something of it is there.
    LeftHalfWay {
        run: i64,
    },
    StepBegan {
        step: i32,
        intent: String,
    },
    StepDone {
        step: i32,
        rows: u64,
        took: Duration,
    },
    SourceBegan {
        source: String,
        rows: u64,
    },
    BatchDone {
        source: String,
        worker: usize,
        batch: i64,
        accounting: Accounting,
        took: Duration,
    },
    SourceDone {
        source: String,
    },
    Retry {
        doing: String,
        why: String,
        wait: Duration,
    },
    RowRejected {
        source: String,
        id: String,
        why: String,
    },
    MappingPage {
        mapping: String,
        rows: u64,
        of: u64,
    },
    Notice {
        finding: Finding,
    },
}

/// Somebody who is told; must not block.
pub trait Watcher: Send + Sync {
    fn event(&self, event: &Event);

    /// What became of the notifications, once the run has ended; waits for a moment at most.
    fn settle(&self) -> Vec<Sent> {
        Vec::new()
    }
}

/// One notification and what became of it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Sent {
    pub number: u32,
    #[serde(rename = "type")]
    pub kind: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub delivered: bool,
    pub tries: u32,
    pub error: Option<String>,
}
