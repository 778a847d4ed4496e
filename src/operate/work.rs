//! What enhance, migrate, map and apply have in common: gates, a run, its steps, its folder.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ground::{self, Ground};
use super::{
    Desk, bound, closing, dry_run, gated, half_way, manual, part, pooler, production, record, rehearse, suggest,
    writers,
};
use crate::catalog::Table;
use crate::cli::{Live, Pace, Picking, Rehearse, Shown, Writing};
use crate::consolidation::{Consolidation, digest};
use crate::error::{Error, Result};
use crate::execute::{Event, Grown, Health, Job, Manner, Outlook, Throttle};
use crate::folder::Folder;
use crate::ledger::{self, Lease, Measured, book};
use crate::pg::{Answer, Server, Session, Settings, answer};
use crate::plan::{Plan, Saved, Scope};
use crate::preflight::Wants;
use crate::report::{self, RunReport};
use crate::validate;

/// One writing command.
pub struct Task {
    pub verb: &'static str,
    pub scope: Scope,
    pub writing: Writing,
    pub picking: Picking,
    /// The application goes on writing to the legacy tables.
    pub online: bool,
    pub manner: Manner,
    pub shown: (u64, u64),
    /// Whether a dry run shows sensitive columns.
    pub reveal: bool,
    /// Where a dry run writes everything that it foretells.
    pub out: Option<std::path::PathBuf>,
    /// A saved plan with its file's digest, to be held against what is there.
    pub bound: Option<(Saved, String)>,
    /// Whether everything is tried and taken back instead, and what that may take.
    pub rehearse: Rehearse,
    /// Where the manifest's correction goes, should the contract not hold.
    pub suggest: Option<std::path::PathBuf>,
    /// The report is printed by whoever called.
    pub silent: bool,
    /// What reading and shaping alone took, measured before the run.
    pub shaping_ms: f64,
}

impl Task {
    pub fn new(verb: &'static str, scope: Scope, writing: Writing) -> Task {
        Task {
            verb,
            scope,
            writing,
            picking: Picking::default(),
            online: false,
            manner: Manner::default(),
            shown: (50, 20),
            reveal: false,
            out: None,
            bound: None,
            rehearse: Rehearse::default(),
            suggest: None,
            silent: false,
            shaping_ms: 0.0,
        }
    }

    pub fn paced(mut self, pace: &Pace) -> Task {
        self.manner = manner(pace);
        self
    }

    pub fn picking(mut self, picking: Picking) -> Task {
        self.picking = picking;
        self
    }

    pub fn live(mut self, live: Live) -> Task {
        self.online = live.online;
        self
    }

    pub fn showing(mut self, shown: &Shown) -> Task {
        self.shown = (shown.row_limit, shown.diff_limit);
        self.reveal = shown.reveal;
        self.out.clone_from(&shown.out);
        self.rehearse.clone_from(&shown.rehearse);
        self.suggest.clone_from(&shown.suggest.suggest);
        self
    }

    fn writing_online(&self) -> bool {
        self.online || self.bound.as_ref().is_some_and(|(saved, _)| saved.fingerprint.rows.is_none())
    }

    pub fn wants(&self) -> Wants {
        Wants { enhance: self.scope.enhance, write_rows: self.scope.migrate || self.scope.map.is_some() }
    }
}

pub fn manner(pace: &Pace) -> Manner {
    Manner {
        workers: pace.workers.into(),
        batch_rows: pace.batch_rows.into(),
        attempts: pace.attempts,
        deadline: pace.deadline,
        lock_timeout: pace.lock_timeout,
        statement_timeout: pace.statement_timeout,
        throttle: Throttle {
            batch_delay: pace.batch_delay,
            pause_file: pace.pause_file.clone(),
            run_time: pace.run_time,
            max_lag: pace.max_lag,
        },
        nothing_raises: false,
    }
}

