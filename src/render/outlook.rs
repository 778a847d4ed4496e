//! A dry run for people and for programs.

use serde_json::{Value, json};
use similar::TextDiff;

use super::human::{number, outcomes, plain, table};
use crate::execute::{Difference, LookedAt, Most, Outlook};
use crate::ledger::SourceRow;
use crate::plan::{Action, Plan};
use crate::text::{self, count};

pub fn json(plan: &Plan, outlook: &Outlook) -> Value {
    let steps: Vec<Value> =
        plan.steps.iter().map(|s| json!({ "step": s.number, "kind": s.action.word(), "intent": s.intent })).collect();
    json!({ "dry_run": true, "consolidation": plan.consolidation, "verb": plan.verb, "steps": steps, "unpredictable": plan.unpredictable, "sources": outlook.sources })
}

pub fn human(plan: &Plan, outlook: &Outlook, most: Most) -> String {
    let mut out = format!("dry run of {} {}: nothing is written\n", plan.verb, text::inert(&plan.consolidation));
    for step in &plan.steps {
        out.push_str(&format!("{:>3}  {}\n", step.number, step.intent));
        if let Action::Enhance { appears, replaces, .. } = &step.action {
            let named = |word: &str, all: &[String]| {
                all.iter().map(|o| format!("       {word} {}\n", text::inert(o))).collect::<String>()
            };
            out.push_str(&named("adds", appears));
            out.push_str(&named("replaces", replaces));
        }
    }
    if !plan.unpredictable.is_empty() {
        out.push_str("no dry run can foretell:\n");
        for what in &plan.unpredictable {
            out.push_str(&format!("     {}\n", text::inert(what)));
        }
    }
    if outlook.sources.is_empty() {
        return out;
    }
    let all: Vec<SourceRow> = outlook.sources.iter().map(|s| s.outcomes.clone()).collect();
    out.push('\n');
    out.push_str(&outcomes(&all));
    for source in &outlook.sources {
        out.push_str(&rows(source, most.rows));
        out.push_str(&differences(source, most.differences));
        for c in &source.counters {
            let what = if c.kind == "default" { "took its default" } else { "would lose precision" };
            out.push_str(&format!(
                "  `{}` {what} in {}, such as {}\n",
                text::inert(&c.column),
                count(c.rows, "row"),
                text::inert(c.example.as_deref().unwrap_or_default())
            ));
        }
    }
    out
}

fn rows(source: &LookedAt, most: u64) -> String {
    let mut t = table(&["row", "becomes", "key", "because"]);
    for r in &source.rows {
        let because = match &r.winner {
            Some(winner) => format!("gives way to {winner}"),
            None => r.reason.clone().unwrap_or_default(),
        };
        t.add_row(vec![
            plain(&r.id),
            plain(r.outcome.words()),
            plain(r.key.as_deref().unwrap_or_default()),
            plain(&because),
        ]);
    }
    let mut out = format!("\n{}\n{t}\n", text::inert(&source.source));
    let total = source.outcomes.counts.read;
    if total > most {
        out.push_str(&format!("  and {} more; --row-limit shows them\n", count(total - most, "row")));
    }
    if !source.faults.is_empty() {
        let mut t = table(&["rejected row", "code", "of", "key"]);
        for f in &source.faults {
            t.add_row(vec![
                plain(&f.id),
                plain(&f.code),
                plain(&f.object),
                plain(f.key.as_deref().unwrap_or_default()),
            ]);
        }
        out.push_str(&format!("{t}\n"));
    }
    let mut reasons = table(&["outcome", "because", "rows"]);
    for r in source.reasons.iter().filter(|r| r.reason.is_some()) {
        reasons.add_row(vec![plain(r.outcome.words()), plain(r.reason.as_deref().unwrap_or_default()), number(r.rows)]);
    }
    if !reasons.is_empty() && reasons.row_count() <= 30 {
        out.push_str(&format!("{reasons}\n"));
    }
    out
}

/// Unified diffs of what the target holds and what came in, as pretty JSON.
fn differences(source: &LookedAt, most: u64) -> String {
    let mut out = String::new();
    for d in &source.differences {
        out.push_str(&diff(d));
    }
    let differing = source.outcomes.counts.duplicate + source.outcomes.counts.merged;
    if source.differences.len() as u64 == most && differing > most {
        out.push_str("  there may be more differences; --diff-limit shows them\n");
    }
    out
}

fn diff(d: &Difference) -> String {
    let pretty = |v: &Value| {
        let text = serde_json::to_string_pretty(v).unwrap_or_default();
        text.lines().map(|l| format!("{}\n", text::inert(l))).collect::<String>()
    };
    let (there, incoming) = (pretty(&d.there), pretty(&d.incoming));
    let key = text::inert(&d.key);
    let diff = TextDiff::from_lines(&there, &incoming);
    diff.unified_diff()
        .context_radius(1)
        .header(&format!("{} {key}", text::inert(&d.holder)), &format!("legacy {}", text::inert(&d.id)))
        .to_string()
}
