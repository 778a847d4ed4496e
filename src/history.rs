//! What all runs of a consolidation together teach: success, durations, failures, and what to improve next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::facts::RunState;
use crate::pg::Session;
use crate::sql::Sql;

/// Where time went, over all runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    pub part: String,
    pub ms: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// The error without its numbers.
    pub reason: String,
    pub runs: u64,
    pub last_run: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    pub part: String,
    pub todo: String,
}

/// What would have been advised a while ago, and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct LastAdvice {
    pub part: String,
    /// The last run that the advice knew.
    pub upto: i64,
    /// Milliseconds of the part per 1,000 rows, until then and since.
    pub before: f64,
    pub after: f64,
    pub helped: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
pub struct History {
    pub consolidation: String,
    pub runs: u64,
    /// Per cent of the runs that came to their end and did not fail their checks.
    pub success_rate: f64,
    pub failed: u64,
    pub rolled_back: u64,
    pub median_ms: f64,
    pub p90_ms: f64,
    pub longest_ms: f64,
    /// The longest first.
    pub parts: Vec<Part>,
    /// The most frequent first.
    pub failures: Vec<Failure>,
    pub advice: Option<Advice>,
    pub last_advice: Option<LastAdvice>,
}

#[derive(Deserialize)]
struct Row {
    run: i64,
    state: RunState,
    validated: Option<bool>,
    undone: bool,
    duration_ms: f64,
    read: f64,
    error: Option<String>,
    steps: BTreeMap<String, f64>,
    timing: BTreeMap<String, f64>,
}

impl Row {
    fn succeeded(&self) -> bool {
        self.state.is_finished() && self.validated != Some(false) && self.error.is_none()
    }

    /// The parts do not overlap: what was sampled within the moving of rows is taken off it.
    fn parts(&self) -> BTreeMap<String, f64> {
        let mut out = self.timing.clone();
        let indexes = out.remove("indexes").unwrap_or_default();
        let within: f64 = out.iter().filter(|(part, _)| part.as_str() != "shaping").map(|(_, ms)| ms).sum();
        for (kind, ms) in &self.steps {
            let (name, ms) = match kind.as_str() {
                "move" => {
                    // of what is left when nobody waits, as much as of the whole
                    let writing = (ms - within).max(0.0);
                    let indexed = writing * (indexes / ms.max(1e-9)).min(1.0);
                    out.insert("indexes".to_owned(), indexed);
                    ("writing rows", writing - indexed)
                }
                "map" => ("mapping", *ms),
                "enhance" => ("enhancing the schema", *ms),
                "analyze" => ("statistics", *ms),
                "contest" => ("ranking contested keys", *ms),
                "backfill" => ("backfilling keys", *ms),
                "remember" => ("remembering existing rows", *ms),
                other => (other, *ms),
            };
            *out.entry(name.to_owned()).or_default() += ms;
        }
        out
    }
}

pub async fn history(session: &mut Session, consolidation: &str) -> Result<History> {
    let sql = Sql::constant(include_str!("../sql/report/history.sql"));
    let rows: Vec<Row> = session.rows("reading the history", &sql, &[consolidation.into()]).await?;
    Ok(told(consolidation, &rows))
}

fn told(consolidation: &str, rows: &[Row]) -> History {
    let mut durations: Vec<f64> = rows.iter().map(|r| r.duration_ms).collect();
    durations.sort_by(f64::total_cmp);
    let at = |share: f64| durations.get((durations.len().saturating_sub(1) as f64 * share).round() as usize).copied();
    let succeeded = rows.iter().filter(|r| r.succeeded()).count();
    let parts = parts(rows);
    History {
        consolidation: consolidation.to_owned(),
        runs: rows.len() as u64,
        success_rate: 100.0 * succeeded as f64 / rows.len().max(1) as f64,
        failed: rows.iter().filter(|r| r.state.ended_early()).count() as u64,
        rolled_back: rows.iter().filter(|r| r.undone).count() as u64,
        median_ms: at(0.5).unwrap_or(0.0),
        p90_ms: at(0.9).unwrap_or(0.0),
        longest_ms: at(1.0).unwrap_or(0.0),
        failures: failures(rows),
        advice: parts.first().map(|p| Advice { part: p.part.clone(), todo: todo(&p.part).to_owned() }),
        last_advice: last_advice(rows),
        parts,
    }
}

