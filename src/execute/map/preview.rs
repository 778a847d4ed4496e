//! A mapping looked at without writing: what inference would say, and what stands today.

use serde::{Deserialize, Serialize};

use super::prepared::{Prepared, next_page};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::mapping::statistics::Line;
use crate::mapping::{Because, Candidate, Statistics, Taxonomy, Verdict};
use crate::pg::{Arg, Session};
use crate::plan::MapStep;

/// What inference would add to one mapping.
#[derive(Debug, Serialize)]
pub struct MappingOutlook {
    pub mapping: String,
    /// Live rows that have no mapping today.
    pub unmapped: u64,
    /// Of them: would be mapped, and would wait for a person.
    pub mapped: u64,
    pub review: u64,
    /// Against today's mappings, each change with its reason.
    pub changes: Vec<Change>,
    /// Today's mappings and the changes, together.
    pub statistics: Vec<Line>,
    pub alarms: Vec<Finding>,
}

/// One row that would be mapped.
#[derive(Debug, Serialize)]
pub struct Change {
    pub key: String,
    pub add: Vec<Chosen>,
}

#[derive(Debug, Serialize)]
pub struct Chosen {
    pub code: String,
    pub because: &'static str,
    pub confidence: f64,
    pub evidence: String,
}

/// What inference would say of every live row without a mapping; memory stays constant.
pub async fn look_at_mapping(
    session: &mut Session,
    map: &MapStep,
    has_ledger: bool,
    most: u64,
) -> Result<MappingOutlook> {
    let mut prepared = Prepared::read(session, map, has_ledger).await?;
    let (mut statistics, codes) = statistics_today(session, map, has_ledger, true).await?;
    let mut outlook = MappingOutlook {
        mapping: map.name.clone(),
        unmapped: 0,
        mapped: 0,
        review: 0,
        changes: Vec::new(),
        statistics: Vec::new(),
        alarms: std::mem::take(&mut prepared.notices),
    };
    let mut after = None;
    while let Some(page) = prepared.page(session, map, &mut after).await? {
        for (subject, verdict) in page {
            outlook.unmapped += 1;
            outlook.mapped += u64::from(!verdict.chosen.is_empty());
            outlook.review += u64::from(verdict.review.is_some());
            statistics.add(&subject.source, "", &verdict.chosen);
            if !verdict.chosen.is_empty() && (outlook.changes.len() as u64) < most {
                let add = verdict.chosen.into_iter().map(chosen).collect();
                outlook.changes.push(Change { key: subject.key, add });
            }
        }
    }
    outlook.alarms.extend(statistics.alarms(&map.name, &codes));
    outlook.statistics = statistics.lines(&codes);
    Ok(outlook)
}

fn chosen(c: Candidate) -> Chosen {
    Chosen { code: c.code, because: c.because.word(), confidence: c.confidence, evidence: c.evidence }
}

#[derive(Deserialize)]
struct Today {
    source: Option<String>,
    mapped: Vec<Mapped>,
}

#[derive(Deserialize)]
struct Mapped {
    code: String,
    kind: Option<String>,
    because: Option<String>,
    confidence: Option<f64>,
    evidence: Option<String>,
}

/// Counts what is mapped now; with `mapped_only` rows without a mapping are left to the caller.
pub async fn statistics_today(
    session: &mut Session,
    map: &MapStep,
    has_ledger: bool,
    mapped_only: bool,
) -> Result<(Statistics, Vec<String>)> {
    let taxonomy =
        Taxonomy::parse(&map.taxonomy.0, &map.taxonomy.1).map_err(|findings| Error::Contract { findings })?;
    let codes = taxonomy.entries.iter().map(|e| e.code.clone()).collect();
    let mut statistics = Statistics::default();
    let mut after: Option<String> = None;
    if !has_ledger {
        return Ok((statistics, codes));
    }
    while let Some((above, upto)) = next_page(session, map, &mut after).await? {
        let args = [Arg::OptionalText(above), Arg::Text(upto)];
        let rows: Vec<Today> = session.rows("reading today's mappings", &map.today, &args).await?;
        for row in rows.iter().filter(|r| !(mapped_only && r.mapped.is_empty())) {
            let kind = row.mapped.first().and_then(|m| m.kind.clone()).unwrap_or_default();
            let all: Vec<Candidate> = row.mapped.iter().map(candidate).collect();
            statistics.add(row.source.as_deref().unwrap_or_default(), &kind, &all);
        }
    }
    Ok((statistics, codes))
}

fn candidate(m: &Mapped) -> Candidate {
    // what the ledger does not know was there before, so a person put it there
    let because = m.because.as_deref().and_then(Because::from_word).unwrap_or(Because::Human);
    let (confidence, evidence) = (m.confidence.unwrap_or(1.0), m.evidence.clone().unwrap_or_default());
    Candidate { code: m.code.clone(), confidence, because, evidence }
}

#[derive(Deserialize)]
struct Listed {
    key: String,
    reason: String,
    candidates: Vec<ListedCandidate>,
}

#[derive(Deserialize)]
struct ListedCandidate {
    code: String,
    because: String,
    confidence: f64,
    evidence: String,
}

/// The lines of a review file: key, candidates and why.
pub async fn review_lines(session: &mut Session, map: &MapStep, has_ledger: bool) -> Result<Vec<(String, Verdict)>> {
    let mut prepared = Prepared::read(session, map, has_ledger).await?;
    let (mut after, mut out) = (None, Vec::new());
    while let Some(page) = prepared.page(session, map, &mut after).await? {
        let waiting = page.into_iter().filter(|(_, v)| v.review.is_some());
        out.extend(waiting.map(|(s, v)| (s.key, v)));
    }
    if has_ledger {
        let rows: Vec<Listed> = session.rows("reading the review list", &map.listed, &[]).await?;
        out.extend(rows.into_iter().map(|r| {
            let candidates = r.candidates.into_iter().map(|c| Candidate {
                because: Because::from_word(&c.because).unwrap_or(Because::Fallback),
                code: c.code,
                confidence: c.confidence,
                evidence: c.evidence,
            });
            (r.key, Verdict { chosen: Vec::new(), candidates: candidates.collect(), review: Some(r.reason) })
        }));
    }
    Ok(out)
}
