//! The sections of a run's page.

use super::build::Page;
use super::{chart, took};
use crate::facts::{CheckVerdict, Outcome};
use crate::ledger::audit::Tail;
use crate::report::Story;
use crate::text::{count, thousands};

fn some(n: Option<u64>) -> String {
    n.map_or("—".to_owned(), thousands)
}

pub fn tiles(p: &mut Page, s: &Story) {
    let r = &s.record;
    let arrived = r.counts.map(|c| c.inserted + c.merged + c.duplicate + c.unchanged);
    let per_cent = |v: Option<f64>| v.map_or("—".to_owned(), |v| format!("{v} %"));
    let tiles = [
        ("legacy rows read", some(r.counts.map(|c| c.read))),
        ("stand in the target", some(arrived)),
        ("rejected", some(r.counts.map(|c| c.rejected))),
        ("success rate", per_cent(r.success_rate)),
        ("data quality, of 100", r.quality_score.map_or("—".to_owned(), |q| q.to_string())),
        ("duration", took(r.duration_ms)),
    ];
    p.raw("<div class=\"tiles\">");
    for (name, value) in tiles {
        p.raw("<div class=\"tile\">").tag("b", "", &value).tag("span", "", name).raw("</div>");
    }
    p.raw("</div>\n");
}

pub fn outcomes(p: &mut Page, s: &Story) {
    if s.report.sources.is_empty() {
        return;
    }
    p.section("What became of every legacy row", |p| {
        chart::outcomes(p, &s.report.sources);
        let read: u64 = s.report.sources.iter().map(|s| s.counts.read).sum();
        p.raw("<p><small>").say(&format!("{} read, each with exactly one outcome.", count(read, "legacy row")));
        p.raw("</small></p>");
        let some = |o: &Outcome| s.report.sources.iter().any(|s| s.counts.get(*o) > 0);
        let shown: Vec<Outcome> = chart::OUTCOMES.iter().map(|(outcome, _)| *outcome).filter(some).collect();
        p.raw("<div class=\"wide\"><table><thead><tr>").tag("th", "", "source").tag("th", "n", "read");
        for outcome in &shown {
            p.tag("th", "n", outcome.words());
        }
        p.raw("</tr></thead><tbody>");
        for source in &s.report.sources {
            p.raw("<tr>").tag("td", "", &source.source).tag("td", "n", &thousands(source.counts.read));
            for outcome in &shown {
                p.tag("td", "n", &thousands(source.counts.get(*outcome)));
            }
            p.raw("</tr>\n");
        }
        p.raw("</tbody></table></div>");
    });
}

pub fn checks(p: &mut Page, s: &Story) {
    p.section("The seven checks", |p| {
        if s.checks.is_empty() {
            p.tag("p", "", "Not run yet: `pgfold validate`.");
            return;
        }
        p.raw("<div class=\"wide\"><table><tbody>");
        for c in &s.checks {
            let (class, word) = match c.verdict {
                CheckVerdict::Passed => ("good", "✓ passed"),
                CheckVerdict::Warned => ("", "! warned"),
                CheckVerdict::Failed => ("bad", "✗ failed"),
                CheckVerdict::NotApplicable => ("", "– not applicable"),
                CheckVerdict::NotEvaluated => ("bad", "✗ not evaluated"),
            };
            p.raw("<tr><td class=\"mark ").raw(class).raw("\">").raw(word).raw("</td><td>");
            p.say(&format!("{}. {}", c.number, c.title)).tag("small", "", &c.examined);
            for f in c.failures.iter().chain(&c.apart) {
                let examples =
                    if f.examples.is_empty() { String::new() } else { format!(" ({})", f.examples.join(", ")) };
                p.tag("small", "", &format!("{}: {}{examples}", f.what, thousands(f.rows)));
            }
            if !c.hint.is_empty() {
                p.tag("small", "", &format!("→ {}", c.hint));
            }
            p.raw("</td></tr>\n");
        }
        p.raw("</tbody></table></div>");
    });
}