/// Does it, or shows what it would do; the run's report, if there was a run.
pub async fn work(desk: &mut Desk, mut task: Task) -> Result<Option<RunReport>> {
    let consolidation = Consolidation::load(task.writing.which.consolidation.as_deref())?;
    let (server, mut session) = ground::open(&desk.common, &desk.environment).await?;
    let dry = desk.dry(task.writing.dry_run)?;
    // nothing is written before the run is opened, so whatever is lost until then is simply done again
    let looked = again(&mut session, async |session| {
        let (ground, notes) = Ground::agreed(&consolidation, &server, session).await?;
        if let Some((saved, digest)) = &task.bound {
            bound::hold(saved, digest, &ground, session).await?;
        }
        let mut scope = task.scope.clone();
        scope.online = task.writing_online();
        scope.part = part::picked(&ground, session, &task.picking).await?;
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
    if dry {
        return dry_run::dry_run(desk, &task, &ground, &plan, &mut session).await.map(|()| None);
    }
    if task.rehearse.rehearse {
        return rehearse::rehearse(desk, &task, &ground, &plan, &mut session).await.map(|()| None);
    }
    let name = ground.consolidation.name.clone();
    let over = task.writing.take_over;
    if ground.catalog.server.has_ledger {
        again(&mut session, async |s| half_way::refuse_beside(s, &name, false, over).await).await?;
    }
    Folder::can_be_made(&desk.common.runs)?;
    again(&mut session, async |session| pooler(desk, &server, session).await).await?;
    manual::gate(desk, &ground, task.wants())?;
    ground.needs_enhancing(&task.scope)?;
    let mut outlook = Outlook::default();
    if task.scope.migrate {
        let began = std::time::Instant::now();
        desk.out.say("looking at every legacy row first; nothing is written yet");
        let look = async |session: &mut Session| dry_run::gate(&ground, &plan, session, dry_run::SESSIONS).await;
        outlook = again(&mut session, look).await?;
        task.manner.nothing_raises = !outlook.raises;
        task.shaping_ms = began.elapsed().as_secs_f64() * 1000.0;
    }
    writers::told(desk, &ground, &plan)?;
    let open_for = production::allowed(desk, &ground, &plan, task.bound.is_some(), &mut session).await?;
    task.manner.throttle.until(open_for);
    if gated::asked_before(desk, &task, &ground, &plan, &outlook, &notes, &mut session).await? == Some(false) {
        return Box::pin(work(desk, task)).await;
    }
    if manual::meant(desk) {
        return manual::write(desk, &task, &ground, plan, &outlook, &mut session).await.map(|()| None);
    }
    desk.out.confirm(
        &format!("{} `{}` on {}?", task.verb, ground.consolidation.name, ground.server.address),
        desk.common.yes || desk.gates.is_some() || desk.common.governed.confirm_database.is_some(),
    )?;
    let taken = again(&mut session, async |session| {
        ledger::ensure(session).await?;
        Lease::take(session, &ground.consolidation.name, task.writing.take_over).await
    });
    let lease = taken.await?;
    let _beat = lease.beat(&ground.server);
    let done = under_lease(desk, &task, &ground, &mut session, &lease).await;
    lease.release(&mut session).await;
    let report = done?;
    if !task.silent {
        desk.out.report(&report)?;
    }
    part::left_over(desk, &report);
    session.close().await;
    Ok(Some(report))
}

/// With the lease nobody else changes the ledger, so everything is looked at once more.
async fn under_lease(
    desk: &mut Desk,
    task: &Task,
    ground: &Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<RunReport> {
    let opened = again(session, async |session| {
        lease.reclaim(session).await?;
        // an attempt before this one may have been committed, though its answer was lost
        let ground = Ground::survey(ground.consolidation.clone(), ground.server.clone(), session).await?;
        if let Some(run) = lease.run(session).await?
            && let Some(stored) = ledger::plan(session, run).await?
        {
            return Ok((ground, stored.plan, run));
        }
        half_way::refuse_beside(session, &ground.consolidation.name, true, false).await?;
        ground.contract(session).await?;
        let plan = ground.plan(task.verb, task.scope.clone())?;
        if let Some((saved, digest)) = &task.bound {
            bound::hold(saved, digest, &ground, session).await?;
        }
        let measured = Measured {
            baselines: validate::baseline(session, &ground.consolidation, true, &ground.settings()).await?,
            // a target that an enhancement creates has none yet
            sequences: ground.target().map(watched).unwrap_or_default(),
        };
        let json = serde_json::to_string(&plan).map_err(|e| Error::bug(e.to_string()))?;
        let digest = task.bound.as_ref().map_or_else(|| digest(&json), |(_, digest)| digest.clone());
        let run = ledger::open_run(session, &plan, &digest, lease, &measured).await?;
        Ok((ground, plan, run))
    });
    let (ground, plan, run) = opened.await?;
    desk.run = Some(run);
    again(session, async |session| {
        lease.reclaim(session).await?;
        record::asked(desk, task, &ground, session, run).await
    })
    .await?;
    let furnished = furnish(desk, session, &plan, run, &ground, lease).await;
    if let Err(error) = &furnished {
        ledger::finish(session, run, lease.epoch, "failed", Some(&error.to_string())).await.ok();
    }
    let folder = furnished?.revealing(task.reveal);
    if let Some(gates) = &mut desk.gates {
        gates.opened(session, run, &folder).await?;
    }
    desk.log.into_file(folder.file("pgfold.log")?);
    let job = job(desk, &ground, plan, run, lease, task.manner.clone());
    job.watcher.event(&Event::RunBegan { run, verb: task.verb.to_owned(), folder: folder.path.display().to_string() });
    let carried = carry(desk, job, session, lease, &folder).await;
    closing::hand_over_at_the_end(desk, session, &ground.consolidation.name).await;
    carried
}

/// The target and its sequences, quoted.
pub fn watched(target: &Table) -> Vec<String> {
    std::iter::once(&target.name).chain(&target.sequences).map(ToString::to_string).collect()
}

/// The run's folder with its rollback scripts, noted in the ledger; there before the first write.
pub async fn furnish(
    desk: &Desk,
    session: &mut Session,
    plan: &Plan,
    run: i64,
    ground: &Ground,
    lease: &Lease,
) -> Result<Folder> {
    let folder = Folder::of_run(&desk.common.runs, run)?;
    folder.rollback_scripts(plan, run, &ground.settings())?;
    let path = folder.path.display().to_string();
    let noted = again(session, async |session| {
        lease.reclaim(session).await?;
        ledger::set_folder(session, run, &path).await
    });
    noted.await?;
    Ok(folder)
}

/// For work that may be done twice: a lost connection is opened anew, and all of it is done again.
pub async fn again<T>(session: &mut Session, mut work: impl AsyncFnMut(&mut Session) -> Result<T>) -> Result<T> {
    let mut terminated = 0;
    for attempt in 1.. {
        let error = match work(session).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        terminated += u32::from(matches!(&error, Error::ConnectionLost { code, .. } if code == "57P01"));
        if answer(&error, false) != Answer::Reconnect || attempt >= ATTEMPTS || terminated > 1 {
            return Err(error);
        }
        session.renew().await?;
    }
    Err(Error::bug("something was tried no time"))
}

/// How often work that writes nothing is begun anew.
const ATTEMPTS: u32 = 4;

pub fn job(desk: &Desk, ground: &Ground, plan: Plan, run: i64, lease: &Lease, manner: Manner) -> Arc<Job> {
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(stop_on_ctrl_c(stop.clone(), ground.server.clone()));
    Arc::new(Job {
        server: ground.server.clone(),
        plan,
        run,
        epoch: lease.epoch,
        settings: Settings {
            lock_timeout_ms: manner.lock_timeout.as_millis() as u64,
            statement_timeout_ms: manner.statement_timeout.as_millis() as u64,
            ..ground.settings()
        },
        began: std::time::Instant::now(),
        upto: std::sync::atomic::AtomicI32::new(i32::MAX),
        manner,
        watcher: desk.watcher(run, &ground.consolidation.name),
        health: Health::default(),
        grown: Grown::default(),
        ahead: std::sync::Mutex::default(),
        stop,
    })
}

async fn stop_on_ctrl_c(stop: Arc<AtomicBool>, server: Server) {
    let mut asked = 0;
    while tokio::signal::ctrl_c().await.is_ok() {
        asked += 1;
        stop.store(true, Ordering::Relaxed);
        if asked == 2 {
            // what runs on the server ends there, and the run stops as if the batch had failed
            server.cancel_all().await.ok();
        }
        if asked > 2 {
            std::process::exit(8);
        }
    }
}

/// Steps, files and the run's state at the end, whatever the end is.
pub async fn carry(
    desk: &mut Desk,
    job: Arc<Job>,
    session: &mut Session,
    lease: &Lease,
    folder: &Folder,
) -> Result<RunReport> {
    let run = job.run;
    again(session, async |session| {
        lease.reclaim(session).await?;
        book::set_state(session, run, "executing").await
    })
    .await?;
    let sampler = record::Sampler::start(job.server.clone(), session, job.plan.target.name.to_string()).await;
    let carried = gated::carry_out(desk, &job, session, lease).await;
    sampler.note(session, run).await;
    if let Err(error) = carried {
        let error = half_way::or_taken_away(session, run, lease, error).await;
        let state =
            if matches!(error, Error::Stopped { .. } | Error::ConnectionLost { .. }) { "stopped" } else { "failed" };
        if session.is_lost() && matches!(error, Error::Stopped { .. }) {
            session.renew().await.ok();
        }
        // the ledger cannot always be reached now; the next command finds the steps as they are
        ledger::finish(session, run, lease.epoch, state, Some(&error.to_string())).await.ok();
        record::ended(&job, session, folder, state, Some(error.to_string())).await;
        folder.export(session, run).await.ok();
        return Err(gated::back(desk, session, error).await);
    }
    again(session, async |session| {
        lease.reclaim(session).await?;
        ledger::finish(session, run, lease.epoch, "completed", None).await
    })
    .await?;
    record::ended(&job, session, folder, "completed", None).await;
    again(session, async |session| {
        folder.export(session, run).await?;
        report::report(session, run).await
    })
    .await
}
