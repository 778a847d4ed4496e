//! Writes what people decided of one mapping.

use serde_json::{Value, json};

use super::pairs::Pairs;
use crate::error::{Error, Result};
use crate::execute::job::Job;
use crate::ledger;
use crate::pg::{Arg, Session};
use crate::plan::{Decided, MapStep, PairRows, Step};
use crate::sql::{Literal, Sql};

/// Refuses where rows refer to pairs that are not decided again.
fn referred(map: &MapStep, rows: &PairRows, given: &str) -> Sql {
    let literal = |text: &str| Literal::new(text);
    Sql::fill(
        include_str!("../../../sql/map/referred.sql"),
        &[
            ("given", &literal(given)),
            ("table_literal", &literal(&map.table.to_string())),
            ("left_literal", &literal(&rows.left.to_string())),
            ("right_literal", &literal(&rows.right.to_string())),
            ("left_type_literal", &literal(&rows.left_type)),
            ("right_type_literal", &literal(&rows.right_type)),
        ],
    )
}

/// The statement's own refusal is a gate.
fn refused(job: &Job, error: Error) -> Error {
    match error {
        Error::Refused { server, .. } if server.code == "P0004" => Error::Gate {
            what: format!("run {} wrote nothing: {}", job.run, crate::text::inert(&server.message)),
            findings: Vec::new(),
            hint: server.hint.clone().unwrap_or_default(),
        },
        other => other,
    }
}

/// Writes what people decided, in the step's own transaction; how many mappings stand by it.
pub async fn decide(
    session: &mut Session,
    job: &Job,
    step: &Step,
    map: &MapStep,
    decisions: &[Decided],
) -> Result<u64> {
    let all: Vec<Value> = decisions
        .iter()
        .flat_map(|d| {
            d.right_ids.iter().enumerate().map(|(place, right)| {
                json!({ "left_id": d.left_id, "right_id": right, "because": "human", "confidence": 1.0,
                        "evidence": d.evidence, "is_primary": place == 0 })
            })
        })
        .collect();
    let n = all.len() as u64;
    let args = [Arg::Int(job.run), Arg::Int(step.number.into()), Arg::Text(Value::Array(all).to_string())];
    if let Some(rows) = &map.rows {
        let Arg::Text(given) = &args[2] else { return Err(Error::bug("decisions are no text")) };
        let sql = referred(map, rows, given);
        session.script("looking for what refers to mappings", &sql).await.map_err(|e| refused(job, e))?;
    }
    session.execute("making room for decisions", &map.clear, &args).await?;
    session.execute("keeping what is decided again", &map.keep, &args).await?;
    let mut given = Pairs::default();
    for d in decisions {
        for (place, right) in d.right_ids.iter().enumerate() {
            given.push([&d.left_id, right, "human"], 1.0, d.evidence.clone(), place == 0);
        }
    }
    session.returning::<u64>("writing decisions", &map.write, &given.args(job.run, step)).await?;
    let pairs = decisions.iter().flat_map(|d| d.right_ids.iter().zip(&d.put).map(move |(right, put)| (d, right, put)));
    let put: Vec<Value> = pairs
        .filter(|(.., put)| !put.is_empty())
        .map(|(d, right, put)| json!({ "left_id": d.left_id, "right_id": right, "put": put }))
        .collect();
    if let (Some(sql), false) = (&map.put, put.is_empty()) {
        let put = [args[0].clone(), args[1].clone(), Arg::Text(Value::Array(put).to_string())];
        session.execute("filling what the file says of each pair", sql, &put).await?;
    }
    if !map.left.is_empty() {
        session.execute("noting how the pairs are left", &map.left, &args).await?;
    }
    ledger::mark_changed(session, job.run).await?;
    Ok(n)
}
