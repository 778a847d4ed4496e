//! Runs, findings and reports as tables and sentences.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use crate::facts::{Counts, Outcome, RunState};
use crate::finding::{Finding, Severity};
use crate::ledger::{RunRow, SourceRow};
use crate::plan::FileState;
use crate::report::{Newest, RunReport};
use crate::text::{self, count, thousands};

/// A table without frames that survives a pipe.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    let rule = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    table.load_style(rule).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().map(Cell::new));
    table
}

pub fn number(n: u64) -> Cell {
    Cell::new(if n == 0 { "·".to_owned() } else { thousands(n) }).set_alignment(CellAlignment::Right)
}

pub fn plain(value: &str) -> Cell {
    Cell::new(text::cut(&text::inert(value), 60))
}

pub fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Ok => "ok",
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Refusal => "refused",
        Severity::NotEvaluated => "NOT EVALUATED",
    }
}

/// `warning: about: found (what to do) [rule]`.
pub fn finding_line(f: &Finding) -> String {
    let todo = if f.todo.is_empty() { String::new() } else { format!("; {}", f.todo) };
    format!("{}: {}: {}{todo} [{}]", mark(f.severity), text::inert(&f.about), f.found, f.rule)
}

pub fn findings(all: &[Finding]) -> String {
    let mut out = String::new();
    for f in all {
        out.push_str(&format!("{:<14}{:<18}{}: {}\n", mark(f.severity), f.rule, text::inert(&f.about), f.found));
        if !f.todo.is_empty() {
            out.push_str(&format!("{:<32}→ {}\n", "", f.todo));
        }
    }
    let refused = all.iter().filter(|f| f.refuses()).count() as u64;
    out.push_str(&match refused {
        0 => "\nnothing stands in the way\n".to_owned(),
        n => {
            format!("\n{} in the way\n", if n == 1 { "1 thing stands".to_owned() } else { format!("{n} things stand") })
        }
    });
    out
}

/// Sources with their outcomes; a column only where some row has that outcome.
pub fn outcomes(sources: &[SourceRow]) -> String {
    let all: Counts = sources.iter().map(|s| s.counts).sum();
    let shown: Vec<Outcome> = Outcome::ALL.into_iter().filter(|o| *o == Outcome::Inserted || all.get(*o) > 0).collect();
    let mut header = vec!["source", "read"];
    header.extend(shown.iter().map(|outcome| outcome.words()));
    let mut t = table(&header);
    let row = |first: Cell, counts: &Counts| {
        let numbers = shown.iter().map(|outcome| number(counts.get(*outcome)));
        [first, number(counts.read)].into_iter().chain(numbers).collect::<Vec<_>>()
    };
    for s in sources {
        t.add_row(row(plain(&s.source), &s.counts));
    }
    if sources.len() > 1 {
        t.add_row(row(Cell::new("together"), &all));
    }
    format!("{t}\n")
}

pub fn report(r: &RunReport) -> String {
    let run = &r.run;
    let took = text::duration(std::time::Duration::from_secs_f64((run.took_ms / 1000.0).max(0.0)));
    let mut out =
        format!("run {}: {} {}, {} in {took}\n", run.run, run.verb, text::inert(&run.consolidation), run.state);
    if let Some(level) = &run.undone_level {
        out.push_str(&format!("rolled back, level {level}\n"));
    }
    if let Some(error) = &run.error {
        out.push_str(&format!("error: {}\n", text::inert(error)));
    }
    let mut steps = table(&["step", "", "state", "rows", "took"]);
    for s in &r.steps {
        let took = s.took_ms.map(|ms| text::duration(std::time::Duration::from_secs_f64(ms.max(0.0) / 1000.0)));
        steps.add_row(vec![
            Cell::new(s.step).set_alignment(CellAlignment::Right),
            plain(&s.intent),
            Cell::new(s.state),
            number(s.rows.unwrap_or(0)),
            Cell::new(took.unwrap_or_default()).set_alignment(CellAlignment::Right),
        ]);
    }
    out.push_str(&format!("{steps}\n"));
    if !r.sources.is_empty() {
        out.push_str(&outcomes(&r.sources));
        let read: u64 = r.sources.iter().map(|s| s.counts.read).sum();
        out.push_str(&format!("{} read, each with one outcome\n", count(read, "legacy row")));
        for c in &r.counters {
            let what = if c.kind == "default" { "took its default" } else { "was rounded or cut" };
            let (source, column) = (text::inert(&c.source), text::inert(&c.col));
            out.push_str(&format!("{source}: `{column}` {what} in {}\n", count(c.rows, "row")));
        }
    }
    if !r.losers.is_empty() {
        out.push_str("\nrows that gave way to another with the same key (all of them: crosswalk.csv)\n");
        let mut t = table(&["source", "row", "key", "winner"]);
        for l in &r.losers {
            t.add_row(vec![plain(&l.source), plain(&l.id), plain(&l.key), plain(&l.winner)]);
        }
        out.push_str(&format!("{t}\n"));
    }
    if !r.mappings.is_empty() {
        let mut t = table(&["mapping", "new", "rows mapped", "two or more", "by fallback", "for review"]);
        for m in &r.mappings {
            let n = [m.new, m.rows, m.several, m.fallback, m.review];
            t.add_row(std::iter::once(plain(&m.mapping)).chain(n.into_iter().map(number)));
        }
        out.push_str(&format!("{t}\n"));
    }
    if let Some(folder) = &run.folder {
        out.push_str(&format!("files: {} (rollback.sql, crosswalk, mappings, rejects, log)\n", text::inert(folder)));
    }
    out
}

