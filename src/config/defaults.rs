//! What a setting is when nobody says otherwise; flags, profiles and runs all take it from here.

use std::time::Duration;

use crate::text;

pub const WORKERS: &str = "2";
pub const BATCH_ROWS: &str = "10000";
pub const ATTEMPTS: &str = "3";
pub const DEADLINE: &str = "1h";
pub const LOCK_TIMEOUT: &str = "5s";
pub const STATEMENT_TIMEOUT: &str = "10m";
/// The folder of backups.
pub const BACKUPS: &str = "pgfold-backups";
/// How old a verified backup may be when a run begins.
pub const BACKUP_AGE: &str = "24h";

/// A default that is a number.
pub fn number(written: &str) -> u32 {
    written.parse().unwrap_or_default()
}

/// A default that is a time.
pub fn time(written: &str) -> Duration {
    text::parse_duration(written).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_what_it_is_read_as() {
        for written in [WORKERS, BATCH_ROWS, ATTEMPTS] {
            assert_eq!(number(written).to_string(), written);
        }
        for (written, seconds) in
            [(DEADLINE, 3600), (LOCK_TIMEOUT, 5), (STATEMENT_TIMEOUT, 600), (BACKUP_AGE, 24 * 3600)]
        {
            assert_eq!(time(written), Duration::from_secs(seconds), "{written}");
        }
    }
}