pub fn rejects(p: &mut Page, s: &Story) {
    if !s.rejects.is_empty() {
        p.section("Rejected rows by reason", |p| {
            let rows =
                s.rejects.iter().map(|r| vec![r.source.clone(), r.code.clone(), r.object.clone(), thousands(r.rows)]);
            p.table(&["source", "code", "column or constraint", "#rows"], rows);
        });
    }
    if !s.counters.is_empty() {
        p.section("Values that were not taken as they stood", |p| {
            let why = |kind: &str| if kind == "default" { "took the default" } else { "lost precision, as declared" };
            let rows = s
                .counters
                .iter()
                .map(|c| vec![c.source.clone(), c.col.clone(), why(&c.kind).to_owned(), thousands(c.rows)]);
            p.table(&["source", "column", "what happened", "#rows"], rows);
        });
    }
}

pub fn mappings(p: &mut Page, s: &Story) {
    if s.report.mappings.is_empty() {
        return;
    }
    p.section("Mappings", |p| {
        let rows = s.report.mappings.iter().map(|m| {
            let n = [m.new, m.rows, m.several, m.fallback, m.review].map(thousands);
            std::iter::once(m.mapping.clone()).chain(n).collect()
        });
        p.table(&["mapping", "#new", "#rows mapped", "#with two or more", "#by fallback alone", "#for review"], rows);
    });
}

pub fn losers(p: &mut Page, s: &Story) {
    if s.report.losers.is_empty() {
        return;
    }
    p.section("Rows that gave way to another with the same key", |p| {
        let rows =
            s.report.losers.iter().map(|l| vec![l.source.clone(), l.id.clone(), l.key.clone(), l.winner.clone()]);
        p.table(&["source", "row", "key", "winner"], rows);
        p.raw("<p><small>")
            .say("All of them are in crosswalk.csv; each is kept whole in the ledger.")
            .raw("</small></p>");
    });
}

pub fn before_after(p: &mut Page, s: &Story) {
    if s.before_after.is_empty() {
        return;
    }
    p.section("Before and after", |p| {
        let rows = s.before_after.iter().map(|b| vec![b.what.clone(), b.before.clone(), b.after.clone()]);
        p.table(&["", "before", "after"], rows);
    });
}

pub fn timings(p: &mut Page, s: &Story) {
    p.section("Steps, and where the time went", |p| {
        let steps = &s.report.steps;
        let bars: Vec<_> = steps.iter().filter_map(|s| s.took_ms.map(|ms| (s.intent.clone(), ms, took(ms)))).collect();
        if !bars.is_empty() {
            chart::bars(p, "Durations of the steps", &bars);
        }
        if !s.timings.is_empty() {
            p.raw("<p>").say("Within the steps (waits are sampled): ");
            let parts: Vec<String> = s.timings.iter().map(|t| format!("{} {}", t.part, took(t.ms))).collect();
            p.say(&parts.join(", ")).raw("</p>");
        }
        let rows = steps.iter().map(|s| {
            let state = match &s.error {
                Some(error) => format!("{}: {error}", s.state),
                None => s.state.to_string(),
            };
            vec![s.step.to_string(), s.intent.clone(), state, some(s.rows), s.took_ms.map(took).unwrap_or_default()]
        });
        p.table(&["#step", "what for", "state", "#rows", "#took"], rows);
    });
}

pub fn columns(p: &mut Page, s: &Story) {
    let all = &s.record.dictionary;
    if all.is_empty() {
        return;
    }
    p.section("Old columns, new columns", |p| {
        let mut sources: Vec<&str> = all.iter().map(|e| e.source.as_str()).collect();
        sources.dedup();
        for (i, source) in sources.into_iter().enumerate() {
            let mine: Vec<_> = all.iter().filter(|e| e.source == source).cloned().collect();
            p.tag("h3", "", source);
            chart::columns(p, source, i, &mine);
            let (kept, told): (Vec<_>, Vec<_>) = mine.iter().partition(|e| e.kind == "kept");
            let mut rows: Vec<Vec<String>> = (told.into_iter())
                .map(|e| {
                    let column = e.column.clone().unwrap_or_else(|| "—".to_owned());
                    vec![column, e.from.clone(), e.kind.clone(), e.note.clone()]
                })
                .collect();
            if let Some(first) = kept.first() {
                let names: Vec<&str> = kept.iter().map(|e| e.from.as_str()).collect();
                let column = first.column.clone().unwrap_or_default();
                rows.push(vec![column, names.join(", "), "kept".to_owned(), first.note.clone()]);
            }
            p.table(&["new column", "from", "how", "note"], rows);
        }
    });
}

