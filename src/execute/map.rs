//! One mapping: rows in pages from the server, inference here, decisions back in one statement a page.

mod pages;
mod subjects;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use self::pages::{Pages, Writers};
use self::subjects::Signals;
use super::step::fence;
use super::{Event, Job};
use crate::error::{Error, Result};
use crate::ledger::{self, Run, ledger_sql};
use crate::mapping::{FallbackBudget, Inference, Labelled, Learned, Right, Subject, Taxonomy, Verdict};
use crate::pg::{Arg, Isolation, Session, Texts};
use crate::plan::{Decided, MapStep, Step};

/// Rows per page; memory stays constant whatever the table's size.
const PAGE: i64 = 2_500;
/// Rows that people mapped, of which inference learns; more teach little.
const TEACHERS: i64 = 20_000;

#[derive(Deserialize)]
struct RightRow {
    id: String,
    code: String,
    name: Option<String>,
}

/// Inference made ready for one mapping, with what it may choose.
pub struct Prepared {
    inference: Arc<Inference>,
    signals: Signals,
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
            inference: Arc::new(Inference::learning(&taxonomy, &rights, learned)),
            signals: Signals::of(map),
            ids: rows.into_iter().map(|r| (r.code, r.id)).collect(),
            budget: FallbackBudget::new(live, map.fallback_at_most.unwrap_or(1.0), taken),
            taxonomy,
            rights,
            live,
            notices,
        })
    }

    /// The live rows without a mapping among the next rows of the target, each with what is said of it; none at the end.
    pub async fn page(
        &mut self,
        session: &mut Session,
        map: &MapStep,
        after: &mut Option<String>,
    ) -> Result<Option<Vec<(Subject, Verdict)>>> {
        let Some((above, upto)) = next_page(session, map, after).await? else { return Ok(None) };
        let args = [Arg::OptionalText(above), Arg::Text(upto)];
        let mut subjects = Vec::new();
        let take = |row: Texts| {
            subjects.push(self.signals.subject(&row)?);
            Ok(())
        };
        session.texts("reading rows to be mapped", &map.subjects, &args, take).await?;
        let inference = self.inference.clone();
        // judging takes a core for a while, and other sessions are not to wait for it
        let judged = tokio::task::spawn_blocking(move || {
            let verdicts = inference.infer_all(&subjects);
            subjects.into_iter().zip(verdicts).collect::<Vec<_>>()
        });
        let judged = judged.await.map_err(|e| Error::bug(format!("judging a page: {e}")))?;
        Ok(Some(judged.into_iter().map(|(s, verdict)| (s, self.budget.admit(verdict))).collect()))
    }
}

/// Where the page after `after` begins and ends; none after the last row. `after` moves to its end.
pub async fn next_page(
    session: &mut Session,
    map: &MapStep,
    after: &mut Option<String>,
) -> Result<Option<(Option<String>, String)>> {
    let args = [Arg::OptionalText(after.clone()), Arg::Int(PAGE)];
    let Some(upto) = session.maybe::<String>("cutting the target into pages", &map.page, &args).await? else {
        return Ok(None);
    };
    Ok(Some((after.replace(upto.clone()), upto)))
}

/// What rows that people mapped teach; nothing where there are too few.
async fn learned(session: &mut Session, map: &MapStep, taxonomy: &Taxonomy) -> Result<Option<Learned>> {
    let signals = Signals::of(map);
    let mut labelled = Vec::new();
    let take = |row: Texts| {
        let codes = row.json(signals.columns())?.unwrap_or_default();
        labelled.push(Labelled { subject: signals.subject(&row)?, codes });
        Ok(())
    };
    session.texts("reading what people mapped", &map.teachers, &[Arg::Int(TEACHERS)], take).await?;
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
    let (ids, live) = (std::mem::take(&mut prepared.ids), prepared.live);
    let mut pages = Pages::new(map, prepared);
    let writers = Writers { job, step, map, ids: &ids, live, seen: 0.into() };
    // a rehearsal sees its rows on its own session only
    let beside = !session.is_rehearsing();
    let mut reader = if beside { session.sister().await.ok() } else { None };
    let mut second = if reader.is_some() && job.manner.workers > 1 { session.sister().await.ok() } else { None };
    let written = match reader.as_mut() {
        Some(reader) => writers.beside(session, second.as_mut(), reader, &mut pages).await,
        None => writers.in_turn(session, &mut pages).await,
    };
    for other in [reader, second].into_iter().flatten() {
        other.close().await;
    }
    let new = written?;
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, "done", Some(new), None).await?;
    session.commit().await?;
    Ok(new)
}

