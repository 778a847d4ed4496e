//! The steps that are one transaction: enhance, backfill, remember, contest, analyze.

use super::fence::fence;
use super::job::Job;
use super::without_concurrently::without_concurrently;
use super::{catch_up, enhance, preview};
use crate::error::{Error, Result};
use crate::facts::StepState;
use crate::finding::Finding;
use crate::introspect;
use crate::ledger;
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Action, Declares, Observed, Step, verify};
use crate::sql::{Ident, Name, Sql};

/// Whether a contest that trusted the preview met a row that came since.
pub fn is_about_a_late_row(step: &Step, error: &Error) -> bool {
    matches!(step.action, Action::Contest { .. })
        && matches!(error, Error::Refused { server, .. } if server.is_about_a_row())
}

/// One attempt at a step that is one transaction; how many rows it touched. `trusting`: the preview found no row that
/// cannot be evaluated, and none is looked for.
pub async fn once(job: &Job, session: &mut Session, step: &Step, trusting: bool) -> Result<u64> {
    if let Action::Enhance { transaction: false, script, file, appears, replaces, schema, .. } = &step.action {
        let what = Outside { script, file, appears, replaces, schema };
        return outside(job, session, step, what).await;
    }
    if let Action::Settle(settle) = &step.action {
        return catch_up::settle(job, session, step, settle).await;
    }
    if let Action::Contest { .. } = &step.action {
        note_raising(job, session, trusting).await?;
    }
    let zone = match &step.action {
        Action::Contest { timezone, .. } => timezone.as_deref(),
        _ => None,
    };
    session.begin(Isolation::ReadCommitted, &job.settings.in_zone(zone)).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, StepState::Running, None, None).await?;
    let run = Arg::Int(job.run);
    let rows = match &step.action {
        Action::Enhance { .. } => {
            enhance::enhance(session, job, step).await?;
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
        Action::Contest { sql, .. } => {
            let rows = session.execute(&step.intent, sql, &[run]).await?;
            // each batch looks its rows up in them: without statistics one by one
            session.script("fresh statistics", &Sql::constant("analyze pgfold.verdict")).await?;
            rows
        }
        Action::Advance { lock, sql } => {
            session.script("keeping inserts off", lock).await?;
            session.maybe::<i64>(&step.intent, sql, &[run]).await?;
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
    ledger::step_state(session, job.run, step.number, StepState::Done, Some(rows), None).await?;
    session.commit().await?;
    Ok(rows)
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
        let raised = preview::raising(session, &moving.look, &job.settings.in_zone(moving.timezone.as_deref())).await?;
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
    ledger::step_state(session, job.run, step.number, StepState::Running, None, None).await?;
    ledger::mark_changed(session, job.run).await?;
    for index in what.appears.iter().filter_map(|a| a.strip_prefix("index ")) {
        // a build that failed leaves an invalid index, which `if not exists` would take for the real one
        let name = Name { schema: what.schema.clone(), name: Ident::of_the_server(index) };
        let drop = Sql::fill("drop index if exists ${n}", &[("n", &name)]);
        session.script("clearing an index left invalid", &drop).await?;
    }
    session.commit().await?;
    let before = enhance::observe(session, job, what.schema).await?;
    if session.is_rehearsing() {
        session.begin(Isolation::ReadCommitted, &job.settings).await?;
        session.script(&format!("applying {}", what.file), &without_concurrently(what.script)).await?;
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

async fn built(session: &mut Session, job: &Job, step: &Step, what: Outside<'_>, before: Observed) -> Result<u64> {
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    let after = enhance::observe(session, job, what.schema).await?;
    let declares =
        Declares { file: what.file, appears: what.appears, replaces: what.replaces, writes: &[], has_down: false };
    let findings = verify(&declares, &before, &after);
    if findings.iter().any(Finding::refuses) {
        return Err(Error::Contract { findings });
    }
    enhance::keep_left(session, job, step, &before, &after).await?;
    session.commit().await?;
    ledger::step_state(session, job.run, step.number, StepState::Done, Some(0), None).await?;
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
