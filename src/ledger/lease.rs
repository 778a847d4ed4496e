//! One operator at a time: a lease with an epoch, held by a session that is still there.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use super::{Run, ledger_sql};
use crate::error::{Error, Result};
use crate::pg::{Arg, Server, Session};
use crate::text;

/// The right to operate a consolidation, as long as its session lives.
#[derive(Debug, Clone)]
pub struct Lease {
    pub consolidation: String,
    pub epoch: i64,
}

/// Who holds the lease now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Owner {
    /// The role.
    pub who: Option<String>,
    /// User and machine, by their own word.
    pub operator: Option<String>,
    pub backend: Option<i32>,
    pub run: Option<i64>,
    pub since: String,
    pub alive: bool,
}

impl std::fmt::Display for Owner {
    /// `since 10:00 by `role` (ann@bastion, server process 7, run 3)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operator = self.operator.as_deref().map(|o| format!("{}, ", text::inert(o))).unwrap_or_default();
        let run = self.run.map(|r| format!(", run {r}")).unwrap_or_default();
        let who = text::inert(self.who.as_deref().unwrap_or_default());
        let backend = self.backend.map_or("behind a pooler".to_owned(), |pid| format!("server process {pid}"));
        write!(f, "since {} by `{who}` ({operator}{backend}{run})", self.since)
    }
}

/// How long a taker waits for the server to notice that the owner died.
const PATIENCE: Duration = Duration::from_secs(3);
/// The same for an owner behind a pooler, who is known by its beats alone.
const PATIENCE_WITH_BEATS: Duration = Duration::from_secs(12);
const BEAT: Duration = Duration::from_secs(2);

impl Lease {
    /// Takes the lease when it is free or its owner is gone; over a living owner only with `take_over`. Whatever the
    /// owner before has under way is awaited, and finds its fences moved.
    pub async fn take(session: &mut Session, consolidation: &str, take_over: bool) -> Result<Lease> {
        let args = [consolidation.into(), Arg::Bool(take_over), token().into(), Arg::Bool(session.is_pooled())];
        let began = Instant::now();
        loop {
            let epochs: Vec<i64> = session.returning("taking the lease", &ledger_sql!("lease"), &args).await?;
            if let Some(epoch) = epochs.first() {
                let lease = Lease { consolidation: consolidation.to_owned(), epoch: *epoch };
                let fence = [consolidation.into(), Arg::Int(lease.epoch)];
                session.execute("moving the fences", &ledger_sql!("fence_others"), &fence).await?;
                return Ok(lease);
            }
            let beats: Option<bool> =
                session.maybe("reading the lease", &ledger_sql!("lease_beats"), &[consolidation.into()]).await?;
            let patience = if beats == Some(true) { PATIENCE_WITH_BEATS } else { PATIENCE };
            if began.elapsed() > patience {
                return Err(Lease::held(session, consolidation).await?);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Says now and then that the operator lives, where a pooler gives it no server process of its own.
    pub fn beat(&self, server: &Server) -> Beat {
        let (lease, server) = (self.clone(), server.clone());
        Beat(tokio::spawn(async move {
            if !server.is_pooled() {
                return;
            }
            let args = [lease.consolidation.as_str().into(), Arg::Int(lease.epoch)];
            loop {
                // one that is lost is opened anew; the fence stands in any case
                if let Ok(mut session) = server.open().await {
                    while session.execute("keeping the lease", &ledger_sql!("lease_beat"), &args).await.is_ok() {
                        tokio::time::sleep(BEAT).await;
                    }
                }
                tokio::time::sleep(BEAT / 4).await;
            }
        }))
    }

    /// Who holds it, or did last.
    pub async fn owner(session: &mut Session, consolidation: &str) -> Result<Option<Owner>> {
        session.maybe("reading the lease", &ledger_sql!("lease_owner"), &[consolidation.into()]).await
    }

    async fn held(session: &mut Session, consolidation: &str) -> Result<Error> {
        let owner = Lease::owner(session, consolidation).await?.map(|o| format!(" {o}")).unwrap_or_default();
        Ok(Error::Locked {
            what: format!("`{consolidation}` is being operated{owner}"),
            hint: "wait for it, watch it with `pgfold status --watch`, or take over with --take-over if you are sure it hangs"
                .to_owned(),
        })
    }

    /// Binds the lease to this session, after the one before was lost; refused when somebody took it meanwhile.
    pub async fn reclaim(&self, session: &mut Session) -> Result<()> {
        let args = [self.consolidation.as_str().into(), Arg::Int(self.epoch)];
        let mine = session.execute("reclaiming the lease", &ledger_sql!("lease_reclaim"), &args).await?;
        if mine == 1 { Ok(()) } else { Err(self.gone()) }
    }

    fn gone(&self) -> Error {
        Error::Locked {
            what: format!("somebody else operates `{}` now; this command stopped", self.consolidation),
            hint: "`pgfold status` shows what they do".to_owned(),
        }
    }

    /// The run that was opened under this lease, if its commit went through.
    pub async fn run(&self, session: &mut Session) -> Result<Option<Run>> {
        let args = [self.consolidation.as_str().into(), Arg::Int(self.epoch)];
        let run: Option<Option<Run>> = session.maybe("reading the lease", &ledger_sql!("lease_run"), &args).await?;
        Ok(run.flatten())
    }

    pub async fn belongs_to(&self, session: &mut Session, run: Run) -> Result<()> {
        let args = [self.consolidation.as_str().into(), Arg::Int(run), Arg::Int(self.epoch)];
        let mine = session.execute("noting the run", &ledger_sql!("lease_note"), &args).await?;
        if mine == 1 { Ok(()) } else { Err(self.gone()) }
    }

    pub async fn release(self, session: &mut Session) {
        // a session that is gone has released it already
        let args = [self.consolidation.as_str().into(), Arg::Int(self.epoch)];
        session.execute("releasing the lease", &ledger_sql!("lease_release"), &args).await.ok();
    }
}

/// Beats until it is dropped.
pub struct Beat(tokio::task::JoinHandle<()>);

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Tells this process from any other, so that a lease whose answer was lost is known again.
fn token() -> &'static str {
    static TOKEN: LazyLock<String> = LazyLock::new(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        format!("{}-{}", std::process::id(), since.as_nanos())
    });
    &TOKEN
}
