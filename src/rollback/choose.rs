//! Which runs a rollback takes back, and the script of each.

use crate::error::{Error, Result};
use crate::folder::script_settings;
use crate::ledger::{self, RunRow};
use crate::pg::{Arg, Session, Settings};
use crate::plan::{self, Level, Picked, Plan, Rehearsed};
use crate::sql::{Literal, Sql};
use crate::text;

/// What becomes of objects that are no longer as the run left them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LaterChanges {
    #[default]
    Refuse,
    Keep,
    Discard,
}

impl LaterChanges {
    /// As the two flags say, of which there is one at most.
    pub fn of(keep: bool, discard: bool) -> LaterChanges {
        match (keep, discard) {
            (true, _) => LaterChanges::Keep,
            (_, true) => LaterChanges::Discard,
            _ => LaterChanges::Refuse,
        }
    }
}

/// What has another name than when the run was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renamed {
    /// The database may have another name, or be on another server.
    pub database: bool,
    /// Columns of the target: the name then, the name now.
    pub columns: Vec<(String, String)>,
}

impl Renamed {
    /// From what stands behind each `--renamed`, which may be nothing; a word without `=` is not ours.
    pub fn of(said: &[String]) -> Renamed {
        let columns = said.iter().filter_map(|s| s.split_once('=')).map(|(old, new)| (old.to_owned(), new.to_owned()));
        Renamed { database: said.iter().any(|s| !s.contains('=')), columns: columns.collect() }
    }
}

/// What the DBA asked of a rollback.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub level: Level,
    pub discard_edits: bool,
    pub drop_references: bool,
    pub later_changes: LaterChanges,
    pub with_later_runs: bool,
    pub renamed: Renamed,
    pub picked: Picked,
}

/// Runs that changed something and are not taken back this far yet, newest first.
pub fn choose(
    runs: &[RunRow],
    wanted: Option<i64>,
    more: &Wanted,
    (name, other): (&str, Option<&str>),
) -> Result<Vec<RunRow>> {
    let level = more.level;
    if !more.picked.all() && level == Level::Schema {
        return Err(Error::usage(
            "a part of the rows cannot be taken back at level schema",
            "leave out `--only` and `--source`, or take `--level purge`",
        ));
    }
    if let Some(number) = wanted {
        let Some(run) = runs.iter().find(|r| r.run == number) else {
            return Err(Error::usage(format!("`{name}` has no run {number}"), "`pgfold status` lists the runs"));
        };
        let later = runs.iter().filter(|r| r.run > number && r.changed && r.undone_level.is_none_or(|d| d < level));
        let later = later.filter(|_| more.with_later_runs).cloned();
        return Ok(later.chain([run.clone()]).collect());
    }
    let chosen: Vec<RunRow> =
        runs.iter().filter(|r| r.changed && r.undone_level.is_none_or(|d| d < level)).cloned().collect();
    if chosen.is_empty() { Err(nothing(name, other)) } else { Ok(chosen) }
}

/// `other`: a consolidation of another name that moved rows into the same target.
pub fn nothing(name: &str, other: Option<&str>) -> Error {
    let hint = match other {
        Some(other) => format!(
            "`{o}` moved rows into the same target: if this folder is a copy of it, write at the top of its consolidation.toml: name = \"{o}\"",
            o = text::inert(other)
        ),
        None => "`pgfold status` lists the runs".to_owned(),
    };
    Error::Gate {
        what: format!("there is nothing to roll back: no run of `{name}` that stands changed anything"),
        findings: Vec::new(),
        hint,
    }
}

/// The script of one run.
pub async fn script(session: &mut Session, run: i64, version: i32, wanted: &Wanted) -> Result<Sql> {
    let plan = planned(session, run).await?;
    Ok(plan::undo(&plan, run, wanted.level, &wanted.picked, &settings(&plan, version, wanted)))
}

async fn planned(session: &mut Session, run: i64) -> Result<Plan> {
    let stored = ledger::plan(session, run).await?;
    Ok(stored.ok_or_else(|| Error::bug(format!("run {run} has no plan")))?.plan)
}

