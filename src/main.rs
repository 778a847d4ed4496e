//! Parse, read `.env`, run, render the error, exit.

use std::process::ExitCode;

use pgfold::cli::Cli;
use pgfold::commands;
use pgfold::config::Environment;
use pgfold::render::{self, Log, Output};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => {
            let help = !error.use_stderr();
            if !help && render::wants_json(std::env::args()) {
                let told = pgfold::error::Error::usage(error.to_string().trim_end(), "`pgfold --help`");
                return render::exit(Err(told), pgfold::cli::Format::Json, None);
            }
            // clap writes where it belongs; a closed pipe is nobody's fault
            let _ = error.print();
            return ExitCode::from(if help { 0 } else { 64 });
        }
    };
    let (common, given) = (cli.common.clone(), cli.verb.given().map(str::to_owned));
    let out = Output::standard(common.format, common.quiet, given.as_deref());
    let file = match pgfold::cli::dotenv() {
        Ok(Some(file)) => {
            out.say(&format!("settings of `{}` are read; the environment wins over them", file.path));
            file.pairs
        }
        Ok(None) => Vec::new(),
        Err(error) => return render::exit(Err(error), common.format, given.as_deref()),
    };
    let environment = Environment::layered(std::env::vars(), file);
    let log = Log::start(common.verbose, common.quiet, common.log_format);
    let ended = commands::run(cli, environment, out, log).await;
    render::exit(ended, common.format, given.as_deref())
}
