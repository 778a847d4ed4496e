//! Whether there is a verified backup, and whether it is young enough.

use std::time::Duration;

use crate::finding::{Finding, Severity};
use crate::text;

/// The youngest verified backup of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub folder: String,
    pub age: Duration,
}

/// `at_most`: how old it may be; `None` when nobody asked for one. `looked_in`: the folder of backups.
pub fn backup(newest: Option<&Backup>, at_most: Option<Duration>, looked_in: &str) -> Finding {
    let severity = |good: bool| match (good, at_most) {
        (true, _) => Severity::Ok,
        (false, Some(_)) => Severity::Refusal,
        (false, None) => Severity::Warning,
    };
    let asked = at_most.map(|a| format!(", asked for is one of the last {}", text::duration(a))).unwrap_or_default();
    let Some(Backup { folder, age }) = newest else {
        let found = format!("no verified backup of this database lies in `{}`{asked}", text::inert(looked_in));
        return Finding::new("backup", severity(false), "database", found, "`pgfold backup`");
    };
    let good = at_most.is_none_or(|most| *age <= most);
    let found =
        format!("the youngest verified backup, `{}`, is {} old{asked}", text::inert(folder), text::duration(*age));
    Finding::new("backup", severity(good), "database", found, if good { "" } else { "take a new one: `pgfold backup`" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_asked_for_only_where_an_age_is_set_and_its_last_moment_counts() {
        let hours = |n: u64| Duration::from_secs(n * 3600);
        let one = Backup { folder: "b/1".into(), age: hours(24) };
        let told = |newest: Option<&Backup>, most: Option<Duration>| backup(newest, most, "b").severity;
        assert_eq!(told(None, None), Severity::Warning);
        assert_eq!(told(None, Some(hours(24))), Severity::Refusal);
        assert_eq!(told(Some(&one), None), Severity::Ok);
        assert_eq!(told(Some(&one), Some(hours(24))), Severity::Ok);
        assert_eq!(told(Some(&one), Some(hours(24) - Duration::from_secs(1))), Severity::Refusal);
    }
}
