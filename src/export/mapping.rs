//! One mapping as a file: decided here of the rows that are there, written only if they are still the same.

use super::files::Files;
use super::steps::one;
use super::text::{execute, using, value};
use crate::error::Result;
use crate::execute::{Prepared, said};
use crate::ledger::ledger_sql;
use crate::pg::{Arg, Isolation, Session, Settings};
use crate::plan::{MapStep, Step};
use crate::sql::{Literal, Sql};

#[derive(serde::Deserialize)]
struct Seen {
    rows: i64,
    hash: String,
}

/// Decides in a snapshot that may not write.
pub async fn file(
    files: &Files,
    step: &Step,
    map: &MapStep,
    session: &mut Session,
    settings: &Settings,
) -> Result<Sql> {
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let decided = decided(files, step, map, session).await;
    session.rollback().await?;
    Ok(files.whole(step.number, &files.settings, &[one(files, step, &decided?)]))
}

async fn decided(files: &Files, step: &Step, map: &MapStep, session: &mut Session) -> Result<Vec<Sql>> {
    let subjects = Sql::fill(include_str!("../../sql/manual/subjects.sql"), &[("subjects", &map.subjects)]);
    let all = [Arg::OptionalText(None), Arg::OptionalText(None)];
    let seen: Seen = session.one("hashing what is to be mapped", &subjects, &all).await?;
    let mut out = vec![Sql::fill(
        include_str!("../../sql/manual/unchanged.sql"),
        &[("subjects", &subjects.dollar_quoted()), ("rows", &seen.rows), ("hash", &Literal::new(seen.hash))],
    )];
    let run = Arg::Int(files.run);
    let mut prepared = Prepared::read(session, map, true).await?;
    let mut expected = 0;
    let mut after = None;
    while let Some(page) = prepared.page(session, map, &mut after).await? {
        let (pairs, reviews) = said(page, &prepared.ids);
        expected += pairs.count() as i64;
        let args: Vec<Sql> = pairs.args(files.run, step).iter().map(value).collect();
        out.push(using(" into pgfold_text", &map.write, &args));
        out.push(Sql::constant("  pgfold_n := pgfold_n + pgfold_text::bigint;\n"));
        if !reviews.is_empty() {
            let args =
                [run.clone(), map.name.as_str().into(), Arg::Text(serde_json::Value::Array(reviews).to_string())];
            out.push(execute(&ledger_sql!("review"), &args));
        }
    }
    out.push(Sql::fill(
        include_str!("../../sql/manual/mapped.sql"),
        &[("expected", &expected), ("run", &files.run), ("changed", &ledger_sql!("mark_changed").dollar_quoted())],
    ));
    Ok(out)
}