/// What is written of a page: the pairs, and the rows that wait for a person.
pub fn said(decided: Vec<(Subject, Verdict)>, ids: &BTreeMap<String, String>) -> (Pairs, Vec<Value>) {
    let mut pairs = Pairs::default();
    let mut reviews = Vec::new();
    for (subject, verdict) in decided {
        if let Some(reason) = verdict.review {
            let candidates: Vec<Value> = (verdict.candidates.iter())
                .map(|c| json!({ "code": c.code, "confidence": c.confidence, "because": c.because.word(), "evidence": c.evidence }))
                .collect();
            reviews
                .push(json!({ "left_id": subject.id, "key": subject.key, "reason": reason, "candidates": candidates }));
        }
        for (place, chosen) in verdict.chosen.into_iter().enumerate() {
            let Some(right) = ids.get(chosen.code.as_str()) else { continue };
            pairs.push([&subject.id, right, chosen.because.word()], chosen.confidence, chosen.evidence, place == 0);
        }
    }
    (pairs, reviews)
}

/// A page as the statements take it.
struct Written {
    rows: usize,
    pairs: Vec<Arg>,
    review: Option<Vec<Arg>>,
}

impl Written {
    fn of(to: &Writers<'_>, page: Vec<(Subject, Verdict)>) -> Written {
        let rows = page.len();
        let (pairs, reviews) = said(page, to.ids);
        let review = (!reviews.is_empty()).then(|| {
            let reviews = Arg::Text(Value::Array(reviews).to_string());
            vec![Arg::Int(to.job.run), to.map.name.as_str().into(), reviews]
        });
        Written { rows, pairs: pairs.args(to.job.run, to.step), review }
    }

    /// In the transaction that is open; how many mappings are new.
    async fn write(&self, session: &mut Session, map: &MapStep) -> Result<u64> {
        let written: Vec<u64> = session.returning("writing mappings", &map.write, &self.pairs).await?;
        if let Some(review) = &self.review {
            session.execute("listing rows for review", &ledger_sql!("review"), review).await?;
        }
        Ok(written.first().copied().unwrap_or(0))
    }
}

/// Pairs as the server takes them: an array for each column.
#[derive(Default)]
pub struct Pairs([Vec<String>; 6]);

impl Pairs {
    fn push(&mut self, [left, right, because]: [&str; 3], confidence: f64, evidence: String, is_primary: bool) {
        let primary = if is_primary { "t" } else { "f" };
        let line = [
            left.to_owned(),
            right.to_owned(),
            because.to_owned(),
            confidence.to_string(),
            evidence,
            primary.to_owned(),
        ];
        for (column, value) in self.0.iter_mut().zip(line) {
            column.push(value);
        }
    }

    pub fn count(&self) -> usize {
        self.0[0].len()
    }

    pub fn args(self, run: Run, step: &Step) -> Vec<Arg> {
        let step = [Arg::Int(run), Arg::Int(step.number.into())];
        step.into_iter().chain(self.0.into_iter().map(Arg::Texts)).collect()
    }
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
    let mut given = Pairs::default();
    for d in decisions {
        for (place, right) in d.right_ids.iter().enumerate() {
            given.push([&d.left_id, right, "human"], 1.0, d.evidence.clone(), place == 0);
        }
    }
    session.returning::<u64>("writing decisions", &map.write, &given.args(job.run, step)).await?;
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
