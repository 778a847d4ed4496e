//! A run as a page of its own: for everybody, for the change ticket, and as Markdown.

mod build;
mod chart;
mod evidence;
mod markdown;
mod parts;

pub use evidence::evidence;
pub use markdown::markdown;

use build::Page;

use crate::report::{Story, Urgency};
use crate::text;

/// The whole story of a run as one self-contained HTML page.
pub fn html(story: &Story) -> String {
    let r = &story.record;
    Page::document(&format!("pgfold run {}: {} {}", r.run, r.kind, r.consolidation), |p| {
        head(p, story, "Report");
        attention(p, story);
        parts::tiles(p, story);
        parts::outcomes(p, story);
        parts::checks(p, story);
        parts::rejects(p, story);
        parts::mappings(p, story);
        parts::losers(p, story);
        parts::before_after(p, story);
        parts::columns(p, story);
        parts::timings(p, story);
        parts::rollback(p, story);
        parts::audit(p, story);
        parts::who(p, story);
        p.raw("<footer>")
            .say("Written by pgfold ")
            .say(&r.tool_version)
            .say(" from the ledger (schema pgfold) of database ");
        p.say(&r.database).raw(".</footer>\n");
    })
}

fn head(p: &mut Page, story: &Story, kind: &str) {
    let r = &story.record;
    p.raw("<header><p>").say("pgfold · ").say(kind).raw("</p>");
    p.raw("<h1>").say(&format!("Run {}: {} {}", r.run, r.kind, r.consolidation)).raw("</h1><div class=\"chips\">");
    p.tag("span", "chip", &format!("state: {}", r.state));
    let checks = match r.validated {
        Some(true) => "checks: passed",
        Some(false) => "checks: FAILED",
        None => "checks: not run",
    };
    p.tag("span", "chip", checks);
    p.tag("span", "chip", r.requested_at.get(..19).unwrap_or(&r.requested_at));
    p.tag("span", "chip", &format!("database: {}", r.database));
    if let Some(reference) = &r.reference {
        p.tag("span", "chip", &format!("reference: {reference}"));
    }
    p.raw("</div></header>\n");
}

fn attention(p: &mut Page, story: &Story) {
    let (class, word) = match story.attention.urgency {
        Urgency::Good => ("good", "All well"),
        Urgency::Look => ("look", "Look at this first"),
        Urgency::Bad => ("bad", "Needs attention now"),
    };
    p.raw("<section class=\"first ").raw(class).raw("\">").tag("span", "", word);
    p.tag("strong", "", &story.attention.what).tag("p", "", &story.attention.todo).raw("</section>\n");
}

pub(super) fn took(ms: f64) -> String {
    text::duration(std::time::Duration::from_secs_f64(ms.max(0.0) / 1000.0))
}
