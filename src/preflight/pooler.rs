//! A pooler in transaction mode between us and the server.

use crate::finding::{Finding, Severity};

/// `found`: there is one, and where the server itself listens, if that can be seen.
pub fn pooler(found: Option<Option<&str>>) -> Vec<Finding> {
    let Some(endpoint) = found else {
        return vec![Finding::new("pooler", Severity::Ok, "connection", "sessions stay on one server process", "")];
    };
    let todo = match endpoint {
        Some(endpoint) => format!("the server itself, if there is a choice: {endpoint}"),
        None => "the server itself, past the pooler, if there is a choice".to_owned(),
    };
    vec![Finding::new(
        "pooler",
        Severity::Warning,
        "connection",
        "a pooler in transaction mode is in between: it is worked with, a transaction at a time; the lease is kept by beats, concurrent index builds wait for locks without a limit",
        todo,
    )]
}
