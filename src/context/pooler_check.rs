//! What doctor sees around a run, and the pooler that a writing command works behind or refuses.

use std::process::{Command, Stdio};

use super::{Desk, Ground};
use crate::config::defaults;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::introspect;
use crate::pg::{Server, Session};
use crate::preflight;
use crate::sql::Name;

impl Ground {
    /// Everything around a run; `free`: what the DBA says of the disk.
    pub async fn around(&self, session: &mut Session, free: Option<u64>) -> Result<Vec<Finding>> {
        let pooler = introspect::pooler(&self.server, session).await?;
        let mut findings = preflight::pooler(pooler.as_ref().map(|p| p.endpoint.as_deref()));
        let Ok(target) = self.target() else { return Ok(findings) };
        let sources = &self.consolidation.manifest.sources;
        let sources: Vec<Name> =
            sources.iter().filter_map(|s| self.catalog.table(&s.table)).map(|t| t.name.clone()).collect();
        let around = introspect::surroundings(session, &self.consolidation.name, &target.name, &sources).await?;
        let seen = around.data_directory.as_deref().filter(|_| around.is_local).and_then(free_bytes);
        findings.extend(preflight::around(&around, defaults::number(defaults::WORKERS).into(), free.or(seen)));
        Ok(findings)
    }
}

/// Behind a pooler in transaction mode a run is worked with as one: nothing of it lasts longer than a transaction.
pub async fn pooler(desk: &Desk, server: &Server, session: &mut Session) -> Result<()> {
    if server.is_pooled() || introspect::pooler(server, session).await?.is_none() {
        return Ok(());
    }
    server.goes_through_a_pooler();
    desk.out.say("a pooler in transaction mode is in between: everything is done within transactions, and the lease is kept by beats");
    Ok(())
}

/// A rehearsal needs a session that stays: behind a pooler in transaction mode it is refused, with the way around.
pub async fn no_pooler(server: &Server, session: &mut Session) -> Result<()> {
    let Some(pooler) = introspect::pooler(server, session).await? else { return Ok(()) };
    Err(Error::Gate {
        what: "a pooler in transaction mode is between us and the server; nothing was written".to_owned(),
        findings: preflight::pooler(Some(pooler.endpoint.as_deref())),
        hint: "give the server's own address in DATABASE_URL; reading commands and dry runs work here, too".to_owned(),
    })
}

/// As `df` sees it; nothing where it cannot look.
fn free_bytes(folder: &str) -> Option<u64> {
    let mut df = Command::new("df");
    df.args(["-B1", "--output=avail", folder]).stdin(Stdio::null()).stderr(Stdio::null()).env("LC_ALL", "C");
    let output = df.output().ok().filter(|o| o.status.success())?;
    String::from_utf8(output.stdout).ok()?.lines().nth(1)?.trim().parse().ok()
}
