//! The first two files and the last: the ledger's schema, the run with its plan, and its end.

use serde_json::json;

use super::files::{Files, by_hand};
use super::steps;
use super::text::{block, execute, texts};
use crate::context::{Desk, Ground, record, settings, watched};
use crate::error::{Error, Result};
use crate::facts::RunState;
use crate::folder::Folder;
use crate::gate::Decision;
use crate::ledger::{self, digest_query, ledger_sql, newest_version};
use crate::pg::{Arg, Session};
use crate::plan::Action;
use crate::planner;
use crate::planner::Scope;
use crate::sql::{Literal, Sql};
use crate::validate;

/// The ledger's tables where they are missing; may be run as often as one likes.
pub fn schema(files: &Files) -> Sql {
    let lock = Sql::constant("select pg_advisory_xact_lock(7160531);\n");
    let head = [by_hand(&files.settings), block(&[files.identity()]), lock];
    let schema = Sql::fill("${s}\n", &[("s", &ledger::schema())]);
    Sql::join("", head.into_iter().chain([schema, Sql::constant("commit;\n")]))
}

/// The run as `pgfold apply` would have opened it, with what was measured just now.
pub async fn open(
    desk: &Desk,
    ground: &Ground,
    files: &Files,
    folder: &Folder,
    (decisions, estimated): (&[Decision], Option<f64>),
    session: &mut Session,
) -> Result<Sql> {
    let run = Arg::Int(files.run);
    let bug = |e: serde_json::Error| Error::bug(e.to_string());
    let has_ledger = ground.catalog.server.has_ledger;
    let baselines = validate::baseline(session, &ground.consolidation, has_ledger, &ground.settings()).await?;
    let baselines = serde_json::to_string(&baselines).map_err(bug)?;
    let asked = record::asks(desk, ground);
    let dictionary = planner::dictionary(&ground.given(&files.plan.verb, Scope::default()));
    let dictionary = serde_json::to_string(&dictionary).map_err(bug)?;
    let kept = settings::kept(&desk.profile, &ground.consolidation);
    let decisions = serde_json::to_string(decisions).map_err(bug)?;
    // a target that an enhancement creates has none yet
    let sequences = watched(ground);
    let steps: Vec<serde_json::Value> = (files.plan.steps.iter())
        .map(|s| {
            let checksum = match &s.action {
                Action::Enhance { checksum, .. } => Some(checksum),
                _ => None,
            };
            json!({ "step": s.number, "kind": s.action.word(), "intent": s.intent, "checksum": checksum })
        })
        .collect();
    let ledger = [
        execute(&ledger_sql!("add_steps"), &[run.clone(), Arg::Text(serde_json::Value::Array(steps).to_string())]),
        execute(&ledger_sql!("query_baseline"), &[run.clone(), Arg::Text(baselines)]),
        execute(&ledger::sequences_noted(&sequences), std::slice::from_ref(&run)),
        execute(
            &ledger_sql!("describe_run"),
            &[
                run.clone(),
                Arg::OptionalText(asked.reference),
                Arg::Text(asked.operator),
                "by hand".into(),
                Arg::Int(asked.estimated_rows),
                Arg::Text(dictionary),
            ],
        ),
        execute(
            &ledger_sql!("keep_config"),
            &[run.clone(), Arg::Text(kept.to_string()), Arg::OptionalText(desk.common.governed.outside_window.clone())],
        ),
        execute(
            &ledger_sql!("keep_way"),
            &[run.clone(), "manual".into(), Arg::OptionalText(estimated.map(|ms| ms.to_string()))],
        ),
        execute(&ledger_sql!("keep_decisions"), &[run.clone(), Arg::Text(decisions)]),
        execute(&ledger_sql!("set_state"), &[run, RunState::Executing.as_str().into()]),
    ];
    let plan = serde_json::to_string(&files.plan).map_err(bug)?;
    let consolidation = Literal::new(files.plan.consolidation.as_str());
    let system = files.plan.undo.system_identifier.as_deref().unwrap_or_default();
    let place = std::path::absolute(&folder.path).unwrap_or_else(|_| folder.path.clone());
    let row = Sql::fill(
        include_str!("../../sql/manual/open.sql"),
        &[
            ("run", &files.run),
            ("consolidation", &consolidation),
            ("verb", &Literal::new(files.plan.verb.as_str())),
            ("version", &Literal::new(env!("CARGO_PKG_VERSION"))),
            ("system", &Literal::new(system)),
            ("plan", &Literal::new(plan)),
            ("digest", &Literal::new(files.digest.as_str())),
            ("folder", &Literal::new(place.display().to_string())),
        ],
    );
    let lease = Sql::fill(
        include_str!("../../sql/manual/lease.sql"),
        &[("run", &files.run), ("consolidation", &consolidation)],
    );
    let partitions = Sql::fill(include_str!("../../sql/ledger/open_partitions.sql"), &[("run", &files.run)]);
    let opened = Sql::fill(include_str!("../../sql/manual/opened.sql"), &[("run", &files.run)]);
    let guard = guard(ground, files, session).await?;
    let all = [by_hand(&files.settings), guard, row, block(&[lease]), partitions, block(&ledger), opened];
    Ok(Sql::join("", all))
}

/// The right database, no other run, and tables as they were when the files were written.
async fn guard(ground: &Ground, files: &Files, session: &mut Session) -> Result<Sql> {
    let columns = Sql::constant(include_str!("../../sql/manual/columns.sql"));
    let tables = ground.touched();
    let hash: Option<String> =
        session.one("hashing the tables' columns", &columns, &[Arg::Texts(tables.clone())]).await?;
    let empty = Sql::fill(
        include_str!("../../sql/manual/empty.sql"),
        &[
            ("run", &files.run),
            ("consolidation", &Literal::new(files.plan.consolidation.as_str())),
            ("columns", &columns.dollar_quoted()),
            ("tables", &texts(&tables)),
            ("hash", &Literal::new(hash.unwrap_or_default())),
        ],
    );
    Ok(block(&[files.identity(), empty]))
}

/// What pgfold does when the last step is done.
pub fn close(files: &Files) -> Sql {
    let after = files.plan.steps.last().map_or(1, |s| s.number + 1);
    let crosswalk = Sql::fill(include_str!("../../sql/ledger/close_crosswalk.sql"), &[("run", &files.run)]);
    let (tables, named) = (record::tables(&files.plan), record::named(&files.plan));
    let end = Sql::fill(
        include_str!("../../sql/manual/close.sql"),
        &[
            ("run", &files.run),
            ("consolidation", &Literal::new(files.plan.consolidation.as_str())),
            ("digest", &digest_query(newest_version()).dollar_quoted()),
            ("keep", &ledger_sql!("keep_digest").dollar_quoted()),
            ("objects", &steps::objects().dollar_quoted()),
            ("schema", &Literal::new(files.plan.target.schema.raw())),
            ("image", &ledger_sql!("keep_schema").dollar_quoted()),
            ("tables", &texts(&tables)),
            ("named", &texts(&named)),
            ("finish", &ledger_sql!("finish_run").dollar_quoted()),
        ],
    );
    let sequences = execute(&ledger_sql!("sequences_after"), &[Arg::Int(files.run)]);
    Sql::join(
        "",
        [
            by_hand(&files.settings),
            block(&[files.waits(after), sequences]),
            crosswalk,
            block(&[end]),
            Sql::fill(include_str!("../../sql/manual/closed.sql"), &[("run", &files.run)]),
        ],
    )
}
