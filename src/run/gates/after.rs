//! After the steps: MIG-5 with each dependent tested again, MIG-6, and the way back where somebody chose it.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Gates, newest, seal, write};
use crate::catalog::Dependent;
use crate::cli::Which;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, open, record};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::gate::{self, Answer, Document, Tested};
use crate::ledger::Upgrading;
use crate::ledger::{self, Hashed, Ready, audit};
use crate::pg::{Isolation, Session};
use crate::plan::{Level, Picked};
use crate::rollback::{self, LaterChanges, Renamed, Wanted};
use crate::run::{checks, completion};
use crate::sql::{Name, Sql};
use crate::validate::Check;
use crate::{introspect, text};

/// MIG-5 and MIG-6 into the folder of the newest run, where it is on this machine and no gate asks: what depends on the
/// legacy tables and does not work any more. `accepted`: that is told and is no failure.
pub async fn unasked(
    desk: &Desk,
    which: &Which,
    all: &[Check],
    accepted: bool,
    ready: Option<&[Ready]>,
) -> Vec<Finding> {
    let written = async {
        let Some((doc, folder, tested)) = proof(desk, which, all, accepted).await? else { return Ok(Vec::new()) };
        anew(desk, &folder, doc)?;
        last(desk, which, ready).await?;
        Ok::<_, Error>(tested)
    };
    match written.await {
        Ok(tested) => tested.iter().filter(|t| !t.works).map(|t| broken(t, accepted)).collect(),
        Err(error) => {
            // the verdict counts, whatever becomes of its page
            tracing::warn!("the artifacts were not written: {error}");
            Vec::new()
        }
    }
}

fn broken(t: &Tested, accepted: bool) -> Finding {
    let severity = if accepted { Severity::Note } else { Severity::Refusal };
    let todo = "bring it back or mend it, then `pgfold validate`; `--accept-dependents` if it was meant";
    Finding::new("dependent-broken", severity, format!("{} {} of {}", t.kind, t.name, t.table), t.found.clone(), todo)
}

/// Beside one that somebody answered, which stays as the version before.
fn anew(desk: &Desk, folder: &Path, mut doc: Document) -> Result<()> {
    let there = std::fs::read_to_string(folder.join(format!("{}.json", doc.id))).unwrap_or_default();
    if let Ok(there) = serde_json::from_str::<Document>(&there) {
        doc.version = there.version + u32::from(!there.decisions.is_empty());
    }
    write(desk, folder, &doc)
}

/// The document, its folder, and each dependent as it was found.
async fn proof(
    desk: &Desk,
    which: &Which,
    all: &[Check],
    accepted: bool,
) -> Result<Option<(Document, PathBuf, Vec<Tested>)>> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    let Some((run, folder)) = newest(&mut session, &consolidation.name).await? else { return Ok(None) };
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let tested = again(&mut session, &ground, &folder).await?;
    let told: Vec<(u8, String, bool, String)> = all.iter().map(told).collect();
    let facts = json!({ "run": run.run, "database": ground.catalog.server.database, "files": ground.consolidation.files,
        "checks": all, "finished_at": run.finished_at });
    let mut doc = gate::proof(&told, &tested, facts);
    head(&mut doc, &ground, &mut session, run.run).await?;
    doc.version = 1;
    if !accepted && tested.iter().any(|t| !t.works) && !ground.catalog.server.read_only {
        ledger::set_validated(&mut session, run.run, false).await?;
    }
    let plan = ledger::plan(&mut session, run.run).await?.map(|p| p.plan_digest).unwrap_or_default();
    let chain = audit::head(&mut session, &ground.consolidation.name).await?.map(|h| h.short());
    if let Some(head) = &chain {
        doc.summary.push(format!("the audit chain stood at {head}"));
    }
    seal::prepare(&mut doc, &plan, chain, desk.environment.get(seal::SECRET));
    session.close().await;
    Ok(Some((doc, folder, tested)))
}

