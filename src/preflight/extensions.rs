//! The extensions of this database, for whoever compares two of them.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};
use crate::text;

pub fn extensions(around: &Surroundings) -> Vec<Finding> {
    let found = if around.extensions.is_empty() { "none".to_owned() } else { text::list(&around.extensions) };
    vec![Finding::new("extensions", Severity::Ok, "database", found, "")]
}
