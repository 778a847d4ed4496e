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
pub use connections::connections;
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
        listed(
            "prepared-transaction",
            Severity::Warning,
            &around.prepared_transactions,
            "end it: commit prepared or rollback prepared, in this database",
            "no transaction is prepared",
        ),
        listed(
            "replica-identity",
            Severity::Refusal,
            &around.unidentified,
            "give it a primary key, or `alter table … replica identity full`",
            "updates and deletes of the target can be published",
        ),
        open_runs::open_runs(around),
        references::references(around),
        indexes::indexes(around),
        triggers::triggers(around),
        extensions::extensions(around),
        replicas::replicas(around),
        settings::settings(around),
        connections(around.free_connections, &around.connection_limit, workers),
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
