//! Does work again on a new connection when the one that it had was lost.

use std::time::Duration;

use crate::error::Result;
use crate::execute::retry::{self, Limits, Next, Tries};
use crate::pg::Session;

/// How often and how long work that writes nothing is tried again.
const LIMITS: Limits = Limits { attempts: 4, deadline: Duration::from_secs(3600) };

/// For work that may be done twice: a lost connection is opened again, and all of the work is repeated.
pub async fn again<T>(session: &mut Session, mut work: impl AsyncFnMut(&mut Session) -> Result<T>) -> Result<T> {
    let mut tries = Tries::new(LIMITS, u64::from(session.backend.unsigned_abs()));
    loop {
        let error = match work(session).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if !retry::is_lost(&error) {
            return Err(error);
        }
        let Next::Ask(wait) = tries.failed(&error, false) else { return Err(error) };
        // the ledger knows nothing of it
        if matches!(tries.asked(false), Next::GiveUp(_)) {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        session.renew().await?;
    }
}
