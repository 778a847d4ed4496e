//! The seven checks.

use crate::cli::{self, Which};
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::ledger;
use crate::operate::{Desk, Ground, again, open};
use crate::pg::Session;
use crate::plan::Scope;
pub use crate::validate::verdict;
use crate::validate::{self, Check, Subject};

pub async fn validate(desk: &mut Desk, args: cli::Validate) -> Result<()> {
    let checks = checks(desk, &args.which, args.accept_edits).await?;
    desk.out.proof(None, &checks)?;
    verdict(&checks)
}

/// Runs the checks and notes in the ledger how they ended.
pub async fn checks(desk: &mut Desk, which: &Which, accept_edits: bool) -> Result<Vec<Check>> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(&desk.common, &desk.environment).await?;
    let checks = again(&mut session, async |session| {
        let ground = Ground::survey(consolidation.clone(), server.clone(), session).await?;
        checked(&ground, session, accept_edits).await
    });
    let checks = checks.await?;
    session.close().await;
    Ok(checks)
}

async fn checked(ground: &Ground, session: &mut Session, accept_edits: bool) -> Result<Vec<Check>> {
    ground.contract(session).await?;
    let settings = ground.settings();
    if !ground.catalog.server.has_ledger {
        return Err(Error::Gate {
            what: "nothing was run on this database yet, so there is nothing to prove".to_owned(),
            findings: Vec::new(),
            hint: "`pgfold apply`".to_owned(),
        });
    }
    let all = ledger::runs(session, Some(&ground.consolidation.name)).await?;
    let moved = all.iter().find(|r| r.undone_level.is_none() && r.read.is_some()).cloned();
    let runs = validate::unproved(all);
    let given = ground.given("validate", Scope::default());
    let into = ground.target()?;
    let folds = given.folds(into);
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
        accept_edits,
    };
    // the application's writing queries are rolled back, but sequences do not come back with them
    let newest = runs.last().map(|r| r.run);
    let still = match newest {
        Some(run) => ledger::sequences_still(session, run).await?,
        None => Vec::new(),
    };
    let checks = validate::validate(session, &subject, &settings).await?;
    if !ground.catalog.server.read_only && !ground.catalog.server.in_recovery {
        validate::note(session, &runs, validate::passed(&checks)).await?;
        if let Some(run) = newest {
            ledger::sequences_moved(session, run, still).await?;
        }
    }
    Ok(checks)
}
