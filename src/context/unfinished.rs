//! Runs that stand half-way and operators at work: what a command must know before it writes.

use serde::Deserialize;

use crate::catalog::ServerFacts;
use crate::error::{Error, Result};
use crate::ledger::{self, Lease, Owner, RunRow, ledger_sql};
use crate::pg::{Arg, Session};
use crate::sql::Sql;
use crate::{preflight, text};

/// The newest run that stands, did something and did not come to its end.
pub fn half_way(runs: &[RunRow]) -> Option<&RunRow> {
    runs.iter().find(|r| r.is_half_way())
}

/// The run that is to be resumed: one half-way, though another began beside it, else the newest that did not end.
pub fn to_resume(runs: &[RunRow]) -> Option<&RunRow> {
    // one that moved everything and was never proved stopped half-way, too
    let unproved = |r: &RunRow| r.verb == "apply" && (r.validated.is_none() || r.at_gate);
    let open = |r: &&RunRow| !r.state.is_complete() || unproved(r);
    half_way(runs).or_else(|| runs.iter().find(|r| r.stands()).filter(open))
}

/// Whether there is a ledger; refuses where there is one that we may not read.
pub fn has_ledger(server: &ServerFacts) -> Result<bool> {
    match preflight::ledger(server, false) {
        None => Ok(server.has_ledger),
        Some(finding) => Err(Error::Gate {
            what: "there is a ledger on this database that we may not read".to_owned(),
            findings: vec![finding],
            hint: "let its owner type the grants, or connect as its owner".to_owned(),
        }),
    }
}

/// Whoever operates the consolidation now.
pub async fn at_work(session: &mut Session, consolidation: &str) -> Result<Option<Owner>> {
    Ok(Lease::owner(session, consolidation).await?.filter(|o| o.alive))
}

/// Refuses to begin a run beside one that stands half-way. Before the lease is taken, a living operator is left to
/// the lease, which names it; one that would be taken over is not, as its run is to be resumed.
pub async fn refuse_beside(session: &mut Session, consolidation: &str, leased: bool, take_over: bool) -> Result<()> {
    let runs = ledger::runs(session, Some(consolidation)).await?;
    let Some(run) = half_way(&runs) else { return Ok(()) };
    let alive = !leased && at_work(session, consolidation).await?.is_some();
    if alive && !take_over {
        return Ok(());
    }
    let (number, over) = (run.run, if alive { " --take-over" } else { "" });
    let state = if alive { "is under way" } else { "stopped half-way" };
    let sql = Sql::constant(include_str!("../../sql/manual/is_by_hand.sql"));
    let by_hand: bool = session.one("asking how the run is done", &sql, &[Arg::Int(number)]).await?;
    let manual = if by_hand { " --manual" } else { "" };
    Err(Error::Gate {
        what: format!("run {number} ({}) {state}; no other is begun beside it", text::inert(&run.verb)),
        findings: Vec::new(),
        hint: format!(
            "`pgfold resume{manual}{over}` carries it on, `pgfold rollback --run {number} --execute{over}` takes it back"
        ),
    })
}

/// What comes before anything that a check found: the run that is under way or stopped.
pub async fn first_of_all(session: &mut Session, consolidation: &str, runs: &[RunRow]) -> Result<Option<String>> {
    let Some(run) = half_way(runs).map(|r| r.run) else { return Ok(None) };
    Ok(Some(match at_work(session, consolidation).await? {
        Some(owner) => format!("run {run} is under way {owner}: wait for its end, `pgfold status --watch` shows it"),
        None => format!("run {run} stopped half-way: `pgfold resume`"),
    }))
}

#[derive(Deserialize)]
struct TakenBack {
    level: String,
    at: String,
    who: Option<String>,
}

/// The error that ended a run, or that somebody took the run back or over meanwhile: what this command met then is
/// what they are doing.
pub async fn or_taken_away(session: &mut Session, run: i64, lease: &Lease, error: Error) -> Error {
    let found: Result<Option<TakenBack>> =
        session.maybe("reading the ledger", &ledger_sql!("taken_back"), &[Arg::Int(run)]).await;
    let Ok(Some(back)) = found else {
        return match lease.reclaim(session).await {
            Err(gone @ Error::Locked { .. }) if !matches!(error, Error::Stopped { .. }) => gone,
            _ => error,
        };
    };
    let who = back.who.map(|w| format!(" by `{}`", text::inert(&w))).unwrap_or_default();
    Error::Locked {
        what: format!(
            "run {run} was rolled back{who} at {}, level {}, while this command executed it; it stopped",
            back.at, back.level
        ),
        hint: "ask them why; `pgfold status` shows what stands, and `pgfold apply` begins anew".to_owned(),
    }
}

/// Nothing is left of any run, so that there is nothing to prove.
pub fn none_stands(name: &str, runs: &[RunRow]) -> Result<()> {
    if runs.is_empty() || runs.iter().any(RunRow::stands) {
        return Ok(());
    }
    Err(Error::Gate {
        what: format!("everything of `{name}` is rolled back, so there is nothing to prove"),
        findings: Vec::new(),
        hint: "`pgfold apply` begins anew; `pgfold status` lists the runs".to_owned(),
    })
}
