//! Indexes that a failed concurrent build left invalid.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn indexes(around: &Surroundings) -> Vec<Finding> {
    let todo = "`reindex index concurrently`, or drop it; an invalid index costs on every write and finds nothing";
    super::listed("invalid-index", Severity::Warning, &around.invalid_indexes, todo, "no index is invalid")
}
