//! The seven checks.

use crate::cli;
use crate::context::Desk;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::run::checks;
use crate::run::checks::verdict;
use crate::run::gates::unasked;

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
