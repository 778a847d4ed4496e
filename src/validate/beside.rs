//! A second session that sees what the first one sees, and what the two of them share.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::error::Result;
use crate::pg::{Isolation, Session, Settings};
use crate::sql::{Literal, Sql};

/// What is still to be done, the longest first: whoever is free takes the next.
pub struct Queue<T>(Mutex<VecDeque<T>>);

impl<T> Queue<T> {
    pub fn new(all: impl IntoIterator<Item = T>) -> Queue<T> {
        Queue(Mutex::new(all.into_iter().collect()))
    }

    pub fn next(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Nobody takes anything any more.
    pub fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// None where nobody else can see it (a rehearsal's rows are not committed), behind a pooler, and where the server has
/// no further connection: one session does it all then.
pub async fn second(session: &mut Session, settings: &Settings) -> Option<Session> {
    if session.is_rehearsing() || session.is_pooled() {
        return None;
    }
    let mut other = session.sister().await.ok()?;
    match same(session, &mut other, settings).await {
        Ok(()) => Some(other),
        Err(why) => {
            tracing::debug!("one session alone: {why}");
            other.close().await;
            None
        }
    }
}

async fn same(session: &mut Session, other: &mut Session, settings: &Settings) -> Result<()> {
    let doing = "sharing a snapshot";
    let exported: String = session.one(doing, &Sql::constant("select pg_export_snapshot()"), &[]).await?;
    other.begin(Isolation::RepeatableReadOnly, settings).await?;
    let take = Sql::fill("set transaction snapshot ${s}", &[("s", &Literal::new(exported))]);
    other.script(doing, &take).await
}