fn settings(plan: &Plan, version: i32, wanted: &Wanted) -> Sql {
    let settings = Settings::new(plan.search_path.clone(), version);
    let mut lines = vec![script_settings(&settings)];
    if wanted.discard_edits {
        lines.push(Sql::constant("set local pgfold.discard_edits = 'on';\n"));
    }
    match wanted.later_changes {
        LaterChanges::Refuse => {}
        LaterChanges::Keep => lines.push(Sql::constant("set local pgfold.keep_later_changes = 'on';\n")),
        LaterChanges::Discard => lines.push(Sql::constant("set local pgfold.discard_later_changes = 'on';\n")),
    }
    if wanted.renamed.database {
        lines.push(Sql::constant("set local pgfold.renamed = 'on';\n"));
    }
    if !wanted.renamed.columns.is_empty() {
        let pairs: serde_json::Map<String, serde_json::Value> =
            wanted.renamed.columns.iter().map(|(old, new)| (old.clone(), new.as_str().into())).collect();
        let pairs = Literal::new(serde_json::Value::Object(pairs).to_string());
        lines.push(Sql::fill("set local pgfold.renamed_columns = ${p};\n", &[("p", &pairs)]));
    }
    if wanted.drop_references {
        lines.push(Sql::constant("set local pgfold.drop_references = 'on';\n"));
    }
    Sql::join("", lines)
}

/// Runs everything in one transaction, newest run first, and leaves nothing behind but its time in the ledger.
pub async fn rehearse(session: &mut Session, runs: &[RunRow], version: i32, wanted: &Wanted) -> Result<Rehearsed> {
    let mut plans = Vec::new();
    for run in runs {
        plans.push((planned(session, run.run).await?, run.run));
    }
    let Some((first, newest)) = plans.first() else { return Err(Error::bug("nothing was chosen to rehearse")) };
    let settings = settings(first, version, wanted);
    let script = plan::rehearsal(&plans, wanted.level, &wanted.picked, &settings);
    let began = std::time::Instant::now();
    let done = session.script("the rehearsal of the rollback", &script).await;
    let took_ms = began.elapsed().as_secs_f64() * 1000.0;
    let mut effects = Vec::new();
    if done.is_ok() {
        for run in runs {
            let effect = ledger::ledger_sql!("undone_effect");
            let effect: serde_json::Value = session.one("reading the effect", &effect, &[Arg::Int(run.run)]).await?;
            effects.push((run.run, effect));
        }
    }
    session.rollback().await.ok();
    done.map_err(|e| refused(*newest, e))?;
    let rehearsed = Rehearsed { level: wanted.level, took_ms, runs: effects };
    if wanted.picked.all() {
        let json = serde_json::to_string(&rehearsed).map_err(|e| Error::bug(e.to_string()))?;
        for run in runs {
            let args = [Arg::Int(run.run), Arg::Text(json.clone())];
            session.execute("noting the rehearsal", &ledger::ledger_sql!("rehearsed"), &args).await?;
        }
    }
    Ok(rehearsed)
}

/// Keys and sources that no run knows are a mistake of the hand.
pub async fn known(session: &mut Session, runs: &[RunRow], picked: &Picked) -> Result<()> {
    let numbers: Vec<String> = runs.iter().map(|r| r.run.to_string()).collect();
    for (what, sql, names) in [
        ("key", ledger::ledger_sql!("unknown_keys"), &picked.keys),
        ("source", ledger::ledger_sql!("unknown_sources"), &picked.sources),
    ] {
        if names.is_empty() {
            continue;
        }
        let args = [Arg::Texts(numbers.clone()), Arg::Texts(names.clone())];
        let unknown: Vec<String> = session.rows("looking for what was picked", &sql, &args).await?;
        if !unknown.is_empty() {
            return Err(Error::usage(
                format!("no row of run {} has the {what} {}", text::list(&numbers), text::quoted_list(&unknown)),
                "crosswalk.csv in the run's folder has them all",
            ));
        }
    }
    Ok(())
}

/// The script's own refusals are gates; anything else is what it is.
pub fn refused(run: i64, error: Error) -> Error {
    match error {
        Error::Refused { server, .. } if server.code == "P0004" => Error::Gate {
            what: format!("run {run} was not rolled back, nothing was changed: {}", text::inert(&server.message)),
            findings: Vec::new(),
            hint: server.hint.clone().unwrap_or_else(|| "`pgfold status`".to_owned()),
        },
        other => other,
    }
}