pub fn rollback(p: &mut Page, s: &Story) {
    p.section("Ready to be rolled back", |p| {
        if let Some(level) = &s.record.undone_level {
            p.tag(
                "p",
                "",
                &format!(
                    "Rolled back at level {level}{}.",
                    s.record.undone_at.as_ref().map(|a| format!(", {a}")).unwrap_or_default()
                ),
            );
        }
        let rows = s.rollback.iter().map(|(name, size)| {
            vec![
                name.clone(),
                size.map_or("not on this machine".to_owned(), |b| format!("there, {}", crate::text::bytes(b))),
            ]
        });
        p.table(&["script for psql", ""], rows);
        let rows = s.plan.iter().map(|l| vec![l.step.to_string(), l.intent.clone(), l.reverse.clone()]);
        p.table(&["#step", "what for", "the way back"], rows);
    });
}

pub fn audit(p: &mut Page, s: &Story) {
    p.section("Audit chain", |p| {
        let a = &s.audit;
        p.raw("<p>").say("Head of the chain, to be kept outside the database:").raw("</p><code class=\"head\">");
        p.say(a.head.as_deref().unwrap_or("—")).raw("</code>");
        let state = if a.broken.is_empty() { format!("{}, each follows the one before it.", count(a.rows.unsigned_abs(), "row")) } else { a.broken.join("; ") };
        p.tag("p", if a.broken.is_empty() { "good" } else { "bad" }, &state);
        let tail = match a.tail {
            Tail::Proven => "The tail is proven.",
            _ => "This page cannot prove the tail of its own chain: `pgfold status --verify-audit --head` with the head above, or with audit-head.txt of the run's folder, does.",
        };
        p.raw("<p><small>").say(tail).raw("</small></p>");
        if !s.lost.is_empty() {
            p.tag("p", "look", &format!("{} not taken by the receiver:", if s.lost.len() == 1 { "1 notification was".to_owned() } else { format!("{} notifications were", s.lost.len()) }));
            p.table(&["event", "at", "#tries", "why"], s.lost.iter().map(|l| vec![l.kind.clone(), l.at.clone(), l.tries.to_string(), l.error.clone()]));
        }
    });
}

/// Who asked, from where, why, on whose word; what was expected and what came.
pub fn who(p: &mut Page, s: &Story) {
    p.section("Who, from where, on whose word", |p| {
        let r = &s.record;
        let estimate = |a: Option<String>, b: String| a.map_or(b.clone(), |a| format!("{b} (expected {a})"));
        let facts = [
            ("role", r.who.clone()),
            ("operator", r.operator.clone().unwrap_or_default()),
            ("from", r.client.clone().unwrap_or_default()),
            ("approval", r.approval.clone().unwrap_or_default()),
            ("reference", r.reference.clone().unwrap_or_else(|| "none given".to_owned())),
            ("began", r.requested_at.clone()),
            ("ended", r.finished_at.clone().unwrap_or_else(|| "not yet".to_owned())),
            ("duration", estimate(r.estimated_duration_ms.map(took), took(r.duration_ms))),
            // tables that were never analyzed promise nothing
            ("rows", estimate(r.estimated_rows.filter(|n| *n > 0).map(thousands), some(r.counts.map(|c| c.read)))),
            (
                "complexity",
                estimate(r.estimated_complexity.clone(), r.complexity.clone().unwrap_or_else(|| "—".to_owned())),
            ),
            ("plan (SHA-256)", r.plan_digest.clone()),
            ("server", format!("PostgreSQL {}, database {}", r.server_version, r.database)),
            ("folder", r.folder.clone().unwrap_or_default()),
        ];
        p.raw("<dl>");
        for (name, value) in facts {
            p.tag("dt", "", name).tag("dd", "", &value);
        }
        p.raw("</dl>");
    });
}
