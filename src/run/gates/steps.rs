//! The steps of a run one by one, each with its verification and its gate.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Gates;
use crate::context::Desk;
use crate::error::Result;
use crate::execute::{self, Job};
use crate::gate::{self, Answer, Criterion, Document};
use crate::ledger::{self, Lease};
use crate::pg::Session;
use crate::plan::{Action, Step};
use crate::sql::Sql;
use crate::{introspect, text};

/// Straight through, or gate by gate where the run has gates.
pub async fn carry_out(
    desk: &Desk,
    gates: Option<&mut Gates>,
    job: &Arc<Job>,
    session: &mut Session,
    lease: &Lease,
) -> Result<()> {
    let Some(gates) = gates else { return execute::carry_out(job.clone(), session, lease).await };
    let done = through(desk, gates, job, session, lease).await;
    let kept = gates.keep(session).await;
    done.and(kept)
}

async fn through(desk: &Desk, gates: &mut Gates, job: &Arc<Job>, session: &mut Session, lease: &Lease) -> Result<()> {
    for step in &job.plan.steps {
        job.upto.store(step.number, Ordering::Relaxed);
        let began = std::time::Instant::now();
        execute::carry_out(job.clone(), session, lease).await?;
        let took = began.elapsed();
        let id = format!("MIG-4.{}", step.number);
        if gates.is_approved(&id) {
            continue;
        }
        loop {
            let mut doc = evidence(job, session, step, took).await?;
            let answer = gates.pass(desk, &mut doc)?;
            gates.keep(session).await?;
            match answer {
                Answer::Approve => break,
                Answer::Revise => desk.out.wait("Enter looks at the step's result anew")?,
                Answer::Stop | Answer::Rollback => return Err(gates.refused(&doc)),
            }
        }
    }
    job.upto.store(i32::MAX, Ordering::Relaxed);
    execute::carry_out(job.clone(), session, lease).await
}

/// What the step did, and whether its verification holds now.
async fn evidence(job: &Job, session: &mut Session, step: &Step, took: std::time::Duration) -> Result<Document> {
    let steps = ledger::steps(session, job.run).await?;
    let row = steps.iter().find(|s| s.step == step.number);
    let done = row.is_some_and(|r| r.state.is_done());
    let mut criteria =
        vec![Criterion::new("the ledger calls the step done", done, row.map_or("unknown", |r| r.state.as_str()))];
    criteria.extend(verified(job, session, step).await?);
    let next =
        job.plan.steps.iter().find(|s| s.number > step.number).map(|s| format!("step {}, {}", s.number, s.intent));
    let now = Sql::constant("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    let mut doc = gate::executed(gate::Step {
        number: step.number,
        of: job.plan.steps.len(),
        intent: step.intent.clone(),
        rows: row.and_then(|r| r.rows).unwrap_or(0),
        took: row.and_then(|r| r.took_ms).map_or(took, |ms| std::time::Duration::from_secs_f64(ms.max(0.0) / 1000.0)),
        criteria,
        next,
    });
    doc.consolidation.clone_from(&job.plan.consolidation);
    doc.database.clone_from(&job.plan.undo.database);
    doc.made_at = session.one("asking for the time", &now, &[]).await?;
    Ok(doc)
}

async fn verified(job: &Job, session: &mut Session, step: &Step) -> Result<Vec<Criterion>> {
    let mut out = Vec::new();
    match &step.action {
        Action::Enhance { appears, replaces, schema, .. } => {
            let objects = introspect::objects(session, schema).await?;
            let gone: Vec<&String> = appears.iter().chain(replaces).filter(|o| !objects.has(o)).collect();
            let found = if gone.is_empty() {
                text::count((appears.len() + replaces.len()) as u64, "object")
            } else {
                format!("not there: {}", gone.iter().map(|g| g.as_str()).collect::<Vec<_>>().join(", "))
            };
            out.push(Criterion::new("each declared object is there", gone.is_empty(), found));
        }
        Action::Backfill { fill, .. } if !fill.is_empty() => {
            let sql = Sql::fill(
                "select count(*) from ${t} where ${k} is null",
                &[("t", &job.plan.target), ("k", &job.plan.key)],
            );
            let missing: u64 = session.one("looking for missing keys", &sql, &[]).await?;
            out.push(Criterion::new(
                "no row of the target is without key",
                missing == 0,
                format!("{} without", text::count(missing, "row")),
            ));
        }
        Action::Move(moving) => {
            let progress = ledger::progress(session, job.run, step.number).await?;
            out.push(Criterion::new(
                "each batch is committed",
                progress.done == progress.batches,
                format!("{} of {}", progress.done, text::count(progress.batches, "batch")),
            ));
            let sources = ledger::sources(session, job.run).await?;
            let there = introspect::count(session, &moving.table).await?;
            let mine = sources.iter().find(|s| s.source == moving.source).cloned().unwrap_or_default();
            let (read, sum) = (mine.counts.read, mine.counts.total());
            out.push(Criterion::new(
                "every legacy row has one outcome",
                read == sum && read == there,
                format!(
                    "{} in the table, {} read, {} accounted for",
                    text::thousands(there),
                    text::thousands(read),
                    text::thousands(sum)
                ),
            ));
            let rejected: u64 = sources.iter().map(|s| s.counts.rejected).sum();
            out.push(Criterion::new(
                "no more rejects than allowed",
                rejected <= job.plan.max_rejects,
                format!("{} of {}", text::thousands(rejected), text::thousands(job.plan.max_rejects)),
            ));
        }
        Action::Map(map) => {
            let found = introspect::count(session, &map.table).await?;
            out.push(Criterion::new("the mapping table holds rows", found > 0, text::count(found, "row")));
        }
        _ => {}
    }
    Ok(out)
}
