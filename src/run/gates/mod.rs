//! A run through its gates: artifacts written, criteria shown, answers taken and recorded.

mod after;
mod before;
pub mod production;
pub mod seal;
mod steps;

pub use after::{back, closed, last, unasked};
pub use before::{Foreseen, asked_before, assess};
pub use steps::carry_out;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::Gated;
use crate::consolidation::digest;
use crate::context::{Desk, Ground, validate_args};
use crate::error::{Error, Result};
use crate::facts::FailureClass;
use crate::finding::{Finding, Severity};
use crate::folder::Folder;
use crate::gate::{Answer, Decision, Document, Manner, approves};
use crate::ledger::{self, book};
use crate::pg::Session;
use crate::text;

/// The gates of one run.
#[derive(Debug, Clone)]
pub struct Gates {
    pub manner: Manner,
    approve: Vec<String>,
    /// Gates that manifest and profile mark.
    pub ask: Vec<String>,
    /// Where the artifacts lie: before the run is opened beside the runs, then in its folder.
    pub folder: PathBuf,
    pub run: Option<i64>,
    versions: BTreeMap<String, u32>,
    /// What was approved, by gate: the digest of its content.
    approved: BTreeMap<String, String>,
    decisions: Vec<Decision>,
    /// How many of them the ledger has.
    kept: usize,
    /// Somebody chose to roll back.
    pub rollback: bool,
    estimated_ms: Option<f64>,
}

/// Where artifacts lie before there is a run.
pub fn next_folder(runs: &Path, consolidation: &str) -> PathBuf {
    runs.join(format!("next-{consolidation}"))
}

/// The version of an artifact that an attempt before this one left, so that a refusal stays beside what came of it; one
/// that was approved there is only asked again.
fn there(folder: &Path, id: &str) -> u32 {
    let text = std::fs::read_to_string(folder.join(format!("{id}.json"))).unwrap_or_default();
    let Ok(doc) = serde_json::from_str::<Document>(&text) else { return 0 };
    match doc.decisions.last() {
        Some(last) if last.answer == "approve" => doc.version.saturating_sub(1),
        Some(_) => doc.version,
        None => 0,
    }
}

/// Content without what changes from one look to the next, such as times.
fn content(doc: &Document) -> String {
    digest(&serde_json::json!([doc.criteria, doc.facts["bound"]]).to_string())
}

/// Markdown and JSON; versions before the newest stay beside it.
pub fn write(desk: &Desk, folder: &Path, doc: &Document) -> Result<()> {
    let place = Folder::at(folder)?;
    let json = seal::close(doc, desk.out.document_json(doc)?, desk.environment.get(seal::SECRET));
    for (extension, text) in [("md", desk.out.markdown(doc)), ("json", json)] {
        if doc.version > 1 {
            let newest = folder.join(format!("{}.{extension}", doc.id));
            let older = format!("{}.v{}.{extension}", doc.id, doc.version - 1);
            if let Ok(before) = std::fs::read_to_string(newest)
                && !folder.join(&older).exists()
            {
                place.write(&older, &before)?;
            }
        }
        place.write(&format!("{}.{extension}", doc.id), &text)?;
    }
    Ok(())
}

impl Gates {
    pub fn new(
        desk: &Desk,
        manner: Manner,
        approve: &[String],
        consolidation: &str,
        marked: &[String],
    ) -> Result<Gates> {
        validate_args::check(desk, approve)?;
        let mut ask = marked.to_vec();
        ask.extend(desk.profile.gates());
        Ok(Gates {
            manner,
            approve: approve.to_vec(),
            ask,
            folder: next_folder(&desk.common.runs, consolidation),
            run: None,
            versions: BTreeMap::new(),
            approved: BTreeMap::new(),
            decisions: Vec::new(),
            kept: 0,
            rollback: false,
            estimated_ms: None,
        })
    }

    /// Of a run that goes on; none for one without gates.
    pub async fn of(
        desk: &Desk,
        args: &Gated,
        ground: &Ground,
        session: &mut Session,
        run: i64,
        folder: &Path,
    ) -> Result<Option<Gates>> {
        let stored = book::way(session, run).await?;
        let Some(manner) = args.manner().or_else(|| stored.as_deref().and_then(Manner::named)) else { return Ok(None) };
        let m = &ground.consolidation.manifest;
        let mut gates = Gates::new(desk, manner, &args.approve, &ground.consolidation.name, &m.gates)?;
        gates.resumed(session, run, folder).await?;
        Ok(Some(gates))
    }

    /// What was approved before is not asked again.
    async fn resumed(&mut self, session: &mut Session, run: i64, folder: &Path) -> Result<()> {
        self.run = Some(run);
        self.folder = folder.to_owned();
        for d in book::decisions(session, run).await? {
            self.versions.insert(d.gate.clone(), d.version);
            if d.answer == "approve" {
                self.approved.insert(d.gate, String::new());
            }
        }
        Ok(())
    }

    pub fn is_approved(&self, gate: &str) -> bool {
        self.approved.contains_key(gate)
    }