fn told(c: &Check) -> (u8, String, bool, String) {
    let passed = !c.fails();
    let failures: Vec<String> = c.failures.iter().map(|f| format!("{}: {}", f.what, text::thousands(f.rows))).collect();
    let found = if failures.is_empty() { c.examined.clone() } else { failures.join("; ") };
    (c.number, c.title.to_owned(), passed, found)
}

/// Each dependent of MIG-1 compared and, where it can be read, read.
async fn again(session: &mut Session, ground: &Ground, folder: &Path) -> Result<Vec<Tested>> {
    let text = std::fs::read_to_string(folder.join("MIG-1.json")).unwrap_or_default();
    let before: Option<Vec<Dependent>> = (serde_json::from_str::<Document>(&text).ok())
        .and_then(|d| serde_json::from_value(d.facts["dependents"].clone()).ok());
    let legacy: Vec<Name> = (ground.consolidation.manifest.sources.iter())
        .filter_map(|s| ground.catalog.table(&s.table))
        .map(|t| t.name.clone())
        .collect();
    session.begin(Isolation::RepeatableReadOnly, &ground.settings()).await?;
    let looked = async {
        let now = introspect::dependents(session, &legacy).await?;
        let assessed = before.is_some();
        // without an assessment there is nothing to compare with, but what is there can be tried
        let before = before.unwrap_or_else(|| now.clone());
        let broken = introspect::broken(session, &before).await?;
        let tables: Vec<String> = legacy.iter().map(Name::to_string).collect();
        Ok(gate::tested(&before, &now, &broken, &tables, assessed))
    }
    .await;
    session.rollback().await?;
    looked
}

async fn head(doc: &mut Document, ground: &Ground, session: &mut Session, run: i64) -> Result<()> {
    let now = Sql::constant("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    doc.run = Some(run);
    doc.consolidation.clone_from(&ground.consolidation.name);
    doc.database.clone_from(&ground.catalog.server.database);
    doc.made_at = session.one("asking for the time", &now, &[]).await?;
    Ok(())
}

/// MIG-6 into the folder of the newest run, where it is on this machine. Who hashed the ledger a moment ago gives what
/// it found.
pub async fn last(desk: &Desk, which: &Which, ready: Option<&[Ready]>) -> Result<()> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    if let Some((run, folder)) = newest(&mut session, &consolidation.name).await? {
        let ground = Ground::survey(consolidation, server, &mut session).await?;
        let doc = closing(desk, &mut session, &ground, run.run, &folder, ready).await?;
        anew(desk, &folder, doc)?;
    }
    session.close().await;
    Ok(())
}

/// MIG-6 as it is now.
async fn closing(
    desk: &Desk,
    session: &mut Session,
    ground: &Ground,
    run: i64,
    folder: &Path,
    ready: Option<&[Ready]>,
) -> Result<Document> {
    let ready = match ready {
        Some(known) => known.to_vec(),
        None => ledger::ready(session, &ground.consolidation.name, desk.window()?, Hashed::Again).await?,
    };
    let takes = |r: &Ready| text::duration(std::time::Duration::from_secs_f64(r.takes.ms / 1000.0));
    let lines: Vec<_> = ready.iter().map(|r| (r.run, r.until.clone(), takes(r), r.impossible())).collect();
    let tested = again(session, ground, folder).await?;
    let legacy = ground.consolidation.manifest.sources.iter().filter_map(|s| ground.catalog.table(&s.table));
    let legacy: Vec<String> = legacy.map(|t| t.name.plain()).collect();
    let backup = desk.newest_backup(&ground.catalog.server).map(|(folder, _)| folder);
    let mut doc = gate::cleanup(&lines, &legacy, &tested, backup.as_deref());
    head(&mut doc, ground, session, run).await?;
    doc.version = 1;
    Ok(doc)
}

