//! The pipeline of all commands that write: prepare, preview, gates, lease, open, execute, record; and check.
//!
//! A document that is to be revised leads back to `prepare`. A rehearsal and a dry run end after it, a run that is
//! resumed begins with the lease.

use std::sync::Arc;

use super::checks::{checks, verdict};
use super::gates::{self, Gates, closed, production};
use super::job::{furnish, job};
use super::{completion, partial, preview, rehearse, saved_plan, suggest, write_locks};
use crate::cli::Which;
use crate::consolidation::{Consolidation, digest};
use crate::context::{Desk, Ground, Task, again, open, pooler, record, unfinished, watched};
use crate::error::{Error, Result};
use crate::execute::{Event, Job, Outlook};
use crate::facts::RunState;
use crate::finding::Finding;
use crate::folder::Folder;
use crate::ledger::Upgrading;
use crate::ledger::{self, Lease, Measured, book};
use crate::pg::Session;
use crate::plan::Plan;
use crate::report::{self, RunReport};
use crate::{export, validate};

/// What was read before anything is written, and the session that read it.
struct Prepared {
    session: Session,
    ground: Ground,
    notes: Vec<Finding>,
    plan: Plan,
}

/// Does it, or shows what it would do; the run's report, if there was a run.
pub async fn work(desk: &mut Desk, gates: &mut Option<Gates>, mut task: Task) -> Result<Option<RunReport>> {
    let (mut ready, outlook) = loop {
        let mut ready = prepare(desk, &mut task).await?;
        if only_shown(desk, &task, &mut ready).await? {
            return Ok(None);
        }
        refuse(desk, &task, &mut ready).await?;
        let outlook = foresee(&*desk, &mut task, &mut ready).await?;
        if pass_gates(desk, gates, &mut task, &mut ready, &outlook).await? {
            break (ready, outlook);
        }
    };
    if task.by_hand {
        return by_hand(desk, gates, &task, ready, &outlook).await.map(|()| None);
    }
    let (session, ground) = (&mut ready.session, &ready.ground);
    desk.out.confirm(
        &format!("{} `{}` on {}?", task.verb, ground.consolidation.name, ground.server.address),
        desk.common.yes || gates.is_some() || desk.common.governed.confirm_database.is_some(),
    )?;
    let lease = take_lease(session, &ground.consolidation.name, task.writing.take_over).await?;
    let _beat = lease.beat(&ground.server);
    let done = under_lease(desk, gates, &task, ground, session, &lease).await;
    lease.release(session).await;
    let report = done?;
    if !task.silent {
        desk.out.report(&report)?;
    }
    partial::left_over(desk, &report);
    ready.session.close().await;
    Ok(Some(report))
}

/// Reads and plans. Nothing is written before the run is opened, so whatever is lost until then is simply done again.
async fn prepare(desk: &mut Desk, task: &mut Task) -> Result<Prepared> {
    let consolidation = Consolidation::load(task.writing.which.consolidation.as_deref())?;
    let upgrading = if desk.dry(task.writing.dry_run)? { Upgrading::Refused } else { Upgrading::Allowed };
    let (server, mut session) = open(desk, upgrading).await?;
    let looked = again(&mut session, async |session| {
        let (ground, notes) = Ground::agreed(&consolidation, &server, session).await?;
        if let Some((saved, digest)) = &task.bound {
            saved_plan::hold(saved, digest, &ground, session).await?;
        }
        let mut scope = task.scope.clone();
        scope.online = task.writing_online();
        scope.part = partial::picked(&ground, session, &task.picking).await?;
        let plan = ground.plan(task.verb, scope.clone())?;
        Ok((ground, notes, plan, scope))
    });
    let looked = looked.await;
    if let Err(Error::Contract { findings }) = &looked {
        suggest(desk, task.suggest.as_deref(), &consolidation, Some(findings))?;
    } else if looked.is_ok() {
        suggest(desk, task.suggest.as_deref(), &consolidation, None)?;
    }
    let (ground, notes, plan, scope) = looked?;
    task.scope = scope;
    desk.out.findings_aside(&notes);
    Ok(Prepared { session, ground, notes, plan })
}

