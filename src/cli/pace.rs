//! How rows are moved.

use clap::Args;

use crate::config::defaults;

/// How rows are moved.
#[derive(Debug, Clone, Args)]
pub struct Pace {
    /// Workers that move rows side by side.
    #[arg(long, default_value = defaults::WORKERS, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: u16,
    /// Rows per batch.
    #[arg(long, default_value = defaults::BATCH_ROWS, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub batch_rows: u32,
    /// Tries per batch for transient failures.
    #[arg(long, default_value = defaults::ATTEMPTS, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub attempts: u32,
    /// How long one batch or step may be retried in all.
    #[arg(long, default_value = defaults::DEADLINE, value_name = "TIME", value_parser = crate::text::parse_duration)]
    pub deadline: std::time::Duration,
    /// How long a statement waits for a lock before it is cancelled.
    #[arg(long, default_value = defaults::LOCK_TIMEOUT, value_name = "TIME", value_parser = crate::text::parse_duration)]
    pub lock_timeout: std::time::Duration,
    /// How long a statement may take; a batch that takes longer is halved.
    #[arg(long, default_value = defaults::STATEMENT_TIMEOUT, value_name = "TIME", value_parser = crate::text::parse_duration)]
    pub statement_timeout: std::time::Duration,
    /// Pause after each batch.
    #[arg(long, value_name = "TIME", value_parser = crate::text::parse_duration)]
    pub batch_delay: Option<std::time::Duration>,
    /// No batch begins while this file exists.
    #[arg(long, value_name = "FILE")]
    pub pause_file: Option<std::path::PathBuf>,
    /// Stop in time to take the run back within this time in all; `pgfold resume` continues.
    #[arg(long, value_name = "TIME", value_parser = crate::text::parse_duration)]
    pub run_time: Option<std::time::Duration>,
    /// Wait while a replica or a slot is further behind than this.
    #[arg(long, value_name = "SIZE", value_parser = crate::text::parse_bytes)]
    pub max_lag: Option<u64>,
}