/// The gates MIG-5 and MIG-6 of a run that came to its end; the checks as they stand at the end.
pub async fn closed(
    desk: &mut Desk,
    gates: &mut Option<Gates>,
    which: &Which,
    accept_edits: bool,
    first: Vec<Check>,
) -> Result<Vec<Check>> {
    let Some(gates) = gates.as_mut() else {
        desk.out.findings_aside(&unasked(desk, which, &first, true, None).await);
        return Ok(first);
    };
    let mut all = first;
    loop {
        let Some((mut doc, ..)) = proof(desk, which, &all, false).await? else { break };
        let answer = gates.pass(desk, &mut doc)?;
        let (server, mut session) = open(desk, Upgrading::Allowed).await?;
        gates.keep(&mut session).await?;
        match answer {
            Answer::Approve => {
                let ground =
                    Ground::survey(Consolidation::load(which.consolidation.as_deref())?, server, &mut session).await?;
                ready(desk, gates, &ground, &mut session).await?;
                session.close().await;
                break;
            }
            Answer::Revise => {
                session.close().await;
                desk.out.wait("mend what is listed; Enter runs the checks anew")?;
                all = checks(desk, which, accept_edits).await?.0;
            }
            Answer::Stop => return Err(gates.refused(&doc)),
            Answer::Rollback => {
                return Err(taken_back(desk, gates.run.unwrap_or_default(), &mut session, gates.refused(&doc)).await);
            }
        }
    }
    Ok(all)
}

async fn ready(desk: &Desk, gates: &mut Gates, ground: &Ground, session: &mut Session) -> Result<()> {
    let Some(run) = gates.run else { return Ok(()) };
    loop {
        let mut doc = closing(desk, session, ground, run, &gates.folder.clone(), None).await?;
        let answer = gates.pass(desk, &mut doc)?;
        gates.keep(session).await?;
        match answer {
            Answer::Approve => return Ok(()),
            Answer::Revise => desk.out.wait("Enter looks anew")?,
            Answer::Stop => return Err(gates.refused(&doc)),
            Answer::Rollback => return Err(taken_back(desk, run, session, gates.refused(&doc)).await),
        }
    }
}

/// Takes the run back where somebody chose so at a gate; the error that is left.
pub async fn back(desk: &Desk, gates: Option<&Gates>, session: &mut Session, error: Error) -> Error {
    let Some((true, Some(run))) = gates.map(|g| (g.rollback, g.run)) else { return error };
    taken_back(desk, run, session, error).await
}

/// The run is taken back as any other is; the error that is left.
async fn taken_back(desk: &Desk, run: i64, session: &mut Session, error: Error) -> Error {
    let wanted = Wanted {
        level: Level::Schema,
        discard_edits: false,
        drop_references: false,
        later_changes: LaterChanges::Refuse,
        with_later_runs: false,
        renamed: Renamed::default(),
        picked: Picked::default(),
    };
    if let Err(error) = rollback::execute::take_back(desk, session, run, &wanted).await {
        return error;
    }
    handed_over(desk, session, run).await;
    desk.out.say(&format!("run {run} is rolled back, level schema"));
    Error::Gate {
        what: format!("{error}; run {run} is rolled back, level schema"),
        findings: Vec::new(),
        hint: "`pgfold status`; mend what the gate showed, then begin again".to_owned(),
    }
}

/// The audit chain's head and the page for whoever is on call, after a rollback; neither may hide how it ended.
async fn handed_over(desk: &Desk, session: &mut Session, run: i64) {
    let done = async {
        let runs = ledger::runs(session, None).await?;
        let Some(row) = runs.into_iter().find(|r| r.run == run) else { return Ok(()) };
        record::refresh(session, &desk.common.runs, &row).await?;
        let name = row.consolidation.clone();
        completion::hand_over_after(desk, session, &name, &[row]).await;
        Ok::<_, Error>(())
    };
    if let Err(error) = done.await {
        tracing::warn!("the run's folder was not brought up to date: {error}");
    }
}
