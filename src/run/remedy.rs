//! What to do when a check failed: fix, roll back or restore, with the command and the time of each.

use std::path::Path;
use std::time::Duration;

use super::severity::{Found, found};
use crate::backup;
use crate::catalog::ServerFacts;
use crate::facts::FailureKind;
use crate::ledger::Ready;
use crate::text;
use crate::validate::Check;

/// The ways back that are open now.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Each run that could be taken back, hashed just now.
    pub ready: Vec<Ready>,
    /// Time of the rollback of everything that stands; none when there is none or it is impossible.
    rollback: Option<(Duration, String)>,
    /// How long the checks took.
    checks: Duration,
    damaged: bool,
    /// Whether some run changed something and stands.
    stands: bool,
    /// What to type first of all, because a run is under way or stopped half-way.
    open: Option<String>,
    /// The youngest verified backup, and how long a restore of it takes at most.
    restore: Option<(String, Duration)>,
    /// Where backups lie.
    backups: String,
}

impl Ways {
    pub fn new(ready: Vec<Ready>, server: &ServerFacts, backups: &str, checks: Duration, open: Option<String>) -> Ways {
        let possible = !ready.is_empty() && ready.iter().all(|r| r.impossible().is_none());
        let takes: f64 = ready.iter().map(|r| r.takes.ms).sum();
        let basis = ready.first().map(|r| r.takes.basis.clone()).unwrap_or_default();
        let newest = backup::newest(Path::new(backups), &server.database, server.system_identifier.as_deref());
        Ways {
            rollback: possible.then(|| (Duration::from_secs_f64(takes / 1000.0), basis)),
            checks,
            stands: !ready.is_empty(),
            open,
            damaged: ready.iter().any(|r| r.whole == Some(false)),
            // reading back, loading, building indexes
            restore: newest.map(|(f, m)| (f.display().to_string(), Duration::from_millis(m.took_ms.saturating_mul(4)))),
            backups: backups.to_owned(),
            ready,
        }
    }

    pub fn advise(&self, checks: &[Check]) -> String {
        if let Some(open) = &self.open {
            return open.clone();
        }
        let found = found(checks);
        let mut worst = found.iter().map(Found::severity).max().unwrap_or(1);
        if self.damaged || (worst == 2 && self.rollback.is_none()) {
            worst = 3;
        }
        // where no run stands there is nothing that a backup of before it would undo
        if !self.stands {
            worst = worst.min(1);
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
            None => format!("no verified backup lies in `{}`", text::inert(&self.backups)),
        };
        let first = match worst {
            1 => {
                let takes = text::duration(self.checks);
                format!("severity 1 of 3: {}, then `pgfold validate` again (about {takes}, as now)", mend(&found))
            }
            2 => format!("severity 2 of 3: roll back: {rollback}"),
            _ => format!("severity 3 of 3: restore: {restore}"),
        };
        match worst {
            1 if !self.stands => first,
            1 => format!("{first}; or take the run back: {rollback}"),
            2 => format!("{first}; or mend what is listed and `pgfold validate` again; last way: {restore}"),
            _ => first,
        }
    }
}

/// The command of each kind, most telling first.
fn mend(found: &[Found]) -> String {
    let mut out: Vec<String> = Vec::new();
    for found in found {
        out.push(match found {
            Found::Rows(FailureKind::Late) => {
                "`pgfold migrate` moves what came late and `pgfold map` maps it".to_owned()
            }
            Found::Rows(FailureKind::Edits) => "`pgfold validate --accept-edits` if the edits are meant".to_owned(),
            Found::Unexamined(hint) if !hint.is_empty() => hint.clone(),
            _ => "mend what is listed".to_owned(),
        });
    }
    out.dedup();
    if out.is_empty() { "mend what is listed".to_owned() } else { out.join("; ") }
}
