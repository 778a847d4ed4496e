//! What a run would do, asked of the server in a transaction that may not write.

use super::preview_files;
use crate::context::{Desk, Ground, Task};
use crate::error::{Error, Result};
use crate::execute::{Most, Outlook, look};
use crate::facts::ReasonCode;
use crate::finding::{Finding, Severity};
use crate::manifest::OnDuplicate;
use crate::pg::Session;
use crate::plan::{Action, Plan};
use crate::text;

/// Reading is shared by two sessions, however many write.
pub const SESSIONS: usize = 2;

/// Shows it and answers with the exit code that the real run would begin with.
pub async fn dry_run(desk: &mut Desk, task: &Task, ground: &Ground, plan: &Plan, session: &mut Session) -> Result<()> {
    let (rows, differences) = task.shown;
    let most = Most { rows, differences, faults: rows.max(100), reveal: task.reveal, sessions: SESSIONS };
    let outlook = look(session, plan, &ground.settings(), most).await?;
    if let Some(folder) = &task.out {
        preview_files::write(folder, plan, ground, session, task.reveal).await?;
    }
    desk.out.outlook(plan, &outlook, most)?;
    refuse(plan, ground, &outlook)?;
    let changes = plan.steps.iter().any(|s| matches!(s.action, Action::Enhance { .. }))
        || outlook.sources.iter().any(|s| s.outcomes.counts.written() > 0);
    if task.writing.detailed_exitcode && changes {
        return Err(Error::ChangesPending { what: "changes are pending".to_owned() });
    }
    Ok(())
}

/// The same look before a real run, for its refusals.
pub async fn gate(ground: &Ground, plan: &Plan, session: &mut Session, sessions: usize) -> Result<Outlook> {
    let most = Most { rows: 0, differences: 0, faults: 100, reveal: false, sessions };
    let outlook = look(session, plan, &ground.settings(), most).await?;
    refuse(plan, ground, &outlook)?;
    Ok(outlook)
}

fn refuse(plan: &Plan, ground: &Ground, outlook: &Outlook) -> Result<()> {
    let mut findings = Vec::new();
    let rejected: u64 = outlook.sources.iter().map(|s| s.outcomes.counts.rejected).sum();
    if rejected > plan.max_rejects {
        for source in &outlook.sources {
            findings.extend(source.faults.iter().map(|f| reject(&source.source, f)));
        }
    }
    for (table, (low, high)) in &plan.arrived {
        let Some(source) = outlook.sources.iter().find(|s| s.source == *table) else { continue };
        let arrived = source.outcomes.counts.arrived();
        if !(*low..=*high).contains(&arrived) {
            findings.push(Finding::new(
                "unexpected-count",
                Severity::Refusal,
                format!("expect.arrived.{table}"),
                format!("{} would have arrived, expected are {low} to {high}", text::count(arrived, "row")),
                "look at the dry run; correct the range if it is right".to_owned(),
            ));
        }
    }
    findings.extend(forbidden_duplicates(ground, outlook));
    if findings.is_empty() {
        return Ok(());
    }
    let what = if rejected > plan.max_rejects {
        format!(
            "{} would be rejected, the manifest allows {}; nothing was written",
            text::count(rejected, "row"),
            plan.max_rejects
        )
    } else {
        "the rows are not what the manifest expects; nothing was written".to_owned()
    };
    Err(Error::Gate { what, findings, hint: "`pgfold migrate --dry-run` shows every row".to_owned() })
}

fn reject(source: &str, fault: &crate::execute::Fault) -> Finding {
    let what = if fault.code == "unmapped" {
        "a value outside its `map`, and no default".to_owned()
    } else if fault.code == "cut" {
        "another time would arrive than the one that is there: its zone has no such time, and the column counts as taken whole".to_owned()
    } else {
        crate::error::condition(&fault.code).to_owned()
    };
    let key = fault.key.as_ref().map(|k| format!(", key {}", text::cut(&text::inert(k), 60))).unwrap_or_default();
    Finding::new(
        "reject",
        Severity::Refusal,
        format!("{source} {}{key}", text::inert(&fault.id)),
        format!("{} {}: {what}", fault.code, text::inert(&fault.object)),
        String::new(),
    )
}

fn forbidden_duplicates(ground: &Ground, outlook: &Outlook) -> Vec<Finding> {
    let manifest = &ground.consolidation.manifest;
    let strict = manifest.sources.iter().filter(|s| s.on_duplicate == OnDuplicate::Fail);
    let mut out = Vec::new();
    for source in strict {
        let name = source.table.plain();
        let Some(looked) = outlook.sources.iter().find(|s| s.source == name) else { continue };
        if looked.outcomes.counts.duplicate > 0 {
            let found = format!("the target holds {} already", text::count(looked.outcomes.counts.duplicate, "key"));
            out.push(Finding::new(
                "duplicate",
                Severity::Refusal,
                name,
                found,
                "`on_duplicate = \"skip\"` or \"merge\"",
            ));
        }
    }
    if manifest.target.on_secondary_match == crate::manifest::OnSecondaryMatch::Fail {
        for source in &outlook.sources {
            let alike = source
                .reasons
                .iter()
                .filter(|r| matches!(r.reason_code, Some(ReasonCode::SecondaryKey | ReasonCode::SecondaryKeyNotLive)));
            let n: u64 = alike.map(|r| r.rows).sum();
            if n > 0 {
                let found = format!("the target knows {} under another key", text::count(n, "row"));
                out.push(Finding::new(
                    "secondary-match",
                    Severity::Refusal,
                    source.source.clone(),
                    found,
                    "`on_secondary_match = \"report\"` or \"skip\"",
                ));
            }
        }
    }
    out
}
