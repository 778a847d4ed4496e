//! Enhance, migrate, map and validate in one go.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Task};
use crate::error::{Error, Result};
use crate::gate::Manner;
use crate::planner::Scope;
use crate::run::gates::Gates;
use crate::run::{check, read_plan, work};

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
    let mut gates = None;
    if let Some(manner) = args.gated.manner() {
        task.by_hand = manner == Manner::Manual;
        let consolidation = Consolidation::load(which.consolidation.as_deref())?;
        let marked = &consolidation.manifest.gates;
        gates = Some(Gates::new(desk, manner, &args.gated.approve, &consolidation.name, marked)?);
    }
    let Some(report) = work(desk, &mut gates, task).await? else { return Ok(()) };
    check(desk, &mut gates, &which, args.accept_edits, &report).await
}
