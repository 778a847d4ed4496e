//! How ready each run is to be taken back, told from the ledger and re-hashed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest::digest;
use super::pace::{Pace, estimate, paces};
use super::{Run, ledger_sql, newest_version};
use crate::error::Result;
use crate::facts::{RollbackLevel, RunState};
use crate::pg::{Arg, Session};
use crate::plan::Estimate;
use crate::text;

/// For so long after a run its before-images are kept, unless another window is set.
pub const WINDOW: Duration = Duration::from_secs(30 * 86_400);

/// Whether what a rollback stands on is hashed again, which reads all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashed {
    Again,
    AtTheEnd,
}

fn seconds(window: Duration) -> Arg {
    Arg::Int(i64::try_from(window.as_secs()).unwrap_or(i64::MAX))
}

/// One run that could be taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    pub run: Run,
    pub verb: String,
    pub state: RunState,
    pub undone_level: Option<RollbackLevel>,
    pub undone_part: bool,
    pub folder: Option<String>,
    /// When its before-images were thrown away.
    pub cleaned_at: Option<String>,
    /// Level, time and effect of the last rehearsal.
    pub rehearsed: Option<Value>,
    /// As it was when the run was done; none for one that stopped.
    pub digest: Option<Value>,
    pub until: String,
    pub open: bool,
    pub inserted: u64,
    pub merged: u64,
    pub mappings: u64,
    /// Later runs that stand.
    pub later: Vec<Run>,
    /// Columns that the target had before the run and has no more under these names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost_columns: Vec<String>,
    /// Whether crosswalk, images and mappings are what they were; none for one without a digest, or where nobody hashed.
    #[serde(default)]
    pub whole: Option<bool>,
    /// How long it takes, and how that is known.
    #[serde(default)]
    pub takes: Estimate,
}

impl Ready {
    /// What stands in the way for good, if anything does.
    pub fn impossible(&self) -> Option<String> {
        if let Some(at) = &self.cleaned_at {
            return Some(format!("its before-images were thrown away on {at}"));
        }
        (self.whole == Some(false)).then(|| "the ledger is not what it was when the run was done".to_owned())
    }

    /// What a rollback has to be told of first.
    pub fn refused(&self) -> Option<String> {
        let lost: Vec<&str> = self.lost_columns.iter().map(String::as_str).collect();
        let flags: Vec<String> = lost.iter().map(|c| format!("--renamed '{}=NEW'", text::inert(c))).collect();
        (!lost.is_empty()).then(|| {
            format!(
                "the target has no more, or under another name: {}; where it was renamed: `pgfold rollback --run {} {} --execute`",
                text::quoted_list(&lost),
                self.run,
                flags.join(" ")
            )
        })
    }

    /// Its own rehearsal, else what was timed before.
    fn estimated(&self, paces: &[Pace]) -> Estimate {
        let rehearsed =
            self.rehearsed.as_ref().and_then(|r| Some((r.get("took_ms")?.as_f64()?, r.get("level")?.as_str()?)));
        match rehearsed {
            Some((ms, level)) => Estimate { ms, basis: format!("rehearsed at level {level}") },
            None => estimate(self.inserted + self.merged + self.mappings, paces),
        }
    }
}

pub async fn ready(session: &mut Session, consolidation: &str, window: Duration, hashed: Hashed) -> Result<Vec<Ready>> {
    let args = [consolidation.into(), seconds(window)];
    let mut all: Vec<Ready> = session.rows("reading the ledger", &ledger_sql!("ready"), &args).await?;
    let paces = paces(session, consolidation).await?;
    for one in &mut all {
        one.takes = one.estimated(&paces);
        if let (Some(kept), Hashed::Again) = (&one.digest, hashed) {
            one.whole = Some(digest(session, one.run, newest_version()).await? == *kept || one.cleaned_at.is_some());
        }
    }
    Ok(all)
}

/// Throws away the before-images of runs that are old and past their window: the runs, and how many rows went.
pub async fn clean(
    session: &mut Session,
    consolidation: &str,
    older_than_s: i64,
    window: Duration,
    dry: bool,
) -> Result<(Vec<Run>, u64)> {
    let args = [consolidation.into(), Arg::Int(older_than_s), seconds(window)];
    let runs: Vec<Run> = session.rows("looking for old images", &ledger_sql!("cleanable"), &args).await?;
    if dry || runs.is_empty() {
        return Ok((runs, 0));
    }
    let names = Arg::Texts(runs.iter().map(ToString::to_string).collect());
    let gone: Vec<u64> = session.returning("throwing images away", &ledger_sql!("clean"), &[names]).await?;
    Ok((runs, gone.first().copied().unwrap_or(0)))
}
