//! The seven checks.

use crate::cli::{self, Which};
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::ledger;
use crate::operate::{Desk, Ground, open, record};
use crate::plan::Scope;
use crate::validate::{self, Check, Subject, Verdict};

pub async fn validate(desk: &mut Desk, args: cli::Validate) -> Result<()> {
    let checks = checks(desk, &args.which, args.accept_edits).await?;
    desk.out.proof(None, &checks)?;
    verdict(&checks)
}

/// Runs the checks and notes in the ledger how they ended.
pub async fn checks(desk: &mut Desk, which: &Which, accept_edits: bool) -> Result<Vec<Check>> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(&desk.common, &desk.environment).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    ground.contract(&mut session).await?;
    let settings = ground.settings();
    if !ground.catalog.server.has_ledger {
        return Err(Error::Gate {
            what: "nothing was run on this database yet, so there is nothing to prove".to_owned(),
            findings: Vec::new(),
            hint: "`pgfold apply`".to_owned(),
        });
    }
    let all = ledger::runs(&mut session, Some(&ground.consolidation.name)).await?;
    let moved = all.iter().find(|r| r.undone_level.is_none() && r.read.is_some()).cloned();
    let runs = validate::unproved(all);
    let given = ground.given("validate", Scope::default());
    let into = ground.target()?;
    let folds = given.folds(into);
    let stored = match runs.last() {
        Some(run) => ledger::plan(&mut session, run.run).await?,
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
    let writable = !ground.catalog.server.read_only && !ground.catalog.server.in_recovery;
    let still = record::proving(&mut session, &runs, writable).await?;
    let checks = validate::validate(&mut session, &subject, &settings).await;
    if writable {
        record::proof(desk, &mut session, &runs, checks.as_deref().ok(), still).await?;
    }
    let checks = checks?;
    session.close().await;
    Ok(checks)
}

pub fn verdict(checks: &[Check]) -> Result<()> {
    let failed = checks.iter().filter(|c| matches!(c.verdict, Verdict::Failed | Verdict::NotEvaluated));
    let failed: Vec<String> = failed.map(|c| format!("check {} ({})", c.number, c.title)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed {
        failed,
        hint: "mend what is listed and `pgfold validate` again, or take the run back: `pgfold rollback`".to_owned(),
    })
}