    /// Shows the document and takes the answer; what was approved with the same content is not asked again.
    pub fn pass(&mut self, desk: &Desk, doc: &mut Document) -> Result<Answer> {
        let content = content(doc);
        // of a run that goes on, only that it was approved is known; it stands while every criterion is met
        let stands = |before: &String| *before == content || (before.is_empty() && doc.unmet().is_empty());
        if self.approved.get(&doc.id).is_some_and(stands) {
            return Ok(Answer::Approve);
        }
        let there = || there(&self.folder, &doc.id);
        let version = self.versions.entry(doc.id.clone()).or_insert_with(there);
        *version += 1;
        doc.version = *version;
        doc.run = self.run;
        write(desk, &self.folder, doc)?;
        desk.out.gate(doc, &self.folder);
        let unmet = !doc.unmet().is_empty();
        let marked = self.ask.iter().any(|a| approves(a, &doc.id));
        let told = self.approve.iter().find(|a| approves(a, &doc.id));
        let (answer, reason) = match told {
            Some(told) => (Answer::Approve, format!("--approve {told}")),
            None if desk.common.yes && !unmet => (Answer::Approve, "--yes; every criterion is met".to_owned()),
            None if self.manner == Manner::Automated && !unmet && !marked => {
                (Answer::Approve, "automated; every criterion is met".to_owned())
            }
            None => desk.out.ask_at_gate(&doc.id)?,
        };
        let decision = Decision {
            gate: doc.id.clone(),
            version: doc.version,
            answer: answer.word().to_owned(),
            who: who(desk),
            reason,
        };
        desk.out.say(&format!("{} {}: {}", doc.id, decision.answer, text::inert(&decision.reason)));
        doc.decisions.push(decision.clone());
        self.decisions.push(decision);
        write(desk, &self.folder, doc)?;
        if answer == Answer::Approve {
            self.approved.insert(doc.id.clone(), content);
        }
        self.rollback |= answer == Answer::Rollback;
        Ok(answer)
    }

    /// Decisions that the ledger does not have yet.
    pub async fn keep(&mut self, session: &mut Session) -> Result<()> {
        let Some(run) = self.run else { return Ok(()) };
        if self.kept < self.decisions.len() {
            book::keep_decisions(session, run, &self.decisions[self.kept..]).await?;
            self.kept = self.decisions.len();
        }
        Ok(())
    }

    /// The run is open: its artifacts move into its folder, its decisions into the ledger.
    pub async fn opened(&mut self, session: &mut Session, run: i64, folder: &Folder) -> Result<()> {
        self.moved(folder)?;
        self.run = Some(run);
        book::keep_way(session, run, self.manner.word(), self.estimated_ms).await?;
        self.keep(session).await
    }

    /// What was answered so far, and how long the run is thought to take.
    pub fn answered(&self) -> (&[Decision], Option<f64>) {
        (&self.decisions, self.estimated_ms)
    }

    /// The artifacts go into the folder of their run.
    pub fn moved(&mut self, folder: &Folder) -> Result<()> {
        let entries = std::fs::read_dir(&self.folder).map_err(|e| Error::file("read", &self.folder, e))?;
        for from in entries.filter_map(|e| e.ok().map(|e| e.path())) {
            if let Some(name) = from.file_name() {
                let to = folder.path.join(name);
                std::fs::rename(&from, &to).map_err(|e| Error::file("move", &from, e))?;
            }
        }
        std::fs::remove_dir(&self.folder).ok();
        self.folder.clone_from(&folder.path);
        Ok(())
    }

    /// The last answer as an error of a run that was not begun, or that stopped.
    pub fn refused(&self, doc: &Document) -> Error {
        let reason = self.decisions.last().map(|d| d.reason.clone()).unwrap_or_default();
        if let Some(run) = self.run {
            return Error::Stopped {
                run,
                class: FailureClass::Asked,
                why: format!("gate {} was not approved: {}", doc.id, text::inert(&reason)),
                hint: format!(
                    "`pgfold resume` goes on at this gate (`--approve {}`), `pgfold rollback --run {run} --execute` takes it back",
                    doc.id
                ),
            };
        }
        let findings = doc.unmet().into_iter().map(|c| {
            Finding::new(
                "gate-criterion",
                Severity::Refusal,
                c.what.clone(),
                c.found.clone(),
                format!("mend it and revise, or `--approve {}`", doc.id),
            )
        });
        Error::Gate {
            what: format!("gate {} was not approved: {}; nothing was written", doc.id, text::inert(&reason)),
            findings: findings.collect(),
            hint: format!(
                "read {}; then the same command with `--approve {}`, or `-y` when every criterion is met",
                self.folder.join(format!("{}.md", doc.id)).display(),
                doc.id
            ),
        }
    }
}

/// User and machine, by their own word.
pub fn who(desk: &Desk) -> String {
    let user = desk.environment.get("USER").or_else(|| desk.environment.get("LOGNAME")).unwrap_or("unknown user");
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{user}@{}", host.trim())
}

/// The newest run of a consolidation with its folder here, if both are there.
pub async fn newest(session: &mut Session, name: &str) -> Result<Option<(ledger::RunRow, PathBuf)>> {
    let runs = ledger::runs(session, Some(name)).await?;
    let Some(run) = runs.into_iter().find(ledger::RunRow::stands) else { return Ok(None) };
    let folder = run.folder.clone().map(PathBuf::from).filter(|f| f.is_dir());
    Ok(folder.map(|f| (run, f)))
}
