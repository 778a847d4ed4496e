//! The version of the ledger's schema: an older ledger is upgraded in one transaction, a newer one is refused.
//!
//! To change a table of the ledger: change it in `sql/ledger/schema.sql` or `record.sql`, which create a new ledger at
//! the newest version, and add `sql/ledger/upgrades/NNNN_what.sql` with a line in [`UPGRADES`], which brings an older
//! ledger there. A test compares the two. An upgrade runs in one transaction with all others that are missing; views,
//! functions, triggers and comments are created anew after it. A view whose columns
//! change is dropped in the upgrade. Digests of runs are taken anew where they held before.

use serde::Deserialize;

use super::digest::{keep_digest, whole};
use super::ledger_sql;
use super::versions::{UPGRADES, newest_version};
use crate::error::{Error, Result};
use crate::pg::Session;
use crate::sql::{Literal, Sql};
use crate::text;

/// What a command may do with a ledger of an older version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upgrading {
    /// Upgrade it, unless a run of the older program is unfinished.
    Allowed,
    /// The same, beside an unfinished run as well: it is to be rolled back.
    BesideUnfinished,
    /// Refuse it: the command writes nothing.
    Refused,
}

#[derive(Debug, Deserialize)]
struct There {
    there: bool,
    versioned: bool,
    owner: String,
    ours: bool,
    readable: bool,
    read_only: bool,
}

#[derive(Debug, Deserialize)]
struct Version {
    version: i32,
    tool_version: String,
}

/// A run that an upgrade would disturb.
#[derive(Debug, Deserialize)]
struct Disturbed {
    run: i64,
    consolidation: String,
    tool_version: String,
    at_work: bool,
}

/// Brings the ledger to the newest version where it is older. Answers with the version before, if it was upgraded;
/// a ledger that is absent or that we may not read is left to whoever reads it.
pub async fn upgrade(session: &mut Session, upgrading: Upgrading) -> Result<Option<i32>> {
    let there: There = session.one("reading the ledger's version", &ledger_sql!("version_there"), &[]).await?;
    if !there.there || !there.readable {
        return Ok(None);
    }
    let version = known(session, &there).await?;
    if version == newest_version() {
        return Ok(None);
    }
    refuse(&there, version, upgrading)?;
    if let Some(run) = disturbed(session, upgrading).await? {
        return Err(unfinished(&run, version));
    }
    ensure(session).await?;
    Ok(Some(version))
}

/// Creates the schema and its tables where they are missing, and upgrades those of an older version.
pub async fn ensure(session: &mut Session) -> Result<()> {
    session.begin_bare().await?;
    match bring_up(session).await {
        Ok(()) => session.commit().await,
        Err(error) => {
            // leave no broken transaction behind for whoever uses the session next
            session.rollback().await.ok();
            Err(error.without_rows())
        }
    }
}

async fn bring_up(session: &mut Session) -> Result<()> {
    lock(session).await?;
    let version = version(session).await?;
    // an upgrade may change what is hashed; a run that was not what it was when it was done stays so
    let unchanged = if version < newest_version() { whole(session, version).await? } else { Vec::new() };
    session.script("setting up the ledger", &script(version)).await?;
    for run in unchanged {
        keep_digest(session, run).await?;
    }
    Ok(())
}

/// The version of a ledger that is there; refuses one that is newer than this program.
async fn known(session: &mut Session, there: &There) -> Result<i32> {
    if !there.versioned {
        return Ok(0);
    }
    let found: Option<Version> = session.maybe("reading the ledger's version", &ledger_sql!("version"), &[]).await?;
    let Some(found) = found else { return Ok(0) };
    if found.version <= newest_version() {
        return Ok(found.version);
    }
    Err(Error::Gate {
        what: format!(
            "the ledger in this database has version {}; this is pgfold {}, which knows versions up to {}",
            found.version,
            env!("CARGO_PKG_VERSION"),
            newest_version()
        ),
        findings: Vec::new(),
        hint: format!(
            "use pgfold {} or newer, which brought the ledger there; nothing was written",
            text::inert(&found.tool_version)
        ),
    })
}

