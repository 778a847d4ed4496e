//! A run under way: a bar per source on a terminal, plain lines elsewhere, and the log.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Output;
use super::human::finding_line;
use crate::execute::{Event, Watcher};
use crate::text::{self, count, thousands};

/// How often a plain line says how far a source is.
const EVERY: Duration = Duration::from_secs(5);

pub struct Progress {
    out: Output,
    bars: Option<MultiProgress>,
    sources: Mutex<HashMap<String, Source>>,
}

struct Source {
    bar: Option<ProgressBar>,
    rows: u64,
    done: u64,
    began: Instant,
    said: Instant,
}

impl Progress {
    pub fn new(out: Output, bars: bool) -> Progress {
        Progress { out, bars: bars.then(MultiProgress::new), sources: Mutex::default() }
    }

    fn say(&self, line: &str) {
        match &self.bars {
            // a line between bars must not tear them
            Some(bars) => {
                bars.suspend(|| self.out.say(line));
            }
            None => self.out.say(line),
        }
    }

    fn begin(&self, source: &str, rows: u64) {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new(rows));
            let style = "{prefix:<24} {bar:30} {human_pos}/{human_len} rows  {per_sec}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar.set_prefix(text::cut(&text::inert(source), 24));
            bar
        });
        let now = Instant::now();
        if let Ok(mut sources) = self.sources.lock() {
            sources.insert(source.to_owned(), Source { bar, rows, done: 0, began: now, said: now });
        }
    }

    fn advance(&self, source: &str, rows: u64) {
        let Ok(mut sources) = self.sources.lock() else { return };
        let Some(s) = sources.get_mut(source) else { return };
        s.done += rows;
        if let Some(bar) = &s.bar {
            bar.inc(rows);
        } else if s.said.elapsed() >= EVERY {
            s.said = Instant::now();
            let rate = s.done as f64 / s.began.elapsed().as_secs_f64().max(0.001);
            let left = Duration::from_secs_f64(s.rows.saturating_sub(s.done) as f64 / rate.max(1.0));
            self.out.say(&format!(
                "{}: {} of {}, {} rows/s, {} left",
                text::inert(source),
                thousands(s.done),
                count(s.rows, "row"),
                thousands(rate as u64),
                text::duration(left)
            ));
        }
    }

    /// A page of a mapping: a bar as for a source, which ends with the last row.
    fn page(&self, mapping: &str, rows: u64, of: u64) {
        let name = format!("map {mapping}");
        let known = self.sources.lock().map(|s| s.get(&name).map(|s| s.done)).ok().flatten();
        if known.is_none() {
            self.begin(&name, of);
        }
        self.advance(&name, rows.saturating_sub(known.unwrap_or(0)));
        if rows >= of {
            self.finish(&name);
        }
    }

    fn finish(&self, source: &str) {
        let Ok(mut sources) = self.sources.lock() else { return };
        let Some(s) = sources.remove(source) else { return };
        if let Some(bar) = s.bar {
            bar.finish_and_clear();
        }
        let took = s.began.elapsed();
        // what was told at once took no time that a rate could be made of
        let rate = if took.as_millis() < 10 {
            String::new()
        } else {
            let rate = s.done as f64 / took.as_secs_f64();
            format!(" in {} ({} rows/s)", text::duration(took), thousands(rate as u64))
        };
        let line = format!("{}: {}{rate}", text::inert(source), count(s.done, "row"));
        drop(sources);
        self.say(&line);
    }
}

impl Watcher for Progress {
    fn event(&self, event: &Event) {
        match event {
            Event::RunBegan { run, verb, folder } => {
                tracing::info!(run, verb, folder, "run began");
                self.say(&format!("run {run}: {verb}; files and rollback.sql in {folder}"));
            }
            Event::LeftHalfWay { run } => {
                tracing::info!(run, "run left half-way");
                self.say(&format!(
                    "run {run} is left half-way: `pgfold resume` continues it, `pgfold rollback --run {run} --level schema --execute` takes all of it back"
                ));
            }
            Event::StepBegan { step, intent } => {
                tracing::info!(step, intent, "step began");
                self.say(&format!("step {step}: {}", text::inert(intent)));
            }
            Event::StepDone { step, rows, took } => {
                tracing::info!(step, rows, took_ms = took.as_millis() as u64, "step done");
            }
            Event::SourceBegan { source, rows } => {
                tracing::info!(source, rows, "source began");
                self.begin(source, *rows);
            }
            Event::BatchDone { source, worker, batch, accounting, took } => {
                tracing::debug!(
                    source,
                    worker,
                    batch,
                    read = accounting.counts.read,
                    inserted = accounting.counts.inserted,
                    rejected = accounting.counts.rejected,
                    took_ms = took.as_millis() as u64,
                    "batch committed"
                );
                self.advance(source, accounting.counts.read);
            }
            Event::SourceDone { source } => {
                tracing::info!(source, "source done");
                self.finish(source);
            }
            Event::Retry { doing, why, wait } => {
                tracing::info!(doing, why, wait_ms = wait.as_millis() as u64, "trying again");
                self.say(&format!("{doing}: {why}; trying again in {}", text::duration(*wait)));
            }
            Event::RowRejected { source, id, why } => {
                tracing::info!(source, id, why, "row rejected");
                self.say(&format!("{}: row {} rejected: {why}", text::inert(source), text::inert(id)));
            }
            Event::MappingPage { mapping, rows, of } => {
                tracing::debug!(mapping, rows, of, "mapping page");
                self.page(mapping, *rows, *of);
            }
            Event::RunEnded { run, state, .. } => {
                tracing::info!(run, state = state.as_str(), "run ended");
            }
            Event::Notice { finding } => {
                tracing::info!(rule = finding.rule, about = finding.about, found = finding.found, "notice");
                self.say(&finding_line(finding));
            }
        }
    }
}
