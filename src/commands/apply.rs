//! Enhance, migrate, map and validate in one go; and mapping alone.

use crate::cli;
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::operate::{Desk, Task, work};
use crate::plan::Scope;
use crate::text;

pub async fn apply(desk: &mut Desk, args: cli::Apply) -> Result<()> {
    let scope = Scope { enhance: true, migrate: true, map: Some(Vec::new()) };
    let which = args.writing.which.clone();
    let mut task = Task::new("apply", scope, args.writing).paced(&args.pace).showing(&args.shown);
    task.silent = true;
    let Some(report) = work(desk, task).await? else { return Ok(()) };
    let (checks, ways) = super::validate::checks(desk, &which, args.accept_edits).await?;
    desk.out.proof(Some(&report), &checks)?;
    super::validate::verdict(&checks, &ways)
}

pub async fn map(desk: &mut Desk, args: cli::Map) -> Result<()> {
    let mut writing = args.writing;
    // `pgfold map FOLDER` and `pgfold map NAME` look alike; a name of the manifest wins
    let consolidation = Consolidation::load(writing.which.consolidation.as_deref())?;
    let known: Vec<&str> = consolidation.manifest.mappings.iter().map(|m| m.name.as_str()).collect();
    let mut names = Vec::new();
    if let Some(name) = args.name {
        if known.contains(&name.as_str()) {
            names.push(name);
        } else if writing.which.consolidation.is_none() && std::path::Path::new(&name).is_dir() {
            writing.which.consolidation = Some(name);
        } else {
            let near = text::nearest(&name, known.iter().copied());
            let hint = match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the manifest declares {}", text::quoted_list(&known)),
            };
            return Err(Error::usage(format!("there is no mapping `{}`", text::inert(&name)), hint));
        }
    }
    let scope = Scope { map: Some(names), ..Scope::default() };
    work(desk, Task::new("map", scope, writing)).await.map(|_| ())
}
