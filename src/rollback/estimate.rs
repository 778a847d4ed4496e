//! How long it would take to undo what a plan would do.

use crate::context::Ground;
use crate::error::Result;
use crate::ledger::{self, SourceRow};
use crate::pg::Session;
use crate::plan::{Action, Estimate, Plan};

/// Level rows, of the rows that the dry run foretold; each mapping is taken to give every one of them one line.
pub async fn way_back(
    session: &mut Session,
    ground: &Ground,
    plan: &Plan,
    foretold: impl Iterator<Item = &SourceRow>,
) -> Result<Estimate> {
    let rows: u64 = foretold.map(|s| s.counts.written()).sum();
    let mappings = plan.steps.iter().filter(|s| matches!(s.action, Action::Map(_))).count() as u64;
    let paces = if ground.catalog.server.has_ledger {
        ledger::paces(session, &ground.consolidation.name).await?
    } else {
        Vec::new()
    };
    Ok(ledger::estimate(rows * (1 + mappings), &paces))
}
