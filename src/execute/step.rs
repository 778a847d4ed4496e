//! The steps that are one transaction: enhance, backfill, remember, contest, analyze.

use super::health::blockers;
use super::{Event, Job, look, settle};
use crate::catalog::Objects;
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::introspect;
use crate::ledger;
use crate::pg::{Answer, Arg, Backoff, Isolation, Session, answer};
use crate::plan::{Action, Step, verify};
use crate::sql::{Ident, Name, Sql};

/// Carries out one step with retries; how many rows it touched.
pub async fn step(job: &Job, session: &mut Session, step: &Step) -> Result<u64> {
    let mut backoff = Backoff::new(job.run.unsigned_abs() + step.number.unsigned_abs() as u64);
    let began = std::time::Instant::now();
    let mut trusting = job.manner.nothing_raises;
    for attempt in 1.. {
        let result = once(job, session, step, trusting).await;
        let error = match result {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        let timed_out = session.took.as_millis() as u64 >= job.settings.statement_timeout_ms;
        if !session.is_lost() {
            session.rollback().await.ok();
        }
        let about_a_row = matches!(&error, Error::Refused { server, .. } if server.is_about_a_row());
        if matches!(step.action, Action::Contest { .. }) && about_a_row && trusting {
            // a row that came since the look
            trusting = false;
            continue;
        }
        if answer(&error, timed_out) != Answer::Retry {
            return Err(error);
        }
        let in_the_way = if error.is_lock() { blockers(job).await } else { String::new() };
        if attempt >= job.manner.attempts || began.elapsed() > job.manner.deadline {
            return Err(job.stopped(format!("{error}, {attempt} times{in_the_way}")));
        }
        let wait = backoff.wait();
        job.watcher.event(&Event::Retry { doing: step.intent.clone(), why: format!("{error}{in_the_way}"), wait });
        tokio::time::sleep(wait).await;
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
    }
    Err(Error::bug("a step was tried no time"))
}

async fn once(job: &Job, session: &mut Session, step: &Step, trusting: bool) -> Result<u64> {
    if let Action::Enhance { transaction: false, script, file, appears, replaces, schema, .. } = &step.action {
        return outside(job, session, step, Outside { script, file, appears, replaces, schema }).await;
    }
    if let Action::Settle(settle) = &step.action {
        return settle::settle(job, session, step, settle).await;
    }
    if let Action::Contest { .. } = &step.action {
        note_raising(job, session, trusting).await?;
    }
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, "running", None, None).await?;
    let run = Arg::Int(job.run);
    let rows = match &step.action {
        Action::Enhance { .. } => {
            enhance(session, job, step).await?;
            ledger::mark_changed(session, job.run).await?;
            0
        }
        Action::Backfill { fill, quiet } => {
            let missing = Sql::fill(
                "select exists (select from ${t} where ${k} is null)",
                &[("t", &job.plan.target), ("k", &job.plan.key)],
            );
            if fill.is_empty() || !session.one::<bool>("looking for missing keys", &missing, &[]).await? {
                0
            } else {
                session.script("silencing triggers", &quiet.sql(false)).await?;
                let rows = session.execute(&step.intent, fill, &[run, Arg::Int(step.number.into())]).await?;
                session.script("waking triggers", &quiet.sql(true)).await?;
                ledger::mark_changed(session, job.run).await?;
                rows
            }
        }
        Action::Remember { sql } => session.execute(&step.intent, sql, &[run]).await?,
        Action::Contest { sql } => {
            let rows = session.execute(&step.intent, sql, &[run]).await?;
            // each batch looks its rows up in them: without statistics one by one
            session.script("fresh statistics", &Sql::constant("analyze pgfold.verdict")).await?;
            rows
        }
        Action::Advance { lock, sql } => {
            session.script("keeping inserts off", lock).await?;
            session.maybe::<i64>(&step.intent, sql, &[]).await?;
            0
        }
        Action::Analyze { tables } => {
            for table in tables {
                session.script(&step.intent, &Sql::fill("analyze ${t}", &[("t", table)])).await?;
            }
            0
        }
        Action::Decide { map, decisions } => super::map::decide(session, job, step, map, decisions).await?,
        Action::Move(_) | Action::Map(_) | Action::Settle(_) => {
            return Err(Error::bug("a step of batches is not one transaction"));
        }
    };
    ledger::step_state(session, job.run, step.number, "done", Some(rows), None).await?;
    session.commit().await?;
    Ok(rows)
}

/// Locks this worker's line and sees that nobody took over.
pub async fn fence(job: &Job, session: &mut Session, worker: usize) -> Result<()> {
    let args = [Arg::Int(job.run), Arg::Int(worker as i64), Arg::Int(job.epoch)];
    let mine: Option<i64> = session.maybe("passing the fence", &ledger::ledger_sql!("fence"), &args).await?;
    mine.map(|_| ()).ok_or_else(|| job.stopped("somebody took the run over"))
}

/// Rows that cannot even be evaluated are set aside before anything else is asked of them.
async fn note_raising(job: &Job, session: &mut Session, trusting: bool) -> Result<()> {
    let run = Arg::Int(job.run);
    session.execute("beginning afresh", &ledger::ledger_sql!("forget_contest"), std::slice::from_ref(&run)).await?;
    if trusting {
        return Ok(());
    }
    for step in &job.plan.steps {
        let Action::Move(moving) = &step.action else { continue };
        let raised = look::raising(session, &moving.look, &job.settings.in_zone(moving.timezone.as_deref())).await?;
        if raised.is_empty() {
            continue;
        }
        let json = serde_json::to_string(&raised).map_err(|e| Error::bug(e.to_string()))?;
        let args = [run.clone(), moving.source.as_str().into(), Arg::Text(json)];
        session.execute("setting rows aside", &ledger::ledger_sql!("raises"), &args).await?;
        if moving.left_out {
            continue;
        }
        session.execute("noting rejects", &ledger::ledger_sql!("raised_rejects"), &args).await?;
    }
    Ok(())
}

