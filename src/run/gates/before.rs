//! Before the run: the look that MIG-1, MIG-2 and MIG-3 are made from, their gates, and the backup.

use std::path::Path;

use super::Gates;
use crate::backup::{self, Access};
use crate::config::defaults;
use crate::context::{self, Desk, Ground};
use crate::error::{Error, Result};
use crate::execute::{Most, Outlook, look};
use crate::finding::Finding;
use crate::gate::{self, Ahead, Answer, Assessed, Document, Estimate, Inventory, Past, Room};
use crate::introspect;
use crate::pg::{Arg, Isolation, Session};
use crate::plan::{Action, Plan};
use crate::planner;
use crate::sql::{Name, Sql};
use crate::text;

/// Everything that the first three artifacts are made from.
struct Looked {
    inventory: Inventory,
    findings: Vec<Finding>,
    foreseen: Vec<(String, u64, u64, u64)>,
    estimate: Estimate,
    made_at: String,
    room: Room,
    held: Vec<String>,
}

/// What is known of a run before its gates.
pub struct Foreseen<'a> {
    pub plan: &'a Plan,
    pub outlook: &'a Outlook,
    pub notes: &'a [Finding],
    /// What reading and shaping alone took; 0 where nothing was read.
    pub shaping_ms: f64,
}

async fn looked(desk: &Desk, session: &mut Session, ground: &Ground, known: &Foreseen<'_>) -> Result<Looked> {
    let Foreseen { plan, outlook, notes, .. } = known;
    let shaping_ms = (known.shaping_ms > 0.0).then_some(known.shaping_ms);
    let mut findings = ground.preflight(crate::preflight::Wants { enhance: true, write_rows: true });
    findings.extend(ground.around(session, None).await?);
    findings.extend(notes.iter().cloned());
    let foreseen: Vec<(String, u64, u64, u64)> = (outlook.sources.iter())
        .map(|s| {
            let counts = &s.outcomes.counts;
            (s.source.clone(), counts.read, counts.arrived() + counts.merged, counts.rejected)
        })
        .collect();
    let estimate = estimate(session, ground, plan, &foreseen, shaping_ms).await?;
    let room = room(desk, session).await?;
    let held = held(desk, session, ground).await?;
    session.begin(Isolation::RepeatableReadOnly, &ground.settings()).await?;
    let inventory = inventory(session, ground).await;
    let now = Sql::constant("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    let made_at = session.one("asking for the time", &now, &[]).await;
    session.rollback().await?;
    Ok(Looked { inventory: inventory?, findings, foreseen, estimate, made_at: made_at?, room, held })
}

/// From the runs before, step by step; a rough guess without any.
async fn estimate(
    session: &mut Session,
    ground: &Ground,
    plan: &Plan,
    foreseen: &[(String, u64, u64, u64)],
    shaping_ms: Option<f64>,
) -> Result<Estimate> {
    let past: Vec<Past> = if ground.catalog.server.has_ledger {
        let sql = Sql::constant(include_str!("../../../sql/report/pace.sql"));
        let args = [ground.consolidation.name.as_str().into(), plan.verb.as_str().into()];
        session.rows("reading the history", &sql, &args).await?
    } else {
        Vec::new()
    };
    let rows: u64 = foreseen.iter().map(|(_, read, ..)| read).sum();
    let ahead = plan.steps.iter().map(|s| {
        let own = match &s.action {
            Action::Move(m) => {
                foreseen.iter().find(|(source, ..)| *source == m.source).map_or(0, |(_, read, ..)| *read)
            }
            _ => 0,
        };
        Ahead { intent: s.intent.clone(), kind: s.action.word().to_owned(), rows: own as f64 }
    });
    Ok(gate::predict(&past, rows as f64, &ahead.collect::<Vec<_>>(), shaping_ms))
}

/// What the profile's window leaves.
async fn room(desk: &Desk, session: &mut Session) -> Result<Room> {
    let Some(window) = desk.profile.window() else { return Ok(Room::Unlimited) };
    if desk.common.governed.outside_window.is_some() {
        return Ok(Room::Outside);
    }
    let open = super::production::open_for(desk, session).await?.flatten();
    Ok(Room::Window { left: open.unwrap_or_else(|| window.length()), written: window.to_string() })
}

/// Sessions of others that hold a lock on one of the tables for longer than a step would wait; no content.
async fn held(desk: &Desk, session: &mut Session, ground: &Ground) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Holder {
        pid: i64,
        user: Option<String>,
        application: Option<String>,
        seconds: Option<i64>,
        locks: String,
    }
    let patience = desk.profile.age("lock_timeout").unwrap_or_else(|| defaults::time(defaults::LOCK_TIMEOUT));
    let sql = Sql::constant(include_str!("../../../sql/run/blockers.sql"));
    let args = [Arg::Texts(ground.touched()), Arg::Texts(Vec::new())];
    let all: Vec<Holder> = session.rows("looking for locks", &sql, &args).await?;
    let long = all.into_iter().filter(|h| h.seconds.is_some_and(|s| s >= patience.as_secs() as i64));
    let said = |h: Holder| {
        let (user, application) = (h.user.unwrap_or_default(), h.application.unwrap_or_default());
        let who = text::inert(&format!("{user}, {application}"));
        format!("server process {} ({who}): {}", h.pid, text::inert(&h.locks))
    };
    Ok(long.map(said).collect())
}

