//! The append-only chain of a consolidation: its head, and whether what stands there is what was written.

use serde::{Deserialize, Serialize};

use super::ledger_sql;
use crate::error::Result;
use crate::pg::{Arg, Session};
use crate::text;

/// The last row of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: i64,
    /// Hex SHA-256.
    pub digest: String,
    pub consolidation: String,
    pub database: String,
    pub system_identifier: Option<String>,
}

impl Head {
    /// As a person types or copies it: `12:ab34…`.
    pub fn short(&self) -> String {
        format!("{}:{}", self.seq, self.digest)
    }
}

/// How far the end of the chain is vouched for from outside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tail {
    /// The head is the last row.
    Proven,
    /// The head is in the chain; so many rows came after it, and nothing vouches for them.
    ProvenUpTo { later: i64 },
    /// No head was given: rows may have been cut off.
    NotProven,
}

/// What was found in a chain.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    pub consolidation: String,
    pub rows: i64,
    pub head: Option<String>,
    pub tail: Tail,
    /// What the rows after the head say, oldest first; nothing vouches for them yet.
    pub later: Vec<String>,
    /// Every contradiction, as a sentence.
    pub broken: Vec<String>,
    /// Whether the triggers that refuse changes are there.
    pub protected: bool,
}

#[derive(Deserialize)]
struct Row {
    rows: i64,
    last_seq: Option<i64>,
    last_digest: Option<String>,
    gap_at: Option<i64>,
    altered: Vec<i64>,
    unlinked: Vec<i64>,
    strange: Vec<i64>,
    backdated: Vec<i64>,
    later: Vec<String>,
    head_found: Option<bool>,
    state_differs: Vec<i64>,
    totals_differ: Vec<i64>,
    without_event: Vec<i64>,
    plan_differs: Vec<i64>,
    protected: bool,
}

pub async fn head(session: &mut Session, consolidation: &str) -> Result<Option<Head>> {
    session.maybe("reading the audit chain", &ledger_sql!("audit_head"), &[consolidation.into()]).await
}

/// Recomputes every digest on the server; `head` is sequence number and digest from outside the database.
pub async fn verify(session: &mut Session, consolidation: &str, head: Option<(i64, String)>) -> Result<Verified> {
    let args = [
        consolidation.into(),
        Arg::OptionalText(head.as_ref().map(|h| h.0.to_string())),
        Arg::OptionalText(head.as_ref().map(|h| h.1.clone())),
    ];
    let row: Row = session.one("verifying the audit chain", &ledger_sql!("audit_verify"), &args).await?;
    let mut broken = Vec::new();
    let mut say = |rows: &[i64], noun: &str, what: &str| {
        if !rows.is_empty() {
            let named: Vec<String> = rows.iter().take(5).map(i64::to_string).collect();
            let more = if rows.len() > named.len() { " and more" } else { "" };
            broken.push(format!("{} {}{more}: {what}", text::plural(rows.len() as u64, noun), text::list(&named)));
        }
    };
    say(&row.altered, "audit row", "changed after it was written");
    say(&row.unlinked, "audit row", "does not follow the row before it");
    say(&row.gap_at.map(|g| vec![g]).unwrap_or_default(), "audit row", "a row before it was deleted");
    say(&row.strange, "audit row", "holds no event that pgfold writes");
    say(&row.backdated, "audit row", "stands after the head, but claims to be older than it");
    say(&row.without_event, "run", "stands in the ledger, but the chain does not know it");
    say(&row.state_differs, "run", "its state is not the one that the chain says");
    say(&row.totals_differ, "run", "its accounting is not the one that the chain says");
    say(&row.plan_differs, "run", "its stored plan is not the one that the chain says");
    let tail = match &head {
        None => Tail::NotProven,
        Some((seq, _)) if row.last_seq.is_none_or(|last| last < *seq) => {
            broken.push(format!(
                "the chain ends at {}, the head is row {seq}: its tail was cut off",
                row.last_seq.map_or("nothing".to_owned(), |l| format!("row {l}"))
            ));
            Tail::NotProven
        }
        Some((seq, _)) if row.head_found != Some(true) => {
            broken.push(format!("row {seq} is not the one that the head names: the chain was rewritten"));
            Tail::NotProven
        }
        Some((seq, _)) => match row.last_seq.unwrap_or(0) - seq {
            0 => Tail::Proven,
            later => Tail::ProvenUpTo { later },
        },
    };
    let head = row.last_seq.zip(row.last_digest).map(|(seq, digest)| format!("{seq}:{digest}"));
    Ok(Verified {
        consolidation: consolidation.to_owned(),
        rows: row.rows,
        head,
        tail,
        later: row.later,
        broken,
        protected: row.protected,
    })
}
