//! The page for the change ticket: who, approvals, plan, backup, checks, audit head.

use super::build::Page;
use super::parts;
use crate::report::Story;

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
                let state = states.iter().find(|s| s.step == l.step).map(|s| s.state.clone()).unwrap_or_default();
                vec![l.step.to_string(), l.kind.clone(), l.intent.clone(), state, l.reverse.clone()]
            });
            p.table(&["#step", "kind", "what for", "state", "the way back"], rows);
        });
        p.section("Backup and way back", |p| {
            let rows = story.rollback.iter().map(|(name, size)| {
                vec![name.clone(), size.map_or("not on this machine".to_owned(), crate::text::bytes)]
            });
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
