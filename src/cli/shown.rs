//! How a run is looked at before it is one: what a dry run shows, and what a rehearsal may take.

use clap::Args;

/// How much a dry run shows.
#[derive(Debug, Clone, Args)]
pub struct Shown {
    /// Rows shown per source.
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub row_limit: u64,
    /// Differences shown per source.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub diff_limit: u64,
    /// Show the columns that the manifest calls sensitive.
    #[arg(long)]
    pub reveal: bool,
    /// Write every row, fault and difference of a dry run into this folder, as CSV and NDJSON.
    #[arg(long, value_name = "DIR")]
    pub out: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub suggest: Suggest,
    #[command(flatten)]
    pub rehearse: Rehearse,
}

/// What to do about a contract that does not hold.
#[derive(Debug, Clone, Default, Args)]
pub struct Suggest {
    /// Where names in the manifest are wrong, write the corrected manifest as a diff for `patch`; applies nothing.
    #[arg(long, value_name = "FILE")]
    pub suggest: Option<std::path::PathBuf>,
}

/// Trying everything in one transaction that is taken back.
#[derive(Debug, Clone, Default, Args)]
pub struct Rehearse {
    /// Do everything in one transaction, look at outcomes, times and locks, and take it all back.
    #[arg(long, conflicts_with_all = ["dry_run", "take_over"])]
    pub rehearse: bool,
    /// How long a rehearsal may hold its locks (10m outside production, where it must be given).
    #[arg(long, value_name = "TIME", value_parser = crate::text::parse_duration, requires = "rehearse")]
    pub time_limit: Option<std::time::Duration>,
    /// The name of the database in which a rehearsal is to be; production is not rehearsed without it.
    #[arg(long, value_name = "NAME", requires = "rehearse")]
    pub confirm_database: Option<String>,
}
