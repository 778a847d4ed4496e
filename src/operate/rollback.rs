//! Which runs a rollback takes back, and the script of each.

use crate::error::{Error, Result};
use crate::folder::script_settings;
use crate::ledger::{self, RunRow};
use crate::pg::{Session, Settings};
use crate::plan::{self, Level};
use crate::sql::Sql;
use crate::text;

/// What the DBA asked of a rollback.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub level: Level,
    pub discard_edits: bool,
    pub drop_references: bool,
}

/// Runs that changed something and are not taken back this far yet, newest first.
pub fn choose(runs: &[RunRow], wanted: Option<i64>, level: Level, name: &str) -> Result<Vec<RunRow>> {
    let depth = |run: &RunRow| match run.undone_level.as_deref() {
        Some("rows") => Some(Level::Rows),
        Some("purge") => Some(Level::Purge),
        Some(_) => Some(Level::Schema),
        None => None,
    };
    if let Some(number) = wanted {
        let Some(run) = runs.iter().find(|r| r.run == number) else {
            return Err(Error::usage(format!("`{name}` has no run {number}"), "`pgfold status` lists the runs"));
        };
        return Ok(vec![run.clone()]);
    }
    let chosen: Vec<RunRow> =
        runs.iter().filter(|r| r.changed && depth(r).is_none_or(|d| d < level)).cloned().collect();
    if chosen.is_empty() { Err(nothing(name)) } else { Ok(chosen) }
}

pub fn nothing(name: &str) -> Error {
    Error::Gate {
        what: format!("there is nothing to roll back: no run of `{name}` that stands changed anything"),
        findings: Vec::new(),
        hint: "`pgfold status` lists the runs".to_owned(),
    }
}

pub async fn script(session: &mut Session, run: i64, version: i32, wanted: &Wanted) -> Result<Sql> {
    let stored = ledger::plan(session, run).await?;
    let stored = stored.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?;
    let settings = Settings::new(stored.plan.search_path.clone(), version);
    let mut lines = vec![script_settings(&settings)];
    if wanted.discard_edits {
        lines.push(Sql::constant("set local pgfold.discard_edits = 'on';\n"));
    }
    if wanted.drop_references {
        lines.push(Sql::constant("set local pgfold.drop_references = 'on';\n"));
    }
    Ok(plan::undo(&stored.plan, run, wanted.level, &Sql::join("", lines)))
}

/// The script's own refusals are gates; anything else is what it is.
pub fn refused(run: i64, error: Error) -> Error {
    match error {
        Error::Refused { server, .. } if server.code == "P0004" => Error::Gate {
            what: format!("run {run} was not rolled back, nothing was changed: {}", text::inert(&server.message)),
            findings: Vec::new(),
            hint: server.hint.clone().unwrap_or_else(|| "`pgfold status`".to_owned()),
        },
        other => other,
    }
}
