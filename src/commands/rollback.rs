//! Takes runs back: the script to stdout, or executed here.

use crate::cli::{self, LevelArg};
use crate::consolidation::Consolidation;
use crate::context::{Desk, again, has_ledger, open, record};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::plan::{Level, Picked};
use crate::rollback::{LaterChanges, Renamed, Wanted, choose, execute, known, nothing, rehearse, script};
use crate::run::completion;
use crate::run::gates::production::named;
use crate::sql::Sql;
use crate::{introspect, ledger, text};

pub async fn rollback(desk: &mut Desk, mut args: cli::Rollback) -> Result<()> {
    // `--renamed FOLDER`: a word that is no OLD=NEW is the consolidation
    if args.which.consolidation.is_none()
        && let Some(at) = args.renamed.iter().position(|r| !r.is_empty() && !r.contains('='))
    {
        args.which.consolidation = Some(std::mem::take(&mut args.renamed[at]));
    }
    if let Some(word) = args.renamed.iter().find(|r| !r.is_empty() && !r.contains('=')) {
        return Err(Error::usage(
            format!("`--renamed {}` is no OLD=NEW", text::inert(word)),
            "say which column of the target has which name now: `pgfold rollback --renamed OLD=NEW`",
        ));
    }
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) =
        open(desk, if desk.dry(args.dry_run)? { Upgrading::Refused } else { Upgrading::BesideUnfinished }).await?;
    let level = match args.level {
        LevelArg::Rows => Level::Rows,
        LevelArg::Purge => Level::Purge,
        LevelArg::Schema => Level::Schema,
    };
    let wanted = Wanted {
        level,
        discard_edits: args.discard_edits,
        drop_references: args.drop_references,
        later_changes: LaterChanges::of(args.keep_later_changes, args.discard_later_changes),
        with_later_runs: args.with_later_runs,
        renamed: Renamed::of(&args.renamed),
        picked: Picked { keys: args.only, sources: args.source },
    };
    let told = again(&mut session, async |session| {
        let facts = introspect::server(session).await?;
        if !has_ledger(&facts)? {
            return Err(nothing(&consolidation.name, None));
        }
        let runs = ledger::runs(session, Some(&consolidation.name)).await?;
        let other = match runs.is_empty() {
            true => ledger::of_that_target(session, &consolidation.name, &consolidation.manifest.target.table).await?,
            false => None,
        };
        let chosen = choose(&runs, args.run, &wanted, (&consolidation.name, other.as_deref()))?;
        known(session, &chosen, &wanted.picked).await?;
        let mut scripts = Vec::new();
        for run in &chosen {
            scripts.push((run.run, script(session, run.run, facts.version, &wanted).await?));
        }
        Ok((facts, chosen, scripts))
    });
    let (facts, chosen, scripts) = told.await?;
    let dry = desk.dry(args.dry_run)?;
    if args.rehearse && !dry {
        let rehearsed = rehearse(&mut session, &chosen, facts.version, &wanted).await?;
        return desk.out.rehearsed(&rehearsed);
    }
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
        level,
        server.address
    );
    again(&mut session, async |session| execute::through(desk, &server, session).await).await?;
    named(desk, &facts.database, &mut session, false).await?;
    desk.out.confirm(&question, desk.common.yes)?;
    let name = &consolidation.name;
    let held = again(&mut session, async |s| execute::hold(s, &server, name, &chosen, args.take_over).await).await?;
    let done = execute::all(desk, &mut session, &scripts, &wanted).await;
    if let Some((lease, _beat)) = held {
        lease.release(&mut session).await;
    }
    done?;
    if let Some(run) = chosen.first() {
        again(&mut session, async |session| record::refresh(session, &desk.common.runs, run).await).await?;
    }
    completion::hand_over_after(&*desk, &mut session, &consolidation.name, &chosen).await;
    session.close().await;
    Ok(())
}
