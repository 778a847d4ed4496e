//! What those who write to the legacy tables are asked for, said before anything is done.

use crate::context::{Desk, Ground};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::pg::Session;
use crate::plan::{self, Plan, WriterPolicy};
use crate::planner;
use crate::preflight;
use crate::sql::{Ident, Name, Sql};
use crate::text;

/// Says it; an online run that may not keep writers off for its last moment is refused.
pub fn told(desk: &Desk, ground: &Ground, plan: &Plan) -> Result<()> {
    match &plan.writers {
        WriterPolicy::Wait(tables) => {
            let names: Vec<String> = tables.iter().map(Name::plain).collect();
            desk.out.say(&format!(
                "{} {} locked against writing, not reading, while the rows move; `--online` lets the application go on writing",
                text::list(&names),
                if names.len() == 1 { "is" } else { "are" }
            ));
        }
        WriterPolicy::Online => {
            refuse(ground)?;
            desk.out.say(
                "the application may go on writing to the legacy tables; at the end they are locked against writing for a moment",
            );
        }
        WriterPolicy::Free if plan.steps.iter().any(|s| matches!(s.action, plan::Action::Move(_))) => {
            desk.out.say(
                "the legacy tables are not locked: what is written to them meanwhile is found by check 1; `--online` takes it with it",
            );
        }
        WriterPolicy::Free => {}
    }
    Ok(())
}

/// Refuses a run whose sessions would not find a connection: it would wait for one while it keeps writers off.
pub async fn connections(session: &mut Session, workers: usize) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Free {
        free: i64,
        of: String,
    }
    let sql = Sql::constant(include_str!("../../sql/introspect/connections.sql"));
    let found: Free = session.one("counting free connections", &sql, &[]).await?;
    // besides the workers one session keeps the lease and one the lock; ours is counted already
    if found.free >= workers as i64 + 2 {
        return Ok(());
    }
    Err(Error::Gate {
        what: "a run would wait for connections that it cannot get; nothing was written".to_owned(),
        findings: preflight::connections(found.free, &found.of, workers as i64),
        hint: "end some sessions, raise the limit, or take fewer: `--workers 1`".to_owned(),
    })
}

fn refuse(ground: &Ground) -> Result<()> {
    let me = Ident::of_the_server(ground.catalog.server.user.as_str());
    let sources = ground.consolidation.manifest.sources.iter().filter_map(|s| ground.catalog.table(&s.table));
    let one = |t: &crate::catalog::Table| {
        let grant = Sql::fill("grant update on ${t} to ${me}", &[("t", &t.name), ("me", &me)]);
        let found = "an online run locks it against writing for a moment, which takes a right to write";
        Finding::new("missing-right", Severity::Refusal, t.name.plain(), found, grant.to_string())
    };
    let findings: Vec<Finding> = sources.filter(|t| !planner::may_lock(t)).map(one).collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(Error::Gate {
        what: "an online run may not lock the legacy tables; nothing was written".to_owned(),
        findings,
        hint: "grant what is listed, or leave out `--online`".to_owned(),
    })
}
