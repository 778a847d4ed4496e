//! What all runs together teach.

use crate::cli::Which;
use crate::consolidation::Consolidation;
use crate::context::{Desk, has_ledger, open};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::{history as room, introspect};

pub async fn history(desk: &mut Desk, which: Which) -> Result<()> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (_, mut session) = open(desk, Upgrading::Allowed).await?;
    if !has_ledger(&introspect::server(&mut session).await?)? {
        return Err(Error::Gate {
            what: "nothing was run on this database yet, so there is no history".to_owned(),
            findings: Vec::new(),
            hint: "`pgfold migrate --dry-run`".to_owned(),
        });
    }
    let told = room::history(&mut session, &consolidation.name).await?;
    session.close().await;
    desk.out.history(&told)
}
