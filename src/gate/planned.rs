//! MIG-2, the strategy and sequence, and MIG-3, each step with its conditions.

use std::time::Duration;

use serde_json::json;

use super::{Criterion, Document, Estimate, Section};
use crate::plan::{Action, Plan, Reverse, Step};
use crate::text::{self, count};

fn took(ms: f64) -> String {
    text::duration(Duration::from_secs_f64(ms.max(0.0) / 1000.0))
}

/// How long a run may take.
#[derive(Debug, Clone)]
pub enum Room {
    /// The profile has no window.
    Unlimited,
    /// Outside of the window, for a reason that is recorded.
    Outside,
    /// What is left of the window, or all of it while it is shut; and how it is written.
    Window { left: Duration, written: String },
}

/// The time of the step at this place, and how that is known.
fn time(estimate: &Estimate, place: usize) -> (String, String) {
    estimate.steps.get(place).map_or_else(Default::default, |s| (took(s.ms), s.basis.clone()))
}

fn back(step: &Step) -> String {
    match &step.reverse {
        Reverse::Drop(all) => format!("rollback.sql has {}", count(all.len() as u64, "statement")),
        Reverse::Run(all) => format!("rollback.sql has {}", count(all.len() as u64, "statement")),
        Reverse::Nothing => match step.action {
            Action::Remember { .. } | Action::Contest { .. } | Action::Advance { .. } | Action::Analyze { .. } => {
                "nothing to take back".to_owned()
            }
            _ => "rollback.sql, from the ledger by run number".to_owned(),
        },
        Reverse::Impossible { because } => format!("IMPOSSIBLE: {because}"),
    }
}

/// What must be true before, and how it is seen to be done.
fn conditions(step: &Step) -> (String, String) {
    let (before, after): (&str, String) = match &step.action {
        Action::Enhance { appears, replaces, .. } => (
            "nobody holds a lock on the target for longer than the lock timeout",
            format!(
                "the catalog changed by exactly {}",
                count((appears.len() + replaces.len()) as u64, "declared object")
            ),
        ),
        Action::Backfill { .. } => ("the key's column is there", "no row of the target is without key".to_owned()),
        Action::Remember { .. } => ("nothing was written yet", "one hash for each row of the target".to_owned()),
        Action::Contest { .. } => ("all sources can be read", "each contested key has one winner".to_owned()),
        Action::Move(m) => (
            "the key's unique index is there",
            format!("every row of {} has one outcome, each batch is committed", m.source),
        ),
        Action::Map(_) | Action::Decide { .. } => {
            ("the rows are there", "the mapping's rows are in the ledger".to_owned())
        }
        Action::Settle(_) => ("the rows are folded in", "what was written meanwhile has its outcome, too".to_owned()),
        Action::Advance { .. } => {
            ("nobody waits for the sequence's table", "the sequence stands behind every id that comes back".to_owned())
        }
        Action::Analyze { .. } => ("the table is there", "the statistics are fresh".to_owned()),
    };
    (before.to_owned(), after)
}

