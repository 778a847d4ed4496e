//! Executes rollbacks as runs are executed: after a lost answer the ledger is read, never guessed.

use std::time::{Duration, Instant};

use super::rollback::refused;
use super::{Desk, Wanted, again, half_way};
use crate::error::{Error, Result};
use crate::introspect;
use crate::ledger::{Beat, Lease, RunRow, ledger_sql};
use crate::pg::{Answer, Arg, Backoff, Server, Session, answer};
use crate::plan::Level;
use crate::sql::Sql;
use crate::text;

/// Tries for what may pass by itself, and their time together.
const ATTEMPTS: u32 = 4;
const DEADLINE: Duration = Duration::from_secs(3600);
/// The server process of an operator that ended one session of ours may have meant it; of two it did.
const TERMINATED: &str = "57P01";

/// How far the ledger says that a run is taken back.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
struct Undone {
    level: Option<String>,
    effect: Option<String>,
}

impl Undone {
    /// Whether this is what a rollback to `level`, or of a part, leaves where `before` was what it found.
    fn is_done(&self, before: &Undone, level: Level, part: bool) -> bool {
        let rank = |u: &Undone| ["rows", "purge", "schema"].iter().position(|l| u.level.as_deref() == Some(l));
        let wanted = [Level::Rows, Level::Purge, Level::Schema].iter().position(|l| *l == level);
        if part { self.effect != before.effect } else { rank(self) >= wanted }
    }
}

/// One message to the server and one transaction: a pooler hands it on whole, and that is said.
pub async fn through(desk: &Desk, server: &Server, session: &mut Session) -> Result<()> {
    if !server.is_pooled() && introspect::pooler(server, session).await?.is_some() {
        server.goes_through_a_pooler();
        desk.out.say("a pooler in transaction mode is in between: each rollback goes through it as one transaction");
    }
    Ok(())
}

/// The lease, so that nobody begins a run meanwhile; over a living operator only with `take_over`. One of these runs
/// that is under way keeps its lease until its rollback moves the fences, and so hears why it must stop.
pub async fn hold(
    session: &mut Session,
    server: &Server,
    name: &str,
    runs: &[RunRow],
    take_over: bool,
) -> Result<Option<(Lease, Beat)>> {
    let owner = half_way::at_work(session, name).await?;
    if take_over && owner.and_then(|o| o.run).is_some_and(|run| runs.iter().any(|r| r.run == run)) {
        return Ok(None);
    }
    let lease = Lease::take(session, name, take_over).await?;
    let beat = lease.beat(server);
    Ok(Some((lease, beat)))
}

/// One run after the other.
pub async fn all(desk: &Desk, session: &mut Session, scripts: &[(i64, Sql)], wanted: &Wanted) -> Result<()> {
    for (run, script) in scripts {
        undo(desk, session, *run, script, wanted).await?;
        let effect = again(session, async |s| effect(s, *run).await).await?;
        desk.out.rolled_back(*run, wanted.level, wanted.picked.all(), &effect)?;
    }
    Ok(())
}

async fn effect(session: &mut Session, run: i64) -> Result<serde_json::Value> {
    session.one("reading the effect", &ledger_sql!("undone_effect"), &[Arg::Int(run)]).await
}

/// Runs the script until the ledger says that it is done, by this attempt or by one whose answer was lost.
async fn undo(desk: &Desk, session: &mut Session, run: i64, script: &Sql, wanted: &Wanted) -> Result<()> {
    let doing = format!("the rollback of run {run}");
    let before = again(session, async |session| undone(session, run).await).await?;
    let mut backoff = Backoff::new(run.unsigned_abs() + 7);
    let began = Instant::now();
    let (mut attempt, mut terminated) = (0, 0);
    loop {
        attempt += 1;
        let Err(error) = session.script(&doing, script).await else { return Ok(()) };
        terminated += u32::from(matches!(&error, Error::ConnectionLost { code, .. } if code == TERMINATED));
        let over = attempt >= ATTEMPTS || terminated > 1 || began.elapsed() > DEADLINE;
        let what = answer(&error, false);
        if what != Answer::Reconnect {
            session.rollback().await.ok();
        }
        match what {
            Answer::Retry if !over => {}
            Answer::Reconnect if terminated > 1 => {
                return Err(half_way(run, "somebody ended our sessions on the server, twice"));
            }
            Answer::Reconnect => {
                let former = i64::from(session.backend);
                session.renew().await.map_err(|e| half_way(run, &e.to_string()))?;
                // what it was sent it may not have begun yet, and then holds no lock that could be waited for
                end(session, former).await.map_err(|e| half_way(run, &format!("{error}; then {e}")))?;
                let now = again(session, async |session| undone(session, run).await);
                let now = now.await.map_err(|e| half_way(run, &format!("{error}; then {e}")))?;
                if now.is_done(&before, wanted.level, !wanted.picked.all()) {
                    desk.out.say(&format!("{error}; the ledger says that the rollback was committed"));
                    return Ok(());
                }
                if over {
                    return Err(half_way(run, &error.to_string()));
                }
            }
            Answer::Cancelled => {
                return Err(half_way(run, "it was cancelled on the server, or a statement of it took too long"));
            }
            _ => return Err(refused(run, error)),
        }
        let wait = backoff.wait();
        desk.out.say(&format!("{error}; nothing of it was done, again in {}", text::duration(wait)));
        tokio::time::sleep(wait).await;
    }
}

/// A server process of ours that nobody listens to any more; behind a pooler it may be another's by now.
async fn end(session: &mut Session, former: i64) -> Result<()> {
    if session.is_pooled() {
        return Ok(());
    }
    let sql = Sql::constant(include_str!("../../sql/pg/end_former.sql"));
    for _ in 0..200 {
        let there: Vec<bool> =
            again(session, async |session| session.rows("ending the former session", &sql, &[Arg::Int(former)]).await)
                .await?;
        if there.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Ok(())
}

fn half_way(run: i64, why: &str) -> Error {
    Error::Stopped {
        run,
        why: format!("its rollback did not come to its end: {why}"),
        hint: format!(
            "a rollback is done whole or not at all: `pgfold status` tells which, and `pgfold rollback --run {run} --execute` may be said again in both cases"
        ),
    }
}

/// Waits for a server process that still works on a rollback whose operator is gone.
async fn undone(session: &mut Session, run: i64) -> Result<Undone> {
    session.begin_bare().await?;
    let told = async {
        session.script("reading the ledger", &Sql::constant("set local lock_timeout = 0")).await?;
        session.one("reading the ledger", &ledger_sql!("undone"), &[Arg::Int(run)]).await
    };
    let told = told.await;
    if !session.is_lost() {
        session.rollback().await?;
    }
    told
}
