//! Foreign keys into legacy tables: what depends on them goes on to do so.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn references(around: &Surroundings) -> Vec<Finding> {
    let todo = "it goes on to point to the legacy row; the crosswalk tells which target row that is now";
    let none = "no foreign key points to a legacy table";
    super::listed("legacy-reference", Severity::Note, &around.references_to_sources, todo, none)
}
