//! What writing commands have in common: the ground they stand on, their gates, a run and its folder.

mod announce;
mod backed_up;
mod bound;
mod around;
pub mod closing;
mod dry_run;
mod estimate;
mod foretold;
pub mod gated;
mod ground;
mod grade;
pub mod half_way;
pub mod health;
mod init;
pub mod manual;
mod mapping;
mod part;
pub mod production;
mod proving;
pub mod record;
mod recovery;
mod rehearse;
mod rollback;
mod settings;
mod suggest;
mod throwaway;
pub mod typed;
pub mod undoing;
mod ways;
mod work;
mod writers;

pub use around::{no_pooler, pooler};
pub use bound::{read as read_plan, save as save_plan};
pub use ground::{Ground, open};
pub use half_way::has_ledger;
pub use init::drafted;
pub use mapping::{look_at_mappings, review_in, review_out, statistics_out};
pub use proving::checks;
pub use recovery::{newest, tell};
pub use rollback::{Wanted, choose, known, nothing, rehearse, script};
pub use settings::settle;
pub use suggest::suggest;
pub use throwaway::{fill_demo, find_programs};
pub use ways::Ways;
pub use work::{Task, again, carry, furnish, job, manner, watched, work};

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
    /// Of a run that has any.
    pub gates: Option<gated::Gates>,
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
