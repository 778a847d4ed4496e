//! What enhance, migrate, map and apply have in common: gates, a run, its steps, its folder.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ground::{self, Ground};
use super::{Desk, dry_run, record};
use crate::cli::{Pace, Shown, Writing};
use crate::consolidation::{Consolidation, digest};
use crate::error::{Error, Result};
use crate::execute::{self, Event, Job, Manner};
use crate::folder::Folder;
use crate::ledger::{self, Lease, book};
use crate::pg::Session;
use crate::plan::{Plan, Scope};
use crate::preflight::Wants;
use crate::report::{self, RunReport};
use crate::validate;

/// One writing command.
pub struct Task {
    pub verb: &'static str,
    pub scope: Scope,
    pub writing: Writing,
    pub manner: Manner,
    pub shown: (u64, u64),
    /// The report is printed by whoever called.
    pub silent: bool,
    /// What reading and shaping alone took, measured before the run.
    pub shaping_ms: f64,
}

impl Task {
    pub fn new(verb: &'static str, scope: Scope, writing: Writing) -> Task {
        Task { verb, scope, writing, manner: Manner::default(), shown: (50, 20), silent: false, shaping_ms: 0.0 }
    }

    pub fn paced(mut self, pace: &Pace) -> Task {
        self.manner = manner(pace);
        self
    }

    pub fn showing(mut self, shown: &Shown) -> Task {
        self.shown = (shown.row_limit, shown.diff_limit);
        self
    }

    fn wants(&self) -> Wants {
        Wants { enhance: self.scope.enhance, write_rows: self.scope.migrate || self.scope.map.is_some() }
    }
}

pub fn manner(pace: &Pace) -> Manner {
    Manner {
        workers: pace.workers.into(),
        batch_rows: pace.batch_rows.into(),
        attempts: pace.attempts,
        ..Manner::default()
    }
}

/// Does it, or shows what it would do; the run's report, if there was a run.
pub async fn work(desk: &mut Desk, mut task: Task) -> Result<Option<RunReport>> {
    let consolidation = Consolidation::load(task.writing.which.consolidation.as_deref())?;
    let (server, mut session) = ground::open(&desk.common, &desk.environment).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let notes = ground.contract(&mut session).await?;
    desk.out.findings_aside(&notes);
    let dry = desk.dry(task.writing.dry_run)?;
    let plan = ground.plan(task.verb, task.scope.clone())?;
    if dry {
        return dry_run::dry_run(desk, &task, &ground, &plan, &mut session).await.map(|()| None);
    }
    ground.gate(task.wants())?;
    ground.needs_enhancing(&task.scope)?;
    if task.scope.migrate {
        let began = std::time::Instant::now();
        desk.out.say("looking at every legacy row first; nothing is written yet");
        dry_run::gate(&ground, &plan, &mut session).await?;
        task.shaping_ms = began.elapsed().as_secs_f64() * 1000.0;
    }
    desk.out.confirm(
        &format!("{} `{}` on {}?", task.verb, ground.consolidation.name, ground.server.address),
        desk.common.yes,
    )?;
    ledger::ensure(&mut session).await?;
    let lease = Lease::take(&mut session, &ground.consolidation.name, task.writing.take_over).await?;
    let done = under_lease(desk, &task, ground, &mut session, &lease).await;
    lease.release(&mut session).await;
    let report = done?;
    if !task.silent {
        desk.out.report(&report)?;
    }
    session.close().await;
    Ok(Some(report))
}

/// With the lease nobody else changes the ledger, so everything is looked at once more.
async fn under_lease(
    desk: &mut Desk,
    task: &Task,
    ground: Ground,
    session: &mut Session,
    lease: &Lease,
) -> Result<RunReport> {
    let ground = Ground::survey(ground.consolidation, ground.server, session).await?;
    ground.contract(session).await?;
    let plan = ground.plan(task.verb, task.scope.clone())?;
    let settings = ground.settings();
    let baselines = validate::baseline(session, &ground.consolidation, &settings).await?;
    let json = serde_json::to_string(&plan).map_err(|e| Error::bug(e.to_string()))?;
    let run = ledger::open_run(session, &plan, &digest(&json), lease).await?;
    record::asked(desk, task, &ground, session, run).await?;
    ledger::add_baselines(session, run, &baselines).await?;
    let sequences = std::iter::once(ground.target()?.name.to_string())
        .chain(ground.target()?.sequences.iter().map(ToString::to_string))
        .collect();
    ledger::sequences_before(session, run, sequences).await?;
    let folder = Folder::of_run(&desk.common.runs, run)?;
    ledger::set_folder(session, run, &folder.path.display().to_string()).await?;
    folder.rollback_scripts(&plan, run, &settings)?;
    desk.log.into_file(folder.file("pgfold.log")?);
    let job = job(desk, &ground, plan, run, lease, task.manner.clone());
    job.watcher.event(&Event::RunBegan { run, verb: task.verb.to_owned(), folder: folder.path.display().to_string() });
    carry(job, session, lease, &folder).await
}

pub fn job(desk: &Desk, ground: &Ground, plan: Plan, run: i64, lease: &Lease, manner: Manner) -> Arc<Job> {
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(stop_on_ctrl_c(stop.clone()));
    Arc::new(Job {
        server: ground.server.clone(),
        plan,
        run,
        epoch: lease.epoch,
        settings: ground.settings(),
        manner,
        watcher: desk.watcher(run, &ground.consolidation.name),
        stop,
    })
}

async fn stop_on_ctrl_c(stop: Arc<AtomicBool>) {
    while tokio::signal::ctrl_c().await.is_ok() {
        if stop.swap(true, Ordering::Relaxed) {
            // the second one: the connections close, and the server ends what they were doing
            std::process::exit(8);
        }
    }
}

/// Steps, files and the run's state at the end, whatever the end is.
pub async fn carry(job: Arc<Job>, session: &mut Session, lease: &Lease, folder: &Folder) -> Result<RunReport> {
    let run = job.run;
    book::set_state(session, run, "executing").await?;
    let sampler = record::Sampler::start(job.server.clone(), session.backend);
    let carried = execute::carry_out(job.clone(), session, lease).await;
    sampler.note(session, run).await;
    if let Err(error) = carried {
        let state =
            if matches!(error, Error::Stopped { .. } | Error::ConnectionLost { .. }) { "stopped" } else { "failed" };
        // the ledger cannot always be reached now; the next command finds the steps as they are
        ledger::finish(session, run, state, Some(&error.to_string())).await.ok();
        record::ended(&job, session, folder, state, Some(error.to_string())).await;
        folder.export(session, run).await.ok();
        return Err(error);
    }
    ledger::finish(session, run, "completed", None).await?;
    record::ended(&job, session, folder, "completed", None).await;
    folder.export(session, run).await?;
    report::report(session, run).await
}
