//! The seven checks: each a query that returns the failing rows, with what it examined.

mod arrived;
mod beside;
mod checks;
mod look;
mod pace;
mod queries;
mod weigh;

pub use queries::{baseline, probe, slower};

use serde::Serialize;

use crate::catalog::{Catalog, Objects, Table};
use crate::consolidation::Consolidation;
use crate::error::Result;
use crate::explain::check_failure;
use crate::facts::{CheckFailure, CheckVerdict, RunState};
use crate::ledger::{self, RunRow};
use crate::pg::{Isolation, Session, Settings};
use crate::plan::Plan;
use crate::planner::{EarlierRuns, SourceQuery};

/// One check with what it found.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// 1 to 7.
    pub number: u8,
    pub title: &'static str,
    pub verdict: CheckVerdict,
    /// What was examined, e.g. `27 legacy rows`.
    pub examined: String,
    /// How many rows fail.
    pub failing: u64,
    /// Each kind of failure with a few of its rows; keys and ids, no content.
    pub failures: Vec<Failure>,
    /// Worth knowing, failing nothing.
    pub apart: Vec<Failure>,
    pub hint: String,
    /// What each application query returned and took now.
    #[serde(skip)]
    pub measured: Vec<ledger::Baseline>,
}

impl Check {
    pub fn fails(&self) -> bool {
        self.verdict.fails()
    }
}

/// One kind of failure.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    pub code: CheckFailure,
    /// The source, mapping or query.
    pub about: String,
    /// The words of it, for people.
    pub what: String,
    pub rows: u64,
    pub examples: Vec<String>,
}

impl Failure {
    /// One that names no rows.
    fn single(code: CheckFailure, about: &str, what: String) -> Failure {
        Failure { code, about: about.to_owned(), what, rows: 1, examples: Vec::new() }
    }
}

/// A failure as SQL returns it.
#[derive(Debug, Clone, serde::Deserialize)]
struct Found {
    code: CheckFailure,
    detail: Option<String>,
    rows: u64,
    examples: Vec<String>,
}

impl Found {
    fn failure(self) -> Failure {
        let what = check_failure(self.code, self.detail.as_deref().unwrap_or_default());
        Failure { code: self.code, about: String::new(), what, rows: self.rows, examples: self.examples }
    }

    /// The same of a source or a mapping.
    fn failure_of(self, name: &str) -> Failure {
        let failure = self.failure();
        Failure { about: name.to_owned(), what: format!("{name}: {}", failure.what), ..failure }
    }
}

/// What the checks are asked about.
pub struct Subject<'a> {
    pub consolidation: &'a Consolidation,
    pub catalog: &'a Catalog,
    pub objects: &'a Objects,
    pub into: &'a Table,
    pub folds: &'a [SourceQuery<'a>],
    /// The runs under examination, oldest first; none when nothing was run yet.
    pub runs: &'a [RunRow],
    /// The newest run that stands and moved rows, proved before or not.
    pub moved: Option<&'a RunRow>,
    pub plan: Option<&'a Plan>,
    /// What the ledger knows of runs of before.
    pub before: &'a EarlierRuns,
    pub accept_edits: bool,
}

/// The runs that no later run proved: those after the last that passed, and the newest in any case.
pub fn unproved(mut newest_first: Vec<RunRow>) -> Vec<RunRow> {
    newest_first.retain(|r| r.stands() && r.state != RunState::Requested);
    let passed = newest_first.iter().skip(1).position(|r| r.validated == Some(true)).map(|p| p + 1);
    newest_first.truncate(passed.unwrap_or(newest_first.len()));
    newest_first.reverse();
    newest_first
}

