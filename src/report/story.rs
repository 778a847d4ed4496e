//! One run as a whole story: its record, what the checks said, what needs attention first.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{RunReport, report};
use crate::backup::Manifest;
use crate::error::{Error, Result};
use crate::facts::{Counts, RollbackLevel, RunState, counts_or_nulls};
use crate::ledger;
use crate::ledger::audit::{self, Verified};
use crate::ledger::book::{self, CheckRow};
use crate::pg::{Arg, Session};
use crate::plan::{Action, DictionaryEntry, Plan, Reverse};
use crate::sql::Sql;
use crate::text;

/// The run as `pgfold.migrations` has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub run: i64,
    pub consolidation: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub reference: Option<String>,
    pub state: RunState,
    pub requested_at: String,
    pub finished_at: Option<String>,
    pub duration_ms: f64,
    pub estimated_duration_ms: Option<f64>,
    pub who: String,
    pub operator: Option<String>,
    pub client: Option<String>,
    pub approval: Option<String>,
    pub plan_digest: String,
    pub tool_version: String,
    pub server_version: String,
    pub database: String,
    pub system_identifier: Option<String>,
    /// Seconds since 1970.
    pub requested_epoch: f64,
    pub folder: Option<String>,
    pub changed: bool,
    pub steps: u64,
    pub steps_done: u64,
    pub estimated_rows: Option<u64>,
    /// Nothing for a run that moved nothing.
    #[serde(flatten, with = "counts_or_nulls")]
    pub counts: Option<Counts>,
    /// Per cent.
    pub success_rate: Option<f64>,
    /// Of 100; the formula is the column's comment.
    pub quality_score: Option<f64>,
    pub estimated_complexity: Option<String>,
    pub complexity: Option<String>,
    pub validated: Option<bool>,
    pub undone_level: Option<RollbackLevel>,
    pub undone_at: Option<String>,
    pub error: Option<String>,
    pub dictionary: Vec<DictionaryEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RejectReason {
    pub source: String,
    pub code: String,
    pub object: String,
    pub rows: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Timing {
    pub part: String,
    pub ms: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counter {
    pub source: String,
    pub kind: String,
    pub col: String,
    pub rows: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lost {
    #[serde(rename = "type")]
    pub kind: String,
    pub at: String,
    pub tries: u32,
    pub error: String,
}

/// One thing that a plan changes, as it was and as it is.
#[derive(Debug, Clone, Serialize)]
pub struct BeforeAfter {
    pub what: String,
    pub before: String,
    pub after: String,
}

/// A step with the way back.
#[derive(Debug, Clone, Serialize)]
pub struct PlanLine {
    pub step: i32,
    pub kind: String,
    pub intent: String,
    pub reverse: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    Good,
    Look,
    Bad,
}

/// The one thing to look at first.
#[derive(Debug, Clone, Serialize)]
pub struct Attention {
    pub urgency: Urgency,
    pub what: String,
    pub todo: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Story {
    pub attention: Attention,
    pub record: Record,
    pub report: RunReport,
    pub checks: Vec<CheckRow>,
    pub rejects: Vec<RejectReason>,
    pub counters: Vec<Counter>,
    pub timings: Vec<Timing>,
    pub before_after: Vec<BeforeAfter>,
    pub plan: Vec<PlanLine>,
    /// Rollback scripts of the run's folder with their size; none where the folder is not on this machine.
    pub rollback: Vec<(String, Option<u64>)>,
    /// The youngest backup from before the run that was read back; `None` where none was looked for or found.
    pub backup: Option<Manifest>,
    pub audit: Verified,
    pub lost: Vec<Lost>,
}

pub async fn story(session: &mut Session, run: i64) -> Result<Story> {
    let report = report(session, run).await?;
    let args = [Arg::Int(run)];
    let record: Record =
        session.one("reading the run", &Sql::constant(include_str!("../../sql/report/record.sql")), &args).await?;
    let rejects = Sql::constant(include_str!("../../sql/report/rejects.sql"));
    let timings = Sql::constant(include_str!("../../sql/report/timings.sql"));
    let lost = Sql::constant(include_str!("../../sql/report/lost.sql"));
    let stored = ledger::plan(session, run).await?.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?;
    let existing = Sql::constant("select count(*) from pgfold.existing_row where run = $1::bigint");
    let existing: u64 = session.one("counting the rows of before", &existing, &args).await?;
    let checks = book::checks(session, run).await?;
    let audit = audit::verify(session, &record.consolidation, None).await?;
    let folder = record.folder.clone().unwrap_or_default();
    let rollback = ["rollback.sql", "rollback-purge.sql", "rollback-schema.sql"]
        .map(|name| (name.to_owned(), std::fs::metadata(Path::new(&folder).join(name)).ok().map(|m| m.len())));
    let before_after = before_after(&stored.plan, &report, existing);
    let attention = attention(&record, &report, &checks, &audit);
    Ok(Story {
        attention,
        before_after,
        plan: stored.plan.steps.iter().map(line).collect(),
        rejects: session.rows("reading the rejects", &rejects, &args).await?,
        counters: report.counters.clone(),
        timings: session.rows("reading the timings", &timings, &args).await?,
        lost: session.rows("reading the notifications", &lost, &args).await?,
        rollback: rollback.to_vec(),
        backup: None,
        record,
        report,
        checks,
        audit,
    })
}

fn line(step: &crate::plan::Step) -> PlanLine {
    let reverse = match &step.reverse {
        Reverse::Drop(all) => text::count(all.len() as u64, "statement"),
        Reverse::Run(statements) => text::count(statements.len() as u64, "statement"),
        Reverse::Nothing if matches!(step.action, Action::Move(_) | Action::Map(_) | Action::Backfill { .. }) => {
            "row by row, from the ledger".to_owned()
        }
        Reverse::Nothing => "nothing to undo".to_owned(),
        Reverse::Impossible { because } => format!("impossible: {because}"),
    };
    PlanLine { step: step.number, kind: step.action.word().to_owned(), intent: step.intent.clone(), reverse }
}

fn before_after(plan: &Plan, report: &RunReport, existing: u64) -> Vec<BeforeAfter> {
    let row = |what: String, before: String, after: String| BeforeAfter { what, before, after };
    let mut out = Vec::new();
    let moved = plan.steps.iter().filter(|s| matches!(s.action, Action::Move(_))).count() as u64;
    if moved > 0 {
        let inserted: u64 = report.sources.iter().map(|s| s.counts.inserted).sum();
        out.push(row(
            format!("rows in {}", plan.target.name.raw()),
            text::thousands(existing),
            text::thousands(existing + inserted),
        ));
        out.push(row(
            "places where such rows live".to_owned(),
            text::count(moved + 1, "table"),
            "1 table; the legacy tables stay as they are".to_owned(),
        ));
    }
    for m in &report.mappings {
        out.push(row(
            format!("mappings to {}", m.mapping),
            "as they were".to_owned(),
            format!("{} new", text::thousands(m.new)),
        ));
    }
    let (mut new, mut replaced): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for step in &plan.steps {
        if let Action::Enhance { appears, replaces, .. } = &step.action {
            new.extend(appears.iter().cloned());
            replaced.extend(replaces.iter().cloned());
        }
    }
    for (kind, nouns) in KINDS {
        let names: Vec<&str> = new.iter().filter_map(|o| o.strip_prefix(kind)).map(str::trim_start).collect();
        if !names.is_empty() {
            let there = format!("{} new: {}", names.len(), names.join(", "));
            out.push(row((*nouns).to_owned(), "not there".to_owned(), there));
        }
    }
    if !replaced.is_empty() {
        out.push(row(
            "replaced objects".to_owned(),
            "old definitions, kept in the ledger".to_owned(),
            replaced.join(", "),
        ));
    }
    out
}

/// Objects by the word that they begin with.
const KINDS: &[(&str, &str)] = &[
    ("column ", "columns"),
    ("table ", "tables"),
    ("view ", "views"),
    ("index ", "indexes"),
    ("constraint ", "constraints"),
    ("function ", "functions"),
    ("trigger ", "triggers"),
    ("policy ", "policies"),
    ("sequence ", "sequences"),
    ("type ", "types"),
];

/// What a person should see first; the first that applies.
fn attention(record: &Record, report: &RunReport, checks: &[CheckRow], audit: &Verified) -> Attention {
    let say = |urgency, what: String, todo: &str| Attention { urgency, what, todo: todo.to_owned() };
    let run = record.run;
    if let Some(first) = audit.broken.first() {
        let todo = "Find out who wrote to the ledger before you rely on this page: `pgfold status --verify-audit`.";
        return say(Urgency::Bad, format!("The audit chain is broken: {first}."), todo);
    }
    match record.state {
        state if state.is_complete() => {}
        RunState::RolledBack => {
            let level = record.undone_level.unwrap_or_default();
            let what = format!("This run was rolled back (level {level}).");
            return say(Urgency::Look, what, "Nothing of it stands; `pgfold apply` would do it again.");
        }
        state => {
            let why = record.error.as_deref().map(|e| format!(": {e}")).unwrap_or_default();
            let what = format!("The run did not end, it is `{state}`{why}.");
            return say(
                Urgency::Bad,
                what,
                &format!("`pgfold resume` continues it, `pgfold rollback --run {run} --execute` takes it back."),
            );
        }
    }
    if let Some(c) = checks.iter().find(|c| c.verdict.fails()) {
        let first = c.failures.first().map(|f| format!(": {}", f.what)).unwrap_or_default();
        let others = checks.iter().filter(|c| c.verdict.fails()).count() - 1;
        let others = if others == 0 { String::new() } else { format!(" ({others} more did not pass)") };
        let what = format!("Check {} ({}) did not pass{first}{others}.", c.number, c.title);
        return say(Urgency::Bad, what, if c.hint.is_empty() { "Look below at the checks." } else { &c.hint });
    }
    if checks.is_empty() {
        return say(
            Urgency::Look,
            "Nobody proved this run yet.".to_owned(),
            "Run the seven checks: `pgfold validate`.",
        );
    }
    let rejected = record.counts.map_or(0, |c| c.rejected);
    if rejected > 0 {
        let what = format!("{} did not arrive: rejected.", text::count(rejected, "legacy row"));
        return say(
            Urgency::Look,
            what,
            "The reasons are below, the rows in rejects.csv; mend them and `pgfold migrate` again.",
        );
    }
    let review: u64 = report.mappings.iter().map(|m| m.review).sum();
    if review > 0 {
        let wait = if review == 1 { "waits" } else { "wait" };
        let what = format!("{} {wait} for a person to decide the mapping.", text::count(review, "row"));
        return say(Urgency::Look, what, "They are listed in review.csv of the run's folder.");
    }
    let losers = record.counts.map_or(0, |c| c.duplicate_in_source);
    if losers > 0 {
        let what = format!(
            "All rows are accounted for; {} gave way to another with the same key.",
            text::count(losers, "legacy row")
        );
        return say(Urgency::Good, what, "Each is kept whole in the ledger and named in crosswalk.csv.");
    }
    let what = "Every row is accounted for and every check that applies passed.";
    say(Urgency::Good, what.to_owned(), "Nothing needs your attention.")
}
