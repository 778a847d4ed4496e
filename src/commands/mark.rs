//! Runs the enhancements, or records one as applied that somebody ran by hand, once what is there was compared with what it declares.

use crate::cli::{self, Writing};
use crate::consolidation::{Consolidation, digest};
use crate::context::{Desk, Ground, Task, open};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::ledger;
use crate::planner;
use crate::run::work;
use crate::text;

/// The files that are still to run; with `--mark-applied` one that is only recorded.
pub async fn enhance(desk: &mut Desk, args: cli::Enhance) -> Result<()> {
    if !args.mark_applied.is_empty() {
        return mark(desk, args.writing, &args.mark_applied).await;
    }
    let scope = planner::Scope { enhance: true, ..planner::Scope::default() };
    work(desk, &mut None, Task::new("enhance", scope, args.writing)).await.map(|_| ())
}

/// All of them or none.
async fn mark(desk: &mut Desk, args: Writing, wanted: &[String]) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let files: Vec<String> = wanted.iter().map(|file| named(&consolidation, file)).collect::<Result<_>>()?;
    let (server, mut session) = open(desk, ledger::Upgrading::Allowed).await?;
    let address = server.address.clone();
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let mut applied = files.iter().filter_map(|file| Some((file, ground.applied.get(file)?.run?)));
    if let Some((file, run)) = applied.next() {
        return Err(Error::Gate {
            what: format!("{file} was applied by run {run}"),
            findings: Vec::new(),
            hint: "nothing is to be marked; `pgfold status` lists the files".to_owned(),
        });
    }
    let given = ground.given("enhance", planner::Scope::default());
    let findings: Vec<Finding> = files.iter().flat_map(|file| planner::not_as_declared(&given, file)).collect();
    if !findings.is_empty() {
        return Err(Error::Contract { findings });
    }
    let all = files.join(", ");
    if desk.dry(args.dry_run)? {
        desk.out.say(&format!("would be marked as applied: {all}; what is declared is there"));
        return Ok(());
    }
    let question = format!("mark {all} as applied on {address}? the SQL is not run");
    desk.out.confirm(&question, desk.common.yes)?;
    ledger::ensure(&mut session).await?;
    for file in &files {
        let script = ground.consolidation.scripts.iter().find(|s| s.file == *file).map_or("", |s| s.up.as_str());
        let checksum = ground.consolidation.checksums.get(file).cloned().unwrap_or_default();
        ledger::mark_applied(&mut session, &ground.consolidation.name, file, &checksum, &digest(script)).await?;
        desk.out
            .say(&format!("{file} is marked as applied; what it declares is there, and a rollback leaves it alone"));
    }
    session.close().await;
    Ok(())
}

/// The file that is meant; a number alone names its file.
fn named(consolidation: &Consolidation, file: &str) -> Result<String> {
    let file = file.strip_suffix(".up.sql").unwrap_or(file);
    let known: Vec<&str> = consolidation.manifest.enhancements.iter().map(|e| e.file.as_str()).collect();
    let mut meant = known.iter().filter(|k| **k == file || k.starts_with(&format!("{file}_")));
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok((*one).to_owned()),
        _ => {
            let what = format!("the manifest declares no enhancement `{}`", text::inert(file));
            Err(Error::usage(what, format!("it declares {}", text::quoted_list(&known))))
        }
    }
}
