//! The page for the change ticket: who, approvals, plan, backup, checks, audit head.

use std::time::Duration;

use super::build::Page;
use super::parts;
use crate::report::Story;
use crate::text;

pub fn evidence(story: &Story) -> String {
    let r = &story.record;
    Page::document(&format!("pgfold evidence of run {}", r.run), |p| {
        super::head(p, story, "Evidence for the change ticket");
        super::attention(p, story);
        parts::who(p, story);
        parts::tiles(p, story);
        parts::checks(p, story);
        p.section("Plan as carried out", |p| {
            let states = &story.report.steps;
            let rows = story.plan.iter().map(|l| {
                let state = states.iter().find(|s| s.step == l.step).map(|s| s.state.to_string()).unwrap_or_default();
                vec![l.step.to_string(), l.kind.clone(), l.intent.clone(), state, l.reverse.clone()]
            });
            p.table(&["#step", "kind", "what for", "state", "the way back"], rows);
        });
        p.section("Backup and way back", |p| {
            backup(p, story);
            let rows = story
                .rollback
                .iter()
                .map(|(name, size)| vec![name.clone(), size.map_or("not on this machine".to_owned(), text::bytes)]);
            p.table(&["rollback script", "size"], rows);
            p.tag(
                "p",
                "",
                "Before-images of changed rows, replaced objects and every row that gave way are kept in the ledger.",
            );
        });
        parts::audit(p, story);
        p.section("Signed", |p| {
            p.raw("<table class=\"sign\"><tbody><tr><td>Operator</td><td></td><td>Date</td><td></td></tr>");
            p.raw("<tr><td>Approved by</td><td></td><td>Date</td><td></td></tr></tbody></table>");
        });
    })
}

/// The backup that the run could have been restored from, or what to type to name one.
fn backup(p: &mut Page, story: &Story) {
    let Some(m) = &story.backup else {
        p.tag(
            "p",
            "mark look",
            "No backup from before the run that was read back was found: `pgfold report --evidence --backups DIR` looks elsewhere.",
        );
        return;
    };
    let age = (story.record.requested_epoch - m.taken_at_epoch as f64).max(0.0);
    let held: u64 = m.tables.iter().map(|t| t.rows).sum();
    let rows = [
        ("taken", format!("{}, {} before the run", m.taken_at, text::duration(Duration::from_secs(age as u64)))),
        ("of", if m.whole { "the whole database" } else { "the tables that a run can touch" }.to_owned()),
        ("holds", format!("{}, {}", text::count(m.tables.len() as u64, "table"), text::count(held, "row"))),
        ("size", text::bytes(m.bytes)),
        ("read back", "to its last row, as counted when it was taken".to_owned()),
        ("SHA-256", m.sha256.clone()),
    ];
    p.table(&["backup", ""], rows.map(|(name, value)| vec![name.to_owned(), value]));
}
