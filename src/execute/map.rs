//! One mapping: rows in pages from the server, inference here, decisions back in one statement a page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::step::fence;
use super::{Event, Job};
use crate::error::{Error, Result};
use crate::ledger::{self, ledger_sql};
use crate::mapping::{FallbackBudget, Inference, Labelled, Learned, Right, Subject, Taxonomy, Verdict};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Decided, MapStep, Step};

/// Rows per page; memory stays constant whatever the table's size.
const PAGE: i64 = 5_000;
/// Rows that people mapped, of which inference learns; more teach little.
const TEACHERS: i64 = 20_000;

#[derive(Deserialize)]
struct Row {
    id: String,
    key: Option<String>,
    source: Option<String>,
    explicit: BTreeMap<String, Value>,
    rules: BTreeMap<String, Value>,
    text: BTreeMap<String, Option<String>>,
    /// What people mapped it to, the primary one first; only of rows that teach.
    #[serde(default)]
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct RightRow {
    id: String,
    code: String,
    name: Option<String>,
}

/// Inference made ready for one mapping, with what it may choose.
pub struct Prepared {
    pub inference: Inference,
    pub taxonomy: Taxonomy,
    pub rights: Vec<Right>,
    /// Code to id.
    pub ids: BTreeMap<String, String>,
    pub live: u64,
    budget: FallbackBudget,
    /// Words about the taxonomy that stop nothing.
    pub notices: Vec<crate::finding::Finding>,
}

impl Prepared {
    /// Reads what may be mapped to, and what people mapped before.
    pub async fn read(session: &mut Session, map: &MapStep, has_ledger: bool) -> Result<Prepared> {
        let (file, text) = &map.taxonomy;
        let taxonomy = Taxonomy::parse(file, text).map_err(|findings| Error::Contract { findings })?;
        let rows: Vec<RightRow> = session.rows("reading what may be mapped to", &map.rights, &[]).await?;
        let rights: Vec<Right> =
            rows.iter().map(|r| Right { code: r.code.clone(), name: r.name.clone().unwrap_or_default() }).collect();
        let mut notices = taxonomy.against_rows(file, &rights);
        notices.extend(taxonomy.near_duplicates(file));
        let live: u64 = session.one("counting live rows", &map.live, &[]).await?;
        let (taken, learned) = if has_ledger {
            let taken: u64 = session.one("counting fallbacks", &map.fallbacks, &[]).await?;
            (taken, learned(session, map, &taxonomy).await?)
        } else {
            (0, None)
        };
        Ok(Prepared {
            inference: Inference::learning(&taxonomy, &rights, learned),
            ids: rows.into_iter().map(|r| (r.code, r.id)).collect(),
            budget: FallbackBudget::new(live, map.fallback_at_most.unwrap_or(1.0), taken),
            taxonomy,
            rights,
            live,
            notices,
        })
    }

