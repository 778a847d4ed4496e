//! A run that stopped half-way goes on from its stored plan: the pipeline from its lease on.

use super::completion;
use super::gates::{Gates, production};
use super::job::{furnish, job};
use super::pipeline::{carry, check};
use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, again, has_ledger, manner, open, pooler, unfinished};
use crate::error::{Error, Result};
use crate::execute::Event;
use crate::ledger::{self, Lease, Upgrading};
use crate::pg::Session;
use crate::report::RunReport;

pub async fn resume(desk: &mut Desk, args: cli::Resume) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    let ground = again(&mut session, async |s| Ground::survey(consolidation.clone(), server.clone(), s).await).await?;
    let name = ground.consolidation.name.clone();
    let none = || completion::open(&format!("no run of `{name}` stopped half-way"), "`pgfold status` lists the runs");
    if !has_ledger(&ground.catalog.server)? {
        return Err(none());
    }
    let open_for = production::named(desk, &ground.catalog.server.database, &mut session, true).await?;
    again(&mut session, async |session| pooler(desk, &server, session).await).await?;
    let lease = again(&mut session, async |session| Lease::take(session, &name, args.take_over).await).await?;
    let _beat = lease.beat(&server);
    let resumed = resumed(desk, &args, open_for, &ground, &mut session, &lease).await;
    lease.release(&mut session).await;
    let Some((verb, report, mut gates)) = resumed? else { return Err(none()) };
    session.close().await;
    if verb != "apply" {
        return desk.out.report(&report);
    }
    check(desk, &mut gates, &args.which, args.accept_edits, &report).await
}

/// The newest run carried on; nothing when it came to its end and was proved.
async fn resumed(
    desk: &mut Desk,
    args: &cli::Resume,
    open_for: Option<std::time::Duration>,
    ground: &Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<Option<(String, RunReport, Option<Gates>)>> {
    let name = &ground.consolidation.name;
    let found = again(session, async |session| {
        lease.reclaim(session).await?;
        let runs = ledger::runs(session, Some(name)).await?;
        let Some(run) = unfinished::to_resume(&runs).map(|r| r.run) else { return Ok(None) };
        let stored = ledger::plan(session, run).await?;
        let stored = stored.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?;
        ledger::can_carry_out(run, stored.ledger_version)?;
        lease.belongs_to(session, run).await?;
        Ok(Some((run, stored.plan)))
    });
    let Some((run, plan)) = found.await? else { return Ok(None) };
    desk.run = Some(run);
    let folder = furnish(desk, session, &plan, run, ground, lease).await?;
    desk.log.into_file(folder.file("pgfold-resumed.log")?);
    let verb = plan.verb.clone();
    let mut gates = Gates::of(desk, &args.gated, ground, session, run, &folder.path).await?;
    let job = job(desk, ground, plan, run, lease, production::in_time(manner(&args.pace), open_for));
    let place = folder.path.display().to_string();
    job.watcher.event(&Event::RunBegan { run, verb: format!("resuming {verb}"), folder: place });
    let report = carry(desk, &mut gates, job, session, lease, &folder).await?;
    Ok(Some((verb, report, gates)))
}
