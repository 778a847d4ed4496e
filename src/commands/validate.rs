//! The seven checks.

use crate::cli;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::operate::gated::unasked;
use crate::operate::{Desk, Ways, checks};
use crate::validate::{Check, Verdict};

pub async fn validate(desk: &mut Desk, args: cli::Validate) -> Result<()> {
    let (checks, ways) = checks(desk, &args.which, args.accept_edits).await?;
    desk.out.proof(None, &checks)?;
    let dependents = unasked(desk, &args.which, &checks, args.accept_dependents, Some(&ways.ready)).await;
    desk.out.findings_aside(&dependents);
    verdict(&checks, &ways)?;
    let broken = dependents.into_iter().filter(Finding::refuses).map(|f| f.about);
    let broken: Vec<String> = broken.collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed {
        failed: broken,
        hint: "what depended on the legacy tables worked before the run (MIG-1): mend it, or `pgfold validate --accept-dependents`"
            .to_owned(),
    })
}

pub fn verdict(checks: &[Check], ways: &Ways) -> Result<()> {
    let failed = checks.iter().filter(|c| matches!(c.verdict, Verdict::Failed | Verdict::NotEvaluated));
    let failed: Vec<String> = failed.map(|c| format!("check {} ({})", c.number, c.title)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed { failed, hint: ways.advise(checks) })
}
