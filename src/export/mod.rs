//! A run by hand: numbered files for psql that do what pgfold would, the ledger's lines included.

mod files;
mod mapping;
mod opening;
mod steps;
mod text;

use self::files::{Files, script};
use crate::consolidation::{Consolidation, digest};
use crate::context::{Desk, Ground, Task, open};
use crate::error::{Error, Result};
use crate::execute::{Outlook, raising};
use crate::finding::Finding;
use crate::folder::Folder;
use crate::gate::{ByHand, Decision, Numbered};
use crate::ledger::{self, Upgrading};
use crate::pg::Session;
use crate::plan::{Action, Plan, Step};
use crate::preflight::Wants;
use crate::sql::Sql;

/// The same refusals, but for rights to write: the files go to somebody who has them.
pub fn gate(ground: &Ground, wants: Wants) -> Result<()> {
    let mut findings = ground.preflight(wants);
    findings.retain(|f| f.refuses() && f.rule != "missing-right");
    if findings.is_empty() {
        return Ok(());
    }
    Err(Error::Gate {
        what: "a preflight check refused; no file was written".to_owned(),
        findings,
        hint: "mend what is listed, then look again: `pgfold doctor`".to_owned(),
    })
}

/// Everything up to the mappings, which are decided when the rows are there.
pub async fn write(
    desk: &Desk,
    task: &Task,
    ground: &Ground,
    plan: Plan,
    outlook: &Outlook,
    answered: (&[Decision], Option<f64>),
    session: &mut Session,
) -> Result<Folder> {
    if task.online {
        return Err(Error::usage(
            "by hand nobody settles with writers at the end",
            "without `--online` the legacy tables are locked against writing while their rows move",
        ));
    }
    let run = next_run(ground, session).await?;
    let json = serde_json::to_string(&plan).map_err(|e| Error::bug(e.to_string()))?;
    let digest = task.bound.as_ref().map_or_else(|| digest(&json), |(_, digest)| digest.clone());
    let settings = script(&ground.settings());
    let files = Files { run, plan, digest, settings };
    let folder = Folder::of_run(&desk.common.runs, run)?;
    clear(&folder)?;
    folder.rollback_scripts(&files.plan, run, &ground.settings())?;
    let mut aside = Vec::new();
    for step in files.plan.steps.iter().filter(|_| outlook.raises) {
        let Action::Move(m) = &step.action else { continue };
        let raised = raising(session, &m.look, &ground.settings().in_zone(m.timezone.as_deref())).await?;
        aside.extend((!raised.is_empty()).then(|| (m.source.clone(), raised)));
    }
    let mut shelf = Shelf { folder: &folder, plan: &files.plan, told: Vec::new() };
    shelf.put(1, "ledger", "set up or complete the ledger, a schema of its own", &opening::schema(&files))?;
    let open = opening::open(desk, ground, &files, &folder, answered, session).await?;
    shelf.put(2, "open_the_run", "open the run: plan, steps and what was measured before", &open)?;
    let steps = &files.plan.steps;
    let first_map = steps.iter().position(|s| matches!(s.action, Action::Map(_)));
    for step in &steps[..first_map.unwrap_or(steps.len())] {
        let sql = steps::file(&files, step, &aside, task.manner.batch_rows)?;
        shelf.step(step, &sql)?;
    }
    if first_map.is_none() {
        shelf.closed(&files)?;
    }
    let told = shelf.told;
    finish(desk, ground, &files, &folder, told, first_map.is_some())?;
    Ok(folder)
}

/// The rest of a run by hand: what its rows are mapped to, and its end.
pub async fn rest(desk: &mut Desk, which: &crate::cli::Which) -> Result<()> {
    let consolidation = Consolidation::load(which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Allowed).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    let refused = |what: String, hint: String| Error::Gate { what, findings: Vec::<Finding>::new(), hint };
    let none = || refused("no run by hand is open here".to_owned(), "`pgfold apply --manual` begins one".to_owned());
    if !ground.catalog.server.has_ledger {
        return Err(none());
    }
    let runs = ledger::runs(&mut session, Some(&ground.consolidation.name)).await?;
    let open = runs.first().filter(|r| r.state.is_open());
    let Some(row) = open else { return Err(none()) };
    if ledger::book::way(&mut session, row.run).await?.as_deref() != Some("manual") {
        return Err(refused(
            format!("run {} is not done by hand", row.run),
            "`pgfold resume` goes on with it".to_owned(),
        ));
    }
    let stored = ledger::plan(&mut session, row.run).await?;
    let stored = stored.ok_or_else(|| Error::bug(format!("run {} has no plan", row.run)))?;
    ledger::can_carry_out(row.run, stored.ledger_version)?;
    let settings = script(&ground.settings());
    let files = Files { run: row.run, plan: stored.plan, digest: stored.plan_digest, settings };
    let done = ledger::steps(&mut session, row.run).await?;
    let left: Vec<&Step> =
        files.plan.steps.iter().filter(|s| !done.iter().any(|d| d.step == s.number && d.state.is_done())).collect();
    let late = |s: &Step| matches!(&s.action, Action::Map(_) | Action::Analyze { .. });
    if let Some(step) = left.iter().find(|s| !late(s)) {
        return Err(refused(
            format!("step {} ({}) comes first; nothing was written", step.number, step.intent),
            format!("run {}_*.sql and those after it, then this again", padded(number(step), &files.plan)),
        ));
    }
    let folder = Folder::of_run(&desk.common.runs, row.run)?;
    let mut shelf = Shelf { folder: &folder, plan: &files.plan, told: Vec::new() };
    for step in left {
        let sql = match &step.action {
            Action::Map(map) => mapping::file(&files, step, map, &mut session, &ground.settings()).await?,
            _ => steps::file(&files, step, &Vec::new(), 1)?,
        };
        shelf.step(step, &sql)?;
    }
    shelf.closed(&files)?;
    session.close().await;
    finish(desk, &ground, &files, &folder, shelf.told, false)
}

