//! What makes a run's lines a record: who and why, the checks' results, timings, the schema it left.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Baseline, Run, ledger_sql};
use crate::error::{Error, Result};
use crate::facts::{CheckVerdict, RunState};
use crate::gate::Decision;
use crate::pg::{Arg, Session};
use crate::plan::DictionaryEntry;

/// Who asked for a run, why, and on whose word.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub reference: Option<String>,
    pub operator: String,
    pub approval: String,
    pub estimated_rows: i64,
}

/// A check as the ledger keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckRow {
    pub number: i32,
    pub title: String,
    pub verdict: CheckVerdict,
    pub examined: String,
    pub failing: u64,
    pub failures: Vec<Told>,
    pub apart: Vec<Told>,
    pub hint: String,
    pub at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Told {
    pub what: String,
    pub rows: u64,
    pub examples: Vec<String>,
}

pub async fn describe(session: &mut Session, run: Run, asked: &Asked, dictionary: &[DictionaryEntry]) -> Result<()> {
    let json = serde_json::to_string(dictionary).map_err(|e| Error::bug(e.to_string()))?;
    let args = [
        Arg::Int(run),
        Arg::OptionalText(asked.reference.clone()),
        asked.operator.as_str().into(),
        asked.approval.as_str().into(),
        Arg::Int(asked.estimated_rows),
        Arg::Text(json),
    ];
    session.execute("noting who asked", &ledger_sql!("describe_run"), &args).await?;
    Ok(())
}

pub async fn set_state(session: &mut Session, run: Run, state: RunState) -> Result<()> {
    session
        .execute("noting the run's state", &ledger_sql!("set_state"), &[Arg::Int(run), state.as_str().into()])
        .await?;
    Ok(())
}

/// The checks as JSON, in place of what they said before.
pub async fn add_checks(session: &mut Session, run: Run, checks: &serde_json::Value) -> Result<()> {
    let args = [Arg::Int(run), Arg::Text(checks.to_string())];
    session.execute("noting the checks", &ledger_sql!("add_checks"), &args).await?;
    Ok(())
}

pub async fn checks(session: &mut Session, run: Run) -> Result<Vec<CheckRow>> {
    session.rows("reading the checks", &ledger_sql!("checks"), &[Arg::Int(run)]).await
}

/// Milliseconds per part, added to what is there.
pub async fn add_timing(session: &mut Session, run: Run, parts: &BTreeMap<&str, f64>) -> Result<()> {
    let json = serde_json::to_string(parts).map_err(|e| Error::bug(e.to_string()))?;
    session.execute("noting the timings", &ledger_sql!("add_timing"), &[Arg::Int(run), Arg::Text(json)]).await?;
    Ok(())
}

/// The objects among `objects` (a map by wording) that belong to these tables or are named, as the run left them.
pub async fn keep_schema(
    session: &mut Session,
    run: Run,
    objects: &serde_json::Value,
    tables: Vec<String>,
    named: Vec<String>,
) -> Result<()> {
    let args = [Arg::Int(run), Arg::Text(objects.to_string()), Arg::Texts(tables), Arg::Texts(named)];
    session.execute("keeping the schema's image", &ledger_sql!("keep_schema"), &args).await?;
    Ok(())
}

/// What became of the run's notifications.
pub async fn add_messages(session: &mut Session, run: Run, sent: &serde_json::Value) -> Result<()> {
    let args = [Arg::Int(run), Arg::Text(sent.to_string())];
    session.execute("noting the notifications", &ledger_sql!("add_messages"), &args).await?;
    Ok(())
}

/// What the application queries took when the run was first proved.
pub async fn add_measured(session: &mut Session, run: Run, all: &[Baseline]) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(all).map_err(|e| Error::bug(e.to_string()))?;
    session.execute("noting the queries", &ledger_sql!("query_proved"), &[Arg::Int(run), Arg::Text(json)]).await?;
    Ok(())
}

pub async fn measured(session: &mut Session, run: Run) -> Result<Vec<Baseline>> {
    session.rows("reading the queries", &ledger_sql!("queries_proved"), &[Arg::Int(run)]).await
}

/// The settings and files that the run was made with, and why it was begun outside of its window.
pub async fn keep_config(
    session: &mut Session,
    run: Run,
    config: &serde_json::Value,
    outside: Option<&str>,
) -> Result<()> {
    let args = [Arg::Int(run), Arg::Text(config.to_string()), Arg::OptionalText(outside.map(str::to_owned))];
    session.execute("noting the settings", &ledger_sql!("keep_config"), &args).await?;
    Ok(())
}

/// None for a run that kept none.
pub async fn config(session: &mut Session, run: Run) -> Result<Option<serde_json::Value>> {
    #[derive(Deserialize)]
    struct Row {
        config: Option<serde_json::Value>,
        #[serde(rename = "run")]
        _run: i64,
    }
    let row: Option<Row> = session.maybe("reading the settings", &ledger_sql!("config"), &[Arg::Int(run)]).await?;
    Ok(row.and_then(|r| r.config))
}

/// How the run goes through its gates, and how long it was thought to take.
pub async fn keep_way(session: &mut Session, run: Run, way: &str, estimated_ms: Option<f64>) -> Result<()> {
    let args = [Arg::Int(run), way.into(), Arg::OptionalText(estimated_ms.map(|ms| ms.to_string()))];
    session.execute("noting the way to run", &ledger_sql!("keep_way"), &args).await?;
    Ok(())
}

/// None for a run without gates.
pub async fn way(session: &mut Session, run: Run) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Row {
        way: Option<String>,
    }
    let row: Option<Row> = session.maybe("reading the way to run", &ledger_sql!("way"), &[Arg::Int(run)]).await?;
    Ok(row.and_then(|r| r.way))
}

pub async fn keep_decisions(session: &mut Session, run: Run, all: &[Decision]) -> Result<()> {
    let json = serde_json::to_string(all).map_err(|e| Error::bug(e.to_string()))?;
    session.execute("noting the answers", &ledger_sql!("keep_decisions"), &[Arg::Int(run), Arg::Text(json)]).await?;
    Ok(())
}

pub async fn decisions(session: &mut Session, run: Run) -> Result<Vec<Decision>> {
    session.rows("reading the answers", &ledger_sql!("decisions"), &[Arg::Int(run)]).await
}
