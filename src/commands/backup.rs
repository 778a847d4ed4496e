//! Takes a backup and reads it back; or reads one back again.

use std::path::Path;

use crate::backup::{self, Access, Manifest, Restoring};
use crate::catalog::ServerFacts;
use crate::cli::{self, BackupVerb};
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, connect};
use crate::error::Result;
use crate::introspect;
use crate::pg::{Server, Session};

pub async fn backup(desk: &mut Desk, args: cli::Backup) -> Result<()> {
    if let Some(BackupVerb::Verify { folder }) = args.verb {
        let mut manifest = Manifest::read(&folder)?;
        let proof = backup::verify(&folder, &manifest)?;
        if let Ok((server, mut session)) = connect(&desk.common, &desk.environment).await {
            let facts = introspect::server(&mut session).await?;
            manifest.is_of(&facts)?;
            proven(&server, &mut session, &facts, &folder, &mut manifest).await?;
        }
        manifest.verified = true;
        manifest.write(&folder)?;
        return desk.out.backup(&folder, &manifest, Some(&proof));
    }
    let (server, mut session) = connect(&desk.common, &desk.environment).await?;
    let facts = introspect::server(&mut session).await?;
    let access = Access::new(&server);
    let tables = if args.touched {
        let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
        let ground = Ground::survey(consolidation, server.clone(), &mut session).await?;
        Some(ground.touched())
    } else {
        None
    };
    let folder = args.into.join(backup::folder_name());
    let wanted = backup::Wanted { folder: folder.clone(), tables, server: &facts };
    let mut manifest = backup::take(&mut session, &access, &wanted).await?;
    proven(&server, &mut session, &facts, &folder, &mut manifest).await?;
    session.close().await;
    desk.out.backup(&folder, &manifest, None)
}

/// One of named tables counts once it was restored somewhere.
async fn proven(
    server: &Server,
    session: &mut Session,
    facts: &ServerFacts,
    folder: &Path,
    manifest: &mut Manifest,
) -> Result<()> {
    if manifest.whole {
        return Ok(());
    }
    let access = Access::new(server);
    let into = Restoring { folder, manifest, server: facts };
    manifest.restored = backup::prove(session, server, &access, &into).await?;
    manifest.write(folder)
}
