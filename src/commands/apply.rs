//! Enhance, migrate, map and validate in one go.

use crate::cli;
use crate::error::Result;
use crate::operate::{Desk, Task, work};
use crate::plan::Scope;

pub async fn apply(desk: &mut Desk, args: cli::Apply) -> Result<()> {
    let scope = Scope { enhance: true, migrate: true, map: Some(Vec::new()), ..Scope::default() };
    let which = args.writing.which.clone();
    let mut task = Task::new("apply", scope, args.writing).paced(&args.pace).showing(&args.shown);
    task.silent = true;
    let Some(report) = work(desk, task).await? else { return Ok(()) };
    let checks = super::validate::checks(desk, &which, args.accept_edits).await?;
    desk.out.proof(Some(&report), &checks)?;
    super::validate::verdict(&checks)
}
