//! MIG-1: what is there, what depends on it, what it will take.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, open};
use crate::error::Result;
use crate::ledger::Upgrading;
use crate::run::gates::assess as looked;

pub async fn assess(desk: &mut Desk, args: cli::Which) -> Result<()> {
    let consolidation = Consolidation::load(args.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Refused).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let documents = looked(desk, &ground, &mut session).await?;
    session.close().await;
    match documents.first() {
        Some(assessment) => desk.out.document(assessment),
        None => Ok(()),
    }
}
