//! One mapping: rows in pages from the server, inference here, decisions back in one statement a page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::step::fence;
use super::{Event, Job};
use crate::error::{Error, Result};
use crate::ledger::{self, Run, ledger_sql};
use crate::mapping::{FallbackBudget, Inference, Labelled, Learned, Right, Subject, Taxonomy, Verdict};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Decided, MapStep, Step};
use crate::sql::Sql;

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

    /// The live rows without a mapping among the next rows of the target, each with what is said of it; none at the end.
    pub async fn page(
        &mut self,
        session: &mut Session,
        map: &MapStep,
        after: &mut Option<String>,
    ) -> Result<Option<Vec<(Subject, Verdict)>>> {
        let Some((above, upto)) = next_page(session, map, after).await? else { return Ok(None) };
        let args = [Arg::OptionalText(above), Arg::Text(upto)];
        let rows: Vec<Row> = session.rows("reading rows to be mapped", &map.subjects, &args).await?;
        let subjects: Vec<Subject> = rows.into_iter().map(|row| subject(row, map)).collect();
        let verdicts = self.inference.infer_all(&subjects);
        let decided = subjects.into_iter().zip(verdicts).map(|(s, verdict)| (s, self.budget.admit(verdict)));
        Ok(Some(decided.collect()))
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
    let mut pages = Pages { map, prepared, after: None };
    // the next page is read and judged while the last one is written; a rehearsal sees its rows on its own session only
    let mut reader = if session.is_rehearsing() { None } else { session.sister().await.ok() };
    let mapped = pages_in_turn(job, session, reader.as_mut(), step, &mut pages).await;
    if let Some(reader) = reader {
        reader.close().await;
    }
    mapped
}

/// What is still to be read.
struct Pages<'a> {
    map: &'a MapStep,
    prepared: Prepared,
    after: Option<String>,
}

impl Pages<'_> {
    async fn next(&mut self, job: &Job, session: &mut Session) -> Result<Option<Vec<(Subject, Verdict)>>> {
        session.begin(Isolation::RepeatableReadOnly, &job.settings).await?;
        session.script("looking at one page", &Sql::constant("set local enable_seqscan = off")).await?;
        let page = self.prepared.page(session, self.map, &mut self.after).await;
        session.rollback().await?;
        page
    }
}

async fn pages_in_turn(
    job: &Job,
    session: &mut Session,
    mut reader: Option<&mut Session>,
    step: &Step,
    pages: &mut Pages<'_>,
) -> Result<u64> {
    let (map, ids, live) = (pages.map, pages.prepared.ids.clone(), pages.prepared.live);
    let (mut new, mut seen) = (0, 0);
    let mut ready = match reader.as_deref_mut() {
        Some(reader) => pages.next(job, reader).await?,
        None => pages.next(job, session).await?,
    };
    while let Some(decided) = ready {
        if job.asked_to_stop() {
            return Err(job.stopped("you asked for it"));
        }
        let written;
        (written, ready) = match reader.as_deref_mut() {
            Some(reader) => {
                let put = put(job, session, step, map, &decided, &ids);
                let (written, next) = tokio::join!(put, pages.next(job, reader));
                (written?, next?)
            }
            None => (put(job, session, step, map, &decided, &ids).await?, pages.next(job, session).await?),
        };
        new += written;
        seen += decided.len() as u64;
        job.watcher.event(&Event::MappingPage { mapping: map.name.clone(), rows: seen, of: live });
    }
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, "done", Some(new), None).await?;
    session.commit().await?;
    Ok(new)
}

/// One page in a transaction of its own; how many mappings are new.
async fn put(
    job: &Job,
    session: &mut Session,
    step: &Step,
    map: &MapStep,
    decided: &[(Subject, Verdict)],
    ids: &BTreeMap<String, String>,
) -> Result<u64> {
    if decided.is_empty() {
        return Ok(0);
    }
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    let written = write(job, session, step, map, decided, ids).await?;
    if written > 0 {
        ledger::mark_changed(session, job.run).await?;
    }
    session.commit().await?;
    Ok(written)
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
pub fn said(decided: &[(Subject, Verdict)], ids: &BTreeMap<String, String>) -> (Pairs, Vec<Value>) {
    let mut pairs = Pairs::default();
    let mut reviews = Vec::new();
    for (subject, verdict) in decided {
        for (place, chosen) in verdict.chosen.iter().enumerate() {
            let Some(right) = ids.get(chosen.code.as_str()) else { continue };
            pairs.push([&subject.id, right, chosen.because.word()], chosen.confidence, &chosen.evidence, place == 0);
        }
        if let Some(reason) = &verdict.review {
            let candidates: Vec<Value> = (verdict.candidates.iter())
                .map(|c| json!({ "code": c.code, "confidence": c.confidence, "because": c.because.word(), "evidence": c.evidence }))
                .collect();
            reviews
                .push(json!({ "left_id": subject.id, "key": subject.key, "reason": reason, "candidates": candidates }));
        }
    }
    (pairs, reviews)
}

async fn write(
    job: &Job,
    session: &mut Session,
    step: &Step,
    map: &MapStep,
    decided: &[(Subject, Verdict)],
    ids: &BTreeMap<String, String>,
) -> Result<u64> {
    let (pairs, reviews) = said(decided, ids);
    let written: Vec<u64> = session.returning("writing mappings", &map.write, &pairs.args(job.run, step)).await?;
    if !reviews.is_empty() {
        let args = [Arg::Int(job.run), map.name.as_str().into(), Arg::Text(Value::Array(reviews).to_string())];
        session.execute("listing rows for review", &ledger_sql!("review"), &args).await?;
    }
    Ok(written.first().copied().unwrap_or(0))
}

/// Pairs as the server takes them: an array for each column.
#[derive(Default)]
pub struct Pairs([Vec<String>; 6]);

impl Pairs {
    fn push(&mut self, [left, right, because]: [&str; 3], confidence: f64, evidence: &str, is_primary: bool) {
        let line = [left, right, because, &confidence.to_string(), evidence, if is_primary { "t" } else { "f" }];
        for (column, value) in self.0.iter_mut().zip(line) {
            column.push(value.to_owned());
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
            given.push([&d.left_id, right, "human"], 1.0, &d.evidence, place == 0);
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
