//! How grave the failed checks are, by what they found.

use crate::facts::{CheckVerdict, FailureKind};
use crate::validate::Check;

/// What was found, least grave first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Rows, by what happened to them.
    Rows(FailureKind),
    /// Nothing could be examined; what to type for it.
    Unexamined(String),
}

impl Found {
    /// 1 correct, 2 roll back, 3 restore.
    pub fn severity(&self) -> u8 {
        match self {
            Found::Rows(kind) => kind.severity(),
            Found::Unexamined(_) => 1,
        }
    }
}

/// Every kind that some check found, least grave first.
pub fn found(checks: &[Check]) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for check in checks {
        match check.verdict {
            CheckVerdict::NotEvaluated => out.push(Found::Unexamined(check.hint.clone())),
            CheckVerdict::Failed => out.extend(check.failures.iter().map(|f| Found::Rows(f.code.kind()))),
            _ => {}
        }
    }
    out.sort();
    out.dedup();
    out
}
