//! Throws away before-images that nobody can need any more.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, has_ledger, open};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::run::gates::production::named;
use crate::{introspect, ledger};

pub async fn cleanup(desk: &mut Desk, args: cli::Cleanup) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    if !args.before_images {
        return Err(Error::usage("nothing was named to clean up", "`pgfold cleanup --before-images --older-than 30d`"));
    }
    let dry = desk.dry(args.dry_run)?;
    let (_, mut session) = open(desk, if dry { Upgrading::Refused } else { Upgrading::Allowed }).await?;
    let facts = introspect::server(&mut session).await?;
    if !has_ledger(&facts)? {
        return desk.out.cleaned(&[], 0, dry);
    }
    if !dry {
        named(desk, &facts.database, &mut session, false).await?;
        desk.out.confirm("throw away old before-images? those runs cannot be rolled back then", desk.common.yes)?;
    }
    let window = desk.window()?;
    let (runs, rows) = ledger::clean(&mut session, &consolidation.name, args.older_than.0, window, dry).await?;
    session.close().await;
    desk.out.cleaned(&runs, rows, dry)
}