async fn enhance(session: &mut Session, job: &Job, step: &Step) -> Result<()> {
    let Action::Enhance { file, script, appears, replaces, legacy, schema, holds, quiet, .. } = &step.action else {
        return Ok(());
    };
    let before = introspect::objects(session, schema).await?;
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), schema.raw().into(), Arg::Texts(replaces.clone())];
    let view = Sql::constant(include_str!("../../sql/undo/view.sql"));
    let image = Sql::fill(include_str!("../../sql/run/object_image.sql"), &[("view", &view)]);
    session.execute("keeping what is replaced", &image, &args).await?;
    session.script("silencing triggers", &quiet.sql(false)).await?;
    session.script(&format!("applying {file}"), script).await?;
    session.script("waking triggers", &quiet.sql(true)).await?;
    let after = introspect::objects(session, schema).await?;
    let mut findings = verify(file, appears, replaces, &before, &after);
    findings.extend(touched(session, file, legacy).await?);
    if findings.iter().any(Finding::refuses) {
        return Err(Error::Contract { findings });
    }
    for held in holds {
        let args = [Arg::Int(job.run), Arg::Int(step.number.into())];
        session.execute("noting what was put into new columns", &held.note(), &args).await?;
    }
    Ok(())
}

/// A legacy table that is locked for writing was altered, truncated or written to.
async fn touched(session: &mut Session, file: &str, legacy: &[Name]) -> Result<Vec<Finding>> {
    let names: Vec<String> = legacy.iter().map(Name::to_string).collect();
    let sql = Sql::constant(include_str!("../../sql/run/touched.sql"));
    let touched: Vec<String> = session.rows("looking for touched legacy tables", &sql, &[Arg::Texts(names)]).await?;
    let say = |table: String| {
        Finding::new(
            "legacy-touched",
            Severity::Refusal,
            format!("{file}: {table}"),
            "the file alters, truncates or writes to a legacy table",
            "legacy tables are never touched; take the statement out",
        )
    };
    Ok(touched.into_iter().map(say).collect())
}

struct Outside<'a> {
    script: &'a Sql,
    file: &'a str,
    appears: &'a [String],
    replaces: &'a [String],
    schema: &'a Ident,
}

/// One statement outside a transaction: an index built concurrently.
async fn outside(job: &Job, session: &mut Session, step: &Step, what: Outside<'_>) -> Result<u64> {
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, "running", None, None).await?;
    ledger::mark_changed(session, job.run).await?;
    for index in what.appears.iter().filter_map(|a| a.strip_prefix("index ")) {
        // a build that failed leaves an invalid index, which `if not exists` would take for the real one
        let name = Name { schema: what.schema.clone(), name: Ident::of_the_server(index) };
        let drop = Sql::fill("drop index if exists ${n}", &[("n", &name)]);
        session.script("clearing an index left invalid", &drop).await?;
    }
    session.commit().await?;
    let before = introspect::objects(session, what.schema).await?;
    if session.is_rehearsing() {
        session.begin(Isolation::ReadCommitted, &job.settings).await?;
        session.script(&format!("applying {}", what.file), &super::rehearse::plainly(what.script)).await?;
        session.commit().await?;
        return built(session, job, step, what, before).await;
    }
    if job.server.is_pooled() {
        alone(job, session, &what).await?;
        return built(session, job, step, what, before).await;
    }
    let path = Sql::fill(
        "set search_path = ${p}, public, pg_temp; set lock_timeout = '5s'; set client_min_messages = warning",
        &[("p", &Sql::join(", ", job.plan.search_path.iter().cloned()))],
    );
    session.script("preparing", &path).await?;
    session.script(&format!("applying {}", what.file), what.script).await?;
    session
        .script("tidying up", &Sql::constant("reset search_path; reset lock_timeout; reset client_min_messages"))
        .await?;
    built(session, job, step, what, before).await
}

async fn built(session: &mut Session, job: &Job, step: &Step, what: Outside<'_>, before: Objects) -> Result<u64> {
    let after = introspect::objects(session, what.schema).await?;
    let findings = verify(what.file, what.appears, what.replaces, &before, &after);
    if findings.iter().any(Finding::refuses) {
        return Err(Error::Contract { findings });
    }
    ledger::step_state(session, job.run, step.number, "done", Some(0), None).await?;
    Ok(0)
}

/// By itself: a setting would stay behind in the pooler's connection, so the names must be found without one.
async fn alone(job: &Job, session: &mut Session, what: &Outside<'_>) -> Result<()> {
    let sql = Sql::constant(
        "select current_schema() is not distinct from $1 and current_schemas(false) @> array[$1]::name[]",
    );
    if session.one::<bool>("asking where names are looked for", &sql, &[what.schema.raw().into()]).await? {
        return session.script(&format!("applying {}", what.file), what.script).await;
    }
    let hint = match introspect::endpoint(session).await? {
        Some(endpoint) => format!("connect to the server itself ({endpoint}) and `pgfold resume`"),
        None => "connect to the server itself, past the pooler, and `pgfold resume`".to_owned(),
    };
    Err(Error::Gate {
        what: format!(
            "run {} stopped: {} runs outside a transaction and needs the schema {} first in the search path, which cannot be set through a pooler in transaction mode",
            job.run, what.file, what.schema
        ),
        findings: Vec::new(),
        hint,
    })
}
