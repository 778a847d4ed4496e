//! What each run did and how far it came.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::Result;
use crate::folder::Folder;
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
    if args.rollback {
        let ready = if runs.is_empty() { Vec::new() } else { ledger::ready(&mut session, &consolidation.name).await? };
        let page = desk.out.ready(&consolidation.name, &ready)?;
        for folder in ready.iter().filter_map(|r| r.folder.as_ref()).map(std::path::Path::new).filter(|f| f.is_dir()) {
            Folder { path: folder.to_owned() }.write("rollback-readiness.md", &page)?;
        }
        session.close().await;
        return Ok(());
    }
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
