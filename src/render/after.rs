//! The audit chain, the looks after a run, completion, history, and the figures for Prometheus, as text.

use std::fmt::Write;

use super::human::{number, plain, table};
use crate::facts::Outcome;
use crate::history::History;
use crate::ledger::audit::{Tail, Verified};
use crate::report::{Criterion, Figures, Health, TroubleKind};
use crate::text::{self, count};

pub fn verified(v: &Verified) -> String {
    let mut out =
        format!("audit chain of {}: {}\n", text::inert(&v.consolidation), count(v.rows.unsigned_abs(), "row"));
    for broken in &v.broken {
        let _ = writeln!(out, "  BROKEN  {broken}");
    }
    if v.broken.is_empty() {
        out.push_str("  links: each row is as it was written and follows the one before it\n");
    }
    out.push_str(&match v.tail {
        Tail::Proven => "  tail: proven, it ends with the head that was given\n".to_owned(),
        Tail::ProvenUpTo { later } => {
            let rows = if later == 1 { "1 row".to_owned() } else { format!("{later} rows") };
            format!("  tail: proven up to the head; {rows} came after the head: NOT PROVEN\n")
        }
        Tail::NotProven => "  tail: NOT PROVEN; rows at the end could be missing\n".to_owned(),
    });
    for later in &v.later {
        let _ = writeln!(out, "    after the head: {}", text::inert(later));
    }
    if matches!(v.tail, Tail::ProvenUpTo { .. }) && v.broken.is_empty() {
        out.push_str("  they are right only if all of that happened since; if it did, keep the head below in place of the old one\n");
    }
    if !v.protected {
        out.push_str("  note: the triggers that refuse changes are missing or switched off\n");
    }
    if let Some(head) = &v.head {
        let _ = writeln!(out, "  head now: {head}");
    }
    if v.tail == Tail::NotProven && v.broken.is_empty() {
        out.push_str("next: give the head of the run's folder or report: --head pgfold-runs/N/audit-head.txt\n");
    }
    out
}

pub fn health(h: &Health) -> String {
    let mut out = format!("run {}: {}\n", h.run, if h.healthy { "healthy" } else { "NOT HEALTHY" });
    for t in &h.troubles {
        let _ = writeln!(out, "  ✗ {:<20}{}", t.kind.words(), text::inert(&t.what));
    }
    let _ = writeln!(out, "  examined: {}, and the schema", h.examined.join(", "));
    for c in &h.checkpoints {
        let state = match (c.done, c.is_due) {
            (true, _) => "done",
            (false, true) => "DUE",
            (false, false) => "to come",
        };
        let _ = writeln!(out, "  look after {:<9} {state:<8} {}", c.name, c.due.get(..16).unwrap_or(&c.due));
    }
    out
}

pub fn criteria(all: &[Criterion]) -> String {
    let mut out = String::new();
    for c in all {
        let mark = if c.holds { "ok" } else { "NO" };
        let why = if c.holds { String::new() } else { format!(" ({})", text::inert(&c.why)) };
        let _ = writeln!(out, "{mark:<4}{}{why}", c.what);
    }
    let open = all.iter().filter(|c| !c.holds).count() as u64;
    out.push_str(&if open == 0 {
        "\ncomplete\n".to_owned()
    } else {
        format!("\n{} open\n", count(open, "criterion").replace("criterions", "criteria"))
    });
    out
}

