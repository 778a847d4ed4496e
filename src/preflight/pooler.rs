//! A pooler in transaction mode between us and the server.

use crate::finding::{Finding, Severity};

/// `found`: there is one, and where the server itself listens, if that can be seen.
pub fn pooler(found: Option<Option<&str>>) -> Vec<Finding> {
    let Some(endpoint) = found else {
        return vec![Finding::new("pooler", Severity::Ok, "connection", "sessions stay on one server process", "")];
    };
    let todo = match endpoint {
        Some(endpoint) => format!("connect to the server itself: {endpoint}"),
        None => "connect to the server itself, past the pooler".to_owned(),
    };
    vec![Finding::new(
        "pooler",
        Severity::Refusal,
        "connection",
        "a pooler in transaction mode is in between: a run's lease, its cancelling and concurrent index builds need a session that stays",
        todo,
    )]
}
