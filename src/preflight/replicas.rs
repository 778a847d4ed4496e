//! Replicas that lag behind before the run even began.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn replicas(around: &Surroundings) -> Vec<Finding> {
    let todo = "wait until it has caught up";
    super::listed("lagging-replica", Severity::Warning, &around.lagging_replicas, todo, "no replica lags behind")
}
