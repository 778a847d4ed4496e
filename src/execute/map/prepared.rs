//! Inference made ready for one mapping, and its rows in pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::subjects::Signals;
use crate::error::{Error, Result};
use crate::mapping::{FallbackBudget, Inference, Labelled, Learned, Right, Subject, Taxonomy, Verdict};
use crate::pg::{Arg, Session, Texts};
use crate::plan::MapStep;

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