pub fn history(h: &History) -> String {
    if h.runs == 0 {
        return format!("no run of {} has ended on this database yet\n", text::inert(&h.consolidation));
    }
    let mut out =
        format!("{}: {}, {:.1} % succeeded", text::inert(&h.consolidation), count(h.runs, "run"), h.success_rate);
    let _ = writeln!(out, ", {} failed or stopped, {} rolled back", h.failed, h.rolled_back);
    let took = |ms: f64| text::duration(std::time::Duration::from_secs_f64(ms.max(0.0) / 1000.0));
    let _ = writeln!(
        out,
        "duration: median {}, 9 of 10 below {}, longest {}",
        took(h.median_ms),
        took(h.p90_ms),
        took(h.longest_ms)
    );
    if !h.parts.is_empty() {
        let all: f64 = h.parts.iter().map(|p| p.ms).sum();
        out.push_str("\nwhere the time went\n");
        let mut t = table(&["part", "time", "share"]);
        for p in &h.parts {
            t.add_row(vec![
                plain(&p.part),
                plain(&took(p.ms)),
                plain(&format!("{:.1} %", 100.0 * p.ms / all.max(0.001))),
            ]);
        }
        let _ = writeln!(out, "{t}");
    }
    if !h.failures.is_empty() {
        out.push_str("\nwhy runs failed\n");
        let mut t = table(&["reason", "runs", "last run"]);
        for f in &h.failures {
            t.add_row(vec![plain(&f.reason), number(f.runs), number(f.last_run.unsigned_abs())]);
        }
        let _ = writeln!(out, "{t}");
    }
    if let Some(advice) = &h.advice {
        let _ = writeln!(out, "\nnext: {} takes most of the time; {}", advice.part, advice.todo);
    }
    if let Some(f) = h.failures.first() {
        let _ = writeln!(out, "most frequent failure: {} ({})", text::inert(&f.reason), count(f.runs, "run"));
    }
    if let Some(last) = &h.last_advice {
        let verdict = match last.helped {
            Some(true) => "it helped",
            Some(false) => "it did not help",
            None => "too early to tell",
        };
        let _ = writeln!(
            out,
            "the advice before (up to run {}: {}): {:.1} ms per 1,000 rows then, {:.1} ms since: {verdict}",
            last.upto, last.part, last.before, last.after
        );
    }
    out
}

/// The exposition format of Prometheus, version 0.0.4.
pub fn metrics(about: &str, run: Option<&Figures>, health: Option<&Health>) -> String {
    let label = about.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, lines: &[(String, f64)]| {
        let _ = writeln!(out, "# HELP pgfold_{name} {help}\n# TYPE pgfold_{name} gauge");
        for (more, value) in lines {
            let _ = writeln!(out, "pgfold_{name}{{consolidation=\"{label}\"{more}}} {value}");
        }
    };
    let one = |v: f64| vec![(String::new(), v)];
    if let Some(r) = run {
        gauge("run", "The number of the newest run.", &one(r.run as f64));
        let state = vec![(format!(",type=\"{}\",state=\"{}\"", r.kind, r.state), 1.0)];
        gauge("run_state", "1 for the state of the newest run.", &state);
        gauge("run_requested_timestamp_seconds", "When the newest run was asked for.", &one(r.requested));
        gauge("run_duration_seconds", "How long the newest run took.", &one(r.duration_ms / 1000.0));
        let counts = r.counts.iter().flat_map(|c| {
            let outcomes = Outcome::ALL.map(|outcome| (outcome.as_str(), c.get(outcome)));
            std::iter::once(("read", c.read)).chain(outcomes)
        });
        let rows: Vec<_> = counts.map(|(name, n)| (format!(",outcome=\"{name}\""), n as f64)).collect();
        gauge("run_rows", "Legacy rows of the newest run by outcome.", &rows);
        for (name, help, value) in [
            (
                "run_success_ratio",
                "Rows that stand in the target, of those that were to move.",
                r.success_rate.map(|v| v / 100.0),
            ),
            ("run_quality_score", "Data quality, of 100.", r.quality_score),
            ("run_checks_passed", "Whether the checks passed.", r.validated.map(|v| f64::from(u8::from(v)))),
        ] {
            if let Some(value) = value {
                gauge(name, help, &one(value));
            }
        }
    }
    if let Some(h) = health {
        gauge(
            "healthy",
            "Whether the last look found nothing past the threshold.",
            &one(f64::from(u8::from(h.healthy))),
        );
        let rows: Vec<_> = (TroubleKind::ALL.iter())
            .map(|k| (format!(",kind=\"{}\"", k.words()), h.troubles.iter().filter(|t| t.kind == *k).count() as f64))
            .collect();
        gauge("troubles", "What the last look found, by kind.", &rows);
    }
    out
}
