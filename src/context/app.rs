//! What every command gets: what was typed, the environment, the profile, terminal and log.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::Common;
use crate::config::{Environment, Profile, Secret};
use crate::error::Result;
use crate::execute::Watcher;
use crate::notify::{Notifier, Receiver};
use crate::render::{Log, Output};

/// What every command gets.
pub struct Desk {
    pub common: Common,
    pub environment: Environment,
    pub profile: Profile,
    /// The run that this process opened or resumed.
    pub run: Option<i64>,
    pub out: Output,
    pub log: Log,
}

impl Desk {
    /// `--dry-run` or `DRY_RUN=true`.
    pub fn dry(&self, flag: bool) -> Result<bool> {
        Ok(flag || self.environment.flag("DRY_RUN")?)
    }

    /// Whether the surroundings say that this is production.
    pub fn production(&self) -> bool {
        let named = self.environment.get("PGFOLD_PROFILE").unwrap_or_default();
        named.eq_ignore_ascii_case("production") || self.profile.is_production()
    }

    /// Where notifications go: `--notify` or PGFOLD_NOTIFY, signed with PGFOLD_NOTIFY_SECRET.
    pub fn receiver(&self) -> Option<Receiver> {
        let url = self.common.notify.as_deref().or_else(|| self.environment.get("PGFOLD_NOTIFY"))?;
        let secret = self.environment.get("PGFOLD_NOTIFY_SECRET").map(Secret::new);
        Some(Receiver { url: Secret::new(url), secret, every: Duration::from_secs(self.common.notify_every) })
    }

    /// Shows a run on the terminal, and tells the receiver of it where there is one.
    pub fn watcher(&self, run: i64, consolidation: &str) -> Arc<dyn Watcher> {
        let shown = self.out.watcher();
        match self.receiver() {
            Some(receiver) => Arc::new(Notifier::start(receiver, run, consolidation, Some(shown))),
            None => shown,
        }
    }
}
