//! Runs one enhancement in its transaction, compares what it did with what it declares, and tries its way back.

use super::job::Job;
use crate::catalog::{Change, Object};
use crate::error::{Error, Result};
use crate::facts::FailureClass;
use crate::finding::{Finding, Severity};
use crate::introspect;
use crate::pg::{Arg, Session};
use crate::plan::{Action, Declares, Observed, Step, TableRows, Written, left_behind, undo_step, verify};
use crate::sql::{Ident, Literal, Name, Sql};
use crate::text;

/// The step's file, inside the transaction that the caller began and will commit.
pub async fn enhance(session: &mut Session, job: &Job, step: &Step) -> Result<()> {
    let Action::Enhance { file, script, replaces, schema, quiet, writes, .. } = &step.action else {
        return Ok(());
    };
    let before = observe(session, job, schema).await?;
    let [run, number] = [Arg::Int(job.run), Arg::Int(step.number.into())];
    let args = [run.clone(), number.clone(), schema.raw().into(), Arg::Texts(replaces.clone())];
    session.execute("keeping what is replaced", &image(), &args).await?;
    for table in writes {
        session.execute("keeping rows that may change", &table.before(), &[run.clone(), number.clone()]).await?;
    }
    session.script("silencing triggers", &quiet.sql(false)).await?;
    session.script(&format!("applying {file}"), script).await?;
    session.script("waking triggers", &quiet.sql(true)).await?;
    let after = observe(session, job, schema).await?;
    compared(session, job, step, &before, &after).await?;
    keep_left(session, job, step, &before, &after).await?;
    try_back(session, job, step, &before).await
}

/// What a replaced object was, as the statements that bring it back.
pub fn image() -> Sql {
    let [view, revoke, table] = [
        include_str!("../../sql/undo/view.sql"),
        include_str!("../../sql/undo/revoke_function.sql"),
        include_str!("../../sql/undo/table.sql"),
    ]
    .map(Sql::constant);
    Sql::fill(
        include_str!("../../sql/run/object_image.sql"),
        &[("view", &view), ("revoke_function", &revoke), ("table", &table)],
    )
}

/// Every object of the database, and how many rows of each table this transaction has written.
pub async fn observe(session: &mut Session, job: &Job, schema: &Ident) -> Result<Observed> {
    // the text of an object depends on where names are looked for, and a file may have set that
    let path = Literal::new(job.plan.path().as_str());
    let pin = Sql::fill("select set_config('search_path', ${p}, true)", &[("p", &path)]);
    session.one::<String>("setting the search path", &pin, &[]).await?;
    let objects = introspect::every_object(session, schema).await?;
    let written = Sql::constant(include_str!("../../sql/run/outside.sql"));
    let tables: Vec<TableRows> = session.rows("counting written rows", &written, &[schema.raw().into()]).await?;
    Ok(Observed { objects, tables })
}

/// Refuses what the file did and the manifest does not declare, all of it at once.
async fn compared(session: &mut Session, job: &Job, step: &Step, before: &Observed, after: &Observed) -> Result<()> {
    let Action::Enhance { file, appears, replaces, legacy, holds, writes, has_down, .. } = &step.action else {
        return Ok(());
    };
    let declares = Declares { file, appears, replaces, writes, has_down: *has_down };
    let mut findings = verify(&declares, before, after);
    findings.extend(touched(session, file, legacy).await?);
    let args = [Arg::Int(job.run), Arg::Int(step.number.into())];
    for table in writes {
        findings.extend(beyond(session, file, table, &args).await?);
    }
    if findings.iter().any(Finding::refuses) {
        return Err(Error::Contract { findings });
    }
    for table in writes {
        session.execute("keeping rows that changed", &table.after(), &args).await?;
    }
    for held in holds {
        session.execute("noting what was put into new columns", &held.note(), &args).await?;
    }
    Ok(())
}

/// Columns of a declared table that the file changed without declaring them.
async fn beyond(session: &mut Session, file: &str, table: &Written, args: &[Arg]) -> Result<Vec<Finding>> {
    #[derive(serde::Deserialize)]
    struct Row {
        column: String,
        rows: u64,
    }
    let rows: Vec<Row> = session.rows("comparing changed rows", &table.beyond(), args).await?;
    let say = |row: Row| {
        Finding::new(
            "undeclared-rows",
            Severity::Refusal,
            format!("{file}: column {} of {}", text::inert(&row.column), text::inert(&table.word)),
            format!("the file changed it in {}, the manifest does not declare it", text::count(row.rows, "row")),
            format!("add \"{}\" to writes.\"{}\"", text::inert(&row.column), text::inert(&table.word)),
        )
    };
    Ok(rows.into_iter().map(say).collect())
}

