//! What writing commands have in common: the ground they stand on, their gates, a run and its folder.

mod around;
mod dry_run;
mod ground;
mod mapping;
mod rollback;
mod throwaway;
mod work;

pub use around::no_pooler;
pub use ground::{Ground, open};
pub use mapping::{look_at_mappings, review_in, review_out, statistics_out};
pub use rollback::{Wanted, choose, known, nothing, refused, rehearse, script};
pub use throwaway::{fill_demo, find_programs};
pub use work::{Task, again, carry, furnish, job, manner, work};

use crate::cli::Common;
use crate::config::Environment;
use crate::error::Result;
use crate::render::{Log, Output};

/// What every command gets.
pub struct Desk {
    pub common: Common,
    pub environment: Environment,
    pub out: Output,
    pub log: Log,
}

impl Desk {
    /// `--dry-run` or `DRY_RUN=true`.
    pub fn dry(&self, flag: bool) -> Result<bool> {
        Ok(flag || self.environment.flag("DRY_RUN")?)
    }
}
