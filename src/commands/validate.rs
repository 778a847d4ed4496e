//! The seven checks.

use crate::cli;
use crate::error::{Error, Result};
use crate::operate::gated::closed;
use crate::operate::{Desk, Ways, checks};
use crate::validate::{Check, Verdict};

pub async fn validate(desk: &mut Desk, args: cli::Validate) -> Result<()> {
    let (checks, ways) = checks(desk, &args.which, args.accept_edits).await?;
    desk.out.proof(None, &checks)?;
    let checks = closed(desk, &args.which, args.accept_edits, checks).await?;
    verdict(&checks, &ways)
}

pub fn verdict(checks: &[Check], ways: &Ways) -> Result<()> {
    let failed = checks.iter().filter(|c| matches!(c.verdict, Verdict::Failed | Verdict::NotEvaluated));
    let failed: Vec<String> = failed.map(|c| format!("check {} ({})", c.number, c.title)).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::ValidationFailed { failed, hint: ways.advise(checks) })
}
