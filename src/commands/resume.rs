//! Continues the run that stopped half-way, from its stored plan.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::execute::Event;
use crate::folder::Folder;
use crate::ledger::{self, Lease};
use crate::operate::{Desk, Ground, carry, job, manner, open};

pub async fn resume(desk: &mut Desk, args: cli::Resume) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = open(&desk.common, &desk.environment).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let name = ground.consolidation.name.clone();
    let none = || Error::Gate {
        what: format!("no run of `{name}` stopped half-way"),
        findings: Vec::new(),
        hint: "`pgfold status` lists the runs".to_owned(),
    };
    if !ground.catalog.server.has_ledger {
        return Err(none());
    }
    let lease = Lease::take(&mut session, &name, args.take_over).await?;
    let runs = ledger::runs(&mut session, Some(&name)).await?;
    let newest = runs.first().filter(|r| !matches!(r.state.as_str(), "completed" | "rolled back"));
    let Some(run) = newest.map(|r| r.run) else {
        lease.release(&mut session).await;
        return Err(none());
    };
    let stored = ledger::plan(&mut session, run).await?.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?;
    lease.belongs_to(&mut session, run).await?;
    let folder = Folder::of_run(&desk.common.runs, run)?;
    desk.log.into_file(folder.file("pgfold-resumed.log")?);
    let verb = stored.plan.verb.clone();
    let job = job(desk, &ground, stored.plan, run, &lease, manner(&args.pace));
    job.watcher.event(&Event::RunBegan {
        run,
        verb: format!("resuming {verb}"),
        folder: folder.path.display().to_string(),
    });
    let carried = carry(job, &mut session, &lease, &folder).await;
    lease.release(&mut session).await;
    let report = carried?;
    session.close().await;
    if verb != "apply" {
        return desk.out.report(&report);
    }
    let (checks, ways) = super::validate::checks(desk, &args.which, false).await?;
    desk.out.proof(Some(&report), &checks)?;
    super::validate::verdict(&checks, &ways)
}
