//! What the DBA may type.

mod after;
mod complete;
mod dotenv;
mod gates;
mod init;
mod pace;
mod part;
mod shown;

pub use after::{Age, Cleanup, Report, Shape, Status};
pub use complete::completed;
pub use dotenv::dotenv;
pub use gates::{Config, ConfigVerb, Explain, Gated, Governed};
pub use init::Init;
pub use pace::Pace;
pub use part::{Live, Picking, Resume};
pub use shown::{Rehearse, Shown, Suggest};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Folds several legacy PostgreSQL tables into one enhanced table and proves that nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "pgfold", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
    #[command(flatten)]
    pub common: Common,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 unexpected error, 2 changes pending (--detailed-exitcode), 3 contract does not hold,
4 refused by a check or limit, 5 validation failed, 6 plan stale, 7 lock not available, 8 stopped half-way
(pgfold resume), 64 usage, 78 configuration.";

#[derive(Debug, Clone, Args)]
pub struct Common {
    /// How results are written to stdout.
    #[arg(long, global = true, value_enum, default_value = "human")]
    pub format: Format,
    /// Answer yes to every question.
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Say more on stderr; twice for every statement's purpose.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing on stderr but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// How the log is written.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// Where to put the folder of each run.
    #[arg(long, global = true, default_value = "pgfold-runs", value_name = "DIR")]
    pub runs: std::path::PathBuf,
    /// The database, instead of DATABASE_URL; a password here is seen by `ps`, so prefer the environment.
    #[arg(long, global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The change ticket or whatever else this run is known by; noted in the ledger.
    #[arg(long = "ref", global = true, value_name = "TEXT")]
    pub reference: Option<String>,
    /// Tell this address of run and step events: CloudEvents as JSON by POST, signed with PGFOLD_NOTIFY_SECRET (also PGFOLD_NOTIFY).
    #[arg(long, global = true, value_name = "URL")]
    pub notify: Option<String>,
    /// Seconds between two notifications of progress.
    #[arg(long, global = true, default_value_t = 60, value_name = "SECONDS")]
    pub notify_every: u64,
    #[command(flatten)]
    pub governed: Governed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show everything on a throw-away PostgreSQL of its own.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Draft a consolidation's folder from the server's tables, or copy a bundled one.
    Init(Init),
    /// Look at server, tables and rights, and say what stands in the way.
    Doctor(Doctor),
    /// What is there, what depends on it, what it will take, and which way to run it (MIG-1).
    Assess(Which),
    /// Save what `apply` would do, bound to the database, catalog, rows and files of now.
    Plan(PlanArgs),
    /// Show a saved plan; needs no server.
    Show(Show),
    /// Enhance, migrate, map and validate in one go.
    Apply(Apply),
    /// Bring the target's schema to what the consolidation needs.
    Enhance(Enhance),
    /// Move the legacy rows; with --dry-run show every row's fate and write nothing.
    Migrate(Migrate),
    /// Infer one mapping (or all) of the live rows.
    Map(Map),
    /// Run the seven checks.
    Validate(Validate),
    /// Take runs back: SQL to stdout, or --execute.
    Rollback(Rollback),
    /// Take a backup that is read back before it counts; `backup verify FOLDER` reads one again.
    Backup(Backup),
    /// Load a verified backup into a new database, or in place.
    Restore(Restore),
    /// Continue a run that stopped half-way.
    Resume(Resume),
    /// What each run did and how far it came.
    Status(Status),
    /// Throw away before-images of runs whose rollback window is over.
    Cleanup(Cleanup),
    /// One run as a page, Markdown or JSON, on stdout.
    Report(Report),
    /// What all runs together teach: success, durations, failures, and what to improve next.
    History(Which),
    /// The settings that hold and where each comes from; the schemas of the files.
    Config(Config),
    /// What a finding, check, exit code, failure or gate means, and what to do about it.
    Explain(Explain),
    /// Print a shell's completion script.
    Completions(Completions),
}