fn finish(
    desk: &Desk,
    ground: &Ground,
    files: &Files,
    folder: &Folder,
    told: Vec<Numbered>,
    later: bool,
) -> Result<()> {
    let written = ByHand {
        run: files.run,
        consolidation: ground.consolidation.name.clone(),
        database: ground.catalog.server.database.clone(),
        folder: folder.path.display().to_string(),
        files: told,
        mappings_later: later,
    };
    let name = if later || written.files.iter().any(|f| f.file.starts_with("01_")) {
        "README.md"
    } else {
        "README-mappings.md"
    };
    folder.write(name, &desk.out.instructions(&written))?;
    desk.out.by_hand(&written, name)
}

async fn next_run(ground: &Ground, session: &mut Session) -> Result<i64> {
    if !ground.catalog.server.has_ledger {
        return Ok(1);
    }
    let runs = ledger::runs(session, Some(&ground.consolidation.name)).await?;
    if let Some(open) = runs.iter().find(|r| r.state.is_open() || r.state.is_under_way()) {
        return Err(Error::Gate {
            what: format!("run {} is {}; no file was written", open.run, open.state),
            findings: Vec::new(),
            hint: "`pgfold resume --manual` writes what is left of a run by hand; `pgfold status` shows it".to_owned(),
        });
    }
    let sql = Sql::constant(include_str!("../../sql/manual/next.sql"));
    session.one("asking for the next run", &sql, &[]).await
}

/// Files of an attempt that nobody began.
fn clear(folder: &Folder) -> Result<()> {
    let entries = std::fs::read_dir(&folder.path).map_err(|e| Error::file("read", &folder.path, e))?;
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".sql") && name.starts_with(|c: char| c.is_ascii_digit()) || name.starts_with("README") {
            std::fs::remove_file(&path).map_err(|e| Error::file("remove", &path, e))?;
        }
    }
    Ok(())
}

/// Of as many digits as the last file's number, so that names sort as the files are run.
fn padded(n: i32, plan: &Plan) -> String {
    let wide = plan.steps.len() + 3 > 99;
    if wide { format!("{n:03}") } else { format!("{n:02}") }
}

/// Two files come before the first step.
fn number(step: &Step) -> i32 {
    step.number + 2
}

/// What the file is called, of letters that every shell takes.
fn word(step: &Step) -> String {
    let more = match &step.action {
        Action::Enhance { file, .. } => file.as_str(),
        Action::Move(m) => m.source.as_str(),
        Action::Map(m) => m.name.as_str(),
        Action::Analyze { tables } => tables.first().map_or("", |t| t.name.raw()),
        _ => "",
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let more: String = more.chars().map(plain).collect();
    format!("{}_{more}", step.action.word()).trim_end_matches('_').to_owned()
}

/// The files as they are written, one after the other.
struct Shelf<'a> {
    folder: &'a Folder,
    plan: &'a Plan,
    told: Vec<Numbered>,
}

impl Shelf<'_> {
    fn put(&mut self, n: i32, word: &str, intent: &str, sql: &Sql) -> Result<()> {
        let file = format!("{}_{word}.sql", padded(n, self.plan));
        self.folder.write(&file, sql.as_str())?;
        let alone = sql.as_str().starts_with('\\');
        self.told.push(Numbered { file, intent: intent.to_owned(), alone });
        Ok(())
    }

    fn step(&mut self, step: &Step, sql: &Sql) -> Result<()> {
        self.put(number(step), &word(step), &step.intent, sql)
    }

    fn closed(&mut self, files: &Files) -> Result<()> {
        let last = self.plan.steps.last().map_or(3, |s| number(s) + 1);
        self.put(
            last,
            "close_the_run",
            "close the run: sequences, the crosswalk's index, digest",
            &opening::close(files),
        )
    }
}

/// What whoever does the newest run by hand does next.
pub async fn next(session: &mut Session, row: &ledger::RunRow) -> Result<Option<String>> {
    if row.state.is_finished() || ledger::book::way(session, row.run).await?.as_deref() != Some("manual") {
        return Ok(None);
    }
    let Some(stored) = ledger::plan(session, row.run).await? else { return Ok(None) };
    let done = ledger::steps(session, row.run).await?;
    let place = row.folder.clone().unwrap_or_default();
    let open = stored.plan.steps.iter().find(|s| !done.iter().any(|d| d.step == s.number && d.state.is_done()));
    let last = stored.plan.steps.len() as i32 + 3;
    let (number, what) = open.map_or((last, "close the run"), |s| (number(s), s.intent.as_str()));
    let file = format!("{place}/{}_*.sql ({what})", padded(number, &stored.plan));
    Ok(Some(match open.map(|s| &s.action) {
        Some(Action::Map(_)) => format!("`pgfold resume --manual` if it is not written yet, then {file}"),
        _ => file,
    }))
}
