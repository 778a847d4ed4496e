//! One mapping: rows in pages from the server, inference here, decisions back in one statement a page.

mod decide;
mod pages;
mod pairs;
mod prepared;
mod preview;
mod subjects;

pub use self::decide::decide;
pub use self::pairs::said;
pub use self::prepared::Prepared;
pub use self::preview::{MappingOutlook, look_at_mapping, review_lines, statistics_today};

use self::pages::{Pages, Writers};
use super::event::Event;
use super::fence::fence;
use super::job::Job;
use crate::error::Result;
use crate::facts::StepState;
use crate::ledger;
use crate::pg::{Isolation, Session};
use crate::plan::{MapStep, Step};

/// Decides and writes one mapping; how many mappings are new.
pub async fn map(job: &Job, session: &mut Session, step: &Step, map: &MapStep) -> Result<u64> {
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    let mut prepared = Prepared::read(session, map, true).await?;
    for finding in std::mem::take(&mut prepared.notices) {
        job.watcher.event(&Event::Notice { finding });
    }
    ledger::step_state(session, job.run, step.number, StepState::Running, None, None).await?;
    session.commit().await?;
    let (ids, live) = (std::mem::take(&mut prepared.ids), prepared.live);
    let mut pages = Pages::new(map, prepared);
    let writers = Writers { job, step, map, ids: &ids, live, seen: 0.into() };
    // a rehearsal sees its rows on its own session only
    let beside = !session.is_rehearsing();
    let mut reader = if beside { session.sister().await.ok() } else { None };
    let mut second = if reader.is_some() && job.manner.workers > 1 { session.sister().await.ok() } else { None };
    let written = match reader.as_mut() {
        Some(reader) => writers.beside(session, second.as_mut(), reader, &mut pages).await,
        None => writers.in_turn(session, &mut pages).await,
    };
    for other in [reader, second].into_iter().flatten() {
        other.close().await;
    }
    let new = written?;
    session.begin(Isolation::ReadCommitted, &job.settings).await?;
    fence(job, session, 1).await?;
    ledger::step_state(session, job.run, step.number, StepState::Done, Some(new), None).await?;
    session.commit().await?;
    Ok(new)
}
