//! After the run: queries against their baseline, the schema against its image, legacy rows that came late.

use crate::catalog::{Change, Object, Objects};
use crate::context::{Desk, Ground};
use crate::error::{Error, Result};
use crate::execute::Watcher;
use crate::facts::CheckFailure;
use crate::ledger::{self, RunRow, ledger_sql};
use crate::notify::Notifier;
use crate::pg::{Arg, Session};
use crate::planner::Scope;
use crate::report::{Checkpoint, Health, Trouble, TroubleKind};
use crate::validate::{self, Check, Failure, Subject};

/// The run that is looked after: the newest that stands.
pub fn standing(runs: &[RunRow]) -> Option<&RunRow> {
    runs.iter().find(|r| r.stands() && r.state.is_complete())
}

/// Looks, notes the look in the ledger, and tells the receiver when the trouble is a new one.
pub async fn health(desk: &Desk, session: &mut Session, ground: &Ground, tolerated: u64) -> Result<Health> {
    let name = &ground.consolidation.name;
    let all = ledger::runs(session, Some(name)).await?;
    let Some(newest) = standing(&all) else {
        return Err(Error::Gate {
            what: format!("no run of `{name}` stands on this database, so there is nothing to look after"),
            findings: Vec::new(),
            hint: "`pgfold apply`".to_owned(),
        });
    };
    let (arrived, queries) = look(session, ground, &all).await?;
    let mut troubles = drift(session, ground, newest.run).await?;
    troubles.extend(of(&arrived, TroubleKind::LateLegacyWrites));
    troubles.extend(of(&queries, TroubleKind::ApplicationQuery));
    let proved = ledger::book::measured(session, newest.run).await?;
    for failure in validate::slower(&queries.measured, &proved) {
        // against the time before the run the check itself may have said so
        if !troubles.iter().any(|t| t.code == Some(failure.code) && t.about == failure.about) {
            troubles.push(trouble(&failure, TroubleKind::ApplicationQuery, failure.what.clone()));
        }
    }
    // a machine that is busy for a moment slows everything: slow is what stays slow
    for _ in 0..AGAIN {
        if !troubles.iter().any(Trouble::is_slow) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        let (_, again) = look(session, ground, &all).await?;
        let then = validate::slower(&again.measured, &proved);
        let slow = again.failures.iter().filter(|f| f.code == CheckFailure::QuerySlower).chain(&then);
        let still: Vec<&str> = slow.map(|f| f.about.as_str()).collect();
        troubles.retain(|t| !t.is_slow() || still.contains(&t.about.as_str()));
    }
    let healthy = troubles.len() as u64 <= tolerated;
    let mut kinds: Vec<String> = troubles.iter().map(Trouble::signature).collect();
    kinds.sort();
    kinds.dedup();
    let findings = serde_json::to_string(&troubles).map_err(|e| Error::bug(e.to_string()))?;
    let args = [
        name.as_str().into(),
        Arg::Int(newest.run),
        Arg::Bool(healthy),
        Arg::Text(kinds.join("; ")),
        Arg::Text(findings),
    ];
    let told: Vec<bool> = session.returning("noting the look", &ledger_sql!("add_health"), &args).await?;
    if told.first() == Some(&true)
        && let Some(receiver) = desk.receiver()
    {
        let what: Vec<&str> = troubles.iter().map(|t| t.what.as_str()).collect();
        let notifier = Notifier::start(receiver, newest.run, name, None);
        let data = serde_json::json!({ "troubles": troubles });
        notifier.tell("health.alarm", format!("{name}: {}", what.join("; ")), data);
        let sent = serde_json::to_value(notifier.settle()).map_err(|e| Error::bug(e.to_string()))?;
        ledger::book::add_messages(session, newest.run, &sent).await?;
    }
    let checkpoints = checkpoints(session, newest.run).await?;
    let examined = vec![arrived.examined, queries.examined];
    Ok(Health { run: newest.run, healthy, tolerated, examined, troubles, checkpoints })
}

/// How often a slow query is measured again before it is called slow, and after how long.
const AGAIN: u32 = 3;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(400);

pub async fn checkpoints(session: &mut Session, run: i64) -> Result<Vec<Checkpoint>> {
    session.rows("reading the looks", &ledger_sql!("checkpoints"), &[Arg::Int(run)]).await
}

async fn look(session: &mut Session, ground: &Ground, all: &[RunRow]) -> Result<(Check, Check)> {
    let runs = validate::unproved(all.to_vec());
    let moved = all.iter().find(|r| r.stands() && r.counts.is_some());
    let given = ground.given("status", Scope::default());
    let into = ground.target()?;
    let folds = given.source_queries(into);
    let subject = Subject {
        consolidation: &ground.consolidation,
        catalog: &ground.catalog,
        objects: &ground.objects,
        into,
        folds: &folds,
        runs: &runs,
        moved,
        plan: None,
        before: given.before,
        accept_edits: true,
    };
    validate::after(session, &subject, &ground.settings()).await
}

fn trouble(failure: &Failure, kind: TroubleKind, what: String) -> Trouble {
    Trouble { kind, code: Some(failure.code), about: failure.about.clone(), what }
}

fn of(check: &Check, kind: TroubleKind) -> Vec<Trouble> {
    let counted = |f: &Failure| {
        let rows = if f.rows > 1 || !f.examples.is_empty() { format!(": {} rows", f.rows) } else { String::new() };
        trouble(f, kind, format!("{}{rows}", f.what))
    };
    // a legacy row that the application changed is a late write, though the checks may list it apart
    let late = check.apart.iter().filter(|f| f.code == CheckFailure::EditedInSource);
    check
        .failures
        .iter()
        .map(counted)
        .chain(late.map(|f| trouble(f, kind, format!("{}: {} rows", f.what, f.rows))))
        .collect()
}

/// What changed in the schema since the run, as far as it concerns the run's tables.
async fn drift(session: &mut Session, ground: &Ground, run: i64) -> Result<Vec<Trouble>> {
    let kept: Vec<Object> =
        session.rows("reading the schema's image", &ledger_sql!("schema_image"), &[Arg::Int(run)]).await?;
    let tables: Vec<String> = kept.iter().filter_map(|o| o.belongs_to.clone()).collect();
    let named: Vec<String> = kept.iter().map(|o| o.object.clone()).collect();
    let image: Objects = kept.into_iter().collect();
    let ours = |o: &Object| named.contains(&o.object) || o.belongs_to.as_ref().is_some_and(|t| tables.contains(t));
    let changes = image.changes(&ground.objects);
    Ok(changes
        .into_iter()
        .filter(|c| ours(c.object()))
        .map(|c| {
            let object = &c.object().object;
            let kind = match &c {
                Change::Vanished(_) if object.starts_with("index ") => TroubleKind::DroppedIndex,
                _ => TroubleKind::SchemaDrift,
            };
            let happened = match &c {
                Change::Vanished(_) => "is gone",
                Change::Appeared(_) => "is new",
                Change::Changed(..) => "was changed",
            };
            Trouble { kind, code: None, about: object.clone(), what: format!("{object} {happened}") }
        })
        .collect())
}
