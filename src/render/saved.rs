//! A saved plan for people.

use super::human::{outcomes, plain, table};
use crate::ledger::SourceRow;
use crate::plan::{Estimate, Reverse, SavedPlan};
use crate::text;

pub fn human(saved: &SavedPlan, digest: &str) -> String {
    let mut out = format!(
        "plan of {} for {} on {}, made by pgfold {}\n",
        text::inert(&saved.consolidation),
        text::inert(&saved.identity.database),
        text::inert(&saved.identity.server),
        text::inert(&saved.tool_version)
    );
    out.push_str(&format!("digest {digest}, expires at {} (seconds since 1970)\n\n", saved.expires_at));
    for step in &saved.plan.steps {
        let reverse = match &step.reverse {
            Reverse::Drop(all) => format!("undone by {}", text::count(all.len() as u64, "statement")),
            Reverse::Run(all) => format!("undone by {}", text::count(all.len() as u64, "statement")),
            Reverse::Nothing => "undone from the ledger".to_owned(),
            Reverse::Impossible { because } => format!("cannot be undone: {}", text::inert(because)),
        };
        out.push_str(&format!("{:>3}  {}; {reverse}\n", step.number, text::inert(&step.intent)));
    }
    if !saved.effects.is_empty() {
        let mut t = table(&["enhancement", "statement", "lock", "rewrites", "destroys"]);
        for e in &saved.effects {
            let yes = |b: bool| plain(if b { "yes" } else { "no" });
            t.add_row(vec![
                plain(&e.file),
                plain(&text::cut(&e.statement, 70)),
                plain(e.lock.as_deref().unwrap_or("none")),
                yes(e.rewrites),
                yes(e.destroys),
            ]);
        }
        out.push_str(&format!("\n{t}\n"));
    }
    let expected: Vec<SourceRow> = serde_json::from_value(saved.outlook.clone()).unwrap_or_default();
    if !expected.is_empty() {
        out.push_str(&format!("\n{}", outcomes(&expected)));
    }
    if let Some(back) = &saved.rollback {
        out.push_str(&way_back(back));
    }
    let rows = if saved.fingerprint.rows.is_some() { ", rows" } else { "" };
    out.push_str(&format!("bound to files, catalog{rows} and database as they were\n"));
    out
}

pub fn way_back(w: &Estimate) -> String {
    let takes = text::duration(std::time::Duration::from_secs_f64(w.ms.max(0.0) / 1000.0));
    format!("rollback of all of it, level rows: about {takes} ({})\n", text::inert(&w.basis))
}
