//! Takes a backup and reads it back; or reads one back again.

use crate::backup::{self, Access, Manifest};
use crate::cli::{self, BackupVerb};
use crate::config::Connection;
use crate::consolidation::Consolidation;
use crate::error::Result;
use crate::introspect;
use crate::operate::{Desk, Ground, open};

pub async fn backup(desk: &mut Desk, args: cli::Backup) -> Result<()> {
    if let Some(BackupVerb::Verify { folder }) = args.verb {
        let mut manifest = Manifest::read(&folder)?;
        let proof = backup::verify(&folder, &manifest)?;
        if let Ok((_, mut session)) = open(&desk.common, &desk.environment).await {
            manifest.is_of(&introspect::server(&mut session).await?)?;
        }
        manifest.verified = true;
        manifest.write(&folder)?;
        return desk.out.backup(&folder, &manifest, Some(&proof));
    }
    let (server, mut session) = open(&desk.common, &desk.environment).await?;
    let facts = introspect::server(&mut session).await?;
    let connection = Connection::gather(desk.common.database_url.as_deref(), &desk.environment)?;
    let access = Access::new(&connection, &server.address);
    let tables = if args.touched {
        let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
        let ground = Ground::survey(consolidation, server, &mut session).await?;
        Some(ground.touched())
    } else {
        None
    };
    let folder = args.into.join(backup::folder_name());
    let wanted = backup::Wanted { folder: folder.clone(), tables, server: &facts };
    let manifest = backup::take(&mut session, &access, &wanted).await?;
    session.close().await;
    desk.out.backup(&folder, &manifest, None)
}
