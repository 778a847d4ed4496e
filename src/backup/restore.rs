//! Loads a verified backup: into a new database, or in place as one transaction.

use std::path::Path;

use super::manifest::DUMP;
use super::part::{entries, list_of};
use super::program::{Access, at_least, run};
use super::{Manifest, Rows, refuse, verify};
use crate::catalog::ServerFacts;
use crate::error::{Error, Result};
use crate::pg::{Arg, Server, Session};
use crate::sql::{Ident, Sql};
use crate::text;

/// The backup and the server that it goes to.
pub struct Restoring<'a> {
    pub folder: &'a Path,
    pub manifest: &'a Manifest,
    pub server: &'a ServerFacts,
}

impl Restoring<'_> {
    fn fits(&self) -> Result<()> {
        verify(self.folder, self.manifest)?;
        let (theirs, ours) = (self.manifest.major(), self.server.version / 10_000);
        if theirs > ours {
            return Err(refuse(
                format!("the backup was taken of a server of version {theirs}, this one is of version {ours}"),
                format!("restore on PostgreSQL {theirs} or later"),
            ));
        }
        at_least("pg_restore", ours, "the server").map(|_| ())
    }
}

/// Into a database that is not there yet; its rows are counted afterwards.
pub async fn into_new(session: &mut Session, access: &Access, into: &Restoring<'_>, name: &str) -> Result<()> {
    into.fits()?;
    let ident = Ident::new(name).map_err(|e| Error::usage(format!("`{}`: {e}", text::inert(name)), "another name"))?;
    let there = Sql::constant("select exists (select from pg_database where datname = $1)");
    if session.one::<bool>("looking for the database", &there, &[name.into()]).await? {
        return Err(refuse(
            format!("there is a database `{}` already", text::inert(name)),
            "name one that is not there yet",
        ));
    }
    let create = Sql::fill("create database ${n} template template0", &[("n", &ident)]);
    session.script("creating the database", &create).await?;
    let mut restore = access.database(name).command("pg_restore");
    restore.args(["--exit-on-error", "--single-transaction", "--dbname"]).arg(name).arg(into.folder.join(DUMP));
    let restored = run("pg_restore did not finish", &mut restore);
    if restored.is_err() {
        // a half-made database helps nobody, and its name would be taken
        drop(session, &ident).await;
    }
    restored.map(|_| ())
}

async fn drop(session: &mut Session, database: &Ident) {
    let drop = Sql::fill("drop database ${n} with (force)", &[("n", database)]);
    session.script("dropping the database", &drop).await.ok();
}

/// Restores it into a throw-away database and counts its rows there; false where we may not create one.
pub async fn prove(session: &mut Session, server: &Server, access: &Access, into: &Restoring<'_>) -> Result<bool> {
    let may = Sql::constant("select rolsuper or rolcreatedb from pg_roles where rolname = current_user");
    if into.server.in_recovery || !session.one::<bool>("asking for rights", &may, &[]).await? {
        return Ok(false);
    }
    let name = format!("pgfold_proof_{}_{}", std::process::id(), into.manifest.taken_at_epoch);
    let ident = Ident::of_the_server(name.as_str());
    let proven = async {
        into_new(session, access, into, &name).await?;
        let mut there = server.database(&name).open().await?;
        let counted = counted(&mut there, &into.manifest.everything()).await;
        there.close().await;
        counted
    };
    let proven = proven.await;
    drop(session, &ident).await;
    proven.map(|()| true).map_err(|e| {
        refuse(format!("the backup cannot be restored, so it does not count: {e}"), "take all of it: `pgfold backup`")
    })
}

/// What hangs on the backup's tables and would not come back with them.
pub async fn outside(session: &mut Session, into: &Restoring<'_>) -> Result<Vec<String>> {
    let tables: Vec<String> = into.manifest.tables.iter().map(|t| t.table.clone()).collect();
    let sql = Sql::constant(include_str!("../../sql/backup/outside.sql"));
    session.rows("looking for dependants", &sql, &[Arg::Texts(tables), Arg::Texts(listed(into.folder)?)]).await
}