    /// The next page of live rows without a mapping, each with what is said of it; empty at the end.
    pub async fn page(
        &mut self,
        session: &mut Session,
        map: &MapStep,
        after: &mut Option<String>,
    ) -> Result<Vec<(Subject, Verdict)>> {
        let args = [Arg::OptionalText(after.clone()), Arg::Int(PAGE)];
        let rows: Vec<Row> = session.rows("reading rows to be mapped", &map.subjects, &args).await?;
        if let Some(last) = rows.last() {
            *after = Some(last.id.clone());
        }
        let decide = |row| {
            let subject = subject(row, map);
            let verdict = self.budget.admit(self.inference.infer(&subject));
            (subject, verdict)
        };
        Ok(rows.into_iter().map(decide).collect())
    }
}

/// What rows that people mapped teach; nothing where there are too few.
async fn learned(session: &mut Session, map: &MapStep, taxonomy: &Taxonomy) -> Result<Option<Learned>> {
    let rows: Vec<Row> = session.rows("reading what people mapped", &map.teachers, &[Arg::Int(TEACHERS)]).await?;
    let labelled: Vec<Labelled> = rows
        .into_iter()
        .map(|mut row| {
            let codes = std::mem::take(&mut row.codes);
            Labelled { subject: subject(row, map), codes }
        })
        .collect();
    Ok(Learned::train(taxonomy, &labelled))
}

/// Decides and writes one mapping; how many mappings are new.
pub async fn map(job: &Job, session: &mut Session, step: &Step, map: &MapStep) -> Result<u64> {
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    let mut prepared = Prepared::read(session, map, true).await?;
    for finding in std::mem::take(&mut prepared.notices) {
        job.watcher.event(&Event::Notice { finding });
    }
    ledger::step_state(session, job.run, step.number, "running", None, None).await?;
    session.commit().await?;
    let (mut after, mut new, mut seen): (Option<String>, u64, u64) = (None, 0, 0);
    loop {
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        session.begin(Isolation::ReadCommitted, &job.settings).await?;
        fence(job, session, 1).await?;
        let decided = prepared.page(session, map, &mut after).await?;
        if decided.is_empty() {
            ledger::step_state(session, job.run, step.number, "done", Some(new), None).await?;
            session.commit().await?;
            return Ok(new);
        }
        seen += decided.len() as u64;
        let written = write(job, session, step, map, &decided, &prepared.ids).await?;
        if written > 0 {
            ledger::mark_changed(session, job.run).await?;
        }
        session.commit().await?;
        new += written;
        job.watcher.event(&Event::MappingPage { mapping: map.name.clone(), rows: seen, of: prepared.live });
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
        source: row.source.unwrap_or_default(),
        explicit: row.explicit.into_iter().collect(),
        rules: row.rules.into_iter().collect(),
        text: text.collect(),
    }
}

/// What is written of a page: the pairs, and the rows that wait for a person.
pub fn said(decided: &[(Subject, Verdict)], ids: &BTreeMap<String, String>) -> (Vec<Value>, Vec<Value>) {
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
    (decisions, reviews)
}

async fn write(
    job: &Job,
    session: &mut Session,
    step: &Step,
    map: &MapStep,
    decided: &[(Subject, Verdict)],
    ids: &BTreeMap<String, String>,
) -> Result<u64> {
    let (decisions, reviews) = said(decided, ids);
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

/// Writes what people decided, in the step's own transaction; how many mappings stand by it.
pub async fn decide(
    session: &mut Session,
    job: &Job,
    step: &Step,
    map: &MapStep,
    decisions: &[Decided],
) -> Result<u64> {
    let all: Vec<Value> = decisions
        .iter()
        .flat_map(|d| {
            d.right_ids.iter().enumerate().map(|(place, right)| {
                json!({ "left_id": d.left_id, "right_id": right, "because": "human", "confidence": 1.0,
                        "evidence": d.evidence, "is_primary": place == 0 })
            })
        })
        .collect();
    let n = all.len() as u64;
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), Arg::Text(Value::Array(all).to_string())];
    session.execute("making room for decisions", &map.clear, &args).await?;
    session.execute("keeping what is decided again", &map.keep, &args).await?;
    session.returning::<u64>("writing decisions", &map.write, &args).await?;
    let pairs = decisions.iter().flat_map(|d| d.right_ids.iter().zip(&d.put).map(move |(right, put)| (d, right, put)));
    let put: Vec<Value> = pairs
        .filter(|(.., put)| !put.is_empty())
        .map(|(d, right, put)| json!({ "left_id": d.left_id, "right_id": right, "put": put }))
        .collect();
    if let (Some(sql), false) = (&map.put, put.is_empty()) {
        let args = [Arg::Text(Value::Array(put).to_string())];
        session.execute("filling what the file says of each pair", sql, &args).await?;
    }
    ledger::mark_changed(session, job.run).await?;
    Ok(n)
}
