//! A rehearsal for people: outcomes, times, locks and whom they would keep waiting.

use std::time::Duration;

use comfy_table::{Cell, CellAlignment};

use super::human::{number, outcomes, plain, table};
use super::proof;
use crate::report::Rehearsal;
use crate::text;

pub fn human(r: &Rehearsal) -> String {
    let mut out = format!(
        "rehearsed {} {} on `{}` in {}; everything was taken back\n",
        r.verb,
        text::inert(&r.consolidation),
        text::inert(&r.database),
        ms(r.took_ms)
    );
    let mut steps = table(&["step", "", "rows", "took", "commits"]);
    for s in &r.carried.steps {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        steps.add_row(vec![
            right(s.step.to_string()),
            plain(&s.intent),
            number(s.rows),
            right(ms(s.took_ms)),
            number(s.commits),
        ]);
    }
    out.push_str(&format!("{steps}\n"));
    if !r.report.sources.is_empty() {
        out.push_str(&outcomes(&r.report.sources));
    }
    for reject in &r.rejects {
        out.push_str(&format!(
            "  {} of {}: {} {}, such as {}\n",
            text::count(reject.rows, "reject"),
            text::inert(&reject.source),
            text::inert(&reject.code),
            text::inert(reject.object.as_deref().unwrap_or_default()),
            text::cut(&text::inert(&reject.example), 60)
        ));
    }
    out.push_str(
        "\nlocks on tables that were there, by the step that took each first; later steps may take them again\n",
    );
    let mut locks = table(&["table", "lock", "first in step", "held here", "in a real run", "meanwhile"]);
    for l in &r.carried.locks {
        locks.add_row(vec![
            plain(&l.table),
            plain(&l.mode),
            Cell::new(l.step).set_alignment(CellAlignment::Right),
            Cell::new(ms(l.held_ms)).set_alignment(CellAlignment::Right),
            Cell::new(format!("≤ {}", ms(l.real_ms))).set_alignment(CellAlignment::Right),
            plain(meanwhile(&l.mode)),
        ]);
    }
    out.push_str(&format!("{locks}\n"));
    if r.waited.is_empty() {
        out.push_str("nobody had to wait for the rehearsal\n");
    }
    for w in &r.waited {
        out.push_str(&format!("process {} waited {} for {}\n", w.pid, ms(w.waited_ms), text::inert(&w.wants)));
    }
    let stands = |v: &Option<i64>| v.map_or_else(|| "unused".to_owned(), |v| v.to_string());
    for (name, before, now) in &r.sequences {
        out.push_str(&format!("sequence {} moved from {} to {}\n", text::inert(name), stands(before), stands(now)));
    }
    out.push_str("what a real run does otherwise\n");
    for line in &r.otherwise {
        out.push_str(&format!("  {}\n", text::inert(line)));
    }
    if let Some(checks) = &r.checks {
        out.push_str(&proof::human(checks));
    }
    out
}

fn ms(ms: f64) -> String {
    text::duration(Duration::from_secs_f64((ms / 1000.0).max(0.0)))
}

/// Whom a lock keeps waiting.
fn meanwhile(mode: &str) -> &'static str {
    match mode {
        "AccessExclusiveLock" => "readers and writers wait",
        "ExclusiveLock" | "ShareRowExclusiveLock" | "ShareLock" => "readers pass, writers wait",
        "ShareUpdateExclusiveLock" => "vacuum and schema changes wait",
        _ => "schema changes and index builds wait",
    }
}
