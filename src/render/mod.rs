//! The only room that formats output: data to stdout, everything else to stderr.

mod after;
mod back;
mod by_hand;
mod error;
mod gate;
mod human;
mod log;
mod mapping;
mod outlook;
mod page;
mod progress;
mod proof;
mod ready;
mod recovery;
mod rehearsal;
mod saved;
mod settings;

pub use error::{error, exit, wants_json};
pub use log::Log;

use std::borrow::Cow;
use std::io::{BufRead, IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;

use crate::backup::{Manifest, Proof};
use crate::cli::{Format, Shape, completed};
use crate::error::{Error, Result};
use crate::execute::{MappingOutlook, Most, Outlook, Watcher};
use crate::finding::{Finding, Severity};
use crate::folder::Sheet;
use crate::history::History;
use crate::ledger::audit::Verified;
use crate::ledger::{Ready, RunRow};
use crate::mapping::score::Score;
use crate::plan::{Estimate, Level, Plan, Rehearsed, SavedPlan};
use crate::report::{Criterion, Figures, Health, LostMessages, Newest, Rehearsal, RunReport, Story};
use crate::sql::Sql;
use crate::text;
use crate::validate::Check;

/// Something that can be written to from several tasks.
pub type Sink = Arc<Mutex<dyn Write + Send>>;

/// Where results and words go.
#[derive(Clone)]
pub struct Output {
    pub format: Format,
    /// The consolidation as it was named, for the commands in what is said.
    given: Option<Arc<str>>,
    quiet: bool,
    stdout: Sink,
    stderr: Sink,
    /// Whether a person sits at standard input and error.
    interactive: bool,
    /// Whether standard error can show a moving bar.
    bars: bool,
}

impl Output {
    pub fn standard(format: Format, quiet: bool, given: Option<&str>) -> Output {
        Output {
            format,
            given: given.map(Arc::from),
            quiet,
            stdout: Arc::new(Mutex::new(std::io::stdout())),
            stderr: Arc::new(Mutex::new(std::io::stderr())),
            interactive: std::io::stdin().is_terminal() && std::io::stderr().is_terminal(),
            bars: std::io::stderr().is_terminal() && !quiet,
        }
    }

    /// Bytes for stdout as they are.
    pub fn raw(&self, bytes: &[u8]) -> Result<()> {
        let mut out = self.stdout.lock().map_err(|_| Error::bug("stdout is poisoned"))?;
        match out.write_all(bytes).and_then(|()| out.flush()) {
            // whoever read us has seen enough
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => done.map_err(|e| Error::file("write to", std::path::Path::new("stdout"), e)),
        }
    }

    /// For a person: with each command complete.
    fn text(&self, text: &str) -> Result<()> {
        self.raw(self.complete(text).as_bytes())
    }

    fn complete<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.given {
            Some(given) => Cow::Owned(completed(text, given)),
            None => Cow::Borrowed(text),
        }
    }

    fn json<T: Serialize>(&self, value: &T) -> Result<()> {
        let mut text = serde_json::to_string_pretty(value).map_err(|e| Error::bug(e.to_string()))?;
        text.push('\n');
        self.raw(text.as_bytes())
    }

    /// One line for stderr, unless quiet.
    pub fn say(&self, line: &str) {
        if !self.quiet
            && let Ok(mut err) = self.stderr.lock()
        {
            // a closed stderr is no reason to stop a run
            let _ = writeln!(err, "{}", self.complete(line));
        }
    }

    /// Asks on the terminal; elsewhere only `--yes` answers.
    pub fn confirm(&self, question: &str, yes: bool) -> Result<()> {
        if yes {
            return Ok(());
        }
        if !self.interactive {
            return Err(Error::usage(
                format!("nobody is there to answer: {question}"),
                "add `--yes`, or look first with `--dry-run`",
            ));
        }
        if let Ok(mut err) = self.stderr.lock() {
            let _ = write!(err, "{question} [y/N] ");
            let _ = err.flush();
        }
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        match read.map(|_| answer.trim().to_lowercase()).as_deref() {
            Ok("y" | "yes") => Ok(()),
            _ => Err(Error::Gate {
                what: "you said no; nothing was written".to_owned(),
                findings: Vec::new(),
                hint: "look first with `--dry-run`".to_owned(),
            }),
        }
    }

    /// Warnings and notes that stop nothing.
    pub fn findings_aside(&self, findings: &[Finding]) {
        for f in findings.iter().filter(|f| f.severity >= Severity::Note) {
            self.say(&human::finding_line(f));
        }
    }

    pub fn findings(&self, about: &str, findings: &[Finding]) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "consolidation": about, "findings": findings })),
            Format::Human => self.text(&human::findings(findings)),
        }
    }

    pub fn outlook(&self, plan: &Plan, outlook: &Outlook, most: Most) -> Result<()> {
        match self.format {
            Format::Json => self.json(&outlook::json(plan, outlook)),
            Format::Human => self.text(&outlook::human(plan, outlook, most)),
        }
    }

    pub fn saved(&self, saved: &SavedPlan, digest: &str) -> Result<()> {
        match self.format {
            Format::Json => self.json(saved),
            Format::Human => self.text(&saved::human(saved, digest)),
        }
    }

    pub fn way_back(&self, takes: &Estimate) {
        self.say(saved::way_back(takes).trim_end());
    }

    pub fn report(&self, report: &RunReport) -> Result<()> {
        match self.format {
            Format::Json => self.json(report),
            Format::Human => self.text(&human::report(report)),
        }
    }

    /// The checks, after the run that they are about where there was one.
    pub fn proof(&self, report: Option<&RunReport>, checks: &[Check]) -> Result<()> {
        match (self.format, report) {
            (Format::Json, Some(report)) => self.json(&serde_json::json!({ "run": report, "checks": checks })),
            (Format::Json, None) => self.json(&serde_json::json!({ "checks": checks })),
            (Format::Human, report) => {
                let before = report.map(human::report).unwrap_or_default();
                self.text(&format!("{before}{}", proof::human(checks)))
            }
        }
    }

    pub fn runs(&self, consolidation: &str, runs: &[RunRow], newest: &Newest) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "consolidation": consolidation, "runs": runs,
                "at_work": newest.at_work, "recovery": newest.recovery, "changed_since": newest.changed, "by_hand": newest.by_hand, "files": newest.files })),
            Format::Human => {
                self.text(&human::runs(consolidation, runs, newest))?;
                self.changed_since(&newest.changed)?;
                newest.recovery.as_ref().map_or(Ok(()), |r| self.recovery(r))
            }
        }
    }

    pub fn script(&self, sql: &Sql, runs: &[i64], level: Level) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "runs": runs, "level": level, "sql": sql })),
            Format::Human => {
                self.raw(sql.as_str().as_bytes())?;
                if std::io::stdout().is_terminal() {
                    self.say("nothing was run; add `--execute`, or pipe this to psql");
                }
                Ok(())
            }
        }
    }

    /// What a rollback did; of a part of its rows, the run stands.
    pub fn rolled_back(&self, run: i64, level: Level, whole: bool, effect: &serde_json::Value) -> Result<()> {
        match (self.format, whole) {
            (Format::Json, true) => {
                self.json(&serde_json::json!({ "rolled_back": run, "level": level, "effect": effect }))
            }
            (Format::Json, false) => {
                self.json(&serde_json::json!({ "part_of": run, "level": level, "effect": effect }))
            }
            (Format::Human, whole) => self.text(&back::rolled_back(run, level, whole, effect)),
        }
    }

    /// A rollback that was rolled back.
    pub fn rehearsed(&self, r: &Rehearsed) -> Result<()> {
        match self.format {
            Format::Json => self.json(r),
            Format::Human => self.text(&back::rehearsed(r)),
        }
    }

    /// A run that was taken back.
    pub fn rehearsal(&self, r: &Rehearsal) -> Result<()> {
        match self.format {
            Format::Json => self.json(r),
            Format::Human => self.text(&rehearsal::human(r)),
        }
    }

    pub fn backup(&self, folder: &std::path::Path, manifest: &Manifest, proof: Option<&Proof>) -> Result<()> {
        match self.format {
            Format::Json => {
                self.json(&serde_json::json!({ "folder": folder.display().to_string(), "backup": manifest }))
            }
            Format::Human => self.text(&back::backup(folder, manifest, proof)),
        }
    }

    pub fn restored(&self, folder: &std::path::Path, database: &str, m: &Manifest, took: Duration) -> Result<()> {
        let rows: u64 = m.tables.iter().map(|t| t.rows).sum();
        match self.format {
            Format::Json => {
                self.json(&serde_json::json!({ "restored": database, "rows": rows, "took_ms": took.as_millis() }))
            }
            Format::Human => self.text(&back::restored(folder, database, m, took)),
        }
    }

    /// How to go back, and the same page for a run's folder.
    pub fn ready(&self, consolidation: &str, all: &[Ready]) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "consolidation": consolidation, "rollback": all })),
            Format::Human => self.text(&ready::page(consolidation, all)),
        }
    }

    pub fn ready_page(&self, consolidation: &str, all: &[Ready]) -> String {
        ready::page(consolidation, all)
    }

    pub fn cleaned(&self, runs: &[i64], rows: u64, dry: bool) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "runs": runs, "rows": rows, "dry_run": dry })),
            Format::Human => self.text(&back::cleaned(runs, rows, dry)),
        }
    }

    pub fn mappings(&self, all: &[MappingOutlook]) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "dry_run": true, "mappings": all })),
            Format::Human => self.text(&mapping::outlooks(all)),
        }
    }

    pub fn score(&self, score: &Score) -> Result<()> {
        match self.format {
            Format::Json => self.json(score),
            Format::Human => self.text(&mapping::score(score)),
        }
    }

    /// Somebody who shows a run under way.
    pub fn watcher(&self) -> Arc<dyn Watcher> {
        Arc::new(progress::Progress::new(self.clone(), self.bars))
    }

    pub fn verified(&self, verified: &Verified) -> Result<()> {
        match self.format {
            Format::Json => self.json(verified),
            Format::Human => self.text(&after::verified(verified)),
        }
    }

    pub fn health(&self, health: &Health) -> Result<()> {
        match self.format {
            Format::Json => self.json(health),
            Format::Human => self.text(&after::health(health)),
        }
    }

    pub fn criteria(&self, criteria: &[Criterion]) -> Result<()> {
        match self.format {
            Format::Json => self.json(&serde_json::json!({ "criteria": criteria })),
            Format::Human => self.text(&after::criteria(criteria)),
        }
    }

    /// Prometheus text; the file is whole at every moment.
    pub fn metrics(
        &self,
        file: &std::path::Path,
        about: &str,
        run: Option<&Figures>,
        health: Option<&Health>,
    ) -> Result<()> {
        let beside = file.with_extension("pgfold-part");
        let text = after::metrics(about, run, health);
        std::fs::write(&beside, text).map_err(|e| Error::named_file("write", &beside, &e))?;
        std::fs::rename(&beside, file).map_err(|e| Error::file("write", file, e))
    }

    pub fn history(&self, history: &History) -> Result<()> {
        match self.format {
            Format::Json => self.json(history),
            Format::Human => self.text(&after::history(history)),
        }
    }

    /// Notifications that were not taken.
    pub fn lost(&self, lost: &[LostMessages]) {
        for l in lost {
            let noun = text::count(l.lost, "notification");
            self.say(&format!(
                "run {}: {noun} not taken by the receiver ({}): {}",
                l.run,
                text::inert(&l.error),
                text::list(&l.types)
            ));
        }
    }

    /// One run in the shape that was asked for.
    pub fn story(&self, story: &Story, shape: Shape) -> Result<()> {
        match shape {
            Shape::Html => self.raw(page::html(story).as_bytes()),
            Shape::Evidence => self.text(&page::evidence(story)),
            Shape::Markdown => self.text(&page::markdown(story)),
            Shape::Json => self.json(story),
        }
    }

    /// The steps of a run's plan, one line each, for issue trackers.
    pub fn steps_csv(&self, story: &Story) -> Result<()> {
        let bug = |e: csv::Error| Error::bug(e.to_string());
        let columns = ["run", "step", "kind", "summary", "state", "rows", "way back", "error"];
        let mut csv = Sheet::new(Vec::new(), &columns).map_err(bug)?;
        for line in &story.plan {
            let done = story.report.steps.iter().find(|s| s.step == line.step);
            let rows = done.and_then(|s| s.rows).map(|r| r.to_string()).unwrap_or_default();
            let state = done.map(|s| s.state.to_string()).unwrap_or_default();
            let error = done.and_then(|s| s.error.clone()).unwrap_or_default();
            let run = story.record.run.to_string();
            let step = line.step.to_string();
            let all = [&run, &step, &line.kind, &line.intent, &state, &rows, &line.reverse, &error];
            csv.line(all).map_err(bug)?;
        }
        self.raw(&csv.done().map_err(bug)?)
    }

    /// Lines of the demo and other words that are the result itself.
    pub fn words(&self, text: &str) -> Result<()> {
        self.text(&format!("{text}\n"))
    }
}

/// A unified diff of one file, for `patch -p1`.
pub fn diff(name: &str, before: &str, after: &str) -> String {
    let (old, new) = (format!("a/{name}"), format!("b/{name}"));
    similar::TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&old, &new).to_string()
}
