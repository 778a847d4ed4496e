//! Triggers on legacy tables; those of the target are the contract's.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn triggers(around: &Surroundings) -> Vec<Finding> {
    let todo = "nothing: legacy rows are only read, so it does not fire";
    super::listed("legacy-trigger", Severity::Note, &around.source_triggers, todo, "no trigger on a legacy table")
}