/// The consolidation: a bundled name or a folder with consolidation.toml.
#[derive(Debug, Clone, Args)]
pub struct Which {
    /// A bundled name or a folder; the first bundled one when left out.
    #[arg(value_name = "CONSOLIDATION")]
    pub consolidation: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub which: Which,
    /// Free space where the server's data lies, e.g. 40GB, when it cannot be seen from here.
    #[arg(long, value_name = "SIZE", value_parser = crate::text::parse_bytes)]
    pub disk_free: Option<u64>,
    /// Refuse unless a verified backup is younger than this, e.g. 24h (also PGFOLD_BACKUP_AGE).
    #[arg(long, value_name = "AGE", value_parser = crate::text::parse_duration)]
    pub backup_age: Option<std::time::Duration>,
    #[command(flatten)]
    pub suggest: Suggest,
}

#[derive(Debug, Clone, Args)]
pub struct Writing {
    #[command(flatten)]
    pub which: Which,
    /// Show what would happen and write nothing (also DRY_RUN=true).
    #[arg(long)]
    pub dry_run: bool,
    /// Exit 2 instead of 0 when a dry run finds changes.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Take the lease from an operator who hangs.
    #[arg(long)]
    pub take_over: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Enhance {
    #[command(flatten)]
    pub writing: Writing,
    /// Record a file as applied that was run by hand, after comparing what is there with what it declares; may be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    pub mark_applied: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub struct Apply {
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub gated: Gated,
    #[command(flatten)]
    pub live: Live,
    #[command(flatten)]
    pub pace: Pace,
    #[command(flatten)]
    pub shown: Shown,
    /// A plan saved by `pgfold plan --out`; refused when anything it was made from has changed.
    #[arg(long, value_name = "FILE", conflicts_with = "consolidation")]
    pub plan: Option<std::path::PathBuf>,
    /// Rows that were edited since the run are listed apart instead of failing the checks.
    #[arg(long)]
    pub accept_edits: bool,
}

#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub which: Which,
    /// The file to write; one that is there is not overwritten.
    #[arg(long, value_name = "FILE")]
    pub out: std::path::PathBuf,
    /// Rows may change until the plan is applied: bind it to catalog and files only.
    #[arg(long)]
    pub online: bool,
    /// How long it may be applied.
    #[arg(long, default_value_t = 24, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(0..=8760))]
    pub valid_hours: u32,
}

#[derive(Debug, Clone, Args)]
pub struct Show {
    #[arg(value_name = "FILE")]
    pub file: std::path::PathBuf,
}

#[derive(Debug, Clone, Args)]
pub struct Migrate {
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub live: Live,
    #[command(flatten)]
    pub picking: Picking,
    #[command(flatten)]
    pub pace: Pace,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Clone, Args)]
pub struct Map {
    /// The mapping's name in the manifest; all of them when left out.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub writing: Writing,
    /// Changes shown in a dry run.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub row_limit: u64,
    /// Write the rows that a person should look at, with candidates and evidence.
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["review_in", "score"])]
    pub review_out: Option<std::path::PathBuf>,
    /// Apply what a person decided in such a file (columns key and decision).
    #[arg(long, visible_alias = "from", value_name = "FILE.csv", conflicts_with = "score")]
    pub review_in: Option<std::path::PathBuf>,
    /// Write the statistics of today's mappings as CSV.
    #[arg(long, value_name = "FILE.csv")]
    pub statistics_out: Option<std::path::PathBuf>,
    /// Judge inference on a labelled file (first column the identifier, last the code); needs no database.
    #[arg(long, value_name = "LABELLED.csv")]
    pub score: Option<std::path::PathBuf>,
    /// The taxonomy to judge; the labels' own names when left out.
    #[arg(long, value_name = "FILE.toml", requires = "score")]
    pub taxonomy: Option<std::path::PathBuf>,
    /// Learn from this labelled file instead of from the other four fifths.
    #[arg(long, value_name = "LABELLED.csv", requires = "score")]
    pub learn_from: Option<std::path::PathBuf>,
    /// Write identifier, predicted, confidence and evidence of each judged row.
    #[arg(long, value_name = "FILE.csv", requires = "score")]
    pub predictions_out: Option<std::path::PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct Validate {
    #[command(flatten)]
    pub which: Which,
    /// Rows that were edited since the run are listed apart instead of failing the checks.
    #[arg(long)]
    pub accept_edits: bool,
    /// What depends on the legacy tables and does not work any more is listed instead of failing.
    #[arg(long)]
    pub accept_dependents: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// Soft-delete what was inserted, restore what was merged, remove the mappings.
    Rows,
    /// Delete instead of soft-delete.
    Purge,
    /// Undo the enhancements, too.
    Schema,
}

