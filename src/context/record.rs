//! What the ledger is told of a run besides its steps: who asked, its states, where time went, how it left the schema.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Desk, Ground, Task};
use crate::error::Result;
use crate::execute::{Event, Job, Watcher};
use crate::facts::RunState;
use crate::folder::Folder;
use crate::introspect;
use crate::ledger::{self, RunRow, audit, book};
use crate::notify::Notifier;
use crate::pg::{Server, Session};
use crate::plan::{Action, Plan};
use crate::planner;
use crate::planner::Scope;
use crate::sql::Sql;
use crate::validate::{self, Check};

/// Who asks, why, and on whose word.
pub fn asks(desk: &Desk, ground: &Ground) -> book::Asked {
    let user = desk.environment.get("USER").or_else(|| desk.environment.get("LOGNAME")).unwrap_or("unknown user");
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "unknown machine" } else { host.trim() };
    let sources = ground.consolidation.manifest.sources.iter();
    book::Asked {
        reference: desk.common.reference.clone(),
        operator: format!("{user}@{host}"),
        approval: if desk.common.yes { "--yes" } else { "answered at the terminal" }.to_owned(),
        estimated_rows: sources.filter_map(|s| ground.catalog.table(&s.table)).map(|t| t.estimated_rows.max(0)).sum(),
    }
}

/// What the ledger is told of who asked; from here on the run is being looked at.
pub async fn asked(desk: &Desk, task: &Task, ground: &Ground, session: &mut Session, run: i64) -> Result<()> {
    let asked = asks(desk, ground);
    let dictionary = planner::dictionary(&ground.given(task.verb, Scope::default()));
    book::describe(session, run, &asked, &dictionary).await?;
    let kept = super::settings::kept(&desk.profile, &ground.consolidation);
    book::keep_config(session, run, &kept, desk.common.governed.outside_window.as_deref()).await?;
    if task.shaping_ms > 0.0 {
        book::add_timing(session, run, &BTreeMap::from([("shaping", task.shaping_ms)])).await?;
    }
    book::set_state(session, run, RunState::Analysing).await
}

/// Everything that is noted when the steps are over, whatever the end was; none of it may hide that end.
pub async fn ended(job: &Job, session: &mut Session, folder: &Folder, state: RunState, error: Option<String>) {
    if let Err(e) = schema(job, session).await {
        tracing::warn!("the schema's image was not kept: {e}");
    }
    job.watcher.event(&Event::RunEnded { run: job.run, state, error });
    let sent = job.watcher.settle();
    if !sent.is_empty()
        && let Ok(json) = serde_json::to_value(&sent)
        && let Err(e) = book::add_messages(session, job.run, &json).await
    {
        tracing::warn!("the notifications were not noted: {e}");
    }
    if let Err(e) = head(session, folder, &job.plan.consolidation).await {
        tracing::warn!("the audit chain's head was not written: {e}");
    }
}

/// The chain's head into `audit-head.txt` of a run's folder.
pub async fn head(session: &mut Session, folder: &Folder, consolidation: &str) -> Result<()> {
    match audit::head(session, consolidation).await? {
        Some(head) => folder.audit_head(&head),
        None => Ok(()),
    }
}

/// A run that nobody proved yet is validating while the checks look at it.
pub async fn validating(session: &mut Session, runs: &[RunRow], begins: bool) -> Result<()> {
    let state = if begins { RunState::Validating } else { RunState::Completed };
    let unproved = |r: &&RunRow| r.state == RunState::Completed && r.validated.is_none();
    for run in runs.iter().filter(|r| unproved(r) || r.state == RunState::Validating) {
        book::set_state(session, run.run, state).await?;
    }
    Ok(())
}

/// Before the checks. The application's writing queries are rolled back, but sequences do not come back with them.
pub async fn proving(session: &mut Session, runs: &[RunRow], writable: bool) -> Result<Vec<String>> {
    if writable {
        validating(session, runs, true).await?;
    }
    match runs.last() {
        Some(run) => ledger::sequences_still(session, run.run).await,
        None => Ok(Vec::new()),
    }
}

/// After the checks, where they came to their end.
pub async fn proof(
    desk: &Desk,
    session: &mut Session,
    runs: &[RunRow],
    checks: Option<&[Check]>,
    still: Vec<String>,
) -> Result<()> {
    validating(session, runs, false).await?;
    if let Some(checks) = checks {
        validate::note(session, runs, checks).await?;
        if let Some(run) = runs.last() {
            ledger::sequences_moved(session, run.run, still).await?;
        }
        proved(desk, session, runs, validate::passed(checks)).await?;
    }
    Ok(())
}

