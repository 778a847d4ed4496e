//! The maintenance window, and all that a production profile asks for before something is written.

use std::path::Path;
use std::time::Duration;

use super::seal;
use crate::context::{Desk, Ground};
use crate::error::{Error, Result};
use crate::execute::Manner;
use crate::finding::Finding;
use crate::gate::{self, Document, Evidence, Production};
use crate::introspect;
use crate::pg::Session;
use crate::plan::{Plan, Reverse};
use crate::text;

/// How long the profile's window stays open, by the server's clock; nothing without a window.
pub async fn open_for(desk: &Desk, session: &mut Session) -> Result<Option<Option<Duration>>> {
    let Some(window) = desk.profile.window() else { return Ok(None) };
    let (day, second) = introspect::clock(session, &window.timezone).await?;
    Ok(Some(window.remaining(day, second)))
}

/// For `doctor`.
pub async fn window(desk: &Desk, session: &mut Session) -> Result<Vec<Finding>> {
    let Some(window) = desk.profile.window() else { return Ok(Vec::new()) };
    Ok(open_for(desk, session).await?.map(|open| gate::window(&window, open)).into_iter().collect())
}

/// Refuses with everything that is missing; else how long the run may take until the window shuts.
pub async fn allowed(
    desk: &Desk,
    ground: &Ground,
    plan: &Plan,
    bound: bool,
    session: &mut Session,
) -> Result<Option<Duration>> {
    let open = open_for(desk, session).await?;
    let governed = &desk.common.governed;
    let known = Production {
        database: ground.catalog.server.database.clone(),
        confirmed: governed.confirm_database.clone(),
        window_open: open.flatten(),
        outside: governed.outside_window.clone(),
        staging: evidence(desk, ground),
        dry_run: bound,
        backup: desk.newest_backup(&ground.catalog.server).map(|(_, age)| age),
        no_way_back: no_way_back(desk, plan),
        ticked: ticked(desk)?,
    };
    let findings = gate::production(&desk.profile, &known);
    if findings.is_empty() {
        // one who writes outside of the window is not stopped by its end
        return Ok(open.flatten());
    }
    let name = desk.profile.name.clone().unwrap_or_default();
    Err(Error::Gate {
        what: format!(
            "the profile `{}` is missing {}; nothing was written",
            text::inert(&name),
            text::count(findings.len() as u64, "thing")
        ),
        findings,
        hint: "give all that is listed in one go; `pgfold explain RULE` tells more of each".to_owned(),
    })
}

/// What goes on or goes back needs the database's name, and, if it writes more, the window.
pub async fn named(desk: &Desk, database: &str, session: &mut Session, goes_on: bool) -> Result<Option<Duration>> {
    let open = open_for(desk, session).await?;
    let known = Production {
        database: database.to_owned(),
        confirmed: desk.common.governed.confirm_database.clone(),
        window_open: if goes_on { open.flatten() } else { Some(Duration::MAX) },
        outside: desk.common.governed.outside_window.clone(),
        ..Production::default()
    };
    let mut findings = gate::production(&desk.profile, &known);
    findings.retain(|f| matches!(f.rule, "outside-window" | "unconfirmed-database"));
    if findings.is_empty() {
        return Ok(open.flatten().filter(|_| goes_on));
    }
    Err(Error::Gate {
        what: "the profile asks for more; nothing was written".to_owned(),
        findings,
        hint: "give all that is listed in one go".to_owned(),
    })
}

fn evidence(desk: &Desk, ground: &Ground) -> Option<Evidence> {
    let written = desk.profile.text("staging_evidence").map(Into::into);
    let file = desk.common.governed.staging_evidence.clone().or(written)?;
    let mut out = Evidence { file: file.display().to_string(), ..Evidence::default() };
    let read = std::fs::read_to_string(&file).map_err(|e| e.to_string());
    let parsed = |t: String| serde_json::from_str(&t).map(|doc| (t, doc)).map_err(|e| e.to_string());
    let doc: Document = match read.and_then(parsed) {
        Ok((text, doc)) => {
            out.tampered = seal::broken(&doc, &text, desk.environment.get(seal::SECRET));
            doc
        }
        Err(why) => {
            out.unreadable = Some(why);
            return Some(out);
        }
    };
    out.database = doc.facts["database"].as_str().unwrap_or_default().to_owned();
    out.passed = doc.id == "MIG-5" && doc.facts["passed"] == true;
    let there = doc.facts["files"].as_object().cloned().unwrap_or_default();
    let here = &ground.consolidation.files;
    out.differing = here
        .iter()
        .filter(|(f, h)| there.get(*f).and_then(|v| v.as_str()) != Some(h))
        .map(|(f, _)| f.clone())
        .collect();
    out.differing.extend(there.keys().filter(|f| !here.contains_key(*f)).cloned());
    Some(out)
}

fn no_way_back(desk: &Desk, plan: &Plan) -> Vec<String> {
    let impossible = plan.steps.iter().filter_map(|s| match &s.reverse {
        Reverse::Impossible { because } => {
            Some(format!("step {} ({}) cannot be taken back: {because}", s.number, s.intent))
        }
        _ => None,
    });
    let mut out: Vec<String> = impossible.collect();
    let probe: &Path = &desk.common.runs;
    if let Err(e) = std::fs::create_dir_all(probe) {
        out.push(format!("no rollback file can be written into `{}`: {e}", probe.display()));
    }
    out
}

fn ticked(desk: &Desk) -> Result<Vec<(String, String)>> {
    let one = |t: &String| {
        let pair = t.split_once('=').map(|(k, p)| (k.trim().to_owned(), p.trim().to_owned()));
        pair.ok_or_else(|| Error::usage(format!("`{}` names nobody", text::inert(t)), "`--tick KEY=PERSON`"))
    };
    desk.common.governed.tick.iter().map(one).collect()
}

/// No longer than the window stays open.
pub fn in_time(mut manner: Manner, open_for: Option<Duration>) -> Manner {
    manner.throttle.until(open_for);
    manner
}
