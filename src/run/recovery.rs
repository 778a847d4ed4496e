//! A run that ended early: which steps are done, what kind of failure it was, and what each way out would do.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cli::Which;
use crate::consolidation::Consolidation;
use crate::context::settings::changed_since;
use crate::context::{Desk, has_ledger, open};
use crate::error::{Error, Result};
use crate::explain::{WayKind, class, ways};
use crate::facts::FailureClass;
use crate::ledger::Upgrading;
use crate::ledger::{self, Hashed, RunRow, StepRow};
use crate::pg::Session;
use crate::planner::file_states;
use crate::report::{Newest, Recovery};
use crate::{backup, introspect, text};

/// Of the newest run, if it ended early and stands.
async fn recovery(desk: &Desk, session: &mut Session, name: &str, error: Option<&Error>) -> Result<Option<Recovery>> {
    let server = introspect::server(session).await?;
    if !has_ledger(&server)? {
        return Ok(None);
    }
    let runs = ledger::runs(session, Some(name)).await?;
    let ended_early = |r: &&RunRow| r.stands() && r.state.ended_early();
    let Some(run) = runs.into_iter().find(RunRow::stands).filter(|r| ended_early(&r)) else { return Ok(None) };
    let told = run.error.clone().unwrap_or_default();
    let class = error.and_then(class).or(run.failure_class).unwrap_or(FailureClass::Bug);
    let steps = ledger::steps(session, run.run).await?;
    let left: Vec<&StepRow> = steps.iter().filter(|s| !s.state.is_done()).collect();
    let resume = match left.first() {
        Some(next) => format!(
            "does the {} that {} left, from step {} ({})",
            text::count(left.len() as u64, "step"),
            if left.len() == 1 { "is" } else { "are" },
            next.step,
            next.intent
        ),
        None => "all steps are done: runs the checks".to_owned(),
    };
    let ready = ledger::ready(session, name, desk.window()?, Hashed::Again).await?;
    let rollback = match ready.iter().find(|r| r.run == run.run) {
        Some(r) => match r.impossible() {
            Some(why) => format!("is not possible: {why}"),
            None => format!(
                "takes back {}, {} and what the enhancements added; about {} ({})",
                text::count(r.inserted + r.merged, "row"),
                text::count(r.mappings, "mapping"),
                text::duration(Duration::from_secs_f64(r.takes.ms / 1000.0)),
                r.takes.basis
            ),
        },
        None => "has nothing to take back: the run changed nothing yet".to_owned(),
    };
    let newest = backup::newest(Path::new(desk.backups()), &server.database, server.system_identifier.as_deref());
    let restore = newest.map(|(folder, m)| {
        let does =
            format!("loads the backup of {} beside this database; what was written since is not in it", m.taken_at);
        (text::inert(&folder.display().to_string()), does)
    });
    let mut ways = ways(class, run.run, &resume, &rollback, restore.as_ref().map(|(f, d)| (f.as_str(), d.as_str())));
    if !run.changed {
        ways.retain(|w| w.kind != WayKind::Rollback);
    }
    Ok(Some(Recovery {
        run: run.run,
        verb: run.verb,
        state: run.state,
        class,
        error: told,
        steps,
        before: class.before().to_owned(),
        ways,
    }))
}

/// What is told where there is no ledger yet.
pub fn nothing_yet(consolidation: &Consolidation) -> Newest {
    let files = file_states(&consolidation.manifest.enhancements, &consolidation.checksums, &BTreeMap::new());
    Newest { files, ..Newest::default() }
}

/// What is told of the newest run beside its line.
pub async fn newest(desk: &Desk, session: &mut Session, which: &Which, runs: &[RunRow]) -> Result<Newest> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let applied = ledger::applied(session, &consolidation.name).await?;
    let files = file_states(&consolidation.manifest.enhancements, &consolidation.checksums, &applied);
    let Some(run) = runs.first() else { return Ok(Newest { files, ..Newest::default() }) };
    Ok(Newest {
        recovery: recovery(desk, session, &run.consolidation, None).await?,
        at_work: ledger::Lease::owner(session, &run.consolidation).await?.filter(|o| o.alive),
        changed: changed_since(session, desk, &consolidation, run.run).await?,
        by_hand: crate::export::next(session, run).await?,
        files,
    })
}

/// After a writing command failed: the same on stderr; silent where the server cannot be asked.
pub async fn tell(desk: &Desk, consolidation: Option<&str>, error: &Error) {
    if matches!(class(error), None | Some(FailureClass::Lock))
        && !matches!(error, Error::Stopped { .. } | Error::Refused { .. })
    {
        return;
    }
    let Ok(consolidation) = Consolidation::load(consolidation) else { return };
    let Ok((_, mut session)) = open(desk, Upgrading::Refused).await else { return };
    match (recovery(desk, &mut session, &consolidation.name, Some(error)).await, class(error)) {
        (Ok(Some(recovery)), _) => desk.out.recovery_aside(&recovery),
        (Ok(None), Some(class)) => {
            let begun = match desk.run {
                Some(run) => format!("run {run} came to its end"),
                None => "no run was begun".to_owned(),
            };
            desk.out.say(&format!("class of failure: {}; {begun}; `pgfold explain {}`", class.word(), class.id()));
        }
        _ => {}
    }
    session.close().await;
}
