//! Saves a plan, and shows a saved one.

use crate::cli;
use crate::context::Desk;
use crate::error::Result;
use crate::run::{read_plan, save_plan};

pub async fn plan(desk: &mut Desk, args: cli::PlanArgs) -> Result<()> {
    save_plan(desk, args).await
}

/// Needs no server.
pub fn show(desk: &Desk, args: cli::Show) -> Result<()> {
    let (saved, digest) = read_plan(&args.file)?;
    desk.out.saved(&saved, &digest)
}
