//! The seven checks on the ground as it is, and how they ended in the ledger.

use super::{Ways, completion};
use crate::cli::Which;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, again, open, record, unfinished};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::ledger::{self, Hashed, RunRow};
use crate::pg::Session;
use crate::planner::Scope;
use crate::validate::{self, Check, Subject};

/// Runs the checks and notes in the ledger how they ended.
pub async fn checks(desk: &mut Desk, which: &Which, accept_edits: bool) -> Result<(Vec<Check>, Ways)> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    let checks = again(&mut session, async |session| {
        let ground = Ground::survey(consolidation.clone(), server.clone(), session).await?;
        checked(&ground, session, desk, accept_edits).await
    });
    let checks = checks.await?;
    session.close().await;
    Ok(checks)
}

async fn checked(
    ground: &Ground,
    session: &mut Session,
    desk: &Desk,
    accept_edits: bool,
) -> Result<(Vec<Check>, Ways)> {
    if !unfinished::has_ledger(&ground.catalog.server)? {
        return Err(Error::Gate {
            what: "nothing was run on this database yet, so there is nothing to prove".to_owned(),
            findings: Vec::new(),
            hint: "`pgfold apply`".to_owned(),
        });
    }
    let name = &ground.consolidation.name;
    let all = ledger::runs(session, Some(name)).await?;
    unfinished::none_stands(name, &all)?;
    ground.contract(session).await?;
    let mut runs = validate::unproved(all.clone());
    // what a check says now is no verdict on a run that did not come to its end
    runs.retain(|r| r.state.is_complete());
    let open = unfinished::first_of_all(session, name, &all).await?;
    let writable = !ground.catalog.server.read_only && !ground.catalog.server.in_recovery;
    let still = record::proving(session, &runs, writable).await?;
    let began = std::time::Instant::now();
    let checks = examined(ground, session, accept_edits, all).await;
    let took = began.elapsed();
    if writable {
        record::proof(desk, session, &runs, checks.as_deref().ok(), still).await?;
    }
    let checks = checks?;
    let ready = ledger::ready(session, &ground.consolidation.name, desk.window()?, Hashed::Again).await?;
    if let Err(e) = completion::hand_over(desk, &ground.consolidation.name, &ready) {
        tracing::warn!("the page for whoever is on call was not written: {e}");
    }
    let ways = Ways::new(ready, &ground.catalog.server, desk.backups(), took, open);
    Ok((checks, ways))
}

/// The seven checks on the runs of the consolidation, newest first; the contract holds and the ledger is there.
pub async fn examined(
    ground: &Ground,
    session: &mut Session,
    accept_edits: bool,
    all: Vec<RunRow>,
) -> Result<Vec<Check>> {
    let moved = all.iter().find(|r| r.stands() && r.counts.is_some()).cloned();
    let runs = validate::unproved(all);
    let given = ground.given("validate", Scope::default());
    let into = ground.target()?;
    let folds = given.source_queries(into);
    let stored = match runs.last() {
        Some(run) => ledger::plan(session, run.run).await?,
        None => None,
    };
    let subject = Subject {
        consolidation: &ground.consolidation,
        catalog: &ground.catalog,
        objects: &ground.objects,
        into,
        folds: &folds,
        runs: &runs,
        moved: moved.as_ref(),
        plan: stored.as_ref().map(|s| &s.plan),
        before: given.before,
        accept_edits,
    };
    validate::validate(session, &subject, &ground.settings()).await
}

/// Whether every check passed; else what to do about it.
pub fn verdict(checks: &[Check], ways: &Ways) -> Result<()> {
    let failed = checks.iter().filter(|c| c.fails());
    let failed: Vec<String> = failed.map(|c| format!("check {} ({})", c.number, c.title)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed { failed, hint: ways.advise(checks) })
}
