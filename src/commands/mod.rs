//! One verb per file: gather, call, hand to `render`.

mod apply;
mod assess;
mod backup;
mod cleanup;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod explain;
mod history;
mod init;
mod map;
mod mark;
mod report;
mod restore;
mod plan;
mod resume;
mod rollback;
mod score;
mod status;
mod validate;

use crate::cli::{Cli, Verb};
use crate::config::Environment;
use crate::context::{Desk, Task, settle, validate_args};
use crate::error::Result;
use crate::planner::Scope;
use crate::render::{Log, Output};
use crate::run::{tell, work};

pub async fn run(mut cli: Cli, mut environment: Environment, out: Output, log: Log) -> Result<()> {
    let profile = settle(&mut cli.common, &mut cli.verb, &mut environment)?;
    let mut desk = Desk { common: cli.common, environment, profile, run: None, out, log };
    let writes = cli.verb.writes().map(|which| which.map(str::to_owned));
    validate_args::check(&desk, cli.verb.approved())?;
    let ended = dispatch(cli.verb, &mut desk).await;
    if let (Err(error), Some(which)) = (&ended, writes) {
        tell(&desk, which.as_deref(), error).await;
    }
    ended
}

async fn dispatch(verb: Verb, d: &mut Desk) -> Result<()> {
    match verb {
        #[cfg(feature = "demo")]
        Verb::Demo(args) => demo::demo(d, args, |cli, e, out, log| Box::pin(run(cli, e, out, log))).await,
        Verb::Init(args) => init::init(d, args).await,
        Verb::Doctor(which) => doctor::doctor(d, which).await,
        Verb::Assess(which) => assess::assess(d, which).await,
        Verb::Plan(args) => plan::plan(d, args).await,
        Verb::Show(args) => plan::show(d, args),
        Verb::Apply(args) => apply::apply(d, args).await,
        Verb::Enhance(args) => mark::enhance(d, args).await,
        Verb::Migrate(args) => {
            let scope = Scope { migrate: true, ..Scope::default() };
            let task = Task::new("migrate", scope, args.writing).paced(&args.pace).showing(&args.shown);
            let task = task.picking(args.picking).live(args.live);
            work(d, &mut None, task).await.map(|_| ())
        }
        Verb::Map(args) => map::map(d, args).await,
        Verb::Validate(args) => validate::validate(d, args).await,
        Verb::Rollback(args) => rollback::rollback(d, args).await,
        Verb::Backup(args) => backup::backup(d, args).await,
        Verb::Restore(args) => restore::restore(d, args).await,
        Verb::Resume(args) => resume::resume(d, args).await,
        Verb::Cleanup(args) => cleanup::cleanup(d, args).await,
        Verb::Report(args) => report::report(d, args).await,
        Verb::History(which) => history::history(d, which).await,
        Verb::Status(args) => status::status(d, args).await,
        Verb::Config(args) => config::config(d, &args),
        Verb::Explain(args) => explain::explain(d, &args),
        Verb::Completions(args) => {
            let mut text = Vec::new();
            crate::cli::completions(args.shell, &mut text);
            d.out.raw(&text)
        }
    }
}
