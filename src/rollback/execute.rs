//! Executes rollbacks as runs are executed: after a lost answer the ledger is read, never guessed.

use std::time::Duration;

use super::choose::{Wanted, refused, script};
use crate::context::{Desk, again, unfinished};
use crate::error::{Error, Result};
use crate::execute::retry::{self, Limits, Next, Tries, Why};
use crate::explain::class;
use crate::facts::FailureClass;
use crate::introspect;
use crate::ledger::{Beat, Lease, RunRow, ledger_sql};
use crate::pg::{Arg, Server, Session};
use crate::plan::Level;
use crate::sql::Sql;
use crate::text;

/// How often and how long one rollback is tried.
const LIMITS: Limits = Limits { attempts: 4, deadline: Duration::from_secs(3600) };

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
    let owner = unfinished::at_work(session, name).await?;
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

/// One run, wherever that was asked for.
pub async fn take_back(desk: &Desk, session: &mut Session, run: i64, wanted: &Wanted) -> Result<()> {
    let script = again(session, async |session| {
        let facts = introspect::server(session).await?;
        script(session, run, facts.version, wanted).await
    });
    let script = script.await?;
    undo(desk, session, run, &script, wanted).await
}

async fn effect(session: &mut Session, run: i64) -> Result<serde_json::Value> {
    session.one("reading the effect", &ledger_sql!("undone_effect"), &[Arg::Int(run)]).await
}

/// Runs the script until the ledger says that it is done, by this attempt or by one whose answer was lost.
async fn undo(desk: &Desk, session: &mut Session, run: i64, script: &Sql, wanted: &Wanted) -> Result<()> {
    let doing = format!("the rollback of run {run}");
    let before = again(session, async |session| undone(session, run).await).await?;
    let mut tries = Tries::new(LIMITS, run.unsigned_abs() + 7);
    loop {
        let Err(error) = session.script(&doing, script).await else { return Ok(()) };
        if !retry::is_lost(&error) {
            session.rollback().await.ok();
        }
        let wait = match tries.failed(&error, false) {
            Next::Again(wait) => wait,
            Next::Ask(wait) => {
                let now =
                    look_up(session, run).await.map_err(|e| half_way_by(run, &e, &format!("{error}; then {e}")))?;
                match tries.asked(now.is_done(&before, wanted.level, !wanted.picked.all())) {
                    Next::Done => {
                        desk.out.say(&format!("{error}; the ledger says that the rollback was committed"));
                        return Ok(());
                    }
                    Next::GiveUp(_) => return Err(half_way_by(run, &error, &error.to_string())),
                    _ => wait,
                }
            }
            Next::GiveUp(Why::Terminated) => {
                return Err(half_way(
                    run,
                    FailureClass::Connection,
                    "somebody ended our sessions on the server, twice",
                ));
            }
            Next::GiveUp(Why::Cancelled) => {
                return Err(half_way(
                    run,
                    FailureClass::Asked,
                    "it was cancelled on the server, or a statement of it took too long",
                ));
            }
            Next::GiveUp(Why::Itself | Why::Times(_)) | Next::Done => return Err(refused(run, error)),
        };
        desk.out.say(&format!("{error}; nothing of it was done, again in {}", text::duration(wait)));
        tokio::time::sleep(wait).await;
    }
}

/// On a new connection, when the former one is over: what it was sent it may not have begun yet, and then holds no lock
/// that could be waited for.
async fn look_up(session: &mut Session, run: i64) -> Result<Undone> {
    let former = i64::from(session.backend);
    session.renew().await?;
    end(session, former).await?;
    again(session, async |session| undone(session, run).await).await
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

fn half_way_by(run: i64, error: &Error, why: &str) -> Error {
    half_way(run, class(error).unwrap_or(FailureClass::Bug), why)
}

fn half_way(run: i64, class: FailureClass, why: &str) -> Error {
    Error::Stopped {
        run,
        class,
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