fn refuse(there: &There, version: i32, upgrading: Upgrading) -> Result<()> {
    let (why, hint) = if upgrading == Upgrading::Refused {
        ("and this command writes nothing".to_owned(), "`pgfold status` upgrades it, in one transaction".to_owned())
    } else if there.read_only {
        ("and this server is read-only".to_owned(), "`pgfold status` on the primary upgrades it".to_owned())
    } else if !there.ours {
        let owner = text::inert(&there.owner);
        (format!("and only its owner `{owner}` can upgrade it"), format!("`pgfold status` as `{owner}` upgrades it"))
    } else {
        return Ok(());
    };
    Err(Error::Gate {
        what: format!(
            "the ledger in this database has version {version}, written by an older pgfold; this one needs version {}, {why}",
            newest_version()
        ),
        findings: Vec::new(),
        hint,
    })
}

async fn disturbed(session: &mut Session, upgrading: Upgrading) -> Result<Option<Disturbed>> {
    let in_the_way: Vec<Disturbed> =
        session.rows("looking for unfinished runs", &ledger_sql!("version_in_the_way"), &[]).await?;
    let stops = |run: &Disturbed| run.at_work || upgrading != Upgrading::BesideUnfinished;
    Ok(in_the_way.into_iter().find(stops))
}

fn unfinished(run: &Disturbed, version: i32) -> Error {
    let (number, name) = (run.run, text::inert(&run.consolidation));
    let by = format!("pgfold {}", text::inert(&run.tool_version));
    if run.at_work {
        return Error::Locked {
            what: format!("run {number} of `{name}` is operated by an older pgfold; the ledger cannot be upgraded now"),
            hint: "wait for its end, then run this command again".to_owned(),
        };
    }
    Error::Gate {
        what: format!(
            "run {number} of `{name}` stopped half-way; its stored statements write version {version} of the ledger, \
             and this pgfold needs version {}",
            newest_version()
        ),
        findings: Vec::new(),
        hint: format!(
            "finish it with {by} (`pgfold resume`), or roll it back with this one: `pgfold rollback {name} --run {number} --execute`"
        ),
    }
}

/// The version of the ledger; a database without one will have the newest.
async fn version(session: &mut Session) -> Result<i32> {
    let there: There = session.one("reading the ledger's version", &ledger_sql!("version_there"), &[]).await?;
    if there.there { known(session, &there).await } else { Ok(newest_version()) }
}

/// The upgrades that a ledger of this version lacks, and the newest schema.
fn script(version: i32) -> Sql {
    let missing = UPGRADES.iter().filter(|(number, _)| *number > version);
    let upgrades = Sql::join("\n", missing.map(|(_, sql)| Sql::constant(sql)));
    Sql::fill("${upgrades}\n${schema}", &[("upgrades", &upgrades), ("schema", &schema())])
}

/// The newest schema and the row for its version, for a database without a ledger or with one of that version.
pub fn schema() -> Sql {
    let arguments: [(&str, &dyn crate::sql::Piece); 2] =
        [("version", &i64::from(newest_version())), ("tool", &Literal::new(env!("CARGO_PKG_VERSION")))];
    let note = Sql::fill(include_str!("../../sql/ledger/version_note.sql"), &arguments);
    let parts = [ledger_sql!("schema"), ledger_sql!("record"), ledger_sql!("comments"), note];
    Sql::join("\n", parts)
}

/// Keeps other writers of the schema out until the transaction ends; no event of a trigger may wait when a table changes.
async fn lock(session: &mut Session) -> Result<()> {
    let lock = Sql::constant(
        "select pg_advisory_xact_lock(7160531); set local client_min_messages = warning; set local lock_timeout = '30s'; \
         set constraints all immediate",
    );
    session.script("setting up the ledger", &lock).await
}

/// Refuses to carry out statements that were stored for a ledger of another version.
pub fn can_carry_out(run: i64, stored_for: Option<i32>) -> Result<()> {
    match stored_for {
        Some(version) if version < PLANS_SINCE => Err(Error::Gate {
            what: format!(
                "the statements of run {run} were stored for version {version} of the ledger, which is upgraded since"
            ),
            findings: Vec::new(),
            hint: format!("`pgfold rollback --run {run} --execute` rolls it back, `pgfold apply` starts a new run"),
        }),
        _ => Ok(()),
    }
}

/// The oldest version whose stored statements still write the ledger of today.
const PLANS_SINCE: i32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upgrades_are_numbered_without_a_gap() {
        let numbers: Vec<i32> = UPGRADES.iter().map(|(version, _)| *version).collect();
        let expected: Vec<i32> = (1..=UPGRADES.len() as i32).collect();
        assert_eq!(numbers, expected);
    }
}
