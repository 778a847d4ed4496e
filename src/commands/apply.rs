//! Enhance, migrate, map and validate in one go.

use crate::cli;
use crate::error::{Error, Result};
use crate::operate::{Desk, Task, checks, read_plan, work};
use crate::plan::Scope;

pub async fn apply(desk: &mut Desk, mut args: cli::Apply) -> Result<()> {
    let bound = args.plan.as_deref().map(read_plan).transpose()?;
    if let Some((saved, _)) = &bound {
        args.writing.which.consolidation = Some(saved.consolidation.clone());
        if args.live.online && saved.fingerprint.rows.is_some() {
            return Err(Error::usage(
                "the plan was saved without `--online`, and rows may not change under it",
                "`pgfold plan --online --out FILE`",
            ));
        }
    }
    let scope = Scope { enhance: true, migrate: true, map: Some(Vec::new()), ..Scope::default() };
    let which = args.writing.which.clone();
    let mut task = Task::new("apply", scope, args.writing).paced(&args.pace).showing(&args.shown).live(args.live);
    task.silent = true;
    task.bound = bound;
    let Some(report) = work(desk, task).await? else { return Ok(()) };
    let (checks, ways) = checks(desk, &which, args.accept_edits).await?;
    desk.out.proof(Some(&report), &checks)?;
    super::validate::verdict(&checks, &ways)
}