/// A dry run and a rehearsal, which leave nothing behind.
async fn only_shown(desk: &mut Desk, task: &Task, ready: &mut Prepared) -> Result<bool> {
    let Prepared { session, ground, plan, .. } = ready;
    if desk.dry(task.writing.dry_run)? {
        preview::dry_run(desk, task, ground, plan, session).await?;
    } else if task.rehearse.rehearse {
        rehearse::rehearse(desk, task, ground, plan, session).await?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// What stands in the way whatever the rows are.
async fn refuse(desk: &Desk, task: &Task, ready: &mut Prepared) -> Result<()> {
    let Prepared { session, ground, .. } = ready;
    let (name, over) = (&ground.consolidation.name, task.writing.take_over);
    if ground.catalog.server.has_ledger {
        again(session, async |s| unfinished::refuse_beside(s, name, false, over).await).await?;
    }
    Folder::can_be_made(&desk.common.runs)?;
    again(session, async |session| pooler(desk, &ground.server, session).await).await?;
    if task.by_hand {
        export::gate(ground, task.wants())?;
    } else {
        ground.gate(task.wants())?;
    }
    ground.needs_enhancing(&task.scope)
}

/// The dry run before the run, for its refusals; how long reading and shaping took is kept.
async fn foresee(desk: &Desk, task: &mut Task, ready: &mut Prepared) -> Result<Outlook> {
    let Prepared { session, ground, plan, .. } = ready;
    if !task.scope.migrate {
        return Ok(Outlook::default());
    }
    let began = std::time::Instant::now();
    desk.out.say("looking at every legacy row first; nothing is written yet");
    let look = async |session: &mut Session| preview::gate(ground, plan, session, preview::SESSIONS).await;
    let outlook = again(session, look).await?;
    task.manner.nothing_raises = !outlook.raises;
    task.shaping_ms = began.elapsed().as_secs_f64() * 1000.0;
    Ok(outlook)
}

/// What production asks for, and the gates before a run; `false` when something is revised, so that all begins anew.
async fn pass_gates(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    task: &mut Task,
    ready: &mut Prepared,
    outlook: &Outlook,
) -> Result<bool> {
    let Prepared { session, ground, notes, plan } = ready;
    if task.scope.migrate && !task.by_hand && !ground.server.is_pooled() {
        let workers = task.manner.workers;
        again(session, async |s| write_locks::connections(s, workers).await).await?;
    }
    write_locks::told(desk, ground, plan)?;
    let open_for = production::allowed(desk, ground, plan, task.bound.is_some(), session).await?;
    task.manner.throttle.until(open_for);
    let Some(gates) = gates else { return Ok(true) };
    let foreseen = gates::Foreseen { plan, outlook, notes, shaping_ms: task.shaping_ms };
    gates::asked_before(desk, gates, ground, &foreseen, session).await
}

/// The lease of a consolidation, in a ledger that is there.
async fn take_lease(session: &mut Session, consolidation: &str, take_over: bool) -> Result<Lease> {
    let taken = again(session, async |session| {
        ledger::ensure(session).await?;
        Lease::take(session, consolidation, take_over).await
    });
    taken.await
}

/// Files for psql instead of a run; what was answered at the gates goes with them.
async fn by_hand(
    desk: &Desk,
    gates: &mut Option<Gates>,
    task: &Task,
    ready: Prepared,
    outlook: &Outlook,
) -> Result<()> {
    let Prepared { mut session, ground, plan, .. } = ready;
    let answered = gates.as_ref().map(Gates::answered).unwrap_or_default();
    let folder = export::write(desk, task, &ground, plan, outlook, answered, &mut session).await?;
    match gates {
        Some(gates) => gates.moved(&folder),
        None => Ok(()),
    }
}

/// With the lease nobody else changes the ledger: the run is opened, executed and recorded.
async fn under_lease(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    task: &Task,
    ground: &Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<RunReport> {
    let (ground, plan, run) = open_run(task, ground, session, lease).await?;
    desk.run = Some(run);
    again(session, async |session| {
        lease.reclaim(session).await?;
        record::asked(desk, task, &ground, session, run).await
    })
    .await?;
    let furnished = furnish(desk, session, &plan, run, &ground, lease).await;
    if let Err(error) = &furnished {
        ledger::finish(session, run, lease.epoch, RunState::Failed, Some(error)).await.ok();
    }
    let folder = furnished?.revealing(task.reveal);
    if let Some(gates) = gates.as_mut() {
        gates.opened(session, run, &folder).await?;
    }
    desk.log.into_file(folder.file("pgfold.log")?);
    let job = job(desk, &ground, plan, run, lease, task.manner.clone());
    job.watcher.event(&Event::RunBegan { run, verb: task.verb.to_owned(), folder: folder.path.display().to_string() });
    carry(desk, gates, job, session, lease, &folder).await
}

/// Everything is looked at once more, and the plan stored whole before its first step.
async fn open_run(
    task: &Task,
    ground: &Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<(Ground, Plan, ledger::Run)> {
    let opened = again(session, async |session| {
        lease.reclaim(session).await?;
        // an attempt before this one may have been committed, though its answer was lost
        let ground = Ground::survey(ground.consolidation.clone(), ground.server.clone(), session).await?;
        if let Some(run) = lease.run(session).await?
            && let Some(stored) = ledger::plan(session, run).await?
        {
            return Ok((ground, stored.plan, run));
        }
        unfinished::refuse_beside(session, &ground.consolidation.name, true, false).await?;
        ground.contract(session).await?;
        let plan = ground.plan(task.verb, task.scope.clone())?;
        if let Some((saved, digest)) = &task.bound {
            saved_plan::hold(saved, digest, &ground, session).await?;
        }
        let measured = Measured {
            baselines: validate::baseline(session, &ground.consolidation, true, &ground.settings()).await?,
            // a target that an enhancement creates has none yet
            sequences: watched(&ground),
        };
        let json = serde_json::to_string(&plan).map_err(|e| Error::bug(e.to_string()))?;
        let digest = task.bound.as_ref().map_or_else(|| digest(&json), |(_, digest)| digest.clone());
        let run = ledger::open_run(session, &plan, &digest, lease, &measured).await?;
        Ok((ground, plan, run))
    });
    opened.await
}

/// Executes and records: steps, files and the run's state at the end, whatever the end is.
pub async fn carry(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    job: Arc<Job>,
    session: &mut Session,
    lease: &Lease,
    folder: &Folder,
) -> Result<RunReport> {
    let name = job.plan.consolidation.clone();
    let carried = executed(desk, gates, job, session, lease, folder).await;
    completion::hand_over_at_the_end(desk, session, &name).await;
    carried
}

async fn executed(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    job: Arc<Job>,
    session: &mut Session,
    lease: &Lease,
    folder: &Folder,
) -> Result<RunReport> {
    let run = job.run;
    again(session, async |session| {
        lease.reclaim(session).await?;
        book::set_state(session, run, RunState::Executing).await
    })
    .await?;
    let sampler = record::Sampler::start(job.server.clone(), session, job.plan.target.name.to_string()).await;
    let carried = gates::carry_out(desk, gates.as_mut(), &job, session, lease).await;
    sampler.note(session, run).await;
    if let Err(error) = carried {
        let error = unfinished::or_taken_away(session, run, lease, error).await;
        let state = if matches!(error, Error::Stopped { .. } | Error::ConnectionLost { .. }) {
            RunState::Stopped
        } else {
            RunState::Failed
        };
        if session.is_lost() && matches!(error, Error::Stopped { .. }) {
            session.renew().await.ok();
        }
        // the ledger cannot always be reached now; the next command finds the steps as they are
        ledger::finish(session, run, lease.epoch, state, Some(&error)).await.ok();
        record::ended(&job, session, folder, state, Some(error.to_string())).await;
        folder.export(session, run).await.ok();
        return Err(gates::back(desk, gates.as_ref(), session, error).await);
    }
    again(session, async |session| {
        lease.reclaim(session).await?;
        ledger::finish(session, run, lease.epoch, RunState::Completed, None).await
    })
    .await?;
    record::ended(&job, session, folder, RunState::Completed, None).await;
    again(session, async |session| {
        folder.export(session, run).await?;
        report::report(session, run).await
    })
    .await
}

/// The checks after a run, its last gates, and the verdict.
pub async fn check(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    which: &Which,
    accept_edits: bool,
    report: &RunReport,
) -> Result<()> {
    let (found, ways) = checks(desk, which, accept_edits).await?;
    desk.out.proof(Some(report), &found)?;
    let found = closed(desk, gates, which, accept_edits, found).await?;
    verdict(&found, &ways)
}
