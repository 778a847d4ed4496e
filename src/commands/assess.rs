//! MIG-1: what is there, what depends on it, what it will take.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::Result;
use crate::operate::gated::assess as looked;
use crate::operate::{Desk, Ground, open};

pub async fn assess(desk: &mut Desk, args: cli::Which) -> Result<()> {
    let consolidation = Consolidation::load(args.consolidation.as_deref())?;
    let (server, mut session) = open(&desk.common, &desk.environment).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let documents = looked(desk, &ground, &mut session).await?;
    session.close().await;
    match documents.first() {
        Some(assessment) => desk.out.document(assessment),
        None => Ok(()),
    }
}
