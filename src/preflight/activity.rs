//! Transactions that stay open hold locks and keep dead rows alive.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn activity(around: &Surroundings) -> Vec<Finding> {
    let todo = "end it, or wait: a concurrent index build waits for it, and its locks may stop the run";
    super::listed(
        "long-transaction",
        Severity::Warning,
        &around.long_transactions,
        todo,
        "no transaction is open for long",
    )
}