pub fn plan(plan: &Plan, estimate: &Estimate, backup_age: &str, room: &Room) -> Document {
    let impossible: Vec<&Step> =
        plan.steps.iter().filter(|s| matches!(s.reverse, Reverse::Impossible { .. })).collect();
    let moves = plan.steps.iter().filter(|s| matches!(s.action, Action::Move(_))).count() as u64;
    let enhances = plan.steps.iter().filter(|s| matches!(s.action, Action::Enhance { .. })).count() as u64;
    let no_return = match impossible.first() {
        Some(step) => format!("step {}: {}", step.number, step.intent),
        None => "none: every step can be taken back until `pgfold cleanup` throws the before-images away".to_owned(),
    };
    let sequence = plan
        .steps
        .iter()
        .enumerate()
        .map(|(place, s)| {
            let (about, basis) = time(estimate, place);
            vec![s.number.to_string(), s.intent.clone(), about, basis]
        })
        .collect();
    // the way back is to fit as well, and takes no longer than the way there
    let (fits, found) = match room {
        Room::Unlimited => (true, "no window is set".to_owned()),
        Room::Outside => (true, "outside of the window, for a reason that is recorded".to_owned()),
        Room::Window { left, written } => {
            let fits = Duration::from_secs_f64(estimate.ms.max(0.0) / 1000.0) * 2 <= *left;
            let word = if fits { "both fit" } else { "both do not fit" };
            (fits, format!("{word} into what is open of {written}"))
        }
    };
    Document {
        id: "MIG-2".into(),
        title: "Plan".into(),
        summary: vec![
            format!("{} into {}, {}, about {}", count(moves, "source"), plan.target.plain(), count(enhances, "enhancement"), took(estimate.ms)),
            format!("point of no return: {no_return}"),
        ],
        criteria: vec![
            Criterion::new("every step can be taken back", impossible.is_empty(), no_return),
            Criterion::new("the run and a rollback fit the maintenance window", fits, found),
        ],
        sections: vec![
            Section::lines("Strategy and reason", vec![
                "Expand first: enhancements only add, so the application as it is goes on to work.".into(),
                "Then fold the rows batch by batch, each batch one transaction with its accounting; a run that is stopped resumes.".into(),
                "Legacy tables are read and never touched: until they are retired, the way back is short.".into(),
                format!("A verified backup no older than {backup_age} comes first."),
            ]),
            Section::table("Sequence", &["step", "what", "about", "known from"], sequence),
            Section::lines("Compatibility", vec![
                "Legacy tables stay as they are, with everything that depends on them (MIG-1).".into(),
                "An insert into the target as the application writes it works after each enhancement.".into(),
                "The application's queries are run before the first write and compared afterwards (check 7).".into(),
            ]),
            Section::lines("What to watch", vec![
                "`pgfold status --watch`: steps, rows per second, retries".into(),
                "lock waits of the application: `select pid, wait_event, query from pg_stat_activity where wait_event_type = 'Lock'`".into(),
                "replicas (`--max-lag`), free disk, the application's own error rate".into(),
            ]),
            Section::lines("Success", vec![
                "read = sum of the outcomes for each batch, source and run".into(),
                "seven checks pass (MIG-5) and each dependent of MIG-1 still works".into(),
                "the rollback is rehearsed or ready (MIG-6)".into(),
            ]),
        ],
        facts: json!({ "estimate": estimate, "steps": plan.steps.len(), "point_of_no_return": impossible.first().map(|s| s.number) }),
        ..Document::default()
    }
}

/// `held`: who holds a lock on one of the tables for longer than a step would wait.
pub fn steps(plan: &Plan, estimate: &Estimate, held: &[String]) -> Document {
    let impossible = plan.steps.iter().filter(|s| matches!(s.reverse, Reverse::Impossible { .. })).count() as u64;
    let row = |(place, s): (usize, &Step)| {
        let (before, after) = conditions(s);
        let (about, basis) = time(estimate, place);
        vec![format!("MIG-4.{}", s.number), s.intent.clone(), before, after, back(s), about, basis]
    };
    let bare = plan.steps.iter().filter(|s| {
        let (before, after) = conditions(s);
        before.is_empty() || after.is_empty()
    });
    let bare = bare.count() as u64;
    let facts: Vec<serde_json::Value> = plan.steps.iter().enumerate().map(|(place, s)| {
        let (before, after) = conditions(s);
        json!({ "step": s.number, "gate": format!("MIG-4.{}", s.number), "action": s.action.word(), "intent": s.intent,
            "precondition": before, "verification": after, "rollback": back(s), "estimated_ms": estimate.steps.get(place).map(|t| t.ms),
            "estimated_from": estimate.steps.get(place).map(|t| &t.basis) })
    }).collect();
    Document {
        id: "MIG-3".into(),
        title: "Steps".into(),
        summary: vec![format!("{}, each with its own gate MIG-4.N", count(plan.steps.len() as u64, "step"))],
        criteria: vec![
            Criterion::new(
                "each step has a precondition and a verification",
                bare == 0,
                format!("{} of {} without", bare, count(plan.steps.len() as u64, "step")),
            ),
            Criterion::new(
                "nobody holds a lock that a step would wait for",
                held.is_empty(),
                if held.is_empty() { "none is held".to_owned() } else { held.join("; ") },
            ),
            Criterion::new(
                "each step has a way back",
                impossible == 0,
                format!("{} without", count(impossible, "step")),
            ),
        ],
        sections: vec![Section::table(
            "Steps",
            &["gate", "action", "precondition", "verification", "rollback", "about", "known from"],
            plan.steps.iter().enumerate().map(row).collect(),
        )],
        facts: json!({ "steps": facts }),
        ..Document::default()
    }
}
