//! A rehearsal: everything that a run does, in one transaction that is rolled back, with what it took and locked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::checks::examined;
use super::job::job;
use super::preview;
use crate::consolidation::digest;
use crate::context::{Desk, Ground, Task, no_pooler};
use crate::error::{Error, Result};
use crate::execute::{self, Carried};
use crate::facts::RunState;
use crate::ledger::{self, Lease, Measured};
use crate::pg::{Arg, Server, Session};
use crate::plan::{Action, Plan};
use crate::report::{self, Rehearsal, Rejects, RunReport, Waited};
use crate::sql::Sql;
use crate::text;
use crate::validate::{self, Check};

/// Outside production a rehearsal that was given no limit holds its locks no longer than this.
const LIMIT: Duration = Duration::from_secs(600);

/// Tries it, shows what it found, leaves nothing behind.
pub async fn rehearse(desk: &mut Desk, task: &Task, ground: &Ground, plan: &Plan, session: &mut Session) -> Result<()> {
    no_pooler(&ground.server, session).await?;
    let limit = asked_for(desk, task, ground)?;
    ground.gate(task.wants())?;
    ground.needs_enhancing(&task.scope)?;
    if task.scope.migrate {
        preview::gate(ground, plan, session, 1).await?;
    }
    if task.rehearse.confirm_database.is_none() {
        let question = format!(
            "rehearse {} `{}` on {}? its locks are held until it is taken back, {} at most",
            task.verb,
            ground.consolidation.name,
            ground.server.address,
            text::duration(limit)
        );
        desk.out.confirm(&question, desk.common.yes)?;
    }
    let sequences = standing(session).await?;
    let waits = Waits::start(ground.server.clone(), session.backend);
    let began = Instant::now();
    session.begin_rehearsal().await?;
    let tried = tokio::time::timeout(limit, inside(desk, task, ground, plan, session)).await;
    let Ok(tried) = tried else {
        // whatever runs is cancelled; a connection that is let go takes its transaction with it
        ground.server.cancel_all().await.ok();
        return Err(Error::Gate {
            what: format!("the rehearsal was not done within {}; everything was taken back", text::duration(limit)),
            findings: Vec::new(),
            hint: "allow it more with `--time-limit`, or rehearse on a copy".to_owned(),
        });
    };
    let back = session.end_rehearsal().await;
    let took_ms = began.elapsed().as_secs_f64() * 1000.0;
    let waited = waits.end();
    let (carried, report, rejects, checks) = tried.map_err(told)?;
    back?;
    let now = standing(session).await?;
    let moved = now.into_iter().filter(|(name, value)| sequences.get(name) != Some(value));
    let moved = moved.filter_map(|(name, value)| Some((name.clone(), *sequences.get(&name)?, value)));
    let rehearsal = Rehearsal {
        rehearsed: true,
        consolidation: ground.consolidation.name.clone(),
        verb: task.verb.to_owned(),
        database: ground.server.address.database.clone(),
        took_ms,
        sequences: moved.collect(),
        otherwise: otherwise(plan, &carried, task, ground.catalog.server.has_ledger),
        carried,
        report,
        rejects,
        checks,
        waited,
    };
    if ground.catalog.server.has_ledger {
        remember(&rehearsal, session).await;
    }
    desk.out.rehearsal(&rehearsal)?;
    match &rehearsal.checks {
        Some(checks) if !validate::passed(checks) => Err(Error::ValidationFailed {
            failed: checks.iter().filter(|c| c.fails()).map(|c| format!("{} {}", c.number, c.title)).collect(),
            hint: "this is what a real run would end with; nothing was kept".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// A database that is named must be this one; production must be named, and must have a limit.
fn asked_for(desk: &Desk, task: &Task, ground: &Ground) -> Result<Duration> {
    let database = &ground.catalog.server.database;
    let asked = &task.rehearse;
    if let Some(named) = &asked.confirm_database
        && named != database
    {
        return Err(Error::usage(
            format!("`--confirm-database` says `{}`, this is `{}`", text::inert(named), text::inert(database)),
            "check DATABASE_URL before anything else",
        ));
    }
    if desk.production() && (asked.confirm_database.is_none() || asked.time_limit.is_none()) {
        return Err(Error::Gate {
            what: format!(
                "this is production: a rehearsal locks what a run locks, and holds it until it is taken back; \
                 it needs the database's name and a time limit (`{}`)",
                text::inert(database)
            ),
            findings: Vec::new(),
            hint: "add `--confirm-database NAME --time-limit 5m`, or rehearse on a copy".to_owned(),
        });
    }
    Ok(asked.time_limit.unwrap_or(LIMIT))
}

type Found = (Carried, RunReport, Vec<Rejects>, Option<Vec<Check>>);

async fn inside(desk: &Desk, task: &Task, ground: &Ground, plan: &Plan, session: &mut Session) -> Result<Found> {
    let transaction = Sql::constant("select pg_current_xact_id()::text");
    let this: String = session.one("asking for the transaction", &transaction, &[]).await?;
    ledger::ensure(session).await?;
    let lease = Lease::take(session, &ground.consolidation.name, false).await?;
    let measured = Measured {
        baselines: validate::baseline(session, &ground.consolidation, true, &ground.settings()).await?,
        sequences: ledger::Sequences::default(),
    };
    let json = serde_json::to_string(plan).map_err(|e| Error::bug(e.to_string()))?;
    let run = ledger::open_run(session, plan, &digest(&json), &lease, &measured).await?;
    let mut job = job(desk, ground, plan.clone(), run, &lease, task.manner.clone());
    if let Some(job) = Arc::get_mut(&mut job) {
        // nobody outside is told of a run that never was
        job.watcher = desk.out.watcher();
    }
    let carried = execute::rehearse(&job, session).await?;
    ledger::finish(session, run, lease.epoch, RunState::Completed, None).await?;
    let checks = match task.scope.map {
        Some(_) if task.scope.migrate => Some(checked(ground, session).await?),
        _ => None,
    };
    let rejects = Sql::constant(include_str!("../../sql/rehearse/rejects.sql"));
    let rejects = session.rows("reading the rejects", &rejects, &[Arg::Int(run)]).await?;
    let report = report::report(session, run).await?;
    let still: String = session.one("asking for the transaction", &transaction, &[]).await?;
    if still != this {
        return Err(Error::bug("something in the rehearsal ended its transaction: look at what is there"));
    }
    Ok((carried, report, rejects, checks))
}

async fn checked(ground: &Ground, session: &mut Session) -> Result<Vec<Check>> {
    let ground = Ground::survey(ground.consolidation.clone(), ground.server.clone(), session).await?;
    let runs = ledger::runs(session, Some(&ground.consolidation.name)).await?;
    examined(&ground, session, false, runs).await
}

/// There is nothing to resume after a rehearsal.
fn told(error: Error) -> Error {
    match error {
        Error::Stopped { why, .. } => Error::Gate {
            what: format!("the rehearsal ended early: {why}; everything was taken back"),
            findings: Vec::new(),
            hint: "a real run would stop there, too".to_owned(),
        },
        other => other,
    }
}

async fn standing(session: &mut Session) -> Result<BTreeMap<String, Option<i64>>> {
    #[derive(Deserialize)]
    struct Row {
        sequence: String,
        value: Option<i64>,
    }
    let sql = Sql::constant(include_str!("../../sql/rehearse/sequences.sql"));
    let rows: Vec<Row> = session.rows("looking at sequences", &sql, &[]).await?;
    Ok(rows.into_iter().map(|r| (r.sequence, r.value)).collect())
}

/// What it took, in a transaction of its own, for the estimates to come.
async fn remember(rehearsal: &Rehearsal, session: &mut Session) {
    let written: u64 = rehearsal.report.sources.iter().map(|s| s.counts.written()).sum();
    let steps = |kind: &'static str| rehearsal.carried.steps.iter().filter(move |s| s.kind == kind);
    let mapped: u64 = steps("map").map(|s| s.rows).sum();
    let moving_ms: f64 = steps("move").chain(steps("map")).map(|s| s.took_ms).sum();
    let rows = written + mapped;
    let noted = ledger::add_rehearsal(session, &rehearsal.consolidation, rows, rehearsal.took_ms, moving_ms).await;
    if let Err(e) = noted {
        tracing::warn!("the rehearsal's times were not noted: {e}");
    }
}

fn otherwise(plan: &Plan, carried: &Carried, task: &Task, has_ledger: bool) -> Vec<String> {
    let mut out = vec!["sequences do not come back with a rollback: what took a number from one keeps it".to_owned()];
    if has_ledger {
        out.push(
            "while it was tried it held the consolidation's lease: any other run of it had to wait, as for a real one"
                .to_owned(),
        );
    }
    for step in &plan.steps {
        if let Action::Enhance { transaction: false, file, .. } = &step.action {
            out.push(format!(
                "{file} was built plainly: a concurrent build cannot be rehearsed; it takes about twice as long and lets writers pass"
            ));
        }
    }
    let commits: u64 = carried.steps.iter().map(|s| s.commits).sum();
    out.push(format!(
        "a real run commits {} and frees its locks at each; moving rows it has {} side by side",
        text::count(commits, "time"),
        text::count(task.manner.workers as u64, "worker")
    ));
    out.push("commits and their waits for disk and replicas were not tried".to_owned());
    out
}

/// Who waits for the rehearsal, seen from a session of its own.
struct Waits {
    task: tokio::task::JoinHandle<()>,
    seen: Arc<Mutex<BTreeMap<i64, Waited>>>,
}

#[derive(Deserialize)]
struct Waiting {
    pid: i64,
    wants: Option<String>,
}

const EVERY: Duration = Duration::from_millis(50);

impl Waits {
    fn start(server: Server, backend: i32) -> Waits {
        let seen: Arc<Mutex<BTreeMap<i64, Waited>>> = Arc::default();
        let kept = seen.clone();
        let task = tokio::spawn(async move {
            let Ok(mut session) = server.open().await else { return };
            let sql = Sql::constant(include_str!("../../sql/rehearse/waiting.sql"));
            let mut last = Instant::now();
            loop {
                tokio::time::sleep(EVERY).await;
                let Ok(rows) = session.rows::<Waiting>("looking who waits", &sql, &[Arg::Int(backend.into())]).await
                else {
                    return;
                };
                let passed = last.elapsed().as_secs_f64() * 1000.0;
                last = Instant::now();
                let Ok(mut kept) = kept.lock() else { return };
                for row in rows {
                    let wants = row.wants.unwrap_or_else(|| "a lock".to_owned());
                    let one = kept.entry(row.pid).or_insert(Waited { pid: row.pid, wants, waited_ms: 0.0 });
                    one.waited_ms += passed;
                }
            }
        });
        Waits { task, seen }
    }

    fn end(self) -> Vec<Waited> {
        self.task.abort();
        self.seen.lock().map(|seen| seen.values().cloned().collect()).unwrap_or_default()
    }
}
