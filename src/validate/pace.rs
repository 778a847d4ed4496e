//! How fast the machine is just now, so that a busy one is not taken for a slow query.

use std::time::Instant;

use super::queries::once;
use crate::consolidation::Query;
use crate::error::Result;
use crate::pg::{Isolation, Session, Settings};
use crate::sql::{Ident, Sql};

/// Runs of a query, each beside the yardstick, before it is called slow.
const PAIRS: usize = 15;
/// Milliseconds after which no further pair is made.
const ENOUGH_MS: f64 = 5_000.0;
/// The yardstick is repeated beside a run for as long as that took, but no longer than this.
const BESIDE_MS: f64 = 1_000.0;

/// So many times slower than at the baseline, the machine is busy.
const BUSY: f64 = 1.25;
/// The most that a busy machine accounts for; a yardstick that took longer than that was itself kept waiting.
const BUSIEST: f64 = 8.0;

/// A piece of work that no table, index or lock has a part in.
const YARDSTICK: &str = "select count(*) from generate_series(1, 20000)";

/// What one statement returned and took, milliseconds.
pub(super) async fn timed(session: &mut Session, what: &str, sql: &Sql) -> Result<(u64, f64)> {
    let began = Instant::now();
    let rows = session.drain(what, sql).await?;
    Ok((rows, began.elapsed().as_secs_f64() * 1000.0))
}

/// The median of five, milliseconds.
pub(super) async fn yardstick(session: &mut Session, settings: &Settings) -> Result<f64> {
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let mut took = Vec::new();
    for _ in 0..5 {
        took.push(timed(session, "the yardstick", &Sql::constant(YARDSTICK)).await?.1);
    }
    session.rollback().await?;
    Ok(median(took))
}

/// What a query takes when the machine is as fast as at the baseline; on a busy one also no more than its fastest run.
pub(super) async fn fair(
    session: &mut Session,
    query: &Query,
    role: Option<&Ident>,
    settings: &Settings,
    then: Option<f64>,
) -> Result<f64> {
    let (mut adjusted, mut factors, mut fastest, mut spent) = (Vec::new(), Vec::new(), f64::INFINITY, 0.0);
    while adjusted.is_empty() || (adjusted.len() < PAIRS && spent < ENOUGH_MS) {
        let run = once(session, query, role, settings).await;
        session.rollback().await?;
        let (_, ms) = run?;
        let factor = busier(beside(session, settings, ms.min(BESIDE_MS)).await?, then);
        adjusted.push(ms / factor);
        factors.push(factor);
        fastest = fastest.min(ms);
        spent += ms;
    }
    let fair = median(adjusted);
    Ok(if median(factors) > BUSY { fair.min(fastest) } else { fair })
}

/// The mean of the yardstick over this many milliseconds.
async fn beside(session: &mut Session, settings: &Settings, long: f64) -> Result<f64> {
    session.begin(Isolation::RepeatableReadOnly, settings).await?;
    let (mut runs, mut total) = (0.0, 0.0);
    while total < long || runs < 1.0 {
        total += timed(session, "the yardstick", &Sql::constant(YARDSTICK)).await?.1;
        runs += 1.0;
    }
    session.rollback().await?;
    Ok(total / runs)
}

/// How many times slower the machine is than it was: never faster, and never so slow that it excuses everything.
fn busier(now: f64, then: Option<f64>) -> f64 {
    then.filter(|t| *t > 0.0).map_or(1.0, |then| (now / then).clamp(1.0, BUSIEST))
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::busier;

    #[test]
    fn a_busy_machine_excuses_what_it_slows_down_and_no_more() {
        assert_eq!(busier(6.0, Some(2.0)), 3.0);
        assert_eq!(busier(1.0, Some(2.0)), 1.0);
        assert_eq!(busier(6.0, None), 1.0);
        // starved: 100 ms are not made 5
        assert!(100.0 / busier(40.0, Some(2.0)) > 10.0);
    }
}
