//! Saves a plan bound to what is there now, and holds a saved one against what is there later.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{announce, gates};
use crate::cli;
use crate::consolidation::{Consolidation, digest};
use crate::context::{Desk, Ground, open, whole};
use crate::error::{Error, Result};
use crate::execute::{Most, look};
use crate::ledger::Upgrading;
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{self, DatabaseIdentity, Fingerprint, RowSet, SavedPlan};
use crate::planner;
use crate::rollback::way_back;
use crate::sql::Sql;
use crate::text;

/// `pgfold plan --out FILE`: the plan of `apply`, its dry run, and the file.
pub async fn save(desk: &mut Desk, args: cli::PlanArgs) -> Result<()> {
    let consolidation = Consolidation::load(args.which.consolidation.as_deref())?;
    let (server, mut session) = open(desk, Upgrading::Refused).await?;
    let ground = Ground::survey(consolidation, server, &mut session).await?;
    desk.out.findings_aside(&ground.contract(&mut session).await?);
    let plan = ground.plan("apply", whole(args.online))?;
    let fingerprint = fingerprint(&ground, &mut session, !args.online).await?;
    let most = Most { rows: 50, differences: 20, faults: 100, reveal: false, sessions: 2 };
    let outlook = look(&mut session, &plan, &ground.settings(), most).await?;
    let sources: Vec<_> = outlook.sources.iter().map(|s| &s.outcomes).collect();
    let rollback = way_back(&mut session, &ground, &plan, sources.iter().copied()).await?;
    let counts = serde_json::to_value(&sources).map_err(|e| Error::bug(e.to_string()))?;
    let now = now()?;
    let named = match args.which.consolidation.as_deref().map(Path::new) {
        Some(folder) if folder.is_dir() => {
            folder.canonicalize().map_err(|e| Error::file("find", folder, e))?.display().to_string()
        }
        _ => ground.consolidation.name.clone(),
    };
    let saved = SavedPlan {
        format: plan::FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        consolidation: named,
        made_at: now,
        expires_at: now + u64::from(args.valid_hours) * 3600,
        identity: identity(&ground),
        fingerprint,
        outlook_digest: digest(&counts.to_string()),
        outlook: counts,
        effects: planner::all_effects(&plan),
        rollback: Some(rollback.clone()),
        plan: plan.clone(),
    };
    let text = serde_json::to_string_pretty(&saved).map_err(|e| Error::bug(e.to_string()))?;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.out)
        .map_err(|e| Error::named_file("write", &args.out, &e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| Error::file("write", &args.out, e))?;
    desk.out.outlook(&plan, &outlook, most)?;
    desk.out.way_back(&rollback);
    gates::assess(desk, &ground, &mut session).await?;
    desk.out.say(&format!(
        "saved; `pgfold apply --plan {}` does it within {} hours",
        args.out.display(),
        args.valid_hours
    ));
    session.close().await;
    announce::scheduled(desk, &saved);
    Ok(())
}

/// The saved plan with the digest of its file, under which the ledger knows it once it was used.
pub fn read(path: &Path) -> Result<(SavedPlan, String)> {
    let text = std::fs::read(path).map_err(|e| Error::named_file("read", path, &e))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let told: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    // what was never a plan, as opposed to a damaged one or that of another version
    if !text.trim_start().starts_with('{') || (told.is_object() && told["format"].is_null()) {
        return Err(Error::usage(
            format!("`{}` is no plan", path.display()),
            "`pgfold plan --out FILE` writes one; look at the name",
        ));
    }
    if told["format"] != plan::FORMAT || told["tool_version"] != env!("CARGO_PKG_VERSION") {
        return Err(stale(vec![format!(
            "the file was written by pgfold {}, this is {}",
            told["tool_version"].as_str().map_or_else(|| "of no known version".to_owned(), text::inert),
            env!("CARGO_PKG_VERSION")
        )]));
    }
    let saved = serde_json::from_value(told).map_err(|e| Error::Configuration {
        what: format!("`{}` is no plan", path.display()),
        mistakes: vec![e.to_string()],
        hint: "`pgfold plan --out FILE` writes one".to_owned(),
    })?;
    Ok((saved, digest(&text)))
}

/// Refuses when the plan is expired, used, for another database, or what it was made from has changed.
pub async fn hold(saved: &SavedPlan, file_digest: &str, ground: &Ground, session: &mut Session) -> Result<()> {
    let mut changes = saved.identity.differs(&identity(ground));
    if now()? > saved.expires_at {
        changes.push("the plan has expired".to_owned());
    }
    if ground.catalog.server.has_ledger {
        let sql = Sql::constant("select r.run from pgfold.run r where r.plan_digest = $1 order by 1 limit 1");
        let used: Option<i64> =
            session.maybe("looking for the plan in the ledger", &sql, &[file_digest.into()]).await?;
        changes.extend(used.map(|run| format!("run {run} used the plan already")));
    }
    let now = fingerprint(ground, session, saved.fingerprint.rows.is_some()).await?;
    changes.extend(saved.fingerprint.differs(&now));
    if changes.is_empty() {
        let plan = serde_json::to_value(ground.plan("apply", whole(saved.fingerprint.rows.is_none()))?)
            .map_err(|e| Error::bug(e.to_string()))?;
        if serde_json::to_value(&saved.plan).ok() != Some(plan) {
            changes.push("runs came or were rolled back since: the steps would be others".to_owned());
        }
    }
    if changes.is_empty() { Ok(()) } else { Err(stale(changes)) }
}

fn stale(changes: Vec<String>) -> Error {
    let changes = changes.iter().map(|c| text::cut(&text::inert(c), 600)).collect();
    Error::PlanStale {
        what: "the plan does not fit what is there now; nothing was written".to_owned(),
        changes,
        hint: "`pgfold plan --out FILE` makes a new one".to_owned(),
    }
}

fn identity(ground: &Ground) -> DatabaseIdentity {
    let address = &ground.server.address;
    DatabaseIdentity {
        server: format!("{}:{}", address.host, address.port),
        database: ground.catalog.server.database.clone(),
        system_identifier: ground.catalog.server.system_identifier.clone(),
    }
}

async fn fingerprint(ground: &Ground, session: &mut Session, with_rows: bool) -> Result<Fingerprint> {
    let given = ground.given("apply", whole(!with_rows));
    let mut fingerprint =
        Fingerprint { files: ground.consolidation.files.clone(), catalog: planner::shape(&given), rows: None };
    if with_rows {
        session.begin(Isolation::RepeatableReadOnly, &ground.settings()).await?;
        let rows = row_sets(session, planner::row_sets(&given)).await;
        session.rollback().await?;
        fingerprint.rows = Some(rows?);
    }
    Ok(fingerprint)
}

async fn row_sets(session: &mut Session, queries: Vec<(crate::sql::Name, Sql)>) -> Result<BTreeMap<String, RowSet>> {
    let mut out = BTreeMap::new();
    for (name, sql) in queries {
        let none: [Arg; 0] = [];
        out.insert(name.plain(), session.one("hashing rows", &sql, &none).await?);
    }
    Ok(out)
}

fn now() -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|d| d.as_secs()).map_err(|e| Error::bug(format!("the clock stands before 1970: {e}")))
}
