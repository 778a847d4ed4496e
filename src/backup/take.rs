//! Takes a backup: one snapshot for the dump and for the row counts, and it is read back before it counts.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::manifest::{DUMP, fingerprint, write};
use super::part::{Kept, kept};
use super::program::{Access, at_least, run};
use super::{Manifest, Rows, verify};
use crate::catalog::ServerFacts;
use crate::error::{Error, Result};
use crate::pg::{Arg, Isolation, Session, Settings};
use crate::sql::Sql;

/// Where a backup goes and what it holds.
pub struct Wanted<'a> {
    pub folder: PathBuf,
    /// Quoted names; `None` is everything.
    pub tables: Option<Vec<String>>,
    pub server: &'a ServerFacts,
}

pub async fn take(session: &mut Session, access: &Access, wanted: &Wanted<'_>) -> Result<Manifest> {
    let server = wanted.server;
    let pg_dump = at_least("pg_dump", server.version / 10_000, "the server")?;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&wanted.folder)
        .map_err(|e| Error::file("make the folder", &wanted.folder, e))?;
    let began = Instant::now();
    session.begin(Isolation::RepeatableReadOnly, &Settings::new(Vec::new(), server.version)).await?;
    let taken = in_snapshot(session, access, wanted).await;
    session.rollback().await.ok();
    let (tables, around, taken_at, taken_at_epoch) = taken?;
    let (bytes, sha256) = fingerprint(&wanted.folder)?;
    let mut manifest = Manifest {
        format: 1,
        taken_at,
        taken_at_epoch,
        database: server.database.clone(),
        system_identifier: server.system_identifier.clone(),
        server_version: server.version,
        pg_dump,
        pgfold: env!("CARGO_PKG_VERSION").to_owned(),
        whole: wanted.tables.is_none(),
        bytes,
        sha256,
        tables,
        around,
        took_ms: 0,
        verified: false,
        restored: false,
    };
    manifest.write(&wanted.folder)?;
    script(&wanted.folder)?;
    verify(&wanted.folder, &manifest)?;
    manifest.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    manifest.verified = true;
    manifest.write(&wanted.folder)?;
    Ok(manifest)
}

type Taken = (Vec<Rows>, Vec<Rows>, String, u64);

async fn in_snapshot(session: &mut Session, access: &Access, wanted: &Wanted<'_>) -> Result<Taken> {
    let snapshot = Sql::constant(
        "select pg_export_snapshot() as snapshot, now()::text as at, extract(epoch from now())::bigint as epoch",
    );
    #[derive(serde::Deserialize)]
    struct Row {
        snapshot: String,
        at: String,
        epoch: u64,
    }
    let row: Row = session.one("exporting a snapshot", &snapshot, &[]).await?;
    let mut dump = access.command("pg_dump");
    dump.args(["--format=custom", "--lock-wait-timeout=30000", "--exclude-schema=pgfold", "--snapshot"])
        .arg(&row.snapshot);
    dump.arg("--file").arg(wanted.folder.join(DUMP));
    let kept = match &wanted.tables {
        Some(tables) => Some(kept(session, tables).await?),
        None => None,
    };
    dump.args(kept.iter().flat_map(Kept::arguments));
    run("pg_dump did not finish", &mut dump)?;
    let (mut tables, mut around) = (None, None);
    if let Some(kept) = kept {
        kept.list(access, &row.snapshot, &wanted.folder)?;
        (tables, around) = (Some(kept.touched), Some(kept.around));
    }
    let tables = counted(session, tables).await?;
    let around = if around.is_some() { counted(session, around).await? } else { Vec::new() };
    Ok((tables, around, row.at, row.epoch))
}

/// The rows of these tables, or of all.
async fn counted(session: &mut Session, tables: Option<Vec<String>>) -> Result<Vec<Rows>> {
    let names = Sql::constant(include_str!("../../sql/backup/tables.sql"));
    let chosen = tables.map_or(Arg::OptionalText(None), Arg::Texts);
    let names: Vec<String> = session.rows("listing tables", &names, &[chosen]).await?;
    let mut out = Vec::new();
    for table in names {
        let count = Sql::fill("select count(*) from ${t}", &[("t", &Sql::of_the_server(table.as_str()))]);
        out.push(Rows { rows: session.one("counting rows", &count, &[]).await?, table });
    }
    Ok(out)
}

/// One per second, in the order of time.
pub fn folder_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}", now.as_secs())
}

/// Restores without pgfold; says how to be called when it is called wrongly.
fn script(folder: &Path) -> Result<()> {
    write(folder, "restore.sh", include_str!("restore.sh"), 0o700)
}
