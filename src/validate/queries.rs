//! Check 7: the application's own queries, against what they returned and took before the first write.

use std::time::{Duration, Instant};

use super::{Check, Draft, Failure, Subject, pace};
use crate::consolidation::{Consolidation, Query};
use crate::error::{Error, Result};
use crate::facts::CheckFailure;
use crate::ledger::{self, Baseline};
use crate::manifest::Slower;
use crate::pg::{Isolation, Session, Settings};
use crate::sql::{Ident, Sql};
use crate::text;

/// Runs for a median.
const TIMES: usize = 5;
/// A query is slower when it takes the manifest's times of its baseline and this many milliseconds more.
const MORE_MS: f64 = 5.0;
/// How often a query that seems slower is measured again.
const AGAIN: usize = 3;
/// What goes on for longer is no busy moment: after so long a query is not measured once more.
const PATIENCE: Duration = Duration::from_secs(15);
/// Runs of a query that take more than this together need not all be made.
const LONG_MS: f64 = 50.0;
/// So long a run is a mean of its own.
const LONG_RUN_MS: f64 = 1_000.0;
/// Runs that could all take so many times as long without being slower settle it.
const MARGIN: f64 = 1.2;
/// A long query whose fastest run is so many times above its limit is not measured again.
const DOUBT: f64 = 3.0;

/// Every reading query under our own role and the manifest's, before the first write. What a run measured that no check
/// has proved yet goes on: a query that it made slow does not become the usual one because another run begins.
pub async fn baseline(
    session: &mut Session,
    consolidation: &Consolidation,
    has_ledger: bool,
    settings: &Settings,
) -> Result<Vec<Baseline>> {
    let before = if has_ledger { unproved_baselines(session, &consolidation.name).await? } else { Vec::new() };
    let mut out = Vec::new();
    for query in consolidation.queries.iter().filter(|q| !q.writes) {
        for role in roles(consolidation) {
            let name = role.map_or("", |r| r.raw());
            if let Some(then) = before.iter().find(|b| b.query == query.name && b.role == name) {
                out.push(then.clone());
                continue;
            }
            let mut one = measure(session, query, role, settings, Times::All).await?.0;
            one.yardstick_ms = Some(pace::yardstick(session, settings).await?);
            out.push(one);
        }
    }
    Ok(out)
}

async fn unproved_baselines(session: &mut Session, name: &str) -> Result<Vec<Baseline>> {
    let runs = super::unproved(ledger::runs(session, Some(name)).await?);
    match runs.first().filter(|r| r.validated != Some(true)) {
        Some(run) => ledger::baselines(session, run.run).await,
        None => Ok(Vec::new()),
    }
}

fn roles(consolidation: &Consolidation) -> impl Iterator<Item = Option<&Ident>> {
    std::iter::once(None).chain(consolidation.manifest.query_roles.iter().map(Some))
}

/// One run of one query, for whoever wants to know only whether it works.
pub async fn probe(session: &mut Session, query: &Query, settings: &Settings) -> Result<Baseline> {
    Ok(measure(session, query, None, settings, Times::Once).await?.0)
}

async fn begin(session: &mut Session, isolation: Isolation, role: Option<&Ident>, settings: &Settings) -> Result<()> {
    session.begin(isolation, settings).await?;
    // the application's queries see what their role may see
    session.script("lifting a setting", &Sql::constant("set local row_security = on")).await?;
    if let Some(role) = role {
        session.script("taking a role", &Sql::fill("set local role ${r}", &[("r", role)])).await?;
    }
    Ok(())
}

