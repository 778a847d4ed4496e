//! Continues the run that stopped half-way, from its stored plan.

use crate::cli;
use crate::context::Desk;
use crate::error::Result;
use crate::{export, run};

pub async fn resume(desk: &mut Desk, args: cli::Resume) -> Result<()> {
    if args.gated.manual {
        return export::rest(desk, &args.which).await;
    }
    run::resume(desk, args).await
}
