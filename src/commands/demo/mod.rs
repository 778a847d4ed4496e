//! Shows everything on a throw-away PostgreSQL of its own.

mod server;

use std::future::Future;
use std::pin::Pin;

use clap::Parser;

use self::server::{fill_demo, find_programs};
use crate::cli::{Cli, Demo};
use crate::config::Environment;
use crate::context::Desk;
use crate::embedded::{Options, Server};
use crate::error::{Error, Result};
use crate::render::{Log, Output};

/// The walk, as one would type it.
const WALK: [(&str, &str); 6] = [
    ("doctor", "Does anything stand in the way?"),
    (
        "migrate --dry-run --row-limit 6",
        "What would become of each legacy row? The server itself forbids this one to write.",
    ),
    ("apply --yes", "Enhance, migrate, map, and prove it."),
    ("validate", "The seven checks can be asked again at any time."),
    ("rollback --level schema --execute --yes", "Take all of it back: rows, mappings and schema."),
    ("status", "The ledger remembers."),
];

/// Runs one command as if it had been typed.
type Runner = fn(Cli, Environment, Output, Log) -> Pin<Box<dyn Future<Output = Result<()>>>>;

pub async fn demo(desk: &mut Desk, args: Demo, run: Runner) -> Result<()> {
    let began = std::time::Instant::now();
    let programs = find_programs(desk)?;
    let options = Options { programs: Some(programs.bin().to_owned()), ..Options::default() };
    let mut server = Server::start(&options)?;
    desk.out.words(&format!("a throw-away PostgreSQL runs in {}", server.data_dir().display()))?;
    fill_demo(&server).await?;
    desk.out.words("it holds a legacy database: two legacy tables, and the one they are to fold into")?;
    let runs = server.socket_dir().join("pgfold-runs");
    let environment = Environment::layered([("DATABASE_URL".to_owned(), server.url("legacy"))], []);
    let again = [("apply --yes", "Once more, so that there is something to look at.")];
    for (line, why) in WALK.iter().chain(again.iter().filter(|_| args.keep)) {
        desk.out.words(&format!("\n# {why}\n$ pgfold {line}"))?;
        step(desk, run, line, &runs, environment.clone()).await?;
    }
    let took = crate::text::duration(began.elapsed());
    desk.out.words(&format!("\nthat was the whole way there and back, in {took}"))?;
    if !args.keep {
        server.stop(crate::embedded::Mode::Fast)?;
        return desk.out.words("the server is stopped and gone; `pgfold demo --keep` leaves it running");
    }
    let kept = server.keep()?;
    let url = kept.url("legacy");
    desk.out.words(&format!(
        "the server stays:\n  export DATABASE_URL='{url}'\n  psql \"$DATABASE_URL\"\n  pgfold status\nstop it with:\n  {}",
        kept.stop_command()
    ))
}

/// One command of the walk, on the demo's database.
async fn step(desk: &Desk, run: Runner, line: &str, runs: &std::path::Path, environment: Environment) -> Result<()> {
    let words = ["pgfold"].into_iter().chain(line.split(' '));
    let mut cli = Cli::try_parse_from(words).map_err(|e| Error::bug(format!("the demo mistyped: {e}")))?;
    let database_url = cli.common.database_url.take();
    cli.common = crate::cli::Common { runs: runs.to_owned(), database_url, ..desk.common.clone() };
    cli.common.yes = true;
    cli.common.governed.no_profile = true;
    run(cli, environment, desk.out.clone(), desk.log.clone()).await
}
