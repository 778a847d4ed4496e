//! Drafts a consolidation's folder from what the server holds, or copies a bundled one.

use crate::cli;
use crate::context::Desk;
use crate::error::Result;
use crate::init::drafted;

pub async fn init(desk: &mut Desk, args: cli::Init) -> Result<()> {
    drafted(desk, args).await
}
