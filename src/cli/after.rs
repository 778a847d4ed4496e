//! What one may type once there are runs: status, report, clean-up.

use clap::Args;

use super::{Format, Which};

#[derive(Debug, Clone, Args)]
pub struct Status {
    #[command(flatten)]
    pub which: Which,
    /// One run with its steps.
    #[arg(long, value_name = "N")]
    pub run: Option<i64>,
    /// Whether, until when and how each run can be rolled back; a page for whoever is on call.
    #[arg(long)]
    pub rollback: bool,
    /// Show it again and again until the newest run has ended.
    #[arg(long)]
    pub watch: bool,
    /// Look at every link of the audit chain; exit 5 when something is wrong or nothing vouches for its tail.
    #[arg(long)]
    pub verify_audit: bool,
    /// The head that must be in the chain: audit-head.txt of a run's folder, or the head as a report prints it.
    #[arg(long, value_name = "FILE|HEAD", requires = "verify_audit")]
    pub head: Option<String>,
    /// Look at queries, schema and late legacy writes after the run; exit 5 past the threshold.
    #[arg(long)]
    pub health: bool,
    /// Findings that are still no alarm.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "health")]
    pub tolerate: u64,
    /// Exit 0 only when every completion criterion holds.
    #[arg(long)]
    pub complete: bool,
    /// Write the figures as Prometheus text.
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<std::path::PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct Cleanup {
    #[command(flatten)]
    pub which: Which,
    /// Before-images of rows and objects.
    #[arg(long)]
    pub before_images: bool,
    /// Of runs that ended longer ago than this: 30d, 12h, 90m.
    #[arg(long, default_value = "30d", value_name = "AGE")]
    pub older_than: Age,
    /// Say which runs, throw nothing away (also DRY_RUN=true).
    #[arg(long)]
    pub dry_run: bool,
}

/// Seconds, written as `30d`, `12h`, `90m` or `45s`.
#[derive(Debug, Clone, Copy)]
pub struct Age(pub i64);

impl std::str::FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Age, String> {
        let wrong = || "a number with d, h, m or s, for instance `30d`".to_owned();
        let split = text.len().checked_sub(1).filter(|n| text.is_char_boundary(*n)).ok_or_else(wrong)?;
        let unit = match &text[split..] {
            "d" => 86_400,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            _ => return Err(wrong()),
        };
        let number: i64 = text[..split].parse().map_err(|_| wrong())?;
        number.checked_mul(unit).filter(|s| *s >= 0).map(Age).ok_or_else(wrong)
    }
}

/// The shape of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Html,
    Evidence,
    Markdown,
    Json,
}

#[derive(Debug, Clone, Args)]
pub struct Report {
    #[command(flatten)]
    pub which: Which,
    /// The run; the newest when left out.
    #[arg(long, value_name = "N")]
    pub run: Option<i64>,
    /// One self-contained page (the default).
    #[arg(long, group = "shape")]
    pub html: bool,
    /// Markdown, for a wiki or a ticket.
    #[arg(long, group = "shape")]
    pub md: bool,
    /// Everything as JSON.
    #[arg(long, group = "shape")]
    pub json: bool,
    /// The plan's steps as CSV, for issue trackers.
    #[arg(long, group = "shape")]
    pub steps_csv: bool,
    /// The page for the change ticket: who, approvals, plan, backup, checks, audit head.
    #[arg(long, conflicts_with_all = ["md", "json", "steps_csv"])]
    pub evidence: bool,
    /// Where backups lie (also PGFOLD_BACKUPS); the evidence names the one that the run could have been restored from.
    #[arg(long, value_name = "DIR")]
    pub backups: Option<std::path::PathBuf>,
}

impl Report {
    pub fn shape(&self, format: Format) -> Shape {
        match () {
            () if self.evidence && format == Format::Json => Shape::Json,
            () if self.evidence => Shape::Evidence,
            () if self.md => Shape::Markdown,
            () if self.json || (format == Format::Json && !self.html) => Shape::Json,
            () => Shape::Html,
        }
    }
}
