//! Whether the workers find connections.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

/// One for the operator, one to look for blockers, one to cancel.
const BESIDES: i64 = 3;

pub fn connections(around: &Surroundings, workers: i64) -> Vec<Finding> {
    let (free, needed) = (around.free_connections, workers + BESIDES);
    let found = format!("{free} connections are free, {workers} workers need {needed}");
    let (severity, todo) = if free >= needed {
        (Severity::Ok, "")
    } else {
        (Severity::Refusal, "end some sessions, raise max_connections, or take fewer --workers")
    };
    vec![Finding::new("connections", severity, "max_connections", found, todo)]
}
