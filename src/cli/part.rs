//! What a run takes of the legacy rows, and what it asks of those who write them.

use clap::Args;

use super::{Pace, Which};

/// Which legacy rows a run takes; the others are left pending.
#[derive(Debug, Clone, Default, Args)]
pub struct Picking {
    /// Take only rows of these sources; the rest stays pending until a later migrate.
    #[arg(long, value_name = "TABLE", num_args = 1..)]
    pub source: Vec<String>,
    /// Take only rows with these keys.
    #[arg(long, value_name = "KEY", num_args = 1..)]
    pub only: Vec<String>,
    /// Take only the next N rows that no run has seen yet.
    #[arg(long, value_name = "N", conflicts_with = "only", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Write rows that changed since over what an earlier run made of them; a rollback brings that back.
    #[arg(long)]
    pub changed: bool,
}

/// What a run asks of those who write to the legacy tables.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Live {
    /// The application goes on writing to the legacy tables; at the end they are locked for a moment, and nothing is missed.
    #[arg(long)]
    pub online: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Resume {
    #[command(flatten)]
    pub which: Which,
    /// Rows that were edited since the run began are listed apart instead of failing the checks.
    #[arg(long)]
    pub accept_edits: bool,
    #[command(flatten)]
    pub pace: Pace,
    /// Take the lease from an operator who hangs.
    #[arg(long)]
    pub take_over: bool,
}
