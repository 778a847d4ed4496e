//! Pages read, judged and written: side by side where there are sessions for it, in turn where there are none.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use tokio::sync::mpsc::{self, Receiver};

use super::pairs::Written;
use super::prepared::Prepared;
use crate::error::{Error, Result};
use crate::execute::event::Event;
use crate::execute::fence::fence;
use crate::execute::job::Job;
use crate::execute::retry::{Next, Tries};
use crate::ledger;
use crate::mapping::{Subject, Verdict};
use crate::pg::{Isolation, Session};
use crate::plan::{MapStep, Step};
use crate::sql::Sql;

/// Rows with what is said of them.
type Page = Vec<(Subject, Verdict)>;

/// What is still to be read.
pub struct Pages<'a> {
    map: &'a MapStep,
    prepared: Prepared,
    after: Option<String>,
}

impl<'a> Pages<'a> {
    pub fn new(map: &'a MapStep, prepared: Prepared) -> Pages<'a> {
        Pages { map, prepared, after: None }
    }

    async fn next(&mut self, job: &Job, session: &mut Session) -> Result<Option<Page>> {
        session.begin(Isolation::RepeatableReadOnly, &job.settings).await?;
        session.script("looking at one page", &Sql::constant("set local enable_seqscan = off")).await?;
        let page = self.prepared.page(session, self.map, &mut self.after).await;
        session.rollback().await?;
        page
    }
}

/// Writes pages, each in a transaction of its own.
pub struct Writers<'a> {
    pub job: &'a Job,
    pub step: &'a Step,
    pub map: &'a MapStep,
    /// Code to id.
    pub ids: &'a BTreeMap<String, String>,
    pub live: u64,
    pub seen: AtomicU64,
}

impl Writers<'_> {
    /// Reads and judges the next page after the last one is written; how many mappings are new.
    pub async fn in_turn(&self, session: &mut Session, pages: &mut Pages<'_>) -> Result<u64> {
        let mut new = 0;
        while let Some(page) = pages.next(self.job, session).await? {
            new += self.put(session, 1, page).await?;
        }
        Ok(new)
    }

    /// Reads and judges on one session what the others write; how many mappings are new. Pages are judged in their order,
    /// so who takes a fallback does not depend on which of them is written first.
    pub async fn beside(
        &self,
        session: &mut Session,
        second: Option<&mut Session>,
        reader: &mut Session,
        pages: &mut Pages<'_>,
    ) -> Result<u64> {
        let (give, take) = mpsc::channel(1);
        let take = Mutex::new(take);
        let read = async move {
            while let Some(page) = pages.next(self.job, reader).await? {
                if give.send(page).await.is_err() {
                    break; // a writer gave up, and says why
                }
            }
            Ok(())
        };
        let other = async {
            match second {
                Some(second) => self.work(second, 2, &take).await,
                None => Ok(0),
            }
        };
        // each comes to its end: a session that is left in the middle of a statement is lost
        let (read, first, other) = tokio::join!(read, self.work(session, 1, &take), other);
        let new = first? + other?;
        read.map(|()| new)
    }

    async fn work(&self, session: &mut Session, worker: usize, take: &Mutex<Receiver<Page>>) -> Result<u64> {
        let mut new = 0;
        loop {
            let next = take.lock().await.recv().await;
            let Some(page) = next else { return Ok(new) };
            match self.put(session, worker, page).await {
                Ok(written) => new += written,
                Err(error) => {
                    // nobody is to wait for a page to be taken, or to begin another
                    take.lock().await.close();
                    return Err(error);
                }
            }
        }
    }

    /// One page, again where it met another transaction; how many mappings are new.
    async fn put(&self, session: &mut Session, worker: usize, page: Page) -> Result<u64> {
        let job = self.job;
        if job.asked_to_stop() {
            return Err(job.asked());
        }
        let rows = page.len() as u64;
        let written = Written::of(job.run, self.step, self.map, self.ids, page);
        let mut tries = Tries::new(job.limits(), job.run.unsigned_abs() + worker as u64);
        let new = loop {
            let error = match self.once(session, worker, &written).await {
                Ok(new) => break new,
                Err(error) => error,
            };
            match tries.failed(&error, false) {
                // a trigger of the mapping's table may lock what the other writer's rows lock, too
                Next::Again(wait) => {
                    session.rollback().await?;
                    job.pause_for(&self.step.intent, &error, wait).await?;
                }
                Next::GiveUp(why) => return Err(job.gave_up_for(why, error).await),
                // the whole step is looked up in the ledger, by whoever has its session
                Next::Ask(_) => return Err(error),
                Next::Done => return Err(Error::bug("a page failed and is done")),
            }
        };
        let rows = self.seen.fetch_add(rows, Ordering::Relaxed) + rows;
        job.watcher.event(&Event::MappingPage { mapping: self.map.name.clone(), rows, of: self.live });
        Ok(new)
    }

    /// A transaction of its own, behind the worker's fence.
    async fn once(&self, session: &mut Session, worker: usize, page: &Written) -> Result<u64> {
        let job = self.job;
        if page.rows == 0 {
            return Ok(0);
        }
        session.begin(Isolation::ReadCommitted, &job.settings).await?;
        fence(job, session, worker).await?;
        let new = page.write(session, self.map).await?;
        if new > 0 {
            ledger::mark_changed(session, job.run).await?;
        }
        session.commit().await?;
        Ok(new)
    }
}
