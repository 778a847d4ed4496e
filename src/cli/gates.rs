//! What one may type around gates: profiles, evidence, ways to run, explanations.

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Subcommand};

use super::{Cli, Pace, Rehearse, Verb};
use crate::gate::Manner;

/// What governs a command: its profile, and what a production profile asks for.
#[derive(Debug, Clone, Default, Args)]
pub struct Governed {
    /// The profile of pgfold.toml that holds (also PGFOLD_PROFILE).
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Where the profiles are, instead of pgfold.toml in this folder (also PGFOLD_CONFIG).
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<std::path::PathBuf>,
    /// The name of the database that is to be written to; a production profile and a restore in place ask for it.
    #[arg(long, global = true, value_name = "NAME")]
    pub confirm_database: Option<String>,
    /// Write outside of the profile's window, for this reason; it is recorded with the run.
    #[arg(long, global = true, value_name = "REASON")]
    pub outside_window: Option<String>,
    /// Tick a line of the profile's checklist: its key, and who vouches for it.
    #[arg(long, global = true, value_name = "KEY=PERSON")]
    pub tick: Vec<String>,
    /// MIG-5.json of a run of the same files on staging.
    #[arg(long, global = true, value_name = "FILE")]
    pub staging_evidence: Option<std::path::PathBuf>,
    /// The settings that were typed, by their keys.
    #[arg(skip)]
    pub given: Vec<String>,
    /// No profile holds, whatever lies in the folder.
    #[arg(skip)]
    pub no_profile: bool,
}

/// How a run goes through its gates.
#[derive(Debug, Clone, Default, Args)]
pub struct Gated {
    /// Ask at each gate and show its evidence.
    #[arg(long, group = "way")]
    pub guided: bool,
    /// Stop only where a criterion is not met, and at gates that manifest or profile mark.
    #[arg(long, group = "way")]
    pub automated: bool,
    /// Write the run as numbered SQL files for psql, with instructions; execute nothing.
    #[arg(long, group = "way")]
    pub manual: bool,
    /// Approve this gate without being asked: MIG-3, MIG-4.2, MIG-4 for every step, or all.
    #[arg(long, value_name = "GATE")]
    pub approve: Vec<String>,
}

impl Gated {
    pub fn manner(&self) -> Option<Manner> {
        let ways = [(self.guided, Manner::Guided), (self.automated, Manner::Automated), (self.manual, Manner::Manual)];
        ways.into_iter().find(|(chosen, _)| *chosen).map(|(_, manner)| manner)
    }
}

#[derive(Debug, Clone, Args)]
pub struct Explain {
    /// A finding's rule, `check 4`, an exit code, `MIG-3`, a class of failure or an SQLSTATE; all when left out.
    #[arg(value_name = "ID", num_args = 0..)]
    pub id: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(subcommand)]
    pub verb: ConfigVerb,
}

#[derive(Debug, Clone, Subcommand)]
pub enum ConfigVerb {
    /// Every setting that holds, and where it comes from.
    Show,
    /// The JSON Schemas of pgfold.toml and consolidation.toml.
    Schema {
        /// One of them.
        #[arg(value_name = "FILE")]
        of: Option<String>,
    },
}

impl Cli {
    /// The command line, with which flags were typed.
    pub fn read() -> Result<Cli, clap::Error> {
        let matches = Cli::command().try_get_matches()?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        cli.common.governed.given = given(&matches);
        Ok(cli)
    }
}

fn given(matches: &ArgMatches) -> Vec<String> {
    let typed = |m: &ArgMatches, id: &str| m.value_source(id) == Some(clap::parser::ValueSource::CommandLine);
    let mut out: Vec<String> = (matches.ids())
        .filter(|id| typed(matches, id.as_str()))
        .map(|id| if id.as_str() == "database_url" { "connection" } else { id.as_str() }.to_owned())
        .collect();
    if let Some((_, below)) = matches.subcommand() {
        out.extend(given(below));
    }
    out
}

impl Verb {
    /// For a verb that can leave a run half-way: the consolidation that was named.
    pub fn writes(&self) -> Option<Option<&str>> {
        let which = match self {
            Verb::Apply(args) => &args.writing.which,
            Verb::Enhance(args) => &args.writing.which,
            Verb::Migrate(args) => &args.writing.which,
            Verb::Map(args) => &args.writing.which,
            Verb::Resume(args) => &args.which,
            _ => return None,
        };
        Some(which.consolidation.as_deref())
    }

    /// The gates that are approved on the command line.
    pub fn approved(&self) -> &[String] {
        match self {
            Verb::Apply(args) => &args.gated.approve,
            Verb::Resume(args) => &args.gated.approve,
            _ => &[],
        }
    }

    /// Whether pgfold.toml has a say.
    pub fn takes_a_profile(&self) -> bool {
        match self {
            #[cfg(feature = "demo")]
            Verb::Demo(_) => false,
            Verb::Show(_) | Verb::Explain(_) | Verb::Completions(_) => false,
            Verb::Config(args) => matches!(args.verb, ConfigVerb::Show),
            _ => true,
        }
    }

    pub fn rehearse(&mut self) -> Option<&mut Rehearse> {
        match self {
            Verb::Apply(args) => Some(&mut args.shown.rehearse),
            Verb::Migrate(args) => Some(&mut args.shown.rehearse),
            _ => None,
        }
    }

    pub fn pace(&mut self) -> Option<&mut Pace> {
        match self {
            Verb::Apply(args) => Some(&mut args.pace),
            Verb::Migrate(args) => Some(&mut args.pace),
            Verb::Resume(args) => Some(&mut args.pace),
            _ => None,
        }
    }
}
