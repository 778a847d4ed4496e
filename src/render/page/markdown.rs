//! A run as Markdown, for a wiki or a ticket.

use super::took;
use crate::report::Story;
use crate::text::{self, thousands};

/// Text in which nothing is markup: Markdown's own signs get a backslash, HTML's become entities.
fn safe(anything: &str) -> String {
    let mut out = String::new();
    for c in text::inert(anything).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | ':' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn table(out: &mut String, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    out.push_str(&format!("| {} |\n|{}\n", header.join(" | "), " --- |".repeat(header.len())));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|c| safe(c)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
}

pub fn markdown(s: &Story) -> String {
    let r = &s.record;
    let mut out = format!("# Run {}: {} {}\n\n", r.run, safe(&r.kind), safe(&r.consolidation));
    out.push_str(&format!("**{}**\n{}\n\n", safe(&s.attention.what), safe(&s.attention.todo)));
    let some = |n: Option<u64>| n.map_or("—".to_owned(), thousands);
    let facts = [
        ("state", r.state.to_string()),
        ("legacy rows read", some(r.counts.map(|c| c.read))),
        ("inserted", some(r.counts.map(|c| c.inserted))),
        ("rejected", some(r.counts.map(|c| c.rejected))),
        ("success rate", r.success_rate.map_or("—".to_owned(), |v| format!("{v} %"))),
        ("data quality, of 100", r.quality_score.map_or("—".to_owned(), |v| v.to_string())),
        ("duration", took(r.duration_ms)),
        (
            "who",
            format!(
                "{} ({}, from {})",
                r.who,
                r.operator.as_deref().unwrap_or("?"),
                r.client.as_deref().unwrap_or("?")
            ),
        ),
        ("approval", r.approval.clone().unwrap_or_default()),
        ("reference", r.reference.clone().unwrap_or_default()),
        ("plan", r.plan_digest.clone()),
        ("audit head", s.audit.head.clone().unwrap_or_default()),
    ];
    table(&mut out, &["", ""], facts.map(|(a, b)| vec![a.to_owned(), b]));
    if !s.report.sources.is_empty() {
        out.push_str("## Outcomes\n\n");
        let all = super::chart::OUTCOMES;
        let mut header = vec!["source", "read"];
        header.extend(all.iter().map(|(outcome, _)| outcome.words()));
        let rows = s.report.sources.iter().map(|s| {
            let mut row = vec![s.source.clone(), thousands(s.counts.read)];
            row.extend(all.iter().map(|(outcome, _)| thousands(s.counts.get(*outcome))));
            row
        });
        table(&mut out, &header, rows);
    }
    out.push_str("## Checks\n\n");
    let checks =
        s.checks.iter().map(|c| vec![c.number.to_string(), c.title.clone(), c.verdict.to_string(), c.examined.clone()]);
    table(&mut out, &["", "check", "verdict", "examined"], checks);
    if !s.rejects.is_empty() {
        out.push_str("## Rejected rows\n\n");
        let rows =
            s.rejects.iter().map(|r| vec![r.source.clone(), r.code.clone(), r.object.clone(), thousands(r.rows)]);
        table(&mut out, &["source", "code", "object", "rows"], rows);
    }
    out.push_str("## Steps\n\n");
    let steps = s.report.steps.iter().map(|s| {
        vec![
            s.step.to_string(),
            s.intent.clone(),
            s.state.to_string(),
            some(s.rows),
            s.took_ms.map(took).unwrap_or_default(),
        ]
    });
    table(&mut out, &["step", "what for", "state", "rows", "took"], steps);
    out
}
