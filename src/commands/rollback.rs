//! Takes runs back: the script to stdout, or executed here.

use super::Desk;
use super::ground;
use crate::cli::{self, LevelArg};
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::folder::script_settings;
use crate::ledger::{self, RunRow};
use crate::pg::{Session, Settings};
use crate::plan::{self, Level};
use crate::sql::Sql;
use crate::{introspect, text};

pub async fn rollback(desk: &mut Desk, args: cli::Rollback) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = ground::open(&desk.common, &desk.environment).await?;
    let level = match args.level {
        LevelArg::Rows => Level::Rows,
        LevelArg::Purge => Level::Purge,
        LevelArg::Schema => Level::Schema,
    };
    let facts = introspect::server(&mut session).await?;
    if !facts.has_ledger {
        return Err(nothing(&consolidation.name));
    }
    let runs = ledger::runs(&mut session, Some(&consolidation.name)).await?;
    let chosen = choose(&runs, args.run, level, &consolidation.name)?;
    let mut scripts = Vec::new();
    for run in &chosen {
        scripts.push((run.run, script(&mut session, run.run, level, facts.version, &args).await?));
    }
    let dry = desk.dry(args.dry_run)?;
    if !args.execute || dry {
        let whole = Sql::join("\n", scripts.into_iter().map(|(_, s)| s));
        return desk.out.script(&whole, &chosen.iter().map(|r| r.run).collect::<Vec<_>>(), level);
    }
    let numbers: Vec<String> = chosen.iter().map(|r| r.run.to_string()).collect();
    let noun = text::plural(numbers.len() as u64, "run");
    let question = format!(
        "roll back {noun} {} of `{}`, level {}, on {}?",
        text::list(&numbers),
        consolidation.name,
        level.word(),
        server.address
    );
    desk.out.confirm(&question, desk.common.yes)?;
    for (run, script) in &scripts {
        if let Err(error) = session.script(&format!("the rollback of run {run}"), script).await {
            session.rollback().await.ok();
            return Err(refused(*run, error));
        }
        desk.out.rolled_back(*run, level)?;
    }
    session.close().await;
    Ok(())
}

/// Runs that changed something and are not taken back this far yet, newest first.
fn choose(runs: &[RunRow], wanted: Option<i64>, level: Level, name: &str) -> Result<Vec<RunRow>> {
    let depth = |run: &RunRow| match run.undone_level.as_deref() {
        Some("rows") => Some(Level::Rows),
        Some("purge") => Some(Level::Purge),
        Some(_) => Some(Level::Schema),
        None => None,
    };
    if let Some(number) = wanted {
        let Some(run) = runs.iter().find(|r| r.run == number) else {
            return Err(Error::usage(format!("`{name}` has no run {number}"), "`pgfold status` lists the runs"));
        };
        return Ok(vec![run.clone()]);
    }
    let chosen: Vec<RunRow> =
        runs.iter().filter(|r| r.changed && depth(r).is_none_or(|d| d < level)).cloned().collect();
    if chosen.is_empty() { Err(nothing(name)) } else { Ok(chosen) }
}

fn nothing(name: &str) -> Error {
    Error::Gate {
        what: format!("there is nothing to roll back: no run of `{name}` that stands changed anything"),
        findings: Vec::new(),
        hint: "`pgfold status` lists the runs".to_owned(),
    }
}

async fn script(session: &mut Session, run: i64, level: Level, version: i32, args: &cli::Rollback) -> Result<Sql> {
    let stored = ledger::plan(session, run).await?;
    let stored = stored.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?;
    let settings = Settings::new(stored.plan.search_path.clone(), version);
    let mut lines = vec![script_settings(&settings)];
    if args.discard_edits {
        lines.push(Sql::constant("set local pgfold.discard_edits = 'on';\n"));
    }
    if args.drop_references {
        lines.push(Sql::constant("set local pgfold.drop_references = 'on';\n"));
    }
    Ok(plan::undo(&stored.plan, run, level, &Sql::join("", lines)))
}

/// The script's own refusals are gates; anything else is what it is.
fn refused(run: i64, error: Error) -> Error {
    match error {
        Error::Refused { server, .. } if server.code == "P0004" => Error::Gate {
            what: format!("run {run} was not rolled back, nothing was changed: {}", text::inert(&server.message)),
            findings: Vec::new(),
            hint: server.hint.clone().unwrap_or_else(|| "`pgfold status`".to_owned()),
        },
        other => other,
    }
}