async fn inventory(session: &mut Session, ground: &Ground) -> Result<Inventory> {
    let m = &ground.consolidation.manifest;
    let named = std::iter::once(("target", &m.target.table))
        .chain(m.sources.iter().map(|s| ("source", &s.table)))
        .chain(m.mappings.iter().flat_map(|m| [("mapping", &m.table), ("right side", &m.right.table)]));
    let mut out = Inventory::default();
    for (role, table) in named.filter_map(|(role, t)| Some((role, ground.catalog.table(t)?))) {
        let rows = introspect::count(session, &table.name).await?;
        out.tables.push((role, table.clone(), rows));
    }
    let legacy: Vec<Name> =
        out.tables.iter().filter(|(r, ..)| *r == "source").map(|(_, t, _)| t.name.clone()).collect();
    out.dependents = introspect::dependents(session, &legacy).await?;
    let broken = introspect::broken(session, &out.dependents).await?;
    for d in &mut out.dependents {
        d.trouble =
            broken.iter().find(|(kind, name, _)| *kind == d.kind && *name == d.name).map(|(.., why)| why.clone());
    }
    for (_, table, _) in out.tables.iter().filter(|(r, ..)| *r == "source") {
        out.profiles.extend(introspect::profile(session, table).await?);
    }
    Ok(out)
}

/// MIG-1, MIG-2 and MIG-3, their heads filled.
fn documents(desk: &Desk, ground: &Ground, plan: &Plan, looked: &Looked) -> Vec<Document> {
    let effects = planner::all_effects(plan);
    let assessed = Assessed {
        manifest: &ground.consolidation.manifest,
        plan,
        inventory: &looked.inventory,
        findings: &looked.findings,
        foreseen: &looked.foreseen,
        effects: &effects,
        estimate: &looked.estimate,
        held: &looked.held,
    };
    let age = desk.profile.text("backup_age").unwrap_or(defaults::BACKUP_AGE);
    let all = [
        gate::assess(&assessed),
        gate::plan(plan, &looked.estimate, age, &looked.room),
        gate::steps(plan, &looked.estimate, &looked.held),
    ];
    let head = |mut doc: Document| {
        doc.version = 1;
        doc.consolidation.clone_from(&ground.consolidation.name);
        doc.database.clone_from(&ground.catalog.server.database);
        doc.made_at.clone_from(&looked.made_at);
        doc.facts["bound"] = serde_json::json!({ "files": ground.consolidation.files, "foreseen": looked.foreseen });
        doc
    };
    all.into_iter().map(head).collect()
}