/// After the checks: their outcome is told, and the head in the newest run's folder is the chain's head again.
pub async fn proved(desk: &Desk, session: &mut Session, runs: &[RunRow], passed: bool) -> Result<()> {
    let Some(newest) = runs.last() else { return Ok(()) };
    if let Some(receiver) = desk.receiver() {
        let notifier = Notifier::start(receiver, newest.run, &newest.consolidation, None);
        let outcome = if passed { "passed" } else { "failed" };
        let data = serde_json::json!({ "passed": passed });
        notifier.tell(&format!("checks.{outcome}"), format!("run {}: the checks {outcome}", newest.run), data);
        let sent = serde_json::to_value(notifier.settle()).map_err(|e| crate::error::Error::bug(e.to_string()))?;
        book::add_messages(session, newest.run, &sent).await?;
    }
    refresh(session, &desk.common.runs, newest).await
}

/// Writes the head anew where the run's folder is on this machine.
pub async fn refresh(session: &mut Session, runs: &std::path::Path, run: &RunRow) -> Result<()> {
    if runs.join(run.run.to_string()).is_dir() {
        return head(session, &Folder::of_run(runs, run.run)?, &run.consolidation).await;
    }
    Ok(())
}

async fn schema(job: &Job, session: &mut Session) -> Result<()> {
    let objects = introspect::objects(session, &job.plan.target.schema).await?;
    let json = serde_json::to_value(&objects).map_err(|e| crate::error::Error::bug(e.to_string()))?;
    let tables = tables(&job.plan);
    book::keep_schema(session, job.run, &json, tables, named(&job.plan)).await
}

/// Objects whose image is kept whatever they belong to.
pub fn named(plan: &Plan) -> Vec<String> {
    let tables = tables(plan);
    tables.iter().flat_map(|t| [format!("table {t}"), format!("view {t}")]).chain(declared(plan)).collect()
}

pub fn tables(plan: &Plan) -> Vec<String> {
    let mut out = vec![plan.target.name.raw().to_owned()];
    for step in &plan.steps {
        match &step.action {
            Action::Move(m) => out.push(m.table.name.raw().to_owned()),
            Action::Map(m) => out.push(m.table.name.raw().to_owned()),
            _ => {}
        }
    }
    out
}

fn declared(plan: &Plan) -> Vec<String> {
    let both = plan.steps.iter().filter_map(|s| match &s.action {
        Action::Enhance { appears, replaces, .. } => Some(appears.iter().chain(replaces).cloned()),
        _ => None,
    });
    both.flatten().collect()
}

/// How often the server is asked what our sessions wait for.
const EVERY: std::time::Duration = std::time::Duration::from_millis(100);

/// Samples what pgfold's own sessions wait for, on a session of its own.
pub struct Sampler {
    task: tokio::task::JoinHandle<()>,
    parts: Arc<Mutex<BTreeMap<&'static str, f64>>>,
    /// The target, and what its triggers had taken before.
    target: String,
    triggers: Option<f64>,
}

#[derive(serde::Deserialize)]
struct Waiting {
    part: String,
    sessions: f64,
}

impl Sampler {
    /// Reads on `session` what the target's triggers took so far, then samples on a session of its own.
    pub async fn start(server: Server, session: &mut Session, target: String) -> Sampler {
        let backend = session.backend;
        let triggers = trigger_time(session, &target).await;
        let parts: Arc<Mutex<BTreeMap<&'static str, f64>>> = Arc::default();
        let kept = parts.clone();
        let task = tokio::spawn(async move {
            // a run is not refused a connection for the sake of its own statistics
            let Ok(mut session) = server.open().await else { return };
            let sql = Sql::constant(include_str!("../../sql/ledger/waits.sql"));
            let mut last = std::time::Instant::now();
            loop {
                tokio::time::sleep(EVERY).await;
                let args = [crate::pg::Arg::Int(backend.into())];
                let Ok(rows) = session.rows::<Waiting>("sampling waits", &sql, &args).await else { return };
                let passed = last.elapsed().as_secs_f64() * 1000.0;
                last = std::time::Instant::now();
                if let Ok(mut parts) = kept.lock() {
                    for row in rows {
                        let part = match row.part.as_str() {
                            "lock waits" => "lock waits",
                            "wal" => "wal",
                            _ => "files",
                        };
                        *parts.entry(part).or_default() += passed * row.sessions;
                    }
                }
            }
        });
        Sampler { task, parts, target, triggers }
    }

    /// Ends the sampling and notes what it saw.
    pub async fn note(self, session: &mut Session, run: i64) {
        self.task.abort();
        let mut parts = self.parts.lock().map(|p| p.clone()).unwrap_or_default();
        if let Some(before) = self.triggers
            && let Some(now) = trigger_time(session, &self.target).await.filter(|now| *now > before)
        {
            parts.insert("triggers", now - before);
        }
        if !parts.is_empty()
            && let Err(e) = book::add_timing(session, run, &parts).await
        {
            tracing::warn!("the timings were not noted: {e}");
        }
    }
}

async fn trigger_time(session: &mut Session, target: &str) -> Option<f64> {
    let sql = Sql::constant(include_str!("../../sql/ledger/trigger_time.sql"));
    match session.one::<Option<f64>>("reading the time of triggers", &sql, &[target.into()]).await {
        Ok(taken) => taken,
        Err(e) => {
            tracing::warn!("the time of triggers was not read: {e}");
            None
        }
    }
}