/// How often a query is run.
#[derive(Clone, Copy)]
enum Times<'a> {
    Once,
    All,
    /// A long one only until further runs cannot change what is said of it.
    Against(Option<&'a Baseline>, Slower),
    /// The same beside other work, which can only make it look slower: a long one that does not come out well is left.
    Beside(Option<&'a Baseline>, Slower),
}

impl Times<'_> {
    fn enough(self, rows: u64, took: &[f64]) -> bool {
        let long = took.iter().sum::<f64>() > LONG_MS;
        match self {
            Times::Once => true,
            Times::All => took.len() >= TIMES,
            Times::Beside(..) => took.len() >= TIMES || long,
            Times::Against(then, limit) => {
                // more than half of all runs on one side of a limit: so is their median
                let decided = [Some(limit.fail), limit.warn].into_iter().flatten().all(|times| {
                    let slow = took.iter().filter(|ms| is_above(rows, **ms, then, times)).count();
                    slow > TIMES / 2 || took.len() - slow > TIMES / 2
                });
                let judged = then.is_some_and(|t| t.median_ms.is_some());
                took.len() >= TIMES || long && (decided || !judged || self.clear(rows, took))
            }
        }
    }

    /// Whether all runs were so fast that none of them can hide a slower query.
    fn clear(self, rows: u64, took: &[f64]) -> bool {
        match self {
            Times::Against(then, limit) | Times::Beside(then, limit) => {
                !took.iter().any(|ms| is_above(rows, *ms * MARGIN, then, strictest(limit)))
            }
            Times::Once | Times::All => false,
        }
    }
}

fn strictest(limit: Slower) -> f64 {
    limit.warn.map_or(limit.fail, |warn| warn.min(limit.fail))
}

/// Rows and milliseconds of one run, in a transaction that the caller ends.
pub(super) async fn once(
    session: &mut Session,
    query: &Query,
    role: Option<&Ident>,
    settings: &Settings,
) -> Result<(u64, f64)> {
    begin(session, Isolation::RepeatableReadOnly, role, settings).await?;
    pace::timed(session, &format!("query {}", query.name), &Sql::as_written(query.sql.as_str())).await
}

/// The baseline, the fastest run, and whether no run leaves a doubt.
async fn measure(
    session: &mut Session,
    query: &Query,
    role: Option<&Ident>,
    settings: &Settings,
    times: Times<'_>,
) -> Result<(Baseline, f64, bool)> {
    let mut out = Baseline {
        query: query.name.clone(),
        role: role.map_or(String::new(), |r| r.raw().to_owned()),
        rows: None,
        median_ms: None,
        yardstick_ms: None,
        error: None,
    };
    let mut took = Vec::new();
    loop {
        match once(session, query, role, settings).await {
            Ok((rows, ms)) => {
                session.rollback().await?;
                out.rows = Some(rows);
                took.push(ms);
                if times.enough(rows, &took) {
                    break;
                }
            }
            Err(Error::Refused { server, .. }) => {
                session.rollback().await?;
                out.error = Some(server.safe());
                return Ok((out, 0.0, false));
            }
            Err(other) => return Err(other),
        }
    }
    took.sort_by(f64::total_cmp);
    out.median_ms = took.get(took.len() / 2).copied();
    let clear = times.clear(out.rows.unwrap_or(0), &took);
    Ok((out, took.first().copied().unwrap_or(0.0), clear))
}

/// A reading query as one role, with what it took before the first write.
pub struct Asked<'a> {
    /// Its place among all that are asked.
    place: usize,
    query: &'a Query,
    role: Option<&'a Ident>,
    then: Option<Baseline>,
}

impl Asked<'_> {
    /// What it may take, milliseconds; without end where nobody knows.
    pub fn long(&self) -> f64 {
        self.then.as_ref().and_then(|t| t.median_ms).unwrap_or(f64::INFINITY)
    }
}

/// What a query took beside other work, where that leaves no doubt.
pub struct Measured {
    place: usize,
    now: Baseline,
}

/// All reading queries in the order of the consolidation; none where no run measured them before.
pub async fn asked<'a>(session: &mut Session, subject: &Subject<'a>) -> Result<Vec<Asked<'a>>> {
    let Some(first) = subject.runs.first() else { return Ok(Vec::new()) };
    let before = ledger::baselines(session, first.run).await?;
    let consolidation = subject.consolidation;
    let reading = consolidation.queries.iter().filter(|q| !q.writes);
    let each = reading.flat_map(|query| roles(consolidation).map(move |role| (query, role)));
    let all = each.enumerate().map(|(place, (query, role))| {
        let name = role.map_or("", |r| r.raw());
        let then = before.iter().find(|b| b.query == query.name && b.role == name).cloned();
        Asked { place, query, role, then }
    });
    Ok(all.collect())
}

