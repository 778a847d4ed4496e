//! One mapping: rows in pages from the server, inference here, decisions back in one statement a page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::step::fence;
use super::{Event, Job};
use crate::error::{Error, Result};
use crate::ledger::{self, ledger_sql};
use crate::mapping::{FallbackBudget, Inference, Right, Subject, Taxonomy, Verdict};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{MapStep, Step};

/// Rows per page; memory stays constant whatever the table's size.
const PAGE: i64 = 5_000;

#[derive(Deserialize)]
struct Row {
    id: String,
    key: Option<String>,
    explicit: BTreeMap<String, Value>,
    rules: BTreeMap<String, Value>,
    text: BTreeMap<String, Option<String>>,
}

#[derive(Deserialize)]
struct RightRow {
    id: String,
    code: String,
    name: Option<String>,
}

/// Decides and writes one mapping; how many mappings are new.
pub async fn map(job: &Job, session: &mut Session, step: &Step, map: &MapStep) -> Result<u64> {
    let (file, text) = &map.taxonomy;
    let taxonomy = Taxonomy::parse(file, text).map_err(|findings| Error::Contract { findings })?;
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    let rights: Vec<RightRow> = session.rows("reading what may be mapped to", &map.rights, &[]).await?;
    let known: Vec<Right> =
        rights.iter().map(|r| Right { code: r.code.clone(), name: r.name.clone().unwrap_or_default() }).collect();
    for finding in taxonomy.against_rows(file, &known) {
        job.watcher.event(&Event::Notice { finding });
    }
    let ids: BTreeMap<&str, &str> = rights.iter().map(|r| (r.code.as_str(), r.id.as_str())).collect();
    let inference = Inference::new(&taxonomy, &known);
    let live: u64 = session.one("counting live rows", &map.live, &[]).await?;
    let taken: u64 = session.one("counting fallbacks", &map.fallbacks, &[]).await?;
    let mut budget = FallbackBudget::new(live, map.fallback_at_most.unwrap_or(1.0), taken);
    ledger::step_state(session, job.run, step.number, "running", None, None).await?;
    session.commit().await?;
    let (mut after, mut new, mut seen): (Option<String>, u64, u64) = (None, 0, 0);
    loop {
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        session.begin(Isolation::ReadCommitted, &job.settings).await?;
        fence(job, session, 1).await?;
        let args = [Arg::OptionalText(after.clone()), Arg::Int(PAGE)];
        let rows: Vec<Row> = session.rows("reading rows to be mapped", &map.subjects, &args).await?;
        let Some(last) = rows.last() else {
            ledger::step_state(session, job.run, step.number, "done", Some(new), None).await?;
            session.commit().await?;
            return Ok(new);
        };
        after = Some(last.id.clone());
        seen += rows.len() as u64;
        let decided: Vec<(Subject, Verdict)> = rows
            .into_iter()
            .map(|row| subject(row, map))
            .map(|subject| {
                let verdict = budget.admit(inference.infer(&subject));
                (subject, verdict)
            })
            .collect();
        let written = write(job, session, step, map, &decided, &ids).await?;
        if written > 0 {
            ledger::mark_changed(session, job.run).await?;
        }
        session.commit().await?;
        new += written;
        job.watcher.event(&Event::MappingPage { mapping: map.name.clone(), rows: seen, of: live });
    }
}

fn subject(row: Row, map: &MapStep) -> Subject {
    let weight = |label: &str| map.weights.iter().find(|(l, _)| l == label).map_or(1.0, |(_, w)| *w);
    let text = row.text.into_iter().filter_map(|(label, text)| {
        let w = weight(&label);
        text.map(|t| (label, w, t))
    });
    Subject {
        key: row.key.unwrap_or_else(|| row.id.clone()),
        id: row.id,
        source: String::new(),
        explicit: row.explicit.into_iter().collect(),
        rules: row.rules.into_iter().collect(),
        text: text.collect(),
    }
}

async fn write(
    job: &Job,
    session: &mut Session,
    step: &Step,
    map: &MapStep,
    decided: &[(Subject, Verdict)],
    ids: &BTreeMap<&str, &str>,
) -> Result<u64> {
    let mut decisions = Vec::new();
    let mut reviews = Vec::new();
    for (subject, verdict) in decided {
        for (place, chosen) in verdict.chosen.iter().enumerate() {
            let Some(right) = ids.get(chosen.code.as_str()) else { continue };
            decisions.push(json!({
                "left_id": subject.id, "right_id": right, "because": chosen.because.word(),
                "confidence": chosen.confidence, "evidence": chosen.evidence, "is_primary": place == 0,
            }));
        }
        if let Some(reason) = &verdict.review {
            let candidates: Vec<Value> = (verdict.candidates.iter())
                .map(|c| json!({ "code": c.code, "confidence": c.confidence, "because": c.because.word(), "evidence": c.evidence }))
                .collect();
            reviews
                .push(json!({ "left_id": subject.id, "key": subject.key, "reason": reason, "candidates": candidates }));
        }
    }
    let (run, number) = (Arg::Int(job.run), Arg::Int(step.number.into()));
    let args = [run.clone(), number, Arg::Text(Value::Array(decisions).to_string())];
    let written: Vec<u64> = session.returning("writing mappings", &map.write, &args).await?;
    if !reviews.is_empty() {
        let args = [run, map.name.as_str().into(), Arg::Text(Value::Array(reviews).to_string())];
        // an attempt that was cut off may have listed some of them
        session.execute("listing rows for review", &ledger_sql!("forget_review"), &args).await?;
        session.execute("listing rows for review", &ledger_sql!("review"), &args).await?;
    }
    Ok(written.first().copied().unwrap_or(0))
}
