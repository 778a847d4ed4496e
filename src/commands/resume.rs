//! Continues the run that stopped half-way, from its stored plan.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::execute::Event;
use crate::ledger::{self, Lease};
use crate::operate::gated::{Gates, closed};
use crate::operate::{
    self, Desk, Ground, again, carry, checks, closing, furnish, half_way, manner, manual, pooler, production as p,
};
use crate::pg::Session;
use crate::report::RunReport;

pub async fn resume(desk: &mut Desk, args: cli::Resume) -> Result<()> {
    if args.gated.manual {
        return manual::rest(desk, &args.which).await;
    }
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = operate::open(&desk.common, &desk.environment).await?;
    let ground = again(&mut session, async |s| Ground::survey(consolidation.clone(), server.clone(), s).await).await?;
    let name = ground.consolidation.name.clone();
    let none = || closing::open(&format!("no run of `{name}` stopped half-way"), "`pgfold status` lists the runs");
    if !operate::has_ledger(&ground.catalog.server)? {
        return Err(none());
    }
    let open_for = p::named(desk, &ground.catalog.server.database, &mut session, true).await?;
    again(&mut session, async |session| pooler(desk, &server, session).await).await?;
    let lease = again(&mut session, async |session| Lease::take(session, &name, args.take_over).await).await?;
    let _beat = lease.beat(&server);
    let resumed = resumed(desk, &args, open_for, &ground, &mut session, &lease).await;
    lease.release(&mut session).await;
    let Some((verb, report)) = resumed? else { return Err(none()) };
    session.close().await;
    if verb != "apply" {
        return desk.out.report(&report);
    }
    let (checks, ways) = checks(desk, &args.which, args.accept_edits).await?;
    desk.out.proof(Some(&report), &checks)?;
    let checks = closed(desk, &args.which, args.accept_edits, checks).await?;
    super::validate::verdict(&checks, &ways)
}

/// The newest run carried on; nothing when it came to its end and was proved.
async fn resumed(
    desk: &mut Desk,
    args: &cli::Resume,
    open_for: Option<std::time::Duration>,
    ground: &Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<Option<(String, RunReport)>> {
    let name = &ground.consolidation.name;
    let found = again(session, async |session| {
        lease.reclaim(session).await?;
        let runs = ledger::runs(session, Some(name)).await?;
        let Some(run) = half_way::to_resume(&runs).map(|r| r.run) else { return Ok(None) };
        let stored = ledger::plan(session, run).await?;
        lease.belongs_to(session, run).await?;
        Ok(Some((run, stored.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?.plan)))
    });
    let Some((run, plan)) = found.await? else { return Ok(None) };
    desk.run = Some(run);
    let folder = furnish(desk, session, &plan, run, ground, lease).await?;
    desk.log.into_file(folder.file("pgfold-resumed.log")?);
    let verb = plan.verb.clone();
    desk.gates = Gates::of(desk, &args.gated, ground, session, run, &folder.path).await?;
    let job = operate::job(desk, ground, plan, run, lease, p::in_time(manner(&args.pace), open_for));
    let place = folder.path.display().to_string();
    job.watcher.event(&Event::RunBegan { run, verb: format!("resuming {verb}"), folder: place });
    let carried = carry(desk, job, session, lease, &folder).await;
    closing::hand_over_at_the_end(desk, session, name).await;
    Ok(Some((verb, carried?)))
}
