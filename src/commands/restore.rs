//! Loads a verified backup.

use crate::backup::{self, Access, Manifest, Restoring};
use crate::cli;
use crate::context::{Desk, connect};
use crate::error::{Error, Result};
use crate::introspect;

pub async fn restore(desk: &mut Desk, args: cli::Restore) -> Result<()> {
    let manifest = Manifest::read(&args.folder)?;
    let (server, mut session) = connect(&desk.common, &desk.environment).await?;
    let facts = introspect::server(&mut session).await?;
    let access = Access::new(&server);
    let into = Restoring { folder: &args.folder, manifest: &manifest, server: &facts };
    let began = std::time::Instant::now();
    let name = match &args.into {
        Some(name) => {
            let fresh = server.database(name);
            backup::into_new(&mut session, &access, &into, name).await?;
            let mut there = fresh.open().await?;
            backup::counted(&mut there, &manifest.everything()).await?;
            there.close().await;
            name.clone()
        }
        None => {
            if desk.common.governed.confirm_database.as_deref() != Some(facts.database.as_str()) {
                return Err(Error::usage(
                    format!("a restore in place replaces what is in `{}`; name it", facts.database),
                    format!("add `--confirm-database {}`", facts.database),
                ));
            }
            backup::in_place(&mut session, &access, &into).await?;
            facts.database.clone()
        }
    };
    session.close().await;
    desk.out.restored(&args.folder, &name, &manifest, began.elapsed())
}
