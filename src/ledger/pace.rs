//! How long a rollback will take, judged by what was timed on this database before.

use serde::{Deserialize, Serialize};

use super::ledger_sql;
use crate::error::Result;
use crate::pg::{Arg, Session};
use crate::plan::Estimate;
use crate::text;

/// What was timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timed {
    Rollback,
    Rehearsal,
    /// A run on its way there; the way back writes less.
    Run,
    /// A run that was rehearsed and taken back; `run` is the number of the rehearsal.
    Tried,
}

/// So many rows and mappings took so many milliseconds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Pace {
    pub what: Timed,
    pub run: i64,
    pub rows: u64,
    pub ms: f64,
}

/// Milliseconds per row or mapping, level rows: 990,022 rows and 1,390,358 mappings took 212 s on two busy cores.
const REFERENCE: f64 = 0.09;
/// No rollback takes less: connecting, checking, committing.
const LEAST_MS: f64 = 100.0;

pub async fn paces(session: &mut Session, consolidation: &str) -> Result<Vec<Pace>> {
    session.rows("reading what was timed", &ledger_sql!("pace"), &[consolidation.into()]).await
}

/// What a rehearsal of a run would have written, and what it took.
pub async fn add_rehearsal(
    session: &mut Session,
    consolidation: &str,
    rows: u64,
    took_ms: f64,
    moving_ms: f64,
) -> Result<()> {
    let args =
        [consolidation.into(), Arg::Int(rows as i64), Arg::Text(took_ms.to_string()), Arg::Text(moving_ms.to_string())];
    session.execute("noting the rehearsal", &ledger_sql!("add_rehearsal"), &args).await?;
    Ok(())
}

/// Of rollbacks and rehearsals before runs the one with most rows; a few rows say nothing about many.
pub fn estimate(rows: u64, paces: &[Pace]) -> Estimate {
    let tells = |p: &&Pace| p.rows > 0 && (p.rows >= 10_000 || p.rows.saturating_mul(10) >= rows);
    let most = |way_back: bool| {
        let back = |p: &&Pace| matches!(p.what, Timed::Rollback | Timed::Rehearsal) == way_back;
        let kind = paces.iter().filter(back);
        kind.filter(tells).max_by_key(|p| (p.rows, p.what == Timed::Rollback, p.run))
    };
    let Some(p) = most(true).or_else(|| most(false)) else {
        let ms = (rows as f64 * REFERENCE).max(LEAST_MS);
        return Estimate {
            ms,
            basis: "by the reference drill on two busy cores; nothing was timed here yet".to_owned(),
        };
    };
    let ms = (p.ms * rows as f64 / p.rows as f64).max(LEAST_MS);
    let of = text::count(p.rows, "row");
    let basis = match p.what {
        Timed::Rollback => format!("by the rollback of run {}, {of}", p.run),
        Timed::Rehearsal => format!("by the rehearsed rollback of run {}, {of}", p.run),
        Timed::Tried => format!("by a run that was rehearsed, {of}: the way back writes less"),
        Timed::Run => format!("by run {} itself, {of}: the way back writes less", p.run),
    };
    Estimate { ms, basis }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(what: Timed, run: i64, rows: u64, ms: f64) -> Pace {
        Pace { what, run, rows, ms }
    }

    #[test]
    fn a_timed_way_back_tells_more_than_a_run_and_many_rows_more_than_few() {
        let all = [
            pace(Timed::Run, 3, 2_000_000, 90_000.0),
            pace(Timed::Rehearsal, 1, 20_000, 1_000.0),
            pace(Timed::Rollback, 2, 100_000, 4_000.0),
        ];
        let told = estimate(1_000_000, &all);
        assert_eq!(told, Estimate { ms: 40_000.0, basis: "by the rollback of run 2, 100,000 rows".into() });
        assert_eq!(estimate(1_000_000, &all[..2]).ms, 50_000.0);
        assert_eq!(estimate(1_000_000, &all[..1]).ms, 45_000.0);
    }

    #[test]
    fn a_few_rows_say_nothing_about_many() {
        let small = [pace(Timed::Rollback, 1, 20, 60.0)];
        assert!(estimate(1_000_000, &small).basis.contains("reference"));
        assert_eq!(estimate(100, &small).ms, 300.0);
        assert_eq!(estimate(1, &small).ms, LEAST_MS);
    }
}
