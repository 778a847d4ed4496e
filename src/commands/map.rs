//! One mapping or all of them: infer, look, list for review, apply decisions, count.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::context::{Desk, Ground, Task, open};
use crate::error::{Error, Result};
use crate::ledger::Upgrading;
use crate::mapping_review::{look_at_mappings, review_in, review_out, statistics_out};
use crate::planner::Scope;
use crate::run::work;
use crate::text;

pub async fn map(desk: &mut Desk, mut args: cli::Map) -> Result<()> {
    if args.score.is_some() {
        return super::score::score(desk, &args);
    }
    // `pgfold map FOLDER` and `pgfold map NAME` look alike; a name of the manifest wins
    if args.writing.which.consolidation.is_none()
        && args.name.as_ref().is_some_and(|n| std::path::Path::new(n).join("consolidation.toml").is_file())
    {
        args.writing.which.consolidation = args.name.take();
    }
    let consolidation = Consolidation::load(args.writing.which.consolidation.as_deref())?;
    let names = names(&consolidation, args.name.as_deref())?;
    let dry = desk.dry(args.writing.dry_run)?;
    let looks = dry || args.review_out.is_some() || args.statistics_out.is_some() || args.review_in.is_some();
    if !looks {
        let scope = Scope { map: Some(names), ..Scope::default() };
        return work(desk, &mut None, Task::new("map", scope, args.writing)).await.map(|_| ());
    }
    let (server, mut session) = open(desk, if dry { Upgrading::Refused } else { Upgrading::Allowed }).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    ground.contract(&mut session).await?;
    ground.needs_enhancing(&Scope::default())?;
    if let Some(file) = &args.review_out {
        return review_out(desk, &ground, &mut session, &names, file).await;
    }
    if let Some(file) = &args.statistics_out {
        return statistics_out(desk, &ground, &mut session, &names, file).await;
    }
    if let Some(file) = &args.review_in {
        let [name] = names.as_slice() else {
            return Err(Error::usage(
                "decisions are about one mapping",
                "name it: `pgfold map NAME --review-in FILE.csv`",
            ));
        };
        let decisions = review_in(&ground, &mut session, name, file).await?;
        session.close().await;
        desk.out.say(&format!("{} are well-formed", text::count(decisions.len() as u64, "decision")));
        if dry {
            return Ok(());
        }
        let scope = Scope { decided: Some((name.clone(), decisions)), ..Scope::default() };
        return work(desk, &mut None, Task::new("map", scope, args.writing)).await.map(|_| ());
    }
    let outlooks = look_at_mappings(&ground, &mut session, &names, args.row_limit).await?;
    desk.out.mappings(&outlooks)
}

/// The mappings that are meant: one by its name, else all.
fn names(consolidation: &Consolidation, wanted: Option<&str>) -> Result<Vec<String>> {
    let known: Vec<&str> = consolidation.manifest.mappings.iter().map(|m| m.name.as_str()).collect();
    match wanted {
        None => Ok(known.into_iter().map(str::to_owned).collect()),
        Some(name) if known.contains(&name) => Ok(vec![name.to_owned()]),
        Some(name) => {
            let hint = match text::nearest(name, known.iter().copied()).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the manifest declares {}", text::quoted_list(&known)),
            };
            Err(Error::usage(format!("there is no mapping `{}`", text::inert(name)), hint))
        }
    }
}