/// What to do about them: what a run made goes with the run.
async fn way_on(session: &mut Session, manifest: &Manifest, outside: &[String]) -> Result<String> {
    #[derive(serde::Deserialize)]
    struct Since {
        consolidation: String,
        made: Vec<String>,
    }
    let ledger = Sql::constant("select to_regclass('pgfold.run') is not null");
    let since: Vec<Since> = if session.one("looking for the ledger", &ledger, &[]).await? {
        let taken = Arg::Int(i64::try_from(manifest.taken_at_epoch).unwrap_or(0));
        session.rows("reading the ledger", &Sql::constant(include_str!("../../sql/backup/made.sql")), &[taken]).await?
    } else {
        Vec::new()
    };
    let by_hand = "drop them first and create them again afterwards, or restore into a new database: `--into NAME`";
    let is = |what: &str, name: &str| what.split(' ').any(|w| w.rsplit('.').next() == Some(name));
    let names: Vec<&str> = (since.iter())
        .filter(|s| s.made.iter().any(|name| outside.iter().any(|what| is(what, name))))
        .map(|s| s.consolidation.as_str())
        .collect();
    if names.is_empty() {
        return Ok(by_hand.to_owned());
    }
    let rollbacks = names.iter().map(|n| format!("`pgfold rollback {} --level schema --execute`", text::inert(n)));
    let rollbacks: Vec<String> = rollbacks.collect();
    Ok(format!(
        "runs of {} since the backup made some of them and take them away again: {} (the folder instead of a name \
         that is not bundled), then restore; what is left then: {by_hand}",
        text::quoted_list(&names),
        rollbacks.join(", ")
    ))
}

/// `view schema name`, `function schema name(…)` of the dump's list.
fn listed(folder: &Path) -> Result<Vec<String>> {
    let lines = entries(folder)?;
    let entries = lines.iter().filter_map(|l| {
        let words: Vec<&str> = l.split_whitespace().skip(3).collect();
        match words.as_slice() {
            ["VIEW", schema, name, _] => Some(format!("view {schema} {name}")),
            ["MATERIALIZED", "VIEW", schema, name, _] => Some(format!("view {schema} {name}")),
            ["FUNCTION", schema, rest @ ..] => Some(format!("function {schema} {}", rest.join(" "))),
            _ => None,
        }
    });
    Ok(entries.collect())
}

/// Over what is there now, all or nothing.
pub async fn in_place(session: &mut Session, access: &Access, into: &Restoring<'_>) -> Result<()> {
    into.fits()?;
    let (m, s) = (into.manifest, into.server);
    m.is_of(s)?;
    let outside = outside(session, into).await?;
    if !outside.is_empty() {
        return Err(refuse(
            format!(
                "what the backup does not hold hangs on what it would replace: {}",
                text::inert(&text::list(&outside))
            ),
            way_on(session, m, &outside).await?,
        ));
    }
    let mut restore = access.command("pg_restore");
    restore.args(["--exit-on-error", "--single-transaction", "--clean", "--if-exists", "--dbname"]).arg(&s.database);
    if let Some(list) = list_of(into.folder) {
        restore.arg("--use-list").arg(list);
    }
    restore.arg(into.folder.join(DUMP));
    run("pg_restore did not finish, nothing was changed", &mut restore)?;
    let sql = Sql::constant(include_str!("../../sql/backup/restored.sql"));
    session.execute("noting the restore", &sql, &[Arg::Int(i64::try_from(m.taken_at_epoch).unwrap_or(0))]).await.ok();
    counted(session, &m.tables).await
}

/// The restored tables hold what the manifest says.
pub async fn counted(session: &mut Session, tables: &[Rows]) -> Result<()> {
    for Rows { table, rows } in tables {
        let count = Sql::fill("select count(*) from ${t}", &[("t", &Sql::of_the_server(table.as_str()))]);
        let found: u64 = session.one("counting rows", &count, &[]).await?;
        if found != *rows {
            return Err(refuse(
                format!("{} holds {found} rows after the restore, the backup {rows}", text::inert(table)),
                "somebody wrote meanwhile; look before you go on",
            ));
        }
    }
    Ok(())
}
