//! What each run did and how far it came.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::Result;
use crate::operate::{Desk, open};
use crate::{introspect, ledger, report};

pub async fn status(desk: &mut Desk, args: cli::Status) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (_, mut session) = open(&desk.common, &desk.environment).await?;
    let runs = if introspect::server(&mut session).await?.has_ledger {
        ledger::runs(&mut session, Some(&consolidation.name)).await?
    } else {
        Vec::new()
    };
    match args.run {
        Some(run) => {
            let report = report::report(&mut session, run).await?;
            desk.out.report(&report)?;
        }
        None => desk.out.runs(&consolidation.name, &runs)?,
    }
    session.close().await;
    Ok(())
}
