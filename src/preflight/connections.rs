//! Whether the workers find connections.

use crate::finding::{Finding, Severity};

/// One for the operator, one to look for blockers, one to cancel.
const BESIDES: i64 = 3;

/// `free` connections are left by the `limit` that leaves least.
pub fn connections(free: i64, limit: &str, workers: i64) -> Vec<Finding> {
    let needed = workers + BESIDES;
    let found = format!("{free} connections are free, {workers} workers need {needed}");
    let (severity, todo) = if free >= needed {
        (Severity::Ok, "")
    } else {
        (Severity::Refusal, "end some sessions, raise the limit, or take fewer --workers")
    };
    let about = if limit.is_empty() { "max_connections" } else { limit };
    vec![Finding::new("connections", severity, about, found, todo)]
}