/// Stores each object that is new or another now as the file left it.
pub async fn keep_left(
    session: &mut Session,
    job: &Job,
    step: &Step,
    before: &Observed,
    after: &Observed,
) -> Result<()> {
    let mut left: Vec<(Object, bool)> = Vec::new();
    for change in before.objects.changes(&after.objects) {
        match change {
            Change::Appeared(o) => left.push((o, true)),
            Change::Changed(o, _) => left.push((o, false)),
            Change::Vanished(_) => {}
        }
    }
    // what comes with a new table or view is new, too
    let new: Vec<String> = left.iter().filter(|(_, n)| *n).map(|(o, _)| o.object.clone()).collect();
    let parent = |o: &Object, kind: &str| o.belongs_to.as_ref().is_some_and(|t| new.contains(&format!("{kind} {t}")));
    let parts = after.objects.all().filter(|o| parent(o, "table") || parent(o, "view"));
    left.extend(parts.filter(|o| !new.contains(&o.object)).map(|o| (o.clone(), true)));
    let rows: Vec<serde_json::Value> = (left.iter())
        .map(|(o, is_new)| {
            serde_json::json!({ "object": o.object, "belongs_to": o.belongs_to, "is_new": is_new,
                "definition": o.definition, "facts": o.facts })
        })
        .collect();
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), Arg::Text(serde_json::Value::Array(rows).to_string())];
    let sql = Sql::constant(include_str!("../../sql/run/left.sql"));
    session.execute("noting what the enhancement left", &sql, &args).await?;
    Ok(())
}

/// Undoes the step inside a savepoint and compares: what does not come back as it was is refused before it stays.
async fn try_back(session: &mut Session, job: &Job, step: &Step, before: &Observed) -> Result<()> {
    let Action::Enhance { file, schema, .. } = &step.action else { return Ok(()) };
    let Some(script) = undo_step(&job.plan, job.run, step) else { return Ok(()) };
    session.script("setting a savepoint", &Sql::constant("savepoint pgfold_try")).await?;
    let undone = match session.script("trying the way back", &script).await {
        Ok(()) => not_back(session, job, step, before, schema).await,
        Err(Error::Refused { server, .. }) if !passing(&server.code) => Ok(vec![server.safe()]),
        Err(error) => Err(error),
    };
    if session.is_lost() {
        return undone.map(|_| ());
    }
    let back = Sql::constant("rollback to savepoint pgfold_try; release savepoint pgfold_try");
    session.script("taking the trial back", &back).await?;
    let why = undone?;
    if why.is_empty() {
        return Ok(());
    }
    let say = |why: String| {
        Finding::new(
            "no-way-back",
            Severity::Refusal,
            file.clone(),
            format!("a rollback at level schema was tried and does not bring everything back: {}", text::inert(&why)),
            format!("write what undoes it into {file}.down.sql, or take the statement out"),
        )
    };
    Err(Error::Contract { findings: why.into_iter().map(say).collect() })
}

/// Objects and rows that are not as they were before the file.
async fn not_back(
    session: &mut Session,
    job: &Job,
    step: &Step,
    before: &Observed,
    schema: &Ident,
) -> Result<Vec<String>> {
    let after = observe(session, job, schema).await?;
    let mut out = left_behind(&before.objects, &after.objects);
    if let Action::Enhance { writes, .. } = &step.action {
        for table in writes {
            let args = [Arg::Int(job.run), Arg::Int(step.number.into())];
            let rows: u64 = session.one("comparing rows", &table.not_back(), &args).await?;
            if rows > 0 {
                out.push(format!("{} of {}", text::count(rows, "row"), table.word));
            }
        }
    }
    Ok(out)
}

/// The server refused for what stands around it now, which says nothing of the way back.
fn passing(code: &str) -> bool {
    matches!(FailureClass::of_state(code), Some(FailureClass::Lock | FailureClass::Connection | FailureClass::Space))
}

/// A legacy table that is locked for writing was altered, truncated or written to.
async fn touched(session: &mut Session, file: &str, legacy: &[Name]) -> Result<Vec<Finding>> {
    let names: Vec<String> = legacy.iter().map(Name::to_string).collect();
    let sql = Sql::constant(include_str!("../../sql/run/touched.sql"));
    let touched: Vec<String> = session.rows("looking for touched legacy tables", &sql, &[Arg::Texts(names)]).await?;
    let say = |table: String| {
        Finding::new(
            "legacy-touched",
            Severity::Refusal,
            format!("{file}: {table}"),
            "the file alters, truncates or writes to a legacy table",
            "legacy tables are never touched; take the statement out",
        )
    };
    Ok(touched.into_iter().map(say).collect())
}