fn parts(rows: &[Row]) -> Vec<Part> {
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    for (part, ms) in rows.iter().flat_map(Row::parts) {
        *all.entry(part).or_default() += ms;
    }
    let mut out: Vec<Part> = all.into_iter().filter(|(_, ms)| *ms > 0.0).map(|(part, ms)| Part { part, ms }).collect();
    out.sort_by(|a, b| b.ms.total_cmp(&a.ms).then_with(|| a.part.cmp(&b.part)));
    out
}

fn failures(rows: &[Row]) -> Vec<Failure> {
    let mut all: BTreeMap<String, (u64, i64)> = BTreeMap::new();
    for row in rows {
        let reason = match (&row.error, row.validated) {
            (Some(error), _) => without_numbers(error),
            (None, Some(false)) => "a check did not pass".to_owned(),
            _ => continue,
        };
        let entry = all.entry(reason).or_default();
        *entry = (entry.0 + 1, entry.1.max(row.run));
    }
    let mut out: Vec<Failure> =
        all.into_iter().map(|(reason, (runs, last_run))| Failure { reason, runs, last_run }).collect();
    out.sort_by(|a, b| b.runs.cmp(&a.runs).then_with(|| a.reason.cmp(&b.reason)));
    out
}

/// Two failures are one when only their numbers differ; a SQLSTATE in parentheses stays.
fn without_numbers(error: &str) -> String {
    let mut out = String::new();
    for word in error.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let code = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_state = word.starts_with('(') && code.len() == 5;
        if is_state {
            out.push_str(word);
            continue;
        }
        let mut last_was_digit = false;
        for c in word.chars() {
            if !c.is_ascii_digit() {
                out.push(c);
            } else if !last_was_digit {
                out.push('…');
            }
            last_was_digit = c.is_ascii_digit();
        }
    }
    out
}

/// The newest tenth of the runs, at least three, shows what became of what the ones before would have advised.
fn last_advice(rows: &[Row]) -> Option<LastAdvice> {
    let since = (rows.len() / 10).max(3);
    let cut = rows.len().checked_sub(since).filter(|n| *n >= 3)?;
    let (then, now) = rows.split_at(cut);
    let part = parts(then).first()?.part.clone();
    let per_thousand = |rows: &[Row]| {
        let ms: f64 = rows.iter().filter_map(|r| r.parts().get(&part).copied()).sum();
        let read: f64 = rows.iter().map(|r| r.read).sum();
        (read > 0.0).then(|| ms / read * 1000.0)
    };
    let (before, after) = (per_thousand(then)?, per_thousand(now)?);
    let helped = match after / before.max(1e-9) {
        r if r < 0.8 => Some(true),
        r if r > 0.95 => Some(false),
        _ => None,
    };
    Some(LastAdvice { part, upto: then.last()?.run, before, after, helped })
}

/// What to do about a part that takes most of the time.
fn todo(part: &str) -> &'static str {
    match part {
        "lock waits" => "run when the application is quiet, or find who holds the locks with `pgfold doctor`",
        "wal" => "a faster disk for pg_wal, a larger max_wal_size, or fewer and larger batches (--batch-rows)",
        "files" => "more shared_buffers, or more workers (--workers) to overlap the reading",
        "shaping" => "look at the expressions and lookups of the manifest; an index on what they look up helps most",
        "indexes" => "build the target's secondary indexes after the rows are moved, where the application allows it",
        "triggers" => "read the target's triggers; what they do per row could be done once after the run",
        "writing rows" => "more workers (--workers), and look at the number of indexes on the target",
        "mapping" => "give the mapping explicit signals; text signals are the slow ones",
        "enhancing the schema" => "build large indexes concurrently (`transaction = false`)",
        "backfilling keys" => "fill the key of existing rows ahead of the run, in quiet hours",
        "ranking contested keys" => "an index on what the key is made of in the legacy tables",
        "statistics" => "raise maintenance_work_mem, or lower the statistics target of wide columns",
        _ => "look at this step in `pgfold report`",
    }
}