/// The first three gates and the backup; `false` when a document is to be revised, so that all is looked at anew.
async fn before(
    desk: &mut Desk,
    gates: &mut Gates,
    ground: &Ground,
    plan: &Plan,
    looked: &Looked,
    session: &mut Session,
) -> Result<bool> {
    gates.estimated_ms = Some(looked.estimate.ms);
    for mut doc in documents(desk, ground, plan, looked) {
        match gates.pass(desk, &mut doc)? {
            Answer::Approve => {}
            Answer::Revise => {
                desk.out.wait("correct consolidation, profile or data now; Enter looks at everything anew")?;
                return Ok(false);
            }
            Answer::Stop | Answer::Rollback => {
                gates.rollback = false;
                return Err(gates.refused(&doc));
            }
        }
    }
    // whoever does a run by hand takes the backup by hand, too
    if gates.manner != gate::Manner::Manual {
        backup_first(desk, ground, session).await?;
    }
    Ok(true)
}

/// For a run with gates: whether it may begin, or all is to be looked at anew; its estimate is kept in any case.
pub async fn asked_before(
    desk: &mut Desk,
    gates: &mut Gates,
    ground: &Ground,
    known: &Foreseen<'_>,
    session: &mut Session,
) -> Result<bool> {
    let looked = looked(desk, session, ground, known).await?;
    before(desk, gates, ground, known.plan, &looked, session).await
}

/// The first three artifacts, written beside the runs; the contract must hold.
pub async fn assess(desk: &Desk, ground: &Ground, session: &mut Session) -> Result<Vec<Document>> {
    let notes = ground.contract(session).await?;
    let plan = ground.plan("apply", context::whole(false))?;
    let began = std::time::Instant::now();
    let most = Most { rows: 0, differences: 0, faults: 100, reveal: false, sessions: 1 };
    let outlook = look(session, &plan, &ground.settings(), most).await?;
    let shaping_ms = began.elapsed().as_secs_f64() * 1000.0;
    let known = Foreseen { plan: &plan, outlook: &outlook, notes: &notes, shaping_ms };
    let looked = looked(desk, session, ground, &known).await?;
    let all = documents(desk, ground, &plan, &looked);
    let folder = super::next_folder(&desk.common.runs, &ground.consolidation.name);
    for doc in &all {
        super::write(desk, &folder, doc)?;
    }
    desk.out.say(&format!("MIG-1, MIG-2 and MIG-3 are in {}", folder.display()));
    Ok(all)
}

/// A verified backup of what a run can touch, unless there is one that is fresh.
async fn backup_first(desk: &Desk, ground: &Ground, session: &mut Session) -> Result<()> {
    let most = desk.profile.backup_age();
    if let Some((folder, age)) = desk.newest_backup(&ground.catalog.server)
        && age <= most
    {
        desk.out.say(&format!(
            "backup: {folder} is verified and {} old; {} is allowed",
            text::duration(age),
            text::duration(most)
        ));
        return Ok(());
    }
    desk.out.say("backup: taking one of what the run can touch, and reading it back");
    let access = Access::new(&ground.server);
    let folder = Path::new(desk.backups()).join(backup::folder_name());
    let wanted =
        backup::Wanted { folder: folder.clone(), tables: Some(ground.touched()), server: &ground.catalog.server };
    let manifest = backup::take(session, &access, &wanted).await?;
    if !manifest.verified {
        return Err(Error::Gate {
            what: "the backup could not be verified; nothing was written".to_owned(),
            findings: Vec::new(),
            hint: format!("`pgfold backup verify {}`", folder.display()),
        });
    }
    desk.out.say(&format!("backup: {} is verified ({})", folder.display(), text::bytes(manifest.bytes)));
    Ok(())
}
