//! What to do when a check failed: fix, roll back or restore, with the command and the time of each.

use std::path::Path;
use std::time::Duration;

use crate::backup;
use crate::catalog::ServerFacts;
use crate::ledger::Ready;
use crate::text;
use crate::validate::{Check, Verdict};

/// The ways back that are open now.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Time of the rollback of everything that stands; none when there is none or it is impossible.
    rollback: Option<(Duration, String)>,
    /// How long the checks took.
    checks: Duration,
    damaged: bool,
    /// The youngest verified backup, and how long a restore of it takes at most.
    restore: Option<(String, Duration)>,
}

/// How grave a failed check is: 1 fix, 2 roll back, 3 restore.
fn severity(check: &Check) -> u8 {
    match check.number {
        6 if check.failures.iter().any(|f| f.what.contains("gone")) => 3,
        1 | 5 | 6 => 2,
        _ => 1,
    }
}

impl Ways {
    pub fn new(ready: &[Ready], server: &ServerFacts, backups: &str, checks: Duration) -> Ways {
        let possible = !ready.is_empty() && ready.iter().all(|r| r.impossible().is_none());
        let takes: f64 = ready.iter().map(|r| r.takes.ms).sum();
        let basis = ready.first().map(|r| r.takes.basis.clone()).unwrap_or_default();
        let newest = backup::newest(Path::new(backups), &server.database, server.system_identifier.as_deref());
        Ways {
            rollback: possible.then(|| (Duration::from_secs_f64(takes / 1000.0), basis)),
            checks,
            damaged: ready.iter().any(|r| r.whole == Some(false)),
            // reading back, loading, building indexes
            restore: newest.map(|(f, m)| (f.display().to_string(), Duration::from_millis(m.took_ms.saturating_mul(4)))),
        }
    }

    pub fn advise(&self, checks: &[Check]) -> String {
        let failed = checks.iter().filter(|c| matches!(c.verdict, Verdict::Failed | Verdict::NotEvaluated));
        let mut worst = failed.map(severity).max().unwrap_or(1);
        if self.damaged || (worst == 2 && self.rollback.is_none()) {
            worst = 3;
        }
        let rollback = match &self.rollback {
            Some((takes, basis)) => {
                format!("`pgfold rollback --execute` (about {}, {})", text::duration(*takes), text::inert(basis))
            }
            None => "no run can be rolled back".to_owned(),
        };
        let restore = match &self.restore {
            Some((folder, takes)) => {
                let takes = text::duration(*takes);
                format!("`pgfold restore {} --into NAME` (about {takes}, by what taking it took)", text::inert(folder))
            }
            None => "no verified backup lies in `pgfold-backups`".to_owned(),
        };
        let first = match worst {
            1 => {
                let takes = text::duration(self.checks);
                format!("severity 1 of 3: mend what is listed, then `pgfold validate` again (about {takes}, as now)")
            }
            2 => format!("severity 2 of 3: roll back: {rollback}"),
            _ => format!("severity 3 of 3: restore: {restore}"),
        };
        match worst {
            1 => format!("{first}; or take the run back: {rollback}"),
            2 => format!("{first}; or mend what is listed and `pgfold validate` again; last way: {restore}"),
            _ => first,
        }
    }
}
