//! The folder of one run: rollback scripts before the first write, crosswalk, mappings and rejects after it.

mod sheet;

use sheet::Kind;
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

/// A sheet's columns and what they hold.
type Columns = &'static [(&'static str, Kind)];

const CROSSWALK: Columns = &[
    ("source", Kind::Text),
    ("id", Kind::Text),
    ("outcome", Kind::Text),
    ("key", Kind::Text),
    ("target_id", Kind::Text),
    ("reason", Kind::Text),
    ("winner", Kind::Text),
    ("source_hash", Kind::Bare),
    ("target_hash", Kind::Bare),
];
const MAPPINGS: Columns = &[
    ("mapping", Kind::Text),
    ("left_id", Kind::Text),
    ("right_id", Kind::Text),
    ("because", Kind::Text),
    ("confidence", Kind::Bare),
    ("evidence", Kind::Text),
    ("is_primary", Kind::Truth),
    ("is_new", Kind::Truth),
];
const REJECTS: Columns = &[
    ("source", Kind::Text),
    ("id", Kind::Text),
    ("code", Kind::Text),
    ("object", Kind::Text),
    ("message", Kind::Text),
    ("content", Kind::Bare),
];
const REVIEW: Columns = &[
    ("mapping", Kind::Text),
    ("left_id", Kind::Text),
    ("key", Kind::Text),
    ("reason", Kind::Text),
    ("candidates", Kind::Bare),
];

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
        // a million lines take a while: two files are filled side by side, if a second connection is to be had
        let other = session.sister().await.ok();
        let reveal = Sql::constant(if self.reveal { "true" } else { "false" });
        let hidden = include_str!("../sql/export/hidden.sql");
        let hidden = Sql::fill(hidden, &[("run", &run), ("reveal", &reveal)]);
        let query = |template| Sql::fill(template, &[("run", &run), ("hidden", &hidden)]);
        let [crosswalk, rest @ ..] = all.map(|(name, columns, template)| (name, columns, query(template)));
        let crosswalk = async |s: &mut Session| self.both(s, &crosswalk).await;
        let rest = async |s: &mut Session| {
            for one in &rest {
                self.both(s, one).await?;
            }
            Ok(())
        };
        let Some(mut other) = other else {
            crosswalk(session).await?;
            return rest(session).await;
        };
        let (first, others) = tokio::join!(crosswalk(session), rest(&mut other));
        other.close().await;
        first.and(others)
    }

    /// One query into a CSV file and a JSON array.
    async fn both(&self, session: &mut Session, (name, columns, query): &(&str, Columns, Sql)) -> Result<()> {
        let (csv, json) = (format!("{name}.csv"), format!("{name}.json"));
        let wrong = |file: &str, e: std::io::Error| Error::file("write", &self.path.join(file), e);
        let titles: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
        let mut sheet = Sheet::new(self.file(&csv)?, &titles).map_err(|e| wrong(&csv, e.into()))?;
        let mut array = self.file(&json)?;
        array.write_all(b"[").map_err(|e| wrong(&json, e))?;
        let copy = Sql::fill("copy (${q}) to stdout", &[("q", query)]);
        let (mut first, mut line) = (true, Vec::new());
        let both = |piece: &[u8]| {
            let fields = sheet::fields(piece);
            sheet.line(fields.iter().map(|f| f.as_deref().unwrap_or_default()))?;
            line.clear();
            line.extend(if first { &b"\n"[..] } else { b",\n" });
            first = false;
            sheet::json(columns, &fields, &mut line)?;
            array.write_all(&line)
        };
        session.copy_out(name, &copy, both).await?;
        sheet.flush().map_err(|e| wrong(&csv, e))?;
        array.write_all(b"\n]\n").and_then(|()| array.flush()).map_err(|e| wrong(&json, e))
    }
}

/// A rollback brings its own timeouts: it may take longer than a batch, and waits longer for a lock.
pub fn script_settings(settings: &Settings) -> Sql {
    Settings { lock_timeout_ms: 30_000, statement_timeout_ms: 3_600_000, checks_client: false, ..settings.clone() }
        .sql()
}