pub fn runs(consolidation: &str, runs: &[RunRow], told: &Newest) -> String {
    if runs.is_empty() {
        return format!(
            "no run of {} on this database yet; begin with `pgfold migrate --dry-run`\n{}",
            text::inert(consolidation),
            files(&told.files)
        );
    }
    let mut t = table(&["run", "verb", "state", "began", "read", "inserted", "rejected", "checks"]);
    for r in runs {
        let checks = match r.validated {
            Some(true) => "passed",
            Some(false) => "FAILED",
            None => "",
        };
        let state = match r.undone_level {
            Some(level) => format!("{} ({level})", r.state),
            None if r.superseded => format!("{} (superseded)", r.state),
            None => r.state.to_string(),
        };
        t.add_row(vec![
            Cell::new(r.run).set_alignment(CellAlignment::Right),
            plain(&r.verb),
            plain(&state),
            plain(r.requested_at.get(..19).unwrap_or(&r.requested_at)),
            number(r.counts.map_or(0, |c| c.read)),
            number(r.counts.map_or(0, |c| c.inserted)),
            number(r.counts.map_or(0, |c| c.rejected)),
            Cell::new(checks),
        ]);
    }
    let mut out = format!("{t}\n{}", files(&told.files));
    match (&told.by_hand, &told.at_work) {
        (Some(file), _) => out.push_str(&format!("done by hand; next: {}", text::inert(file))),
        (None, Some(owner)) => {
            out.push_str(&format!("being operated {owner}; next: wait for it, `pgfold status --watch` shows it"));
        }
        (None, None) => out.push_str(next(runs)),
    }
    out.push('\n');
    out
}

/// A line per enhancement file.
fn files(all: &[FileState]) -> String {
    let one = |f: &FileState| {
        let run = f.run.map(|run| format!(" by run {run}")).unwrap_or_default();
        format!("  {:<8} {}{run}\n", f.state, text::inert(&f.file))
    };
    if all.is_empty() { String::new() } else { format!("enhancements:\n{}", all.iter().map(one).collect::<String>()) }
}

/// What to type next: for the run that stands half-way, else after the newest that stands.
fn next(runs: &[RunRow]) -> &'static str {
    let half_way = runs.iter().find(|r| r.is_half_way());
    let Some(newest) = half_way.or_else(|| runs.iter().find(|r| r.stands())) else {
        return "next: everything is rolled back; `pgfold migrate --dry-run` looks, `pgfold apply` begins anew";
    };
    let changed = runs.iter().any(|r| r.stands() && r.changed);
    match (newest.state, newest.validated) {
        (RunState::Stopped | RunState::Failed | RunState::Executing, _) => {
            "next: `pgfold resume` continues it, `pgfold rollback --execute` takes it back"
        }
        (RunState::Completed, None) => "next: `pgfold validate`",
        (RunState::Completed, Some(false)) if changed => {
            "next: mend what the checks found and `pgfold validate`, or `pgfold rollback --execute`"
        }
        (RunState::Completed, Some(false)) => "next: mend what the checks found and `pgfold validate`",
        (RunState::Completed, Some(true)) if runs.iter().any(|r| r.stands() && r.changed && r.cleaned) => {
            "next: nothing; before-images were thrown away, so only a backup brings back what was: `pgfold restore`"
        }
        (RunState::Completed, Some(true)) if changed => "next: nothing; `pgfold rollback --execute` would take it back",
        (RunState::Completed, Some(true)) => "next: nothing; no run changed anything",
        _ => "next: `pgfold migrate --dry-run`",
    }
}
