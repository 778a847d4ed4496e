//! The folder of one run: rollback scripts before the first write, crosswalk, mappings and rejects after it.

mod sheet;

pub use sheet::Sheet;

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ledger::audit::Head;
use crate::pg::{Session, Settings};
use crate::plan::{Level, Picked, Plan, undo};
use crate::sql::Sql;

const CROSSWALK: &[&str] =
    &["source", "id", "outcome", "key", "target_id", "reason", "winner", "source_hash", "target_hash"];
const MAPPINGS: &[&str] =
    &["mapping", "left_id", "right_id", "because", "confidence", "evidence", "is_primary", "is_new"];
const REJECTS: &[&str] = &["source", "id", "code", "object", "message", "content"];
const REVIEW: &[&str] = &["mapping", "left_id", "key", "reason", "candidates"];

/// Files that only their owner may read.
#[derive(Debug, Clone)]
pub struct Folder {
    pub path: PathBuf,
    /// Whether the exports show what the manifest calls sensitive.
    reveal: bool,
}

impl Folder {
    /// `<runs>/<run>`, made when it is missing.
    pub fn of_run(runs: &Path, run: i64) -> Result<Folder> {
        let path = runs.join(run.to_string());
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&path).map_err(|e| Error::file("make the folder", &path, e))?;
        Ok(Folder { path, reveal: false })
    }

    /// Refuses a folder for runs in which nothing can be made, before a run is opened that would need it.
    pub fn can_be_made(runs: &Path) -> Result<()> {
        let probe = runs.join(format!(".probe-{}", std::process::id()));
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&probe);
        made.and_then(|()| std::fs::remove_dir(&probe)).map_err(|e| Error::Configuration {
            what: format!("the folder for runs cannot be written, so no run is begun: `{}`: {e}", runs.display()),
            mistakes: Vec::new(),
            hint: "name another: `--runs DIR`".to_owned(),
        })
    }

    /// One that is there already.
    pub fn there(path: &Path) -> Folder {
        Folder { path: path.to_owned(), reveal: false }
    }

    pub fn revealing(self, reveal: bool) -> Folder {
        Folder { reveal, ..self }
    }

    /// Any folder, made when it is missing.
    pub fn at(path: &Path) -> Result<Folder> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(path).map_err(|e| Error::file("make the folder", path, e))?;
        Ok(Folder { path: path.to_owned(), reveal: false })
    }

    pub fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let path = self.path.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(&path).map_err(|e| Error::file("write", &path, e))?;
        Ok(BufWriter::new(file))
    }

    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let mut file = self.file(name)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.flush());
        written.map_err(|e| Error::file("write", &self.path.join(name), e))
    }

    /// `rollback.sql` (rows), `rollback-purge.sql`, `rollback-schema.sql`.
    pub fn rollback_scripts(&self, plan: &Plan, run: i64, settings: &Settings) -> Result<()> {
        let settings = script_settings(settings);
        for (name, level) in [
            ("rollback.sql", Level::Rows),
            ("rollback-purge.sql", Level::Purge),
            ("rollback-schema.sql", Level::Schema),
        ] {
            self.write(name, undo(plan, run, level, &Picked::default(), &settings).as_str())?;
        }
        Ok(())
    }

    /// `audit-head.txt`: the head of the audit chain as it stands now.
    pub fn audit_head(&self, head: &Head) -> Result<()> {
        let json = serde_json::to_string(head).map_err(|e| Error::bug(e.to_string()))?;
        self.write("audit-head.txt", &format!("{}\n{json}\n", head.short()))
    }

    /// Crosswalk, mappings and rejects, each as CSV and as a JSON array.
    pub async fn export(&self, session: &mut Session, run: i64) -> Result<()> {
        let all = [
            ("crosswalk", CROSSWALK, include_str!("../sql/export/crosswalk.sql")),
            ("mappings", MAPPINGS, include_str!("../sql/export/mappings.sql")),
            ("rejects", REJECTS, include_str!("../sql/export/rejects.sql")),
            ("review", REVIEW, include_str!("../sql/export/review.sql")),
        ];
        // a million lines take a while: both kinds of file are filled side by side, if a second connection is to be had
        let mut other = session.sister().await.ok();
        for (name, columns, template) in all {
            let reveal = Sql::constant(if self.reveal { "true" } else { "false" });
            let hidden = include_str!("../sql/export/hidden.sql");
            let hidden = Sql::fill(hidden, &[("run", &run), ("reveal", &reveal)]);
            let query = Sql::fill(template, &[("run", &run), ("hidden", &hidden)]);
            match &mut other {
                Some(other) => {
                    let csv = self.csv(session, (name, columns), &query);
                    let (csv, json) = tokio::join!(csv, self.json(other, name, &query));
                    csv.and(json)?;
                }
                None => {
                    self.csv(session, (name, columns), &query).await?;
                    self.json(session, name, &query).await?;
                }
            }
        }
        if let Some(other) = other {
            other.close().await;
        }
        Ok(())
    }

    async fn csv(&self, session: &mut Session, (name, columns): (&str, &[&str]), query: &Sql) -> Result<()> {
        let file_name = format!("{name}.csv");
        let wrong = |e: csv::Error| Error::file("write", &self.path.join(&file_name), e);
        let mut sheet = Sheet::new(self.file(&file_name)?, columns).map_err(wrong)?;
        let copy = Sql::fill("copy (${q}) to stdout", &[("q", query)]);
        let line = |piece: &[u8]| sheet.line(sheet::fields(piece)).map_err(std::io::Error::other);
        session.copy_out(&file_name, &copy, line).await?;
        sheet.flush().map_err(|e| wrong(e.into()))
    }

    async fn json(&self, session: &mut Session, name: &str, query: &Sql) -> Result<()> {
        let file_name = format!("{name}.json");
        let mut file = self.file(&file_name)?;
        let copy = Sql::fill("copy (select row_to_json(pgfold_q) from (${q}) pgfold_q) to stdout", &[("q", query)]);
        let mut first = true;
        let mut all = || -> std::io::Result<()> { file.write_all(b"[") };
        all().map_err(|e| Error::file("write", &self.path.join(&file_name), e))?;
        session
            .copy_out(&file_name, &copy, |piece| {
                file.write_all(if first { b"\n" } else { b",\n" })?;
                first = false;
                file.write_all(&unescaped(piece))
            })
            .await?;
        let end = file.write_all(b"\n]\n").and_then(|()| file.flush());
        end.map_err(|e| Error::file("write", &self.path.join(&file_name), e))
    }
}

/// COPY's text format doubles backslashes, and JSON has no raw tabs or line ends.
fn unescaped(row: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(row.len());
    let mut bytes = row.iter().copied().filter(|b| *b != b'\n').peekable();
    while let Some(b) = bytes.next() {
        if b == b'\\' && bytes.peek() == Some(&b'\\') {
            bytes.next();
        }
        out.push(b);
    }
    out
}

/// A rollback brings its own timeouts: it may take longer than a batch, and waits longer for a lock.
pub fn script_settings(settings: &Settings) -> Sql {
    Settings { lock_timeout_ms: 30_000, statement_timeout_ms: 3_600_000, checks_client: false, ..settings.clone() }
        .sql()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_survive_the_copy_format() {
        assert_eq!(unescaped(b"{\"a\": \"b\\\\n\\\\\\\\c\"}\n"), b"{\"a\": \"b\\n\\\\c\"}");
    }
}