/// A first look at a query while another session is at work; nothing where it has to be measured alone.
pub async fn beside(
    session: &mut Session,
    asked: &Asked<'_>,
    subject: &Subject<'_>,
    settings: &Settings,
) -> Result<Option<Measured>> {
    let limit = subject.consolidation.manifest.checks.slower;
    let times = Times::Beside(asked.then.as_ref(), limit);
    let (now, _, clear) = measure(session, asked.query, asked.role, settings, times).await?;
    Ok(clear.then_some(Measured { place: asked.place, now }))
}

/// A query measured while nothing else is done; a busy moment is no regression: what is slower must stay slower.
async fn alone(session: &mut Session, asked: &Asked<'_>, limit: Slower, settings: &Settings) -> Result<Baseline> {
    let Asked { query, role, .. } = *asked;
    let then = asked.then.as_ref();
    let began = Instant::now();
    let (mut now, mut fastest, _) = measure(session, query, role, settings, Times::Against(then, limit)).await?;
    for _ in 0..AGAIN {
        let beyond_doubt = fastest > LONG_RUN_MS && is_above(now.rows.unwrap_or(0), fastest / DOUBT, then, limit.fail);
        if beyond_doubt || began.elapsed() > PATIENCE || !is_slower(&now, then, strictest(limit)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        (now, fastest, _) = measure(session, query, role, settings, Times::Against(then, limit)).await?;
    }
    if is_slower(&now, then, strictest(limit)) {
        let fair = pace::fair(session, query, role, settings, then.and_then(|t| t.yardstick_ms)).await?;
        now.median_ms = now.median_ms.map(|ms| ms.min(fair));
    }
    Ok(now)
}

/// Check 7: what was measured beside other work counts where it leaves no doubt, all else is measured alone.
pub async fn application_queries(
    session: &mut Session,
    subject: &Subject<'_>,
    settings: &Settings,
    mut measured: Vec<Measured>,
) -> Result<Check> {
    let mut draft = Draft::new(7, "application queries");
    let consolidation = subject.consolidation;
    if consolidation.queries.is_empty() {
        return Ok(draft.not_applicable("the consolidation has no queries"));
    }
    if subject.runs.is_empty() {
        return Ok(draft.not_evaluated("no run measured the queries before", "`pgfold apply`"));
    }
    let limit = consolidation.manifest.checks.slower;
    let mut examined = 0;
    for asked in asked(session, subject).await? {
        let now = match measured.iter().position(|m| m.place == asked.place) {
            Some(there) => measured.swap_remove(there).now,
            None => alone(session, &asked, limit, settings).await?,
        };
        judge(&now, asked.then.as_ref(), limit, &mut draft);
        draft.check.measured.push(now);
        examined += 1;
    }
    for query in consolidation.queries.iter().filter(|q| q.writes) {
        write_and_roll_back(session, query, settings, &mut draft).await?;
        examined += 1;
    }
    draft.hint("run the query by hand; `pgfold rollback --execute` brings back what it ran on");
    Ok(draft.examined(examined, text::count(examined, "query")))
}

fn judge(now: &Baseline, then: Option<&Baseline>, limit: Slower, draft: &mut Draft) {
    let name = name(now);
    let mut fail = |code, what: String| draft.fail(Failure::single(code, &name, what));
    if let Some(error) = &now.error {
        return fail(CheckFailure::QueryFails, format!("{name} does not run: {error}"));
    }
    let rows = now.rows.unwrap_or(0);
    match then.and_then(|t| t.rows) {
        None if rows == 0 => {
            fail(CheckFailure::QueryEmpty, format!("{name} could not run before, runs now, and returns nothing"));
        }
        Some(before) if rows < before => {
            fail(CheckFailure::QueryFewerRows, format!("{name} returned {before} rows before, now {rows}"));
        }
        _ => {}
    }
    let (Some(now_ms), Some(then_ms)) = (now.median_ms, then.and_then(|t| t.median_ms)) else { return };
    let what = format!("{name} took {then_ms:.1} ms before, now {now_ms:.1} ms (medians of {TIMES})");
    if is_slower(now, then, limit.fail) {
        fail(CheckFailure::QuerySlower, what);
    } else if limit.warn.is_some_and(|times| is_slower(now, then, times)) {
        draft.warn(Failure::single(CheckFailure::QuerySlower, &name, what));
    }
}

/// The query, and the role that it ran as.
fn name(query: &Baseline) -> String {
    if query.role.is_empty() { query.query.clone() } else { format!("{} as {}", query.query, query.role) }
}

/// A query that returns more rows than before may take longer in proportion.
fn is_slower(now: &Baseline, then: Option<&Baseline>, times: f64) -> bool {
    now.median_ms.is_some_and(|ms| is_above(now.rows.unwrap_or(0), ms, then, times))
}

fn is_above(rows: u64, now: f64, then: Option<&Baseline>, times: f64) -> bool {
    let grown = then.and_then(|t| t.rows).map_or(1.0, |before| (rows as f64 / before.max(1) as f64).max(1.0));
    let then = then.and_then(|t| t.median_ms).map(|ms| ms * grown);
    then.is_some_and(|then| now > then * times && now > then + MORE_MS)
}

/// Queries that are slower now than when the run was proved; said as check 7 says it.
pub fn slower(now: &[Baseline], proved: &[Baseline]) -> Vec<Failure> {
    let mut draft = Draft::new(7, "application queries");
    for n in now.iter().filter(|n| n.error.is_none()) {
        let then = proved.iter().find(|p| p.query == n.query && p.role == n.role);
        judge(n, then.filter(|t| t.rows.is_some()), Slower::default(), &mut draft);
    }
    draft.check.failures.retain(|f| f.code == CheckFailure::QuerySlower);
    draft.check.failures
}

async fn write_and_roll_back(
    session: &mut Session,
    query: &Query,
    settings: &Settings,
    draft: &mut Draft,
) -> Result<()> {
    begin(session, Isolation::ReadCommitted, None, settings).await?;
    let mut ran = Ok(0);
    for statement in query.statements() {
        ran = session.drain(&format!("query {}", query.name), &Sql::as_written(statement)).await;
        if ran.is_err() {
            break;
        }
    }
    session.rollback().await?;
    match ran {
        Ok(_) => Ok(()),
        Err(Error::Refused { server, .. }) => {
            let what = format!("{} does not run: {}", query.name, server.safe());
            draft.fail(Failure::single(CheckFailure::QueryFails, &query.name, what));
            Ok(())
        }
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn then(ms: f64) -> Baseline {
        let (query, role) = ("q".to_owned(), String::new());
        Baseline { query, role, rows: Some(10), median_ms: Some(ms), yardstick_ms: None, error: None }
    }

    #[test]
    fn a_long_run_settles_a_query_only_where_it_leaves_no_doubt() {
        let limit = Slower { warn: None, fail: 1.5 };
        let before = then(100.0);
        let alone = Times::Against(Some(&before), limit);
        let beside = Times::Beside(Some(&before), limit);
        assert!(alone.enough(10, &[110.0]) && beside.clear(10, &[110.0]));
        // under its limit, but a little noise could hide one that is above
        assert!(!alone.enough(10, &[145.0]) && !beside.clear(10, &[145.0]));
        // slower: alone it takes more than half of all runs to say so, beside other work nothing is said of it
        assert!(!alone.enough(10, &[160.0, 160.0]) && alone.enough(10, &[160.0; 3]));
        assert!(beside.enough(10, &[160.0]) && !beside.clear(10, &[160.0]));
        // one slow run is a doubt, whatever the others took
        assert!(!beside.clear(10, &[110.0, 110.0, 160.0]));
        // short runs are all made
        let before = then(2.0);
        let times = Times::Against(Some(&before), limit);
        assert!(!times.enough(10, &[2.0; 4]) && times.enough(10, &[2.0; 5]));
    }
}