#[derive(Debug, Clone, Args)]
pub struct Rollback {
    #[command(flatten)]
    pub which: Which,
    /// How far to go back.
    #[arg(long, value_enum, default_value = "rows")]
    pub level: LevelArg,
    /// One run; without it every run that changed something, newest first.
    #[arg(long, value_name = "N")]
    pub run: Option<i64>,
    /// Run the script instead of printing it.
    #[arg(long)]
    pub execute: bool,
    /// Overwrite rows that were edited since the run.
    #[arg(long)]
    pub discard_edits: bool,
    /// Roll back all but objects that a later release changed or built on (level schema).
    #[arg(long, conflicts_with = "discard_later_changes")]
    pub keep_later_changes: bool,
    /// Also discard what a later release changed in objects of the run or built on them (level schema).
    #[arg(long)]
    pub discard_later_changes: bool,
    /// Let rows go that refer to rows of the run (levels purge and schema).
    #[arg(long)]
    pub drop_references: bool,
    /// Take back only rows with these keys; the run stands (levels rows and purge).
    #[arg(long, value_name = "KEY", num_args = 1..)]
    pub only: Vec<String>,
    /// Take back only rows of these sources; the run stands (levels rows and purge).
    #[arg(long, value_name = "TABLE", num_args = 1..)]
    pub source: Vec<String>,
    /// Take back first what later runs built on this one.
    #[arg(long)]
    pub with_later_runs: bool,
    /// The database has another name, or is on another server, than when the run was done, and is still the same one or a
    /// copy of it; with OLD=NEW, a column of the target has another name since. May be given several times.
    #[arg(long, value_name = "OLD=NEW", num_args = 0..=1, default_missing_value = "")]
    pub renamed: Vec<String>,
    /// Take back a run that somebody executes just now.
    #[arg(long, requires = "execute")]
    pub take_over: bool,
    /// Run it, look at time and effect, and leave everything as it was.
    #[arg(long, conflicts_with = "execute")]
    pub rehearse: bool,
    /// Show what would be run and change nothing (also DRY_RUN=true).
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Backup {
    #[command(subcommand)]
    pub verb: Option<BackupVerb>,
    #[command(flatten)]
    pub which: Which,
    /// Where backups lie, one folder each.
    #[arg(long, default_value = crate::config::defaults::BACKUPS, value_name = "DIR")]
    pub into: std::path::PathBuf,
    /// Only the tables that a run can touch, instead of everything.
    #[arg(long)]
    pub touched: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum BackupVerb {
    /// Read a backup back to its last row and compare it with its manifest.
    Verify {
        #[arg(value_name = "FOLDER")]
        folder: std::path::PathBuf,
    },
}

#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// The backup's folder.
    #[arg(value_name = "FOLDER")]
    pub folder: std::path::PathBuf,
    /// The new database.
    #[arg(long, value_name = "NAME", required_unless_present = "in_place")]
    pub into: Option<String>,
    /// Replace what is there, in one transaction.
    #[arg(long, conflicts_with = "into")]
    pub in_place: bool,
}

#[cfg(feature = "demo")]
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Leave the server running and say where it is.
    #[arg(long)]
    pub keep: bool,
}

#[derive(Debug, Clone, Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

/// The shell's completion script.
pub fn completions(shell: clap_complete::Shell, out: &mut Vec<u8>) {
    clap_complete::generate(shell, &mut <Cli as clap::CommandFactory>::command(), "pgfold", out);
}
