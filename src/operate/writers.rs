//! What those who write to the legacy tables are asked for, said before anything is done.

use super::Desk;
use super::ground::Ground;
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::plan::{self, Plan, Writers};
use crate::sql::{Ident, Name, Sql};
use crate::text;

/// Says it; an online run that may not keep writers off for its last moment is refused.
pub fn told(desk: &Desk, ground: &Ground, plan: &Plan) -> Result<()> {
    match &plan.writers {
        Writers::Wait(tables) => {
            let names: Vec<String> = tables.iter().map(Name::plain).collect();
            desk.out.say(&format!(
                "{} {} locked against writing, not reading, while the rows move; `--online` lets the application go on writing",
                text::list(&names),
                if names.len() == 1 { "is" } else { "are" }
            ));
        }
        Writers::Online => {
            refuse(ground)?;
            desk.out.say(
                "the application may go on writing to the legacy tables; at the end they are locked against writing for a moment",
            );
        }
        Writers::Free if plan.steps.iter().any(|s| matches!(s.action, plan::Action::Move(_))) => {
            desk.out.say(
                "the legacy tables are not locked: what is written to them meanwhile is found by check 1; `--online` takes it with it",
            );
        }
        Writers::Free => {}
    }
    Ok(())
}

fn refuse(ground: &Ground) -> Result<()> {
    let me = Ident::of_the_server(ground.catalog.server.user.as_str());
    let sources = ground.consolidation.manifest.sources.iter().filter_map(|s| ground.catalog.table(&s.table));
    let one = |t: &crate::catalog::Table| {
        let grant = Sql::fill("grant update on ${t} to ${me}", &[("t", &t.name), ("me", &me)]);
        let found = "an online run locks it against writing for a moment, which takes a right to write";
        Finding::new("missing-right", Severity::Refusal, t.name.plain(), found, grant.to_string())
    };
    let findings: Vec<Finding> = sources.filter(|t| !plan::may_lock(t)).map(one).collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(Error::Gate {
        what: "an online run may not lock the legacy tables; nothing was written".to_owned(),
        findings,
        hint: "grant what is listed, or leave out `--online`".to_owned(),
    })
}
