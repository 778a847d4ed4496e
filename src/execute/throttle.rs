//! What a run gives way to.

use std::path::PathBuf;
use std::time::Duration;

/// What a run gives way to; nothing unless it is told.
#[derive(Debug, Clone, Default)]
pub struct Throttle {
    pub batch_delay: Option<Duration>,
    pub pause_file: Option<PathBuf>,
    pub run_time: Option<Duration>,
    pub max_lag: Option<u64>,
}

impl Throttle {
    /// Nor longer than a window stays open; a rollback must fit into it, too.
    pub fn until(&mut self, open_for: Option<Duration>) {
        self.run_time = match (self.run_time, open_for) {
            (Some(told), Some(left)) => Some(told.min(left)),
            (told, left) => told.or(left),
        };
    }
}