/// All seven, in order; every statement is read-only. Two sessions share the work: they see the same snapshot in the
/// first six. Each goes on with the application's queries when nothing else is left.
pub async fn validate(session: &mut Session, subject: &Subject<'_>, settings: &Settings) -> Result<Vec<Check>> {
    let work = look::Work::new(subject, queries::asked(session, subject).await?);
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let (mine, theirs) = match beside::second(session, settings).await {
        Some(mut other) => {
            let both = tokio::join!(work.share(session, subject, settings), work.share(&mut other, subject, settings));
            other.close().await;
            both
        }
        None => (work.share(session, subject, settings).await, Ok(look::Seen::default())),
    };
    let mut seen = mine?;
    seen.append(theirs?);
    let mut checks = seen.checks;
    checks.push(arrived::judged(subject, seen.walked));
    checks.push(queries::application_queries(session, subject, settings, seen.measured).await?);
    checks.sort_by_key(|c| c.number);
    weigh::weigh(&mut checks, &subject.consolidation.manifest.checks);
    Ok(checks)
}

/// What may go wrong after a run: legacy rows that came or changed since, and the application's queries.
pub async fn after(session: &mut Session, subject: &Subject<'_>, settings: &Settings) -> Result<(Check, Check)> {
    let work = look::Work::sources(subject);
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let seen = work.share(session, subject, settings).await?;
    let arrived = arrived::judged(subject, seen.walked);
    Ok((arrived, queries::application_queries(session, subject, settings, Vec::new()).await?))
}

/// Whether every check that applies passed.
pub fn passed(checks: &[Check]) -> bool {
    checks.iter().all(|c| !c.fails())
}

/// Notes what the checks found with the runs that were examined.
pub async fn note(session: &mut Session, runs: &[RunRow], checks: &[Check]) -> Result<()> {
    let json = serde_json::to_value(checks).map_err(|e| crate::error::Error::bug(e.to_string()))?;
    for run in runs {
        ledger::book::add_checks(session, run.run, &json).await?;
        for check in checks {
            ledger::book::add_measured(session, run.run, &check.measured).await?;
        }
        ledger::set_validated(session, run.run, passed(checks)).await?;
    }
    Ok(())
}

/// A check under way.
pub(crate) struct Draft {
    check: Check,
}

impl Draft {
    pub fn new(number: u8, title: &'static str) -> Draft {
        let check = Check {
            number,
            title,
            verdict: CheckVerdict::Passed,
            examined: String::new(),
            failing: 0,
            failures: Vec::new(),
            apart: Vec::new(),
            hint: String::new(),
            measured: Vec::new(),
        };
        Draft { check }
    }

    pub fn fail(&mut self, failure: Failure) {
        if failure.rows > 0 {
            self.check.failing += failure.rows;
            self.check.verdict = CheckVerdict::Failed;
            self.check.failures.push(failure);
        }
    }

    /// A failure, unless it is only worth knowing.
    fn found(&mut self, failure: Failure) {
        if failure.code.is_note() { self.apart(failure) } else { self.fail(failure) }
    }

    pub fn apart(&mut self, failure: Failure) {
        if failure.rows > 0 {
            self.check.apart.push(failure);
        }
    }

    /// Said, and no failure.
    pub fn warn(&mut self, failure: Failure) {
        self.check.apart.push(failure);
        if self.check.verdict == CheckVerdict::Passed {
            self.check.verdict = CheckVerdict::Warned;
        }
    }

    pub fn hint(&mut self, hint: impl Into<String>) {
        if self.check.verdict == CheckVerdict::Failed && self.check.hint.is_empty() {
            self.check.hint = hint.into();
        }
    }

    pub fn is_passed(&self) -> bool {
        self.check.verdict == CheckVerdict::Passed
    }

    /// A check that examined nothing proves nothing.
    pub fn examined(mut self, n: u64, what: String) -> Check {
        self.check.examined = what;
        if n == 0 && self.check.verdict == CheckVerdict::Passed {
            self.check.verdict = CheckVerdict::NotEvaluated;
        }
        self.check
    }

    pub fn not_applicable(mut self, why: &str) -> Check {
        self.check.verdict = CheckVerdict::NotApplicable;
        self.check.examined = why.to_owned();
        self.check
    }

    pub fn not_evaluated(mut self, why: &str, hint: &str) -> Check {
        self.check.verdict = CheckVerdict::NotEvaluated;
        self.check.examined = why.to_owned();
        self.check.hint = hint.to_owned();
        self.check
    }
}
