//! The youngest verified backup of a database, held against the age that was set, and the rollback window.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Desk;
use crate::backup;
use crate::catalog::ServerFacts;
use crate::config::defaults;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::ledger;
use crate::preflight;
use crate::text;

impl Desk {
    /// The folder of backups: PGFOLD_BACKUPS, or the default.
    pub fn backups(&self) -> &str {
        self.environment.get("PGFOLD_BACKUPS").unwrap_or(defaults::BACKUPS)
    }

    /// The newest verified backup of this database, and its age.
    pub fn newest_backup(&self, server: &ServerFacts) -> Option<(String, Duration)> {
        let newest = backup::newest(Path::new(self.backups()), &server.database, server.system_identifier.as_deref());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let age = |taken: u64| now.saturating_sub(Duration::from_secs(taken));
        newest.map(|(folder, m)| (folder.display().to_string(), age(m.taken_at_epoch)))
    }

    /// A refusal when an age is asked for (by flag, PGFOLD_BACKUP_AGE, or the profile) and no verified backup is that young.
    pub fn backed_up(&self, server: &ServerFacts, at_most: Option<Duration>) -> Result<Finding> {
        let at_most = match at_most {
            Some(age) => Some(age),
            None => self.age("PGFOLD_BACKUP_AGE")?.or_else(|| self.profile.said_age("backup_age")),
        };
        let newest = self.newest_backup(server).map(|(folder, age)| preflight::Backup { folder, age });
        Ok(preflight::backup(newest.as_ref(), at_most, self.backups()))
    }

    /// How long after a run its before-images are kept: PGFOLD_ROLLBACK_WINDOW, 30 days unless it is set.
    pub fn window(&self) -> Result<Duration> {
        Ok(self.age("PGFOLD_ROLLBACK_WINDOW")?.unwrap_or(ledger::WINDOW))
    }

    fn age(&self, name: &str) -> Result<Option<Duration>> {
        let Some(value) = self.environment.get(name) else { return Ok(None) };
        text::parse_duration(value).map(Some).map_err(|why| Error::Configuration {
            what: format!("`{name}` is no time: {why}"),
            mistakes: Vec::new(),
            hint: format!("{name}=30d, or 12h, or 90m"),
        })
    }
}
