//! Facts about server, rights and tables as findings; one file per kind of look.

mod activity;
mod backup;
mod connections;
mod disk;
mod extensions;
mod indexes;
mod ledger;
mod open_runs;
mod pooler;
mod references;
mod replicas;
mod rights;
mod server;
mod settings;
mod triggers;

pub use backup::{Backup, backup};
pub use ledger::ledger;
pub use pooler::pooler;
pub use rights::{Lacking, Wants, rights};
pub use server::server;

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

/// Everything that goes on around a run; `free`: bytes of room, where that could be seen.
pub fn around(around: &Surroundings, workers: i64, free: Option<u64>) -> Vec<Finding> {
    [
        activity::activity(around),
        open_runs::open_runs(around),
        references::references(around),
        indexes::indexes(around),
        triggers::triggers(around),
        extensions::extensions(around),
        replicas::replicas(around),
        settings::settings(around),
        connections::connections(around, workers),
        disk::disk(around, free),
    ]
    .concat()
}

/// One finding for each that was found, or the good news.
fn listed(rule: &'static str, severity: Severity, found: &[String], todo: &str, none: &str) -> Vec<Finding> {
    if found.is_empty() {
        return vec![Finding::new(rule, Severity::Ok, "database", none, "")];
    }
    found.iter().map(|f| Finding::new(rule, severity, "database", f.clone(), todo)).collect()
}
