//! One run as a page, Markdown, JSON or CSV.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, has_ledger, open};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::{backup, introspect, ledger, report};

pub async fn report(desk: &mut Desk, args: cli::Report) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (_, mut session) = open(desk, Upgrading::Allowed).await?;
    let runs = if has_ledger(&introspect::server(&mut session).await?)? {
        ledger::runs(&mut session, Some(&consolidation.name)).await?
    } else {
        Vec::new()
    };
    let newest = runs.first().map(|r| r.run);
    let Some(run) = args.run.or(newest) else {
        return Err(Error::Gate {
            what: format!("no run of `{}` on this database yet, so there is nothing to report", consolidation.name),
            findings: Vec::new(),
            hint: "`pgfold apply`".to_owned(),
        });
    };
    let mut story = report::story(&mut session, run).await?;
    let backups = args.backups.clone().unwrap_or_else(|| desk.backups().into());
    let of = &story.record;
    let found = backup::before(&backups, &of.database, of.system_identifier.as_deref(), of.requested_epoch as u64);
    story.backup = found.map(|(_, manifest)| manifest);
    session.close().await;
    if args.steps_csv {
        return desk.out.steps_csv(&story);
    }
    desk.out.story(&story, args.shape(desk.common.format))
}
