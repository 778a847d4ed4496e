//! What one may type to begin a consolidation.

use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct Init {
    /// The folder to draft; nothing that is there is overwritten.
    #[arg(value_name = "DIR")]
    pub folder: std::path::PathBuf,
    /// The table that everything shall fold into.
    #[arg(long, value_name = "TABLE", required_unless_present = "from")]
    pub target: Option<String>,
    /// A legacy table; give it once for each.
    #[arg(long, value_name = "TABLE", required_unless_present = "from")]
    pub source: Vec<String>,
    /// Copy a bundled consolidation instead.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "source"])]
    pub from: Option<String>,
}
