//! Runs that did not come to their end, and operators at work.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn open_runs(around: &Surroundings) -> Vec<Finding> {
    if around.open_runs.is_empty() {
        return vec![Finding::new("other-run", Severity::Ok, "ledger", "no other run is open", "")];
    }
    let say = |r: &crate::catalog::OpenRun| {
        let todo = match (r.ours, r.alive) {
            (_, true) => "wait for it; `pgfold status` shows how far it is",
            (true, false) => "`pgfold resume` continues it, `pgfold rollback --execute` takes it back",
            (false, false) => "another consolidation; look at it with `pgfold status`",
        };
        Finding::new("other-run", Severity::Warning, "ledger", r.what.clone(), todo)
    };
    around.open_runs.iter().map(say).collect()
}
