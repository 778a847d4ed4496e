//! The hash of what the rollback of a run stands on: kept when the run is done, compared when somebody looks.

use serde::Deserialize;
use serde_json::Value;

use super::versions::newest_version;
use super::{Run, ledger_sql};
use crate::error::{Error, Result};
use crate::pg::{Arg, Session};
use crate::sql::Sql;

/// The version since which the ledger knows what enhancements left and wrote.
const OF_ENHANCEMENTS: i32 = 7;

/// `$1` run: rows and hash of what its rollback stands on, in a ledger of this version.
pub fn digest_query(version: i32) -> Sql {
    let more = if version < OF_ENHANCEMENTS { Sql::constant("") } else { ledger_sql!("digest_of_enhancements") };
    Sql::fill(include_str!("../../sql/ledger/digest.sql"), &[("of_enhancements", &more)])
}

pub(super) async fn digest(session: &mut Session, run: Run, version: i32) -> Result<Value> {
    let found: Value = session.one("hashing the ledger", &digest_query(version), &[Arg::Int(run)]).await?;
    Ok(found.get("digest").cloned().unwrap_or(found))
}

/// Runs whose crosswalk, images and mappings are what they were when the run was done.
pub(super) async fn whole(session: &mut Session, version: i32) -> Result<Vec<Run>> {
    #[derive(Deserialize)]
    struct Kept {
        run: Run,
        digest: Value,
    }
    let kept: Vec<Kept> = session.rows("reading the digests", &ledger_sql!("digests"), &[]).await?;
    let mut whole = Vec::new();
    for one in kept {
        if digest(session, one.run, version).await? == one.digest {
            whole.push(one.run);
        }
    }
    Ok(whole)
}

/// Keeps what a later look is compared with.
pub async fn keep_digest(session: &mut Session, run: Run) -> Result<()> {
    let digest = digest(session, run, newest_version()).await?;
    let json = serde_json::to_string(&digest).map_err(|e| Error::bug(e.to_string()))?;
    session.execute("keeping the digest", &ledger_sql!("keep_digest"), &[Arg::Int(run), Arg::Text(json)]).await?;
    Ok(())
}
