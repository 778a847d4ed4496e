//! PartialRun runs: what was picked is looked for before anything is planned, and what stays is said.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::cli::Picking;
use crate::context::{Desk, Ground};
use crate::error::{Error, Result};
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{PartialRun, UpTo};
use crate::planner;
use crate::planner::Scope;
use crate::report::RunReport;
use crate::text;

/// What `--limit` has found of one source.
#[derive(Deserialize)]
struct Next {
    rows: u64,
    upto: Option<Vec<String>>,
}

/// What the DBA picked as a part of the plan; names that nothing has are mistakes of the hand.
pub async fn picked(ground: &Ground, session: &mut Session, picking: &Picking) -> Result<PartialRun> {
    let known: Vec<String> = ground.consolidation.manifest.sources.iter().map(|s| s.table.plain()).collect();
    for name in &picking.source {
        if !known.contains(name) {
            let hint = match text::nearest(name, known.iter().map(String::as_str)).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the manifest declares {}", text::quoted_list(&known)),
            };
            return Err(Error::usage(format!("there is no source `{}`", text::inert(name)), hint));
        }
    }
    let mut part = PartialRun {
        sources: picking.source.clone(),
        keys: picking.only.clone(),
        upto: None,
        changed: picking.changed,
    };
    if !part.keys.is_empty() {
        known_keys(ground, session, &part).await?;
    }
    if let Some(most) = picking.limit {
        part.upto = Some(reach(ground, session, &part, most).await?);
    }
    Ok(part)
}

/// How far each source is taken, so that `most` rows that no run has seen are among them.
async fn reach(ground: &Ground, session: &mut Session, part: &PartialRun, most: u64) -> Result<BTreeMap<String, UpTo>> {
    let mut left = most;
    let mut out = BTreeMap::new();
    for (source, zone, sql) in planner::next_rows(&ground.given("migrate", Scope::default())) {
        let upto = if left == 0 || part.leaves_out(&source) {
            UpTo::Nothing
        } else {
            session.begin(Isolation::RepeatableReadOnly, &ground.settings().in_zone(zone.as_deref())).await?;
            let next = session.one::<Next>("looking for the next rows", &sql, &[Arg::Int(left as i64)]).await;
            session.rollback().await?;
            let next = next?;
            let reached = next.rows == left;
            left -= next.rows;
            match next.upto.filter(|_| reached) {
                Some(id) => UpTo::Id(id),
                None => UpTo::End,
            }
        };
        out.insert(source, upto);
    }
    Ok(out)
}

async fn known_keys(ground: &Ground, session: &mut Session, part: &PartialRun) -> Result<()> {
    let mut found: Vec<String> = Vec::new();
    for (source, zone, sql) in planner::known_keys(&ground.given("migrate", Scope::default())) {
        if part.leaves_out(&source) {
            continue;
        }
        session.begin(Isolation::RepeatableReadOnly, &ground.settings().in_zone(zone.as_deref())).await?;
        let keys = session.rows::<String>("looking for the keys", &sql, &[Arg::Texts(part.keys.clone())]).await;
        session.rollback().await?;
        match keys {
            Ok(keys) => found.extend(keys),
            // a row whose key cannot be worked out hides the others: the run itself tells of it
            Err(Error::Refused { server, .. }) if server.is_about_a_row() => return Ok(()),
            Err(other) => return Err(other),
        }
    }
    let unknown: Vec<&String> = part.keys.iter().filter(|k| !found.contains(k)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let unknown: Vec<String> = unknown.into_iter().map(|k| text::inert(k)).collect();
    Err(Error::usage(
        format!("no legacy row has the key {}", text::quoted_list(&unknown)),
        "`pgfold migrate --dry-run --out DIR` writes every row with its key",
    ))
}

/// How many legacy rows wait for a later run.
pub fn left_over(desk: &Desk, report: &RunReport) {
    let pending: u64 = report.sources.iter().map(|s| s.counts.pending).sum();
    if pending > 0 {
        desk.out.say(&format!("{} left pending; `pgfold migrate` takes them", text::count(pending, "legacy row")));
    }
}
