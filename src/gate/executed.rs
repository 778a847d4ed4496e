//! MIG-4.N after each step, MIG-5 with the proof, MIG-6 with the clean-up.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Criterion, Document, Section};
use crate::catalog::Dependent;
use crate::text::{self, count};

/// One step that was just done, with what was found afterwards.
#[derive(Debug, Clone)]
pub struct Step {
    pub number: i32,
    pub of: usize,
    pub intent: String,
    pub rows: u64,
    pub took: Duration,
    pub criteria: Vec<Criterion>,
    pub next: Option<String>,
}

pub fn executed(step: Step) -> Document {
    let next = step.next.clone().unwrap_or_else(|| "the seven checks (MIG-5)".to_owned());
    Document {
        id: format!("MIG-4.{}", step.number),
        title: format!("Step {} of {}: {}", step.number, step.of, step.intent),
        summary: vec![
            format!("done in {}, {}", text::duration(step.took), count(step.rows, "row")),
            format!("next: {next}"),
        ],
        facts: json!({ "step": step.number, "intent": step.intent, "rows": step.rows, "took_ms": step.took.as_secs_f64() * 1000.0 }),
        criteria: step.criteria,
        ..Document::default()
    }
}

/// A dependent of MIG-1, looked at again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tested {
    pub kind: String,
    pub name: String,
    pub table: String,
    pub works: bool,
    pub found: String,
}

/// Compares dependents by table, kind and name. `broken`: kind, name and why of those that could not be used when they
/// were tried; `tables`: the legacy tables that are there; `assessed`: whether somebody looked before the run.
pub fn tested(
    before: &[Dependent],
    now: &[Dependent],
    broken: &[(String, String, String)],
    tables: &[String],
    assessed: bool,
) -> Vec<Tested> {
    let one = |d: &Dependent| {
        let still = now.iter().find(|n| n.table == d.table && n.kind == d.kind && n.name == d.name);
        let tried = broken.iter().find(|(kind, name, _)| *kind == d.kind && *name == d.name).map(|(.., why)| why);
        let (works, found) = match (still, tried) {
            (None, _) if !tables.contains(&d.table) => (true, "went with its table".to_owned()),
            (None, _) => (false, "is gone".to_owned()),
            (_, Some(why)) if !assessed => (true, format!("does not work, and nobody looked before the run: {why}")),
            (_, Some(why)) if d.trouble.is_some() => (true, format!("did not work before, either: {why}")),
            (_, Some(why)) => (false, format!("does not work any more: {why}")),
            (Some(n), None) if n.definition != d.definition => (false, "is another than before".to_owned()),
            (Some(_), None) => (true, "as before".to_owned()),
        };
        Tested { kind: d.kind.clone(), name: d.name.clone(), table: d.table.clone(), works, found }
    };
    before.iter().map(one).collect()
}

/// `checks`: number, title, whether it counts as passed, what was examined and found.
pub fn proof(checks: &[(u8, String, bool, String)], tested: &[Tested], facts: serde_json::Value) -> Document {
    let failed = checks.iter().filter(|(.., passed, _)| !passed).count() as u64;
    let broken: Vec<&Tested> = tested.iter().filter(|t| !t.works).collect();
    let mut criteria: Vec<Criterion> = checks
        .iter()
        .map(|(n, title, passed, found)| Criterion::new(format!("check {n}: {title}"), *passed, found.clone()))
        .collect();
    let found = if broken.is_empty() {
        format!("{} as before", count(tested.len() as u64, "dependent"))
    } else {
        broken.iter().map(|t| format!("{} {} {}", t.kind, t.name, t.found)).collect::<Vec<_>>().join("; ")
    };
    criteria.push(Criterion::new("each dependent of MIG-1 works as before", broken.is_empty(), found));
    let rows = tested.iter().map(|t| vec![t.table.clone(), t.kind.clone(), t.name.clone(), t.found.clone()]).collect();
    let mut all = facts;
    all["passed"] = json!(failed == 0 && broken.is_empty());
    all["dependents"] = json!(tested);
    Document {
        id: "MIG-5".into(),
        title: "Proof".into(),
        summary: vec![if failed == 0 && broken.is_empty() {
            "nothing was lost, and what depended on the legacy tables works".to_owned()
        } else {
            format!("{} failed, {} broken", count(failed, "check"), count(broken.len() as u64, "dependent"))
        }],
        criteria,
        sections: vec![Section::table("Dependents tested again", &["table", "kind", "name", "found"], rows)],
        facts: all,
        ..Document::default()
    }
}

/// `ready`: run, until when, how long it takes, what stands in the way.
pub fn cleanup(
    ready: &[(i64, String, String, Option<String>)],
    legacy: &[String],
    tested: &[Tested],
    backup: Option<&str>,
) -> Document {
    let dependents = tested.len();
    let broken: Vec<&str> = tested.iter().filter(|t| !t.works).map(|t| t.name.as_str()).collect();
    let first = ready.first().map_or("the end of the window".to_owned(), |(_, until, ..)| until.clone());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut line = |what: String, when: String, how: &str| rows.push(vec![what, when, how.to_owned()]);
    line(
        "before-images of this run".into(),
        format!("not before {first}"),
        "`pgfold cleanup --before-images --older-than 30d`",
    );
    for table in legacy {
        let when = format!(
            "when no dependent uses it any more ({}) and {first} is past",
            count(dependents as u64, "dependent")
        );
        line(format!("legacy table {table}"), when, "by hand, after a backup; pgfold never drops one");
    }
    if let Some(folder) = backup {
        line(format!("backup {folder}"), format!("not before {first}"), "remove the folder");
    }
    line(
        "artifacts and exports of the run's folder".into(),
        "as long as your audit asks".into(),
        "keep MIG-1 to MIG-6 with the change ticket",
    );
    let back: Vec<Vec<String>> = ready
        .iter()
        .map(|(run, until, takes, why)| {
            vec![run.to_string(), until.clone(), takes.clone(), why.clone().unwrap_or_else(|| "possible".to_owned())]
        })
        .collect();
    let open = ready.iter().all(|(.., why)| why.is_none()) && !ready.is_empty();
    Document {
        id: "MIG-6".into(),
        title: "Rollback readiness and clean-up".into(),
        summary: vec![format!("the way back is kept until {first}; nothing is cleaned up by itself")],
        criteria: vec![
            Criterion::new(
                "the run can be taken back",
                open,
                format!("{} looked at", count(ready.len() as u64, "run")),
            ),
            Criterion::new(
                "nothing that depends on the legacy tables is broken",
                broken.is_empty(),
                if broken.is_empty() { count(dependents as u64, "dependent") } else { broken.join(", ") },
            ),
        ],
        facts: json!({ "cleanup": rows.iter().map(|r| json!({ "what": r[0], "when": r[1], "how": r[2] })).collect::<Vec<_>>(), "until": first }),
        sections: vec![
            Section::table("Way back", &["run", "until", "takes", ""], back),
            Section::table("Clean-up", &["what", "when", "how"], rows),
        ],
        ..Document::default()
    }
}
