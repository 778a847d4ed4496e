//! One operator at a time: a lease with an epoch, held by a session that is still there.

use serde::Deserialize;

use super::{Run, ledger_sql};
use crate::error::{Error, Result};
use crate::pg::{Arg, Session};
use crate::sql::Sql;

/// The right to operate a consolidation, as long as its session lives.
#[derive(Debug, Clone)]
pub struct Lease {
    pub consolidation: String,
    pub epoch: i64,
}

/// Who holds the lease now.
#[derive(Debug, Clone, Deserialize)]
pub struct Owner {
    pub who: Option<String>,
    pub backend: Option<i32>,
    pub run: Option<i64>,
    pub since: String,
}

impl Lease {
    /// Takes the lease when it is free or its owner is gone; over a living owner only with `take_over`.
    pub async fn take(session: &mut Session, consolidation: &str, take_over: bool) -> Result<Lease> {
        let args = [consolidation.into(), Arg::Bool(take_over)];
        let epochs: Vec<i64> = session.returning("taking the lease", &ledger_sql!("lease"), &args).await?;
        if let Some(epoch) = epochs.first() {
            return Ok(Lease { consolidation: consolidation.to_owned(), epoch: *epoch });
        }
        let owner: Option<Owner> =
            session.maybe("reading the lease", &ledger_sql!("lease_owner"), &[consolidation.into()]).await?;
        let owner = owner.map_or(String::new(), |o| {
            format!(
                " since {} by `{}` (server process {}{})",
                o.since,
                o.who.unwrap_or_default(),
                o.backend.unwrap_or_default(),
                o.run.map(|r| format!(", run {r}")).unwrap_or_default()
            )
        });
        Err(Error::Locked {
            what: format!("`{consolidation}` is being operated{owner}"),
            hint: "wait for it, watch it with `pgfold status`, or take over with --take-over if you are sure it hangs"
                .to_owned(),
        })
    }

    pub async fn belongs_to(&self, session: &mut Session, run: Run) -> Result<()> {
        let sql = Sql::constant("update pgfold.lease set run = $2::bigint where consolidation = $1");
        session.execute("noting the run", &sql, &[self.consolidation.as_str().into(), Arg::Int(run)]).await?;
        Ok(())
    }

    pub async fn release(self, session: &mut Session) {
        // a session that is gone has released it already
        session
            .execute("releasing the lease", &ledger_sql!("lease_release"), &[self.consolidation.as_str().into()])
            .await
            .ok();
    }
}
