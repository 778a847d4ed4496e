//! The ways back for people: rehearsed rollbacks and backups.

use std::path::Path;
use std::time::Duration;

use super::Output;
use crate::backup::{Manifest, Proof};
use crate::cli::Format;
use crate::error::Result;
use crate::finding::Finding;
use crate::plan::{Level, Rehearsed};
use crate::text;

pub fn rehearsed(r: &Rehearsed) -> String {
    let took = text::duration(Duration::from_secs_f64(r.took_ms / 1000.0));
    let mut out = format!("rehearsed at level {} in {took}; everything is as it was\n", r.level);
    for (run, effect) in &r.runs {
        let facts = facts(effect);
        out.push_str(&format!("  run {run}: {facts}\n"));
    }
    out
}

/// `3 deleted, 2 restored`.
fn facts(effect: &serde_json::Value) -> String {
    let facts = effect.as_object().into_iter().flatten();
    let facts: Vec<String> = facts
        .filter(|(name, _)| !matches!(name.as_str(), "state" | "took_ms"))
        .map(|(name, n)| format!("{} {}", n, name.replace('_', "-")))
        .collect();
    if facts.is_empty() { "nothing to take back".to_owned() } else { text::list(&facts) }
}

pub fn rolled_back(run: i64, level: Level, whole: bool, effect: &serde_json::Value) -> String {
    let (level, facts) = (level.as_str(), facts(effect));
    if whole {
        format!("run {run} is rolled back, level {level}: {facts}\n")
    } else {
        format!("a part of run {run} is taken back, level {level}: {facts}; the run itself stands\n")
    }
}

pub fn backup(folder: &Path, m: &Manifest, proof: Option<&Proof>) -> String {
    let tables = text::count(m.tables.len() as u64, "table");
    let rows: u64 = m.tables.iter().map(|t| t.rows).sum();
    let took = proof.map_or(Duration::from_millis(m.took_ms), |p| p.took);
    let read = if proof.is_some() { "read back" } else { "taken and read back" };
    let what = match (m.whole, m.restored) {
        (true, _) => read.to_owned(),
        (false, true) => format!("{read}, restored once into a throw-away database"),
        (false, false) => format!("{read}, not restored"),
    };
    let counts = if m.counts() {
        ""
    } else {
        "  it does not count as a backup: a role that may create databases proves it by `pgfold backup verify`\n"
    };
    format!(
        "{}: {what} in {}\n  database `{}`, {tables}, {}, {}\n  taken {} of PostgreSQL {}, SHA-256 {}\n{counts}",
        folder.display(),
        text::duration(took),
        text::inert(&m.database),
        text::count(rows, "row"),
        text::bytes(m.bytes),
        m.taken_at,
        m.server_version / 10_000,
        m.sha256,
    )
}

pub fn restored(folder: &Path, database: &str, m: &Manifest, took: Duration) -> String {
    let rows: u64 = m.tables.iter().map(|t| t.rows).sum();
    format!(
        "{} is restored into `{}` in {}: {} in {}, counted\n",
        folder.display(),
        text::inert(database),
        text::duration(took),
        text::count(rows, "row"),
        text::count(m.tables.len() as u64, "table"),
    )
}

pub fn cleaned(runs: &[i64], rows: u64, dry: bool) -> String {
    let names: Vec<String> = runs.iter().map(ToString::to_string).collect();
    match (runs.is_empty(), dry) {
        (true, _) => "no run is old enough and past its rollback window\n".to_owned(),
        (false, true) => format!("before-images of run {} would be thrown away\n", text::list(&names)),
        (false, false) => {
            format!("{} of run {} are thrown away\n", text::count(rows, "before-image"), text::list(&names))
        }
    }
}

impl Output {
    /// A folder that was written: its files, what was said of it, what is to be decided.
    pub fn drafted(&self, folder: &Path, files: &[(String, String)], said: &[String], open: &[Finding]) -> Result<()> {
        if self.format == Format::Json {
            let files: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            return self.json(
                &serde_json::json!({ "folder": folder.display().to_string(), "files": files, "said": said, "findings": open }),
            );
        }
        for line in said {
            self.words(line)?;
        }
        for f in open {
            self.words(&format!("  {}: {}", text::inert(&f.about), text::inert(&f.found)))?;
        }
        Ok(())
    }
}
